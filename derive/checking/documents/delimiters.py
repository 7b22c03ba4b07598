r"""Formulas between delimiters: dollars, ``\(…\)``, ``\[…\]`` and environments.

Every search for a closing delimiter goes on from where the last one of its kind came to, so that
thousands of unclosed ones cost no more than one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from derive.checking.documents.items import Item
from derive.checking.documents.rows import NAMES, Piece, pieces
from derive.checking.documents.words import (
    has_lost_word,
    is_prose,
    number_beside,
    only_number,
    tag,
    trailing_number,
)


class Next:
    """The first match of a pattern at or behind a place; places are asked for in their order."""

    def __init__(self, pattern: str, text: str) -> None:
        self._pattern = re.compile(pattern)
        self._text = text
        self._match: re.Match[str] | None = None
        self._asked = False

    def at(self, place: int) -> re.Match[str] | None:
        """The match, or None when there is none any more."""
        if not self._asked or (self._match is not None and self._match.start() < place):
            self._match = self._pattern.search(self._text, place)
            self._asked = True
        return self._match

    def start(self, place: int) -> int:
        """Where it begins; the end of the text when there is none."""
        match = self.at(place)
        return match.start() if match else len(self._text)


# A delimiter is escaped by an odd number of backslashes: \\$ is a new line and a dollar.
_UNESCAPED = r"(?<!\\)(?:\\\\)*+"
_EMPTY_LINE = r"\n[ \t\r]*+\n"
_MATHEMATICAL = re.compile(r"[\\=_]")
_ONLY_WORDS = re.compile(r"(?:[^\W_]|[\s.,;:!?'\"–-])*+")
_LETTER = re.compile(r"(?<![^\W_])[^\W\d_](?![^\W_])")
_LONG_WORD = re.compile(r"[^\W\d_]{2}")
_WRAPPED = re.compile(rf"\s*+\\begin\s*+\{{({NAMES})\}}")
_BLOCK = re.compile(r"^[ \t]*(?:#{1,6}[ \t]|```|~~~)", re.MULTILINE)


OPENING = rf"\\(?P<bracket>[(\[])|\\begin\s*+\{{(?P<environment>{NAMES})\}}|(?P<dollars>\$++)"
"""What formulas between delimiters begin with."""


class Delimiters:
    """Formulas of one text, asked for from its beginning to its end.

    `careful` is for texts in which a dollar may be money and an escaped bracket a bracket: pandoc's
    rules decide. Each method takes the place of an opening delimiter, and gives the formula, or
    None when there is none.
    """

    def __init__(self, text: str, *, careful: bool) -> None:
        self.text = text
        self.careful = careful
        self.empty_line = Next(_EMPTY_LINE, text)
        self._closing = {
            kind: Next(_UNESCAPED + sign, text)
            for kind, sign in {"$": r"\$", "$$": r"\$\$", "(": r"\\\)", "[": r"\\\]"}.items()
        }
        self._code = Next(r"`\$", text)
        self._again = Next(_UNESCAPED + r"\\\[", text)
        self._ends: dict[str, tuple[Next, Next]] = {}

    def opened(self, token: re.Match[str]) -> tuple[Item | None, int]:
        """The formula that a match of :data:`OPENING` begins, if it does, and where to go on."""
        item = None
        if token["bracket"]:
            item = self.bracket(token.start(), token["bracket"])
        elif token["environment"]:
            item = self.environment(token, token["environment"])
        elif token["dollars"]:
            item = self.dollars(token.start(), len(token["dollars"]))
        return item, max(token.end(), item.after if item else 0)

    def dollars(self, at: int, count: int) -> Item | None:
        r"""``$…$``, ``$`…`$`` or ``$$…$$``, by how many dollars open it; more than two never do."""
        if count == 2:
            close = self._closing["$$"].at(at + 2)
            return self._display(at, at + 2, close, 2, len(self.text))
        if count > 2:
            return None
        if self.careful and self.text.startswith("`", at + 1):
            code = self._code.at(at + 2)
            if code and code.start() < self.empty_line.start(at + 1) and code.start() > at + 2:
                return Item(at, at + 2, code.start(), code.end(), display=False)
        close = self._closing["$"].at(at + 1)
        if close is None or self.empty_line.start(at) < close.end():
            return None
        end = close.end() - 1
        if self.careful and not self._is_no_price(at, end):
            return None
        return Item(at, at + 1, end, end + 1, display=False)

    def _is_no_price(self, at: int, end: int) -> bool:
        """Whether two dollars delimit a formula: pandoc's rule, a little more lenient."""
        text, inside = self.text, self.text[at + 1 : end]
        if not inside.strip():
            return False
        before, behind = text[at - 1 : at], text[end + 1 : end + 2]
        wide = inside[0].isspace(), inside[-1].isspace()
        if behind.isdigit():
            return False
        if any(wide):
            # Somebody puts blanks inside: then the dollars should look like brackets from outside.
            return (
                _MATHEMATICAL.search(inside) is not None
                and (wide[0] or not inside[0].isdigit())
                and not before.isalnum()
                and not behind.isalnum()
                and not is_prose(inside)
            )
        return not (inside[0].isdigit() and has_lost_word(inside))

    def bracket(self, at: int, kind: str) -> Item | None:
        r"""``\(…\)`` or ``\[…\]``; `kind` is the bracket."""
        close = self._closing[kind].at(at + 2)
        if kind == "[":
            again = self._again.start(at + 2)
            item = self._display(at, at + 2, close, 2, again)
        elif close and close.end() <= self.empty_line.start(at):
            item = Item(at, at + 2, close.end() - 2, close.end(), display=False)
        else:
            item = None
        return None if item and self.careful and self._are_words(item.start, item.end) else item

    def _are_words(self, start: int, end: int) -> bool:
        """Whether escaped brackets hold words or a number: an aside, a reference, a link."""
        if not _ONLY_WORDS.fullmatch(self.text, start, end):
            return False
        a_word = _LONG_WORD.search(self.text, start, end) is not None
        return a_word or _LETTER.search(self.text, start, end) is None

    def environment(self, begin: re.Match[str], name: str) -> Item | None:
        r"""What an environment of equations holds; `begin` is its ``\begin{…}``."""
        if name not in self._ends:
            quoted = re.escape(name)
            self._ends[name] = (
                Next(rf"\\end\s*+\{{{quoted}\}}", self.text),
                Next(rf"\\begin\s*+\{{{quoted}\}}", self.text),
            )
        ends, begins = self._ends[name]
        close, again = ends.at(begin.end()), begins.start(begin.end())
        length = len(close[0]) if close else 0
        item = self._display(begin.start(), begin.end(), close, length, again)
        return item and replace(item, display=name != "math", environment=name)

    def _display(
        self, outer: int, start: int, close: re.Match[str] | None, length: int, again: int
    ) -> Item | None:
        """A displayed formula whose closing delimiter is the end of `close`, `length` long.

        One that is not closed before another opens at `again` ends with its paragraph.
        """
        empty = min(self.empty_line.start(start), again)
        if close and close.start() < again:
            end = close.end() - length
            if end <= empty or not self._is_text(start, end):
                return Item(outer, start, end, close.end())
        paragraph = self.text[start:empty]
        if _MATHEMATICAL.search(paragraph) is None or self._is_text(start, empty):
            return None
        return Item(outer, start, empty, empty)

    def _is_text(self, start: int, end: int) -> bool:
        """Whether this is no formula but text between two of them."""
        inside = self.text[start:end]
        return is_prose(inside) or (self.careful and _BLOCK.search(inside) is not None)


def with_numbers(text: str, items: Iterator[Item]) -> list[Item]:
    """The formulas of a text without automatic numbers, each with the number printed beside it."""
    numbered: list[Item] = []
    for item in items:
        content = text[item.start : item.end]
        alone = item.display or _begins_line(text, item.outer)
        own = only_number(content) if alone else None
        if own is not None:
            follows = _follows(text, numbered, item)
            if follows and numbered[-1].number is None:
                numbered[-1] = numbered[-1].numbered(own, item.after)
            if follows or item.display:
                continue
        for part in split_by_tags(text, item):
            last = part
            if last.number is None and alone and last.after == item.after:
                beside = number_beside(text, item.after, alone=not item.display)
                if beside:
                    last = last.numbered(*beside)
            numbered.append(last)
    return numbered


def split_by_tags(text: str, item: Item, step: Callable[[], str] | None = None) -> list[Item]:
    r"""A formula with the numbers inside it, one for each numbered statement.

    `step` gives the next automatic number. The formula may also be wrapped in an environment:
    ``$$\begin{align}…\end{align}$$``.
    """
    start, end, environment = item.start, item.end, item.environment
    content = text[start:end]
    if not environment:
        wrapped = _WRAPPED.match(content)
        closing = rf"\end{{{wrapped[1]}}}" if wrapped else ""
        body = content.rstrip()
        if wrapped and body.endswith(closing) and body.find(closing) == len(body) - len(closing):
            environment = wrapped[1]
            start, end = start + wrapped.end(), start + len(body) - len(closing)
    if environment:
        parts = pieces(text, start, end, environment, step)
        if len(parts) == 1 and parts[0].number is None and step is None:
            trailing = trailing_number(text[parts[0].start : parts[0].end])
            if trailing:
                first = parts[0].start
                parts = [Piece(first, first + trailing[1], trailing[0])]
        last = len(parts) - 1
        return [
            Item(
                item.outer if index == 0 else part.start,
                part.start,
                part.end,
                item.after if index == last else part.end,
                part.number,
                item.display,
                item.barrier,
            )
            for index, part in enumerate(parts)
        ]
    number = tag(content)
    trailing = trailing_number(content) if number is None and item.display else None
    if trailing:
        number, end = trailing[0], start + trailing[1]
    display = item.display or number is not None
    return [Item(item.outer, start, end, item.after, number, display, item.barrier)]


def _follows(text: str, items: list[Item], item: Item) -> bool:
    """Whether nothing stands between a formula and the last of those before, a displayed one."""
    if not items or text[items[-1].after : item.outer].strip():
        return False
    return items[-1].display or _begins_line(text, items[-1].outer)


def _begins_line(text: str, at: int) -> bool:
    """Whether nothing but blanks stands before a place on its line."""
    while at > 0 and text[at - 1] in " \t":
        at -= 1
    return at == 0 or text[at - 1] == "\n"
