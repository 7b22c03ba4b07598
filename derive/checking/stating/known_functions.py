"""Functions that a document states itself, known by their shape: σ(x) = 1/(1 + e^{−x})."""

from __future__ import annotations

from derive.checking.stating.parser import read
from derive.checking.stating.said import Function
from derive.checking.stating.written import Quantity, changed


def known_function(function: Function) -> str | None:
    """The function of the table that a definition states, by its shape; nothing for another."""
    x = Quantity("x")
    value = changed(function.value, lambda w: x if w == function.variable else None)
    for symbol, texts in _SHAPES.items():
        if any(read(text) == value for text in texts):
            return symbol
    return None


_SHAPES = {
    "sig": (
        r"\frac{1}{1+e^{-x}}", r"\frac{1}{1+\exp(-x)}", "1/(1+e^{-x})", r"\frac{e^x}{1+e^x}",
        r"\frac{1}{e^{-x}+1}", r"\frac{e^{x}}{e^{x}+1}",
    ),
    "tanh": (
        r"\frac{e^x-e^{-x}}{e^x+e^{-x}}", r"\frac{e^{2x}-1}{e^{2x}+1}", r"\tanh(x)", r"\tanh x",
    ),
    "relu": (r"\max(0,x)", r"\max(x,0)"),
    "lrelu": (r"\max(0.01x,x)", r"\max(x,0.01x)"),
    "softplus": (r"\log(1+e^x)", r"\ln(1+e^x)"),
}  # fmt: skip
