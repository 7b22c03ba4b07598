"""The numeric check: three gradients that know nothing of each other, and one step down."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from derive.calculus.chain import Chain
from derive.errors import InputError
from derive.model import Model, Role
from derive.network import Network, Source, read
from derive.numeric.backprop import Array, Parameters, backprop, error, forward
from derive.numeric.differences import STEP, convergence, finite_differences
from derive.numeric.forward import Values, evaluate_gradients, forward_values
from derive.numeric.rounding import rounding

if TYPE_CHECKING:
    from derive.builders.equations import System

DIFFERENCE_TOLERANCE = 1e-7
SYMBOLIC_TOLERANCE = 1e-12
FOUR_FOLD = (3.5, 4.5)
SAFETY = 2.0


class GradientRow(NamedTuple):
    """∂E_total/∂w three times; no finite difference where the point lies on a kink."""

    symbolic: float
    backprop: float
    finite_difference: float | None


@dataclass(frozen=True)
class Gradcheck:
    """What the check found.

    `values` has every quantity, one value per example. `gradients` and `error` are those of the
    batch. `updated` holds the parameters that the step w⁺ = w - η·∂E_total/∂w changes: biases are
    absent unless `network.update_biases`. `error_after` is the error with them.

    `max_relative_error` is the largest of |a - d| / max(|a|, |d|, floor) with d the finite
    difference and a either gradient. `symbolic_error` is the same between the two gradients (and
    the two errors). The floor is the size below which rounding alone would exceed the tolerance:
    the bound of :mod:`derive.numeric.rounding`, for d divided by the step, over the tolerance; or
    what truncation leaves of d, where that is more.
    `convergence` is the fall of the finite-difference error on halving the step, 4 where it can be
    measured, else `None`. `suspects` are the parameters whose gradients disagree.
    """

    network: Network | System
    values: Values
    gradients: dict[str, GradientRow]
    error: float
    learning_rate: float
    updated: dict[str, float]
    error_after: float
    max_relative_error: float
    symbolic_error: float
    convergence: float | None
    suspects: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether all three gradients agree and the differences converge as they must."""
        return (
            self.max_relative_error <= DIFFERENCE_TOLERANCE
            and self.symbolic_error <= SYMBOLIC_TOLERANCE
            and (self.convergence is None or FOUR_FOLD[0] <= self.convergence <= FOUR_FOLD[1])
        )

    @property
    def skipped(self) -> tuple[str, ...]:
        """The parameters without a finite difference: moving them would cross a kink."""
        return tuple(n for n, row in self.gradients.items() if row.finite_difference is None)

    def to_json(self) -> dict[str, Any]:
        """What ``derive gradcheck --json`` prints; a list per quantity for a batch."""
        single = len(next(iter(self.values.values()))) == 1
        return {
            "network": self.network.name,
            "error": self.error,
            "quantities": {n: v[0] if single else v for n, v in self.values.items()},
            "gradients": {
                name: {side: _finite_or_none(value) for side, value in row._asdict().items()}
                for name, row in self.gradients.items()
            },
            "learning_rate": self.learning_rate,
            "updated": self.updated,
            "error_after": self.error_after,
            "max_relative_error": _finite_or_none(self.max_relative_error),
            "passed": self.passed,
        }


def gradcheck(source: Source, seed: int = 0, chain: Chain | None = None) -> Gradcheck:
    """Check the derived gradients of a network at its numbers, or at some drawn from `seed`.

    `source` is the network or what names it; `chain` spares building its model again where there is
    one. Raises :class:`InputError` when the numbers overflow.
    """
    network = read(source)
    if not isinstance(network, Network) or not network.is_plain:
        from derive.numeric.general import check_model

        return check_model(network, seed, chain)
    if network.numbers is None:
        network = network.with_random_numbers(seed)
    chain = chain or Chain(Model.of(network))
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


def _finite_or_none(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
