"""What an equation stands for: every value of its index letters, every entry of its matrices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from derive.calculus.entries import (
    ShapeError,
    UnreadArrayError,
    pairs,
)
from derive.calculus.entries import (
    TooManyError as TooManyError,
)
from derive.calculus.indices import AbsentError, Indices, MissingError, has_letters
from derive.calculus.matrices import Matrices
from derive.calculus.readings import DOTS, Question, Reading, readings
from derive.formula import (
    Array,
    Dot,
    Formula,
    Gradient,
    Grid,
    Hadamard,
    Layer,
    Letter,
    Member,
    Name,
    SumOver,
    Transposed,
    is_matrix,
    product,
    transform,
    walk,
)
from derive.grammar.signs import BOLD
from derive.model import Model

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
    loose: bool = False


def is_about_arrays(formula: Formula) -> bool:
    """Whether nobody can take the names in a formula for those of numbers.

    They are bold, a matrix has a capital letter, something is transposed, or written out. Else x
    may be any of its entries, the index left out.
    """
    for node in walk(formula):
        if isinstance(node, Layer | Gradient | Transposed):
            return True
        if isinstance(node, Grid) and node.columns > 1:
            return True
        if isinstance(node, Array):
            name = node.of.name if isinstance(node.of, Name) else node.of.stem
            if name[0].isupper() or any(font in node.text for font in BOLD):
                return True
    return False


NO_INSTANCE = "no-instance"
"""What a finding is called that says that an equation stands for nothing."""


class NothingError(KeyError):
    """An equation stands for no single equation at all."""

    def __str__(self) -> str:
        return str(self.args[0])


class Cases:
    """The single equations that an equation over one model stands for."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.indices = Indices(model)
        self.matrices = Matrices(self.indices)

    def ways(self, left: Formula, right: Formula, unusual: int = 0) -> list[Way]:
        """Every way to read an equation with so many unusual answers in which its shapes fit.

        Raises what :meth:`instances` does, and :class:`~derive.calculus.entries.ShapeError` where
        the shapes fit in none.
        """
        nodes = sum(1 for side in (left, right) for _ in walk(side))
        most = min(MOST_CASES, MOST_NODES // nodes)
        instances = [(a, b) for _, a, b in self.instances(left, right, most)]
        if not instances:
            raise NothingError(_NOTHING)
        if not is_matrix(left) and not is_matrix(right):
            return [] if unusual else [Way(instances)]

        # Who writes ⊙ means something else by a point.
        signed = any(isinstance(node, Hadamard) for side in (left, right) for node in walk(side))

        def made(reading: Reading) -> list[tuple[Formula, Formula]]:
            reading.closed = frozenset({DOTS}) if signed else frozenset()
            matrices = Matrices(self.indices, reading)
            found: list[tuple[Formula, Formula]] = []
            for a, b in instances:
                found += pairs(matrices.entries(a), matrices.entries(b))
                if len(found) > most:
                    raise TooManyError(_too_many(most))
            return found

        ways: list[Way] = []
        problem: ValueError | None = None
        for reading, result in readings(made, unusual):
            if isinstance(result, ValueError):
                if not isinstance(result, ShapeError):
                    raise result
                problem = problem or result
            else:
                ways.append(Way(result, reading.said(), reading.loose))
        if not ways and problem is not None:
            of_arrays = is_about_arrays(left) or is_about_arrays(right)
            raise problem if of_arrays else UnreadArrayError(str(problem))
        return ways

    def of(self, left: Formula, right: Formula) -> list[tuple[Formula, Formula]]:
        """The single equations of the first way to read an equation, as :meth:`ways` has it."""
        return self.ways(left, right)[0].pairs

    def instances(
        self, left: Formula, right: Formula, most: int = MOST_CASES
    ) -> Iterator[tuple[Mapping[str, int], Formula, Formula]]:
        """The equation for all numbers of its index letters, with these.

        A letter runs over the numbers for which every name exists; where it stands on a left side
        that is a member of a family, over those for which this is defined. Raises
        :class:`TooManyError` after `most` numbers that are tried, :class:`NothingError` where all
        speak of weights that are missing, and :class:`KeyError` where an index letter has no number
        that fits or a Σ with limits runs too far.
        """
        letters = self.indices.ranges(left, right)
        if not all(letters.values()):
            raise KeyError("no number fits an index letter")
        sides = (left, right)
        sums = any(isinstance(node, SumOver) for side in sides for node in walk(side))
        if not letters and not sums and not any(map(has_letters, sides)):
            yield {}, left, right
            return
        given = self._given_beside_defined(left)
        found = False
        absent: list[AbsentError] = []
        for number, chosen in enumerate(self.indices.choices(letters)):
            if number >= most:
                raise TooManyError(_too_many(most))
            try:
                a, b = (self.indices.instance(side, chosen) for side in sides)
            except AbsentError as error:
                absent.append(error)
                continue
            found = True
            if a not in given:
                yield chosen, a, b
        if not found:
            # What a weight that is missing leaves out is no mistake in an index.
            missing = all(isinstance(error, MissingError) for error in absent)
            raise NothingError(_NOTHING) if missing else absent[0]

    def _given_beside_defined(self, left: Formula) -> frozenset[Formula]:
        """The members of the family on the left side that are given, where others are defined.

        h_t = tanh(net_t) says what h_1 and those after it are, and nothing of h_0.
        """
        if not isinstance(left, Member):
            return frozenset()
        names = {
            "_".join([left.stem, *map(str, indices)])
            for indices in self.indices.families.get(left.stem, ())
        }
        given = names - self.model.definitions.keys()
        return frozenset(map(Name, given)) if len(given) < len(names) else frozenset()


_NOTHING = "there is nothing in the network for which all of its names exist"


def _too_many(most: int) -> str:
    return f"it stands for more than {most:,} single equations"


def inlined(formula: Formula, letters: Mapping[str, Formula]) -> Formula:
    """`formula` with local definitions put in."""

    def rule(node: Formula) -> Formula | None:
        if isinstance(node, Letter):
            return letters.get(node.name)
        if isinstance(node, Dot):
            sides = [transform(side, rule) for side in node.parts()]
            return Dot(*sides) if any(map(is_matrix, sides)) else product(sides)
        return None

    return transform(formula, rule)
