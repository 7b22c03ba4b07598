"""Reading a finished document back: every equation in it is found, read and proved again.

It is the text that is checked, as a reader gets it, after the templates and the typesetting: what
was proved before them (:mod:`derive.calculus.proof`) could still be spoiled by them.
"""

from __future__ import annotations

from derive.checking.check import check_document
from derive.checking.claims import Judged, Verdict
from derive.errors import ProofError
from derive.model.facts import Facts
from derive.networks.build import build
from derive.networks.general import General
from derive.networks.general_family import GeneralFamily
from derive.notes.blocks import Display, Notes
from derive.render.formats import FORMATS
from derive.watch import Watch

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
    general: General | GeneralFamily, notes: Notes, text: str, format_: str, watch: Watch = iter
) -> int:
    """Check every equation of a document about networks of any size, on each of many networks.

    Every display has to be proved for each of those in which all of it has a meaning. Gives the
    number of these networks. Raises :class:`ProofError` that names the line, the equation and the
    network.
    """
    shown = {
        str(block.number)
        for section in notes.sections
        for block in section.blocks
        if isinstance(block, Display)
    }
    cases = list(general.read_on(text))
    for network, read, is_whole in watch(cases):
        report = check_document(build(network), read, FORMATS[format_].read_as, notation="own")
        proved = set()
        for claim in report.claims:
            if claim.verdict is Verdict.PROVED:
                proved.add(claim.number)
            elif is_whole or claim.verdict is not Verdict.UNREADABLE:
                where = f"line {claim.line} of the document, {_name(claim)},"
                raise ProofError(
                    f"{where} is not proved for {network.summary} ({claim.verdict.value}); nothing"
                    f" was written: {_why(claim)}"
                )
        if is_whole and not shown <= proved:
            missing = min(shown - proved, key=int)
            raise ProofError(
                f"equation ({missing}) of the document is not proved for {network.summary}"
            )
    return len(cases)


def _stands(claim: Judged) -> bool:
    """Whether an equation may be printed: proved, or what the check does not decide.

    That is what holds in too many regions of ReLU to prove all.
    """
    if claim.verdict is Verdict.PROVED:
        return True
    codes = {finding.code for finding in claim.findings}
    return claim.verdict is Verdict.UNDECIDED and codes <= UNDECIDED


def _name(claim: Judged) -> str:
    return f"equation ({claim.number})" if claim.number else "a formula"


def _why(claim: Judged) -> str:
    said = next((finding.message for finding in claim.findings), "")
    for relation in claim.relations:
        if relation.verdict is not Verdict.PROVED:
            return f"{relation.left} = {relation.right}" + (f"; {said}" if said else "")
    return said
