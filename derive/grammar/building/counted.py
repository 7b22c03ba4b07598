"""Σ and Π over what follows them: which numbers they count, and what their limits' letters are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from derive.formula import (
    ONE,
    ZERO,
    Array,
    Formula,
    Grid,
    Layer,
    Member,
    Negative,
    SumOver,
    Where,
    is_matrix,
    walk,
)
from derive.formula.index import Index, Test, letters_of, placed, written
from derive.grammar.building.derivatives import Derivatives
from derive.grammar.findings import Finding, Severity
from derive.grammar.tokens import SumSign
from derive.grammar.unfinished import MOST_WRITTEN_OUT, TOO_LONG_SUM, ungrouped, written_out
from derive.grammar.written import Examples, Unknown

MOST_SUMMANDS = 10_000
MOST_OFFSET = 5
"""How far a limit like t + 1 may run past the numbers that exist."""


class Counted(Derivatives):
    """The making of sums and products over index letters."""

    def _sum_over(self, sign: SumSign, body: Formula) -> Formula:
        body = Negative(body) if sign.negated else body
        if self.reading.examples & set(sign.counted):
            return self._over_examples(sign, body)
        if sign.tests:
            body = Where(sign.tests, body, self._nothing(sign, body))
        for letter in reversed(sign.counted or ("*",)):
            body = self._counted(letter, sign, body)
        return body

    def _nothing(self, sign: SumSign, body: Formula) -> Formula:
        """What a Σ or Π makes of no summand or factor at all: of matrices Π makes the identity."""
        if sign.sign != "Π":
            return ZERO
        rows, columns = (is_matrix(body) and self._meaning.shape(body)) or (1, 1)
        if rows != columns or rows == 1:
            return ONE
        places = range(rows)
        return Grid(tuple(ONE if i == j else ZERO for i in places for j in places), columns)

    def _over_examples(self, sign: SumSign, body: Formula) -> Formula:
        """Σ_i over all examples, Σ_{i=1}^m."""
        upper, offset = sign.upper or ((), 0)
        whole = sign.lower in (None, ((), 1)) and len(upper) < 2 and not offset
        if len(sign.counted) > 1 or sign.tests or sign.sign == "Π" or not whole:
            raise self._error("a Σ over examples is read with all of them: Σ_{i=1}^m")
        return Examples(body, upper[0] if upper else "")

    def _counted(self, letter: str, sign: SumSign, body: Formula) -> Formula:
        if letter == "l" and self._meaning.activations:
            raise self._error("a sum over layers is not read; write its terms")
        if letter == "τ":
            raise self._error("τ stands for the last number there is; count with another letter")
        multiplies = sign.sign == "Π"
        # A condition of the sum itself chooses among the numbers for which what it adds exists.
        added = body.then if isinstance(body, Where) and sign.tests else body
        bare = sign.has_no_limits
        fits = self._fitting(letter, sign, added)
        if fits is None and not multiplies and self._is_single(letter, sign, added):
            return body
        if not fits:
            self._check_counts(letter, sign, fits)
        there = (fits[0], fits[-1]) if fits else None
        lower = self._sized(sign, sign.lower, None)
        last = there[1] if there else self._last_in_file(letter, sign, lower)
        upper = self._sized(sign, sign.upper, last)
        body = self._with_conditions(sign, body, last)
        if sign.width and bare:
            said = f"{sign.width} is taken for the last number there is of {letter}"
            self._note(Finding("size", said, Severity.NOTE))
        elif sign.width and there and upper != ((), there[1]):
            raise self._error(f"{sign.width} is not how many {letter} counts, which are {there[1]}")
        opened = [
            Test(left, "≤", right)
            for left, right in ((lower, ((letter,), 0)), (((letter,), 0), upper))
            if left is not None and right is not None
        ]
        if all(not (limit and limit[0]) for limit in (lower, upper)):
            limits = (lower and lower[1], upper and upper[1])
            counted = bare or self._is_all(sign, there)
            first, last = there if there and counted else self._limits(sign, *limits, there)
        else:
            # Some numbers more on both sides, so that limits that run too far are noticed.
            body = Where(tuple(opened), body, self._nothing(sign, body))
            first, last = there or self._meaning.span
            first, last = first - MOST_OFFSET, last + MOST_OFFSET
        if last - first >= MOST_SUMMANDS:
            raise self._error(f"a sum of more than {MOST_SUMMANDS:,} terms")
        if (last - first + 1) * written_out(body) > MOST_WRITTEN_OUT:
            raise self._error(TOO_LONG_SUM)
        made = SumOver(letter, last, body, first, bare, multiplies)
        found = ungrouped(made)
        assert isinstance(found, SumOver)
        self.reading.open.append(found)
        return made

    def _fitting(self, letter: str, sign: SumSign, added: Formula) -> Sequence[int] | None:
        """The numbers that a letter may be; nothing for a letter that does not occur.

        Raises an error for a Σ without limits over a letter that stands nowhere alone.
        """
        fits = self._meaning.ranges(added).get(letter)
        if not fits or not sign.has_no_limits:
            return fits
        if _is_always_shifted(letter, added):
            raise self._error(f"{letter} stands nowhere alone behind {sign.sign}; write its limits")
        return self._meaning.counted(added, letter)

    def _check_counts(self, letter: str, sign: SumSign, fits: Sequence[int] | None) -> None:
        """Raise an error where there is no number that a letter could be."""
        if fits is None and sign.upper is None:
            if not sign.counted:
                raise self._error("Σ without an index, over a formula without one")
            raise self._error(f"the index {letter} of {sign.sign} does not occur behind it")
        if fits is not None:
            why = f"there is no number for which all behind {sign.sign} exists"
            raise self._error(
                why if sign.has_no_limits else f"no number fits the index {letter} of {sign.sign}"
            )

    def _is_single(self, letter: str, sign: SumSign, body: Formula) -> bool:
        """Whether a Σ counts from 1 on what the network has one of: the only unit k.

        Raises an error where it counts others.
        """
        if not self._meaning.is_unit(body, letter):
            return False
        first = sign.lower in (None, ((), 1))
        if not first or self._sized(sign, sign.upper, 1) not in (None, ((), 1)):
            raise self._error(f"Σ counts several {letter}, of which the network has one")
        self.reading.single = letter
        return True

    def _last_in_file(self, letter: str, sign: SumSign, lower: Index | None) -> int | None:
        """The last m of x_{i−m}, m = 0 to k − 1, if the network's file sums over it from 0, too.

        That is so where k has no value yet; a capital T or N is the last of something else.
        """
        known = self._meaning.summed(letter)
        names = [name.removeprefix("-") for name in sign.upper[0]] if sign.upper else []
        free = all(n[0].islower() and n not in self.reading.before for n in names)
        return known[1] if known and free and lower == ((), known[0]) else None

    def _sized(self, sign: SumSign, limit: Index | None, last: int | None) -> Index | None:
        """A limit in which sizes have their numbers; a new one that of the last member there is."""
        if limit is None:
            return None
        limit = placed(limit, self.reading.sizes)
        limit = placed(limit, self.reading.before) if last is None else limit
        indices = self.reading.indices
        unknown = [name for name in limit[0] if name.removeprefix("-") not in indices]
        if not unknown:
            return limit
        shown = unknown[0].removeprefix("-")
        if len(unknown) < len(limit[0]) or last is None or self._meaning.counts_with(shown):
            raise self._error(f"what is the {shown} of {sign.sign}? write it before: {shown} = 3")
        alone = len(unknown) == 1 and not unknown[0].startswith("-")
        beyond = alone and last - limit[1] > self._meaning.span[1]
        if beyond and (sign.lower is None or sign.lower[0] or sign.lower[1] > 0):
            raise self._error(
                f"is {unknown[0]} {last - limit[1]} here, where the numbers end with"
                f" {last}? write it before: {unknown[0]} = {last}"
            )
        name, value = (unknown[0], last - limit[1]) if alone else (written(limit), last)
        self.reading.sizes[name] = value
        self.reading.taken.append(name)
        return (), last

    def _with_conditions(self, sign: SumSign, body: Formula, last: int | None) -> Formula:
        """What a sign adds, where its own conditions hold."""
        if not isinstance(body, Where) or not sign.tests:
            return body
        return replace(body, tests=tuple(self._tested(sign, test, last) for test in body.tests))

    def _tested(self, sign: SumSign, test: Test, last: int | None) -> Test:
        """A condition of a sign in which sizes have their numbers, t ≤ T as they have above it.

        An i ≠ c may be about a letter of which only words speak.
        """
        if not letters_of(test.right) or set(letters_of(test.right)) & set(sign.counted):
            return test
        is_size = test.sign in ("≤", "<", "≥", ">") or any(map(str.isupper, test.right[0]))
        right = self._sized(sign, test.right, last) if is_size else test.right
        return test if right is None else test._replace(right=right)

    def _is_all(self, sign: SumSign, there: tuple[int, int] | None) -> bool:
        """Whether k = 1 to K are all members there are, whose numbers begin with another one."""
        if sign.upper is None or sign.lower != ((), 1) or there is None or there[0] <= 1:
            return False
        letters, offset = sign.upper
        if len(letters) != 1 or offset or letters[0] not in self.reading.taken:
            return False
        self.reading.sizes[letters[0]] = there[1] - there[0] + 1
        return True

    def _limits(
        self, sign: SumSign, lower: int | None, upper: int | None, there: tuple[int, int] | None
    ) -> tuple[int, int]:
        """The limits of a Σ that has some, within the first and the last number there is."""
        begin = there[0] if there and sign.tests else 1
        first = begin if lower is None else lower
        last = upper if upper is not None else there[1] if there else 1
        if first > last:
            raise self._error(f"{sign.sign} runs from {first} to {last}: there is nothing to add")
        if there and not (there[0] <= first and last <= there[1]):
            count = f"{there[1]}" if there[0] == 1 else f"{there[0]} to {there[1]}"
            raise self._error(
                f"{sign.sign} runs from {first} to {last}, but there are {count} to count"
            )
        return first, last

    def _is_column(self, formula: Formula | None) -> bool:
        """Whether this is the name of a vector."""
        shape = self._meaning.shape(formula) if isinstance(formula, Layer | Array) else None
        return shape is not None and shape[1] == 1

    def _may_be_given(self, argument: Formula) -> bool:
        """Whether an argument is a vector, or an x that is no name of the network."""
        return isinstance(argument, Unknown) or self._is_column(argument)


def _is_always_shifted(letter: str, body: Formula) -> bool:
    """Whether a letter stands with a number behind it only, h_{t+1}: it may count from anywhere."""
    members = (node for node in walk(body) if isinstance(node, Member))
    offsets = {offset for of in members for letters, offset in of.indices if letter in letters}
    return bool(offsets) and 0 not in offsets
