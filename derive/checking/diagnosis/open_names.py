"""Mistakes beside a placeholder: its value is open, so every other name is tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from derive.calculus.matrices import ShapeError
from derive.checking.cases import TooManyError
from derive.checking.diagnosis.sites import at, occurrences, replaced
from derive.checking.speller import Speller
from derive.exact.points import NoValueError
from derive.formula import Formula, Name, Partial
from derive.grammar.findings import Finding, Severity
from derive.model import Model

MOST_TRIALS = 400

Holds = Callable[[Formula, Formula], bool]


def beside_placeholders(
    model: Model, left: Formula, right: Formula, holds: Holds, speller: Speller
) -> list[Finding]:
    """wrong-index: one name of the right side, replaced by one of the same layer.

    Of several that fit, those count more with which the two numerators agree too.
    """
    found: list[Finding] = []
    strict: list[Finding] = []
    for old, new, repaired in _renamings(model, right):
        try:
            if not holds(left, repaired):
                continue
            same = (
                isinstance(left, Partial)
                and isinstance(repaired, Partial)
                and holds(left.of, repaired.of)
            )
        except (NoValueError, TooManyError, ShapeError):
            continue
        finding = Finding(
            "wrong-index",
            f"{speller.inline(old)} should be {speller.inline(new)}",
            Severity.ERROR,
            speller.inline(new),
            repaired=speller.inline(repaired),
        )
        found.append(finding)
        if same:
            strict.append(finding)
    return strict or found


def _renamings(model: Model, formula: Formula) -> Iterator[tuple[Name, Name, Formula]]:
    trials = 0
    for trail in occurrences(formula, lambda node: isinstance(node, Name)):
        old = at(formula, trail)
        assert isinstance(old, Name)
        quantity = model.quantities[old.name]
        for other in model.having(quantity.role):
            if other.layer != quantity.layer or other.name == old.name:
                continue
            trials += 1
            if trials > MOST_TRIALS:
                return
            yield old, Name(other.name), replaced(formula, trail, Name(other.name))


__all__ = ["beside_placeholders"]
