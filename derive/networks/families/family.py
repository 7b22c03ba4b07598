"""What a family of networks is, and the keys of its file, read with the kind that each has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from derive import functions
from derive.errors import InputError
from derive.networks.families.draft import Draft
from derive.networks.keys import chosen, word


class Settings:
    """The keys of one file, read with the kind of value that each has to have."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._table = table
        self.sizes: dict[str, Any] = {}
        """The sizes that were asked for, to be named if there is too much of something."""

    def count(self, key: str, default: int | None = None) -> int:
        """A whole number from 1."""
        value = self._value(key, default, f"{key} = 3")
        self.sizes[key] = value
        if not _is_count(value):
            raise InputError(f"{key}: expected a whole number from 1 on: {value!r}")
        return int(value)

    def counts(self, key: str, default: int | None = None) -> tuple[int, ...]:
        """One whole number or a list of some."""
        value = self._value(key, default, f"{key} = 3 or {key} = [3, 3]")
        self.sizes[key] = value
        listed = value if isinstance(value, list) else [value]
        if not listed or not all(map(_is_count, listed)):
            raise InputError(
                f"{key}: expected a whole number from 1 on, or a list of such: {value!r}"
            )
        return tuple(listed)

    def choice(self, key: str, known: tuple[str, ...]) -> str:
        """One of the words in `known`, the first by default."""
        return chosen(self._word(key, known[0]), key, known)

    def activation(self, key: str, default: str) -> str:
        """The name of an activation."""
        value = self._word(key, default)
        if value == functions.SOFTMAX:
            raise InputError(f"{key}: softmax is for a layer of outputs: output_activation")
        try:
            return functions.activation(value).name
        except InputError as error:
            raise InputError(str(error).replace("activation", key, 1)) from None

    def output_activation(self, outputs: int) -> str:
        """The activation of a layer of so many outputs; softmax, too, if there are several."""
        key = "output_activation"
        if self._table.get(key) != functions.SOFTMAX:
            return self.activation(key, "identity")
        if outputs < 2:
            raise InputError(
                f"{key}: softmax over one output is always 1; give outputs = 2 or more"
            )
        return functions.SOFTMAX

    def loss(self) -> str:
        """The name of a loss; an alias of several is told by the activation of the outputs."""
        after = self._word("output_activation", "identity")
        return functions.loss(self._word("loss", "half-squared-error"), after).name

    def has(self, key: str) -> bool:
        """Whether the file says anything about it."""
        return key in self._table

    def _word(self, key: str, default: str) -> str:
        return word(self._table.get(key, default), key)

    def _value(self, key: str, default: int | None, example: str) -> Any:
        value = self._table.get(key, default)
        if value is None:
            raise InputError(f"the key {key!r} is missing; write for example {example}")
        return value


@dataclass(frozen=True)
class Family:
    """One family of networks.

    `write` puts the definitions of the network that the settings describe into a draft, the error
    last, and returns a line about the network.
    """

    name: str
    keys: tuple[str, ...]
    write: Callable[[Settings, Draft], str]


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1
