"""What belongs to many names, made for each when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

Value = TypeVar("Value")


class Made(Mapping[str, Value]):
    """What belongs to each of some names, made when it is asked for, and kept."""

    def __init__(self, names: Sequence[str] | dict[str, Any], make: Callable[[str], Value]) -> None:
        self._names = names
        self._make = make
        self.made: dict[str, Value] = {}
        """What has been made so far."""

    def __getitem__(self, name: str) -> Value:
        found = self.made.get(name, self)
        if found is self:
            if name not in self._names:
                raise KeyError(name)
            found = self.made[name] = self._make(name)
        return found  # type: ignore[return-value]

    def put(self, name: str, value: Value) -> None:
        """Keep something for a name, instead of what would be made."""
        self.made[name] = value

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __reversed__(self) -> Iterator[str]:
        return reversed(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self.made or name in self._names
