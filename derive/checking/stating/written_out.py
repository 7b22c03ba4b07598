"""The sizes of layers whose units are all written out: z_1^{(1)} = w_{11}^{(1)} x_1 + … + b_1."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection

from derive.checking.stating.said import Said
from derive.checking.stating.written import Quantity, names

_NUMBERED_UNIT = re.compile(
    r"_\s*(?:\{\s*)?(?:[0-9]|[a-z]\s*=\s*[0-9]+\s*\}\s*\^\s*(?:\{\s*)?[0-9])"
)
"""The number of a unit, or those from which and up to which a Σ counts."""


def sizes_written_out(sums: str, out: str, first: int | None, said: Said) -> tuple[int, ...]:
    """How many units the layers have, where the document defines every one by its number.

    `sums` and `out` are the stems of what is defined in each unit by units of the layer before, and
    of what these pass on; `first` is the number of the layer of the inputs. There are none where a
    number is left out, for then what is written out is an example of more.
    """
    if first is None:
        return ()
    units: defaultdict[int, set[int]] = defaultdict(set)
    sources: defaultdict[int, set[int]] = defaultdict(set)
    for definition in said.definitions:
        place = _place(definition.left)
        if definition.left.stem != sums or place is None:
            continue
        layer, unit = place
        units[layer].add(unit)
        for name in names(definition.right):
            at = _place(name)
            if name.stem == out and at is not None and at[0] == layer - 1:
                sources[layer - 1].add(at[1])
            elif layer == first + 1 and len(name.scripts) == 1 and name.scripts[0].isdigit():
                sources[first].add(int(name.scripts[0]))
    if not units:
        return ()
    counted = [sources[first], *(units[n] for n in range(first + 1, max(units) + 1))]
    whole = all(map(_is_counted, counted)) and min(units) == first + 1
    fitting = all(sources[n] == units[n] for n in range(first + 1, max(units)))
    return tuple(map(len, counted)) if whole and fitting else ()


def shares_bias(sums: str, bias: str, said: Said) -> bool:
    """Whether what the document writes out has one bias for all units of a layer: … + b^{(1)}."""
    places = (
        name.scripts
        for definition in said.definitions
        if definition.left.stem == sums and _place(definition.left)
        for name in names(definition.right)
        if name.stem == bias
    )
    return any(len(scripts) == 1 for scripts in places)


def names_a_unit(text: str) -> bool:
    """Whether a formula speaks of a unit by its number, or counts them, and not of any."""
    return _NUMBERED_UNIT.search(text) is not None


def _place(name: Quantity) -> tuple[int, int] | None:
    """The number of a name's layer and that of its unit, if it has just these."""
    scripts = name.scripts
    numbers = [int(script) for script in scripts if script.isdigit()]
    return (numbers[0], numbers[1]) if len(scripts) == len(numbers) == 2 else None


def _is_counted(numbers: Collection[int]) -> bool:
    """Whether numbers go from 1 on without a gap."""
    return bool(numbers) and set(numbers) == set(range(1, len(numbers) + 1))
