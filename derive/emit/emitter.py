"""From a written formula to pieces of text between which a line may be broken.

What needs a bracket, where a minus sign goes and where a line may break is the same for every
target and stands here; a target (:mod:`~derive.emit.latex`, :mod:`~derive.emit.text`) only
says how each thing looks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from derive.formula import (
    ZERO,
    Array,
    Call,
    Cases,
    Delta,
    Dots,
    Equation,
    Everywhere,
    Formula,
    Hadamard,
    Layer,
    Letter,
    Member,
    Name,
    Negative,
    Neuron,
    Number,
    Partial,
    Power,
    Product,
    Quotient,
    Sum,
    SumOver,
    Transposed,
    Updated,
    is_number,
    total,
)

_HALF = Fraction(1, 2)
MOST_TERMS = 24
"""A sum of more terms than this is written with an ellipsis."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that is never broken.

    `level` ranks the break before it: + and · of the outermost brackets, then of the next; -1 where
    a line must not break.
    """

    text: str
    level: int = -1


class Emitter:
    """Structure common to all targets. The methods without a body here say how things look."""

    plus: str
    minus: str
    times: str
    hadamard: str
    equals: str
    beside = ""
    """What stands between factors that are multiplied without a sign."""
    flat = False
    """Whether a quotient is set on one line."""

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

    def sum_over(self, formula: SumOver) -> str:
        """The sign Σ with its limits."""
        raise NotImplementedError

    def transposed(self, of: str) -> str:
        """The transpose of an emitted matrix."""
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
        return "".join(piece.text for piece in self.pieces(formula))

    def chain(self, equation: Equation) -> str:
        """A = b = c on one line."""
        return f" {self.equals} ".join(self.inline(side) for side in equation.sides)

    def raised(self, formula: Formula) -> bool:
        """Whether a name has an upper index already, and so takes an exponent in brackets."""
        return False

    def pieces(self, formula: Formula, depth: int = 0) -> list[Piece]:
        """`formula` as pieces; `depth` counts the brackets around it."""
        way = _WAYS.get(type(formula))
        if way is None:
            return [Piece(self.leaf(formula))]
        found: list[Piece] = getattr(self, way)(formula, depth)
        return found

    def _negative(self, formula: Negative, depth: int) -> list[Piece]:
        inside = self._signed(formula.term, depth)
        return [Piece(self.minus + inside[0].text), *inside[1:]]

    def _summed(self, formula: SumOver, depth: int) -> list[Piece]:
        inside = self._signed(formula.body, depth)
        return [Piece(self.sum_over(formula) + inside[0].text), *inside[1:]]

    def _signed(self, formula: Formula, depth: int) -> list[Piece]:
        """What stands behind a − or a Σ."""
        if isinstance(formula, Sum) or self._starts_with_minus(formula):
            return self._bracketed(formula, depth)
        return self.pieces(formula, depth)

    def _number(self, formula: Number, depth: int) -> list[Piece]:
        return [Piece(self.number(formula))]

    def _quotient(self, formula: Quotient, depth: int) -> list[Piece]:
        return [Piece(self.fraction(formula.top, formula.bottom))]

    def _transposed(self, formula: Transposed, depth: int) -> list[Piece]:
        of = self.inline(formula.of)
        if formula.of.parts() or self.raised(formula.of):
            of = "".join((self.brackets(ZERO)[0], of, self.brackets(ZERO)[1]))
        return [Piece(self.transposed(of))]

    def _sum(self, formula: Sum, depth: int) -> list[Piece]:
        pieces: list[Piece] = []
        for term in elided(formula.terms):
            minus = isinstance(term, Negative)
            inner = term.term if isinstance(term, Negative) else term
            part = (
                self._bracketed(inner, depth)
                if isinstance(inner, Sum | Negative)
                or ((pieces or minus) and self._starts_with_minus(inner))
                else self.pieces(inner, depth)
            )
            if pieces:
                sign = self.minus if minus else self.plus
                first = Piece(f" {sign} {part[0].text}", 2 * depth + 1)
            else:
                first = Piece((self.minus if minus else "") + part[0].text)
            pieces += [first, *part[1:]]
        return pieces

    def _product(self, formula: Product, depth: int) -> list[Piece]:
        pieces: list[Piece] = []
        before: Formula | None = None
        for factor in formula.factors:
            loose = isinstance(factor, Sum) or (
                before is not None
                and (self._starts_with_minus(factor) or isinstance(factor, Hadamard))
            )
            part = self._bracketed(factor, depth) if loose else self.pieces(factor, depth)
            if isinstance(factor, SumOver) and factor is not formula.factors[-1]:
                part = self._bracketed(factor, depth)
            if before is None:
                pieces += part
            elif self._juxtaposed(before, factor):
                pieces += [Piece(self.beside + part[0].text), *part[1:]]
            else:
                joint = Piece(f" {self.times} {part[0].text}", 2 * depth + 2)
                pieces += [joint, *part[1:]]
            before = factor
        return pieces

    def _hadamard(self, formula: Hadamard, depth: int) -> list[Piece]:
        pieces: list[Piece] = []
        for factor in formula.factors:
            loose = isinstance(factor, Sum | Negative | Product)
            part = self._bracketed(factor, depth) if loose else self.pieces(factor, depth)
            sign = f" {self.hadamard} "
            first = Piece(sign + part[0].text, 2 * depth + 2) if pieces else part[0]
            pieces += [first, *part[1:]]
        return pieces

    def _juxtaposed(self, before: Formula, factor: Formula) -> bool:
        """½(…)² and W δ are written without a sign of multiplication."""
        if _is_matrix(before) and _is_matrix(factor):
            return True
        return isinstance(before, Number) and isinstance(factor, Sum | Power | Hadamard)

    def _partial(self, formula: Partial, depth: int) -> list[Piece]:
        operator = self.operator_form(formula)
        if operator is None:
            return [Piece(self.partial(formula.of, formula.by))]
        inside = self._bracketed(formula.of, depth)
        return [Piece(operator + inside[0].text), *inside[1:]]

    def _power(self, formula: Power, depth: int) -> list[Piece]:
        if isinstance(formula.exponent, Number) and formula.exponent.value == _HALF:
            return [Piece(self.root(formula.base))]
        exponent = self.inline(formula.exponent)
        alone = isinstance(formula.base, Name | Letter | Member)
        if alone and not self.raised(formula.base):
            return [Piece(self.power(self.inline(formula.base), exponent))]
        base = (
            self.pieces(formula.base, depth)
            if isinstance(formula.base, Call)
            else self._bracketed(formula.base, depth)
        )
        return [*base[:-1], Piece(self.power(base[-1].text, exponent), base[-1].level)]

    def _call(self, formula: Call, depth: int) -> list[Piece]:
        name = self.function(formula.function, formula.primes)
        inside = self._bracketed(formula.argument, depth)
        return [Piece(name + inside[0].text), *inside[1:]]

    def _starts_with_minus(self, formula: Formula) -> bool:
        """Whether the first sign that is set is a minus."""
        while True:
            if isinstance(formula, Product) and not isinstance(formula.factors[0], Sum):
                formula = formula.factors[0]
            elif isinstance(formula, Quotient) and self.flat:
                formula = formula.top
            else:
                break
        return isinstance(formula, Negative) or (isinstance(formula, Number) and formula.value < 0)

    def _cases(self, formula: Cases, depth: int) -> list[Piece]:
        rows: list[tuple[str, str]] = []
        rest: Formula = formula
        while isinstance(rest, Cases):
            left, sign, right = condition(rest.test)
            where = f"{self.inline(left)} {sign} {self.inline(right)}"
            rows.append((self.inline(rest.positive), where))
            rest = rest.otherwise
        return [Piece(self.cases(rows, self.inline(rest)))]

    def _bracketed(self, formula: Formula, depth: int) -> list[Piece]:
        opening, closing = self.brackets(formula)
        inside = self.pieces(formula, depth + 1)
        if len(inside) == 1:
            return [Piece(opening + inside[0].text + closing)]
        last = inside[-1]
        return [
            Piece(opening + inside[0].text),
            *inside[1:-1],
            Piece(last.text + closing, last.level),
        ]


_WAYS: dict[type[Formula], str] = {
    Sum: "_sum",
    Product: "_product",
    Negative: "_negative",
    Number: "_number",
    Partial: "_partial",
    Quotient: "_quotient",
    Power: "_power",
    Call: "_call",
    SumOver: "_summed",
    Hadamard: "_hadamard",
    Cases: "_cases",
    Transposed: "_transposed",
}
"""The method for each kind of formula; what is not here is a leaf."""


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


def _is_matrix(formula: Formula) -> bool:
    if isinstance(formula, Everywhere):
        formula = formula.of
    return isinstance(formula, Layer | Array | Transposed)


def elided(terms: Sequence[Formula]) -> list[Formula]:
    """The terms of a sum, a long run of them shortened to its first two, dots and its last.

    Terms that are 0 and terms that are not never stand for each other, so that the one summand
    that survives is always shown.
    """
    if len(terms) <= MOST_TERMS:
        return list(terms)
    shown: list[Formula] = []
    run: list[Formula] = []

    def close() -> None:
        shown.extend(run if len(run) <= 4 else [*run[:2], Dots(), run[-1]])
        run.clear()

    for term in terms:
        if run and (run[-1] == ZERO) != (term == ZERO):
            close()
        run.append(term)
    close()
    return shown


_LEAVES = (Array, Delta, Everywhere, Layer, Letter, Member, Name, Neuron, Updated)


def height(formula: Formula) -> int:
    """0 for a line of names, 1 with brackets in it, 2 with a fraction or a large Σ in it."""
    if isinstance(formula, Partial | Quotient | SumOver | Cases):
        return 2
    if isinstance(formula, Number):
        return 2 if formula.value.denominator != 1 and not formula.text else 0
    if isinstance(formula, _LEAVES):
        return 0
    parts = formula.parts()
    inner = max((height(part) for part in parts), default=0)
    if isinstance(formula, Call | Power):
        return max(inner, 1)
    if isinstance(formula, Product | Negative | Sum) and any(
        isinstance(part, Sum | Negative) for part in parts if not isinstance(formula, Sum)
    ):
        return max(inner, 1)
    return inner


Measure = Callable[[str], float]
