"""What a long command says while it works, by a clock that the test turns."""

from __future__ import annotations

import io
import re
from itertools import chain, repeat
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from click.testing import CliRunner

from derive import check, check_document, write_code, write_notes
from derive.cli import cli
from derive.cli.progress import OFTEN, PATIENCE, Progress
from tests.terminal import run

ERASED = "\r\x1b[K"


class Screen(io.StringIO):
    """What may be a terminal, and keeps everything that is written."""

    def __init__(self, terminal: bool = True) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


class Clock:
    """A clock that stands still until the work turns it; then the line has its turn."""

    def __init__(self) -> None:
        self.now = 100.0
        self.waiting, self.turn, self.ended = Event(), Event(), False

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> bool:
        """Called for the line: wait for the next turn."""
        assert seconds == OFTEN
        self.waiting.set()
        self.turn.wait()
        self.turn.clear()
        return self.ended

    def pass_(self, seconds: float, ended: bool = False) -> None:
        """Called by the work: it took so long; the line is drawn, if it has to be."""
        self.waiting.wait()
        self.waiting.clear()
        self.now += seconds
        self.ended = ended
        self.turn.set()
        if not ended:
            self.waiting.wait()


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")


def worked(screen: Screen, *parts: float, work: str = "notes 2-2") -> list[str]:
    """The lines that are drawn over parts of work that take so many seconds."""
    clock = Clock()
    with Progress(work, screen, clock, clock.wait) as watch:
        for seconds in watch(parts):
            clock.pass_(seconds)
        clock.pass_(0, ended=True)
    first, *lines = screen.getvalue().split(ERASED)
    assert first == ""
    return lines


def test_nothing_is_said_of_two_seconds() -> None:
    """What is done soon leaves no trace on the terminal."""
    assert "".join(worked(Screen(), *[PATIENCE / 16] * 15)) == ""


def test_a_longer_work_says_how_far_it_is_and_cleans_up() -> None:
    """The line has the parts that are done and the seconds; at the end it is erased."""
    assert worked(Screen(), 1, 1, 3, 0.5) == [
        "notes 2-2: 1 of 4, 2 s",
        "notes 2-2: 2 of 4, 5 s",
        "notes 2-2: 3 of 4, 6 s",
        "",
    ]


def test_work_without_parts_is_seen_to_go_on() -> None:
    """One long part is not counted, but its seconds are."""
    assert worked(Screen(), 61) == ["notes 2-2: 61 s", ""]


def test_the_line_fits_into_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that wraps could not be erased."""
    monkeypatch.setenv("COLUMNS", "20")
    assert worked(Screen(), 9, work="notes " + "x" * 50) == ["notes xxxxxxxxxxxxx", ""]


@pytest.mark.parametrize(
    ("terminal", "kind", "drawn"),
    [(True, "xterm", True), (False, "xterm", False), (True, "dumb", False)],
)
def test_without_a_terminal_nothing_is_drawn(
    terminal: bool, kind: str, drawn: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file or a pipe gets none of it, nor does a terminal that cannot erase; the work is done."""
    monkeypatch.setenv("TERM", kind)
    screen = Screen(terminal)
    times, ends = chain([0.0], repeat(60.0)), iter([False, True])
    with Progress("notes", screen, lambda: next(times), lambda _: next(ends)) as watch:
        assert list(watch([1, 2, 3])) == [1, 2, 3]
    assert bool(screen.getvalue()) is drawn


def test_an_error_erases_the_line_first() -> None:
    """What is said of the error stands in a line of its own."""
    screen, clock = Screen(), Clock()

    def fail() -> None:
        with Progress("notes", screen, clock, clock.wait):
            clock.pass_(5)
            clock.pass_(0, ended=True)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert screen.getvalue() == f"{ERASED}notes: 5 s{ERASED}"


class Seen:
    """A watch that keeps how many parts it was handed."""

    def __init__(self) -> None:
        self.counts: list[int] = []

    def __call__(self, parts: Any) -> Any:
        self.counts.append(len(parts))
        return iter(parts)


def test_whatever_takes_long_hands_its_parts_to_the_watch(tmp_path: Path) -> None:
    """Weights that are derived, equations that are read back, formulas that are judged."""
    weights = ["w11", "w12", "w13"]
    seen = Seen()
    write_notes("2-2", tmp_path / "a.md", weights=weights, watch=seen, check=True)
    assert seen.counts[0] == 3
    assert seen.counts[1] > 20
    seen = Seen()
    write_code("2-2", weights=weights, watch=seen)
    check("2-2", "w11 = w11", "w12 = w12", watch=seen)
    check_document("2-2", "$w_{11} = w_{11}$", "md", watch=seen)
    assert seen.counts == [3, 2, 1]


@pytest.mark.parametrize(
    "arguments",
    [
        ["notes", "2-2", "-o", "-"],
        ["code", "2-2"],
        ["gradcheck", "2-2"],
        ["check", "2-2", "w11 = w11"],
        ["show", "2-2", "w11"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_every_command_that_computes_is_watched(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of them work inside of a Progress."""
    begun = []
    init = Progress.__init__
    monkeypatch.setattr(
        Progress, "__init__", lambda self, work: (begun.append(work), init(self, work))[1]
    )
    assert CliRunner().invoke(cli, arguments).exit_code == 0
    assert begun == [f"{arguments[0]} 2-2"]


@pytest.mark.slow
def test_in_a_terminal_the_line_is_gone_at_the_end() -> None:
    """Seen from the other end of a terminal, with no patience: seconds, erased, and then the result."""
    program = (
        "import derive.cli, derive.cli.progress as progress\n"
        "progress.PATIENCE = 0\n"
        "progress.OFTEN = 1e-3\n"
        "derive.cli.main()\n"
    )
    status, shown = run("check", "2-4-3-2", *["w11 = w11"] * 3, program=program, NO_COLOR="1")
    assert status == 0
    lines = shown.split(ERASED)[1:-1]
    assert lines
    assert all(re.fullmatch(r"check 2-4-3-2:( \d of 3,)? \d+ s", line) for line in lines)
    assert shown.rpartition(ERASED)[2].splitlines() == [
        *["proved: w11 = w11"] * 3,
        "3 formulas: 3 proved",
    ]
