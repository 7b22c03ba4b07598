"""Names as a network's file has them, where authors write them otherwise: var is σ² in print."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from functools import cached_property

from derive.checking.keys import with_character
from derive.model import Model
from derive.notations.free import split_name, usually
from derive.notations.table import Pattern

_STEP = re.compile(r"([A-Za-z]+)_(p|prev|previous|last|old|next)")
"""Names of programs for what a state was in the step before, or will be."""


class StatedNames:
    """The names of one network's file by what is written for them.

    What the file says comes first. What authors usually write counts where nothing in the network
    is called so, and where it can stand for one name only.
    """

    def __init__(self, model: Model) -> None:
        self._model = model

    def as_in_the_file(self, key: str) -> str:
        """A key of a name as the file has it, with var in the place of σ²: ``var_j``."""
        for begins, above, stem in self._written:
            if key.startswith(begins) and key.endswith(above):
                rest = key.removeprefix(begins).removesuffix(above)
                if not rest or rest.startswith("_"):
                    return stem + rest
        return key

    @cached_property
    def _written(self) -> list[tuple[str, str, str]]:
        """How keys begin and end for stems that are written otherwise, and these stems."""
        said = dict(self._model.network.written)
        found = [(*_ends_of(pattern), stem) for stem, pattern in said.items()]
        stems = dict.fromkeys(split_name(name)[0] for name in self._model.quantities)
        taken = {with_character(stem) for stem in stems}
        usual = [
            (*_ends_of(pattern), stem)
            for stem in stems
            if stem not in said
            for pattern in usually(stem)
        ]
        several = Counter((begins, above) for begins, above, _ in usual)
        alone = [one for one in usual if one[0] not in taken and several[one[0], one[1]] == 1]
        alone += _of_other_steps(self._model.quantities)
        return found + sorted(alone, key=lambda one: len(one[0]), reverse=True)


def _of_other_steps(names: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """What stands in print for c_prev, beside c_t: c_{t−1}, if one name only means that."""
    found = [(_STEP.fullmatch(name), name) for name in names]
    keys = Counter[str]()
    written: list[tuple[str, str]] = []
    for parted, stem in found:
        if parted is not None and (f"{parted[1]}_t" in names or parted[1] in names):
            sign = "+" if parted[2] == "next" else "-"
            written.append((f"{with_character(parted[1])}_t{sign}1", stem))
            keys[written[-1][0]] += 1
    yield from ((begins, "", stem) for begins, stem in written if keys[begins] == 1)


def _ends_of(pattern: Pattern) -> tuple[str, str]:
    """How the keys of names begin and end that are written so: ``σ`` and ``^2``."""
    assert pattern.symbol is not None
    begins = with_character(pattern.symbol.stem) + "".join(f"_{sign}" for sign in pattern.below)
    return begins, "^" + "".join(pattern.above) if pattern.above else ""
