"""Whether what must not be 0 differs from 0 by more than the noise of computing.

Residues do not see that ln(4) − 2·ln(2) is 0, for each logarithm is a residue of its own. As a
term that harms nothing: an equation that holds whatever it is holds for 0, too. But where a formula
divides by it, takes its logarithm or root, or goes over to another piece at its sign, the equation
says nothing. So the real numbers are asked: at a point of 50 digits and at the same one of 150 the
values of what is not 0 agree. What is 0 is, with each of them, noise of another size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from weakref import WeakKeyDictionary

from derive.checking.below import given_below
from derive.exact.conditions import may_have_conditions, must_not_be_0
from derive.exact.points import NoValueError
from derive.exact.reals import RealPoint
from derive.formula import Formula
from derive.functions.written import choices, in_pieces
from derive.model import Model

FINER = 3
"""By how many times the digits are more with which a value is computed again."""
CLOSE = Decimal("1e-6")
"""How far two computations of one value are apart, relatively, if it is clear."""
KINK_POINTS = 8
"""Points at which the argument of a kink is looked at: it may be 0 in some regions only."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """The arguments of kinks, and the divisors and the like, of a formula."""

    kinks: tuple[Formula, ...] = ()
    divisors: tuple[Formula, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.kinks or self.divisors)


class Clear:
    """Asks the real points of one model whether formulas are clearly not 0.

    `points` gives real points for formulas. `rests` says whether residues know that the argument
    of a kink is 0 in some regions; there they are right about it.
    """

    def __init__(
        self,
        model: Model,
        points: Callable[[Sequence[Formula]], Iterator[RealPoint]],
        rests: Callable[[Formula], bool],
    ) -> None:
        self.model = model
        self._points = points
        self._rests = rests
        self._finer: WeakKeyDictionary[RealPoint, RealPoint] = WeakKeyDictionary()
        self._clear_at: WeakKeyDictionary[RealPoint, dict[str, bool]] = WeakKeyDictionary()
        self._cleared: set[Formula] = set()
        self._cleared_names: set[str] = set()

    @cached_property
    def _asked(self) -> dict[str, _Asked]:
        """What is asked of each definition in which there is something to ask."""
        some = self.model.whose(lambda d: may_have_conditions(d) or in_pieces(d))
        asked = {name: self._of([self.model.definitions[name]]) for name in some}
        return {name: found for name, found in asked.items() if found}

    def _of(self, formulas: Sequence[Formula]) -> _Asked:
        return _Asked(choices(formulas), must_not_be_0(self.model, formulas))

    # Everywhere.

    def doubtful(self, sides: Sequence[Formula], *, kinks: bool = True) -> Formula | None:
        """The first of what must not be 0, in `sides` or below them, that seems to be 0.

        Without `kinks` only divisors and the like count.
        """
        pending = self._asked.keys() - self._cleared_names
        below = given_below(self.model, sides) if pending else set()
        for name in self._asked:
            if name in pending and name in below:
                found = self._first(self._asked[name], [], kinks=kinks)
                if found is not None:
                    return found
                if kinks:
                    self._cleared_names.add(name)
        return self._first(self._of(sides), sides, kinks=kinks)

    def _first(self, asked: _Asked, sides: Sequence[Formula], *, kinks: bool) -> Formula | None:
        wanted = [(f, 1) for f in asked.divisors]
        if kinks:
            wanted += [(f, KINK_POINTS) for f in asked.kinks]
        for formula, count in wanted:
            if formula in self._cleared:
                continue
            if not self._is_clear(formula, sides, count):
                return formula
            self._cleared.add(formula)
        return None

    def _is_clear(self, formula: Formula, sides: Sequence[Formula], count: int) -> bool:
        """Whether it differs from 0 somewhere; a kink's argument, at `count` points.

        It need not where residues know that it is 0 in some regions, or everywhere.
        """
        seen = False
        for place, point in enumerate(self._points(sides)):
            if seen and place >= count:
                break
            if self._differs(point, formula):
                seen = True
            elif count > 1 and _has_value(point, formula):
                return self._rests(formula)
        return seen

    # At one point.

    def finer(self, point: RealPoint) -> RealPoint:
        """The same point with three times the digits, made once."""
        if point not in self._finer:
            self._finer[point] = point.with_digits(FINER * point.digits)
        # Letters get their values when they are first asked for.
        self._finer[point].numbers.update(point.numbers)
        return self._finer[point]

    def at(self, point: RealPoint, sides: Sequence[Formula]) -> bool:
        """Whether nothing that `sides` divide by, or choose pieces by, is noise at a point."""
        known = self._clear_at.setdefault(point, {})
        below = given_below(self.model, sides) if self._asked else set()
        for name, asked in self._asked.items():
            if name in below and name not in known:
                known[name] = self._settled(point, asked)
            if name in below and not known[name]:
                return False
        return self._settled(point, self._of(sides))

    def _settled(self, point: RealPoint, asked: _Asked) -> bool:
        return all(self._differs(point, f) for f in asked.divisors) and all(
            self._differs(point, f, or_rests=True) for f in asked.kinks
        )

    def _differs(self, point: RealPoint, formula: Formula, *, or_rests: bool = False) -> bool:
        """Whether a value is clearly not 0.

        With `or_rests` it may be 0 with all digits, if residues know that it is in some regions:
        it is no tiny number then.
        """
        try:
            value, finer = point.value(formula), self.finer(point).value(formula)
        except NoValueError:
            return False
        if not value and not finer:
            return or_rests and self._rests(formula)
        return bool(finer) and abs(value - finer) <= abs(finer) * CLOSE


def _has_value(point: RealPoint, formula: Formula) -> bool:
    try:
        point.value(formula)
    except NoValueError:
        return False
    return True
