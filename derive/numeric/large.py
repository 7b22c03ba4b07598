"""The numeric check of a large network, layered or of equations: its families are arrays.

The gradient of the derivation is made of the local derivatives that it prints, as templates. Where
there are no layers the second one goes back through the definitions node by node.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from derive.calculus.chain import ADJOINTS, Chain
from derive.calculus.family_proof import Senders
from derive.exact.array_rings import Array
from derive.model.facts import Facts
from derive.model.made import Made
from derive.numeric.differences import Differences, finite_differences
from derive.numeric.float_arrays import Arrays, Floats, Magnitudes
from derive.numeric.found import Derived
from derive.numeric.rounding import EPS, SAFETY
from derive.numeric.single import Check

SHAKEN = 64.0
"""How much more rounding may do than a change of all given numbers in their last digit."""

MOST_WORK = 500_000_000
"""Multiplications that all finite differences together may take."""

MOST_PARTS = 100
"""Parts of families up to which sums are taken without signs."""


class LargeCheck(Check):
    """One large network with numbers, at all of its examples."""

    name = "arrays"

    def __init__(self, network: Facts, chain: Chain) -> None:
        super().__init__(network, chain)
        self._points = self._at(self.model.given)
        self._sent = Senders()
        self._swept = [self.model.backward(p, Floats(), self._sent) for p in self._points]
        self.values = Made(
            self.model.instances.names,
            lambda name: [float(self.model.entry(point, name)[0]) for point in self._points],
        )
        self.adjoints = Made(
            chain.model.names(*ADJOINTS),
            lambda name: float(self.model.entry(self._swept[0], name)[0]),
        )

    def derived(self) -> Derived:
        gradient, error = self._sum(self._swept), self.error(self.model.given)
        bound = self._bound(gradient)
        return Derived(gradient, bound, error, SAFETY * EPS * self.model.fan * error)

    def _second(self) -> tuple[Array, float]:
        swept = [self.model.backward(point) for point in self._points]
        return self._sum(swept), self.error(self.model.given)

    def differences(self) -> tuple[NDArray[np.intp], Differences]:
        return finite_differences(self.model, self.share, self._noise(), MOST_WORK)

    def _at(self, given: Arrays) -> list[Arrays]:
        """The arrays of each example, where these numbers are given."""
        return [self.model.forward(given, slice(n, n + 1)) for n in range(self.model.count)]

    def _sum(self, swept: Sequence[Arrays]) -> Array:
        """The gradient of all examples, from the adjoints of each."""
        found: Array = self.share * np.sum([self.model.flat(arrays) for arrays in swept], axis=0)
        return found

    def _bound(self, gradient: Array) -> Array:
        """What rounding may make of each gradient.

        Where there are few steps it is bounded by what the sums would be without signs, of each
        gradient by itself. Through many steps that grows beyond all use; what a change of all
        numbers in their last digit does to the largest gradient says more.
        """
        model = self.model
        fan = SAFETY * EPS * model.fan
        if len(model.parts) <= MOST_PARTS:
            sizes = [model.backward(p, Magnitudes(), self._sent) for p in self._points]
            return fan * self._sum(sizes)
        draw = np.random.default_rng(1)
        shaken = {
            key: array * (1 + model.fan * EPS * (2.0 * draw.integers(0, 2, array.shape) - 1))
            for key, array in model.given.items()
        }
        moved = [model.backward(p, Floats(), self._sent) for p in self._at(shaken)]
        change = np.abs(self._sum(moved) - gradient).max(initial=0)
        largest = np.abs(gradient).max(initial=0)
        return np.full(len(gradient), SHAKEN * change + fan * largest)

    def _noise(self) -> float:
        """What rounding may make of the error: that of each quantity, as far as it gets there."""
        model, found = self.model, 0.0
        defined = {part.array for part in model.parts if part.definition is not None}
        for point, adjoints in zip(self._points, self._swept, strict=True):
            found += sum(float(np.abs(point[key] * adjoints[key]).sum()) for key in defined)
        return 2 * EPS * model.fan * self.share * found
