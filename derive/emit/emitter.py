"""From a written formula to pieces of text between which a line may be broken.

What needs a bracket, where a minus sign goes and where a line may break is the same for every
target and stands here; a target (:mod:`~derive.emit.latex`, :mod:`~derive.emit.text`) only
says how each thing looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType
from typing import ClassVar

from derive.emit.eliding import MOST_MIXED, elided
from derive.emit.pieces import (
    ATOM,
    FOLDED,
    HADAMARD,
    OPERATORS,
    POWER,
    VECTOR,
    Expression,
    Operator,
    Piece,
    behind,
    is_kept,
    one_line,
)
from derive.formula import (
    NORM,
    Call,
    Cases,
    Composite,
    Delta,
    Dot,
    Equation,
    Formula,
    Gradient,
    Grid,
    Hadamard,
    Letter,
    Member,
    Name,
    Negative,
    Number,
    Outer,
    Partial,
    Power,
    Product,
    Quotient,
    Sum,
    SumOver,
    Transposed,
    Updated,
    is_number,
    stands_as_matrix,
    total,
    walk,
    way,
)

HALF = Fraction(1, 2)
_LONGEST_TINTED = 3
"""Pieces of a factor up to which it is set in a colour, and never broken."""


class Emitter:
    """Structure common to all targets. The methods without a body here say how things look."""

    plus: str
    minus: str
    times: str
    hadamard: str
    outer: str
    equals: str
    about: str
    transpose: str
    """The transpose of what stands in the place of %s, as in each of these."""
    nabla: str
    norm: str
    grid: tuple[str, str, str]
    """A matrix that is written out, and what parts its rows, and the cells in them."""
    sums: tuple[str, str]
    """Σ and Π."""
    limits: str
    """One of these, its letter and what this runs from and to."""
    most_terms = MOST_MIXED
    """Of a sum of more terms of one kind the pattern is written."""
    beside = ""
    """What stands between factors that are multiplied without a sign."""
    flat = False
    """Whether a quotient is set on one line."""
    gutter = 2.5
    """In em, between two equations that share a line of a display."""
    tints: Mapping[str, str] = MappingProxyType({})
    """Quantities whose factors are set in a colour, each with the style that has it."""
    operators: ClassVar[Mapping[type[Formula], Operator]] = OPERATORS
    """Where brackets are needed."""

    def leaf(self, formula: Formula) -> str:
        """A quantity, δ, an updated weight, a letter, an indexed neuron, a layer."""
        raise NotImplementedError

    def number(self, value: Number) -> str:
        """An exact number."""
        raise NotImplementedError

    def fraction(self, top: Formula, bottom: Formula) -> str:
        """A quotient."""
        raise NotImplementedError

    def partial(self, of: Formula, by: Formula) -> str:
        """∂of/∂by."""
        raise NotImplementedError

    def function(self, name: str, primes: int) -> str:
        """The name of a function with its primes."""
        raise NotImplementedError

    def power(self, base: str, exponent: str) -> str:
        """A power of an emitted base."""
        raise NotImplementedError

    def root(self, inside: Formula) -> str:
        """A square root."""
        raise NotImplementedError

    def brackets(self, inside: Formula) -> tuple[str, str]:
        """Opening and closing bracket, large enough for what is inside."""
        raise NotImplementedError

    def cases(self, rows: Sequence[tuple[str, str]], otherwise: str) -> str:
        """Values with the conditions under which they hold, and the value everywhere else."""
        raise NotImplementedError

    def operator_form(self, formula: Partial) -> str | None:
        """∂/∂by alone, where the numerator is too long for a fraction; else nothing."""
        return None

    def figures(self, text: str) -> str:
        """A number as it is to be written: 0.50, and 1.5e-9 or e-9 with a power of ten."""
        factor, e, exponent = text.partition("e")
        if not e:
            return text
        ten = self.power("10", str(int(exponent)))
        return f"{factor} {self.times} {ten}" if factor else ten

    def inline(self, formula: Formula) -> str:
        """`formula` on one line."""
        return one_line(self.pieces(formula))

    def chain(self, equation: Equation) -> str:
        """A = b ≈ c on one line."""
        first, *others = map(self.inline, equation.sides)
        signs = self.signs(equation)
        return " ".join(
            [first, *(f"{sign} {side}" for sign, side in zip(signs, others, strict=True))]
        )

    def signs(self, equation: Equation) -> list[str]:
        """What stands before each side of an equation but the first: = or ≈."""
        places = range(1, len(equation.sides))
        return [self.about if place in equation.about else self.equals for place in places]

    def raised(self, formula: Formula) -> bool:
        """Whether a name has an upper index already, and so takes an exponent in brackets."""
        return False

    def pieces(self, formula: Formula) -> Sequence[Piece]:
        """`formula` in pieces between which a line may be broken."""
        return self.written(formula).pieces

    def written(self, formula: Formula) -> Expression:
        """`formula` in pieces, with what says whether it needs brackets."""
        found: Expression = (way(self, formula) or self._leaf)(formula)
        return found

    def _leaf(self, formula: Formula) -> Expression:
        single = isinstance(formula, Name | Letter | Member | Delta | Updated)
        simple = ATOM if single else VECTOR
        return Expression([Piece(self.leaf(formula))], POWER if self.raised(formula) else simple)

    def _at_least(self, binding: int, formula: Formula, *, signed: bool = False) -> Expression:
        """A formula in brackets if it binds less tightly, or begins with a minus and must not."""
        written = self.written(formula)
        if written.binding >= binding and (signed or not written.signed):
            return written
        return written.between(*self.brackets(formula))

    def _joined(
        self, operator: Operator, operands: Sequence[Formula], signs: Sequence[str | None]
    ) -> Expression:
        """Operands, each behind its sign; where there is none, they stand beside each other."""
        pieces: list[Piece] = []
        needs = [operator.first, *[operator.later] * (len(operands) - 2), operator.last]
        signed = bool(signs[0])
        for place, (sign, operand, need) in enumerate(zip(signs, operands, needs, strict=False)):
            part = self._operand(need, operand, signed=operator.signed and not (place or sign))
            signed = signed or (not place and part.signed)
            level = -1 if sign is None or is_kept(operands, place) else operator.level
            before = self._beside(part.pieces[0]) if sign is None else sign
            pieces += behind(before, part.pieces, level)
        return Expression(pieces, operator.binding, signed)

    def _operand(self, binding: int, formula: Formula, *, signed: bool) -> Expression:
        """An operand, in its colour if it is short and all that has one in it has the same."""
        style = self._tint(formula) if self.tints else ""
        if not style:
            return self._at_least(binding, formula, signed=signed)
        with self._untinted():
            plain = self._at_least(binding, formula, signed=signed)
        if len(plain.pieces) > _LONGEST_TINTED:
            return self._at_least(binding, formula, signed=signed)
        text = self.tinted(one_line(plain.pieces), style)
        return Expression([Piece(text)], plain.binding, plain.signed)

    def _tint(self, formula: Formula) -> str:
        """The style whose colour an operand has; a product has that of its factors."""
        if isinstance(formula, Product | Negative):
            return ""
        names = (n.of if isinstance(n, Delta) else n.name for n in _named(formula))
        styles = {self.tints[name] for name in names if name in self.tints}
        return styles.pop() if len(styles) == 1 else ""

    @contextmanager
    def _untinted(self) -> Iterator[None]:
        """What is written within has no colour of its own."""
        tints, self.tints = self.tints, {}
        yield
        self.tints = tints

    def tinted(self, text: str, style: str) -> str:
        """Emitted text in the colour of a style, where the target has colours."""
        return text

    def _beside(self, other: Piece) -> str:
        """What stands before an operand that has no sign; two numbers would run into one."""
        return f" {self.times} " if other.text[:1].isdigit() else self.beside

    def of_negative(self, formula: Negative) -> Expression:
        inside = self._at_least(HADAMARD, formula.term)
        return Expression(behind(self.minus, inside.pieces), inside.binding, signed=True)

    def of_sum_over(self, formula: SumOver) -> Expression:
        sign, inside = self.sums[formula.multiplies], self._at_least(HADAMARD, formula.body)
        written = f"{sign}_{formula.index} "
        if formula.upper >= formula.lower:
            written = self.limits % (sign, formula.index, formula.lower, formula.upper)
        return Expression(behind(written, inside.pieces), FOLDED)

    def of_number(self, formula: Number) -> Expression:
        plain = formula.value >= 0 and "e" not in formula.text
        single = plain and (bool(formula.text) or formula.value.denominator == 1)
        return Expression(
            [Piece(self.number(formula))], ATOM if single else POWER, formula.value < 0
        )

    def of_quotient(self, formula: Quotient) -> Expression:
        # On one line a number is the only top that is not put in brackets for its minus sign.
        signed = self.flat and isinstance(formula.top, Number) and formula.top.value < 0
        return Expression([Piece(self.fraction(formula.top, formula.bottom))], POWER, signed)

    def of_transposed(self, formula: Transposed) -> Expression:
        of = one_line(self._at_least(VECTOR, formula.of).pieces)
        return Expression([Piece(self.transpose % of)], POWER)

    def of_sum(self, formula: Sum) -> Expression:
        terms = self.terms(formula)
        minus = [isinstance(term, Negative) for term in terms]
        signs = [f" {self.minus if negative else self.plus} " for negative in minus]
        signs[0] = self.minus if minus[0] else ""
        inner = [term.term if isinstance(term, Negative) else term for term in terms]
        return self._joined(self.operators[Sum], inner, signs)

    def terms(self, formula: Sum) -> Sequence[Formula]:
        """Those terms of a sum that are written."""
        return elided(formula.terms, self.most_terms)

    def of_dot(self, formula: Dot) -> Expression:
        return self._joined(
            self.operators[Product], (formula.left, formula.right), ["", f" {self.times} "]
        )

    def of_outer(self, formula: Outer) -> Expression:
        return self._joined(self.operators[Hadamard], formula.parts(), ["", f" {self.outer} "])

    def of_gradient(self, formula: Gradient) -> Expression:
        inside = self._at_least(POWER, formula.of)
        return Expression(behind(self.nabla % self.inline(formula.by), inside.pieces), POWER)

    def of_grid(self, formula: Grid) -> Expression:
        cells = [self.inline(cell) for cell in formula.cells]
        rows = [cells[at : at + formula.columns] for at in range(0, len(cells), formula.columns)]
        whole, between_rows, between_cells = self.grid
        return Expression([Piece(whole % between_rows.join(map(between_cells.join, rows)))], POWER)

    def of_composite(self, formula: Composite) -> Expression:
        inside = ", ".join(map(self.inline, formula.factors))
        return Expression([Piece(f"{self.function('prod', 0)}({inside})")], POWER)

    def of_product(self, formula: Product) -> Expression:
        signs = [
            None if self.juxtaposed(before, factor) else self.between(before, factor)
            for before, factor in pairwise(formula.factors)
        ]
        return self._joined(self.operators[Product], formula.factors, ["", *signs])

    def of_hadamard(self, formula: Hadamard) -> Expression:
        signs = ["", *[f" {self.hadamard} "] * (len(formula.factors) - 1)]
        return self._joined(self.operators[Hadamard], formula.factors, signs)

    def between(self, before: Formula, factor: Formula) -> str:
        """What stands between two factors."""
        return f" {self.times} "

    def juxtaposed(self, before: Formula, factor: Formula) -> bool:
        """½(…)² and W δ are written without a sign of multiplication; 0.31 · (1 − 0.31) is not."""
        if stands_as_matrix(before) and stands_as_matrix(factor):
            return True
        plain = isinstance(before, Number) and not before.text
        return plain and isinstance(factor, Sum | Power | Hadamard)

    def of_partial(self, formula: Partial) -> Expression:
        with self._untinted():
            operator = self.operator_form(formula)
            if operator is None:
                return Expression([Piece(self.partial(formula.of, formula.by))], POWER)
        inside = self.written(formula.of).between(*self.brackets(formula.of))
        return Expression(behind(operator, inside.pieces), POWER)

    def of_power(self, formula: Power) -> Expression:
        if isinstance(formula.exponent, Number) and formula.exponent.value == HALF:
            return Expression([Piece(self.root(formula.base))], POWER)
        *rest, last = self._at_least(ATOM, formula.base).pieces
        power = self.power(last.text, self.inline(formula.exponent))
        return Expression([*rest, Piece(power, last.level)], POWER)

    def of_call(self, formula: Call) -> Expression:
        if formula.function == NORM:
            return Expression([Piece(self.norm % self.inline(formula.argument))], POWER)
        name = self.function(formula.function, formula.primes)
        opening, closing = self.brackets(formula.argument)
        return self.written(formula.argument).between(name + opening, closing)

    def of_cases(self, formula: Cases) -> Expression:
        rows: list[tuple[str, str]] = []
        rest: Formula = formula
        while isinstance(rest, Cases):
            left, sign, right = condition(rest.test)
            where = f"{self.inline(left)} {sign} {self.inline(right)}"
            rows.append((self.inline(rest.positive), where))
            rest = rest.otherwise
        return Expression([Piece(self.cases(rows, self.inline(rest)))], POWER)


def condition(test: Formula) -> tuple[Formula, str, Formula]:
    """`test` > 0 as a person writes it: x − 1 > 0 is x > 1, and −x − 1 > 0 is x < −1."""
    terms = test.terms if isinstance(test, Sum) else (test,)
    stay = [t for t in terms if not (isinstance(t, Negative) or is_number(t))]
    moved = [t.term if isinstance(t, Negative) else -t for t in terms if t not in stay]
    if stay:
        return total(stay), ">", _tidy(total(moved))
    first = next(t for t in terms if not is_number(t))
    assert isinstance(first, Negative)
    others = total(t for t in terms if t is not first)
    return first.term, "<", _tidy(others)


def _tidy(formula: Formula) -> Formula:
    """−(−1) as 1, and −1 as a number."""
    if isinstance(formula, Negative) and isinstance(formula.term, Number):
        return Number(-formula.term.value)
    return formula


def _named(formula: Formula) -> Iterator[Delta | Name]:
    return (node for node in walk(formula) if isinstance(node, Delta | Name))


Measure = Callable[[str], float]
