"""Expressions in generated code: brackets where they are needed, and nowhere else."""

from __future__ import annotations

import math
import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.code.expressions import Expressions, inline
from derive.formula import (
    Call,
    Formula,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    number,
    signs_out,
)
from tests.code import running


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("E = a - (b - w)", "a - (b - w)"),
        ("E = a*(b/w)", "a * (b / w)"),
        ("E = a/(b*w)", "a / (b * w)"),
        ("E = a/b/w", "a / b / w"),
        ("E = (a + w)^2", "(a + w) ** 2"),
        ("E = (a*w)^2", "(a * w) ** 2"),
        ("E = (w^2)^3", "(w ** 2) ** 3"),
        ("E = -w^2", "-w ** 2"),
        ("E = (-w)^2", "(-w) ** 2"),
        ("E = a*(-w)", "-a * w"),
        ("E = 2*w + 1/3*a + 0.25*b", "2 * w + 1 / 3 * a + 0.25 * b"),
        ("E = a*(1/3)*w", "a * (1 / 3) * w"),
        ("E = w^(1/2)", "np.sqrt(w)"),
        ("E = (w + a)^(2/3)", "np.power(w + a, 2 / 3)"),
        ("E = exp(-w) + ln(a)", "np.exp(-w) + np.log(a)"),
        ("E = 0.10*w + 1000000000000000000000*a", "0.10 * w + 1e+21 * a"),
    ],
)
def test_brackets_where_they_are_needed(text: str, expression: str) -> None:
    """Operators bind as they do in Python, roots and functions are NumPy's, numbers exact."""
    formula = running.model(text).definitions["E"]
    code = Expressions(lambda leaf: inline(leaf.function) if isinstance(leaf, Call) else leaf.name)  # type: ignore[attr-defined]
    assert code.inline(signs_out(formula)) == expression


LEAVES = st.sampled_from([Name("a"), Name("b"), Name("w"), number(2), number(-3)])
TREES = st.recursive(
    LEAVES,
    lambda parts: (
        st.builds(Negative, parts)
        | st.builds(Quotient, parts, parts)
        | st.builds(Power, parts, st.sampled_from([number(2), number(3)]))
        | st.builds(lambda *terms: Sum(terms), parts, parts, parts)
        | st.builds(lambda *factors: Product(factors), parts, parts, parts)
    ),
    max_leaves=12,
)


def value_of(formula: Formula, point: dict[str, Fraction]) -> Fraction:
    """What a formula is worth, computed from its tree alone."""
    parts = [value_of(part, point) for part in formula.parts()]
    match formula:
        case Name():
            return point[formula.name]
        case Number():
            return formula.value
        case Negative():
            return -parts[0]
        case Quotient():
            return parts[0] / parts[1]
        case Power():
            return parts[0] ** int(parts[1])
        case Sum():
            return sum(parts, Fraction(0))
    return math.prod(parts, start=Fraction(1))


@settings(max_examples=300, deadline=None)
@given(TREES)
def test_brackets_change_no_value(formula: Formula) -> None:
    """Whatever is nested in whatever, Python computes what the formula says."""
    point = {"a": Fraction(7, 3), "b": Fraction(-5, 11), "w": Fraction(13, 2)}
    text = Expressions(lambda leaf: leaf.name).inline(formula)  # type: ignore[attr-defined]
    exact = re.sub(r"(?<!\*\* )\b(\d+)", r"Fraction(\1)", text)
    try:
        wanted = value_of(formula, point)
    except ZeroDivisionError:
        return
    assert eval(exact, {"Fraction": Fraction, **point}) == wanted, text  # noqa: S307 - its own text


@pytest.mark.parametrize("deep", [5, 10])
def test_what_stands_in_brackets_is_written_once(deep: int) -> None:
    """However deep brackets are nested, the name of each leaf is asked for once."""
    asked: list[Formula] = []
    formula: Formula = Name("a")
    for _ in range(deep):
        formula = Product((Name("w"), Sum((formula, Name("b")))))
    text = Expressions(lambda leaf: asked.append(leaf) or "x").inline(formula)  # type: ignore[func-returns-value]
    assert text.count("x") == len(asked) == 2 * deep + 1


# Templates.
