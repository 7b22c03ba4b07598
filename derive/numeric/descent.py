"""Gradient descent for some steps: what becomes of the error and of the outputs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from derive.calculus.chain import Chain
from derive.exact.large import array_points
from derive.model import Model, Role
from derive.model.facts import Facts
from derive.numeric.arrays import Array
from derive.numeric.backprop import Parameters, backprop
from derive.numeric.forward import examples, gradients, quantities

STEPS = (1, 10, 100)
MOST_WORK = 20_000_000
"""Weights times steps of layers, which NumPy takes together."""
MOST_EVALUATED = 6_000
"""Quantities times steps of other models, which are computed one by one."""
MOST_HALVED = 40
LEAST = 1e-10
"""An error of less is largely what rounding has left."""


@dataclass(frozen=True)
class After:
    """The error of all examples after some steps, and the outputs for the first example."""

    steps: int
    error: float
    outputs: Sequence[float]


@dataclass(frozen=True)
class Descent:
    """Some steps at one rate; it was `halved` so many times until the first step led downward.

    After `spent` steps, if there are any, no error is left but what rounding makes.
    """

    rate: float
    halved: int
    found: Sequence[After]
    spent: int = 0


State = Callable[[Array], tuple[float, Array, Sequence[float]]]
"""From the parameters that move to the error, its gradient by them, and the outputs."""


def descend(network: Facts, chain: Chain) -> Descent:
    """Take as many of the steps in `STEPS` as are quickly taken.

    `network` has numbers. The rate is its own, halved until the first step makes the error smaller;
    where no rate does, as at a minimum, it is its own again.
    """
    if network.has_vectors:
        weights, state, work = _layers(network)
    elif array_points(chain.model) is None:
        weights, state, work = _graph(network, chain)
    else:
        weights, state, work = _arrays(chain)
    with np.errstate(all="ignore"):
        error, gradient, _ = state(weights)
        rates = [network.learning_rate / 2**n for n in range(MOST_HALVED)]
        falls = (n for n, rate in enumerate(rates) if state(weights - rate * gradient)[0] < error)
        halved = next(falls, 0)
        walked = list(_walk(weights, state, rates[halved], work))
        found = [after for after in walked if abs(after.error) >= LEAST]
        spent = next((after.steps for after in walked[len(found) :]), 0)
        return Descent(rates[halved], halved, found, spent)


def _walk(weights: Array, state: State, rate: float, work: float) -> Iterator[After]:
    """The states after each number of steps that is affordable, until no error is left."""
    gradient = state(weights)[1]
    done = 0
    for steps in STEPS:
        if steps > 1 and steps * work > 1:
            return
        for _ in range(steps - done):
            weights = weights - rate * gradient
            error, gradient, outputs = state(weights)
        done = steps
        if not math.isfinite(error):
            return
        yield After(steps, error, outputs)
        if abs(error) < LEAST:
            return


def outputs_of(model: Model) -> list[str]:
    """The outputs of the last layer; in a network of equations what the error is made of."""
    found = list(model.having(Role.OUTPUT))
    if found:
        return [q.name for q in found if q.layer == found[-1].layer]
    return [name for name in model.inputs_of[model.total] if name in model.definitions]


def _layers(network: Facts) -> tuple[Array, State, float]:
    """The state of layers, by backpropagation in NumPy."""
    start = Parameters.of(network)
    moved = start if network.update_biases else replace(start, biases=())
    shapes = [*moved.weights, *moved.biases]
    ends = np.cumsum([array.size for array in shapes])[:-1]

    def state(flat: Array) -> tuple[float, Array, Sequence[float]]:
        parts = [p.reshape(a.shape) for p, a in zip(np.split(flat, ends), shapes, strict=True)]
        count = len(start.weights)
        own = tuple(parts[count:]) if network.update_biases else start.biases
        parameters = Parameters(tuple(parts[:count]), own, start.present)
        found = backprop(network, parameters)
        sides = [*found.gradient.weights, *(found.gradient.biases if network.update_biases else ())]
        return (
            found.error,
            np.concatenate([side.ravel() for side in sides]),
            found.outputs[0].tolist(),
        )

    flat = np.concatenate([array.ravel() for array in shapes])
    return flat, state, len(flat) / MOST_WORK


def _graph(network: Facts, chain: Chain) -> tuple[Array, State, float]:
    """The state of any other model, by the definitions and the gradients of the derivation."""
    model = chain.model
    given = examples(model, network)
    names = [name for name in model.parameters if model.moves(name)]
    outputs = outputs_of(model)

    def state(flat: Array) -> tuple[float, Array, Sequence[float]]:
        moved = dict(zip(names, flat.tolist(), strict=True))
        points = [quantities(model, {**example, **moved}) for example in given]
        slopes = [gradients(chain, point) for point in points]
        gradient = np.array([sum(own[name] for own in slopes) for name in names])
        share = 1 / len(given) if network.reduction == "mean" else 1.0
        error = share * sum(point[model.total] for point in points)
        return error, share * gradient, [points[0][name] for name in outputs]

    flat = np.array([given[0][name] for name in names])
    return flat, state, len(model.quantities) * len(given) / MOST_EVALUATED


def _arrays(chain: Chain) -> tuple[Array, State, float]:
    """The state of a large model of equations, whose families are arrays and have been checked.

    Its gradient is that of the start, which is enough for one step.
    """
    from derive.numeric.large import LargeCheck

    check = chain.model.kept[LargeCheck]
    assert isinstance(check, LargeCheck)
    assert check.start is not None
    weights, error, gradient = check.start

    def state(flat: Array) -> tuple[float, Array, Sequence[float]]:
        return error if flat is weights else check.after(flat), gradient, ()

    return weights, state, math.inf
