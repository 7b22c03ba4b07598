"""Why a number is wrong: weights that were already updated, or rounding on the way.

Backpropagation is computed with these two slips of hand calculation.
"""

from __future__ import annotations

import math
from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from derive.calculus.chain import Chain, by
from derive.checking.digits import half_unit
from derive.checking.numbers import Numbers
from derive.exact.points import NoValueError
from derive.formula import Delta, Formula, Name, Number, Partial, Updated, evaluate, total
from derive.functions.floats import arithmetic
from derive.model import Model

LAST_DIGIT = 2
"""Half units by which rounding on the way alone may be off."""
LAST_BITS = Fraction(1, 10**14)
"""Relative error of a hand calculation that is retraced in floating point."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a number is wrong: a code of the table of mistakes, and the right value."""

    code: str
    right: float


class Causes:
    """Looks for the slips with which a network's numbers give a wrong one."""

    def __init__(self, numbers: Numbers) -> None:
        self.numbers = numbers
        self.model = numbers.model
        self.chain = Chain(self.model)

    def of(self, subject: Formula, claimed: Number) -> list[Cause]:
        """The slips of hand calculation that give the number which is claimed for `subject`."""
        if isinstance(subject, Name) and subject.name not in self.model.definitions:
            # What is given is not computed: no step can have gone wrong.
            return []
        try:
            right = self.numbers.value(subject)
        except NoValueError:
            return []
        if self.numbers.batch or self.numbers.rounds_to(right, claimed):
            return []
        half = half_unit(claimed)
        found: dict[str, Cause] = {}
        plain = self._computed().get(subject)
        for code, slip in self._slips():
            value = self._computed(**slip).get(subject)
            if value == plain:
                # The slip changes nothing here.
                continue
            if value is not None and _is_near(value, claimed.value, half):
                found.setdefault(code, Cause(code, float(right)))
        off = abs(Fraction(right) - claimed.value)
        if not found and off <= LAST_DIGIT * half and abs(Fraction(right)) > 10 * off:
            return [Cause("premature-rounding", float(right))]
        return list(found.values())

    def _computed(self, **slip: Any) -> Mapping[Formula, float]:
        """What comes out by hand, with the digits of a float; nothing where a number is missing."""
        given = set(self.model.quantities) - set(self.model.definitions)
        if not given <= self.numbers.given.keys():
            return {}
        return by_hand(self.model, self.chain, self.numbers.given, **slip)

    def _slips(self) -> Iterable[tuple[str, dict[str, int]]]:
        """The slips: a code of the table of mistakes, and how they change what is computed."""
        if self.model.has_neurons:
            yield "updated-weights", {"sequential": True}
        for digits in range(2, 9):
            yield "premature-rounding", {"digits": digits}


def _is_near(value: float, claimed: Fraction, half: Fraction) -> bool:
    """Whether a float gives the digits of a claimed number, but for its own last bits."""
    if not math.isfinite(value):
        return False
    return abs(Fraction(value) - claimed) <= half + abs(Fraction(value)) * LAST_BITS


def by_hand(
    model: Model,
    chain: Chain,
    given: Mapping[str, Fraction],
    *,
    sequential: bool = False,
    digits: int | None = None,
) -> Mapping[Formula, float]:
    """Forward, backward and one update, from the `given` numbers, as people compute them.

    `sequential` uses the weights of a layer already updated for the δ of the layer before;
    `digits` rounds every intermediate result to so many decimals. The result maps quantities,
    δ, ∂E_total/∂x and w⁺ to their numbers; of a network without layers, which has no order of
    its own to go back, the quantities alone. What cannot be computed so is not a number.
    """

    def rounded(value: float) -> float:
        return value if digits is None else round(value, digits)

    values = {name: _float(value) for name, value in given.items()}
    for name, definition in model.definitions.items():
        values[name] = rounded(_value(definition, values, {}))
    found: dict[Formula, float] = {Name(name): value for name, value in values.items()}
    if not model.has_neurons:
        return found
    rate = values.get("eta", 0.0)
    deltas: dict[str, float] = {}
    stepped: dict[str, float] = {}
    weights = ChainMap(stepped, values) if sequential else values
    by_layer = sorted(chain.deltas, key=lambda net: model.quantities[net].layer, reverse=True)
    for net in by_layer:
        deltas[net] = rounded(_value(chain.deltas[net], weights, deltas))
        found[Delta(net)] = found[by(model.total, net)] = deltas[net]
        here = model.quantities[net]
        for name in model.parameters:
            quantity = model.quantities[name]
            if quantity.layer != here.layer or quantity.index not in (here.index, 0):
                continue
            gradient = rounded(_value(chain.gradients[name], values, deltas))
            found[by(model.total, name)] = gradient
            moved = rounded(values[name] - rate * gradient) if model.moves(name) else values[name]
            stepped[name] = found[Updated(name)] = moved
    found |= _sent_back(chain, weights, deltas)
    after = {**values, **stepped}
    for name, definition in model.definitions.items():
        after[name] = rounded(_value(definition, after, {}))
        found[Updated(name)] = after[name]
    return found


def _sent_back(
    chain: Chain, weights: Mapping[str, float], deltas: Mapping[str, float]
) -> dict[Formula, float]:
    """∂E_total/∂out of the hidden neurons: the sum of what the next layer sends back."""
    model, found = chain.model, dict[Formula, float]()
    for out in (out for net in deltas for out in model.used_in[net]):
        users = model.used_in[out]
        if all(user in deltas for user in users):
            back = total(Delta(user) * chain.local(user)[out] for user in users)
            found[by(model.total, out)] = _value(back, weights, deltas)
    return found


def _value(formula: Formula, values: Mapping[str, float], deltas: Mapping[str, float]) -> float:
    """The value in ordinary floating point; not a number where a power is too large."""
    floats = arithmetic(values, deltas)

    def resolve(node: Formula, inner: Callable[[Formula], float]) -> float:
        if isinstance(node, Delta):
            # A shared bias gathers δ of neurons that come later in the run.
            return deltas.get(node.of, 0.0)
        if isinstance(node, Partial):
            return math.nan
        return float(floats.resolve(node, inner))

    try:
        return float(evaluate(formula, replace(floats, number=_float, resolve=resolve)))
    except OverflowError:
        return math.nan


def _float(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf
