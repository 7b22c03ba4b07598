r"""The oracle's scanner: every character of a formula becomes a token, or the formula is not read.

A name is one token with all that stands below it: ``out_{d_1}``, ``\mathrm{out}_{d1}``, ``w₃₁``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tests.formulas.edges.meaning import UnreadError, UnsureError

_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_GREEK = {"δ": "delta", "η": "eta", "σ": "sigma", "θ": "theta"}
_SIGNS = {
    "+": "+", "-": "-", "−": "-", "*": "*", "·": "*", "⋅": "*", "×": "*", "/": "/", "=": "=",
    "(": "(", ")": ")", "[": "[", "]": "]", "{": "{", "}": "}", ",": ",", ";": ";", ".": ".", ":": ":",
    "&": "&", "'": "'", "′": "'", "∂": "∂", "^": "^", "√": "root", "⇒": "leading", "⟹": "leading",
}  # fmt: skip
_COMMANDS = {
    "cdot": "*", "times": "*", "partial": "∂", "frac": "frac", "dfrac": "frac", "tfrac": "frac",
    "sqrt": "sqrt", "prime": "'", "quad": "quad", "qquad": "quad", "therefore": "leading",
    "Rightarrow": "leading", "implies": "leading", "Leftrightarrow": "leading", "iff": "leading",
}  # fmt: skip
_SPACES = {
    ",", ";", ":", " ", "\n", ">", "!", "displaystyle", "textstyle", "scriptstyle", "nonumber", "notag",
}  # fmt: skip
_HALF_KNOWN = {
    "ast", "star", "bullet", "circ", "odot", "div", "log", "equiv", "approx", "color", "vec", "bar",
    "hat", "tilde", "overline", "{", "}",
}  # fmt: skip
"""Commands that people mean in more than one way."""
_BETWEEN = {
    "and": "and",
    **dict.fromkeys(
        ("where", "if", "with", "mit", "hence", "thus", "so", "let", "therefore", "for"), "leading"
    ),
}
"""Words that may stand between formulas."""
_LARGE = ("left", "right", "bigl", "bigr", "Bigl", "Bigr", "big", "Big", "biggl", "biggr")
_FONTS = ("mathrm", "operatorname", "text", "textit", "mathit")
_WORDS = ("exp", "ln", "tanh")
_FUNCTION_WORDS = ("relu", "sig", "sigmoid", "softplus")
"""Names of functions that LaTeX does not know, and that people write as commands all the same."""
_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?![0-9])")
_SMALL_SPACE = r"\\[,;:!]"
_SUBSCRIPT = "[₀₁₂₃₄₅₆₇₈₉]+"
_NUMBERED = re.compile(r"\\q?quad\s*\([0-9]+\)\s*\Z")
_FACTOR_BELOW = re.compile(r"[{/(]\s*[0-9]+\s*(?:\\partial(?![A-Za-z])|∂)")
_LONGEST_NUMBER = 24
_NUMBER_SIGNS = {"½": Fraction(1, 2), "²": Fraction(2), "³": Fraction(3)}
"""One half, and exponents."""


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
        if _NUMBERED.search(self._text):
            raise UnsureError("the number of the equation, or a factor")
        if _FACTOR_BELOW.search(self._text):
            raise UnsureError("a factor before ∂ below the stroke")
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
        for pattern, read in _READERS:
            if found := self._found(pattern):
                read(self, found[0])
                return
        if self._text.startswith("_", self._at) and self.tokens:
            raise UnsureError("a lower index of what has none, or far from its name")
        raise UnreadError(f"the character {self._text[self._at]}")

    def _found(self, pattern: str) -> re.Match[str] | None:
        """What a pattern finds here, which is read with that."""
        found = re.compile(pattern, re.DOTALL).match(self._text, self._at)
        if found is not None:
            self._at = found.end()
        return found

    def _blank(self, _: str) -> None:
        self._spaced = True

    def _point(self, sign: str) -> None:
        if self._begins_a_number():
            self._number(sign)
        else:
            self._at += 1
            self._put(".")

    def _known_number(self, sign: str) -> None:
        if sign != "½":
            self._put("^")
        self._put("number", number=_NUMBER_SIGNS[sign])

    def _word(self, word: str) -> None:
        if word in _BETWEEN:
            self._put(_BETWEEN[word])
        else:
            self._name(word)

    def _refuse(self, sign: str) -> None:
        raise UnsureError(f"the sign {sign}")

    def _begins_a_number(self) -> bool:
        """Whether a point is the first sign of .5, which stands behind a sign or nothing."""
        before = self.tokens[-1].kind if self.tokens else "="
        return before in "+-*/=({" and self._text[self._at + 1 : self._at + 2].isdigit()

    def _number(self, _: str) -> None:
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

    def _command(self, _: str) -> None:
        found = self._found(r"[A-Za-z]+|.")
        if found is None:
            raise UnreadError("a backslash")
        if found[0] in _COMMANDS:
            self._put(_COMMANDS[found[0]])
        elif found[0] in _READS_COMMAND:
            _READS_COMMAND[found[0]](self, found[0])
        else:
            raise UnreadError(f"the command {found[0]}")

    def _row(self, _: str) -> None:
        if self._text[self._at : self._at + 1].isalpha():
            raise UnsureError("a row, or a command with two backslashes")
        self._found(r"\*")
        self._put("row")
        self._found(r"\[-?[0-9.]+(?:pt|em|ex)\]")

    def _environment(self, name: str) -> None:
        if self._braces() not in ("aligned", "align", "align*", "split"):
            raise UnreadError("an environment")
        self._put(name)
        if self._text.startswith(("[t]", "[b]", "[c]"), self._at):
            raise UnsureError("an option of an environment")

    def _half_known(self, name: str) -> None:
        raise UnsureError(f"the command {name}")

    def _unseen(self, _: str) -> None:
        """What shows nothing, whatever stands in its braces."""
        self._braces()
        self._spaced = True

    def _colour(self, _: str) -> None:
        """What stands in the braces that follow is what it would be in black."""
        if not re.fullmatch(r"#[0-9A-F]{6}", self._braces()):
            raise UnsureError("a colour")
        if not self._text.startswith("{", self._at):
            raise UnreadError("a colour of nothing")
        self._spaced = True

    def _tag(self, _: str) -> None:
        """The number of an equation, in braces, of one sign without them, or starred."""
        if not self._found(r"\s*[0-9]"):
            found = self._found(r"\*?\s*\{([^{}\\]*)\}")
            if found is None:
                raise UnreadError("a tag")
            if not re.fullmatch(r"[A-Za-z0-9.*' -]+", found[1]):
                raise UnsureError("a tag")
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

    def _font(self, font: str) -> None:
        """A name in a font, or one of the words that may stand between formulas."""
        is_text = font.startswith("text")
        if re.compile(r"\s+[A-Za-z]").match(self._text, self._at):
            raise UnsureError("a font without braces")
        inside = self._braces()
        if is_text and inside.strip() in _BETWEEN:
            self._put(_BETWEEN[inside.strip()])
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
        found = self._found(r"\s*\{([^{}\\$]*)\}")
        if found is None:
            raise UnreadError("braces")
        return found[1]

    def _bold(self, _: str) -> None:
        """A letter in bold is another quantity; a number in bold is a vector of it, or the number."""
        if self._braces().strip().isdigit():
            raise UnsureError("a bold number")
        raise UnreadError("a bold letter")

    def _greek(self, letter: str) -> None:
        self._name(_GREEK[letter], command=True)

    def _named(self, name: str) -> None:
        self._name(name, command=True)

    def _name(self, word: str, command: bool = False) -> None:
        """The rest of a name: a layer above, an index below, _new."""
        if found := self._found(r"\s*\^\s*(?:\{([0-9]+)\}|([0-9]))(?=\s*_)"):
            word += f"^{found[1] or found[2]}"
        if re.match(r"\s*\^\s*(?:\{\s*[a-z]\s*\}|[a-z](?![a-z0-9]))", self._text[self._at :]):
            raise UnsureError("a letter above a name")
        lower = self._lower()
        if not command and (found := self._found(r"\[([0-9, ]+)\]")):
            lower += f"[{''.join(found[1].split())}]"
        if re.match(r"_ [A-Za-z0-9]", self._text[self._at :]):
            raise UnsureError("an index behind a blank")
        if re.match(f"_{_SUBSCRIPT}", self._text[self._at :]):
            raise UnsureError("an index that is lowered twice")
        if self._text.startswith("_", self._at):
            raise UnreadError("an index of an index")
        if word.endswith("_new"):
            raise UnreadError("new")
        is_new = lower == "new" or lower.endswith("_new")
        self._put("name", word, lower[: -len("_new")] if is_new else lower, command=command)
        if is_new:
            self._put("new")

    def _lower(self) -> str:
        """What stands below a name, without blanks and braces."""
        if found := self._found(_SUBSCRIPT):
            return found[0].translate(_LOWERED)
        if found := self._found(
            rf"\s*_\s*\{{((?:[^{{}}\\$^]|{_SMALL_SPACE}|\{{(?:[^{{}}\\$^]|{_SMALL_SPACE})*\}})*)\}}"
        ):
            return re.sub(rf"[{{}}\s]|{_SMALL_SPACE}", "", found[1])
        if found := self._found(r" ?_([A-Za-z0-9]+(?:_[A-Za-z0-9]+)*)"):
            further = self._found(f"_?{_SUBSCRIPT}")
            return found[1] + (further[0].translate(_LOWERED) if further else "")
        return ""


_READERS: Sequence[tuple[str, Callable[[Scanner, str], None]]] = (
    (r"[ \t\n~\u00a0]|\{\}", Scanner._blank),
    (r"\\", Scanner._command),
    (r"(?=[0-9])", Scanner._number),
    (r"(?=\.)", Scanner._point),
    (f"[{''.join(_NUMBER_SIGNS)}]", Scanner._known_number),
    (f"[{''.join(_GREEK)}]", Scanner._greek),
    (r"[A-Za-z][A-Za-z0-9]*", Scanner._word),
    (r":=|=:|[+−-]=|[≡≈÷–∘⊙∗•]", Scanner._refuse),
    (r"\^(?:\{\s*\+\s*\}|\+)|⁺", lambda scanner, _: scanner._put("new")),
    (r"\*\*", lambda scanner, _: scanner._put("^")),
    (f"[{re.escape(''.join(_SIGNS))}]", lambda scanner, sign: scanner._put(_SIGNS[sign])),
)
"""What reads on, by the pattern of what stands next; the first that matches does."""

_READS_COMMAND: Mapping[str, Callable[[Scanner, str], None]] = {
    **dict.fromkeys(_SPACES, Scanner._blank),
    **dict.fromkeys(_LARGE, Scanner._large),
    **dict.fromkeys(_FONTS, Scanner._font),
    **dict.fromkeys((*_HALF_KNOWN, *_FUNCTION_WORDS), Scanner._half_known),
    **dict.fromkeys((*_GREEK.values(), *_WORDS), Scanner._named),
    **dict.fromkeys(("begin", "end"), Scanner._environment),
    **dict.fromkeys(("label", "hspace"), Scanner._unseen),
    "\\": Scanner._row,
    "mathbf": Scanner._bold,
    "tag": Scanner._tag,
    "textcolor": Scanner._colour,
}
"""What reads a command that is not one sign."""
