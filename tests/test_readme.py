"""The README says what there is: every activation, loss, key and family, and files that are read."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from derive import functions
from derive.checking.reports import FORMATS
from derive.cli import cli
from derive.networks import network, settings
from derive.networks.families.table import families
from derive.networks.sources import read

TEXT = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
FIRST_CELLS = set(re.findall(r"^\| `([^`]+)` \|", TEXT, re.MULTILINE))
FILES = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize(
    "name", [*functions.ACTIVATIONS, functions.SOFTMAX, *functions.LOSSES, *network.BIASES]
)
def test_every_activation_loss_and_kind_of_bias_is_in_the_readme(name: str) -> None:
    """The first two have a row of a table; the kinds of bias stand in the row of `bias`."""
    assert name in FIRST_CELLS or f'`"{name}"`' in TEXT


@pytest.mark.parametrize("key", [key for key in settings.KEYS[""] if key != "names"])
def test_every_key_of_a_network_file_has_a_row(key: str) -> None:
    """A table [key] is written with its brackets."""
    assert {key, f"[{key}]"} & FIRST_CELLS


@pytest.mark.parametrize("family", families())
def test_every_family_is_named(family: str) -> None:
    """By the word that follows `family =` in its file."""
    assert f"`{family}`" in TEXT


@pytest.mark.parametrize("text", FILES)
def test_the_files_that_the_readme_shows_are_read(text: str, tmp_path: Path) -> None:
    """Each is a network as it stands, or part of one."""
    table = tomllib.loads(text)
    if "layers" not in table and "family" not in table:
        text = f"layers = [2, 2, 2]\n{text}"
    path = tmp_path / "net.toml"
    path.write_text(text, encoding="utf-8")
    assert read(path).name == "net"


def test_the_formats_of_reports_are_those_of_the_table() -> None:
    """A row each, in the order of the program's own table."""
    table = TEXT.partition("| `--format` |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(FORMATS)


SHOWN = re.findall(r"derive (check 2-4-3-2 notes\.md --format \w+)", TEXT)


@pytest.mark.parametrize("command", SHOWN)
def test_the_commands_for_ci_run(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a document with a mistake: they find it, and say so in their format."""
    monkeypatch.chdir(tmp_path)
    Path("notes.md").write_text("$w_{31} = w_{32}$", encoding="utf-8")
    result = CliRunner().invoke(cli, command.split())
    assert result.exit_code == 1
    assert "notes.md" in json.dumps(json.loads(result.stdout))


def test_there_are_commands_for_ci() -> None:
    """One for each of the formats that systems read from a file or a pipe."""
    assert {command.rpartition(" ")[2] for command in SHOWN} == {"gitlab", "sarif", "rdjson"}


HOOKS = (Path(__file__).parents[1] / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("entry", re.findall(r"entry: derive (.*)", HOOKS))
def test_the_hooks_run_as_the_readme_says(entry: str, tmp_path: Path) -> None:
    """The network stands in args, and the names of the changed files behind it."""
    for name in re.findall(r"`?(derive-\w+)`?", HOOKS):
        assert name in TEXT
    path = tmp_path / "notes.md"
    path.write_text("$net_{d_1} = w_{31} out_{c_1} + w_{32} out_{c_2} + w_{33} out_{c_1}$")
    result = CliRunner().invoke(cli, [*entry.split(), "2-4-3-2", str(path)])
    assert result.exit_code == ("--fix" not in entry)
    assert ("w_{33} \\cdot out_{c_3}" in path.read_text()) == ("--fix" in entry)


ARTICLE = re.search(
    r"```markdown\n(.*?)```\n\n```console\n\$ derive (.*?)\n(.*?)```", TEXT, re.DOTALL
)


def test_an_article_is_judged_as_the_readme_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The author's article stands in the README with the whole report on it."""
    assert ARTICLE is not None
    article, command, report = ARTICLE.groups()
    monkeypatch.chdir(tmp_path)
    Path("article.md").write_text(article, encoding="utf-8")
    result = CliRunner().invoke(cli, command.split())
    assert (result.exit_code, result.stdout) == (1, report)
    CliRunner().invoke(cli, [*command.split(), "--fix"])
    assert CliRunner().invoke(cli, command.split()).exit_code == 0
