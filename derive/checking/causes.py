"""Why a number is wrong: weights that were already updated, or rounding on the way."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from derive.calculus.chain import Chain
from derive.checking.by_hand import by_hand
from derive.checking.digits import half_unit
from derive.checking.numbers import Numbers
from derive.exact.points import NoValueError
from derive.formula import Formula, Name, Number

LAST_DIGIT = 2
"""Half units by which rounding on the way alone may be off."""
LAST_BITS = Fraction(1, 10**14)
"""Relative error of a hand calculation that is retraced in floating point."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a number is wrong: a code of the table of mistakes, and the right value."""

    code: str
    right: float


class Causes:
    """Looks for the slips with which a network's numbers give a wrong one."""

    def __init__(self, numbers: Numbers) -> None:
        self.numbers = numbers
        self.model = numbers.model
        self.chain = Chain(self.model)

    def of(self, subject: Formula, claimed: Number) -> list[Cause]:
        """What would explain a wrong number for `subject`."""
        if isinstance(subject, Name) and subject.name not in self.model.definitions:
            # What is given is not computed: no step can have gone wrong.
            return []
        try:
            right = self.numbers.value(subject)
        except NoValueError:
            return []
        if self.numbers.batch or self.numbers.rounds_to(right, claimed):
            return []
        half = half_unit(claimed)
        found: dict[str, Cause] = {}
        plain = self._computed().get(subject)
        for code, slip in self._slips():
            value = self._computed(**slip).get(subject)
            if value == plain:
                # The slip changes nothing here.
                continue
            if value is not None and _is_near(value, claimed.value, half):
                found.setdefault(code, Cause(code, float(right)))
        off = abs(Fraction(right) - claimed.value)
        if not found and off <= LAST_DIGIT * half and abs(Fraction(right)) > 10 * off:
            return [Cause("premature-rounding", float(right))]
        return list(found.values())

    def _computed(self, **slip: Any) -> Mapping[Formula, float]:
        """What comes out by hand, with the digits of a float; nothing where a number is missing."""
        given = set(self.model.quantities) - set(self.model.definitions)
        if not given <= self.numbers.given.keys():
            return {}
        return by_hand(self.model, self.chain, self.numbers.given, **slip)

    def _slips(self) -> Iterable[tuple[str, dict[str, int]]]:
        """The slips: a code of the table of mistakes, and how they change what is computed."""
        if self.model.network.layers:
            yield "updated-weights", {"sequential": True}
        for digits in range(2, 9):
            yield "premature-rounding", {"digits": digits}


def _is_near(value: float, claimed: Fraction, half: Fraction) -> bool:
    """Whether a float gives the digits of a claimed number, but for its own last bits."""
    if not math.isfinite(value):
        return False
    return abs(Fraction(value) - claimed) <= half + abs(Fraction(value)) * LAST_BITS
