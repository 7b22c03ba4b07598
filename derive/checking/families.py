"""Names with index letters in networks that are stated as equations: h_{t-1}, w_{k,i}."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from derive.calculus.indices import Indices
from derive.checking.array_names import ArrayNames
from derive.formula import Array, Member, Name
from derive.model import PARAMETERS, Model

LETTERS = "abcdijklmnopqrst"
"""Letters that may stand for a number in an index."""

_INDEX = re.compile(rf"([{LETTERS}]|[0-9]+)((?:[+-](?:[{LETTERS}]|[0-9]+))*)")
_TERM = re.compile(r"([+-])([a-z]|[0-9]+)")


class Families:
    """The families of one model, and how their members may be spelled."""

    def __init__(self, model: Model) -> None:
        self.model = model
        indices = Indices(model)
        self._families = indices.families
        self._arrays = ArrayNames(indices, _index)

    def member(self, key: str) -> Member | Array | Name | None:
        """What `key` means: ``h_t-1``, ``w_k,i`` or ``w_ki`` of a family, or an array; or nothing.

        A bold one is always a vector or a matrix.
        """
        if key.startswith("bold:"):
            return self._arrays.find(key)
        return _member(key, self._families) or self._like(key) or self._arrays.find(key)

    def is_family(self, stem: str) -> bool:
        """Whether a bracket behind this stem holds an index, as in ``net[1]``."""
        return stem in self._families

    def _like(self, key: str) -> Name | None:
        """A weight that differs from `key` by capitals only: ``W_f``."""
        return self._folded.get(key.replace(",", "_").lower())

    @cached_property
    def _folded(self) -> dict[str, Name]:
        found: dict[str, Name] = {}
        twice: set[str] = set()
        for quantity in self.model.quantities.values():
            low = quantity.name.lower()
            if low in found:
                twice.add(low)
            found[low] = Name(quantity.name)
        parameters = {q.name for q in self.model.having(*PARAMETERS)}
        return {low: n for low, n in found.items() if low not in twice and n.name in parameters}


def _member(key: str, families: Mapping[str, set[tuple[int, ...]]]) -> Member | None:
    key = key.replace(",", "_")
    for cut in range(len(key)):
        if key[cut] != "_" or key[:cut] not in families:
            continue
        counts = {len(indices) for indices in families[key[:cut]]}
        for parts in _split(key[cut + 1 :]):
            indices = [_index(part) for part in parts]
            if len(parts) not in counts or len(families[key[:cut]]) < 2:
                continue
            read = [index for index in indices if index is not None]
            if len(read) == len(parts) and any(letters for letters, _ in read):
                return Member(key[:cut], tuple(read))
    return None


def _split(sub: str) -> list[list[str]]:
    """The ways in which an index may be several: ``k_i`` or ``ki``."""
    ways = [sub.split("_")]
    if sub.isalnum() and len(sub) > 1:
        ways.append(list(sub))
    return ways


def _index(text: str) -> tuple[tuple[str, ...], int] | None:
    """An index as its letters and the number that is added to them."""
    found = _INDEX.fullmatch(text)
    if found is None:
        return None
    letters: list[str] = []
    offset = 0
    for sign, term in _TERM.findall(f"+{text}"):
        if term.isdigit():
            offset += int(term) if sign == "+" else -int(term)
        elif sign == "-":
            return None
        else:
            letters.append(term)
    return tuple(letters), offset
