"""Reading a finished document back: every equation in it is found, read and proved again.

It is the text that is checked, as a reader gets it, after the templates and the typesetting: what
was proved before them (:mod:`derive.calculus.proof`) could still be spoiled by them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from derive.checking.check import check_document
from derive.checking.claims import Judged, Report, Verdict
from derive.errors import ProofError
from derive.grammar.findings import Severity
from derive.model.facts import Facts
from derive.networks.general import General
from derive.networks.general_family import GeneralFamily
from derive.networks.sources import build
from derive.notes.blocks import Display, Notes, Section
from derive.render.formats import FORMATS
from derive.watch import Watch

KEY = "general_example"
"""The section about one network in a document about all; it is the last."""
_HEADING = re.compile(r"#+ |\\(?:sub)*section\b")
UNDECIDED = {"numerically-equal"}


def prove_document(
    network: Facts, text: str, format_: str, seed: int = 0, watch: Watch = iter
) -> int:
    """Check every equation of a document; the number of them that were proved.

    `format_` names a format that can be read back (:data:`~derive.render.formats.FORMATS`); `seed`
    drew the numbers of the worked example if the network has none. Raises :class:`ProofError` that
    names the line and the equation.
    """
    # Numbers that a file leaves open are drawn, as they were for the example.
    model = build(network.numbered(seed))
    report = check_document(model, text, FORMATS[format_].read_as, watch=watch, notation="own")
    for claim in report.claims:
        if not _stands(claim):
            raise ProofError(
                f"line {claim.line} of the document, {_name(claim)}, does not check"
                f" ({claim.verdict.value}); nothing was written: {_why(claim)}"
            )
    return report.count(Verdict.PROVED)


def prove_general(
    general: General | GeneralFamily,
    notes: Notes,
    text: str,
    format_: str,
    watch: Watch = iter,
    seed: int = 0,
) -> int:
    """Check every equation of a document about networks of any size, on each of many networks.

    Every display has to be proved for each of those in which all of it has a meaning. A worked
    example at the end, with numbers that `seed` drew, is about one network; there all of the
    document has to be proved, and elsewhere what stands before it. Gives the number of the many.
    Raises :class:`ProofError` that names the line, the equation and the network.
    """
    rules = _numbers(section for section in notes.sections if section.key != KEY)
    own = _numbers(section for section in notes.sections if section.key == KEY)
    if own:
        example = general.smallest.numbered(seed)
        # The first of a family is the smallest, and in the text its steps stand for their letter.
        _, read, _ = next(general.read_on(text))
        report = check_document(build(example), read, FORMATS[format_].read_as, notation="own")
        _prove_all(report, example, rules | own, is_whole=True)
        text = _before(text, min(c.line for c in report.claims if c.number in own))
    cases = list(general.read_on(text))
    for network, read, is_whole in watch(cases):
        report = check_document(build(network), read, FORMATS[format_].read_as, notation="own")
        _prove_all(report, network, rules, is_whole=is_whole)
    return len(cases)


def _numbers(sections: Iterable[Section]) -> set[str]:
    """The numbers of the displays of sections, as a text has them."""
    blocks = (block for section in sections for block in section.blocks)
    return {str(block.number) for block in blocks if isinstance(block, Display)}


def _before(text: str, line: int) -> str:
    """What stands in a document before the section in which this line is."""
    lines = text.splitlines(keepends=True)[: line - 1]
    begin = max(place for place, found in enumerate(lines) if _HEADING.match(found))
    return "".join(lines[:begin])


def _prove_all(report: Report, network: Facts, shown: set[str], *, is_whole: bool) -> None:
    """Raise :class:`ProofError` for the first claim of a report that is not proved.

    And for a display that is `shown` and was not found, if all of the text has a meaning here.
    """
    proved = set()
    for claim in report.claims:
        if claim.verdict is Verdict.PROVED:
            proved.add(claim.number)
        elif is_whole or claim.verdict is not Verdict.UNREADABLE:
            raise ProofError(
                f"line {claim.line} of the document, {_name(claim)}, is not proved for"
                f" {network.summary} ({claim.verdict.value}); nothing was written: {_why(claim)}"
            )
    if is_whole and not shown <= proved:
        missing = min(shown - proved, key=int)
        raise ProofError(
            f"equation ({missing}) of the document is not proved for {network.summary}"
        )


def _stands(claim: Judged) -> bool:
    """Whether an equation may be printed: proved, or what the check does not decide.

    That is what holds in too many regions of ReLU to prove all. What is noted beside it, that a
    condition on the targets is used, say, is no objection.
    """
    if claim.verdict is Verdict.PROVED:
        return True
    codes = {f.code for f in claim.findings if f.severity is not Severity.NOTE}
    return claim.verdict is Verdict.UNDECIDED and codes <= UNDECIDED


def _name(claim: Judged) -> str:
    return f"equation ({claim.number})" if claim.number else "a formula"


def _why(claim: Judged) -> str:
    said = next((finding.message for finding in claim.findings), "")
    for relation in claim.relations:
        if relation.verdict is not Verdict.PROVED:
            return f"{relation.left} = {relation.right}" + (f"; {said}" if said else "")
    return said
