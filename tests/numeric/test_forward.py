"""The model evaluated in floating point."""

from __future__ import annotations

import math
import subprocess
import sys

import pytest

from derive import Model
from derive.calculus.chain import Chain
from derive.errors import InputError
from derive.networks.network import Network
from derive.numeric.forward import adjoints, examples, gradients, quantities


def points(net: Network, model: Model | None = None) -> list[dict[str, float]]:
    """Every quantity of a network, for each example."""
    model = model or Model.of(net)
    return [quantities(model, example) for example in examples(model, net)]


def network(text: str, **table: object) -> Network:
    """A network of these layers with the rest of its table."""
    layers = [int(size) for size in text.split("-")]
    return Network.from_table({"layers": layers, **table}, "", {})


def test_every_quantity_has_a_value_for_each_example() -> None:
    """A batch of two gives two values for each quantity, its parameters the same twice."""
    net = network(
        "1-1",
        activation="identity",
        bias="neuron",
        numbers={
            "inputs": [[2.0], [3.0]],
            "targets": [[1.0], [0.0]],
            "weights": [[4.0]],
            "biases": [[0.5]],
        },
    )
    first, second = points(net)
    assert list(first) == list(Model.of(net).quantities)
    both = {name: [first[name], second[name]] for name in first}
    assert both == {
        "out_a1": [2, 3],
        "w11": [4, 4],
        "bias_b1": [0.5, 0.5],
        "net_b1": [8.5, 12.5],
        "out_b1": [8.5, 12.5],
        "target_b1": [1, 0],
        "E_b1": [28.125, 78.125],
        "E_total": [28.125, 78.125],
    }


def test_deltas_and_gradients_by_hand() -> None:
    """With identities δ = out - target, and a gradient is δ times the input."""
    net = network(
        "1-1",
        activation="identity",
        numbers={"inputs": [2.0], "targets": [1.0], "weights": [[4.0]]},
    )
    chain = Chain(Model.of(net))
    (values,) = points(net, chain.model)
    assert adjoints(chain, values) == {"net_b1": 7}
    assert gradients(chain, values) == {"w11": 14}


@pytest.mark.parametrize(
    ("activation", "low", "high"),
    [("sigmoid", 0, 1), ("tanh", -1, 1), ("relu", 0, 1000), ("identity", -1000, 1000)],
)
def test_activations_far_from_zero(activation: str, low: float, high: float) -> None:
    """At net = ±1000 no activation overflows, and no gradient is NaN."""
    for net_input, expected in ((-1000.0, low), (1000.0, high)):
        net = network(
            "1-1",
            activation=activation,
            numbers={"inputs": [net_input], "targets": [0.5], "weights": [[1.0]]},
        )
        chain = Chain(Model.of(net))
        (values,) = points(net, chain.model)
        assert values["out_b1"] == expected
        assert math.isfinite(gradients(chain, values)["w11"])


def test_relu_slope_at_zero_is_zero() -> None:
    """relu'(0) is taken as 0."""
    net = network(
        "1-1",
        activation="relu",
        numbers={"inputs": [0.0], "targets": [1.0], "weights": [[1.0]]},
    )
    chain = Chain(Model.of(net))
    (values,) = points(net, chain.model)
    assert adjoints(chain, values) == {"net_b1": 0}


def test_overflow_is_infinite() -> None:
    """A square beyond the largest double is infinite here; gradcheck says so in words."""
    net = network(
        "1-1",
        activation="identity",
        numbers={"inputs": [1e200], "targets": [0.0], "weights": [[1.0]]},
    )
    assert points(net)[0]["E_total"] == math.inf


def test_without_numbers() -> None:
    """A network without numbers is refused with what would do."""
    net = Network.read("2-1")
    with pytest.raises(InputError, match="no numbers; give"):
        points(net)


def test_loads_neither_numpy_nor_sympy() -> None:
    """Formulas in floating point are plain Python, so that they start at once."""
    code = (
        "import sys, derive.functions.floats;"
        "assert not {'numpy', 'sympy'} & set(sys.modules), 'heavy import'"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
