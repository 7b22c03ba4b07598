"""The rules of whole layers are found on the miniature of a network, and proved on its sizes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from derive import Model, Network
from derive.calculus.chain import Chain
from derive.calculus.general import prove_matrices, prove_rules
from derive.calculus.layer_rules import LayerRules
from derive.calculus.layer_steps import LayerSteps
from derive.emit.text import Text
from derive.errors import ProofError
from derive.formula import Equation, Formula, signs_out
from derive.model import Role


def rules(**table: Any) -> LayerRules:
    return LayerRules(Model.of(Network.from_table(table, "test", {})))


def written(found: LayerRules, equations: Iterable[Equation]) -> list[str]:
    """The last side of each equation."""
    text = Text(found.model)
    return [text.inline(signs_out(rule.right)) for rule in equations]


def test_a_miniature_has_two_members_along_each_index() -> None:
    """Large layers are shrunk and single neurons doubled; what is missing is there."""
    network = Network.from_table({"layers": [9, 5, 1], "missing": ["w11"]}, "test", {})
    small = Model.of(network).miniature()
    assert [len(small.in_layer(layer, Role.NET)) for layer in (1, 2)] == [2, 2]
    assert [len(small.in_layer(layer, Role.WEIGHT)) for layer in (1, 2)] == [4, 4]
    assert small.quantities["weight:1[2][1]"].indices == (2, 1)


@pytest.mark.parametrize(
    ("table", "delta", "matrix"),
    [
        ({}, "(Σ_k=1..4 δ_ck · w_bj→ck) · out_bj · (1 − out_bj)",
         "(W_2ᵀδ_c) ⊙ out_b ⊙ (1 − out_b)"),
        ({"skip": [[1, 3]]}, "(Σ_k=1..4 δ_ck · w_bj→ck + δ_dj) · out_bj · (1 − out_bj)",
         "(W_2ᵀδ_c + δ_d) ⊙ out_b ⊙ (1 − out_b)"),
        ({"skip": [[1, 2]]}, "(Σ_k=1..4 δ_ck · w_bj→ck + δ_cj) · out_bj · (1 − out_bj)",
         "(W_2ᵀδ_c + δ_c) ⊙ out_b ⊙ (1 − out_b)"),
        ({"activation": ["softmax", "tanh", "identity"]},
         "out_bj · (Σ_k=1..4 δ_ck · w_bj→ck − Σ_m=1..4 out_bm · Σ_k=1..4 δ_ck · w_bm→ck)",
         "out_b ⊙ (W_2ᵀδ_c) − out_bout_bᵀW_2ᵀδ_c"),
    ],
)  # fmt: skip
def test_a_layer_gets_what_its_outputs_lead_to(
    table: dict[str, Any], delta: str, matrix: str
) -> None:
    """Through weights, through skip connections, through the other shares of a softmax."""
    found = rules(**{"layers": [4, 4, 4, 4], **table})
    text = written(found, [found.delta(1), found.matrix(1)[0]])
    assert text == [delta, matrix]


def test_the_sum_of_the_targets_is_a_number_for_the_whole_layer() -> None:
    """With a loss of the user's own nobody says that it is 1."""
    found = rules(layers=[2, 3], activation="softmax", loss="-t*ln(o)")
    assert written(found, found.matrix(1)) == [
        "(Σ_k=1..3 target_bk) · out_b − target_b",
        "δ_bout_aᵀ",
    ]
    prove_matrices(Chain(found.model), found.matrix(1))


def test_what_stands_for_itself_keeps_its_name() -> None:
    """λ, and a bias that a layer shares."""
    found = rules(layers=[3, 2], l2=0.1, bias="layer")
    text = written(found, [found.gradient(1), found.bias(1), found.matrix(1)[1]])
    assert text == [
        "δ_bj · out_ai + lambda · w_ai→bj", "Σ_j=1..2 δ_bj", "δ_bout_aᵀ + lambda · W_1"
    ]  # fmt: skip


def test_single_neurons_need_no_sum_unless_one_rule_is_for_all_layers() -> None:
    """The Σ over a layer of one neuron is that neuron's term."""
    found = rules(layers=[2, 2, 1])
    text = written(found, [found.delta(1), found.delta(1, summed=True)])
    assert text == [
        "δ_c1 · w_bj→c1 · out_bj · (1 − out_bj)",
        "(Σ_k=1..1 δ_ck · w_bj→ck) · out_bj · (1 − out_bj)",
    ]


@pytest.mark.parametrize(
    ("table", "kind", "chain"),
    [
        ({"l2": 0.1}, "weight",
         "∂E_total/∂(net_bj) · ∂(net_bj)/∂(w_ai→bj) + lambda · w_ai→bj"),
        ({"bias": "layer"}, "bias", "Σ_j=1..3 ∂E_total/∂(net_bj) · ∂(net_bj)/∂(bias_b)"),
        ({"bias": "neuron"}, "bias", "∂E_total/∂(net_bj) · ∂(net_bj)/∂(bias_bj)"),
        ({}, "out", "Σ_k=1..3 ∂E_total/∂(net_ck) · ∂(net_ck)/∂(out_bj)"),
        ({"activation": ["softmax", "tanh", "tanh"]}, "net",
         "Σ_k=1..3 ∂E_total/∂(out_bk) · ∂(out_bk)/∂(net_bj)"),
    ],
)  # fmt: skip
def test_the_chain_rule_of_a_layer_has_a_product_for_every_use(
    table: dict[str, Any], kind: str, chain: str
) -> None:
    """What it says is found in the definitions, and proved like any other rule."""
    steps = LayerSteps(rules(layers=[3, 3, 3, 3], **table).model)
    rule = steps.links(kind, 1)
    assert written(steps, [rule]) == [chain]
    prove_rules(Chain(steps.model), [rule])


def planted(found: LayerRules, names: Iterable[str]) -> None:
    """Make some gradients of the miniature twice what they are."""
    gradients = found.small.gradients
    for name in names:
        wrong: Formula = 2 * gradients[name]
        gradients.put(name, wrong)


def test_a_wrong_gradient_of_the_miniature_is_noticed() -> None:
    """One alone follows no common rule; a rule that all of them follow is not proved."""
    found = rules(layers=[3, 2])
    prove_rules(Chain(found.model), [found.gradient(1)])
    weights = found.small.model.in_layer(1, Role.WEIGHT)
    planted(found, weights[:1])
    with pytest.raises(ProofError, match="no common rule"):
        found.gradient(1)
    planted(found, weights[1:])
    with pytest.raises(ProofError, match="does not hold"):
        prove_rules(Chain(found.model), [found.gradient(1)])
