"""Names and chains as authors of derivations write them, over networks of equations.

Each row is a right formula with a wrong one like it: the first is proved, the second refuted.
"""

from __future__ import annotations

import re

import pytest

from derive.checking.check import check, check_document
from derive.checking.claims import Judged, Verdict
from derive.model import Model
from derive.networks.equations.system import System
from derive.networks.sources import build

BATCH = r"""
weights: gamma, beta
mu = 1/3*sum(x[i], i=1..3)
var = 1/3*sum((x[i] - mu)^2, i=1..3)
x_hat[i] = (x[i] - mu)/sqrt(var + eps), i=1..3
y[i] = gamma*x_hat[i] + beta, i=1..3
E = sum(1/2*(y[i] - t[i])^2, i=1..3)
"""


def model(text: str) -> Model:
    """The model of a network of equations."""
    return build(System.from_text(text, "net"))


def judged(text: str, formula: str) -> Judged:
    """What is said of one formula about a network of equations."""
    (claim,) = check(model(text), formula).claims
    return claim


def verdict(text: str, formula: str) -> Verdict:
    """The verdict on one formula about a network of equations."""
    return judged(text, formula).verdict


def slopes(formula: str) -> str:
    """A formula with ∂a/∂b in the place of <a/b>."""
    return re.sub(r"<(.*?)/(.*?)>", r"\\frac{\\partial \1}{\\partial \2}", formula)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"\sigma^2 = \frac13 \sum_i (x_i - \mu)^2", r"\sigma^2 = \frac13 \sum_i (x_i - \mu)"),
        (r"s_B^2 = \frac13 \sum_i (x_i - \mu)^2", r"s_B^2 = \frac12 \sum_i (x_i - \mu)^2"),
        (
            r"\sigma_{\mathcal{B}}^2 = \frac13 \sum_i (x_i - \mu_{\mathcal{B}})^2",
            r"\sigma_{\mathcal{B}}^2 = \frac13 \sum_i (x_i + \mu_{\mathcal{B}})^2",
        ),
        (
            r"\hat{x}_i = \frac{x_i - \mu}{\sqrt{\sigma^2 + \epsilon}}",
            r"\hat{x}_i = \frac{x_i - \mu}{\sigma^2 + \epsilon}",
        ),
        (
            r"\frac{\partial \sigma^2}{\partial x_i} = \frac{2}{3} (x_i - \mu)",
            r"\frac{\partial \sigma^2}{\partial x_i} = \frac{1}{3} (x_i - \mu)",
        ),
    ],
)
def test_statistics_are_read_by_their_letters(right: str, wrong: str) -> None:
    """What a file calls var, eps and x_hat is σ², ε and x̂ in print."""
    assert verdict(BATCH, right) is Verdict.PROVED
    assert verdict(BATCH, wrong) is Verdict.REFUTED


def test_a_letter_that_the_network_has_is_its_own() -> None:
    """Where something is called sigma, σ² is its square, and never the variance."""
    text = "sigma = w*x\nvar = 3*x\ny = sigma + var\nE = y^2"
    assert verdict(text, r"\sigma^2 = w^2 x^2") is Verdict.PROVED
    assert verdict(text, r"\sigma^2 = 3 x") is Verdict.REFUTED


def test_a_letter_that_may_be_two_quantities_is_none() -> None:
    """Of var and variance nobody can tell which is σ²."""
    text = "var = w*x\nvariance = 3*x\ny = var + variance\nE = y^2"
    assert verdict(text, r"y = \sigma^2 + 3 x") is Verdict.UNREADABLE


def test_rows_with_two_cells_around_the_relation_go_on() -> None:
    """The && of eqnarray, with blanks at the end of a row and a Σ with limits behind it."""
    display = (
        r"\begin{eqnarray} \frac{\partial E}{\partial \gamma} &=& \sum_{i=1}^{3}"
        r" \frac{\partial E}{\partial y_i} \frac{\partial y_i}{\partial \gamma} \qquad \\"
        r" &=& {\sum_{i=1}^{3} \frac{\partial E}{\partial y_i} \cdot %s} \end{eqnarray}"
    )
    assert verdict(BATCH, display % r"\hat{x}_i") is Verdict.PROVED
    assert verdict(BATCH, display % r"\beta") is Verdict.REFUTED


def test_a_sum_takes_the_minus_behind_it() -> None:
    """Σ −x is −Σ x."""
    assert verdict(BATCH, r"\mu = -\frac13 \sum_i -x_i") is Verdict.PROVED
    assert verdict(BATCH, r"\mu = \frac13 \sum_i -x_i") is Verdict.REFUTED


CHAIN = r"\frac{\partial E}{\partial y_i} \cdot \frac{\partial y_i}{\partial \gamma}"


def test_a_repeated_index_may_be_summed() -> None:
    """Without its Σ the chain rule is neither right nor wrong; a wrong one is wrong both ways."""
    claim = judged(BATCH, r"\frac{\partial E}{\partial \gamma} = " + CHAIN)
    assert claim.verdict is Verdict.UNDECIDED
    assert any("Σ over i is missing" in finding.message for finding in claim.findings)
    assert verdict(BATCH, r"\frac{\partial E}{\partial \gamma} = 2 " + CHAIN) is Verdict.REFUTED
    other = r"\frac{\partial E}{\partial \gamma} = \frac{\partial E}{\partial y_i} \hat{x}_i"
    assert verdict(BATCH, other) is Verdict.REFUTED


def _by_ways(*signs_and_ways: str) -> str:
    return r"\frac{\partial E}{\partial x_i} = " + " ".join(signs_and_ways)


def _way(middle: str) -> str:
    return rf"\frac{{\partial E}}{{\partial {middle}}} \frac{{\partial {middle}}}{{\partial x_i}}"


def test_the_chain_rule_means_direct_derivatives() -> None:
    """A summand for each quantity that x is in: neither one too few nor one with another sign."""
    hat, mean, variance = _way(r"\hat{x}_i"), _way(r"\mu"), _way(r"\sigma^2")
    assert verdict(BATCH, _by_ways(hat, "+", mean, "+", variance)) is Verdict.PROVED
    assert verdict(BATCH, _by_ways(hat, "+", mean)) is Verdict.REFUTED
    assert verdict(BATCH, _by_ways(hat, "+", mean, "-", variance)) is Verdict.REFUTED
    assert verdict(BATCH, _by_ways(hat, "+", mean, "+ 2", variance)) is Verdict.REFUTED


def test_a_direct_derivative_by_itself_is_not_decided() -> None:
    """∂x̂/∂x with μ and σ² kept fixed may be meant, or not; nothing else is right."""
    left = r"\frac{\partial \hat{x}_i}{\partial x_i} = "
    claim = judged(BATCH, left + r"\frac{1}{\sqrt{\sigma^2 + \epsilon}}")
    assert claim.verdict is Verdict.UNDECIDED
    assert verdict(BATCH, left + r"\frac{-1}{\sqrt{\sigma^2 + \epsilon}}") is Verdict.REFUTED


UNITS = """
z[i] = sum(w[i,j]*x[j], j=1..2), i=1..2
h[i] = tanh(z[i]), i=1..2
y = sum(v[i]*h[i], i=1..2)
E = 1/2*(y - t)^2
"""
ADJOINTS = {"bar": r"\bar{%s}", "d": "d%s", "delta": r"\delta %s"}


def document(text: str, *formulas: str) -> list[str]:
    """The verdict on each formula of a document, or that it claims nothing."""
    page = "\n\n".join(f"$$ {formula} $$" for formula in formulas)
    report = check_document(model(text), page, "md")
    found = {claim.line: claim.verdict.value for claim in report.claims}
    return [found.get(2 * place + 1, "silent") for place in range(len(formulas))]


def adjoints(sign: str, *formulas: str) -> list[str]:
    """The formulas with the sign of one author in the place of <…>."""
    written = ADJOINTS[sign]
    return [re.sub("<(.)(.*?)>", lambda m: written % m[1] + m[2], formula) for formula in formulas]


@pytest.mark.parametrize("sign", ADJOINTS)
def test_a_sign_that_makes_a_derivative_of_a_name_is_found_out(sign: str) -> None:
    """Bars, d and δ before a name are the error's derivative by it, if formulas hold so."""
    right = adjoints(sign, "<y> = y - t", "<v> = <y> h", "<h> = <y> v", r"<w> = <z> x^\top")
    assert document(UNITS, *right) == ["proved"] * 4
    wrong = adjoints(sign, "<y> = t - y", "<h> = <y> x", r"<x> = w <z>", "<w_{12}> = <z_1> x_1")
    assert document(UNITS, *right, *wrong) == ["proved"] * 4 + ["refuted"] * 4


@pytest.mark.parametrize("sign", ADJOINTS)
def test_without_a_formula_that_holds_so_no_sign_is_found_out(sign: str) -> None:
    """A wrong formula alone does not say what its signs mean, and is not refuted."""
    assert "refuted" not in document(UNITS, *adjoints(sign, "<y> = t - y", "2 <h> = <y> x"))


def test_a_bar_that_means_something_else_is_not_refuted() -> None:
    """The mean of the inputs, as the author defines it."""
    found = document(
        UNITS, r"\bar{x} = \frac12 (x_1 + x_2)", r"\frac{\partial E}{\partial y} = y - t"
    )
    assert found == ["silent", "proved"]


def test_a_name_that_is_nothing_in_the_network_has_no_derivative() -> None:
    """Where bars are adjoints, one over an unknown name defines nothing."""
    found = document(UNITS, r"\bar{y} = y - t", r"\bar{v} = \bar{y} h", r"\bar{A} = \bar{z} x^\top")
    assert found == ["proved", "proved", "unreadable"]


def test_a_transposed_matrix_is_no_member_of_a_family_with_three_indices() -> None:
    """The letters t, o and p of W^top count nothing."""
    text = (
        "z[i] = sum(W[1,i,j]*x[j], j=1..2), i=1..2\ny = sum(W[2,1,i]*z[i], i=1..2)\n"
        "E = 1/2*(y - t)^2"
    )
    wrong = r"\frac{\partial E}{\partial x} = W^\top \frac{\partial E}{\partial z}"
    assert verdict(text, wrong) is Verdict.UNREADABLE
    right = r"\frac{\partial E}{\partial x} = W_1^\top \frac{\partial E}{\partial z}"
    assert verdict(text, right) is Verdict.PROVED
    assert verdict(text, right.replace(r"^\top", "")) is Verdict.REFUTED


GRID = """
weights: x, y
z[i,j] = sum(x[i,k]*y[k,j], k=1..3), i=1..2, j=1..2
L = sum(sum(1/2*(z[i,j]-t[i,j])^2, i=1..2), j=1..2)
"""


def test_usual_macros_of_authors_are_known_unless_they_define_them() -> None:
    """Whoever leaves out the preamble means a bold letter by matr, and ⊤ by transpose."""
    right = slopes(r"<L/\matr{X}> = <L/\matr{Z}> \transpose{\matr{Y}}")
    assert verdict(GRID, right) is Verdict.PROVED
    assert verdict(GRID, right.replace(r"\transpose", "")) is Verdict.REFUTED
    own = r"\newcommand{\matr}[1]{2 \mathbf{#1}} \matr{Z} = \mathbf{X} \mathbf{Y}"
    assert verdict(GRID, own) is Verdict.REFUTED


def test_the_letter_of_a_function_that_nothing_applies_is_the_identity() -> None:
    """In a linear network f(x) is x; a family x may be written X_t."""
    text = "S[t] = S[t-1]*w + x[t]*u, t=1..3\nE = 1/2*(S[3] - y)^2"
    assert verdict(text, "S_t = f(S_{t-1} W + X_t u)") is Verdict.PROVED
    assert verdict(text, "S_t = f(S_{t-1} W - X_t u)") is Verdict.REFUTED
    other = text.replace("x[t]*u", "x[t]*X[t]")
    assert verdict(other, "S_t = S_{t-1} w + X_t x_t") is Verdict.PROVED
    assert verdict(other, "S_t = S_{t-1} w + X_t X_t") is Verdict.REFUTED


@pytest.mark.parametrize("words", [r", \quad ", r" \quad \text{for} \; ", r" \quad \forall \; "])
def test_a_range_may_end_with_a_letter(words: str) -> None:
    """From 1 to K, T or n are all that there are; from 2 on the first is none of them."""
    text = "weights: x\na[1] = 3*x[1]\na[k] = 2*x[k], k=2..4\nE = sum(a[k], k=1..4)"
    claim = "a_k = 2 x_k"
    for last in "TKn":
        dots = (rf"k = 2, \dots, {last}", rf"k = 2, 3, \ldots, {last}", rf"k = 2 \cdots {last}")
        assert {verdict(text, claim + words + each) for each in dots} == {Verdict.PROVED}
        assert verdict(text, claim + words + rf"k = 1, \dots, {last}") is Verdict.REFUTED


def test_a_limit_is_a_number_in_powers_and_indices_too() -> None:
    """T - k of w^{T-k} counts down from the T above Σ; S_{T-1} is the last but one."""
    text = "S[t] = S[t-1]*w + x[t]*u, t=1..3\nE = 1/2*(S[3] - y)^2"
    claim = slopes(r"<E/u> = \sum_{k=1}^T <E/S_T> w^{%s} x_k")
    assert verdict(text, claim % "T-k") is Verdict.PROVED
    for wrong in ("k", "T-k+1", "T"):
        assert verdict(text, claim % wrong) is Verdict.REFUTED
    assert verdict(text, slopes(r"<E/S_{T-1}> = <E/S_T> w")) is Verdict.PROVED
    assert verdict(text, slopes(r"<E/S_{T-2}> = <E/S_T> w")) is Verdict.REFUTED
    assert verdict(text, slopes(r"<E/S_{T-1}> = <E/S_T> w^T")) is Verdict.UNREADABLE


def test_what_is_computed_is_stated_with_an_arrow() -> None:
    """A := or ← before what a quantity is made of is a definition; a step from itself is none."""
    right = r"\hat{x}_i %s \frac{x_i - \mu_\mathcal{B}}{\sqrt{\sigma_\mathcal{B}^2 + \epsilon}}"
    for sign in (":=", r"\leftarrow", r"\gets"):
        assert verdict(BATCH, right % sign) is Verdict.PROVED
        assert verdict(BATCH, right.replace("-", "+") % sign) is Verdict.REFUTED
        step = rf"y_i {sign} y_i - \eta \frac{{\partial E}}{{\partial y_i}}"
        assert verdict(BATCH, step) is Verdict.UNREADABLE
        assert verdict(BATCH, rf"x_i {sign} t_i") is Verdict.UNREADABLE


def test_an_index_may_be_a_font_without_braces_around_it() -> None:
    r"""E_\text{total} is what TeX makes of it; a font without an argument is no index."""
    assert verdict(BATCH, r"\mu_\mathcal{B} = \frac13 \sum_i x_i") is Verdict.PROVED
    assert verdict(BATCH, r"\mu_\mathcal{B} = \frac12 \sum_i x_i") is Verdict.REFUTED
    assert verdict(BATCH, r"\mu_\mathcal = \frac13 \sum_i x_i") is Verdict.UNREADABLE


def test_the_sigma_of_what_no_function_is_applied_to_is_the_sigmoid() -> None:
    """Other letters are the identity there; beside another function it may be that, too."""
    loss = "s = v*h\nE = ln(1 + exp(-s))"
    right, wrong = r"dE/ds = -\sigma(-s)", r"dE/ds = \sigma(-s)"
    alone = f"weights: v\n{loss}"
    assert verdict(alone, right) is Verdict.PROVED
    assert verdict(alone, wrong) is Verdict.REFUTED
    beside = f"weights: w, v\nh = tanh(w*x)\n{loss}"
    assert {verdict(beside, one) for one in (right, wrong)} == {Verdict.UNREADABLE}


@pytest.mark.parametrize("blank", [" ", r"\,"])
def test_a_quotient_of_differentials_is_one_where_d_is_a_name_besides(blank: str) -> None:
    """The d of a desired output is no factor of both sides of a fraction; a quotient by it is one."""
    text = "weights: w\ns = tanh(w*x)\nE = 1/2*(s - d)^2"

    def by(of: str) -> str:
        return rf"\frac{{d{blank}{of}}}{{d{blank}w}}"

    assert verdict(text, f"{by('E')} = (s - d) {by('s')}") is Verdict.PROVED
    assert verdict(text, f"{by('E')} = (d - s) {by('s')}") is Verdict.REFUTED
    assert verdict(text, rf"\frac{{d}}{{d{blank}w}} E = (s - d) {by('s')}") is Verdict.PROVED
    assert verdict(text, r"\frac{d s}{d} = s") is Verdict.PROVED
    assert verdict(text, r"\frac{d - s}{d} = 1 - \frac{s}{d}") is Verdict.PROVED
