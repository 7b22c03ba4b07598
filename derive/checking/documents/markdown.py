"""Formulas in Markdown, as pandoc, GitHub and notebooks read them, and in a notebook's cells."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from derive.checking.documents.delimiters import OPENING, Delimiters, Next, with_numbers
from derive.checking.documents.items import Found, Item, build
from derive.errors import InputError

_QUOTED = re.compile(r"^[ \t]*+>[ \t>]*+", re.MULTILINE)
_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\r?\n(?=[ \t]*[^\s])")
_FRONT_MATTER_ENDS = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE)
_TOKEN = re.compile(
    r"^[ \t]*+(?:(?:[-*+]|[0-9]{1,9}[.)])[ \t]++)?(?P<fence>`{3,}+|~{3,}+)(?P<info>[^\r\n]*+)"
    r"|\\[\\$`]"
    rf"|{OPENING}"
    r"|(?P<ticks>`++)"
    r"|(?P<comment><!--)"
    r"|<(?P<raw>pre|script|style|code)\b",
    re.MULTILINE,
)
_FENCE = re.compile(r"^[ \t]*+(`{3,}+|~{3,}+)[ \t]*+\r?$", re.MULTILINE)
_MATH = re.compile(r"\s*(?:math|\{math\})\s*")
_OPTIONS = re.compile(r"(?:[ \t]*+(?::[\w-]+:[^\n]*+)?\r?\n)*+")


def find_markdown(text: str) -> list[Found]:
    """Every formula of a text in Markdown, in order."""
    # The signs of a quotation are blanks, so that they are no part of the formulas in it.
    text = _QUOTED.sub(lambda match: " " * len(match[0]), text)
    return build(text, with_numbers(text, _Scan(text).items()))


class _Scan:
    """One pass over a text: whatever begins first, a formula or code, is read to its end."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.formulas = Delimiters(text, careful=True)
        self.barrier = 0
        self._ends: dict[str, Next] = {}
        self._ticks: dict[int, list[int]] | None = None

    def items(self) -> Iterator[Item]:
        """The formulas in their order, without the numbers that are printed beside them."""
        at = self.barrier = self._front_matter()
        while match := _TOKEN.search(self.text, at):
            item, at = self._read(match)
            if item:
                yield replace(item, barrier=self.barrier)

    def _read(self, match: re.Match[str]) -> tuple[Item | None, int]:
        """What begins here, if it is a formula, and where to go on."""
        if match["fence"]:
            if "`" in match["info"] and match["fence"][0] == "`":
                return None, self._code_ends(match.start("fence"), len(match["fence"]))
            return self._fence(match)
        if match["ticks"]:
            return None, self._code_ends(match.start(), len(match["ticks"]))
        if match["comment"] or match["raw"]:
            closing = f"</{match['raw']}" if match["raw"] else "-->"
            close = self._ends.setdefault(closing, Next(closing, self.text)).at(match.end())
            return None, close.end() if close else match.end()
        return self.formulas.opened(match)

    def _front_matter(self) -> int:
        """Where the text begins behind the document's metadata."""
        begin = _FRONT_MATTER.match(self.text)
        end = _FRONT_MATTER_ENDS.search(self.text, begin.end()) if begin else None
        return end.end() if end else 0

    def _fence(self, begin: re.Match[str]) -> tuple[Item | None, int]:
        """A block of code; one of mathematics is a formula."""
        fence = begin["fence"]
        start, close = begin.end(), None
        for candidate in _FENCE.finditer(self.text, start):
            if candidate[1].startswith(fence):
                close = candidate
                break
        end = close.start() if close else len(self.text)
        after = close.end() if close else end
        if _MATH.fullmatch(begin["info"]):
            options = _OPTIONS.match(self.text, start, end)
            first = min(options.end() if options else start, end)
            return Item(begin.start(), first, end, after), after
        self.barrier = after
        return None, after

    def _code_ends(self, at: int, length: int) -> int:
        """Where code ends that a run of backticks opens: at a run as long, in its paragraph."""
        if self._ticks is None:
            self._ticks = {}
            for run in re.finditer("`+", self.text):
                self._ticks.setdefault(len(run[0]), []).append(run.start())
        starts = self._ticks.get(length, [])
        index = bisect_left(starts, at + length)
        if index < len(starts) and starts[index] < self.formulas.empty_line.start(at):
            return starts[index] + length
        return at + length


def find_notebook(text: str) -> list[Found]:
    """Every formula of a notebook, in order, each with the number of its cell."""
    found: list[Found] = []
    for number, cell in enumerate(_cells(text), 1):
        if not isinstance(cell, dict):
            raise InputError(f"cell {number} of the notebook is no table of its parts")
        if cell.get("cell_type") != "markdown":
            continue
        source = cell.get("source", "")
        if isinstance(source, list) and all(isinstance(line, str) for line in source):
            source = "".join(source)
        if not isinstance(source, str):
            raise InputError(f"cell {number} of the notebook: its source is no text")
        found.extend(replace(formula, cell=number) for formula in find_markdown(source))
    return found


def _cells(text: str) -> list[Any]:
    try:
        notebook = json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        raise InputError(
            f"line {error.lineno}, column {error.colno}: this is no notebook, for it is no JSON: "
            f"{error.msg}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise InputError("line 1, column 1: this is no notebook, for it cannot be read") from error
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise InputError("line 1, column 1: this is no notebook, for it has no list of cells")
    return cells
