"""Judging: each '=' of a chain by itself, exactly, with a witness where it is wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from derive.calculus.conditions import may_have_conditions
from derive.calculus.indices import has_letters
from derive.calculus.matrices import ShapeError, is_matrix
from derive.formula import Formula, Letter, Name, Number, Partial, is_number, walk
from derive.formulas.answer import right_formula
from derive.formulas.cases import (
    TooManyError,
    inlined,
    listed,
    placeholders,
)
from derive.formulas.claims import Finding, Judged, Relation, Severity, Verdict, Witness, worst
from derive.formulas.comparing import Comparing
from derive.formulas.diagnosis import Diagnosis
from derive.formulas.diagnosis.shifted import shifted
from derive.formulas.equality import Answer, Equality
from derive.formulas.numbers import Numbers, decimals
from derive.formulas.numeric_claims import NumericClaims
from derive.formulas.provisos import provisos
from derive.formulas.reader import MOST_INLINED, Reader, Side, Statement
from derive.formulas.rulings import Ruling, for_no_neuron, joined
from derive.formulas.speller import Speller
from derive.formulas.written import Placeholder
from derive.model import Model

MOST_BARE = 60
_RELATES = re.compile(r"[^\w\s{}()^+*/.,$-]")
"""What may relate two sides, or introduce a definition."""


class Judge:
    """Judges formulas about one network, in the order in which they are given.

    `weight` is the parameter by which bare expressions are meant to be gradients. What a formula
    defines ("inner = …", numbers) holds for those after it.
    """

    def __init__(self, model: Model, weight: str | None = None) -> None:
        self.model = model
        self.weight = model.parameter(weight).name if weight else None
        self.reader = Reader(model)
        self.silent: list[Statement] = []
        self._nothing: dict[str, list[Statement]] = {}
        """Formulas without a relation that claimed nothing; the next alike need not be read."""
        self.equality = Equality(model)
        self.comparing = Comparing(self.equality)
        self.numbers = Numbers(model)
        self.numeric = NumericClaims(self.numbers, self.equality)
        self.diagnosis = Diagnosis(self.equality, self.comparing.holds)

    def judge(
        self, text: str, number: str | None = None, line: int = 1, column: int = 1
    ) -> Judged | None:
        """The verdict on one formula or display; nothing if it makes no claim."""
        alike = _RELATES.search(text) is None
        if alike and text in self._nothing:
            self.silent = self._nothing[text]
            return None
        if not alike:
            # What it defines may give a meaning to what had none.
            self._nothing.clear()
        judged = self._judge(text, number, line, column)
        if alike and judged is None:
            self._nothing[text] = self.silent
        return judged

    def _judge(self, text: str, number: str | None, line: int, column: int) -> Judged | None:
        self.equality.begin()
        statements = self.reader.statements(text)
        alone = len(statements) == 1
        # "…, where inner = …" gives inner its meaning in what stands before it, too.
        renewed = {
            place: Ruling()
            for place, statement in enumerate(statements)
            if not alone and len(statement.sides) == 2 and self._redefines(statement.sides)
        }
        rulings = [
            renewed.get(place) or self._statement(statement, text, alone)
            for place, statement in enumerate(statements)
        ]
        statements, rulings = joined(statements, rulings)
        self.silent = [s for s, r in zip(statements, rulings, strict=True) if not r.judged]
        if not any(ruling.judged for ruling in rulings):
            return None
        relations: list[Relation] = []
        findings: list[Finding] = []
        for ruling in rulings:
            before = len(relations)
            relations.extend(ruling.relations)
            for finding in ruling.findings:
                place = None if finding.relation is None else finding.relation + before
                said = replace(finding, relation=place)
                if said.severity is not Severity.NOTE or not any(
                    (f.code, f.message) == (said.code, said.message) for f in findings
                ):
                    findings.append(said)
        verdict = worst([v for ruling in rulings for v in ruling.verdicts])
        return Judged(text, verdict, tuple(relations), tuple(findings), number, line, column)

    # One statement.

    def _statement(self, statement: Statement, text: str, alone: bool) -> Ruling:
        if statement.error is not None:
            if not statement.about_network:
                return Ruling()
            error = statement.error
            finding = Finding(
                error.code, error.message, Severity.ERROR, None, error.start, error.end
            )
            return Ruling((), (*statement.findings, finding), (Verdict.UNREADABLE,))
        if statement.defines is not None:
            notes = self._about_placeholders(statement, {})
            return Ruling((), (*statement.findings, *notes))
        if not statement.about_network:
            return Ruling()
        if self.states_numbers(statement):
            return Ruling()
        sides = list(statement.sides)
        if len(sides) == 1:
            left = self._left_of_bare(sides[0].formula)
            if left is None:
                return Ruling()
            shown = Speller(self.model, text, statement.plain_text).inline(left)
            sides.insert(0, Side(left, shown, statement.start, statement.start))
            if self.weight is None:
                note = Finding(
                    "no-left-side",
                    f"there is no left side; it is read as {shown}",
                    Severity.NOTE,
                    f"{shown} = {sides[1].text}",
                    statement.start,
                    statement.end,
                )
                statement = replace(statement, findings=(*statement.findings, note))
        elif self._redefines(sides):
            if alone:
                note = Finding(
                    "redefinition",
                    f"{sides[0].text} had another value before; a new meaning or a mistake?",
                    Severity.WARNING,
                    None,
                    statement.start,
                    statement.end,
                )
                return Ruling((), (note,), (Verdict.UNDECIDED,))
            return Ruling()
        ruling = self._chain(replace(statement, sides=tuple(sides)), text)
        return for_no_neuron(ruling) if self._names_no_neuron(sides) else ruling

    def _names_no_neuron(self, sides: Sequence[Side]) -> bool:
        letters = self.comparing.cases.indices.letters(*(side.formula for side in sides))
        return "*" in letters

    def _redefines(self, sides: Sequence[Side]) -> bool:
        """Whether "inner = …" gives a name of the author's another meaning than before."""
        first = sides[0].formula
        if len(sides) != 2 or not isinstance(first, Letter):
            return False
        if first.name not in self.reader.letters:
            return False
        try:
            compared = self.comparing.compare(*(self._inlined(side.formula) for side in sides))[0]
        except (TooManyError, ShapeError, KeyError):
            return False
        if compared.answer is Answer.EQUAL:
            return False
        meaning = self._inlined(sides[1].formula)
        if sum(1 for _ in walk(meaning)) > MOST_INLINED:
            return False
        self.reader.letters[first.name] = meaning
        return True

    def states_numbers(self, statement: Statement) -> bool:
        """Whether a number is given to an input, a target, a weight or η; it is then known."""
        if not self.is_data(statement):
            return False
        name, value = (side.formula for side in statement.sides)
        assert isinstance(name, Name | Letter)
        assert isinstance(value, Number)
        self.numbers.state(name.name, value.value)
        return True

    def is_data(self, statement: Statement) -> bool:
        """Whether a statement gives a number to what has none: no claim, but data."""
        if self.numbers.network_has_numbers or len(statement.sides) != 2:
            return False
        name, value = (side.formula for side in statement.sides)
        if not isinstance(value, Number) or not isinstance(name, Name | Letter):
            return False
        if isinstance(name, Letter) and name.name != "eta":
            return False
        return name.name not in self.model.definitions

    def _left_of_bare(self, formula: Formula) -> Formula | None:
        """What a bare expression is the value of: the gradient asked for, or the one it equals."""
        if self.weight is not None:
            return Partial(Name(self.model.total), Name(self.weight))
        if not formula.parts() or is_number(formula):
            return None
        formula = self._inlined(formula)
        partials = [node for node in walk(formula) if isinstance(node, Partial)]
        parameters = [
            node.by
            for node in partials
            if isinstance(node.by, Name) and node.by.name in self.model.parameters_set
        ]
        for by in dict.fromkeys(parameters):
            for of in [*self.model.errors[:MOST_BARE], self.model.total]:
                left = Partial(Name(of), by)
                if left == formula:
                    continue
                if self.comparing.holds(left, formula):
                    return left
        return None

    def _inlined(self, formula: Formula) -> Formula:
        return inlined(formula, self.reader.letters)

    def _chain(self, statement: Statement, text: str) -> Ruling:
        relations: list[Relation] = []
        findings: list[Finding] = list(statement.findings)
        speller = Speller(self.model, text, statement.plain_text)
        formulas = [self._inlined(side.formula) for side in statement.sides]
        placed: dict[int, str] = {}
        for index, (left, right) in enumerate(pairwise(statement.sides)):
            relation, found = self._relation(
                formulas[: index + 1], formulas[index + 1], left, right, speller, placed
            )
            relations.append(relation)
            findings += [
                f if f.start is not None else replace(f, start=right.start, end=right.end)
                for f in (replace(f, relation=index) for f in found)
            ]
        findings += self._about_placeholders(statement, placed)
        wrong = [i for i, r in enumerate(relations) if r.verdict is Verdict.REFUTED]
        if wrong and len(relations) > 1:
            which = _ORDINALS[wrong[0]] if wrong[0] < len(_ORDINALS) else f"{wrong[0] + 1}th"
            side = statement.sides[wrong[0] + 1]
            findings.append(
                Finding(
                    "chain-break",
                    f"the {which} '=' is the one that fails"
                    if len(wrong) == 1
                    else f"the {which} '=' is the first of {len(wrong)} that fail",
                    Severity.NOTE,
                    None,
                    side.start,
                    side.end,
                    wrong[0],
                )
            )
        if not wrong and len(formulas) > 2 and is_number(formulas[-1]):
            ends = self.numeric.ends(formulas, statement.sides[-1], len(relations) - 1)
            if ends is not None:
                relations[-1] = replace(relations[-1], verdict=Verdict.REFUTED)
                findings.append(ends)
        return Ruling(
            tuple(relations), tuple(findings), tuple(relation.verdict for relation in relations)
        )

    def _about_placeholders(self, statement: Statement, placed: dict[int, str]) -> list[Finding]:
        found = []
        own = [p for side in statement.sides for p in placeholders(side.formula)]
        by_text: dict[str, list[Placeholder]] = {}
        for p in own:
            by_text.setdefault(p.text, []).append(p)
        for text, group in by_text.items():
            weights = list(dict.fromkeys(placed[p.place] for p in group if placed.get(p.place)))
            if weights:
                message = f"{text} stands for {listed(weights)}"
            elif any(p.place in placed for p in group):
                message = f"{text} stands for any weight: the step holds whatever it is"
            else:
                message = f"{text} is a placeholder; it was read as any weight of its layer"
            found.append(
                Finding(
                    "placeholder",
                    message,
                    Severity.NOTE,
                    None,
                    group[0].place,
                    group[0].place + len(text),
                )
            )
        return found

    # One '='.

    def _relation(
        self,
        before: list[Formula],
        right: Formula,
        left_side: Side,
        right_side: Side,
        speller: Speller,
        placed: dict[int, str],
    ) -> tuple[Relation, list[Finding]]:
        left = before[-1]

        def made(
            verdict: Verdict, findings: list[Finding] | None = None, witness: Witness | None = None
        ) -> tuple[Relation, list[Finding]]:
            relation = Relation(left_side.text, right_side.text, verdict, witness)
            return relation, findings or []

        if decimals(right) and is_number(right) and not is_number(left):
            numeric = self.numeric.judge(before, right)
            if numeric is not None:
                verdict, findings, witness = numeric
                return made(verdict, findings, witness)
        try:
            compared, chosen = self.comparing.compare(left, right)
        except TooManyError as error:
            return made(Verdict.UNDECIDED, [Finding("too-large", str(error))])
        except ShapeError as error:
            return made(Verdict.REFUTED, [self._transposed(left, right, str(error), speller)])
        except KeyError:
            where = "layer" if self.model.network.layers else "family"
            past = Finding("unknown-name", f"an index runs past the end of its {where}")
            return made(Verdict.UNREADABLE, [past, *self._shifted(left, right, speller)])
        if compared.answer is Answer.EQUAL:
            self._note(placed, chosen, speller, left, right)
            return made(Verdict.PROVED, self._conditions(left, right, speller))
        numeric = self.numeric.judge(before, right)
        if numeric is not None:
            verdict, findings, witness = numeric
            lacking = verdict is Verdict.UNDECIDED and compared.answer is Answer.DIFFERENT
            if not lacking or is_number(left) or is_number(right):
                return made(verdict, findings, witness)
        if compared.answer is not Answer.DIFFERENT:
            code = (
                "numerically-equal" if compared.answer is Answer.NUMERICALLY_EQUAL else "no-value"
            )
            finding = Finding(code, compared.reason, Severity.WARNING)
            return made(Verdict.UNDECIDED, [finding])
        findings = self.diagnosis.explain(before, right, speller)
        if not findings and (is_matrix(left) or is_matrix(right)):
            repaired = self.diagnosis.transposed(left, right)
            if repaired is not None:
                written = speller.inline(repaired)
                message = "a transposition, an order or ⊙ is wrong in this product"
                findings = [
                    Finding("transpose", message, Severity.ERROR, written, repaired=written)
                ]
        if not findings and (has_letters(left) or has_letters(right)):
            findings = self._for_some_index(left, right, speller)
        if not findings:
            findings = self._right_formula(before[0], right, speller)
        return made(Verdict.REFUTED, findings, compared.witness)

    def _for_some_index(self, left: Formula, right: Formula, speller: Speller) -> list[Finding]:
        """What is wrong with the first of the equations that one with index letters stands for."""
        if is_matrix(left) or is_matrix(right):
            return []
        moved = self._shifted(left, right, speller)
        if moved:
            return moved
        failing = self.comparing.failing(left, right)
        if failing is None:
            return []
        chosen, a, b = failing
        found = self.diagnosis.explain([a], b, speller) or self._right_formula(a, b, speller)
        if not chosen:
            return found
        numbers = listed([f"{letter} = {number}" for letter, number in chosen.items()])
        where = Finding("index", f"it does not hold for {numbers}", Severity.NOTE)
        said = [replace(f, message=f"for {numbers}, {f.message}") for f in found]
        return said or [where]

    def _shifted(self, left: Formula, right: Formula, speller: Speller) -> list[Finding]:
        """h_t for h_{t-1}, w_{ik} for w_{ki}: one index with letters that makes it right."""
        moved = shifted(left, right, self.comparing.holds)
        if moved is None:
            return []
        old, new, repaired = (speller.inline(formula) for formula in moved)
        message = f"{old} should be {new}"
        return [Finding("wrong-index", message, Severity.ERROR, repaired, repaired=repaired)]

    def _right_formula(self, subject: Formula, wrong: Formula, speller: Speller) -> list[Finding]:
        """Where no single mistake explains a wrong gradient: the right one, for comparison."""
        right = right_formula(self.model, subject)
        if right is None or isinstance(wrong, Name | Number):
            return []
        written = f"{speller.inline(subject)} = {speller.inline(right)}"
        message = "no single mistake explains this; the right formula, for comparison"
        return [Finding("right-formula", message, Severity.NOTE, written)]

    def _note(
        self,
        placed: dict[int, str],
        chosen: dict[int, Formula],
        speller: Speller,
        left: Formula,
        right: Formula,
    ) -> None:
        for place, formula in chosen.items():
            placed[place] = speller.inline(formula) if isinstance(formula, Name) else ""

    def _conditions(self, left: Formula, right: Formula, speller: Speller) -> list[Finding]:
        """Where an equation holds, and what it uses that is known of the given quantities."""
        kinked = self.equality.is_kinked
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

    def _transposed(self, left: Formula, right: Formula, why: str, speller: Speller) -> Finding:
        repaired = self.diagnosis.transposed(left, right)
        written = None if repaired is None else speller.inline(repaired)
        return Finding("transpose", why, Severity.ERROR, written, repaired=written)


_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
