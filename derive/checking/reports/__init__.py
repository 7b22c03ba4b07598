"""Reports in the formats that people and programs read: text, JSON, JUnit, SARIF, GitHub Actions.

Every format can be encoded as UTF-8, whatever the document holds.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from derive.checking.claims import Report
from derive.checking.reports.github import as_github
from derive.checking.reports.junit import as_junit
from derive.checking.reports.sarif import as_sarif
from derive.checking.reports.terminal import as_text
from derive.checking.reports.words import encodable

__all__ = ["as_github", "as_json", "as_junit", "as_sarif", "as_text"]


def as_json(reports: Sequence[Report]) -> str:
    """The reports as JSON: an object for a single one, a list of objects for several."""
    tables = [_finite(report.to_json()) for report in reports]
    whole = tables[0] if len(tables) == 1 else tables
    return encodable(json.dumps(whole, indent=2, ensure_ascii=False, allow_nan=False))


def _finite(value: Any) -> Any:
    """The value with null for the numbers that JSON cannot write, as an overflow in a witness."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _finite(one) for key, one in value.items()}
    return [_finite(one) for one in value] if isinstance(value, list) else value
