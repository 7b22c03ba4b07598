"""Checking formulas, and whole documents: the public door of this room."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from derive.checking import documents
from derive.checking.claims import Judged, Report, StatedBy, Verdict
from derive.checking.conventions import Convention, Verdicts, conventions, solved
from derive.checking.found_out import in_its_notation
from derive.checking.judge import Judge
from derive.checking.reports.terminal import CheckReport
from derive.checking.stating.judging import JudgeOfAll
from derive.checking.stating.network import StatedNetwork, stated
from derive.errors import InputError
from derive.files import read_text
from derive.grammar.findings import Finding, Severity
from derive.networks.build import model_of
from derive.networks.sources import Source
from derive.watch import Watch


def check(
    network: Source,
    *formulas: str,
    weight: str | None = None,
    watch: Watch = iter,
) -> Report:
    """Judge formulas in their order; what one defines ("inner = …") holds for those after it.

    `weight` is the parameter by which bare expressions, without a left side, are gradients. Raises
    :class:`InputError` for an unknown network or weight, and for a bare expression without one.
    """
    judge = Judge(model_of(network), weight)
    claims = []
    for formula in watch(formulas):
        claim = judge.judge(formula)
        if claim is None:
            claim = _not_a_claim(judge, formula)
        if claim is not None:
            claims.append(claim)
    return CheckReport(judge.model.network.name, None, tuple(claims), len(formulas) - len(claims))


def _not_a_claim(judge: Judge, formula: str) -> Judged | None:
    """What to say of a typed formula that claims nothing: nothing for definitions and numbers."""
    for statement in judge.silent:
        if statement.error is not None:
            finding = statement.error.finding()
            return Judged(formula, Verdict.UNREADABLE, findings=(finding,))
        if len(statement.sides) == 1:
            raise InputError(
                f"formula {formula!r} is about no quantity of the network"
                if judge.weight is not None
                else f"formula {formula!r} has no '='; write it as an equation, or say with"
                " --weight by which weight it is the gradient"
            )
        if statement.defines is None and not judge.is_data(statement):
            message = "this makes no claim about the network"
            finding = Finding("no-claim", message, Severity.WARNING)
            return Judged(formula, Verdict.UNDECIDED, findings=(finding,))
    return None


def check_document(
    network: Source | None,
    text: str,
    kind: str,
    source: str | None = None,
    weight: str | None = None,
    watch: Watch = iter,
    notation: str = "auto",
) -> Report:
    """Judge every formula of a document of a `kind`: ``md``, ``tex``, ``txt`` or ``ipynb``.

    Without a `network` it is the one that the document states itself, in its definitions. Where
    it is given the notation is found out (:mod:`~derive.checking.found_out`), unless `notation` is
    ``own``, that of the network. Raises :class:`InputError` where definitions make no network, and
    says what is missing.
    """
    try:
        found = documents.find(text, kind)
    except InputError as error:
        raise InputError(f"{source}: {error}" if source else str(error)) from error
    redefined = documents.defined_commands(text)
    judge: JudgeOfAll | JudgeOfOne
    stated_network = None
    verdicts: Verdicts
    if network is None:
        stated_network = stated(found, text, Path(source or "document").stem)
        judge = JudgeOfAll(stated_network, found, weight, redefined)
        verdicts = _verdicts(judge, found, watch)
    else:
        reads = lambda judge: _verdicts(JudgeOfOne(judge, redefined), found, watch)
        auto = notation == "auto" and weight is None
        model, verdicts = in_its_notation(model_of(network), reads, weight, others=auto)
        judge = JudgeOfOne(Judge(model, weight), redefined)
    verdicts, convention = solved(
        verdicts,
        judge.conventions(),
        lambda settled: _verdicts(judge.under(settled), found, watch),
    )
    name = judge.judges[0].model.network.name
    claims = tuple(claim for claim in verdicts if claim is not None)
    silent = len(found) - len(claims)
    shown = None if kind == "ipynb" else text
    stating = _shown(stated_network)
    return CheckReport(name, source, claims, silent, shown, (), stating, convention)


def _verdicts(
    judge: JudgeOfAll | JudgeOfOne, found: Sequence[documents.Found], watch: Watch
) -> list[Judged | None]:
    """What is said of each formula; nothing of what makes no claim."""
    verdicts: list[Judged | None] = []
    before: Judged | None = None
    open_end = ""
    for one in watch(found):
        claim = judge.judge(one)
        adjacent = not one.before
        if claim is None and adjacent and _RELATION.match(one.text):
            claim = _torn(one.text, one.number, one.line, one.column)
        claim = claim and replace(claim, cell=one.cell)
        if claim is not None and adjacent and open_end:
            claim = _unfinished(claim, open_end)
        elif claim is None and before is not None and adjacent and _OPERATOR.match(one.text):
            verdicts[-1] = _unfinished(before, one.text)
        verdicts.append(claim)
        before = claim
        open_end = one.text if claim is None and _OPEN_END.search(one.text) else ""
    return verdicts


def _shown(network: StatedNetwork | None) -> StatedBy | None:
    """What a report says of the network that a document states."""
    if network is None:
        return None
    places = tuple((d.line, " = ".join(d.sides)) for d in network.definitions)
    return StatedBy(network.summary, network.readings[0].text, places)


class JudgeOfOne:
    """Judges the formulas of a document about a network that is given.

    `redefined` are the commands to which the document gives a meaning of its own.
    """

    def __init__(self, judge: Judge, redefined: Collection[str]) -> None:
        self.judges = [judge]
        self._redefined = judge.reader.redefined = redefined

    def conventions(self) -> Iterator[Convention]:
        """What may be settled otherwise."""
        return conventions(self.judges[0].model.network, error_is_stated=False)

    def under(self, convention: Convention) -> JudgeOfOne:
        """A judge under a convention, who has read nothing yet."""
        weight = self.judges[0].weight
        judge = Judge(model_of(convention.network), weight, convention.formula)
        return JudgeOfOne(judge, self._redefined)

    def judge(self, one: documents.Found) -> Judged | None:
        """The verdict on one formula; nothing if it makes no claim."""
        return self.judges[0].judge(one.text, one.number, one.line, one.column)


_SIGN = r"(?:[-+*/·×⋅⊙−–]|\\(?:cdot|times|pm|mp|ast|div)(?![A-Za-z]))"
_OPERATOR = re.compile(rf"\s*{_SIGN}")
_OPEN_END = re.compile(rf"{_SIGN}(?:\s|\\[ ,;:!])*\Z")
_RELATION = re.compile(r"(?:\s|&|\{\})*(?:[=≈≡]|\\(?:approx|equiv)(?![A-Za-z]))")


def _unfinished(claim: Judged, beside: str) -> Judged:
    """A claim that may go on in the formula beside it; nothing is said of it then."""
    finding = Finding(
        "unreadable",
        f"the formula beside this, {beside.strip()[:40]}, has an operator at its end or its"
        " beginning and may belong to it; write both in one",
    )
    return replace(claim, verdict=Verdict.UNREADABLE, relations=(), findings=(finding,))


def _torn(text: str, number: str | None, line: int, column: int) -> Judged:
    """A formula that begins with a relation: what stands before it is in another one."""
    message = "this begins with a relation; write it in one formula with what it is equal to"
    finding = Finding("unreadable", message)
    return Judged(text, Verdict.UNREADABLE, (), (finding,), number, line, column)


def check_file(
    network: Source | None,
    path: str | Path,
    weight: str | None = None,
    watch: Watch = iter,
    kind: str | None = None,
    notation: str = "auto",
) -> Report:
    """Judge every formula of the document at `path`, whose ending says its `kind` if that does not.

    Raises :class:`InputError` for a file that cannot be read, or of an unknown kind.
    """
    place = Path(path)
    kind = kind or documents.kind_of(place)
    return check_document(network, read_text(place), kind, str(path), weight, watch, notation)


def network_of(text: str, kind: str, source: str) -> str:
    """The network that a document states, as the text of a network file.

    Raises :class:`InputError` where its definitions make none.
    """
    return stated(documents.find(text, kind), text, Path(source).stem).readings[0].text
