"""The numeric check of any model, by three gradients.

They know nothing of each other: the formulas of the derivation in floating point; forward-mode
derivatives with 50 digits (:mod:`derive.exact.reals`), which use none of the chain rule's code;
and central differences of the error.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from derive.calculus.chain import Chain
from derive.errors import InputError
from derive.exact.points import NoValueError
from derive.exact.reals import RealPoint
from derive.formula import Arithmetic, Formula, Name, Partial, evaluate
from derive.functions.floats import arithmetic
from derive.model import Model, Role
from derive.model.facts import Facts
from derive.networks.build import build
from derive.networks.equations.system import System
from derive.networks.network import Network
from derive.numeric.differences import SHRINK, SHRINKS, STEP
from derive.numeric.examples import examples
from derive.numeric.found import (
    DIFFERENCE_TOLERANCE,
    SYMBOLIC_TOLERANCE,
    Gradcheck,
    GradientRow,
)
from derive.numeric.pieces import Pieces

CANCELLED = 1e-2
"""Digits of a gradient that may cancel: those that are left have the rounding of the largest."""
NOISE = 2e-15
"""Relative rounding error of one evaluation of the error, generously."""


def check_model(network: System | Network, seed: int = 0, chain: Chain | None = None) -> Gradcheck:
    """Check the derived gradients at the network's numbers, or at some drawn from `seed`.

    Raises :class:`InputError` where a quantity has no finite value.
    """
    network = numbered(network, seed)
    chain = chain or Chain(build(network))
    model = chain.model
    given = examples(model, network)
    values = [forward(model, example) for example in given]
    for place, found in enumerate(values, 1):
        for name, value in found.items():
            if not math.isfinite(value):
                where = f" in example {place}" if len(values) > 1 else ""
                if math.isnan(value):
                    raise InputError(
                        f"numbers: {name} has no value{where}, as a logarithm or root of a negative"
                        " number; other numbers or another function would do"
                    )
                raise InputError(f"numbers: {name} is {value}{where}; other numbers keep it finite")
    share = 1 / len(given) if network.reduction == "mean" else 1.0
    symbolic = _added([gradients(chain, found) for found in values], share)
    found_twice = [_independent(model, example) for example in given]
    independent = _added([gradient for gradient, _ in found_twice], share)
    rows: dict[str, GradientRow] = {}
    moved = _Moved(model, values, share)
    error = share * sum(found[model.total] for found in values)
    coarse = fine = apart = between = 0.0
    suspects: list[str] = []
    # A small gradient may be what is left of terms as large as those of the others.
    least = max(1e-3, CANCELLED * max(map(abs, independent.values()), default=0.0))
    for name in model.parameters:
        gap = abs(symbolic[name] - independent[name]) / max(abs(independent[name]), least)
        between = max(between, gap)
        steepest = max(sensitivity[name] for _, sensitivity in found_twice)
        differences = moved.differences(name, STEP / max(1.0, steepest))
        if differences is None:
            if gap > SYMBOLIC_TOLERANCE:
                suspects.append(name)
            rows[name] = GradientRow(symbolic[name], independent[name], None)
            continue
        far, near, step = differences
        difference = (4 * near - far) / 3
        size = max(abs(symbolic[name]), abs(difference))
        noise = NOISE * max(1.0, abs(error)) / step
        off = abs(symbolic[name] - difference) / max(size, noise / DIFFERENCE_TOLERANCE)
        apart = max(apart, off)
        if off > DIFFERENCE_TOLERANCE or gap > SYMBOLIC_TOLERANCE:
            suspects.append(name)
        if abs(far - symbolic[name]) > 400 * NOISE * max(1.0, abs(error)) / step:
            coarse += abs(far - symbolic[name])
            fine += abs(near - symbolic[name])
        rows[name] = GradientRow(symbolic[name], independent[name], difference)
    updated = {
        name: given[0][name] - network.learning_rate * symbolic[name]
        for name in model.parameters
        if network.update_biases or model.quantities[name].role is Role.WEIGHT
    }
    after = [forward(model, {**example, **updated})[model.total] for example in given]
    return Gradcheck(
        network=network,
        values={name: [found[name] for found in values] for name in values[0]},
        gradients=rows,
        error=error,
        learning_rate=network.learning_rate,
        updated=updated,
        error_after=share * sum(after),
        max_relative_error=apart,
        symbolic_error=between,
        convergence=coarse / fine if fine else None,
        suspects=tuple(suspects),
    )


def numbered(network: Facts, seed: int) -> System | Network:
    """The network with numbers for everything, those that are missing drawn from `seed`."""
    if isinstance(network, Network):
        return network if network.numbers is not None else network.with_random_numbers(seed)
    assert isinstance(network, System)
    missing = len(network.numbers or {}) < len(network.inputs) + len(network.weights)
    return network.with_random_numbers(seed) if missing else network


def _added(tables: Sequence[Mapping[str, float]], share: float) -> dict[str, float]:
    """The sum of the tables, or their mean, entry by entry."""
    return {name: share * sum(table[name] for table in tables) for name in tables[0]}


def forward(model: Model, numbers: Mapping[str, float]) -> dict[str, float]:
    """Every quantity's value."""
    values = {n: float(numbers[n]) for n in model.quantities if n not in model.definitions}
    ring = arithmetic(values, {})
    for name, definition in model.definitions.items():
        values[name] = float(evaluate(definition, ring))
    return values


def adjoints(chain: Chain, values: Mapping[str, float]) -> dict[str, float]:
    """∂E/∂q of every intermediate quantity, each from those after it."""
    found: dict[str, float] = {}
    ring = _with_adjoints(chain, values, found)
    for name in reversed(chain.deltas):
        found[name] = float(evaluate(chain.deltas[name], ring))
    return found


def gradients(chain: Chain, values: Mapping[str, float]) -> dict[str, float]:
    """∂E/∂w of every weight, as the derivation writes it."""
    ring = _with_adjoints(chain, values, adjoints(chain, values))
    return {name: float(evaluate(g, ring)) for name, g in chain.gradients.items()}


def _with_adjoints(
    chain: Chain, values: Mapping[str, float], found: Mapping[str, float]
) -> Arithmetic:
    plain = arithmetic(values, found)
    total = Name(chain.model.total)

    def resolve(node: Formula, inner: object) -> float:
        if isinstance(node, Partial) and node.of == total and isinstance(node.by, Name):
            return found[node.by.name]
        return float(plain.resolve(node, inner))  # type: ignore[arg-type]

    return Arithmetic(plain.number, resolve, plain.divide, plain.power)


def _independent(
    model: Model, numbers: Mapping[str, float]
) -> tuple[dict[str, float], dict[str, float]]:
    """∂E/∂w of every weight, and by how much w moves the quantity that it moves most."""
    try:
        point = RealPoint(model, numbers=numbers)
        gradient, steepest = {}, {}
        for name in model.parameters:
            slopes = {n: point.slope(Name(n), name) for n in model.dependents(name)}
            gradient[name] = float(slopes.get(model.total, 0))
            steepest[name] = max((abs(float(slope)) for slope in slopes.values()), default=1.0)
    except NoValueError as error:
        raise InputError(f"numbers: {error}; other numbers give every quantity a value") from None
    return gradient, steepest


class _Moved:
    """The error where one weight is moved a little."""

    def __init__(self, model: Model, values: Sequence[Mapping[str, float]], share: float) -> None:
        self.model, self.values, self.share = model, values, share
        self.pieces = Pieces(model)
        self.here = [self.pieces.at(found) for found in values]

    def differences(self, name: str, step: float) -> tuple[float, float, float] | None:
        """The central differences D(h), D(h/2), and h, at most `step`; nothing on a kink.

        Where a piecewise function changes its piece between w − h and w + h the difference would
        straddle two derivatives: h is then divided until it does not.
        """
        below = self.model.dependents(name)
        for _ in range(SHRINKS + 1):
            far, near = (self._central(name, below, h) for h in (step, step / 2))
            if far is not None and near is not None:
                return far, near, step
            step /= SHRINK
        return None

    def _central(self, name: str, below: Sequence[str], step: float) -> float | None:
        errors: list[float] = []
        for move in (step, -step):
            error = 0.0
            for found, here in zip(self.values, self.here, strict=True):
                values = {**found, name: found[name] + move}
                ring = arithmetic(values, {})
                for other in below:
                    values[other] = float(evaluate(self.model.definitions[other], ring))
                if not self.pieces.same(values, here, (name, *below)):
                    return None
                error += values[self.model.total]
            errors.append(self.share * error)
        return (errors[0] - errors[1]) / (2 * step)
