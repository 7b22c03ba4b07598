"""The numeric check of a large network, layered or of equations: its families are arrays.

The three gradients are those of :mod:`derive.numeric.gradcheck`. The first is made of the local
derivatives that the derivation prints, as templates. The second is backpropagation through matrices
where there are layers, and otherwise goes back through the definitions node by node. Differences
come from the definitions alone (:mod:`derive.numeric.differences`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from derive.calculus.chain import ADJOINTS, Chain
from derive.calculus.family_proof import Senders
from derive.exact.array_rings import Array
from derive.model import PARAMETERS, Role
from derive.model.facts import Facts
from derive.model.made import Made
from derive.numeric.backprop import Parameters, backprop
from derive.numeric.differences import finite_differences
from derive.numeric.float_arrays import Arrays, FloatModel, Floats, Magnitudes
from derive.numeric.found import Gradcheck, GradientRow, judged, refuse_steep
from derive.numeric.rounding import EPS, SAFETY

SHAKEN = 64.0
"""How much more rounding may do than a change of all given numbers in their last digit."""

MOST_WORK = 500_000_000
"""Multiplications that all finite differences together may take."""

MOST_PARTS = 100
"""Parts of families up to which sums are taken without signs."""


class LargeCheck:
    """One large network with numbers, at all of its examples."""

    def __init__(self, network: Facts, chain: Chain) -> None:
        self.network = network
        self.model = FloatModel(network, chain.model)
        self.share = 1 / self.model.count if network.reduction == "mean" else 1.0
        self._errors: dict[bytes, float] = {}
        self.start: tuple[Array, float, Array] | None = None
        """The parameters, the error and its gradient, once they are known."""

    def after(self, flat: Array) -> float:
        """E_total with other parameters."""
        key = flat.tobytes()
        if key not in self._errors:
            self._errors[key] = self.error(self.points(self.model.moved(flat)))
        return self._errors[key]

    def points(self, given: Arrays) -> list[Arrays]:
        """The arrays of each example, where these numbers are given."""
        return [self.model.forward(given, slice(n, n + 1)) for n in range(self.model.count)]

    def error(self, points: Sequence[Arrays]) -> float:
        """E_total of all examples."""
        return self.share * float(sum(self.model.total(point)[0] for point in points))

    def gradient(self, swept: Sequence[Arrays]) -> Array:
        """The gradient of all examples, from the adjoints of each."""
        found: Array = self.share * np.sum([self.model.flat(arrays) for arrays in swept], axis=0)
        return found

    def second(self, points: Sequence[Arrays]) -> tuple[Array, float]:
        """The gradient and the error by a way that knows no local derivative."""
        if self.network.has_vectors:
            found = backprop(self.network, Parameters.of(self.network))
            return np.asarray(found.gradient.flat), found.error
        swept = [self.model.backward(point) for point in points]
        return self.gradient(swept), self.error(points)

    def bound(self, points: Sequence[Arrays], gradient: Array, sent: Senders) -> Array:
        """What rounding may make of each gradient.

        Where there are few steps it is bounded by what the sums would be without signs, of each
        gradient by itself. Through many steps that grows beyond all use; what a change of all
        numbers in their last digit does to the largest gradient says more.
        """
        model = self.model
        fan = SAFETY * EPS * model.fan
        if len(model.parts) <= MOST_PARTS:
            sizes = [model.backward(point, Magnitudes(), sent) for point in points]
            return fan * self.gradient(sizes)
        draw = np.random.default_rng(1)
        shaken = {
            key: array * (1 + model.fan * EPS * (2.0 * draw.integers(0, 2, array.shape) - 1))
            for key, array in model.given.items()
        }
        moved = [model.backward(point, Floats(), sent) for point in self.points(shaken)]
        change = np.abs(self.gradient(moved) - gradient).max(initial=0)
        largest = np.abs(gradient).max(initial=0)
        return np.full(len(gradient), SHAKEN * change + fan * largest)

    def noise(self, points: Sequence[Arrays], swept: Sequence[Arrays]) -> float:
        """What rounding may make of the error: that of each quantity, as far as it gets there."""
        model, found = self.model, 0.0
        defined = {part.array for part in model.parts if part.definition is not None}
        for point, adjoints in zip(points, swept, strict=True):
            found += sum(float(np.abs(point[key] * adjoints[key]).sum()) for key in defined)
        return SAFETY * 2 * EPS * model.fan * self.share * found


def check_large(network: Facts, chain: Chain) -> Gradcheck:
    """The numeric check. Raises :class:`InputError` where something overflows."""
    check, sent = LargeCheck(network, chain), Senders()
    chain.model.kept[LargeCheck] = check
    model = check.model
    with np.errstate(all="ignore"):
        points = check.points(model.given)
        swept = [model.backward(point, Floats(), sent) for point in points]
        symbolic, error = check.gradient(swept), check.error(points)
        gradient, second_error = check.second(points)
        bound = check.bound(points, symbolic, sent)
        noise = check.noise(points, swept)
        tried, found = finite_differences(model, check.share, noise, MOST_WORK)
        clear = np.isfinite(found.value)
        tried, found = tried[clear], found.where(clear)
        verdict = judged(
            network,
            chain.model.parameters,
            (symbolic, gradient),
            (error, second_error),
            found,
            tried=tried,
            bound=bound,
            noise=found.noise,
            error_bound=SAFETY * EPS * model.fan * error,
            least=np.finfo(np.float64).tiny,
        )
        check.start = model.flat(model.given), error, np.where(model.moving, symbolic, 0)
        flat = check.start[0] - network.learning_rate * check.start[2]
        after = check.after(flat)
    if not np.isfinite(after):
        raise refuse_steep(network)
    instances = model.instances
    names = model.model.parameters
    place = instances.named(*PARAMETERS).position

    def row(name: str) -> GradientRow:
        n = place(name)
        return GradientRow(float(symbolic[n]), float(gradient[n]), differences.get(n))

    def column(name: str) -> list[float]:
        return [float(model.entry(point, name)[0]) for point in points]

    differences = dict(zip(tried.tolist(), found.value.tolist(), strict=True))
    stepping = names if network.update_biases else model.model.names(Role.WEIGHT)
    return Gradcheck(
        network=network,
        values=Made(instances.names, column),
        gradients=Made(names, row),
        error=error,
        learning_rate=network.learning_rate,
        updated=Made(stepping, lambda name: float(flat[place(name)])),
        error_after=after,
        second="NumPy" if network.has_vectors else "arrays",
        tried=len(tried),
        adjoints=Made(
            model.model.names(*ADJOINTS), lambda name: float(model.entry(swept[0], name)[0])
        ),
        **verdict,
    )
