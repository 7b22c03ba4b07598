"""Checking formulas, and whole documents: the public door of this room."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from derive.checking import documents
from derive.checking.claims import Judged, Report, Verdict
from derive.checking.documents.items import Found
from derive.checking.found_out import read_in_its_notation
from derive.checking.judge import Judge
from derive.checking.reports.terminal import CheckReport
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
    network: Source,
    text: str,
    kind: str,
    source: str | None = None,
    weight: str | None = None,
    watch: Watch = iter,
    notation: str = "auto",
) -> Report:
    """Judge every formula of a document of a `kind`: ``md``, ``tex``, ``txt`` or ``ipynb``.

    Its notation is found out (:mod:`~derive.checking.found_out`), unless `notation` is ``own``,
    that of the network.
    """
    model = model_of(network)
    try:
        found = documents.find(text, kind)
    except InputError as error:
        raise InputError(f"{source}: {error}" if source else str(error)) from error

    def judged(judge: Judge) -> tuple[list[Judged], int]:
        judge.reader.redefined = documents.defined_commands(text)
        claims = _claims(judge, watch(found))
        return claims, len(found) - len(claims)

    if notation == "auto" and weight is None:
        claims, silent = read_in_its_notation(model, judged)
    else:
        claims, silent = judged(Judge(model, weight))
    shown = None if kind == "ipynb" else text
    return CheckReport(model.network.name, source, tuple(claims), silent, shown)


def _claims(judge: Judge, found: Iterable[Found]) -> list[Judged]:
    """The claims of a document's formulas; one that goes on in the next is not judged."""
    claims: list[Judged] = []
    before: Judged | None = None
    open_end = ""
    for one in found:
        claim = judge.judge(one.text, one.number, one.line, one.column)
        adjacent = not one.before
        if claim is None and adjacent and _RELATION.match(one.text):
            claim = _torn(one.text, one.number, one.line, one.column)
        if claim is not None:
            claim = replace(claim, cell=one.cell)
            if adjacent and open_end:
                claim = _unfinished(claim, open_end)
            claims.append(claim)
        elif before is not None and adjacent and _OPERATOR.match(one.text):
            claims[-1] = _unfinished(before, one.text)
        before = claim
        open_end = one.text if claim is None and _OPEN_END.search(one.text) else ""
    return claims


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
    network: Source,
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
