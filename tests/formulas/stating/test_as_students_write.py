"""Documents as students write them: sums up to d, chains that explain σ', averages over examples."""

from __future__ import annotations

import pytest

from derive.checking.check import check_document
from derive.errors import InputError
from tests.formulas.authors import equations
from tests.formulas.stating.test_judging import last, report

NORMED = (
    r"\mu = \frac{1}{d} \sum_{j=1}^{d} x_j",
    r"s = \sqrt{\frac{1}{d} \sum_{j=1}^{d} (x_j - \mu)^2 + \varepsilon}",
    r"n_j = \frac{x_j - \mu}{s}",
    r"L = \frac12 \sum_{j=1}^d (g_j n_j - t_j)^2",
)


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\frac{\partial \mu}{\partial x_i} = \frac1d", "proved"),
        (r"\frac{\partial \mu}{\partial x_i} = 1/d", "proved"),
        (r"\frac{\partial \mu}{\partial x_i} = d", "refuted"),
        (r"\frac{\partial s}{\partial x_i} = \frac{x_i - \mu}{d s}", "proved"),
        (r"\frac{\partial s}{\partial x_i} = \frac{x_i - \mu}{s}", "refuted"),
        (r"\frac{d s}{d x_i} = \frac{x_i - \mu}{d s}", "proved"),
        (r"\frac{d s}{d x_i} = \frac{x_i + \mu}{d s}", "refuted"),
        (r"\frac{dL}{dg_j} = (g_j n_j - t_j) n_j", "proved"),
        (
            r"\frac{\partial n_j}{\partial x_i} = \frac1s (\delta_{ij} - \frac1d - \frac{n_i n_j}{d})",
            "proved",
        ),
        (
            r"\frac{\partial n_j}{\partial x_i} = \frac1s (\delta_{ij} - \frac1d - n_i n_j)",
            "refuted",
        ),
    ],
)
def test_d_is_a_number_where_sums_end_with_it(claim: str, said: str) -> None:
    """1/d and d s are no differentials there; a d in numerator and denominator is one still."""
    assert last(*NORMED, claim).verdict.value == said


def test_d_is_a_number_beside_a_network_that_is_given() -> None:
    """So it is from the first Σ on that ends with d."""
    net = equations("weights: w\ny = sum(w[i]*x[i], i=1..2)\nE = 1/2*(y/2 - t)^2\n")
    claims = (r"y = \sum_{i=1}^d w_i x_i", r"\frac{\partial E}{\partial y} = \frac{1}{d} (y/2 - t)")
    text = "\n\n".join(f"$$ {claim} $$" for claim in claims)
    assert [c.verdict.value for c in check_document(net, text, "md").claims] == ["proved"] * 2


NEURON = (r"z = w x + b", r"a = \sigma(z)", r"L = \frac12 (a - y)^2")


@pytest.mark.parametrize(
    ("end", "said"), [("a (1 - a)", "proved"), ("z (1 - z)", "refuted"), ("a (1 + a)", "refuted")]
)
def test_a_product_of_functions_defines_none(end: str, said: str) -> None:
    """σ(z) (1 − σ(z)) = z (1 − z) is a mistake, and does not say what σ is in what follows."""
    chain = rf"\sigma'(z) = \sigma(z) (1 - \sigma(z)) = {end}"
    after = r"\frac{\partial L}{\partial z} = (a - y) a (1 - a)"
    assert [c.verdict.value for c in report(*NEURON, chain, after).claims] == [said, "proved"]


@pytest.mark.parametrize("one", [r"\mathbf{1}_{z > 0}", r"\mathbf 1(z > 0)", r"\mathbf{1}[z > 0]"])
def test_a_bold_indicator_is_no_sign_of_vectors(one: str) -> None:
    """The 1 of an indicator is set bold where all names are numbers, and they stay numbers."""
    net = (r"z = w x + b", r"a = \text{ReLU}(z)", r"L = \frac12 (a - y)^2")
    claim = rf"\frac{{\partial L}}{{\partial w}} = (a - y) {one} x"
    wrong = rf"\frac{{\partial L}}{{\partial w}} = (a + y) {one} x"
    assert [c.verdict.value for c in report(*net, claim, wrong).claims] == ["proved", "refuted"]


def test_what_is_not_understood_ends_in_a_message() -> None:
    """Definitions with more indices than there are letters for them are no network, and no crash."""
    net = (
        r"Z^{[1]} = W^{[1]} X + b^{[1]}",
        r"A^{[1]} = \tanh(Z^{[1]})",
        r"J = \frac1m \sum_{i=1}^m (Y^{(i)} \log A^{[1](i)} + (1 - Y^{(i)}) \log(1 - A^{[1](i)}))",
    )
    claim = r"\frac{\partial J}{\partial Z^{[1]}} = A^{[1]} - Y"
    with pytest.raises(InputError, match=r"no error E that depends|could not be read|no network"):
        report(*net, claim)
