"""Random consistent points modulo a random prime: exact, fast, apart from the calculus."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cache, cached_property
from math import prod

from derive.exact.consistent import Consistent
from derive.exact.ranges import Ranges
from derive.exact.residues import SECRET, ChanceError, NoValueError, Residue, field, prime, residue
from derive.formula import (
    Call,
    Formula,
    Letter,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    evaluate,
    names_in,
    walk,
)
from derive.functions import BY_SYMBOL
from derive.functions.written import in_pieces
from derive.model import Model

MOST_ATTEMPTS = 2_000
PRIMES_A_TURN = 50
"""How far the primes of one turn are from those of the next."""
_WHOLE = (*range(1, 11), 100)
"""By these and their reciprocals arguments of a step, and roots, are recognised again."""
_POWERS = 8
"""Multiples of a quarter of an exponent whose exponentials are powers of one residue."""


_FARTHEST = 1_000
"""Numbers up to this size are taken for the difference of two arguments."""


class NotASquareError(ChanceError):
    """A residue has no square root."""


class Point(Consistent):
    """A random consistent point modulo a random prime.

    The exponential of a net input is algebraically independent of the net input, so it is a random
    residue of its own. Two formulas that agree at such a point although they differ do so with a
    probability that :mod:`derive.exact.sizes` bounds.

    Points with the same `seed` in different turns lie in the same region, modulo different primes.
    A step function is 0 or 1 at random, and of the two square roots of a residue one at random is
    the principal one: the point lies in a random region of a network with ReLU, and on a random
    branch of its roots. What is true at one of them is not proved on another. `at_zero` is the step
    of 0, on the kink; the table says 0.
    """

    dual: type[Residue]
    _at_zero = 0
    at_kinks = False
    """Whether what is positive and what is not may both be 0."""

    def __init__(
        self,
        model: Model,
        seed: int = 0,
        letters: Mapping[str, Formula] | None = None,
        *,
        free: bool = False,
        turn: int = 0,
        at_zero: int = 0,
    ) -> None:
        self._at_zero = at_zero
        # Half of all residues have no square root: draw again until all that is needed has one.
        for attempt in range(MOST_ATTEMPTS):
            try:
                self._begin(seed, attempt, turn)
                super().__init__(model, letters, free=free)
            except ChanceError:
                if attempt == MOST_ATTEMPTS - 1:
                    raise
                continue
            break

    def _begin(self, seed: int, attempt: int = 0, turn: int = 0) -> None:
        """A new prime, and no value known."""
        self.prime = self._modulus(seed + attempt + PRIMES_A_TURN * turn)
        self.dual = field(self.prime)
        self._draw = random.Random(f"{SECRET} {seed} {attempt} {turn}")
        self._bits = random.Random(f"{seed} {attempt}")
        self._half, self._quarter = pow(2, -1, self.prime), pow(4, -1, self.prime)
        self._multiples = _multiples(self.prime)
        self._exponentials: dict[int, int] = {0: 1}
        self._logarithms: dict[int, int] = {1: 0}
        self._of_logarithms: set[int] = set()
        self.meets_logarithms = False
        """Whether an exponential of a logarithm was asked for."""
        self._steps: dict[int, int] = {0: self._at_zero}
        self._signs: list[tuple[int, int]] = []
        self._roots: dict[int, int] = {0: 0, 1: 1}
        self._normals: dict[int, int] = {0: self._half}
        self._peak = self._draw.randrange(2, self.prime)

    def _modulus(self, place: int) -> int:
        """What residues are taken by."""
        return prime(place)

    def _bit(self) -> int:
        """A choice between two pieces of a function, or between two square roots."""
        return self._bits.getrandbits(1)

    def root(self, base: int, exponent: Fraction) -> int:
        if exponent.denominator != 2:
            raise NoValueError("a power that is neither whole nor half")
        if not base and exponent < 0:
            raise NoValueError("a division by 0")
        return pow(self._square_root(base), exponent.numerator, self.prime)

    def _square_root(self, x: int) -> int:
        """One of the two roots of x, by choice; the same for every x, and √(k²·x) is k·√x."""
        prime = self.prime
        if x not in self._roots:
            root = pow(x, (prime + 1) // 4, prime)
            if root * root % prime != x:
                raise NotASquareError("a square root that does not exist modulo the prime")
            if self._bit():
                root = prime - root
            for k in self._multiples:
                self._roots.setdefault(k * k * x % prime, k * root % prime)
            self._decide(root, 1)
        return self._roots[x]

    def constant(self, value: Fraction) -> int:
        return residue(value, self.prime)

    def given(self, name: str) -> int:
        return self._draw.randrange(1, self.prime)

    def slope(self, of: Formula, by: str) -> int:
        if isinstance(of, Name) and of.name == self.model.total and self._has_adjoints:
            return self.adjoints.get(by, 0)
        return int(super().slope(of, by))

    @cached_property
    def _has_adjoints(self) -> bool:
        """Whether E_total has a slope by every quantity: at a kink it may have some only."""
        try:
            return bool(self.adjoints)
        except NoValueError:
            return False

    @cached_property
    def adjoints(self) -> dict[str, int]:
        """∂E_total/∂x for every quantity x, by one sweep backward through the definitions."""
        found = {self.model.total: 1}
        for name in reversed(list(self.model.quantities)):
            definition = self.model.definitions.get(name)
            if definition is not None and found.get(name):
                self._backward(definition, found[name], found)
        return found

    def _backward(self, formula: Formula, adjoint: int, found: dict[str, int]) -> None:
        """Add adjoint·∂formula/∂x to what is `found`, for each quantity x in `formula`."""
        if isinstance(formula, Name):
            found[formula.name] = (found.get(formula.name, 0) + adjoint) % self.prime
        elif isinstance(formula, Sum):
            for term in formula.terms:
                self._backward(term, adjoint, found)
        elif isinstance(formula, Negative):
            self._backward(formula.term, -adjoint % self.prime, found)
        elif isinstance(formula, Product):
            values = [self.value(factor) for factor in formula.factors]
            for place, factor in enumerate(formula.factors):
                others = (*values[:place], *values[place + 1 :])
                self._backward(factor, prod(others, start=adjoint) % self.prime, found)
        elif formula.parts():
            # Few names each: the slope by one after the other, forward.
            for name in names_in(formula):
                moved = self._arithmetic({name: 1})
                slope = evaluate(formula, moved).slope
                found[name] = (found.get(name, 0) + adjoint * slope) % self.prime

    def function(self, node: Call, argument: Residue) -> Residue:
        x = argument.value
        if node.function == "exp":
            value = self._exp_of(node.argument, x)
            return argument.lifted(value, value)
        if node.function == "ln" and not node.primes:
            if not x:
                raise NoValueError("the logarithm of 0")
            log = self._log_of(node.argument, x)
            return argument.lifted(log, pow(x, -1, self.prime))
        row = BY_SYMBOL[node.function]
        if row.own and row.slope is not None and not node.primes:
            # The value's own derivative would be a second division.
            out = row.value(self.dual(x), self)
            return argument.lifted(out.value, row.slope(None, out, None).value)
        return super().function(node, argument)  # type: ignore[no-any-return]

    def exp_of(self, x: int) -> int:
        return self.exponential(x % self.prime)

    def log_of(self, x: int) -> int:
        """The logarithm of what is positive wherever it is asked for: of 1 + e^x."""
        if not x:
            raise NoValueError("the logarithm of 0")
        return self._logarithm(x, positive=True)

    def _logarithm(self, x: int, *, positive: bool) -> int:
        """Ln |x|, a residue of its own. Only of what is known to be positive e^(ln |x|) is x."""
        if x not in self._logarithms:
            self._logarithms[x] = self._draw.randrange(2, self.prime)
        value = self._logarithms[x]
        if positive and value not in self._of_logarithms:
            for k in (1, -1, 2, -2):
                self._exponentials.setdefault(k * value % self.prime, pow(x, k, self.prime))
                self._of_logarithms.add(k * value % self.prime)
        return value

    def normal_of(self, x: int) -> int:
        if x not in self._normals:
            value = self._draw.randrange(2, self.prime)
            self._normals[x], self._normals[-x % self.prime] = value, (1 - value) % self.prime
        return self._normals[x]

    def density_of(self, x: int) -> int:
        return self._peak * self.exponential(-x * x * self._half % self.prime) % self.prime

    def chosen(self, x: int, positive: Residue, otherwise: Residue) -> Residue:
        if not x and positive.value == otherwise.value and positive.slope == otherwise.slope:
            return positive
        step = self._step(x)
        if step == 1:
            return positive
        return otherwise if not step else positive * step + otherwise * (1 - step)

    def _step(self, x: int) -> int:
        """1 where x counts as positive, else 0."""
        if x not in self._steps:
            known = _decided(x, self._signs, self.prime, kinks=self.at_kinks)
            self._decide(x, self._bit() if known is None else known)
        return self._steps[x]

    def _decide(self, x: int, bit: int) -> None:
        """Take x for positive, or not; then its multiples are, or are not."""
        self._signs.append((x, bit))
        for multiple in self._multiples:
            self._steps.setdefault(multiple * x % self.prime, bit)
            if bit or not self.at_kinks:
                self._steps.setdefault(-multiple * x % self.prime, 1 - bit)

    def exponential(self, x: int) -> int:
        """e^x; e^(kx/4) for small whole k is then its k-th power."""
        known = self._exponentials
        if x not in known:
            self._write_powers(x, self._draw.randrange(2, self.prime))
        elif x in self._of_logarithms:
            self.meets_logarithms = True
        return known[x]

    def _write_powers(self, x: int, root: int) -> None:
        """Take a residue for e^(x/4), and its powers for what they are then."""
        quarter = x * self._quarter % self.prime
        for sign, base in ((1, root), (-1, pow(root, -1, self.prime))):
            power = 1
            for k in range(1, _POWERS + 1):
                power = power * base % self.prime
                self._exponentials.setdefault(sign * k * quarter % self.prime, power)
                self._logarithms.setdefault(power, sign * k * quarter % self.prime)

    def _exp_of(self, formula: Formula, x: int) -> int:
        """e^x by what x is made of, so that e^(a + b) is e^a·e^b, and e^(ln a) is a."""
        if x in self._exponentials:
            return self.exponential(x)
        if isinstance(formula, Sum):
            value = 1
            for term in formula.terms:
                value = value * self._exp_of(term, self.value(term)) % self.prime
        elif isinstance(formula, Negative):
            below = self._exp_of(formula.term, -x % self.prime)
            if not below:
                raise NoValueError("a division by 0")
            value = pow(below, -1, self.prime)
        elif isinstance(formula, Letter) and formula.name in self.letters:
            value = self._exp_of(self.letters[formula.name], x)
        elif _logarithm_in(formula) is not None:
            argument, times = _logarithm_in(formula) or (formula, 1)
            value = self.value(Power(argument, Number(Fraction(times))))
        else:
            return self.exponential(x)
        if not any(map(is_log, walk(formula))):
            # A logarithm may be that of what is positive here, and is not elsewhere.
            self._exponentials[x] = value
            self._logarithms.setdefault(value, x)
        return value

    def _log_of(self, formula: Formula, x: int) -> int:
        """Ln x by what x is made of: ln(ab) is ln |a| + ln |b|."""
        if x in self._logarithms:
            return self._logarithms[x]
        if isinstance(formula, Product):
            parts = [(part, Fraction(1)) for part in formula.factors]
        elif isinstance(formula, Quotient):
            parts = [(formula.top, Fraction(1)), (formula.bottom, Fraction(-1))]
        elif isinstance(formula, Power) and isinstance(formula.exponent, Number):
            parts = [(formula.base, formula.exponent.value)]
        else:
            positive = self.model.known(Ranges).of(formula).is_positive
            return self._logarithm(x, positive=positive)
        total = 0
        for part, times in parts:
            total += residue(times, self.prime) * self._log_of(part, self._nonzero(part))
        return self._logarithms.setdefault(x, total % self.prime)

    def _nonzero(self, formula: Formula) -> int:
        value = self.value(formula)
        if not value:
            raise NoValueError("the logarithm of 0")
        return int(value)


def _decided(
    x: int, known: Iterable[tuple[int, int]], prime: int, *, kinks: bool = False
) -> int | None:
    """1 or 0 for the unit step of `x` where one of the `known` decides it, else nothing.

    `known` are residues with their steps. x = y + c is positive where y and c are, and is not where
    neither is; likewise x = −y + c, for y is not 0 off the kinks. With `kinks` it may be 0. Of a
    number other than 0 the sign is known.
    """
    if x and min(x, prime - x) <= _FARTHEST:
        return int(x <= _FARTHEST)
    for y, step in known:
        for other, positive in ((y, step), (-y, 1 - step)):
            c = (x - other) % prime
            if positive and c <= _FARTHEST and (c or other == y or not kinks):
                return 1
            if not positive and prime - c <= _FARTHEST:
                return 0
    return None


def is_log(formula: Formula) -> bool:
    """Whether a formula is a logarithm."""
    return isinstance(formula, Call) and formula.function == "ln" and not formula.primes


def _logarithm_in(formula: Formula) -> tuple[Formula, int] | None:
    """What k·ln x is made of: x and the whole number k."""
    times = Fraction(1)
    factors = formula.factors if isinstance(formula, Product) else (formula,)
    logs = [factor for factor in factors if not isinstance(factor, Number)]
    for factor in factors:
        if isinstance(factor, Number):
            times *= factor.value
    if len(logs) != 1 or not is_log(logs[0]) or times.denominator != 1:
        return None
    return logs[0].parts()[0], int(times)


@cache
def _multiples(prime: int) -> tuple[int, ...]:
    """Positive factors that leave the sign of an argument as it is."""
    return (*_WHOLE, *(pow(k, -1, prime) for k in _WHOLE[1:]))


def is_active_region_only(model: Model) -> bool:
    """Whether the model's derivatives jump, so that a point only speaks for one region."""
    return any(map(in_pieces, model.stated))


__all__ = ["Consistent", "NoValueError", "NotASquareError", "Point", "is_active_region_only"]
