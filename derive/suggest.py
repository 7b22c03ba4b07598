"""Names in sentences: “did you mean …?” for a misspelt one, and several as a phrase."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """`` (did you mean 'w31'?)`` for the nearest of `known`, or nothing when none is near."""
    from difflib import get_close_matches

    near = get_close_matches(wrong, list(known), n=1, cutoff=0.6)
    return f" (did you mean {near[0]!r}?)" if near else ""


def listed(names: Sequence[str], last: str = "and") -> str:
    """The names as a phrase: a, b and c."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"
