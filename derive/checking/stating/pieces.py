"""The statements of a document's formulas, and the sides of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from derive.checking.display import split
from derive.checking.documents import Found
from derive.grammar.account import Account
from derive.grammar.connectives import joins, limits, plain_words

Piece = tuple[int, int, str]
"""A statement: the number of its formula, its place there, and its text."""


_RELATION = re.compile(r":=|=|≡|≐|\\(?:equiv|triangleq|coloneqq|doteq)(?![A-Za-z])")


def pieces_of(found: Sequence[Found]) -> Iterator[Piece]:
    """Every statement of every formula: the formula's number, its place, its text."""
    for place, one in enumerate(found):
        for piece in split(one.text, _is_prose, lambda letter: True, Account(len(one.text))).pieces:
            plain = _OLD_FONT.sub(lambda m: m[1].center(len(m[0])), _END.sub("", piece.text))
            yield place, piece.start, plain


_OLD_FONT = re.compile(r"\{\s*\\(?:cal|rm|it)\s+([A-Za-z])\s*\}")
_END = re.compile(
    r"(?:\s|\\end\s*\{(?!cases)[a-z]+\*?\}|\\(?:tag\*?|label)\s*\{[^{}]*\}|\\\\|[.,;])+\Z"
)


def _is_prose(text: str) -> bool:
    word = text.strip()
    return bool(plain_words(text)) and (word != text or " " in word or joins(text) or limits(text))


def sides_of(piece: str) -> list[str]:
    """The sides of a chain of equations: what stands between relations outside of all brackets."""
    sides, depth, begin = [], 0, 0
    place = 0
    while place < len(piece):
        char = piece[place]
        if char == "\\" and piece[place + 1 : place + 2] in ("{", "}"):
            place += 2
            continue
        depth += (char in "{([") - (char in "})]")
        relation = _RELATION.match(piece, place) if not depth else None
        if relation:
            sides.append(piece[begin:place])
            begin = place = relation.end()
        else:
            place += 1
    return [*sides, piece[begin:]]
