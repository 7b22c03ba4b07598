"""What all families share: how a file chooses one, its numbers, its options."""

from __future__ import annotations

from pathlib import Path

import pytest

from derive import InputError, Network, write_notes
from derive.networks.equations.system import System
from derive.networks.families.table import families
from derive.networks.sources import read
from tests.builders.families import stated

ELMAN = """
family = "recurrent"
steps = 2
inputs = 2
hidden = 1
outputs = 1
"""


def test_families_are_found_by_their_files() -> None:
    """Whatever module of derive.networks.families has a FAMILY is one; no list has to be kept."""
    assert {"recurrent", "convolution"} <= families().keys()


def test_a_file_with_a_family_is_a_network(tmp_path: Path) -> None:
    """It stands wherever a network is expected; options go before what it says."""
    path = tmp_path / "mine.toml"
    path.write_text(f'{ELMAN}description = "a network of mine"', encoding="utf-8")
    network = read(path, activation="sigmoid", bias="neuron")
    assert isinstance(network, System)
    assert network.name == "mine"
    assert "b" in network.weights
    text = write_notes(str(path), tmp_path / "notes.md", check=True).read_text(encoding="utf-8")
    assert "\n# Backpropagation through a network of mine\n" in text


def test_a_file_without_one_is_a_layered_network(tmp_path: Path) -> None:
    """Nothing changes for the files there were before."""
    path = tmp_path / "mine.toml"
    path.write_text("layers = [2, 1]", encoding="utf-8")
    assert isinstance(read(path), Network)


def test_errors_name_the_file(tmp_path: Path) -> None:
    """As for every other network file."""
    path = tmp_path / "mine.toml"
    path.write_text('family = "recurrnt"', encoding="utf-8")
    with pytest.raises(InputError) as error:
        read(path)
    assert str(error.value).startswith(f"{path}: family: there is no 'recurrnt'")
    assert "did you mean 'recurrent'?" in str(error.value)


def test_numbers_are_given_by_name() -> None:
    """A list stands for the quantities with the indices 1, 2, …; the rest is drawn at random."""
    network = stated(f"{ELMAN}[numbers]\nx = [[1, 2], [3, 4]]\nh_0 = 0\nw = [0.5, -0.5]\n")
    assert network.numbers == {
        "x_1_1": 1, "x_1_2": 2, "x_2_1": 3, "x_2_2": 4, "h_0": 0, "w_1": 0.5, "w_2": -0.5,
    }  # fmt: skip
    numbers = network.with_random_numbers(0).numbers
    assert numbers is not None
    assert numbers["x_2_1"] == 3
    assert set(numbers) == {*network.inputs, *network.weights}


def test_the_document_of_a_network_with_some_numbers_is_proved(tmp_path: Path) -> None:
    """What the file leaves open is drawn the same way for the example and for its check."""
    path = tmp_path / "mine.toml"
    path.write_text(f"{ELMAN}[numbers]\nh_0 = 0\n", encoding="utf-8")
    write_notes(str(path), tmp_path / "notes.md", check=True, seed=3)


# fmt: off
REFUSED = [
    ("",                                    "the key 'steps' is missing; write for example steps = 3"),
    ("[training]\nrate = 1",                "unknown key '[training] rate'; known is learning_rate"),
    ('[training]\nlearning_rate = "fast"',  "training.learning_rate: expected a finite number: 'fast'"),
    ("training = 3",                        "training: expected a table [training]: 3"),
    ("numbers = 3",                         "numbers: expected a table [numbers]: 3"),
    ("description = 3",                     "description: expected a text in quotes: 3"),
    ("[numbers]\ny = 1",                    "numbers.y: there is no input or weight 'y'; known are h, x, target, w, u, v"),
    ("[numbers]\nx = [[1, 2]]",             "numbers.x: x_2_1 is missing; it has x_1_1 to x_2_2"),
    ("[numbers]\nx = [[1, 2, 3], [4, 5]]",  "numbers.x: there is no x_1_3; it has x_1_1 to x_2_2"),
    ("[numbers]\nx = 3",                    "numbers.x: expected a list of numbers; it has x_1_1 to x_2_2"),
    ("[numbers]\nu = [3]",                  "numbers.u: u: expected a finite number: [3]"),
    ("[numbers]\nu = nan",                  "numbers.u: u: expected a finite number: nan"),
    ('[numbers]\nw = [1, "2"]',             "numbers.w: w_2: expected a finite number: '2'"),
    ("[numbers]\nx = [[1, [2]], [3, 4]]",   "numbers.x: x_1_2: expected a finite number: [2]"),
    ("[numbers]\n1 = 3",                    "numbers.1: there is no input or weight '1'"),
]
# fmt: on


@pytest.mark.parametrize(("text", "said"), REFUSED)
def test_what_cannot_be_used_is_one_line(text: str, said: str) -> None:
    """The key, its value and what would do."""
    with pytest.raises(InputError) as error:
        stated(f"{ELMAN}\n{text}" if text else 'family = "recurrent"')
    assert said in str(error.value)
    assert "\n" not in str(error.value)
