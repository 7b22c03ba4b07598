r"""Definitions of articles and exercises: words for names, an error e, (n) behind all, bars."""

from __future__ import annotations

import pytest

from derive.checking.claims import Verdict
from derive.errors import InputError
from tests.formulas.authors import layered, verdict
from tests.formulas.stating.test_judging import NET, last, report


def said(definitions: tuple[str, ...], claim: str) -> str:
    """What becomes of a claim behind definitions; silent if it claims nothing."""
    known = {claim.line: claim.verdict.value for claim in report(*definitions, claim).claims}
    return known.get(3 + 4 * len(definitions), "silent")


RAMP = (
    r"z = \mathbf{w} \cdot \mathbf{x} + b",
    r"activation(\mathbf{x}) = \max(0, \mathbf{w} \cdot \mathbf{x} + b)",
)


@pytest.mark.parametrize(
    ("claim", "verdict_"),
    [
        (r"\frac{\partial activation}{\partial b} = \mathbb{1}(z > 0)", "proved"),
        (r"\frac{\partial activation}{\partial b} = \mathbb{1}(z < 0)", "refuted"),
    ],
)
def test_a_word_with_what_it_depends_on_is_defined(claim: str, verdict_: str) -> None:
    """activation(x) = … defines the activation, which is no product of letters, nor any error."""
    assert said(RAMP, claim) == verdict_
    assert all(found.text not in RAMP for found in report(*RAMP, claim).claims)


UNREAD = r"E = \sum_{j : t_j > 0} (y_j - t_j)^2"
WRONG = r"\frac{\partial E}{\partial y_j} = t_j"


def test_an_error_whose_definition_is_not_read_refutes_nothing() -> None:
    """It is left open, and what is wrong for the errors that are tried may be right for it."""
    assert last(*NET[:2], UNREAD, WRONG).verdict is Verdict.UNREADABLE


def test_outputs_that_are_inputs_too_make_no_network_with_such_an_error() -> None:
    """What is missing is what stands behind E."""
    with pytest.raises(InputError, match="what stands behind E = could not be read"):
        report(NET[0].replace("x_i", "y_i"), NET[1], UNREAD, WRONG)


BRACES = (
    *NET[:2],
    r"E = -\sum_{j=1}^K \{ t_j \ln y_j + (1 - t_j) \ln (1 - y_j) \}",
)


@pytest.mark.parametrize(
    ("claim", "verdict_"),
    [
        (r"\frac{\partial E}{\partial z_j} = y_j - t_j", "proved"),
        (r"\frac{\partial E}{\partial z_j} = t_j - y_j", "refuted"),
    ],
)
def test_curly_brackets_in_a_definition(claim: str, verdict_: str) -> None:
    r"""\{ … \} groups as round brackets do."""
    assert said(BRACES, claim) == verdict_


OWN_E = (r"y = \sum_i w_i x_i", r"e = d - y", r"E = \frac12 e^2")


@pytest.mark.parametrize(
    ("claim", "verdict_"),
    [
        (r"\frac{\partial E}{\partial w_i} = e \frac{\partial e}{\partial w_i} = -e x_i", "proved"),
        (r"\frac{\partial E}{\partial w_i} = e x_i", "refuted"),
        (r"\frac{\partial E}{\partial w_i} = -e^2 x_i", "refuted"),
        (r"\frac{\partial E}{\partial w_i} = -(d - y) x_i e^{0}", "proved"),
        (r"\frac{\partial E}{\partial w_i} = -e^{x_i}", "refuted"),
    ],
)
def test_an_error_that_is_called_e(claim: str, verdict_: str) -> None:
    """What a document defines as e is that, and its square e²; e^{x} is the exponential still."""
    assert said(OWN_E, claim) == verdict_
    assert said((*OWN_E, r"s = \frac{1}{1 + e^{-y}}"), claim) == verdict_


QUARTIC = (r"v_j = \sum_i w_{ji} y_i", r"y_j = \varphi(v_j)", r"E = \frac14 \sum_j (y_j - t_j)^4")
OF_TIME = (
    r"e_j(n) = d_j(n) - y_j(n)",
    r"E(n) = \frac{1}{2} \sum_{j \in C} e_j^2(n)",
    r"v_j(n) = \sum_{i=0}^{m} w_{ji}(n) y_i(n)",
    r"y_j(n) = \varphi_j(v_j(n))",
)


@pytest.mark.parametrize(
    ("definitions", "claim", "verdict_"),
    [
        (QUARTIC, r"\frac{\partial E}{\partial y_j} = (y_j - t_j)^3", "proved"),
        (QUARTIC, r"\frac{\partial E}{\partial y_j} = y_j - t_j", "refuted"),
        (
            OF_TIME,
            r"\frac{\partial E(n)}{\partial w_{ji}(n)} = -e_j(n) \varphi_j'(v_j(n)) y_i(n)",
            "proved",
        ),
        (
            OF_TIME,
            r"\frac{\partial E(n)}{\partial w_{ji}(n)} = -e_j(n) \varphi_j(v_j(n)) y_i(n)",
            "refuted",
        ),
        (OF_TIME, r"\frac{\partial y_j(n)}{\partial v_j(n)} = \varphi_j'(v_j(n))", "proved"),
    ],
)
def test_the_error_of_units_is_the_one_that_is_defined(
    definitions: tuple[str, ...], claim: str, verdict_: str
) -> None:
    """No loss is made up for units whose error is written; (n) behind all names says nothing."""
    assert said(definitions, claim) == verdict_


TWO_LAYERS = (
    r"z_i = \sum_j w^{(1)}_{ij} x_j",
    r"h_i = \sigma(z_i)",
    r"y_k = \sum_i w^{(2)}_{ki} h_i",
    r"L = \frac12 \sum_k (y_k - t_k)^2",
    r"\overline{L} = 1",
    r"\overline{y_k} = \overline{L} (y_k - t_k)",
)


@pytest.mark.parametrize(
    ("claim", "verdict_"),
    [
        (r"\overline{w_{ki}^{(2)}} = \overline{y_k} h_i", "proved"),
        (r"\overline{w_{ki}^{(2)}} = \overline{y_k} y_k", "refuted"),
        (r"\overline{\mathbf{W}^{(2)}} = \overline{\mathbf{y}} \mathbf{h}^\top", "proved"),
        (r"\overline{\mathbf{W}^{(2)}} = \mathbf{h} \overline{\mathbf{y}}^\top", "refuted"),
        (r"\overline{h_i} = \sum_k \overline{y_k} w_{ki}^{(2)}", "proved"),
        (r"\overline{h_i} = \sum_k \overline{y_k} w_{ik}^{(2)}", "refuted"),
        (r"\overline{\mathbf{W}^{(2)}}^\top = \mathbf{h} \overline{\mathbf{y}}^\top", "proved"),
    ],
)
def test_bars_are_derivatives_though_each_is_defined(claim: str, verdict_: str) -> None:
    """A name with a bar is judged as an adjoint where several hold so, and not passed over."""
    assert said(TWO_LAYERS, claim) == verdict_
    assert last(*TWO_LAYERS).verdict is Verdict.PROVED


def test_a_letter_for_any_activation_is_that_of_each_layer() -> None:
    """φ, which the notation calls every activation, is no sigmoid in a layer of tanh."""
    network = layered([2, 3, 2], activation=["sigmoid", "tanh"], notation="rumelhart")
    claim = r"\frac{\partial o_j}{\partial net_j} = \varphi'(net_j)"
    assert verdict(network, claim) == "proved"
    assert verdict(network, claim.replace("'", "")) == "refuted"


BATCH = (
    r"\mu_k = \frac{1}{N} \sum_p h_{pk}",
    r"\sigma^2_k = \frac{1}{N} \sum_p (h_{pk} - \mu_k)^2",
    r"\hat h_{kl} = (h_{kl} - \mu_l)(\sigma_l^2 + \epsilon)^{-1/2}",
    r"y_{kl} = \gamma_l \hat h_{kl} + \beta_l",
)
NORMED = (
    r"\mu = \frac{1}{d} \sum_{i=1}^d x_i",
    r"\sigma^2 = \frac{1}{d} \sum_{i=1}^d (x_i - \mu)^2",
    r"\hat{x}_i = \frac{x_i - \mu}{\sigma}",
)
SCALED = (*NORMED, r"y_i = g_i \hat{x}_i")
BY_SQUARE = r"\frac{\partial L}{\partial \sigma^2} = -\sum_i \frac{\partial L}{\partial \hat{x}_i}"
DOT = (r"\hat y = \sigma(w \cdot x + b)", r"L = -[y \log \hat y + (1 - y) \log(1 - \hat y)]")
LINEAR = (r"\hat y = \sum_i \theta_i x_i", r"J(\theta) = \frac12 (\hat y - y)^2")
BRACED = (r"z = w x + b", r"a = \sigma(z)", r"L = (y - a)^2")


@pytest.mark.parametrize(
    ("definitions", "claim", "verdict_"),
    [
        (BATCH, r"\frac{dL}{d\beta_j} = \sum_k \frac{dL}{dy_{kj}}", "proved"),
        (BATCH, r"\frac{dL}{d\beta_j} = \sum_k \frac{dL}{dy_{jk}}", "refuted"),
        (NORMED, r"\sigma \frac{\partial \hat{x}_i}{\partial x_j} = \delta_{ij} - \frac1d - \hat{x}_i \hat{x}_j / d", "proved"),
        (NORMED, r"\sigma \frac{\partial \hat{x}_i}{\partial x_j} = \delta_{ij} + \frac1d - \hat{x}_i \hat{x}_j / d", "refuted"),
        (SCALED, rf"{BY_SQUARE} \frac{{\hat{{x}}_i}}{{2 \sigma^2}}", "proved"),
        (SCALED, rf"{BY_SQUARE} \frac{{\hat{{x}}_i}}{{2 \sigma}}", "refuted"),
        (DOT, r"\frac{\partial L}{\partial w_j} = (\hat y - y) x_j", "proved"),
        (DOT, r"\frac{\partial L}{\partial w_j} = (\hat y - y) w_j", "refuted"),
        (LINEAR, r"\theta = \theta - \eta \nabla_\theta J(\theta)", "proved"),
        (LINEAR, r"\theta = \theta + \eta \nabla_\theta J(\theta)", "refuted"),
        (LINEAR, r"\theta_{t+1} = \theta_t - \eta \nabla_\theta J(\theta_t)", "proved"),
        (LINEAR, r"\theta_{t+1} = \theta_t + \eta \nabla_\theta J(\theta_t)", "refuted"),
        (LINEAR, r"\theta_{t+1} = \theta_t - \eta \frac{\partial J}{\partial \theta_t}", "proved"),
        (LINEAR, r"\theta_{i+1} = \theta_i - \eta \frac{\partial J}{\partial \theta_i}", "refuted"),
        (BRACED, r"\frac{\partial L}{\partial w} = \underbrace{-2(y - a) a (1 - a)}_{\delta} x",
         "proved"),
        (BRACED, r"\frac{\partial L}{\partial w} = \underbrace{-2(y - a) a (1 + a)}_{\delta} x",
         "refuted"),
        (BRACED, r"\frac{\partial L}{\partial w} = x \underbrace{-2(y - a) a (1 - a)}_{\delta}",
         "unreadable"),
    ],
)  # fmt: skip
def test_what_names_and_signs_say_beside_others(
    definitions: tuple[str, ...], claim: str, verdict_: str
) -> None:
    """What is certain beside the definitions, and unreadable or wrong only where it is that.

    The l of h_{kl} is an index as in μ_l; the σ of a variance σ² is its root; w_j is an entry of
    the w in w · x; θ_{t+1} is the next θ, and J(θ) no product; a minus may begin a brace.
    """
    assert said(definitions, claim) == verdict_


WORDS = (
    r"\bm{x} = \text{input}",
    r"\bm{z} = \bm{W} \bm{x} + \bm{b}",
    r"\hat{\bm{y}} = \text{softmax}(\bm{z})",
    r"\ell = CE(\bm{y}, \hat{\bm{y}})",
)


def test_words_that_say_what_a_name_is_define_it_by_nothing() -> None:
    r"""X = \text{input} leaves x given; an error ℓ is written \ell where a correction is."""
    right = r"\frac{\partial \ell}{\partial \bm{b}} = \hat{\bm{y}} - \bm{y}"
    assert said(WORDS, right) == "proved"
    wrong = (
        r"\frac{\partial \ell}{\partial \bm{W}} = -\frac{\partial \ell}{\partial \bm{z}} \bm{x}^T"
    )
    (finding,) = [f for f in last(*WORDS, wrong).findings if f.suggestion]
    assert finding.suggestion == r"\frac{\partial \ell}{\partial \bm{z}}\bm{x}^{\top}"


@pytest.mark.parametrize("sign", [r"\sum", "∑", "Σ"])
def test_a_sum_stands_beside_its_factor_in_each_of_its_signs(sign: str) -> None:
    """½∑_j (y_j − a_j)² with the sign of the keyboard defines an error, as with that of TeX."""
    net = (
        r"z_j = \sum_i w_{ji} x_i",
        r"a_j = \sigma(z_j)",
        rf"C = \frac{{1}}{{2}}{sign}_j(y_j−a_j)^2",
    )
    assert said(net, r"\frac{∂C}{∂a_j} = (a_j−y_j)") == "proved"
    assert said(net, r"\frac{∂C}{∂a_j} = (a_j+y_j)") == "refuted"
