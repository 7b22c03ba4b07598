"""Recurrent networks: what is stated, backpropagation through time, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from derive import InputError, Model
from derive.calculus.chain import Chain
from derive.emit.text import Text
from derive.networks.equations.system import System
from tests.builders.families import array, definitions, prove_all, stated, values

ELMAN = 'family = "recurrent"\nsteps = 3\ninputs = 1\nhidden = 1\noutputs = 1\n'
WIDE = """
family = "recurrent"
steps = 3
inputs = 2
hidden = 2
outputs = 2
bias = "neuron"
output_activation = "sigmoid"
errors = "every"
"""
DEEP = """
family = "recurrent"
steps = 2
inputs = 2
hidden = [2, 1]
outputs = 2
activation = "sigmoid"
bias = "neuron"
"""

SOFT = """
family = "recurrent"
steps = 2
inputs = 1
hidden = 2
outputs = 2
output_activation = "softmax"
loss = "categorical-cross-entropy"
errors = "every"
"""
LATEX = (ELMAN, DEEP)


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def test_a_single_unit_is_the_shipped_network() -> None:
    """With one input, unit and output the indices of neurons go, and the file rnn.eq is left."""
    written = """
        net[t] = w*x[t] + u*h[t-1] + b, t=1..3
        h[t] = tanh(net[t]), t=1..3
        out = v*h[3] + b_out
        E = 1/2*(target - out)^2
    """
    by_hand = System.from_text(written)
    assert definitions(stated(ELMAN + 'bias = "neuron"')) == definitions(by_hand)
    assert definitions(stated(ELMAN))["net_2"] == "w · x_2 + u · h_1"


@pytest.mark.parametrize("seed", range(3))
def test_errors_at_every_step_are_those_of_a_loop_over_time(seed: int) -> None:
    """With h = tanh(W x + U h + b) and out = sig(V h + c) in NumPy the error is the same."""
    network = stated(WIDE)
    numbers, found = values(network, seed)
    x, target = array(numbers, "x"), array(numbers, "target")
    w, u, v = (array(numbers, stem) for stem in "wuv")
    h = np.array([numbers[f"h_0_{j}"] for j in (1, 2)])
    error = 0.0
    for t in range(3):
        h = np.tanh(w @ x[t] + u @ h + array(numbers, "b"))
        out = sigmoid(v @ h + array(numbers, "b_out"))
        assert [found[f"out_{t + 1}_{k}"] for k in (1, 2)] == pytest.approx(out, rel=1e-14)
        error += ((target[t] - out) ** 2).sum() / 2
    assert found["E"] == pytest.approx(error, rel=1e-13)


@pytest.mark.parametrize("seed", range(3))
def test_layers_that_stand_on_one_another_are_those_of_a_loop(seed: int) -> None:
    """The second layer reads the state of the first; the error is that of the last step alone."""
    network = stated(DEEP)
    numbers, found = values(network, seed)
    x = array(numbers, "x")
    h = [np.array([numbers["h_1_0_1"], numbers["h_1_0_2"]]), np.array([numbers["h_2_0"]])]
    for t in range(2):
        first, second = (
            {stem: array(numbers, f"{stem}_{n}") for stem in ("w", "u", "b")} for n in (1, 2)
        )
        h[0] = sigmoid(first["w"] @ x[t] + first["u"] @ h[0] + first["b"])
        h[1] = sigmoid(second["w"] @ h[0] + second["u"] * h[1] + second["b"])
    out = array(numbers, "v") * h[1] + array(numbers, "b_out")
    error = ((array(numbers, "target") - out) ** 2).sum() / 2
    assert found["E"] == pytest.approx(error, rel=1e-13)


def test_a_softmax_at_every_step_is_that_of_a_loop() -> None:
    """Shares of Σ e^net in each step, and the cross-entropy of all of them."""
    numbers, found = values(stated(SOFT), 1)
    u, v, target = (array(numbers, stem) for stem in ("u", "v", "target"))
    h = np.array([numbers["h_0_1"], numbers["h_0_2"]])
    error = 0.0
    for t in range(2):
        h = np.tanh(array(numbers, "w") * array(numbers, "x")[t] + u @ h)
        share = np.exp(v @ h) / np.exp(v @ h).sum()
        error -= (target[t] * np.log(share)).sum()
    assert found["E"] == pytest.approx(error, rel=1e-13)


@pytest.mark.parametrize("text", [ELMAN, WIDE, DEEP, SOFT, ELMAN.replace("steps = 3", "steps = 1")])
@pytest.mark.slow
def test_everything_is_proved(text: str) -> None:
    """Every gradient, every equation of the document, and the numeric check passes."""
    prove_all(stated(text), "latex" if text in LATEX else "markdown")


@pytest.mark.parametrize("steps", [1, 2, 5, 9])
def test_a_weight_has_a_path_for_every_use(steps: int) -> None:
    """Backpropagation through time: T uses of w, T paths to the last error, T summands.

    With an error at every step, the use at step t reaches the errors of t, …, T: T(T + 1)/2 paths.
    """
    text = ELMAN.replace("steps = 3", f"steps = {steps}")
    chain = Chain(Model.of(stated(text)))
    assert chain.count_paths("E", "w") == steps
    assert chain.count_paths("E", "u") == steps
    assert len(chain.model.used_in["w"]) == steps
    every = Chain(Model.of(stated(f'{text}errors = "every"')))
    assert every.count_paths("E", "w") == steps * (steps + 1) // 2


def test_the_gradient_adds_up_the_uses_of_a_weight() -> None:
    """∂E/∂u = Σ ∂E/∂net_t·h_{t−1}, and each ∂E/∂net_t comes from the step after it."""
    model = Model.of(stated(ELMAN))
    chain = Chain(model)
    text = Text(model)
    assert text.inline(chain.gradients["u"]) == (
        "∂E/∂net_1 · h_0 + ∂E/∂net_2 · h_1 + ∂E/∂net_3 · h_2"
    )
    assert text.inline(chain.deltas["h_1"]) == "∂E/∂net_2 · u"


# fmt: off
REFUSED = [
    ("steps = 0",              "steps: expected a whole number from 1 on: 0"),
    ('steps = "3"',            "steps: expected a whole number from 1 on: '3'"),
    ("hidden = []",            "hidden: expected a whole number from 1 on, or a list of such: []"),
    ("hidden = [2, 0]",        "hidden: expected a whole number from 1 on, or a list of such: [2, 0]"),
    ('errors = "first"',       "errors: there is no 'first'; known are last, every"),
    ('bias = "neurons"',       "bias: there is no 'neurons' (did you mean 'neuron'?); known are none, neuron"),
    ("bias = true",            "bias: expected a name in quotes: True"),
    ('activation = "tahn"',    "activation: there is no 'tahn' (did you mean 'tanh'?)"),
    ('output_activation = "s"', "output_activation: there is no 's'"),
    ('output_activation = "softmax"', "softmax over one output is always 1; give outputs = 2 or more"),
    ('activation = "softmax"', "activation: softmax is for a layer of outputs: output_activation"),
    ('loss = "mae"',           "loss: there is no 'mae'"),
    ("kernel = 3",             "unknown key 'kernel'; the family 'recurrent' has steps, inputs"),
    ("steps = 100000",         "steps = 100000, inputs = 1, hidden = 1, outputs = 1: more than 100,000 inputs or weights"),
    ("hidden = 1000",          "hidden = 1000, outputs = 1: more than 100,000 inputs or weights"),
    ("hidden = 300\nsteps = 50", "more than 4,000,000 products; give smaller sizes"),
]
# fmt: on


@pytest.mark.parametrize(("text", "said"), REFUSED)
def test_what_cannot_be_used_is_one_line(text: str, said: str) -> None:
    """The key, its value and what would do."""
    keys = [line.partition(" =")[0] for line in text.splitlines()]
    kept = [line for line in ELMAN.splitlines() if line.partition(" =")[0] not in keys]
    with pytest.raises(InputError) as error:
        stated("\n".join([*kept, text]))
    assert said in str(error.value)
    assert "\n" not in str(error.value)
