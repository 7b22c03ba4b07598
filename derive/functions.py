"""Activation and loss functions: one table, a row each.

A row is written with ordinary operators, so that the same row serves written formulas (which keep
its order), SymPy expressions, residues modulo a prime and floating-point numbers. Where a function
that is not rational is needed it is taken from `f`, a :class:`Functions` of the same world.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from derive.errors import InputError
from derive.suggest import did_you_mean

HALF = Fraction(1, 2)


class Functions(Protocol):
    """The elementary functions of one world of values."""

    def exp(self, x: Any) -> Any: ...
    def log(self, x: Any) -> Any: ...
    def step(self, x: Any) -> Any: ...


@dataclass(frozen=True, slots=True)
class Activation:
    """One activation function out = f(net).

    `symbol` is how it is written (``sig``), empty for a function that leaves no trace in a formula.
    `value` is its definition. `through_output` is f'(net) in terms of out = f(net), as it is
    written in a derivation; `None` when the derivative is not a function of the output, which is
    then written f'(net). `transcendental` says that out and net are algebraically independent, so
    that out may stand for itself in an exact comparison; otherwise the definition is followed.
    `kinked` marks a derivative that jumps.
    """

    name: str
    symbol: str
    value: Callable[[Any, Any], Any]
    derivative: Callable[[Any, Any], Any]
    through_output: Callable[[Any], Any] | None
    transcendental: bool
    kinked: bool = False


@dataclass(frozen=True, slots=True)
class Elementary:
    """A function that may stand in a formula without being an activation."""

    symbol: str
    value: Callable[[Any, Any], Any]
    derivative: Callable[[Any, Any], Any]


@dataclass(frozen=True, slots=True)
class Loss:
    """One loss: E of a single output neuron as a function of its target and its output."""

    name: str
    error: Callable[[Any, Any], Any]


def _sigmoid_slope(x: Any, f: Any) -> Any:
    return f.exp(-x) / (1 + f.exp(-x)) ** 2


def _tanh(x: Any, f: Any) -> Any:
    return (f.exp(x) - f.exp(-x)) / (f.exp(x) + f.exp(-x))


def _tanh_slope(x: Any, f: Any) -> Any:
    return 4 / (f.exp(x) + f.exp(-x)) ** 2


# fmt: off
ACTIVATIONS = {row.name: row for row in (
    #          name        symbol   value                             derivative             through_output        transcendental
    Activation("sigmoid",  "sig",   lambda x, f: 1 / (1 + f.exp(-x)), _sigmoid_slope,        lambda y: y * (1 - y), True),
    Activation("tanh",     "tanh",  _tanh,                            _tanh_slope,           lambda y: 1 - y ** 2,  True),
    Activation("relu",     "relu",  lambda x, f: f.step(x) * x,       lambda x, f: f.step(x), None,                 False, kinked=True),
    Activation("identity", "",      lambda x, f: x,                   lambda x, f: 1,        lambda y: 1,           False),
)}

ELEMENTARY = {row.symbol: row for row in (
    Elementary("exp", lambda x, f: f.exp(x), lambda x, f: f.exp(x)),
    Elementary("ln",  lambda x, f: f.log(x), lambda x, f: 1 / x),
)}

LOSSES = {row.name: row for row in (
    Loss("half-squared-error", lambda t, o: HALF * (t - o) ** 2),
)}
# fmt: on

BY_SYMBOL = {row.symbol: row for row in ACTIVATIONS.values() if row.symbol}


def activation(name: str) -> Activation:
    """The row called `name`; :class:`InputError` names what there is."""
    try:
        return ACTIVATIONS[name]
    except KeyError:
        raise InputError(
            f"activation: there is no {name!r}{did_you_mean(name, ACTIVATIONS)};"
            f" known are {', '.join(ACTIVATIONS)}"
        ) from None


def loss(name: str) -> Loss:
    """The row called `name`; :class:`InputError` names what there is."""
    try:
        return LOSSES[name]
    except KeyError:
        raise InputError(
            f"loss: there is no {name!r}{did_you_mean(name, LOSSES)}; known are {', '.join(LOSSES)}"
        ) from None
