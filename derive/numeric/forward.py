"""The model in floating point: every quantity, every δ, every gradient, by the definitions.

This is the symbolic side of the numeric check: nothing is computed here but the formulas that the
derivation prints. Plain Python floats, unless another `ring` is given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from derive.calculus.chain import Chain
from derive.formula import Arithmetic, evaluate
from derive.functions.floats import arithmetic
from derive.model import Model

Ring = Callable[[Mapping[str, Any], Mapping[str, Any]], Arithmetic]


def quantities(
    model: Model, numbers: Mapping[str, Any], ring: Ring | None = None
) -> dict[str, Any]:
    """The value of every quantity, from `numbers` for those without a definition.

    A value that overflows is infinite or NaN, never an exception.
    """
    values = {n: numbers[n] for n in model.quantities if n not in model.definitions}
    arithmetic_ = (ring or arithmetic)(values, {})
    for name, definition in model.definitions.items():
        values[name] = evaluate(definition, arithmetic_)
    return {name: values[name] for name in model.quantities}


def adjoints(chain: Chain, values: Mapping[str, Any], ring: Ring | None = None) -> dict[str, Any]:
    """∂E_total/∂q of every quantity between the parameters and E_total, each from those after it.

    They are the δ of a network of layers. `values` is what :func:`quantities` gave.
    """
    found: dict[str, Any] = {}
    arithmetic_ = (ring or arithmetic)(values, found)
    for name in reversed(chain.deltas):
        found[name] = evaluate(chain.deltas[name], arithmetic_)
    return found


def gradients(chain: Chain, values: Mapping[str, Any], ring: Ring | None = None) -> dict[str, Any]:
    """∂E_total/∂w of every weight and bias, as the derivation writes it."""
    arithmetic_ = (ring or arithmetic)(values, adjoints(chain, values, ring))
    return {name: evaluate(gradient, arithmetic_) for name, gradient in chain.gradients.items()}
