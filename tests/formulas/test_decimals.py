"""Decimals and whole numbers in formulas: exact ones, and those of the network put in for names."""

from __future__ import annotations

import pytest

from derive import Model
from derive.networks.network import Network
from derive.notes.compose import compose
from derive.render.readback import prove_document
from derive.render.render import render
from tests.formulas.judging import judged

DECAY = {"layers": [2, 2, 1], "l2": 0.1, "training": {"learning_rate": 0.25}}
BATCH = {
    "inputs": [[0, 0], [0, 1], [1, 0], [1, 1]],
    "targets": [[0], [1], [1], [0]],
    "weights": [[0.5, 0.4, 0.9, 1.0], [-1.2, 1.1]],
}
TWO_OUTPUTS = Network.from_table(
    {
        "layers": [1, 2],
        "activation": "identity",
        "numbers": {"inputs": [[1], [2]], "targets": [[0, 0], [0, 0]], "weights": [[0.3, 0.4]]},
    },
    "two outputs",
    {},
)
BARE = Model.of(Network.from_table(DECAY, "decay", {}))
MANY = Model.of(Network.from_table({**DECAY, "numbers": BATCH}, "batch", {}))
SUMMED = Model.of(
    Network.from_table(
        {
            "layers": [2, 2, 1],
            "bias": "neuron",
            "numbers": {
                "inputs": [[0.05, 0.1], [0.2, 0.7]],
                "targets": [[0.01], [0.6]],
                "weights": [[0.15, 0.2, 0.25, 0.3], [0.4, 0.45]],
                "biases": [[0.35, 0.1], [0.6]],
            },
        },
        "summed",
        {},
    )
)
UP = "(out_c1 - target_c1)*out_c1*(1 - out_c1)"


@pytest.mark.parametrize(
    ("network", "claim"),
    [
        ("mazur", "dE/dw5 = 1.0*(out_o1-target_o1)*out_o1*(1-out_o1)*out_h2"),
        ("mazur", "out_h1 = 1.0*out_h2"),
        ("mazur", "out_o1 = 0.97*out_o2"),
        ("mazur", "out_h1 = out_h2 + 0.0"),
        ("mazur", "dE/dw5 = 0.741*0.187*out_h1"),
        ("mazur", "dE/dw1 = dE/dw2 - 0.0004"),
        ("rnn", "h_1 = 0.604*x_1"),
    ],
)
def test_right_digits_make_no_formula_right(network: str, claim: str) -> None:
    """A formula is compared exactly; that its digits fit is said, and proves nothing."""
    found = judged(network, claim)
    assert found.verdict.value == "undecided"
    assert [finding.code for finding in found.findings] == ["digits-only"]


@pytest.mark.parametrize(
    ("network", "claim"),
    [
        ("xor", "E_total = 0.5*(target_c1 + out_c1)^2"),
        ("xor", "E_total = 0.5*out_c1^2"),
        ("xor", "dE/dw11 = delta_b1"),
        ("xor", f"dE/dw11 = {UP}*w21*out_b1*(1 - out_b1)"),
        ("xor", f"dE/dw11 = 1.0*{UP}*w21*out_b1*(1 - out_b1)*out_a2*2"),
        ("xor", "net_b1 = w11 + w12 + bias_b1"),
        ("xor", "w21^+ = w21 - 0.2*dE/dw21"),
        ("xor", "w21^+ = w21 + 0.1*dE/dw21"),
        ("xor", "w21^+ = w21 - 0.1*eta*dE/dw21"),
        ("rnn", "dE/du = 0.5*2*(dE/dnet_2*h_1 + dE/dnet_3*h_2)"),
        ("rnn", "dE/du = dE/dnet_2*h_1 + dE/dnet_3*h_2"),
        ("mazur", "net_h1 = w1*0.05 + w2*0.2 + b1"),
        ("mazur", "net_h1 = w1*0.1 + w2*0.05 + b1"),
        ("mazur", "dE/dw5 = (out_o1 - 0.99)*out_o1*(1 - out_o1)*out_h1"),
        ("2-4-3-2", "w31^+ = w31 - 0.4*dE/dw31"),
    ],
)
def test_what_is_wrong_as_a_formula_is_refuted(network: str, claim: str) -> None:
    """That a target is 0, or an input 1, in the network's file makes no formula right."""
    assert judged(network, claim).verdict.value == "refuted"


@pytest.mark.parametrize(
    ("network", "claim", "names"),
    [
        ("xor", "net_b1 = w11*1 + w12*1 + bias_b1", "out_a1 = 1 and out_a2 = 1"),
        ("xor", "net_b1 = w11*1.0 + w12*1.0 + bias_b1", "out_a1 = 1 and out_a2 = 1"),
        ("xor", "net_b1 = 0.5*out_a1 + 0.4*out_a2 - 0.8", "w11 = 0.5, w12 = 0.4 and bias_b1 = -0.8"),
        ("xor", f"dE/dw11 = {UP}*w21*out_b1*(1 - out_b1)*1", "out_a1 = 1"),
        ("xor", "E = 1/2*(0 - out_c1)^2", "target_c1 = 0"),
        ("xor", "w21^+ = w21 - 0.1*dE/dw21", "η = 0.1"),
        ("xor", "w21^+ = -1.2 - 1/10*dE/dw21", "w21 = -1.2 and η = 0.1"),
        ("mazur", "net_h1 = w1*0.05 + w2*0.1 + b1", "i1 = 0.05 and i2 = 0.1"),
        ("mazur", "dE/dw5 = (out_o1 - 0.01)*out_o1*(1 - out_o1)*out_h1", "target_o1 = 0.01"),
        ("rnn", "dE/du = dE/dnet_1*0 + dE/dnet_2*h_1 + dE/dnet_3*h_2", "h_0 = 0"),
        ("lstm", "dE/dh = h - 1", "target = 1"),
        (BARE, "dE/dw21 = delta_c1*out_b1 + 0.1*w21", "lambda = 0.1"),
        (BARE, "w21^+ = w21 - 0.25*dE/dw21", "η = 0.25"),
        (BARE, "w21^+ = (1 - 0.25*0.1)*w21 - 0.25*delta_c1*out_b1", "η = 0.25 and lambda = 0.1"),
        (MANY, "dE/dw21 = delta_c1*out_b1 + 0.1*w21", "lambda = 0.1"),
        (MANY, "w21^+ = w21 - 0.25*dE/dw21", "η = 0.25"),
        (MANY, "net_b1 = 0.5*out_a1 + w12*out_a2", "w11 = 0.5"),
    ],
)  # fmt: skip
def test_numbers_that_are_put_in_are_named(network: str | Model, claim: str, names: str) -> None:
    """With the names in their places the formula is right for all numbers; the report says which."""
    found = judged(network, claim)
    assert found.verdict.value == "proved"
    (note,) = [f.message for f in found.findings if f.code == "numbers-put-in"]
    assert f"it holds with {names}, as" in note


def test_what_differs_between_the_examples_of_a_batch_is_not_put_in() -> None:
    """The inputs of a batch are its rows' own, and so are the values that follow from them."""
    assert judged(MANY, "net_b1 = w11*0 + w12*0").verdict.value == "refuted"
    first = judged(MANY, "out_b1 = 0.5")
    assert first.verdict.value == "proved"
    assert [f.message for f in first.findings] == ["it is so in example 1 of the batch"]
    assert judged(MANY, "out_b1 = 0.51").verdict.value == "undecided"
    assert judged(MANY, "w21 = -1.2").verdict.value == "proved"


@pytest.mark.parametrize(
    ("claim", "example"),
    [
        ("sig(net_b1) = sig(0.4)", "2"),
        ("sig(net_b1) = sig(0.90)", "4"),
        ("out_b1*w21 = -sig(0.4)*1.2", "2"),
        ("sig(net_b1) = sig(0.45)", ""),
        ("out_b1*w21 = sig(0.4)*1.2", ""),
        ("out_b1 = 0.2*3", ""),
    ],
)
def test_a_function_of_the_numbers_of_one_example_is_that_of_it(claim: str, example: str) -> None:
    """Where nothing but numbers is left of one side it is one example's, as by itself.

    Which one is said. What is so in none, or may be so with digits that say little, is open.
    """
    found = judged(MANY, claim)
    assert found.verdict.value == ("proved" if example else "undecided")
    said = f"it is so in example {example} of the batch"
    assert ([f.message for f in found.findings] == [said]) is bool(example)


def test_numbers_of_a_batch_that_are_those_of_all_examples_are_refuted() -> None:
    """A weight has one value, and a product of numbers too, behind whatever it stands."""
    assert judged(MANY, "w21*sig(1) = 1.1*sig(1)").verdict.value == "refuted"
    chain = "dE/dw21 = delta_c1*out_b1 + lambda*w21 = {} = {}"
    worked = judged(MANY, chain.format("0.5*0.3", "0.25"))
    assert worked.relations[-1].verdict.value == "refuted"


def test_a_chain_that_has_come_to_one_example_goes_on_with_its_numbers() -> None:
    """The last digits may be those that were carried; of a gradient of all they would be wrong."""
    numbers = "0.139430*0.593270"
    chain = judged(SUMMED, f"dE/dw21 = delta_c1*out_b1 = {numbers} = 0.0827197")
    assert [relation.verdict.value for relation in chain.relations] == ["proved"] * 3
    other = judged(SUMMED, f"dE/dw21 = delta_c1*out_b1 = {numbers} = 0.0827198")
    assert other.relations[-1].verdict.value == "undecided"
    of_all = judged(SUMMED, f"dE/dw21 = {numbers} = 0.0827197")
    assert [relation.verdict.value for relation in of_all.relations] == ["undecided"] * 2


def test_the_error_of_one_example_is_no_wrong_error_of_the_batch() -> None:
    """The document of a batch writes what E_total is in its first example; it can be written."""
    text = render(compose(TWO_OUTPUTS), "latex", None)
    assert "error of this example" in text
    assert prove_document(TWO_OUTPUTS, text, "latex")
    model = Model.of(TWO_OUTPUTS)
    total = "undecided", "proved", "refuted"
    found = [judged(model, f"E_total = {number}") for number in ("0.125", "0.625", "0.3")]
    assert tuple(one.verdict.value for one in found) == total
    assert "over the whole batch it is" in found[0].findings[0].message


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("b1^+ = b1", "proved"),
        ("b1^+ = 0.35", "proved"),
        ("b1^+ - b1 = 0", "proved"),
        ("b1^+ = b1 - eta*dE/db1", "refuted"),
        ("b1^+ = b1 - 0.5*dE/db1", "refuted"),
        ("b1^+ = 0.3497", "refuted"),
        ("w5^+ = w5 - eta*dE/dw5", "proved"),
        ("w5^+ = w5", "refuted"),
    ],
)
def test_a_bias_that_is_not_updated_stays_as_it_is(claim: str, verdict: str) -> None:
    """The published example has update_biases = false; for its biases w⁺ is w, in every ring."""
    found = judged("mazur", claim)
    assert found.verdict.value == verdict
    codes = [finding.code for finding in found.findings]
    assert ("bias-not-updated" in codes) == ("eta*dE/db1" in claim or "0.5*dE/db1" in claim)


def test_biases_are_updated_where_the_file_does_not_say_otherwise() -> None:
    """The other meaning, and the only one of a network that does update its biases."""
    assert judged("xor", "bias_c1^+ = bias_c1 - eta*dE/dbias_c1").verdict.value == "proved"
    assert judged("xor", "bias_c1^+ = bias_c1").verdict.value == "refuted"


def test_the_ends_of_a_chain_with_a_doubtful_step() -> None:
    """A step that is right in its digits alone leads to a wrong number: that is refuted."""
    claim = "dE/dw5 = 1.0*(out_o1-target_o1)*out_o1*(1-out_o1)*out_h2 = 0.0827"
    found = judged("mazur", claim)
    assert [relation.verdict.value for relation in found.relations] == ["undecided", "refuted"]
    assert "wrong-number" in [finding.code for finding in found.findings]
