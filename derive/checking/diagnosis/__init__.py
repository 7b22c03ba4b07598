"""From a wrong '=' to what went wrong: one edit that makes it right, and its name.

Every rule proposes repairs; a repair counts only when the repaired equation is proved. The rules
share one point modulo a random prime, at which a repair is found by its value; the proof comes
after.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from derive.calculus.entries import ShapeError, TooManyError
from derive.calculus.indices import Indices
from derive.checking.answer import right_formula
from derive.checking.diagnosis.arrays import ArrayMistakes
from derive.checking.diagnosis.brackets import brackets
from derive.checking.diagnosis.case import Case, Generic, Repair, Tables
from derive.checking.diagnosis.combined import combined
from derive.checking.diagnosis.edits import (
    of_the_same_layer,
    right_edits,
    tried,
)
from derive.checking.diagnosis.lettered import lettered
from derive.checking.diagnosis.names import (
    names_everywhere,
    one_name,
    other_numbering,
    other_weight,
)
from derive.checking.diagnosis.ratio import constants, factors, in_many_terms, update
from derive.checking.diagnosis.shapes import shapes
from derive.checking.diagnosis.slopes import everywhere, output_signs, slopes
from derive.checking.diagnosis.softmax import cross_entropy, softmax_ce, softmax_diagonal
from derive.checking.diagnosis.sums import (
    false_zero,
    missing_paths,
    missing_terms,
    missing_uses,
    premature_total,
)
from derive.checking.diagnosis.words import WORDS
from derive.checking.equality import Equality
from derive.checking.placeholders import placeholders
from derive.checking.speller import Speller
from derive.exact.points import NoValueError, is_active_region_only
from derive.formula import ZERO, Delta, Formula, Layer, Name, Partial, Updated, walk
from derive.grammar.findings import Finding, Severity

Rule = Callable[[Case], Iterator[Repair]]

NEAR: tuple[Rule, ...] = (
    cross_entropy,
    softmax_diagonal,
    softmax_ce,
    constants,
    update,
    premature_total,
    false_zero,
    factors,
    missing_uses,
    missing_paths,
    one_name,
    slopes,
    names_everywhere,
    other_weight,
    other_numbering,
)
"""The rules, the most natural first."""
FAR: tuple[Rule, ...] = (
    brackets,
    output_signs,
    everywhere,
    in_many_terms,
    combined,
    missing_terms,
    shapes,
)
"""Rules that are asked one after the other, and only where no other has found anything."""
MOST_SHOWN = 4
MOST_PROOFS = 40
MOST_EXPLAINED = 1_500
"""Nodes of an equation in which a mistake is looked for."""
MOST_OPEN = 8
"""Placeholders of such an equation."""


class Diagnosis:
    """Explains wrong equations about one model.

    `holds` decides an equation exactly, with its placeholders, index letters and matrices.
    """

    def __init__(self, equality: Equality, holds: Callable[..., bool]) -> None:
        self._equality = equality
        self._holds = holds
        self._indices = Indices(equality.model)
        self._arrays = ArrayMistakes(equality.model)

    def explain(self, before: Sequence[Formula], right: Formula, speller: Speller) -> list[Finding]:
        """The diagnoses that fit, best first; none if there is none.

        In a large network of equations there are too many quantities to look for others that fit.
        """
        if self._equality.arrays is not None and not self._equality.model.has_neurons:
            return []
        left = before[-1]
        if sum(1 for side in (*before, right) for _ in walk(side)) > MOST_EXPLAINED:
            return []
        if placeholders(left, right):
            return self._beside_placeholders(left, right, speller)
        trials = [(before[0], right)]
        if _is_subject(right) and not _is_subject(left):
            trials = [(right, left), (left, right)]
        elif not _is_subject(before[0]):
            trials.append((right, left))
        for truth, wrong in trials:
            try:
                case = Case(self._tables, truth, wrong, self._holds, before)
            except (NoValueError, ValueError, KeyError):
                # Without a point, for it has too many roots, repairs cannot be found by value.
                continue
            if case.right == case.got:
                return [_RIGHT_AGAIN] if len(before) > 1 else []
            found = self._found(case, speller)
            if found:
                return found
        return []

    @cached_property
    def _tables(self) -> Tables:
        """What is looked up at the point at which repairs are found. Raises `NoValueError`."""
        model = self._equality.model
        generic = is_active_region_only(model)
        return Tables(model, Generic(model) if generic else self._equality.points(1)[0])

    def _beside_placeholders(
        self, left: Formula, right: Formula, speller: Speller
    ) -> list[Finding]:
        """wrong-index: one name of the right side, replaced by one of the same layer.

        Of several that fit, those count more with which the two numerators agree too.
        """
        if len(placeholders(left, right)) > MOST_OPEN:
            return []
        alike = of_the_same_layer(self._equality.model)
        fitting = list(right_edits(left, right, alike, self._holds))
        strict = [
            edit
            for edit in fitting
            if isinstance(left, Partial)
            and isinstance(edit.repaired, Partial)
            and tried(self._holds, left.of, edit.repaired.of)
        ]
        return [e.wrong_index(speller, whole=False) for e in strict or fitting][:MOST_SHOWN]

    def shifted(self, left: Formula, right: Formula, speller: Speller) -> list[Finding]:
        """One edit of a formula with letters that mends it: a letter, a sign, a missing Σ."""
        return lettered(left, right, self._indices, self._holds, speller)

    def in_arrays(self, left: Formula, right: Formula, speller: Speller) -> Finding | None:
        """The mistake in an equation of vectors and matrices, if a single one is found."""
        return self._arrays.found(left, right, self._holds, speller)

    def _found(self, case: Case, speller: Speller) -> list[Finding]:
        found = self._proved(case, NEAR, speller)
        for rule in FAR:
            if not found:
                found = self._proved(case, (rule,), speller)
        return found[:MOST_SHOWN]

    def _proved(self, case: Case, rules: Sequence[Rule], speller: Speller) -> list[Finding]:
        """What the rules propose, as far as it is right; nothing is said twice."""
        found: list[Finding] = []
        weak: list[Finding] = []
        said: set[tuple[str, str | None]] = set()
        proved: dict[tuple[Formula, Formula], bool] = {}
        for rule in rules:
            for repair in _safely(rule, case):
                if len(found) >= MOST_SHOWN:
                    return found
                truth = repair.left if repair.left is not None else case.truth
                if _says_nothing(case, repair):
                    continue
                equation = (truth, repair.formula)
                if equation not in proved:
                    if len(proved) >= MOST_PROOFS:
                        return found or weak
                    proved[equation] = self._holds(*equation)
                if not proved[equation]:
                    continue
                finding = _finding(case, repair, speller)
                ways = {(finding.code, finding.repaired), (finding.code, finding.message)}
                if not ways & said:
                    said |= ways
                    (weak if repair.weak else found).append(finding)
        return found or weak


_RIGHT_AGAIN = Finding(
    "chain-break", "this side is right again; the one before it is not", Severity.ERROR
)


def _says_nothing(case: Case, repair: Repair) -> bool:
    """Whether a repair only repeats the left side, or is a long way to write 0."""
    if repair.code == "false-zero":
        other = isinstance(repair.formula, Partial) and repair.formula != case.truth
        return case.wrong == ZERO and other
    if repair.code == "update-not-gradient":
        return False
    zero = case.right == 0 and repair.left is None
    return repair.formula == case.truth or (zero and repair.formula != ZERO)


def _safely(rule: Rule, case: Case) -> Iterator[Repair]:
    """The repairs of a rule, as far as its values exist."""
    try:
        yield from rule(case)
    except (NoValueError, ValueError, KeyError, TooManyError, ShapeError):
        return


def _finding(case: Case, repair: Repair, speller: Speller) -> Finding:
    say = speller.inline
    repaired = say(repair.formula)
    if repair.left is not None:
        repaired = f"{say(repair.left)} = {repaired}"
    suggestion = repaired if repair.suggestion is None else say(repair.suggestion)
    if repair.formula == case.truth and repair.code == "false-zero":
        right = right_formula(case.model, case.truth)
        suggestion = repaired = say(right) if right is not None else repaired
    return Finding(
        repair.code,
        WORDS[repair.code](case, say, repair.facts),
        Severity.ERROR,
        suggestion,
        repaired=repaired,
    )


def _is_subject(formula: Formula) -> bool:
    """Whether a side names what it is about: ∂E/∂w, δ, a quantity, w⁺."""
    return isinstance(formula, Partial | Delta | Name | Updated | Layer)
