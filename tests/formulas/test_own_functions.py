"""Letters for functions that a document makes its own: g(z) = 1 − tanh²(z) is no activation any more."""

from __future__ import annotations

import pytest

from derive.checking.check import check_document
from derive.networks.equations.system import System
from tests.formulas.authors import equations

NETWORK = System.from_text(
    "z[j] = sum(w[j,i]*x[i], i=1..3), j=1..2\nh[j] = tanh(z[j]), j=1..2\n"
    "s = sum(v[j]*h[j], j=1..2)\nE = 1/2*(s - y)^2\n",
    "one layer",
)
LETTERS = ("g", "f", r"\psi", r"\phi")


def verdicts(*formulas: str) -> list[str]:
    """What is said of the claims among these displays."""
    text = "".join(f"\n$$\n{one}\n$$\n" for one in formulas)
    return [claim.verdict.value for claim in check_document(NETWORK, text, "md").claims]


@pytest.mark.parametrize("letter", LETTERS)
def test_what_defines_another_function_claims_nothing(letter: str) -> None:
    """What is made with it is neither right nor wrong; it was refuted, or proved with tanh."""
    defines = rf"{letter}(z) = 1 - \tanh^2(z)"
    right = rf"\frac{{\partial E}}{{\partial z_j}} = (s - y) v_j {letter}(z_j)"
    wrong = rf"\frac{{\partial E}}{{\partial z_j}} = (s - y) v_j {letter}'(z_j)"
    assert verdicts(defines, right, wrong) == ["unreadable"] * 2


@pytest.mark.parametrize("letter", LETTERS)
def test_the_letter_is_the_activation_where_nothing_else_is_said(letter: str) -> None:
    """So it is if the document says of it what the network says."""
    defines = rf"{letter}(z) = \tanh(z)"
    slope = rf"\frac{{\partial E}}{{\partial z_j}} = (s - y) v_j {letter}'(z_j)"
    assert verdicts(defines, slope) == ["proved"] * 2
    assert verdicts(slope, slope.replace("'", "")) == ["proved", "refuted"]


def test_sigma_is_no_other_function() -> None:
    """A formula for σ that is wrong is a mistake, and no definition."""
    network = "2-4-3-2"
    text = r"$$\sigma(x) = \frac{1}{1 - e^{-x}}$$"
    (claim,) = check_document(network, text, "md").claims
    assert claim.verdict.value == "refuted"


def test_a_name_has_the_meaning_only_that_a_formula_gives_it() -> None:
    """What holds with every name does not say which quantity an unknown one is."""
    chain = r"\frac{\partial E}{\partial q} = \frac{\partial E}{\partial s} \frac{\partial s}{\partial q}"
    assert verdicts(chain) == ["unreadable"]


def test_a_derivative_that_is_only_named_claims_nothing() -> None:
    r"""A sentence may ask for ``\partial E/\partial v_1`` without saying what it is."""
    text = r"Derive $\frac{\partial E}{\partial v_1}$ and put in the numbers."
    assert check_document(NETWORK, text, "md").claims == ()


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\text{ReLU}'(z) = \mathbf{1}_{z > 0}", "proved"),
        (r"\text{ReLU}'(z) = 1_{z > 0}", "proved"),
        (r"\text{ReLU}'(z) = \mathbf{1}(z > 0)", "proved"),
        (r"\text{ReLU}(z) = z \, 1_{z > 0}", "proved"),
        (r"\text{ReLU}'(z) = 1[z > 0]", "proved"),
        (r"\text{ReLU}'(z) = 1(z > 0)", "proved"),
        (r"\text{ReLU}'(z) = 1[z < 0]", "refuted"),
        (r"\text{ReLU}'(z) = \mathbf{1}_{z < 0}", "refuted"),
        (r"\text{ReLU}(z) = 1_{z > 0}", "refuted"),
        (r"\text{ReLU}'(z) = \begin{cases} 1 & z > 0 \\ 0 & z \le 0 \end{cases}", "proved"),
        (r"\text{ReLU}'(z) = \begin{cases} 1 & z < 0 \\ 0 & z \ge 0 \end{cases}", "refuted"),
        (r"\text{ReLU}'(z) = \begin{cases} 1 & z > 0 \\ 0 & q \le 0 \end{cases}", "unreadable"),
    ],
)
def test_the_variable_of_a_function_is_no_index_where_it_stands_in_a_condition(
    claim: str, said: str
) -> None:
    """In ReLU'(z) = 1_{z > 0} the z of a function that the network has none of is a number.

    It is that below the 1, too, where index letters stand elsewhere, and in all rows of its cases.
    """
    network = equations("s = w*u\na = tanh(s)\nE = 1/2*(a - t)^2\n")
    (found,) = check_document(network, f"$${claim}$$\n", "md", "relu.md").claims
    assert found.verdict.value == said
