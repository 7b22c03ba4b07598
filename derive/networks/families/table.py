"""Families of networks: a TOML file with the key `family` → definitions.

A module of this package may have `FAMILIES`, each with its name, the keys it knows, and what writes
its definitions down. Nothing else has to know of them.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from derive.errors import InputError
from derive.formula import Name
from derive.model.families import Role
from derive.model.numbers import finite
from derive.networks.equations.indexing import canonical
from derive.networks.equations.system import System
from derive.networks.families.draft import Draft, TooManyError
from derive.networks.families.family import Family, Settings
from derive.networks.keys import check_keys, chosen, front_of, subtable, word
from derive.notations.free import split_name
from derive.suggest import did_you_mean

COMMON = ("family", "description", "document", "training", "numbers")


@cache
def families() -> dict[str, Family]:
    """All families, by name."""
    found: dict[str, Family] = {}
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        inside = import_module(f"derive.networks.families.{module.name}")
        found.update({family.name: family for family in getattr(inside, "FAMILIES", ())})
    return found


def system(table: Mapping[str, Any], name: str, options: Mapping[str, str]) -> System:
    """The system that a parsed TOML table with a `family` states; `options` take precedence.

    Raises :class:`InputError` that names the key, its value and what would do.
    """
    family = families()[chosen(word(table["family"], "family"), "family", families())]
    known = (*family.keys, *COMMON)
    check_keys((*table, *options), known, has=f"the family {family.name!r} has")
    settings = Settings({**table, **options})
    draft = Draft()
    try:
        about = family.write(settings, draft)
    except TooManyError as error:
        sizes = ", ".join(f"{key} = {value}" for key, value in settings.sizes.items())
        raise InputError(f"{sizes}: more than {error}; give smaller sizes") from None
    instances = draft.instances()
    free = [*instances.named(Role.INPUT), *instances.named(Role.WEIGHT)]
    description = word(table.get("description", about), "description", "a text")
    return System(
        name=name,
        front=front_of(table),
        instances=instances,
        title=description,
        description=f"{description}; {draft.remark}" if draft.remark else description,
        learning_rate=_rate(subtable(table, "training")),
        numbers=_numbers(subtable(table, "numbers"), free),
        arrays=draft.arrays and draft.arrays(Name("E"), instances),
    )


def _rate(training: dict[str, Any]) -> float:
    check_keys(training, ("learning_rate",), "training", "known is")
    return finite(training.get("learning_rate", 0.5), "training.learning_rate")


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
            found[name] = finite(value, f"numbers.{key}: {name}")
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
        stems = list(dict.fromkeys(split_name(x)[0] for x in free))
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
