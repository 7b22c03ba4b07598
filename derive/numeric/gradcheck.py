"""The numeric check of any model: three gradients that share no derivative, and one step down.

They are the formulas of the derivation, evaluated; backpropagation in NumPy, or forward-mode
derivatives with 50 digits for what has no layers; and differences of the error. What they have in
common are the definitions of the functions, and all but the backpropagation in NumPy also share
those of the quantities.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np

from derive.calculus.chain import Chain
from derive.errors import InputError
from derive.exact.large import array_points
from derive.exact.points import NoValueError
from derive.exact.reals import RealPoint
from derive.formula import Name
from derive.model import Model
from derive.model.facts import Facts
from derive.networks.build import build
from derive.networks.sources import Source, read
from derive.numeric.arrays import STEP as COMPLEX_STEP
from derive.numeric.arrays import Array
from derive.numeric.backprop import Parameters, backprop
from derive.numeric.differences import STEP, convergence, finite_differences
from derive.numeric.examples import examples
from derive.numeric.forward import gradients, quantities
from derive.numeric.found import DIFFERENCE_TOLERANCE, SYMBOLIC_TOLERANCE, Gradcheck, GradientRow
from derive.numeric.rounding import SAFETY, Rounded, ring


def gradcheck(source: Source, seed: int = 0, chain: Chain | None = None) -> Gradcheck:
    """Check the derived gradients of a network at its numbers, or at some drawn from `seed`.

    `source` is the network or what names it; `chain` spares building its model again where there is
    one. Raises :class:`InputError` where a quantity has no finite value.
    """
    network = read(source).numbered(seed)
    chain = chain or Chain(build(network))
    model = chain.model
    if array_points(model) is not None:
        from derive.numeric.large import check_large

        return check_large(network, chain, _relative)
    given = examples(model, network)
    share = 1 / len(given) if network.reduction == "mean" else 1.0
    with np.errstate(all="ignore"):
        points = [
            quantities(model, {n: Rounded(float(v)) for n, v in example.items()}, _RING)
            for example in given
        ]
        values = {name: [float(point[name]) for point in points] for name in model.quantities}
        _refuse_overflow(values)
        slopes = [gradients(chain, point, _RING) for point in points]
        symbolic = share * _each(model, slopes, "value").sum(axis=0)
        bound = share * SAFETY * _each(model, slopes, "error").sum(axis=0)
        errors = [point[model.total] for point in points]
        error = share * sum(each.value for each in errors)
        second, second_error = _second(network, model, given, share)
        together = {name: np.array(column) for name, column in values.items()}
        found = finite_differences(model, together, share)
        skipped = np.isnan(found.step)
        usable = np.isfinite(second) & (skipped | np.isfinite(found.value))
        if not (usable.all() and math.isfinite(error)):
            raise InputError(
                f"numbers: the gradient of {network.name} overflows where the error is"
                f" {error:.3g}; smaller weights, inputs or targets keep it finite"
            )
        # Where the gradient vanishes what is left of the truncation error counts too: the part that
        # extrapolation does not remove is smaller than the removed one by the square of the step.
        truncation = 2 * STEP**2 * np.abs(found.fine - found.coarse)
        floor = (
            np.maximum(np.maximum(SAFETY * found.noise, bound), truncation) / DIFFERENCE_TOLERANCE
        )
        sides = [_relative(side, found.value, floor) for side in (symbolic, second)]
        apart = np.where(skipped, 0.0, np.maximum(*sides))
        # Near the smallest doubles digits are lost to underflow, those of the complex step first.
        least = np.maximum(bound, np.finfo(np.float64).tiny / COMPLEX_STEP)
        between = _relative(symbolic, second, least / SYMBOLIC_TOLERANCE)
        least_error = share * SAFETY * sum(each.error for each in errors) / SYMBOLIC_TOLERANCE
        between_errors = _relative(*map(np.array, (error, second_error, least_error)))
        ratio = convergence(found, symbolic)
    wrong = (apart > DIFFERENCE_TOLERANCE) | (between > SYMBOLIC_TOLERANCE)
    differences = [None if math.isnan(d) else d for d in found.value.tolist()]
    rows = zip(symbolic.tolist(), second.tolist(), differences, strict=True)
    downhill = np.where(np.isfinite(symbolic), symbolic, second).tolist()
    updated, after = _step(network, model, given, downhill)
    return Gradcheck(
        network=network,
        values=values,
        gradients=dict(zip(model.parameters, map(GradientRow._make, rows), strict=True)),
        error=error,
        learning_rate=network.learning_rate,
        updated=updated,
        error_after=share * after,
        max_relative_error=float(apart.max(initial=0)),
        symbolic_error=float(max(between.max(initial=0), between_errors)),
        convergence=ratio,
        suspects=tuple(n for n, bad in zip(model.parameters, wrong, strict=True) if bad),
        second="NumPy" if network.has_vectors else "50 digits",
    )


_RING = partial(ring, many=False)


def _each(model: Model, slopes: Sequence[Mapping[str, Rounded]], side: str) -> Array:
    """One side of the gradients: examples × parameters."""
    return np.array([[getattr(own[name], side) for name in model.parameters] for own in slopes])


def _second(
    network: Facts, model: Model, given: Sequence[Mapping[str, float]], share: float
) -> tuple[Array, float]:
    """The gradient and the error by another way.

    Of layers by backpropagation in NumPy; of other models by forward-mode derivatives with 50
    digits (:mod:`derive.exact.reals`). Neither uses a local derivative or a rule of the chain.
    """
    if network.has_vectors:
        found = backprop(network, Parameters.of(network))
        return found.gradient.flat, found.error
    total = Name(model.total)
    try:
        points = [RealPoint(model, numbers=example) for example in given]
        slopes = [[float(p.slope(total, name)) for name in model.parameters] for p in points]
        error = share * sum(float(point.value(total)) for point in points)
    except NoValueError as reason:
        raise InputError(f"numbers: {reason}; other numbers give every quantity a value") from None
    return share * np.array(slopes).sum(axis=0), error


def _refuse_overflow(values: Mapping[str, Sequence[float]]) -> None:
    for name, column in values.items():
        for example, value in enumerate(column, 1):
            where = f" in example {example}" if len(column) > 1 else ""
            if math.isnan(value):
                raise InputError(
                    f"numbers: {name} has no value{where}, as a logarithm or root of a negative"
                    " number; other numbers or another function would do"
                )
            if math.isinf(value):
                raise InputError(
                    f"numbers: {name} is {value}{where}; smaller weights or other numbers keep"
                    " it finite"
                )


def _step(
    network: Facts,
    model: Model,
    given: Sequence[Mapping[str, float]],
    gradient: Sequence[float],
) -> tuple[dict[str, float], float]:
    """What w⁺ = w - η·∂E_total/∂w makes of the parameters that move, and the error with them."""
    updated = {
        name: given[0][name] - network.learning_rate * slope
        for name, slope in zip(model.parameters, gradient, strict=True)
        if model.moves(name)
    }
    after = [quantities(model, {**example, **updated})[model.total] for example in given]
    if not all(map(math.isfinite, (*updated.values(), *after))):
        raise InputError(
            f"training.learning_rate: one step at {network.learning_rate:g} overflows;"
            " a smaller learning rate keeps weights and error finite"
        )
    return updated, sum(after)


def _relative(a: Array, b: Array, floor: Array) -> Array:
    """|a - b| / max(|a|, |b|, floor), entry by entry: 0 where they are equal, ∞ for a NaN."""
    gap = np.abs(a - b)
    size = np.maximum(np.maximum(np.abs(a), np.abs(b)), floor)
    found = np.where(gap == 0, 0.0, gap / size)
    return np.where(np.isnan(found), np.inf, found)
