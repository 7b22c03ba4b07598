r"""A file about example i, in which all it computes is called so, h_i; and functions that it has
written out, of which authors speak by a letter, φ(z) = e^{−z²}.
"""

from __future__ import annotations

import pytest

from derive.checking.check import check_document
from tests.formulas.authors import equations, verdict

BELL = equations(
    """
s_n = x_n*v
g_n = exp(-s_n^2)
r_n = g_n + c
p_n = sig(r_n)
L_n = -(t_n*ln(p_n) + (1-t_n)*ln(1-p_n))
"""
)
MIXED = equations("q_n = sig(x_n*v)\nr = q_n^2\nL_n = (t_n - r)^2\n")
SIGN = equations(
    """
weights: v
s[k] = v*x[k], k=1..3
a[k] = s[k]/sqrt(1 + s[k]^2), k=1..3
E = 1/2*sum((a[k] - t[k])^2, k=1..3)
"""
)
TWO = equations("weights: v\ns = v*x\na = s/sqrt(1 + s^2)\nb = s^2 + 1\nE = (a*b - t)^2\n")


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\mathbf{p} = \sigma(\mathbf{g} + c)", "proved"),
        (r"p = \frac{1}{1 + e^{-(g + c)}}", "proved"),
        (r"\mathbf{p} = \sigma(\mathbf{g} - c)", "refuted"),
        (r"\frac{\partial L}{\partial r} = p - t", "proved"),
        (r"\frac{\partial L}{\partial r} = t - p", "refuted"),
        (r"\frac{\partial L_n}{\partial s_n} = -2 s g (p_n - t_n)", "proved"),
        (r"\frac{\partial L}{\partial u} = p - t", "unreadable"),
    ],
)
def test_names_without_the_number_of_the_example(claim: str, said: str) -> None:
    """What holds for one holds for each; that is so where all names have it."""
    assert verdict(BELL, claim) == said


def test_where_not_all_names_have_it_nobody_leaves_it_out() -> None:
    assert verdict(MIXED, r"q = \sigma(x v)") == "unreadable"


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\varphi(s_n) = e^{-s_n^2}", "proved"),
        (r"\varphi(s_n) = e^{-2 s_n}", "refuted"),
        (r"\varphi'(s_n) = -2 s_n \varphi(s_n)", "proved"),
        (r"\varphi'(s_n) = 2 s_n \varphi(s_n)", "refuted"),
        (r"\varphi''(s_n) = 2", "unreadable"),
        (r"\frac{d \varphi(s)}{d s} = -2 s \varphi(s)", "proved"),
        (r"\frac{d \varphi(s)}{d s} = -2 \varphi(s)", "refuted"),
    ],
)
def test_a_letter_for_what_is_made_of_its_argument_alone(claim: str, said: str) -> None:
    """The file writes it out, and calls the function nothing."""
    assert verdict(BELL, claim) == said


def test_so_it_is_of_families_and_not_of_two_functions() -> None:
    right = r"\frac{\partial E}{\partial s_k} = (a_k - t_k) f'(s_k)"
    assert verdict(SIGN, right) == "proved"
    assert verdict(SIGN, right.replace("f'", "f")) == "refuted"
    assert verdict(SIGN, right.replace("f'(s_k)", "f'(s_1)")) == "refuted"
    assert verdict(SIGN, r"a_k = f(s_k)") == "proved"
    assert verdict(TWO, r"a = f(s)") == "unreadable"


def test_a_word_with_brackets_behind_it_may_be_a_function() -> None:
    """As a product it may be proved, and is not refuted."""

    def said(*formulas: str) -> list[str]:
        text = "\n\n".join(f"$$ {formula} $$" for formula in formulas)
        return [claim.verdict.value for claim in check_document(BELL, text, "md").claims]

    named = r"\text{Bell} = \varphi(s_n) = e^{-s_n^2}"
    assert said(named, r"g_n = \text{Bell}(x_n v)") == ["proved", "unreadable"]
    assert said(named, r"g_n = \text{Bell}(2 - 1)") == ["proved", "proved"]
    assert said(named, r"g_n = 2 \text{Bell}") == ["proved", "refuted"]
