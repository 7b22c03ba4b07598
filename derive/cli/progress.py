"""How far a command has come: a line of the terminal, there while somebody has to wait."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from shutil import get_terminal_size
from threading import Event, Thread
from typing import Self, TextIO, TypeVar

T = TypeVar("T")

PATIENCE = 2.0
"""Seconds of work of which nothing is said."""
OFTEN = 0.5
"""Seconds from one line to the next."""


class Progress:
    """Says on standard error how long `work` has taken, and how many of its parts are done.

    The parts are counted as they pass: ``for name in progress(names)``. A thread draws the line, so
    that it goes on where nothing is counted. Where no terminal is looking, nothing is drawn.
    """

    def __init__(
        self,
        work: str,
        out: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], bool] | None = None,
    ) -> None:
        self.work = work
        self.out = out or sys.stderr
        self.count = ""
        self._clock, self._over = clock, Event()
        self._wait = wait or self._over.wait
        self._start = clock()
        self._shown = False
        self._thread = Thread(target=self._draw, daemon=True)

    def __call__(self, parts: Sequence[T]) -> Iterator[T]:
        """The parts of the work, one after the other."""
        for done, part in enumerate(parts):
            self.count = f" {done} of {len(parts)}," if len(parts) > 1 else ""
            yield part
        self.count = ""

    def __enter__(self) -> Self:
        if self.out.isatty() and os.environ.get("TERM") != "dumb":
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._thread.ident is not None:
            self._thread.join()
        if self._shown:
            self._write("")

    def _draw(self) -> None:
        """Draw the line again and again, until the work is done; called with a wait for its end."""
        while not self._wait(OFTEN):
            seconds = self._clock() - self._start
            if seconds >= PATIENCE:
                self._shown = True
                self._write(f"{self.work}:{self.count} {seconds:.0f} s")

    def _write(self, line: str) -> None:
        width = get_terminal_size((80, 24)).columns - 1
        self.out.write(f"\r\x1b[K{line[:width]}")
        self.out.flush()
