"""The network that a document's definitions are: as an equation file, or what is missing."""

from __future__ import annotations

import pytest

from derive.checking import documents
from derive.checking.stating.network import StatedNetwork, stated
from derive.errors import InputError


def network(*formulas: str, words: str = "") -> StatedNetwork:
    """The network of a document with these displays, and some words."""
    text = words + "".join(f"\n\n$$\n{formula}\n$$\n" for formula in formulas)
    return stated(documents.find(text, "md"), text, "article")


def lines(*formulas: str, words: str = "") -> list[str]:
    """Its first reading, line by line, without the comment."""
    return network(*formulas, words=words).readings[0].text.splitlines()[1:]


CASES = {
    "scalars, the error last": (
        (r"E = \frac{1}{2}(y - t)^2", r"y = \sigma(z)", r"z = w x + b"),
        ["weights: w, b", "y = sig(z)", "z = w*x + b", "E = 1/2*(y - t)^2"],
    ),
    "index letters, with sizes from the limits of Σ": (
        (r"z_j = \sum_{i=1}^{3} w_{ji} x_i", r"E = \sum_{j=1}^{2} (z_j - t_j)^2"),
        [
            "weights: w",
            "z[j] = sum(w[j,i]*x[i], i=1..3), j=1..2",
            "E = sum((z[j] - t[j])^2, j=1..2)",
        ],
    ),
    "letters for sizes, n being the same everywhere": (
        (
            r"z_j = \sum_{i=1}^n w_{ji} x_i + b_j",
            r"E = \frac{1}{2m} \sum_{j=1}^m (z_j - t_j)^2",
        ),
        [
            "weights: w, b",
            "z[j] = sum(w[j,i]*x[i], i=1..3) + b[j], j=1..2",
            "E = 1/(2*2)*sum((z[j] - t[j])^2, j=1..2)",
        ],
    ),
    "indices without a space behind, and a label that is none": (
        (r"h_t = \tanh(W_{hh}h_{t-1} + W_{xh}x_t)", r"E = \sum_t (h_t - y_t)^2"),
        [
            "weights: W_hh, W_xh",
            "h[t] = tanh(W_hh*h[t-1] + W_xh*x[t]), t=1..2",
            "E = sum((h[t] - y[t])^2, t=1..2)",
        ],
    ),
    "one letter a layer: each has numbers of its own": (
        (
            r"z_j = b_j + \sum_i a_i w_{ij}",
            r"a_j = \sigma(z_j)",
            r"z_k = b_k + \sum_j a_jw_{jk}",
            r"a_k = \sigma(z_k)",
            r"E = \frac{1}{2}\sum_k (a_k - t_k)^2",
        ),
        [
            "weights: b, w",
            "z[j] = b[j] + sum(a[i]*w[i,j], i=1..2), j=3..5",
            "a[j] = sig(z[j]), j=3..5",
            "z[k] = b[k] + sum(a[j]*w[j,k], j=3..5), k=6..7",
            "a[k] = sig(z[k]), k=6..7",
            "E = 1/2*sum((a[k] - t[k])^2, k=6..7)",
        ],
    ),
    "vectors in bold": (
        (
            r"\mathbf{z} = \mathbf{W}^{(1)} \mathbf{x} + \mathbf{b}",
            r"\mathbf{h} = \tanh(\mathbf z)",
            r"L = \frac12 \|\mathbf{h} - \mathbf{y}\|^2",
        ),
        [
            "weights: W, b",
            "z[i] = sum(W_1[i,j]*x[j], j=1..3) + b[i], i=1..2",
            "h[i] = tanh(z[i]), i=1..2",
            "L = 1/2*sum((h[i] - y[i])*(h[i] - y[i]), i=1..2)",
        ],
    ),
    "vectors by their case, where the words say so": (
        (r"y = Wx", r"E = \|y - t\|^2"),
        [
            "weights: W",
            "y[i] = sum(W[i,j]*x[j], j=1..3), i=1..2",
            "E = sum((y[i] - t[i])*(y[i] - t[i]), i=1..2)",
        ],
    ),
    "the softmax, and a function that the document defines": (
        (
            r"g(u) = \frac{1}{1 + e^{-u}}",
            r"h_j = g(\sum_i w_{ji} x_i)",
            r"p_k = \frac{e^{h_k}}{\sum_c e^{h_c}}",
            r"L = -\sum_k y_k \log p_k",
        ),
        [
            "weights: w",
            "h[j] = sig(sum(w[j,i]*x[i], i=1..3)), j=1..2",
            "p[k] = exp(h[k])/sum(exp(h[c]), c=1..2), k=1..2",
            "L = -sum(y[k]*ln(p[k]), k=1..2)",
            "condition: sum(y[k], k=1..2) = 1",
        ],
    ),
    "an error that is written as for one output": (
        (
            r"a^{[1]} = \tanh(W^{[1]} x)",
            r"\hat y = \sigma(W^{[2]} a^{[1]})",
            r"L = -y \log \hat y - (1 - y) \log(1 - \hat y)",
            r"\frac{\partial L}{\partial W^{[2]}} = (\hat y - y) a^{[1]T}",
        ),
        [
            "weights: W",
            r"latex: yhat = \hat{y}",
            "a_1[i] = tanh(sum(W_1[i,j]*x[j], j=1..3)), i=1..2",
            "yhat[i] = sig(sum(W_2[i,j]*a_1[j], j=1..2)), i=1..4",
            "L = -sum(y[i]*ln(yhat[i]), i=1..4) - sum((1 - y[i])*ln(1 - yhat[i]), i=1..4)",
        ],
    ),
    "a name with an accent, and arguments that are not written": (
        (r"\hat{y} = w x", r"J(w) = (\hat y - y)^2"),
        ["weights: w", r"latex: yhat = \hat{y}", "yhat = w*x", "J = (yhat - y)^2"],
    ),
    "the rows of a display": (
        (r"\begin{aligned} z &= w x + b \\ E &= (z - t)^2 \tag{2} \end{aligned}",),
        ["weights: w, b", "z = w*x + b", "E = (z - t)^2"],
    ),
    "an error of each step is summed": (
        (r"s_t = u s_{t-1} + x_t", r"E_t = (s_t - y_t)^2"),
        [
            "weights: u",
            "s[t] = u*s[t-1] + x[t], t=1..2",
            "E[t] = (s[t] - y[t])^2, t=1..2",
            "E_total = sum(E[t], t=1..2)",
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_definitions_make_an_equation_file(case: str) -> None:
    """Whatever the order, and whichever way sums, vectors and functions are written."""
    formulas, expected = CASES[case]
    words = "Here y is a vector." if "words" in case else ""
    assert lines(*formulas, words=words) == expected


@pytest.mark.parametrize(
    ("formulas", "said"),
    [
        ([r"\frac{\partial E}{\partial w} = x"], "no formula defines one"),
        ([r"z = w x", r"h = \tanh z"], "no error E"),
        ([r"z = x", r"E = (x - t)^2"], "E depends on no weight, but on x, t"),
        (
            [r"z_1 = w_1 x", r"E = z_1 + z_2"],
            "z_2 has no definition, and others like it have",
        ),
        (
            [r"y = w x - \mu", r"E = (y - t)^2", r"\frac{\partial \mu}{\partial x} = 1"],
            "mu has no definition, and a derivative of it by x is taken",
        ),
        ([r"y = W(x)", r"E = (y - t)^2"], "E depends on no weight"),
        ([r"y = f(x, w)", r"E = (y - t)^2"], "f is a function of which nothing is said"),
    ],
)
def test_what_makes_no_network_says_what_is_missing(formulas: list[str], said: str) -> None:
    """Nothing is invented: a definition that is not there, or not clear, is asked for."""
    with pytest.raises(InputError, match=r"\Aarticle: ") as caught:
        network(*formulas)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "formula",
    [
        r"\delta = y - t",
        r"w = w - \eta \frac{\partial E}{\partial w}",
        r"y \approx 3 w",
        r"x = 2",
        r"y = \frac{\partial E}{\partial w}",
        r"\bar{y} = y - t",
    ],
)
def test_what_is_no_definition_is_not_taken_for_one(formula: str) -> None:
    """Adjoints, updates, data and claims about derivatives define no quantity."""
    assert lines(formula, "y = w x", "E = (y - t)^2") == lines("y = w x", "E = (y - t)^2")


def test_sizes_and_functions_that_are_left_open_take_several_values() -> None:
    """Shapes fit by chance for one size, and one function has slopes that another has not."""
    readings = network(r"h_j = f(\sum_{i=1}^n w_{ji} x_i)", r"E = \sum_j (h_j - t_j)^2").readings
    assert {(r.sizes["n"], r.sizes["h"]) for r in readings} == {(3, 2), (2, 3)}
    assert {r.functions["f"] for r in readings} == {"sig", "tanh", "softplus"}


def test_a_capital_may_be_a_matrix_or_a_number() -> None:
    """Where nothing decides, both are readings; a ⊤ anywhere decides."""
    step = r"h_t = \tanh(W h_{t-1} + U x_t)"
    open_ = network(step, r"\frac{\partial L}{\partial h_t} = 0")
    assert {r.kind for r in open_.readings} == {"numbers", "vectors and matrices"}
    decided = network(step, r"\frac{\partial L}{\partial h_t} = U^\top v")
    assert "h[t,i]" in decided.readings[0].text
    assert {r.kind for r in decided.readings} == {""}


def test_words_say_that_there_is_one_of_each() -> None:
    """With a single neuron, a capital weight is a number."""
    step = r"h_t = \tanh(W h_{t-1} + U x_t)"
    readings = network(step, r"E = \sum_t h_t", words="A network of a single neuron.").readings
    assert {r.kind for r in readings} == {""}
    assert readings[0].text.splitlines()[2] == "h[t] = tanh(W*h[t-1] + U*x[t]), t=1..2"


def test_an_error_without_a_definition_is_taken_as_several() -> None:
    """L is some function of what nothing else uses, and the summary says so."""
    found = network("z = w x", r"h = \tanh z", r"\frac{\partial L}{\partial h}")
    assert [r.text.splitlines()[-1] for r in found.readings] == [
        "L = h^2",
        "L = softplus(h)",
        "L = exp(h)",
    ]
    assert "L is taken as some function of h" in found.summary
