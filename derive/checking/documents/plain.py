"""Formulas in plain text: between LaTeX's delimiters, or lines that are formulas.

Such a line looks like this; a line that begins with an operator, deeper in, goes on with it, and
what stands under a numbered formula without a number of its own has the same number:

    (7)  ∂E_d1/∂w21 = ∂E_d1/∂out_d1 · ∂out_d1/∂net_d1
                        · ∂net_d1/∂w21
         ∂net_d1/∂w21 = out_b1
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from derive.checking.documents.delimiters import OPENING, Delimiters, with_numbers
from derive.checking.documents.items import Item, Page, lines_said
from derive.checking.documents.words import NUMBER, has_lost_word, is_prose, number_beside
from derive.grammar.connectives import joins

_TOKEN = re.compile(rf"\\[\\$]|{OPENING}")
_LINE = re.compile(r"[^\n]*+\n?")
_RELATION = re.compile("[=≈≡]")
_OPERATOR = re.compile(r"[-+−–*/·×⋅⊙=≈≡]")
_OPEN_END = re.compile(r"[-+−–*/·×⋅⊙=≈≡][ \t]*\Z")
_HEAD = re.compile(
    rf"[ \t]*+(?:[-*•][ \t]++)?(?P<number>\((?P<n>{NUMBER})\)|(?P<m>{NUMBER})[.)](?=[ \t]))?[ \t]*+"
)
_TAIL = re.compile(rf"(?:[ \t]{{2,}}|\t)\(({NUMBER})\)[ \t.]*\Z")
_GAP = re.compile(r"[ \t]{2,}+(?=\S)")
_REMARK = re.compile(r"#|//|--|<-|←|[(\[][^\W\d_]{2,}[^()\[\]]*[)\]][ \t.]*\Z")
_GAP_BEFORE = r"(?:,|(?<![, \t]))[ \t]++"
_JOINED = re.compile(_GAP_BEFORE + r"(?:and|und|where|with|mit|wobei|so|thus|also|daher)[ \t]+")
_CONDITION = re.compile(
    _GAP_BEFORE
    + r"(?:for (?:all|each|every)|für (?:alle|jedes))[ \t]+[a-z](?:,[ \t]*[a-z])*[ \t]*\Z"
)
_LABEL_WORD = re.compile(r"([^\W\d_]{2,}+)[,:]?[ \t]+(?=[\w(∂√\\½¼])")


def find_plain(text: str) -> Page:
    """What stands in a plain text."""
    items = with_numbers(text, _delimited(text))
    items += _Lines(text, items).items()
    return Page(text, sorted(items, key=lambda item: item.start), lines_said(text))


def _delimited(text: str) -> Iterator[Item]:
    formulas = Delimiters(text, careful=True)
    at = 0
    while match := _TOKEN.search(text, at):
        item, at = formulas.opened(match)
        if item:
            yield item


@dataclass(slots=True)
class _Row:
    """A formula that may go on in the next line: its item, and the column it begins in."""

    item: Item
    column: int


class _Lines:
    """One pass over the lines of a text that hold no delimited formula."""

    def __init__(self, text: str, delimited: list[Item]) -> None:
        self.text = text
        self.delimited = delimited
        self.row: _Row | None = None
        self.above: int | None = None
        """Where the line above begins, if it ends with an operator and is no formula so far."""
        self.shared: tuple[str, int] | None = None
        """The number for formulas under a numbered one, and the column of that number."""

    def items(self) -> list[Item]:
        """The formulas that stand on lines of their own."""
        found: list[Item] = []
        taken = iter(self.delimited)
        item = next(taken, None)
        for line in _LINE.finditer(self.text):
            start, end = line.start(), line.end()
            while item and item.after <= start:
                item = next(taken, None)
            content = line[0].rstrip()
            if not content or (item and item.outer < end):
                found += self.finished()
                self.shared = None
            elif not self.goes_on(content, start):
                found += self.finished()
                found += self._with_above(self.begin(content, start))
                ends_open = _OPEN_END.search(content) and _holds_something(content)
                self.above = start if ends_open and self.row is None else None
                continue
            self.above = None
        return found + self.finished()

    def _with_above(self, items: list[Item]) -> list[Item]:
        """The formulas of a line, the first with the line above if that goes on in it."""
        if self.above is None:
            return items
        if items:
            items[0] = replace(items[0], outer=self.above, start=self.above)
        elif self.row is not None:
            self.row.item = replace(self.row.item, outer=self.above, start=self.above)
        return items

    def finished(self) -> list[Item]:
        """The formula that was being read, if it came to an end."""
        row, self.row = self.row, None
        if row is None or _open_ended(self.text, row.item):
            return []
        below = None if row.item.number else number_beside(self.text, row.item.after, alone=True)
        return [row.item.numbered(*below) if below else row.item]

    def goes_on(self, line: str, at: int) -> bool:
        """Take a line as the next of the formula that is being read, if it is."""
        if self.row is None:
            return False
        bare = line.lstrip()
        column = len(line) - len(bare)
        deeper = column > self.row.column
        begins = bare[0] in "=≈≡+·×⋅" or (deeper and _OPERATOR.match(bare) is not None)
        # What stands deeper in, and relates nothing, is no formula of its own.
        after_operator = deeper and (
            _open_ended(self.text, self.row.item) or _RELATION.search(bare) is None
        )
        if not (begins or after_operator) or not _holds_something(bare) or is_prose(bare):
            return False
        item = self.row.item
        end, number = _without_number(line)
        start, end = _without_remark(line, column, end)
        if start >= end or has_lost_word(line[start:end]):
            return False
        end = start + len(line[start:end].rstrip(" \t.,;"))
        self.row.item = replace(
            item, end=at + end, after=at + len(line), number=item.number or number
        )
        return True

    def begin(self, line: str, at: int) -> list[Item]:
        """Begin with a line that is a formula; those of its formulas that end on it."""
        if not _RELATION.search(line) or not _holds_something(line) or "://" in line or "`" in line:
            self.shared = None
            return []
        head = _HEAD.match(line)
        assert head is not None
        number, first = head["n"] or head["m"], head.end()
        if number and (first >= len(line) or _OPERATOR.match(line, first)):
            # The bracket was the formula's first factor.
            number, first = None, head.start("number")
        end, trailing = _without_number(line)
        first, end = _without_remark(line, _behind_label(line, first), end)
        end = _without_condition(line, first, end)
        parts = [] if is_prose(line[first:end]) else list(_formulas(line, first, end))
        if not parts:
            self.shared = None
            return []
        if number:
            self.shared = (number, head.start("number"))
        elif self.shared and len(line) - len(line.lstrip()) > self.shared[1]:
            number = self.shared[0]
        else:
            self.shared = None
        number = number or trailing
        items = [
            Item(at + (0 if n == 0 else start), at + start, at + stop, at + stop, number)
            for n, (start, stop) in enumerate(parts)
        ]
        # Words before the formula on its line lead to it; a number does not.
        items[0] = replace(items[0], outer=at if parts[0][0] == head.end() else items[0].start)
        self.row = _Row(replace(items.pop(), after=at + len(line)), parts[-1][0])
        return items


def _open_ended(text: str, item: Item) -> bool:
    return _OPEN_END.search(text, max(item.start, item.end - 20), item.end) is not None


def _holds_something(line: str) -> bool:
    """Whether there is a letter or a digit in a line: no rule drawn with equal signs."""
    return any(char.isalnum() for char in line)


def _without_number(line: str) -> tuple[int, str | None]:
    """Where a line ends without the number at its right, and that number."""
    match = _TAIL.search(line, max(0, len(line) - 60))
    return (match.start(), match[1]) if match else (len(line), None)


def _behind_label(line: str, first: int) -> int:
    """Where a line begins behind words and a colon: ``chain rule: dE/dw = …``."""
    relation = _RELATION.search(line, first)
    end = relation.start() if relation else len(line)
    colon = line.rfind(": ", first, end)
    return first if colon < 0 else len(line) - len(line[colon + 2 :].lstrip())


def _without_remark(line: str, first: int, end: int) -> tuple[int, int]:
    """A formula's place without words set off at the right: ``(chain rule)``, ``# see above``."""
    last = max((line.rfind(sign, first, end) for sign in "=≈≡"), default=-1)
    gaps = _GAP.finditer(line, max(first, last), end)
    for _, gap in zip(range(8), gaps, strict=False):
        rest = line[gap.end() : end]
        if _REMARK.match(rest) or is_prose(rest):
            return first, gap.start()
    return first, end


def _without_condition(line: str, first: int, end: int) -> int:
    """Where a formula ends without words that say when it holds: ``for every i``."""
    relation = _RELATION.search(line, first, end)
    condition = _CONDITION.search(line, relation.end(), end) if relation else None
    return condition.start() if condition else end


def _formulas(line: str, first: int, end: int) -> Iterator[tuple[int, int]]:
    """The formulas of a line without a number; none if one of its words belongs to no formula."""
    places: list[tuple[int, int]] = []
    at = first
    for joint in [*_JOINED.finditer(line, first, end), None]:
        start, at, stop = at, joint.end() if joint else end, joint.start() if joint else end
        while (word := _LABEL_WORD.match(line, start, stop)) and joins(word[1]):
            start = word.end()
        relation = _RELATION.search(line, start, stop)
        stop = start + len(line[start:stop].rstrip(" \t.,;:"))
        if relation is None or relation.start() <= start or has_lost_word(line[start:stop]):
            return
        if _OPERATOR.match(line, start) and line[start] not in "-−–":
            return
        places.append((start, stop))
    yield from places
