"""What a picture shows: quantities in columns from left to right, and what leads to what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import islice, pairwise

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
    Number,
    Sum,
)
from derive.functions import SOFTMAX
from derive.model import PARAMETERS, Model, Role
from derive.model.families import Family
from derive.notations.names import Naming
from derive.notes.blocks import Row
from derive.notes.unrolled import Time, depths, time_of, unrolled

MOST_OF_LAYER = 6
"""Of a larger layer the first three neurons and the last are drawn, with dots."""
MOST_LAYERS = 20
"""Of more layers there is no picture."""
MOST_DRAWN = 40
"""Of more quantities there is no picture."""
TALLEST = 16
LONGEST_REMARK = 14
"""Letters of what the author says of a quantity, in its node."""
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
    of which it is marked what it is computed from, of which a kernel `slides` over an array or not;
    `shares` says that a softmax is taken of rows, `steps` that there are bands for steps of time.
    """

    merged: Name | None = None
    into: Name | None = None
    steps: bool = False
    focus: Name | None = None
    slides: bool = False
    shares: bool = False


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
    return _joined(chain, vertices, at, ordered=True)


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


def equation_graph(chain: Chain) -> Graph | None:
    """Inputs and intermediate quantities, without the weights; nothing for very many of them.

    Below a name stands what its author calls it.
    """
    model = chain.model
    shown = model.names(*(role for role in Role if role not in PARAMETERS))
    found = _of_quantities(chain, shown)
    if found is None:
        return None
    vertices = dict(found.vertices)
    for name, key in found.at.items():
        said = remark_on(model, model.instances.placed(name)[0])
        if 0 < len(said) <= LONGEST_REMARK:
            vertices[key] = replace(vertices[key], rows=(Row("remark", said),))
    return replace(found, vertices=vertices)


def remark_on(model: Model, family: Family) -> str:
    """What the author says of a definition, on its line; nothing where nothing is said."""
    return model.network.remarks.get(family.line, "")


def way_graph(chain: Chain, parameter: str) -> Graph | None:
    """What lies between one parameter and the error, and what the parameter is multiplied by.

    Where that is one quantity, the parameter is the label of the arc that leads on from it;
    otherwise it is drawn itself. Nothing for very many quantities.
    """
    model = chain.model
    if model.has_neurons:
        found = layer_graph(chain, [parameter], errors=True)
    else:
        below = list(islice(model.downstream(parameter), MOST_DRAWN + 2))
        if len(below) > MOST_DRAWN + 1:
            return None
        beside = {_beside(chain, user, parameter) for user in model.used_in[parameter]}
        shown = sorted({*below, *beside} - {"", parameter}, key=model.order.__getitem__)
        found = _of_quantities(chain, shown)
    return None if found is None else _with_parameter(chain, found, parameter)


def _with_parameter(chain: Chain, graph: Graph, parameter: str) -> Graph:
    """The graph with arcs for the uses of one parameter."""
    own = Name(parameter)
    vertices, arcs = dict(graph.vertices), list(graph.arcs)
    for user in chain.model.used_in[parameter]:
        end = graph.at.get(user)
        if end is None:
            continue
        column = vertices[end].column - 1
        beside = _beside(chain, user, parameter)
        if beside and beside in graph.at:
            start, label = graph.at[beside], own
            arcs = [a for a in arcs if (a.start, a.end) != (start, end) or a.label != own]
        elif coefficient(chain, user, parameter) == ONE:
            start, label = f"one {user}", own
            vertices[start] = Vertex(start, ONE, column)
        else:
            start, label = parameter, None
            columns = [column, *(v.column for k, v in vertices.items() if k == start)]
            vertices[start] = Vertex(start, own, min(columns))
        arcs.append(Arc(start, end, label))
    least = min(vertex.column for vertex in vertices.values())
    placed = {key: replace(v, column=v.column - least) for key, v in vertices.items()}
    bands = (replace(b, first=b.first - least, last=b.last - least) for b in graph.bands)
    return replace(graph, vertices=placed, arcs=arcs, bands=tuple(bands))


def _beside(chain: Chain, user: str, parameter: str) -> str:
    """The quantity that a parameter is multiplied by in a definition; nothing for another use."""
    factor = coefficient(chain, user, parameter)
    plain = isinstance(factor, Name) and chain.model.quantities[factor.name].role not in PARAMETERS
    return factor.name if isinstance(factor, Name) and plain else ""


def _of_quantities(chain: Chain, shown: Sequence[str]) -> Graph | None:
    """The graph of these quantities; nothing where they are too many to be told apart."""
    model = chain.model
    if len(shown) > MOST_DRAWN:
        return None
    at = _places(model, shown)
    before: dict[str, list[str]] = {key: [] for key in at.values()}
    for name, key in at.items():
        inputs = (at[x] for x in model.inputs_of.get(name, ()) if x in at)
        before[key] += [x for x in inputs if x not in (key, *before[key])]
    given = [key for key in before if key not in model.definitions]
    time, bands = time_of(model.instances), []
    steps = {key: _step(model, time, key) for key in before} if time.letter else {}
    found = unrolled(before, given, {k: s for k, s in steps.items() if s is not None})
    columns, numbered = found or (depths(before, given), [])
    for step, first, last in numbered:
        bands.append(Band(Equation((Letter(time.letter), Number(Fraction(step)))), first, last))
    if max(Counter(columns.values()).values()) > TALLEST:
        return None
    # What is given stands below what is computed, except in the first column.
    ranked = sorted(before, key=lambda key: columns[key] > 0 and key in given)
    placed = {key: Vertex(key, Name(key), columns[key]) for key in ranked}
    net, into = next(((Name(n), Name(key)) for n, key in at.items() if n != key), (None, None))
    about = About(net, into, steps=bool(bands))
    return replace(_joined(chain, placed, at, ordered=False), bands=tuple(bands), about=about)


def _places(model: Model, shown: Sequence[str]) -> dict[str, str]:
    """At which vertex each quantity is drawn: at what is a function of it and of nothing else."""
    at = {name: name for name in shown}
    for name in shown:
        definition = model.definitions.get(name)
        if isinstance(definition, Call) and isinstance(definition.argument, Name):
            net = definition.argument.name
            if net in at and net in model.definitions and list(model.used_in[net]) == [name]:
                at[net] = name
    return at


def _step(model: Model, time: Time, name: str) -> int | None:
    quantity = model.quantities[name]
    return time.step(quantity.family, quantity.indices)


def _joined(
    chain: Chain, vertices: Mapping[str, Vertex], at: Mapping[str, str], *, ordered: bool
) -> Graph:
    """The graph with an arc for each dependence between quantities that are drawn."""
    model = chain.model
    arcs: list[Arc] = []
    slopes: dict[str, str] = {}
    for name, end in at.items():
        definition = model.definitions.get(name)
        if definition is None:
            continue
        if isinstance(definition, Call):
            slopes[end] = definition.function
        inputs = set(model.inputs_of[name])
        for x in at:
            if x in inputs and vertices[at[x]].column < vertices[end].column:
                skipping = ordered and model.quantities[name].role is Role.NET
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
    definition = chain.model.definitions[name]
    if isinstance(definition, Call):
        return local_derivatives(definition.argument, "").get(x)
    return chain.slope(name, x)
