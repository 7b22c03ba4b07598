"""The numeric check as a whole."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from derive.errors import InputError
from derive.functions import ACTIVATIONS
from derive.model.numbers import Numbers
from derive.networks.network import BIASES, REDUCTIONS, Network
from derive.numeric.gradcheck import gradcheck
from tests.work import calls

KEYS = {
    "network",
    "error",
    "quantities",
    "second",
    "gradients",
    "learning_rate",
    "updated",
    "error_after",
    "max_relative_error",
    "passed",
}


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Networks of two to five layers with a batch of one to three examples."""
    layers = tuple(draw(st.lists(st.integers(1, 4), min_size=2, max_size=5)))
    names = st.sampled_from(sorted(ACTIVATIONS))
    activations = tuple(draw(names) for _ in layers[1:])
    examples = draw(st.integers(1, 3))
    net = Network(
        layers,
        activations,
        bias=draw(st.sampled_from(BIASES)),
        reduction=draw(st.sampled_from(REDUCTIONS)),
    )

    def some(count: int, bound: float) -> tuple[float, ...]:
        return tuple(
            draw(
                st.lists(
                    st.floats(-bound, bound, allow_subnormal=False), min_size=count, max_size=count
                )
            )
        )

    numbers = Numbers(
        inputs=tuple(some(layers[0], 2) for _ in range(examples)),
        targets=tuple(some(layers[-1], 1) for _ in range(examples)),
        weights=tuple(some(count, 3) for count in net.weight_counts),
        biases=tuple(some(count, 3) for count in net.bias_counts),
    )
    return replace(net, numbers=numbers)


TINY = Numbers(((0.0,),), ((0.0, 0.0),), ((0.0, 0.0),), ((0.0, 9.560785292361076e-304),))


FLAT = Numbers(((0.0, 1.0),), ((0.0,),), ((0.0, 0.0), (-2.0,)))
"""The error grows with the fifth power of a weight, and so its differences fall 16-fold."""


LEVEL = Numbers(((1.0,),), ((0.0,),), ((0.0,) * 3, (0.0,) * 8 + (-3.0,), (0.0, 0.0, -1.0)))
"""A gradient is 0, and what extrapolation leaves of its differences is more than rounding."""


@settings(max_examples=400, deadline=None)
@given(networks())
@example(Network((1, 3, 3, 1), ("gelu",) * 3, numbers=LEVEL))
@example(Network((1, 2), ("elu",), bias="neuron", numbers=TINY))
@example(Network((2, 1, 1), ("gelu", "gelu"), numbers=FLAT))
def test_three_gradients_agree(network: Network) -> None:
    """Whatever the network and its numbers, all three gradients agree and E is the same."""
    found = gradcheck(network)
    assert found.max_relative_error <= 1e-7
    assert found.symbolic_error <= 1e-12
    assert found.passed


@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
@pytest.mark.parametrize("bias", BIASES)
def test_tight_at_ordinary_numbers(activation: str, bias: str) -> None:
    """At drawn numbers the plain relative errors, without any floor, are below the tolerances."""
    found = gradcheck(Network.read("2-4-3-2", activation=activation, bias=bias), seed=7)
    for row in found.gradients.values():
        assert row.symbolic == pytest.approx(row.backprop, rel=1e-12, abs=0)
        assert row.finite_difference == pytest.approx(row.backprop, rel=1e-7, abs=1e-12)
    assert found.passed


def test_json_has_the_keys_of_the_contract() -> None:
    """`to_json` gives the contract's keys, no others, and only what JSON knows."""
    found = gradcheck(Network.read("mazur")).to_json()
    assert set(found) == KEYS
    assert set(found["gradients"]["w5"]) == {"symbolic", "backprop", "finite_difference"}
    assert found["network"] == "mazur"
    assert found["quantities"]["net_h1"] == pytest.approx(0.3775)
    assert found["passed"] is True
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def batch(reduction: str) -> Network:
    """The shipped example with a second example."""
    net = Network.read("mazur")
    assert net.numbers is not None
    numbers = replace(net.numbers, inputs=((0.05, 0.1), (0.9, 0.4)), targets=((0.01, 0.99),) * 2)
    return replace(net, numbers=numbers, reduction=reduction)


def test_json_of_a_batch() -> None:
    """Each quantity of a batch has a list, one value per example; gradients are the batch's."""
    found = gradcheck(batch("sum")).to_json()
    assert all(len(values) == 2 for values in found["quantities"].values())
    assert found["error"] == pytest.approx(sum(found["quantities"]["E_total"]), rel=1e-15)
    assert isinstance(found["gradients"]["w5"]["symbolic"], float)


def test_mean_over_the_batch() -> None:
    """`reduction = "mean"` divides error and gradients by the number of examples."""
    summed, mean = gradcheck(batch("sum")), gradcheck(batch("mean"))
    assert mean.passed
    assert mean.error == pytest.approx(summed.error / 2, rel=1e-15)
    for name, row in summed.gradients.items():
        assert mean.gradients[name].symbolic == pytest.approx(row.symbolic / 2, rel=1e-12)


def test_seed() -> None:
    """The seed draws the numbers of a network that has none, and leaves others alone."""
    net = Network.read("2-3-1")
    assert gradcheck(net, seed=1).error != gradcheck(net, seed=2).error
    assert gradcheck(net, seed=1) == gradcheck(net, seed=1)
    assert gradcheck(Network.read("mazur"), seed=1) == gradcheck(Network.read("mazur"), seed=2)


def test_updated_biases() -> None:
    """With `update_biases` the step moves every parameter by -η times its gradient."""
    found = gradcheck(replace(Network.read("mazur"), update_biases=True))
    assert list(found.updated) == list(found.gradients)
    assert found.updated["b2"] == pytest.approx(0.6 - 0.5 * found.gradients["b2"].symbolic)


def test_on_a_kink() -> None:
    """A parameter whose moves cross a kink has no finite difference; the rest is checked."""
    numbers = Numbers(((1.0,),), ((0.5,),), ((0.0, 1.0), (1.0, 1.0)))
    found = gradcheck(Network((1, 2, 1), ("relu", "sigmoid"), numbers=numbers))
    assert found.skipped == ("w11",)
    assert found.gradients["w11"] == (0, 0, None)
    assert found.passed
    assert found.to_json()["gradients"]["w11"]["finite_difference"] is None


def test_perfect_fit() -> None:
    """Where the error is 0 all gradients are 0 up to rounding, and the check still passes."""
    numbers = Numbers(((0.3,),), ((0.3 * 0.7 * 1.1,),), ((0.7,), (1.1,)))
    assert gradcheck(Network((1, 1, 1), ("identity", "identity"), numbers=numbers)).passed


@pytest.mark.parametrize("size", [0.0, 5e-324, 1e-200, 1e8, 1e150])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_extreme_inputs(activation: str, size: float) -> None:
    """Inputs of any size pass without a warning; the step of the differences follows them."""
    numbers = Numbers(((size, -size),), ((0.2,),), ((0.3, 0.7, 1e-9, 0.0), (1.0, 2.0)))
    assert gradcheck(Network((2, 2, 1), (activation,) * 2, numbers=numbers)).passed


def one_neuron(weight: float, **options: float) -> Network:
    """An identity neuron with input 1 and target 0."""
    numbers = Numbers(((1.0,),), ((0.0,),), ((weight,),))
    return Network((1, 1), ("identity",), numbers=numbers, **options)  # type: ignore[arg-type]


def test_overflow() -> None:
    """Numbers that overflow are named, with what would do."""
    with pytest.raises(InputError, match="numbers: E_b1 is inf; smaller weights"):
        gradcheck(one_neuron(1e200))
    thrice = Numbers(((1.0,),) * 3, ((0.0,),) * 3, ((1.3e154,),))
    with pytest.raises(InputError, match="the gradient of 1-1 overflows where the error is inf"):
        gradcheck(Network((1, 1), ("identity",), numbers=thrice))
    with pytest.raises(InputError, match=r"learning_rate: .* 1e\+300 .* smaller learning rate"):
        gradcheck(one_neuron(0.1, learning_rate=1e300))


def work(spec: str) -> float:
    """The calls of functions that one check takes, for each parameter."""
    network = Network.read(spec, bias="neuron")
    return calls(lambda: gradcheck(network)) / (
        sum(network.weight_counts) + sum(network.bias_counts)
    )


@pytest.mark.slow
def test_the_work_for_each_parameter_does_not_grow() -> None:
    """784-30-10, with 23,860 parameters, takes no more for each of them than 64-14-10.

    Of 2-4-3-2 the most is what is done once for a network, whatever its size.
    """
    assert work("784-30-10") < work("64-14-10") < work("2-4-3-2") < 2000


def test_every_parameter_of_a_large_network_is_checked() -> None:
    """All of 784-30-10."""
    found = gradcheck(Network.read("784-30-10", bias="neuron"))
    assert len(found.gradients) == 784 * 30 + 30 * 10 + 40
    assert found.passed
