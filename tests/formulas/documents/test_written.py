"""A document that the program wrote says in its first line what it is about, and is judged so."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from derive import Model, check_document
from derive.checking.claims import Report, Verdict
from derive.cli import cli
from derive.errors import InputError
from derive.files import MARK
from derive.networks.shipped import SHIPPED, shipped
from derive.networks.sources import saying

EQUATIONS = """
weights: v
y[j] = v[j]*x, j=1..2
E = 1/2*sum((y[j] - t[j])^2, j=1..2)
"""


def run(*words: str) -> tuple[int, str]:
    """A command's exit status, and what it printed."""
    result = CliRunner().invoke(cli, words)
    return result.exit_code, result.output


def written(text: str, said: str) -> Report:
    """The report on a text below the first line of a document about what is `said`."""
    mark = MARK.replace(";", f" for {said};", 1)
    return check_document(None, f"<!-- {mark} -->\n\n{text}\n", "md")


@pytest.mark.parametrize(
    "words",
    [
        ("2-3-1", "-o", "notes.md"),
        ("2-3-1", "--activation", "tanh, sigmoid", "--bias", "layer", "-o", "notes.tex"),
        ("2-3-2", "--loss", "(t - o)^2", "--notation", "ng", "--seed", "7", "-o", "notes.md"),
        *(
            pytest.param((name, "-o", f"notes{ending}"), marks=pytest.mark.slow)
            for name in shipped()
            for ending in (".md", ".tex")
        ),
    ],
)
def test_what_was_written_is_proved_without_being_told_the_network(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its options, its notation and the numbers that were drawn; a mistake in it is found."""
    monkeypatch.chdir(tmp_path)
    assert run("notes", *words)[0] == 0
    status, said = run("check", words[-1])
    assert status == 0, said
    path = Path(words[-1])
    text = path.read_text("utf-8")
    place = text.index(r"\frac{\partial")
    path.write_text(f"{text[:place]}2 {text[place:]}", "utf-8")
    assert run("check", words[-1])[0] == 1


def test_a_file_of_a_network_is_found_from_the_folder_of_the_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever the command is given."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nets").mkdir()
    Path("nets/my own.eq").write_text(EQUATIONS, "utf-8")
    assert run("notes", "nets/my own.eq", "-o", "notes/mine.md")[0] == 0
    first = Path("notes/mine.md").read_text("utf-8").partition("\n")[0]
    assert 'network="../nets/my own.eq"' in first
    monkeypatch.chdir(tmp_path / "nets")
    assert run("check", "../notes/mine.md")[0] == 0


def test_whoever_says_something_else_is_believed() -> None:
    """The network of the command, of a comment or of the front matter goes before the first line."""
    text = r"$$w_{31} = w_{31}$$ $$w_{11} = 2 w_{11}$$"
    assert written(text, "network=2-4-3-2").network == "2-4-3-2"
    assert check_document("2-2", written(text, "network=2-4-3-2").text or "", "md").network == "2-2"
    own = written(f"<!-- derive: network=2-2 -->\n{text}", "network=2-4-3-2 activation=tanh")
    assert own.network == "2-2"
    front = f"---\nderive: {{network: 2-2}}\n---\n{text}"
    assert check_document(None, front, "md").network == "2-2"


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        ("network=2-2", False),
        ("network=2-2 activation=tanh", True),
        ('network=2-2 activation="tanh"', True),
        ("network=2-2 activation=relu", False),
    ],
)
def test_the_options_of_a_network_stand_beside_its_name(said: str, holds: bool) -> None:
    """In the first line, in any comment, and in front matter; they are those of the commands."""
    claim = r"$$\frac{\partial out_{b_1}}{\partial net_{b_1}} = 1 - out_{b_1}^2$$"
    for report in (
        written(claim, said),
        check_document(None, f"<!-- derive: {said} -->\n{claim}", "md"),
    ):
        (found,) = report.claims
        assert (found.verdict is Verdict.PROVED) == holds


def test_the_options_of_one_network_are_not_those_of_the_next() -> None:
    """Its notation holds on, as that is how the author writes."""
    text = (
        "<!-- derive: network=1-1 activation=tanh notation=indexed -->\n"
        r"$$\frac{\partial a^2_1}{\partial z^2_1} = 1 - (a^2_1)^2$$"
        "\n<!-- derive: network=1-1 -->\n"
        r"$$\frac{\partial a^2_1}{\partial z^2_1} = 1 - (a^2_1)^2$$"
    )
    verdicts = [claim.verdict for claim in check_document(None, text, "md").claims]
    assert verdicts == [Verdict.PROVED, Verdict.REFUTED]


def test_options_in_a_comment_are_those_of_the_network_that_is_given() -> None:
    """The seed, too; a model that is made already takes none."""
    text = "<!-- derive: seed=7 activation=tanh -->\n$$w_{11} = w_{11}$$"
    (claim,) = check_document("2-2", text, "md").claims
    assert claim.verdict is Verdict.PROVED
    with pytest.raises(InputError, match=r"activation=tanh: .*--activation tanh"):
        check_document(Model.of("2-2"), text, "md")


def test_a_seed_is_a_number() -> None:
    """Else the error says what to write."""
    with pytest.raises(InputError, match="seed=x: write a whole number"):
        written("$$w_{11} = w_{11}$$", "network=2-2 seed=x")


def test_what_cannot_stand_in_a_comment_is_not_said(tmp_path: Path) -> None:
    """A document of such a file says that the program wrote it, and no more."""
    path = tmp_path / 'a"b.eq'
    path.write_text(EQUATIONS, "utf-8")
    assert saying(str(path), {}, tmp_path) == ""
    assert saying("2-2", {"activation": "a --> b"}, tmp_path) == ""
    assert saying("2-2", {"activation": None, "bias": "none"}, tmp_path) == "network=2-2 bias=none"
    assert saying(str(SHIPPED / "lstm.eq"), {}, SHIPPED) == "network=lstm.eq"
