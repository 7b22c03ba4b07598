"""The numeric check of any model: three gradients that share no derivative, and one step down.

They are the formulas of the derivation, evaluated; backpropagation in NumPy, or forward-mode
derivatives with 50 digits for what has no layers; and differences of the error. What they have in
common are the definitions of the functions, and all but the backpropagation in NumPy also share
those of the quantities.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from derive.calculus.chain import Chain
from derive.errors import InputError
from derive.exact.large import array_points
from derive.exact.points import NoValueError
from derive.exact.reals import RealPoint
from derive.formula import Name
from derive.model import Model
from derive.model.facts import Facts
from derive.networks.sources import Source, build, read
from derive.numeric.arrays import STEP as COMPLEX_STEP
from derive.numeric.arrays import Array
from derive.numeric.backprop import Parameters, backprop
from derive.numeric.differences import finite_differences
from derive.numeric.float_arrays import FloatModel
from derive.numeric.forward import examples, gradients, quantities
from derive.numeric.found import Gradcheck, GradientRow, judged, refuse_steep
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

        return check_large(network, chain)
    given = examples(model, network)
    share = 1 / len(given) if network.reduction == "mean" else 1.0
    with np.errstate(all="ignore"):
        points = [
            quantities(model, {n: Rounded(float(v)) for n, v in example.items()}, ring)
            for example in given
        ]
        values = {name: [float(point[name]) for point in points] for name in model.quantities}
        _refuse_overflow(values)
        slopes = [gradients(chain, point, ring) for point in points]
        symbolic = share * _each(model, slopes, "value").sum(axis=0)
        bound = share * SAFETY * _each(model, slopes, "error").sum(axis=0)
        errors = [point[model.total] for point in points]
        error = share * sum(each.value for each in errors)
        second, second_error = _second(network, model, given, share)
        _, found = finite_differences(FloatModel(network, model), share)
        # Of small digits those of the complex step are the first that are lost.
        verdict = judged(
            network,
            model.parameters,
            (symbolic, second),
            (error, second_error),
            found,
            tried=slice(None),
            bound=bound,
            noise=SAFETY * found.noise,
            error_bound=share * SAFETY * sum(each.error for each in errors),
            least=np.finfo(np.float64).tiny / COMPLEX_STEP,
        )
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
        second="NumPy" if network.has_vectors else "50 digits",
        **verdict,
    )


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
        raise refuse_steep(network)
    return updated, sum(after)
