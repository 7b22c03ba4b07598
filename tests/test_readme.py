"""The README says what there is: every activation, loss, key and family, and files that are read."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from derive import functions
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
