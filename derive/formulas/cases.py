"""What an equation stands for: every value of its index letters, every entry of its matrices."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from itertools import product as combinations

from derive.calculus.indices import Indices
from derive.calculus.matrices import Matrices, is_matrix, pairs
from derive.formula import ZERO, Formula, Letter, Name, Partial, Product, SumOver, transform, walk
from derive.formulas.written import Placeholder
from derive.model import Model, Role

MOST_CASES = 30_000
MOST_NODES = 400_000
"""Cases times the nodes of each, up to which an equation is looked at."""
MOST_ASSIGNMENTS = 4_096
MOST_WORK = 150_000
"""Nodes of an equation with placeholders, times their assignments."""


class TooManyError(ValueError):
    """An equation stands for more single equations than are looked at."""


def _by_nothing(side: Formula) -> bool:
    """Whether there is a derivative by a weight that is missing: of that nothing is claimed."""
    return any(isinstance(node, Partial) and node.by == ZERO for node in walk(side))


class Cases:
    """The single equations that an equation over one model stands for."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.indices = Indices(model)
        self.matrices = Matrices(self.indices)

    def of(self, left: Formula, right: Formula) -> list[tuple[Formula, Formula]]:
        """All single equations, without index letters and matrices.

        Raises :class:`TooManyError`, :class:`~derive.calculus.matrices.ShapeError` and
        :class:`KeyError`.
        """
        found: list[tuple[Formula, Formula]] = []
        letters = self.indices.ranges(left, right)
        if not all(letters.values()):
            raise KeyError("no number fits an index letter")
        nodes = sum(1 for side in (left, right) for _ in walk(side))
        most = min(MOST_CASES, MOST_NODES // nodes)
        summed = any(isinstance(node, SumOver) for side in (left, right) for node in walk(side))
        for chosen in islice(self.indices.choices(letters), most + 1):
            if len(found) >= most:
                raise TooManyError(f"it stands for more than {most:,} single equations")
            if letters or summed:
                a, b = self.indices.instance(left, chosen), self.indices.instance(right, chosen)
            else:
                a, b = left, right
            if is_matrix(a) or is_matrix(b):
                entries = self.matrices.entries(a), self.matrices.entries(b)
                found.extend(pairs(*entries))
            elif not (_by_nothing(a) or _by_nothing(b)):
                found.append((a, b))
        return found

    def assignments(self, left: Formula, right: Formula) -> Iterator[Mapping[int, Formula]]:
        """What the placeholders of an equation may stand for, the most general first.

        First a letter of its own for each, so that the equation would hold whatever it is; then
        weights that fit beside the output that the placeholder is multiplied by.
        """
        found = placeholders(left, right)
        yield {p.place: Letter(f"?{p.place}") for p in found}
        beside = self._beside(left, right)
        choices = [self._weights(p, beside.get(p.place)) for p in found]
        for names in islice(combinations(*choices), _most_assignments(left, right)):
            yield {p.place: Name(name) for p, name in zip(found, names, strict=True)}

    def all_assigned(self, left: Formula, right: Formula) -> bool:
        """Whether :meth:`assignments` goes through everything that placeholders may stand for."""
        beside = self._beside(left, right)
        counts = [len(self._weights(p, beside.get(p.place))) for p in placeholders(left, right)]
        return math.prod(counts) <= _most_assignments(left, right)

    def _weights(self, placeholder: Placeholder, source: str | None) -> list[str]:
        out = self.model.quantities[source] if source else None
        return [
            weight.name
            for weight in self.model.having(Role.WEIGHT)
            if placeholder.layer in (None, weight.layer)
            and (out is None or (weight.layer == out.layer + 1 and weight.source == out.index))
        ]

    def _beside(self, *sides: Formula) -> dict[int, str]:
        """The output by which each placeholder is multiplied."""
        found: dict[int, str] = {}
        for side in sides:
            for node in walk(side):
                if not isinstance(node, Product):
                    continue
                outs = [
                    factor.name
                    for factor in node.factors
                    if isinstance(factor, Name)
                    and self.model.quantities[factor.name].role in (Role.INPUT, Role.OUTPUT)
                ]
                for factor in node.factors:
                    if isinstance(factor, Placeholder) and len(outs) == 1:
                        found[factor.place] = outs[0]
        return found


def _most_assignments(left: Formula, right: Formula) -> int:
    size = sum(1 for side in (left, right) for _ in walk(side))
    return min(MOST_ASSIGNMENTS, MOST_WORK // size)


def placeholders(*sides: Formula) -> list[Placeholder]:
    """The placeholders that stand in formulas, in written order, each place once."""
    found = {
        node.place: node for side in sides for node in walk(side) if isinstance(node, Placeholder)
    }
    return list(found.values())


def assigned(formula: Formula, chosen: Mapping[int, Formula]) -> Formula:
    """`formula` with its placeholders replaced."""
    return transform(
        formula, lambda node: chosen.get(node.place) if isinstance(node, Placeholder) else None
    )


def inlined(formula: Formula, letters: Mapping[str, Formula]) -> Formula:
    """`formula` with local definitions put in."""
    return transform(
        formula, lambda node: letters.get(node.name) if isinstance(node, Letter) else None
    )


def listed(names: Sequence[str]) -> str:
    """The names as a phrase: a, b and c."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
