"""A picture of whole arrays: their entries as cells, and what one of them is computed from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import pairwise

from derive.calculus.chain import Chain
from derive.formula import Call, Dots, Equation, Formula, Member, Name
from derive.model import PARAMETERS, Model
from derive.model.families import Family, Indices, Key, array_of, member
from derive.model.instances import Instances
from derive.notes.blocks import Row
from derive.notes.graph import PLAIN, WAY, About, Arc, Graph, Vertex
from derive.notes.quantities import LONGEST_REMARK as SHORT_REMARK
from derive.notes.quantities import drawn_arrays, remark_on
from derive.notes.unrolled import depths, time_of

MOST_CELLS = 6
"""Of a longer row or column the first three cells and the last are drawn, with dots."""
MOST_ACROSS, FEW_CELLS = 12, 4
"""Where rows are longer than this altogether, only so many of their cells are drawn."""
MOST_ARRAYS = 12
MOST_MARKED = 60
LONGEST_REMARK = 26

Marks = Mapping[str, Formula | None]
"""The entries that are marked; with each the weight that it is multiplied by, if it is one."""


def array_graph(chain: Chain, law: Mapping[Key, Equation] | None = None) -> Graph | None:
    """The arrays of a network, where a list of its quantities would hide what it is.

    That is where a kernel slides over an array, or where an array has rows and columns, and none
    of these is time. One entry, the second one that a kernel gives or the first before the error,
    is marked with all that it is computed from; in a window each with the weight that it meets.
    Below an array stands what it is as a whole, where the `law` says so.
    """
    law = law or {}
    instances = chain.model.instances
    drawn = drawn_arrays(instances)
    sliding = next(_sliding(instances.families, drawn), None)
    matrices = any(sum(len(run) > 1 for run in box.ranges) > 1 for box in drawn.values())
    timed = time_of(instances).letter
    if timed or len(drawn) > MOST_ARRAYS or not (sliding or matrices):
        return None
    at = _places(instances, drawn)
    order = sorted({*at.values()}, key=lambda key: instances.order[_first(instances, key).name])
    before: dict[str, list[str]] = {_key(key): [] for key in order}
    for family, used in _uses(instances.families):
        if array_of(used) in at:
            start, end = _key(at[array_of(used)]), _key(at[family.array])
            before[end] += [start] if start not in (end, *before[end]) else []
    given = [
        _key(key) for key in drawn if all(f.definition is None for f in instances.of_array(key))
    ]
    columns = depths(before, given)
    focus, marks = _marked(chain, sliding)
    long = sum(len(drawn[key].ranges[-1]) for key in {*at.values()} if key[1] > 1)
    most = MOST_CELLS if long <= MOST_ACROSS else FEW_CELLS
    vertices = {
        _key(key): _vertex(chain.model, key, drawn[key], columns[_key(key)], marks, most, law)
        for key in at.values()
    }
    arcs = [Arc(start, end) for end, starts in before.items() for start in starts]
    # What is given stands below what is computed.
    ranked = sorted(before, key=lambda key: key in given)
    net, into = next(
        ((_first(instances, n), _first(instances, key)) for n, key in at.items() if n != key),
        (None, None),
    )
    about = About(
        net,
        into,
        focus=Name(focus),
        slides=sliding is not None,
        in_part=any(len(run) > 1 for key in at.values() for run in drawn[key].ranges[:-2]),
    )
    return Graph({key: vertices[key] for key in ranked}, arcs, ordered=False, about=about)


def _first(instances: Instances, key: Key) -> Name:
    return Name(instances.of([instances.of_array(key)[0]])[0])


def _key(array: Key) -> str:
    return f"{array[0]} {array[1]}"


def _places(instances: Instances, drawn: Mapping[Key, Family]) -> dict[Key, Key]:
    """With which array each is drawn: with what is a function of it and of nothing else."""
    at = {key: key for key in drawn}
    users: dict[Key, set[Key]] = {}
    for family, used in _uses(instances.families):
        users.setdefault(array_of(used), set()).add(family.array)
    for family in instances.families:
        net = family.definition.argument if isinstance(family.definition, Call) else None
        if isinstance(net, Member) and net.indices == member("", *family.letters).indices:
            key = array_of(net)
            computed = all(part.definition is not None for part in instances.of_array(key))
            if key in drawn and computed and users[key] == {family.array}:
                at[key] = family.array
    return at


def _sliding(
    families: Iterable[Family], drawn: Mapping[Key, Family]
) -> Iterator[tuple[Family, Member]]:
    """What a kernel gives, and what it slides over: x[i+k-1] in the definition of net[i]."""
    for family, used in _uses(families):
        mixed = any(
            len({*letters}) > 1 and {*letters} & {*family.letters} for letters, _ in used.indices
        )
        if mixed and array_of(used) in drawn:
            yield family, used


def _uses(families: Iterable[Family]) -> Iterator[tuple[Family, Member]]:
    """Each family that has a definition, with what stands in it, one after the other."""
    for family in families:
        for used, _ in family.used:
            yield family, used


# What is marked.


def _marked(chain: Chain, sliding: tuple[Family, Member] | None) -> tuple[str, Marks]:
    """The entry that the picture is about, and what it is computed from.

    Of what a kernel gives what is a function of it alone is marked, too, and is the entry.
    """
    model = chain.model
    if sliding is None:
        ends = model.inputs_of[model.total]
        focus = next((x for x in ends if x in model.definitions), model.total)
    else:
        family, _ = sliding
        # Before the two last ones stand those of several kernels.
        others = len(family.ranges) - 2
        at = tuple(run[:2][-1] if n >= others else run[0] for n, run in enumerate(family.ranges))
        focus = model.instances.name(family, at)
    found: dict[str, Formula | None] = {focus: None}
    todo = [focus]
    while todo and len(found) < MOST_MARKED:
        name = todo.pop()
        for x in model.inputs_of.get(name, ()):
            if x not in found and model.quantities[x].role not in PARAMETERS:
                found[x] = chain.slope(name, x) if sliding and name == focus else None
                todo.append(x)
    users = model.used_in[focus]
    if sliding and len(users) == 1 and isinstance(model.definitions[users[0]], Call):
        focus = users[0]
        found[focus] = None
    return focus, found


# Cells.


def _vertex(
    model: Model,
    key: Key,
    box: Family,
    column: int,
    marks: Marks,
    most: int,
    law: Mapping[Key, Equation],
) -> Vertex:
    """An array with its cells, a single number as a node."""
    remarks = _remarks(model, key, law if box.ranges else {})
    if not box.ranges:
        name = model.instances.name(model.instances.of_array(key)[0], ())
        style = WAY if name in marks else PLAIN
        return Vertex(_key(key), Name(name), column, style=style, rows=remarks)
    rows = tuple(
        tuple(_cell(model, at, key, column, marks) for at in row)
        for row in _shown(model, key, box, marks, most)
    )
    return Vertex(_key(key), None, column, rows=remarks, cells=rows)


def _cell(model: Model, at: Place, key: Key, column: int, marks: Marks) -> Vertex:
    family = model.instances.at(key[0], at) if isinstance(at, tuple) else None
    if family is None or not isinstance(at, tuple):
        return Vertex("", at if isinstance(at, Dots) else None, column)
    name = model.instances.name(family, at)
    if name not in marks:
        return Vertex(name, Name(name), column)
    by = marks[name]
    rows = () if by is None else (Row("factor", by),)
    return Vertex(name, Name(name), column, style=WAY, rows=rows)


Place = Indices | Dots | None
"""The indices of a cell, or dots in a row of cells or in a column."""


def _shown(model: Model, key: Key, box: Family, marks: Marks, most: int) -> list[list[Place]]:
    """The cells that are drawn, row by row; of more than two indices the others stay the first."""
    marked = [model.quantities[name].indices for name in marks if _has(model, name, key)]
    ranges = box.ranges
    fixed = min(marked, default=tuple(run[0] for run in ranges))[:-2]
    down = _numbers(ranges[-2:][0], {at[-2:][0] for at in marked}, most)
    if len(ranges) == 1:
        return [[None if i is None else (i,)] for i in down]
    across = _numbers(ranges[-1], {at[-1] for at in marked}, most)
    return [
        [None if i is None else Dots() if j is None else (*fixed, i, j) for j in across]
        for i in down
    ]


def _has(model: Model, name: str, key: Key) -> bool:
    quantity = model.quantities[name]
    return (quantity.family, len(quantity.indices)) == key


def _numbers(run: range, marked: Collection[int], most: int) -> list[int | None]:
    """The numbers of which cells are drawn, and nothing for dots."""
    if len(run) <= most:
        return list(run)
    few = marked if len(marked) <= MOST_CELLS else ()
    kept = sorted({*run[: most // 2], *few, run[-1]})
    found: list[int | None] = [kept[0]]
    for before, number in pairwise(kept):
        found += [None] if number > before + 2 else [*range(before + 1, number)]
        found.append(number)
    return found


def _remarks(model: Model, key: Key, law: Mapping[Key, Equation]) -> tuple[Row, ...]:
    """What an array is as a whole, and what its author says of it."""
    found = [Row("value", law[key])] if key in law and len(law[key].sides) == 2 else []
    for family in model.instances.of_array(key):
        author = remark_on(model, family)
        longest = LONGEST_REMARK if family.ranges else SHORT_REMARK
        found += [Row("remark", author)] if 0 < len(author) <= longest else []
    return tuple(dict.fromkeys(found))
