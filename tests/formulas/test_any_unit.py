r"""What is said of any unit or any parameter: Σ_o δ_o, ∂E/∂b = δ, quotients of differences."""

from __future__ import annotations

import pytest

from derive import check
from tests.formulas.authors import layered, verdict
from tests.formulas.judging import slope

MIXED = layered([3, 2, 2], notation="numbered", activation="tanh", bias="neuron")
LETTERS = layered([3, 2, 2], notation="letters", activation="tanh", bias="neuron")
NET = layered([3, 2, 2], activation="tanh", bias="neuron", names={"E_total": "Q"})


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (rf"{slope('E', 'out_{h2}')} = \sum_o \delta_o {slope('net_o', 'out_{h2}')}", "proved"),
        (rf"{slope('E', 'out_{h2}')} = \sum_o \delta_o {slope('net_o', 'out_{h1}')}", "refuted"),
        (rf"{slope('E', 'out_{h2}')} = -\sum_o \delta_o {slope('net_o', 'out_{h2}')}", "refuted"),
        (rf"{slope('E', 'out_{h2}')} = \sum_{{o}} out_o {slope('net_o', 'out_{h2}')}", "refuted"),
        (
            rf"{slope('E', 'out_{h2}')} = \sum\limits_{{o}}{{{slope('E', 'out_{o}')} * {slope('out_{o}', 'net_{o}')} * {slope('net_{o}', 'out_{h2}')}}}",
            "proved",
        ),
        (
            rf"{slope('E', 'out_{h2}')} = \sum_{{o}} {slope('E', 'out_{o}')} * {slope('net_{o}', 'out_{h2}')}",
            "refuted",
        ),
        (r"E = \sum_o E_o", "proved"),
        (r"E = \sum_o \frac12 (target_o - out_o)^2", "proved"),
        (r"E = \sum_o (target_o - out_o)^2", "refuted"),
        (r"E = \sum_h E_h", "unreadable"),
        (rf"\delta_{{h1}} = \sum_o \delta_o {slope('net_o', 'out_{h1}')} (1 - out_{{h1}}^2)", "proved"),
        (rf"\delta_{{h1}} = \sum_o \delta_o {slope('net_o', 'out_{h1}')} (1 - out_{{h2}}^2)", "refuted"),
    ],
)  # fmt: skip
def test_a_sum_over_the_units_of_a_layer_by_its_letter(claim: str, said: str) -> None:
    """Σ_o counts o1, o2, …, where o is the layer and no index."""
    assert verdict(MIXED, claim) == said


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\delta_{h2} = \sum_o \delta_o w_{ho} (1 - out_{h2}^2)", "proved"),
        (r"\delta_{h_2} = (1 - out_{h_2}^2) \sum_{o} w_{oh} \delta_o", "proved"),
        (rf"{slope('E', 'w_5')} = \Big(\sum\limits_{{o}} \delta_o w_{{h,o}}\Big) (1 - out_{{h2}}^2) i_2", "proved"),
        (r"E = \sum_h \sum_o w_{ho} out_h + E - \sum_o \sum_h out_h w_{oh}", "proved"),
        (r"\delta_{h2} = -\sum_o \delta_o w_{ho} (1 - out_{h2}^2)", "refuted"),
        (r"\delta_{h2} = \sum_o \delta_o w_{ho}", "refuted"),
        (rf"{slope('E', 'w_5')} = \sum_o \delta_o w_{{ho}} (1 - out_{{h1}}^2) i_2", "refuted"),
        (rf"{slope('E', 'w_5')} = \sum_o \delta_o w_{{ho}} (1 - out_{{h2}}^2) i_1", "refuted"),
        (r"\delta_{h2} = \sum_o \delta_o w_{ho} (1 - out_{h1}^2)", "unreadable"),
        (rf"{slope('E', 'w_5')} = \sum_o \delta_o w_{{ho}} i_2", "unreadable"),
        (r"\delta_{h2} = \sum_o \delta_o w_{io} (1 - out_{h2}^2)", "unreadable"),
        (r"\delta_{h1} = \sum_o \delta_o w_{h_1 o} (1 - out_{h1}^2)", "proved"),
        (r"\delta_{h1} = \sum_o \delta_o w_{h1 \to o} (1 - out_{h1}^2)", "proved"),
        (r"\delta_{h1} = \sum_o \delta_o w_{h2,o} (1 - out_{h1}^2)", "refuted"),
        (r"\delta_{h2} = \sum_o \delta_o b_{ho} (1 - out_{h2}^2)", "unreadable"),
    ],
)  # fmt: skip
def test_a_weight_by_the_letters_of_two_layers(claim: str, said: str) -> None:
    """w_{ho} leads from h2 to o1, o2, …, where h2 is the only unit of its layer that is named."""
    assert verdict(MIXED, claim) == said


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\delta_h = (1 - out_h^2) \sum_o w_{ho} \delta_o", "proved"),
        (r"\delta_h = (1 - out_h^2) \sum_o w_{ho}", "refuted"),
        (r"\delta_h = (1 - out_h^2) w_{ho} \delta_o", "unreadable"),
        (r"\delta_h = (1 - out_o^2) \sum_o w_{ho} \delta_o", "unreadable"),
        (r"\delta_o = (out_o - target_o) (1 - out_o^2)", "proved"),
        (r"\delta_o = (out_o - target_o) (1 + out_o^2)", "refuted"),
        (r"\delta_o = (out_o - target_o) (1 - out_h^2)", "refuted"),
        ("delta_o = (out_o - target_o)*(1 - out_o)*(1 + out_o)", "proved"),
        ("dE/dw_ho = delta_o*out_h", "proved"),
        ("dE/dw_ho = delta_h*out_o", "refuted"),
        (rf"{slope('E', 'w_{ho}')} = \delta_o out_h", "proved"),
        (rf"{slope('E', 'w_{oh}')} = \delta_o out_h", "proved"),
        (rf"{slope('E', 'w_{ho}')} = -\delta_o out_h", "refuted"),
        (rf"{slope('E', 'w_{ih}')} = \delta_h i_i", "proved"),
        (rf"{slope('E', 'w_{ih}')} = \delta_h i_h", "unreadable"),
        (rf"{slope('E', 'b_o')} = \delta_o", "proved"),
        (rf"{slope('net_o', 'out_h')} = w_{{ho}}", "proved"),
        (rf"{slope('net_o', 'out_h')} = w_{{ih}}", "unreadable"),
        (r"\Delta w_{ho} = -\eta \delta_o out_h", "proved"),
        (r"\Delta w_{ho} = -\eta \delta_h out_h", "refuted"),
        (r"net_h = \sum_i w_{ih} i_i + b_h", "proved"),
        (r"net_o = \sum_h w_{ho} out_h + b_o", "proved"),
        (r"net_o = \sum_h w_{ho} net_h + b_o", "refuted"),
        (rf"{slope('E', 'w_5')} = \sum_o \delta_o w_{{ho}} (1 - out_h^2) i_2", "unreadable"),
        (r"E_o = \frac12 (target_o - out_o)^2", "proved"),
        (r"E_o = \frac12 \sum_j (target_{o_j} - out_{o_j})^2", "unreadable"),
        (r"E_o = \frac12 \sum (target - out)^2", "unreadable"),
        (r"\delta_o = (out_o - target_o) \odot (1 - out_o^2)", "proved"),
        (r"\delta_h = W_2^\top \delta_o \odot (1 - out_h^2)", "proved"),
        (r"\delta_h = W_2 \delta_o \odot (1 - out_h^2)", "refuted"),
    ],
)  # fmt: skip
def test_the_letter_of_a_layer_for_any_of_its_units(claim: str, said: str) -> None:
    """δ_h and out_h are those of any hidden unit where the left side has the letter.

    What is said of whole layers, with ⊙ and transposes, stays so. E_o with o1, o2, … behind it may
    be the error of all of them.
    """
    assert verdict(MIXED, claim) == said


def test_corrections_have_the_letters_of_layers() -> None:
    """They are written as their author writes such names."""
    (claim,) = check(MIXED, rf"{slope('E', 'w_{ho}')} = -\delta_o out_h").claims
    assert r"\delta_o \cdot out_h" in {f.suggestion for f in claim.findings}
    (claim,) = check(MIXED, r"\delta_h = (out_h^2 - 1) \sum_o w_{oh} \delta_o").claims
    assert any("w_{oh}" in (finding.suggestion or "") for finding in claim.findings)


def test_so_it_is_with_layers_from_a_on() -> None:
    """Of layer c, Σ_c δ_c adds up over c_1 and c_2."""
    right = rf"{slope('E', 'out_{b1}')} = \sum_c \delta_c {slope('net_c', 'out_{b1}')}"
    assert verdict(LETTERS, right) == "proved"
    assert verdict(LETTERS, right.replace(r"\delta_c", "out_c")) == "refuted"
    assert verdict(LETTERS, right.replace("b1", "b2", 1)) == "refuted"
    assert verdict(LETTERS, r"\delta_b = (1 - out_b^2) \sum_c w_{cb} \delta_c") == "proved"
    assert verdict(LETTERS, r"\delta_b = (1 - out_c^2) \sum_c w_{cb} \delta_c") != "proved"
    assert verdict(LETTERS, r"\delta_c = (out_c - target_c) (1 - out_c^2)") == "proved"
    assert verdict(LETTERS, r"net_b = \sum_a w_{ab} out_a + bias_b") == "proved"


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (rf"{slope('Q', 'b')} = \delta", "proved"),
        (rf"{slope('Q', 'b')} = -\delta", "refuted"),
        (rf"{slope('Q', 'b')} = 2 \delta", "unreadable"),
        (rf"{slope('Q', 'b')} = \delta a", "unreadable"),
        (rf"{slope('Q', 'w')} = \delta", "unreadable"),
    ],
)
def test_the_derivative_by_any_bias(claim: str, said: str) -> None:
    """∂Q/∂b = δ is said of each neuron, and nothing else without an index."""
    assert verdict(NET, claim) == said


DEEP = layered([2, 3, 2, 2], activation="tanh", names={"E_total": "Q"})


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (r"a_{\rm in} \delta_{\rm out}", "proved"),
        (r"\delta_{\mathrm{out}} \, a_{\mathrm{in}}", "proved"),
        (r"a_{\text{pre}} \delta_{\text{post}}", "proved"),
        (r"a_{in} \delta", "proved"),
        (r"a_{in} \frac{\partial Q}{\partial z_{out}}", "proved"),
        (r"-a_{in} \delta_{out}", "refuted"),
        (r"a_{in} \frac{\partial Q}{\partial z_{in}}", "refuted"),
        (r"a_{in} \frac{\partial Q}{\partial a_{out}}", "refuted"),
        (r"a_{in} \frac{\partial a_{out}}{\partial z_{out}}", "unreadable"),
        (r"a_{out} \delta_{out}", "refuted"),
        (r"z_{in} \delta_{out}", "refuted"),
        (r"a_{in} \delta_{pre}", "refuted"),
        (r"a_{in} + \delta_{out}", "refuted"),
        (r"\delta_{out}", "refuted"),
        (r"a_{in} (a_{out} - y_{out}) (1 - a_{out}^2)", "unreadable"),
        (r"a_{in} \delta_{out} a_{mid}", "unreadable"),
        (r"a \delta_{out}", "unreadable"),
    ],
)
def test_the_derivative_by_any_weight(made: str, said: str) -> None:
    """It is made of what its two ends have, whatever they are called, and of nothing else."""
    assert verdict(DEEP, rf"{slope('Q', 'w')} = {made}") == said


def test_nothing_of_one_weight_is_proposed_for_any() -> None:
    """What is wrong with a formula of any weight is said without a formula of one."""
    (claim,) = check(DEEP, rf"{slope('Q', 'w')} = -a_{{in}} \delta_{{out}}").claims
    assert claim.verdict.value == "refuted"
    assert all(finding.repaired is None for finding in claim.findings)


UP, AT, DOWN = r"Q(w + \epsilon e_j)", "Q(w)", r"Q(w - \epsilon e_j)"


@pytest.mark.parametrize(
    ("above", "below", "said"),
    [
        (f"{UP} - {AT}", r"\epsilon", "proved"),
        (f"{AT} - {DOWN}", r"\epsilon", "proved"),
        (f"{UP} - {DOWN}", r"2 \epsilon", "proved"),
        (f"{AT} - {UP}", r"\epsilon", "refuted"),
        (f"{DOWN} - {UP}", r"2 \epsilon", "refuted"),
        (f"{UP} - {DOWN}", r"\epsilon", "refuted"),
        (f"{UP} - {AT}", r"2 \epsilon", "refuted"),
        (f"{UP} - {UP}", r"\epsilon", "refuted"),
        (f"{UP} + {AT}", r"\epsilon", "unreadable"),
        (f"{UP} - {AT}", r"\eta", "unreadable"),
        (f"{UP.replace('e_j', 'e_k')} - {AT}", r"\epsilon", "unreadable"),
        (f"{UP.replace(' e_j', '')} - {AT}", r"\epsilon", "unreadable"),
        (f"{UP} - {AT.replace('w', 'b')}", r"\epsilon", "unreadable"),
    ],
)
def test_quotients_of_differences(above: str, below: str, said: str) -> None:
    """Near the derivative is what divides by the step from one value to the other."""
    assert verdict(NET, rf"{slope('Q', 'w_j')} \approx \frac{{{above}}}{{{below}}}") == said
    equal = verdict(NET, rf"{slope('Q', 'w_j')} = \frac{{{above}}}{{{below}}}")
    assert equal == "unreadable", "it is near, and not equal"


def test_checking_a_gradient_with_all_parameters() -> None:
    """Courses write θ, which is each of them."""
    near = r"{} \approx \frac{{Q(\theta + \varepsilon) - Q(\theta - \varepsilon)}}{{2\varepsilon}}"
    assert verdict(NET, near.format(slope("Q", r"\theta"))) == "proved"
    assert verdict(NET, near.format(slope("Q", r"\theta")).replace("{2", "{")) == "refuted"
