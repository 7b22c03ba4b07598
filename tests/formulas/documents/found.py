"""What is found in a text, for the tests of all kinds of documents."""

from __future__ import annotations

import json
from typing import Any

from derive.checking.documents import Found, find


def texts(text: str, kind: str = "md") -> list[str]:
    return [found.text for found in find(text, kind)]


def numbers(text: str, kind: str = "md") -> list[str | None]:
    return [found.number for found in find(text, kind)]


def only(text: str, kind: str = "md") -> Found:
    (found,) = find(text, kind)
    return found


def slice_at(text: str, found: Found) -> str:
    """What stands in the source where a formula says it is."""
    rest = "\n".join(text.split("\n")[found.line - 1 :])
    return rest[found.column - 1 :][: len(found.text)]


def notebook(*cells: dict[str, Any]) -> str:
    """The text of a notebook with these cells."""
    return json.dumps({"cells": list(cells), "nbformat": 4})
