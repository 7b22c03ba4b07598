r"""What may mean two things in print is not judged by one of them: 1\frac12, σ' x, k ∈ {1}."""

from __future__ import annotations

import pytest

from derive import check, check_document
from derive.networks.network import Network
from tests.formulas.authors import equations, verdict

UNIT = equations("""
weights: w, b
z = w*x + b
a = sig(z)
E = 1/2*(y - a)^2
""")
SLOPE = r"\frac{\partial E}{\partial w}"
RIGHT = "(a - y) a (1 - a) x"
PLANE = "y=\\sum_{i\\in %s}\\sum_j v_{ij} out_{ij}"


@pytest.mark.parametrize(
    ("members", "said"),
    [
        (r"\{1\}", "unreadable"),
        ("1", "unreadable"),
        (r"\emptyset", "unreadable"),
        (r"I \setminus \{1\}", "unreadable"),
        (r"I \ {1}", "unreadable"),
        (r"S \cap \{1\}", "unreadable"),
        (r"\{1, \dots, 2\}", "proved"),
        (r"\{1, \dots, 1\}", "refuted"),
        (r"\{1, \dots, n\}", "proved"),
        (r"\mathcal{N}(j)", "proved"),
        (r"\Omega", "proved"),
    ],
)
def test_a_set_is_all_that_fits_only_by_a_name(members: str, said: str) -> None:
    """A Σ over {1}, or over I without 1, leaves out what one over I takes in."""
    assert verdict("conv2d", PLANE % members) == said


@pytest.mark.parametrize(
    ("members", "said"),
    [("J", {"proved"}), (r"\{1, \dots, n\}", {"proved"}), (r"\{1\}", {"unreadable"})],
)
def test_an_error_with_members_that_are_written_out_is_no_other(
    members: str, said: set[str]
) -> None:
    """An error that is the sum over {1} alone is not taken for one over all outputs."""
    text = (
        rf"$z_j = \sum_i w_{{ji}} x_i$, $o_j = \sigma(z_j)$, $E = \frac12 \sum_{{j \in {members}}}"
        " (o_j - t_j)^2$.\n\n$$\\frac{\\partial E}{\\partial o_j} = o_j - t_j$$\n"
    )
    assert {claim.verdict.value for claim in check_document(None, text, "md").claims} == said


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (rf"{SLOPE} = 2\frac12 {RIGHT}", "proved"),
        (rf"{SLOPE} = 2\frac12 (a - y) a (1 + a) x", "refuted"),
        (rf"\frac52 {SLOPE} = 2\frac12 {RIGHT}", "unreadable"),
        (rf"\frac12 {SLOPE} = 1\frac12 {RIGHT}", "unreadable"),
        (rf"\frac32 {SLOPE} = 1\frac12 {RIGHT}", "unreadable"),
        (rf"{SLOPE} = 1\tfrac01 {RIGHT}", "unreadable"),
        (rf"{SLOPE} = 1\frac{{-1}}{{0}} {RIGHT}", "undecided"),
        (rf"-{SLOPE} = 1\frac{{-1}}{{1}} {RIGHT}", "proved"),
        (rf"\frac12 {SLOPE} = 1 \cdot \frac12 {RIGHT}", "proved"),
        (rf"\frac12 {SLOPE} = 1 (\frac12) {RIGHT}", "proved"),
    ],
)
def test_a_fraction_behind_a_number_may_be_added_to_it(claim: str, said: str) -> None:
    r"""A product is meant where the number cancels the fraction, 2\frac12, and it is right so."""
    assert verdict(UNIT, claim) == said


@pytest.mark.parametrize(
    ("side", "said"),
    [
        (r"(a - y) \sigma' x", "unreadable"),
        (r"\sigma'(a - y) x", "unreadable"),
        (r"\sigma'(\frac{\partial E}{\partial a}) x", "unreadable"),
        (r"(a - y) \sigma'(z) x", "proved"),
        (r"(a - y) \sigma'(a) x", "refuted"),
        (r"(a - y) \sigma'(w x) x", "refuted"),
        (r"(a - y) \sigma'(z) y", "refuted"),
    ],
)
def test_a_slope_without_its_argument_refutes_nothing(side: str, said: str) -> None:
    """In σ' x the slope is that at z, and x another factor; σ'(a) for σ'(z) stays a mistake."""
    assert verdict(UNIT, f"{SLOPE} = {side}") == said


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("E_w = (a - y) a (1 - a) x", "unreadable"),
        ("z_w = x", "unreadable"),
        ("E_w = \\frac12 (y - a)^2", "proved"),
        ("E_n = (y - a)^2", "refuted"),
    ],
)
def test_a_parameter_below_the_error_may_be_what_it_is_differentiated_by(
    claim: str, said: str
) -> None:
    """E_w is E, as a function of w, or ∂E/∂w: what is wrong of one is not refuted."""
    assert verdict(UNIT, claim) == said


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\frac{\partial E}{\partial w} = \delta w", "unreadable"),
        ("dE/dw = d w", "unreadable"),
        (r"\delta w = (a - y) a (1 - a) x", "proved"),
        (r"\frac{\partial E}{\partial w} = \delta w = (a - y) a (1 - a) x", "proved"),
    ],
)
def test_a_name_for_a_derivative_is_not_evident_by_itself(claim: str, said: str) -> None:
    """That δw is ∂E/∂w is seen where something right is said of it; δ · w may be meant else."""
    assert verdict(UNIT, claim) == said


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("(a - y)^2 - 1 = 2E-1", "unreadable"),
        ("2E-3 = 0.002", "unreadable"),
        ("(a - y)^2 - 1 = 2 E - 1", "proved"),
        ("2e-3 = 0.002", "proved"),
        (r"1000 E = 1e3 \cdot E", "proved"),
    ],
)
def test_a_power_of_ten_may_be_a_sum_with_the_error(claim: str, said: str) -> None:
    """2E-1 is 0.2 to a program, and 2E − 1 on paper."""
    assert verdict(UNIT, claim) == said


@pytest.mark.parametrize(
    ("label", "told"),
    [
        (r"\frac{\partial E}{\partial a}", True),
        (r"\delta", True),
        (r"E_a", True),
        (r"\text{the error's slope}", False),
        ("error", False),
        ("1", False),
    ],
)
def test_a_formula_at_a_brace_is_told_not_to_be_judged(label: str, told: bool) -> None:
    """What a label says of the brace may be wrong; the formula around it is judged all the same."""
    claim = rf"{SLOPE} = \underbrace{{(a - y)}}_{{{label}}} a (1 - a) x"
    (judged,) = check_document(UNIT, f"$$ {claim} $$", "md").claims
    assert judged.verdict.value == "proved"
    notes = [claim[f.start : f.end] for f in judged.findings if f.code == "no-claim"]
    assert notes == [label] * told


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"w_5 = 0.4 - 0.5 \cdot 0.0822 = 0.3589", "undecided"),
        ("w_5 = 0.3589", "undecided"),
        ("w_5 = 0.4", "proved"),
        ("w_5 = 0.4411", "refuted"),
        (r"w_5 = 0.4 + 0.5 \cdot 0.0822 = 0.4411", "refuted"),
    ],
)
def test_what_a_weight_is_after_a_step_is_not_refuted_as_what_it_was_before(
    claim: str, said: str
) -> None:
    """Many write w_5 = 0.4 − 0.5 · 0.0822 = 0.3589 for the new value, with the old name."""
    assert verdict("mazur", claim) == said


def test_a_number_is_no_factor_of_a_path_that_is_added() -> None:
    """The 1 of 1 − a_k stands for δ_jk: nothing is added that should be multiplied."""
    claim = r"\frac{\partial out_{b_i}}{\partial net_{b_j}} = out_{b_i} (1 - out_{b_j})"
    said = check("classifier", claim).claims[0]
    assert said.verdict.value == "refuted"
    assert not [f for f in said.findings if f.code == "added-factors"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("otu_{c_1}", "out_c1"),
        ("o_{c_1}", "out_c1"),
        ("Out_{c1}", "out_c1"),
        ("out_{c_4}", ""),
        ("out_{c_{2-1}}", ""),
        ("b_{c_1}", ""),
        (r"\delta^1_{d_1}", ""),
        ("w_{371}", ""),
    ],
)
def test_only_a_name_that_may_be_misspelled_is_asked_for(name: str, meant: str) -> None:
    """No other number, letter or reckoned index is taken for a slip of the pen."""
    (said,) = check("2-4-3-2", f"net_{{d_1}} = {name}").claims
    asked = [f.message.partition("did you mean '")[2].partition("'")[0] for f in said.findings]
    assert "".join(asked) == meant


@pytest.mark.parametrize(
    ("claim", "said"),
    [("y = Out_{11}", "unreadable"), ("y = o_{11}", "unreadable"), ("y = out_{11}", "refuted")],
)
def test_a_name_for_the_output_is_not_evident_by_itself(claim: str, said: str) -> None:
    """Whatever is said to be the output would be right, if it were a name for it."""
    assert verdict("conv2d", claim) == said


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\frac{\partial z}{\partial a} = \frac{1}{a (1 - a)}", "unreadable"),
        (r"\frac{\partial z}{\partial a} = 0", "proved"),
        (r"\frac{\partial w}{\partial z} = \frac1x", "unreadable"),
        (r"\frac{\partial a}{\partial z} = \frac{1}{a (1 - a)}", "refuted"),
        (r"\frac{\partial x}{\partial w} = 5", "refuted"),
        (r"\frac{\partial E}{\partial w} = (a - y) \frac{\partial z}{\partial a} x", "refuted"),
    ],
)
def test_a_derivative_by_what_comes_later_may_be_that_of_the_inverse(claim: str, said: str) -> None:
    """∂z/∂a is 0 here, where a is made of z; to authors it is 1/(∂a/∂z), and is not refuted."""
    assert verdict(UNIT, claim) == said


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (r"\frac{\partial E_{total}}{\partial w_5}(0.4)", "unreadable"),
        (r"2 \frac{\partial E_{total}}{\partial w_5}", "refuted"),
        (r"\frac{\partial E_{total}}{\partial w_5}", "proved"),
    ],
)
def test_a_number_behind_a_derivative_may_be_where_it_is_taken(left: str, said: str) -> None:
    """∂E/∂w₅ (0.4) may be the derivative where w₅ is 0.4, and no product."""
    assert verdict("mazur", f"{left} = 0.0821670") == said


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"J = \frac12 (y - a^{(3)})^2", "proved"),
        (r"J = \frac12 (y - h)^2", "proved"),
        (r"J = (y - a^{(3)})^2", "refuted"),
        (r"J = \frac12 (y + a^{(3)})^2", "refuted"),
        (r"\delta^{(3)} = -(y - a^{(3)})^2", "refuted"),
    ],
)
def test_the_square_of_a_vector_may_be_that_of_its_length(claim: str, said: str) -> None:
    """Where an error is to be ½(y − a)² of vectors, it is ½‖y − a‖², and no mistake of shapes."""
    network = Network.read("2-3-2", notation="ufldl", bias="neuron")
    assert verdict(network, claim) == said
