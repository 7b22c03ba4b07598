"""What sums to 1 in a network that a document states: the targets of a softmax, as a condition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import product

from derive.checking.stating.chosen import Chosen
from derive.checking.stating.equations import Writer
from derive.checking.stating.ranges import Slot, covering
from derive.checking.stating.said import Definition, Said
from derive.checking.stating.shares import is_written_out
from derive.checking.stating.written import (
    Node,
    Quantity,
    UnwrittenError,
    Written,
    names,
    nodes,
    unsigned,
)

Spans = dict[str, tuple[int, int]]
"""The numbers of index letters, from the first to the last."""


def conditions(network: Chosen, ranges: Sequence[Spans], said: Said) -> list[str]:
    """What sums to 1: the targets of a softmax with the cross-entropy, and what an author says."""
    softmax = {network.family(d.left): _classes(d) for d in network.definitions}
    shares = {place for share in said.shares for place in _place_of_shares(share)}
    given = {str(quantity) for quantity in network.given}
    written_out = [s.right for s in said.shares if is_written_out(s.right)]
    told = {name for total in written_out for name in names(total)}
    rights = {definition.left: definition.right for definition in network.definitions}
    written_out += [t for t in _totals_of_targets(rights) if told.isdisjoint(names(t))]
    found = [
        f"condition: {Writer(network.indices, {}).formula(total)} = 1"
        for total in written_out
        if given.issuperset(map(str, names(total)))
    ]
    for definition, own in zip(network.definitions, ranges, strict=True):
        for total in (node for node in nodes(definition.right) if node.kind == "total"):
            counted = [q for q in names(total) if total.text in q.scripts]
            stated = next((q for q in counted if shares & _places(q, total.text)), None)
            target = stated or _target(total, softmax, network)
            if target is not None and not network.defines(target):
                writer = Writer(network.indices, own)
                others = [s for s in target.scripts if s != total.text and s in own]
                for at in _values(others, own):
                    summed = Node("total", (_at(target, at),), total.text)
                    found.append(f"condition: {writer.formula(summed)} = 1")
    return list(dict.fromkeys(found))


def _place_of_shares(share: Definition) -> set[tuple[str, int]]:
    """The name that an author adds up to 1, and at which index: Σ_k y_{ik} at the second."""
    total = share.right
    return _places(share.left, total.text) if isinstance(total, Node) else set()


def _places(quantity: Quantity, letter: str) -> set[tuple[str, int]]:
    """The stem of a name with each place at which it has a letter."""
    return {(quantity.stem, n) for n, script in enumerate(quantity.scripts) if script == letter}


def _is_softmax(right: Written) -> bool:
    """Whether a definition is a quotient of an exponential by a sum of them."""
    if not (isinstance(right, Node) and right.kind == "quotient"):
        return False
    top, below = right.parts
    return _is_power(top) and _adds_powers(below)


def _shares_over(written: Written, letter: str) -> bool:
    """Whether this is a softmax over a letter, or a sum of exponentials, which has it no more."""
    below = written.parts[1] if isinstance(written, Node) and _is_softmax(written) else written
    counted = {script for one in names(below) for script in one.scripts}
    return letter not in counted and (_is_softmax(written) or _adds_powers(written))


def _adds_powers(written: Written) -> bool:
    """Whether it is a sum of exponentials over a letter."""
    return isinstance(written, Node) and written.kind == "total" and _is_power(written.parts[0])


def _is_power(written: Written) -> bool:
    """Whether it is an exponential."""
    return isinstance(written, Node) and (written.kind, written.text) == ("call", "exp")


def _classes(definition: Definition) -> frozenset[int]:
    """The places of the indices over which a softmax is one: what its Σ has other letters for."""
    if not _is_softmax(definition.right):
        return frozenset()
    assert isinstance(definition.right, Node)
    below = {script for one in names(definition.right.parts[1]) for script in one.scripts}
    scripts = enumerate(definition.left.scripts)
    return frozenset(place for place, script in scripts if script not in below)


def _target(
    total: Node, softmax: Mapping[tuple[str, ...], frozenset[int]], network: Chosen
) -> Quantity | None:
    """The y of Σ_k y_k ln p_k, if p is a softmax over k; other factors count no k.

    Sums over examples or steps may stand before it and behind it.
    """
    body = unsigned(total.parts[0])
    while isinstance(body, Node) and body.kind == "total":
        body = unsigned(body.parts[0])
    factors = body.parts if isinstance(body, Node) and body.kind == "product" else ()
    counted = [f for f in factors if any(total.text in q.scripts for q in names(f))]
    targets = [f for f in counted if isinstance(f, Quantity)]
    others = [f for f in counted if f not in targets]
    if len(targets) != 1 or len(others) != 1:
        return None
    for node in nodes(others[0]):
        inside = node.parts[0] if node.kind == "call" and node.text == "ln" else None
        if isinstance(inside, Quantity):
            places = softmax.get(network.family(inside), ())
            counts = any(inside.scripts[place] == total.text for place in places)
        else:
            counts = inside is not None and _shares_over(inside, total.text)
        if counts:
            return targets[0]
    return None


def _values(letters: Sequence[str], ranges: Spans) -> Iterator[dict[str, str]]:
    """Every choice of numbers for some letters."""
    spans = [range(ranges[letter][0], ranges[letter][1] + 1) for letter in letters]
    for chosen in product(*spans):
        yield dict(zip(letters, map(str, chosen), strict=True))


def _at(quantity: Quantity, values: Mapping[str, str]) -> Quantity:
    return replace(quantity, lower=tuple(values.get(s, s) for s in quantity.scripts), upper=())


def _totals_of_targets(definitions: Mapping[Quantity, Written]) -> Iterator[Node]:
    """t_3 + t_4 of −t_3 ln o_3 − t_4 ln o_4, where o_3 and o_4 are all shares of one softmax.

    `definitions` are the right sides by what they define. A sum that all shares are divided by may
    have a name of its own.
    """
    softmax: dict[frozenset[Written], dict[Quantity, Written]] = {}
    for share, right in definitions.items():
        if isinstance(right, Node) and right.kind == "quotient" and _is_power(right.parts[0]):
            top, below = right.parts
            below = definitions.get(below, below) if isinstance(below, Quantity) else below
            powers = below.parts if isinstance(below, Node) and below.kind == "sum" else ()
            if powers and all(map(_is_power, powers)):
                softmax.setdefault(frozenset(powers), {})[share] = top
    weights = _weights_of_logarithms(definitions) if softmax else {}
    for all_powers, shares in softmax.items():
        found = [weights.get(share, set()) for share in shares]
        targets = tuple(dict.fromkeys(target for some in found for target in some))
        if set(shares.values()) == all_powers and len(targets) == len(found) == sum(
            map(len, found)
        ):
            yield Node("sum", targets)


def _weights_of_logarithms(
    definitions: Mapping[Quantity, Written],
) -> dict[Quantity, set[Quantity]]:
    """By what names their logarithms are multiplied."""
    found: dict[Quantity, set[Quantity]] = {}
    for right in definitions.values():
        for node in nodes(right):
            if node.kind != "product":
                continue
            weights = [part for part in node.parts if isinstance(part, Quantity)]
            for part in node.parts:
                of = part.parts[0] if isinstance(part, Node) and part.text == "ln" else None
                if isinstance(of, Quantity) and len(weights) == 1:
                    found.setdefault(of, set()).add(weights[0])
    return found


def assumed_lines(
    assumed: Definition, network: Chosen, spans: Mapping[Slot, tuple[int, int]]
) -> Iterator[str]:
    """The lines of an equation file that say what is assumed, where its names have no letters."""
    assert isinstance(assumed.right, Node)
    sides = assumed.right.parts
    own = [q for side in sides for q in names(side)]
    letters = network.indices
    if any(letter in letters for q in own for script in q.scripts for letter in script):
        return
    entries = [_entries(q, network, spans) for q in own]
    alone = len(own) == 1 and isinstance(sides[0], Quantity)
    writer = Writer(letters, {})
    with suppress(UnwrittenError):
        if not any(entries):
            yield "condition: " + " = ".join(map(writer.formula, sides))
        elif alone and entries[0]:
            number = writer.formula(sides[1])
            for member in entries[0]:
                yield f"condition: {writer.name(member)} = {number}"


def _entries(
    quantity: Quantity, network: Chosen, spans: Mapping[Slot, tuple[int, int]]
) -> list[Quantity]:
    """The entries of what the network has entry by entry: those of the vector h_0."""
    every = [q for d in network.definitions for q in (d.left, *names(d.right))]
    longer = {
        network.family(q)
        for q in every
        if q.stem == quantity.stem and len(q.scripts) > len(quantity.scripts)
    }
    begins = (quantity.stem, *quantity.scripts)
    for family in sorted(longer):
        if family[: len(begins)] in covering(begins):
            places = range(len(quantity.scripts), len(family) - 1)
            runs = [spans.get((*family, str(place)), (1, 0)) for place in places]
            numbers = product(*(range(low, high + 1) for low, high in runs))
            return [
                Quantity(quantity.stem, (*quantity.scripts, *map(str, at)), ()) for at in numbers
            ]
    return []
