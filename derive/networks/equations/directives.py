"""What an equation file says besides its equations: which are the weights, the numbers, a title."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from derive.errors import InputError
from derive.networks.equations.indexing import canonical, shown
from derive.networks.equations.lines import Line, Source, shortened, split
from derive.notations.free import free_name, split_name
from derive.notations.renaming import RESERVED
from derive.notations.table import Pattern, pattern
from derive.suggest import did_you_mean

KNOWN = (
    *("title", "author", "institute", "date", "about"),
    *("weights", "inputs", "condition", "numbers", "rate", "latex", "error"),
)
DEFAULT_WEIGHTS = re.compile(r"w|u|v|b|theta", re.IGNORECASE)
DEFAULT_RATE = 0.5
MOST = 1e100

_TAKEN = {key: RESERVED[key] for key in ("d", "D", "sum", "T")}
_DIRECTIVE = re.compile(r"([A-Za-z_]+)\s*:(?!=)\s*(.*)")
_ITEM = re.compile(r"([A-Za-z][A-Za-z0-9_]*)\s*(?:\[([^\[\]]*)\])?")
_INDICES = re.compile(r"\s*([0-9]{1,5})\s*(?:\.\.\s*([0-9]{1,5})\s*)?")


@dataclass(frozen=True)
class Item:
    """What a list of quantities names: one (``h[0]``), some (``x[1..6]``), or a family (``x``)."""

    text: str
    stem: str
    ranges: tuple[tuple[int, int], ...]

    def covers(self, name: str) -> bool:
        """Whether the quantity called `name` is among them."""
        (own, before), (stem, indices) = split_name(self.stem), split_name(name)
        if stem != own or indices[: len(before)] != before:
            return False
        behind = indices[len(before) :]
        return not self.ranges or (
            len(behind) == len(self.ranges)
            and all(low <= n <= high for n, (low, high) in zip(behind, self.ranges, strict=True))
        )


class Directives:
    """The lines ``weights: …``, ``inputs: …``, ``numbers: …``, ``title: …`` of one file."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.said: dict[str, Line] = {}
        self.numbered: list[Line] = []
        self.conditions: list[Line] = []

    def take(self, line: Line) -> bool:
        """Whether `line` is a directive; if so, it is kept."""
        found = _DIRECTIVE.fullmatch(line.text)
        if found is None:
            return False
        key, rest = found[1].lower(), Line(line.number, found[2].strip())
        if key not in KNOWN:
            raise self.source.fail(
                line.number,
                f"there is no {found[1] + ':'!r}{did_you_mean(key, KNOWN)}; known are"
                f" {', '.join(KNOWN)}",
            )
        if not rest.text:
            raise self.source.fail(line.number, f"nothing stands behind '{key}:'")
        if key == "numbers":
            self.numbered.append(rest)
        elif key == "condition":
            self.conditions.append(rest)
        elif key in self.said:
            raise self.source.fail(
                line.number, f"'{key}:' stands in line {self.said[key].number} already"
            )
        else:
            self.said[key] = rest
        return True

    def text(self, key: str) -> str:
        """What ``title:``, ``author:`` or ``about:`` says."""
        return self.said[key].text if key in self.said else ""

    def items(self, key: str) -> list[Item] | None:
        """The quantities that ``weights:`` or ``inputs:`` lists; `None` without such a line."""
        if key not in self.said:
            return None
        line = self.said[key]
        return [self._item(key, line, part) for part in split(line.text)]

    def _item(self, key: str, line: Line, text: str) -> Item:
        found = _ITEM.fullmatch(text.strip())
        indices = (
            [_INDICES.fullmatch(part) for part in (found[2] or "1").split(",")] if found else []
        )
        if found is None or None in indices:
            raise self.source.fail(
                line.number,
                f"{key}: a name like x, x[2] or x[1..3] is expected: {shortened(text)!r}",
            )
        ranges = [(int(i[1]), int(i[2] or i[1])) for i in indices if i] if found[2] else []
        for low, high in ranges:
            if low > high:
                raise self.source.fail(line.number, f"{key}: the range {low}..{high} is empty")
        return Item(text.strip(), canonical(found[1]), tuple(ranges))

    def stems(self, names: Sequence[str]) -> tuple[tuple[str, Pattern], ...]:
        r"""How ``latex: var = \sigma^2, xhat = \hat{x}`` says that stems of names are written."""
        if "latex" not in self.said:
            return ()
        line, found = self.said["latex"], dict[str, Pattern]()
        known = {split_name(name)[0] for name in names}
        for part in split(line.text):
            stem, _, written = (text.strip() for text in part.partition("="))
            if stem not in known:
                message = f"latex: nothing is called {stem!r}{did_you_mean(stem, known)}"
                raise self.source.fail(line.number, message)
            if written in _TAKEN:
                message = f"latex: {written} cannot stand for {stem}: {_TAKEN[written]}"
                raise self.source.fail(line.number, message)
            try:
                found[stem] = pattern(written, {}, f"latex: {stem}")
            except InputError as error:
                raise self.source.fail(line.number, str(error)) from None
        typeset: dict[str, str] = {}
        for name in names:
            other = typeset.setdefault(free_name(name, stems=found), name)
            if other != name:
                message = f"latex: {shown(other)} and {shown(name)} would be written alike"
                raise self.source.fail(line.number, message)
        return tuple(found.items())

    @property
    def rate(self) -> float:
        """The learning rate."""
        if "rate" not in self.said:
            return DEFAULT_RATE
        line = self.said["rate"]
        found = _finite(line.text)
        if found is None:
            raise self.source.fail(
                line.number, f"rate: expected a number like 0.5: {shortened(line.text)!r}"
            )
        return found

    # Numbers.

    def numbers(self, needed: Sequence[str]) -> dict[str, float] | None:
        """The numbers of all that is given, or `None` when the file has none."""
        if not self.numbered:
            return None
        found: dict[str, float] = {}
        for line in self.numbered:
            for part in split(line.text):
                for name, value in self._values(line, part).items():
                    if name in found:
                        raise self.source.fail(
                            line.number, f"numbers: {shown(name)} has a number already"
                        )
                    if name not in needed:
                        raise self.source.fail(
                            line.number,
                            f"numbers: {shown(name)!r} is no input or weight of these equations"
                            f"{did_you_mean(name, needed)}",
                        )
                    found[name] = value
        missing = [shown(name) for name in needed if name not in found]
        if missing:
            raise self.source.fail(
                self.numbered[-1].number,
                f"numbers: {', '.join(missing[:8])}{' …' if missing[8:] else ''}"
                f" {'has' if len(missing) == 1 else 'have'} none; give all of them, or no numbers",
            )
        return {name: found[name] for name in needed}

    def _values(self, line: Line, part: str) -> Mapping[str, float]:
        """``x = 0.5``, ``x[2] = 0.5``, or a whole family: ``x = [0.05, 0.10]``."""
        left, sign, right = (piece.strip() for piece in part.partition("="))
        found = _ITEM.fullmatch(left)
        if found is None or not sign:
            raise self.source.fail(
                line.number, f"numbers: expected 'name = number': {shortened(part)!r}"
            )
        item = self._item("numbers", line, left)
        stem = "_".join([item.stem, *(str(low) for low, _ in item.ranges)])
        if not right.startswith("["):
            value = _finite(right)
            if value is None:
                raise self.source.fail(
                    line.number,
                    f"numbers: expected 'name = number', a finite one: {shortened(part)!r}",
                )
            return {stem: value}
        try:
            listed = json.loads(right)
        except (ValueError, RecursionError):
            listed = None
        found_numbers = dict(_flattened(stem, listed)) if isinstance(listed, list) else {}
        if not found_numbers or None in found_numbers.values():
            raise self.source.fail(
                line.number,
                f"numbers: expected a list like x = [0.05, 0.10] of finite numbers:"
                f" {shortened(part)!r}",
            )
        return {name: value for name, value in found_numbers.items() if value is not None}


def _flattened(stem: str, value: Any) -> list[tuple[str, float | None]]:
    """The numbers of nested lists, each with its name: ``w_1_2`` for the second of the first."""
    if isinstance(value, list):
        return [
            pair
            for place, inner in enumerate(value, 1)
            for pair in _flattened(f"{stem}_{place}", inner)
        ]
    usable = isinstance(value, int | float) and not isinstance(value, bool)
    return [(stem, float(value) if usable and abs(value) <= MOST else None)]


def _finite(text: str) -> float | None:
    """The number that `text` is, if it is one and finite."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) <= MOST else None
