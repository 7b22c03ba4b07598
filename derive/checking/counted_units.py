"""Which units an index letter counts: the k of z_k = Σ_j w_kj·h_j those of z and w, not those of h.

A letter that stands for two indices of one definition counts the same units in both places, and so
do two letters that stand for the same index, one in one definition and one in another.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from functools import cached_property

from derive.formula import Formula
from derive.formula.letters import members_of
from derive.grammar.tokens import Token
from derive.grammar.unfinished import Chain
from derive.model import Model

Place = tuple[str, int]
"""An index of a family: the family's key and which of its indices it is."""


class CountedUnits:
    """The units of one model that index letters count."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def doubt(self, tokens: Sequence[Token], chain: Chain, given: Container[str]) -> str:
        """What to say of a formula that fails, δ_k = …, if its k counts other units than before.

        Then it is about other units than those for which the author has `given` the name a meaning.
        """
        alone = len(tokens) > 1 and tokens[1].kind == "EQUALS" and tokens[0].key in given
        if not alone:
            return ""
        first, *others = chain.sides
        before, now = self._counted([first]), self._counted(others)
        letter = next((x for x in before if now.get(x) and before[x].isdisjoint(now[x])), "")
        said = (
            f"{tokens[0].text} has a meaning for other units than those that {letter} counts here"
        )
        return f"{said}; give it another letter" if letter else ""

    def _counted(self, formulas: Sequence[Formula]) -> dict[str, set[Place]]:
        """The free letters of formulas, and the units that each of them counts."""
        found: dict[str, set[Place]] = {}
        for letter, place in _places(formulas):
            found.setdefault(letter, set()).add(self._same.get(place, place))
        return found

    @cached_property
    def _same(self) -> dict[Place, Place]:
        """For each index of a family one that stands for all that count the same units."""
        same: dict[Place, Place] = {}
        for family in self._model.instances.families:
            together: dict[str, list[Place]] = {}
            for number, letter in enumerate(family.letters):
                together.setdefault(letter, []).append((family.key, number))
            stated = [] if family.definition is None else [family.definition]
            for letter, place in _places(stated, bound_too=True):
                together.setdefault(letter, []).append(place)
            for places in together.values():
                joined = {same.setdefault(place, place) for place in places}
                one = min(joined)
                if len(joined) > 1:
                    same |= {place: one for place, other in same.items() if other in joined}
        return same


def _places(formulas: Sequence[Formula], *, bound_too: bool = False) -> Iterator[tuple[str, Place]]:
    """The letters that stand alone for an index of a member, and the index."""
    for member, bound, _ in members_of(formulas):
        for number, (letters, _) in enumerate(member.indices):
            if len(letters) == 1 and (bound_too or letters[0] not in bound):
                yield letters[0], (member.stem, number)
