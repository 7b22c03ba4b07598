"""Reports in the formats that people and programs read: a row each.

Every format can be encoded as UTF-8, whatever the document holds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files

from derive.checking.claims import Report, to_json
from derive.checking.reports.concise import as_concise
from derive.checking.reports.github import as_github
from derive.checking.reports.gitlab import as_gitlab
from derive.checking.reports.junit import as_junit
from derive.checking.reports.rdjson import as_rdjson
from derive.checking.reports.sarif import as_sarif
from derive.checking.reports.terminal import as_text, on_terminal
from derive.checking.reports.words import as_json_text

__all__ = ["FORMATS", "Format", "as_json", "as_text", "schema"]


def as_json(reports: Sequence[Report]) -> str:
    """The reports as JSON, one or several in the same shape; :func:`schema` says in which."""
    return as_json_text(to_json(reports))


def schema() -> str:
    """The JSON Schema of what :func:`as_json` writes."""
    return files(__name__).joinpath("report.schema.json").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Format:
    """One format of reports: what it is called, and what writes several reports in it."""

    name: str
    written: Callable[[Sequence[Report]], str]
    edits: bool = False
    """Whether it holds corrections of documents, which have to be looked for."""


_ROWS = (
    Format("text", on_terminal),
    Format("concise", as_concise),
    Format("json", as_json),
    Format("junit", as_junit),
    Format("sarif", as_sarif, edits=True),
    Format("github", as_github),
    Format("gitlab", as_gitlab),
    Format("rdjson", as_rdjson, edits=True),
)
FORMATS = {row.name: row for row in _ROWS}
"""All formats by their names, the usual one first."""
