r"""The oracle's scanner: every character of a formula becomes a token, or the formula is not read.

A name is one token with all that stands below it: ``out_{d_1}``, ``\mathrm{out}_{d1}``, ``w₃₁``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from tests.formulas.edges.meaning import UnreadError, UnsureError

_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_GREEK = {"δ": "delta", "η": "eta", "σ": "sigma", "θ": "theta"}
_SIGNS = {
    "+": "+", "-": "-", "−": "-", "*": "*", "·": "*", "⋅": "*", "×": "*", "/": "/", "=": "=",
    "(": "(", ")": ")", "[": "[", "]": "]", "{": "{", "}": "}", ",": ",", ";": ";", ".": ".", ":": ":",
    "&": "&", "'": "'", "′": "'", "∂": "∂", "^": "^", "√": "root",
}  # fmt: skip
_COMMANDS = {
    "cdot": "*", "times": "*", "partial": "∂", "frac": "frac", "dfrac": "frac", "tfrac": "frac",
    "sqrt": "sqrt", "prime": "'",
}  # fmt: skip
_SPACES = {
    ",", ";", ":", " ", "\n", ">", "!", "displaystyle", "textstyle", "scriptstyle", "nonumber", "notag",
}  # fmt: skip
_HALF_KNOWN = {
    "ast", "star", "bullet", "circ", "odot", "div", "log", "equiv", "approx", "color", "{", "}",
}  # fmt: skip
"""Commands that people mean in more than one way."""
_HALF_KNOWN_SIGNS = "≡≈÷–∘⊙∗•"
_LEADING = ("where", "if", "with", "mit", "hence", "thus", "so", "let", "therefore", "for")
_LARGE = ("left", "right", "bigl", "bigr", "Bigl", "Bigr", "big", "Big", "biggl", "biggr")
_FONTS = ("mathrm", "operatorname", "text", "textit", "mathit")
_WORDS = ("exp", "ln", "tanh")
_FUNCTION_WORDS = ("relu", "sig", "sigmoid", "softplus")
"""Names of functions that LaTeX does not know, and that people write as commands all the same."""
_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?![0-9])")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_LONGEST_NUMBER = 24
_RAISED = {"²": 2, "³": 3}


@dataclass(frozen=True, slots=True)
class Token:
    """One token: a sign, ``number``, ``name``, ``text``, ``begin`` or ``end``.

    A name has its word, what stands below it without blanks, and the layer above it, if any.
    """

    kind: str
    word: str = ""
    lower: str = ""
    number: Fraction | None = None
    spaced: bool = False
    """Whether something invisible stands before it."""
    command: bool = False
    """Whether the word was a command or set in a font."""


class Scanner:
    """Cuts one formula into tokens. A raised number before an index is part of a name: a^3_1."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._spaced = False
        self.tokens: list[Token] = []

    def run(self) -> list[Token]:
        """All tokens of the text."""
        while self._at < len(self._text):
            self._one()
        return self.tokens

    def _put(
        self,
        kind: str,
        word: str = "",
        lower: str = "",
        number: Fraction | None = None,
        command: bool = False,
    ) -> None:
        self.tokens.append(Token(kind, word, lower, number, self._spaced, command))
        self._spaced = False

    def _one(self) -> None:
        text, at = self._text, self._at
        here = text[at]
        if here in " \t\n~\u00a0":
            self._at += 1
            self._spaced = True
        elif text.startswith("{}", at):
            self._at += 2
            self._spaced = True
        elif here == "\\":
            self._command()
        elif (here.isascii() and here.isdigit()) or (here == "." and self._begins_a_number()):
            self._number()
        elif here == "½":
            self._at += 1
            self._put("number", number=Fraction(1, 2))
        elif here in _RAISED:
            self._at += 1
            self._put("^")
            self._put("number", number=Fraction(_RAISED[here]))
        elif here == "⁺":
            self._at += 1
            self._put("new")
        elif here in _GREEK:
            self._at += 1
            self._name(_GREEK[here], command=True)
        elif found := _WORD.match(text, at):
            self._at = found.end()
            if found[0] in (*_LEADING, "and"):
                self._put("and" if found[0] == "and" else "leading")
            else:
                self._name(found[0])
        elif here in "⇒⟹":
            self._at += 1
            self._put("leading")
        elif here in _HALF_KNOWN_SIGNS or text.startswith(":=", at):
            raise UnsureError(f"the sign {here}")
        elif text.startswith("**", at):
            self._at += 2
            self._put("^")
        elif here == "^" and (found := re.match(r"\^(\{\s*\+\s*\}|\+)", text[at:])):
            self._at += found.end()
            self._put("new")
        elif here in _SIGNS:
            self._at += 1
            self._put(_SIGNS[here])
        else:
            if here == "_" and self.tokens:
                raise UnsureError("a lower index of what has none, or far from its name")
            raise UnreadError(f"the character {here}")

    def _begins_a_number(self) -> bool:
        """Whether a point is the first sign of .5, which stands behind a sign or nothing."""
        before = self.tokens[-1].kind if self.tokens else "="
        return before in "+-*/=({" and self._text[self._at + 1 : self._at + 2].isdigit()

    def _number(self) -> None:
        text = self._text
        found = _NUMBER.match(text, self._at)
        if found is None:
            raise UnreadError("a number")
        if re.match(r"[eE][+-]?[0-9]+(?![A-Za-z0-9.])", text[found.end() :]):
            raise UnsureError("a number with an exponent of ten")
        self._at = found.end()
        after = text[self._at : self._at + 1]
        if re.match(r"[eEx][0-9]", text[self._at :]) or (
            after == "." and text[self._at + 1 : self._at + 2].isdigit()
        ):
            raise UnreadError("a number with letters or points behind it")
        if len(found[0]) > _LONGEST_NUMBER:
            raise UnsureError("a number of many digits")
        self._put("number", number=Fraction(found[0]))

    def _command(self) -> None:
        text, at = self._text, self._at
        found = re.compile(r"\\([A-Za-z]+|.)", re.DOTALL).match(text, at)
        if found is None:
            raise UnreadError("a backslash")
        name = found[1]
        self._at = found.end()
        if name in _SPACES:
            self._spaced = True
        elif name in ("quad", "qquad"):
            self._put("quad")
        elif name == "\\":
            if self._text[self._at : self._at + 1].isalpha():
                raise UnsureError("a row, or a command with two backslashes")
            self._put("row")
            if found := re.compile(r"\[-?[0-9.]+(?:pt|em|ex)\]").match(text, self._at):
                self._at = found.end()
        elif name in _COMMANDS:
            self._put(_COMMANDS[name])
        elif name in _LARGE:
            self._large(name)
        elif name in _FONTS:
            self._font(name.startswith("text"))
        elif name in ("begin", "end"):
            if self._braces() not in ("aligned", "align", "align*", "split"):
                raise UnreadError("an environment")
            self._put(name)
            if self._text.startswith(("[t]", "[b]", "[c]"), self._at):
                raise UnsureError("an option of an environment")
        elif name == "tag":
            self._tag()
        elif name in ("therefore", "Rightarrow", "implies", "Leftrightarrow", "iff"):
            self._put("leading")
        elif name in _HALF_KNOWN or name in _FUNCTION_WORDS:
            raise UnsureError(f"the command {name}")
        elif name in ("label", "hspace"):
            self._braces()
            self._spaced = True
        elif name in _GREEK.values() or name in _WORDS:
            self._name(name, command=True)
        else:
            raise UnreadError(f"the command {name}")

    def _tag(self) -> None:
        """The number of an equation, in braces, of one sign without them, or starred."""
        short = re.compile(r"\s*([0-9])").match(self._text, self._at)
        if short is not None:
            self._at = short.end()
        else:
            if self._text.startswith("*", self._at):
                self._at += 1
            found = re.compile(r"\s*\{([^{}\\]*)\}").match(self._text, self._at)
            if found is None:
                raise UnreadError("a tag")
            if not re.fullmatch(r"[A-Za-z0-9.*' -]+", found[1]):
                raise UnsureError("a tag")
            self._at = found.end()
        self._put("tag")

    def _large(self, name: str) -> None:
        """A size with the bracket that it belongs to."""
        while self._text.startswith((" ", "\n", "\t"), self._at):
            self._at += 1
        after = self._text[self._at : self._at + 1]
        opening = "([" if name != "right" and not name.endswith("r") else ")]"
        if not after or after not in (opening if name in ("left", "right") else "()[]"):
            if after == "\u00a0":
                raise UnsureError("a blank between a size and its bracket")
            if after and after in "()[]" and name not in ("left", "right"):
                raise UnsureError("a size of the other side's bracket")
            raise UnreadError("a large bracket")

    def _font(self, is_text: bool) -> None:
        """A name in a font, or one of the words that may stand between formulas."""
        if re.compile(r"\s+[A-Za-z]").match(self._text, self._at):
            raise UnsureError("a font without braces")
        inside = self._braces()
        if is_text and inside.strip() in (*_LEADING, "and"):
            self._put("and" if inside.strip() == "and" else "leading")
            return
        if not is_text:
            inside = inside.strip()
        elif inside != inside.strip() and self._text[self._at : self._at + 1] in ("_", "}"):
            raise UnsureError("blanks in a name")
        if not re.fullmatch(r"[A-Za-z]+", inside):
            raise UnreadError("words")
        self._name(inside, command=True)

    def _braces(self) -> str:
        """What stands in the braces that follow."""
        found = re.compile(r"\s*\{([^{}\\$]*)\}").match(self._text, self._at)
        if found is None:
            raise UnreadError("braces")
        self._at = found.end()
        return found[1]

    def _name(self, word: str, command: bool = False) -> None:
        """The rest of a name: a layer above, an index below, _new."""
        text = self._text
        lower = ""
        if found := re.compile(r"\s*\^\s*(?:\{([0-9]+)\}|([0-9]))(?=\s*_)").match(text, self._at):
            word += f"^{found[1] or found[2]}"
            self._at = found.end()
        if found := re.compile(r"[₀₁₂₃₄₅₆₇₈₉]+").match(text, self._at):
            lower = found[0].translate(_LOWERED)
            self._at = found.end()
        elif found := re.compile(r"\s*_\s*\{((?:[^{}\\$^]|\{[^{}\\$^]*\})*)\}").match(
            text, self._at
        ):
            lower = re.sub(r"[{}]", "", "".join(found[1].split()))
            self._at = found.end()
        elif found := re.compile(r" ?_([A-Za-z0-9]+(?:_[A-Za-z0-9]+)*)").match(text, self._at):
            self._at = found.end()
            lower = found[1]
            if found := re.compile(r"_?[₀₁₂₃₄₅₆₇₈₉]+").match(text, self._at):
                lower += found[0].translate(_LOWERED)
                self._at = found.end()
        if not command and (found := re.compile(r"\[([0-9, ]+)\]").match(text, self._at)):
            lower += f"[{''.join(found[1].split())}]"
            self._at = found.end()
        if re.match(r"_ [A-Za-z0-9]", text[self._at : self._at + 3]):
            raise UnsureError("an index behind a blank")
        if text.startswith("_", self._at):
            raise UnreadError("an index of an index")
        new = lower.endswith("_new") or (lower == "new")
        if new:
            lower = lower[:-4] if lower != "new" else ""
        if word.endswith("_new"):
            raise UnreadError("new")
        self._put("name", word, lower, command=command)
        if new:
            self._put("new")
