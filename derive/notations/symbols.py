"""Single symbols: what `out`, `net`, δ, a weight or an activation is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from derive.notations.greek import GREEK
from derive.notations.pen import LATEX, Pen

KINDS = ("out", "net", "target", "error", "delta", "weight", "bias", "E_total")
"""The kinds of quantities whose symbol a notation chooses, as ``[names]`` of a file calls them."""


@dataclass(frozen=True, slots=True)
class Symbol:
    r"""A symbol by its plain name: ``delta``, ``out``, ``E_total``."""

    plain: str

    @classmethod
    def of(cls, written: str) -> Symbol:
        """The symbol that a word, or a command with its backslash, stands for.

        A Greek letter's name is typeset as the letter, with or without the backslash.
        """
        return cls(written.removeprefix("\\"))

    def typeset(self, pen: Pen) -> str:
        r"""The symbol as a pen sets it: ``\delta``, ``E_{total}``."""
        stem, _, index = self.plain.partition("_")
        base = pen.greek(stem) if stem in GREEK else pen.word(stem)
        return pen.script(base, pen.word(index))

    @property
    def latex(self) -> str:
        """The symbol in LaTeX."""
        return self.typeset(LATEX)

    @property
    def character(self) -> str:
        """The symbol in running text: δ for ``delta``."""
        return GREEK.get(self.plain, self.plain)

    @property
    def stem(self) -> str:
        """What it begins with, without an index: E of ``E_total``."""
        stem = self.plain.partition("_")[0]
        return GREEK.get(stem, stem)


def chosen(defaults: Mapping[str, str], names: Mapping[str, str]) -> dict[str, Symbol]:
    """The symbols of a notation, those that a user renamed among them."""
    return {kind: Symbol.of(written) for kind, written in {**defaults, **names}.items()}


def matrix(symbols: Mapping[str, Symbol], pen: Pen, below: str = "") -> str:
    """The matrix of weights: the capital letter of the weight where that is free, else bold."""
    weight = symbols["weight"].plain
    taken = {symbol.stem for symbol in symbols.values()}
    if len(weight) == 1 and weight.islower() and weight.upper() not in taken:
        return pen.script(weight.upper(), below)
    return pen.bold(pen.script(symbols["weight"].typeset(pen), below))
