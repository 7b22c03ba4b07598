"""Formulas at consistent points: what ∂X/∂y, δ and w⁺ mean, in whatever ring one computes.

A consistent point gives every input, target and parameter a value, and every other quantity the
value that its definition gives. :class:`Consistent` says what a formula means there; the rings are
its subclasses, each in a room of its own: residues modulo a prime (:mod:`derive.exact.points`),
polynomials (:mod:`derive.exact.exact`), real numbers (:mod:`derive.exact.reals`) and bounds
of what all of these are made of (:mod:`derive.exact.sizes`).

Derivatives are taken forward, with dual numbers: nothing here uses the local derivatives, paths or
deltas of :mod:`derive.calculus.chain`, which are what is to be checked.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from derive.exact.residues import NoValueError
from derive.exact.roots import Roots
from derive.formula import (
    Arithmetic,
    Call,
    Cases,
    Delta,
    Formula,
    Letter,
    Name,
    Number,
    Partial,
    Power,
    Updated,
    evaluate,
    walk,
)
from derive.functions.dual import Dual, DualWorld
from derive.model import Model


class Consistent(DualWorld, ABC):
    """One consistent point of a model, in some ring; a subclass says which.

    `letters` are local definitions (``inner``) that formulas at this point may use. `only` limits
    the point to the quantities that are needed. A `free` point need not satisfy the conditions that
    the model makes of given quantities.
    """

    dual: type[Dual] = Dual
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
        self._free: dict[str, Any] = {}
        self._slopes: dict[str, dict[str, Any]] = {}
        self._ring = self._arithmetic({})
        self.values: Mapping[str, Any] = {}
        self._fill(only)

    def _fill(self, only: Iterable[str] | None) -> None:
        """Give the quantities their values, one after the other."""
        values: dict[str, Any] = {}
        self.values = values
        wanted = self.model.quantities if only is None else set(only)
        for name in self.model.quantities:
            if name in wanted:
                values[name] = self.quantity(name)

    # What a ring has to say.

    @abstractmethod
    def constant(self, value: Fraction) -> Any:
        """An exact number."""

    @abstractmethod
    def given(self, name: str) -> Any:
        """The value of a quantity without a definition, or of a letter."""

    def dualized(self, value: Any) -> Any:
        """A number as a dual number of this ring; dual numbers pass."""
        return value if isinstance(value, self.dual) else self.dual(self.constant(Fraction(value)))

    def function(self, node: Call, argument: Any) -> Any:
        """A function's value at a dual number, as a dual number."""
        try:
            return self.called(node.function, node.primes, argument)
        except ValueError as error:
            raise NoValueError(str(error)) from None

    def root(self, base: Any, exponent: Fraction) -> Any:
        """A number to a power that is not whole, where no root in it can be taken apart."""
        raise NoValueError("a power that is not whole")

    def _power(self, node: Power, base: Any, exponent: Any) -> Any:
        """A power that is not one with a whole number: the slope of x^q is q·x^q/x."""
        if not isinstance(node.exponent, Number):
            raise NoValueError("no value for a power with an exponent that is no number")
        apart, times = self.model.known(Roots).apart(node), node.exponent.value
        value = self.root(base.value, times) if apart is None else self.value(apart)
        if base.is_constant:
            return self.dual(value)
        return base.lifted(value, (self.dual(value) * times / self.dual(base.value)).value)

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
        slopes = dict(direction)
        ring = self._arithmetic(slopes)
        for name, definition in self.model.definitions.items():
            if any(x in slopes for x in self.model.inputs_of[name]):
                slopes[name] = evaluate(definition, ring).slope
        return slopes[self.model.total]

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
            if isinstance(node, Power):
                return self._power(node, inner(node.base), inner(node.exponent))
            if isinstance(node, Partial | Delta | Updated):
                if slopes:
                    raise NoValueError("a derivative inside of a derivative")
                # Where nothing depends on the quantity, the slope is the int 0 of a dual number.
                return dual(self._derived(node) or self.constant(Fraction(0)))
            return self._other(node, inner, slopes)

        return Arithmetic(lambda value: dual(self.constant(value)), resolve)

    def _other(
        self, node: Formula, inner: Callable[[Formula], Any], slopes: Mapping[str, Any]
    ) -> Any:
        """What no ring has a value for."""
        raise NoValueError(f"no value for {type(node).__name__}")

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
        if name not in self.model.parameters:
            raise NoValueError(f"{name} is not updated: it is neither a weight nor a bias")
        if not self.model.moves(name):
            return self.values[name]
        slope = self.slope(Name(self.model.total), name)
        step = self.dual(self.letter("eta")) * self.dual(slope)
        return (self.dual(self.values[name]) - step).value

    def letter(self, name: str) -> Any:
        """The value of a letter that is no quantity of the model."""
        if name not in self._free:
            self._free[name] = self.given(name)
        return self._free[name]
