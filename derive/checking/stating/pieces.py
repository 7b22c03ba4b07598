"""The statements of a document's formulas, and the sides of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from derive.checking.display import split
from derive.checking.documents import Found
from derive.grammar.account import Account
from derive.grammar.connectives import describes, joins, limits, plain_words

Piece = tuple[int, int, str]
"""A statement: the number of its formula, its place there, and its text."""


_RELATION = re.compile(r":=|=|≡|≐|\\(?:equiv|triangleq|coloneqq|doteq)(?![A-Za-z])")


def pieces_of(found: Sequence[Found]) -> Iterator[Piece]:
    """Every statement of every formula: the formula's number, its place, its text."""
    for place, one in enumerate(found):
        for start, text in _with_torn(one.text):
            plain = _OLD_FONT.sub(lambda m: m[1].center(len(m[0])), _END.sub("", text))
            yield place, start, plain


def _with_torn(text: str) -> list[tuple[int, str]]:
    r"""The statements of a formula, each with its place.

    What has no relation behind words without a meaning is part of the statement before these, which
    nobody can read then: z = w x \text{ times } 2.
    """
    statements: list[tuple[int, str]] = []
    for piece in split(text, _is_prose, lambda letter: True, Account(len(text))).pieces:
        start, end = piece.start, piece.start + len(piece.text)
        words = [cut.kind == "words" and _is_strange(cut.unread) for cut in piece.before]
        is_open = statements and not sides_of(statements[-1][1])[-1].strip()
        if statements and (is_open or (words and all(words))) and not _RELATION.search(piece.text):
            start = statements.pop()[0]
        statements.append((start, text[start:end]))
    return statements


def _is_strange(said: str) -> bool:
    words = _TEXT.sub("", said)
    first, _, _ = plain_words(words).partition(" ")
    return not (describes(words) or joins(first) or limits(first))


_TEXT = re.compile(r"\\(?:text|textrm|mbox|hbox)\s*\{|\}")
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
