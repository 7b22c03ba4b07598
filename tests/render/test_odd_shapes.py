"""Networks with one of something, or none: what a document says of them is said of these."""

from __future__ import annotations

import re

import pytest

from derive.networks.network import Network
from tests.shelf import proved, written

NETWORKS = {
    "1-1": Network((1, 1), ("identity",)),
    "1-1-1": Network((1, 1, 1)),
    "1-1-1-1-1": Network((1,) * 5),
    "3-1-3": Network((3, 1, 3)),
    "a dead end": Network((2, 1, 2), ("relu", "softmax"), "categorical-cross-entropy", "layer"),
    "a skip": Network(
        (1, 1, 1, 1),
        ("relu", "relu", "sigmoid"),
        "binary-cross-entropy",
        "neuron",
        skip=((1, 3),),
        l2=0.01,
    ),
    "a gap": Network((3, 3, 1), ("tanh", "identity"), skip=((0, 1),), missing=("w12",), l2=0.1),
}
SAID = {
    "1-1": (
        "That makes one weight.",
        "each of these neurons is connected to the next",
        "those of [(9)](#eq-9), of which the second is 1.",
        "Of the way forward only the output has to be kept.",
    ),
    "1-1-1": (
        "$out_{a_1}$ is the input.",
        "What layer $c$ receives is the output of the layer before:",
        "The input and the target are",
        "by the product that it is:",
        "Innermost is the product.",
        "belong to the neuron, and not to the weight.",
        "through the neuron of the next layer, which passes its $\\delta$ back",
        "Choose the weights at random, and small.",
        "Backward, to the hidden layer:",
        "fade: from the output back they are of the size",
    ),
    "1-1-1-1-1": ("Backward, from the last hidden layer to the first:",),
    "3-1-3": (
        "Innermost is the product.",
        "through every neuron of the next layer. Each of them",
        "The inputs and targets are",
        "$out_{a_1}$ is the first input.",
    ),
    "a dead end": (
        "All derivatives are 0 here, so that no step changes anything, and the error stays at",
        "This example says nothing about them, and leaves them as they are.",
    ),
    "a skip": (
        "the dashed orange line leads there directly",
        "This example says nothing about it, and leaves it as it is.",
        "and this example says nothing about the weights that lead there",
    ),
    "a gap": (
        "the same for every weight that leads to the neuron",
        "and the factor $\\lambda$ and the weights",
        "The inputs and the target are",
    ),
}
UNSAID = {
    "1-1": ("of softmax", "and so on for every weight", "1 numbers", "**Table 3.** The shapes"),
    "1-1-1": (
        "every neuron of the next layer",
        "The shapes, as a check",
        "neurons of a layer that began",
    ),
    "a dead end": ("fade", "The step takes the error", "of the size"),
    "a skip": ("goes by way of $E_{total}$",),
    "a gap": ("of softmax",),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_what_is_said_fits_how_many_there_are(name: str) -> None:
    """One neuron is not spoken of as every neuron, and no table has nothing to tell."""
    text = " ".join(written(NETWORKS[name], "markdown").split())
    assert [said for said in SAID[name] if said not in text] == []
    assert [unsaid for unsaid in UNSAID.get(name, ()) if unsaid in text] == []


@pytest.mark.parametrize("name", NETWORKS)
def test_no_count_disagrees_with_its_noun(name: str) -> None:
    """One weight, two weights."""
    text = written(NETWORKS[name], "markdown")
    wrong = r"\b(?:one|1) (?:weights|inputs|biases|multiplications|numbers|neurons|layers|steps)\b"
    assert re.findall(wrong, text) == []
    several = (
        r"\b(?:two|three|four|six|[2-9]|[1-9][0-9]+) (?:weight|input|bias|multiplication|number)\b"
    )
    assert re.findall(several, text) == []


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.slow
def test_all_of_it_is_read_back_and_proved(name: str) -> None:
    """Every equation in the text, in odd shapes as in others."""
    proved(NETWORKS[name], "markdown")
