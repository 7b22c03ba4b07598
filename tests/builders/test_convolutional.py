"""Convolutions: what is stated, shared kernels, pooling, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from derive import InputError, Model
from derive.calculus.chain import Chain
from derive.emit.text import Text
from derive.networks.sources import read
from tests.builders.families import array, definitions, prove_all, stated, values

PLANE = """
family = "convolution"
input = [5, 5]
kernel = 2
kernels = 2
bias = "all"
pool = 2
outputs = 2
"""
LINE = """
family = "convolution"
input = 9
kernel = 3
stride = 2
activation = "tanh"
bias = "kernel"
pool = 2
pooling = "mean"
outputs = 1
output_activation = "sigmoid"
"""
BARE = 'family = "convolution"\ninput = [4, 3]\nkernel = [3, 2]\nactivation = "sigmoid"\n'

LATEX = (LINE, BARE)


def test_one_dimension_is_the_shipped_network() -> None:
    """The same equations as in conv1d.eq, written by hand."""
    text = """
        family = "convolution"
        input = 6
        kernel = 3
        bias = "kernel"
        pool = 2
        pooling = "mean"
        outputs = 1
    """
    by_hand = read("conv1d")
    assert definitions(stated(text)) == definitions(by_hand)  # type: ignore[arg-type]


def test_two_dimensions_are_the_shipped_network() -> None:
    """The same equations as in conv2d.eq, written by hand."""
    text = """
        family = "convolution"
        input = [3, 3]
        kernel = 2
        bias = "kernel"
        activation = "sigmoid"
        outputs = 1
    """
    by_hand = read("conv2d")
    assert definitions(stated(text)) == definitions(by_hand)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(4))
def test_two_dimensions_with_max_pooling_in_loops(seed: int) -> None:
    """ReLU, the largest of windows of 2 × 2, and a dense layer, with two kernels and biases."""
    numbers, found = values(stated(PLANE), seed)
    x, w, b = (array(numbers, stem) for stem in "xwb")
    y = array(numbers, "b_y").copy()
    v = array(numbers, "v")
    for k in range(2):
        out = np.zeros((4, 4))
        for i in range(4):
            for j in range(4):
                out[i, j] = max(0.0, (w[k] * x[i : i + 2, j : j + 2]).sum() + b[k])
        for i in range(2):
            for j in range(2):
                top = out[2 * i : 2 * i + 2, 2 * j : 2 * j + 2].max()
                assert found[f"pool_{k + 1}_{i + 1}_{j + 1}"] == pytest.approx(top, abs=1e-15)
                y += v[:, k, i, j] * top
    error = ((array(numbers, "target") - y) ** 2).sum() / 2
    assert found["E"] == pytest.approx(error, rel=1e-13)


@pytest.mark.parametrize("seed", range(4))
def test_one_dimension_with_a_stride_and_mean_pooling_in_loops(seed: int) -> None:
    """Every second place, tanh, the mean of two neighbours, one sigmoid output."""
    numbers, found = values(stated(LINE), seed)
    x, w = array(numbers, "x"), array(numbers, "w")
    out = [np.tanh(w @ x[2 * i : 2 * i + 3] + numbers["b"]) for i in range(4)]
    pool = np.array([(out[0] + out[1]) / 2, (out[2] + out[3]) / 2])
    y = 1 / (1 + np.exp(-(array(numbers, "v") @ pool)))
    assert found["E"] == pytest.approx((numbers["target"] - y) ** 2 / 2, rel=1e-13)


def test_without_an_output_layer_each_place_has_its_target() -> None:
    """A 3 × 2 kernel over 4 × 3 gives 2 × 2 outputs, each with an error."""
    numbers, found = values(stated(BARE))
    x, w, target = (array(numbers, stem) for stem in ("x", "w", "target"))
    error = 0.0
    for i in range(2):
        for j in range(2):
            out = 1 / (1 + np.exp(-(w * x[i : i + 3, j : j + 2]).sum()))
            error += (target[i, j] - out) ** 2 / 2
    assert found["E"] == pytest.approx(error, rel=1e-13)


@pytest.mark.parametrize("text", [LINE, BARE, LINE.replace("mean", "max")])
@pytest.mark.slow
def test_everything_is_proved(text: str) -> None:
    """Every gradient, every equation of the document, and the numeric check passes."""
    prove_all(stated(text), "latex" if text in LATEX else "markdown")


def test_the_gradient_adds_up_the_places_of_the_kernel() -> None:
    """∂E/∂w_{p,q} has a summand for each of the four places, with the input it met there."""
    model = Model.of(stated(BARE))
    chain = Chain(model)
    assert chain.count_paths("E", "w_1_2") == 4
    assert Text(model).inline(chain.gradients["w_1_2"]) == (
        "∂E/∂net_1_1 · x_1_2 + ∂E/∂net_1_2 · x_1_3 + ∂E/∂net_2_1 · x_2_2 + ∂E/∂net_2_2 · x_2_3"
    )


def test_of_equal_numbers_the_first_is_the_largest() -> None:
    """At a tie the slope goes to the first of a window, 0 to the others, as everywhere else."""
    text = 'family = "convolution"\ninput = 3\nkernel = 1\nactivation = "identity"\npool = 3\n'
    model = Model.of(stated(text))
    from derive.numeric.forward import adjoints, quantities

    found = quantities(model, {"w_1": 1.0, "x_1": 2.0, "x_2": 2.0, "x_3": 2.0, "target_1": 0.0})
    backward = adjoints(Chain(model), found)
    assert found["pool_1"] == 2.0
    assert [backward[f"out_{i}"] for i in (1, 2, 3)] == [backward["pool_1"], 0, 0]


# fmt: off
REFUSED = [
    ("input = [2, 2, 2]",              "input: one or two dimensions, like [6] or [4, 4]: [2, 2, 2]"),
    ("input = 1.5",                    "input: expected a whole number from 1 on, or a list of such: 1.5"),
    ("kernel = 6",                     "kernel: 6 × 6 is larger than the 5 × 5 it moves over; give at most 5 × 5"),
    ("kernel = [2, 2, 2]",             "kernel: 3 numbers for 2 dimensions; give 2, or one for all: [2, 2, 2]"),
    ("stride = 9",                     "stride: 9 × 9 is larger than the 5 × 5"),
    ("pool = 3",                       "pool: windows of 3 × 3 do not divide the 4 × 4 outputs of the convolution; 2 × 2 would"),
    ("pool = 8",                       "pool: 8 × 8 is larger than the 4 × 4"),
    ('pooling = "median"',             "pooling: there is no 'median' (did you mean 'mean'?); known are max, mean"),
    ("dilation = 2",                   "unknown key 'dilation'"),
    ("layers = [2, 1]",                "unknown key 'layers'"),
    ("input = [400, 400]",             "input = [400, 400], kernel = 2, stride = 1, kernels = 2: more than 100,000 inputs or weights"),
    ("input = [200, 200]\npool = 1",   "more than 50,000 equations"),
]
# fmt: on


@pytest.mark.parametrize(("text", "said"), REFUSED)
def test_what_cannot_be_used_is_one_line(text: str, said: str) -> None:
    """The key, its value and what would do."""
    keys = [line.partition(" =")[0] for line in text.splitlines()]
    kept = [line for line in PLANE.splitlines() if line.partition(" =")[0] not in keys]
    with pytest.raises(InputError) as error:
        stated("\n".join([*kept, text]))
    assert said in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(("text", "said"), [
    ('pooling = "max"',                "pooling: of which windows? say for example pool = 2"),
    ('output_activation = "sigmoid"',  "output_activation: of which layer? say for example outputs = 1"),
])  # fmt: skip
def test_a_key_that_would_do_nothing_is_refused(text: str, said: str) -> None:
    """A key whose layer does not exist is a mistake, not silence."""
    with pytest.raises(InputError) as error:
        stated(f"{BARE}{text}")
    assert said in str(error.value)
