"""What the program wrote it may replace; what somebody else wrote it leaves alone."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from click.testing import CliRunner

from derive import InputError, check_document, check_file, files, write_code, write_notes
from derive.cli import cli
from derive.files import MARK, marked

SAYS = marked("network=2-2 seed=0")
COMMENTS = {"md": f"<!-- {SAYS} -->", "tex": f"% {SAYS}", "py": f"# {MARK}"}


def run(*arguments: str) -> tuple[int, str]:
    command = "code" if arguments[-1].endswith(".py") else "notes"
    result = CliRunner().invoke(cli, [command, *arguments])
    return result.exit_code, result.output


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("ending", COMMENTS)
def test_every_file_carries_the_mark_and_is_replaced(ending: str) -> None:
    """The first line is a comment of the format; the same input gives the same bytes."""
    path = Path(f"made.{ending}")
    assert run("2-2", "-o", str(path)) == (0, f"wrote {path}\n")
    first = path.read_bytes()
    assert first.decode().splitlines()[0] == COMMENTS[ending]
    assert run("2-2", "-o", str(path)) == (0, f"wrote {path}\n")
    assert path.read_bytes() == first
    assert run("1-1", "-o", str(path))[0] == 0
    assert path.read_bytes() != first


def test_a_program_keeps_its_docstring() -> None:
    """The comment stands before it and takes nothing from it."""
    docstring = ast.get_docstring(ast.parse(write_code("1-1")))
    assert docstring is not None
    assert docstring.startswith("Backpropagation through a 1-1 network.")


@pytest.mark.parametrize("ending", COMMENTS)
def test_a_file_of_somebody_else_is_kept(ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused before any work, with what would do; --force replaces it."""
    path = Path(f"mine.{ending}")
    path.write_text("My own derivation.\n")
    with monkeypatch.context() as patch:
        for place in ("render.writing.document", "code.read"):
            patch.setattr(f"derive.{place}", lambda *_, **__: pytest.fail("work was done"))
        status, said = run("2-2", "-o", str(path))
    assert status == 2
    assert said == (
        f"error: {path}: is there already, and derive did not write it; choose another place with"
        " -o, or replace it with --force\n"
    )
    assert path.read_text() == "My own derivation.\n"
    assert run("2-2", "--force", "-o", str(path))[0] == 0
    assert COMMENTS[ending] in path.read_text(encoding="utf-8")


def test_an_empty_file_has_nothing_to_lose() -> None:
    """As mktemp and touch make them; a mark that is not in the first line is a quotation."""
    Path("empty.md").touch()
    assert run("2-2", "-o", "empty.md")[0] == 0
    Path("quoted.md").write_text(f"They say:\n<!-- {MARK} -->\n")
    assert run("2-2", "-o", "quoted.md")[0] == 2


def test_python_does_the_same() -> None:
    """``force`` is the option of that name."""
    Path("mine.md").write_text("mine")
    Path("mine.py").write_text("mine")
    with pytest.raises(InputError, match="derive did not write it"):
        write_notes("1-1", "mine.md")
    with pytest.raises(InputError, match="derive did not write it"):
        write_code("1-1", "mine.py")
    write_notes("1-1", "mine.md", force=True)
    write_code("1-1", "mine.py", force=True)


@pytest.mark.parametrize("ending", ["md", "tex"])
def test_the_check_does_not_see_the_mark(ending: str) -> None:
    """It is no formula, none that claims nothing either, and only moves the lines."""
    path = Path(f"made.{ending}")
    write_notes("1-1", path)
    marked = check_file("1-1", path)
    mark, rest = path.read_text(encoding="utf-8").split("\n", 1)
    bare = check_document("1-1", rest, ending)
    assert MARK in mark
    assert marked.summary == bare.summary
    assert marked.not_judged == bare.not_judged
    assert [claim.line - 1 for claim in marked.claims] == [claim.line for claim in bare.claims]


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (("2-3-1",), "2-3-1.md"),
        (("2-3-1", "--all", "--seed", "3"), "2-3-1.md"),
        (("2-3-1", "--activation", "tanh"), "2-3-1-tanh.md"),
        (("2-3-1", "--activation", "tanh, sigmoid"), "2-3-1-tanh,sigmoid.md"),
        (("2-3-1", "--bias", "layer", "--notation", "indexed"), "2-3-1-layer-indexed.md"),
        (("2-3-1", "--loss", "(t - o)^4 / 4"), "2-3-1-(t-o)^4%2F4.md"),
    ],
)
def test_options_that_change_the_network_change_the_name(
    arguments: tuple[str, ...], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another network of the same sizes does not take the file of the first."""
    monkeypatch.setattr("derive.render.writing.document", lambda *_, **__: f"<!-- {MARK} -->\n")
    assert run(*arguments) == (0, f"wrote output/{name}\n")
    assert [path.name for path in Path("output").iterdir()] == [name]


def test_an_interrupt_leaves_no_half_of_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the file nor a temporary one."""

    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(files, "_mode", interrupted)
    with pytest.raises(KeyboardInterrupt):
        files.write_whole(Path("new.md"), "text")
    assert list(Path().iterdir()) == []
