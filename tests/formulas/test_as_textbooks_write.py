"""What textbooks write: products beside ⊙, entries of W, errors e_j, iterations (n), δ with a minus."""

from __future__ import annotations

import pytest

from derive.checking.check import check_document
from tests.formulas.authors import equations, layered, verdict

DEEP = layered([2, 4, 3, 2], bias="neuron", activation="sigmoid", names={"E_total": "C"})
SQUARE = layered([2, 2, 2], bias="neuron", activation="sigmoid", names={"E_total": "C"})
SLOPE = r"\sigma'(z^l)"
BACK = r"(W^{l+1})^T \delta^{l+1}"


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (rf"\delta^l = {SLOPE} \odot {BACK}", "proved"),
        (rf"\delta^l = {BACK} \odot {SLOPE}", "proved"),
        (r"\delta^l = a^l \odot (1 - a^l) \odot (W^{l+1})^T \delta^{l+1}", "proved"),
        (rf"\frac{{\partial C}}{{\partial W^l}} = {SLOPE} \odot {BACK} (a^{{l-1}})^T", "proved"),
        (rf"\frac{{\partial C}}{{\partial W^l}} = {BACK} \odot {SLOPE} (a^{{l-1}})^T", "proved"),
        (r"\delta^2 = (W^3)^T (a^4 - y) \odot \sigma'(z^4) \odot \sigma'(z^2)", "refuted"),
        (r"\delta^3 = (W^4)^T (a^4 - y) \odot \sigma'(z^4) \odot \sigma'(z^3)", "refuted"),
        (r"\delta^l = \sigma'(z^l) \odot W^{l+1} \delta^{l+1}", "refuted"),
        (rf"\delta^l = ({SLOPE} \odot (W^{{l+1}})^T) \delta^{{l+1}}", "refuted"),
        (rf"\delta^l = {SLOPE} \odot {BACK} \odot a^l", "refuted"),
    ],
)
def test_a_product_without_brackets_is_what_fits(claim: str, said: str) -> None:
    """Beside ⊙ a product of matrices is first, f'(z) ⊙ Wᵀδ; where that has no shape, another is.

    Brackets that are written stay.
    """
    assert verdict(DEEP, claim) == said


def test_a_product_that_fits_in_two_ways_is_not_read() -> None:
    """In rows of the same size, δ ⊙ f'(z) W may be either."""
    claim = r"(\delta^2)^T = (\delta^2)^T \odot (a^2)^T W^2"
    assert verdict(SQUARE, claim) == "unreadable"
    assert verdict(DEEP, r"\delta^3 = 2 \delta^3 \odot a^3") == "refuted"


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\frac{\partial C}{\partial W^l_{jk}} = \delta^l_j a^{l-1}_k", "proved"),
        (r"\frac{\partial C}{\partial w^l_{jk}} = \delta^l_j a^{l-1}_k", "proved"),
        (r"\frac{\partial z^{l+1}_k}{\partial z^l_j} = W^{l+1}_{kj} \sigma'(z^l_j)", "proved"),
        (r"\frac{\partial C}{\partial W^l_{jk}} = \delta^l_k a^{l-1}_j", "refuted"),
        (r"\frac{\partial C}{\partial W^2_{12}} = \delta^2_2 a^1_1", "refuted"),
    ],
)
@pytest.mark.slow
def test_entries_have_the_letter_of_their_matrix_or_its_small_one(claim: str, said: str) -> None:
    """W_{jk} is w_{jk}."""
    assert verdict(DEEP, claim) == said


SIGNALS = equations(
    """
weights: w
v[j] = sum(w[j,i]*y[i], i=1..2), j=3..5
y[j] = sig(v[j]), j=3..5
v[k] = sum(w[k,j]*y[j], j=3..5), k=6..7
y[k] = sig(v[k]), k=6..7
e[k] = d[k] - y[k], k=6..7
E = 1/2*sum(e[k]^2, k=6..7)
"""
)


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\frac{\partial E}{\partial w_{ji}} = -e_j \sigma'(v_j) y_i", "proved"),
        (r"\frac{\partial E}{\partial w_{ji}} = e_j \sigma'(v_j) y_i", "refuted"),
        (r"e_6^2 = (d_6 - y_6)^2", "proved"),
        (r"e^{v_3} = y_3 (1 + e^{v_3})", "proved"),
        (r"\frac{\partial E(n)}{\partial w_{ji}(n)} = -e_j(n) \sigma'(v_j(n)) y_i(n)", "proved"),
        (r"\frac{\partial E(n)}{\partial w_{ji}(n)} = e_j(n) \sigma'(v_j(n)) y_i(n)", "refuted"),
        (
            r"\frac{\partial E(n)}{\partial w_{ji}(n)} = -e_j(n) \sigma'(v_j(n)) y_i(m)",
            "unreadable",
        ),
        (r"\frac{\partial E(n)}{\partial w_{ji}(n)} = -e_j(n) \sigma'(v_j(n)) y_i n", "unreadable"),
        (r"y_6(n) = \sigma(v_6)", "unreadable"),
    ],
)
def test_errors_and_iterations_are_called_what_they_are(claim: str, said: str) -> None:
    """e_j is an error where e is Euler's number, and (n) behind all names numbers the iteration."""
    assert verdict(SIGNALS, claim) == said


TURNED = r"\delta_j = -\frac{\partial E}{\partial v_j}"
OF_STEP = r"\delta_j(n) = -\frac{\partial E(n)}{\partial v_j(n)} = e_j(n) \sigma'(v_j(n))"
PRODUCT = r"\delta_j = -\frac{\partial E}{\partial y_j} \frac{\partial y_j}{\partial v_j}"
STEP = r"\Delta w_{{ji}} = {}\eta \delta_j y_i"


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([TURNED], ["proved"]),
        ([TURNED, r"\delta_j = e_j \sigma'(v_j)"], ["proved", "proved"]),
        ([TURNED, r"\delta_j = -e_j \sigma'(v_j)"], ["proved", "refuted"]),
        ([STEP.format(""), TURNED], ["proved", "proved"]),
        ([STEP.format("-"), TURNED], ["undecided", "proved"]),
        ([r"\Delta w_{ji}(n) = \eta \delta_j(n) y_i(n)", OF_STEP], ["proved", "proved"]),
        ([r"\Delta w_{ji}(n) = -\eta \delta_j(n) y_i(n)", OF_STEP], ["undecided", "proved"]),
        ([STEP.format(""), PRODUCT], ["proved", "proved"]),
        ([r"\frac{\partial E}{\partial w_{ji}} = \delta_j y_i", PRODUCT], ["refuted", "proved"]),
        ([r"\frac{\partial E}{\partial w_{ji}} = -\delta_j y_i", PRODUCT], ["proved", "proved"]),
        ([rf"{TURNED} = e_j \sigma'(v_j)"], ["proved"]),
        ([rf"{TURNED} = -e_j \sigma'(v_j)"], ["refuted"]),
        (
            [rf"{TURNED} = e_j \sigma'(v_j)", r"\Delta w_{ji} = \eta \delta_j y_i"],
            ["proved", "proved"],
        ),
        ([r"\delta_j = e_j \sigma'(v_j) = (d_j - y_j) \sigma'(v_j)"], ["undecided"]),
        ([r"\delta_j = e_j \sigma'(v_j) = (d_j + y_j) \sigma'(v_j)"], ["refuted"]),
        ([r"\delta_j = \frac{\partial E}{\partial v_j}", TURNED], ["proved", "refuted"]),
    ],
)
def test_a_delta_with_a_minus_is_the_authors_own(document: list[str], said: list[str]) -> None:
    """δ = −∂E/∂v defines δ in all of a document, but where it has its meaning already.

    It does so alone, at the head of a chain, of a step (n), and as a product by the chain rule.
    """
    text = "\n\n".join(f"$$ {one} $$" for one in document)
    found = {c.line: c.verdict.value for c in check_document(SIGNALS, text, "md").claims}
    assert [found.get(1 + 2 * place, "silent") for place in range(len(document))] == said
