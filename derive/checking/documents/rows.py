r"""The rows of an environment: where they are, and which of them make one statement."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from derive.checking.documents.words import tag
from derive.grammar.signs import rows

SINGLE = ("equation", "multline", "dmath")
"""Environments with one number."""
ROWED = ("align", "gather", "eqnarray", "alignat", "xalignat", "flalign", "IEEEeqnarray")
"""Environments with a number for each row."""
BARE = ("displaymath", "math")
"""Environments without a number."""
ENVIRONMENTS = (*SINGLE, *ROWED, *BARE)
NAMES = "(?:" + "|".join(ENVIRONMENTS) + r")\*?"

_ARGUMENT = re.compile(r"\s*+(?:\[[^\[\]]*+\])?\s*+\{[^{}]*+\}")
_TAKES_ARGUMENT = frozenset({"alignat", "xalignat", "IEEEeqnarray"})
_SILENT = re.compile(r"\\(?:IEEE)?(?:nonumber|notag)(?![A-Za-z])")
_LEAD = re.compile(
    r"(?:\s|&|\{\}|~|\\[ ,;:!>]|\\(?:q?quad|displaystyle|nonumber|notag)(?![A-Za-z])"
    r"|\\(?:label|tag\*?|h?phantom)\s*\{[^{}]*\}|\\hspace\*?\s*\{[^{}]*\})*+"
)
_NAMED = (
    r"\\(?:le|leq|ge|geq|ne|neq|approx|equiv|sim|simeq|propto|cdot|times|ast|odot|otimes|circ|pm|mp|div"
    r"|coloneqq|leftarrow|gets|stackrel|overset|underset|mathrel|mathbin)(?![A-Za-z])"
)
_GOES_ON = re.compile(rf":=|[-=<>+*/·×⋅⊙−–≈≡]|{_NAMED}")
_RELATES = re.compile(
    r":=|[=≈≡←<>≤≥∝∼→∈]|\\[A-Za-z]*(?:approx|equiv|eqq|arrow|gets|sim|propto|leq?|geq?|neq?|in|to)(?![A-Za-z])"
)
_ALIGNED_RELATION = re.compile(r"&\s*+(?::?=|\\(?:approx|equiv|coloneqq)|≈|≡)")
_ENDS_OPEN = re.compile(rf"(?:[-=+*/·×⋅⊙−–]|{_NAMED})(?:\s|&|\{{\}}|\\(?:nonumber|notag))*\Z")


@dataclass(frozen=True, slots=True)
class Piece:
    """One statement of an environment, with the number of its first numbered row."""

    start: int
    end: int
    number: str | None


def pieces(
    text: str, start: int, end: int, environment: str, step: Callable[[], str] | None
) -> list[Piece]:
    r"""What an environment states from `start` to `end`, and its numbers.

    `step` gives the next automatic number, where there are any. An environment is one piece unless
    several of its rows have numbers; then a row that begins with a sign of relation or operation
    goes on with the row before it.
    """
    name = environment.rstrip("*")
    if name in _TAKES_ARGUMENT:
        match = _ARGUMENT.match(text, start, end)
        start = match.end() if match else start
    automatic = step if not environment.endswith("*") and name not in BARE else None
    found: list[Piece] = []
    for first, last in rows(text, start, end) if name in ROWED else [(start, end)]:
        content = text[first:last]
        number = tag(content)
        if number is None and automatic and not _SILENT.search(content):
            number = automatic()
        found.append(Piece(first, last, number))
    numbers = [row.number for row in found if row.number is not None]
    if len(numbers) < 2:
        return [Piece(start, end, numbers[0] if numbers else None)]
    return _statements(text, found)


def _statements(text: str, found: list[Piece]) -> list[Piece]:
    """The rows, those that go on with the row before put together with it."""
    groups: list[Piece] = []
    open_end = lonely = False
    for row in found:
        content = text[row.start : row.end]
        # An empty row is numbered in print too, but there is nothing in it.
        if not content.strip():
            continue
        alone = _RELATES.search(content) is None
        if groups and (open_end or alone or lonely or _goes_on(content)):
            last = groups[-1]
            groups[-1] = Piece(last.start, row.end, last.number or row.number)
        else:
            groups.append(row)
        # A row without a relation belongs to one that has one, whatever it means beside it.
        lonely = alone and (lonely or (len(groups) == 1 and groups[0].start == row.start))
        open_end = _ENDS_OPEN.search(content, max(0, len(content) - 100)) is not None
    return groups


def _goes_on(row: str) -> bool:
    """Whether a row begins with a relation or an operation, so that it goes on with the last."""
    lead = _LEAD.match(row)
    begins = lead.end() if lead else 0
    sign = _GOES_ON.match(row, begins)
    if sign is None:
        return False
    signed_left_side = (
        sign[0] in "+-−" and "&" not in row[:begins] and _ALIGNED_RELATION.search(row, begins)
    )
    return not signed_left_side
