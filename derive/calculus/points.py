"""Formulas at random consistent points, modulo a prime: exact, fast, and apart from the calculus.

A point gives every input, target and parameter a random residue modulo the prime 2^127 − 1, and
every other quantity the residue its definition gives. The value of a transcendental activation is
algebraically independent of its argument, so it is a random residue of its own. Two formulas that
agree at such a point although they differ do so with a probability of at most degree/p
(Schwartz 1980, Zippel 1979), far below 2^-100.

Derivatives are taken forward, with dual numbers: nothing here uses the local derivatives, paths or
deltas of :mod:`derive.calculus.chain`, which are what is to be checked.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from derive.formula import (
    Arithmetic,
    Call,
    Delta,
    Formula,
    Letter,
    Name,
    Partial,
    Updated,
    evaluate,
)
from derive.functions import BY_SYMBOL
from derive.model import Model, Role

PRIME = 2**127 - 1


@dataclass(slots=True)
class Dual:
    """value + slope·ε with ε² = 0, modulo the prime: arithmetic that differentiates."""

    value: int
    slope: int = 0

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
        inverse = pow(other.value, -1, PRIME)
        value = self.value * inverse % PRIME
        return Dual(value, (self.slope - value * other.slope) * inverse % PRIME)


def _dual(value: Any) -> Dual:
    return value if isinstance(value, Dual) else Dual(residue(Fraction(value)))


def residue(value: Fraction) -> int:
    """An exact number modulo the prime."""
    return value.numerator * pow(value.denominator, -1, PRIME) % PRIME


class Point:
    """One random consistent point of a model.

    `letters` are local definitions (``inner``) that formulas at this point may use.
    """

    def __init__(
        self, model: Model, seed: int = 0, letters: Mapping[str, Formula] | None = None
    ) -> None:
        self.model = model
        self.letters = dict(letters or {})
        self._draw = random.Random(seed)
        self._calls: dict[tuple[str, int], int] = {}
        self._free: dict[str, int] = {}
        self._slopes: dict[str, dict[str, int]] = {}
        self.values: dict[str, int] = {}
        for name in model.quantities:
            if name in model.definitions:
                self.values[name] = self._dual_value(model.definitions[name], {}).value
            else:
                self.values[name] = self._draw.randrange(1, PRIME)

    def value(self, formula: Formula) -> int:
        """The residue of `formula`."""
        return self._dual_value(formula, {}).value

    def slope(self, of: Formula, by: str) -> int:
        """The residue of ∂of/∂by."""
        return self._dual_value(of, self._slopes_by(by)).slope

    def directional(self, direction: Mapping[str, int]) -> int:
        """The slope of E_total when all parameters move along `direction` at once."""
        return self._forward(dict(direction))[self.model.total]

    def _slopes_by(self, by: str) -> dict[str, int]:
        if by not in self._slopes:
            self._slopes[by] = self._forward({by: 1})
        return self._slopes[by]

    def _forward(self, slopes: dict[str, int]) -> dict[str, int]:
        """The slopes of all quantities downstream of those in `slopes`."""
        model = self.model
        fixed = frozenset(slopes)
        for name, definition in model.definitions.items():
            if name not in fixed and any(x in slopes for x in model.inputs_of[name]):
                slopes[name] = self._dual_value(definition, slopes).slope
        return slopes

    def _dual_value(self, formula: Formula, slopes: Mapping[str, int]) -> Dual:
        def resolve(node: Formula, inner: Callable[[Formula], Dual]) -> Dual:
            if isinstance(node, Name):
                return Dual(self.values[node.name], slopes.get(node.name, 0))
            if isinstance(node, Call):
                return self._call(node, inner(node.argument))
            if isinstance(node, Partial) and not slopes:
                return Dual(self._partial(node))
            if isinstance(node, Delta) and not slopes:
                return Dual(self.slope(Name(self.model.total), node.of))
            if isinstance(node, Updated) and not slopes:
                rate = self._letter("eta")
                step = rate * self.slope(Name(self.model.total), node.of)
                return Dual((self.values[node.of] - step) % PRIME)
            if isinstance(node, Letter):
                if node.name in self.letters:
                    return inner(self.letters[node.name])
                return Dual(self._letter(node.name))
            raise TypeError(f"no residue for {node!r}")

        ring = Arithmetic(
            number=lambda value: Dual(residue(value)),
            resolve=resolve,
            divide=lambda a, b: a / b,
        )
        return evaluate(formula, ring)  # type: ignore[no-any-return]

    def _partial(self, node: Partial) -> int:
        if not isinstance(node.by, Name):
            raise TypeError(f"∂ by something that is not a quantity: {node.by!r}")
        return self.slope(node.of, node.by.name)

    def _letter(self, name: str) -> int:
        return self._free.setdefault(name, self._draw.randrange(1, PRIME))

    def _call(self, node: Call, argument: Dual) -> Dual:
        row = BY_SYMBOL[node.function]
        key = (node.function, argument.value)
        if row.transcendental:
            if key not in self._calls:
                self._calls[key] = self._draw.randrange(2, PRIME)
            out = Dual(self._calls[key])
            assert row.through_output is not None
            steep = _dual(row.through_output(out)).value
            out.slope = steep * argument.slope % PRIME
            return _dual(row.through_output(out)) if node.primes else out
        if key not in self._calls:
            self._calls[key] = self._draw.getrandbits(1) if argument.value else 0
        step = self._calls[key]
        return Dual(step) if node.primes else argument * step


def is_active_region_only(model: Model) -> bool:
    """Whether the model's derivatives jump, so that a point only speaks for one region."""
    return any(
        isinstance(definition, Call) and BY_SYMBOL[definition.function].kinked
        for quantity in model.having(Role.OUTPUT)
        for definition in (model.definitions[quantity.name],)
    )
