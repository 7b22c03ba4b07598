"""The network that a document states: its definitions as equation files, one for each reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from derive.checking.documents import Found
from derive.checking.stating.chosen import (
    Chosen,
    chosen,
    dependent,
    doubtful,
    folded,
    undefined_error,
    unit_order,
    weights_of,
    with_error,
    with_error_of_all,
)
from derive.checking.stating.definitions import (
    ERROR_STEMS,
    Definition,
    Function,
    Said,
    collected,
    known_function,
)
from derive.checking.stating.equations import Writer
from derive.checking.stating.letters import letters_in, sorted_letters
from derive.checking.stating.ranges import Ranges
from derive.checking.stating.vectors import HALF, Arrays, has_products, moved_letters, squared
from derive.checking.stating.written import (
    Node,
    Quantity,
    UnwrittenError,
    Written,
    changed,
    nodes,
    number,
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
    sizes: Mapping[str, int] = field(default_factory=dict)
    functions: Mapping[str, str] = field(default_factory=dict)
    kind: str = ""
    """What its names are, where the document does not decide: numbers, or vectors and matrices."""


@dataclass(frozen=True)
class StatedNetwork:
    """The readings of a document, the first of which is shown, and the definitions behind them."""

    readings: tuple[Reading, ...]
    definitions: tuple[Definition, ...]
    summary: str


def stated(found: Sequence[Found], text: str, name: str) -> StatedNetwork:
    """The network that the formulas of a document state; `text` is all of it.

    Raises :class:`InputError` that says what was found, and what is missing.
    """
    said = collected(found, text)
    if not said.definitions:
        raise InputError(
            f"{name}: no network is given, and no formula defines one, like z = w x + b; name a"
            " network before the document, or with a comment in it"
        )
    readings: list[Reading] = []
    first: Chosen | None = None
    try:
        for network, only, kind in _networks(said, name):
            first = first or network
            readings += (replace(r, kind=kind) for r in _readings(network, said, name, only))
    except UnwrittenError as error:
        raise InputError(f"{name}: {_found(said)}; no network is made of them: {error}") from None
    assert first is not None
    used = tuple(d for d in first.definitions if d.formula >= 0)
    return StatedNetwork(tuple(readings), used, _summary(used, readings))


def _networks(said: Said, name: str) -> Iterator[tuple[Chosen, int | None, str]]:
    """The ways in which the definitions are a network: vectors or not, some error or another.

    Where the error is left open, each comes with the number of the choice that is made with it.
    """
    definitions = folded(_without_functions(said))
    losses = [loss for d in definitions for loss in nodes(d.right) if _is_loss(loss)]
    pairs = [
        (output, target)
        for output, target in (loss.parts for loss in losses)
        if isinstance(output, Quantity) and isinstance(target, Quantity)
    ]
    unknown = undefined_error(said)
    opened = bool(losses or unknown)
    for variant in range(len(LOSSES) if opened else 1):
        split = sorted_letters([_with_loss(d, variant) for d in definitions])
        moved = moved_letters(split.definitions)
        arrays = Arrays(split.definitions, split.indices, moved, pairs).by_entries()
        ways = {"": arrays if said.vectors else split}
        if not said.vectors and has_products(split.definitions):
            ways = {"numbers": split, "vectors and matrices": arrays}
        found = 0
        for kind, way in ways.items():
            closed = with_error(way, unknown, *_ERRORS[variant]) if unknown else way
            network = chosen(said, closed)
            if network is not None:
                found += 1
                _check(network, said, name)
                yield with_error_of_all(network), variant if opened else None, kind
        if not found:
            raise InputError(f"{name}: {_found(said)}, but no error E that depends on them")


def _check(network: Chosen, said: Said, name: str) -> None:
    """Raise :class:`InputError` where something is used whose definition is missing."""
    strange = doubtful(network)
    if strange is not None:
        raise InputError(
            f"{name}: {_found(said)}; {_shown(strange)} has no definition, and others like it have"
        )
    hidden = dependent(network, said)
    if hidden is not None:
        raise InputError(
            f"{name}: {_found(said)}; {_shown(hidden[0])} has no definition, and a derivative of"
            f" it by {_shown(hidden[1])} is taken"
        )


def _is_loss(node: Node) -> bool:
    """Whether a call is a loss that compares two things: l(o, y)."""
    return node.kind == "call" and len(node.parts) == 2 and node.text in (*ERROR_STEMS, "H", "D")


def _with_loss(definition: Definition, variant: int) -> Definition:
    """A definition with some loss in the place of each of which nothing is said."""

    def rule(written: Written) -> Written | None:
        if isinstance(written, Node) and _is_loss(written):
            return LOSSES[variant](*written.parts)
        return None

    return replace(definition, right=changed(definition.right, rule))


def _difference(output: Written, target: Written) -> Node:
    return Node("sum", (output, Node("negative", (target,))))


def _half_squares(output: Written, target: Written) -> Node:
    return Node("product", (HALF, squared(_difference(output, target))))


def _logistic(output: Written, target: Written) -> Node:
    plus = Node("call", (output,), "softplus")
    product = Node("entrywise", (target, output))
    return Node("entries", (_difference(plus, product),))


def _mixed(output: Written, target: Written) -> Node:
    sums = Node("entries", (_difference(output, target),))
    powers = Node("entries", (Node("call", (output,), "exp"),))
    return Node("sum", (Node("power", (sums, number("2"))), powers))


LOSSES = (_half_squares, _logistic, _mixed)
"""What a loss without a definition is taken for, one after the other."""
_ERRORS = ((True, ""), (True, "softplus"), (False, "exp"))
"""The same for an error of which nothing is said: of the ends only or not, of which function."""


def _without_functions(said: Said) -> list[Definition]:
    """The definitions with the document's own functions put in."""
    known = {f.stem: symbol for f in said.functions if (symbol := known_function(f))}
    own = {f.stem: f for f in said.functions if f.stem not in known}

    def rule(written: Written) -> Written | None:
        if not isinstance(written, Node) or written.kind != "call":
            return None
        inner = tuple(changed(part, rule) for part in written.parts)
        if written.text in known:
            return replace(written, parts=inner, text=known[written.text], label="")
        function = own.get(written.text)
        return _applied(function, inner[0]) if function else replace(written, parts=inner)

    return [replace(d, right=changed(d.right, rule)) for d in said.definitions]


def _applied(function: Function, argument: Written) -> Written:
    return changed(function.value, lambda w: argument if w == function.variable else None)


def _readings(network: Chosen, said: Said, name: str, only: int | None) -> Iterator[Reading]:
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
            given = ", ".join(_shown(q) for q in network.given)
            error = _shown(network.error.left)
            raise UnwrittenError(f"{error} depends on no weight, but on {given}")
        text = "\n".join([f"# what {name} defines", f"weights: {weights}", *lines, ""])
        system = System.from_text(text, name)
        yield Reading(
            text, replace(system, called=_called(functions)), sizes, _shown_functions(functions)
        )


def _called(functions: Mapping[tuple[str, str], str]) -> tuple[tuple[str, str], ...]:
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
            raise UnwrittenError(f"{_shown(definition.left)} is defined for a moved index")
        lines.append(writer.definition(definition.left, definition.right, left))
    return lines


def _families(network: Chosen, stems: Sequence[str]) -> list[str]:
    """The names of the given families with these stems, as an equation file has them."""
    writer = Writer(network.indices, {})
    found = [writer.name(q).partition("[")[0] for q in network.given if q.stem in stems]
    return list(dict.fromkeys(free_stem(name) for name in found))


# Words.


def _shown(quantity: Quantity) -> str:
    """A name in plain text."""
    scripts = ",".join(quantity.scripts)
    return f"{quantity.stem}_{scripts}" if scripts else quantity.stem


def _found(said: Said) -> str:
    names_found = list(dict.fromkeys(_shown(d.left) for d in said.definitions))
    more = " …" if len(names_found) > 8 else ""
    return f"the document defines {', '.join(names_found[:8])}{more}"


def _summary(used: Sequence[Definition], readings: Sequence[Reading]) -> str:
    """What was found, in a line."""
    names_found = ", ".join(dict.fromkeys(_shown(d.left) for d in used))
    parts = [f"the network is read from the document: {names_found}"]
    ways = list(dict.fromkeys(tuple(r.sizes.items()) for r in readings if r.sizes))
    if ways:
        sizes = " or ".join(", ".join(f"{k} = {v}" for k, v in way) for way in ways)
        parts.append(f"sizes {sizes}")
    for function in dict.fromkeys(name for reading in readings for name in reading.functions):
        taken = dict.fromkeys(r.functions[function] for r in readings)
        parts.append(f"{function} is taken as {', '.join(taken)}")
    return "; ".join(parts)
