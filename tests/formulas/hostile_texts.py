"""Long, deep and doubling texts for hostile input."""

from __future__ import annotations

from itertools import pairwise

NEAR = 29_900
"""Just short of the characters of a formula that are read at all."""


def filled(before: str, unit: str, after: str = "") -> str:
    """A text just short of the limit."""
    return before + unit * ((NEAR - len(before) - len(after)) // len(unit)) + after


def nested(opening: str, closing: str, depth: int, inside: str = "w31") -> str:
    return f"w31 = {opening * depth}{inside}{closing * depth}"


def named(count: int) -> list[str]:
    """Names of an author's own, each of letters only."""
    return [f"A{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(count)]


def doubling(sign: str, count: int = 60) -> list[str]:
    names = named(count)
    steps = [f"{b} = {a} {sign} {a}" for a, b in pairwise(names)]
    return [f"{names[0]} = w31 + w31", *steps, f"w31 = {names[-1]}"]
