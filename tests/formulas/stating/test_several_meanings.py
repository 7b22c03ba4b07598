"""Documents that give a name one meaning, and later another one."""

from __future__ import annotations

import pytest

from derive.checking.check import check_document
from tests.formulas.stating.test_judging import report

NET = (r"z = w x + b", r"a = \sigma(z)", r"L = \frac12 (a - y)^2")
BY_W, BY_B = r"\frac{\partial L}{\partial w} = %s x", r"\frac{\partial L}{\partial b} = %s"
WRONG, RIGHT = "%s = a - y", "%s = (a - y) a (1 - a)"


def verdicts(*formulas: str) -> list[str]:
    """What is said of all formulas that claim something about the network."""
    return [claim.verdict.value for claim in report(*NET, *formulas).claims]


@pytest.mark.parametrize("name", [r"\delta", "g"])
def test_a_later_meaning_proves_nothing_that_stands_before_it(name: str) -> None:
    """What is wrong with δ = a − y stays so where another δ is defined later in the document."""
    wrong, right, by_w, by_b = (text % name for text in (WRONG, RIGHT, BY_W, BY_B))
    other = r"\frac{\partial L}{\partial x} = (a - y) a (1 - a) w"
    assert verdicts(wrong, by_w, other, right, by_b) == [
        "refuted",
        "proved",
        "undecided",
        "proved",
    ]
    assert verdicts(right, by_w, other, wrong, by_b) == [
        "proved",
        "proved",
        "undecided",
        "refuted",
    ]


@pytest.mark.parametrize("name", [r"\delta", "g"])
def test_a_meaning_right_behind_a_formula_may_be_meant_in_it(name: str) -> None:
    """∂L/∂b = δ, "where δ = …", is not refuted by what δ was before; nor is it proved by either."""
    wrong, right, by_w, by_b = (text % name for text in (WRONG, RIGHT, BY_W, BY_B))
    assert verdicts(wrong, by_b, right) == ["undecided", "undecided"]
    assert verdicts(by_w, wrong, by_b, right)[1:] == ["undecided", "undecided"]
    assert verdicts(by_w, wrong, by_b, right)[0] != "proved"
    assert verdicts(wrong, by_b, wrong)[0] == "refuted"


@pytest.mark.parametrize(("anew", "factor"), [("a = z", ""), ("a = 2 z", "2 "), ("a = 0 + z", "")])
def test_a_network_may_be_defined_anew_with_a_linear_unit(anew: str, factor: str) -> None:
    """Behind a second a = …, be it another name alone, what holds for one network is undecided."""
    first = r"\frac{\partial L}{\partial w} = (a - y) a (1 - a) x"
    second = rf"\frac{{\partial L}}{{\partial w}} = {factor}(a - y) x"
    wrong = rf"\frac{{\partial L}}{{\partial w}} = {factor}(y - a) x"
    found = report(*NET, first, anew, second, wrong).claims
    assert [c.verdict.value for c in found] == ["proved", "refuted", "undecided", "refuted"]
    assert (
        "fails for a = sig(z) and holds for the later definitions" in found[2].findings[0].message
    )


def test_another_name_for_a_quantity_defines_nothing_anew() -> None:
    """A wrong formula behind p = a, where both have definitions that agree, stays refuted."""
    named = (r"p = \frac{1}{1 + e^{-z}}", "p = a")
    assert verdicts(*named, BY_B % "(a - y) a") == ["proved", "proved", "refuted"]


def test_two_errors_are_told_apart() -> None:
    """A formula that holds for one error of a document says for which, and for which it fails."""
    text = (
        r"Let $z = w x + b$, $a = \sigma(z)$ and $L = \frac12 (a - y)^2$. With $L = -y \ln a - (1 - y)"
        r" \ln(1 - a)$ we have $$\frac{\partial L}{\partial z} = a - y$$"
    )
    claim = check_document(None, text, "md", "article.md").claims[-1]
    assert claim.verdict.value == "undecided"
    assert "fails for L = 1/2*(a - y)^2 and holds for L = -y*ln(a)" in claim.findings[0].message
