"""Single symbols: what `out`, `net`, δ, a weight or an activation is called."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from derive.notations.greek import GREEK
from derive.notations.pen import LATEX, Pen

KINDS = ("out", "net", "target", "error", "delta", "weight", "bias", "E_total")
"""The kinds of quantities whose symbol a notation chooses, as ``[names]`` of a file calls them."""
ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "dot": "\u0307"}
"""Commands that put a sign over a letter, and the character that does so in text."""
FONTS = {"mathcal": "cal", "mathbf": "bold", "boldsymbol": "bold"}
"""The fonts that a table may put a symbol in, by their LaTeX commands."""
_COMMAND = re.compile(r"\\([A-Za-z]+)\s*(?:\{(.*)\}|(.*))")


@dataclass(frozen=True, slots=True)
class Symbol:
    r"""A symbol by its letter or word, ``delta``, ``out``, ``E_total``, its accent and its font."""

    letter: str
    accent: str = ""
    font: str = ""

    @classmethod
    def of(cls, written: str) -> Symbol:
        r"""The symbol that a word, or LaTeX like ``\hat{y}``, ``\mathcal{L}``, stands for.

        A Greek letter's name is typeset as the letter, with or without the backslash.
        """
        found = _COMMAND.fullmatch(written)
        inside = found and (found[2] or found[3] or "").strip()
        if not found or not inside:
            return cls(written.removeprefix("\\"))
        inner = cls.of(inside)
        if found[1] in ACCENTS:
            return cls(inner.letter, found[1], inner.font)
        return cls(inner.letter, inner.accent, FONTS.get(found[1], ""))

    @property
    def plain(self) -> str:
        """The plain name, as in JSON and on the command line: ``delta``, ``E_total``, ``yhat``."""
        return self._with(self.accent)

    def _with(self, accent: str) -> str:
        stem, bar, index = self.letter.partition("_")
        return stem + accent + bar + index

    def typeset(self, pen: Pen) -> str:
        r"""The symbol as a pen sets it: ``\delta``, ``E_{total}``, ``\hat{y}``."""
        stem, _, index = self.letter.partition("_")
        base = pen.greek(stem) if stem in GREEK else pen.word(stem)
        if self.font:
            base = pen.bold(base) if self.font == "bold" else pen.font(self.font, base)
        if self.accent:
            base = pen.accented(self.accent, base)
        return pen.script(base, pen.word(index))

    @property
    def latex(self) -> str:
        """The symbol in LaTeX."""
        return self.typeset(LATEX)

    @property
    def character(self) -> str:
        """The symbol in running text: δ for ``delta``."""
        letter = GREEK.get(self.letter, self.letter)
        return unicodedata.normalize("NFC", letter + ACCENTS.get(self.accent, ""))

    @property
    def stem(self) -> str:
        """What its keys begin with, without an index: E of ``E_total``."""
        stem = self.letter.partition("_")[0]
        return GREEK.get(stem, stem) + self.accent
