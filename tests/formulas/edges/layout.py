r"""The layout of a display: rows, columns, statements and the sides of their chains.

What is only decoration (& beside a relation, \quad between equations, a tag, the full stop) is left
out here, and nowhere else; at any other place it is not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from tests.formulas.edges.meaning import UnreadError, UnsureError
from tests.formulas.edges.tokens import Token

GAP = Token("quad")
"""What may part two formulas, or only looks so."""
_OPERATORS = ("+", "-", "*", "/", "=")


def chains_of(tokens: Sequence[Token]) -> Iterator[list[list[Token]]]:
    """The chains of equations in a display, each as the tokens of its sides."""
    rows = list(_rows(tokens))
    open_chain: list[list[Token]] = []
    for row in rows:
        for place, statement in enumerate(row):
            sides = _split(statement, "=")
            first = sides[0]
            broken = bool(open_chain) and (not open_chain[-1] or open_chain[-1][-1].kind in "+-*/")
            goes_on = (
                place == 0 and open_chain and (broken or not first or first[0].kind in "+-*/)")
            )
            if goes_on:
                if any(token.kind == "leading" for token in open_chain[-1]):
                    raise UnsureError("a conclusion that goes on in the next row")
                if first:
                    open_chain[-1].extend(first)
                open_chain.extend(sides[1:])
            else:
                if len(open_chain) == 1:
                    raise UnreadError("a row without a relation")
                if open_chain:
                    yield _whole(open_chain)
                open_chain = sides
    if not open_chain:
        raise UnreadError("nothing")
    if len(rows) > 1 and len(open_chain) < 2:
        raise UnreadError("a row without a relation")
    yield _whole(open_chain)


def _whole(chain: list[list[Token]]) -> list[list[Token]]:
    if any(token.kind == "quad" for side in chain[1:-1] for token in side):
        raise UnsureError("two equations side by side, or one")
    if not all(chain):
        raise UnreadError("an equation without two sides")
    return chain


def _rows(tokens: Sequence[Token]) -> Iterator[list[list[Token]]]:
    """The rows of a display without their decoration, each as its statements."""
    inside = list(tokens)
    if any(a.kind == b.kind == "&" for a, b in pairwise(inside)):
        raise UnsureError("an empty cell")
    if inside and inside[0].kind == "begin":
        tags = [token for token in inside if token.kind == "tag"]
        inside = [token for token in inside if token.kind != "tag"] if len(tags) < 2 else inside
        while inside[-1].kind in ("quad", "&"):
            inside.pop()
        if inside[-1].kind in (",", ".", ";", ":"):
            inside.pop()
        kinds = [token.kind for token in inside]
        last = len(kinds) - 1 - kinds[::-1].index("end") if "end" in kinds else len(kinds)
        goes_on = kinds[last + 1 : last + 2] != [] and kinds[last + 1] in "+-*/"
        if inside[-1].kind != "end" and not (goes_on and "row" not in kinds):
            raise UnreadError("an environment that is not the whole")
        inside = inside[1:last] + inside[last + 1 :]
        if inside and inside[0].kind == "begin" and inside[-1].kind == "end":
            raise UnsureError("an environment in another")
    rows = _split(inside, "row")
    if len(rows) > 1 and not rows[-1]:
        rows.pop()
    for row in rows:
        yield [_undecorated(one) for column in _columns(row) for one in _statements(column)]


def _columns(row: list[Token]) -> Iterator[list[Token]]:
    """The equations side by side in a row: a = b \\qquad & c = d."""
    column: list[Token] = []
    for place, token in enumerate(row):
        relates = any(one.kind == "=" for one in column) and column[-1].kind != "="
        behind = [one.kind for one in row[place + 1 :]]
        if token.kind == "&" and relates and "=" in behind and behind[0] != "=":
            yield column
            column = []
        elif token.kind == "&" and not column and place:
            continue
        else:
            column.append(token)
    yield column


def _statements(row: list[Token]) -> list[list[Token]]:
    """What stands between commas, each with a relation; the last may end with punctuation."""
    made: list[list[Token]] = [[]]
    for token in _without_ending(row):
        if token.kind in (",", ";", "and"):
            if token.kind == "and" and made == [[]]:
                raise UnsureError("a word before a formula")
            if made == [[]]:
                raise UnreadError("punctuation before anything")
            if made[-1]:
                made.append([])
        elif token.kind != "quad" or made[-1] or len(made) == 1:
            made[-1].append(token)
    for one in made[1:]:
        if not any(token.kind == "=" for token in one):
            raise UnreadError("what stands behind a comma is no equation")
    return made


def _without_ending(row: list[Token]) -> list[Token]:
    """A row without its punctuation, its gaps and its number, in a tag or in brackets, at the end."""
    while row and row[-1].kind in (",", ".", ";", ":", "tag", "quad", "&"):
        if row[-1].kind == "tag" and any(token.kind == "tag" for token in row[:-1]):
            raise UnreadError("two tags")
        row = row[:-1]
    if [token.kind for token in row[-4:]] == ["quad", "(", "number", ")"]:
        row = row[:-4]
    while row and row[-1].kind in ("tag", "quad"):
        row = row[:-1]
    return row


def _undecorated(statement: list[Token]) -> list[Token]:
    """A statement without the & beside its relation or before its first sign."""
    made: list[Token] = []
    statement = _begun(statement)
    seen, depth = False, 0
    tags = sum(token.kind == "tag" for token in statement)
    for place, token in enumerate(statement):
        depth += (token.kind in "([{") - (token.kind in ")]}")
        if token.kind == "tag" and not depth and tags == 1:
            made.append(GAP)
        elif token.kind == "&":
            if seen or not _is_usual(statement, place, first=not made):
                if depth or not _is_beside_a_sign(statement, place):
                    raise UnreadError("a column")
                made.append(GAP)
            seen = True
        else:
            made.append(token)
    while made and made[-1].kind == "quad":
        made.pop()
    if any(token.kind in ("begin", "end", "row", "tag") for token in made):
        raise UnreadError("layout inside of a statement")
    return made


def _begun(statement: list[Token]) -> list[Token]:
    """A statement without the gaps before it; no word stands before or behind it."""
    while statement and statement[0].kind == "quad":
        statement = statement[1:]
    if statement and statement[0].kind in ("leading", "and"):
        raise UnsureError("a word before a formula")
    signs = [token.kind for token in statement if token.kind not in ("quad", "&")]
    if signs and signs[-1] == "leading":
        raise UnsureError("a word behind a formula")
    while [token.kind for token in statement[:2]] == ["&", "quad"]:
        statement = [statement[0], *statement[2:]]
    return statement


def _neighbours(statement: list[Token], place: int) -> tuple[str, str]:
    """What stands directly before a place, and what behind it and the gaps there; "" is nothing."""
    before = statement[place - 1].kind if place else ""
    return before, next((one.kind for one in statement[place + 1 :] if one.kind != "quad"), "")


def _is_usual(statement: list[Token], place: int, first: bool) -> bool:
    """Whether an & stands beside a relation, or `first` of all and before something."""
    before, after = _neighbours(statement, place)
    return "=" in (before, after) or (first and after != "")


def _is_beside_a_sign(statement: list[Token], place: int) -> bool:
    return not set(_OPERATORS).isdisjoint(_neighbours(statement, place))


def _split(tokens: Sequence[Token], kind: str) -> list[list[Token]]:
    made: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind == kind:
            made.append([])
        else:
            made[-1].append(token)
    return made
