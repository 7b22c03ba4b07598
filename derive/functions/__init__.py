"""Activation and loss functions: one table, a row each.

A row is written with ordinary operators and with the functions of a :class:`World`, so that the
same row serves written formulas (which keep its order), SymPy expressions, residues modulo a
prime, polynomials, 50 digits and floating point. A row needs no more than its value: its
derivative is derived from that. Where a person writes the derivative in another way, through the
function's own value for example, `slope` says how, and it is proved against the value's derivative
(:func:`derive.calculus.proof.prove_row`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from derive.errors import InputError
from derive.suggest import did_you_mean

HALF = Fraction(1, 2)
LEAK = Fraction(1, 100)


class World:
    """The elementary functions in one world of values, of which the rows are made.

    Every other row is there by its symbol: ``f.sig(x)``.
    """

    def exp(self, x: Any) -> Any:
        """e^x."""
        raise NotImplementedError

    def log(self, x: Any) -> Any:
        """The natural logarithm."""
        raise NotImplementedError

    def normal(self, x: Any) -> Any:
        """Φ(x), the distribution function of the standard normal distribution."""
        raise NotImplementedError

    def density(self, x: Any) -> Any:
        """φ(x) = e^(−x²/2)/√(2π), its derivative."""
        raise NotImplementedError

    def choose(self, x: Any, positive: Any, otherwise: Any) -> Any:
        """`positive` where x > 0, else `otherwise`; so the derivative at the kink is that of 0−."""
        raise NotImplementedError

    def __getattr__(self, symbol: str) -> Callable[[Any], Any]:
        """The row with this symbol, in this world."""
        if symbol not in BY_SYMBOL:
            raise AttributeError(symbol)
        return lambda x: BY_SYMBOL[symbol].value(x, self)


@dataclass(frozen=True, slots=True)
class Function:
    """One function of a single argument.

    `symbol` is how it is written (``sig``), empty for one that leaves no trace in a formula.
    `value(x, f)` is its definition in the world `f`. `slope(x, y, f)` is its derivative as a person
    writes it, y being its value. `own` says that the slope needs y alone and that y is algebraically
    independent of x, so that y may stand for itself in an exact comparison. A `kinked` function is
    defined piecewise; its derivative is then written f'(x).
    """

    name: str
    symbol: str
    value: Callable[[Any, Any], Any]
    slope: Callable[[Any, Any, Any], Any] | None = None
    own: bool = False
    kinked: bool = False


@dataclass(frozen=True, slots=True)
class Loss:
    """One loss: E of an output neuron as error(t, o, n, f) of target, output, and their number n.

    A `share` of 1/n belongs to a loss that is a mean over the outputs.
    """

    name: str
    error: Callable[[Any, Any, int, Any], Any]


# fmt: off
FUNCTIONS = (
    #        name          symbol      value                                       slope
    Function("sigmoid",    "sig",      lambda x, f: 1 / (1 + f.exp(-x)),           lambda x, y, f: y * (1 - y), own=True),
    Function("tanh",       "tanh",     lambda x, f: (f.exp(x) - f.exp(-x)) / (f.exp(x) + f.exp(-x)), lambda x, y, f: 1 - y ** 2, own=True),
    Function("relu",       "relu",     lambda x, f: f.choose(x, x, 0),             kinked=True),
    Function("leaky-relu", "lrelu",    lambda x, f: f.choose(x, x, LEAK * x),      kinked=True),
    Function("elu",        "elu",      lambda x, f: f.choose(x, x, f.exp(x) - 1),  kinked=True),
    Function("softplus",   "softplus", lambda x, f: f.log(1 + f.exp(x)),           lambda x, y, f: f.sig(x)),
    Function("silu",       "silu",     lambda x, f: x * f.sig(x),                  lambda x, y, f: f.sig(x) + y * (1 - f.sig(x))),
    Function("gelu",       "gelu",     lambda x, f: x * f.Phi(x),                  lambda x, y, f: f.Phi(x) + x * f.phi(x)),
    Function("mish",       "mish",     lambda x, f: x * f.tanh(f.softplus(x))),
    Function("identity",   "",         lambda x, f: x,                             lambda x, y, f: 1),
)
"""The activation functions of single neurons."""

ELEMENTARY = (
    Function("exponential function", "exp",   lambda x, f: f.exp(x),                      lambda x, y, f: y),
    Function("natural logarithm",    "ln",    lambda x, f: f.log(x),                      lambda x, y, f: 1 / x),
    Function("normal distribution",  "Phi",   lambda x, f: f.normal(x),                   lambda x, y, f: f.phi(x)),
    Function("normal density",       "phi",   lambda x, f: f.density(x),                  lambda x, y, f: -(x * y)),
    Function("unit step",            "step",  lambda x, f: f.choose(x, 1, 0),             kinked=True),
    Function("clipped value",        "clip",  lambda x, f: f.choose(x - 1, 1, f.choose(-x - 1, -1, x)), kinked=True),
    Function("Huber function",       "huber", lambda x, f: f.choose(x - 1, x - HALF, f.choose(-x - 1, -x - HALF, HALF * x ** 2)), lambda x, y, f: f.clip(x), kinked=True),
)
"""Functions that may stand in a formula without being an activation."""

LOSSES = {row.name: row for row in (
    Loss("half-squared-error",        lambda t, o, n, f: HALF * (t - o) ** 2),
    Loss("squared-error",             lambda t, o, n, f: (t - o) ** 2),
    Loss("mean-squared-error",        lambda t, o, n, f: Fraction(1, n) * (t - o) ** 2),
    Loss("binary-cross-entropy",      lambda t, o, n, f: -(t * f.ln(o) + (1 - t) * f.ln(1 - o))),
    Loss("categorical-cross-entropy", lambda t, o, n, f: -(t * f.ln(o))),
    Loss("huber",                     lambda t, o, n, f: f.huber(t - o)),
)}
# fmt: on

ACTIVATIONS = {row.name: row for row in FUNCTIONS}
BY_SYMBOL = {row.symbol: row for row in (*FUNCTIONS, *ELEMENTARY) if row.symbol}
SOFTMAX = "softmax"
"""The activation of a whole layer: every output depends on every net input of the layer."""


class _Recorder(World):
    """Remembers which rows are asked for."""

    def __init__(self) -> None:
        self.used: set[str] = set()

    def exp(self, x: Any) -> Any:
        return 1

    def log(self, x: Any) -> Any:
        return x

    def normal(self, x: Any) -> Any:
        return x

    def density(self, x: Any) -> Any:
        return x

    def choose(self, x: Any, positive: Any, otherwise: Any) -> Any:
        return positive

    def __getattr__(self, symbol: str) -> Callable[[Any], Any]:
        self.used.add(symbol)
        return lambda x: x


@cache
def written_with(symbol: str) -> frozenset[str]:
    """The rows that may stand where a function and its derivative are written out."""
    found: set[str] = set()
    todo = {symbol}
    while todo:
        row = BY_SYMBOL[todo.pop()]
        recorder = _Recorder()
        row.value(HALF, recorder)
        if row.slope is not None:
            row.slope(HALF, HALF, recorder)
        todo |= recorder.used - found
        found |= recorder.used
    return frozenset(found)


def activation(name: str, own: Iterable[str] = ()) -> Function:
    """The row called `name`; :class:`InputError` names what there is, a user's `own` too."""
    try:
        return ACTIVATIONS[name]
    except KeyError:
        known = (*ACTIVATIONS, SOFTMAX, *own)
        raise InputError(
            f"activation: there is no {name!r}{did_you_mean(name, known)};"
            f" known are {', '.join(known)}"
        ) from None


def loss(name: str) -> Loss:
    """The row called `name`; :class:`InputError` names what there is."""
    try:
        return LOSSES[name]
    except KeyError:
        raise InputError(
            f"loss: there is no {name!r}{did_you_mean(name, LOSSES)}; known are {', '.join(LOSSES)}"
        ) from None
