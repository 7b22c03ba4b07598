r"""What a name is written of: its stem, the index behind it and the exponent.

``\mathbf{out_c}`` has the stem out, bold, with the index c inside of the braces.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from derive.formula import is_matrix
from derive.grammar.scanner import COMMAND, Scanner
from derive.grammar.signs import ACCENTS, BOLD, COUNT_OF_LAYERS, FONTS, LOWERED, SUBSCRIPTS
from derive.grammar.tokens import LONGEST_NAME
from derive.notations.greek import GREEK

_WORD = re.compile(r"[A-Za-z]+")
_SUB = re.compile(f"[{SUBSCRIPTS}]+")
_INDEX = re.compile(r"_?[A-Za-z0-9₀-₉]+(?:_+[A-Za-z0-9₀-₉]+)*(?:_+(?!\{))?|_+")
_IN_BRACKETS = re.compile(r"\[([a-z0-9+,\s-]*)\]")
_DIGITS = re.compile(r"[0-9][0-9_A-Za-z]*")
_GREEK_COMMAND = re.compile(r"\\([A-Za-z]+)\s*")
_FONT = re.compile(r"\{(.*)\}|\\([A-Za-z]+)\s*\{(.*)\}", re.DOTALL)
_INDEXED = re.compile(r"([^\W\d_]+)\s*_(.*)", re.DOTALL)
_MARK = re.compile(r"\{?\s*(?:\+|\*|\\top|\\mathsf|\\intercal|T\b|\\text|\\mathrm|new|neu)")
_COUNT = r"(?:[A-Za-z]|\\tau(?![A-Za-z]))'*"
_TOP = r"(?:T|\\top|\\intercal|\\(?:mathsf|mathrm|text)\s*\{?\s*T\s*\}?)"
_UPPER = re.compile(
    rf"\{{\s*(?:[(\[]|\\langle)\s*{_COUNT}(?:\s*[+-]\s*(?:[0-9]+|{_COUNT}))*"
    rf"\s*(?:[)\]]|\\rangle)\s*(?:\^?\s*\{{?\s*{_TOP}\s*\}}?)?\s*\}}"
    r"|(?:\{\s*[A-Za-z]+\s*\}|[A-Za-z])\s*_"
)
"""An index that stands above in brackets, ^{(t-1)}, or before the one below, a^z_t."""
_PRIMED = re.compile(r"\^\s*(?:\{\s*((?:\\prime\s*)+)\}|(\\prime)(?![A-Za-z]))")
_PRIMES = re.compile(r"(?:\s*(?:'|′|’|\^\s*\{?\s*(?:(?:\\prime|')\s*)+\}?))+")
_RENEWS = re.compile(
    r"[\s&]*(?P<stem>\\?[A-Za-z]+)(?P<before>\s*_\s*(?:\{[^{}]*\}|\w))?\s*"
    r"(?P<prime>'|′|’|\^\s*(?:\{\s*\\prime\s*\}|\\prime(?![A-Za-z])))"
    r"(?P<behind>\s*_\s*(?:\{[^{}]*\}|\w))?[\s&]*"
    r"(?::?=|←|\\(?:leftarrow|gets|coloneqq)(?![A-Za-z]))[\s&]*"
)
"""A name with a prime that something is given to."""
_STEPS = re.compile(
    r"\\(?:eta|alpha|(?:var)?epsilon|partial|nabla|delta|Delta)(?![A-Za-z])|[ηαε∂∇δΔ]|[0-9]\.[0-9]"
)
"""What says that a step is taken: a rate, a derivative, or numbers."""
_BLANK = re.compile(r"\s+")
_LAYER_ABOVE = re.compile(
    rf"\s*\^\s*(?:\{{\s*([(\[]?)\s*([0-9]+|(?:{COUNT_OF_LAYERS}|[A-Za-z]|\\ell)(?:\s*[+-]\s*[0-9]+)?)"
    r"\s*([)\]]?)"
    r"((?:\s*\^?\s*\{?\s*(?:'|\\prime)\s*\}?)*)\s*\}|([A-Za-z]))"
    r"(?=(?:\s|'|\^\s*\{?\s*\\prime\s*\}?|\\left|\\[bB]igg?l?|\\!)*[(\[])"
)
"""The index of a function's layer: g^{[1]}, f^{(l)'}, σ^L; before brackets."""
_SILENT = re.compile(
    r"\\(?:mathrm|text|textrm|mathit|operatorname|rm|mathsf|textit|mathcal|mathscr|cal)(?![A-Za-z])"
)
_BEGINS_BLANK = re.compile(r"\\[ ,;:!>]")
_BLANKS = re.compile(r"[\s{}]")
_PLAIN_STEM = re.compile(r"[^\W_]*(?: [^\W_]+)*")
_SCRIPT_SIGNS = [
    (re.compile(rf"\\{command}(?![A-Za-z])"), sign)
    for command, sign in (
        ("top", "top"),
        ("to", "→"),
        ("rightarrow", "→"),
        ("intercal", "T"),
        ("ell", "l"),
        *((name, sign) for name, sign in GREEK.items() if name != "ell"),
    )
]
_STEP = re.compile(r"\s*\^\s*(?:\{\s*([a-z](?:\s*[+-]\s*[0-9]+)?)\s*\}|([a-z]))(?![A-Za-z'])")
"""An index of a step above a name that has no brackets: ^t, ^{t-1}."""
_SIGNS_OF_INDEX = re.compile(r"[\s{}()\[\]]")
_WIDTH = re.compile(
    r"\s*[A-Za-z]\s*[_^]\s*(?:\{([^{}]*)\}|([A-Za-z0-9]|\\ell(?![A-Za-z])))\s*([+-][0-9]+)?\s*"
)
"""How many neurons a layer has: n^{[l-1]}, s_{l+1}, n_l."""
_OF_LAYER = re.compile(r"[0-9]+|[A-Za-z](?:[+-][0-9]+)?")
_PART = re.compile(r"\([a-z0-9'+-]+\)|[a-z]'*|[0-9]")
_IN_PARTS = re.compile(rf"(?:{_PART.pattern})+")
_LOOSE = re.compile(r"[_,]{2}|^[_,]|[_,]$")
"""An index with a sign that joins nothing."""


class Scripts(Scanner):
    """The part of a pass that reads the parts of a name."""

    of_one_sign = False
    """Whether an index without braces is its first sign alone."""

    def stem(self) -> tuple[str, bool, str | None]:
        r"""The stem at this place, whether it is bold, and its index if that is inside the braces.

        ``\mathbf{out_c}`` has the stem out, bold, with the index c inside.
        """
        start = self.at
        found = COMMAND.match(self.text, self.at)
        if found is None:
            run = _WORD.match(self.text, self.at)
            self.at = run.end() if run else self.at + 1
            return (run[0] if run else self.text[self.at - 1]), False, None
        self.at = found.end()
        name = found[1]
        if name in GREEK:
            return GREEK[name], False, None
        if name in ACCENTS:
            stem, bold, inner = self._within(self.argument().strip(), start)
            return stem + ACCENTS[name], bold, inner
        if name not in FONTS and name not in BOLD:
            return name, False, None
        if name == "operatorname" and self.next_is("*"):
            self.at += 1
        content = _unwrapped(self.argument().strip())
        accent = COMMAND.match(content)
        if accent and accent[1] in ACCENTS:
            stem, bold, inner = self._within(content, start)
            return stem, bold or name in BOLD, inner
        greek = _GREEK_COMMAND.match(content)
        if greek and greek[1] in GREEK:
            content = GREEK[greek[1]] + content[greek.end() :]
        inside = _INDEXED.match(content)
        if inside:
            return inside[1], name in BOLD, inside[2]
        if len(content) <= LONGEST_NAME and not _PLAIN_STEM.fullmatch(content):
            raise self.fail("a font is read around a single name only", start)
        return content.replace(" ", ""), name in BOLD, None

    def _within(self, content: str, start: int) -> tuple[str, bool, str | None]:
        """The stem under an accent, or in a font around one, and its index if that is inside."""
        if len(content) > LONGEST_NAME:
            raise self.fail(f"a name of more than {LONGEST_NAME} characters", start)
        inside = type(self)(self.symbols, content, self.letters)
        stem, bold, index = inside.stem() if content else ("", False, None)
        if inside.next_is("_") and index is None:
            index = inside.scripts(None)[0]
        if inside.at < len(content) or not stem:
            raise self.fail("an accent is read over a single name only", start)
        return stem, bold, index

    def scripts(self, inner: str | None) -> tuple[str, str]:
        """The index and the exponent behind a stem; moves behind them."""
        sub, sup = inner or "", ""
        begin = self.at
        lowered = _SUB.match(self.text, self.at)
        if lowered and not sub:
            sub = lowered[0].translate(LOWERED)
            self.at = lowered.end()
        for _ in range(3):
            at = self.behind_blanks()
            sign = self.text[at : at + 1]
            if sign == "_" and not sub:
                self.at = at + 1
                sub = self._index(at)
            elif not sup and (raised := _levels(*self.symbols.layers)[1].match(self.text, at)):
                self.at = raised.end()
                sup = raised[1]
            elif sign == "^" and not sup and self.is_script(at):
                self.at = at + 1
                sup = self.argument()
            elif sign == "⁺" and not sup:
                self.at = at + 1
                sup = "+"
            elif not sup and (end := self._renewed(at)):
                self.at = end
                sup = "+"
            elif not sub and at == begin == self.at and (run := _DIGITS.match(self.text, at)):
                sub = run[0]
                self.at = run.end()
            else:
                break
        sub = _apart(_clean(sub))
        sub = self.symbols.pairs.get(sub, sub)
        self.check_length(begin)
        written = self.text[begin : self.at]
        if _LOOSE.search(sub) or (not sub and "_" in re.sub(COUNT_OF_LAYERS, "", written)):
            raise self.fail(f"{written.strip()} is no index", begin)
        return sub, _clean(sup)

    def _renewed(self, at: int) -> int:
        """The end of a prime that stands here for a name after a step, w' = w − …; else 0."""
        found = _RENEWS.match(self.text)
        if found is None or found.start("prime") != at:
            return 0
        name = _BLANK.sub("", found["stem"] + (found["before"] or found["behind"] or ""))
        behind = _BLANK.sub("", self.text[found.end() : found.end() + LONGEST_NAME])
        renews = behind.startswith(name) and behind[len(name) :].startswith(("-", "−", "+"))
        return found.end("prime") if renews and _STEPS.search(self.text, found.end()) else 0

    def lower(self, at: int) -> str:
        """The index behind the '_' at a place that is no name's."""
        self.of_one_sign, before = not self.next_is("{"), self.of_one_sign
        sub = _clean(self._index(at))
        self.of_one_sign = before
        return sub

    def primes(self) -> int:
        """How many primes stand here; moves behind them."""
        found = _PRIMES.match(self.text, self.at)
        if found is None:
            return 0
        self.at = found.end()
        return sum(found[0].count(sign) for sign in ("'", "′", "’", r"\prime"))

    def of_layer_above(self, stem: str, start: int) -> int:
        """Move behind the index of a layer, g^{[1]}(…), and tell how many primes stand there.

        Nothing is one that is not that of the layer to whose quantities the function is applied.
        """
        found = _LAYER_ABOVE.match(self.text, self.at) if len(stem) == 1 else None
        if found is None:
            return 0
        index = _BLANKS.sub("", found[2] or found[5])
        bracketed = (found[1], found[3]) in (("(", ")"), ("[", "]"))
        if not self.symbols.level(index) or (index.isdigit() and not bracketed):
            return 0
        self.at = found.end()
        self.check_same_layer(index, start)
        return (found[4] or "").count("'") + (found[4] or "").count("prime") + self.primes()

    def check_same_layer(self, index: str, start: int) -> None:
        """Raise :class:`Unreadable` where a function is applied to what has not its layer above."""
        inside = _BLANKS.sub("", self.text[self.at : self.at + LONGEST_NAME])
        own, inside = (text.replace(r"\ell", "l") for text in (index, inside))
        if not re.search(rf"\^[(\[]?{re.escape(own)}(?![0-9+-])", inside):
            raise self.fail(f"{self.text[start : self.at].strip()} is of another layer", start)

    def check_length(self, start: int) -> None:
        """Raise :class:`Unreadable` where a name, or its index, has come too far from `start`."""
        if self.at - start > LONGEST_NAME:
            raise self.fail(f"a name of more than {LONGEST_NAME} characters", start)

    def bracketed(self, sub: str) -> str:
        """The index with that in square brackets right behind it: ``w_q[k,1]``; moves behind."""
        found = _IN_BRACKETS.match(self.text, self.at)
        if found is None:
            return sub
        self.at = found.end()
        return _clean(f"{sub},{found[1]}" if sub else found[1])

    def behind_blanks(self) -> int:
        """The first place from here on at which no blank stands."""
        at = self.at
        while self.text[at : at + 1] == " ":
            at += 1
        return at

    def with_step(self, stem: str, bold: bool, sub: str) -> tuple[str, str]:
        """The index of a name, also in brackets, and a step above without any, x_i^t; moves on.

        So it is read where the name means nothing without. For one that the network has not, which
        may be the author's own, the step is put beside the index.
        """
        key = f"{stem}_{sub}" if sub else stem
        if self.symbols.has_index(key):
            sub = self.bracketed(sub)
            key = f"{stem}_{sub}" if sub else stem
        found = _STEP.match(self.text, self.at)
        if found is None or self.symbols.by_layer or key in self.letters:
            return sub, ""
        alone = self.symbols.look_up(("bold:" if bold else "") + key)
        step = "".join((found[1] or found[2]).split())
        above = self.symbols.raised(stem, sub, f"({step})", bold)
        if alone is not None and (above is None or is_matrix(above)):
            return sub, ""
        if above is None and (bold or not sub or stem in self.symbols.stems):
            return sub, ""
        self.at = found.end()
        return (f"{sub},{step}", "") if above is None else (sub, f"({step})")

    def width_of(self, limit: str | None) -> int | None:
        """What a limit is that says how many neurons a layer has; nothing for any other."""
        named = _WIDTH.fullmatch(limit or "")
        index = _SIGNS_OF_INDEX.sub("", named[1] or named[2]).replace(r"\ell", "l") if named else ""
        width = self.symbols.width(index) if _OF_LAYER.fullmatch(index) else None
        return None if width is None or named is None else width + int(named[3] or 0)

    def is_of_any_layer(self, limit: str | None) -> bool:
        """Whether a limit is the size of layer k, r^{k+1}, where layers have no letter."""
        named = _WIDTH.fullmatch(limit or "")
        if named is None or named[3] or self.symbols.by_layer:
            return False
        index = _SIGNS_OF_INDEX.sub("", named[1] or named[2])
        letter = _OF_LAYER.fullmatch(index) and not index.isdigit()
        return bool(letter) and self.symbols.look_up((limit or "").strip()[0]) is None

    def _index(self, at: int) -> str:
        """What stands behind the '_' at a place."""
        if _BEGINS_BLANK.match(self.text, self.at):
            raise self.fail("an index is missing behind '_'", at)
        font = COMMAND.match(self.text, self.at)
        if font and font[1] in FONTS | BOLD:
            self.at = font.end()
        if self.next_is("{\\"):
            return self.argument()
        run = _INDEX.match(self.text, self.at)
        if run is None:
            raise self.fail("an index is missing behind '_'", at)
        index = run[0][:1] if self.of_one_sign else run[0]
        self.at += len(index)
        return index.translate(LOWERED)

    def is_script(self, at: int) -> bool:
        """Whether '^' at this place begins an upper index and not a power."""
        rest = self.text[at + 1 : at + 40].lstrip()
        level = _levels(*self.symbols.layers)[0]
        return bool(_MARK.match(rest) or level.match(rest) or _UPPER.match(rest))


@cache
def _levels(any_layer: str, last: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """An upper index that names a layer, ``{(l-1)}`` or ``{[2]T}``; a bare ``(l)`` before an index.

    Both letters are those that stand for layers in a notation.
    """
    letters = rf"{COUNT_OF_LAYERS}|{last}|{any_layer}|\\ell(?![A-Za-z])"
    layer = rf"(?:[0-9]+|(?:{letters})(?:\s*[+-]\s*[0-9]+)?)"
    level = re.compile(
        rf"\{{\s*(?:{layer}|\({layer}\)|\[{layer}\]\s*(?:\([a-z]\))?)"
        rf"\s*(?:\^?\s*\{{?\s*{_TOP}\s*\}}?)?\s*\}}"
        rf"|[0-9{last}{any_layer}]|\\ell(?![A-Za-z])"
    )
    return level, re.compile(rf"\s*\^\s*[(\[]\s*({layer})\s*[)\]](?=\s*_)")


def _unwrapped(content: str) -> str:
    """The content of a font command without braces and fonts around all of it."""
    while font := _FONT.fullmatch(content):
        if font[1] is not None and "}" not in font[1]:
            content = font[1].strip()
        elif (font[2] in FONTS or font[2] in BOLD) and font[3].count("{") == font[3].count("}"):
            content = font[3].strip()
        else:
            break
    return content


def _apart(sub: str) -> str:
    """An index whose parts stand in brackets, (i+a)(j+b), with commas between them."""
    if "(" not in sub or not _IN_PARTS.fullmatch(sub):
        return sub
    parts = _PART.findall(sub)
    return ",".join(part.strip("()") for part in parts) if len(parts) > 1 else sub


@lru_cache(2**14)
def _clean(script: str) -> str:
    """An index without braces, spaces and fonts."""
    text = _PRIMED.sub(lambda found: "'" * found[0].count("prime"), _SILENT.sub("", script))
    for command, sign in _SCRIPT_SIGNS:
        text = command.sub(sign, text)
    text = text.replace("{,}", ",")
    return _BLANKS.sub("", text).translate(LOWERED)
