"""The model in floating point: every quantity, every δ, every gradient, by the definitions.

This is the symbolic side of the numeric check: nothing is computed here but the formulas that the
derivation prints. Plain Python floats, one per example.
"""

from __future__ import annotations

from derive.calculus.chain import Chain
from derive.formula import evaluate
from derive.functions.floats import arithmetic
from derive.model import Model
from derive.networks.network import Network
from derive.numeric.examples import examples

Values = dict[str, list[float]]


def forward_values(model: Model, network: Network) -> Values:
    """The value of every quantity of `model`, one per example of `network.numbers`.

    Parameters repeat their value for each example. E_total is that of the example alone; how a
    batch combines them is `network.reduction`'s business. A value that overflows is infinite or
    NaN, never an exception. Raises :class:`InputError` for a network without numbers.
    """
    given = examples(model, network)
    found: Values = {name: [] for name in model.quantities}
    for example in given:
        values = dict(example)
        ring = arithmetic(values, {})
        for name, definition in model.definitions.items():
            values[name] = float(evaluate(definition, ring))
        for name in found:
            found[name].append(values[name])
    return found


def evaluate_deltas(chain: Chain, values: Values) -> Values:
    """Evaluate δ = ∂E_total/∂net of every neuron, from the last layer back, for each example.

    `values` is what :func:`forward_values` gave. Each δ is evaluated once, from those after it.
    """
    found: Values = {name: [] for name in chain.deltas}
    for example in range(len(values[chain.model.total])):
        deltas: dict[str, float] = {}
        ring = arithmetic({name: column[example] for name, column in values.items()}, deltas)
        for name in reversed(chain.deltas):
            deltas[name] = float(evaluate(chain.deltas[name], ring))
            found[name].append(deltas[name])
    return found


def evaluate_gradients(chain: Chain, values: Values, deltas: Values | None = None) -> Values:
    """Evaluate ∂E_total/∂w of every weight and bias in delta form (δ·out, or δ), by example.

    `values` is what :func:`forward_values` gave, `deltas` what :func:`evaluate_deltas` makes of it.
    """
    deltas = evaluate_deltas(chain, values) if deltas is None else deltas
    found: Values = {name: [] for name in chain.gradients}
    for example in range(len(values[chain.model.total])):
        ring = arithmetic(
            {name: column[example] for name, column in values.items()},
            {name: column[example] for name, column in deltas.items()},
        )
        for name, gradient in chain.gradients.items():
            found[name].append(float(evaluate(gradient, ring)))
    return found
