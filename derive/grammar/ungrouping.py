r"""Braces that group nothing in print, and signs above and below, put as the reader takes them.

TeX sets ``{w}_{31}`` as ``w_{31}``, and braces around a whole equation not at all;
``{\partial y}/{\partial z}`` is a fraction on one line, ``w³₁₁`` is ``w^{3}_{11}``. An array
behind a single large brace is a choice of cases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, takewhile

from derive.grammar.signs import BOLD, COMMANDS, FONTS, RELATIONS, SUBSCRIPTS
from derive.grammar.stream import Token
from derive.grammar.tokens import LONGEST_NAME
from derive.notations.greek import GREEK

RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ˡᴸ", "0123456789+-()lL")
_RAISED_SIGNS = frozenset(map(chr, RAISED))
_UNUSUAL = frozenset("⁻⁽⁾ˡᴸ")
_TAKES_NOTHING = (
    (COMMANDS.keys() - {"sqrt"}) | RELATIONS.keys() | GREEK.keys()
    | {"quad", "qquad", "\\", ",", ";", ":", "!", " ", "nabla", "left", "right", "limits"}
    | {"therefore", "Rightarrow", "implies", "iff", "Leftrightarrow", "Longrightarrow"}
)  # fmt: skip
"""Commands behind which a group is no argument."""
_ACCENTS = frozenset({"hat", "bar", "tilde", "dot", "mathcal", "mathscr", "overline", "widehat"})
_OVER = _ACCENTS - {"mathcal", "mathscr"}
_EQUALITIES = frozenset({"=", "≈", "≡", "\\approx", "\\equiv", "\\coloneqq", "\\simeq", "←"})
_ARROWS = ("therefore", "Rightarrow", "implies", "iff", "Leftrightarrow", "Longrightarrow")
_BREAKS = frozenset(
    {"\\\\", "&", "\\quad", "\\qquad", ",", ";", "⇒", "⟹", *(f"\\{arrow}" for arrow in _ARROWS)}
)
_THIN = frozenset({"\\,", "\\;", "\\:", "\\!", "\\ ", "~"})
_BLANKS = _THIN | {" "}
_ARRAYS = frozenset({"array", "matrix"})
"""The environments that make a choice of cases behind a brace that nothing closes."""
_SWITCHES = {f"\\{font}": f"\\math{font}{{" for font in ("bf", "rm", "it", "sf", "tt")}
"""Fonts that hold to the end of their group, and what begins the same for one name."""
_ENDS = _BREAKS | {".", "\\tag", "\\label", "\\end", "\\nonumber", "\\notag"}


def normalized(tokens: Sequence[Token]) -> list[Token]:
    """Tokens that say the same, with blanks between those that would run into each other."""
    found = _scripts(_Groups(tokens).without())
    separate: list[Token] = found[:1]
    for before, token in pairwise(found):
        if before.text[-1:].isalpha() and before.text[0] == "\\" and token.text[0].isalpha():
            separate.append(Token(" ", token.begin, token.begin))
        separate.append(token)
    return separate


class _Groups:
    """The groups of a formula, and which of them say nothing."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = list(tokens)
        self.partners: dict[int, int] = {}
        opened: list[int] = []
        for place, token in enumerate(self.tokens):
            if token.text == "{":
                opened.append(place)
            elif token.text == "}" and opened:
                self.partners[opened.pop()] = place
        self.openings = {closing: opening for opening, closing in self.partners.items()}

    def without(self) -> list[Token]:
        """The tokens, with blanks in the place of braces that say nothing."""
        found = self.tokens
        for opening in sorted(self.partners):
            closing = self.partners[opening]
            if self._text(self._before(opening)) == "\\begin" and self._as_cases(opening, closing):
                continue
            over = self._over(opening, closing)
            if over is not None:
                self._put({opening: "{\\frac{", over: "}{", closing: "}}"})
                continue
            if self._is_argument(opening):
                self._accented(opening, closing)
                if self._text(self._before(opening)) in ("_", "^"):
                    self._put(dict.fromkeys(self._thin_edges(opening, closing), " "))
                continue
            switch = self._behind(opening)
            below = self._fraction(opening, closing)
            if below is not None:
                self._put({opening: "\\frac{", below: ""})
            elif self._text(switch) in _SWITCHES and self._is_word(switch + 1, closing):
                self._put({opening: _SWITCHES[self._text(switch)], switch: ""})
            elif self._one_symbol(opening, closing) or self._whole(opening, closing):
                self._put({opening: " ", closing: " "})
        return [token for token in found if token.text]

    def _accented(self, opening: int, closing: int) -> None:
        r"""Put \overline{W}^{(2)} for \overline{W^{(2)}}, the index of which is below it."""
        accent, first = self._before(opening), self._behind(opening)
        name, behind = self._text(first)[1:], self._behind(first)
        in_font = name in FONTS or name in BOLD
        last = self.partners.get(behind, behind) if in_font else first
        if self._text(accent)[1:] not in _OVER or last >= closing:
            return
        signs = [p for p in range(last + 1, closing) if self._text(p) == "^"]
        if any(self._text(self._behind(self._behind(p))) in ("(", "[") for p in signs):
            raised = self._text(self._behind(closing)) == "^"
            self._put({last: f"{self._text(last)}}}", closing: "}" if raised else ""})
            self._put({accent: f"{{{self._text(accent)}"} if raised else {})

    def _as_cases(self, opening: int, closing: int) -> bool:
        r"""Put cases for \left\{ \begin{array}{ll} … \end{array} \right., if this is its name."""
        begin = self._before(opening)
        brace = self._before(begin)
        left = self._before(brace)
        if self._text(left) != "\\left" or self._text(brace) not in ("\\{", "\\lbrace"):
            return False
        end = self._end_of(begin)
        last = self.partners.get(self._behind(end), -1)
        right = self._behind(last) if last >= 0 else -1
        dot = self._behind(right)
        named = self._between(opening, closing) in _ARRAYS
        if not named or self._text(right) != "\\right" or self._text(dot) != ".":
            return False
        columns = self._behind(closing)
        array = self._between(opening, closing) == "array" and columns in self.partners
        first = self.partners[columns] if array else closing
        taken = [left, *range(brace, first + 1), *range(end, last + 1), right, dot]
        self._put(dict.fromkeys(taken, " ") | {brace: "\\begin{cases}", end: "\\end{cases}"})
        return True

    def _end_of(self, begin: int) -> int:
        r"""The place of the \end that belongs to a \begin; the number of all for none."""
        depth = 0
        for place in range(begin, len(self.tokens)):
            depth += {"\\begin": 1, "\\end": -1}.get(self._text(place), 0)
            if not depth:
                return place
        return len(self.tokens)

    def _between(self, opening: int, closing: int) -> str:
        """What stands in a group."""
        return "".join(self._text(place) for place in range(opening + 1, closing)).strip()

    def _thin_edges(self, opening: int, closing: int) -> Iterator[int]:
        r"""The places of small spaces at both ends of a group: W^{\!\top}."""
        inside = range(opening + 1, closing)
        for places in (inside, inside[::-1]):
            yield from takewhile(lambda place: self._text(place) in _BLANKS, places)

    def _put(self, texts: Mapping[int, str]) -> None:
        """Let tokens say something else."""
        for place, text in texts.items():
            self.tokens[place] = self.tokens[place]._replace(text=text)

    def _over(self, opening: int, closing: int) -> int | None:
        r"""The place of \over in a group, if it makes a fraction of it."""
        place, found = opening + 1, []
        while place < closing:
            found += [place] * (self._text(place) == "\\over")
            place = self.partners.get(place, place) + 1
        return found[0] if len(found) == 1 else None

    def _is_word(self, start: int, end: int) -> bool:
        """Whether there are letters and blanks, and nothing else, between two places."""
        if end - start > LONGEST_NAME:
            return False
        return "".join(self._text(place) for place in range(start, end)).strip().isalpha()

    def _before(self, place: int) -> int:
        """The place of the last token before another that is no blank; -1 for none."""
        place -= 1
        while place >= 0 and self.tokens[place].text.isspace():
            place -= 1
        return place

    def _behind(self, place: int) -> int:
        """The place of the next token that is no blank; the number of all for none."""
        place += 1
        while place < len(self.tokens) and self.tokens[place].text.isspace():
            place += 1
        return place

    def _text(self, place: int) -> str:
        return self.tokens[place].text if 0 <= place < len(self.tokens) else ""

    def _is_argument(self, opening: int) -> bool:
        """Whether a group may be an argument, an index or an exponent."""
        before = self._text(self._before(opening))
        if before.startswith("\\"):
            return before[1:] not in _TAKES_NOTHING
        if before == "}":
            return not self._is_border(self._before(opening))
        return before in ("_", "^", "]")

    def _is_border(self, closing: int) -> bool:
        r"""Whether a brace ends \begin{…}."""
        return self._text(self._before(self.openings.get(closing, 0))) == "\\begin"

    def _fraction(self, opening: int, closing: int) -> int | None:
        r"""The place of the sign in {∂a}/{∂b}, if this is its upper part."""
        sign = self._behind(closing)
        below = self._behind(sign)
        both = self._text(sign) == "/" and below in self.partners
        signs = {self._text(self._behind(opening)), self._text(self._behind(below))}
        return sign if both and (signs in ({"\\partial"}, {"∂"})) else None

    def _one_symbol(self, opening: int, closing: int) -> bool:
        """Whether a group holds a single symbol, and its index or exponent stands behind it."""
        if self._text(self._behind(closing)) not in ("_", "^", "'"):
            return False
        first, last = self._behind(opening), self._before(closing)
        name = self._text(first)[1:]
        if first in self.partners or first > last:
            return False
        if self._is_word(first, last + 1):
            return True
        if first == last:
            return self._text(first).startswith("\\")
        accented = name in _ACCENTS or name in FONTS or name in BOLD
        return accented and last in (self._behind(first), self.partners.get(self._behind(first)))

    def _whole(self, opening: int, closing: int) -> bool:
        """Whether a group is a whole equation."""
        before, after = self._before(opening), self._behind(closing)
        while self._text(before) in _THIN:
            before = self._before(before)
        while self._text(after) in _THIN:
            after = self._behind(after)
        behind = self._text(after)
        begins = before < 0 or self._text(before) in _BREAKS
        begins = begins or (self._text(before) == "}" and self._is_border(before))
        if not begins or (behind and behind not in _ENDS):
            return False
        place = opening + 1
        while place < closing:
            if self._text(place) in _EQUALITIES:
                return True
            place = self.partners.get(place, place) + 1
        return False


def _scripts(tokens: Sequence[Token]) -> list[Token]:
    """Characters that stand above, before others that stand below or before a bracket, in ASCII."""
    found: list[Token] = []
    place = 0
    while place < len(tokens):
        end = _run(tokens, place)
        follows = tokens[end].text if end < len(tokens) else ""
        written = "".join(token.text for token in tokens[place:end])
        usual = not set(written) & _UNUSUAL
        if end == place or (usual and follows != "(" and not (follows and follows in SUBSCRIPTS)):
            found += tokens[place : max(end, place + 1)]
        else:
            first, last = tokens[place], tokens[end - 1]
            script = f"^{{{written.translate(RAISED)}}}"
            found.append(Token(script, first.begin, last.end))
        place = max(end, place + 1)
    return found


def _run(tokens: Sequence[Token], place: int) -> int:
    """Where a run of raised characters ends that begins at a place."""
    while place < len(tokens) and tokens[place].text in _RAISED_SIGNS:
        place += 1
    return place
