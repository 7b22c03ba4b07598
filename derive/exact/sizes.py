"""How large formulas are as quotients of polynomials: what agreement modulo primes is worth.

The *norm* of a polynomial with whole coefficients is Σ |c|·2^degree over its terms, and its *size*
the logarithm of that to base 2. Norms of sums and products are at most the sums and products of the
norms; so a number n has the size log2 |n|, an atom 1, a product the sum of the sizes, and a sum of
k terms at most the largest size + log2 k. A polynomial of size s has degree at most s and no
coefficient above 2^s. Hence, if it is not 0, it is 0 at a random point modulo a random prime only

* if the prime divides a coefficient, which at most s/148 of more than 2^140 primes do, or
* if the point is one of its zeros, of which there are at most the s/p-th part of all points
  (Schwartz 1980, Zippel 1979),

together with a probability below s/2^146. At k points with k primes it is that to the power of k.

A quotient is a polynomial in atoms and *poles* u = 1/D. A pole is an atom whose norm is that of D,
and stands one level above what is in D. Say F has the size t, and there are m poles on its highest
level. In F the pole u_i has exponents up to M_i ≤ t/size(D_i). Multiplied by Π D_i^M_i, F becomes a
polynomial without these poles of a size up to t + Σ M_i·size(D_i) ≤ t·(1 + m), and so is the
multiplier. Level by level, F = P/Q with sizes of P and Q up to t·Π(1 + m_l). A sum takes the larger
of its sizes, so that deep networks stay small. Where quotients are nested deeply, top and bottom
multiplied out in the ordinary way may be smaller; both bounds are kept, and the smaller one counts.

Values of exponentials, logarithms and roots are atoms of their own, and √x counts as x. Whether an
argument is one that was seen before is asked of residues, too; that is one more comparison for each
pair of arguments. The exponential of k·ln y is y^k; an argument that is such a multiple contains
ln y, and ranks above y, so that the bound of y counts for exponentials of a higher rank only.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any

from derive.exact.bounds import MOST, Size, added, log2, number
from derive.exact.consistent import Consistent
from derive.exact.points import is_log
from derive.exact.residues import CHANCES, NoValueError
from derive.formula import (
    Call,
    Formula,
    Name,
    Number,
    Power,
    Product,
    Quotient,
    evaluate,
    walk,
)
from derive.functions import BY_SYMBOL
from derive.functions.dual import Dual
from derive.model import Model

CERTAIN = 100.0
"""An equation is proved if it is wrong with a probability below 2 to the power of minus this."""
MOST_POINTS = 8
"""Points modulo primes at which one equation is looked at."""
_EXPONENTS = 8.0
"""The power of its residue that an exponential may be."""
ALIKE = 6.0
"""As how many multiples of another an argument may be known again, to base 2."""
_NEAR = 17.0
"""The same for arguments of steps: y + 1 is positive where y is."""
_BEGUN = 11.0
"""How many points may be begun until one has all its roots, to base 2."""
SLACK = 1.01
"""For the rounding of the sizes."""


class Sizes(Consistent):
    """The sizes of one model's quantities, of their slopes, and of formulas about it.

    A size bounds the values in every region and for every choice of roots. With `composed` the
    exponential of a logarithm may be among the exponentials, as in mish.
    """

    def __init__(
        self,
        model: Model,
        *,
        composed: bool = True,
        letters: Mapping[str, Formula] | None = None,
    ) -> None:
        self._poles: dict[int, int] = {}
        self._denominators: set[int] = set()
        self._latest: Size | None = None
        self._arguments: dict[float, int] = {}
        """How many arguments are compared with others, by what each pair counts for."""
        self._counts = True
        self._at_once = 1
        """How many quantities are measured at once."""
        self._largest = 0.0
        """The size of the largest argument, as one quotient without poles."""
        self.composed = composed
        self._of_exp = Size(1.0, 0, 1.0, 0.0, self)
        """A bound of what exponentials are of."""
        self._of_logs: dict[int, Size] = {}
        """Bounds of what logarithms are of, by its rank."""
        self._has_roots = False
        super().__init__(model, letters)

    # What is counted.

    def count_pole(self, of: Size, level: int) -> None:
        """There is one more denominator on `level`."""
        if of is not self._latest:
            self._poles[level] = self._poles.get(level, 0) + self._at_once
        self._latest = of

    def count_denominator(self, value: int) -> None:
        """There is a number with this denominator."""
        if value not in self._denominators:
            self._denominators.add(value)
            self._poles[1] = self._poles.get(1, 0) + 1

    def _argument(self, x: Size, alike: float = ALIKE) -> None:
        if self._counts:
            self._arguments[alike] = self._arguments.get(alike, 0) + self._at_once
            self._largest = max(self._largest, self._expanded(x))

    def _expanded(self, x: Size) -> float:
        """The size of numerator and denominator, to base 2."""
        by_poles = math.log2(max(x.size, 1.0)) + self._cleared(x.level)
        return min(by_poles, math.log2(max(x.top, x.bottom, 1.0)))

    def _cleared(self, top: int) -> float:
        """By how much a size grows when the poles up to this level are cleared, to base 2."""
        return sum(math.log2(1 + m) for level, m in self._poles.items() if level <= top)

    # What is asked.

    def lost(self, *sides: Formula) -> float:
        """How much more likely than 1 in 2^146 it is that different sides agree at a point.

        It is given to base 2.
        """
        return self.lost_of([self.value(side) for side in sides])

    def lost_of(self, values: Iterable[Size]) -> float:
        """The same of a sum of `values`."""
        once = self._expanded(sum(values, start=number(Fraction(0), self)))
        lost = once
        for alike, count in self._arguments.items():
            lost = added(lost, 2 * math.log2(count) + alike + self._largest)
        return (lost + (_BEGUN if self._has_roots else 0.0)) * SLACK

    def largest(self, *sides: Formula) -> float:
        """The largest size of a quantity, or of a side."""
        found: list[Size] = [self.value(side) for side in sides]
        return max([self._largest_quantity, *(value.size for value in found)])

    @cached_property
    def _largest_quantity(self) -> float:
        return max((value.size for value in self.values.values()), default=0.0)

    # The ring.

    def constant(self, value: Fraction) -> Size:
        return number(value, self)

    def given(self, name: str) -> Size:
        return Size(1.0, 0, 1.0, 0.0, self)

    def slope(self, of: Formula, by: str) -> Any:
        """A bound of the slopes by any quantity."""
        slopes = self._every_slope
        return slopes[of.name] if isinstance(of, Name) else self._slope_with(slopes, of)

    def _slope_with(self, slopes: Mapping[Any, Any], of: Formula) -> Any:
        return evaluate(of, self._arithmetic(slopes)).slope

    @cached_property
    def _every_slope(self) -> dict[str, Size]:
        """Of each quantity a bound of its slopes by what stands before it; by itself it is 1."""
        slopes: dict[str, Size] = {}
        one = number(Fraction(1), self)
        # These functions have the same arguments as before.
        self._counts = False
        for name in self.model.quantities:
            definition = self.model.definitions.get(name)
            slope = 0 if definition is None else self._slope_with(slopes, definition)
            slopes[name] = one.united(slope) if isinstance(slope, Size) else one
        self._counts = True
        return slopes

    def function(self, node: Call, argument: Dual) -> Dual:
        if node.primes:
            # Where a derivative is taken of this there is no value.
            argument = Dual(argument.value)
        elif node.function == "exp":
            value = self._exponential(argument.value, node.argument)
            return argument.lifted(value, value)
        elif node.function == "ln":
            value = self._logarithm(argument.value, self._times(node.argument))
            return argument.lifted(value, argument.value.inverse())
        row = BY_SYMBOL[node.function]
        if row.own and row.slope is not None and not node.primes:
            value = self._one_quotient(node, argument.value)
            return argument.lifted(value, row.slope(None, Dual(value), None).value)
        return super().function(node, argument)  # type: ignore[no-any-return]

    def _one_quotient(self, node: Call, argument: Size) -> Size:
        """A function's value multiplied out to T/B, without poles in T and B: 1/B is its one pole.

        1/(1 + e^−x) has two poles, one inside the other; r/(1 + r) with e^x for r has one.
        """
        poles, denominators = dict(self._poles), set(self._denominators)
        value: Size = super().function(node, Dual(argument)).value
        self._poles, self._denominators = poles, denominators
        self._poles[1] = self._poles.get(1, 0) + self._at_once
        return Size(value.top + value.bottom, 1, value.top, value.bottom, self, value.rank)

    def exp_of(self, x: Size) -> Size:
        return self._exponential(x, None)

    def _exponential(self, x: Size, formula: Formula | None) -> Size:
        """A product of residues of their own, one for each term, and of what logarithms are of."""
        self._argument(x)
        self._of_exp = self._of_exp.united(x)
        terms = 1 if formula is None else sum(1 for _ in walk(formula))
        size, level, plain = _EXPONENTS, 1, _EXPONENTS
        times = _times_of_log(formula)
        if self.composed or times:
            # It may be a power of y, where x is a multiple of ln y and so ranks above y.
            for rank, of_log in self._of_logs.items():
                if rank < x.rank:
                    size = max(size, _EXPONENTS + (times + 2.0) * of_log.size)
                    level = max(level, of_log.level + 1)
                    more = (times + 2.0) * (of_log.top + of_log.bottom)
                    plain = max(plain, _EXPONENTS + more)
        self._poles[level] = self._poles.get(level, 0) + terms * self._at_once
        return Size(terms * size, level, terms * plain, terms * plain, self, x.rank)

    def log_of(self, x: Size) -> Size:
        return self._logarithm(x, 1)

    def _logarithm(self, x: Size, times: int) -> Size:
        """So many residues of their own, or arguments of exponentials, are added up."""
        self._argument(x)
        known = self._of_logs.get(x.rank)
        self._of_logs[x.rank] = x if known is None else known.united(x)
        of_exp, more = self._of_exp, log2(times) + _EXPONENTS
        self.count_denominator(4)
        plain = (of_exp.top + of_exp.bottom + _EXPONENTS) * float(min(times, MOST)) + more
        size, level = of_exp.size + more, max(of_exp.level, 1)
        return Size(size, level, plain, plain, self, x.rank + 1)

    def _times(self, formula: Formula) -> int:
        """How many logarithms that of `formula` is the sum of."""
        if isinstance(formula, Product | Quotient):
            return sum(self._times(part) for part in formula.parts())
        if isinstance(formula, Power) and isinstance(formula.exponent, Number):
            exponent = formula.exponent.value
            self.count_denominator(exponent.denominator)
            return abs(exponent.numerator) * exponent.denominator * self._times(formula.base)
        return 1

    def normal_of(self, x: Size) -> Size:
        self._argument(x)
        return Size(2.0, 0, 2.0, 0.0, self, x.rank)

    def density_of(self, x: Size) -> Size:
        return self._exponential(x * x * Fraction(1, 2), None) * Size(1.0, 0, 1.0, 0.0, self)

    def chosen(self, x: Size, positive: Dual, otherwise: Dual) -> Dual:
        self._argument(x, _NEAR)
        return Dual(
            self.dualized(positive.value).value.united(self.dualized(otherwise.value).value),
            _either(positive.slope, otherwise.slope),
        )

    def dualized(self, value: Any) -> Dual:
        if isinstance(value, Size):
            return Dual(value)
        return super().dualized(value)  # type: ignore[no-any-return]

    def root(self, base: Size, exponent: Fraction) -> Size:
        """√x stands for no more than x."""
        if exponent.denominator != 2:
            raise NoValueError("a power that is neither whole nor half")
        self._argument(base, _NEAR)
        self._has_roots = True
        plain = max(base.top + base.bottom, 1.0)
        root = Size(max(base.size, 1.0), base.level, plain, plain, self, base.rank)
        return root**exponent.numerator


def _times_of_log(formula: Formula | None) -> float:
    """A bound of the k for which e^(k·ln x) is taken for x^k in `formula`; 0 if there is none."""
    if formula is None or not any(map(is_log, walk(formula))):
        return 0.0
    numbers = [node.value.numerator for node in walk(formula) if isinstance(node, Number)]
    return 2.0 ** min(sum(log2(max(abs(n), 1)) for n in numbers), 1_000.0)


def _either(a: Any, b: Any) -> Any:
    """A bound of two slopes; one that is the number 0 says nothing."""
    if not isinstance(a, Size):
        return b
    return a.united(b) if isinstance(b, Size) else a


def points_needed(lost: float, regions: int = 1) -> int | None:
    """At how many points with primes of their own an equation has to agree to be proved.

    `lost` is what :meth:`Sizes.lost` says, and `regions` how many equations it stands for. Nothing
    if no number of points is enough.
    """
    each = CHANCES - lost
    wanted = CERTAIN + math.log2(regions)
    if each * MOST_POINTS < wanted:
        return None
    return math.ceil(wanted / each)
