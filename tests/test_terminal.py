"""In a terminal: colours unless they are not wanted, and an end in one line after Ctrl-C."""

from __future__ import annotations

import os
import signal
import tomllib

import pytest

import derive
from tests.terminal import ROOT, run

WRONG = "∂E_total/∂w11 = 2*δ_b1*out_a1"
MISUSED = ("check", "2-2", "--nosuch")


@pytest.mark.parametrize("arguments", [("check", "2-2", WRONG), ("networks",), MISUSED])
@pytest.mark.slow
def test_colours_are_for_terminals_and_for_those_who_want_them(arguments: tuple[str, ...]) -> None:
    """NO_COLOR with anything in it turns them off, in results and in errors; an empty one does not."""
    coloured = run(*arguments, NO_COLOR="")
    plain = run(*arguments, NO_COLOR="1")
    assert "\x1b[" in coloured[1]
    assert "\x1b" not in plain[1]
    assert coloured[0] == plain[0]


def test_an_interrupt_ends_with_130_and_one_line() -> None:
    """Ctrl-C in the middle of the work: neither a traceback nor a word of click's."""
    program = (
        "import derive.render.writing, derive.cli\n"
        "def forever(*_, **__):\n"
        "    print('begun', flush=True)\n"
        "    while True: pass\n"
        "derive.render.writing.write_notes = forever\n"
        "derive.cli.main()\n"
    )

    def interrupt(process: int, shown: bytes) -> None:
        if shown.endswith(b"begun\r\n"):
            os.kill(process, signal.SIGINT)

    status, shown = run("notes", "2-2", program=program, act=interrupt, NO_COLOR="1")
    assert status == 130
    assert shown == "begun\nerror: interrupted\n"


def test_the_package_can_be_run_by_its_own_name() -> None:
    """``uvx`` and ``pipx run`` look for a command that is called like the package."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["scripts"][project["name"]] == project["scripts"]["derive"]


def test_the_citation_is_of_this_version() -> None:
    """CITATION.cff names the version and the licence that the package has."""
    lines = (ROOT / "CITATION.cff").read_text(encoding="utf-8").splitlines()
    assert f"version: {derive.__version__}" in lines
    assert "license: MIT" in lines
