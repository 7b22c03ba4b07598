r"""How the documents of networks of equations tell what is particular to them.

The law once, factors that paths share taken out wherever they stand, steps of time by name, gates by
name, and an example in which something happens.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from derive.networks.equations.system import System
from derive.networks.network import Network
from derive.networks.sources import read
from tests.render.test_figures import LSTM
from tests.shelf import written

OUTPUT = Path(__file__).parents[2] / "output"


def network_of(name: str) -> Network | System:
    """A network of this test, of those of output/, or of the program."""
    if name == "lstm-2-2":
        return System.from_text(LSTM)
    own = OUTPUT / f"{name}.toml"
    return read(own if own.exists() else name)


def words(name: str) -> str:
    """The document in Markdown, each run of blanks a single one."""
    return " ".join(written(network_of(name), "markdown").split())


@pytest.mark.parametrize(
    ("name", "shared"),
    [
        ("rnn", r"(out - target) \cdot v \cdot \bigl(1 - h_3^2\bigr)"),
        ("conv2d", "y - target"),
        ("recurrent", "out - target"),
    ],
)
def test_what_all_paths_begin_with_is_taken_out(name: str, shared: str) -> None:
    """Paths that end apart, in the uses of a shared weight, begin alike at the single output."""
    text = words(name)
    assert f"paths begin alike, and ${shared}$ stands before the bracket" in text
    assert "no factor in common" not in text


def test_each_quantity_is_said_to_depend_on_a_weight_as_it_does() -> None:
    """w_1 stands in net_{t,1} and not in net_{t,2}, which depends on it by way of others alone."""
    assert (
        "$net_{3,1}$ depends on $w_1$ directly and through $h_{2,1}$ and $h_{2,2}$, and"
        " $net_{3,2}$ through $h_{2,1}$ and $h_{2,2}$:"
    ) in words("recurrent")
