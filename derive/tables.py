"""A TOML file, as a table of reasonable depth whose numbers can be computed with and printed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from derive.errors import InputError
from derive.files import MISSING_NETWORK, read_text

DEEPEST = 20
"""Tables and lists inside one another."""
MOST_DIGITS = 1_000
"""Digits of a whole number."""
_LARGEST = 10**MOST_DIGITS
_PART = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""
_LONG_KEY = re.compile(rf"(?:^|[\n{{{{,\[])[ \t]*+{_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{DEEPEST}}}")
"""A key of so many parts is as many tables inside one another."""


def read_table(path: Path) -> dict[str, Any]:
    """What the TOML file at `path` says. Raises :class:`InputError` that names it."""
    import tomllib

    text = read_text(path, MISSING_NETWORK)
    if _LONG_KEY.search(text):
        raise _too_deep(path)
    try:
        table = tomllib.loads(text)
    except RecursionError:
        raise _too_deep(path) from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: not a TOML file: {error}") from error
    except ValueError as error:
        # Python itself does not read a number of thousands of digits.
        raise InputError(f"{path}: not a TOML file: a number or a date too large") from error
    _check(table, path)
    return table


def _check(table: dict[str, Any], path: Path) -> None:
    """Nothing in the table is too deep or too large."""
    values: list[Any] = [table]
    for _ in range(DEEPEST):
        inner: list[Any] = []
        for value in values:
            if isinstance(value, dict):
                inner.extend(value.values())
            elif isinstance(value, list):
                inner.extend(value)
            elif isinstance(value, int) and abs(value) >= _LARGEST:
                raise InputError(f"{path}: a number of more than {MOST_DIGITS:,} digits")
        values = inner
        if not values:
            return
    raise _too_deep(path)


def _too_deep(path: Path) -> InputError:
    return InputError(f"{path}: not a TOML file that is read: nested more than {DEEPEST} deep")
