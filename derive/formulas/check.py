"""Checking formulas, and whole documents: the public door of this room."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from derive.errors import InputError
from derive.files import read_text
from derive.formulas import documents
from derive.formulas.claims import Finding, Judged, Report, Severity, Verdict
from derive.formulas.judge import Judge
from derive.model import Model
from derive.network import Network


def check(network: Network | Model | str, *formulas: str, weight: str | None = None) -> Report:
    """Judge formulas in their order; what one defines ("inner = …") holds for those after it.

    `weight` is the parameter by which bare expressions, without a left side, are gradients. Raises
    :class:`InputError` for an unknown network or weight, and for a bare expression without one.
    """
    judge = Judge(_model(network), weight)
    claims = []
    for formula in formulas:
        claim = judge.judge(formula)
        if claim is None:
            claim = _not_a_claim(judge, formula)
        if claim is not None:
            claims.append(claim)
    return Report(judge.model.network.name, None, tuple(claims), len(formulas) - len(claims))


def _not_a_claim(judge: Judge, formula: str) -> Judged | None:
    """What to say of a typed formula that claims nothing: nothing for definitions and numbers."""
    for statement in judge.silent:
        if statement.error is not None:
            error = statement.error
            finding = Finding(error.code, error.message, start=error.start, end=error.end)
            return Judged(formula, Verdict.UNREADABLE, findings=(finding,))
        if len(statement.sides) == 1:
            raise InputError(
                f"formula {formula!r} has no '='; write it as an equation, or say with --weight"
                " by which weight it is the gradient"
            )
        if statement.defines is None and not judge.is_data(statement):
            finding = Finding(
                "no-claim",
                "this makes no claim about the network",
                Severity.WARNING,
            )
            return Judged(formula, Verdict.UNDECIDED, findings=(finding,))
    return None


def check_document(
    network: Network | Model | str,
    text: str,
    kind: str,
    source: str | None = None,
    weight: str | None = None,
) -> Report:
    """Judge every formula of a document of a `kind`: ``md``, ``tex``, ``txt`` or ``ipynb``."""
    judge = Judge(_model(network), weight)
    claims: list[Judged] = []
    judge.reader.redefined = documents.defined_commands(text)
    found = documents.find(text, kind)
    before: Judged | None = None
    for one in found:
        claim = judge.judge(one.text, one.number, one.line, one.column)
        if claim is not None:
            claims.append(claim)
        elif before is not None and one.display and not one.before and _goes_on(one.text):
            claims[-1] = _unfinished(before, one.text)
        before = claim
    name = judge.model.network.name
    return Report(name, source, tuple(claims), len(found) - len(claims))


_OPERATOR = re.compile(r"\s*(?:[-+*/·×⋅−–]|\\(?:cdot|times|pm|mp|ast|div)(?![A-Za-z]))")


def _goes_on(text: str) -> bool:
    """Whether a display without a claim begins with an operator: it may belong to the one above."""
    return _OPERATOR.match(text) is not None


def _unfinished(claim: Judged, behind: str) -> Judged:
    """A claim that may go on in the next display, of which nothing is said then."""
    finding = Finding(
        "unreadable",
        f"the next display, {behind.strip()[:40]}, begins with an operator and may belong to this"
        " one; write both in one display",
    )
    return replace(claim, verdict=Verdict.UNREADABLE, relations=(), findings=(finding,))


def check_file(
    network: Network | Model | str, path: str | Path, weight: str | None = None
) -> Report:
    """Judge every formula of the document at `path`.

    Raises :class:`InputError` for a file that cannot be read, or of an unknown kind.
    """
    place = Path(path)
    kind = documents.kind_of(place)
    text = read_text(place)
    try:
        return check_document(network, text, kind, str(path), weight)
    except InputError as error:
        if kind == "ipynb":
            raise InputError(f"{path}: {error}") from error
        raise


def _model(network: Network | Model | str) -> Model:
    return network if isinstance(network, Model) else Model.of(network)


__all__: Sequence[str] = ["check", "check_document", "check_file"]
