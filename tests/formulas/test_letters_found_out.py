"""The document's own letters for the error and for the last layer, found out by what holds."""

from __future__ import annotations

import pytest

from derive import Model
from derive.checking.check import check_document
from tests.formulas.authors import equations, layered
from tests.formulas.judging import in_document

UNITS = equations(
    """
weights: w, b
z[j] = sum(w[j,i]*x[i], i=1..2) + b[j], j=1..2
a[j] = sig(z[j]), j=1..2
E = 1/2*sum((a[j] - t[j])^2, j=1..2)
"""
)
DEEP = layered([2, 3, 3, 2], bias="neuron", activation="sigmoid", names={"E_total": "C"})
RIGHT = r"\frac{\partial ERROR}{\partial z_j} = (a_j - t_j) a_j (1 - a_j)"
BIAS = r"\frac{\partial ERROR}{\partial b_j} = \frac{\partial ERROR}{\partial z_j}"
WRONG = r"\frac{\partial ERROR}{\partial z_j} = (a_j - t_j) a_j"


def verdicts(network: Model, *formulas: str) -> list[str]:
    """The verdicts on the displays of a document."""
    return [verdict.value for verdict in in_document(network, *formulas)]


@pytest.mark.parametrize("letter", ["L", "J", r"\ell", r"\mathcal{L}", "C", "loss", r"\phi", "S"])
def test_an_unknown_name_of_which_derivatives_are_taken_is_the_error(letter: str) -> None:
    """Where what is said of it holds; then what does not hold is refuted, and a note says it."""
    right, also, wrong = (text.replace("ERROR", letter) for text in (RIGHT, BIAS, WRONG))
    assert verdicts(UNITS, right, also, wrong) == ["proved", "proved", "refuted"]
    assert verdicts(UNITS, right, wrong) == ["unreadable"] * 2
    text = f"$$ {right} $$"
    (claim,) = check_document(UNITS, text, "md").claims
    assert any("the error of the network" in finding.message for finding in claim.findings)


def test_without_anything_that_holds_nobody_knows_what_a_name_is() -> None:
    """Nothing is refuted by a guess, nor where as much fails as holds."""
    wrong = WRONG.replace("ERROR", "L")
    assert verdicts(UNITS, wrong) == ["unreadable"]
    other = r"\frac{\partial L}{\partial a_j} = 2 (a_j - t_j)"
    assert verdicts(UNITS, wrong, other, RIGHT.replace("ERROR", "L")) == ["unreadable"] * 3


def test_a_name_of_the_network_stays_what_it_is() -> None:
    """∂a/∂z is no derivative of the error, and neither is that of another unknown name beside E."""
    own = RIGHT.replace("ERROR", "E")
    assert verdicts(UNITS, own, r"\frac{\partial q}{\partial z_j} = 5") == ["proved", "unreadable"]


@pytest.mark.parametrize("letter", ["N", "M", "K", "H"])
def test_a_capital_above_names_is_the_last_layer(letter: str) -> None:
    """δ^N = …, if what is said of it holds, and nothing else has a capital there."""
    right = rf"\delta^{letter} = (a^{letter} - y) \odot \sigma'(z^{letter})"
    wrong = rf"\delta^{letter} = (a^{letter} - y) \odot \sigma(z^{letter})"
    also = rf"\frac{{\partial C}}{{\partial b^{letter}}} = \delta^{letter}"
    assert verdicts(DEEP, right, also, wrong) == ["proved", "proved", "refuted"]
    assert verdicts(DEEP, wrong) == ["unreadable"]
    two = r"\delta^Q = (a^Q - y) \odot \sigma'(z^Q)"
    assert "proved" not in verdicts(DEEP, right, two)


STEPS = equations(
    """
weights: u, v
s[k] = s[k-1]*u + x[k]*v, k=1..3
o = s[3]
Q = (g - o)^2
"""
)
END = r"\frac{\partial Q}{\partial o} = \frac{\partial Q}{\partial s_N}"
ALL = r"\frac{\partial Q}{\partial v} = \sum_{k=1}^{N} \frac{\partial Q}{\partial s_k} x_k"


@pytest.mark.parametrize("letter", ["n", "m"])
def test_what_stands_above_a_sum_is_the_last_number_elsewhere_too(letter: str) -> None:
    """Before or behind that Σ; without one, or where one fails with it, nothing is proved."""
    end, all_, twice = (text.replace("N", letter) for text in (END, ALL, END.replace("= ", "= 2 ")))
    before = END.replace("N", f"{{{letter}-1}}")
    assert verdicts(STEPS, end) == ["undecided"]
    assert verdicts(STEPS, end, all_) == ["proved", "proved"]
    assert verdicts(STEPS, all_, end) == ["proved", "proved"]
    assert verdicts(STEPS, all_, twice, end) == ["proved", "refuted", "proved"]
    assert verdicts(STEPS, all_, before) == ["proved", "refuted"]
    other = all_.replace(f"{{{letter}}}", "{3}")
    assert verdicts(STEPS, end, other) == ["undecided", "proved"]


SHARES = equations(
    """
weights: u
p[k] = exp(u[k])/sum(exp(u[j]), j=1..3), k=1..3
F = -sum(g[k]*ln(p[k]), k=1..3)
"""
)
SAME = r"\frac{\partial p_i}{\partial u_i} = \frac{e^{u_i}}{S}\left(1 - \frac{e^{u_i}}{S}\right)"
OTHER = (
    r"\frac{\partial p_i}{\partial u_j} = -\frac{e^{u_i} e^{u_j}}{S^2} \quad \text{if } i \neq j"
)


@pytest.mark.parametrize("name", ["S", "Z", r"\Sigma", r"\Sigma_C", r"\mathcal{N}", "D_u"])
def test_what_several_quantities_are_divided_by_may_have_a_name(name: str) -> None:
    """Of which nothing is said; what is wrong with it is not proved, and alone not refuted."""
    same, other = (text.replace("S", name) for text in (SAME, OTHER))
    assert verdicts(SHARES, same, other) == ["proved", "proved"]
    for wrong in (
        same.replace("1 -", "1 +"),
        same.replace(r"\left(1", r"\left(e^{u_i}"),
        same.replace("e^{u_i}", "u_i"),
        other.replace("S^2".replace("S", name), name),
    ):
        assert verdicts(SHARES, wrong) == ["unreadable"]
        assert verdicts(SHARES, same, other, wrong)[2] == "refuted"


def test_a_name_that_a_document_defines_is_not_found_out() -> None:
    """Before its definition nothing is said with it, whatever it would be elsewhere."""
    twice = r"S = \sum_k e^{2 u_k}"
    assert verdicts(SHARES, SAME, twice) == ["unreadable"]
    assert verdicts(SHARES, twice, SAME) == ["refuted"]
    assert verdicts(SHARES, r"S = \sum_k e^{u_k}", SAME, OTHER) == ["proved", "proved"]


def test_i_is_j_where_only_one_of_them_stands() -> None:
    """That says nothing of it; of a letter that stands nowhere nothing else can be said."""
    right = r"\frac{\partial p_i}{\partial u_i} = p_i (1 - p_i)"
    rows = r"\text{if } i = j: & %s \\ \text{if } i \neq j: & \frac{\partial p_i}{\partial u_j} = -p_i p_j"
    assert verdicts(SHARES, rows % right) == ["proved"]
    assert verdicts(SHARES, rows % right.replace("1 -", "1 +")) == ["refuted"]
    assert verdicts(SHARES, rf"{right} \quad \text{{if }} i = j") == ["proved"]
    assert verdicts(SHARES, rf"{right} \quad \text{{if }} i < j") == ["unreadable"]
    assert verdicts(SHARES, rf"{right} \quad \text{{if }} i = j + 1") == ["unreadable"]
