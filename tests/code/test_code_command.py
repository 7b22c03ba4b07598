"""``derive code`` as it is typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from derive.cli import cli
from derive.cli.code import LANGUAGES
from derive.code import LANGUAGES as KNOWN
from derive.code import write_code


def typed(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["code", *arguments])


@pytest.mark.slow
def test_the_terminal_and_a_file_get_the_same(tmp_path: Path) -> None:
    """Without -o, with '-o -' and in a file: one program, and nothing else on standard output."""
    text = write_code("mazur")
    assert typed("mazur").stdout == text
    assert typed("mazur", "-o", "-").stdout == text
    path = tmp_path / "new" / "mazur.py"
    written = typed("mazur", "-o", str(path))
    assert (written.exit_code, written.stdout) == (0, "")
    assert f"wrote {path}" in written.stderr
    assert path.read_text(encoding="utf-8") == text


def test_the_options_of_the_network() -> None:
    """They change the network, as for every other command."""
    text = typed("2-2", "--activation", "tanh", "--bias", "layer", "--notation", "numbered").stdout
    assert "out_o1 = np.tanh(net_o1)" in text
    assert '"b1": delta_o1 + delta_o2,' in text


def test_the_seed_draws_the_numbers() -> None:
    """--seed chooses the numbers of the example, and nothing else."""
    one, two = (typed("2-2", "--seed", seed).stdout.split("if __name__") for seed in "12")
    assert one[0] == two[0]
    assert one[1] != two[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["2-0"], "layer 2 of 2-0 has 0 neurons"),
        (["2-2", "-w", "w99"], "'w99': 2-2 has no such weight"),
        (["2-2", "--templates", "nosuch"], "nosuch is not a folder"),
        (["2-2", "--language", "fortran"], "'fortran' is not"),
        (["2-2", "-o", "."], "is a folder; name a file in it"),
    ],
)
def test_unusable_input(arguments: list[str], message: str) -> None:
    """Exit status 2, nothing on standard output, and what would do."""
    found = typed(*arguments)
    assert (found.exit_code, found.stdout) == (2, "")
    assert message in found.stderr


def test_the_languages_offered_are_those_there_are() -> None:
    """The command line lists them without loading what writes them."""
    assert LANGUAGES == KNOWN
