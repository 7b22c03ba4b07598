"""Reports as JUnit XML: a suite per source, a test case per claim."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from derive.checking.claims import Judged, Report, Verdict
from derive.checking.reports.words import REPLACEMENT, advice, path_of, remarks, title
from derive.grammar.findings import Severity

_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_OUTCOMES = {
    Verdict.REFUTED: "failure",
    Verdict.UNREADABLE: "error",
    Verdict.UNDECIDED: "skipped",
}


def as_junit(reports: Sequence[Report]) -> str:
    """The reports as JUnit XML, as the test views of CI systems read it."""
    root = Element("testsuites", {"name": "derive"})
    _count(root, reports)
    del root.attrib["skipped"]  # which only a suite has
    for report in reports:
        _suite(root, report)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode")


def _allowed(text: str) -> str:
    """The text with a mark for each character that XML 1.0 cannot hold, even escaped."""
    return _FORBIDDEN.sub(REPLACEMENT, text)


def _count(element: Element, reports: Iterable[Report]) -> None:
    verdicts = Counter(claim.verdict for report in reports for claim in report.claims)
    element.set("tests", str(verdicts.total()))
    element.set("failures", str(verdicts[Verdict.REFUTED]))
    element.set("errors", str(verdicts[Verdict.UNREADABLE]))
    element.set("skipped", str(verdicts[Verdict.UNDECIDED]))


def _suite(root: Element, report: Report) -> None:
    path = None if report.source is None else path_of(report.source)
    name = _allowed(path or report.network)
    suite = SubElement(root, "testsuite", {"name": name})
    if path is not None:
        suite.set("file", name)
    _count(suite, [report])
    properties = SubElement(suite, "properties")
    for key, value in (("network", report.network), ("not_judged", str(report.not_judged))):
        SubElement(properties, "property", {"name": key, "value": _allowed(value)})
    seen: Counter[str] = Counter()
    for claim in report.claims:
        case = SubElement(suite, "testcase", {"name": _name(claim, path, seen), "classname": name})
        _outcome(case, claim, path)


def _name(claim: Judged, path: str | None, seen: Counter[str]) -> str:
    """A name of its own for each test: of those that share one, some systems show only one."""
    name = title(claim)
    if claim.number is None:
        name = f"{name}: {claim.text}" if path is None else f"{name} at line {claim.line}"
    name = _allowed(name)
    seen[name] += 1
    return name if seen[name] == 1 else f"{name}, no. {seen[name]}"


def _outcome(case: Element, claim: Judged, path: str | None) -> None:
    """What is the matter with the claim, and where; of a proved one, what is worth knowing."""
    said = list(remarks(claim))
    cell = "" if claim.cell is None else f"cell {claim.cell}:"
    lines = [] if path is None else [f"{path}:{cell}{claim.line}:{claim.column}"]
    lines += [claim.text, *(f"{one.severity.value}: {advice(one)}" for one in said)]
    if claim.verdict is Verdict.PROVED:
        if said:
            SubElement(case, "system-out").text = _allowed("\n".join(lines))
        return
    # The verdict's reason: there always is a remark of its severity, its message the whole story.
    first = min(said, key=lambda one: list(Severity).index(one.severity))
    outcome = SubElement(case, _OUTCOMES[claim.verdict])
    outcome.set("message", _allowed(first.message))
    outcome.set("type", _allowed(first.code))
    outcome.text = _allowed("\n".join(lines))
