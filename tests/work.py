"""Work is counted, never timed: a slow machine does the same work as a fast one.

A call of a function, the program's own or one of Python's, is the unit. A loop that repeats itself
too often calls something in each of its rounds, and so does a generator.
"""

from __future__ import annotations

import contextlib
import cProfile
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FrameType
from typing import Any

MOST_CALLS = 60_000_000
"""What untrusted input of any kind may take; the worst that is tried takes half of it."""
HANGS = 900
"""Seconds of computing after which a loop that calls nothing is taken for one without an end."""


class TooMuchWorkError(Exception):
    """More calls than allowed."""


@dataclass
class Count:
    """The calls so far."""

    calls: int = 0


@contextlib.contextmanager
def limited(most: int) -> Iterator[Count]:
    """Count the calls inside; raise :class:`TooMuchWorkError` when there are more than `most`.

    What the job inside catches and hides is raised again at its end.
    """
    count = Count()

    def seen(frame: FrameType, event: str, argument: Any) -> None:
        if event in ("call", "c_call"):
            count.calls += 1
            if count.calls == most:
                raise TooMuchWorkError(f"more than {most:,} calls")

    def ring(*_: object) -> None:
        count.calls = max(count.calls, most)
        raise TooMuchWorkError(f"more than {HANGS} seconds of computing")

    before, alarm = sys.getprofile(), signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, HANGS)
    sys.setprofile(seen)
    try:
        yield count
    finally:
        sys.setprofile(before)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, alarm)
    if count.calls >= most:
        raise TooMuchWorkError(f"more than {most:,} calls")


def calls(job: Callable[[], object]) -> int:
    """How many functions are called by a job that has been done once before."""
    job()
    profile = cProfile.Profile(subcalls=False)
    profile.runcall(job)
    return sum(entry.callcount for entry in profile.getstats())
