"""Judging: each '=' of a chain by itself, exactly, with a witness where it is wrong."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from derive.checking.about_placeholders import about_placeholders
from derive.checking.adjoints import deltas_are_slopes, writes_slopes
from derive.checking.bare import contains_gradient, left_of_bare
from derive.checking.cases import inlined
from derive.checking.claims import Judged, Relation, Verdict, worst
from derive.checking.comparing import Comparing
from derive.checking.equality import Equality
from derive.checking.function_claims import with_scaled
from derive.checking.namings import of_quantity
from derive.checking.numbers import Numbers
from derive.checking.numeric_claims import NumericClaims
from derive.checking.overlooked import noticed, placed
from derive.checking.own_conventions import Changes, OwnConventions, names_array
from derive.checking.reader import Reader
from derive.checking.relations import Relations
from derive.checking.rulings import (
    HOW_FAR,
    about_left,
    defines,
    doubted,
    rate_as_name,
    redefined,
    renames_rate,
    unless_near,
    where_it_breaks,
    with_itself,
    without_left,
)
from derive.checking.spelled import parameter
from derive.checking.speller import Speller
from derive.checking.statements import Ruling, Side, Statement, for_no_neuron, joined, unreadable
from derive.formula import (
    Formula,
    Letter,
    Name,
    Number,
    Partial,
    is_number,
)
from derive.grammar.expanding import Expanded, expanded
from derive.grammar.findings import Finding, Severity
from derive.grammar.macros import Macros
from derive.model import Model

_DELTA = re.compile(r"δ|\\?delta(?![A-Za-z])")
_RELATES = re.compile(r"[^\w\s{}()^+*/.,$-]")
"""What may relate two sides, or introduce a definition."""


class UnfitError(Exception):
    """A formula defines a net input or an output otherwise than the network does."""


class Judge(OwnConventions):
    """Judges formulas about one network, in the order in which they are given.

    `weight` is the parameter by which bare expressions are meant to be gradients; `formula` says
    what a formula means under a convention. What one defines ("inner = …", numbers) holds for those
    after it. On `trial` the first formula that defines something otherwise than the network does is
    an :class:`UnfitError`, and nobody is told what is wrong with one that fails.
    """

    def __init__(
        self,
        model: Model,
        weight: str | None = None,
        formula: Callable[[Formula], Formula] | None = None,
        *,
        trial: bool = False,
    ) -> None:
        self.model = model
        self.trial = trial
        self.weight = parameter(model, weight) if weight else None
        self.reader = Reader(model, convention=formula)
        self.macros = Macros()
        self.read = Expanded("", "")
        """The last formula, as it was read."""
        self.silent: list[Statement] = []
        self.defined = Counter[bool]()
        """How many formulas defined a net input or an output as the network does, and otherwise."""
        self.changes = Changes()
        self.renewals = []
        self.settled: set[str] = set()
        """Names with a meaning of their own that a proved formula has confirmed."""
        self.unread = set[str]()
        self.units: Mapping[str, frozenset[int]] = {}
        """The numbers of index letters that tell units apart, where they do."""
        self.own_functions: set[str] = set()
        self.ramps = set[str]()
        self._nothing: dict[str, list[Statement]] = {}
        """Formulas without a relation that claimed nothing; the next alike need not be read."""
        self.equality = Equality(model)
        self.comparing = Comparing(self.equality)
        self._deltas_are_slopes = deltas_are_slopes(model)
        self.numbers = Numbers(model)
        self.numeric = NumericClaims(self.numbers, self.comparing)
        self.relations = Relations(self.comparing, self.numeric, explains=not trial)

    def judge(
        self, formula: str | Expanded, number: str | None = None, line: int = 1, column: int = 1
    ) -> Judged | None:
        """The verdict on one formula or display, macros put in; nothing if it claims nothing."""
        read = expanded(formula, self.macros) if isinstance(formula, str) else formula
        self.read = read
        self.place = place = number, line, column
        text = read.text
        if read.hopeless and read.fault is not None:
            return Judged(text, Verdict.UNREADABLE, (), (read.fault.finding(),), *place)
        self.reader.fault = read.fault
        alike = _RELATES.search(text) is None
        if alike and text in self._nothing:
            self.silent = self._nothing[text]
            return None
        if not alike:
            # What it defines may give a meaning to what had none.
            self._nothing.clear()
        judged = self._judge(text, *place)
        if alike and judged is None:
            self._nothing[text] = self.silent
        # An equation that shall hold is a demand and no claim.
        claimed = judged is not None and not (
            read.demanded and judged.verdict is not Verdict.PROVED
        )
        return placed(judged, read) if judged is not None and claimed else None

    def _judge(self, text: str, number: str | None, line: int, column: int) -> Judged | None:
        self.equality.begin()
        self._wrong = set[int]()
        statements = self.reader.statements(text)
        alone = len(statements) == 1
        claiming = any(len(s.sides) > 1 and s.about_network for s in statements)
        for statement in statements:
            self.note_unread(statement, text)
        twice = self._defined_twice(statements)
        if twice is not None:
            return Judged(text, Verdict.UNREADABLE, (), (twice,), number, line, column)
        # "…, where inner = …" gives inner its meaning in what stands before it, too.
        renewed = {
            place: Ruling()
            for place, statement in enumerate(statements)
            if not alone and len(statement.sides) == 2 and self.redefines(statement.sides)
        }
        # So do numbers: "a = 5 w, where x = 5".
        renewed |= {
            place: self._stated(statement)
            for place, statement in enumerate(statements)
            if not alone and statement.error is None and self.is_data(statement)
        }
        rulings = [
            renewed.get(place) or self.ruling(statement, text, alone, claiming)
            for place, statement in enumerate(statements)
        ]
        statements, rulings = joined(statements, rulings, self.reader.symbols.layers[0])
        rulings = [noticed(*pair, text) for pair in zip(statements, rulings, strict=True)]
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

    def _defined_twice(self, statements: Sequence[Statement]) -> Finding | None:
        """What to say of a display that gives two meanings to one name."""
        names = [s.defines for s in statements if s.defines is not None]
        for statement in statements:
            first = statement.sides[0].formula if len(statement.sides) == 2 else None
            if not isinstance(first, Letter) or first.name not in names:
                continue
            meaning, other = (self.inlined(side.formula) for side in statement.sides)
            if not self.comparing.holds(meaning, other):
                return Finding(
                    "redefinition",
                    f"{first.name} has two meanings in this display; give the second another name",
                    start=statement.start,
                    end=statement.end,
                )
        return None

    def ruling(
        self, statement: Statement, text: str, alone: bool, claiming: bool = False
    ) -> Ruling:
        own = {limit.letter: limit.numbers for limit in statement.ranges if limit.numbers}
        self.comparing.cases.indices.within = {**self.units, **own}
        self.comparing.cases.slopes_are_named = self._deltas_are_slopes and not writes_slopes(
            text[statement.start : statement.end]
        )
        self.comparing.cases.tests = [test for limit in statement.ranges for test in limit.tests]
        if (silent := self._without_claim(statement, text)) is not None:
            return silent
        if len(statement.sides) == 1:
            left = self._left(statement.sides[0].formula)
            if left is None:
                return without_left(statement) if claiming else Ruling()
            if statement.doubt is not None:
                return unreadable(statement.doubt.finding())
            if self.weight is None and contains_gradient(
                statement.sides[0].formula, left, self.model
            ):
                return with_itself(statement)
            statement = self._with_left(statement, left, text)
        elif self.redefines(statement.sides):
            return redefined(statement) if alone else Ruling()
        if statement.delta and ("δ" not in self.settled or names_array(statement)):
            meaning = self.own_delta(statement, statement.delta, text)
            if meaning is not None:
                return meaning
        ruling = self._unless_doubted(self.for_classes(statement, text), statement, text)
        ruling = self.unless_taken_away(ruling, statement, text)
        ruling = self.unless_of_right_class(ruling, statement, text)
        if set(ruling.verdicts) == {Verdict.PROVED} and _DELTA.search(text):
            self.settled.add("δ")
        self._wrong |= {statement.start} if Verdict.REFUTED in ruling.verdicts else set()
        return for_no_neuron(ruling) if self._names_no_neuron(statement.sides) else ruling

    def _without_claim(self, statement: Statement, text: str) -> Ruling | None:
        """What becomes of a statement that claims nothing, or cannot be read; else nothing."""
        if statement.error is not None:
            findings = (*statement.findings, statement.error.finding())
            return unreadable(*findings) if statement.about_network else Ruling()
        if statement.defines is not None:
            notes = about_placeholders(statement.formulas, {})
            silent = Ruling((), (*statement.findings, *notes))
            return self._named_otherwise(statement) or silent
        if statement.instead and statement.instead.every and statement.start in self._wrong:
            return Ruling()
        asked = self.weight is not None and len(statement.sides) == 1
        if not statement.about_network and not (asked and is_number(statement.sides[0].formula)):
            return Ruling()
        if self.is_data(statement):
            return self._stated(statement)
        if renames_rate(statement):
            return rate_as_name(statement)
        return self.of_own_function(statement, text)

    def _named_otherwise(self, statement: Statement) -> Ruling | None:
        """The ruling on a name for a quantity of the network, which it means from then on."""
        right = self.inlined(statement.sides[1].formula)
        found = of_quantity(statement, right, self.comparing)
        if found is None:
            return None
        if found[1] is not None and statement.defines in self.reader.letters.keys():  # noqa: SIM118
            self.reader.letters[statement.defines] = found[1]
        return found[0]

    def _with_left(self, statement: Statement, left: Formula, text: str) -> Statement:
        """A bare expression as an equation, with a note of what it is read as."""
        shown = Speller(self.model, text, statement.plain_text).inline(left)
        start, end, (bare,) = statement.start, statement.end, statement.sides
        note = Finding(
            "no-left-side",
            f"there is no left side; it is read as {shown}",
            Severity.NOTE,
            f"{shown} = {bare.text}",
            start,
            end,
        )
        notes = (note,) if self.weight is None else ()
        sides = (Side(left, shown, start, start), bare)
        return replace(statement, sides=sides, findings=(*statement.findings, *notes))

    def _unless_doubted(self, ruling: Ruling, statement: Statement, text: str) -> Ruling:
        """The ruling; a claim that fails is not read where it may mean something else."""
        if Verdict.REFUTED not in ruling.verdicts:
            return ruling
        if statement.otherwise is not None:
            other = replace(statement, sides=statement.otherwise, otherwise=None)
            fails = other.sides and Verdict.REFUTED in self.for_classes(other, text).verdicts
            statement = statement if fails else replace(statement, hedge=HOW_FAR)
        unread = self.speaks_of_unread(statement, text)
        said = f"the formula that says what {unread} is was not read" if unread else statement.hedge
        said = said or self.about_ramps(statement, text) or about_left(statement, self.model)
        statement = replace(statement, hedge=said)
        letters = self.comparing.cases.indices.letters(*(s.formula for s in statement.sides))
        if (unsure := doubted(statement, letters, self.reader.letters)) is None:
            return ruling
        self.note_unread(statement, text, doubted=True)
        return unsure

    def _names_no_neuron(self, sides: Sequence[Side]) -> bool:
        letters = self.comparing.cases.indices.letters(*(side.formula for side in sides))
        return "*" in letters

    def _stated(self, statement: Statement) -> Ruling:
        """A number is given to an input, a target, a weight or η; it is then known."""
        name, value = (side.formula for side in statement.sides)
        assert isinstance(name, Name | Letter)
        assert isinstance(value, Number)
        before = self.numbers.given.get(name.name, value.value)
        self.numbers.state(name.name, value.value)
        return Ruling() if before == value.value else redefined(statement)

    def is_data(self, statement: Statement) -> bool:
        """Whether a statement gives a number to what has none: no claim, but data."""
        if self.numbers.network_has_numbers or len(statement.sides) != 2:
            return False
        name, value = (side.formula for side in statement.sides)
        if not isinstance(value, Number) or not isinstance(name, Name | Letter):
            return False
        foreign = isinstance(name, Letter) and name.name != "eta"
        known = name.name in self.model.definitions or name.name in self.numbers.fixed
        return not foreign and not known

    def _left(self, formula: Formula) -> Formula | None:
        """What a bare expression is the value of: the gradient asked for, or the one it equals."""
        if self.weight is not None:
            return Partial(Name(self.model.total), Name(self.weight))
        if not formula.parts() or is_number(formula):
            return None
        return left_of_bare(self.inlined(formula), self.comparing)

    def inlined(self, formula: Formula) -> Formula:
        return with_scaled(inlined(formula, self.reader.letters), self.reader.scaled)

    def for_classes(self, statement: Statement, text: str) -> Ruling:
        """The ruling on a statement, for one right class after the other if it speaks of that.

        So it is for the values of a target that cases are chosen by.
        """
        ruling = self._chain(statement, text)
        cased = statement.right_class or statement.values
        if not cased or set(ruling.verdicts) == {Verdict.PROVED}:
            return ruling
        for model in self.reader.classes.models(statement.right_class, statement.values):
            ruling = self.in_model(model, statement, text)
            if set(ruling.verdicts) != {Verdict.PROVED}:
                break
        return ruling

    def in_model(self, model: Model, statement: Statement, text: str) -> Ruling:
        judge = Judge(model)
        judge.reader = self.reader
        return judge._chain(statement, text)

    def _chain(self, statement: Statement, text: str) -> Ruling:
        relations: list[Relation] = []
        findings: list[Finding] = list(statement.findings)
        speller = Speller(self.model, text, statement.plain_text)
        formulas = [self.inlined(side.formula) for side in statement.sides]
        placed: dict[int, str] = {}
        for index, (left, right) in enumerate(pairwise(statement.sides)):
            before, after = formulas[: index + 1], formulas[index + 1]
            ruled = self.relations.judged(before, after, speller, placed)
            if right.near:
                pair, known = (before[-1], after), self.numbers.are_known
                ruled = unless_near(ruled, pair, with_numbers=known)
            verdict, found, witness = ruled
            relations.append(Relation(left.text, right.text, verdict, witness))
            findings += [
                f if f.start is not None else replace(f, start=right.start, end=right.end)
                for f in (replace(f, relation=index) for f in found)
            ]
        findings += about_placeholders([side.formula for side in statement.sides], placed)
        wrong = [i for i, r in enumerate(relations) if r.verdict is Verdict.REFUTED]
        if wrong and len(relations) > 1:
            findings.append(where_it_breaks(wrong, statement.sides[wrong[0] + 1]))
        if not wrong and len(formulas) > 2 and is_number(formulas[-1]):
            sound = all(relation.verdict is Verdict.PROVED for relation in relations)
            ends = self.numeric.ends(formulas, statement.sides[-1], len(relations) - 1, sound)
            if ends is not None:
                relations[-1] = replace(relations[-1], verdict=Verdict.REFUTED)
                findings.append(ends)
        if relations and defines(self.model, formulas):
            proved = relations[0].verdict is Verdict.PROVED
            self.defined[proved] += proved or not statement.hedge
            if self.trial and self.defined[False]:
                raise UnfitError
        if statement.of_examples:
            findings = [replace(f, suggestion=None, repaired=None) for f in findings]
        return Ruling(tuple(relations), tuple(findings), tuple(r.verdict for r in relations))
