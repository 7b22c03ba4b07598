"""Pipes, devices, closed streams and strange encodings: one line, the right status, no waiting.

Each case is a process of its own. A hang would be ended after many minutes; nothing here is timed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import Commands

MINUTES = 60 * 60
RIGHT = "dE_total/dw11 = (out_b1 - target_b1)*out_b1*(1 - out_b1)*out_a1"
WRONG = "∂E_total/∂w11 = 2*δ_b1*out_a1"
DERIVE = [sys.executable, "-m", "derive"]
PIPE, DEVICE, FOLDER = "is a pipe", "is a device", "Is a directory"
LOOP = "Too many levels of symbolic links"
STATUSES = {"proved": (RIGHT, 0), "refuted": (WRONG, 1), "unreadable": ("w11 = (", 3)}


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with everything in it that has a name and is no file."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    monkeypatch.setenv("COLUMNS", "300")
    for ending in ("md", "toml", "eq", "py"):
        os.mkfifo(f"pipe.{ending}")
        Path(f"folder.{ending}").mkdir()
        Path(f"loop.{ending}").symlink_to(f"loop.{ending}")
        Path(f"device.{ending}").symlink_to("/dev/zero")
    Path("folder").mkdir()


@pytest.fixture(scope="module")
def ready() -> Iterator[Commands]:
    """Commands of which each is a process, but does not import the program."""
    commands = Commands()
    yield commands
    commands.close()


def run(
    *arguments: str, behind: str = "", status: int | None = None, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """A command, with what a shell writes behind it, and without a traceback whatever happens."""
    command = ["bash", "-c", f'"$@" {behind}', "bash", *DERIVE, *arguments]
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**os.environ, **environment},
        timeout=MINUTES,
        check=False,
    )
    return ended(done, status)


def ended(
    done: subprocess.CompletedProcess[bytes], status: int | None
) -> subprocess.CompletedProcess[bytes]:
    """A command that ended without a traceback, and with this status."""
    said = (done.stdout + done.stderr).decode("utf-8", "replace")
    assert "Traceback" not in said
    assert "a fault of derive" not in said
    if status is not None:
        assert done.returncode == status, said
    return done


NO_FILES = [
    (("check", "pipe.toml", "w = w"), PIPE),
    (("check", "pipe.eq", "w = w"), PIPE),
    (("check", "pipe.md", "w = w"), PIPE),
    (("check", "device.toml", "w = w"), DEVICE),
    (("check", "device.eq", "w = w"), DEVICE),
    (("check", "/dev/zero", "w = w"), DEVICE),
    (("check", "folder", "w = w"), FOLDER),
    (("check", "folder.eq", "w = w"), FOLDER),
    (("check", "folder.toml", "w = w"), FOLDER),
    (("check", "loop.eq", "w = w"), LOOP),
    (("check", "loop.toml", "w = w"), LOOP),
    (("check", "2-2", "--file", "pipe.md"), PIPE),
    (("check", "2-2", "pipe.md"), PIPE),
    (("check", "2-2", "--file", "device.md"), DEVICE),
    (("check", "2-2", "--file", "folder.md"), FOLDER),
    (("check", "2-2", "--file", "loop.md"), LOOP),
    (("check", "2-2", "--file", "/dev/zero"), "the known endings are"),
    (("notes", "2-2", "-o", "pipe.md"), PIPE),
    (("notes", "2-2", "-o", "device.md"), DEVICE),
    (("notes", "2-2", "-o", "folder.md"), "is a folder"),
    (("notes", "2-2", "-o", "loop.md"), LOOP),
    (("notes", "2-2", "-o", f"{'x' * 300}.md"), "File name too long"),
    (("code", "2-2", "-o", "pipe.py"), PIPE),
    (("code", "2-2", "-o", "device.py"), DEVICE),
    (("code", "2-2", "-o", "/dev/null"), DEVICE),
    (("show", "2-2", "w11", "--templates", "pipe.md"), "is not a folder"),
    (("show", "2-2", "w11", "--templates", "/dev/zero"), "is not a folder"),
    (("show", "2-2", "w11", "--templates", "loop.md"), "is not a folder"),
    (("code", "2-2", "--templates", "device.py"), "is not a folder"),
    (("templates", "export", "pipe.md"), "cannot be written"),
    (("check", "\udcff", "w = w"), "no such file"),
    (("check", "a\x1b[31m\nb", "w = w"), r"'a\x1b[31m\nb'"),
    (("check", "2-2", "--file", "\udcff.md"), "there is no such file"),
    (("check", "x" * 100_000, "w = w"), "no such file"),
    (("notes", "2-2", "--loss", "x" * 100_000), "there is no 'xxx"),
    (("notes", "2-2", "-w", "\udcff"), "has no such weight"),
    (("notes", "2-2", "--templates", "\udcff"), "is not a folder"),
]


def shown(value: tuple[str, ...] | str) -> str:
    """The name of a case."""
    return " ".join(value)[:40].encode("ascii", "replace").decode()


@pytest.mark.parametrize(("arguments", "said"), NO_FILES, ids=shown)
@pytest.mark.slow
def test_what_is_no_file_is_refused(
    arguments: tuple[str, ...], said: str, ready: Commands, tmp_path: Path
) -> None:
    """One line of less than 2,100 characters, status 2, and what stood there stands there still."""
    is_refused(ended(ready.run(*arguments, folder=tmp_path), 2), said)


@pytest.mark.slow
@pytest.mark.parametrize(("arguments", "said"), NO_FILES, ids=shown)
def test_what_is_no_file_is_refused_from_the_start(arguments: tuple[str, ...], said: str) -> None:
    """The same in a process that begins with the interpreter."""
    is_refused(run(*(os.fsencode(each) for each in arguments), status=2), said)  # type: ignore[arg-type]


def is_refused(done: subprocess.CompletedProcess[bytes], said: str) -> None:
    """One line that says it, and nothing else has happened."""
    message = done.stderr.decode()
    assert said in message
    assert message.startswith("error: ")
    assert message.count("\n") == 1
    assert message.removesuffix("\n").isprintable()
    assert len(message) < 2_100
    assert done.stdout == b""
    assert Path("/dev/null").is_char_device()
    assert Path("pipe.md").is_fifo()


def test_standard_input_without_an_end_is_refused() -> None:
    """Formulas from /dev/zero: no more is read than a file may have."""
    done = run("check", "2-2", "--file", "-", behind="</dev/zero", status=2)
    assert b"standard input: more than 10,000,000 bytes" in done.stderr


def test_a_document_of_a_hundred_megabytes_is_refused_by_its_size(
    ready: Commands, tmp_path: Path
) -> None:
    """It is not even read: a file without any blocks on the disk says the same."""
    for name in ("large.md", "large.toml", "large.eq"):
        with Path(name).open("wb") as file:
            file.truncate(100_000_000)
    for arguments in (("2-2", "--file", "large.md"), ("large.toml", "w=w"), ("large.eq", "w=w")):
        done = ended(ready.run("check", *arguments, folder=tmp_path), 2)
        assert b"100,000,000 bytes; at most 10,000,000 are read" in done.stderr


@pytest.mark.parametrize(
    "closed",
    [
        ">&-",
        "<&- >&- 2>&-",
        *(pytest.param(c, marks=pytest.mark.slow) for c in ("<&-", "2>&-", ">&- 2>&-")),
    ],
)
@pytest.mark.parametrize(("formula", "status"), STATUSES.values(), ids=STATUSES)
def test_closed_streams_change_no_verdict(closed: str, formula: str, status: int) -> None:
    """Where nobody can read the report, the exit status still says what there is to say."""
    done = run("check", "2-2", formula, behind=closed, status=status)
    assert bool(done.stdout) is (">&- " not in f" {closed} ".replace("2>&-", ""))


@pytest.mark.parametrize(
    "closed",
    ["<&- >&- 2>&-", *(pytest.param(c, marks=pytest.mark.slow) for c in (">&-", "2>&-"))],
)
@pytest.mark.slow
def test_a_document_is_written_whole_without_any_stream(closed: str) -> None:
    """No file gets the number of a closed stream, and with it what is meant for the terminal."""
    run("notes", "2-2", "-o", "open.md", status=0)
    run("notes", "2-2", "-o", "closed.md", behind=closed, status=0)
    written = {name: Path(f"{name}.md").read_bytes() for name in ("open", "closed")}
    assert written["open"].replace(b"open-", b"closed-") == written["closed"]
    assert Path("open-network.svg").read_bytes() == Path("closed-network.svg").read_bytes()


@pytest.mark.slow
def test_closed_input_is_said() -> None:
    """Formulas are to come from standard input, and there is none."""
    done = run("check", "2-2", "--file", "-", behind="<&-", status=2)
    assert done.stderr == b"error: standard input is closed; give a file or write what is meant\n"


@pytest.mark.parametrize(
    "reader",
    [("", "true"), pytest.param(("--json", "head -1"), marks=pytest.mark.slow)],
    ids=["nothing", "a line"],
)
@pytest.mark.parametrize(("formula", "status"), STATUSES.values(), ids=STATUSES)
def test_a_reader_that_goes_away_changes_no_verdict(
    formula: str, status: int, reader: tuple[str, str]
) -> None:
    """``| true`` reads nothing, and the exit status is that of the verdict all the same."""
    option, reads = reader
    behind = f"{option} | {reads}; exit ${{PIPESTATUS[0]}}"
    run("check", "2-2", *[formula] * 50, behind=behind, status=status)


@pytest.mark.slow
def test_a_full_disk_is_one_line() -> None:
    """What cannot be written is no verdict: status 2."""
    for arguments in (("check", "2-2", RIGHT), ("--help",), ("notes", "2-2", "-o", "-")):
        done = run(*arguments, behind=">/dev/full", status=2)
        assert done.stderr == b"error: No space left on device\n"


@pytest.mark.parametrize(
    "encoding",
    ["latin-1", *(pytest.param(e, marks=pytest.mark.slow) for e in ("ascii", "cp1252", "utf-16"))],
)
@pytest.mark.slow
def test_every_encoding_can_show_a_report(encoding: str) -> None:
    """What it has no sign for is written as an escape, of which JSON says the same."""
    done = run("check", "2-2", WRONG, PYTHONIOENCODING=encoding, status=1)
    assert done.stdout.decode(encoding if encoding != "ascii" else "utf-8").startswith("refuted")
    done = run("check", "2-2", f"{WRONG} 😀", "--json", PYTHONIOENCODING=encoding, status=3)
    report = json.loads(done.stdout.decode(encoding if encoding != "ascii" else "utf-8"))
    assert report["claims"][0]["latex"] == f"{WRONG} 😀"
    run("gradcheck", "mazur", PYTHONIOENCODING=encoding, status=0)
    run("show", "2-2", "w11", PYTHONIOENCODING=encoding, status=0)
    run("networks", PYTHONIOENCODING=encoding, status=0)


@pytest.mark.parametrize(
    "encoding", ["latin-1", *(pytest.param(e, marks=pytest.mark.slow) for e in ("ascii", "utf-8"))]
)
def test_a_document_on_standard_output_is_that_of_the_file_in_any_encoding(
    encoding: str, ready: Commands, tmp_path: Path
) -> None:
    """Documents and programs are UTF-8 wherever they go; pictures are files or part of the text."""
    for command, file in (("notes", "notes.md"), ("code", "code.py")):
        ended(ready.run(command, "2-2", "-o", file, folder=tmp_path), 0)
        done = run(command, "2-2", "-o", "-", PYTHONIOENCODING=encoding, status=0)
        text = Path(file).read_bytes()
        for picture in Path().glob("*.svg"):
            inside = b"data:image/svg+xml;base64," + b64encode(picture.read_bytes())
            text = text.replace(f"({picture.name})".encode(), b"(" + inside + b")")
        assert done.stdout == text


PLAIN = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.mark.parametrize(
    ("network", "formula", "status", "plain"),
    [
        ("2-2", RIGHT, 0, PLAIN),
        ("2-x", WRONG, 2, PLAIN),
        ("2-2", WRONG, 3, PLAIN),
        ("2-2", WRONG, 1, {"LC_ALL": "C"}),
    ],
)
@pytest.mark.slow
def test_a_system_without_unicode_is_no_obstacle(
    network: str, formula: str, status: int, plain: dict[str, str]
) -> None:
    """The C locale, with and without Python's own remedies against it."""
    run("check", network, formula, status=status, **plain)
