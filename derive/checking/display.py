r"""One display to the statements in it: rows of aligned, several columns, "…, where x = …".

A statement is a piece of the text; a row that goes on with the one before belongs to its piece.
What stands between two pieces is kept, too, for it may mean something: a comma ends a statement,
"where" begins one, "for k = 1, 2" limits the one before it, and other words say what nobody reads.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from derive.checking.faults import faults, unpaired
from derive.grammar.account import Account, Use
from derive.grammar.connectives import (
    Range,
    describes,
    every_parameter,
    is_reason,
    joins,
    letters_at,
    limits,
    limits_to,
    range_at,
    row_end,
    units_at,
)
from derive.grammar.signs import IN_SPACE, ROW, TRANSPARENT
from derive.grammar.tokens import LONGEST, Unreadable

_TOKEN = re.compile(
    ROW + r"|\\(?:text|textrm|mbox|hbox)\s*\{([^{}]*)\}|\\(?:quad|qquad)(?![A-Za-z])"
    r"|\\(?:Rightarrow|implies|iff|Leftrightarrow|Longrightarrow|therefore|forall|to|rightarrow)"
    r"(?![A-Za-z])|\\begin\s*\{(?:x?alignat|alignedat)\*?\}\s*\{[0-9]+\}|\\begin\s*\{[^{}]*\}(?:\s*\[[tbc]\])?|\\end\s*\{[^{}]*\}|\\[A-Za-z]+|\\.|[&,;{}()\[\]=≈⇒→⟹∀]",
    re.DOTALL,
)
_BLANK = re.compile(
    r"(?:\s|&|\{\}|\\[ ,;:!]|\\(?:quad|qquad|displaystyle|notag|nonumber)(?![A-Za-z])"
    r"|\\(?:left|right)(?=\s*[()\[\]])|\\(?:label|tag\*?)\s*\{[^{}]*\})*"
)
_LABEL = re.compile(r"\\(?:label|tag\*?)\s*\{[^{}]*\}")
_OPERATOR = re.compile(
    r"[=+*/·×⋅−–⊙⊗≈←)\]-]|:="
    r"|\\(?:cdot|times|odot|otimes|ast|approx|right|bigr|Bigr|equiv|circ|leftarrow|gets|coloneqq)"
    r"(?![A-Za-z])"
)
_ALIGNED = re.compile(r"&\s*(?::?=|≈|≡|\\(?:approx|equiv)(?![A-Za-z]))")
_NAMES = re.compile(r":?=|≡|\\(?:equiv|coloneqq)(?![A-Za-z])")
_MINUS = re.compile(r"[-−–]")
_END_BLANK = re.compile(r"(?:\s|\\\\|\\[ ,;:!\n\r\t]|\\(?:quad|qquad)(?![A-Za-z])|&|~)+\Z")
_END_BORDER = re.compile(r"\\end\s*\{(?:" + "|".join(TRANSPARENT) + r")\*?\}\Z")
_END_MARK = re.compile(r"(?<![.\\])[.,;:]\Z")
_END_NUMBER = re.compile(r"(?:\\q?quad\s*\([0-9]+[a-z]?\)|\\(?:tag\*?|label)\s*\{[^{}]*\})\Z")
_NUMBER_ALONE = re.compile(r"\([0-9]+[a-z]?\)\Z")
_WIDE_BEFORE = re.compile(r"\\q?quad\s*\Z")
_APART_BEFORE = re.compile(r"(?:\\q?quad|&)\s*\Z")
_ENDS_OPEN = re.compile(
    r"(?:[=+*/·×⋅−–⊙⊗(\[-]|\\(?:cdot|times|odot|otimes|ast))\s*(?:&|\\(?:right|left)\.?|\{\}|\s)*\Z"
)
_ASIDE = re.compile(
    r"\\(text|textrm|mbox|hbox)\s*\{([^{}]*)\}"
    rf"(?=[\s.,;]*(?:\\(?:notag|nonumber)\s*)*{ROW}"
    r"(?:[\s&]|\\label\s*\{[^{}]*\})*(?::?=|≈|≡|\\(?:approx|equiv)(?![A-Za-z])))"
)
_KINDS = {
    **dict.fromkeys(",;", "mark"), "\\Rightarrow": "arrow", "\\implies": "arrow", "\\iff": "arrow",
    "\\Leftrightarrow": "arrow", "\\Longrightarrow": "arrow", "\\therefore": "arrow", "⇒": "arrow",
    "⟹": "arrow",
}  # fmt: skip
_COLUMNS = frozenset({"\\quad", "\\qquad", "&"})
_TRANSPARENT = re.compile(r"\\(?:begin|end)\s*\{(?:" + "|".join(TRANSPARENT) + r")\*?\}")
_CASES = re.compile(r"\\(?:begin|end)\s*\{(?:cases|[bp]?matrix|smallmatrix)\*?\}")
_RELATIONS = frozenset({"=", "≈", "\\approx", "\\equiv"})
_BRACKET = re.compile(r"[()\[\]=]")
MOST_WRAPPINGS = 3
"""Brackets around a whole equation that are taken off."""


@dataclass(frozen=True, slots=True)
class Cut:
    r"""What separates two statements, or stands at the end of the last.

    `kind` is row (``\\``), mark (a comma), gap (a wide blank or a cell), arrow, border (of an
    environment) or words. Its sign ends at `sign`, the limits behind it at `end`. `unread` holds
    words without a meaning; `ranges` limits index letters.
    """

    start: int
    sign: int
    end: int
    kind: str
    unread: str = ""
    ranges: tuple[Range, ...] = ()
    leads: bool = False
    """Whether something has to follow: behind an arrow, or a word that joins."""
    remark: str = ""
    """Words at the end of a row that say what stands before them, and may limit it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A statement's text, where it begins, and what separates it from the one before."""

    text: str
    start: int
    before: tuple[Cut, ...] = ()
    remark: str = ""
    """Words at the end of a row in it that say what stands before them."""

    def error(self, message: str) -> Unreadable:
        """Why this cannot be read."""
        return Unreadable(message, self.start, self.start + len(self.text))


@dataclass(frozen=True, slots=True)
class Display:
    """The statements of one display, and what stands behind the last."""

    pieces: tuple[Piece, ...]
    behind: tuple[Cut, ...] = ()
    fault: Unreadable | None = None
    """Why nothing of it can be read: its environments do not close, a tag that is none."""
    unpaired: Unreadable | None = None
    r"""A \left without its \right, if nothing else is wrong."""


def split(
    text: str,
    is_word: Callable[[str], bool],
    is_index: Callable[[str], bool],
    account: Account,
    fault: Unreadable | None = None,
) -> Display:
    r"""The statements of one display, in order.

    `is_word` says whether the content of a \text{…} is prose and not a name, `is_index` whether a
    letter may be an index. What is no part of a piece is put into the `account`. A `fault` that is
    known before is one of all statements.
    """
    if len(text) > LONGEST:
        account.mark(0, len(text), Use.TOKEN)
        return Display((Piece(text, 0),))
    text, asides = _without_asides(text)
    found: list[Piece] = []
    between: list[Cut] = []
    begin = 0
    for cut in [*_Cuts(text, is_word, is_index).all(), None]:
        end = len(text) if cut is None else cut.start
        piece = _trimmed(text, begin, end, account)
        if piece is not None:
            remark = next((said for at, said in asides.items() if piece[0] <= at < piece[1]), "")
            found.append(Piece(text[piece[0] : piece[1]], piece[0], tuple(between), remark))
            between = []
        if cut is not None:
            account.mark(cut.start, cut.sign, _USES[cut.kind])
            account.mark(cut.sign, cut.end, Use.WORD)
            lost = cut.kind == "mark" and piece is None and not (between and between[-1].ranges)
            between.append(replace(cut, unread=text[cut.start : cut.sign]) if lost else cut)
            begin = cut.end
    # Behind an arrow, or a word that joins, something has to follow.
    behind = [replace(c, unread=text[c.start : c.sign]) if c.leads else c for c in between]
    return Display(tuple(found), tuple(behind), fault or next(faults(text), None), unpaired(text))


_USES = {
    "row": Use.LAYOUT,
    "mark": Use.MARK,
    "gap": Use.GAP,
    "arrow": Use.MARK,
    "border": Use.LAYOUT,
    "words": Use.WORD,
}


def _without_asides(text: str) -> tuple[str, dict[int, str]]:
    """The text with blanks for words that end a row with which the next row goes on.

    They name the rule of the step, or say what stands before them: these, by their places.
    """
    asides: dict[int, str] = {}

    def blank(found: re.Match[str]) -> str:
        words, bracketed = found[2], found[2].strip().startswith("(")
        apart = bracketed or _APART_BEFORE.search(text, max(0, found.start() - 60), found.start())
        if not apart or not (is_reason(words) or describes(words)):
            return found[0]
        asides.update({} if is_reason(words) else {found.start(): found[0]})
        return " " * len(found[0])

    text = IN_SPACE.sub(lambda found: " " * len(found[0]), text)
    return _ASIDE.sub(blank, text), asides


def _trimmed(text: str, begin: int, end: int, account: Account) -> tuple[int, int] | None:
    """The range without blanks, one mark, a number and brackets around a whole equation."""
    unwrapped, marked, numbered = 0, False, False
    while True:
        blank = _BLANK.match(text, begin, end)
        assert blank is not None
        first = min(blank.end(), end)
        account.mark(begin, first, Use.SPACE)
        for label in _LABEL.finditer(text, begin, first):
            account.mark(label.start(), label.end(), Use.LABEL)
        begin = first
        tail = text[max(begin, end - 200) : end]
        trailing = _END_BLANK.search(tail)
        use = Use.SPACE
        if trailing is None and not marked:
            trailing, use = _END_BORDER.search(tail), Use.LAYOUT
        if trailing is None and not marked:
            trailing, use = _END_MARK.search(tail), Use.MARK
            marked = trailing is not None
        if trailing is None and not numbered:
            trailing, use = _END_NUMBER.search(tail), Use.LABEL
            numbered = trailing is not None and not trailing[0].startswith("\\label")
        if trailing is not None and trailing.group():
            account.mark(end - len(trailing.group()), end, use)
            end -= len(trailing.group())
            continue
        if _NUMBER_ALONE.match(text, begin, end) and _WIDE_BEFORE.search(text[:begin]):
            account.mark(begin, end, Use.LABEL)
            begin = end
        if begin >= end:
            return None
        wrapped = text[begin] == "(" and text[end - 1] == ")" and _wraps(text[begin:end])
        if not wrapped or unwrapped == MOST_WRAPPINGS:
            return begin, end
        account.mark(begin, begin + 1, Use.LAYOUT)
        account.mark(end - 1, end, Use.LAYOUT)
        begin, end, unwrapped = begin + 1, end - 1, unwrapped + 1


def _wraps(text: str) -> bool:
    """Whether the outer brackets belong together and hold an equation."""
    depth = 0
    relation = False
    for sign in _BRACKET.finditer(text):
        char = sign[0]
        depth += (char in "([") - (char in ")]")
        if char == "=" and depth == 1:
            relation = True
        if not depth and sign.end() < len(text):
            return False
    return relation


class _Cuts:
    """One pass over a display for everything that separates statements."""

    def __init__(
        self, text: str, is_word: Callable[[str], bool], is_index: Callable[[str], bool]
    ) -> None:
        self.text = text
        self.is_word = is_word
        self.is_index = is_index
        self.blank = (0, 0)
        """The last stretch of blanks that was looked for, so that it is gone through once."""
        self.row = (0, 0, 0)
        """From where to where the row reaches, and the last relation in it."""
        self.begin, self.related = 0, False
        """Where the present statement begins, and whether there is a relation in it so far."""
        self.braces = self.brackets = 0

    def all(self) -> Iterator[Cut]:
        """Everything that separates two statements, in its order."""
        for token in _TOKEN.finditer(self.text):
            if token.start() < self.begin or self._nests(token[0]) or self.braces > 0:
                continue
            self.related = self.related or token[0] in _RELATIONS
            kind = self._kind(token)
            if kind:
                # A row that begins with a minus may go on with the row above.
                doubtful = kind == "row" and self.related and self._begins_with_minus(token.end())
                cut = self._cut(token, kind)
                yield replace(cut, unread=token[0] + " −") if doubtful else cut
                self.begin, self.related, self.brackets = cut.end, False, 0

    def _nests(self, sign: str) -> bool:
        """Count the braces and brackets that are open; whether a sign opens or closes one.

        What stands inside of a choice of cases belongs together, as in braces.
        """
        if sign in "{}":
            self.braces += 1 if sign == "{" else -1
        elif _CASES.match(sign):
            self.braces = max(0, self.braces + (1 if sign.startswith("\\begin") else -1))
        elif sign in "([)]":
            self.brackets = max(0, self.brackets + (1 if sign in "([" else -1))
        else:
            return False
        return True

    def _kind(self, token: re.Match[str]) -> str:
        """What kind of cut there is at a sign outside of braces; nothing where there is none."""
        sign, start, end = token[0], token.start(), token.end()
        if sign.startswith("\\\\"):
            return "" if self._goes_on(self.begin, start, end, self.brackets) else "row"
        if token[1] is not None:
            indexed = self.text[end : end + 40].lstrip().startswith(("_", "^"))
            known = indexed or self._is_named(token) or not self.is_word(token[1])
            return "" if known else "words"
        if sign in ("\\forall", "∀"):
            return "words"
        if sign.startswith(("\\begin", "\\end")):
            alone = _TRANSPARENT.match(sign) and not self.brackets
            return "border" if alone and self._next(self.begin) >= start else ""
        if self.brackets or (sign == "," and _is_decimal_comma(self.text, start)):
            return ""
        if sign in _COLUMNS and self.related and self._begins_statement(end):
            # Behind a relation its other side has to come: a &=& b.
            return "" if _ENDS_OPEN.search(self.text, max(self.begin, start - 60), start) else "gap"
        return _KINDS.get(sign, "")

    def _is_named(self, token: re.Match[str]) -> bool:
        r"""Whether words name something: \text{hidden output} = h at the head of a row."""
        if joins(token[1]) or limits(token[1]) or self._next(self.begin) < token.start():
            return False
        return _NAMES.match(self.text, self._next(token.end())) is not None

    def _begins_statement(self, at: int) -> bool:
        """Whether a range, or another relation, stands behind a wide blank or in the next cell."""
        follows = self._next(at)
        if range_at(self.text, follows) or units_at(self.text, follows):
            return True
        return not _OPERATOR.match(self.text, follows) and self._relates(at)

    def _cut(self, token: re.Match[str], kind: str) -> Cut:
        """The cut at a sign, with the range of an index letter that follows it."""
        words = "for all" if token[1] is None else token[1]
        ranges, end = self._ranges(token, kind, words)
        follows, bare = self._next(token.end()), kind == "words" and not (ranges or limits(words))
        named = every_parameter(words, self.text, follows) if bare else None
        lost = kind == "words" and not ranges and named is None and not joins(words)
        said = bare and lost and describes(words) and self._is_apart(token)
        unread = token[0] if lost and not said else ""
        remark = token[0] if said or named else ""
        leads = kind == "arrow" or (kind == "words" and not (ranges or remark or is_reason(words)))
        return Cut(token.start(), token.end(), named or end, kind, unread, ranges, leads, remark)

    def _ranges(self, token: re.Match[str], kind: str, words: str) -> tuple[tuple[Range, ...], int]:
        """What a sign, or words, and what follows them limit, and where that ends."""
        follows = self._next(token.end())
        if kind not in ("row", "border"):
            said = units_at(self.text, token.start() if kind == "words" else follows)
            meant = kind != "words" or limits_to(words)
            limited = said or (range_at(self.text, follows) if meant else None)
            if limited is not None and (limited is said or self.is_index(limited[0].letter)):
                return (limited[0],), limited[1]
        if kind == "words" and limits(words):
            letters = letters_at(self.text, follows)
            if letters and all(self.is_index(limit.letter) for limit in letters[0]):
                return tuple(letters[0]), letters[1]
        return (), token.end()

    def _is_apart(self, token: re.Match[str]) -> bool:
        """Whether words stand at the end of a row, in brackets, a cell or behind a wide blank."""
        bracketed = (token[1] or "").strip().startswith("(")
        if not bracketed and not _APART_BEFORE.search(self.text[: token.start()]):
            return False
        follows = self._next(token.end())
        behind = self.text[follows : follows + 4]
        return not behind or behind.startswith(("\\\\", "\\end"))

    def _next(self, at: int) -> int:
        """The first place from here on at which no blank stands."""
        if not self.blank[0] <= at < self.blank[1]:
            found = _BLANK.match(self.text, at)
            self.blank = (at, found.end() if found else at)
        return self.blank[1]

    def _relates(self, at: int) -> bool:
        """Whether there is a relation between a place and the end of its row."""
        start, end, _ = self.row
        if not start <= at <= end or not end:
            end = row_end(self.text, at)
            self.row = (at, end, max(self.text.rfind(sign, at, end) for sign in _RELATIONS))
        return self.row[2] >= at

    def _begins_with_minus(self, after: int) -> bool:
        """Whether a row begins with a sign that may belong to the row above."""
        aligned = _ALIGNED.search(self.text, after, row_end(self.text, after))
        return aligned is None and _MINUS.match(self.text, self._next(after)) is not None

    def _goes_on(self, begin: int, end: int, after: int, brackets: int) -> bool:
        """Whether the row behind a line break continues the statement before it."""
        if brackets > 0 or _ENDS_OPEN.search(self.text, max(begin, end - 60), end):
            return True
        follows = self._next(after)
        if not _OPERATOR.match(self.text, follows):
            return False
        if _MINUS.match(self.text, follows) and self._relates(follows):
            between = self.text[after:follows]
            return "&" in between or "{}" in between
        return True


def _is_decimal_comma(text: str, at: int) -> bool:
    """0,5: not two statements but a number as it is written in other languages."""
    return text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()
