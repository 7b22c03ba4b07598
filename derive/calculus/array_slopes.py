"""Derivatives by vectors and matrices, and of them: gradients, Jacobians, and the chain rule."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import product as combinations

from derive.calculus.chain import Chain
from derive.calculus.entries import (
    Entries,
    UnreadArrayError,
    column,
    each,
    flat,
    is_scalar,
    is_vector,
    multiplied,
    shape_of,
    transposed,
)
from derive.calculus.readings import ENTRYWISE, GRADIENT, JACOBIAN, Question, Reading
from derive.formula import (
    ONE,
    ZERO,
    Delta,
    Formula,
    Name,
    Number,
    Partial,
    contains,
    names_in,
    product,
    total,
)
from derive.model import Model

MORE_THAN_TWO = (
    "a derivative of a vector by a matrix has three indices; it is read behind or before the"
    " derivative by that vector, or write its entries"
)
WHICH_WAYS = (
    "a derivative by a matrix stands in it that may be meant for all the ways that lead there, or"
    " for the direct one; write its entries"
)
MOST_ASKED = 10_000
"""Pairs of entries that are asked whether one depends on the other."""


@dataclass(frozen=True)
class Slopes:
    """The derivatives of all entries of one vector or matrix by all entries of another."""

    of: Entries
    by: Entries
    direct: Chain | None = None
    """Where only the direct dependence is meant, what knows the local derivatives."""
    held: frozenset[str] | None = None
    """What is kept fixed then; if nothing is said, all others of the family."""

    def slope(self, of: Formula, by: Formula) -> Formula:
        """∂of/∂by; by a weight that is missing there is nothing to differentiate."""
        if isinstance(by, Number) or by == ZERO:
            return ZERO
        if not isinstance(by, Name):
            raise UnreadArrayError("derivatives are read by quantities of the network only")
        if self.direct is None:
            return Partial(of, by)
        if not isinstance(of, Name):
            raise UnreadArrayError(WHICH_WAYS)
        return directly(self.direct, of.name, by.name, self.held)

    def laid_out(
        self, reading: Reading, model: Model, entrywise: Question = ENTRYWISE
    ) -> Entries | Slopes:
        """The derivatives as a vector or matrix, if two indices are enough.

        Those of a vector by a vector may go entry by entry, if that is the answer to a question.
        """
        if is_scalar(self.of):
            turn = len(self.by) > 1 and len(self.by[0]) == 1 and reading(GRADIENT)
            return transposed(self.by_number()) if turn else self.by_number()
        if is_scalar(self.by):
            found = each([self.of], lambda parts: self.slope(parts[0], self.by[0][0]))
            return transposed(found) if is_vector(found) and reading(JACOBIAN) else found
        if not (is_vector(self.of) and is_vector(self.by)):
            return self
        of, by = flat(self.of), flat(self.by)
        alike = len(of) == len(by) and self.is_diagonal(model)
        if alike and reading(entrywise):
            return column([self.slope(a, b) for a, b in zip(of, by, strict=True)])
        return transposed(self.by_entries()) if reading(JACOBIAN) else self.by_entries()

    def by_entries(self) -> Entries:
        """The derivatives of a vector by a vector, with a row for each entry that is above."""
        if not (is_vector(self.of) and is_vector(self.by)):
            raise UnreadArrayError(MORE_THAN_TWO)
        return [[self.slope(a, b) for b in flat(self.by)] for a in flat(self.of)]

    def by_number(self) -> Entries:
        """The derivatives of a number, in the shape of what it is differentiated by."""
        return each([self.by], lambda parts: self.slope(self.of[0][0], parts[0]))

    def times(self, factor: Formula) -> Slopes:
        """The same of what is a number of times as much."""
        if self.direct is not None:
            raise UnreadArrayError(WHICH_WAYS)
        return Slopes(each([self.of], lambda parts: product([factor, parts[0]])), self.by)

    def contracted(self, weights: Entries) -> Entries:
        """The chain rule: the derivatives weighted with those by what is differentiated here."""
        same = shape_of(weights) == shape_of(self.of)
        turned = is_vector(weights) and shape_of(transposed(weights)) == shape_of(self.of)
        if not same and not turned:
            raise UnreadArrayError(MORE_THAN_TWO)
        terms = list(zip(flat(weights), flat(self.of), strict=True))
        return each(
            [self.by],
            lambda parts: total(product([w, self.slope(of, parts[0])]) for w, of in terms),
        )

    def is_diagonal(self, model: Model) -> bool:
        """Whether each entry depends on the entry, or the row, with its own number only."""
        of, rows = flat(self.of), self.by if len(self.by) > 1 else transposed(self.by)
        if len(of) != len(rows) or len(of) * len(of) * len(rows[0]) > MOST_ASKED:
            return False
        if any(contains(entry, Delta, Partial) for entry in of):
            return False
        names = [set(names_in(entry)) for entry in of]
        below = [[model.downstream(b.name) for b in row if isinstance(b, Name)] for row in rows]
        return not any(
            name in after
            for i, j in combinations(range(len(of)), repeat=2)
            if i != j
            for after in below[j]
            for name in names[i]
        )

    def is_repeated(self, model: Model) -> bool:
        """Whether what is differentiated also depends through others of its family: h_t by W.

        Then authors who add up over t mean the direct dependence alone.
        """
        below = {n for b in flat(self.by) if isinstance(b, Name) for n in model.downstream(b.name)}
        for entry in flat(self.of):
            for name in names_in(entry):
                own = model.quantities[name]
                for other in below - {name}:
                    q = model.quantities[other]
                    alike = q.family == own.family and q.indices[-1:] == own.indices[-1:]
                    if alike and name in model.downstream(other):
                        return True
        return False


def chained(first: Slopes | Entries, others: Sequence[Slopes], reading: Reading) -> Entries:
    """prod(∂J/∂Y, ∂Y/∂X): the derivatives of J by X, in the shape of X; of a vector in its layout.

    The factors stand as the chain rule has them, ∂h_3/∂h_2 before ∂h_2/∂h_1.
    """
    if isinstance(first, Slopes) and not is_scalar(first.of):
        found = first.by_entries()
        for factor in others:
            found = multiplied(found, factor.by_entries())
        return transposed(found) if reading(JACOBIAN) else found
    weights = first.by_number() if isinstance(first, Slopes) else first
    for factor in others:
        weights = factor.contracted(weights)
    return weights


def directly(chain: Chain, of: str, by: str, held: Collection[str] | None) -> Formula:
    """∂of/∂by with others kept fixed, whatever they follow: ∂h_t/∂W with h_{t−1}.

    If nothing is said of what is held, it is all others of the family.
    """
    known: dict[str, Formula] = {by: ONE}
    quantities = chain.model.quantities

    def is_held(name: str) -> bool:
        alike = quantities[name].family == quantities[of].family
        return alike if held is None else name in held

    def slope(name: str) -> Formula:
        if name not in known:
            terms = [
                product([step, inner])
                for x, step in chain.local(name).items()
                if (x == by or (x in chain.model.definitions and not is_held(x)))
                and (inner := slope(x)) != ZERO
            ]
            known[name] = total(terms)
        return known[name]

    return slope(of) if of in chain.model.definitions else ZERO
