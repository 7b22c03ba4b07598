"""Formulas in reStructuredText: ``.. math::`` blocks and ``:math:`…```."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.checking.documents.delimiters import with_numbers
from derive.checking.documents.items import Item, Page, blanked, lines_said

_TOKEN = re.compile(
    r"^(?P<indent>[ \t]*+)\.\.[ \t]++(?P<name>[\w:-]+?)::[ \t]*+(?P<argument>[^\n]*+)\n?"
    r"|(?P<literal>(?<=\S)::[ \t]*\n|^[ \t]*::[ \t]*\n)"
    r"|:math:`(?P<role>(?:[^`\n]|\n(?![ \t]*\n))++)`"
    r"|``(?:[^`]|`(?!`))*``",
    re.MULTILINE,
)
_OPTION = re.compile(r"(?:[ \t]*+:[\w-]+:[^\n]*+\n)++")
_LINE = re.compile(r"[^\n]*\n?")
_PART = re.compile(r"(?:[ \t]*+\S[^\n]*+(?:\n|\Z))++")
_PROSE = frozenset({"note", "warning", "tip", "hint", "important", "admonition", "topic", "rubric"})


def find_rst(text: str) -> Page:
    """What stands in a text in reStructuredText."""
    skipped: list[tuple[int, int]] = []
    items = with_numbers(text, _items(text, skipped))
    return Page(blanked(text, skipped), items, lines_said(text))


def _items(text: str, skipped: list[tuple[int, int]]) -> Iterator[Item]:
    at = 0
    while match := _TOKEN.search(text, at):
        at = match.end()
        if match["role"] is not None:
            yield Item(match.start(), *match.span("role"), match.end(), display=False)
            continue
        if match["name"] is None and match["literal"] is None:
            skipped.append(match.span())
            continue
        if match["name"] in _PROSE:
            continue
        end = _block(text, at, _indent(text[text.rfind("\n", 0, match.start()) + 1 :]))
        if match["name"] == "math":
            yield from _math(text, match, end)
        else:
            skipped.append((at, end))
        at = end


def _indent(line: str) -> int:
    """How far in a line begins; of a text, its first line."""
    shown = line[:1_000].expandtabs()
    return len(shown) - len(shown.lstrip(" "))


def _block(text: str, at: int, indent: int) -> int:
    """Where the lines end that stand deeper in than `indent`; blank lines belong to them."""
    end = at
    for line in _LINE.finditer(text, at):
        if line[0].strip():
            if _indent(line[0]) <= indent:
                break
            end = line.end()
        elif not line[0]:
            break
    return end


def _math(text: str, match: re.Match[str], end: int) -> Iterator[Item]:
    """The formulas of a block: parts between blank lines are formulas of their own."""
    start = match.start("argument") if match["argument"].strip() else match.end()
    options = _OPTION.match(text, start, end)
    for part in _PART.finditer(text, options.end() if options else start, end):
        yield Item(part.start(), part.start(), part.end(), part.end())
