r"""Reads names as authors spell them: ``\hat{\mathbf y}^{(i)}_j``, ``net_{h1}``, ``W^{[l]T}``."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from derive.checking.stating.written import UnwrittenError
from derive.functions import SOFTMAX, spelled
from derive.grammar.signs import BOLD, FONTS
from derive.notations.greek import GREEK

MOST_DEEP = 40
"""Brackets inside of brackets."""

_SKIPPED = re.compile(
    r"(?:\s|~|&|\{\}|\\[,;:! ]|\\(?:left|right|[bB]igg?[lrm]?|limits|nolimits|displaystyle|"
    r"textstyle|nonumber|notag|large|Large|boxed|"
    r"(?:text)?color\s*\{[^{}]*\}|(?:label|tag\*?)\s*\{[^{}]*\})(?![A-Za-z])|"
    r"\\(?:label|tag\*?|(?:text)?color)\s*\{[^{}]*\})*"
)
COMMAND = re.compile(r"\\([A-Za-z]+|.)", re.DOTALL)
_WORD = re.compile(r"[A-Za-z]+")
_DIGITS = re.compile(r"(?<=[A-Za-z])[0-9]{1,4}(?![0-9.])")
ACCENTS = frozenset({"hat", "widehat", "tilde", "widetilde", "bar", "overline", "vec", "dot"})
FACES = frozenset({*FONTS, *BOLD, "mathcal", "mathscr", "mathfrak", "displaystyle"})
_WORDS = frozenset({
    "net", "out", "in", "target", "output", "input", "loss", "cost", "err", "error", "logit",
    "logits", "hidden", "hid", "act", "Loss", "Cost", "Error", "Net", "Out", "CE", "BCE", "MSE",
})  # fmt: skip
"""Runs of letters that are one name; others are products of letters unless a definition says so."""
_LAYER = re.compile(
    r"\(.+\)|\[.+\](?:\(.+\))?|\\langle.+\\rangle|\\ell(?:[+-][0-9]+)?|[lLt](?:[+-][0-9]+)?"
)
_COUNTED = re.compile(r"([A-Za-z])(?:[+-][0-9]+)?|[0-9]")
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|\\langle(.*?)\\rangle|([^()\[\]]+)")
_SCRIPT = re.compile(r"(?:n_l|[A-Za-zα-ωℓ0-9]+)(?:[+-](?:[0-9]+|[a-z])){0,3}")
_FONT = re.compile(r"\\(?:" + "|".join((*FONTS, *BOLD, "mathcal")) + r")(?![A-Za-z])")


@dataclass(frozen=True)
class Known:
    """What is known of a document's names before they are read.

    `defined` are the stems that definitions give, and `called` the letters of functions; `counting`
    are letters that stand above names and count layers, as in a^{m+1}, and `counted` the stems
    above which they stand.
    """

    defined: Collection[str] = ()
    called: Collection[str] = ()
    counting: Collection[str] = ()
    counted: Collection[str] = ()

    def is_index(self, stem: str, script: str) -> bool:
        """Whether what stands above a name is an index, and not an exponent."""
        if _LAYER.fullmatch(script):
            return script != "T"
        found = _COUNTED.fullmatch(script)
        if found is None:
            return False
        return found[1] in self.counting or (stem in self.counted and script != "T")


NOTHING = Known()


class Spelling:
    """One pass over one text: the part that reads names."""

    def __init__(self, text: str, known: Known = NOTHING, depth: int = 0) -> None:
        self.text = text
        self.at = 0
        self.known = known
        self.depth = depth
        self.in_norm = False

    def over(self, text: str) -> Self:
        """A pass over another text, one level deeper."""
        if self.depth >= MOST_DEEP:
            raise UnwrittenError("nested too deep")
        return type(self)(text, self.known, self.depth + 1)

    # Places.

    def skip(self) -> None:
        """Move behind blanks, sizes, colours and labels."""
        found = _SKIPPED.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def next(self, sign: str) -> bool:
        """Whether a sign stands here, behind blanks."""
        self.skip()
        return self.text.startswith(sign, self.at)

    def take(self, sign: re.Pattern[str]) -> re.Match[str] | None:
        """The sign that stands here, if one does; moves behind it."""
        self.skip()
        found = sign.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def end(self) -> None:
        """Raise where anything is left."""
        self.skip()
        if self.at < len(self.text):
            raise UnwrittenError(self.text[self.at :])

    def argument(self) -> str:
        """The next argument: what stands in braces, a command, or one character."""
        if not self.next("{"):
            found = COMMAND.match(self.text, self.at)
            argument = found[0] if found else self.text[self.at : self.at + 1]
            if not argument:
                raise UnwrittenError("an argument is missing")
            self.at += len(argument)
            return argument
        start, depth = self.at, 0
        for place in range(start, len(self.text)):
            depth += (self.text[place] == "{") - (self.text[place] == "}")
            if not depth:
                self.at = place + 1
                return self.text[start + 1 : place]
        raise UnwrittenError("a brace is open")

    # Names.

    def stem(self) -> tuple[str, bool, str]:
        """The stem of the name here, whether it is bold, and what indices stand inside of it."""
        self.skip()
        command = COMMAND.match(self.text, self.at)
        if command is None:
            return self._letters(), False, ""
        self.at = command.end()
        name = command[1]
        if name in GREEK:
            return name, False, ""
        if name in ACCENTS:
            inner = self.over(self.argument())
            stem, bold, _ = inner.stem()
            written = inner.text[inner.at :]
            lower, upper, _ = inner.scripts(stem, "")
            inner.end()
            inside = ",".join(lower) if not upper else ""
            if upper:
                # What stands above a name under an accent counts as what stands behind both.
                self.text = self.text[: self.at] + written + self.text[self.at :]
            return stem + ("" if name == "vec" else _accent(name)), bold or name == "vec", inside
        if name in FACES:
            content = self.argument().strip()
            word = re.fullmatch(r"[A-Za-z]+", content)
            if word:
                return content, name in BOLD, ""
            inner = self.over(content)
            stem, bold, inside = inner.stem()
            lower, upper, _ = inner.scripts(stem, inside)
            inner.end()
            if upper:
                raise UnwrittenError("a font around more than a name")
            return stem, bold or name in BOLD, ",".join(lower)
        if spelled(name) is not None or name in ("exp", "log", "ln", "max"):
            return name, False, ""
        raise UnwrittenError(f"\\{name}")

    def _letters(self) -> str:
        """One letter, or a run of letters that is a word."""
        run = _WORD.match(self.text, self.at)
        if run is None:
            char = self.text[self.at : self.at + 1]
            if char not in GREEK.values() or not char:
                raise UnwrittenError(self.text[self.at :])
            self.at += 1
            return next(name for name, sign in GREEK.items() if sign == char)
        word = run[0]
        if (
            word in self.known.defined
            or word in _WORDS
            or spelled(word)
            or word in (SOFTMAX, "max")
        ):
            self.at = run.end()
            return word
        self.at += 1
        return word[0]

    def scripts(self, stem: str, inside: str) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
        """The scripts below and above a name, and whether it is transposed; moves behind them.

        `inside` are indices that stand inside of the name itself.
        """
        lower = _parts(inside) if inside else ()
        digits = _DIGITS.match(self.text, self.at)
        if digits and not lower:
            # w11 in plain text is w with the index 11.
            lower, self.at = (digits[0],), digits.end()
        upper: tuple[str, ...] = ()
        transposed = False
        while True:
            self.skip()
            start = self.at
            if self.next("_") and not lower:
                self.at += 1
                lower = _parts(self.argument())
            elif self.next("^") and not upper:
                self.at += 1
                content = re.sub(r"\s", "", self.argument())
                behind = re.fullmatch(r"(.+?)(?:\^?\{?\\top\}?|T)", content)
                if behind and self.known.is_index(stem, behind[1]):
                    content, transposed = behind[1], True
                before_index = content.isalpha() and content != "T" and self.next("_") and not lower
                if not (before_index or self.known.is_index(stem, content)):
                    self.at = start
                    return lower, upper, transposed
                upper = _parts(content)
            else:
                return lower, upper, transposed


def is_word(stem: str) -> bool:
    """Whether a stem is a word that nobody knows for a quantity, like sgn."""
    known = stem in _WORDS or stem in GREEK or _MARKED.fullmatch(stem) is not None
    return len(stem) > 1 and not known


SQUARED = "sq"
"""What stands behind the stem of a square that has a definition: sigmasq for σ²."""
_MARKED = re.compile(rf"([A-Za-z]|{'|'.join(GREEK)})({'|'.join(sorted(ACCENTS))}|{SQUARED})")


def accented(stem: str) -> str:
    r"""A stem with an accent or a square, as LaTeX: ``\hat{y}`` for yhat; nothing for others."""
    found = _MARKED.fullmatch(stem)
    if found is None:
        return ""
    base = latex(found[1])
    return f"{base}^2" if found[2] == SQUARED else rf"\{found[2]}{{{base}}}"


def latex(stem: str) -> str:
    """A stem as LaTeX."""
    return rf"\{stem}" if stem in GREEK else accented(stem) or stem


def _accent(name: str) -> str:
    return {"widehat": "hat", "widetilde": "tilde", "overline": "bar"}.get(name, name)


def _parts(script: str) -> tuple[str, ...]:
    """The parts of a script between its commas and brackets, without fonts."""
    text = re.sub(r"[\s{}]|\\[,;:! ]", "", _FONT.sub("", script))
    for name, sign in GREEK.items():
        text = re.sub(rf"\\{name}(?![A-Za-z])", sign if name != "ell" else "l", text)
    found = []
    for piece in text.split(","):
        for match in _BRACKETS.finditer(piece):
            part = next(group for group in match.groups() if group is not None)
            if not _SCRIPT.fullmatch(part):
                raise UnwrittenError(part)
            found.append(part)
    return tuple(found)
