"""The keys of a network's file, read with the kind of value that each has to have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from derive.errors import InputError
from derive.model.facts import Front
from derive.suggest import did_you_mean

FRONT = tuple(field.name for field in fields(Front))


def check_keys(
    keys: Iterable[str], known: tuple[str, ...], where: str = "", has: str = "known are"
) -> None:
    """Raise :class:`InputError` for a key that the table called `where` does not have."""
    for key in keys:
        if key not in known:
            label = f"[{where}] {key}" if where else key
            raise InputError(
                f"unknown key {label!r}{did_you_mean(key, known)}; {has} {', '.join(known)}"
            )


def subtable(table: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The table of this name inside of another; an empty one where there is none."""
    value = table.get(key, {})
    if not isinstance(value, dict):
        raise InputError(f"{key}: expected a table [{key}]: {value!r}")
    return value


def word(value: Any, key: str, kind: str = "a name") -> str:
    """The text that stands behind a key."""
    if not isinstance(value, str):
        raise InputError(f"{key}: expected {kind} in quotes: {value!r}")
    return value


def chosen(value: str, key: str, known: Iterable[str]) -> str:
    """One of the words that are known."""
    words = tuple(known)
    if value not in words:
        raise InputError(
            f"{key}: there is no {value!r}{did_you_mean(value, words)};"
            f" known are {', '.join(words)}"
        )
    return value


def front_of(table: Mapping[str, Any]) -> Front:
    """The title block that ``[document]`` states; :class:`InputError` names the key."""
    stated = subtable(table, "document")
    check_keys(stated, FRONT, "document")
    return Front(**{key: word(text, f"document.{key}", "a text") for key, text in stated.items()})
