"""Whole articles as they are written: every right formula is proved, every planted fault refuted."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from derive.checking.claims import Verdict
from derive.errors import InputError
from tests.formulas.stating.test_judging import report


class Article(NamedTuple):
    """Definitions, and claims that follow from them, each with a fault to plant: what becomes what."""

    definitions: tuple[str, ...]
    claims: tuple[tuple[str, str, str], ...]


ARTICLES = {
    "a hidden layer, with indices": Article(
        (
            r"h_j = \tanh(\sum_i W_{ji} x_i + b_j)",
            r"y_k = \sum_j V_{kj} h_j + c_k",
            r"L = \frac{1}{2}\sum_k (y_k - t_k)^2",
        ),
        (
            (r"\frac{\partial L}{\partial V_{kj}} = (y_k - t_k) h_j", "h_j", "h_k"),
            (r"\frac{\partial L}{\partial h_j} = \sum_k (y_k - t_k) V_{kj}", "V_{kj}", "V_{jk}"),
            (
                r"\frac{\partial L}{\partial W_{ji}} = (\sum_k (y_k - t_k) V_{kj}) (1 - h_j^2) x_i",
                "h_j^2",
                "h_j",
            ),
            (r"\frac{\partial L}{\partial c_k} = y_k - t_k", "y_k - t_k", "t_k - y_k"),
        ),
    ),
    "one layer of vectors": Article(
        (
            r"\mathbf{z} = \mathbf{W}\mathbf{x} + \mathbf{b}",
            r"\mathbf{a} = \sigma(\mathbf{z})",
            r"J = \frac{1}{2}\|\mathbf{a} - \mathbf{y}\|^2",
        ),
        (
            (
                (
                    r"\frac{\partial J}{\partial \mathbf{z}} = (\mathbf{a} - \mathbf{y}) \odot \mathbf{a}"
                    r" \odot (1 - \mathbf{a})"
                ),
                r"\odot \mathbf{a} \odot",
                r"\odot",
            ),
            (
                (
                    r"\frac{\partial J}{\partial \mathbf{W}} = \frac{\partial J}{\partial \mathbf{z}}"
                    r" \mathbf{x}^T"
                ),
                r"\mathbf{x}^T",
                r"\mathbf{z}^T",
            ),
            (
                (
                    r"\frac{\partial J}{\partial \mathbf{x}} = \mathbf{W}^T"
                    r" \frac{\partial J}{\partial \mathbf{z}}"
                ),
                r"\mathbf{W}^T",
                r"\mathbf{W}",
            ),
        ),
    ),
    "a recurrent net": Article(
        (
            r"h_t = \tanh(w h_{t-1} + u x_t)",
            r"y_t = v h_t",
            r"E = \sum_{t=1}^{T} \frac12 (y_t - d_t)^2",
        ),
        (
            (r"\frac{\partial E}{\partial v} = \sum_{t=1}^T (y_t - d_t) h_t", "h_t", "h_{t-1}"),
            (r"\frac{\partial h_t}{\partial h_{t-1}} = w (1 - h_t^2)", "h_t^2", "h_{t-1}^2"),
            (
                (
                    r"\frac{\partial E}{\partial w} = \sum_{t=1}^T \frac{\partial E}{\partial h_t}"
                    r" (1 - h_t^2) h_{t-1}"
                ),
                r"h_{t-1}",
                r"h_t",
            ),
        ),
    ),
    "any layer": Article(
        (
            r"z^{(l)}_j = \sum_k w^{(l)}_{jk} a^{(l-1)}_k + b^{(l)}_j",
            r"a^{(l)}_j = \sigma(z^{(l)}_j)",
            r"E = \frac12 \sum_j (a^{(L)}_j - t_j)^2",
        ),
        (
            (
                (
                    r"\frac{\partial E}{\partial w^{(l)}_{jk}} = \frac{\partial E}{\partial z^{(l)}_j}"
                    r" a^{(l-1)}_k"
                ),
                "a^{(l-1)}_k",
                "a^{(l)}_k",
            ),
            (
                (
                    r"\frac{\partial E}{\partial a^{(l)}_k} = \sum_j w^{(l+1)}_{jk}"
                    r" \frac{\partial E}{\partial z^{(l+1)}_j}"
                ),
                "w^{(l+1)}_{jk}",
                "w^{(l)}_{jk}",
            ),
        ),
    ),
    "logistic regression": Article(
        (
            r"s = \sum_i w_i x_i + b",
            r"y = \frac{1}{1 + e^{-s}}",
            r"C = -(t \ln y + (1-t) \ln (1-y))",
        ),
        (
            (r"\frac{dC}{dy} = \frac{y - t}{y(1-y)}", "y(1-y)", "y"),
            (r"\frac{\partial C}{\partial w_i} = (y - t) x_i", "x_i", "w_i"),
        ),
    ),
    "another name for the output": Article(
        (
            r"z^{[1]} = W^{[1]} x + b^{[1]}",
            r"a^{[1]} = \tanh(z^{[1]})",
            r"z^{[2]} = W^{[2]} a^{[1]} + b^{[2]}",
            r"\hat{y} = a^{[2]} = \sigma(z^{[2]})",
            r"J = -(y \log \hat y + (1-y) \log(1-\hat y))",
        ),
        (
            (r"dz^{[2]} = a^{[2]} - y", "a^{[2]} - y", "y - a^{[2]}"),
            (r"dW^{[2]} = dz^{[2]} a^{[1]T}", "a^{[1]T}", "x^T"),
            (
                r"dz^{[1]} = W^{[2]T} dz^{[2]} \odot (1 - (a^{[1]})^2)",
                "W^{[2]T}",
                "W^{[2]}",
            ),
            (r"dW^{[1]} = dz^{[1]} x^T", "dz^{[1]} x", "dz^{[2]} x"),
        ),
    ),
    "a gated recurrent unit": Article(
        (
            r"z_t = \sigma(W_z x_t + U_z h_{t-1} + b_z)",
            r"r_t = \sigma(W_r x_t + U_r h_{t-1} + b_r)",
            r"\tilde h_t = \tanh(W_h x_t + U_h (r_t \odot h_{t-1}) + b_h)",
            r"h_t = (1 - z_t) \odot h_{t-1} + z_t \odot \tilde h_t",
            r"E = \frac12 \sum_{t=1}^T \|h_t - y_t\|^2",
        ),
        (
            (
                r"\frac{\partial E}{\partial \tilde h_t} = \frac{\partial E}{\partial h_t} \odot z_t",
                "z_t",
                "(1 - z_t)",
            ),
            (
                (
                    r"\frac{\partial E}{\partial z_t} = \frac{\partial E}{\partial h_t}"
                    r" \odot (\tilde h_t - h_{t-1})"
                ),
                r" - h_{t-1}",
                r" + h_{t-1}",
            ),
            (
                (
                    r"\frac{\partial E}{\partial U_h} = \sum_t \left(\frac{\partial E}{\partial \tilde"
                    r" h_t} \odot (1 - \tilde h_t^2)\right) (r_t \odot h_{t-1})^T"
                ),
                r"r_t \odot h_{t-1}",
                r"z_t \odot h_{t-1}",
            ),
        ),
    ),
    "examples by numbers above": Article(
        (
            r"z^{(i)} = w^T x^{(i)} + b",
            r"a^{(i)} = \sigma(z^{(i)})",
            (
                r"J = -\frac{1}{m}\sum_{i=1}^m \left[ y^{(i)} \log a^{(i)}"
                r" + (1-y^{(i)})\log(1 - a^{(i)}) \right]"
            ),
        ),
        (
            (
                (
                    r"\frac{\partial J}{\partial w} = \frac{1}{m} \sum_{i=1}^m"
                    r" (a^{(i)} - y^{(i)}) x^{(i)}"
                ),
                r"\frac{1}{m} ",
                "",
            ),
            (
                (
                    r"\frac{\partial J}{\partial w_j} = \frac{1}{m} \sum_{i=1}^m"
                    r" (a^{(i)} - y^{(i)}) x_j^{(i)}"
                ),
                "a^{(i)} - y^{(i)}",
                "y^{(i)} - a^{(i)}",
            ),
        ),
    ),
    "examples as rows": Article(
        (
            r"Z = X W + b",
            r"P = \mathrm{softmax}(Z)",
            r"L = -\frac{1}{N} \sum_{i=1}^N \sum_{k=1}^K Y_{ik} \log P_{ik}",
        ),
        (
            (r"\frac{\partial L}{\partial Z} = \frac{1}{N} (P - Y)", r"\frac{1}{N} ", ""),
            (r"\frac{\partial L}{\partial W} = \frac1N X^T (P - Y)", "X^T", "X"),
        ),
    ),
    "examples as columns": Article(
        (
            r"Z = W X + b",
            r"A = \sigma(Z)",
            r"L = \frac{1}{2} \sum_{i=1}^n\sum_{k=1}^K (A_{ik} - Y_{ik})^2",
        ),
        (
            (
                r"\frac{\partial L}{\partial Z} = (A - Y) \odot A \odot (1-A)",
                "(1-A)",
                "(1+A)",
            ),
            (
                r"\frac{\partial L}{\partial W} = \frac{\partial L}{\partial Z} X^T",
                "X^T",
                "X",
            ),
        ),
    ),
    "attention": Article(
        (
            r"Q = X W_Q, \quad K = X W_K, \quad V = X W_V",
            r"S = \frac{Q K^T}{\sqrt{d}}",
            r"P = \mathrm{softmax}(S)",
            r"O = P V",
            r"L = \frac{1}{2} \|O - Y\|_F^2",
        ),
        (
            (
                r"\frac{\partial L}{\partial V} = P^T \frac{\partial L}{\partial O}",
                "P^T",
                "P",
            ),
            (
                (
                    r"\frac{\partial L}{\partial Q} = \frac{1}{\sqrt{d}}"
                    r" \frac{\partial L}{\partial S} K"
                ),
                r"\sqrt{d}",
                "d",
            ),
            (
                r"\frac{\partial L}{\partial W_V} = X^T \frac{\partial L}{\partial V}",
                "X^T",
                "V^T",
            ),
        ),
    ),
    "matrices by their capitals": Article(
        ("z = W x", r"h = \mathrm{ReLU}(z)", "y = U h", r"J = \frac12 (y - t)^2"),
        (
            (r"\frac{\partial J}{\partial U} = (y - t) h^\top", r"h^\top", r"z^\top"),
            (r"\frac{\partial J}{\partial h} = U^\top (y - t)", r"(y - t)", r"(t - y)"),
        ),
    ),
}


@pytest.mark.parametrize("name", ARTICLES)
def test_right_formulas_are_proved(name: str) -> None:
    """All of them, by nothing but the definitions beside them."""
    article = ARTICLES[name]
    found = report(*article.definitions, *(claim for claim, _, _ in article.claims))
    assert [claim.verdict for claim in found.claims] == [Verdict.PROVED] * len(article.claims)


@pytest.mark.parametrize("name", ARTICLES)
def test_planted_faults_are_refuted(name: str) -> None:
    """Each fault by itself, behind the definitions and the other claims."""
    article = ARTICLES[name]
    for claim, was, becomes in article.claims:
        left, sign, right = claim.partition(" = ")
        wrong = left + sign + right.replace(was, becomes)
        assert wrong != claim
        others = [other for other, _, _ in article.claims if other != claim]
        found = report(*article.definitions, *others, wrong).claims
        assert found[-1].verdict is Verdict.REFUTED, wrong


@pytest.mark.parametrize(
    ("definitions", "unread"),
    [
        ((r"h = w x", r"u = k(h - 1)", r"y = k h", r"E = (y + u - t)^2"), "u"),
        (
            (
                r"H = F X",
                r"A = \mathrm{softmax}(H)",
                r"O = V A",
                r"E = \frac12 \|O - Y\|^2",
            ),
            "A",
        ),
    ],
)
def test_what_has_a_definition_that_is_not_read_is_not_given(
    definitions: tuple[str, ...], unread: str
) -> None:
    """What depends on weights in a way that is not understood would be held to be constant."""
    claim = r"\frac{\partial E}{\partial w} = 0"
    with pytest.raises(InputError, match=f"what stands behind {unread} = could not be read"):
        report(*definitions, claim)
