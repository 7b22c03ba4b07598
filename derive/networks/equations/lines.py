"""The text of an equation file: its lines, what may stand in them, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from derive.errors import InputError
from derive.grammar.signs import FORBIDDEN

MOST_CHARACTERS = 1_000_000
MOST_LINES = 10_000
LONGEST_LINE = 20_000
"""Characters of a line, the lines that continue it included."""
MOST_BRACKETS = 40
"""Brackets inside brackets."""

_BEGINS = re.compile(r"[A-Za-z][A-Za-z0-9_]*\s*(?:\[[^\[\]]*\])?\s*:?=(?!=)")
_RANGE = re.compile(r"[a-z]\s*=\s*-?[0-9]+\s*\.\.")
_CONTINUES = "+-−*·/,"
_PARTNER = {")": "(", "]": "["}


@dataclass(frozen=True)
class Source:
    """The text of a file, and the name under which messages speak of it."""

    text: str
    name: str

    def fail(self, line: int, message: str) -> InputError:
        """An error at a line of the file."""
        return InputError(f"{self.name}:{line}: {message}")


@dataclass(frozen=True)
class Line:
    """An equation or directive; `number` is the line of the file on which it begins."""

    number: int
    text: str


def comments(source: Source) -> Iterator[str]:
    """The comments that stand before everything else."""
    for raw in source.text.splitlines():
        code, _, comment = raw.partition("#")
        if code.strip():
            return
        if comment.strip():
            yield comment.strip()


def remarks(source: Source) -> dict[int, str]:
    """The comments behind lines, by the numbers of these lines."""
    parts = ((number, raw.partition("#")) for number, raw in _written(source))
    return {
        number: comment.strip()
        for number, (code, _, comment) in parts
        if code.strip() and comment.strip()
    }


def lines(source: Source) -> Iterator[Line]:
    """The lines without comments; one goes on where a bracket is open or the next begins with +.

    Raises :class:`InputError` for brackets that do not fit together, characters that nobody sees,
    and sizes beyond all reason.
    """
    begun, start, still_open = "", 0, ""
    for number, raw in _written(source):
        line = raw.lstrip("\ufeff").partition("#")[0].strip()
        if not line:
            continue
        if begun and not still_open and line[0] not in _CONTINUES:
            yield Line(start, begun)
            begun = ""
        if still_open and _BEGINS.match(line) and not _RANGE.match(line):
            raise source.fail(
                start,
                f"the bracket {still_open[-1]} is not closed before the next equation,"
                f" in line {number}",
            )
        start = start if begun else number
        if len(begun) + len(line) > LONGEST_LINE:
            raise source.fail(
                start, f"a line of {len(begun) + len(line):,} characters; at most {LONGEST_LINE:,}"
            )
        still_open = _still_open(source, number, line, still_open)
        begun = f"{begun} {line}".strip()
    if still_open:
        raise source.fail(start, f"the bracket {still_open[-1]} is never closed")
    if begun:
        yield Line(start, begun)


def _written(source: Source) -> Iterator[tuple[int, str]]:
    """The lines as they are written, with their numbers."""
    if len(source.text) > MOST_CHARACTERS:
        raise InputError(
            f"{source.name}: {len(source.text):,} characters; at most {MOST_CHARACTERS:,}"
        )
    written = source.text.replace("\r\n", "\n").split("\n")
    if len(written) > MOST_LINES:
        raise InputError(
            f"{source.name}: {len(written):,} lines; at most {MOST_LINES:,}: an index says the same"
            " for many, as in y[i] = w*x[i], i=1..50000"
        )
    for number, raw in enumerate(written, 1):
        bad = FORBIDDEN.search(raw)
        if bad and not (bad[0] == "\ufeff" and number == 1 and bad.start() == 0):
            raise source.fail(number, f"an invisible character, U+{ord(bad[0]):04X}; delete it")
        yield number, raw


def _still_open(source: Source, number: int, line: str, still_open: str) -> str:
    """The brackets that are open behind `line`, when `still_open` were before it."""
    for place, char in enumerate(line):
        if char in "([":
            still_open += char
            if len(still_open) > MOST_BRACKETS:
                raise source.fail(number, f"brackets are nested more than {MOST_BRACKETS} deep")
        elif char in _PARTNER:
            if not still_open.endswith(_PARTNER[char]):
                also = f"; {still_open[-1]} is still open" if still_open else ""
                raise source.fail(
                    number, f"the bracket {char} closes nothing{also}: {shortened(line, place)}"
                )
            still_open = still_open[:-1]
    return still_open


def shortened(text: str, place: int = 0) -> str:
    """As much of `text` around a place as fits into a message."""
    text = text.strip()
    if len(text) <= 80:
        return text
    begin = max(0, min(place - 40, len(text) - 80))
    before, after = "… " if begin else "", " …" if begin + 80 < len(text) else ""
    return f"{before}{text[begin : begin + 80]}{after}"


def split(text: str, sign: str = ",") -> list[str]:
    """The parts between commas, or another sign, outside of brackets."""
    parts, depth, begin = [], 0, 0
    for place, char in enumerate(text):
        depth += (char in "([") - (char in ")]")
        if char == sign and not depth:
            parts.append(text[begin:place])
            begin = place + 1
    return [*parts, text[begin:]]


def closing(text: str, opening: int) -> int:
    """The place of the bracket that closes the one at `opening`; the brackets of `text` fit."""
    depth = 0
    for place in range(opening, len(text)):
        depth += (text[place] in "([") - (text[place] in ")]")
        if not depth:
            return place
    return len(text) - 1
