"""From the grammar's rules to written formulas, with a note of what was read charitably."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from lark import Tree
from lark.exceptions import VisitError

from derive.formula import Formula, SumOver, transform, walk
from derive.grammar.building.calls import Calls
from derive.grammar.building.cases import Chosen
from derive.grammar.building.products import Products
from derive.grammar.tokens import Unreadable
from derive.grammar.unfinished import (
    LONELY,
    MOST_WRITTEN_OUT,
    STEPS,
    TOO_LONG_SUM,
    Chain,
    Reading,
    plain,
    ungrouped,
    written_out,
)


class Builder(Products, Calls, Chosen):
    """All callbacks of the grammar's rules; a whole formula is a chain of sides."""

    def built(self, reading: Reading, tree: Tree[Any]) -> Chain:
        """The chain that a tree is; findings are put into the `reading`. Raises `Unreadable`."""
        self.reading = reading
        try:
            chain = self.transform(tree)
        except VisitError as error:
            if isinstance(error.orig_exc, Unreadable):
                raise error.orig_exc from None
            raise
        assert isinstance(chain, Chain)
        return chain

    def _check_letters(self, sides: Sequence[Formula]) -> None:
        """Raise :class:`Unreadable` where a letter that a Σ counts stands outside of it, too.

        So it is where a Σ in brackets has the letter behind it, if it stands in no other side.
        """
        sums = [[n for n in walk(x) if isinstance(n, SumOver) and n.index != "*"] for x in sides]
        free = [
            self._meaning.ranges(x).keys() if of else set()
            for x, of in zip(sides, sums, strict=True)
        ]
        twice = [{n.index for n in of} & own for of, own in zip(sums, free, strict=True)]
        if len(sides) > 1 and any(twice):
            count = Counter(letter for side in sides for letter in self._meaning.ranges(side))
            alone = self.reading.behind & {letter for letter in count if count[letter] == 1}
            counted = [{n.index for n in of if n in self.reading.open} for of in sums]
            twice = [own & (of | alone) for own, of in zip(twice, counted, strict=True)]
        if any(twice):
            raise self._error(
                f"{min(next(filter(None, twice)))} is counted by a Σ and stands outside of it, too;"
                " write brackets, or another letter"
            )

    def _reaching(self, sides: list[Formula]) -> list[Formula]:
        """The sides with Σ_i a_i + b_i as Σ_i (a_i + b_i), where i stands nowhere else.

        A Σ that is subtracted stays as it is: in −Σ_i a_i + b_i nobody knows what the minus is of.
        """
        read = [ungrouped(plain(side)) for side in sides]
        found = [transform(side, self._reached_in_brackets) for side in read]
        counted = {
            node.index
            for side, before in zip(found, read, strict=True)
            if side != before
            for node in walk(side)
            if isinstance(node, SumOver)
        }
        alone = not any(counted & self._meaning.ranges(side).keys() for side in found)
        return found if counted and alone else sides

    def _reached_in_brackets(self, node: Formula) -> Formula | None:
        return self.reading.reaching.get(node) or self._reached(node)

    def chain(self, parts: list[Any]) -> Chain:
        """A chain a = b = c."""
        sides, signs = parts[0::2], parts[1::2]
        if any(self._may_be_vector(plain(side)) for side in sides):
            sides = [self._as_vector(side) for side in sides]
        sides = self._reaching(sides)
        self._check_letters([ungrouped(plain(side)) for side in sides])
        for side in sides:
            for node in walk(side):
                if type(node) in LONELY:
                    raise self._lonely(node)
        if sum(written_out(side) for side in sides) > MOST_WRITTEN_OUT:
            raise self._error(TOO_LONG_SUM)
        cuts = [self.reading.base]
        for sign in signs:
            cuts += [sign.start_pos, self._end(sign)]
        cuts.append(self.reading.base + len(self.reading.text))
        kinds = tuple(sign.type for sign in signs)
        if len(kinds) > 1 and {*kinds} & STEPS:
            raise self._error("a step says one thing: w += …, and no second relation")
        return Chain(
            tuple(ungrouped(plain(side)) for side in sides),
            kinds,
            tuple(zip(cuts[0::2], cuts[1::2], strict=True)),
        )
