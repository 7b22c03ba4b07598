"""What a network's file says about the document: the table ``[document]``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from derive.errors import InputError
from derive.model.facts import Front
from derive.suggest import did_you_mean

KEYS = tuple(field.name for field in fields(Front))


def front_of(table: Mapping[str, Any]) -> Front:
    """The title block that ``[document]`` states; :class:`InputError` names the key."""
    stated = table.get("document", {})
    if not isinstance(stated, dict):
        raise InputError(f"document: expected a table [document]: {stated!r}")
    for key, value in stated.items():
        if key not in KEYS:
            raise InputError(
                f"unknown key '[document] {key}'{did_you_mean(key, KEYS)};"
                f" known are {', '.join(KEYS)}"
            )
        if not isinstance(value, str):
            raise InputError(f"document.{key}: expected a text in quotes: {value!r}")
    return Front(**stated)
