"""Points of real numbers of large models: arrays of decimals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from derive.exact.array_boxes import Runs
from derive.exact.array_consistent import ArrayConsistent, by_nodes
from derive.exact.array_rings import Array, Plain
from derive.exact.arrays import Templates
from derive.exact.reals import RealPoint
from derive.exact.residues import NoValueError
from derive.formula import Call, Cases
from derive.model.families import Key


class Decimals(Plain):
    """Arithmetic of arrays of decimals, which has one row."""

    def number(self, value: Fraction, axes: int) -> Array:
        exact = Decimal(value.numerator) / value.denominator
        return np.full((1,) * (axes + 1), exact, dtype=object)

    def inverse(self, array: Array) -> Array:
        if (array == 0).any():
            raise NoValueError("a division by 0")
        return super().inverse(array)

    def joined(self, entries: Sequence[Any]) -> Any:
        return Decimal(entries[0])

    def parted(self, number: Any) -> list[Any]:
        return [number]


class ArrayRealPoint(RealPoint, ArrayConsistent):
    """A consistent point of real numbers of a large model."""

    ring_of_arrays = Decimals()
    rows = 1
    _dtype = object

    def _fill(self, only: Iterable[str] | None) -> None:
        self.families = self.model.instances
        self._begin_arrays()
        for family in self.families.families:
            for at in family if family.definition is None else ():
                name = self.families.name(family, at)
                if name not in self.model.conditions:
                    self._put(name, self.given(name))
        self._fill_parts()

    def all_templates(self) -> Templates:
        families = self.families.arrays
        return Templates(self.ring_of_arrays, families, self._arrays.__getitem__, self._element)

    def _computed(self, node: Call | Cases, runs: Runs, argument: Array) -> list[Array]:
        found = [self._at_one(node, x) for x in argument.ravel().tolist()]
        columns = (np.array(column, dtype=object) for column in zip(*found, strict=True))
        return [column.reshape(argument.shape) for column in columns]

    def _at_one(self, node: Call | Cases, x: Any) -> list[Any]:
        if isinstance(node, Cases):
            return [Decimal(int(x > 0))]
        made = self.function(node, self.dual(Decimal(x), Decimal(0 if node.primes else 1)))
        return [made.value, made.slope]

    @cached_property
    def _adjoints(self) -> Mapping[Key, Array]:
        """∂E_total/∂ of all arrays, by one sweep backward through the families."""
        return self.all_templates().adjoints(self.families.parts, by_nodes)

    def _adjoint_of(self, by: str) -> Any:
        return self.entry(self._adjoints[self.families.placed(by)[0].array], by)
