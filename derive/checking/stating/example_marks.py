r"""The letter of an example that stands at every quantity: ``o_{pj}`` and E_p, ``V_j^\mu`` and Σ_μ.

What such formulas say holds for each example, and of sums over them for one as for several. So the
letter is left out, and its sums; what has it on one side only is not read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_STEM = r"(?:\\?[A-Za-z]+\}*)"
_BELOW = r"(?:\s*_\s*(?:\{[^{}]*\}|\w))"
_ERROR = r"(?:\\(?:mathcal|mathrm|text)\s*\{\s*)?[EJLCR]\}?"
_RAISED = re.compile(rf"({_STEM}){_BELOW}?\s*\^\s*\{{?\s*(\\[a-z]+)(?![A-Za-z])")
_OF_GREEK = ("\\mu", "\\nu", "\\alpha", "\\rho", "\\pi")
_DERIVED = re.compile(rf"\\partial\s*{_ERROR}\s*\^\s*(?:\{{\s*([a-z])\s*\}}|([a-z])(?![A-Za-z]))")
_DEFINED = re.compile(rf"{_ERROR}\s*_\s*(?:\{{\s*([a-z])\s*\}}|([a-z]))\s*&?\s*(?::?=|\\equiv)(.+)")
_SCRIPT = re.compile(r"(\\?[A-Za-z]+)\}?\s*_\s*(?:\{\s*([a-z])\s*,?\s*([a-z])\s*\}|(\w))")
_NEVER = frozenset("ltLT")
"""Letters of layers and steps."""


class ExampleMarks:
    r"""The letter of examples in a document, as it is written: p or ``\mu``; empty without one."""

    def __init__(self, texts: Sequence[str] = ()) -> None:
        self.letter, self.above = _letter(texts)
        letter = re.escape(self.letter)
        sums = r"(?:\\sum(?:\s*\\limits)?|[Σ∑])\s*_\s*"
        alone = rf"{sums}(?:\{{\s*{letter}(?:\s*=[^{{}}]*)?\s*\}}|{letter}(?![A-Za-z]))"
        self._sum = re.compile(rf"{alone}(?:\s*\^\s*(?:\{{[^{{}}]*\}}|\w))?")
        self._counted = re.compile(rf"({sums}\{{[^{{}}=]*?)(?:{letter}(?![A-Za-z])\s*,?)")
        mark = rf"\s*(?:\{{\s*{letter}\s*\}}|{letter}(?![A-Za-z]))"
        self._alone = re.compile((r"\^" if self.above else "_") + mark)
        self._pair = re.compile(
            rf"_\s*\{{\s*(?:{letter}\s*,?\s*([a-z])|([a-z])\s*,?\s*{letter})\s*\}}"
        )

    def left_out(self, text: str) -> str:
        """A text without the letter, as long as before."""
        if not self.letter:
            return text
        text = self._sum.sub(_blank, self._counted.sub(_behind, text))
        if not self.above:
            text = self._pair.sub(_one_left, text)
        return self._alone.sub(_blank, text)

    def is_mixed(self, text: str) -> bool:
        """Whether some of its sides speak of one example, and others of the sum over all."""
        if not self.letter:
            return False
        kinds = set()
        for side in re.split(r"=|\\equiv", text):
            summed = self._sum.search(side) or self._counted.search(side)
            rest = side[: summed.start()] if summed else side
            if self.left_out(rest) != rest:
                kinds.add("one")
            if summed or re.search(rf"(?<![A-Za-z]){_ERROR}(?![A-Za-z]|\s*[_^])", rest):
                kinds.add("all")
        return len(kinds) > 1


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _one_left(found: re.Match[str]) -> str:
    return f"_{{{found[1] or found[2]}}}".ljust(len(found[0]))


def _behind(found: re.Match[str]) -> str:
    return found[1] + " " * (len(found[0]) - len(found[1]))


def _letter(texts: Sequence[str]) -> tuple[str, bool]:
    """The letter of examples, and whether it stands above."""
    every = "\n".join(texts)
    for letter in _OF_GREEK:
        marked = {stem for stem, above in _RAISED.findall(every) if above == letter}
        summed = re.search(rf"(?:\\sum|Σ|∑)\s*_\s*\{{?[^{{}}]*?{re.escape(letter)}", every)
        if len(marked) > 1 and summed and not _is_moved(letter, every):
            return letter, True
    for pair in _DERIVED.findall(every):
        letter = "".join(pair)
        if letter not in _NEVER and not _is_moved(letter, every):
            return letter, True
    for text in texts:
        for one, other, right in _DEFINED.findall(text):
            letter = one or other
            if letter not in _NEVER and _carried(letter, right) and not _is_moved(letter, every):
                return letter, False
    return "", False


def _is_moved(letter: str, text: str) -> bool:
    """Whether a number is added to a letter, which is one of steps or layers then."""
    return re.search(rf"(?<![A-Za-z]){re.escape(letter)}\s*[-+]\s*[0-9]", text) is not None


def _carried(letter: str, right: str) -> bool:
    """Whether all names of an error have the letter beside another, over which it is a sum."""
    plain = re.sub(r"\\(?:sum|frac|left|right|[bB]igg?[lr]?|log|ln)(?![A-Za-z])", " ", right)
    summed = {a or b for a, b in re.findall(r"\\sum\s*_\s*(?:\{\s*([a-z])[^{}]*\}|([a-z]))", right)}
    found = [match.groups() for match in _SCRIPT.finditer(plain)]
    names = [(a, b) for _, a, b, _ in found if a]
    alone = [one for *_, one in found if one]
    return bool(names) and not alone and all(
        letter in pair and set(pair) - {letter} <= summed for pair in names
    )  # fmt: skip
