"""Deriving: from a model and the name of a parameter to a proved derivation."""

from __future__ import annotations

from derive.calculus.chain import Chain
from derive.calculus.delta_form import delta_steps
from derive.calculus.derivation import Derivation, Step
from derive.calculus.descent import MOST_PATHS, Descent, by
from derive.calculus.hidden_layers import (
    collected_total,
    first_summand,
    one_path,
    other_summands,
)
from derive.calculus.last_layer import last_layer_steps, sum_rule
from derive.calculus.proof import prove, prove_equations
from derive.calculus.why import why_steps
from derive.errors import InputError
from derive.formula import Formula, equation
from derive.model import Model
from derive.networks.equations.system import System


def derive(model: Model, parameter: str) -> Derivation:
    """Derive ∂E_total/∂`parameter`, step by step, and prove the result and every step.

    Raises :class:`~derive.errors.InputError` for an unknown name, and for a network whose neurons
    are coupled (softmax, skip connections) or that is stated as equations, and
    :class:`~derive.errors.ProofError` if the result were not SymPy's derivative of E_total.
    """
    network = model.network
    if isinstance(network, System) or not network.is_plain:
        raise InputError(
            "derive: the steps of a Derivation follow single neurons, which this network couples;"
            " write_notes and 'derive show' derive it along its paths"
        )
    chain = Chain(model)
    derivation = written_out(chain, parameter)
    prove(chain, first=[parameter])
    prove_derivation(derivation)
    return derivation


def prove_derivation(derivation: Derivation) -> None:
    """Check every equation of the steps, and that the result is E_total's derivative."""
    result = equation(by(derivation.model.total, derivation.parameter.name), derivation.formula)
    equations = [e for step in derivation.steps for e in step.equations if len(e.sides) > 1]
    prove_equations(derivation.model, [result, *equations], dict(derivation.letters))


def written_out(chain: Chain, parameter: str) -> Derivation:
    """The derivation without its proof."""
    d = Descent(chain, parameter)
    spine, net = d.spine(d.survivors[0])
    parts: list[tuple[str, list[Step]]] = []
    letters: dict[str, Formula] = {}
    if d.feeds_one_output():
        why, letters = why_steps(chain, parameter, spine)
        parts += [("why", why), ("formula", last_layer_steps(d, spine, net))]
    else:
        parts.append(("paths", sum_rule(d) + first_summand(d, spine, net)))
        if d.count <= MOST_PATHS:
            parts.append(("others", other_summands(d) + collected_total(d)))
        else:
            parts.append(("many", one_path(d)))
    parts.append(("delta", delta_steps(d)))
    return Derivation(
        d.model,
        d.quantity,
        tuple((title, tuple(steps)) for title, steps in parts if steps),
        d.result(),
        d.count,
        letters,
    )
