"""The model in floating point: every quantity, every δ, every gradient, by the definitions.

This is the symbolic side of the numeric check: nothing is computed here but the formulas that the
derivation prints. Plain Python floats, one per example.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from derive.calculus.dual_world import DualWorld, called
from derive.calculus.plain_dual import PlainDual
from derive.formula import Arithmetic, Call, Cases, Delta, Formula, Name, Power, evaluate
from derive.functions import BY_SYMBOL, World
from derive.model import Model
from derive.network import Network
from derive.numeric.examples import examples

if TYPE_CHECKING:
    from derive.calculus.chain import Chain

Values = dict[str, list[float]]
_LARGEST_EXPONENT = 709


class Floats(World):
    """The elementary functions of floating point, for the rows of the table."""

    rounds = True

    def exp(self, x: float) -> float:
        """e^x, and ∞ instead of an OverflowError: 1/(1 + e^1000) is 0."""
        return math.exp(x) if x < _LARGEST_EXPONENT else math.inf

    def log(self, x: float) -> float:
        """The natural logarithm; −∞ of 0."""
        return math.log(x) if x > 0 else -math.inf if x == 0 else math.nan

    def normal(self, x: float) -> float:
        """Φ(x), which keeps its digits far to the left."""
        return math.erfc(-x / math.sqrt(2)) / 2

    def density(self, x: float) -> float:
        """φ(x)."""
        return math.exp(-x * x / 2) / math.sqrt(2 * math.pi)

    def choose(self, x: float, positive: float, otherwise: float) -> float:
        """The one that holds at x."""
        return positive if x > 0 else otherwise

    def expm1(self, x: float) -> float:
        """e^x − 1, with all its digits near 0."""
        return math.expm1(x) if x < _LARGEST_EXPONENT else math.inf

    def logaddexp(self, x: float, y: float) -> float:
        """ln(e^x + e^y), wherever that is a number."""
        return max(x, y) + math.log1p(math.exp(-abs(x - y)))

    def __getattr__(self, symbol: str) -> Callable[[float], float]:
        return math.tanh if symbol == "tanh" else super().__getattr__(symbol)


class _FloatRing:
    """Floating point for dual numbers."""

    @staticmethod
    def dualized(value: Any) -> PlainDual:
        return value if isinstance(value, PlainDual) else PlainDual(float(value))

    @staticmethod
    def chosen(x: float, positive: PlainDual, otherwise: PlainDual) -> PlainDual:
        return positive if x > 0 else otherwise

    def __init__(self) -> None:
        self.exp_of, self.log_of = FLOATS.exp, FLOATS.log
        self.normal_of, self.density_of = FLOATS.normal, FLOATS.density


FLOATS = Floats()
_DUALS = DualWorld(_FloatRing())


def forward_values(model: Model, network: Network) -> Values:
    """The value of every quantity of `model`, one per example of `network.numbers`.

    Parameters repeat their value for each example. E_total is that of the example alone; how a
    batch combines them is `network.reduction`'s business. A value that overflows is infinite or
    NaN, never an exception. Raises :class:`InputError` for a network without numbers.
    """
    given = examples(model, network)
    found: Values = {name: [] for name in model.quantities}
    for example in given:
        values = dict(example)
        ring = arithmetic(values, {})
        for name, definition in model.definitions.items():
            values[name] = float(evaluate(definition, ring))
        for name in found:
            found[name].append(values[name])
    return found


def evaluate_deltas(chain: Chain, values: Values) -> Values:
    """Evaluate δ = ∂E_total/∂net of every neuron, from the last layer back, for each example.

    `values` is what :func:`forward_values` gave. Each δ is evaluated once, from those after it.
    """
    found: Values = {name: [] for name in chain.deltas}
    for example in range(len(values[chain.model.total])):
        deltas: dict[str, float] = {}
        ring = arithmetic({name: column[example] for name, column in values.items()}, deltas)
        for name in reversed(chain.deltas):
            deltas[name] = float(evaluate(chain.deltas[name], ring))
            found[name].append(deltas[name])
    return found


def evaluate_gradients(chain: Chain, values: Values, deltas: Values | None = None) -> Values:
    """Evaluate ∂E_total/∂w of every weight and bias in delta form (δ·out, or δ), by example.

    `values` is what :func:`forward_values` gave, `deltas` what :func:`evaluate_deltas` makes of it.
    """
    deltas = evaluate_deltas(chain, values) if deltas is None else deltas
    found: Values = {name: [] for name in chain.gradients}
    for example in range(len(values[chain.model.total])):
        ring = arithmetic(
            {name: column[example] for name, column in values.items()},
            {name: column[example] for name, column in deltas.items()},
        )
        for name, gradient in chain.gradients.items():
            found[name].append(float(evaluate(gradient, ring)))
    return found


def arithmetic(values: Mapping[str, float], deltas: Mapping[str, float]) -> Arithmetic:
    """Formulas in floating point, over tables of quantities and δ."""

    def resolve(node: Formula, inner: Callable[[Formula], Any]) -> float:
        if isinstance(node, Name):
            return values[node.name]
        if isinstance(node, Delta):
            return deltas[node.of]
        if isinstance(node, Call):
            return function_value(node.function, node.primes, inner(node.argument))
        if isinstance(node, Cases):
            return float(inner(node.positive if inner(node.test) > 0 else node.otherwise))
        if isinstance(node, Power):
            base, exponent = inner(node.base), inner(node.exponent)
            return float(base**exponent) if base > 0 else math.nan
        raise TypeError(f"no floating-point value for {node!r}")

    return Arithmetic(number=float, resolve=resolve, divide=_divide, power=_power)


def function_value(symbol: str, primes: int, x: float) -> float:
    """A function of the table, or its derivative, in floating point."""
    row = BY_SYMBOL[symbol]
    if not primes:
        return float(row.at(x, FLOATS))
    if row.slope is not None:
        return float(row.slope(x, function_value(symbol, 0, x), FLOATS))
    return float(called(symbol, primes, PlainDual(x), _DUALS).value)


def _divide(a: float, b: float) -> float:
    return a / b if b else math.nan if a == 0 else math.copysign(math.inf, a)


def _power(base: float, exponent: int) -> float:
    try:
        return float(base**exponent)
    except OverflowError:
        return math.inf
    except ZeroDivisionError:
        return math.nan
