"""The exact normal form: polynomials in independent atoms.

Net inputs are replaced by their definitions; the value of a sigmoid or tanh is an atom of its own
(it is algebraically independent of everything it is computed from); ReLU is h·net with h² = h.
Two formulas are equal exactly when the difference of their normal forms is zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sympy
from sympy.polys.domains import QQ
from sympy.polys.rings import PolyElement, PolyRing

from derive.exact.symbolic import symbol, to_sympy
from derive.formula import (
    Arithmetic,
    Call,
    Delta,
    Formula,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Sum,
    evaluate,
    walk,
)
from derive.functions import BY_SYMBOL
from derive.model import Model


class _Moving(sympy.Function):  # type: ignore[misc]
    """A parameter that follows a curve: a function of t with the given velocity."""

    is_positive = True

    def __new__(cls, t: sympy.Symbol, velocity: sympy.Symbol) -> sympy.Expr:
        """Made without evaluation."""
        return sympy.Expr.__new__(cls, t, velocity)

    def _eval_derivative(self, t: sympy.Symbol) -> sympy.Expr:
        return self.args[1]


class _Following(sympy.Function):  # type: ignore[misc]
    """The output of a neuron along the curve: a function of t through its unfolded net input.

    It stands for f(net) with the net input inside, which SymPy would otherwise walk through again
    for every neuron above; its derivative is the chain rule, f'(net)·dnet/dt.
    """

    is_positive = True
    slope: Any
    net: Any
    rate: Any

    def __new__(
        cls, t: sympy.Symbol, name: sympy.Symbol, slope: sympy.Symbol, net: sympy.Expr
    ) -> sympy.Expr:
        """Made without evaluation; `slope` stands for f'(net)."""
        made = sympy.Expr.__new__(cls, t, name)
        made.slope, made.net, made.rate = slope, net, None
        return made

    def _eval_derivative(self, t: sympy.Symbol) -> sympy.Expr:
        if self.rate is None:
            self.rate = self.slope * self.net.diff(t)
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


class NormalForm:
    """Normal forms over one model, and SymPy's derivative of the unfolded E_total in them.

    `parameters` are those by which E_total is to be differentiated; `deltas` says what the δ in
    formulas stand for.
    """

    def __init__(
        self,
        model: Model,
        parameters: Sequence[str],
        deltas: Mapping[str, Formula],
    ) -> None:
        self.model = model
        self._deltas = deltas
        self._steps: dict[str, str] = {}
        atoms: list[str] = []
        for name in model.quantities:
            definition = model.definitions.get(name)
            if definition is None:
                atoms.append(name)
            elif isinstance(definition, Call):
                if BY_SYMBOL[definition.function].own:
                    atoms.append(name)
                else:
                    self._steps[name] = f"step({name})"
                    atoms.append(self._steps[name])
        moves = [f"move({name})" for name in parameters]
        self.ring = PolyRing([*atoms, *moves], QQ)
        gens = dict(zip([*atoms, *moves], self.ring.gens, strict=True))
        self._atoms = {name: gens[name] for name in atoms}
        self._moves = {name: gens[move] for name, move in zip(parameters, moves, strict=True)}
        self._idempotent = [atoms.index(step) for step in self._steps.values()]
        self._values: dict[str, PolyElement] = {}
        self._delta_values: dict[str, PolyElement] = {}

    def of(self, formula: Formula) -> PolyElement:
        """The normal form of a formula without ∂."""
        return self._reduced(evaluate(formula, self._arithmetic()))

    def moved(self, gradients: Mapping[str, Formula]) -> PolyElement:
        """Σ v·gradient over the parameters, v being an indeterminate for each."""
        total = self.ring.zero
        for name, move in self._moves.items():
            total = total + move * self.of(gradients[name])
        return total

    def derivative(self) -> PolyElement:
        """Σ v·∂E_total/∂w by SymPy: dE_total/dt of the fully unfolded E_total along a curve w(t).

        Every parameter w is a function of t with dw/dt = v, an indeterminate of its own; so the
        result holds every single ∂E_total/∂w, exactly, as the coefficient of its v.
        """
        t = sympy.Dummy("t")
        known: dict[sympy.Symbol, sympy.Expr] = {}
        done: dict[sympy.Expr, PolyElement] = {}
        for name, move in self._moves.items():
            velocity = symbol(f"move({name})")
            known[symbol(name)] = moving = _Moving(t, velocity)
            done[moving], done[velocity] = self._value(name), move
        for name, definition in self.model.definitions.items():
            expression = to_sympy(definition).xreplace(known)
            if isinstance(definition, Call):
                slope = symbol(f"slope({name})")
                done[slope] = self.of(Call(definition.function, definition.argument, 1))
                expression = _Following(t, symbol(name), slope, expression.args[0])
                done[expression] = self._value(name)
            known[symbol(name)] = expression
        return self._reduced(self._convert(known[symbol(self.model.total)].diff(t), done))

    def wrong(self, ours: PolyElement, right: PolyElement) -> list[str]:
        """The parameters whose gradients differ between two results of this class."""
        difference = ours - right
        return [name for name, move in self._moves.items() if difference.diff(move) != 0]

    def _value(self, name: str) -> PolyElement:
        if name in self._atoms:
            return self._atoms[name]
        if name not in self._values:
            definition = self.model.definitions[name]
            if name in self._steps:
                assert isinstance(definition, Call)
                step = self._atoms[self._steps[name]]
                self._values[name] = step * self.of(definition.argument)
            else:
                self._values[name] = self.of(definition)
        return self._values[name]

    def _arithmetic(self) -> Arithmetic:
        def resolve(node: Formula, inner: Callable[[Formula], Any]) -> Any:
            if isinstance(node, Name):
                return self._value(node.name)
            if isinstance(node, Delta):
                if node.of not in self._delta_values:
                    self._delta_values[node.of] = self.of(self._deltas[node.of])
                return self._delta_values[node.of]
            if isinstance(node, Call) and isinstance(node.argument, Name):
                out = next(
                    user
                    for user in self.model.used_in[node.argument.name]
                    if self.model.definitions[user] == Call(node.function, node.argument)
                )
                if not node.primes:
                    return self._value(out)
                row = BY_SYMBOL[node.function]
                if row.own and row.slope is not None:
                    return row.slope(None, self._value(out), None)
                return self._atoms[self._steps[out]]
            raise TypeError(f"no normal form for {node!r}")

        def divide(top: PolyElement, bottom: PolyElement) -> PolyElement:
            if not bottom.is_ground:
                raise TypeError("no normal form for a quotient of polynomials")
            return top * (1 / bottom.LC)

        return Arithmetic(
            number=lambda value: self.ring(QQ(value.numerator, value.denominator)),
            resolve=resolve,
            divide=divide,
        )

    def _reduced(self, element: PolyElement) -> PolyElement:
        """h² = h for the step h of every ReLU."""
        if not self._idempotent:
            return element
        reduced: dict[tuple[int, ...], Any] = {}
        for powers, coefficient in element.items():
            low = list(powers)
            for place in self._idempotent:
                low[place] = min(low[place], 1)
            key = tuple(low)
            reduced[key] = reduced.get(key, 0) + coefficient
        return self.ring.from_dict({key: c for key, c in reduced.items() if c})

    def _convert(self, expression: sympy.Expr, done: dict[sympy.Expr, PolyElement]) -> PolyElement:
        """The polynomial of a SymPy expression; `done` gives those of unfolded outputs."""
        if expression in done:
            return done[expression]
        if expression.is_Symbol:
            value = self._value(expression.name)
        elif expression.is_Rational:
            value = self.ring(QQ(int(expression.p), int(expression.q)))
        elif expression.is_Add:
            value = self.ring.zero
            for term in expression.args:
                value = value + self._convert(term, done)
        elif expression.is_Mul:
            value = self.ring.one
            for factor in expression.args:
                value = value * self._convert(factor, done)
        elif expression.is_Pow and expression.exp.is_Integer and expression.exp > 0:
            value = self._convert(expression.base, done) ** int(expression.exp)
        else:
            raise TypeError(f"no normal form for {expression!r}")
        done[expression] = value
        return value
