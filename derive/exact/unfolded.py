"""SymPy's derivative of the unfolded E_total, compared with the gradients that are printed.

All net inputs are replaced by their definitions, down to the inputs, and SymPy differentiates what
comes of that. Both derivatives are brought to polynomials in the atoms of :mod:`derive.exact.exact`
and have to be the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import reduce
from operator import add, mul
from typing import Any

import sympy

from derive.exact.exact import ExactValues, Ratio
from derive.exact.symbolic import symbol, to_sympy
from derive.formula import (
    Call,
    Delta,
    Formula,
    Name,
    Negative,
    Number,
    Partial,
    Power,
    Product,
    Sum,
    Updated,
    walk,
)
from derive.functions import BY_SYMBOL
from derive.model import Model, Role


class _Along(sympy.Function):  # type: ignore[misc]
    """A quantity along a curve of the parameters: a function of t through what it depends on.

    For the output of a neuron it stands for f(net) with the unfolded net input inside, which SymPy
    would otherwise walk through again for every neuron above; its derivative is the chain rule,
    f'(net)·dnet/dt. A parameter depends on t alone, with the velocity of the curve.
    """

    is_positive = True
    slope: Any
    inner: Any
    rate: Any

    def __new__(
        cls, t: sympy.Symbol, name: sympy.Symbol, slope: sympy.Symbol, inner: sympy.Expr
    ) -> sympy.Expr:
        """Made without evaluation; `slope` stands for the derivative by `inner`."""
        made = sympy.Expr.__new__(cls, t, name)
        made.slope, made.inner, made.rate = slope, inner, None
        return made

    def _eval_derivative(self, t: sympy.Symbol) -> sympy.Expr:
        if self.rate is None:
            self.rate = self.slope * self.inner.diff(t)
        return self.rate


def has_normal_form(model: Model) -> bool:
    """Whether all definitions are polynomials, sigmoids, hyperbolic tangents and rectifiers."""
    for definition in model.definitions.values():
        if isinstance(definition, Call) and isinstance(definition.argument, Name):
            if not (BY_SYMBOL[definition.function].own or definition.function == "relu"):
                return False
            continue
        for node in walk(definition):
            if isinstance(node, Power):
                exponent = node.exponent
                if not isinstance(exponent, Number) or exponent.value.denominator != 1:
                    return False
                if exponent.value < 0:
                    return False
            elif not isinstance(node, Name | Number | Sum | Product | Negative):
                return False
    return True


class Unfolded(ExactValues):
    """The polynomials of one model's gradients, and of SymPy's derivative of its unfolded E_total.

    `parameters` are those by which E_total is to be differentiated; `deltas` says what the δ in
    formulas stand for.
    """

    most_work = None

    def __init__(
        self, model: Model, parameters: Sequence[str], deltas: Mapping[str, Formula]
    ) -> None:
        self._deltas = deltas
        self._delta_values: dict[str, Ratio] = {}
        needed = {
            name
            for name, quantity in model.quantities.items()
            if quantity.role not in (Role.ERROR, Role.TOTAL)
        }
        moves = [_move(name) for name in parameters]
        self._begin(model, needed, moves)
        self._moves = {name: self.given(_move(name)) for name in parameters}

    def _derived(self, node: Partial | Delta | Updated) -> Any:
        if not isinstance(node, Delta):
            return super()._derived(node)
        if node.of not in self._delta_values:
            self._delta_values[node.of] = self.value(self._deltas[node.of])
        return self._delta_values[node.of]

    def wrong(self, gradients: Mapping[str, Formula]) -> list[str]:
        """The parameters whose gradients are not the derivatives.

        Σ v·gradient over the parameters, v being an indeterminate for each, is compared with
        the derivative of E_total along a curve with these velocities.
        """
        ours = reduce(add, (v * self.value(gradients[name]) for name, v in self._moves.items()))
        difference = (ours - self._derivative()).top
        return [name for name, v in self._moves.items() if difference.diff(v.top) != 0]

    def _derivative(self) -> Ratio:
        """Σ v·∂E_total/∂w by SymPy: dE_total/dt of the fully unfolded E_total along a curve w(t).

        Every parameter w is a function of t with dw/dt = v, an indeterminate of its own; so the
        result holds every single ∂E_total/∂w, exactly, as the coefficient of its v.
        """
        t = sympy.Dummy("t")
        known: dict[sympy.Symbol, sympy.Expr] = {}
        done: dict[sympy.Expr, Ratio] = {}
        for name, move in self._moves.items():
            velocity = symbol(_move(name))
            known[symbol(name)] = moving = _Along(t, symbol(name), velocity, t)
            done[moving], done[velocity] = self.values[name], move
        for name, definition in self.model.definitions.items():
            expression = to_sympy(definition).xreplace(known)
            if isinstance(definition, Call):
                slope = symbol(f"slope({name})")
                done[slope] = self.value(Call(definition.function, definition.argument, 1))
                expression = _Along(t, symbol(name), slope, expression.args[0])
                done[expression] = self.values[name]
            known[symbol(name)] = expression
        return self._converted(known[symbol(self.model.total)].diff(t), done)

    def _converted(self, expression: sympy.Expr, done: dict[sympy.Expr, Ratio]) -> Ratio:
        """The polynomial of a SymPy expression; `done` gives those that are known."""
        if expression not in done:
            done[expression] = self._polynomial(expression, done)
        return done[expression]

    def _polynomial(self, expression: sympy.Expr, done: dict[sympy.Expr, Ratio]) -> Ratio:
        if expression.is_Symbol:
            return self.values[expression.name]  # type: ignore[no-any-return]
        if expression.is_Rational:
            return self.constant(Fraction(int(expression.p), int(expression.q)))
        if expression.is_Add or expression.is_Mul:
            parts = [self._converted(part, done) for part in expression.args]
            return reduce(add if expression.is_Add else mul, parts)
        if expression.is_Pow and expression.exp.is_Integer and expression.exp > 0:
            return self._converted(expression.base, done) ** int(expression.exp)
        raise TypeError(f"no normal form for {expression!r}")


def _move(name: str) -> str:
    """The name of the velocity of a parameter."""
    return f"move({name})"
