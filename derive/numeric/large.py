"""The numeric check of a large layered network: its families are arrays of floating point.

The three gradients are those of :mod:`derive.numeric.gradcheck`. The first is made of the local
derivatives that the derivation prints, as templates. Finite differences come from the definitions
alone, for all parameters or for so many, evenly spread, as a bound of the work allows: a weight
moves one net input by h·out and all that follows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.calculus.chain import Chain
from derive.calculus.family_proof import Senders
from derive.errors import InputError
from derive.exact.array_rings import Array, contracted
from derive.exact.arrays import Runs, Templates, present
from derive.formula import Call, Cases
from derive.functions import BY_SYMBOL
from derive.functions.written import choices
from derive.model import PARAMETERS, Role
from derive.model.facts import Facts
from derive.model.families import Family, Key
from derive.model.instances import Instances
from derive.model.made import Made
from derive.numeric.arrays import slope, value
from derive.numeric.backprop import Parameters, backprop
from derive.numeric.differences import STEP, Differences, convergence
from derive.numeric.found import DIFFERENCE_TOLERANCE, SYMBOLIC_TOLERANCE, Gradcheck, GradientRow
from derive.numeric.rounding import EPS, SAFETY

MOST_WORK = 500_000_000
"""Multiplications that all finite differences together may take."""
FIRST = 40
"""Of the parameters so many, from the first on, have differences in any case: they are shown."""
_MOVES = np.array([1, -1, 0.5, -0.5])
Arrays = dict[Key, Array]


class Floats:
    """Floating point for arrays of families; the first axis counts examples, or moves."""

    def reduced(self, array: Array) -> Array:
        return array

    def times(self, a: Array, b: Array) -> Array:
        return np.asarray(a * b)

    def summed(self, a: Array, b: Array, axes: Sequence[int]) -> Array:
        return self.reduced(contracted(a, b, axes))

    def number(self, value: Fraction, axes: int) -> Array:
        return np.full((1,) * (axes + 1), float(value))

    def power(self, base: Array, exponent: int) -> Array:
        return np.asarray(base**exponent)

    def inverse(self, array: Array) -> Array:
        return np.asarray(1 / array)


class Magnitudes(Floats):
    """The same without signs: what a sum would be if nothing in it cancelled."""

    def reduced(self, array: Array) -> Array:
        return np.abs(array)

    def times(self, a: Array, b: Array) -> Array:
        return np.asarray(np.abs(a * b))

    def summed(self, a: Array, b: Array, axes: Sequence[int]) -> Array:
        return contracted(np.abs(a), np.abs(b), axes)

    def number(self, value: Fraction, axes: int) -> Array:
        return np.abs(super().number(value, axes))


class FloatTemplates(Templates):
    """Templates in floating point."""

    def __init__(
        self, families: Mapping[Key, Family], arrays: Mapping[Key, Array], ring: Floats
    ) -> None:
        super().__init__(ring, families, arrays.__getitem__, self._function)

    def _function(self, node: Call | Cases, runs: Runs) -> Sequence[Array]:
        if isinstance(node, Cases):
            return [(self.value(node.test, runs) > 0).astype(np.float64)]
        row, x = BY_SYMBOL[node.function], self.value(node.argument, runs)
        # Nothing is differentiated here: slopes are in the templates, if they are wanted.
        found = slope(row.at, x) if node.primes else value(row, x)
        return [found, found]


class LargeCheck:
    """One large network with numbers, at one of its examples after the other."""

    def __init__(self, network: Facts, chain: Chain) -> None:
        self.network, self.chain, self.model = network, chain, chain.model
        self.instances: Instances = chain.model.instances
        self.families = self.instances.families
        self.top = self.instances.placed(self.model.total)[0].array
        self.given = self._parameters()
        self.parameters = [f for f in self.families if f.role in PARAMETERS]

    def _parameters(self) -> Arrays:
        """The numbers of all weights and biases, 0 for those that are missing, and of λ."""
        numbers = self.network.vectors
        found: Arrays = {}
        for family in self.families:
            key, size = family.array, tuple(map(len, family.ranges))
            if family.role is Role.WEIGHT:
                array = np.zeros(size)
                array[_present(family)] = numbers.weights[family.layer - 1]
                found[key] = array[None]
            elif family.role is Role.BIAS:
                row = np.array(numbers.biases[family.layer - 1], dtype=np.float64)
                found[key] = row.reshape(1, *size)
            elif family.role is Role.CONSTANT:
                found[key] = np.array([self.network.l2])
        return found

    def flat(self, arrays: Mapping[Key, Array]) -> Array:
        """The entries of all parameters, in the model's order."""
        return np.concatenate(
            [arrays[f.array][0, ...][_present(f)].ravel() for f in self.parameters]
        )

    def forward(self, example: int, given: Arrays) -> Arrays:
        """The arrays of all families for one example."""
        numbers = self.network.vectors
        found = dict(given)
        for family in self.families:
            if family.role in (Role.INPUT, Role.TARGET):
                rows = numbers.inputs if family.role is Role.INPUT else numbers.targets
                found[family.array] = np.array(rows[example : example + 1], dtype=np.float64)
        return self._through(found, self.families)

    def _through(self, arrays: Arrays, families: Iterable[Family]) -> Arrays:
        templates = FloatTemplates(self.instances.arrays, arrays, Floats())
        for family in families:
            if family.definition is not None:
                made = templates.value(family.definition, family.runs)
                arrays[family.array] = np.broadcast_to(made, (len(made), *map(len, family.ranges)))
        return arrays

    def backward(self, arrays: Arrays, ring: Floats, sent: Senders) -> Arrays:
        """∂E_total/∂ of all families, by the local derivatives that are printed."""
        own = {key: ring.reduced(array) for key, array in arrays.items()}
        templates = FloatTemplates(self.instances.arrays, own, ring)
        found = templates.swept(self.instances.parts, sent)
        return {key: templates.whole(self.instances.arrays[key], x) for key, x in found.items()}

    # Finite differences.

    def differences(
        self, points: Sequence[Arrays], share: float
    ) -> tuple[NDArray[np.intp], Differences]:
        """The places of some parameters, and their differences."""
        made: list[Array] = []
        all_places: list[NDArray[np.intp]] = []
        after = [sum(a * b for a, b in pairwise(self.network.layers[n:])) for n in
                 range(1, len(self.network.layers))]  # fmt: skip
        weights = sum(cost * len(f) for f in self.parameters for cost in [after[f.layer - 1] + 1])
        every = max(1, -(-4 * len(points) * weights // MOST_WORK))
        start = 0
        for family in self.parameters:
            places = np.flatnonzero(_present(family))
            chosen = np.arange(len(places))
            chosen = chosen[(chosen % every == 0) | (start + chosen < FIRST)]
            rows = max(1, 50_000 // max(self.network.layers))
            for some in np.split(chosen, range(rows, len(chosen), rows)):
                made.append(self._moved(family, places[some], points, share))
                all_places.append(start + some)
            start += len(places)
        whole = np.concatenate(made, axis=1)
        coarse, fine, step, noise = whole
        clear = np.isfinite(whole).all(axis=0)
        found = Differences((4 * fine - coarse) / 3, coarse, fine, step, noise)
        return np.concatenate(all_places)[clear], _only(found, clear)

    def _moved(
        self, family: Family, places: NDArray[np.intp], points: Sequence[Arrays], share: float
    ) -> Array:
        """D(h), D(h/2), h and the noise for the parameters at these places of a family."""
        layer, size = family.layer, self.network.layers[family.layer]
        net = next(f for f in self.families if f.role is Role.NET and f.layer == layer)
        source = next(
            f.array
            for f in self.families
            if f.role in (Role.INPUT, Role.OUTPUT) and f.layer == layer - 1
        )
        target, column = np.divmod(places, self.network.layers[layer - 1])
        shifts = np.zeros((len(points), len(places), size))
        for shift, point in zip(shifts, points, strict=True):
            if family.role is Role.WEIGHT:
                shift[np.arange(len(places)), target] = point[source][0][column]
            elif family.ranges:
                shift[np.arange(len(places)), places] = 1
            else:
                shift[:] = 1
        h = STEP / np.maximum(np.abs(shifts).max(axis=(0, 2)), STEP)
        moves = h[:, None] * _MOVES
        errors = np.zeros((len(places), 4))
        straddles = np.zeros(len(places), dtype=np.bool_)
        order = list(self.families)
        later = order[order.index(net) + 1 :]
        for shift, point in zip(shifts, points, strict=True):
            arrays = dict(point)
            moved = point[net.array] + (moves[:, :, None] * shift[:, None]).reshape(-1, size)
            arrays = self._through({**arrays, net.array: moved}, later)
            whole = np.broadcast_to(arrays[self.top], (4 * len(places),)).reshape(-1, 4)
            if family.role is Role.WEIGHT and self.network.l2:
                own = family_entries(point[family.array], places)[:, None]
                whole = whole + self.network.l2 * moves * (own + moves / 2)
            errors += share * whole
            straddles |= self._straddles(arrays, [net, *later], len(places))
        up, down, half_up, half_down = errors.T
        noise = SAFETY * 16 * EPS * np.abs(errors).max(axis=1) / h
        row = np.stack([(up - down) / (2 * h), (half_up - half_down) / h, h, noise])
        return np.where(straddles, np.nan, row)

    def _straddles(self, arrays: Arrays, families: Iterable[Family], rows: int) -> Any:
        """For which rows a function goes over to another piece between the moves."""
        templates = FloatTemplates(self.instances.arrays, arrays, Floats())
        found = np.zeros(rows, dtype=np.bool_)
        for family in families:
            for test in choices([family.definition] if family.definition is not None else []):
                signs = templates.value(test, family.runs) > 0
                if len(signs) == 4 * rows:
                    signs = signs.reshape(rows, 4, -1)
                    found |= (signs != signs[:, :1]).any(axis=(1, 2))
        return found


def family_entries(array: Array, places: NDArray[np.intp]) -> Array:
    """The entries of a family's array at these places."""
    return np.asarray(array[0].ravel()[places])


def _only(found: Differences, clear: NDArray[np.bool_]) -> Differences:
    """The differences of some parameters among them."""
    sides = (found.value, found.coarse, found.fine, found.step, found.noise)
    return Differences(*(side[clear] for side in sides))


def _present(family: Family) -> NDArray[np.bool_]:
    """Which members of a family there are."""
    return np.asarray(present(family)[0] == 1)


def check_large(
    network: Facts, chain: Chain, relative: Callable[[Array, Array, Array], Array]
) -> Gradcheck:
    """The numeric check; `relative` is how far apart two gradients are, above a floor.

    Raises :class:`InputError` where something overflows.
    """
    check, sent = LargeCheck(network, chain), Senders()
    count = len(network.vectors.inputs)
    share = 1 / count if network.reduction == "mean" else 1.0
    with np.errstate(all="ignore"):
        points = [check.forward(n, check.given) for n in range(count)]
        swept = [check.backward(point, Floats(), sent) for point in points]
        sizes = [check.backward(point, Magnitudes(), sent) for point in points]
        symbolic = share * np.sum([check.flat(arrays) for arrays in swept], axis=0)
        fan = SAFETY * EPS * max(network.layers) ** 0.5
        bound = fan * share * np.sum([check.flat(arrays) for arrays in sizes], axis=0)
        error = share * float(sum(point[check.top][0] for point in points))
        second = backprop(network, Parameters.of(network))
        gradient = np.asarray(second.gradient.flat)
        tried, found = check.differences(points, share)
        if not (np.isfinite(gradient).all() and np.isfinite(error)):
            raise InputError(
                f"numbers: the gradient of {network.name} overflows where the error is"
                f" {error:.3g}; smaller weights, inputs or targets keep it finite"
            )
        truncation = 2 * STEP**2 * np.abs(found.fine - found.coarse)
        floor = np.maximum(np.maximum(found.noise, bound[tried]), truncation)
        floor = floor / DIFFERENCE_TOLERANCE
        sides = [relative(side[tried], found.value, floor) for side in (symbolic, gradient)]
        apart = np.maximum(*sides)
        least = np.maximum(bound, np.finfo(np.float64).tiny) / SYMBOLIC_TOLERANCE
        between = relative(symbolic, gradient, least)
        errors = relative(*map(np.array, (error, second.error, fan * error / SYMBOLIC_TOLERANCE)))
        moved = _stepped(check, gradient)
        after = share * float(sum(check.forward(n, moved)[check.top][0] for n in range(count)))
        fall = convergence(found, symbolic[tried])
    if not np.isfinite(after):
        raise InputError(
            f"training.learning_rate: one step at {network.learning_rate:g} overflows;"
            " a smaller learning rate keeps weights and error finite"
        )
    names = check.model.parameters
    position = {family: n for n, family in enumerate(check.parameters)}
    starts = np.cumsum([0, *map(len, check.parameters)])
    flat = check.flat(moved)

    def place(name: str) -> int:
        family, indices = check.instances.placed(name)
        return int(starts[position[family]]) + family.place(indices)

    def row(name: str) -> GradientRow:
        n = place(name)
        return GradientRow(float(symbolic[n]), float(gradient[n]), differences.get(n))

    def entry(arrays: Arrays, name: str) -> float:
        family, indices = check.instances.placed(name)
        at = tuple(n - run.start for n, run in zip(indices, family.ranges, strict=True))
        return float(arrays[family.array][(0, *at)])

    def column(name: str) -> list[float]:
        return [entry(point, name) for point in points]

    wrong = between > SYMBOLIC_TOLERANCE
    wrong[tried] |= apart > DIFFERENCE_TOLERANCE
    differences = dict(zip(tried.tolist(), found.value.tolist(), strict=True))
    stepping = names if network.update_biases else check.model.names(Role.WEIGHT)
    return Gradcheck(
        network=network,
        values=Made(check.instances.names, column),
        gradients=Made(names, row),
        error=error,
        learning_rate=network.learning_rate,
        updated=Made(stepping, lambda name: float(flat[place(name)])),
        error_after=after,
        max_relative_error=float(apart.max(initial=0)),
        symbolic_error=float(max(between.max(initial=0), errors)),
        convergence=fall,
        suspects=tuple(names[int(n)] for n in np.flatnonzero(wrong)),
        second="NumPy",
        tried=len(tried),
        adjoints=Made(check.model.names(Role.NET), lambda name: entry(swept[0], name)),
    )


def _stepped(check: LargeCheck, gradient: Array) -> Arrays:
    """The parameters after one step."""
    found, start = dict(check.given), 0
    for family in check.parameters:
        part = gradient[start : start + len(family)]
        start += len(family)
        if family.role is Role.WEIGHT or check.network.update_biases:
            array = found[family.array].copy()
            array[0, ...][_present(family)] -= check.network.learning_rate * part
            found[family.array] = array
    return found
