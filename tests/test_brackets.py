"""One table says where brackets are needed, and every emitter follows it."""

from __future__ import annotations

import pytest

from derive import Model
from derive.emit.latex import Latex
from derive.emit.text import Text
from derive.formula import (
    Call,
    Formula,
    Hadamard,
    Layer,
    Letter,
    Negative,
    Power,
    Product,
    Quotient,
    Sum,
    SumOver,
    number,
)

A, B, C = (Letter(name) for name in "abc")
SUM, MINUS, FOLD = Sum((A, B)), Negative(A), SumOver("k", 3, B)
VECTORS = Hadamard((A, B))
TWO = number(2)


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (Sum((MINUS, B)), "−a + b"),
        (Sum((A, Negative(SUM))), "a − (a + b)"),
        (Sum((A, Product((MINUS, B)))), "a + (−a · b)"),
        (Product((MINUS, B)), "−a · b"),
        (Product((B, MINUS)), "b · (−a)"),
        (Product((SUM, SUM)), "(a + b) · (a + b)"),
        (Product((A, FOLD)), "a · Σ_k=1..3 b"),
        (Product((FOLD, A)), "(Σ_k=1..3 b) · a"),
        (Product((A, VECTORS)), "a · (a ⊙ b)"),
        (Hadamard((Product((A, B)), C)), "(a · b) ⊙ c"),
        (Hadamard((MINUS, C)), "(−a) ⊙ c"),
        (Negative(MINUS), "−(−a)"),
        (Negative(number(-2)), "−(−2)"),
        (Quotient(SUM, Quotient(A, B)), "(a + b)/(a/b)"),
        (Power(MINUS, TWO), "(−a)^2"),
        (Power(Power(A, TWO), TWO), "(a^2)^2"),
        (Power(Call("exp", A), TWO), "exp(a)^2"),
    ],
)
def test_brackets_where_they_are_needed(formula: Formula, text: str) -> None:
    """A sum within a product, a minus behind a sign, a Σ with something behind it."""
    assert Text(Model.of("1-1")).inline(formula) == text


@pytest.mark.parametrize(
    ("formula", "latex"),
    [
        (Power(Call("exp", A), TWO), r"\bigl(e^a\bigr)^2"),
        (Power(Layer("out", 1), TWO), r"(\mathbf{out_b})^2"),
        (Product((A, Quotient(MINUS, B))), r"a \cdot \frac{-a}{b}"),
    ],
)
def test_an_exponent_stands_at_one_name(formula: Formula, latex: str) -> None:
    """What has an exponent already, or is a vector, takes one in brackets."""
    assert Latex(Model.of("1-1")).inline(formula) == latex
