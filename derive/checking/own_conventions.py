"""What an author's own δ, Δ and f mean: δ = −∂E/∂z, Δw that a step takes away, f(x) = x²."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from derive.calculus.entries import ShapeError, TooManyError
from derive.checking.claims import Verdict
from derive.checking.comparing import Comparing
from derive.checking.equality import Answer
from derive.checking.function_claims import VARIABLE, has_unknown_slope, is_constant
from derive.checking.reader import MOST_INLINED, Reader
from derive.checking.speller import Speller
from derive.checking.statements import Ruling, Side, Statement, unreadable
from derive.checking.updates import with_changes_turned
from derive.formula import (
    Call,
    Formula,
    Gradient,
    Letter,
    Name,
    Negative,
    Number,
    Partial,
    Renewed,
    Updated,
    is_matrix,
    is_number,
    walk,
)
from derive.formula.index import Index
from derive.formula.letters import reindexed
from derive.grammar.findings import Finding, Severity
from derive.model import Model
from derive.notations.greek import GREEK

_APPLIES = re.compile(
    r"(\\[A-Za-z]+|(?<![A-Za-z\\])[A-Za-z]|[φψϕ])\s*(?:['′]|\^\s*\{?\\prime\}?)*"
    r"\s*(?:\\left|\\[bB]igg?l?)?\s*\("
)
"""A function with what it is of behind it in brackets: g(z), \\phi'(z)."""
_DIGITS = re.compile(r"[0-9]")
MOST_BY_CHANCE = 4
"""Digits of a number that is hardly the value of a weight after a step by chance."""
OF_CLASS = "cy"
"""Letters of the right class."""
RAMP = Call("relu", VARIABLE)
_CHANGE = re.compile(r"Δ|\\(?:var)?Delta(?![A-Za-z])")


DELTA = re.compile(r"δ|\\delta(?![A-Za-z])")
_NAMES_DELTA = re.compile(
    rf"[\s&]*((?:{DELTA.pattern})"
    r"(?:\s*[_^]\s*(?:\{[^{}]*\}|\w))*)"
    r"(?:\s*\(\s*\w\s*\))?"
    r"[\s&]*(?::?=|≡|\\(?:equiv|coloneqq)(?![A-Za-z]))"
)

_SLOPE = (
    r"\\[dt]?frac\s*\{\s*(?:\\partial|∂)(?:[^{}]|\{[^{}]*\})*\}"
    r"\s*\{\s*(?:\\partial|∂)(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"
)
_IS_SLOPE = re.compile(
    rf"{_NAMES_DELTA.pattern}[\s&]*([-−]?)\s*{_SLOPE}"
    rf"(?:\s*(?:\\(?:cdot|times|,)|⋅|·)?\s*{_SLOPE})*\s*(?:\Z|[=&.,;]|\\)"
)


def sign_of_delta(text: str) -> int:
    """Whether a formula says that δ is a derivative, or −1 if one with a minus: δ_j = −∂E/∂z_j."""
    found = _IS_SLOPE.search(text)
    return 0 if found is None else -1 if found[2] else 1


@dataclass
class Changes:
    """What a document says of Δw: the formulas that are right if a step takes it away.

    `added` says whether one is right only if it is added.
    """

    are_taken_away: bool = False
    """Whether that is known, of the whole document."""
    taken_away: set[str] = field(default_factory=set)
    added: bool = False

    @property
    def found_out(self) -> bool:
        """Whether several formulas hold so, and none only otherwise."""
        return len(self.taken_away) > 1 and not self.added


Place = tuple[str | None, int, int]
"""The number of a formula, its line and column."""


@dataclass(frozen=True)
class Renewal:
    """The place at which a name of the author's is given another meaning than it had before."""

    place: Place
    name: str
    before: Formula
    meaning: Formula


class OwnConventions:
    """The part of a judge that tries what δ, Δ and letters for functions mean.

    `unread` are the δ that have a meaning in a formula which is not read, `own_functions` the
    letters that a formula has made functions of its own.
    """

    model: Model
    comparing: Comparing
    reader: Reader
    changes: Changes
    unread: set[str]
    own_functions: set[str]
    place: Place
    renewals: list[Renewal]
    """What was given another meaning than before, in the order of the document."""
    ramps: set[str]
    """Letters that a formula says to be max(0, x), and that are other functions in the network."""

    @abstractmethod
    def ruling(
        self, statement: Statement, text: str, alone: bool, claiming: bool = False
    ) -> Ruling:
        """What is said of one statement."""

    @abstractmethod
    def for_classes(self, statement: Statement, text: str) -> Ruling:
        """What is said of one statement that claims something, for each class of a softmax."""

    @abstractmethod
    def in_model(self, model: Model, statement: Statement, text: str) -> Ruling:
        """What is said of one statement about another model with the same names."""

    @abstractmethod
    def inlined(self, formula: Formula) -> Formula:
        """A formula with the author's own definitions put in."""

    def of_own_function(self, statement: Statement, text: str) -> Ruling | None:
        """What becomes of g(x) = … if g is not the activation, and of all that applies g then.

        The first is a definition of the author's own, which claims nothing; the others are not
        read, unless the definition has a constant of the network in it, as σ(x) = 1/(1 + e^{−λx})
        has: then the function means that. Nothing of any other statement.
        """
        applied = _APPLIES.findall(text, statement.start, statement.end)
        own = next((letter for letter in applied if letter in self.own_functions), None)
        if own is None and has_unknown_slope(statement.formulas, self.reader.scaled):
            own = next(iter(applied), "σ")
        if own is not None:
            message = (
                f"{own} is a function that a formula before defines; write out what it is here"
            )
            return unreadable(
                Finding("unreadable", message, start=statement.start, end=statement.end)
            )
        if not applied or len(statement.sides) != 2:
            return None
        first, made = (side.formula for side in statement.sides)
        leaves = {node for node in walk(made) if not isinstance(node, Number) and not node.parts()}
        constants = leaves - {VARIABLE}
        may_be = self.reader.symbols.may_be_own(GREEK.get(applied[0].lstrip("\\"), applied[0]))
        is_own = isinstance(first, Call) and first.argument == VARIABLE and not first.primes
        scaled = bool(constants) and all(is_constant(x, self.model) for x in constants)
        if not is_own or not (scaled or (may_be and not constants)):
            return None
        if self.comparing.holds(first, made):
            return None
        if scaled:
            assert isinstance(first, Call)
            self.reader.scaled[first.function] = made
        elif made == RAMP:
            self.ramps.add(applied[0])
        else:
            self.own_functions.add(applied[0])
        return Ruling()

    def redefines(self, sides: Sequence[Side]) -> bool:
        """Whether "inner = …" gives a name of the author's another meaning than before."""
        first = sides[0].formula
        if len(sides) < 2 or not isinstance(first, Letter):
            return False
        if first.name not in self.reader.letters:
            return False
        before, meaning = (self.inlined(side.formula) for side in sides[:2])
        if sum(1 for _ in walk(meaning)) > MOST_INLINED:
            return False
        try:
            compared = self.comparing.compare(before, meaning)
        except (TooManyError, ShapeError, KeyError):
            return False
        if compared.answer is Answer.EQUAL:
            return False
        self.reader.letters[first.name] = meaning
        self.renewals.append(Renewal(self.place, first.name, before, meaning))
        return True

    def about_ramps(self, statement: Statement, text: str) -> str:
        """What to say of a formula that fails with a letter which is max(0, x) to its author."""
        applied = _APPLIES.findall(text, statement.start, statement.end)
        letter = next((one for one in applied if one in self.ramps), "")
        return f"{letter} is max(0, x) here, and another function in the network" if letter else ""

    def note_unread(self, statement: Statement, text: str, *, doubted: bool = False) -> None:
        """Remember what a statement names δ, if nobody knows what it says; or knows at last.

        Nobody does of one that cannot be read, or is `doubted` to be about what it seems to be; nor
        what a product of two columns says that any name is given as, r_t (1 − r_t).
        """
        name = _NAMES_DELTA.match(text, statement.start, statement.end)
        if name is not None and (doubted or statement.error is not None):
            self.unread.add(_plain(name[1]))
        elif name is not None:
            self.unread.discard(_plain(name[1]))
        if statement.defines is not None and not self._fits(statement.sides[1].formula):
            self.unread.add(_plain(statement.sides[0].text))

    def _fits(self, meaning: Formula) -> bool:
        """Whether the shapes in what a name is given as fit, whichever way its vectors lie."""
        try:
            self.comparing.compare(meaning, meaning)
        except ShapeError:
            return False
        except (TooManyError, KeyError):
            pass
        return True

    def speaks_of_unread(self, statement: Statement, text: str) -> str:
        """A δ in a statement whose meaning nobody knows; nothing where there is none."""
        plain = _plain(text[statement.start : statement.end])
        return next((n for n in self.unread if re.search(rf"{re.escape(n)}(?![0-9])", plain)), "")

    def own_delta(self, statement: Statement, name: str, text: str) -> Ruling | None:
        """What becomes of the first δ_j = … if δ is not the error's derivative by the net input.

        It is a definition of the author's own; nothing if δ is what it is everywhere. What follows
        in a chain is judged by itself.
        """
        left, right = (self.inlined(side.formula) for side in statement.sides[:2])
        goes_on = len(statement.sides) > 2
        if self.comparing.holds(left, right):
            return None
        turned = self.comparing.holds(left, Negative(right))
        if goes_on and not (turned or isinstance(right, Gradient | Partial)):
            return None
        self.reader.letters[name] = Negative(left) if turned else right
        if not (turned or goes_on):
            return Ruling()
        behind = replace(statement, sides=statement.sides[1:], delta=None)
        rest = self.ruling(behind, text, alone=False) if goes_on else Ruling()
        named = right.term if isinstance(right, Negative) else right
        if isinstance(named, Gradient | Partial):
            return rest
        shown = Speller(self.model, text, statement.plain_text).inline(left)
        message = f"this is right if {name} means −{shown}; it is taken for that from here on"
        return self._right_if(statement, message, rest)

    def unless_taken_away(self, ruling: Ruling, statement: Statement, text: str) -> Ruling:
        """The ruling; a step that fails may be right if Δw is subtracted: Δw = η ∂E/∂w.

        It is where the document has Δ so.
        """
        if _CHANGE.search(text, statement.start, statement.end) is None:
            return self._unless_after_a_step(ruling, statement, text)
        plain = [self.inlined(side.formula) for side in statement.sides]
        sides = [*map(with_changes_turned, plain)]
        if sides == plain:
            # Who writes w := w + Δw does not take it away.
            steps = isinstance(plain[0], Updated | Renewed)
            self.changes.added |= steps and set(ruling.verdicts) == {Verdict.PROVED}
            return ruling
        holds = all(self.comparing.holds(*pair) for pair in pairwise(sides))
        fails = Verdict.REFUTED in ruling.verdicts
        self.changes.added = self.changes.added or not (holds or fails)
        if not holds or not fails:
            return ruling
        self.changes.taken_away.add(text[statement.start : statement.end])
        if self.changes.are_taken_away:
            relations = tuple(
                replace(one, verdict=Verdict.PROVED, witness=None) for one in ruling.relations
            )
            note = Finding("layout", "Δ is what a step takes away", Severity.NOTE)
            return Ruling(relations, (note,), (Verdict.PROVED,) * len(ruling.verdicts))
        return self._right_if(statement, "this is right if Δ is what a step takes away", Ruling())

    def unless_of_right_class(self, ruling: Ruling, statement: Statement, text: str) -> Ruling:
        """The ruling; what fails with the index c may be right for the right class: E = −ln p_c.

        So it may be with y, which authors call that class, too.
        """
        if Verdict.REFUTED not in ruling.verdicts or self.model.has_neurons:
            return ruling
        ranges = self.comparing.cases.indices.ranges
        letters = ranges(*statement.formulas, joined_letters=True).keys()
        for letter in sorted(letters & {*OF_CLASS}):
            for classes in self.reader.classes.each_right():
                if all(
                    set(self.in_model(model, _with_index(statement, letter, right), text).verdicts)
                    == {Verdict.PROVED}
                    for right, model in classes
                ):
                    said = f"this is right if {letter} is the right class, and no other"
                    return self._right_if(statement, said, Ruling())
        return ruling

    def _unless_after_a_step(self, ruling: Ruling, statement: Statement, text: str) -> Ruling:
        """The ruling; numbers that w is not may be those after a step: w = 0.4 − 0.5 · 0.08.

        A single number of few digits is so by chance.
        """
        first, *others = statement.formulas
        single = isinstance(first, Name) and first.name in self.model.parameters
        if Verdict.REFUTED not in ruling.verdicts or not single or not all(map(is_number, others)):
            return ruling
        if len(others) == 1 and len(_DIGITS.findall(statement.sides[1].text)) < MOST_BY_CHANCE:
            return ruling
        assert isinstance(first, Name)
        stepped = replace(statement.sides[0], formula=Updated(first.name))
        after = replace(statement, sides=(stepped, *statement.sides[1:]))
        if set(self.for_classes(after, text).verdicts) != {Verdict.PROVED}:
            return ruling
        name = statement.sides[0].text
        said = f"this is the value after a step: write {name}^+ for it"
        return self._right_if(statement, said, Ruling())

    def _right_if(self, statement: Statement, message: str, rest: Ruling) -> Ruling:
        """The ruling on what is right by another convention, before that on the `rest` of it."""
        start, end = statement.start, statement.end
        found = Finding("convention", message, Severity.WARNING, None, start, end)
        findings, verdicts = (found, *rest.findings), (Verdict.UNDECIDED, *rest.verdicts)
        return replace(rest, findings=findings, verdicts=verdicts)


def _with_index(statement: Statement, letter: str, number: int) -> Statement:
    """A statement with a number for one of its index letters."""
    index: dict[str, Index] = {letter: ((), number)}
    sides = (replace(s, formula=reindexed(s.formula, index)) for s in statement.sides)
    return replace(statement, sides=tuple(sides))


def names_array(statement: Statement) -> bool:
    """Whether a δ that would be a number, δ_2, is a name for a vector here, and no entry of one."""
    left, right = (side.formula for side in statement.sides[:2])
    return is_matrix(right) and not is_matrix(left)


def _plain(text: str) -> str:
    return re.sub(r"[\s{}]", "", text)
