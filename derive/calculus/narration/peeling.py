"""Why the product of the factors is the derivative at all: equations (1) to (8) of the notes.

The error is unfolded until the weight stands in it, then the outer functions are peeled off one at
a time. Each peel gives one factor. Of a squared error the −1 of the inner function target − out
belongs to the first, and is counted there and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from derive.calculus.chain import Factor, by
from derive.calculus.derivation import Step
from derive.calculus.local import function_slope, local_derivatives
from derive.calculus.narration.way import Way
from derive.formula import (
    MINUS_ONE,
    ONE,
    Call,
    Formula,
    Letter,
    Name,
    Negative,
    Number,
    Partial,
    Power,
    Product,
    Sum,
    equation,
    number,
    product,
    walk,
)

INNER = "inner"
MOST_UNFOLDED = 40
"""Nodes of an error unfolded over several quantities up to which it is written out."""


def peeling_steps(way: Way) -> tuple[list[Step], Mapping[str, Formula]]:
    """The steps for a parameter on a straight way, and the letters they define.

    There are none where the way has a single factor, or the unfolded error is too long to be read.
    """
    (top,) = way.tops
    spine, net = way.spine(top)
    defined = [x for x in way.model.inputs_of[net] if x in way.model.definitions]
    unfolded = way.model.unfolded(top, defined)
    if not spine or (len(spine) > 2 and sum(1 for _ in walk(unfolded)) > MOST_UNFOLDED):
        return [], {}
    return _Peeling(way, (*spine, way.chain.factor(net, way.w)), unfolded).steps()


@dataclass(frozen=True)
class _Peeling:
    """The error of one output, the factors from it down to w, and it written out down to w."""

    way: Way
    path: tuple[Factor, ...]
    unfolded: Formula

    def steps(self) -> tuple[list[Step], Mapping[str, Formula]]:
        way, error, out = self.way, self.path[0].of, self.path[0].by
        over_total = product([by(way.total, out), way.named(self.path[1:])])
        facts = {
            "weight": Name(way.w),
            "stations": [Name(factor.by) for factor in reversed(self.path[:-1])],
            "error": Name(error),
            "out": Name(out),
            "net": Name(self.path[-1].of),
            "summed": isinstance(way.model.definitions[self.path[-1].of], Sum),
            "total": Name(way.total),
        }
        square, unfolded = squared(way.model.definitions[error], out), _square(self.unfolded)
        steps = [
            Step("overview", "overview", (equation(by(way.total, way.w), over_total),), facts),
            Step("unfold", "unfold", (equation(Name(error), self.unfolded),), facts),
        ]
        letters: dict[str, Formula] = {}
        if square is not None and unfolded is not None:
            letters[INNER] = unfolded.inner
            steps += self._square(square, unfolded.inner)
        else:
            first = self.path[0].value * by(out, way.w)
            steps.append(
                Step("peel-error", "peel_error", (equation(by(error, way.w), first),), facts)
            )
        steps += self._inside()
        slopes = [factor.value for factor in self.path]
        if letters and square is not None:
            slopes[0] = square.slope(square.inner) * MINUS_ONE
        # The formula is worked out behind this, and by its name the product stands above.
        sides = [product(slopes), way.named(self.path)] if way.full else []
        steps.append(
            Step(
                "together",
                "together",
                (equation(by(error, way.w), *sides),) if sides else (),
                {
                    "minus": "minus",
                    "turned": bool(letters),
                    "overview": "overview",
                    "factors": len(self.path),
                    "ones": sum(factor.value == ONE for factor in self.path[1:-1]),
                },
            )
        )
        if error != way.total:
            others = [Name(t.name) for t in way.terms if isinstance(t, Name) and t.name != error]
            sides = [by(error, way.w), by(way.total, way.w), over_total]
            proven = {**facts, "overview": "overview", "others": others}
            steps.append(Step("proven", "proven", (equation(*sides),), proven))
        return steps, letters

    def _square(self, square: Square, unfolded: Formula) -> Iterator[Step]:
        """The square comes off, its inner function is a letter, and the −1 comes out of that."""
        way, first = self.way, self.path[0]
        letter, weight = Letter(INNER), Name(way.w)
        below = by(first.by, way.w)
        definition = way.model.definitions[first.by]
        after = self.path[1].by if len(self.path) > 2 else None
        inside: Formula = below
        function = ""
        if after is not None and definition == Name(after):
            inside = product([number(1), by(after, way.w)])
        elif (
            after is not None
            and isinstance(definition, Call)
            and definition.argument == Name(after)
        ):
            # f(net) is still written out here: sig(net)·(1 − sig(net)).
            inside = product([function_slope(definition, definition), by(after, way.w)])
            function = definition.function
        yield Step(
            "peel-square",
            "peel_square",
            (
                equation(by(first.of, way.w), square.slope(letter) * Partial(letter, weight)),
                equation(letter, unfolded),
            ),
            {"error": Name(first.of), "half": square.coefficient if square.cancels else None},
        )
        outer = Partial(way.model.definitions[first.of], Name(first.by))
        yield Step(
            "minus",
            "minus",
            (equation(first.name, outer, square.slope(square.inner) * MINUS_ONE),),
            {"unfolded": "peel-square", "out": Name(first.by)},
        )
        facts = {"net": Name(first.by), "function": function, "open": inside == below}
        peeled = equation(Partial(letter, weight), Negative(inside))
        yield Step("peel-activation", "peel_activation", (peeled,), facts)

    def _inside(self) -> Iterator[Step]:
        """What is left, one function after the other, down to the sum in which w stands."""
        way = self.way
        for place, (factor, after) in enumerate(pairwise(self.path[1:])):
            definition = way.model.definitions[factor.of]
            by_w, rest = by(factor.of, way.w), by(after.of, way.w)
            facts = {
                "out": Name(factor.of),
                "net": Name(factor.by),
                "called": definition,
                "ordinal": place + 2,
            }
            key = f"rename-{place}" if place else "rename"
            if isinstance(definition, Call) and definition.argument == Name(factor.by):
                called = (
                    Partial(definition, Name(way.w)),
                    Partial(definition, Name(factor.by)) * rest,
                )
                yield Step(key, "rename", (equation(by_w, *called, factor.name * rest),), facts)
            elif definition != Name(factor.by):
                yield Step(key, "peel", (equation(by_w, factor.value * rest),), facts)
        last = self.path[-1]
        if len(self.path) > 1:
            facts = {
                "net": Name(last.of),
                "weight": Name(way.w),
                "slope": last.value,
                "ordinal": len(self.path),
                "alone": last.value == ONE,
                "summed": isinstance(way.model.definitions[last.of], Sum),
                "sum": isinstance(way.model.definitions[last.of], Sum | Product | Name),
            }
            value = equation(by(last.of, way.w), last.value)
            yield Step("peel-sum", "peel_sum", (value,) if way.full else (), facts)


@dataclass(frozen=True)
class Square:
    """A squared error c·u²: its coefficient c and the inner function u."""

    coefficient: Number
    inner: Sum

    @property
    def cancels(self) -> bool:
        """Whether the 2 that comes down cancels against the coefficient."""
        return 2 * self.coefficient.value == 1

    def slope(self, inner: Formula) -> Formula:
        """The derivative of c·u² at u, 2c·u, of whatever `inner` is written for u."""
        return product([Number(2 * self.coefficient.value), inner])


def squared(error: Formula, out: str) -> Square | None:
    """The parts of c·(… − out)²; nothing for any other loss."""
    square = _square(error)
    if square is None or local_derivatives(square.inner, "").get(out) != MINUS_ONE:
        return None
    return square


def _square(error: Formula) -> Square | None:
    coefficient: Formula = number(1)
    if isinstance(error, Product) and len(error.factors) == 2:
        coefficient, error = error.factors
    if (
        isinstance(error, Power)
        and error.exponent == number(2)
        and isinstance(error.base, Sum)
        and isinstance(coefficient, Number)
    ):
        return Square(coefficient, error.base)
    return None
