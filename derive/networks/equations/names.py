"""What the quantities of a network of equations are called: ``h_1_2`` is h with 1 and 2."""

from __future__ import annotations

from derive.model.families import Family, Indices
from derive.notations.free import AS_THEY_ARE, Stems, free_name, joined_name, split_name


class FreeNames:
    """The names of the members of families: their stem, and their indices behind it.

    `stems` says how some stems are typeset.
    """

    def __init__(self, stems: Stems = AS_THEY_ARE) -> None:
        self._stems = stems

    def plain(self, family: Family, indices: Indices) -> str:
        return joined_name(family.key, indices)

    def latex(self, family: Family, indices: Indices) -> str:
        return free_name(self.plain(family, indices), stems=self._stems)

    def find(self, name: str) -> tuple[str, Indices] | None:
        return split_name(name)
