"""Single members of families: the h_T that is the last h_t, and the p_c of the right class."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from derive.checking.stating.chosen import Chosen, Family
from derive.checking.stating.equations import Writer
from derive.checking.stating.letters import letter_of, letters_in
from derive.checking.stating.ranges import Slot, covering
from derive.checking.stating.written import Quantity, UnwrittenError, Written, changed, names

Spans = Mapping[Slot, tuple[int, int]]
"""The first and the last number at each place of a family."""
_LAST = re.compile("[TNτ]")
"""Letters that name the last of what others count."""
_ONE = re.compile("[a-z]")


def fixed_letters(network: Chosen, spans: Spans) -> list[dict[str, int]]:
    """The ways to take letters that each name one member, p_c where p_k has a definition.

    It is the first or the last. Of what is given, u_o may be a member of u_w or something else.
    """
    found: dict[str, tuple[int, int]] = {}
    sure: set[str] = set()
    for _, script, slot, is_defined in _members(network):
        span = spans.get(slot)
        if span is not None and _ONE.fullmatch(script):
            found.setdefault(script, span)
            sure |= {script} if is_defined else set()
    if not found:
        return [{}]
    ways = [{letter: span[end] for letter, span in found.items()} for end in (0, 1)]
    others = {letter: number for letter, number in ways[0].items() if letter in sure}
    return ways if len(others) == len(found) else [*ways, others]


def _members(network: Chosen) -> Iterator[tuple[Quantity, str, Slot, bool]]:
    """The names with a label where others have an index: the label, the place, if they are defined.

    What is defined by itself is left out.
    """
    lefts = {network.family(definition.left) for definition in network.definitions}
    every = list(dict.fromkeys(q for d in network.definitions for q in names(d.right)))
    families: dict[Family, None] = dict.fromkeys([*lefts, *map(network.family, every)])
    for name in every:
        if network.family(name) in lefts:
            continue
        for family in families.keys() & {*covering(network.family(name))}:
            for place, script in enumerate(name.scripts):
                is_index = letter_of(script) in network.indices
                if family[place + 1] == "*" and not is_index and not script.isdigit():
                    yield name, script, (*family, str(place)), family in lefts


def placed_members(network: Chosen, spans: Spans, fixed: Mapping[str, int]) -> Chosen:
    """The network with numbers for the T of h_T, the last there is, and for a `fixed` c of p_c.

    Raises :class:`UnwrittenError` where it is open which of those that are defined is meant.
    """
    numbers: dict[Quantity, dict[str, str]] = {}
    for name, script, slot, is_defined in _members(network):
        last = spans[slot][1] if _LAST.fullmatch(script) and is_defined else None
        number = fixed.get(script, last)
        if number is not None:
            numbers.setdefault(name, {})[script] = str(number)
        elif is_defined:
            raise UnwrittenError(f"{name} is one of {slot[0]}, and it is open which")

    def rule(written: Written) -> Written | None:
        own = numbers.get(written) if isinstance(written, Quantity) else None
        if own is None or not isinstance(written, Quantity):
            return None
        return replace(written, lower=tuple(own.get(s, s) for s in written.scripts), upper=())

    definitions = (replace(d, right=changed(d.right, rule)) for d in network.definitions)
    return replace(network, definitions=tuple(definitions))


def named_error(network: Chosen) -> Iterator[str]:
    """Which the error is, where others are used by nothing: those beside the p_1 of L = −ln p_1."""
    error = network.error.left
    lettered = [q for d in network.definitions for q in (d.left,) if letters_in([q])]
    families = {network.family(q) for q in lettered}
    for name in (q for d in network.definitions for q in names(d.right)):
        of_one = families & set(covering(network.family(name))) - {network.family(name)}
        if of_one and not letters_in([error]) & network.indices:
            yield f"error: {Writer(network.indices, {}).name(error)}"
            return
