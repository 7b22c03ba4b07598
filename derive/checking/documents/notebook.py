"""Formulas in the Markdown cells of a notebook."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from derive.checking.documents.items import Found
from derive.checking.documents.markdown import find_markdown
from derive.errors import InputError


def find_notebook(text: str) -> list[Found]:
    """Every formula of a notebook, in order, each with the number of its cell."""
    found: list[Found] = []
    for number, cell in enumerate(_cells(text), 1):
        if not isinstance(cell, dict):
            raise InputError(f"cell {number} of the notebook is no table of its parts")
        if cell.get("cell_type") != "markdown":
            continue
        source = cell.get("source", "")
        if isinstance(source, list) and all(isinstance(line, str) for line in source):
            source = "".join(source)
        if not isinstance(source, str):
            raise InputError(f"cell {number} of the notebook: its source is no text")
        found.extend(replace(formula, cell=number) for formula in find_markdown(source))
    return found


def _cells(text: str) -> list[Any]:
    try:
        notebook = json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        raise InputError(
            f"line {error.lineno}, column {error.colno}: this is no notebook, for it is no JSON: "
            f"{error.msg}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise InputError("line 1, column 1: this is no notebook, for it cannot be read") from error
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise InputError("line 1, column 1: this is no notebook, for it has no list of cells")
    return cells
