"""Formulas with index letters: δ_{c_j}, w_{c_j→d_k}, Σ over k, and what they stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product as combinations

from derive.formula import ZERO, Delta, Formula, Name, Neuron, SumOver, total, transform, walk
from derive.model import Model, Role

KINDS = {
    Role.INPUT: "out",
    Role.OUTPUT: "out",
    Role.TARGET: "target",
    Role.NET: "net",
    Role.WEIGHT: "weight",
    Role.BIAS: "bias",
    Role.ERROR: "error",
}
"""What :class:`~derive.formula.Neuron` and :class:`~derive.formula.Layer` call these roles."""

Place = tuple[str, int, int, int | None]


class Indices:
    """The places of one model's quantities, and the instances of formulas over them."""

    def __init__(self, model: Model) -> None:
        self.model = model

    @cached_property
    def places(self) -> dict[Place, str]:
        """The names of quantities by kind, layer, index and source."""
        return {
            (KINDS[q.role], q.layer, q.index, q.source): q.name
            for q in self.model.quantities.values()
            if q.role in KINDS
        }

    def size(self, layer: int) -> int:
        """The number of neurons of a layer."""
        return self.model.network.layers[layer]

    def letters(self, *formulas: Formula) -> dict[str, int]:
        """The free index letters, and how far each runs: to the size of its smallest layer."""
        found: dict[str, int] = {}

        def collect(formula: Formula, bound: frozenset[str]) -> None:
            if isinstance(formula, SumOver):
                bound |= {formula.index}
            if isinstance(formula, Neuron):
                for letter, layer in (
                    (formula.index, formula.layer),
                    (formula.source, formula.layer - 1),
                ):
                    if isinstance(letter, str) and letter not in bound:
                        size = self.size(layer)
                        found[letter] = min(size, found.get(letter, size))
            for part in formula.parts():
                collect(part, bound)

        for formula in formulas:
            collect(formula, frozenset())
        return found

    def choices(self, letters: Mapping[str, Sequence[int]]) -> Iterator[dict[str, int]]:
        """Every assignment of numbers to letters."""
        for values in combinations(*letters.values()):
            yield dict(zip(letters, values, strict=True))

    def instance(self, formula: Formula, chosen: Mapping[str, int]) -> Formula:
        """`formula` with index letters replaced by numbers and Σ written out.

        A neuron some of whose letters are not chosen stays as it is. Raises :class:`KeyError` for
        a neuron that the network does not have.
        """

        def rule(node: Formula) -> Formula | None:
            if isinstance(node, SumOver):
                return total(
                    self.instance(node.body, {**chosen, node.index: n})
                    for n in range(1, node.upper + 1)
                )
            if isinstance(node, Neuron):
                return self._neuron(node, chosen)
            return None

        return transform(formula, rule)

    def _neuron(self, node: Neuron, chosen: Mapping[str, int]) -> Formula:
        index = chosen.get(node.index, node.index) if isinstance(node.index, str) else node.index
        source = (
            chosen.get(node.source, node.source) if isinstance(node.source, str) else node.source
        )
        if isinstance(index, str) or isinstance(source, str):
            return Neuron(node.kind, node.layer, index, source)
        if node.kind == "delta":
            return Delta(self.places["net", node.layer, index, None])
        if self.is_missing(node.kind, node.layer, index, source):
            return ZERO
        return Name(self.places[node.kind, node.layer, index, source])

    def is_missing(self, kind: str, layer: int, index: int, source: int | None) -> bool:
        """Whether this is a weight that the network could have and has not."""
        if kind != "weight" or (kind, layer, index, source) in self.places or source is None:
            return False
        sizes = self.model.network.layers
        within = 1 <= layer < len(sizes) and 1 <= index <= sizes[layer]
        return within and 1 <= source <= sizes[layer - 1] and bool(self.model.network.missing)


def has_letters(formula: Formula) -> bool:
    """Whether an indexed neuron stands in `formula`."""
    return any(isinstance(node, Neuron) for node in walk(formula))
