"""The proof of the general rule: every instance of its indices, every entry of its matrices."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product as combinations

from derive.calculus.chain import Chain
from derive.calculus.points import PRIME, Point
from derive.errors import ProofError
from derive.formula import (
    Call,
    Delta,
    Equation,
    Formula,
    Hadamard,
    Layer,
    Name,
    Negative,
    Neuron,
    Number,
    Partial,
    Product,
    Sum,
    SumOver,
    Transposed,
    total,
    transform,
    walk,
)
from derive.model import Model, Role

LARGEST_LAYER = 8
"""Of a larger layer the rule is checked for the first two neurons and the last."""

Matrix = list[list[int]]
Place = tuple[str, int, int, int | None]

KINDS = {
    Role.INPUT: "out",
    Role.OUTPUT: "out",
    Role.TARGET: "target",
    Role.NET: "net",
    Role.WEIGHT: "weight",
    Role.BIAS: "bias",
}
"""What :class:`~derive.formula.Neuron` and :class:`~derive.formula.Layer` call these roles."""


def _places(model: Model) -> dict[Place, str]:
    """The names of quantities by their place in the network."""
    return {
        (KINDS[q.role], q.layer, q.index, q.source): q.name
        for q in model.quantities.values()
        if q.role in KINDS
    }


def prove_rules(chain: Chain, rules: list[Equation]) -> None:
    """Every rule holds for all values of its indices (in large layers: for the ends)."""
    point = Point(chain.model, 2)
    for rule in rules:
        letters = {
            letter: chain.model.network.layers[layer]
            for side in rule.sides
            for node in _neurons(side)
            for letter, layer in ((node.index, node.layer), (node.source, node.layer - 1))
            if isinstance(letter, str) and letter != "k" and not (letter == "j" and _summed(rule))
        }
        ranges = [
            range(1, size + 1) if size <= LARGEST_LAYER else (1, 2, size)
            for size in letters.values()
        ]
        for values in combinations(*ranges):
            chosen = dict(zip(letters, values, strict=True))
            sides = {point.value(_instance(chain, side, chosen)) for side in rule.sides}
            if len(sides) > 1:
                raise ProofError(f"the general rule does not hold for {chosen}")


def _summed(rule: Equation) -> bool:
    return isinstance(rule.right, SumOver) and rule.right.index == "j"


def _neurons(formula: Formula) -> list[Neuron]:
    return [node for node in walk(formula) if isinstance(node, Neuron)]


def _instance(chain: Chain, formula: Formula, chosen: dict[str, int]) -> Formula:
    """`formula` with index letters replaced by numbers and Σ written out."""
    places = _places(chain.model)

    def rule(node: Formula) -> Formula | None:
        if isinstance(node, SumOver):
            return total(
                _instance(chain, node.body, {**chosen, node.index: n})
                for n in range(1, node.upper + 1)
            )
        if not isinstance(node, Neuron):
            return None
        index = chosen.get(node.index, node.index) if isinstance(node.index, str) else node.index
        source = chosen.get(node.source) if isinstance(node.source, str) else node.source
        assert isinstance(index, int)
        if node.kind == "delta":
            return Delta(places["net", node.layer, index, None])
        return Name(places[node.kind, node.layer, index, source])

    return transform(formula, rule)


def prove_matrix(chain: Chain, layer: int, rules: list[Equation]) -> None:
    """Every entry of the layer's equations is the scalar derivative of that entry."""
    sizes = chain.model.network.layers
    if sizes[layer] * sizes[layer - 1] > 4_000:
        return
    point = Point(chain.model, 3)
    total_ = Name(chain.model.total)
    for rule in rules:
        value = _entries(chain, point, rule.right)
        if isinstance(rule.left, Partial):
            assert isinstance(rule.left.by, Layer)
            names = _names(chain, rule.left.by)
        else:
            names = [[n] for n in chain.deltas if chain.model.quantities[n].layer == layer]
        right = [[point.slope(total_, name) for name in row] for row in names]
        if value != right:
            raise ProofError(f"the matrix form does not hold in layer {layer}")


def _names(chain: Chain, layer: Layer) -> list[list[str]]:
    """The quantities of a vector or matrix, row by row."""
    places = _places(chain.model)
    sizes = chain.model.network.layers
    rows = range(1, sizes[layer.layer] + 1)
    if layer.kind == "weight":
        columns = range(1, sizes[layer.layer - 1] + 1)
        return [[places["weight", layer.layer, j, i] for i in columns] for j in rows]
    return [[places[layer.kind, layer.layer, j, None]] for j in rows]


def _entries(chain: Chain, point: Point, formula: Formula) -> Matrix:
    """The entries of a matrix formula at a point, as residues; a number stands for ones."""

    def each(matrices: list[Matrix], combine: Callable[[int, int], int]) -> Matrix:
        shape = max(matrices, key=lambda m: len(m) * len(m[0]))
        result = None
        for m in matrices:
            wide = m if len(m) == len(shape) else [m[0]] * len(shape)
            result = (
                wide
                if result is None
                else [
                    [combine(a, b) % PRIME for a, b in zip(r, s, strict=True)]
                    for r, s in zip(result, wide, strict=True)
                ]
            )
        assert result is not None
        return result

    def parts(of: Formula) -> list[Matrix]:
        return [_entries(chain, point, part) for part in of.parts()]

    if isinstance(formula, Number):
        return [[point.value(formula)]]
    if isinstance(formula, Layer):
        if formula.kind == "delta":
            nets = _names(chain, Layer("net", formula.layer))
            return [[point.value(Delta(row[0]))] for row in nets]
        return [[point.values[name] for name in row] for row in _names(chain, formula)]
    if isinstance(formula, Transposed):
        return [list(row) for row in zip(*_entries(chain, point, formula.of), strict=True)]
    if isinstance(formula, Negative):
        return [[-x % PRIME for x in row] for row in _entries(chain, point, formula.term)]
    if isinstance(formula, Sum):
        return each(parts(formula), lambda a, b: a + b)
    if isinstance(formula, Hadamard):
        return each(parts(formula), lambda a, b: a * b)
    if isinstance(formula, Product):
        left, right = parts(formula)
        columns = list(zip(*right, strict=True))
        return [
            [sum(a * b for a, b in zip(row, column, strict=True)) % PRIME for column in columns]
            for row in left
        ]
    if isinstance(formula, Call) and formula.primes:
        assert isinstance(formula.argument, Layer)
        nets = _names(chain, formula.argument)
        return [[point.value(Call(formula.function, Name(row[0]), 1))] for row in nets]
    return [
        [pow(x, int(formula.parts()[1].value), PRIME) for x in row]  # type: ignore[attr-defined]
        for row in _entries(chain, point, formula.parts()[0])
    ]
