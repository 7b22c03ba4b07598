"""Identities applied without a word: each as it reads, and true at random numbers."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from derive.formula import Arithmetic, Formula, Name, evaluate, names_in
from derive.formula.tidy import cancelled, collapsed, gathered, shortened, tidied, under
from derive.grammar.free import FreeReader


def read(text: str) -> Formula:
    return FreeReader().formula(text)


def value(formula: Formula, seed: int = 0) -> Fraction:
    values = {
        name: Fraction(random.Random(f"{name} {seed}").randrange(2, 999), 7)
        for name in names_in(formula)
    }
    ring = Arithmetic(
        number=Fraction,
        resolve=lambda node, _: values[node.name] if isinstance(node, Name) else None,
        divide=lambda a, b: a / b,
    )
    found = evaluate(formula, ring)
    assert isinstance(found, Fraction)
    return found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2*a - 2*b", "2*(a - b)"),
        ("2*m - 2*a + 2*m - 2*b", "2*(2*m - a - b)"),
        ("2*(m - a) + 2*(m - b)", "2*(2*m - a - b)"),
        ("a + 2*(b - c)", "a + 2*(b - c)"),
        ("-b + a", "a - b"),
        ("-a - b", "-a - b"),
        ("1 - a", "1 - a"),
        ("a + b", "a + b"),
        ("3*a + 2*b", "3*a + 2*b"),
        ("a - a", "0"),
        ("1/3*2*a", "2/3*a"),
        ("1/2*2*(a - b)", "a - b"),
        ("0.5*a + 0.5*b", "0.5*a + 0.5*b"),
        ("a*b", "a*b"),
    ],
)
def test_a_slope_is_written_as_a_person_would(before: str, after: str) -> None:
    """Like terms together, a common number before the bracket, no minus sign first."""
    assert tidied(read(before)) == read(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("t/p*p*q", "t*q"),
        ("-(t/p)*p*(1 - p)*x", "-t*(1 - p)*x"),
        ("(t/p*p*q + s/q*q)*x", "(t*q + s)*x"),
        ("t/p*q", "t/p*q"),
        ("p*(t/p)", "t"),
        ("t/p*p*p", "t*p"),
        ("exp(a/b*b)", "exp(a)"),
    ],
)
def test_a_factor_cancels_its_divisor(before: str, after: str) -> None:
    """Once for each divisor, wherever they stand in the product."""
    assert cancelled(read(before)) == read(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("t*p - s*(1 - p)", "p*(t + s) - s"),
        ("t*p + u*p - s*(1 - p)", "p*(t + u + s) - s"),
        ("a + b", "a + b"),
        ("a*(1 - a)", "a*(1 - a)"),
    ],
)
def test_terms_with_a_quantity_in_common_are_gathered(before: str, after: str) -> None:
    """What is multiplied by it goes into one bracket, the rest stays behind."""
    found = gathered(read(before))
    if before == "a*(1 - a)":
        assert value(found) == value(read(before))
    else:
        assert found == read(after)


@pytest.mark.parametrize("rewrite", [tidied, cancelled, gathered])
@pytest.mark.parametrize(
    "text",
    [
        "2*a - 2*b + 4*a",
        "-a*(b - c)*2 - b",
        "a/b*b*(c - a)/c*c",
        "2*(a/b - c/d)*b*d*(1 - a) - b",
        "1/3*2*(a - b)",
        "a*(1 - a)*(1 - b) + b*a - 3",
        "(a + b)*(c - a)*(b + c)*(a - 2)*(b - 3)*(c - 5)*(a + 7)",
    ],
)
def test_no_rewriting_changes_a_value(rewrite: object, text: str) -> None:
    """In exact fractions at several points."""
    assert callable(rewrite)
    formula = read(text)
    for seed in range(3):
        assert value(rewrite(formula), seed) == value(formula, seed)


def test_a_condition_gives_a_bracket_its_value() -> None:
    """With a + b + c = 1, p·(a + b + c) − a is p − a; another sum stays."""
    conditions = {"c": read("1 - a - b")}
    assert under(read("p*(a + b + c) - a"), conditions) == read("p - a")
    assert under(read("p*(a + b) - c"), conditions) == read("p*(a + b) - c")
    assert under(read("p*(a + b + c)"), {}) == read("p*(a + b + c)")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("(a/b - c)*b", "a - c*b"),
        ("(a/b - c/d)*b*d*x", "(a*d - c*b)*x"),
        ("(a/b - c/d)*b*x", "(a/b - c/d)*b*x"),
        ("2*(a/b - c)*b*b", "2*(a - c*b)*b"),
        ("b*(a/b - c)*(a/b - c)", "(a - c*b)*(a/b - c)"),
        ("(a/b - c)*x*(a/b - c)*b*b", "(a - c*b)*x*(a - c*b)"),
    ],
)
def test_a_factor_cancels_the_divisors_in_a_bracket(before: str, after: str) -> None:
    """It is multiplied into the bracket where no divisor is left there, and not otherwise."""
    assert cancelled(read(before)) == read(after)


def test_one_factor_cancels_in_one_of_two_equal_brackets() -> None:
    """Even if both brackets are one and the same object."""
    bracket = read("a/b - c")
    assert cancelled(bracket * bracket * Name("b")) == read("(a - c*b)*(a/b - c)")


@pytest.mark.parametrize(
    ("text", "conditions", "steps"),
    [
        ("((1 - t)/(1 - o) - t/o)*o*(1 - o)", {}, ["(1 - t)*o - t*(1 - o)", "o - t"]),
        (
            "-(t/p)*p*(1 - p) + s/q*q*p",
            {"s": "1 - t"},
            ["-t*(1 - p) + s*p", "p*(t + s) - t", "p - t"],
        ),
        ("-(t/p)*p*(1 - p) + s/q*q*p", {}, ["-t*(1 - p) + s*p", "p*(t + s) - t"]),
        (
            "(-(t/p)*p*(1 - p) + s/q*q*p)*x + l*w",
            {"s": "1 - t"},
            ["(-t*(1 - p) + s*p)*x + l*w", "(p*(t + s) - t)*x + l*w", "(p - t)*x + l*w"],
        ),
        ("t/p*q", {}, []),
        ("a*b + a*c", {}, []),
    ],
)
def test_a_delta_collapses_step_by_step(
    text: str, conditions: dict[str, str], steps: list[str]
) -> None:
    """Divisors first, then what terms have in common, then the condition on what is given."""
    known = {name: read(meaning) for name, meaning in conditions.items()}
    found = shortened(read(text), known)
    assert list(dict.fromkeys(found)) == [read(step) for step in steps]


def test_what_keeps_a_divisor_does_not_collapse() -> None:
    """A δ is written in another form only if that is shorter and divides by nothing."""
    for text in ("t/p*p + s/q", "a*b + a*c", "t/p"):
        assert collapsed(read(text), {}) == (read(text),)
    whole, *_, last = collapsed(read("((1 - t)/(1 - o) - t/o)*o*(1 - o)"), {})
    assert (whole, last) == (read("((1 - t)/(1 - o) - t/o)*o*(1 - o)"), read("o - t"))
