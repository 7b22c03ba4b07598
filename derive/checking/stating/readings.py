"""One network as which a document may be read: equations, with sizes and functions chosen."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from derive.checking.stating.chosen import Chosen, unit_order, weights_of
from derive.checking.stating.conditions import Spans, assumed_lines, conditions
from derive.checking.stating.equations import OWN_E, Writer
from derive.checking.stating.letters import letters_in
from derive.checking.stating.members import fixed_letters, named_error, placed_members
from derive.checking.stating.ranges import Ranges, Slot
from derive.checking.stating.said import Definition, Said
from derive.checking.stating.spelling import accented
from derive.checking.stating.written import (
    UnwrittenError,
    names,
    nodes,
)
from derive.errors import InputError
from derive.functions import SOFTMAX, spelled
from derive.model.facts import Facts
from derive.networks.equations.system import System
from derive.notations.free import free_stem
from derive.notations.greek import GREEK

SOME_FUNCTIONS = ("sig", "tanh", "softplus")
"""What a function without a definition is taken for, one after the other."""
_WEIGHTS = ("w", "u", "v", "b", "theta")


@dataclass(frozen=True)
class Reading:
    """One network as which a document may be read: its file, and what was chosen for it."""

    text: str
    network: Facts
    sizes: Mapping[str, int | str] = field(default_factory=dict)
    functions: Mapping[str, str] = field(default_factory=dict)
    kind: str = ""
    """What its names are, where the document does not decide: numbers, or vectors and matrices."""
    limits: Mapping[str, int] = field(default_factory=dict)
    """The letters up to which the document counts, N of Σ_{i=1}^N, with what they are here."""
    fixed: Mapping[str, int] = field(default_factory=dict)
    """The letters of single members, the c of −ln p_c, with which they are here."""
    units: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """The numbers of the letters that tell units apart."""
    assumed: tuple[Definition, ...] = ()
    """What the document assumes of given quantities, as far as it is a condition here."""
    with_data: Facts | None = None
    """The network with the numbers of the document for its inputs, if it has any."""
    written_out: bool = False
    """Whether the document writes out every unit, so that these sizes are its own."""
    since: int = -1
    """The number of the formula that defines its error, before which nobody knows of it."""


def equation_readings(
    network: Chosen, said: Said, name: str, only: int | None
) -> Iterator[Reading]:
    """The network with each choice of sizes and of functions that are left open.

    With `only` one of them is made, because other readings of the network make the others.
    """
    opened = _open_functions(network, said.spoken)
    strange = next((q.stem for q in said.unread if any(q.stem == key[0] for key in opened)), "")
    if strange:
        raise UnwrittenError(f"what stands behind {strange}(…) = could not be read")
    spoken = [key for key in opened if key[0] in said.spoken]
    ways = [
        (way, fixed) for way in _ranged(network, said) for fixed in fixed_letters(network, way[3])
    ]
    count = max(len(ways), len(SOME_FUNCTIONS) if len(spoken) < len(opened) else 1)
    for choice in range(count) if only is None else [only]:
        functions = {
            key: SOME_FUNCTIONS[(choice + n) % len(SOME_FUNCTIONS)] for n, key in enumerate(opened)
        } | {key: said.spoken[key[0]] for key in spoken}
        (ranges, sizes, limits, spans), fixed = ways[choice % len(ways)]
        placed = placed_members(network, spans, fixed)
        lines = _lines(placed, ranges, functions, sizes)
        weights = ", ".join(_families(placed, weights_of(placed, said, _WEIGHTS)))
        if not weights:
            given = ", ".join(map(str, network.given))
            error = network.error.left
            raise UnwrittenError(f"{error} depends on no weight, but on {given}")
        head = [f"# what {name} defines", f"weights: {weights}", *named_error(placed)]
        head += _accented(lines)
        text = "\n".join([*head, *lines, *conditions(placed, ranges, said), ""])
        text, system, assumed = _assuming(text, name, placed, said.assumed, spans)
        numbered = _assuming(text, name, placed, said.data, spans)[1] if said.data else system
        named, with_data = (
            replace(one, called=called(functions), rows=network.rows, laid=network.matrices)
            for one in (system, numbered)
        )
        units = ranges[0] if network.units else {}
        yield Reading(
            text,
            named,
            {**sizes, **fixed},
            _shown_functions(functions),
            limits=limits,
            fixed=fixed,
            assumed=assumed,
            with_data=None if numbered is system else with_data,
            since=network.error.formula,
            units={letter: frozenset(range(a, b + 1)) for letter, (a, b) in units.items()},
        )


def _accented(lines: Sequence[str]) -> Iterator[str]:
    r"""That ``yhat`` is written as the author does, ŷ, and an e of the author's as e."""
    stems = dict.fromkeys(stem for line in lines for stem in _STEM.findall(line))
    own = {OWN_E: "e", "ell": r"\ell"}
    parts = [f"{s} = {written}" for s in stems if (written := own.get(s) or accented(s))]
    if parts:
        yield f"latex: {', '.join(parts)}"


_STEM = re.compile(r"[A-Za-z]+(?![A-Za-z0-9])")


def _system(text: str, name: str) -> System:
    """The network of a file; what is wrong with it is said without the file's lines."""
    try:
        return System.from_text(text, name)
    except InputError as error:
        raise UnwrittenError(re.sub(r"\A[^:]*:(?:[0-9]+:)? ", "", str(error))) from None


def _assuming(
    text: str,
    name: str,
    network: Chosen,
    assumptions: Sequence[Definition],
    spans: Mapping[Slot, tuple[int, int]],
) -> tuple[str, System, tuple[Definition, ...]]:
    """A file with what is assumed, as far as it can have that; and what it has of it."""
    system, taken = _system(text, name), list[Definition]()
    for one in assumptions:
        lines = list(assumed_lines(one, network, spans))
        with suppress(UnwrittenError):
            more = "\n".join([text.rstrip("\n"), *lines, ""])
            system, text = (_system(more, name), more) if lines else (system, text)
            taken += [one] if lines else []
    return text, system, tuple(taken)


def called(functions: Mapping[tuple[str, str], str]) -> tuple[tuple[str, str], ...]:
    """What letters are functions, for the checker: those that are one function everywhere."""
    found: dict[str, set[str]] = {}
    for (stem, _), function in functions.items():
        found.setdefault(stem, set()).add(function)
    sure = {stem: taken.pop() for stem, taken in found.items() if len(taken) == 1}
    return (*sure.items(), *((GREEK[stem], f) for stem, f in sure.items() if stem in GREEK))


def _shown_functions(functions: Mapping[tuple[str, str], str]) -> dict[str, str]:
    return {stem + (f"_{label}" if label else ""): f for (stem, label), f in functions.items()}


def _open_functions(network: Chosen, spoken: Container[str]) -> list[tuple[str, str]]:
    """The functions that no formula defines, by letter and label.

    σ is the sigmoid where words do not make it another.
    """
    found: dict[tuple[str, str], None] = {}
    for definition in network.definitions:
        for node in nodes(definition.right):
            known = spelled(node.text) and node.text not in ("phi", "Phi")
            if node.text not in spoken:
                known = known or node.text in ("sigma", SOFTMAX)
            if node.kind != "call" or known:
                continue
            if len(node.parts) > 1:
                raise UnwrittenError(f"{node.text} is a function of which nothing is said")
            found[node.text, node.label] = None
    return list(found)


Ranged = tuple[list[Spans], dict[str, int], dict[str, int], dict[Slot, tuple[int, int]]]
"""The ranges of each definition's letters, the sizes that were chosen for them, those of limits,
and the first and the last number at each place of a family."""


def _ranged(network: Chosen, said: Said) -> list[Ranged]:
    """The ways in which the index letters get numbers."""
    if network.units:
        return [_of_units(network)]
    ranges = Ranges(network.indices)
    for place, definition in enumerate(network.definitions):
        ranges.take(definition, place)
    for place, definition in enumerate(network.definitions):
        ranges.hear(definition, place, said.spans)
    ranges.join_members()
    every = (q for d in network.definitions for q in names(d.right))
    for quantity in (*every, *(q for pair in said.derivatives for q in pair)):
        ranges.mention(quantity)
    free = [c for c in ranges.classes() if not ranges.limits.get(c, ("", ""))[1].isdigit()]
    return [
        (
            [ranges.of(d, n, sizes) for n, d in enumerate(network.definitions)],
            {ranges.label(c): sizes[c][1] - sizes[c][0] + 1 for c in free},
            {ranges.limits[c][1]: sizes[c][1] for c in free if c in ranges.limits},
            {slot: sizes[ranges.root(slot)] for slot in [*ranges.parents] if slot[-1].isdigit()},
        )
        for sizes in ranges.sizes(single_step=not said.totals)
    ]


def _of_units(network: Chosen) -> Ranged:
    """Units are numbered through: i = 1, 2 the inputs, j = 3, 4, 5 those that depend on them."""
    order = unit_order(network)
    if not order:
        raise UnwrittenError("the index letters go round in a circle")
    found: dict[str, tuple[int, int]] = {}
    first = 1
    for place, letter in enumerate(order):
        size = (2, 3)[place % 2]
        found[letter] = (first, first + size - 1)
        first += size
    for node in (node for d in network.definitions for node in nodes(d.right)):
        limits = node.low, node.high
        if all(map(str.isdigit, limits)) and found.get(node.text) != tuple(map(int, limits)):
            raise UnwrittenError(
                f"{node.text} counts from {node.low} to {node.high}, and units are numbered through"
            )
    sizes = {letter: high - low + 1 for letter, (low, high) in found.items()}
    return [found] * len(network.definitions), sizes, {}, {}


def _lines(
    network: Chosen,
    ranges: Sequence[Mapping[str, tuple[int, int]]],
    functions: Mapping[tuple[str, str], str],
    sizes: Mapping[str, int],
) -> list[str]:
    lines = []
    for definition, own in zip(network.definitions, ranges, strict=True):
        writer = Writer(network.indices, own, {("sigma", ""): "sig", **functions}, sizes)
        left = [s for s in definition.left.scripts if s in network.indices]
        if letters_in([definition.left]) & network.indices - set(left):
            raise UnwrittenError(f"{definition.left} is defined for a moved index")
        lines.append(writer.definition(definition.left, definition.right, left))
    return lines


def _families(network: Chosen, stems: Sequence[str]) -> list[str]:
    """The names of the given families with these stems, as an equation file has them."""
    writer = Writer(network.indices, {})
    found = [writer.name(q).partition("[")[0] for q in network.given if q.stem in stems]
    return list(dict.fromkeys(free_stem(name) for name in found))
