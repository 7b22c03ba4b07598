"""Mistakes with index letters: h_t for h_{t-1}, w_{ik} for w_{ki}."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from derive.checking.diagnosis.sites import at, occurrences, replaced
from derive.formula import Formula, Member

MOST_TRIALS = 40


def shifted(
    left: Formula, right: Formula, holds: Callable[[Formula, Formula], bool]
) -> tuple[Member, Member, Formula] | None:
    """A member of a family in `right`, what it should be, and the right side with that.

    Nothing where no index that is moved by one, and no two that are exchanged, make it right.
    """
    trials = 0
    for trail in occurrences(right, lambda node: isinstance(node, Member)):
        old = at(right, trail)
        assert isinstance(old, Member)
        for new in _alike(old):
            trials += 1
            if trials > MOST_TRIALS:
                return None
            repaired = replaced(right, trail, new)
            if holds(left, repaired):
                return old, new, repaired
    return None


def _alike(member: Member) -> Iterator[Member]:
    indices = member.indices
    for place, (letters, offset) in enumerate(indices):
        if letters:
            for step in (-1, 1):
                moved = (letters, offset + step)
                yield Member(member.stem, (*indices[:place], moved, *indices[place + 1 :]))
    if len(indices) == 2 and indices[0] != indices[1]:
        yield Member(member.stem, indices[::-1])


__all__ = ["shifted"]
