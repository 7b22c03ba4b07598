"""Formulas at consistent points: what ∂X/∂y, δ and w⁺ mean, in whatever ring one computes.

A consistent point gives every input, target and parameter a value, and every other quantity the
value that its definition gives. :class:`Consistent` says what a formula means there; the rings are
its subclasses: residues modulo a prime here, polynomials (:mod:`derive.calculus.exact`) and real
numbers (:mod:`derive.calculus.reals`) in their own rooms.

Derivatives are taken forward, with dual numbers: nothing here uses the local derivatives, paths or
deltas of :mod:`derive.calculus.chain`, which are what is to be checked.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from derive.calculus.dual_world import DualWorld, called
from derive.calculus.thresholds import decided
from derive.formula import (
    Arithmetic,
    Call,
    Cases,
    Delta,
    Formula,
    Letter,
    Name,
    Negative,
    Number,
    Partial,
    Power,
    Product,
    Quotient,
    Sum,
    Updated,
    evaluate,
    names_in,
    walk,
)
from derive.functions import BY_SYMBOL
from derive.model import Model, Role

PRIME = 2**127 - 1
MOST_ATTEMPTS = 2_000


class NoValueError(ArithmeticError):
    """A formula has no value in this ring: a division by 0, or something the ring does not have."""


class NotASquareError(NoValueError):
    """A residue has no square root."""


@dataclass(slots=True)
class Dual:
    """value + slope·ε with ε² = 0, modulo the prime: arithmetic that differentiates."""

    value: int
    slope: int = 0

    def lifted(self, value: int, steep: int) -> Dual:
        """`value`, of a function with the slope `steep` here: the chain rule."""
        return Dual(value % PRIME, steep * self.slope % PRIME)

    def moving(self) -> Dual:
        """The same value as the variable itself."""
        return Dual(self.value, 1)

    @property
    def is_constant(self) -> bool:
        """Whether nothing moves it."""
        return not self.slope

    def __add__(self, other: Any) -> Dual:
        other = _dual(other)
        return Dual((self.value + other.value) % PRIME, (self.slope + other.slope) % PRIME)

    __radd__ = __add__

    def __neg__(self) -> Dual:
        return Dual(-self.value % PRIME, -self.slope % PRIME)

    def __sub__(self, other: Any) -> Dual:
        return self + -_dual(other)

    def __rsub__(self, other: Any) -> Dual:
        return _dual(other) + -self

    def __mul__(self, other: Any) -> Dual:
        other = _dual(other)
        return Dual(
            self.value * other.value % PRIME,
            (self.value * other.slope + self.slope * other.value) % PRIME,
        )

    __rmul__ = __mul__

    def __pow__(self, exponent: int) -> Dual:
        if exponent < 0:
            return (Dual(1) / self) ** -exponent
        if exponent == 0:
            return Dual(1)
        outer = exponent * pow(self.value, exponent - 1, PRIME)
        return Dual(pow(self.value, exponent, PRIME), outer * self.slope % PRIME)

    def __truediv__(self, other: Any) -> Dual:
        other = _dual(other)
        if not other.value:
            raise NoValueError("a division by 0")
        inverse = pow(other.value, -1, PRIME)
        value = self.value * inverse % PRIME
        return Dual(value, (self.slope - value * other.slope) * inverse % PRIME)

    def __rtruediv__(self, other: Any) -> Dual:
        return _dual(other) / self


def _dual(value: Any) -> Dual:
    return value if isinstance(value, Dual) else Dual(residue(Fraction(value)))


def residue(value: Fraction) -> int:
    """An exact number modulo the prime."""
    if value.denominator == 1:
        return value.numerator % PRIME
    return value.numerator * pow(value.denominator, -1, PRIME) % PRIME


class Consistent:
    """One consistent point of a model, in some ring; a subclass says which.

    `letters` are local definitions (``inner``) that formulas at this point may use. `only` limits
    the point to the quantities that are needed. A `free` point need not satisfy the conditions that
    the model makes of given quantities.
    """

    dual: type[Any]
    """The dual numbers of this ring, of a value and a slope if that is not 0."""

    def __init__(
        self,
        model: Model,
        letters: Mapping[str, Formula] | None = None,
        only: Iterable[str] | None = None,
        *,
        free: bool = False,
    ) -> None:
        self.model = model
        self.free = free
        self.letters = dict(letters or {})
        self.world = DualWorld(self)
        self._free: dict[str, Any] = {}
        self._slopes: dict[str, dict[str, Any]] = {}
        self._ring = self._arithmetic({})
        self.values: dict[str, Any] = {}
        wanted = model.quantities if only is None else set(only)
        for name in model.quantities:
            if name in wanted:
                self.values[name] = self.quantity(name)

    # What a ring has to say.

    def constant(self, value: Fraction) -> Any:
        """An exact number."""
        raise NotImplementedError

    def given(self, name: str) -> Any:
        """The value of a quantity without a definition, or of a letter."""
        raise NotImplementedError

    def exp_of(self, x: Any) -> Any:
        """e^x."""
        raise NotImplementedError

    def log_of(self, x: Any) -> Any:
        """The natural logarithm."""
        raise NotImplementedError

    def normal_of(self, x: Any) -> Any:
        """Φ(x) of the normal distribution."""
        raise NotImplementedError

    def density_of(self, x: Any) -> Any:
        """φ(x) of the normal distribution."""
        raise NotImplementedError

    def chosen(self, x: Any, positive: Any, otherwise: Any) -> Any:
        """One of two dual numbers: `positive` where x > 0."""
        raise NotImplementedError

    def dualized(self, value: Any) -> Any:
        """A number as a dual number of this ring; dual numbers pass."""
        return value if isinstance(value, self.dual) else self.dual(self.constant(Fraction(value)))

    def function(self, node: Call, argument: Any) -> Any:
        """A function's value at a dual number, as a dual number."""
        try:
            return called(node.function, node.primes, argument, self.world)
        except ValueError as error:
            raise NoValueError(str(error)) from None

    def root(self, base: Any, exponent: Fraction) -> Any:
        """A dual number to a power that is not whole."""
        raise NoValueError("a power that is not whole")

    # What a formula means.

    def quantity(self, name: str) -> Any:
        """The value of a quantity: given, or by its definition."""
        definition = self.model.definitions.get(name)
        if definition is None:
            condition = self.model.conditions.get(name)
            if condition is None or self.free:
                return self.given(name)
            definition = condition
        return evaluate(definition, self._ring).value

    def value(self, formula: Formula) -> Any:
        """The value of `formula`."""
        return evaluate(formula, self._ring).value

    def slope(self, of: Formula, by: str) -> Any:
        """∂of/∂by."""
        slopes = self._slopes.setdefault(by, {by: self.constant(Fraction(1))})
        ring = self._arithmetic(slopes)
        for name in self.model.between(self._names(of), by, slopes):
            if name in self.values:
                slopes[name] = evaluate(self.model.definitions[name], ring).slope
        return evaluate(of, ring).slope

    def _names(self, formula: Formula) -> set[str]:
        """The quantities in `formula` and in the letters that it uses."""
        found: set[str] = set()
        letters: set[str] = set()
        todo = [formula]
        while todo:
            for node in walk(todo.pop()):
                if isinstance(node, Name):
                    found.add(node.name)
                elif isinstance(node, Letter) and node.name in self.letters.keys() - letters:
                    letters.add(node.name)
                    todo.append(self.letters[node.name])
        return found

    def directional(self, direction: Mapping[str, Any]) -> Any:
        """The slope of E_total when all parameters move along `direction` at once."""
        return self._forward(dict(direction))[self.model.total]

    def _forward(self, slopes: dict[str, Any]) -> dict[str, Any]:
        """The slopes of all quantities downstream of those in `slopes`."""
        model = self.model
        fixed = frozenset(slopes)
        ring = self._arithmetic(slopes)
        for name, definition in model.definitions.items():
            if (
                name not in fixed
                and name in self.values
                and any(x in slopes for x in model.inputs_of[name])
            ):
                slopes[name] = evaluate(definition, ring).slope
        return slopes

    def _arithmetic(self, slopes: Mapping[str, Any]) -> Arithmetic:
        dual = self.dual

        def resolve(node: Formula, inner: Callable[[Formula], Any]) -> Any:
            if isinstance(node, Name):
                slope = slopes.get(node.name)
                value = self.values[node.name]
                return dual(value) if slope is None else dual(value, slope)
            if isinstance(node, Call):
                return self.function(node, inner(node.argument))
            if isinstance(node, Cases):
                test = inner(node.test).value
                return self.chosen(test, inner(node.positive), inner(node.otherwise))
            if isinstance(node, Letter):
                if node.name in self.letters:
                    return inner(self.letters[node.name])
                return dual(self.letter(node.name))
            if isinstance(node, Power) and isinstance(node.exponent, Number):
                return self.root(inner(node.base), node.exponent.value)
            if isinstance(node, Partial | Delta | Updated):
                if slopes:
                    raise NoValueError("a derivative inside of a derivative")
                # Where nothing depends on the quantity, the slope is the int 0 of a dual number.
                return dual(self._derived(node) or self.constant(Fraction(0)))
            raise NoValueError(f"no value for {type(node).__name__}")

        return Arithmetic(
            number=lambda value: dual(self.constant(value)),
            resolve=resolve,
            divide=lambda a, b: a / b,
        )

    def _derived(self, node: Partial | Delta | Updated) -> Any:
        if isinstance(node, Delta):
            return self.slope(Name(self.model.total), node.of)
        if isinstance(node, Updated):
            return self.updated(node.of)
        if not isinstance(node.by, Name):
            raise NoValueError("∂ by something that is not a quantity of the network")
        return self.slope(node.of, node.by.name)

    def updated(self, name: str) -> Any:
        """w⁺ = w − η·∂E_total/∂w; a bias keeps its value where the network says that it does."""
        if name not in self.model.parameters_set:
            raise NoValueError(f"{name} is not updated: it is neither a weight nor a bias")
        if not self.model.moves(name):
            return self.values[name]
        step = self.letter("eta") * self.slope(Name(self.model.total), name)
        return self.values[name] - step

    def letter(self, name: str) -> Any:
        """The value of a letter that is no quantity of the model."""
        if name not in self._free:
            self._free[name] = self.given(name)
        return self._free[name]


class Point(Consistent):
    """A random consistent point modulo the prime 2^127 − 1: exact, fast, apart from the calculus.

    The exponential of a net input is algebraically independent of the net input, so it is a random
    residue of its own. Two formulas that agree at such a point although they differ do so with a
    probability of at most degree/p (Schwartz 1980, Zippel 1979), far below 2^-100.

    A step function is 0 or 1 at random: the point lies in a random region of a network with ReLU.
    """

    dual = Dual

    def __init__(
        self,
        model: Model,
        seed: int = 0,
        letters: Mapping[str, Formula] | None = None,
        *,
        free: bool = False,
    ) -> None:
        # Half of all residues have no square root: draw again until all that is needed has one.
        for attempt in range(MOST_ATTEMPTS):
            self._draw = random.Random(seed if not attempt else f"{seed} {attempt}")
            self._exponentials: dict[int, int] = {0: 1}
            self._logarithms: dict[int, int] = {1: 0}
            self._steps: dict[int, int] = {0: 0}
            self._signs: list[tuple[int, int]] = []
            self._normals: dict[int, int] = {0: _HALF}
            self._peak = self._draw.randrange(2, PRIME)
            try:
                super().__init__(model, letters, free=free)
            except NotASquareError:
                if attempt == MOST_ATTEMPTS - 1:
                    raise
                continue
            break

    def root(self, base: Dual, exponent: Fraction) -> Dual:
        if exponent.denominator != 2:
            raise NoValueError("a power that is neither whole nor half")
        if pow(base.value, (PRIME - 1) // 2, PRIME) != 1:
            raise NotASquareError("a square root that does not exist modulo the prime")
        # Of the two roots the one that is a square itself: then √(ab) is √a·√b.
        root = Dual(pow(base.value, (PRIME + 1) // 4, PRIME))
        value = root**exponent.numerator
        slope = residue(exponent) * value.value % PRIME * base.slope % PRIME
        return Dual(value.value) + Dual(0, slope) / Dual(base.value)

    def constant(self, value: Fraction) -> int:
        return residue(value)

    def given(self, name: str) -> int:
        return self._draw.randrange(1, PRIME)

    def updated(self, name: str) -> int:
        return int(super().updated(name)) % PRIME

    def slope(self, of: Formula, by: str) -> int:
        if isinstance(of, Name) and of.name == self.model.total:
            return self.adjoints.get(by, 0)
        return int(super().slope(of, by))

    @cached_property
    def adjoints(self) -> dict[str, int]:
        """∂E_total/∂x for every quantity x, by one sweep backward through the definitions."""
        found = {self.model.total: 1}
        for name in reversed(self.model.quantities):
            definition = self.model.definitions.get(name)
            if definition is not None and found.get(name):
                self._backward(definition, found[name], found)
        return found

    def _backward(self, formula: Formula, adjoint: int, found: dict[str, int]) -> None:
        """Add adjoint·∂formula/∂x to what is `found`, for each quantity x in `formula`."""
        if isinstance(formula, Name):
            found[formula.name] = (found.get(formula.name, 0) + adjoint) % PRIME
        elif isinstance(formula, Sum):
            for term in formula.terms:
                self._backward(term, adjoint, found)
        elif isinstance(formula, Negative):
            self._backward(formula.term, -adjoint % PRIME, found)
        elif isinstance(formula, Product):
            values = [self.value(factor) for factor in formula.factors]
            for place, factor in enumerate(formula.factors):
                rest = adjoint
                for other, value in enumerate(values):
                    if other != place:
                        rest = rest * value % PRIME
                self._backward(factor, rest, found)
        elif formula.parts():
            # Few names each: the slope by one after the other, forward.
            for name in names_in(formula):
                moved = self._arithmetic({name: 1})
                slope = evaluate(formula, moved).slope
                found[name] = (found.get(name, 0) + adjoint * slope) % PRIME

    def function(self, node: Call, argument: Dual) -> Dual:
        x = argument.value
        if node.function == "exp":
            value = self._exp_of(node.argument, x)
            return argument.lifted(value, value)
        if node.function == "ln" and not node.primes:
            if not x:
                raise NoValueError("the logarithm of 0")
            return argument.lifted(self._log_of(node.argument, x), pow(x, -1, PRIME))
        row = BY_SYMBOL[node.function]
        if row.own and row.slope is not None and not node.primes:
            # The value's own derivative would be a second division.
            out = row.value(Dual(x), self.world)
            return argument.lifted(out.value, row.slope(None, out, None).value)
        return super().function(node, argument)  # type: ignore[no-any-return]

    def exp_of(self, x: int) -> int:
        return self.exponential(x % PRIME)

    def log_of(self, x: int) -> int:
        if not x:
            raise NoValueError("the logarithm of 0")
        if x not in self._logarithms:
            self._logarithms[x] = value = self._draw.randrange(2, PRIME)
            self._exponentials.setdefault(value, x)
        return self._logarithms[x]

    def normal_of(self, x: int) -> int:
        if x not in self._normals:
            value = self._draw.randrange(2, PRIME)
            self._normals[x], self._normals[-x % PRIME] = value, (1 - value) % PRIME
        return self._normals[x]

    def density_of(self, x: int) -> int:
        return self._peak * self.exponential(-x * x * _HALF % PRIME) % PRIME

    def chosen(self, x: int, positive: Dual, otherwise: Dual) -> Dual:
        step = self._step(x)
        return positive * step + otherwise * ((1 - step) % PRIME)

    def _step(self, x: int) -> int:
        if x not in self._steps:
            drawn = self._draw.getrandbits(1)
            known = decided(x, self._signs, PRIME)
            bit = drawn if known is None else known
            self._signs.append((x, bit))
            for multiple in MULTIPLES:
                self._steps.setdefault(multiple * x % PRIME, bit)
                self._steps.setdefault(-multiple * x % PRIME, 1 - bit)
        return self._steps[x]

    def exponential(self, x: int) -> int:
        """e^x; e^(kx/4) for small whole k is then its k-th power."""
        known = self._exponentials
        if x not in known:
            quarter = x * _QUARTER % PRIME
            root = self._draw.randrange(2, PRIME)
            for sign, base in ((1, root), (-1, pow(root, -1, PRIME))):
                power = 1
                for k in range(1, 9):
                    power = power * base % PRIME
                    known.setdefault(sign * k * quarter % PRIME, power)
                    self._logarithms.setdefault(power, sign * k * quarter % PRIME)
        return known[x]

    def _exp_of(self, formula: Formula, x: int) -> int:
        """e^x by what x is made of, so that e^(a + b) is e^a·e^b."""
        if x in self._exponentials:
            return self._exponentials[x]
        value = 1
        if isinstance(formula, Sum):
            for term in formula.terms:
                value = value * self._exp_of(term, self.value(term)) % PRIME
        elif isinstance(formula, Negative):
            value = pow(self._exp_of(formula.term, -x % PRIME), -1, PRIME)
        elif isinstance(formula, Letter) and formula.name in self.letters:
            value = self._exp_of(self.letters[formula.name], x)
        elif isinstance(formula, Name) and formula.name in self.model.definitions:
            return self.exponential(x)
        else:
            return self.exponential(x)
        self._exponentials[x] = value
        self._logarithms.setdefault(value, x)
        return value

    def _log_of(self, formula: Formula, x: int) -> int:
        """Ln x by what x is made of, so that ln(ab) is ln a + ln b."""
        if x in self._logarithms:
            return self._logarithms[x]
        if isinstance(formula, Product):
            parts = [(part, 1) for part in formula.factors]
        elif isinstance(formula, Quotient):
            parts = [(formula.top, 1), (formula.bottom, -1)]
        elif (
            isinstance(formula, Power)
            and isinstance(formula.exponent, Number)
            and formula.exponent.value.denominator == 1
        ):
            parts = [(formula.base, int(formula.exponent.value))]
        else:
            return self.log_of(x)
        total = sum(times * self._log_of(part, self.value(part)) for part, times in parts)
        return self._logarithms.setdefault(x, total % PRIME)


_HALF, _QUARTER = pow(2, -1, PRIME), pow(4, -1, PRIME)
_WHOLE = (*range(1, 11), 100)
MULTIPLES = (*_WHOLE, *(pow(k, -1, PRIME) for k in _WHOLE[1:]))
"""Positive factors that leave the sign of an argument as it is."""


def is_active_region_only(model: Model) -> bool:
    """Whether the model's derivatives jump, so that a point only speaks for one region."""
    return any(
        isinstance(node, Cases) or (isinstance(node, Call) and BY_SYMBOL[node.function].kinked)
        for name, definition in model.definitions.items()
        if model.quantities[name].role is not Role.NET
        for node in walk(definition)
    )
