"""The functions of the table at dual numbers: values and slopes together, in any ring."""

from __future__ import annotations

from typing import Any, Protocol

from derive.functions import BY_SYMBOL, World


class Ring(Protocol):
    """What a ring says of the elementary functions: their values at a value."""

    def dualized(self, value: Any) -> Any:
        """A number, or a dual number, as a dual number of this ring."""

    def exp_of(self, x: Any) -> Any:
        """e^x."""

    def log_of(self, x: Any) -> Any:
        """The natural logarithm."""

    def normal_of(self, x: Any) -> Any:
        """Φ(x) of the normal distribution."""

    def density_of(self, x: Any) -> Any:
        """φ(x) of the normal distribution."""

    def chosen(self, x: Any, positive: Any, otherwise: Any) -> Any:
        """One of two dual numbers: `positive` where x > 0."""


class DualWorld(World):
    """The elementary functions of one ring, for the rows of the table."""

    def __init__(self, ring: Ring) -> None:
        self._ring = ring

    def exp(self, x: Any) -> Any:
        x = self._ring.dualized(x)
        value = self._ring.exp_of(x.value)
        return x.lifted(value, value)

    def log(self, x: Any) -> Any:
        x = self._ring.dualized(x)
        return x.lifted(self._ring.log_of(x.value), (self._ring.dualized(1) / x).value)

    def normal(self, x: Any) -> Any:
        x = self._ring.dualized(x)
        return x.lifted(self._ring.normal_of(x.value), self._ring.density_of(x.value))

    def density(self, x: Any) -> Any:
        x = self._ring.dualized(x)
        value = self._ring.density_of(x.value)
        return x.lifted(value, -x.value * value)

    def choose(self, x: Any, positive: Any, otherwise: Any) -> Any:
        ring = self._ring
        return ring.chosen(
            ring.dualized(x).value, ring.dualized(positive), ring.dualized(otherwise)
        )


def called(symbol: str, primes: int, argument: Any, world: DualWorld) -> Any:
    """A function of the table at a dual number; with a prime, its derivative there.

    The derivative is that of the row's value, whatever the row says of its slope. Raises
    :class:`ValueError` for a second derivative.
    """
    row = BY_SYMBOL[symbol]
    if primes > 1:
        raise ValueError("a second derivative of a function")
    if primes:
        if not argument.is_constant:
            raise ValueError("a derivative of a derivative")
        slope = row.value(argument.moving(), world).slope
        # Of a constant piece it is the number 0, which belongs to no ring.
        return argument.lifted(argument.value * 0 + slope if type(slope) is int else slope, 0)
    return row.value(argument, world)
