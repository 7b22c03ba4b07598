"""Central finite differences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from derive import Model
from derive.model.numbers import Numbers
from derive.networks.network import Network
from derive.networks.sources import build
from derive.numeric.backprop import Parameters, backprop
from derive.numeric.differences import (
    SHRINK,
    STEP,
    Differences,
    convergence,
    finite_differences,
)
from derive.numeric.float_arrays import FloatModel
from derive.numeric.forward import examples, quantities


def differences(network: Network) -> Differences:
    """The finite differences at the network's numbers."""
    model = FloatModel(network, build(network))
    share = 1 / model.count if network.reduction == "mean" else 1.0
    return finite_differences(model, share)[1]


def error(network: Network, name: str, move: float) -> float:
    """E_total of the batch where one parameter is moved."""
    model = Model.of(network)
    found = []
    for example in examples(model, network):
        moved = {**example, name: example[name] + move}
        found.append(quantities(model, moved)[model.total])
    return sum(found) / (len(found) if network.reduction == "mean" else 1)


def one_neuron(weight: float, activation: str, **options: str) -> Network:
    """1-1 with input 1, target 0 and this weight."""
    numbers = Numbers(((1.0,),), ((0.0,),), ((weight,),))
    return Network((1, 1), (activation,), numbers=numbers, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("bias", ["none", "neuron", "layer"])
@pytest.mark.parametrize("reduction", ["sum", "mean"])
def test_equal_to_moving_each_parameter_by_itself(bias: str, reduction: str) -> None:
    """Passing all moved layers at once is (E(w + h) - E(w - h))/2h for one w after another."""
    net = Network.read("3-4-2", bias=bias, activation="tanh,sigmoid").with_random_numbers(5)
    assert net.numbers is not None
    two = replace(
        net.numbers, inputs=((0.1, 0.2, 0.3), (-0.5, 0.4, 0.9)), targets=((0.1, 0.9), (0.5, 0.5))
    )
    net = replace(net, numbers=two, reduction=reduction)
    found = differences(net)
    for place, (name, h) in enumerate(zip(Model.of(net).parameters, found.step, strict=True)):
        up, down = (error(net, name, move) for move in (h, -h))
        assert found.coarse[place] == pytest.approx((up - down) / (2 * h), abs=1e-11)


def test_accurate_to_eleven_digits() -> None:
    """Combining h and h/2 leaves an error far below the 1e-7 that the check allows."""
    net = Network.read("mazur")
    exact = backprop(net, Parameters.of(net)).gradient.flat
    assert differences(net).value == pytest.approx(exact, rel=1e-10)
    assert differences(net).coarse != pytest.approx(exact, rel=1e-10)


def test_step_follows_the_inputs() -> None:
    """However large an input, no net input moves by more than the step."""
    net = replace(one_neuron(1e-6, "sigmoid"), numbers=Numbers(((1e6,),), ((0.0,),), ((1e-6,),)))
    found = differences(net)
    assert found.step == pytest.approx(STEP / 1e6)
    assert found.value == pytest.approx(backprop(net, Parameters.of(net)).gradient.flat, rel=1e-9)


def test_a_near_kink_shrinks_the_step() -> None:
    """A relu net that would change its sign within the step gets a smaller one."""
    found = differences(one_neuron(STEP / 10, "relu"))
    assert found.step == pytest.approx(STEP / SHRINK**2)
    assert found.value == pytest.approx(STEP / 10, rel=1e-9)


@pytest.mark.parametrize("weight", [0.0, 1e-12, -1e-12])
def test_on_a_kink_there_is_no_difference(weight: float) -> None:
    """On the kink of a relu, or so near that no step avoids it, there is none to compare."""
    assert np.isnan(differences(one_neuron(weight, "relu")).value).all()


def test_a_kink_in_a_later_layer_counts() -> None:
    """Moving a weight of an earlier layer across the kink of a later one is noticed, too."""
    numbers = Numbers(((1.0,),), ((0.5,),), ((0.0,), (1.0,)))
    net = Network((1, 1, 1), ("tanh", "relu"), numbers=numbers)
    assert np.isnan(differences(net).value).tolist() == [True, False]


def test_dead_units_are_no_kink() -> None:
    """A relu net that stays at 0 whatever moves has an exact difference, 0."""
    numbers = Numbers(((0.0,),), ((0.5,),), ((1.0,),))
    assert differences(Network((1, 1), ("relu",), numbers=numbers)).value.tolist() == [0]


def test_four_fold() -> None:
    """Halving the step makes the error fall four-fold."""
    net = one_neuron(0.7, "sigmoid")
    exact = backprop(net, Parameters.of(net)).gradient.flat
    assert convergence(differences(net), exact) == pytest.approx(4, abs=1e-3)


def test_no_order_without_an_error() -> None:
    """E is quadratic in the weight of an identity: the difference is exact and has no order."""
    net = one_neuron(0.7, "identity")
    exact = backprop(net, Parameters.of(net)).gradient.flat
    found = differences(net)
    assert found.coarse == pytest.approx(exact, rel=1e-12)
    assert convergence(found, exact) is None


def test_large_networks_go_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Splitting the parameters, to bound the memory, changes nothing."""
    net = Network.read("3-4-2", bias="neuron").with_random_numbers(5)
    whole = differences(net).value
    monkeypatch.setattr("derive.numeric.differences.MOST_FLOATS", 1)
    assert differences(net).value == pytest.approx(whole, rel=1e-10)
