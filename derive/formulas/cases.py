"""What an equation stands for: every value of its index letters, every entry of its matrices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from derive.calculus.indices import AbsentError, Indices, has_letters
from derive.calculus.matrices import Matrices, is_matrix, pairs
from derive.formula import Formula, Letter, Member, Name, SumOver, transform, walk
from derive.model import Model

MOST_CASES = 30_000
MOST_NODES = 400_000
"""Cases times the nodes of each, up to which an equation is looked at."""


NO_INSTANCE = "no-instance"
"""What a finding is called that says that an equation stands for nothing."""


class TooManyError(ValueError):
    """An equation stands for more single equations than are looked at."""


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

    def of(self, left: Formula, right: Formula) -> list[tuple[Formula, Formula]]:
        """All single equations, without index letters and matrices.

        An index letter runs over the numbers for which every name exists; where it stands on a left
        side that is a member of a family, over those for which this is defined. Raises
        :class:`NothingError` where there is none, :class:`TooManyError`,
        :class:`~derive.calculus.matrices.ShapeError`, and :class:`KeyError` where a Σ with limits
        runs too far.
        """
        found: list[tuple[Formula, Formula]] = []
        letters = self.indices.ranges(left, right)
        if not all(letters.values()):
            raise KeyError("no number fits an index letter")
        given = self._given_beside_defined(left)
        nodes = sum(1 for side in (left, right) for _ in walk(side))
        most = min(MOST_CASES, MOST_NODES // nodes)
        indexed = any(
            has_letters(side) or any(isinstance(node, SumOver) for node in walk(side))
            for side in (left, right)
        )
        for number, chosen in enumerate(self.indices.choices(letters)):
            if max(number, len(found)) >= most:
                raise TooManyError(f"it stands for more than {most:,} single equations")
            if indexed:
                try:
                    a, b = self.indices.instance(left, chosen), self.indices.instance(right, chosen)
                except AbsentError:
                    continue
                if a in given:
                    continue
            else:
                a, b = left, right
            if is_matrix(a) or is_matrix(b):
                entries = self.matrices.entries(a), self.matrices.entries(b)
                found.extend(pairs(*entries))
            else:
                found.append((a, b))
        if not found:
            raise NothingError("there is nothing in the network for which all of its names exist")
        return found

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


def inlined(formula: Formula, letters: Mapping[str, Formula]) -> Formula:
    """`formula` with local definitions put in."""
    return transform(
        formula, lambda node: letters.get(node.name) if isinstance(node, Letter) else None
    )


def listed(names: Sequence[str]) -> str:
    """The names as a phrase: a, b and c."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
