"""A model of families in floating point: its arrays forward, and adjoints backward, by NumPy.

Nothing is written out: a template is evaluated over all numbers of its letters at once, as it is
modulo primes (:mod:`derive.exact.arrays`). The first axis counts rows: of an example there is one,
and where something is moved one for each move.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from derive.exact.array_boxes import Runs, given_only, present
from derive.exact.array_consistent import by_nodes
from derive.exact.array_rings import Array, Entries, Plain, contracted
from derive.exact.arrays import Templates
from derive.formula import Call, Cases
from derive.functions import BY_SYMBOL
from derive.model import GIVEN, PARAMETERS, Model, Role
from derive.model.facts import Facts
from derive.model.families import Family, Key
from derive.model.instances import Instances
from derive.model.numbers import Numbers
from derive.numeric.arrays import slope, value

Arrays = dict[Key, Array]


class Floats(Plain):
    """Floating point for arrays of families."""

    dtype: Any = np.float64

    def number(self, value: Fraction, axes: int) -> Array:
        return np.full((1,) * (axes + 1), float(value))

    def applied(self, function: Callable[[Array], Array], x: Array) -> Array:
        """A function at each entry."""
        return function(x)

    def raised(self, base: Array, exponent: Array) -> Array:
        """Powers, entry by entry."""
        return np.asarray(np.power(base, exponent))


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
    """Templates in floating point; with `sloped` functions have their slopes, too."""

    def __init__(
        self,
        families: Mapping[Key, Family],
        arrays: Mapping[Key, Array],
        ring: Floats | None = None,
        *,
        sloped: bool = False,
    ) -> None:
        self.floats = ring or Floats()
        super().__init__(self.floats, families, arrays.__getitem__, self._function)
        self.numbers, self._sloped = arrays, sloped

    def _function(self, node: Call | Cases, runs: Runs) -> Sequence[Array]:
        if isinstance(node, Cases):
            return [(self.value(node.test, runs).real > 0).astype(np.float64)]
        row, x = BY_SYMBOL[node.function], self.value(node.argument, runs)
        if node.primes:
            # Of these no further derivative is taken.
            return [slope(row.at, x)] * 2
        found = self.floats.applied(partial(value, row), x)
        return [found, slope(row.at, x) if self._sloped else found]

    def chosen(self, step: Any, positive: Any, otherwise: Any) -> Any:
        """The case that holds; the other one need not have a value."""
        found = np.where(step.array > 0, positive.array, otherwise.array)
        return Entries(self.ring, found)

    def raised(self, base: Array, exponent: Array) -> Array:
        return self.floats.raised(base, exponent)


class FloatModel:
    """One model and the numbers of its network."""

    def __init__(self, network: Facts, model: Model) -> None:
        self.network, self.model = network, model
        self.instances: Instances = model.instances
        self.parts = self.instances.parts
        self.parameters = [part for part in self.parts if part.role in PARAMETERS]
        """The parts of the families of parameters, in the model's order."""
        self._has_layers = isinstance(network.numbers, Numbers)
        self.given = self._layers() if self._has_layers else self._by_name()
        """The numbers of all weights and biases, 0 for those that are missing; of one example all.
        """

    def _layers(self) -> Arrays:
        numbers = self.network.vectors
        found: Arrays = {}
        for family in self.instances.families:
            key, size = family.array, tuple(map(len, family.ranges))
            if family.role is Role.WEIGHT:
                array = np.zeros(size)
                array[there(family)] = numbers.weights[family.layer - 1]
                found[key] = array[None]
            elif family.role is Role.BIAS:
                row = np.array(numbers.biases[family.layer - 1], dtype=np.float64)
                found[key] = row.reshape(1, *size)
            elif family.role is Role.CONSTANT:
                found[key] = np.array([self.network.l2])
        return found

    def _by_name(self) -> Arrays:
        numbers = self.network.numbers
        assert isinstance(numbers, Mapping)
        found: Arrays = {}
        for family in self.instances.families:
            if family.definition is None:
                whole = self.instances.arrays[family.array]
                if family.array not in found:
                    found[family.array] = np.zeros((1, *map(len, whole.ranges)))
                names = (self.instances.name(family, at) for at in family)
                row = np.array([numbers[name] for name in names], dtype=np.float64)
                size = (1, *map(len, family.ranges))
                found[family.array][family.within(whole)] = row.reshape(size)
        return found

    @property
    def count(self) -> int:
        """The number of examples."""
        return len(self.network.vectors.inputs) if self._has_layers else 1

    @property
    def fan(self) -> float:
        """What rounding makes of a sum, relative to its terms, and to the power ½ their number."""
        runs = (run for family in self.instances.families for run in family.ranges)
        return math.sqrt(max(map(len, runs), default=1))

    def entry(self, arrays: Arrays, name: str) -> Array:
        """The number of one quantity in each row."""
        family, at = self.instances.placed(name)
        where: Any = (slice(None), *self.instances.arrays[family.array].offsets(at))
        return np.asarray(arrays[family.array][where])

    def total(self, arrays: Arrays) -> Array:
        """E_total in each row."""
        return self.entry(arrays, self.model.total)

    # The parameters as one vector, in the model's order.

    def flat(self, arrays: Mapping[Key, Array]) -> Array:
        """The entries of all parameters."""
        return np.concatenate(
            [
                arrays[p.array][self.instances.where(p)][0, ...][there(p)].ravel()
                for p in self.parameters
            ]
        )

    def moved(self, flat: Array) -> Arrays:
        """The numbers that are given with other parameters."""
        found, start = dict(self.given), 0
        for key in {part.array for part in self.parameters}:
            found[key] = found[key].copy()
        for part in self.parameters:
            own = found[part.array][self.instances.where(part)][0, ...]
            own[there(part)] = flat[start : start + len(part)]
            start += len(part)
        return found

    @property
    def moving(self) -> Array:
        """Which parameters a step changes."""
        moves = self.network.update_biases
        parts = [np.full(len(p), moves or p.role is not Role.BIAS) for p in self.parameters]
        return np.concatenate(parts)

    # Forward and back.

    def forward(self, given: Arrays, examples: slice = slice(None)) -> Arrays:
        """The arrays of all families, with a row for each of some examples."""
        found = dict(given)
        if self._has_layers:
            numbers = self.network.vectors
            for family in self.instances.families:
                if family.role in GIVEN:
                    rows = numbers.inputs if family.role is Role.INPUT else numbers.targets
                    found[family.array] = np.array(rows[examples], dtype=np.float64)
        return self.through(found, self.parts)

    def through(self, arrays: Arrays, parts: Iterable[Family]) -> Arrays:
        """The arrays with what these parts define."""
        own: set[Key] = set()
        templates = self.templates(arrays)
        for part in parts:
            if part.definition is not None:
                self.put(arrays, own, part, templates.value(part.definition, part.runs))
        return arrays

    def templates(self, arrays: Arrays) -> FloatTemplates:
        """Templates over these arrays."""
        return FloatTemplates(self.instances.arrays, arrays)

    def put(self, arrays: Arrays, own: set[Key], part: Family, made: Array) -> None:
        """Put the values of a part into its array; those in `own` may be written to."""
        whole = self.instances.arrays[part.array]
        size = tuple(map(len, whole.ranges))
        if part.ranges == whole.ranges:
            arrays[part.array] = np.broadcast_to(made, (len(made), *size))
            return
        before = arrays.get(part.array)
        dtype = made.dtype if before is None else np.result_type(made, before)
        fits = before is not None and len(before) >= len(made) and before.dtype == dtype
        if part.array not in own or not fits:
            arrays[part.array] = np.zeros((len(made), *size), dtype)
            own.add(part.array)
            if before is not None:
                arrays[part.array][:] = repeated(before, len(made))
        arrays[part.array][self.instances.where(part)] = made

    def backward(self, arrays: Arrays, ring: Floats | None = None, sent: Any = by_nodes) -> Arrays:
        """∂E_total/∂ of all that is no input or target; `sent` says by which derivatives."""
        ring = ring or Floats()
        own = {key: ring.reduced(array) for key, array in arrays.items()}
        sloped = sent is by_nodes
        templates = FloatTemplates(self.instances.arrays, own, ring, sloped=sloped)
        templates.unasked = given_only(self.instances.families)
        return templates.adjoints(self.parts, sent)


def there(family: Family) -> Array:
    """Which members of a family there are."""
    return np.asarray(present(family)[0] == 1)


def repeated(array: Array, rows: int) -> Array:
    """An array with a row for each example, which are repeated until there are so many rows."""
    if len(array) in (1, rows):
        return array
    return np.tile(array, (rows // len(array), *(1,) * (array.ndim - 1)))
