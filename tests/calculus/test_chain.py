"""Paths, their products in order, deltas, and what they cost."""

from __future__ import annotations

import itertools
from fractions import Fraction
from math import prod
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive import Model
from derive.calculus.chain import (
    Chain,
    collected,
    local_derivatives,
    named,
    plugged_in,
)
from derive.emit.text import Text
from derive.exact.points import Point
from derive.formula import Arithmetic, Call, Delta, Formula, Name, evaluate, signs_out, total
from derive.model import Role
from derive.networks.network import Network
from tests.delta_forms import operations, without_deltas

SMALL = st.lists(st.integers(1, 3), min_size=2, max_size=5).map(tuple)
NETS = st.lists(st.integers(1, 6), min_size=2, max_size=5).map(tuple)
ACTIVATIONS = st.sampled_from(["sigmoid", "tanh", "relu", "identity"])


def chain_of(spec: str, **options: str) -> Chain:
    return Chain(Model.of(Network.read(spec, **options)))


def written(chain: Chain, formula: Formula) -> str:
    return Text(chain.model).inline(formula)


def test_local_derivatives_of_the_notes() -> None:
    """(12), (13), (14): the three local derivatives on the way from E_d1 to w31, as written."""
    chain = chain_of("2-4-3-2")
    for of, by, value in (
        ("E_d1", "out_d1", "out_d1 − target_d1"),
        ("out_d1", "net_d1", "out_d1 · (1 − out_d1)"),
        ("net_d1", "w31", "out_c1"),
        ("net_d1", "out_c1", "w31"),
        ("E_total", "E_d1", "1"),
    ):
        assert written(chain, chain.factor(of, by).value) == value


@pytest.mark.parametrize(
    ("activation", "slope"),
    [
        ("sigmoid", "out_c1 · (1 − out_c1)"),
        ("tanh", "1 − out_c1^2"),
        ("relu", "relu'(net_c1)"),
        ("identity", "1"),
    ],
)
def test_slope_of_each_activation(activation: str, slope: str) -> None:
    """f'(net) is written through the output where the table knows how, else as f'(net)."""
    chain = chain_of("2-4-3-2", activation=activation)
    assert written(chain, chain.factor("out_c1", "net_c1").value) == slope


def test_a_quantity_in_two_terms_gets_both_slopes() -> None:
    """Linearity: of x·y + x·z the local derivative by x is y + z, and nothing is lost."""
    x, y, z = Name("x"), Name("y"), Name("z")
    found = local_derivatives(x * y + x * z, "s")
    assert found == {"x": y + z, "y": x, "z": x}


def test_path_to_a_weight_of_the_last_layer() -> None:
    """Of w31 there is one path, and its factors stand in the order of equation (11)."""
    chain = chain_of("2-4-3-2")
    (path,) = chain.paths("E_d1", "w31")
    assert [(f.of, f.by) for f in path] == [
        ("E_d1", "out_d1"),
        ("out_d1", "net_d1"),
        ("net_d1", "w31"),
    ]
    assert written(chain, plugged_in(path)) == (
        "(out_d1 − target_d1) · out_d1 · (1 − out_d1) · out_c1"
    )


def test_path_products_of_a_hidden_weight() -> None:
    """(22), (23), (24), (25): both paths of w21, by name and plugged in, in the path's order."""
    chain = chain_of("2-4-3-2")
    paths = list(chain.paths("E_total", "w21"))
    assert [path[0].by for path in paths] == ["E_d1", "E_d2"]
    assert [written(chain, named(path[1:])) for path in paths] == [
        f"∂E_d{k}/∂out_d{k} · ∂out_d{k}/∂net_d{k} · ∂net_d{k}/∂out_c1"
        " · ∂out_c1/∂net_c1 · ∂net_c1/∂w21"
        for k in (1, 2)
    ]
    assert [written(chain, plugged_in(path[1:])) for path in paths] == [
        f"(out_d{k} − target_d{k}) · out_d{k} · (1 − out_d{k}) · {weight}"
        " · out_c1 · (1 − out_c1) · out_b1"
        for k, weight in ((1, "w31"), (2, "w34"))
    ]


def test_paths_of_a_first_layer_weight() -> None:
    """w11 has six paths of seven factors, by output first, then by neuron of layer c."""
    paths = list(chain_of("2-4-3-2").paths("E_total", "w11"))
    stations = [[f.by for f in path if f.by.startswith("out_")] for path in paths]
    assert stations == [[f"out_d{k}", f"out_c{j}", "out_b1"] for k in (1, 2) for j in (1, 2, 3)]
    assert {len(path) - 1 for path in paths} == {7}


@given(SMALL)
@settings(max_examples=30, deadline=None)
def test_number_and_continuity_of_paths(layers: tuple[int, ...]) -> None:
    """A weight has as many paths as the product of the sizes of the layers after its neuron's.

    Every path starts at E_total, ends at the weight, and goes on where the factor before ended.
    """
    chain = chain_of("-".join(map(str, layers)))
    for quantity in chain.model.having(Role.WEIGHT):
        paths = list(chain.paths("E_total", quantity.name))
        assert len(paths) == prod(layers[quantity.layer + 1 :])
        assert len(paths) == chain.count_paths("E_total", quantity.name)
        assert len({named(path) for path in paths}) == len(paths)
        for path in paths:
            assert path[0].of == "E_total"
            assert path[-1].by == quantity.name
            assert all(a.by == b.of for a, b in itertools.pairwise(path))


@given(SMALL, ACTIVATIONS, st.sampled_from(["none", "neuron", "layer"]))
@settings(max_examples=30, deadline=None)
def test_delta_form_is_the_sum_of_paths(
    layers: tuple[int, ...], activation: str, bias: str
) -> None:
    """δ·out, the sum of all path products and the collected total are the same function."""
    chain = chain_of("-".join(map(str, layers)), activation=activation, bias=bias)
    point = Point(chain.model, seed=5)
    for name in chain.model.parameters:
        paths = [path[1:] for path in chain.paths("E_total", name)]
        spread = point.value(total(plugged_in(path) for path in paths))
        assert point.value(collected(paths)) == spread
        assert point.value(without_deltas(chain, chain.gradients[name])) == spread


def test_collected_takes_the_common_factors_out() -> None:
    """(23) + (25): the common factors stand once, behind the bracket."""
    chain = chain_of("2-4-3-2")
    paths = [path[1:] for path in chain.paths("E_total", "w21")]
    assert written(chain, collected(paths)) == (
        "((out_d1 − target_d1) · out_d1 · (1 − out_d1) · w31"
        " + (out_d2 − target_d2) · out_d2 · (1 − out_d2) · w34)"
        " · out_c1 · (1 − out_c1) · out_b1"
    )


def test_deltas_of_the_notes_network() -> None:
    """δ of an output, δ of a hidden neuron from the layer after it, and ∂E/∂w = δ·out."""
    chain = chain_of("2-4-3-2")
    assert written(chain, chain.deltas["net_d1"]) == "(out_d1 − target_d1) · out_d1 · (1 − out_d1)"
    assert written(chain, chain.deltas["net_b1"]) == (
        "(δ_c1 · w21 + δ_c2 · w25 + δ_c3 · w29) · out_b1 · (1 − out_b1)"
    )
    assert written(chain, chain.gradients["w11"]) == "δ_b1 · out_a1"


def test_gradients_of_biases() -> None:
    """A neuron's own bias has the gradient δ, a bias shared by a layer the sum of its δ."""
    own, shared = chain_of("2-4-3-2", bias="neuron"), chain_of("2-4-3-2", bias="layer")
    assert own.gradients["bias_c2"] == Delta("net_c2")
    assert shared.gradients["bias_c"] == total(Delta(f"net_c{j}") for j in (1, 2, 3))


def hand_count(layers: tuple[int, ...]) -> dict[str, int]:
    """What a person counts for a sigmoid net without biases, in closed form.

    Multiplications: one a weight forward, one a weight for δ·out, one a weight after the first
    layer for w·δ, and two a neuron for out·(1 − out) times what arrives. Additions: the sums of the
    net inputs, 1 + e^−net and 1 − out a neuron, target − out an output, and the sums of w·δ.
    """
    counts = [a * b for a, b in itertools.pairwise(layers)]
    weights, first = sum(counts), counts[0]
    neurons, last = sum(layers[1:]), layers[-1]
    return {
        "multiplications": 2 * weights + (weights - first) + 2 * neurons,
        "additions": (weights - neurons)
        + 2 * neurons
        + last
        + (weights - first - (neurons - last)),
        "divisions": neurons,
        "functions": neurons,
    }


def test_operations_of_the_notes_network() -> None:
    """All gradients of 2-4-3-2, forward pass included: 88 ·, 48 +, 9 divisions, 9 sigmoids."""
    found = operations(chain_of("2-4-3-2"))
    assert found == {"multiplications": 88, "additions": 48, "divisions": 9, "functions": 9}
    assert hand_count((2, 4, 3, 2)) == found


@given(NETS)
@settings(max_examples=60, deadline=None)
def test_operations_equal_the_hand_count(layers: tuple[int, ...]) -> None:
    """No fully connected sigmoid net costs more or less than the count by hand."""
    assert operations(chain_of("-".join(map(str, layers)))) == hand_count(layers)


class Counting:
    """A number that counts the operations done with it."""

    done: dict[str, int]

    def __mul__(self, other: Any) -> Counting:
        Counting.done["multiplications"] += 1
        return self

    def __add__(self, other: Any) -> Counting:
        Counting.done["additions"] += 1
        return self

    def __neg__(self) -> Counting:
        return self


@pytest.mark.parametrize("spec", ["2-4-3-2", "1-1", "3-5-5-3", "2-1-1-2"])
def test_counted_operations_are_those_done(spec: str) -> None:
    """Evaluating every definition and gradient once does exactly the operations counted."""
    chain = chain_of(spec)
    Counting.done = {"multiplications": 0, "additions": 0}
    neurons = 0

    def resolve(node: Formula, inner: Any) -> Counting:
        nonlocal neurons
        if isinstance(node, Call):
            neurons += 1
        return Counting()

    def number(value: Fraction) -> Counting:
        return Counting()

    ring = Arithmetic(number=number, resolve=resolve, divide=lambda a, b: a)
    forward = [chain.model.definitions[q.name] for q in chain.model.having(Role.NET, Role.OUTPUT)]
    for formula in [*forward, *chain.deltas.values(), *chain.gradients.values()]:
        evaluate(formula, ring)
    counted = operations(chain)
    assert Counting.done["multiplications"] == counted["multiplications"]
    assert Counting.done["additions"] + neurons == counted["additions"]
    assert neurons == counted["functions"] == counted["divisions"]


def test_common_factors_leave_the_bracket_at_either_end() -> None:
    """Paths of a shared weight end apart and begin alike: a·(b + c·(d + e)), never three times a."""
    chain = Chain(Model.of("rnn"))
    paths = list(chain.paths("E", "w"))
    found = signs_out(collected(paths))
    assert written(chain, found) == (
        "(out − target) · v · (1 − h_3^2) · (x_3 + u · (1 − h_2^2) · (x_2 + u · (1 − h_1^2) · x_1))"
    )
