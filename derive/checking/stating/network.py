"""The network that a document states: its definitions as network files, one for each reading."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from derive.checking.documents import Found
from derive.checking.layouts import layout_in_words
from derive.checking.stating.chosen import (
    Chosen,
    chosen,
    dependent,
    doubtful,
    folded,
    undefined_error,
    with_error,
    with_error_of_all,
)
from derive.checking.stating.definitions import collected, error_stems, stems_in
from derive.checking.stating.example_marks import ExampleMarks
from derive.checking.stating.known_functions import known_function
from derive.checking.stating.layered import Layers
from derive.checking.stating.layers import choices, layers
from derive.checking.stating.letters import Sorted, has_products, moved_letters, sorted_letters
from derive.checking.stating.losses import ERRORS, LOSSES, is_loss, is_open, with_loss
from derive.checking.stating.means import with_means
from derive.checking.stating.mentions import functions_in_words
from derive.checking.stating.pieces import pieces_of, sides_of
from derive.checking.stating.readings import SOME_FUNCTIONS, Reading, called, equation_readings
from derive.checking.stating.said import Definition, Function, Said
from derive.checking.stating.shares import is_written_out
from derive.checking.stating.units import of_units
from derive.checking.stating.vectors import Arrays
from derive.checking.stating.written import (
    Node,
    Quantity,
    UnwrittenError,
    Written,
    changed,
    names,
    nodes,
)
from derive.errors import InputError
from derive.functions import BY_SYMBOL
from derive.networks.network import Network
from derive.suggest import listed


@dataclass(frozen=True)
class StatedNetwork:
    """The readings of a document, the first of which is shown, and the definitions behind them.

    Where quantities are defined twice, `later` are the readings by their last definitions, which
    stand in the formulas with the numbers `renewing`. They count for what stands behind the first
    of these, if one of them does not follow from the first definitions.
    """

    readings: tuple[Reading, ...]
    definitions: tuple[Definition, ...]
    summary: str
    later: tuple[Reading, ...] = ()
    renewing: frozenset[int] = frozenset()
    numbers: bool = False
    """Whether the document has numbers, which are no part of its readings."""
    assumed: str = ""
    """What the document assumes of given quantities, and no condition says here."""
    unread_error: str = ""
    """The error that is open because its definition could not be read; nothing for another."""
    marks: ExampleMarks = field(default_factory=ExampleMarks)
    """The letter of examples, which its formulas are read without."""


def stated(found: Sequence[Found], text: str, name: str) -> StatedNetwork:
    """The network that the formulas of a document state; `text` is all of it.

    Raises :class:`InputError` that says what was found, and what is missing.
    """
    marks = ExampleMarks([one.text for one in found])
    said = collected([replace(one, text=marks.left_out(one.text)) for one in found], text)
    said = replace(said, spoken=functions_in_words(text))
    if not said.definitions:
        raise InputError(
            f"{name}: no network is given, and no formula defines one, like z = w x + b; name a"
            " network before the document, or in it with a comment 'derive: network=2-4-3-2'"
        )
    try:
        used, readings = _of_layers(said, name) or _of_equations(said, name)
    except UnwrittenError as error:
        raise InputError(f"{name}: {_found(said)}; no network is made of them: {error}") from None
    later, renewing = _by_last_definitions(said, used, name)
    summary, layout = _summary(used, readings), layout_in_words(text)
    readings = [replace(r, network=replace(r.network, layout=layout)) for r in readings]
    taken = [a for a in said.assumed if all(a in r.assumed for r in (*readings, *later))]
    assumed = next((" = ".join(a.sides) for a in said.assumed if a not in taken), "")
    used = [
        *used,
        *taken,
        *said.cases,
        *(share for share in said.shares if _is_taken(share, readings)),
    ]
    unread = next((q for q in said.unread if q.stem == undefined_error(said)), None)
    if unread is not None and _depends_on_more(unread, said, found):
        raise InputError(_unread(name, said, unread))
    opened = "" if unread is None else unread.stem
    return StatedNetwork(
        tuple(readings),
        tuple(used),
        summary,
        tuple(later),
        renewing,
        numbers=said.numbers,
        assumed=assumed,
        unread_error=opened,
        marks=marks,
    )


def _depends_on_more(error: Quantity, said: Said, found: Sequence[Found]) -> bool:
    """Whether an error whose definition is not read is made of what others are made of, too.

    An open error is made of what no other is: with a term for its weights it is another.
    """
    used = {q.stem for d in said.definitions for q in names(d.right)}
    pieces = (sides_of(piece) for _, _, piece in pieces_of(found))
    stated = (sides for left, *sides in pieces if error.stem in stems_in(left))
    return any(used & stems_in(side) for sides in stated for side in sides if "partial" not in side)


def _unread(name: str, said: Said, quantity: Quantity) -> str:
    return f"{name}: {_found(said)}; what stands behind {quantity} = could not be read"


def _is_taken(share: Definition, readings: Sequence[Reading]) -> bool:
    """Whether it is a condition of every reading that something sums to 1."""
    begins = f"condition: {'' if is_written_out(share.right) else 'sum('}{share.left.stem}"
    return all(begins in reading.text for reading in readings)


def _by_last_definitions(
    said: Said, used: Sequence[Definition], name: str
) -> tuple[Sequence[Reading], frozenset[int]]:
    """The readings in which the last definition of a quantity counts, and which formulas have it.

    There are none where nothing of the network is defined twice, or nothing comes of it.
    """
    several = (*said.definitions, *said.renaming)
    every = sorted(several, key=lambda definition: (definition.formula, definition.start))
    last = {definition.left: definition for definition in every}
    placed = {(d.formula, d.sides): d for d in said.definitions}
    first = [placed[d.formula, d.sides] for d in used]
    others = [last[d.left] for d in first if last[d.left].right != d.right]
    if not others:
        return (), frozenset()
    kept = tuple(definition for definition in every if last[definition.left] is definition)
    try:
        renewed = replace(said, definitions=kept)
        _, readings = _of_layers(renewed, name) or _of_equations(renewed, name)
    except (UnwrittenError, InputError):
        return (), frozenset()
    later = [replace(reading, kind="the later definitions") for reading in readings]
    return later, frozenset(d.formula for d in others)


Read = tuple[Sequence[Definition], list[Reading]]
"""The definitions of which a network is made, and its readings."""


def _of_layers(said: Said, name: str) -> Read | None:
    """The readings as networks of layers; nothing where no definitions are of any layer."""
    readings: list[Reading] = []
    used: Sequence[Definition] = ()
    for kind, way in _ways(said, 0).items():
        found = layers(way.definitions, error_stems(said), said)
        if found is None and not said.vectors:
            found = of_units(way.definitions, error_stems(said), said)
        if found is not None and (found.width or max(found.sizes, default=1) == 1):
            used = used or found.definitions
            opened = _has_open_loss(said, found.error)
            found = replace(found, losses=()) if opened else found
            readings += _layered(found, said.spoken, name, kind)
    return (used, readings) if readings else None


def _has_open_loss(said: Said, stem: str) -> bool:
    """Whether an error is defined by a loss of which nothing is said: L = l(o, y)."""
    errors = (d for d in said.definitions if d.left.stem == stem)
    return any(is_open(node) for d in errors for node in nodes(d.right))


def _layered(found: Layers, spoken: Mapping[str, str], name: str, kind: str) -> Iterator[Reading]:
    known = {"sigma": "sig", **{symbol: symbol for symbol in BY_SYMBOL if symbol != "phi"}}
    said = spoken.get(found.function)
    known = {k: v for k, v in known.items() if k not in spoken}
    some = (said,) if said else SOME_FUNCTIONS
    ways = [(one, begins, c) for one, begins in _counted(found) for c in choices(one, some, known)]
    for counted, begins, (widths, function, loss) in ways:
        text = counted.file(name, widths, function, loss)
        try:
            network = Network.from_table(tomllib.loads(text), name, {})
        except InputError as error:
            raise UnwrittenError(str(error)) from None
        opened = {} if found.function in known else {found.function: ", ".join(function)}
        letters = called({(stem, ""): function[0] for stem in opened if len(function) == 1})
        sizes = {"layers": "-".join(map(str, widths))}
        functions = opened | ({} if len(found.losses) == 1 else {"loss": loss})
        own, way = replace(network, called=letters), ", ".join(filter(None, (kind, begins)))
        yield Reading(text, own, sizes, functions, way, written_out=widths == found.sizes)


def _counted(found: Layers) -> Iterator[tuple[Layers, str]]:
    """The layers with each number that their inputs may have, where the document leaves it open."""
    yield found, ""
    if found.lettering.first is None and not found.lettering.units:
        lettering = replace(found.lettering, first=0)
        yield replace(found, lettering=lettering), "inputs as layer 0"


def _of_equations(said: Said, name: str) -> Read:
    """The readings as networks of equations.

    Where its names cannot be numbers, they are vectors and matrices, and the other way round.
    """
    readings: list[Reading] = []
    used: Sequence[Definition] = ()
    problem: Exception | None = None
    for variant, kind, way in _variants(said):
        try:
            for network, only in _networks(said, variant, kind, way, name):
                found = list(equation_readings(network, said, name, only))
                ends = _ends(network)
                used = used or [d for d in network.definitions if d.formula >= 0]
                readings += (
                    replace(r, kind=kind, functions={**ends, **r.functions}) for r in found
                )
        except (UnwrittenError, InputError) as error:
            problem = problem or error
            if not kind:
                raise
    if problem is not None and not readings:
        raise problem
    return used, readings


def _ends(network: Chosen) -> dict[str, str]:
    """What an error is taken for that no definition states."""
    found = {}
    for definition in network.definitions:
        if definition.formula < 0 and not definition.left.stem.endswith("_total"):
            ends = list(dict.fromkeys(map(str, names(definition.right))))
            found[str(definition.left)] = f"some function of {listed(ends)}"
    return found


def _ways(said: Said, variant: int) -> dict[str, Sorted]:
    """The definitions as those of numbers, or of vectors and matrices entry by entry; or both."""
    definitions = with_means(folded(_without_functions(said)))
    losses = [loss for d in definitions for loss in nodes(d.right) if is_loss(loss)]
    pairs = [
        (output, target)
        for output, target in (loss.parts for loss in losses)
        if isinstance(output, Quantity) and isinstance(target, Quantity)
    ]
    defined = {d.left.stem for d in definitions}
    split = sorted_letters([with_loss(d, variant, defined) for d in definitions])
    moved = moved_letters(definitions)
    arrays = Arrays(split.definitions, split.indices, moved, pairs).by_entries()
    if said.vectors is None and has_products(split.definitions, split.indices - moved):
        return {"numbers": split, "vectors and matrices": arrays}
    return {"": arrays if said.vectors else split}


def _variants(said: Said) -> Iterator[tuple[int, str, Sorted]]:
    """The ways to take the definitions, one after the other for each loss that is left open."""
    unknown = undefined_error(said)
    opened = unknown or any(is_open(node) for d in said.definitions for node in nodes(d.right))
    for variant in range(len(LOSSES) if opened else 1):
        for kind, way in _ways(said, variant).items():
            closed = with_error(way, said, unknown, ERRORS[variant]) if unknown else way
            yield variant if opened else -1, kind, closed


def _networks(
    said: Said, variant: int, kind: str, way: Sorted, name: str
) -> Iterator[tuple[Chosen, int | None]]:
    """The networks that one way to take the definitions makes: some error or another.

    Where the error is left open, each comes with the number of the choice that is made with it.
    """
    networks = chosen(said, way)
    if not networks:
        but = f" if they are {kind}" if kind else ""
        raise InputError(f"{name}: {_found(said)}, but no error E that depends on them{but}")
    for network in networks:
        _check(network, said, way.dropped, name)
        yield with_error_of_all(network), variant if variant >= 0 else None


def _check(network: Chosen, said: Said, dropped: Sequence[Quantity], name: str) -> None:
    """Raise :class:`InputError` where something is used whose definition is missing.

    `dropped` are names whose definitions do not fit the others.
    """
    strange = doubtful(network)
    if strange is not None:
        raise InputError(
            f"{name}: {_found(said)}; {strange} has no definition, and others like it have"
        )
    given = {network.family(quantity) for quantity in network.given}
    missing = {q: network.family(q) for q in (*said.unread, *dropped)}
    unread = next((q for q, f in missing.items() if any(g[: len(f)] == f for g in given)), None)
    if unread is not None:
        raise InputError(_unread(name, said, unread))
    hidden = dependent(network, said)
    if hidden is not None:
        raise InputError(
            f"{name}: {_found(said)}; {hidden[0]} has no definition, and a derivative of it by"
            f" {hidden[1]} is taken"
        )


def _without_functions(said: Said) -> list[Definition]:
    """The definitions with the document's own functions put in."""
    known = {f.stem: symbol for f in said.functions if (symbol := known_function(f))}
    own = {f.stem: f for f in said.functions if f.stem not in known}
    pieces = (f.stem for f in own.values() if any(n.text == "relu" for n in nodes(f.value)))
    strange = next(pieces, "")
    if strange:
        raise UnwrittenError(f"{strange}(…) has pieces, and is no function that is known")

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


def _found(said: Said) -> str:
    names_found = list(dict.fromkeys(str(d.left) for d in said.definitions))
    more = " …" if len(names_found) > 8 else ""
    return f"the document defines {', '.join(names_found[:8])}{more}"


def _summary(used: Sequence[Definition], readings: Sequence[Reading]) -> str:
    """What was found, in a line."""
    names_found = ", ".join(dict.fromkeys(str(d.left) for d in used))
    parts = [f"the network is read from the document: {names_found}"]
    ways = list(dict.fromkeys(tuple(r.sizes.items()) for r in readings if r.sizes))
    if ways:
        sizes = " or ".join(", ".join(f"{k} = {v}" for k, v in way) for way in ways)
        parts.append(f"sizes {sizes}")
    for function in dict.fromkeys(name for reading in readings for name in reading.functions):
        each = (r.functions[function].split(", ") for r in readings if function in r.functions)
        taken = dict.fromkeys(chain.from_iterable(each))
        parts.append(f"{function} is taken as {', '.join(taken)}")
    return "; ".join(parts)
