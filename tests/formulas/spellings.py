"""The ways in which people spell one and the same formula."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from derive import Model
from derive.emit.emitter import Emitter
from derive.emit.latex import Latex
from derive.emit.text import Text
from derive.formula import Call, Delta, Formula, Letter, Name, Number, Updated
from derive.model import Role
from derive.notations import naming

_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_KINDS = {
    Role.INPUT: "out", Role.OUTPUT: "out", Role.NET: "net", Role.TARGET: "target",
    Role.WEIGHT: "weight", Role.BIAS: "bias", Role.ERROR: "error",
}  # fmt: skip


class _Latex(Latex):
    """As the notes typeset it, with plain brackets."""

    def brackets(self, inside: Formula) -> tuple[str, str]:
        return "(", ")"

    def fraction(self, top: Formula, bottom: Formula) -> str:
        return rf"\frac{{{self.inline(top)}}}{{{self.inline(bottom)}}}"

    def power(self, base: str, exponent: str) -> str:
        return f"{base}^{{{exponent}}}"


class _Bare(_Latex):
    """out_{d1}, \\times, sigma."""

    times = r"\times"

    def leaf(self, formula: Formula) -> str:
        return re.sub(r"\{([a-z])_([0-9]+)\}", r"{\1\2}", super().leaf(formula))

    def function(self, name: str, primes: int) -> str:
        return (
            r"\sigma" if name == "sig" else rf"\{name}" if name == "exp" else rf"\mathrm{{{name}}}"
        ) + "'" * primes


class _Fonts(_Latex):
    """\\text{net}_{d_1}, \\operatorname{sig}, \\left( \\right), \\,."""

    times = r"\,"

    def leaf(self, formula: Formula) -> str:
        written = super().leaf(formula)
        return re.sub(r"^(out|net|target|bias)_", r"\\text{\1}_", written)

    def number(self, value: Number) -> str:
        # Two numbers side by side would be one.
        return f"({super().number(value)})"

    def power(self, base: str, exponent: str) -> str:
        # A number in brackets above is an index as often as a power.
        return super().power(base, re.sub(r"^\((-?[0-9]+)\)$", r"\1", exponent))

    def function(self, name: str, primes: int) -> str:
        return rf"\operatorname{{{name}}}" + "'" * primes

    def brackets(self, inside: Formula) -> tuple[str, str]:
        return r"\left(", r"\right)"


class _Books(_Latex):
    """a^{2}_{1}, z^2_1, w^{2}_{13}, \\delta^{2}_{1}: the notation of books."""

    def __init__(self, model: Model) -> None:
        super().__init__(model)
        self._indexed = naming("indexed", model.network.layers, model.network.bias)

    def leaf(self, formula: Formula) -> str:
        if isinstance(formula, Name | Updated):
            name = formula.name if isinstance(formula, Name) else formula.of
            quantity = self._model.quantities[name]
            kind = _KINDS.get(quantity.role)
            if kind is None or isinstance(formula, Updated) or kind == "error":
                return super().leaf(formula)
            return self._indexed.typeset(kind, quantity.layer, quantity.index, quantity.source)
        if isinstance(formula, Delta):
            quantity = self._model.quantities[formula.of]
            return self._indexed.typeset("delta", quantity.layer, quantity.index)
        return super().leaf(formula)

    def function(self, name: str, primes: int) -> str:
        return (
            r"\sigma" if name == "sig" else rf"\{name}" if name == "exp" else rf"\mathrm{{{name}}}"
        ) + "'" * primes


class _Ascii(Text):
    """dE_total/dw21 = (out_d1 - target_d1)*out_d1*(1 - out_d1)."""

    minus, times = "-", "*"

    def leaf(self, formula: Formula) -> str:
        if isinstance(formula, Letter) and formula.name == "eta":
            return "eta"
        if isinstance(formula, Delta):
            return super().leaf(formula).replace("δ", "delta")
        if isinstance(formula, Updated):
            return f"{formula.of}_new"
        return super().leaf(formula)

    def number(self, value: Number) -> str:
        return (
            super().number(value) if value.value.denominator == 1 else f"({super().number(value)})"
        )

    def partial(self, of: Formula, by: Formula) -> str:
        return f"({super().partial(of, by).replace('∂', 'd')})"


class _Unicode(Text):
    """∂E_total/∂w₂₁ = (out_d₁ − target_d₁)·out_d₁·(1 − out_d₁)."""

    def leaf(self, formula: Formula) -> str:
        written = super().leaf(formula)
        if isinstance(formula, Name) and "_" in written.partition("_")[2]:
            return written
        return re.sub(r"(?<=[a-z])([0-9]+)$", lambda found: found[1].translate(_LOWERED), written)

    def number(self, value: Number) -> str:
        return {"1/2": "½"}.get(
            str(value.value),
            f"({super().number(value)})" if value.value.denominator != 1 else super().number(value),
        )

    def partial(self, of: Formula, by: Formula) -> str:
        return f"({super().partial(of, by)})"

    def function(self, name: str, primes: int) -> str:
        return ("σ" if name == "sig" else name) + "′" * primes


SPELLINGS: dict[str, Callable[[Model], Emitter]] = {
    "notes": _Latex,
    "plain text": _Ascii,
    "unicode": _Unicode,
    "bare index": _Bare,
    "fonts": _Fonts,
    "books": _Books,
    "derive's own LaTeX": Latex,
    "derive's own text": Text,
}


class Spelling:
    """All spellings over one model."""

    def __init__(self, model: Model) -> None:
        self._emitters = {name: make(model) for name, make in SPELLINGS.items()}
        self.names = list(self._emitters)

    def chain(self, spelling: str, sides: Sequence[Formula]) -> str:
        """The sides of a chain with '=' between them."""
        emitter = self._emitters[spelling]
        return " = ".join(emitter.inline(side) for side in sides)


__all__ = ["SPELLINGS", "Call", "Spelling"]
