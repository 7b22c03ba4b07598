"""Pictures of quantities that equations define, and of the ways of one parameter to the error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import islice

from derive.calculus.chain import Chain
from derive.formula import ONE, Array, Call, Dots, Equation, Formula, Letter, Name, Number
from derive.model import PARAMETERS, Model
from derive.model.families import Family, Key, member
from derive.model.instances import Instances
from derive.notes.blocks import Row
from derive.notes.graph import About, Arc, Band, Graph, Vertex, coefficient, joined, layer_graph
from derive.notes.unrolled import Few, Time, depths, few, time_of, unrolled

MOST_DRAWN = 48
"""Of more quantities there is no picture."""
MOST_ARCS = 40
"""With more lines between them the units of a step of time are drawn as one vector."""
TALLEST = 16
LONGEST_REMARK = 16
"""Letters of what the author says of a quantity, in its node."""
SKIPPED = "skipped"
"""The vertex of the dots for steps that are left out."""


def equation_graph(chain: Chain) -> Graph | None:
    """Inputs and intermediate quantities, without the weights; nothing for very many of them.

    Of many steps the first two and the last are drawn, with dots, and so are many units.

    Where lines between the units of steps would hide the steps, vectors are drawn. Below a name
    stands what its author calls it.
    """
    model, time = chain.model, time_of(chain.model.instances)
    arrays = drawn_arrays(model.instances)
    # Where something leads back from a step there are no steps; where columns are too high, fewer
    # quantities.
    tried = (
        _of_quantities(chain, few(model.instances, one, arrays, most), one)
        for most in (MOST_DRAWN, MOST_DRAWN // 2)
        for one in ((time, Time()) if time.letter else (time,))
    )
    found = next((graph for graph in tried if graph is not None), None)
    if found is None:
        return None
    vertices = dict(found.vertices)
    for name, key in found.at.items():
        said = remark_on(model, model.instances.placed(name)[0])
        if 0 < len(said) <= LONGEST_REMARK:
            vertices[key] = replace(vertices[key], rows=(Row("remark", said),))
    found = replace(found, vertices=vertices)
    inside = [arc for arc in found.arcs if arc.end in found.at and _step(model, time, arc.end)]
    crowded = found.bands and not found.ordered and len(inside) > MOST_ARCS
    return _of_vectors(model, found, time) if crowded else found


def _of_vectors(model: Model, graph: Graph, time: Time) -> Graph:
    """The same graph with all units of a step in the place of its first one."""
    first: dict[tuple[Key, int | None], str] = {}
    at: dict[str, str] = {}
    labels: dict[str, Formula] = {}
    for name in (*graph.vertices, *graph.at):
        if name == SKIPPED:
            at[name], labels[name] = name, Dots()
            continue
        family, indices = model.instances.placed(name)
        step = time.step(family.key, indices)
        units = len(indices) - (step is not None)
        at[name] = first.setdefault((family.array, step), name) if units else name
        of = Name(family.key) if step is None else member(family.key, step)
        labels[name] = Array(of) if units else Name(name)
    arcs = dict.fromkeys((at[arc.start], at[arc.end]) for arc in graph.arcs)
    about = graph.about
    named = (about.merged, about.into)
    merged, into = (labels[of.name] if isinstance(of, Name) else None for of in named)
    return replace(
        graph,
        vertices={
            key: replace(vertex, label=labels[key])
            for key, vertex in graph.vertices.items()
            if at[key] == key
        },
        arcs=[Arc(start, end) for start, end in arcs],
        at={name: at[key] for name, key in graph.at.items()},
        about=replace(about, merged=merged, into=into, vectors=True),
    )


def drawn_arrays(instances: Instances) -> dict[Key, Family]:
    """The arrays of quantities that a picture shows: all but those of weights and biases."""
    return {
        key: box
        for key, box in instances.arrays.items()
        if not {part.role for part in instances.of_array(key)} & {*PARAMETERS}
    }


def remark_on(model: Model, family: Family) -> str:
    """What the author says of a definition on its line, up to a colon; or nothing."""
    return model.network.remarks.get(family.line, "").partition(":")[0].strip()


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
        found = _of_quantities(chain, Few(shown), time_of(model.instances))
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


def _of_quantities(chain: Chain, shown: Few, time: Time) -> Graph | None:
    """The graph of these quantities; nothing where they are too many to be told apart."""
    model = chain.model
    if len(shown.names) > MOST_DRAWN or "" in shown.names:
        # What has no name stands for so many that nobody has counted them.
        return None
    at = _places(model, shown.names)
    before: dict[str, list[str]] = {key: [] for key in at.values()}
    for name, key in at.items():
        inputs = (at[x] for x in model.inputs_of.get(name, ()) if x in at)
        before[key] += [x for x in inputs if x not in (key, *before[key])]
    steps = {key: step for key in before if (step := _step(model, time, key)) is not None}
    if shown.skipped is not None:
        before = _with_dots(model, before, at, time, shown.skipped)
        steps[SKIPPED] = shown.skipped
    given = [key for key in before if key not in model.definitions and key != SKIPPED]
    found = unrolled(before, given, steps) if steps else None
    if found is None and shown.skipped is not None:
        return None
    columns, numbered = found or (depths(before, given), [])
    if max(Counter(columns.values()).values()) > TALLEST:
        return None
    vertices: dict[str, Vertex] = {}
    # What is given stands below what is computed, except in the first column.
    for key in sorted(before, key=lambda key: columns[key] > 0 and key in given):
        label = Dots() if key == SKIPPED else Name(key)
        vertices[key] = Vertex(key, label, columns[key])
        if key in shown.behind:
            vertices[f"more {key}"] = Vertex(f"more {key}", None, columns[key])
    bands = tuple(
        Band(Equation((Letter(time.letter), Number(Fraction(step)))), first, last)
        for step, first, last in numbered
        if step != shown.skipped
    )
    net, into = next(((Name(n), Name(key)) for n, key in at.items() if n != key), (None, None))
    graph = joined(chain, vertices, at, ordered=bool(shown.behind))
    dotted = [
        Arc(start, end)
        for end, starts in before.items()
        for start in starts
        if SKIPPED in (start, end)
    ]
    arcs = [*graph.arcs, *dotted]
    return replace(
        graph,
        arcs=arcs,
        bands=bands,
        about=About(net, into, Letter(time.letter) if bands else None),
    )


def _with_dots(
    model: Model,
    before: Mapping[str, list[str]],
    at: Mapping[str, str],
    time: Time,
    skipped: int,
) -> dict[str, list[str]]:
    """The same with the dots for the steps from `skipped` on that are left out, in their place."""
    into: list[str] = []
    out: set[str] = set()
    for name, key in at.items():
        users = (user for user in model.used_in[name] if user not in at)
        if key not in into and any(_step(model, time, user) == skipped for user in users):
            into.append(key)
        inputs = (x for x in model.inputs_of.get(name, ()) if x not in at)
        if any((_step(model, time, x) or 0) >= skipped for x in inputs):
            out.add(key)
    found: dict[str, list[str]] = {}
    for key, others in before.items():
        if key in out and SKIPPED not in found:
            found[SKIPPED] = into
        found[key] = [*others, SKIPPED] if key in out else others
    return found


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
