"""What a picture shows: quantities in columns from left to right, and what leads to what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from derive.calculus.chain import Chain
from derive.calculus.local import local_derivatives
from derive.formula import (
    ONE,
    Call,
    Equation,
    Everywhere,
    Formula,
    Letter,
    Name,
    Neuron,
    Sum,
)
from derive.functions import SOFTMAX
from derive.model import Model, Role
from derive.notations.names import Naming
from derive.notes.blocks import Row

MOST_OF_LAYER = 6
"""Of a larger layer the first three neurons and the last are drawn, with dots."""
MOST_LAYERS = 20
"""Of more layers there is no picture."""
PLAIN, SKIPS, WAY = "plain", "skips", "way"
"""The styles of lines: a connection, one without a weight, one on a way to the error. Where ways
part, each has a style of its own besides."""


@dataclass(frozen=True)
class Vertex:
    """A quantity, a neuron or, without a label, the dots for those that are left out.

    `slope` is the function whose derivative is a factor of every way through it, `rows` is what
    stands below the label. A whole array has `cells`, row by row.
    """

    key: str
    label: Formula | None
    column: int
    slope: str = ""
    style: str = PLAIN
    rows: tuple[Row, ...] = ()
    cells: tuple[tuple[Vertex, ...], ...] = ()

    @property
    def lines(self) -> tuple[Row, ...]:
        """All that stands below the label."""
        return (*self.rows, *([Row("slope", self.slope)] if self.slope else ()))


@dataclass(frozen=True)
class Arc:
    """What leads from one vertex to another, by their keys; `label` is the factor it stands for."""

    start: str
    end: str
    label: Formula | None = None
    style: str = PLAIN


@dataclass(frozen=True)
class Band:
    """What the columns from the `first` to the `last` have in common: a step of time."""

    label: Equation
    first: int
    last: int


@dataclass(frozen=True)
class About:
    """What there is to say of a picture in words.

    `merged` stands where `into` does, of which it is the net input. Of arrays `focus` is the entry
    of which it is marked what it is computed from; that a kernel `slides` over an array, and by
    which letter there are bands for `steps`, is said, too; arrays drawn `in_part` have more indices
    than two. In `vectors` all units of a step are drawn as one.
    """

    merged: Formula | None = None
    into: Formula | None = None
    steps: Letter | None = None
    focus: Name | None = None
    slides: bool = False
    in_part: bool = False
    vectors: bool = False


@dataclass(frozen=True)
class Graph:
    """Vertices in reading order, and arcs between them. `ordered` says that the order stays."""

    vertices: Mapping[str, Vertex]
    arcs: Sequence[Arc]
    ordered: bool = True
    at: Mapping[str, str] = field(default_factory=dict)
    """The vertex at which a quantity is drawn: the net input of a neuron at the neuron."""
    bands: tuple[Band, ...] = ()
    about: About = About()

    def overview(self, weights: Collection[Formula] = ()) -> Graph:
        """The same without slopes, and with the labels of these weights alone."""
        plain = {key: replace(vertex, slope="") for key, vertex in self.vertices.items()}
        arcs = [
            replace(arc, style=WAY) if arc.label in weights else replace(arc, label=None)
            for arc in self.arcs
        ]
        return replace(self, vertices=plain, arcs=arcs)

    def with_rows(self, rows: Mapping[str, Sequence[Row]]) -> Graph:
        """The overview with these lines in the nodes, by their keys."""
        found = self.overview()
        vertices = {
            key: replace(vertex, rows=tuple(rows.get(key, ())))
            for key, vertex in found.vertices.items()
        }
        return replace(found, vertices=vertices)

    def styled(self, vertices: Mapping[str, str], arcs: Mapping[tuple[str, str], str]) -> Graph:
        """The same with other styles for some; what keeps its own loses its label or slope."""
        return replace(
            self,
            vertices={
                key: replace(v, style=vertices[key]) if key in vertices else replace(v, slope="")
                for key, v in self.vertices.items()
            },
            arcs=[
                replace(arc, style=arcs[arc.start, arc.end])
                if (arc.start, arc.end) in arcs
                else replace(arc, label=None)
                for arc in self.arcs
            ],
        )


def layer_graph(chain: Chain, wanted: Iterable[str] = (), *, errors: bool = False) -> Graph | None:
    """The neurons of a layered network, in layers; those of the parameters `wanted` among them.

    Nothing where there are more layers than can be told apart.

    With `errors` the errors stand behind the last layer, and a softmax layer is drawn as net inputs
    and the outputs that each depend on all of them.
    """
    model, network = chain.model, chain.model.network
    if len(network.layers) > MOST_LAYERS:
        return None
    vertices: dict[str, Vertex] = {}
    at: dict[str, str] = {}
    column = -1
    shown = _shown(model, wanted)
    for layer, numbers in enumerate(shown):
        apart = errors and layer > 0 and network.activations[layer - 1] == SOFTMAX
        nets = {model.quantities[n].index: n for n in model.in_layer(layer, Role.NET)}
        outs = {
            model.quantities[n].index: n for n in model.in_layer(layer, Role.INPUT, Role.OUTPUT)
        }
        column += 1
        if apart:
            at |= {nets[i]: nets[i] for i in numbers}
            _stack(vertices, column, {i: (nets[i], Name(nets[i])) for i in numbers})
            column += 1
        elif layer:
            at |= {nets[i]: outs[i] for i in numbers}
        at |= {outs[i]: outs[i] for i in numbers}
        labels = {i: Name(outs[i]) if apart else Neuron("neuron", layer, i) for i in numbers}
        _stack(vertices, column, {i: (outs[i], labels[i]) for i in numbers})
    if errors:
        names = {i: model.errors[i - 1] for i in shown[-1]}
        _stack(vertices, column + 1, {i: (e, Name(e)) for i, e in names.items()})
        if model.total not in vertices:
            vertices[model.total] = Vertex(model.total, Name(model.total), column + 2)
        at |= {name: name for name in (*names.values(), model.total)}
    return joined(chain, vertices, at, ordered=True)


def any_graph(names: Naming, letter: str) -> Graph:
    """Three layers of a network of any size, the middle one by its `letter`.

    Of each a neuron is named by its index letter, and the weights between these carry their names.
    """
    j, i, k = names.letters
    layers = (f"{letter}-1", letter, f"{letter}+1")
    vertices: dict[str, Vertex] = {}
    columns: list[list[str]] = []
    for column, (layer, index) in enumerate(zip(layers, (i, j, k), strict=True)):
        own: list[str | int] = [index] if names.table.units == "network" else [1, index]
        for which in own:
            if which != 1:
                vertices[f"dots {column}"] = Vertex(f"dots {column}", None, column)
            label = Everywhere(Neuron("neuron", 0, which), layer)
            vertices[f"{column} {which}"] = Vertex(f"{column} {which}", label, column)
        vertices[f"more {column}"] = Vertex(f"more {column}", None, column)
        columns.append([f"{column} {which}" for which in own])
    weights = (
        Everywhere(Neuron("weight", 0, j, i), letter),
        Everywhere(Neuron("weight", 0, k, j), layers[2]),
    )
    arcs = [
        Arc(start, end, weight, WAY) if (start, end) == (before[-1], after[-1]) else Arc(start, end)
        for weight, (before, after) in zip(weights, pairwise(columns), strict=True)
        for end in after
        for start in before
    ]
    return Graph(vertices, arcs)


def _shown(model: Model, wanted: Iterable[str]) -> list[list[int]]:
    """The numbers of the neurons of each layer that are drawn."""
    shown = [
        list(range(1, size + 1)) if size <= MOST_OF_LAYER else [1, 2, 3, size]
        for size in model.network.layers
    ]
    for name in wanted:
        q = model.quantities[name]
        for layer, index in ((q.layer, q.index), (q.layer - 1, q.source)):
            if index:
                shown[layer] = sorted({*shown[layer], index})
    return shown


def _stack(
    vertices: dict[str, Vertex], column: int, rows: Mapping[int, tuple[str, Formula]]
) -> None:
    """Vertices below each other, with dots where numbers are left out."""
    before = 0
    for number, (key, label) in rows.items():
        if number > before + 1:
            vertices[f"dots {key}"] = Vertex(f"dots {key}", None, column)
        vertices[key] = Vertex(key, label, column)
        before = number


def joined(
    chain: Chain, vertices: Mapping[str, Vertex], at: Mapping[str, str], *, ordered: bool
) -> Graph:
    """The graph with an arc for each dependence between quantities that are drawn."""
    model = chain.model
    slopes = {end: call.function for name, end in at.items() if (call := _call(model, name))}
    inputs: dict[str, list[str]] = {name: [] for name in at}
    for x, start in at.items():
        for name in model.used_in[x]:
            if name in at and vertices[start].column < vertices[at[name]].column:
                inputs[name].append(x)
    arcs: list[Arc] = []
    for name, end in at.items():
        skipping = ordered and model.quantities[name].role is Role.NET
        for x in inputs[name]:
            arcs += _arcs(at[x], end, coefficient(chain, name, x), skipping=skipping)
    sloping = {key: replace(v, slope=slopes.get(key, "")) for key, v in vertices.items()}
    return Graph(sloping, arcs, ordered, at)


def _arcs(start: str, end: str, factor: Formula | None, *, skipping: bool) -> list[Arc]:
    """An arc with its factor; where layers also skip to the next one, two of them."""
    terms = factor.terms if skipping and isinstance(factor, Sum) else (factor,)
    if len(terms) == 2 and ONE in terms:
        return [Arc(start, end, terms[0]), Arc(start, end, style=SKIPS)]
    if factor == ONE:
        return [Arc(start, end, style=SKIPS if skipping else PLAIN)]
    return [Arc(start, end, factor)]


def coefficient(chain: Chain, name: str, x: str) -> Formula | None:
    """What a quantity is multiplied by in the definition of another, within its function if any.

    Of f(w·x) that is x for w; f' is another factor of the way.
    """
    call = _call(chain.model, name)
    if call is not None:
        return local_derivatives(call.argument, "").get(x)
    return chain.slope(name, x)


def _call(model: Model, name: str) -> Call | None:
    """The function whose value a quantity is stated as; no other definition is written out."""
    if not isinstance(model.instances.placed(name)[0].definition, Call):
        return None
    definition = model.definitions[name]
    assert isinstance(definition, Call)
    return definition
