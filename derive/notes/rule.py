"""The general rule in the network's own symbols: with indices, and in matrix form."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product as combinations
from typing import TYPE_CHECKING, Any

from derive.calculus.points import PRIME, Point
from derive.errors import ProofError
from derive.formula import (
    ONE,
    Call,
    Delta,
    Equation,
    Formula,
    Hadamard,
    Layer,
    Letter,
    Name,
    Negative,
    Neuron,
    Number,
    Partial,
    Product,
    Sum,
    SumOver,
    Transposed,
    equation,
    product,
    total,
    transform,
)
from derive.model import Role
from derive.notes.blocks import Block, Listing, Section, Words

if TYPE_CHECKING:
    from derive.notes.compose import Composer

MOST_LAYERS = 6
_KINDS = {
    Role.INPUT: "out", Role.OUTPUT: "out", Role.TARGET: "target", Role.NET: "net",
    Role.WEIGHT: "weight", Role.BIAS: "bias",
}  # fmt: skip


def rule_sections(composer: Composer) -> list[Section]:
    """The rule neuron by neuron, layer by layer, and as an algorithm."""
    return [_index_section(composer), _matrix_section(composer), _algorithm_section(composer)]


# With indices.


def _general(composer: Composer, formula: Formula, index: str) -> Formula:
    """`formula` with every quantity of one neuron turned into that of neuron `index`."""

    def rule(node: Formula) -> Formula | None:
        if not isinstance(node, Name):
            return None
        quantity = composer.model.quantities[node.name]
        return Neuron(_KINDS[quantity.role], quantity.layer, index)

    return transform(formula, rule)


def _slope(composer: Composer, layer: int) -> Formula:
    """∂out/∂net of the first neuron of a layer."""
    out = next(q.name for q in composer.model.having(Role.OUTPUT) if q.layer == layer)
    return next(iter(composer.chain.local(out).values()))


def _delta_rule(composer: Composer, layer: int) -> Equation:
    own = Neuron("delta", layer, "j")
    by_net = Partial(Name(composer.model.total), Neuron("net", layer, "j"))
    if layer == composer.last:
        first = next(
            n for n in composer.chain.deltas if composer.model.quantities[n].layer == layer
        )
        return equation(own, by_net, _general(composer, composer.chain.deltas[first], "j"))
    upper = composer.network.layers[layer + 1]
    arriving: Formula = SumOver(
        "k",
        upper,
        Product((Neuron("delta", layer + 1, "k"), Neuron("weight", layer + 1, "k", "j"))),
    )
    if upper == 1:
        arriving = Product((Neuron("delta", layer + 1, 1), Neuron("weight", layer + 1, 1, "j")))
    slope = _general(composer, _slope(composer, layer), "j")
    return equation(own, by_net, product([arriving, slope]))


def _gradient_rule(composer: Composer, layer: int) -> Equation:
    weight = Neuron("weight", layer, "j", "i")
    return equation(
        Partial(Name(composer.model.total), weight),
        Product((Neuron("delta", layer, "j"), Neuron("out", layer - 1, "i"))),
    )


def _bias_rule(composer: Composer, layer: int) -> Equation:
    total_ = Name(composer.model.total)
    delta: Formula = Neuron("delta", layer, "j")
    if composer.network.bias == "layer":
        size = composer.network.layers[layer]
        shared = Partial(total_, Neuron("bias", layer, 0))
        return equation(
            shared, SumOver("j", size, delta) if size > 1 else Neuron("delta", layer, 1)
        )
    return equation(Partial(total_, Neuron("bias", layer, "j")), delta)


def _layers(composer: Composer) -> list[int]:
    """The layers after the inputs, last first; of very many the ends."""
    layers = list(range(composer.last, 0, -1))
    return layers if len(layers) <= MOST_LAYERS else [*layers[:3], *layers[-2:]]


def _index_section(composer: Composer) -> Section:
    layers = _layers(composer)
    facts: dict[str, Any] = {
        "weight": Neuron("weight", composer.last, "j", "i"),
        "source": Neuron("neuron", composer.last - 1, "i"),
        "target": Neuron("neuron", composer.last, "j"),
        "number": Neuron("weight_rule", composer.last, 0),
        "layer": composer.layer_name(composer.last),
        "hidden": composer.last - 1,
        "bias": composer.network.bias,
        "left": composer.last - len(layers),
        "size": composer.network.layers[composer.last],
        "names": [composer.layer_name(layer) for layer in reversed(layers[1:])],
    }
    deltas = [_delta_rule(composer, layer) for layer in layers]
    gradients = [_gradient_rule(composer, layer) for layer in layers]
    biases = [] if composer.network.bias == "none" else [_bias_rule(composer, x) for x in layers]
    _prove_rules(composer, [*deltas, *gradients, *biases])
    blocks: list[Block] = [
        Words("rule_intro", facts),
        Words("rule_output", facts, runs_on=True),
        composer.display("rule-output", deltas[0]),
    ]
    if deltas[1:]:
        blocks += [
            Words("rule_hidden", facts, runs_on=True),
            composer.display("rule-hidden", *deltas[1:]),
        ]
    blocks += [
        Words("rule_gradient", facts, runs_on=True),
        composer.display("rule-gradient", *gradients),
    ]
    if biases:
        blocks += [Words("rule_bias", facts, runs_on=True), composer.display("rule-bias", *biases)]
    return Section("rule", facts, tuple(blocks))


def _prove_rules(composer: Composer, rules: list[Equation]) -> None:
    """Every rule holds for all values of its indices (in large layers: for the ends)."""
    point = Point(composer.model, 2)
    for rule in rules:
        letters = {
            letter: composer.network.layers[layer]
            for side in rule.sides
            for node in _neurons(side)
            for letter, layer in ((node.index, node.layer), (node.source, node.layer - 1))
            if isinstance(letter, str) and letter != "k" and not (letter == "j" and _summed(rule))
        }
        ranges = [range(1, size + 1) if size <= 8 else (1, 2, size) for size in letters.values()]
        for values in combinations(*ranges):
            chosen = dict(zip(letters, values, strict=True))
            sides = {point.value(_instance(composer, side, chosen)) for side in rule.sides}
            if len(sides) > 1:
                raise ProofError(f"the general rule does not hold for {chosen}")


def _summed(rule: Equation) -> bool:
    return isinstance(rule.right, SumOver) and rule.right.index == "j"


def _neurons(formula: Formula) -> list[Neuron]:
    from derive.formula import walk

    return [node for node in walk(formula) if isinstance(node, Neuron)]


def _instance(composer: Composer, formula: Formula, chosen: dict[str, int]) -> Formula:
    """`formula` with index letters replaced by numbers and Σ written out."""
    from derive.notation import naming

    network = composer.network
    names = naming(network.notation, network.layers, network.bias)

    def rule(node: Formula) -> Formula | None:
        if isinstance(node, SumOver):
            return total(
                _instance(composer, node.body, {**chosen, node.index: n})
                for n in range(1, node.upper + 1)
            )
        if not isinstance(node, Neuron):
            return None
        index = chosen.get(node.index, node.index) if isinstance(node.index, str) else node.index
        source = chosen.get(node.source) if isinstance(node.source, str) else node.source
        assert isinstance(index, int)
        if node.kind == "delta":
            return Delta(names.plain("net", node.layer, index))
        return Name(names.plain(node.kind, node.layer, index, source))

    return transform(formula, rule)


# In matrix form.


def _vector(composer: Composer, formula: Formula) -> Formula:
    """A formula of one neuron as that of its whole layer: names to vectors, · to ⊙."""
    if isinstance(formula, Name):
        quantity = composer.model.quantities[formula.name]
        return Layer(_KINDS[quantity.role], quantity.layer)
    parts = tuple(_vector(composer, part) for part in formula.parts())
    if isinstance(formula, Product):
        return Hadamard(parts)
    return formula.rebuilt(parts) if parts else formula


def _matrix_rules(composer: Composer, layer: int) -> list[Equation]:
    delta = Layer("delta", layer)
    if layer == composer.last:
        first = next(
            n for n in composer.chain.deltas if composer.model.quantities[n].layer == layer
        )
        written = _vector(composer, composer.chain.deltas[first])
    else:
        arriving = Product((Transposed(Layer("weight", layer + 1)), Layer("delta", layer + 1)))
        slope = _vector(composer, _slope(composer, layer))
        factors = slope.factors if isinstance(slope, Hadamard) else (slope,)
        written = arriving if slope == ONE else Hadamard((arriving, *factors))
    total_ = Name(composer.model.total)
    rules = [
        equation(delta, written),
        equation(
            Partial(total_, Layer("weight", layer)),
            Product((delta, Transposed(Layer("out", layer - 1)))),
        ),
    ]
    if composer.network.bias == "neuron":
        rules.append(equation(Partial(total_, Layer("bias", layer)), delta))
    return rules


def _matrix_section(composer: Composer) -> Section:
    layers = _layers(composer)
    sizes = composer.network.layers
    rules = [_matrix_rules(composer, layer) for layer in layers]
    for layer, found in zip(layers, rules, strict=True):
        _prove_matrix(composer, layer, found)
    facts = {
        "weight": Layer("weight", composer.last),
        "rows": sizes[composer.last],
        "columns": sizes[composer.last - 1],
        "out": Layer("out", composer.last - 1),
        "delta": Layer("delta", composer.last),
        "layer": composer.layer_name(composer.last),
        "bias": composer.network.bias,
        "entry": Neuron("weight", composer.last, "j", "i"),
    }
    shapes: list[list[Formula | str]] = [
        [
            Layer("weight", layer),
            f"{sizes[layer]} × {sizes[layer - 1]}",
            Layer("delta", layer),
            f"{sizes[layer]} × 1",
            Transposed(Layer("out", layer - 1)),
            f"1 × {sizes[layer - 1]}",
        ]
        for layer in layers
    ]
    from derive.notes.blocks import Table

    blocks: list[Block] = [
        Words("matrix_intro", facts),
        Words("matrix_deltas", facts, runs_on=True),
        composer.display("matrix-delta", *(r[0] for r in rules)),
        Words("matrix_gradients", facts, runs_on=True),
        composer.display("matrix-gradient", *(e for r in rules for e in r[1:])),
        Words("matrix_shapes", facts),
        Table("shapes", shapes),
    ]
    return Section("matrix", facts, tuple(blocks))


Matrix = list[list[int]]


def _prove_matrix(composer: Composer, layer: int, rules: list[Equation]) -> None:
    """Every entry of the layer's equations is the scalar derivative of that entry."""
    sizes = composer.network.layers
    if sizes[layer] * sizes[layer - 1] > 4_000:
        return
    point = Point(composer.model, 3)
    total_ = Name(composer.model.total)
    for rule in rules:
        value = _entries(composer, point, rule.right)
        if isinstance(rule.left, Partial):
            assert isinstance(rule.left.by, Layer)
            names = _names(composer, rule.left.by)
        else:
            names = [
                [n] for n in composer.chain.deltas if composer.model.quantities[n].layer == layer
            ]
        right = [[point.slope(total_, name) for name in row] for row in names]
        if value != right:
            raise ProofError(f"the matrix form does not hold in layer {layer}")


def _names(composer: Composer, layer: Layer) -> list[list[str]]:
    """The quantities of a vector or matrix, row by row."""
    from derive.notation import naming

    network = composer.network
    names = naming(network.notation, network.layers, network.bias)
    rows = range(1, network.layers[layer.layer] + 1)
    if layer.kind == "weight":
        columns = range(1, network.layers[layer.layer - 1] + 1)
        return [[names.plain("weight", layer.layer, j, i) for i in columns] for j in rows]
    return [[names.plain(layer.kind, layer.layer, j)] for j in rows]


def _entries(composer: Composer, point: Point, formula: Formula) -> Matrix:
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
        return [_entries(composer, point, part) for part in of.parts()]

    if isinstance(formula, Number):
        return [[point.value(formula)]]
    if isinstance(formula, Layer):
        if formula.kind == "delta":
            nets = _names(composer, Layer("net", formula.layer))
            return [[point.value(Delta(row[0]))] for row in nets]
        return [[point.values[name] for name in row] for row in _names(composer, formula)]
    if isinstance(formula, Transposed):
        return [list(row) for row in zip(*_entries(composer, point, formula.of), strict=True)]
    if isinstance(formula, Negative):
        return [[-x % PRIME for x in row] for row in _entries(composer, point, formula.term)]
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
        nets = _names(composer, formula.argument)
        return [[point.value(Call(formula.function, Name(row[0]), 1))] for row in nets]
    return [
        [pow(x, int(formula.parts()[1].value), PRIME) for x in row]  # type: ignore[attr-defined]
        for row in _entries(composer, point, formula.parts()[0])
    ]


# The algorithm.


def _algorithm_section(composer: Composer) -> Section:
    network = composer.network
    forward, matrix = [], {x: _matrix_rules(composer, x) for x in _layers(composer)}
    for layer in sorted(matrix):
        net: Formula = Product((Layer("weight", layer), Layer("out", layer - 1)))
        if network.bias != "none":
            net = Sum((net, Layer("bias", layer)))
        symbol = composer._symbol(layer)  # noqa: SLF001
        vector = Layer("net", layer)
        forward.append(
            (
                equation(vector, net),
                equation(Layer("out", layer), Call(symbol, vector) if symbol else vector),
            )
        )
    eta = Letter("eta")
    last = composer.last
    updates = [
        (
            Layer("weight", layer),
            Sum(
                (
                    Layer("weight", layer),
                    Negative(
                        Product((eta, Partial(Name(composer.model.total), Layer("weight", layer))))
                    ),
                )
            ),
        )
        for layer in sorted(matrix)
    ]
    facts: dict[str, Any] = {
        "eta": eta,
        "input": Layer("out", 0),
        "target": Layer("target", last),
        "forward": forward,
        "left": last - len(matrix),
        "output": matrix[last][0],
        "hidden": [matrix[x][0] for x in sorted(matrix, reverse=True) if x != last],
        "gradients": [matrix[x][1] for x in sorted(matrix, reverse=True)],
        "biases": network.bias,
        "update_biases": network.update_biases,
        "updates": updates,
        "total": Name(composer.model.total),
    }
    keys = ["algorithm_start", "algorithm_forward", "algorithm_output"]
    keys += ["algorithm_hidden"] if last > 1 else []
    keys += ["algorithm_gradients", "algorithm_update", "algorithm_repeat"]
    return Section(
        "algorithm",
        facts,
        (Words("algorithm_intro", facts), Listing(tuple(Words(key, facts) for key in keys))),
    )
