"""Documents as lectures state and derive them: gradients that are rows, their own δ and σ."""

from __future__ import annotations

import pytest

from derive.checking.check import check_document
from derive.grammar.limits import units_said
from tests.formulas.authors import equations, verdict
from tests.formulas.stating.test_judging import last, report

ROWS = (
    r"z = W x + b",
    r"h = \tanh(z)",
    r"\theta = U h + c",
    r"J = \frac12 \|\theta - y\|^2",
    r"\delta_1 = \frac{\partial J}{\partial \theta} = (\theta - y)^T",
    (
        r"\delta_2 = \frac{\partial J}{\partial z} = \frac{\partial J}{\partial \theta}"
        r" \frac{\partial \theta}{\partial h} \frac{\partial h}{\partial z}"
    ),
)
"""Gradients are rows, as the last but one says."""


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\delta_2 = \delta_1 U \circ \tanh'(z)", "proved"),
        (r"\delta_2 = \delta_1 U \circ \tanh'(h)", "refuted"),
        (r"\delta_2 = \delta_1 U^T \circ \tanh'(z)", "refuted"),
        (r"\frac{\partial J}{\partial c} = \delta_1^T", "proved"),
        (r"\frac{\partial J}{\partial b} = \frac{\partial J}{\partial z} = \delta_2^T", "proved"),
        (r"\frac{\partial J}{\partial b} = -\delta_2^T", "refuted"),
        (r"\frac{\partial J}{\partial b} = \delta_1^T", "refuted"),
        (r"\frac{\partial J}{\partial x} = (\delta_2 W)^T", "proved"),
        (r"\frac{\partial J}{\partial x} = (\delta_1 U)^T", "refuted"),
    ],
)
def test_gradients_are_rows_on_the_way(claim: str, said: str) -> None:
    """A column beside a row goes entry by entry, and the last gradient lies as b does, or x.

    That is so where a formula has said that gradients are rows; else it may be a mistake.
    """
    assert last(*ROWS, claim).verdict.value == said


def test_nothing_is_turned_where_gradients_are_columns() -> None:
    """There a row beside ⊙ or a gradient that is transposed is wrong, or not decided."""
    columns = (*ROWS[:4], r"\frac{\partial J}{\partial \theta} = \theta - y")
    for claim in (
        r"\frac{\partial J}{\partial z} = ((\theta - y)^T U) \circ \tanh'(z)",
        r"\frac{\partial J}{\partial c} = (\frac{\partial J}{\partial \theta})^T",
    ):
        assert last(*columns, claim).verdict.value in ("refuted", "undecided")


def test_a_minus_that_is_stated_last_counts_in_all_formulas() -> None:
    """Δw = η δ y is right where δ = −∂E/∂v stands behind it, and Δw = −η δ y is not proved."""
    net = (r"v_j = \sum_i w_{ji} x_i", r"y_j = \sigma(v_j)", r"E = \frac12 \sum_j (y_j - d_j)^2")
    minus = r"\delta_j = -\frac{\partial E}{\partial v_j} = (d_j - y_j) \sigma'(v_j)"
    for sign, said in (("", "proved"), ("-", "undecided")):
        step = rf"\Delta w_{{ji}} = {sign}\eta \delta_j x_i"
        verdicts = [claim.verdict.value for claim in report(*net, step, minus).claims]
        assert verdicts == [said, "proved"]


SLOPED = (
    r"\xi_j = \sum_i w_{ji} x_i",
    r"y_j = \sigma(\xi_j)",
    r"E = \frac12 \sum_j (y_j - d_j)^2",
    r"\sigma(\xi) = \frac{1}{1 + e^{-\lambda \xi}}",
)
"""A sigmoid with a constant in it."""
FILE = equations(
    """
weights: w
v[j] = sum(w[j,i]*x[i], i=1..2), j=1..2
y[j] = sig(b*v[j]), j=1..2
E = 1/2*sum((y[j] - d[j])^2, j=1..2)
"""
)


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\sigma'(\xi_j) = \lambda y_j (1 - y_j)", "proved"),
        (r"\sigma'(\xi_j) = y_j (1 - y_j)", "refuted"),
        (r"\frac{\partial y_j}{\partial \xi_j} = \sigma'(\xi_j)", "proved"),
        (r"\frac{\partial y_j}{\partial \xi_j} = \lambda \sigma'(\xi_j)", "refuted"),
        (r"\frac{\partial E}{\partial w_{ji}} = (y_j - d_j) \lambda y_j (1 - y_j) x_i", "proved"),
        (r"\frac{\partial E}{\partial w_{ji}} = (y_j - d_j) y_j (1 - y_j) x_i", "refuted"),
    ],
)
def test_a_sigmoid_may_have_a_constant(claim: str, said: str) -> None:
    """σ(ξ) = 1/(1 + e^{−λξ}) says what σ and σ' are in the document, λ and all."""
    assert last(*SLOPED, claim).verdict.value == said


def test_f_of_x_with_weights_is_a_network_and_no_function() -> None:
    """f(x) = w x + b is what the network computes, though it looks like a function's definition."""
    net = (r"f(x) = w x + b", r"E = \frac12 (f(x) - t)^2")
    claim = r"\frac{\partial E}{\partial w} = (f(x) - t) x"
    assert last(*net, claim).verdict.value == "proved"


OF_B = r"\sigma(v) = \frac{1}{1 + e^{-b v}}"


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([OF_B, r"y_j = \sigma(v_j)"], ["silent", "proved"]),
        ([OF_B.replace("b", "2 b"), r"y_j = \sigma(v_j)"], ["silent", "refuted"]),
        ([OF_B, r"\sigma'(v_j) = b y_j (1 - y_j)"], ["silent", "proved"]),
        ([OF_B, r"\sigma'(v_j) = y_j (1 - y_j)"], ["silent", "refuted"]),
        ([OF_B, r"\sigma'(2 v_j) = b y_j (1 - y_j)"], ["silent", "unreadable"]),
        ([OF_B, r"\sigma''(v_j) = b^2 y_j (1 - y_j)"], ["silent", "unreadable"]),
        ([r"\sigma(v) = \frac{1}{1 + e^{v}}", r"y_j = \sigma(b v_j)"], ["refuted", "proved"]),
    ],
)
def test_a_function_with_constants_means_what_it_is_said_to(
    document: list[str], said: list[str]
) -> None:
    """So it is beside a network that is given; where it is another function there, claims fail."""
    text = "\n\n".join(f"$$ {one} $$" for one in document)
    found = {c.line: c.verdict.value for c in check_document(FILE, text, "md").claims}
    assert [found.get(1 + 2 * place, "silent") for place in range(len(document))] == said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("for output units", ("", "output")),
        ("neuron $j$ is hidden", ("j", "hidden")),
        ("für alle verdeckten Neuronen j", ("j", "hidden")),
        ("falls j ein Ausgabeneuron ist", ("j", "output")),
        ("pour le neurone de sortie k", ("k", "output")),
        ("si j est une unité cachée", ("j", "hidden")),
        ("pro výstupní neuron k", ("k", "output")),
        ("je-li j skrytý neuron", ("j", "hidden")),
        ("para la neurona de salida k", ("k", "output")),
        ("if j is not an output neuron", None),
        ("pour la sortie du neurone j", None),
        ("for hidden units of the output layer", None),
        ("the output is j", None),
        ("hidden", None),
        ("for the weights of output unit j", None),
    ],
)
def test_words_say_of_which_units_a_formula_is(words: str, said: tuple[str, str] | None) -> None:
    """So they do in some languages; words that say anything else are not taken for it."""
    assert units_said(words) == said


@pytest.mark.parametrize(
    ("between", "said"),
    [
        (r"\quad\text{et}\quad", "proved"),
        (r",\qquad\text{sowie}\qquad", "proved"),
        (r"\quad\text{d'où}\quad", "proved"),
        (r"\quad\text{fois}\quad", "unreadable"),
        (r"\quad\text{oder}\quad", "unreadable"),
    ],
)
def test_words_join_two_claims(between: str, said: str) -> None:
    """Both claims are judged where a word between them says "and"; other words are not read."""
    one, two = (
        r"\frac{\partial E}{\partial y_j} = y_j - d_j",
        r"\frac{\partial \xi_j}{\partial x_i} = w_{ji}",
    )
    net = SLOPED[:3]
    assert last(*net, one + between + two).verdict.value == said
    wrong = last(*net, one + between + two.replace("w_{ji}", "w_{ij}")).verdict.value
    assert wrong == ("refuted" if said == "proved" else said)


SCALAR_OUTPUT = (
    r"\mathbf{z}^{[1]} = %s^{[1]} \mathbf{x} + \mathbf{b}^{[1]}",
    r"\mathbf{a}^{[1]} = \tanh(\mathbf{z}^{[1]})",
    r"z^{[2]} = %s^{[2]} \mathbf{a}^{[1]} + b^{[2]}",
    r"\hat{y} = \sigma(z^{[2]})",
    r"L_{CE}(\hat{y}, y) = -[y \log \hat{y} + (1-y)\log(1-\hat{y})]",
)


@pytest.mark.parametrize("weight", [r"\mathbf{W}", "W"])
@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\frac{\partial L}{\partial z^{[2]}} = \hat{y} - y", "proved"),
        (r"\frac{\partial L_{CE}}{\partial z^{[2]}} = y - \hat{y}", "refuted"),
        (r"\nabla_{W^{[2]}} L = (\hat{y} - y) \left(\mathbf{a}^{[1]}\right)^{\!\top}", "proved"),
        (r"\nabla_{W^{[2]}} L = (\hat{y} - y) \mathbf{x}^{\!\top}", "refuted"),
        (
            (
                r"\nabla_{\mathbf{z}^{[1]}} L = {W^{[2]}}^{\top} (\hat{y} - y)"
                r" \odot (1 - \tanh^2(\mathbf{z}^{[1]}))"
            ),
            "proved",
        ),
        (
            (
                r"\nabla_{\mathbf{z}^{[1]}} L = {W^{[2]}}^{\top} (\hat{y} - y)"
                r" \odot (1 + \tanh^2(\mathbf{z}^{[1]}))"
            ),
            "refuted",
        ),
        (
            r"\nabla_{W^{[1]}} L = \nabla_{\mathbf{z}^{[1]}} L \, \mathbf{x}^\top",
            "proved",
        ),
    ],
)
def test_the_output_may_be_a_number_beside_bold_vectors(weight: str, claim: str, said: str) -> None:
    """z^{[2]} is not bold, z^{[1]} is: the weights of the output are a row, bold or not."""
    net = [one.replace("%s", weight) for one in SCALAR_OUTPUT]
    assert last(*net, claim).verdict.value == said


@pytest.mark.slow
def test_a_number_is_no_factor_of_an_entrywise_product() -> None:
    """The ⊙ behind W (ŷ − y) reaches over both factors, and over W alone it never does."""
    claim = r"\frac{\partial E}{\partial z} = w^\top (s - t) \odot (1 - h \odot h)"
    net = equations(
        """
weights: W, w
z[i] = sum(W[i,j]*x[j], j=1..2), i=1..3
h[i] = tanh(z[i]), i=1..3
s = sum(w[i]*h[i], i=1..3)
E = 1/2*(s - t)^2
"""
    )
    assert verdict(net, claim) == "proved"
    assert verdict(net, claim.replace("s - t", "t - s")) == "refuted"
    assert verdict(net, claim.replace("(s - t)", "(h - t)")) == "refuted"


@pytest.mark.parametrize("number", ["_i", "^{(i)}"])
@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\frac{\partial C}{\partial b} = \frac{2}{n} \sum_{i=1}^n (s%s - y%s) s%s (1 - s%s)", "proved"),
        (r"\frac{\partial C}{\partial b} = \frac{1}{n} \sum_{i=1}^n (s%s - y%s) s%s (1 - s%s)", "refuted"),
        (r"\frac{\partial}{\partial b} (\mathbf{w} \cdot \mathbf{x} + b) = 1", "unreadable"),
    ],
)  # fmt: skip
def test_a_dot_between_bold_vectors_is_their_inner_product(
    number: str, claim: str, said: str
) -> None:
    r"""\mathbf w \cdot \mathbf x_i weighs the vector x of example i; of a bare x nothing is refuted."""
    net = (
        r"s%s = \sigma(\mathbf{w} \cdot \mathbf{x}%s + b)",
        r"C = \frac{1}{n} \sum_{i=1}^n (s%s - y%s)^2",
    )
    texts = [text.replace("%s", number) for text in (*net, claim)]
    assert last(*texts).verdict.value == said
