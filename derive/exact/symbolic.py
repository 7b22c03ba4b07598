"""Written formulas ↔ SymPy expressions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

import sympy

from derive.formula import (
    Arithmetic,
    Call,
    Cases,
    Delta,
    Formula,
    Letter,
    Name,
    Partial,
    Power,
    evaluate,
    number,
    product,
    total,
)


class Step(sympy.Function):  # type: ignore[misc]
    """The unit step: 1 for a positive argument, else 0 (so relu'(0) is taken as 0)."""

    nargs = 1

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """0: the jump itself is left out, as everywhere in backpropagation."""
        return sympy.Integer(0)


@cache
def symbol(name: str) -> sympy.Symbol:
    """The symbol of a quantity; one and the same for one name.

    It is declared positive: an indeterminate's sign decides nothing here, and SymPy, which asks
    for the sign of everything it differentiates, gets its answer at once.
    """
    return sympy.Symbol(name, positive=True)


@cache
def function(name: str, primes: int = 0) -> Any:
    """SymPy's function for a row of the activation table, or its derivative (sig, sig')."""

    def fdiff(self: Any, argindex: int = 1) -> sympy.Expr:
        return function(name, primes + 1)(*self.args)

    def chain_rule(self: Any, variable: sympy.Symbol) -> sympy.Expr:
        return self.fdiff() * self.args[0].diff(variable)

    def new(cls: Any, argument: sympy.Expr) -> sympy.Expr:
        # Nothing to evaluate: SymPy's own search of the argument for numbers is quadratic in depth.
        return sympy.Expr.__new__(cls, argument)

    return type(
        name + "'" * primes,
        (sympy.Function,),
        {
            "fdiff": fdiff,
            "_eval_derivative": chain_rule,
            "nargs": 1,
            "is_positive": True,
            "__new__": new,
        },
    )


_ELEMENTARY = {"exp": sympy.exp, "ln": sympy.log, "step": Step}


_NAMES = {"log": "ln", "Step": "step"}


def to_sympy(formula: Formula, leaves: Callable[[Formula], sympy.Expr] | None = None) -> Any:
    """`formula` as a SymPy expression; `leaves` gives the symbols of names (by default by name)."""
    leaf = leaves or _leaf

    def resolve(node: Formula, inner: Callable[[Formula], Any]) -> Any:
        if isinstance(node, Call):
            if node.function in _ELEMENTARY and not node.primes:
                return _ELEMENTARY[node.function](inner(node.argument))
            return function(node.function, node.primes)(inner(node.argument))
        if isinstance(node, Cases):
            step = Step(inner(node.test))
            return step * inner(node.positive) + (1 - step) * inner(node.otherwise)
        if isinstance(node, Power):
            return inner(node.base) ** inner(node.exponent)
        if isinstance(node, Partial):
            return sympy.Derivative(inner(node.of), inner(node.by))
        return leaf(node)

    def number(value: Fraction) -> sympy.Expr:
        return sympy.Rational(value.numerator, value.denominator)

    return evaluate(formula, Arithmetic(number, resolve))


def _leaf(node: Formula) -> sympy.Symbol:
    if isinstance(node, Name | Letter):
        return symbol(node.name)
    if isinstance(node, Delta):
        return symbol(f"delta_{node.of.removeprefix('net_')}")
    raise TypeError(f"no SymPy form for {node!r}")


def from_sympy(expression: sympy.Expr, leaves: Mapping[sympy.Symbol, Formula]) -> Formula:
    """`expression` as a person would write it: positive terms first, numbers before names.

    `leaves` gives the formula of each symbol, in the order in which they should stand.
    """
    return _Writer(leaves).written(expression)


class _Writer:
    """Writes SymPy expressions with these leaves."""

    def __init__(self, leaves: Mapping[sympy.Symbol, Formula]) -> None:
        self._leaves = leaves
        self._order = {leaf: place for place, leaf in enumerate(leaves)}

    def _place(self, expr: sympy.Expr) -> tuple[int, int]:
        """Where a term or factor stands among others."""
        found = [self._order[s] for s in expr.free_symbols if s in self._order]
        return (0 if expr.is_Number else 1 if expr.is_Symbol else 2, min(found, default=-1))

    def written(self, expr: sympy.Expr) -> Formula:
        if expr in self._leaves:
            return self._leaves[expr]
        if expr.is_Rational:
            return number(Fraction(int(expr.p), int(expr.q)))
        if expr.is_Add:
            return self._sum(expr)
        if expr.is_Mul:
            return self._product(expr)
        if expr.is_Pow:
            if expr.exp.is_Rational and expr.exp < 0:
                return number(1) / self.written(1 / expr)
            return Power(self.written(expr.base), self.written(expr.exp))
        if isinstance(expr, sympy.Function):
            name = _NAMES.get(type(expr).__name__, type(expr).__name__)
            return Call(name.rstrip("'"), self.written(expr.args[0]), name.count("'"))
        raise TypeError(f"no written form for {expr!r}")

    def _sum(self, expr: sympy.Expr) -> Formula:
        content, primitive = expr.primitive()
        if content != 1 and primitive.is_Add:
            return product([self.written(content), self.written(primitive)])
        terms = sorted(expr.args, key=lambda a: (a.could_extract_minus_sign(), self._place(a)))
        return total(map(self.written, terms))

    def _product(self, expr: sympy.Expr) -> Formula:
        if expr.could_extract_minus_sign() and expr.args[0].is_Number:
            return -self.written(-expr)
        top, bottom = expr.as_numer_denom()
        if bottom != 1:
            return self.written(top) / self.written(bottom)
        return product(map(self.written, sorted(expr.args, key=self._place)))
