"""What the signs of some residues say of another's: where y > 0, y + 1 is."""

from __future__ import annotations

from collections.abc import Iterable

FARTHEST = 1_000
"""Numbers up to this size are taken for the difference of two arguments."""


def decided(
    x: int, known: Iterable[tuple[int, int]], prime: int, *, kinks: bool = False
) -> int | None:
    """1 or 0 for the unit step of `x` where one of the `known` decides it, else nothing.

    `known` are residues with their steps. x = y + c is positive where y and c are, and is not where
    neither is; likewise x = −y + c, for y is not 0 off the kinks. With `kinks` it may be 0. Of a
    number other than 0 the sign is known.
    """
    if x and min(x, prime - x) <= FARTHEST:
        return int(x <= FARTHEST)
    for y, step in known:
        for other, positive in ((y, step), (-y, 1 - step)):
            c = (x - other) % prime
            if positive and c <= FARTHEST and (c or other == y or not kinks):
                return 1
            if not positive and prime - c <= FARTHEST:
                return 0
    return None
