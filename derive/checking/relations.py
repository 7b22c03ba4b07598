"""One '=': whether its two sides are equal, and what is to be said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from derive.calculus.entries import ShapeError, TooManyError, UnreadArrayError
from derive.calculus.readings import GRADIENT
from derive.checking.about_placeholders import depends, spelled
from derive.checking.cases import NO_INSTANCE, NothingError
from derive.checking.claims import Ruled, Verdict, undecided, worst
from derive.checking.comparing import Compared, Comparing
from derive.checking.diagnosis import Diagnosis
from derive.checking.digits import decimals, is_of_numbers
from derive.checking.direct_claims import DirectClaims
from derive.checking.equality import Answer
from derive.checking.explaining import Explaining, multiplies_matrices
from derive.checking.kronecker import with_kronecker
from derive.checking.numeric_claims import NumericClaims
from derive.checking.provisos import MOST_NAMED, provisos, with_numbers
from derive.checking.put_in import PutIn
from derive.checking.repeated import repeated, summed
from derive.checking.speller import Speller
from derive.checking.turned import beside, lying
from derive.exact.conditions import may_have_conditions
from derive.formula import (
    ETA,
    Formula,
    Grid,
    Name,
    Negative,
    Renewed,
    Updated,
    has_slopes,
    is_number,
    transform,
    walk,
)
from derive.formula.letters import has_letters
from derive.grammar.findings import Finding, Severity
from derive.suggest import listed

MOST_ENTRIES = 400
"""Entries of a matrix that is written out which are judged one by one."""
SIZES = frozenset("mn")
"""Index letters that may be meant for the last number there is."""


class Relations(Explaining):
    """Judges single '=' about one model; it `explains` what is wrong, or only says that it is."""

    def __init__(
        self, comparing: Comparing, numeric: NumericClaims, *, explains: bool = True
    ) -> None:
        self.explains = explains
        self.model = comparing.equality.model
        self.comparing = comparing
        self.numeric = numeric
        self.directly = DirectClaims(comparing)
        self.put_in = PutIn(comparing, numeric.numbers)
        self.lying: list[tuple[Formula, Formula, bool]] = []
        """Equations that hold, with matrices as their indices stand, or turned."""
        self.limits: Mapping[str, int] = {}
        """The letters that stand above a Σ somewhere in the document, with what they are there."""
        self.asked = set[str]()
        """Letters that would have to be such for an equation to hold."""
        self.gradients = set[str]()
        """How gradients lie, where a formula that writes one out holds in one way only."""
        self._chained: set[tuple[Formula, Formula]] = set()
        """Sides with the right side that is equal to each if its derivatives are direct ones."""
        self.diagnosis = Diagnosis(comparing.equality, comparing.holds)

    def judged(
        self, before: list[Formula], right: Formula, speller: Speller, placed: dict[int, str]
    ) -> Ruled:
        """The verdict on the last of `before` = `right`, what to say of it, and a witness.

        `before` are the sides that stand before this '='. What placeholders stand for is put into
        `placed`, by their places.
        """
        before = self._as_meant(before)
        left = before[-1]
        alone = decimals(right) and is_number(right) and not is_of_numbers(left)
        numeric = self.numeric.judge(before, right) if alone else None
        if numeric is not None:
            return numeric
        compared = self._compared(before, right, speller)
        if not isinstance(compared, Compared):
            return compared
        if compared.answer is Answer.EQUAL:
            lone = beside(compared.comparison.read, self.gradients)
            ended = lone or self._failing_at_the_end(left, right)
            if ended is not None:
                return Verdict.UNDECIDED, [ended], None
            if compared.comparison.turned is not None:
                self.lying.append((left, right, compared.comparison.turned))
            placed |= spelled(compared, (left, right), speller)
            notes = [*self._read(compared.comparison.read, left, right), *self._judged_for()]
            return Verdict.PROVED, [*notes, *self._conditions(left, right, speller)], None
        if isinstance(left, Grid) or isinstance(right, Grid):
            ruled = self._entry_by_entry(left, right, speller, placed)
            unsure = compared.answer is not Answer.DIFFERENT and ruled[0] is Verdict.REFUTED
            return _unsure(compared, (left, right), speller) if unsure else ruled
        numeric = self.numeric.judge(before, right)
        if numeric is not None:
            lacking = numeric[0] is Verdict.UNDECIDED and compared.answer is Answer.DIFFERENT
            of_one = any(finding.code == "batch-numbers" for finding in numeric[1])
            if not lacking or of_one or is_number(left) or is_number(right):
                wrong = numeric[0] is Verdict.REFUTED and not decimals(right)
                ways = (self._as_summed, self._with_direct_slopes) if wrong else ()
                return next(filter(None, (way(left, right) for way in ways)), numeric)
        if compared.answer is not Answer.DIFFERENT:
            return _unsure(compared, (left, right), speller)
        return self._rescued(left, right, speller) or (
            Verdict.REFUTED,
            self.kept(left, right, speller) or self.explained(before, right, speller),
            compared.comparison.witness,
        )

    def _as_meant(self, before: list[Formula]) -> list[Formula]:
        """The sides without the last ones that mean what they do with direct derivatives only.

        What follows them is compared with the side that they are equal to.
        """
        last = len(before)
        while last > 1 and (before[last - 2], before[last - 1]) in self._chained:
            last -= 1
        return before[:last]

    def _read(self, read: str, left: Formula, right: Formula) -> list[Finding]:
        """How an equation that holds is read, and so how gradients lie in the document."""
        if not (has_slopes(left) and has_slopes(right)):
            self.gradients |= {lies for lies in GRADIENT.answers if lies in read}
        note = Finding("layout", f"it is read {self.comparing.said(read)}", Severity.NOTE)
        return [note] if read else []

    def _judged_for(self) -> list[Finding]:
        """For which numbers an equation was judged, where it speaks of others that do not exist."""
        if not self.comparing.cases.is_partial:
            return []
        where = _numbers(self.comparing.cases.kept)
        message = f"judged where its names exist and its limits run forwards: {where}"
        return [Finding("index", message, Severity.NOTE)]

    def _failing_at_the_end(self, left: Formula, right: Formula) -> Finding | None:
        """What to say of an equation that fails where one of its Σ runs too far.

        Some speak there of what counts as nothing, of pixels beyond the edge; others have a wrong
        index, and are right only for the numbers with which it does not show.
        """
        cases = self.comparing.cases
        if not cases.is_partial:
            return None
        kept = cases.kept
        for chosen, a, b in cases.past_the_end(left, right):
            if not self.comparing.holds(a, b):
                message = (
                    f"it holds for {_numbers(kept)}; for {_numbers([chosen])} its Σ speaks of what"
                    " does not exist, and fails without that"
                )
                return Finding("index", message, Severity.WARNING)
        # The comparisons of single equations say nothing of the others.
        cases.kept, cases.is_partial = kept, True
        return None

    def _compared(
        self, before: Sequence[Formula], right: Formula, speller: Speller
    ) -> Compared | Ruled:
        """The comparison of the two sides of an '=', or what is said where there is none."""
        left = before[-1]
        try:
            return self.comparing.compare(left, right)
        except tuple(_WITHOUT_ANSWER) as error:
            verdict, code = _WITHOUT_ANSWER[type(error)]
            return verdict, [Finding(code, str(error))], None
        except ShapeError as error:
            ruled = lying(self.comparing, self.gradients, before, right)
            if ruled is not None:
                return ruled
            return self.misfit(str(error), before, right, speller)
        except KeyError:
            where = "layer" if self.model.has_neurons else "family"
            past = Finding("unknown-name", f"an index runs past the end of its {where}")
            moved = self.diagnosis.shifted(left, right, speller) if self.explains else ()
            return Verdict.UNREADABLE, [past, *moved], None

    def _entry_by_entry(
        self, left: Formula, right: Formula, speller: Speller, placed: dict[int, str]
    ) -> Ruled:
        """The verdict on a matrix that is written out: the worst of those on its entries."""
        rows = right if isinstance(right, Grid) else left
        assert isinstance(rows, Grid)
        pairs = self.comparing.cases.of(left, right)
        if len(pairs) > MOST_ENTRIES:
            return undecided("too-large", f"more than {MOST_ENTRIES} entries that are not equal")
        ruled = [self.judged([a], b, speller, placed) for a, b in pairs]
        verdict = worst([one[0] for one in ruled])
        place = next(n for n, one in enumerate(ruled) if one[0] is verdict)
        row, column = divmod(place % len(rows.cells), rows.columns)
        where = f"in row {row + 1}" + (f", column {column + 1}" if rows.columns > 1 else "")
        found = [replace(f, message=f"{where}: {f.message}") for f in ruled[place][1]]
        if verdict is Verdict.REFUTED and not found:
            found = [Finding("index", f"it does not hold {where}", Severity.NOTE)]
        return verdict, [] if verdict is Verdict.PROVED else found, ruled[place][2]

    def _rescued(self, left: Formula, right: Formula, speller: Speller) -> Ruled | None:
        """With which reading sides that differ may be right all the same; else nothing."""
        try:
            chosen = self.put_in.with_settings(left, right)
        except TooManyError as error:
            return undecided("too-large", str(error))
        if chosen is not None:
            return Verdict.PROVED, [with_numbers(chosen, speller)], None
        other = self._upward(left, right, speller) or self._backwards(left, right, speller)
        if other is not None:
            return other
        if self.numeric.agrees(left, right):
            message = (
                "this agrees to the digits that are written, with the network's numbers; as a"
                f" formula it is wrong: {speller.inline(right)}"
            )
            return undecided("digits-only", message)
        if not any(has_letters(side) or has_slopes(side) for side in (left, right)):
            return None
        meant = self._as_size(left, right) or self._as_summed(left, right)
        if meant is not None:
            return meant
        for sides in with_kronecker(left, right, self.model):
            if self.comparing.holds(*sides):
                message = "it holds if a δ with two letters is Kronecker's, which is 1 or 0"
                return Verdict.UNDECIDED, [Finding("index", message, Severity.WARNING)], None
        return self._with_direct_slopes(left, right)

    def _upward(self, left: Formula, right: Formula, speller: Speller) -> Ruled | None:
        """What to say of a step that goes up, where the error may be one that is to be large.

        The logarithm of a likelihood is, which is never positive.
        """
        total = Name(self.model.total)
        turned = transform(right, lambda node: Negative(ETA) if node == ETA else None)
        steps = any(isinstance(node, Updated | Renewed) for node in walk(left))
        if not steps or turned == right or not self.comparing.holds(left, turned):
            return None
        if not self.comparing.equality.is_never_positive(total):
            return None
        message = f"this is right if {speller.inline(total)} is to be as large as possible"
        return undecided("convention", message)

    def _backwards(self, left: Formula, right: Formula, speller: Speller) -> Ruled | None:
        """What to say of an equation that may hold if a Π of matrices begins with its last factor.

        In which order it has them nobody says; in a chain that goes back they begin with the last.
        """
        if not multiplies_matrices(left, right):
            return None
        indices = self.comparing.cases.indices
        indices.backwards = True
        try:
            compared = self.comparing.compare(left, right)
        except (TooManyError, ShapeError, KeyError):
            return None
        finally:
            indices.backwards = False
        if compared.answer is Answer.DIFFERENT:
            return None
        if compared.answer is not Answer.EQUAL:
            return _unsure(compared, (left, right), speller)
        message = "it is read with the factors of Π from the last one to the first"
        return Verdict.PROVED, [Finding("layout", message, Severity.NOTE)], None

    def _with_direct_slopes(self, left: Formula, right: Formula) -> Ruled | None:
        """What to say of an equation that holds if ∂c/∂x is the direct dependence of c on x.

        In the chain rule of several variables it means nothing else.
        """
        if not (has_slopes(left) or has_slopes(right)):
            return None
        try:
            holds = self.directly.hold_as_chain_rule(left, right)
            if holds:
                self._chained.add((left, right))
                message = "it is read with direct derivatives, as the chain rule has them"
                return Verdict.PROVED, [Finding("layout", message, Severity.NOTE)], None
            alone = holds is None
            errors = (False,) if alone else (False, True)
            directly = any(self.directly.hold(left, right, e, left_too=alone) for e in errors)
            meant = directly and any(
                self.directly.stands_in(left, right, *rule) for rule in self._chained
            )
        except (TooManyError, KeyError) as error:
            return undecided("too-large", str(error))
        if meant:
            message = "∂ is read as direct, as in the chain rule before, which holds only so"
            return Verdict.PROVED, [Finding("layout", message, Severity.NOTE)], None
        if directly:
            message = (
                "it holds if ∂ is meant for the direct dependence alone, with all else kept fixed"
                " that depends on what stands below it"
            )
            return Verdict.UNDECIDED, [Finding("index", message, Severity.WARNING)], None
        return None

    def _as_size(self, left: Formula, right: Formula) -> Ruled | None:
        """What to say of ∂E/∂y = ∂E/∂S_n, which holds if n is the number of steps, and no index.

        That may be so where the letter stands on one side only, for nothing counts there; and it
        is so where the document has it above a Σ.
        """
        indices = self.comparing.cases.indices
        one, other = indices.ranges(left), indices.ranges(right)
        for letter in sorted((one.keys() ^ other.keys()) & (SIZES | self.limits.keys())):
            last = max((one | other)[letter], default=0)
            try:
                sides = [indices.instance(side, {letter: last}) for side in (left, right)]
            except KeyError:
                continue
            if not self.comparing.holds(*sides):
                continue
            self.asked.add(letter)
            if self.limits.get(letter, last) != last:
                continue
            if letter in self.limits:
                message = f"{letter} is read as {last}, for it is the last number where Σ ends"
                return Verdict.PROVED, [Finding("size", message, Severity.NOTE)], None
            message = (
                f"{letter} is an index here, and it does not hold for all; it holds for"
                f" {letter} = {last}, should that be meant"
            )
            return undecided("index", message)
        return None

    def _as_summed(self, left: Formula, right: Formula) -> Ruled | None:
        """What to say of ∂E/∂w = ∂E/∂y_i · ∂y_i/∂w, which holds if it is summed over i."""
        indices = self.comparing.cases.indices
        one, other = indices.ranges(left), indices.ranges(right)
        sides = [left, right]
        letters: list[str] = []
        for place, alone in enumerate((one.keys() - other.keys(), other.keys() - one.keys())):
            for letter in repeated(sides[place], alone):
                sides[place] = summed(sides[place], letter, indices)
                letters.append(letter)
        if not letters or not self.comparing.holds(*sides):
            return None
        message = (
            f"Σ over {listed(letters)} is missing; it holds if an index that stands twice is"
            " summed over, should that be meant"
        )
        return undecided("index", message)

    def _conditions(self, left: Formula, right: Formula, speller: Speller) -> list[Finding]:
        """Where an equation holds, and what it uses that is known of the given quantities."""
        kinked = self.comparing.equality.is_kinked
        found: list[Finding] = []
        if kinked or may_have_conditions(left) or may_have_conditions(right):
            sides = self.comparing.some_sides(left, right)
            found = provisos(self.model, sides, speller, has_kinks=kinked)
        if not self.comparing.needs_condition(left, right):
            return found
        known = [
            f"{speller.inline(Name(name))} = {speller.inline(meaning)}"
            for name, meaning in self.model.conditions.items()
        ]
        uses = Finding("side-condition", f"this uses that {listed(known)}", Severity.NOTE)
        return [uses, *found]


_WITHOUT_ANSWER: dict[type[Exception], tuple[Verdict, str]] = {
    TooManyError: (Verdict.UNDECIDED, "too-large"),
    UnreadArrayError: (Verdict.UNREADABLE, "unreadable"),
    NothingError: (Verdict.UNREADABLE, NO_INSTANCE),
}
"""What becomes of an equation that cannot be compared, and the code of what is said of it."""


def _numbers(kept: Sequence[Mapping[str, int]]) -> str:
    """The first of several choices of numbers for the letters of an equation."""
    some = [listed([f"{k} = {v}" for k, v in one.items()]) for one in kept[:MOST_NAMED]]
    return "; ".join(some) + ("; …" if len(kept) > MOST_NAMED else "")


def _unsure(compared: Compared, sides: Sequence[Formula], speller: Speller) -> Ruled:
    """What is said where two sides are neither equal nor different."""
    if compared.holds:
        return Verdict.UNDECIDED, [depends(compared, sides, speller)], None
    seems = compared.answer is Answer.NUMERICALLY_EQUAL
    about, reason = compared.comparison.about, compared.comparison.reason
    said = reason if about is None else f"{speller.inline(about)} {reason}"
    return undecided("numerically-equal" if seems else "no-value", said)
