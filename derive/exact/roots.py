"""Square roots taken apart by what is known of signs: √(x²) is |x|, √12 is 2·√3.

√x is the principal root: the number r ≥ 0 with r² = x. Where a formula's own structure and the
ranges of its parts (:mod:`derive.exact.ranges`) say which number that is, it is written without
the root. What is left are roots of sums, primes and quantities. A ring takes these for atoms r with
r² = x whose sign is a choice, and an equation is proved when it holds for every choice: it is then
0 in K[r]/(r² − x), in which r may stand for the principal root as for the other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from fractions import Fraction

from derive.exact.ranges import Ranges
from derive.formula import (
    Call,
    Cases,
    Formula,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    number,
    product,
    walk,
)
from derive.model import Model

HALF = Fraction(1, 2)
LARGEST_FACTOR = 1_000
"""Primes up to which whole numbers under a root are taken apart."""
MOST_NAMES = 50
"""Definitions that are followed from one quantity to others, to see what is under a root."""

Factor = tuple[Formula, int]
"""A factor with its exponent."""


class Roots:
    """How the roots in formulas about one model are taken apart."""

    def __init__(self, model: Model) -> None:
        self._definitions = model.definitions
        self._ranges = model.known(Ranges)
        self._found: dict[Power, Formula | None] = {}

    def apart(self, power: Power) -> Formula | None:
        """The same number, of simpler roots; nothing where there are none.

        `power` has an exponent that is not whole. A power of an atom is not taken apart.
        """
        if power not in self._found:
            self._found[power] = self._apart(power)
        return self._found[power]

    def atoms(self, power: Power) -> list[Formula]:
        """What is under the roots that are left of `power`, and the signs that it chooses by."""
        found: list[Formula] = []
        todo: list[Formula] = [power]
        while todo:
            node = todo.pop()
            if isinstance(node, Power) and is_root(node):
                apart = self.apart(node)
                if apart is None:
                    found.append(node.base)
                else:
                    todo.append(apart)
            elif isinstance(node, Cases):
                found.append(node.test)
                todo += [node.positive, node.otherwise]
            else:
                todo.extend(node.parts())
        return found

    def branch(self, formulas: Iterable[Formula]) -> bool:
        """Whether a root in `formulas` has a sign that has to be chosen."""
        return any(
            self.atoms(node)
            for formula in formulas
            for node in walk(formula)
            if isinstance(node, Power) and is_root(node)
        )

    def _apart(self, power: Power) -> Formula | None:
        if not isinstance(power.exponent, Number) or power.exponent.value.denominator != 2:
            return None
        root = self._root(power.base)
        if root is None:
            return None
        exponent = power.exponent.value.numerator
        return root if exponent == 1 else Power(root, Number(Fraction(exponent)))

    def _root(self, base: Formula) -> Formula | None:
        """√base without this root, or nothing."""
        outside: list[Formula] = []
        inside: list[Formula] = []
        coefficient, powers = self._factors(base)
        negative = coefficient < 0
        for factor, exponent in powers.items():
            range_ = self._ranges.of(factor)
            if exponent % 2 == 0:
                outside.append(self._size(factor, exponent // 2))
            elif isinstance(factor, Call) and factor.function == "exp" and not factor.primes:
                half = factor.argument * number(Fraction(exponent, 2))
                outside.append(Call("exp", half))
            elif range_.is_at_least_0:
                outside.append(_raised(_root_atom(factor), exponent))
            elif range_.is_at_most_0:
                negative = not negative
                outside.append(_raised(_root_atom(Negative(factor)), exponent))
            else:
                inside.append(_raised(factor, exponent))
        made = list(_root_of_number(abs(coefficient)))
        if negative:
            inside.insert(0, Number(Fraction(-1)))
        if inside:
            made.append(_root_atom(product(inside)))
        root = product([*made, *outside])
        return None if root in (_root_atom(base), base) else root

    def _factors(self, formula: Formula) -> tuple[Fraction, dict[Formula, int]]:
        """A number, and the other factors of a product or quotient with their exponents."""
        coefficient = Fraction(1)
        powers: dict[Formula, int] = {}
        names = 0
        todo: list[Factor] = [(formula, 1)]
        while todo:
            node, exponent = todo.pop(0)
            match node:
                case Product(factors):
                    todo += [(factor, exponent) for factor in factors]
                case Quotient(top, bottom):
                    todo += [(top, exponent), (bottom, -exponent)]
                case Negative(term):
                    coefficient *= (-1) ** (exponent % 2)
                    todo.append((term, exponent))
                case Number(value) if value and abs(exponent) < _MOST_EXPONENT:
                    coefficient *= value**exponent
                case Power(base, Number(times)) if _is_whole(node):
                    todo.append((base, exponent * int(times)))
                case Name(name) if names < MOST_NAMES and self._is_product(name):
                    names += 1
                    todo.append((self._definitions[name], exponent))
                case _:
                    powers[node] = powers.get(node, 0) + exponent
        return coefficient, {node: e for node, e in powers.items() if e}

    def _is_product(self, name: str) -> bool:
        """Whether a quantity is a product or a power by its definition, or another quantity."""
        definition = self._definitions.get(name)
        kinds = Product | Quotient | Negative | Number | Name
        return isinstance(definition, kinds) or _is_whole(definition)

    def _size(self, factor: Formula, exponent: int) -> Formula:
        """|factor|^exponent."""
        made = _raised(factor, exponent)
        range_ = self._ranges.of(factor)
        if exponent % 2 == 0 or range_.is_at_least_0:
            return made
        if range_.is_at_most_0:
            return Negative(made)
        return Cases(factor, made, Negative(made))


_MOST_EXPONENT = 1_000


def is_root(node: Formula) -> bool:
    """Whether a formula is a power with a number that is not whole as its exponent."""
    if not isinstance(node, Power) or not isinstance(node.exponent, Number):
        return False
    return node.exponent.value.denominator != 1


def _is_whole(power: Formula | None) -> bool:
    """Whether this is a power with a whole number other than 0 as its exponent."""
    match power:
        case Power(_, Number(exponent)):
            return exponent.denominator == 1 and exponent != 0
    return False


def _root_atom(base: Formula) -> Formula:
    return Power(base, Number(HALF))


def _raised(formula: Formula, exponent: int) -> Formula:
    return formula if exponent == 1 else Power(formula, Number(Fraction(exponent)))


def _root_of_number(value: Fraction) -> Iterator[Formula]:
    """√value as a rational number times the roots of primes, and of what is not taken apart."""
    outside = Fraction(1, value.denominator)
    left = value.numerator * value.denominator
    divisor = 2
    under: list[int] = []
    while divisor <= LARGEST_FACTOR and divisor * divisor <= left:
        times = 0
        while left % divisor == 0:
            left //= divisor
            times += 1
        outside *= divisor ** (times // 2)
        if times % 2:
            under.append(divisor)
        divisor += 1
    whole = math.isqrt(left)
    if whole * whole == left:
        outside *= whole
    else:
        under.append(left)
    if outside != 1:
        yield Number(outside)
    for factor in sorted(under):
        yield _root_atom(Number(Fraction(factor)))
