"""Documents that give a name one meaning, and later another one."""

from __future__ import annotations

import pytest

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
