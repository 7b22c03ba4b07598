r"""Functions in two pieces as definitions have them: max(0, x), max(0.01x, x), and cases.

All of them are written with the rectifier, which is in the table of functions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction

from derive.checking.stating.written import (
    Node,
    Quantity,
    UnwrittenError,
    Written,
    is_number,
    number,
)
from derive.grammar.connectives import IF, OTHERWISE, plain_words

CASES = re.compile(r"\\begin\s*\{cases\}(.*?)\\end\s*\{cases\}", re.DOTALL)
_ROWS = re.compile(r"\\\\(?:\s*\[[^\]]*\])?")
_TEXT = re.compile(
    r"\\(?:text|textrm|mathrm|mbox)\s*\{([^{}]*)\}|\b(if|for|falls|otherwise|else)\b"
)
_COMPARED = re.compile(r"\\(?:geqslant|leqslant|geq|leq|ge|le|gt|lt)(?![A-Za-z])|[<>≤≥]=?")
_BLANK = re.compile(r"\\q?quad(?![A-Za-z])|\\[,;:! ]|\s+")
_UPWARDS = re.compile(r"\\g|[>≥]")
ZERO, ONE = number("0"), number("1")


def largest(parts: Sequence[Written]) -> Written:
    """The largest of some: max(0, x) is the rectifier of x, and max(a, b) is b + max(0, a − b).

    Of max(αz, z) nobody knows which it is for which z, as long as α may be any number.
    """
    others = [part for part in parts if part != ZERO]
    if len(parts) == 2 and len(others) == 1:
        return _relu(others[0])
    found = [one for one in map(_multiple, parts) if one is not None]
    compared = {name for _, name in found}
    if len(found) == len(parts) == 2 and len(compared) == 1:
        low, high = sorted(times for times, _ in found)
        return _ramp(_decimal(low), _decimal(high), found[0][1])
    if len(parts) < 2 or len(compared) < len(parts):
        raise UnwrittenError("a maximum")
    *before, last = parts
    for part in before[::-1]:
        last = Node("sum", (last, _relu(Node("sum", (part, Node("negative", (last,)))))))
    return last


def _multiple(written: Written) -> tuple[Fraction, Quantity] | None:
    """How many times which name this is; nothing for anything else."""
    if isinstance(written, Quantity):
        return Fraction(1), written
    if isinstance(written, Node) and written.kind == "product" and len(written.parts) == 2:
        times, name = written.parts
        if isinstance(times, Node) and times.kind == "number" and isinstance(name, Quantity):
            return Fraction(times.text), name
    return None


def by_cases(text: str, read: Callable[[str], Written]) -> Written:
    """What cases are of two rows, each some number of times what is compared with 0."""
    rows = [row for row in _ROWS.split(text) if row.strip()]
    if len(rows) != 2:
        raise UnwrittenError("cases of other than two rows")
    (first, test), (second, other) = (_row(row, read) for row in rows)
    if test is None or (other is not None and (other[0] != test[0] or other[1] == test[1])):
        raise UnwrittenError("cases that are no opposites")
    name, is_positive = test
    high, low = (first, second) if is_positive else (second, first)
    return _ramp(_slope(low, name), _slope(high, name), name)


Test = tuple[Quantity, bool]
"""What a row compares with 0, and whether it has to be positive there."""


def _row(row: str, read: Callable[[str], Written]) -> tuple[Written, Test | None]:
    """The value of a row, and its condition; nothing where that is "otherwise"."""
    value, _, condition = row.partition("&")
    found = read(value.rstrip().rstrip(",;"))
    words = {plain_words(match[1] or match[2]) for match in _TEXT.finditer(condition)}
    rest = _BLANK.sub(" ", _TEXT.sub(" ", condition)).strip(" ,.;")
    if not rest and words and words <= OTHERWISE:
        return found, None
    if not words <= IF:
        raise UnwrittenError("a condition in words")
    return found, _test(rest, read)


def _test(condition: str, read: Callable[[str], Written]) -> Test:
    """What a condition like x > 0 compares with 0."""
    compared = _COMPARED.search(condition)
    if compared is None:
        raise UnwrittenError("a condition that compares nothing")
    upwards = _UPWARDS.match(compared[0]) is not None
    left, right = read(condition[: compared.start()]), read(condition[compared.end() :])
    if left == ZERO:
        left, right, upwards = right, left, not upwards
    if not isinstance(left, Quantity) or right != ZERO:
        raise UnwrittenError("a condition that compares no name with 0")
    return left, upwards


def _slope(value: Written, name: Quantity) -> Written:
    """How many times a name a value is."""
    if value == ZERO:
        return ZERO
    if value == name:
        return ONE
    if isinstance(value, Node) and value.kind == "negative":
        return Node("negative", (_slope(value.parts[0], name),))
    if isinstance(value, Node) and value.kind == "product" and name in value.parts:
        others = [part for part in value.parts if part != name]
        plain = all(is_number(part) or isinstance(part, Quantity) for part in others)
        if len(others) == 1 and plain:
            return others[0]
    raise UnwrittenError("a piece that is no multiple of what is compared")


def _ramp(low: Written, high: Written, name: Quantity) -> Written:
    """low·x below 0 and high·x above: low·x + (high − low)·max(0, x)."""
    if low == ZERO:
        return _relu(name) if high == ONE else Node("product", (high, _relu(name)))
    more = Node("sum", (high, Node("negative", (low,))))
    return Node("sum", (Node("product", (low, name)), Node("product", (more, _relu(name)))))


def _relu(written: Written) -> Node:
    return Node("call", (written,), "relu")


def _decimal(value: Fraction) -> Written:
    """A number that may be negative."""
    found = number(f"{abs(float(value)):.12g}")
    return Node("negative", (found,)) if value < 0 else found
