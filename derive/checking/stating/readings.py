"""One network as which a document may be read: equations, with sizes and functions chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from derive.checking.stating.chosen import Chosen, unit_order, weights_of
from derive.checking.stating.definitions import Said
from derive.checking.stating.equations import Writer
from derive.checking.stating.letters import letters_in
from derive.checking.stating.ranges import Ranges
from derive.checking.stating.written import UnwrittenError, nodes
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


def equation_readings(
    network: Chosen, said: Said, name: str, only: int | None
) -> Iterator[Reading]:
    """The network with each choice of sizes and of functions that are left open.

    With `only` one of them is made, because other readings of the network make the others.
    """
    opened = _open_functions(network)
    ways = _ranged(network, said)
    count = max(len(ways), len(SOME_FUNCTIONS) if opened else 1)
    for choice in range(count) if only is None else [only]:
        functions = {
            key: SOME_FUNCTIONS[(choice + n) % len(SOME_FUNCTIONS)] for n, key in enumerate(opened)
        }
        ranges, sizes = ways[choice % len(ways)]
        lines = _lines(network, ranges, functions, sizes)
        weights = ", ".join(_families(network, weights_of(network, said, _WEIGHTS)))
        if not weights:
            given = ", ".join(map(str, network.given))
            error = network.error.left
            raise UnwrittenError(f"{error} depends on no weight, but on {given}")
        text = "\n".join([f"# what {name} defines", f"weights: {weights}", *lines, ""])
        system = _system(text, name)
        yield Reading(
            text, replace(system, called=called(functions)), sizes, _shown_functions(functions)
        )


def _system(text: str, name: str) -> System:
    """The network of a file; what is wrong with it is said without the file's lines."""
    try:
        return System.from_text(text, name)
    except InputError as error:
        raise UnwrittenError(re.sub(r"\A[^:]*:(?:[0-9]+:)? ", "", str(error))) from None


def called(functions: Mapping[tuple[str, str], str]) -> tuple[tuple[str, str], ...]:
    """What letters are functions, for the checker: those that are one function everywhere."""
    found: dict[str, set[str]] = {}
    for (stem, _), function in functions.items():
        found.setdefault(stem, set()).add(function)
    sure = {stem: taken.pop() for stem, taken in found.items() if len(taken) == 1}
    return (*sure.items(), *((GREEK[stem], f) for stem, f in sure.items() if stem in GREEK))


def _shown_functions(functions: Mapping[tuple[str, str], str]) -> dict[str, str]:
    return {stem + (f"_{label}" if label else ""): f for (stem, label), f in functions.items()}


def _open_functions(network: Chosen) -> list[tuple[str, str]]:
    """The functions that nothing defines, by letter and label. σ alone is the sigmoid."""
    found: dict[tuple[str, str], None] = {}
    for definition in network.definitions:
        for node in nodes(definition.right):
            known = spelled(node.text) and node.text not in ("phi", "Phi")
            if node.kind != "call" or known or node.text in ("sigma", SOFTMAX):
                continue
            if len(node.parts) > 1:
                raise UnwrittenError(f"{node.text} is a function of which nothing is said")
            found[node.text, node.label] = None
    return list(found)


Ranged = tuple[list[dict[str, tuple[int, int]]], dict[str, int]]
"""The ranges of each definition's letters, and the sizes that were chosen for them."""


def _ranged(network: Chosen, said: Said) -> list[Ranged]:
    """The ways in which the index letters get numbers."""
    if network.units:
        return [_of_units(network)]
    ranges = Ranges(network.indices)
    for place, definition in enumerate(network.definitions):
        ranges.take(definition, place)
    free = [c for c in ranges.classes() if not ranges.limits.get(c, ("", ""))[1].isdigit()]
    return [
        (
            [ranges.of(d, n, sizes) for n, d in enumerate(network.definitions)],
            {ranges.label(c): sizes[c][1] - sizes[c][0] + 1 for c in free},
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
    sizes = {letter: high - low + 1 for letter, (low, high) in found.items()}
    return [found] * len(network.definitions), sizes


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
