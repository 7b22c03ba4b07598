"""The numeric check: three gradients that know nothing of each other, and one step down."""

from __future__ import annotations

import math

import numpy as np

from derive.calculus.chain import Chain
from derive.errors import InputError
from derive.model import Role
from derive.networks.build import build
from derive.networks.network import Network
from derive.networks.sources import Source, read
from derive.numeric.backprop import Array, Parameters, backprop, error, forward
from derive.numeric.differences import STEP, convergence, finite_differences
from derive.numeric.forward import Values, evaluate_gradients, forward_values
from derive.numeric.found import DIFFERENCE_TOLERANCE, SYMBOLIC_TOLERANCE, Gradcheck, GradientRow
from derive.numeric.general import check_model
from derive.numeric.rounding import rounding

SAFETY = 2.0


def gradcheck(source: Source, seed: int = 0, chain: Chain | None = None) -> Gradcheck:
    """Check the derived gradients of a network at its numbers, or at some drawn from `seed`.

    `source` is the network or what names it; `chain` spares building its model again where there is
    one. Raises :class:`InputError` when the numbers overflow.
    """
    network = read(source)
    if not isinstance(network, Network) or not network.is_plain:
        return check_model(network, seed, chain)
    if network.numbers is None:
        network = network.with_random_numbers(seed)
    chain = chain or Chain(build(network))
    model = chain.model
    values = forward_values(model, network)
    _refuse_overflow(values)
    parameters = Parameters.of(network)
    numeric = backprop(network, parameters)
    evaluated = evaluate_gradients(chain, values)
    symbolic = np.array([_reduced(network, examples) for examples in evaluated.values()])
    gradient = numeric.gradient.flat

    with np.errstate(all="ignore"):
        passed = forward(network, parameters)
        bounds = rounding(network, parameters, passed, STEP)
        found = finite_differences(network, parameters, passed)
        # Each of the four E in (4·D(h/2) - D(h))/3 brings its rounding error.
        noise = 3 * bounds.error / found.step
        skipped = np.isnan(found.step)
        usable = np.isfinite(gradient) & (skipped | np.isfinite(found.value))
        if not (usable.all() and math.isfinite(numeric.error)):
            raise InputError(
                f"numbers: the gradient of {network.name} overflows where the error is"
                f" {numeric.error:.3g}; smaller weights, inputs or targets keep it finite"
            )
        # Where the gradient vanishes what is left of the truncation error counts too: the part that
        # extrapolation does not remove is smaller than the removed one by the square of the step.
        truncation = SAFETY * STEP**2 * np.abs(found.fine - found.coarse)
        floor = np.maximum(noise, truncation) / DIFFERENCE_TOLERANCE
        sides = [_relative(side, found.value, floor) for side in (symbolic, gradient)]
        apart = np.where(skipped, 0.0, np.maximum(*sides))
        # Near the smallest doubles digits are lost to underflow.
        least = np.maximum(bounds.gradient, np.finfo(np.float64).tiny)
        between = _relative(symbolic, gradient, least / SYMBOLIC_TOLERANCE)
        between_errors = _relative(
            np.array(_reduced(network, values[model.total])),
            np.array(numeric.error),
            np.array(bounds.error / SYMBOLIC_TOLERANCE),
        )
        ratio = convergence(found, symbolic, noise)

    names = list(chain.gradients)
    wrong = (apart > DIFFERENCE_TOLERANCE) | (between > SYMBOLIC_TOLERANCE)
    differences = [None if math.isnan(d) else d for d in found.value.tolist()]
    rows = zip(symbolic.tolist(), gradient.tolist(), differences, strict=True)
    updated, after = _step(chain, network, parameters, gradient)
    return Gradcheck(
        network=network,
        values=values,
        gradients={name: GradientRow(*row) for name, row in zip(names, rows, strict=True)},
        error=numeric.error,
        learning_rate=network.learning_rate,
        updated=updated,
        error_after=after,
        max_relative_error=float(apart.max()),
        symbolic_error=float(max(between.max(), between_errors)),
        convergence=ratio,
        suspects=tuple(names[place] for place in np.flatnonzero(wrong)),
    )


def _refuse_overflow(values: Values) -> None:
    for name, column in values.items():
        for example, value in enumerate(column, 1):
            if math.isnan(value):
                raise InputError(
                    f"numbers: {name} has no value in example {example}, as a logarithm or root of"
                    " a negative number; other numbers or another activation would do"
                )
            if math.isinf(value):
                raise InputError(
                    f"numbers: {name} is {value} in example {example};"
                    " smaller weights, inputs or targets keep it finite"
                )


def _step(
    chain: Chain, network: Network, parameters: Parameters, gradient: Array
) -> tuple[dict[str, float], float]:
    """What w⁺ = w - η·∂E_total/∂w makes of the parameters that move, and the error with them."""
    moves = [
        network.update_biases or chain.model.quantities[name].role is Role.WEIGHT
        for name in chain.gradients
    ]
    with np.errstate(all="ignore"):
        flat = np.where(moves, parameters.flat - network.learning_rate * gradient, parameters.flat)
    after = error(network, Parameters.from_flat(network, flat))
    if not (np.isfinite(flat).all() and math.isfinite(after)):
        raise InputError(
            f"training.learning_rate: one step at {network.learning_rate:g} overflows;"
            " a smaller learning rate keeps weights and error finite"
        )
    stepped: dict[str, float] = dict(zip(chain.gradients, flat.tolist(), strict=True))
    return {n: v for (n, v), move in zip(stepped.items(), moves, strict=True) if move}, after


def _reduced(network: Network, examples: list[float]) -> float:
    return sum(examples) / (len(examples) if network.reduction == "mean" else 1)


def _relative(a: Array, b: Array, floor: Array) -> Array:
    """|a - b| / max(|a|, |b|, floor), entry by entry: 0 where they are equal, ∞ for a NaN."""
    gap = np.abs(a - b)
    size = np.maximum(np.maximum(np.abs(a), np.abs(b)), floor)
    found = np.where(gap == 0, 0.0, gap / size)
    return np.where(np.isnan(found), np.inf, found)
