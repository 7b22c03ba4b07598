"""Families of networks: a TOML file with the key `family` → definitions.

A family is a module of this package that has a `FAMILY`: its name, the keys it knows, and what
writes its definitions down. Nothing else has to know of it.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from derive import functions
from derive.builders.draft import Draft, TooManyError
from derive.builders.equations import System
from derive.builders.indexing import canonical, placed
from derive.errors import InputError
from derive.suggest import did_you_mean

COMMON = ("family", "description", "training", "numbers")


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
        value = self._word(key, known[0])
        if value not in known:
            raise InputError(
                f"{key}: there is no {value!r}{did_you_mean(value, known)};"
                f" known are {', '.join(known)}"
            )
        return value

    def activation(self, key: str, default: str) -> str:
        """The name of an activation."""
        value = self._word(key, default)
        if value == functions.SOFTMAX:
            raise InputError(f"{key}: softmax is for a layer of outputs: output_activation")
        try:
            functions.activation(value)
        except InputError as error:
            raise InputError(str(error).replace("activation", key, 1)) from None
        return value

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
        """The name of a loss."""
        value = self._word("loss", "half-squared-error")
        functions.loss(value)
        return value

    def has(self, key: str) -> bool:
        """Whether the file says anything about it."""
        return key in self._table

    def _word(self, key: str, default: str) -> str:
        value = self._table.get(key, default)
        if not isinstance(value, str):
            raise InputError(f"{key}: expected a name in quotes: {value!r}")
        return value

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


@cache
def families() -> dict[str, Family]:
    """All families, by name."""
    found = {}
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        family = getattr(import_module(f"derive.builders.{module.name}"), "FAMILY", None)
        if isinstance(family, Family):
            found[family.name] = family
    return found


def system(table: Mapping[str, Any], name: str, options: Mapping[str, str]) -> System:
    """The system that a parsed TOML table with a `family` states; `options` take precedence.

    Raises :class:`InputError` that names the key, its value and what would do.
    """
    family = _family(table["family"])
    known = (*family.keys, *COMMON)
    for key in (*table, *options):
        if key not in known:
            raise InputError(
                f"unknown key {key!r}{did_you_mean(key, known)};"
                f" the family {family.name!r} has {', '.join(known)}"
            )
    settings = Settings({**table, **options})
    draft = Draft()
    try:
        about = family.write(settings, draft)
    except TooManyError as error:
        sizes = ", ".join(f"{key} = {value}" for key, value in settings.sizes.items())
        raise InputError(f"{sizes}: more than {error}; give smaller sizes") from None
    description = table.get("description", about)
    if not isinstance(description, str):
        raise InputError(f"description: expected a text in quotes: {description!r}")
    return System(
        name,
        tuple(draft.equations),
        tuple(draft.weights),
        tuple(draft.inputs),
        title=description,
        description=f"{description}; {draft.remark}" if draft.remark else description,
        learning_rate=_rate(_subtable(table, "training")),
        numbers=_numbers(_subtable(table, "numbers"), [*draft.inputs, *draft.weights]),
        arrays=draft.arrays,
    )


def _family(name: Any) -> Family:
    known = families()
    if not isinstance(name, str):
        raise InputError(f"family: expected a name in quotes: {name!r}")
    if name not in known:
        raise InputError(
            f"family: there is no {name!r}{did_you_mean(name, known)}; known are {', '.join(known)}"
        )
    return known[name]


def _subtable(table: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = table.get(key, {})
    if not isinstance(value, dict):
        raise InputError(f"{key}: expected a table [{key}]: {value!r}")
    return value


def _rate(training: dict[str, Any]) -> float:
    for key in training:
        if key != "learning_rate":
            raise InputError(f"unknown key '[training] {key}'; known is learning_rate")
    return _number(training.get("learning_rate", 0.5), "training.learning_rate")


def _numbers(table: dict[str, Any], free: list[str]) -> dict[str, float] | None:
    """Values by name; a list stands for the quantities x_1, x_2, …, one of lists for x_1_1, ….

    What is not named is drawn at random when an example is computed.
    """
    if not table:
        return None
    within = {
        "_".join(parts[:n]) for parts in (x.split("_") for x in free) for n in range(len(parts))
    }
    names = set(free)
    found: dict[str, float] = {}

    def put(key: str, name: str, value: Any) -> None:
        if isinstance(value, list) and name in within:
            for place, part in enumerate(value, 1):
                put(key, f"{name}_{place}", part)
        elif name in names:
            found[name] = _number(value, f"numbers.{key}: {name}")
        else:
            raise _no_such(key, name, free)

    for key, value in table.items():
        start = canonical(key)
        put(key, start, value)
        for name in free:
            if name.startswith(f"{start}_") and start in within and name not in found:
                raise InputError(f"numbers.{key}: {name} is missing; it has {_ends(start, free)}")
    return found


def _no_such(key: str, name: str, free: list[str]) -> InputError:
    start = canonical(key)
    ends = _ends(start, free)
    if not ends:
        stems = list(dict.fromkeys(placed(x)[0] for x in free))
        return InputError(
            f"numbers.{key}: there is no input or weight {key!r}{did_you_mean(key, stems)};"
            f" known are {', '.join(stems)}"
        )
    what = "expected a list of numbers" if name == start else f"there is no {name}"
    return InputError(f"numbers.{key}: {what}; it has {ends}")


def _ends(start: str, free: list[str]) -> str:
    """The quantities of a family, in words."""
    members = [name for name in free if name == start or name.startswith(f"{start}_")]
    return members[0] if len(members) == 1 else " to ".join(members[:: len(members) - 1 or 1][:2])


def _number(value: Any, where: str) -> float:
    from derive.numbers import finite

    return finite(value, where)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1
