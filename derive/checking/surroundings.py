"""What a model says of the formulas that are read about it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

from derive.calculus.entries import ShapeError
from derive.calculus.indices import Indices
from derive.calculus.matrices import Matrices
from derive.checking.applied import Applied
from derive.checking.dots import filled
from derive.exact.conditions import may_rest
from derive.formula import Formula
from derive.grammar.protocols import Meaning
from derive.model import Role

MOST_APPLIED = 100
"""Instances of an argument for which it is looked up what the network applies to it."""


class Surroundings(Meaning):
    """A model as :class:`derive.grammar.protocols.Meaning` asks for it."""

    def __init__(self, indices: Indices) -> None:
        self._indices = indices
        self._model = indices.model

    @property
    def activations(self) -> Sequence[str]:
        return self._model.network.activations

    def net_layer(self, name: str) -> int | None:
        quantity = self._model.quantities[name]
        return quantity.layer if quantity.role is Role.NET else None

    def influenced(self, name: str) -> Collection[str]:
        return self._model.downstream(name) - {name}

    def inputs(self, name: str) -> Collection[str]:
        return self._model.inputs_of[name]

    def is_defined(self, stem: str) -> bool:
        return any(name.startswith(stem) for name in self._model.definitions)

    def ranges(self, formula: Formula) -> Mapping[str, Sequence[int]]:
        return self._indices.ranges(formula)

    @property
    def span(self) -> tuple[int, int]:
        return self._indices.span

    def shape(self, formula: Formula) -> tuple[int, int] | None:
        free = self._indices.ranges(formula)
        first = {letter: numbers[0] for letter, numbers in free.items() if numbers}
        try:
            entries = self._matrices.entries(self._indices.instance(formula, first))
        except (ShapeError, KeyError):
            return None
        return len(entries), len(entries[0])

    def applied(self, argument: Formula) -> Collection[str]:
        found: set[str] = set()
        ranges = self._indices.ranges(argument)
        for number, chosen in enumerate(self._indices.choices(ranges)):
            if number == MOST_APPLIED:
                break
            try:
                entries = self._matrices.entries(self._indices.instance(argument, chosen))
            except (ShapeError, KeyError):
                continue
            found |= {f for row in entries for e in row for f in self._functions.functions(e)}
        return found

    @cached_property
    def _matrices(self) -> Matrices:
        return Matrices(self._indices)

    @cached_property
    def _functions(self) -> Applied:
        return Applied(self._model)

    def may_rest(self, test: Formula) -> bool:
        return may_rest(self._model, test)

    def filled(self, terms: Sequence[Formula]) -> list[Formula]:
        return filled(terms, self._indices)
