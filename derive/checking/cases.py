"""What an equation stands for: every value of its index letters, every entry of its matrices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from derive.calculus.entries import ShapeError, TooManyError, UnreadArrayError, pairs
from derive.calculus.indices import AbsentError, BeyondError, Indices, MissingError
from derive.calculus.matrices import Matrices
from derive.calculus.readings import Question, Reading, answered_by, readings
from derive.calculus.templates import NoTemplateError
from derive.checking.wholes import Whole, whole
from derive.formula import (
    IDENTITY,
    Array,
    Count,
    Dot,
    Formula,
    Gradient,
    Grid,
    Held,
    Layer,
    Letter,
    Member,
    Name,
    Neuron,
    Outer,
    Partial,
    SumOver,
    Transposed,
    Unit,
    Where,
    is_matrix,
    names_in,
    product,
    transform,
    walk,
)
from derive.formula.index import Test, all_hold, letters_of
from derive.formula.letters import has_letters
from derive.grammar.signs import BOLD
from derive.grammar.unfinished import index_letters
from derive.model import Model
from derive.notations.free import joined_name

MOST_CASES = 30_000
MOST_NODES = 400_000
"""Cases times the nodes of each, up to which an equation is looked at."""


@dataclass(frozen=True, slots=True)
class Way:
    """The single equations that an equation stands for in one reading, and what this says.

    A `loose` one has a part with a meaning that not everybody would give it.
    """

    pairs: list[tuple[Formula, Formula]]
    said: Mapping[Question, str] = field(default_factory=dict)
    loose: str = ""
    whole: Whole | None = None
    """All of them as one equation of whole families, where it is judged so."""

    @property
    def key(self) -> object:
        """What is the same for ways in which an equation stands for the same."""
        return self.whole or tuple(self.pairs)


def is_about_arrays(formula: Formula) -> bool:
    """Whether nobody can take the names in a formula for those of numbers.

    They are bold, a matrix has a capital letter, something is transposed, or written out. Else x
    may be any of its entries, the index left out.
    """
    for node in _written(formula):
        if isinstance(node, Layer | Gradient | Transposed | Unit):
            return True
        if isinstance(node, Grid) and node.columns > 1:
            return True
        if isinstance(node, Array):
            name = node.of.name if isinstance(node.of, Name) else node.of.stem
            if name[0].isupper() or any(font in node.text for font in BOLD):
                return True
    return False


def _written(formula: Formula) -> Iterator[Formula]:
    """A formula and all that stands in it, but not what a Π of matrices without a factor is."""
    yield formula
    empty = isinstance(formula, Where) and isinstance(formula.otherwise, Grid)
    for part in (formula.then,) if isinstance(formula, Where) and empty else formula.parts():
        yield from _written(part)


NO_INSTANCE = "no-instance"
"""What a finding is called that says that an equation stands for nothing."""


class NothingError(KeyError):
    """An equation stands for no single equation at all."""

    def __str__(self) -> str:
        return str(self.args[0])


_SEVERAL = (SumOver, Neuron, Member, Where, Count, Array, Held)
"""What may stand for several, or for another formula: one without any of it is one equation."""


class Cases:
    """The single equations that an equation over one model stands for."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.indices = Indices(model)
        self.matrices = Matrices(self.indices)
        self.slopes_are_named = False
        """Whether all derivatives of the error beside a δ are written as it is: da and dz."""
        self.in_rows = model.network.naming.table.matrices == "rows"
        self.tests: Sequence[Test] = ()
        """The conditions of an author on the index letters: for k ≠ j."""
        self.kept: list[Mapping[str, int]] = []
        """The numbers of the letters for which an equation was last looked at."""
        self.is_partial = False
        """Whether there are others: a Σ in it runs too far, or a Π or a power backwards."""
        self.beyond: list[Mapping[str, int]] = []
        """The numbers of the letters for which a Σ with limits runs too far."""

    def ways(
        self, left: Formula, right: Formula, unusual: int = 0, *, single: bool = False
    ) -> list[Way]:
        """Every way to read an equation with so many unusual answers in which its shapes fit.

        Of a large model it is one equation of whole families, if it can be, and if the `single`
        equations are not asked for. Raises what :meth:`instances` does, and
        :class:`~derive.calculus.entries.ShapeError` where the shapes fit in none.
        """
        made = None if single or self.tests else whole(self.indices, left, right)
        if made is not None:
            with suppress(NoTemplateError):
                found = self._read(made, left, right, unusual)
                self.is_partial, self.kept, self.beyond = False, [], []
                return found
        most, instances = _most(left, right), list(self.pairs(left, right))
        if not is_matrix(left) and not is_matrix(right):
            return [] if unusual else [Way(instances)]

        def written(reading: Reading) -> list[tuple[Formula, Formula]]:
            matrices = Matrices(self.indices, reading)
            found: list[tuple[Formula, Formula]] = []
            for a, b in instances:
                found += pairs(*matrices.sides(a, b))
                if len(found) > most:
                    raise TooManyError(_too_many(most))
            return found

        return self._read(written, left, right, unusual)

    def pairs(self, left: Formula, right: Formula) -> Iterator[tuple[Formula, Formula]]:
        """The sides of all instances, of which there are not too many, and some."""
        found = False
        for _, a, b in self.instances(left, right, _most(left, right)):
            found = True
            yield a, b
        if not found:
            raise NothingError(_NOTHING)

    def _read(
        self,
        made: Callable[[Reading], Whole | list[tuple[Formula, Formula]]],
        left: Formula,
        right: Formula,
        unusual: int,
    ) -> list[Way]:
        """What is made of an equation in each of these ways."""
        ways: list[Way] = []
        problem: ShapeError | None = None
        closed = answered_by((left, right), slopes_are_named=self.slopes_are_named)
        for reading, result in readings(made, unusual, closed):
            if isinstance(result, ValueError):
                if not isinstance(result, ShapeError):
                    raise result
                problem = problem or result
            elif isinstance(result, Whole):
                ways.append(Way([], reading.said(), reading.loose, result))
            else:
                ways.append(Way(result, reading.said(), reading.loose))
        if not ways and problem is not None:
            problem = problem.for_rows() if self.in_rows else problem
            of_arrays = is_about_arrays(left) or is_about_arrays(right)
            own = any(node == IDENTITY for side in (left, right) for node in walk(side))
            raise problem if of_arrays and not own else UnreadArrayError(str(problem))
        return ways

    def of(self, left: Formula, right: Formula) -> list[tuple[Formula, Formula]]:
        """The single equations of the first way to read an equation, as :meth:`ways` has it."""
        return self.ways(left, right, single=True)[0].pairs

    def instances(
        self, left: Formula, right: Formula, most: int = MOST_CASES
    ) -> Iterator[tuple[Mapping[str, int], Formula, Formula]]:
        """The equation for all numbers of its index letters, with these.

        A letter runs over the numbers for which every name exists; where it stands on a left side
        that is a member of a family, or in one that is differentiated, over those for which this is
        defined; where no name exists for the numbers that the network's file gives to its letters,
        over all. Raises :class:`TooManyError` after `most` numbers that are tried,
        :class:`NothingError` where all speak of weights that are missing, and :class:`KeyError`
        where an index letter has no number that fits or a Σ with limits always runs too far.
        """
        if not any(isinstance(n, _SEVERAL) for side in (left, right) for n in walk(side)):
            self.is_partial, self.kept, self.beyond = False, [], []
            yield {}, left, right
            return
        narrow = self.indices.ranges(left, right, joined_letters=True)
        wide = self.indices.ranges(left, right, own_letters=False, joined_letters=True)
        if not self._chooses_all(left, right, narrow) and self._chooses_all(left, right, wide):
            # What is said of other units than those that a letter means in the file, is judged.
            narrow = wide
        try:
            yield from self._instances(left, right, narrow, most)
        except (AbsentError, BeyondError, NothingError):
            if narrow == wide:
                raise
            yield from self._instances(left, right, wide, most)

    def _chooses_all(
        self, left: Formula, right: Formula, letters: Mapping[str, Sequence[int]]
    ) -> bool:
        """Whether every choice that conditions leave is made for some numbers of the letters."""
        nodes = [node for side in (left, right) for node in walk(side)]
        choices = [n for n in nodes if isinstance(n, Where) and set(_tested(n)) <= letters.keys()]
        for node in choices:
            own = {letter: letters[letter] for letter in _tested(node)}
            made = {all_hold(node.placed(chosen)) for chosen in self.indices.choices(own)}
            if not {True, False} <= made:
                return False
        return True

    def _instances(
        self, left: Formula, right: Formula, letters: Mapping[str, Sequence[int]], most: int
    ) -> Iterator[tuple[Mapping[str, int], Formula, Formula]]:
        """The equation for all numbers that the letters may be, if there is any."""
        if not all(letters.values()):
            raise KeyError("no number fits an index letter")
        sides = (left, right)
        made = any(isinstance(node, SumOver | Held) for side in sides for node in walk(side))
        if not letters and not made and not any(map(has_letters, sides)):
            yield {}, left, right
            return
        is_given = self._asked_for_given(left, right)
        found = self.is_partial = False
        absent: list[AbsentError | BeyondError] = []
        self.kept, self.beyond = [], []
        for chosen in self._chosen(letters, sides, most):
            try:
                a, b = (self.indices.instance(side, chosen) for side in sides)
            except (AbsentError, BeyondError) as error:
                absent.append(error)
                if isinstance(error, BeyondError):
                    self.beyond.append(chosen)
                continue
            found = True
            if any(isinstance(node, Where) for side in (a, b) for node in walk(side)):
                raise NothingError("a letter of a condition stands for no number")
            if not is_given(chosen):
                self.kept.append(chosen)
                yield chosen, a, b
        self.is_partial |= bool(self.beyond)
        if not found:
            # What a weight that is missing leaves out is no mistake in an index.
            missing = all(isinstance(error, MissingError) for error in absent) or not absent
            raise NothingError(_NOTHING) if missing else absent[0]

    def past_the_end(
        self, left: Formula, right: Formula
    ) -> list[tuple[Mapping[str, int], Formula, Formula]]:
        """The equations that the last instances left out, where their Σ run too far.

        Each has the numbers of its letters, and its Σ without what does not exist, as where
        nothing stands beyond the ends of a line. Those of which nothing is left are no equations.
        """
        sides = [transform(side, _without_limits) for side in (left, right)]
        is_given = self._asked_for_given(left, right)
        found = []
        for chosen in self.beyond:
            with suppress(AbsentError, BeyondError):
                a, b = (self.indices.instance(side, chosen) for side in sides)
                if not is_given(chosen):
                    found.append((chosen, a, b))
        return found

    def _asked_for_given(self, *sides: Formula) -> Callable[[Mapping[str, int]], bool]:
        """Whether numbers make an equation speak of what is given, beside what is defined."""
        given = {of: self._given_beside_defined(of) for of in _subjects(*sides)}
        instance = self.indices.instance
        return lambda chosen: any(instance(of, chosen) in own for of, own in given.items())

    def _chosen(
        self, letters: Mapping[str, Sequence[int]], sides: Sequence[Formula], most: int
    ) -> Iterator[Mapping[str, int]]:
        """The numbers of the letters for which the author's conditions hold, said or not."""
        forwards = list(_forwards(sides))
        for number, chosen in enumerate(self.indices.choices(letters)):
            if number >= most:
                raise TooManyError(_too_many(most))
            if all_hold(test.at(chosen) for test in self.tests) is False:
                continue
            if all_hold(test.at(chosen) for test in forwards) is False:
                self.is_partial = True
                continue
            yield chosen

    def _given_beside_defined(self, subject: Member | Array) -> frozenset[Formula]:
        """The members of a family that are given, where others are defined.

        h_t = tanh(net_t) says what h_1 and those after it are, and nothing of h_0.
        """
        alike: dict[Formula, list[str]]
        if isinstance(subject, Array):
            assert isinstance(subject.of, Member)
            entries = self.indices.arrays.alike(subject.of.stem, len(subject.of.indices))
            alike = {
                Array(Name(name)): [n for row in rows for entry in row for n in names_in(entry)]
                for name, rows in entries.items()
            }
        else:
            places = self.indices.families.get(subject.stem, ())
            alike = {Name(x): [x] for x in (joined_name(subject.stem, at) for at in places)}
        definitions = self.model.definitions
        given = {of for of, names in alike.items() if any(n not in definitions for n in names)}
        return frozenset(given) if len(given) < len(alike) else frozenset()


def _without_limits(formula: Formula) -> Formula | None:
    """A Σ that adds only what exists, in the place of one with limits; nothing for all else."""
    if not isinstance(formula, SumOver) or formula.bare or formula.multiplies:
        return None
    return replace(formula, body=transform(formula.body, _without_limits), bare=True)


def _most(left: Formula, right: Formula) -> int:
    """How many cases of an equation are looked at."""
    nodes = sum(1 for side in (left, right) for _ in walk(side))
    return min(MOST_CASES, MOST_NODES // nodes)


def _tested(node: Where) -> list[str]:
    return [letter for test in node.tests for letter in test.letters]


def _forwards(sides: Sequence[Formula]) -> Iterator[Test]:
    """What an author who writes Π from k + 1 to t, or a power t − k, takes for granted: k ≤ t."""
    nodes = [node for side in sides for node in walk(side)]
    bound = {node.index for node in nodes if isinstance(node, SumOver)}
    for node in nodes:
        if isinstance(node, Count) and not bound & set(letters_of(node.index)):
            yield Test(node.index, "≥", ((), 0))
        if isinstance(node, SumOver) and node.multiplies and isinstance(node.body, Where):
            letter = ((node.index,), 0)
            lower = [test.left for test in node.body.tests if test.right == letter]
            upper = [test.right for test in node.body.tests if test.left == letter]
            limits = {name for limit in (*lower, *upper) for name in letters_of(limit)}
            if lower and upper and not limits & bound:
                yield Test((lower[0][0], lower[0][1] - 1), "≤", upper[0])


def _subjects(left: Formula, right: Formula) -> Iterator[Member | Array]:
    """The members of families of which an equation says something: on the left, or above ∂."""
    bound = {n.index for side in (left, right) for n in walk(side) if isinstance(n, SumOver)}
    tops = [n.of for side in (left, right) for n in walk(side) if isinstance(n, Partial)]
    for subject in (left, *tops):
        member = subject.of if isinstance(subject, Array) else subject
        if isinstance(member, Member) and not bound & set(index_letters(member)):
            assert isinstance(subject, Member | Array)
            yield subject


_NOTHING = "there is nothing in the network for which all of its names exist"


def _too_many(most: int) -> str:
    return f"it stands for more than {most:,} single equations"


def inlined(formula: Formula, letters: Mapping[str, Formula]) -> Formula:
    """`formula` with local definitions put in."""

    def rule(node: Formula) -> Formula | None:
        if isinstance(node, Letter):
            return letters.get(node.name)
        if isinstance(node, Dot | Outer):
            sides = [transform(side, rule) for side in node.parts()]
            return type(node)(*sides) if any(map(is_matrix, sides)) else product(sides)
        return None

    return transform(formula, rule)
