"""Where the members of families stand in definitions, found without writing any definition out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from derive.formula import Member
from derive.model.families import Family, Indices, Key, numbers_of

Use = tuple[Family, Member, Mapping[str, range]]
"""A family, a member that stands in its definition, and the ranges of all letters there.

Those that a Σ binds are among them.
"""


class Uses:
    """The members that stand in the definitions of some families."""

    def __init__(self, families: Iterable[Family]) -> None:
        self._uses: dict[tuple[str, object], list[Use]] = {}
        """By their array, or by their indices where these are numbers."""
        self._numbered: dict[Key, list[Indices]] = {}
        """The indices with which they stand there as numbers, by their arrays."""
        for family in families:
            for used, ranges in family.used:
                self._add(used, (family, used, ranges))

    def _add(self, used: Member, use: Use) -> None:
        which: object = len(used.indices)
        if not used.letters:
            which = numbers = numbers_of(used, {})
            if (used.stem, which) not in self._uses:
                self._numbered.setdefault((used.stem, len(numbers)), []).append(numbers)
        self._uses.setdefault((used.stem, which), []).append(use)

    def of(self, key: str, indices: Sequence[int | None]) -> Iterator[Use]:
        """Where members with these indices may stand; of one that is open any number will do."""
        numbers: list[Indices] = [tuple(indices)]  # type: ignore[arg-type]
        if None in indices:
            numbers = self._numbered.get((key, len(indices)), [])
        for which in (*numbers, len(indices)):
            yield from self._uses.get((key, which), ())
