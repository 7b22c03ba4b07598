"""Whether an equation holds if its derivatives, or some of them, are direct ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from derive.calculus.chain import Chain
from derive.calculus.entries import ShapeError, TooManyError
from derive.calculus.readings import MOST_UNUSUAL
from derive.checking.comparing import MOST_EXACT, Comparing
from derive.checking.direct import as_chain_rules, directly, is_chain_rule
from derive.checking.equality import Answer
from derive.formula import Formula, is_matrix, transform

Pair = tuple[Formula, Formula]


@dataclass(frozen=True)
class Single:
    """The single equations of one, and of which more there are too many.

    They are entries of a `whole` equation of vectors and matrices, or numbers of index letters.
    """

    pairs: list[Pair]
    others: TooManyError | None = None
    whole: bool = False


@dataclass(frozen=True)
class DirectClaims:
    """Compares formulas in which ∂c/∂x may keep fixed what c is made of besides x."""

    comparing: Comparing

    def hold(self, left: Formula, right: Formula, error: bool, *, left_too: bool = False) -> bool:
        """Whether an equation holds with direct derivatives on its right side, or on both.

        `error` says whether those of the total error are direct, too. Raises
        :class:`TooManyError` where it may, and is too many equations for that to be known.
        """
        try:
            read = [*self._read(left, right)]
        except (TooManyError, KeyError):
            return False
        return any(self._holds(one, error, left_too) for one in read)

    def _holds(self, one: Single, error: bool, left_too: bool) -> bool:
        def made(a: Formula, b: Formula) -> list[Pair]:
            changed = directly(b, self._chain, error, one.whole)
            return [(directly(a, self._chain, error, one.whole) if left_too else a, changed)]

        if not self._may_be(one, made):
            return False
        pairs = [pair for a, b in one.pairs for pair in made(a, b)]
        found = pairs != one.pairs and self._all_hold(pairs)
        if found and one.others is not None:
            raise one.others
        return found

    def _may_be(self, one: Single, made: Callable[[Formula, Formula], Iterable[Pair]]) -> bool:
        """Whether the first entry that fails holds in one of the ways in which it may be changed.

        Raises :class:`TooManyError` where it does, and there are too many others.
        """
        failing = self.comparing.differing(one.pairs) if one.whole else None
        if failing is not None and not any(self._all_hold([way]) for way in made(*failing)):
            return False
        if one.whole and len(one.pairs) > MOST_EXACT:
            raise TooManyError(f"more than {MOST_EXACT} entries with direct derivatives")
        return True

    def hold_as_chain_rule(self, left: Formula, right: Formula) -> bool | None:
        """Whether an equation holds with direct derivatives, in one reading for all its cases.

        Of vectors and matrices it has to hold however their derivatives are laid out. Nothing where
        it is not the chain rule.
        """
        found = [self._is_chained(left, right, one) for one in self._read(left, right)]
        return None if None in found or not found else all(found)

    def _is_chained(self, left: Formula, right: Formula, one: Single) -> bool | None:
        cases = one.pairs
        if not (is_chain_rule(left, right) or all(is_chain_rule(a, b) for a, b in cases)):
            return None
        return self._holds_in_a_way(one)

    def stands_in(self, slope: Formula, value: Formula, left: Formula, right: Formula) -> bool:
        """Whether a chain rule holds with this value for one of its derivatives.

        The others are direct ones, in one of the ways in which authors mean them.
        """
        put = transform(right, lambda node: value if node == slope else None)
        if put == right or is_matrix(left) or is_matrix(put):
            return False
        return all(self._holds_in_a_way(one) for one in self._read(left, put))

    def _holds_in_a_way(self, one: Single) -> bool:
        """Whether single equations hold in one of the ways in which authors mean their ∂."""
        cases = one.pairs

        def made(a: Formula, b: Formula) -> Iterator[Pair]:
            sides = as_chain_rules(a, b, self._chain, one.whole)
            return ((a, side) for side in sides if side is not None)

        if not self._may_be(one, made):
            return False
        read = [[*as_chain_rules(a, b, self._chain, one.whole)] for a, b in cases]
        for sides in zip(*read, strict=False):
            pairs = [(a, b) for (a, _), b in zip(cases, sides, strict=True) if b is not None]
            if len(pairs) == len(cases) and self._all_hold(pairs):
                if one.others is not None:
                    raise one.others
                return True
        return False

    def _read(self, left: Formula, right: Formula) -> Iterator[Single]:
        """The single equations of one; of vectors and matrices in each usual layout that fits."""
        if not is_matrix(left) and not is_matrix(right):
            yield self._some(left, right)
            return
        for unusual in range(MOST_UNUSUAL + 1):
            try:
                ways = self.comparing.cases.ways(left, right, unusual, single=True)
            except ShapeError:
                continue
            yield from (Single(way.pairs, whole=True) for way in ways if not way.loose)
            if ways:
                return

    def _some(self, left: Formula, right: Formula) -> Single:
        """All single equations of one; where they are too many, which is told, one that fails.

        Raises :class:`TooManyError` where none is known.
        """
        try:
            every = self.comparing.cases.instances(left, right, MOST_EXACT)
            return Single([(a, b) for _, a, b in every])
        except TooManyError as error:
            known = self.comparing.failing_at_once(left, right)
            if known is None:
                raise
            return Single([known[1:]], error)

    def _all_hold(self, pairs: list[Pair]) -> bool:
        return self.comparing.every(pairs, quick=True).answer is Answer.EQUAL

    @cached_property
    def _chain(self) -> Chain:
        return Chain(self.comparing.equality.model)
