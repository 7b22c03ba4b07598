"""What the formulas of a document are worth, at the numbers of its example."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from derive.calculus.chain import Chain
from derive.emit.eliding import elided
from derive.formula import (
    Arithmetic,
    Call,
    Equation,
    Formula,
    Name,
    Negative,
    Number,
    Product,
    Quotient,
    Sum,
    contains,
    evaluate,
    product,
    transform,
    walk,
)
from derive.functions.floats import arithmetic
from derive.model import Model
from derive.notes.numbers import as_shown, is_rounded, number

LITTLE = 1e-6
"""By how much a quantity is moved to see whether the error depends on it at all."""
RESIDUE = 1e-14
"""What rounding leaves of a sum that is 0, relative to its terms."""
CLOSE = 2e-5
"""How near the value a reader comes with the printed numbers, relative to it."""
MOST_PLUGGED = 10
"""Numbers that are put into a formula; one with more is followed by its value alone."""


class Figures:
    """Numbers for the quantities of one model and for the derivatives of the error by them."""

    def __init__(
        self, chain: Chain, values: Mapping[str, float], adjoints: Mapping[str, float]
    ) -> None:
        self._chain = chain
        self.values = values
        self.adjoints = adjoints
        self._arithmetic = arithmetic(values, adjoints)

    def value(self, formula: Formula) -> float:
        """A formula of quantities and of derivatives of the error, as a number."""
        return settled(float(evaluate(formula, self._arithmetic)), self.plugged(formula))

    def adjoint(self, name: str) -> float:
        """The derivative of the error by a quantity; 0 where only rounding is left, or no path."""
        value = self.adjoints.get(name, 0.0)
        if abs(value) > RESIDUE:
            return value
        known = name in self.adjoints
        # Settled ones in it would ask for theirs, and so on, as far as a chain reaches.
        found = self.plugged(self._chain.deltas[name], self._unsettled) if known else None
        return settled(value, found) if found else 0.0

    def _unsettled(self, name: str) -> float:
        return self.adjoints.get(name, 0.0)

    def plugged(self, formula: Formula, adjoint: Callable[[str], float] | None = None) -> Formula:
        """The formula with numbers in the place of its names, those of derivatives too."""
        of = adjoint or self.adjoint

        def rule(node: Formula) -> Formula | None:
            name = self._chain.adjoint_of(node)
            if name:
                return number(of(name))
            if isinstance(node, Name):
                return number(self.values[node.name])
            if isinstance(node, Sum):
                return Sum(tuple(_sign_out(self.plugged(term, of)) for term in node.terms))
            return None

        return transform(formula, rule)

    def valued(self, equation: Equation) -> Equation:
        """The equation, its last side followed by its value."""
        value = number(self.value(equation.right))
        about = {len(equation.sides)} if is_rounded(value) else set()
        return Equation((*equation.sides, value), equation.about | about)

    def shown(self, equation: Equation) -> Equation:
        """The equation, its last side followed by that side with numbers, and by its value.

        Before what is rounded stands ≈: what stands behind = is what a reader gets with the numbers
        that are printed.
        """
        last = equation.sides[-1]
        if isinstance(last, Number):
            return equation
        value, numbers = number(self.value(last)), self.plugged(last)
        sides, about = list(equation.sides), set(equation.about)
        same = not is_rounded(value)
        shows = value.value and not isinstance(numbers, Number) and not _is_drowned(last)
        if shows and self._is_followed(numbers, value):
            rough = any(is_rounded(n) for n in walk(numbers) if isinstance(n, Number))
            about |= {len(sides)} if rough else set()
            sides.append(numbers)
            exact = _result(numbers)
            same = same and not rough if exact is None else exact == as_shown(value)
        about |= set() if same else {len(sides)}
        return Equation((*sides, value), frozenset(about))

    def _is_followed(self, numbers: Formula, value: Number) -> bool:
        """Whether a reader can follow the numbers in a formula: they are few, and all are there.

        Terms that nearly cancel take the last digits off; of a long sum some terms are dots.
        """
        count = sum(isinstance(node, Number) for node in walk(numbers))
        if count > MOST_PLUGGED or any(
            isinstance(node, Sum) and len(elided(node.terms)) < len(node.terms)
            for node in walk(numbers)
        ):
            return False
        found = float(evaluate(_printed(numbers), self._arithmetic))
        return abs(found - float(value.value)) <= CLOSE * abs(float(value.value))


def _is_drowned(formula: Formula) -> bool:
    """Whether a small constant in a quotient would drown in the rounding of what stands beside it.

    Such is the 0.00001 that keeps a normalization from dividing by 0.
    """
    return any(
        isinstance(node, Number) and "." in node.text
        for quotient in walk(formula)
        if isinstance(quotient, Quotient)
        for node in walk(quotient)
    )


def after(model: Model, values: Mapping[str, float], name: str, change: float) -> float:
    """By how much the error changes when one quantity is moved, and all that follow from it."""
    followers = list(model.dependents(name))
    met = {x for follower in followers for x in model.inputs_of[follower]}
    moved = {x: values[x] for x in {*met, name, model.total}}
    moved[name] += change
    ring = arithmetic(moved, {})
    for follower in followers:
        moved[follower] = evaluate(model.definitions[follower], ring)
    return float(moved[model.total] - values[model.total])


def moves(model: Model, values: Mapping[str, float], name: str) -> bool:
    """Whether the error changes with a quantity at all, moved a little up or down."""
    return any(after(model, values, name, change) for change in (LITTLE, -LITTLE))


def settled(value: float, sum_: Formula) -> float:
    """`value`, or 0 where it is nothing but the rounding of a sum whose terms cancel."""
    size = max((abs(node.value) for node in walk(sum_) if isinstance(node, Number)), default=0)
    return 0.0 if abs(value) < RESIDUE * float(size) else value


def _sign_out(term: Formula) -> Formula:
    """−0.19 · 0.77 of a sum as what is taken away."""
    first = term.factors[0] if isinstance(term, Product) else term
    if not isinstance(first, Number) or first.value >= 0:
        return term
    turned = Number(-first.value, first.text.removeprefix("-"))
    rest = term.factors[1:] if isinstance(term, Product) else ()
    return Negative(product([turned, *rest]))


def _printed(numbers: Formula) -> Formula:
    """The formula with its numbers as a reader takes them from the page."""
    return transform(
        numbers, lambda node: Number(as_shown(node)) if isinstance(node, Number) else None
    )


def _result(numbers: Formula) -> Fraction | None:
    """What the numbers of a formula give as they are printed; nothing where functions stand."""
    if contains(numbers, Call):
        return None
    try:
        return Fraction(evaluate(_printed(numbers), _EXACT))
    except (TypeError, ZeroDivisionError):
        return None


def _unknown(node: Formula, _: object) -> Fraction:
    raise TypeError(node)


_EXACT = Arithmetic(number=Fraction, resolve=_unknown, divide=Fraction.__truediv__)
