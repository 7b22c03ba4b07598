"""The figures of the self-check of the checker at the end of a run."""

from __future__ import annotations

from collections import Counter
from typing import Any


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Add up what the tests of the self-check have recorded, in all workers."""
    verdicts: Counter[tuple[str, str]] = Counter()
    planted: Counter[str] = Counter()
    named: Counter[str] = Counter()
    slowest = 0.0
    for report in [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]:
        for key, value in getattr(report, "user_properties", ()):
            if key == "self_check" and getattr(report, "when", "") == "call":
                verdicts.update({tuple(pair): count for pair, count in value[0]})
                planted.update(dict(value[1]))
                named.update(dict(value[2]))
                slowest = max(slowest, value[3])
    if not verdicts:
        return
    out = terminalreporter
    out.section("self-check of the checker")
    for (should, is_), count in sorted(verdicts.items()):
        out.write_line(f"{count:6} that should be {should}: {is_}")
    for row, count in planted.items():
        out.write_line(f"{named[row]:6} of {count} {row} named")
    share = named.total() / planted.total()
    out.write_line(f"{named.total():6} of {planted.total()} planted mistakes named: {share:.2%}")
    out.write_line(f"slowest verdict: {slowest:.2f} s")
