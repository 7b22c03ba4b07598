r"""The oracle: true, false, unread or unsure, of a whole claim.

It shares no code with the reader or the proof. It reads a small language, and all of it: a claim of
which it does not know what every character means is `UNREAD`. What it reads it tries at random points
in 60 digits. What people read in two ways, and what is a question of rounding, is `UNSURE`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise, product

from tests.formulas.edges.meaning import (
    Node,
    UndefinedError,
    UnreadError,
    UnsureError,
    below,
    with_parts,
)
from tests.formulas.edges.networks import Network
from tests.formulas.edges.parser import Parser
from tests.formulas.edges.tokens import Scanner, Token
from tests.formulas.edges.values import REAL, Point

EQUAL = REAL.mpf(10) ** -40
APART = REAL.mpf(10) ** -25
MOST_READINGS = 8
GROSS = 0.05
"""The relative difference from which a number is wrong whatever its digits."""


class Answer(Enum):
    """What the oracle says of a claim."""

    TRUE = "true"
    FALSE = "false"
    UNREAD = "cannot read"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, and what was not read or not sure."""

    answer: Answer
    why: str = ""


class Oracle:
    """Answers for one network."""

    def __init__(self, network: Network, points: int | None = None) -> None:
        self.network = network
        count = points or (24 if network.kinked else 8)
        self._points = [Point(network, seed) for seed in range(count)]
        self._needed = count // 3
        self._own = (
            Point(network, -1, network.numbers, network.rate) if network.numbers else None
        )
        self._known_rate = (
            [Point(network, seed, None, network.rate) for seed in range(2)] if network.rate else []
        )

    def ask(self, text: str) -> Said:
        """The answer for the text of one claim, which may be several statements."""
        try:
            chains = [
                [Parser(self.network, side).side() for side in chain]
                for chain in _chains(Scanner(text, self.network.levels).run())
            ]
        except UnreadError as error:
            return Said(Answer.UNREAD, str(error))
        except UnsureError as error:
            return Said(Answer.UNSURE, str(error))
        answers = [
            self._equation(left, right) for chain in chains for left, right in pairwise(chain)
        ]
        for answer in (Answer.UNREAD, Answer.FALSE, Answer.UNSURE):
            for said in answers:
                if said.answer is answer:
                    return said
        return Said(Answer.TRUE)

    def _equation(self, left: Node, right: Node) -> Said:
        readings = list(_readings(("pair", left, right)))
        answers = {self._one(*reading[1:]) for reading in readings}
        if len(answers) == 1:
            return answers.pop()
        return Said(Answer.UNSURE, "two readings")

    def _one(self, left: Node, right: Node) -> Said:
        try:
            said = self._compared(left, right, self._points)
            doubtful = any(n[0] == "doubt" for side in (left, right) for n in below(side))
            if said.answer is Answer.TRUE and doubtful:
                return Said(Answer.UNSURE, "what may be meant otherwise")
            if said.answer is not Answer.FALSE:
                return said
            if self._known_rate and self._compared(left, right, self._known_rate) != said:
                return Said(Answer.UNSURE, "η is known")
            if self._own is not None and (_is_number(left) or _is_number(right)):
                return self._rounded(left, right)
            if self._has_pattern(left) or self._has_pattern(right):
                return Said(Answer.UNSURE, "placeholders in a net input")
            return said
        except UnsureError as error:
            return Said(Answer.UNSURE, str(error))

    def _compared(self, left: Node, right: Node, points: Sequence[Point]) -> Said:
        defined = 0
        for point in points:
            try:
                a, b = point.value(left), point.value(right)
            except UndefinedError:
                continue
            defined += 1
            gap = abs(a - b) / max(abs(a), abs(b), 1)
            if gap > APART:
                return Said(Answer.FALSE)
            if gap > EQUAL:
                return Said(Answer.UNSURE, "a small difference")
        if defined < min(self._needed, len(points)):
            return Said(Answer.UNSURE, "defined at few points")
        return Said(Answer.TRUE)

    def _rounded(self, left: Node, right: Node) -> Said:
        """A number beside a formula, where the network has numbers: only gross errors are false."""
        assert self._own is not None
        try:
            a, b = self._own.value(left), self._own.value(right)
        except UndefinedError:
            return Said(Answer.UNSURE, "no value")
        whole = all(
            node[1].denominator == 1
            for side in (left, right)
            for node in below(side)
            if node[0] == "num"
        )
        if abs(a - b) > GROSS * max(abs(a), abs(b), 0.1 if not whole else APART):
            return Said(Answer.FALSE)
        return Said(Answer.UNSURE, "digits")

    def _has_pattern(self, side: Node) -> bool:
        """Whether a placeholder stands before an output: w_{xx}·out_{c_2} in a net input."""
        return any(
            node[0] == "mul"
            and len(node[1]) == 2
            and node[1][0][0] == "free"
            and node[1][0][1] != "eta"
            and node[1][1][0] == "name"
            for node in below(side)
        )


def _is_number(side: Node) -> bool:
    """Whether no quantity and no letter stands in a side."""
    return not any(node[0] in ("name", "free", "partial", "updated") for node in below(side))


def _readings(node: Node) -> Iterator[Node]:
    """A formula in each of its readings."""
    places = [one for one in below(node) if one[0] == "either"]
    count = 1
    for place in places:
        count *= len(place[1])
    if count > MOST_READINGS:
        places = places[:3]
    for chosen in product(*(range(len(place[1])) for place in places)):
        picks = iter(chosen)

        def read(one: Node, picks: Iterator[int] = picks) -> Node:
            if one[0] == "either":
                return read(one[1][next(picks, 0)])
            return with_parts(one, read)

        yield read(node)


def _chains(tokens: Sequence[Token]) -> Iterator[list[list[Token]]]:
    """The chains of equations in a display, each as the tokens of its sides."""
    rows = _rows(tokens)
    open_chain: list[list[Token]] = []
    for row in rows:
        for place, statement in enumerate(row):
            sides = _split(statement, "=")
            first = sides[0]
            goes_on = place == 0 and open_chain and (not first or first[0].kind in "+-*")
            if goes_on:
                if first:
                    open_chain[-1].extend(first)
                open_chain.extend(sides[1:])
            else:
                if open_chain:
                    yield _whole(open_chain)
                open_chain = sides
    if not open_chain:
        raise UnreadError("nothing")
    yield _whole(open_chain)


def _whole(chain: list[list[Token]]) -> list[list[Token]]:
    if len(chain) < 2 or not all(chain):
        raise UnreadError("an equation without two sides")
    return chain


def _rows(tokens: Sequence[Token]) -> Iterator[list[list[Token]]]:
    """The rows of a display without their decoration, each as its statements."""
    inside = list(tokens)
    if inside and inside[0].kind == "begin":
        tags = [token for token in inside if token.kind == "tag"]
        inside = [token for token in inside if token.kind != "tag"] if len(tags) < 2 else inside
        if inside[-1].kind in (",", ".", ";", ":"):
            inside.pop()
        if inside[-1].kind != "end":
            raise UnreadError("an environment that is not the whole")
        rows = _split(inside[1:-1], "row")
        if not rows[-1]:
            rows.pop()
    else:
        rows = [inside]
    for row in rows:
        yield [_undecorated(one) for column in _columns(row) for one in _statements(column)]


def _columns(row: list[Token]) -> Iterator[list[Token]]:
    """The equations side by side in a row: a = b \\qquad & c = d."""
    column: list[Token] = []
    for token in row:
        relates = any(one.kind == "=" for one in column)
        if token.kind == "&" and relates and column[-1].kind == "quad":
            yield column
            column = []
        else:
            column.append(token)
    yield column


def _statements(row: list[Token]) -> list[list[Token]]:
    """What stands between commas, each with a relation; the last may end with punctuation."""
    while row and row[-1].kind in (",", ".", ";", ":", "tag", "quad"):
        if row[-1].kind == "tag" and any(token.kind == "tag" for token in row[:-1]):
            raise UnreadError("two tags")
        row = row[:-1]
    made: list[list[Token]] = [[]]
    for token in row:
        if token.kind in (",", ";", "and"):
            if made[-1]:
                made.append([])
            elif len(made) == 1:
                raise UnreadError("punctuation before anything")
        elif token.kind == "quad" and not made[-1] and len(made) > 1:
            continue
        else:
            made[-1].append(token)
    for one in made[1:]:
        if not any(token.kind == "=" for token in one):
            raise UnreadError("what stands behind a comma is no equation")
    return made


def _undecorated(statement: list[Token]) -> list[Token]:
    """A statement without the & beside its relation or before its first sign."""
    made: list[Token] = []
    while statement and statement[0].kind == "quad":
        statement = statement[1:]
    seen = False
    kinds = [token.kind for token in statement[:3]]
    if kinds[:2] == ["&", "quad"] and kinds[2:] in (["+"], ["-"], ["*"]):
        statement = [statement[0], *statement[2:]]
    for place, token in enumerate(statement):
        if token.kind == "&":
            after = statement[place + 1].kind if place + 1 < len(statement) else ""
            before = statement[place - 1].kind if place else ""
            if seen or not (after == "=" or before == "=" or (not made and after in "+-*" and after)):
                raise UnreadError("a column")
            seen = True
        else:
            made.append(token)
    if any(token.kind in ("begin", "end", "row", "tag", "quad") for token in made):
        raise UnreadError("layout inside of a statement")
    return made


def _split(tokens: Sequence[Token], kind: str) -> list[list[Token]]:
    made: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind == kind:
            made.append([])
        else:
            made[-1].append(token)
    return made
