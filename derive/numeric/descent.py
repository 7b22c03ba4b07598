"""Gradient descent for some steps: what becomes of the error and of the outputs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from derive.calculus.chain import Chain
from derive.exact.large import array_points
from derive.model import Model, Role
from derive.model.facts import Facts
from derive.numeric.arrays import Array
from derive.numeric.compiled import Machine
from derive.numeric.forward import examples
from derive.numeric.single import Check

STEPS = (1, 10, 100, 1_000, 10_000)
MOST_EVALUATED = 600_000
"""Quantities times steps."""
FIRM = 100
"""Steps after which the error is told only if none of the steps has made it larger.

Where steps jump to and fro, each multiplies what rounding has left, and in the end no digit is
sure.
"""
RISE = 1e-12
"""By how much rounding may make an error larger, relative to it."""
MOST_HALVED = 40
LEAST = 1e-10
"""An error of less is largely what rounding has left."""
SAME = 1e-8
"""Within this, relative to it, a number has not changed."""


@dataclass(frozen=True)
class After:
    """The error of all examples after some steps, and the outputs for the first example."""

    steps: int
    error: float
    outputs: Sequence[float]


@dataclass(frozen=True)
class Descent:
    """Some steps at one rate; it was `halved` so many times until the first step led downward.

    After `spent` steps, if there are any, no error is left but what rounding makes; after `still`
    steps nothing changes any more.
    """

    rate: float
    halved: int
    found: Sequence[After]
    spent: int = 0
    still: int = 0


State = Callable[[Array], tuple[float, Array, Sequence[float]]]
"""From the parameters that move to the error, its gradient by them, and the outputs."""


def descend(network: Facts, chain: Chain) -> Descent:
    """Take as many of the steps in `STEPS` as are quickly taken.

    `network` has numbers. The rate is its own, halved until the first step makes the error smaller;
    where no rate does, as at a minimum, it is its own again.
    """
    large = array_points(chain.model) is not None
    weights, state, work = _arrays(chain) if large else _scalars(network, chain)
    with np.errstate(all="ignore"):
        error, gradient, _ = state(weights)
        rates = [network.learning_rate / 2**n for n in range(MOST_HALVED)]
        falls = (n for n, rate in enumerate(rates) if state(weights - rate * gradient)[0] < error)
        halved = next(falls, 0)
        walked = list(_walk(weights, state, rates[halved], work))
        found = [after for after in walked if abs(after.error) >= LEAST]
        spent = next((after.steps for after in walked[len(found) :]), 0)
        resting = (n for n, pair in enumerate(pairwise(found), 1) if n > 1 and _is_same(*pair))
        end = next(resting, len(found))
        still = found[end - 1].steps if end < len(found) else 0
        return Descent(rates[halved], halved, found[:end], spent, still)


def _is_same(before: After, after: After) -> bool:
    """Whether no digit that is printed has changed."""
    pairs = zip((before.error, *before.outputs), (after.error, *after.outputs), strict=True)
    return all(math.isclose(a, b, rel_tol=SAME) for a, b in pairs)


def _walk(weights: Array, state: State, rate: float, work: float) -> Iterator[After]:
    """The states after each number of steps that is affordable.

    They end where no error is left, and where it has become larger than it was at the start.
    """
    error, gradient, outputs = state(weights)
    start = error
    done, falling = 0, True
    for steps in STEPS:
        if steps > 1 and steps * work > 1:
            return
        for _ in range(steps - done):
            before = error
            weights = weights - rate * gradient
            error, gradient, outputs = state(weights)
            falling = falling and error - before <= max(RISE * abs(before), LEAST)
        done = steps
        if not math.isfinite(error) or (steps > FIRM and not falling):
            return
        yield After(steps, error, outputs)
        if abs(error) < LEAST or error > start:
            return


def outputs_of(model: Model) -> list[str]:
    """The outputs of the last layer; in a network of equations what the error is made of."""
    found = list(model.having(Role.OUTPUT))
    if found:
        return [q.name for q in found if q.layer == found[-1].layer]
    return [name for name in model.inputs_of[model.total] if name in model.definitions]


def _scalars(network: Facts, chain: Chain) -> tuple[Array, State, float]:
    """The state of a model, by the definitions and the gradients of the derivation."""
    model = chain.model
    given = examples(model, network)
    names = [name for name in model.parameters if model.moves(name)]
    machine = Machine(chain, names, outputs_of(model))
    rows = [machine.row(example) for example in given]
    share = 1 / len(given) if network.reduction == "mean" else 1.0

    def state(flat: Array) -> tuple[float, Array, Sequence[float]]:
        found = [machine.run(row, flat.tolist()) for row in rows]
        gradient = np.array(
            [sum(slopes) for slopes in zip(*(own for _, own, _ in found), strict=True)]
        )
        return share * sum(error for error, _, _ in found), share * gradient, found[0][2]

    flat = np.array([given[0][name] for name in names])
    return flat, state, len(model.quantities) * len(given) / MOST_EVALUATED


def _arrays(chain: Chain) -> tuple[Array, State, float]:
    """The state of a large model of equations, whose families are arrays and have been checked.

    Its gradient is that of the start, which is enough for one step.
    """
    check = chain.model.kept[Check]
    assert isinstance(check, Check)
    assert check.start is not None
    weights, error, gradient = check.start

    def state(flat: Array) -> tuple[float, Array, Sequence[float]]:
        return error if flat is weights else check.after(flat), gradient, ()

    return weights, state, math.inf
