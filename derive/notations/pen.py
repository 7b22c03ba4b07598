r"""Pens: how a name with its indices is set in one format.

A notation says what a name is made of, a word with indices below and above it; a pen says how that
looks: ``w_{31}`` in LaTeX, ``w_(31)`` in Typst, ``w_31`` in plain text. Indices come finished.
"""

from __future__ import annotations

import re

from derive.notations.greek import GREEK


class Pen:
    """Plain text, from which the other pens differ."""

    arrow = "→"
    gap = ""
    """What stands between letters that are names of their own."""

    def greek(self, name: str) -> str:
        """The Greek letter of that name."""
        return GREEK.get(name, name)

    def command(self, latex: str) -> str:
        r"""A sign by its LaTeX command, ``\tanh`` or ``\Phi``; what is none stays as it is."""
        name = latex.removeprefix("\\")
        return _CAPITALS.get(name) or GREEK.get(name, name)

    def word(self, text: str) -> str:
        """A name without indices, or an index that is written like one: ``out``, ``t-1``."""
        return text

    def beside(self, *parts: str | int) -> str:
        """Letters, numbers and commas of one index: ``jk``, ``2,10``."""
        return "".join(map(str, parts))

    def script(self, base: str, below: str = "", above: str = "") -> str:
        """A symbol with what stands below and above it."""
        joined = "+" in above or "-" in above
        high = f"({above})" if joined and above[0] not in "[(" else above
        return base + (f"_{below}" if below else "") + (f"^{high}" if above else "")

    def bold(self, letter: str) -> str:
        """The symbol of a vector, its lower index within."""
        return letter

    def font(self, name: str, letter: str) -> str:
        """A letter in the font of that name: ``cal``, the calligraphic one."""
        return letter

    def accented(self, accent: str, letter: str) -> str:
        """A letter with a sign over it, ``hat``, ``bar`` or ``tilde``."""
        return letter + accent

    def between(self, words: str) -> str:
        """A few words between two formulas."""
        return f" {words} "


class _LatexPen(Pen):
    arrow = r"\to"

    def command(self, latex: str) -> str:
        return latex

    def greek(self, name: str) -> str:
        return rf"\{name}"

    def word(self, text: str) -> str:
        return text.replace("_", r"\_")

    def script(self, base: str, below: str = "", above: str = "") -> str:
        low = below if len(below) == 1 else f"{{{below}}}"
        high = above if len(above) == 1 else f"{{{above}}}"
        if not above:
            return f"{base}_{low}" if below else base
        if not below:
            return f"{base}^{high}"
        # An underscore behind a brace begins emphasis in Markdown.
        return f"{base}_{low}^{high}" if len(above) > 1 else f"{base}^{high}_{low}"

    def bold(self, letter: str) -> str:
        # The index is inside: Markdown takes an underscore behind a brace for emphasis.
        font = "boldsymbol" if letter.startswith("\\") else "mathbf"
        return rf"\{font}{{{letter}}}"

    def font(self, name: str, letter: str) -> str:
        return rf"\math{name}{{{letter}}}"

    def accented(self, accent: str, letter: str) -> str:
        return rf"\{accent}{{{letter}}}"

    def between(self, words: str) -> str:
        return rf" \text{{ {words} }} "


class _UprightPen(_LatexPen):
    """LaTeX for TeX itself, where an index behind a brace begins no emphasis."""

    def word(self, text: str) -> str:
        # Several letters in a row would be set as a product of that many variables.
        return _LETTERS.sub(r"\\mathrm{\g<0>}", super().word(text))

    def bold(self, letter: str) -> str:
        base, below, index = re.sub(r"\\mathrm\{(\w+)\}", r"\1", letter).partition("_")
        return super().bold(base) + below + index


class _TypstPen(Pen):
    gap = " "

    def word(self, text: str) -> str:
        # One letter is a variable; several are a name that Typst looks up, unless they are quoted.
        return _WORD.sub(r'"\g<0>"', text)

    def beside(self, *parts: str | int) -> str:
        return " ".join(self.word(str(part)) for part in parts)

    def script(self, base: str, below: str = "", above: str = "") -> str:
        return base + (f"_({below})" if below else "") + (f"^({above})" if above else "")

    def bold(self, letter: str) -> str:
        base, below, index = letter.partition("_(")
        bold = f"bold({base})" if letter[0] in GREEK.values() else f"bold(upright({base}))"
        return bold + below + index

    def font(self, name: str, letter: str) -> str:
        return f"{name}({letter})"

    def accented(self, accent: str, letter: str) -> str:
        return f"{_TYPST_ACCENTS.get(accent, accent)}({letter})"

    def between(self, words: str) -> str:
        return f' "{words}" '


_CAPITALS = {"Phi": "Φ"}
_TYPST_ACCENTS = {"bar": "macron"}
_WORD = re.compile(r"[^\W\d_]\w+")
_LETTERS = re.compile(r"[A-Za-z]{2,}")
PLAIN, LATEX, UPRIGHT, TYPST = Pen(), _LatexPen(), _UprightPen(), _TypstPen()
