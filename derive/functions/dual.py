"""One dual number for every ring, and what all elements of rings have in common."""

from __future__ import annotations

from typing import Any, Self


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
