r"""Formulas in HTML: between MathJax's and KaTeX's delimiters, in scripts, beside MathML."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from derive.checking.documents.delimiters import OPENING, Delimiters, Next, with_numbers
from derive.checking.documents.items import Comment, Item, Page, blanked

_TOKEN = re.compile(
    r"(?P<comment><!--)"
    r"|<script\b[^>]*\btype\s*=\s*[\"']math/tex(?P<mode>[^\"']*)[\"'][^>]*>"
    r"|<math\b(?P<math>[^>]*)>"
    r"|<(?P<raw>pre|script|style|code|textarea)\b"
    rf"|\\[\\$]|{OPENING}",
    re.IGNORECASE,
)
_ANNOTATION = re.compile(
    r"<annotation\b[^>]*\bencoding\s*=\s*[\"'][^\"']*tex[^\"']*[\"'][^>]*>(.*?)</annotation",
    re.IGNORECASE | re.DOTALL,
)
_ENTITY = re.compile(r"&(?:#[0-9]+|#[xX][0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]*);")
_BREAK = re.compile(r"<(?:br|wbr)\s*/?>|</?(?:p|span|div)\b[^<>]*>", re.IGNORECASE)


def find_html(text: str) -> Page:
    """What stands in a page."""
    skipped: list[tuple[int, int]] = []
    comments: list[Comment] = []
    text = _BREAK.sub(lambda tag: " " * len(tag[0]), _ENTITY.sub(_character, text))
    items = with_numbers(text, _items(text, skipped, comments))
    return Page(blanked(text, skipped), items, comments)


def _character(entity: re.Match[str]) -> str:
    """The character of an entity, with blanks behind it so that all else stays in its place."""
    sign = html.unescape(entity[0])
    # Those that would begin a tag stay what they are: a formula has them beside blanks.
    return sign.ljust(len(entity[0])) if len(sign) == 1 else entity[0]


def _items(text: str, skipped: list[tuple[int, int]], comments: list[Comment]) -> Iterator[Item]:
    formulas = Delimiters(text, careful=True)
    ends: dict[str, Next] = {}
    at = 0
    while match := _TOKEN.search(text, at):
        start, at = match.start(), match.end()
        if match["comment"] or match["raw"] or match["mode"] is not None:
            closing = "-->" if match["comment"] else rf"(?i)</{match['raw'] or 'script'}\s*>"
            close = ends.setdefault(closing, Next(closing, text)).at(at)
            inside, end = (close.start(), close.end()) if close else (len(text), len(text))
            if match["mode"] is not None:
                yield Item(start, at, inside, end, display="display" in match["mode"])
            else:
                skipped.append((start, end))
            if match["comment"]:
                comments.append(Comment(text[at:inside], start, end))
            at = end
        elif match["math"] is not None:
            close = ends.setdefault("math", Next(r"(?i)</math\s*>", text)).at(at)
            end = close.end() if close else len(text)
            note = _ANNOTATION.search(text, at, end)
            if note:
                yield Item(start, *note.span(1), end, display="block" in match["math"])
            else:
                skipped.append((start, end))
            at = end
        else:
            item, at = formulas.opened(match)
            if item:
                yield item
