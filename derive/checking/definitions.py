"""What an author's own names mean, those with an index letter for every index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import zip_longest
from typing import Any

from derive.checking.member_keys import index_of
from derive.formula import Formula, Letter
from derive.formula.letters import reindexed
from derive.grammar.own_names import GIVES
from derive.grammar.tokens import Token
from derive.grammar.unfinished import Chain, Reading
from derive.grammar.written import Unknown


def given_first(chain: Chain, reading: Reading) -> Chain:
    """∂E/∂z = y − t ≡ g as g ≡ ∂E/∂z = y − t: a name that stands behind what it is given to."""
    *others, last = chain.sides
    before = reading.slice(reading.base, chain.spans[-1][0])
    named = isinstance(last, Unknown) and others and not isinstance(others[0], Unknown)
    if not named or GIVES.search(before) is None:
        return chain

    def turned(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return (items[-1], *items[:-1])

    return Chain(turned(chain.sides), turned(chain.signs), turned(chain.spans))


class Definitions(dict[str, Formula]):
    """The author's names with their meanings.

    δ_j = … says what δ_k, δ_{j−1} and δ_2 are, too, unless they have a meaning of their own. Those
    with a layer above, ``e_j^2``, say it of that layer only.
    """

    def __init__(self, known: Mapping[str, Formula] | None = None) -> None:
        super().__init__(known or {})

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def get(self, name: str, default: Any = None) -> Any:
        """The meaning of a name; of one with another index, that of the family it belongs to."""
        found = super().get(name)
        return self._of_family(name) if found is None else found

    def __missing__(self, name: str) -> Formula:
        found = self._of_family(name)
        if found is None:
            raise KeyError(name)
        return found

    def is_lent(self, name: str) -> bool:
        """Whether a name has its meaning from one with other letters, δ_j from δ_k = y_k − t_k.

        Those of other units may mean something else.
        """
        stem, sub = _parted(name)
        letters = {sign for sign in sub if sign.isalpha()}
        known = map(_parted, self)
        given = any(stem == own and letters <= set(below) for own, below in known)
        return super().get(name) is None and name in self and not given

    def doubt(self, tokens: Sequence[Token]) -> str:
        """What to say of a formula that fails with a name that may mean something else.

        That is one that is defined with other letters, or a word with brackets behind it.
        """
        for token, behind in zip_longest(tokens, tokens[1:]):
            if self.is_lent(token.key):
                said = "has the meaning of one with other letters, which may be for other units"
                return f"{token.text} {said}; define it"
            name = token.formula.name if isinstance(token.formula, Letter) else ""
            own = len(name) > 1 and super().get(name) is not None
            if own and behind is not None and behind.kind == "LPAR":
                return f"{token.text} may be a function of what stands in brackets behind it"
        return ""

    def _of_family(self, name: str) -> Formula | None:
        stem, sub = _parted(name)
        parts = _parts(sub)
        written = {sign for sign in sub if sign.isalpha()}
        nearest = sorted(self.items(), key=lambda one: not written <= set(_parted(one[0])[1]))
        for known, meaning in nearest if parts else ():
            other, letters = _parted(known)
            places = _parts(letters)
            alone = all(len(place) == 1 and place.isalpha() for place in places)
            if other != stem or not alone or not len(set(places)) == len(places) == len(parts):
                continue
            indices = [index_of(part) for part in parts]
            there = [index for index in indices if index is not None]
            if len(there) < len(parts):
                continue
            try:
                found = reindexed(meaning, dict(zip(places, there, strict=True)))
            except ValueError:
                continue
            if found != meaning or name == known:
                return found
        return None


@lru_cache(2**14)
def _parted(name: str) -> tuple[str, str]:
    """A name without its index, but with the layer above, and its index: ``e^2`` and ``j``."""
    below, sign, level = name.partition("^")
    stem, _, sub = below.partition("_")
    return stem + sign + level, sub


def _parts(sub: str) -> list[str]:
    """An index in its parts: ``j,k`` and ``jk`` alike."""
    if "," in sub or not sub.isalpha():
        return sub.split(",") if sub else []
    return list(sub)
