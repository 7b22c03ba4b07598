"""Names of quantities as names of variables."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Hashable, Iterable

RESERVED = frozenset(keyword.kwlist) | frozenset(dir(builtins)) | {"l", "I", "O", "np", "math"}
"""No names for variables: Python's own, those that look like digits, and the modules."""


class Identifiers:
    """Gives every thing one identifier, and different things different ones."""

    def __init__(self, reserved: Iterable[str] = ()) -> None:
        self._taken = {*RESERVED, *reserved}
        self._of: dict[Hashable, str] = {}

    def of(self, thing: Hashable, wanted: str) -> str:
        """The identifier of `thing`: `wanted`, if that can be. Asked again, it stays the same."""
        if thing not in self._of:
            name = identifier(wanted)
            while name in self._taken:
                name += "_"
            self._taken.add(name)
            self._of[thing] = name
        return self._of[thing]

    def __getitem__(self, thing: Hashable) -> str:
        return self._of[thing]


def identifier(text: str) -> str:
    """`text` if Python takes it for a name, or something like it.

    A letter that Python would read as another one (``ﬁ`` as ``fi``) is replaced too.
    """
    if text.isidentifier() and unicodedata.normalize("NFKC", text) == text:
        return text
    plain = re.sub(r"[^A-Za-z0-9_]", "_", text)
    return plain if plain.isidentifier() else f"q_{plain}"


def quoted(text: str) -> str:
    """`text` as a string literal."""
    literal = repr(text)
    return literal if '"' in literal else f'"{literal[1:-1]}"'
