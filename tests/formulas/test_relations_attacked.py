"""What stands between two sides, and what a Σ counts: nothing right is refuted for either."""

from __future__ import annotations

import pytest

from tests.formulas.authors import verdict

NEAR = r"\frac{\partial h_3}{\partial h_1} \approx "
EXACT = r"\frac{\partial h_3}{\partial h_1} = u^2 (1 - h_3^2)(1 - h_2^2)"


@pytest.mark.parametrize(
    ("network", "claim", "said"),
    [
        ("rnn", NEAR + "u^2", "undecided"),
        ("rnn", NEAR + "u^2 (1 - h_3^2)(1 - h_2^2)", "proved"),
        ("rnn", EXACT + r" \approx u^2", "undecided"),
        ("rnn", EXACT.replace("u^2", "u") + r" \approx u^2", "refuted"),
        ("rnn", NEAR + "0.9", "refuted"),
        ("mazur", r"\frac{\partial E_{total}}{\partial w_1} \approx 0.0004", "proved"),
        ("mazur", r"\frac{\partial E_{total}}{\partial w_1} \approx 0.0005", "refuted"),
        ("mazur", r"\frac{\partial E_{total}}{\partial w_1} \approx 0", "undecided"),
        ("2-2-1", r"\frac{\partial E}{\partial w_{11}} \approx 0", "undecided"),
        ("2-2-1", r"0.5 \cdot 0.3 \approx 0.2 \cdot out_{c_1}", "undecided"),
        ("2-2-1", r"out_{c_1} = 0.5 \cdot 0.3 \approx 0.25", "refuted"),
    ],
)
def test_what_is_near_need_not_be_equal(network: str, claim: str, said: str) -> None:
    """Sides that differ are no reason to refute ≈: an author may say that a derivative vanishes.

    What differs behind = is refuted, and so are numbers that can be worked out.
    """
    assert verdict(network, claim) == said


PAIRS = r"\sum_{i \le k} p_i p_k + \sum_{i > k} p_i p_k"


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (rf"\sum_{{j,k}} z_j z_k = {PAIRS.replace('p', 'z')}", "undecided"),
        (f"1 = {PAIRS}", "undecided"),
        (r"1 = \sum_k (\sum_{i \le k} p_i p_k + \sum_{i > k} p_i p_k)", "proved"),
        (r"1 = \sum_{i \le k} p_i p_k", "refuted"),
        (r"1 = \sum_{i \le k} p_i p_k + \sum_{i \ge k} p_i p_k", "refuted"),
        (r"1 - p_k = \sum_{i \ne k} p_i", "proved"),
    ],
)
def test_a_sum_may_count_the_other_letter_of_its_condition(claim: str, said: str) -> None:
    """Where k stands in Σ_{i≤k} and nowhere else, nobody says whether the Σ counts it, too."""
    assert verdict("softmax", claim) == said


OUTPUT = r"\frac{\partial E}{\partial out_{c_1}} = "


@pytest.mark.parametrize(
    "factor",
    [
        r"\frac{1{2}}{2}",
        r"\frac{{1}{2}}{2}",
        r"\frac{{2}\,{2}}{4}",
        r"\frac{2{\color{red}2}}{4}",
        r"\frac{2{-1}}{-2}",
        r"2{+1}\frac{1}{2}",
        "(2{-1})",
    ],
)
def test_braces_make_no_product_of_what_runs_together_in_print(factor: str) -> None:
    """1{2} is 12 to whoever reads it, and 2{-1} is a difference: neither is proved or refuted."""
    assert verdict("2-2-1", f"{OUTPUT}{factor} (out_{{c_1}} - target_{{c_1}})") == "unreadable"


@pytest.mark.parametrize("factor", [r"2\frac{1}{2}", r"2{\frac{1}{2}}", r"\frac{2{(2)}}{4}"])
def test_braces_around_what_shows_as_one_factor_are_read(factor: str) -> None:
    """A fraction, or brackets, are seen to stand beside a number."""
    right = f"{OUTPUT}{factor} (out_{{c_1}} - target_{{c_1}})"
    assert verdict("2-2-1", right) == "proved"
    assert verdict("2-2-1", right.replace(" - ", " + ")) == "refuted"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (r"\sigma(0.378)", "proved"),
        (r"\frac{1}{1 + e^{-0.378}}", "proved"),
        (r"\sigma(0.377)", "proved"),
        (r"\sigma(0.379)", "refuted"),
        (r"\sigma(0.376)", "refuted"),
    ],
)
def test_a_number_that_lies_between_two_may_be_rounded_to_either(value: str, said: str) -> None:
    """net_{h1} is 0.3775, which rounds to 0.378; what bends is right up to the end of that."""
    assert verdict("mazur", rf"out_{{h1}} = {value}") == said
