"""Single symbols: what `out`, `net`, δ, a weight or an activation is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from derive.notations.greek import GREEK

KINDS = ("out", "net", "target", "error", "delta", "weight", "bias", "E_total")
"""The kinds of quantities whose symbol a notation chooses, as ``[names]`` of a file calls them."""


@dataclass(frozen=True, slots=True)
class Symbol:
    r"""A symbol as plain text and as LaTeX: ``delta``, ``\delta``; ``E_total``, ``E_{total}``."""

    plain: str
    latex: str

    @classmethod
    def of(cls, written: str) -> Symbol:
        """The symbol that a word, or a command with its backslash, stands for.

        A Greek letter's name is typeset as the letter, with or without the backslash.
        """
        plain = written.removeprefix("\\")
        stem, _, index = plain.partition("_")
        latex = f"\\{stem}" if stem in GREEK else stem
        if index:
            latex += f"_{index}" if len(index) == 1 else f"_{{{index}}}"
        return cls(plain, latex)

    @property
    def character(self) -> str:
        """The symbol in running text: δ for ``delta``."""
        return GREEK.get(self.plain, self.plain)

    @property
    def stem(self) -> str:
        """What it begins with, without an index: E of ``E_total``."""
        stem = self.plain.partition("_")[0]
        return GREEK.get(stem, stem)

    def bold(self, index: str = "") -> str:
        """The symbol of a vector, with its index inside the braces."""
        # Inside: Markdown takes an underscore behind a brace for emphasis.
        font = "boldsymbol" if self.latex.startswith("\\") else "mathbf"
        return rf"\{font}{{{self.latex}{index}}}"


def chosen(defaults: Mapping[str, str], names: Mapping[str, str]) -> dict[str, Symbol]:
    """The symbols of a notation, those that a user renamed among them."""
    return {kind: Symbol.of(written) for kind, written in {**defaults, **names}.items()}


def matrix(symbols: Mapping[str, Symbol], index: str = "") -> str:
    """The matrix of weights: the capital letter of the weight where that is free, else bold."""
    weight = symbols["weight"]
    capital = weight.latex.upper()
    taken = {symbol.stem for symbol in symbols.values()}
    if len(capital) == 1 and weight.latex.islower() and capital not in taken:
        return capital + index
    return weight.bold(index)
