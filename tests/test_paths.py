"""The derivation of one weight of any model, along its paths and from the back."""

from __future__ import annotations

import pytest

from derive import Model
from derive.calculus.chain import Chain
from derive.calculus.proof import prove_equations
from derive.formula import Delta, Equation, walk
from derive.notes.blocks import Display
from derive.notes.paths import path_sections


@pytest.mark.parametrize("network", ["2-2-2", "2-3-2-1", "mazur", "rnn", "softmax", "gru"])
def test_the_derivation_of_a_weight_of_any_model_is_proved(network: str) -> None:
    """Layered or stated as equations: every display of every weight holds, under one label each."""
    model = Model.of(network)
    chain = Chain(model)
    shown: dict[str, Display] = {}

    def display(label: str, *equations: Equation) -> Display:
        assert label not in shown
        shown[label] = Display(label, len(shown) + 1, equations)
        return shown[label]

    for name in model.parameters:
        assert path_sections(chain, name, display)[0].key == "graph_weight"
    prove_equations(model, [e for d in shown.values() for e in d.equations], {})


def test_the_adjoint_of_a_net_input_is_written_as_its_delta() -> None:
    """In a layered network the way from the back goes from δ to δ."""
    chain = Chain(Model.of("2-2-1"))
    _, back = path_sections(chain, "w11", lambda label, *e: Display(label, 0, e))
    equations = [e for block in back.blocks if isinstance(block, Display) for e in block.equations]
    assert [e.left for e in equations[:-1]] == [Delta("net_c1"), Delta("net_b1")]
    assert any(isinstance(node, Delta) for node in walk(equations[-1].right))
