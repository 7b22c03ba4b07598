"""The wording and the paths that all formats share."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from derive.checking.claims import Judged, Relation, Report, Verdict, Witness, counted
from derive.grammar.findings import Finding, Severity

MOST_QUANTITIES = 6
"""How many given quantities of a witness are written."""

REPLACEMENT = "\ufffd"

_SURROGATES = re.compile("[\ud800-\udfff]")

_EXPLAINING = {
    Verdict.PROVED: (),
    Verdict.REFUTED: (Severity.ERROR,),
    Verdict.UNDECIDED: (Severity.ERROR, Severity.WARNING),
    Verdict.UNREADABLE: (Severity.ERROR,),
}
"""The findings that can be the reason of a verdict."""


def encodable(text: str) -> str:
    """The text without lone surrogates, which UTF-8 cannot encode."""
    return _SURROGATES.sub(REPLACEMENT, text)


def as_json_text(table: Any) -> str:
    """A table as JSON for people and programs."""
    return encodable(json.dumps(table, indent=2, ensure_ascii=False, allow_nan=False))


def path_of(source: str) -> str:
    """The source as tools that show findings want it: relative if it can be, forward slashes."""
    path = Path(encodable(source))
    if path.is_absolute():
        with suppress(ValueError, OSError):
            path = path.relative_to(Path.cwd())
    return path.as_posix()


def title(claim: Judged) -> str:
    """What the claim is called where its line is known anyway."""
    name = "formula" if claim.number is None else f"equation ({claim.number})"
    return name if claim.cell is None else f"{name} in cell {claim.cell}"


def headline(claim: Judged, source: str | None) -> str:
    """The claim and its verdict, for a list in which lines are not shown."""
    where = f" at line {claim.line}" if claim.number is None and source is not None else ""
    return f"{title(claim)}{where}: {claim.verdict.value}"


def reason(claim: Judged) -> Finding | None:
    """The finding that explains the claim's verdict."""
    for severity in _EXPLAINING[claim.verdict]:
        for finding in claim.findings:
            if finding.severity is severity:
                return finding
    return None


def unexplained(claim: Judged) -> list[int]:
    """The refuted relations about which no finding says what is wrong."""
    found = {one.relation for one in claim.findings if one.severity is Severity.ERROR}
    return [
        index
        for index, relation in enumerate(claim.relations)
        if relation.verdict is Verdict.REFUTED and not found & {index, None}
    ]


def remarks(claim: Judged) -> Iterator[Finding]:
    """The claim's findings, preceded by its bare verdict where they do not explain it.

    No two of them say the same correction.
    """
    code = claim.verdict.value
    if claim.verdict is Verdict.REFUTED:
        bare = unexplained(claim)
        for index in bare:
            yield Finding(code, _difference(claim, claim.relations[index]), relation=index)
        if not bare and reason(claim) is None:
            yield Finding(code, "This does not hold.")
    elif reason(claim) is None:
        if claim.verdict is Verdict.UNREADABLE:
            yield Finding(code, "This formula cannot be read.")
        elif claim.verdict is Verdict.UNDECIDED:
            yield Finding(code, "Whether this holds is not decided.", severity=Severity.WARNING)
    said: set[str | None] = {None}
    for finding in claim.findings:
        if finding.written in said:
            yield replace(finding, suggestion=None, repaired=None)
        else:
            said.add(finding.written)
            yield finding


def _difference(claim: Judged, relation: Relation) -> str:
    which = f" of {equation(relation)}" if len(claim.relations) > 1 else ""
    sentence = f"The two sides{which} differ."
    return f"{sentence}\n{example(relation.witness)}" if relation.witness else sentence


def advice(finding: Finding) -> str:
    """The finding's message, and what to write instead on a line of its own."""
    if finding.written is None:
        return finding.message
    return f"{finding.message}\nwrite: {finding.written}"


def equation(relation: Relation) -> str:
    """The relation as it is written, its surrounding space left out."""
    return f"{relation.left.strip()} = {relation.right.strip()}"


def example(witness: Witness) -> str:
    """The witness in words: the point, and both sides to as many digits as tell them apart."""
    given = [f"{name} = {value:.4g}" for name, value in witness.point.items()]
    if len(given) > MOST_QUANTITIES:
        given[MOST_QUANTITIES:] = ["…"]
    where = f" with {', '.join(given)}" if given else ""
    for digits in range(4, 18):
        left, right = f"{witness.left:.{digits}g}", f"{witness.right:.{digits}g}"
        if left != right:
            break
    return f"for example{where}: left side {left}, right side {right}"


def summary(
    reports: Sequence[Report], paint: Callable[[Verdict, str], str] = lambda _, text: text
) -> str:
    """How many formulas there are of each verdict, and how many claim nothing."""
    total = sum(len(report.claims) for report in reports)
    silent = sum(report.not_judged for report in reports)
    if not total:
        if not silent:
            return "no formulas"
        if silent == 1:
            return "the only formula makes no claim about the network"
        return f"none of {silent} formulas makes a claim about the network"
    counts = counted(reports).items()
    parts = [paint(Verdict(name), f"{count} {name}") for name, count in counts if count]
    said = f"{total} {'formula' if total == 1 else 'formulas'}: {', '.join(parts)}"
    if not silent:
        return said
    return f"{said}; {silent} more {'makes' if silent == 1 else 'make'} no claim about the network"
