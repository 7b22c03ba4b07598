"""The sizes of a model of families, each family measured once; and how many primes are a proof.

All members of a family have the same size, that of a sum of n equal terms is theirs + log2 n, and
what is counted (poles, arguments of functions) counts once for each member.

The pole of sig(x) is u = 1/(1 + r^k), where r is a residue of its own and r^k the exponential of x;
tanh(x) has one of this kind, too. Such poles are not cleared one by one, but count as one together,
unless some share a residue. For r^k·u = 1 − u makes of every polynomial in r and u a sum of powers
r^a and of r^a·u^b with a < k, which are independent; its coefficients stay whole numbers, and its
norm does not grow. So do products over all residues. Hence a polynomial of size s that is not 0 has
a coefficient below 2^s that is not 0; and in a single r, multiplied by a power of 1 + r^k, it is
one of at most twice the degree, and has no more zeros than that. Taking one residue after the
other, as Schwartz and Zippel do, at most the 2s/p-th part of all points are zeros.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from derive.exact.bounds import Size
from derive.exact.residues import CHANCES, SMALL_CHANCES
from derive.exact.sizes import ALIKE, CERTAIN, SLACK, Sizes
from derive.formula import Call, Formula, Member, SumOver, evaluate
from derive.functions.dual import Dual
from derive.model import Model
from derive.model.families import Family, Key, Slope, array_of
from derive.model.instances import Instances
from derive.model.made import Made

MOST_PRIMES = 40
"""Primes modulo which a model is computed; with a higher degree it is not."""
SPARE = 3.0
"""By how many bits an equation may be larger than a gradient and still need no other point."""


class FamilySizes(Sizes):
    """The sizes of one model of families, at points modulo the product of `primes` small primes."""

    def __init__(self, model: Model) -> None:
        self._instances: Instances = model.instances
        self._by_array: dict[Key, Any] = {}
        self._shared: Callable[[], bool] = lambda: False
        self._single = 0
        """How many poles of the first level have a residue each, unless some are `shared`."""
        self._inside: list[Size] = []
        """The arguments of functions."""
        self._most_inside: tuple[object, float] = None, 0.0
        super().__init__(model)
        self._steep: dict[Key, Size] = {}
        self.primes = self._needed()
        self._counted = dict(self._poles), dict(self._arguments), len(self._inside), self._single
        self._of_model = set(self._denominators), self._largest

    def begin(self, letters: Mapping[str, Formula], shared: Callable[[], bool]) -> None:
        """Measure other formulas, with these local definitions: what is counted is the model's."""
        poles, arguments, inside, self._single = self._counted
        self._poles, self._arguments = dict(poles), dict(arguments)
        del self._inside[inside:]
        self._denominators, self._largest = set(self._of_model[0]), self._of_model[1]
        self.letters, self._shared = dict(letters), shared

    def _fill(self, only: Iterable[str] | None) -> None:
        self.values = Made(self._instances.names, lambda name: self._by_array[self._key(name)])
        given = self.given("")
        for family in self._instances.families:
            if family.definition is None:
                self._unite(self._by_array, family.array, given)
        for name, condition in self.model.conditions.items():
            self._unite(self._by_array, self._key(name), evaluate(condition, self._ring).value)
        for part in self._instances.parts:
            if part.definition is not None:
                self._at_once = max(len(part), 1)
                value = evaluate(part.definition, self._ring).value
                self._unite(self._by_array, part.array, value)
        self._at_once = 1

    @staticmethod
    def _unite(bounds: dict[Key, Any], key: Key, more: Any) -> None:
        """The bound of an array is one of all its parts so far."""
        bounds[key] = bounds[key].united(more) if key in bounds else more

    def _key(self, name: str) -> Key:
        return self._instances.placed(name)[0].array

    def _other(
        self, node: Formula, inner: Callable[[Formula], Any], slopes: Mapping[Any, Any]
    ) -> Any:
        if isinstance(node, Member):
            known = self._by_array.get(array_of(node))
            if known is None:
                # The adjoints of a family, and a mask, which is 0 or 1.
                return Dual(self._every_slope[self.model.total])
            return Dual(known, slopes.get(array_of(node), 0))
        if isinstance(node, SumOver):
            count, before = node.upper + 1 - node.lower, self._at_once
            self._at_once = before * count
            value = inner(node.body)
            self._at_once = before
            return repeated(value, count)
        return super()._other(node, inner, slopes)

    @property
    def _largest_quantity(self) -> float:
        return max(float(value.size) for value in self._by_array.values())

    @property
    def _every_slope(self) -> Mapping[str, Size]:  # type: ignore[override]
        if not self._steep:
            self._measure_slopes()
        return Made(self._instances.names, lambda name: self._steep[self._key(name)])

    def _measure_slopes(self) -> None:
        one = self.given("")
        self._counts = False
        for part in self._instances.parts:
            self._at_once = max(len(part), 1)
            slope = 0
            if part.definition is not None:
                slope = self._slope_with(self._steep, part.definition)
            steep = one.united(slope) if isinstance(slope, Size) else one
            self._unite(self._steep, part.array, steep)
        self._counts, self._at_once = True, 1

    def of_template(self, template: Formula, runs: Mapping[str, range]) -> Size:
        """The size of a template, in which there may be adjoints of families, too.

        What is counted in it counts once for each choice of the numbers of its letters.
        """
        self._at_once = math.prod(map(len, runs.values()))
        found: Size = evaluate(template, self._ring).value
        self._at_once = 1
        return found

    # What is counted.

    def _one_quotient(self, node: Call, argument: Size) -> Size:
        value = super()._one_quotient(node, argument)
        self._single += self._at_once
        return value

    def _cleared(self, top: int) -> float:
        if not self._single or not top or self._shared():
            return super()._cleared(top)
        every = 1 + self._poles[1]
        spared = math.log2(every / (every - self._single)) - 1
        return super()._cleared(top) - max(spared, 0.0)

    def _argument(self, x: Size, alike: float = ALIKE) -> None:
        super()._argument(x, alike)
        if self._counts:
            self._inside.append(x)

    # How many primes.

    def _needed(self) -> int:
        """With so many primes most equations about gradients are proved at one point.

        More than :data:`MOST_PRIMES` stand for none that would do.
        """
        slope = self._every_slope[self.model.total]
        each, inside = self._bits([slope, slope])
        if min(each - SPARE, inside) <= 0:
            return MOST_PRIMES + 1
        needed = (CERTAIN + 1) / (each - SPARE), (CERTAIN + 1 + self._compared) / inside
        return math.ceil(max(needed))

    def swept(self, slopes: Callable[[Family], Iterable[Slope]]) -> Size:
        """A bound of all adjoints, as a sweep backward with these local derivatives has them.

        The slopes of E_total, with which they are compared, are within the bound, too.
        """
        arriving: dict[Key, Any] = {self._key(self.model.total): Dual(self.given(""))}
        found = self._every_slope[self.model.total]
        ring = self._arithmetic({})
        self._counts = False
        for family in reversed(self._instances.parts):
            adjoint = arriving.get(family.array)
            if adjoint is None:
                continue
            found = found.united(adjoint.value)
            self._at_once = max(len(family), 1)
            for slope in slopes(family) if family.definition is not None else ():
                runs = {**family.runs, **slope.bound}
                times = math.prod(len(run) for x, run in runs.items() if x not in slope.by.letters)
                sent = repeated(adjoint * evaluate(slope.value, ring), times)
                before = arriving.get(array_of(slope.by))
                arriving[array_of(slope.by)] = sent if before is None else before + sent
        self._counts, self._at_once = True, 1
        return found

    def _bits(self, values: Iterable[Size]) -> tuple[float, float]:
        """What one small prime is worth: for an equation of `values`, and to tell two arguments."""
        inside = self._largest_inside()
        lost = self._expanded(sum(values, start=self.given("")))
        return SMALL_CHANCES - lost * SLACK, SMALL_CHANCES - inside * SLACK

    def _largest_inside(self) -> float:
        """The size of the largest argument, looked for again when something more is counted."""
        now = len(self._inside), self._single, tuple(self._poles.items()), self._shared()
        if self._most_inside[0] != now:
            self._most_inside = now, max(map(self._expanded, self._inside), default=0.0)
        return self._most_inside[1]

    @property
    def _compared(self) -> float:
        """How many comparisons of arguments there are, to base 2."""
        found = 0.0
        for alike, count in self._arguments.items():
            found = max(found, 2 * math.log2(count) + alike) + 1
        return found

    def lost_of(self, values: Iterable[Size]) -> float:
        """What makes as much of one large prime as these small ones are.

        The residues are compared modulo all of them together. So arguments that differ are taken
        for the same with a probability of their own to the power of the number of primes.
        """
        each, inside = self._bits(values)
        return CHANCES - (min(self.primes * each, self.primes * inside - self._compared) - 1)


def repeated(value: Any, count: int) -> Any:
    """The sum of so many equal values."""
    found: Any = None
    while count:
        if count & 1:
            found = value if found is None else found + value
        count >>= 1
        value = value + value
    return found
