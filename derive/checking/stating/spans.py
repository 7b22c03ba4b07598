r"""Through which numbers a letter runs, as a text says beside a definition: i = 1, \dots, n."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from derive.checking.documents import Found

Span = tuple[int, str, str]
"""The number of a formula, a letter of the definitions in it, and the last number it stands for."""
_LETTER = r"(?<![A-Za-z\\_^{])([a-z])\s*"
_LAST = r"([A-Za-z]|[0-9]+)(?![A-Za-z0-9_^+-])"
_DOTS = r"(?:\\[lc]?dots[a-z]?|…|\.\.\.)"
_SPAN = re.compile(
    rf"{_LETTER}(?:=|\\in(?![A-Za-z])|∈)\s*(?:\\?\{{)?\s*1\s*,\s*(?:2\s*,\s*)?(?:3\s*,\s*)?"
    rf"{_DOTS}\s*,?\s*{_LAST}"
)
_BETWEEN = re.compile(rf"1\s*(?:≤|\\leq?(?:slant)?)\s*{_LETTER}(?:≤|\\leq?(?:slant)?)\s*{_LAST}")
_BLANKS = re.compile(r"\\[,;:! ]|~|\\q?quad")
_WORDS = re.compile(
    r"\s*,?\s*\(?\s*(?:(?:for|where|with)\b\s*)?(?:all|each|every|any)?\s*", re.IGNORECASE
)
"""Words between a definition and the numbers of its letters."""


def spans_in(found: Sequence[Found]) -> Iterator[Span]:
    """The numbers of letters in each formula, and in the one in the text right behind it."""
    for place, one in enumerate(found):
        behind = found[place + 1] if place + 1 < len(found) else None
        texts = [one.text]
        if behind is not None and not behind.display and _WORDS.fullmatch(behind.before):
            texts.append(behind.text)
        for text in texts:
            plain = _BLANKS.sub(" ", text)
            for sign in (_SPAN, _BETWEEN):
                yield from ((place, letter, last) for letter, last in sign.findall(plain))
