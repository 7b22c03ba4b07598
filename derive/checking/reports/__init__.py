"""Reports in the formats that people and programs read: text, JSON, JUnit, SARIF, GitHub Actions.

Every format can be encoded as UTF-8, whatever the document holds.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from derive.checking.claims import Report
from derive.checking.reports.github import as_github
from derive.checking.reports.junit import as_junit
from derive.checking.reports.sarif import as_sarif
from derive.checking.reports.terminal import as_text
from derive.checking.reports.words import encodable

__all__ = ["as_github", "as_json", "as_junit", "as_sarif", "as_text"]


def as_json(reports: Sequence[Report]) -> str:
    """The reports as JSON: an object for a single one, a list of objects for several."""
    tables = [report.to_json() for report in reports]
    whole = tables[0] if len(tables) == 1 else tables
    return encodable(json.dumps(whole, indent=2, ensure_ascii=False, allow_nan=False))
