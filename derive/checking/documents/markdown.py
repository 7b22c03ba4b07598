"""Formulas in Markdown, as pandoc, GitHub and notebooks read them, and in a notebook's cells."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from derive.checking.documents.delimiters import OPENING, Delimiters, Next, with_numbers
from derive.checking.documents.items import Comment, Item, Page, blanked, lines_said
from derive.errors import InputError

_QUOTED = re.compile(r"^[ \t]*+>[ \t>]*+", re.MULTILINE)
_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\r?\n(?=[ \t]*[^\s])")
_FRONT_MATTER_ENDS = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE)
_TOKEN = re.compile(
    r"^[ \t]*+(?:(?:[-*+]|[0-9]{1,9}[.)])[ \t]++)?(?P<fence>`{3,}+|~{3,}+)(?P<info>[^\r\n]*+)"
    r"|^[ \t]*+(?P<colons>:{3,}+)[ \t]*+(?P<said>\{math\}[^\r\n]*+)"
    r"|\{math\}(?P<role>`)"
    r"|\\\\(?P<double>[(\[])"
    r"|\\[\\$`]"
    rf"|{OPENING}"
    r"|(?P<ticks>`++)"
    r"|(?P<comment><!--)"
    r"|<(?P<raw>pre|script|style|code)\b",
    re.MULTILINE,
)
_FENCE = re.compile(r"^[ \t]*+(`{3,}+|~{3,}+|:{3,}+)[ \t]*+\r?$", re.MULTILINE)
_MATH = re.compile(r"\s*(?:math|\{math\})\s*")
_OPTIONS = re.compile(r"(?:[ \t]*+(?::[\w-]+:[^\n]*+)?\r?\n)*+")


def find_markdown(text: str) -> Page:
    """What stands in a text in Markdown."""
    # The signs of a quotation are blanks, so that they are no part of the formulas in it.
    text = _QUOTED.sub(lambda match: " " * len(match[0]), text)
    scan = _Scan(text)
    items = with_numbers(text, scan.items())
    text = blanked(text, scan.skipped)
    comments = sorted((*scan.comments, *lines_said(text)), key=lambda comment: comment.start)
    return Page(text, items, comments)


class _Scan:
    """One pass over a text: whatever begins first, a formula or code, is read to its end."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.formulas = Delimiters(text, careful=True)
        self.barrier = 0
        self.skipped: list[tuple[int, int]] = []
        """Where code and comments stand."""
        self.comments: list[Comment] = []
        self._ends: dict[str, Next] = {}
        self._ticks: dict[int, list[int]] | None = None

    def items(self) -> Iterator[Item]:
        """The formulas in their order, without the numbers that are printed beside them."""
        at = self.barrier = self._front_matter()
        self.skipped.append((0, at))
        while match := _TOKEN.search(self.text, at):
            item, at = self._read(match)
            if item is None and not match[0].startswith("\\"):
                self.skipped.append((match.start(), at))
            if item:
                yield replace(item, barrier=self.barrier)

    def _read(self, match: re.Match[str]) -> tuple[Item | None, int]:
        """What begins here, if it is a formula, and where to go on."""
        if match["double"]:
            return self._between(match, r"\\\\[)\]]", display=match["double"] == "[")
        if match["role"]:
            return self._between(match, "`", display=False)
        if match["colons"]:
            return self._fence(match)
        if match["fence"]:
            if "`" in match["info"] and match["fence"][0] == "`":
                return None, self._code_ends(match.start("fence"), len(match["fence"]))
            return self._fence(match)
        if match["ticks"]:
            return None, self._code_ends(match.start(), len(match["ticks"]))
        if match["comment"] or match["raw"]:
            closing = f"</{match['raw']}" if match["raw"] else "-->"
            close = self._ends.setdefault(closing, Next(closing, self.text)).at(match.end())
            end = close.end() if close else match.end()
            if match["comment"]:
                said = self.text[match.end() : close.start() if close else end]
                self.comments.append(Comment(said, match.start(), end))
            return None, end
        return self.formulas.opened(match)

    def _between(
        self, match: re.Match[str], closing: str, *, display: bool
    ) -> tuple[Item | None, int]:
        """A formula up to a closing sign in its paragraph."""
        close = self._ends.setdefault(closing, Next(closing, self.text)).at(match.end())
        empty = self.formulas.empty_line.start(match.end())
        if close is None or close.start() > empty:
            return None, match.end()
        return Item(match.start(), match.end(), close.start(), close.end(), None, display), (
            close.end()
        )

    def _front_matter(self) -> int:
        """Where the text begins behind the document's metadata."""
        begin = _FRONT_MATTER.match(self.text)
        end = _FRONT_MATTER_ENDS.search(self.text, begin.end()) if begin else None
        return end.end() if end else 0

    def _fence(self, begin: re.Match[str]) -> tuple[Item | None, int]:
        """A block of code, or between colons; one of mathematics is a formula."""
        fence, info = begin["fence"] or begin["colons"], begin["info"] or begin["said"] or ""
        start, close = begin.end(), None
        for candidate in _FENCE.finditer(self.text, start):
            if candidate[1].startswith(fence):
                close = candidate
                break
        end = close.start() if close else len(self.text)
        after = close.end() if close else end
        if _MATH.fullmatch(info):
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


def cells_of(text: str) -> tuple[list[tuple[int, str]], dict[str, Any]]:
    """The Markdown cells of a notebook, each with its number, and what the notebook says of itself.

    Raises :class:`InputError` for a notebook that is none.
    """
    notebook = _loaded(text)
    found: list[tuple[int, str]] = []
    for number, cell in enumerate(notebook["cells"], 1):
        if not isinstance(cell, dict):
            raise InputError(f"cell {number} of the notebook is no table of its parts")
        if cell.get("cell_type") != "markdown":
            continue
        source = cell.get("source", "")
        if isinstance(source, list) and all(isinstance(line, str) for line in source):
            source = "".join(source)
        if not isinstance(source, str):
            raise InputError(f"cell {number} of the notebook: its source is no text")
        found.append((number, source))
    metadata = notebook.get("metadata")
    return found, metadata if isinstance(metadata, dict) else {}


def _loaded(text: str) -> dict[str, Any]:
    try:
        notebook = json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        raise InputError(
            f"line {error.lineno}, column {error.colno}: this is no notebook, for it is no JSON: "
            f"{error.msg}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise InputError("line 1, column 1: this is no notebook, for it cannot be read") from error
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise InputError("line 1, column 1: this is no notebook, for it has no list of cells")
    return notebook
