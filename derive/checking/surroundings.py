"""What a model says of the formulas that are read about it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from derive.calculus.entries import ShapeError
from derive.calculus.indices import Indices
from derive.calculus.matrices import Matrices
from derive.checking.dots import filled
from derive.exact.conditions import may_rest
from derive.formula import Formula
from derive.grammar.protocols import Meaning
from derive.model import Role


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

    def shape(self, formula: Formula) -> tuple[int, int] | None:
        free = self._indices.ranges(formula)
        first = {letter: numbers[0] for letter, numbers in free.items() if numbers}
        try:
            entries = Matrices(self._indices).entries(self._indices.instance(formula, first))
        except (ShapeError, KeyError):
            return None
        return len(entries), len(entries[0])

    def may_rest(self, test: Formula) -> bool:
        return may_rest(self._model, test)

    def filled(self, terms: Sequence[Formula]) -> list[Formula]:
        return filled(terms, self._indices)
