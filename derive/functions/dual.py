"""One dual number for every ring, with the functions of the table at dual numbers.

Values and slopes are found together. What all elements of rings have in common stands here too.
"""

from __future__ import annotations

from typing import Any, Self

from derive.functions import BY_SYMBOL, World


class Element:
    """An element of a commutative ring: it has +, · and −x, and / where the ring has quotients.

    What Python asks of it besides follows from these. `_of` makes an element of a number.
    """

    __slots__ = ()

    def _of(self, other: Any) -> Self:
        raise NotImplementedError

    def __add__(self, other: Any) -> Self:
        raise NotImplementedError

    def __mul__(self, other: Any) -> Self:
        raise NotImplementedError

    def __truediv__(self, other: Any) -> Self:
        raise NotImplementedError

    def __neg__(self) -> Self:
        raise NotImplementedError

    def __radd__(self, other: Any) -> Self:
        return self + self._of(other)

    def __rmul__(self, other: Any) -> Self:
        return self * self._of(other)

    def __sub__(self, other: Any) -> Self:
        return self + -self._of(other)

    def __rsub__(self, other: Any) -> Self:
        return self._of(other) + -self

    def __rtruediv__(self, other: Any) -> Self:
        return self._of(other) / self


class Dual(Element):
    """value + slope·ε with ε² = 0; a slope that is the number 0 costs nothing.

    The value may be of any type that has Python's operators: a float, a decimal, a ratio of
    polynomials. Of residues a subclass says how they stay small.
    """

    __slots__ = ("slope", "value")

    def __init__(self, value: Any, slope: Any = 0) -> None:
        self.value = value
        self.slope = slope

    def __repr__(self) -> str:
        return f"{self.value} + {self.slope}·ε"

    def lifted(self, value: Any, steep: Any) -> Self:
        """`value`, of a function with the slope `steep` here: the chain rule."""
        return self.__class__(value, _times(self.slope, steep))

    def moving(self) -> Self:
        """The same value as the variable itself."""
        return self.__class__(self.value, self.value * 0 + 1)

    @property
    def is_constant(self) -> bool:
        """Whether nothing moves it."""
        return _nil(self.slope)

    def _of(self, other: Any) -> Self:
        return other if isinstance(other, self.__class__) else self.__class__(self._fitting(other))

    def _fitting(self, number: Any) -> Any:
        """A number as a value of this ring, where its values do not take all numbers themselves."""
        return number

    def __add__(self, other: Any) -> Self:
        other = self._of(other)
        return self.__class__(self.value + other.value, _plus(self.slope, other.slope))

    def __neg__(self) -> Self:
        return self.__class__(-self.value, -self.slope)

    def __mul__(self, other: Any) -> Self:
        other = self._of(other)
        slope = _plus(_times(self.slope, other.value), _times(other.slope, self.value))
        return self.__class__(self.value * other.value, slope)

    def __pow__(self, exponent: int) -> Self:
        if exponent == 0:
            return self.__class__(self.value * 0 + 1)
        if _nil(self.slope):
            return self.__class__(self.value**exponent)
        steep = exponent * self.value ** (exponent - 1)
        return self.__class__(self.value**exponent, _times(self.slope, steep))

    def __truediv__(self, other: Any) -> Self:
        other = self._of(other)
        value = self.value / other.value
        change = _plus(self.slope, _times(other.slope, -value))
        return self.__class__(value, change if _nil(change) else change / other.value)


def _nil(slope: Any) -> bool:
    return type(slope) is int and slope == 0


def _plus(a: Any, b: Any) -> Any:
    if _nil(a):
        return b
    return a if _nil(b) else a + b


def _times(slope: Any, factor: Any) -> Any:
    return 0 if _nil(slope) else slope * factor


class DualWorld(World):
    """The elementary functions of one ring at dual numbers, for the rows of the table.

    A subclass says what they are at a value of the ring.
    """

    def dualized(self, value: Any) -> Any:
        """A number, or a dual number, as a dual number of this ring."""
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

    def exp(self, x: Any) -> Any:
        x = self.dualized(x)
        value = self.exp_of(x.value)
        return x.lifted(value, value)

    def log(self, x: Any) -> Any:
        x = self.dualized(x)
        return x.lifted(self.log_of(x.value), (self.dualized(1) / x).value)

    def normal(self, x: Any) -> Any:
        x = self.dualized(x)
        return x.lifted(self.normal_of(x.value), self.density_of(x.value))

    def density(self, x: Any) -> Any:
        x = self.dualized(x)
        value = self.density_of(x.value)
        return x.lifted(value, -x.value * value)

    def choose(self, x: Any, positive: Any, otherwise: Any) -> Any:
        return self.chosen(
            self.dualized(x).value, self.dualized(positive), self.dualized(otherwise)
        )

    def called(self, symbol: str, primes: int, argument: Any) -> Any:
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
            slope = row.value(argument.moving(), self).slope
            # Of a constant piece it is the number 0, which belongs to no ring.
            return argument.lifted(argument.value * 0 + slope if type(slope) is int else slope, 0)
        return row.value(argument, self)
