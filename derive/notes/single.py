"""One derivation by itself, for the terminal."""

from __future__ import annotations

from typing import Any

from derive.calculus.chain import Chain
from derive.calculus.derivation import Derivation
from derive.calculus.proof import prove
from derive.calculus.steps import derive
from derive.emit.latex import Latex
from derive.emit.text import Text
from derive.model import Model
from derive.networks.network import Network
from derive.notes.blocks import Notes
from derive.notes.compose import Composer


def single(model: Model, parameter: str) -> Notes:
    """The notes that hold nothing but the proved derivation of one weight or bias."""
    if not isinstance(model.network, Network):
        from derive.notes.graph import single_system

        return single_system(model, parameter)
    composer, derived = _composer(model, parameter)
    facts = {"spec": model.network.spec, "name": model.network.name, "count": 1}
    return Notes(model.network, model, facts, tuple(composer.sections_of(derived, 0)))


def _composer(model: Model, parameter: str) -> tuple[Composer, Derivation | str]:
    """What writes the derivation of a parameter of a layered network, proved."""
    assert isinstance(model.network, Network)
    chain = Chain(model)
    derived: Derivation | str = model.parameter(parameter).name
    if model.network.is_plain:
        derived = derive(model, parameter)
    else:
        prove(chain)
    return Composer(model.network, chain, [derived], None, 0), derived


def steps_as_json(model: Model, parameter: str) -> dict[str, Any]:
    """The steps with their reasons, as text and LaTeX."""
    text, latex = Text(model), Latex(model)
    if not isinstance(model.network, Network):
        from derive.notes.graph import system_as_json

        return system_as_json(model, parameter)
    if not model.network.is_plain:
        from derive.notes.graph import sections_as_json

        composer, derived = _composer(model, parameter)
        return sections_as_json(composer.chain, parameter, composer.sections_of(derived, 0))
    derivation = derive(model, parameter)
    return {
        "network": model.network.name,
        "weight": parameter,
        "paths": derivation.paths,
        "gradient": text.inline(derivation.formula),
        "steps": [
            {
                "reason": step.reason,
                "equations": [
                    {"text": text.chain(e), "latex": latex.chain(e)} for e in step.equations
                ],
            }
            for step in derivation.steps
        ],
    }
