"""What an author's own names mean, those with an index letter for every index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import zip_longest
from typing import Any

from derive.checking.member_keys import index_of
from derive.formula import Formula, Letter, Partial
from derive.formula.letters import reindexed
from derive.grammar.own_names import GIVES
from derive.grammar.tokens import Token
from derive.grammar.unfinished import Chain, Reading, index_letters
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


def given_anew(chain: Chain, tokens: Sequence[Token], known: Definitions) -> Chain:
    """δ_j = ∂E/∂a_j behind δ_k = ∂E/∂z_k as the definition of a name that has none so far.

    The letters of what the error is differentiated by are those of the name, and say which units
    are meant. Raises :class:`Unreadable` for another formula with a name that may have either
    meaning: a δ_1 or δ_i behind both.
    """
    first, second = (*chain.sides, None)[:2]
    defines = len(tokens) > 1 and tokens[1].kind == "EQUALS"
    by = second.by if defines and isinstance(second, Partial) else None
    for place, token in enumerate(tokens):
        named = not place and defines and (not token.key.startswith("δ") or by is not None)
        unknown = isinstance(token.formula, Unknown) and not named
        if unknown and (several := known.torn(token.key)):
            told = f"{token.text} may be for the units of {several[0]} or of {several[1]}"
            raise token.error(f"{told}; define it", "unknown-name")
    name = tokens[0]
    letters = {sign for sign in _parted(name.key)[1] if sign.isalpha()}
    if by is None or first == second or {*index_letters(by)} != letters:
        return chain
    if not known.is_lent(name.key):
        return chain
    return replace(chain, sides=(Unknown(name.text, name.key, name.start), *chain.sides[1:]))


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

    def torn(self, name: str) -> list[str]:
        """The names of which one gives a name its meaning, where nothing says which of them."""
        found = [] if super().get(name) is not None else list(self._lenders(name).values())
        return found if len(found) > 1 else []

    def _of_family(self, name: str) -> Formula | None:
        """What a name means with its own index in the place of the letters of a known one's."""
        found = list(self._lenders(name))
        return found[0] if len(found) == 1 else None

    def _lenders(self, name: str) -> dict[Formula, str]:
        """What a name may mean, and a name from which it has that meaning.

        Those with the letters of the name count before all others. Two are left of a δ_1 beside
        δ_k and δ_j, which are for different layers.
        """
        stem, sub = _parted(name)
        indices = [index_of(part) for part in _parts(sub)]
        there = [index for index in indices if index is not None]
        if not indices or len(there) < len(indices):
            return {}
        written = {sign for sign in sub if sign.isalpha()}
        near: dict[Formula, str] = {}
        far: dict[Formula, str] = {}
        for known, meaning in self.items():
            other, letters = _parted(known)
            places = _parts(letters)
            alone = all(len(place) == 1 and place.isalpha() for place in places)
            if other != stem or not alone or not len(set(places)) == len(places) == len(there):
                continue
            try:
                found = reindexed(meaning, dict(zip(places, there, strict=True)))
            except ValueError:
                continue
            if found != meaning or name == known:
                (near if written <= set(places) else far).setdefault(found, known)
        return near or far


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
