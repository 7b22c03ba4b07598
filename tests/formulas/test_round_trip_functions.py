"""Documents of layered networks of every kind are read back and proved, equation by equation.

Every activation and loss, softmax layers, missing connections, skip connections, the term for the
weights and functions of the user's own, in every notation and both formats.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from derive import Model, Network
from derive.errors import InputError
from derive.functions import ACTIVATIONS, LOSSES, SOFTMAX
from derive.functions.written import choices
from derive.notations import NOTATIONS
from tests.sample import sampled, square
from tests.shelf import FIRST, proved

SPECIAL: dict[str, dict[str, Any]] = {
    "softmax with the cross-entropy": {
        "layers": [2, 3, 3],
        "activation": ["tanh", SOFTMAX],
        "loss": "categorical-cross-entropy",
        "bias": "neuron",
    },
    "softmax with squares": {"layers": [2, 3, 2], "activation": [SOFTMAX, SOFTMAX]},
    "missing, skipping, small weights": {
        "layers": [2, 3, 2, 2],
        "activation": ["tanh", "softplus", "sigmoid"],
        "loss": "squared-error",
        "bias": "neuron",
        "l2": 0.01,
        "missing": ["w12", "w23"],
        "skip": [[0, 2], [2, 3]],
    },
    "functions of one's own": {
        "layers": [2, 2, 1],
        "activation": ["swish", "sigmoid"],
        "loss": "1/4*(t - o)^4",
        "functions": {"swish": "x*sig(x)"},
    },
    "many outputs": {
        "layers": [3, 12],
        "activation": [SOFTMAX],
        "loss": "categorical-cross-entropy",
    },
}
FORMATS = ["markdown", "latex"]
NOTES = {"side-condition"}
"""What may be remarked on an equation that the program wrote itself."""


def _table(activation: str, loss: str) -> dict[str, Any]:
    """A small network with this function in its hidden layer, and this loss."""
    last = SOFTMAX if loss == "categorical-cross-entropy" else "sigmoid"
    return {"layers": [2, 2, 2], "activation": [activation, last], "loss": loss, "bias": "layer"}


def checked(table: dict[str, Any], notation: str, format_: str) -> None:
    """Every numbered equation of the document is proved, and nothing is said against any."""
    network = Network.from_table(table, "mine", {"notation": notation})
    codes = proved(network, format_)
    # The kinks that derivatives pass are noted where there are kinks, and nowhere else.
    kinked = bool(choices(Model.of(network).definitions.values()))
    assert codes - NOTES == ({"kink"} if kinked else set())


@pytest.mark.parametrize("activation", sampled(ACTIVATIONS, ["tanh", "relu", "gelu"]))
@pytest.mark.slow
def test_every_activation(activation: str) -> None:
    """Its value, its derivative, and every step and rule in which they stand."""
    checked(_table(activation, "half-squared-error"), "letters", "markdown")


@pytest.mark.parametrize("loss", sampled(LOSSES, ["squared-error", "binary-cross-entropy"]))
def test_every_loss(loss: str) -> None:
    """Also where δ collapses to the difference of output and target."""
    checked(_table("sigmoid", loss), "indexed", "latex")


@pytest.mark.parametrize("name", SPECIAL)
@pytest.mark.slow
def test_every_structure(name: str) -> None:
    """Networks whose neurons are coupled, or not all connected."""
    checked(SPECIAL[name], "letters", "latex")


@pytest.mark.parametrize(
    ("name", "notation", "format_"),
    sampled(product(SPECIAL, NOTATIONS, FORMATS), (), square(SPECIAL, NOTATIONS, FORMATS)),
)
def test_every_structure_in_every_notation(name: str, notation: str, format_: str) -> None:
    """The same in both formats and all notations, but for what letters alone cannot say."""
    if notation == "rumelhart" and name in (
        "softmax with squares",
        "missing, skipping, small weights",
    ):
        with pytest.raises(InputError, match="letters alone say which layer"):
            checked(SPECIAL[name], notation, format_)
        return
    checked(SPECIAL[name], notation, format_)


@pytest.mark.parametrize(
    ("activation", "loss", "notation"),
    sampled(product(ACTIVATIONS, LOSSES, FIRST), (), square(ACTIVATIONS, LOSSES, FIRST)),
)
def test_every_activation_with_every_loss(activation: str, loss: str, notation: str) -> None:
    """All pairs, in every notation."""
    checked(_table(activation, loss), notation, "markdown")
