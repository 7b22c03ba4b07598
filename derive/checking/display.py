r"""One display to the statements in it: rows of aligned, several columns, "…, where x = …".

A statement is a piece of the text; a row that goes on with the one before belongs to its piece.
What stands between two pieces is kept, too, for it may mean something: a comma ends a statement,
"where" begins one, "for k = 1, 2" limits the one before it, and other words say what nobody reads.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

from derive.grammar.account import Account, Use
from derive.grammar.connectives import Range, is_reason, joins, letters_at, limits, range_at
from derive.grammar.signs import ROW, TAG, TRANSPARENT
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
_SIZED = re.compile(r"\\(left|right)(?![A-Za-z])")
_ROW = re.compile(r"(?:[^\\]|\\[^\\])+")
_COMMAND = re.compile(r"\\([A-Za-z]+|[^A-Za-z\s])")
_TAGGED = re.compile(r"\\tag\*?\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_LABEL = re.compile(r"\\(?:label|tag\*?)\s*\{[^{}]*\}")
_OPERATOR = re.compile(
    r"[=+*/·×⋅−–⊙≈)\]-]|\\(?:cdot|times|odot|ast|approx|right|bigr|Bigr|equiv|circ)(?![A-Za-z])"
)
_ALIGNED = re.compile(r"&\s*(?::?=|≈|≡|\\(?:approx|equiv)(?![A-Za-z]))")
_MINUS = re.compile(r"[-−–]")
_END_BLANK = re.compile(r"(?:\s|\\\\|\\[ ,;:!]|\\(?:quad|qquad)(?![A-Za-z])|&|~)+\Z")
_END_MARK = re.compile(r"(?<![.\\])[.,;:]\Z")
_END_NUMBER = re.compile(r"(?:\\q?quad\s*\([0-9]+[a-z]?\)|\\(?:tag\*?|label)\s*\{[^{}]*\})\Z")
_NO_LENGTH = re.compile(rf"(?!{ROW}\s*(?<=\]))\\\\\*?\s*\[")
_NUMBER_BEHIND = re.compile(r"\\q?quad\s*\([0-9]+[a-z]?\)[\s.,;]*\Z")
_NUMBER_ALONE = re.compile(r"\([0-9]+[a-z]?\)\Z")
_WIDE_BEFORE = re.compile(r"\\q?quad\s*\Z")
_ENDS_OPEN = re.compile(
    r"(?:[=+*/·×⋅−–⊙(\[-]|\\(?:cdot|times|odot|ast))\s*(?:&|\\(?:right|left)\.?|\{\}|\s)*\Z"
)
_ARROWS = frozenset({
    "\\Rightarrow", "\\implies", "\\iff", "\\Leftrightarrow", "\\Longrightarrow", "\\therefore",
    "⇒", "⟹",
})  # fmt: skip
_TRANSPARENT = re.compile(r"\\(?:begin|end)\s*\{(?:" + "|".join(TRANSPARENT) + r")\*?\}")
_BEGIN_OPTION = re.compile(r"\\begin\s*\{[a-z]+\*?\}\s*\[(?![tbc]\])")
_BORDER = re.compile(r"\\(begin|end)\s*\{([^{}]*)\}")
_CASES = re.compile(r"\\(?:begin|end)\s*\{cases\}")
_BRACKET = re.compile(r"[()\[\]=]")
_SPACE = re.compile(r"\s*")
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


@dataclass(frozen=True, slots=True)
class Piece:
    """A statement's text, where it begins, and what separates it from the one before."""

    text: str
    start: int
    before: tuple[Cut, ...] = ()


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
    redefined: Collection[str] = (),
) -> Display:
    r"""The statements of one display, in order.

    `is_word` says whether the content of a \text{…} is prose and not a name, `is_index` whether a
    letter may be an index. What is no part of a piece is put into the `account`. `redefined` are
    the commands to which the author's document gives a meaning of its own.
    """
    if len(text) > LONGEST:
        account.mark(0, len(text), Use.TOKEN)
        return Display((Piece(text, 0),))
    found: list[Piece] = []
    between: list[Cut] = []
    begin = 0
    for cut in [*_Cuts(text, is_word, is_index).all(), None]:
        end = len(text) if cut is None else cut.start
        piece = _trimmed(text, begin, end, account)
        if piece is not None:
            found.append(Piece(text[piece[0] : piece[1]], piece[0], tuple(between)))
            between = []
        if cut is not None:
            account.mark(cut.start, cut.sign, _USES[cut.kind])
            account.mark(cut.sign, cut.end, Use.WORD)
            lost = cut.kind == "mark" and piece is None and not (between and between[-1].ranges)
            between.append(replace(cut, unread=text[cut.start : cut.sign]) if lost else cut)
            begin = cut.end
    # Behind an arrow, or a word that joins, something has to follow.
    behind = [replace(c, unread=text[c.start : c.sign]) if c.leads else c for c in between]
    return Display(tuple(found), tuple(behind), _fault(text, redefined), _unpaired(text))


def _unpaired(text: str) -> Unreadable | None:
    r"""A \left without its \right, or the reverse."""
    sized = 0
    for size in _SIZED.finditer(text):
        sized += 1 if size[1] == "left" else -1
        if sized < 0:
            return Unreadable(r"\right has no \left before it", size.start(), size.end())
    if sized:
        place = text.rindex("\\left")
        return Unreadable(r"\left has no \right behind it", place, place + 5)
    return None


def _fault(text: str, redefined: Collection[str]) -> Unreadable | None:
    """An environment that is not closed, a tag that is no number, a command of the author's own."""
    if "*" in redefined:
        return Unreadable("the document changes what signs mean, and so it is not read", 0)
    for border in _BORDER.finditer(text) if redefined else ():
        if border[2].strip("*") in redefined:
            message = f"the document gives {border[2]} a meaning of its own, which is not read"
            return Unreadable(message, border.start(), border.end())
    for command in _COMMAND.finditer(text) if redefined else ():
        if command[1] in redefined:
            message = f"the document gives {command[0]} a meaning of its own, which is not read"
            return Unreadable(message, command.start(), command.end())
    open_: list[re.Match[str]] = []
    for border in _BORDER.finditer(text):
        if border[1] == "begin":
            open_.append(border)
        elif not open_ or open_.pop()[2] != border[2]:
            return Unreadable(f"{border[0]} ends nothing", border.start(), border.end())
    if open_:
        last = open_[-1]
        return Unreadable(f"{last[0]} is never ended", last.start(), last.end())
    tags = list(_TAGGED.finditer(text))
    ends = [border.end() for border in _BORDER.finditer(text) if border[1] == "end"]
    if len(tags) > 1 and ends and tags[-1].start() >= ends[-1] > tags[0].start():
        return Unreadable("an equation has one number", tags[0].start(), tags[0].end())
    for row in _ROW.finditer(text):
        if len(_TAGGED.findall(row[0])) > 1:
            return Unreadable("a row has one tag only", row.start(), row.end())
    option = _BEGIN_OPTION.search(text)
    if option is not None:
        return Unreadable("write {} before a bracket here", option.start(), option.end())
    spaced = _NO_LENGTH.search(text)
    if spaced is not None:
        message = r"behind \\ a length in [ ] is expected; write {} before another bracket"
        return Unreadable(message, spaced.start(), spaced.end())
    number = _NUMBER_BEHIND.search(text)
    if number is not None and _TAGGED.search(text):
        return Unreadable("an equation has one number", number.start(), len(text))
    for label in _TAGGED.finditer(text):
        if not TAG.fullmatch(label[1].strip()):
            message = "only an equation's number or a sign is read as its tag"
            return Unreadable(message, label.start(), label.end())
    return None


_USES = {
    "row": Use.LAYOUT,
    "mark": Use.MARK,
    "gap": Use.GAP,
    "arrow": Use.MARK,
    "border": Use.LAYOUT,
    "words": Use.WORD,
}


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

    def all(self) -> Iterator[Cut]:  # noqa: PLR0915
        """Every cut, in order."""
        braces = brackets = 0
        begin = 0
        related = False
        for token in _TOKEN.finditer(self.text):
            sign = token[0]
            kind, doubtful = "", False
            if token.start() < begin:
                continue
            if _CASES.match(sign):
                # What is inside belongs together, as in braces.
                braces = max(0, braces + (1 if sign.startswith("\\begin") else -1))
            elif sign == "{":
                braces += 1
            elif sign == "}":
                braces -= 1
            elif sign in "([":
                brackets += 1
            elif sign in ")]":
                brackets = max(0, brackets - 1)
            elif braces > 0:
                continue
            elif sign in ("=", "≈", "\\approx", "\\equiv"):
                related = True
            elif sign.startswith("\\\\"):
                if not self._goes_on(begin, token.start(), token.end(), brackets):
                    kind = "row"
                    doubtful = related and self._begins_with_minus(token.end())
            elif token[1] is not None:
                after = _SPACE.match(self.text, token.end())
                behind = after.end() if after else token.end()
                if self.text[behind : behind + 1] not in ("_", "^") and self.is_word(token[1]):
                    kind = "words"
            elif sign in ("\\forall", "∀"):
                kind = "words"
            elif sign.startswith(("\\begin", "\\end")):
                if not _TRANSPARENT.match(sign):
                    continue
                if brackets == 0 and self._next(begin) >= token.start():
                    kind = "border"
            elif brackets or (sign == "," and _is_decimal_comma(self.text, token.start())):
                continue
            elif sign in (",", ";"):
                kind = "mark"
            elif sign in _ARROWS:
                kind = "arrow"
            elif sign in ("\\quad", "\\qquad", "&") and related:
                follows = self._next(token.end())
                if range_at(self.text, follows) or (
                    not _OPERATOR.match(self.text, follows) and self._relates(token.end())
                ):
                    kind = "gap"
            if kind:
                cut = self._cut(token, kind)
                yield replace(cut, unread=token[0] + " −") if doubtful else cut
                begin, related, brackets = cut.end, False, 0

    def _cut(self, token: re.Match[str], kind: str) -> Cut:
        """The cut at a sign, with the range of an index letter that follows it."""
        unread, end = "", token.end()
        ranges: tuple[Range, ...] = ()
        follows = self._next(end)
        limited = range_at(self.text, follows) if kind not in ("row", "border") else None
        if limited is not None and self.is_index(limited[0].letter):
            ranges, end = (limited[0],), limited[1]
        if kind == "words":
            words = "for all" if token[1] is None else token[1]
            if limits(words):
                letters = letters_at(self.text, follows)
                if not ranges and letters and all(self.is_index(r.letter) for r in letters[0]):
                    ranges, end = tuple(letters[0]), letters[1]
                unread = "" if ranges else token[0]
            elif not joins(words):
                unread = token[0]
        joining = kind == "words" and not is_reason(token[1] or "") and not ranges
        leads = kind == "arrow" or joining
        return Cut(token.start(), token.end(), end, kind, unread, ranges, leads)

    def _next(self, at: int) -> int:
        """Where something stands that is no blank."""
        if not self.blank[0] <= at < self.blank[1]:
            found = _BLANK.match(self.text, at)
            self.blank = (at, found.end() if found else at)
        return self.blank[1]

    def _relates(self, at: int) -> bool:
        """Whether there is a relation between a place and the end of its row."""
        start, end, last = self.row
        if not start <= at <= end or not end:
            end = self.text.find("\\\\", at)
            end = end if end >= 0 else len(self.text)
            last = max(self.text.rfind("=", at, end), self.text.rfind("≈", at, end))
            self.row = (at, end, last)
        return last >= at

    def _begins_with_minus(self, after: int) -> bool:
        """Whether a row begins with a sign that may belong to the row above."""
        end = self.text.find("\\\\", after)
        aligned = _ALIGNED.search(self.text, after, end if end >= 0 else len(self.text))
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
