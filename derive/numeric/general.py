"""The numeric check of any model by its definitions, by three gradients.

They know nothing of each other: the formulas of the derivation in floating point; forward-mode
derivatives with 50 digits (:mod:`derive.calculus.reals`), which use none of the chain rule's code;
and central differences of the error.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from derive.builders.equations import System
from derive.calculus.chain import Chain
from derive.calculus.points import NoValueError
from derive.calculus.reals import RealPoint
from derive.errors import InputError
from derive.formula import Arithmetic, Delta, Formula, Name, Partial, evaluate
from derive.model import Model, Role
from derive.network import Network
from derive.numeric.differences import SHRINK, SHRINKS, STEP
from derive.numeric.forward import arithmetic, given_values
from derive.numeric.gradcheck import (
    DIFFERENCE_TOLERANCE,
    SYMBOLIC_TOLERANCE,
    Gradcheck,
    GradientRow,
)
from derive.numeric.pieces import Pieces

NOISE = 2e-15
"""Relative rounding error of one evaluation of the error, generously."""

Values = Mapping[str, float]


def check_definitions(
    network: Network | System, seed: int = 0, chain: Chain | None = None
) -> Gradcheck:
    """Check the derived gradients of a network at its numbers, or at some drawn from `seed`.

    Raises :class:`InputError` where a quantity has no finite value.
    """
    network = _with_numbers(network, seed)
    chain = chain or Chain(Model.of(network))
    model = chain.model
    numbers = _examples(model, network)
    batch = _Batch(model, numbers, network.reduction == "mean")
    for values in batch.values:
        for name, value in values.items():
            if not math.isfinite(value):
                raise InputError(f"numbers: {name} is {value}; other numbers keep it finite")
    symbolic = batch.reduced([gradients(chain, values) for values in batch.values])
    independent = batch.reduced([_independent(model, example) for example in numbers])
    rows: dict[str, GradientRow] = {}
    coarse = fine = apart = between = 0.0
    suspects: list[str] = []
    for name in model.parameters:
        gap = abs(symbolic[name] - independent[name]) / max(abs(independent[name]), 1e-3)
        between = max(between, gap)
        found = batch.differences(name)
        if found is None:
            if gap > SYMBOLIC_TOLERANCE:
                suspects.append(name)
            rows[name] = GradientRow(symbolic[name], independent[name], None)
            continue
        far, near, step = found
        difference = (4 * near - far) / 3
        size = max(abs(symbolic[name]), abs(difference))
        noise = NOISE * max(1.0, abs(batch.error)) / step
        off = abs(symbolic[name] - difference) / max(size, noise / DIFFERENCE_TOLERANCE)
        apart = max(apart, off)
        if off > DIFFERENCE_TOLERANCE or gap > SYMBOLIC_TOLERANCE:
            suspects.append(name)
        if abs(far - symbolic[name]) > 400 * NOISE / step:
            coarse += abs(far - symbolic[name])
            fine += abs(near - symbolic[name])
        rows[name] = GradientRow(symbolic[name], independent[name], difference)
    updated = {
        name: numbers[0][name] - network.learning_rate * symbolic[name]
        for name in model.parameters
        if network.update_biases or model.quantities[name].role is Role.WEIGHT
    }
    return Gradcheck(
        network=network,
        values={name: [values[name] for values in batch.values] for name in model.quantities},
        gradients=rows,
        error=batch.error,
        learning_rate=network.learning_rate,
        updated=updated,
        error_after=batch.moved(updated)[1],
        max_relative_error=apart,
        symbolic_error=between,
        convergence=coarse / fine if fine else None,
        suspects=tuple(suspects),
    )


def _with_numbers(network: Network | System, seed: int) -> Network | System:
    if isinstance(network, Network):
        return network if network.numbers else network.with_random_numbers(seed)
    if network.numbers and len(network.numbers) == len(network.inputs) + len(network.weights):
        return network
    return network.with_random_numbers(seed)


def _examples(model: Model, network: Network | System) -> list[dict[str, float]]:
    """The numbers of everything that has no definition, for each example."""
    if isinstance(network, System):
        return [dict(network.numbers or {})]
    given = given_values(model, network)
    count = len(next(iter(given.values())))
    return [{name: column[k] for name, column in given.items()} for k in range(count)]


def forward(model: Model, numbers: Values) -> dict[str, float]:
    """Every quantity's value."""
    values = {n: float(numbers[n]) for n in model.quantities if n not in model.definitions}
    ring = arithmetic(values, {})
    for name, definition in model.definitions.items():
        values[name] = float(evaluate(definition, ring))
    return values


def adjoints(chain: Chain, values: Values) -> dict[str, float]:
    """∂E/∂q of every intermediate quantity, each from those after it."""
    found: dict[str, float] = {}
    ring = _with_adjoints(chain, values, found)
    for name in reversed(chain.deltas):
        found[name] = float(evaluate(chain.deltas[name], ring))
    return found


def gradients(chain: Chain, values: Values) -> dict[str, float]:
    """∂E/∂w of every weight, as the derivation writes it."""
    ring = _with_adjoints(chain, values, adjoints(chain, values))
    return {name: float(evaluate(g, ring)) for name, g in chain.gradients.items()}


def _with_adjoints(chain: Chain, values: Values, found: Values) -> Arithmetic:
    plain = arithmetic(values, {})
    total = Name(chain.model.total)

    def resolve(node: Formula, inner: object) -> float:
        if isinstance(node, Delta):
            return found[node.of]
        if isinstance(node, Partial) and node.of == total and isinstance(node.by, Name):
            return found[node.by.name]
        return float(plain.resolve(node, inner))  # type: ignore[arg-type]

    return Arithmetic(plain.number, resolve, plain.divide, plain.power)


def _independent(model: Model, numbers: Values) -> dict[str, float]:
    try:
        point = RealPoint(model, numbers=numbers)
        return {name: float(point.slope(Name(model.total), name)) for name in model.parameters}
    except NoValueError as error:
        raise InputError(f"numbers: {error}; other numbers give every quantity a value") from None


class _Batch:
    """The error of all examples together, also where one weight is moved a little."""

    def __init__(self, model: Model, numbers: Sequence[Values], mean: bool) -> None:
        self.model, self.numbers = model, numbers
        self._share = len(numbers) if mean else 1
        self._pieces = Pieces(model)
        self.values, self.error = self.moved({})
        self._here = [self._pieces.at(values) for values in self.values]

    def reduced(self, slopes: Sequence[Values]) -> dict[str, float]:
        """The sum, or the mean, of what the examples give."""
        return {name: sum(s[name] for s in slopes) / self._share for name in slopes[0]}

    def moved(self, to: Values) -> tuple[list[dict[str, float]], float]:
        """All values of all examples, and their error, where some weights have other values."""
        values = [forward(self.model, {**example, **to}) for example in self.numbers]
        return values, sum(v[self.model.total] for v in values) / self._share

    def differences(self, name: str) -> tuple[float, float, float] | None:
        """The central differences D(h), D(h/2), and h; nothing on a kink.

        Where a piecewise function changes its piece between w − h and w + h the difference would
        straddle two derivatives: h is then divided until it does not.
        """
        step = STEP
        for _ in range(SHRINKS + 1):
            far, near = self._central(name, step), self._central(name, step / 2)
            if far is not None and near is not None:
                return far, near, step
            step /= SHRINK
        return None

    def _central(self, name: str, step: float) -> float | None:
        errors: list[float] = []
        for move in (step, -step):
            values, error = self.moved({name: self.numbers[0][name] + move})
            if [self._pieces.at(v) for v in values] != self._here:
                return None
            errors.append(error)
        return (errors[0] - errors[1]) / (2 * step)
