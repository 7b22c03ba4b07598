"""The numeric check of a network stated as equations, by three gradients.

They know nothing of each other: the formulas of the derivation in floating point; forward-mode
derivatives with 50 digits (:mod:`derive.calculus.reals`), which use none of the chain rule's code;
and central differences of the error.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from derive.builders.equations import System
from derive.calculus.chain import Chain
from derive.calculus.points import NoValueError
from derive.calculus.reals import RealPoint
from derive.errors import InputError
from derive.formula import Arithmetic, Formula, Name, Partial, evaluate
from derive.model import Model
from derive.numeric.forward import arithmetic
from derive.numeric.gradcheck import DIFFERENCE_TOLERANCE, Gradcheck, GradientRow

STEP = 1e-3
NOISE = 2e-15
"""Relative rounding error of one evaluation of the error, generously."""


def check_system(system: System, seed: int = 0, chain: Chain | None = None) -> Gradcheck:
    """Check the derived gradients of a system at its numbers, or at some drawn from `seed`.

    Raises :class:`InputError` where a quantity has no finite value.
    """
    if system.numbers is None or len(system.numbers) < len(system.inputs) + len(system.weights):
        system = system.with_random_numbers(seed)
    assert system.numbers is not None
    model = (chain or Chain(Model.of(system))).model
    chain = chain or Chain(model)
    values = forward(model, system.numbers)
    for name, value in values.items():
        if not math.isfinite(value):
            raise InputError(f"numbers: {name} is {value}; other numbers keep it finite")
    symbolic = gradients(chain, values)
    independent = _independent(model, system.numbers)
    rows: dict[str, GradientRow] = {}
    coarse = fine = apart = between = 0.0
    suspects: list[str] = []
    for name in model.parameters:
        far, near = (_central(model, system.numbers, name, h) for h in (STEP, STEP / 2))
        difference = (4 * near - far) / 3
        size = max(abs(symbolic[name]), abs(difference))
        floor = NOISE * max(1.0, abs(values[model.total])) / STEP / DIFFERENCE_TOLERANCE
        off = abs(symbolic[name] - difference) / max(size, floor)
        gap = abs(symbolic[name] - independent[name]) / max(abs(independent[name]), 1e-3)
        apart, between = max(apart, off), max(between, gap)
        if off > DIFFERENCE_TOLERANCE or gap > 1e-12:
            suspects.append(name)
        if abs(far - symbolic[name]) > 400 * NOISE / STEP:
            coarse += abs(far - symbolic[name])
            fine += abs(near - symbolic[name])
        rows[name] = GradientRow(symbolic[name], independent[name], difference)
    updated = {
        name: system.numbers[name] - system.learning_rate * symbolic[name]
        for name in model.parameters
    }
    after = forward(model, {**system.numbers, **updated})[model.total]
    return Gradcheck(
        network=system,
        values={name: [value] for name, value in values.items()},
        gradients=rows,
        error=values[model.total],
        learning_rate=system.learning_rate,
        updated=updated,
        error_after=after,
        max_relative_error=apart,
        symbolic_error=between,
        convergence=coarse / fine if fine else None,
        suspects=tuple(suspects),
    )


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
    plain = arithmetic(values, {})
    total = Name(chain.model.total)

    def resolve(node: Formula, inner: object) -> float:
        if isinstance(node, Partial) and node.of == total and isinstance(node.by, Name):
            return found[node.by.name]
        return float(plain.resolve(node, inner))  # type: ignore[arg-type]

    return Arithmetic(plain.number, resolve, plain.divide, plain.power)


def _independent(model: Model, numbers: Mapping[str, float]) -> dict[str, float]:
    try:
        point = RealPoint(model, numbers=numbers)
        return {name: float(point.slope(Name(model.total), name)) for name in model.parameters}
    except NoValueError as error:
        raise InputError(f"numbers: {error}; other numbers give every quantity a value") from None


def _central(model: Model, numbers: Mapping[str, float], name: str, step: float) -> float:
    up, down = (
        forward(model, {**numbers, name: numbers[name] + move})[model.total]
        for move in (step, -step)
    )
    return (up - down) / (2 * step)
