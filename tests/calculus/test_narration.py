"""One narration for every model: each weight gets steps, and every one of them is proved."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from derive import Model, derive
from derive.calculus.chain import Chain
from derive.calculus.narration import prove_derivation, subject, written_out
from derive.calculus.narration.backward import reading_order, shown_adjoints
from derive.calculus.proof import prove
from derive.emit.text import Text
from derive.errors import ProofError
from derive.formula import Delta, Equation, Partial, walk
from derive.networks.equations.system import System
from derive.networks.network import Network
from derive.networks.shipped import shipped
from derive.networks.sources import build
from tests.calculus.random_models import network

KINDS = {
    "softmax": {
        "layers": [2, 3, 2],
        "activation": ["tanh", "softmax"],
        "loss": "categorical-cross-entropy",
        "bias": "neuron",
    },
    "skip": {"layers": [2, 2, 2], "skip": [[0, 2]], "bias": "layer"},
    "missing": {"layers": [2, 3, 2], "missing": ["w12", "w23"]},
    "l2": {"layers": [2, 2, 2], "l2": 0.1, "bias": "neuron"},
    "own": {
        "layers": [2, 2, 1],
        "activation": ["bent", "identity"],
        "functions": {"bent": "x/(1 + x^2)"},
        "loss": "(t - o)^4/4",
    },
    "entropy": {"layers": [2, 2, 2], "loss": "binary-cross-entropy"},
    "kinked": {"layers": [2, 2, 1], "activation": "relu", "loss": "huber"},
}


def of_kind(kind: str) -> Model:
    return Model.of(Network.from_table(KINDS[kind], kind, {}))


def texts(model: Model, equations: Iterable[Equation]) -> list[str]:
    return [Text(model).chain(equation) for equation in equations]


@pytest.mark.parametrize("name", shipped())
def test_every_weight_of_every_shipped_network_has_proved_steps(name: str) -> None:
    """derive() serves every network: steps with keys of their own, all of them proved."""
    model = Model.of(name)
    chain = Chain(model)
    for parameter in model.parameters:
        derivation = written_out(chain, parameter)
        prove_derivation(derivation)
        keys = [step.key for step in derivation.steps]
        assert keys
        assert len(set(keys)) == len(keys)
    assert derive(model, model.parameters[0]).steps


@pytest.mark.parametrize("kind", KINDS)
def test_every_weight_of_layers_of_any_kind_has_proved_steps(kind: str) -> None:
    """Softmax, skips, missing weights, l2, own functions and losses: each weight has its steps."""
    model = of_kind(kind)
    chain = Chain(model)
    for parameter in model.parameters:
        derivation = written_out(chain, parameter)
        prove_derivation(derivation)
        assert len(derivation.steps) >= 3


def proved_steps(seed: int) -> int:
    """The number of steps of all weights of a random network, all of them proved."""
    chain = Chain(build(network(seed)))
    prove(chain)
    count = 0
    for parameter in chain.model.parameters:
        derivation = written_out(chain, parameter)
        prove_derivation(derivation)
        count += len(derivation.steps)
    return count


@pytest.mark.parametrize("seed", range(16))
def test_random_networks_have_proved_steps(seed: int) -> None:
    """Layers, recurrent networks, convolutions and equations, drawn at random."""
    assert proved_steps(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(16, 216))
def test_two_hundred_random_networks_have_proved_steps(seed: int) -> None:
    """The same for two hundred more."""
    assert proved_steps(seed)


def test_a_planted_fault_is_found() -> None:
    """A step whose equation does not hold stops the derivation."""
    model = Model.of("lstm")
    chain = Chain(model)
    chain.local("h")["c"] = chain.local("h")["c"] * 2
    with pytest.raises(ProofError):
        prove_derivation(written_out(chain, "w_f"))


def test_any_loss_is_peeled() -> None:
    """Of a loss that is no square the first factor is its derivative, before the second appears."""
    model = of_kind("entropy")
    steps = derive(model, "w21").parts[0][1]
    assert [step.key for step in steps] == [
        "overview",
        "unfold",
        "peel-error",
        "rename",
        "peel-sum",
        "together",
        "proven",
    ]


@pytest.mark.parametrize(
    ("error", "turned"),
    [
        ("1/2*(t - o)^2", True),
        ("1/2*(t - tanh(v*o))^2", False),
        ("(t - o - v*o)^2", False),
        ("(2*o - t)^2", False),
    ],
)
def test_only_a_square_of_target_minus_output_has_the_minus(error: str, turned: bool) -> None:
    """The −1 of the inner function is taken out where that is its derivative, and only there."""
    model = Model.of(System.from_text(f"inputs: x, t\nz = w*x\no = sig(z)\nE = {error}"))
    derivation = derive(model, "w")
    prove_derivation(derivation)
    assert ("minus" in [step.key for step in derivation.steps]) == turned


def test_a_term_for_the_weights_stands_beside_the_errors() -> None:
    """With l2 the derivative of E_total is that of the errors and λw."""
    model = of_kind("l2")
    first = derive(model, "w11").steps[0]
    assert texts(model, first.equations) == [
        "∂E_total/∂w11 = ∂E_c1/∂w11 + ∂E_c2/∂w11 + lambda · w11"
    ]


def test_a_direct_step_beside_other_ways_is_not_called_by_its_name() -> None:
    """∂net_3/∂u stands for all ways from u to net_3; the step from one to the other is h_2."""
    model = Model.of("rnn")
    derivation = derive(model, "u")
    (path,) = (step for step in derivation.steps if step.reason == "path")
    assert not any(
        isinstance(node, Partial) and Text(model).inline(node) == "∂net_3/∂u"
        for node in walk(path.equations[0].right)
    )
    (said,) = (step for step in derivation.steps if step.reason == "direct")
    assert [name.name for name in said.facts["of"]] == ["net_2", "net_3"]


def test_a_weight_that_reaches_no_error_has_the_gradient_zero() -> None:
    """Behind missing connections no path leads to the error, and that is the whole derivation."""
    table = {"layers": [1, 2, 1], "missing": ["w22"]}
    derivation = derive(Model.of(Network.from_table(table, "cut", {})), "w12")
    assert [step.reason for step in derivation.steps] == ["no_path"]
    assert str(derivation) == "∂E_total/∂w12 = 0"


def test_what_is_known_is_not_shown_again() -> None:
    """A second derivation builds on the δ that the first one has shown."""
    chain = Chain(Model.of("2-2-2-1"))
    first, second = written_out(chain, "w31"), written_out(chain, "w21", {"net_d1"})
    deltas = [
        {e.left for step in d.steps if step.reason == "deltas" for e in step.equations}
        for d in (first, second)
    ]
    assert deltas == [{Delta("net_d1")}, {Delta("net_c1")}]


def test_a_family_is_read_in_its_own_order_from_the_back() -> None:
    """δ_1 before δ_2 of one layer, and the layer nearer to the error first."""
    chain = Chain(Model.of("2-2-2"))
    assert reading_order(chain.model, chain.deltas) == ["net_c1", "net_c2", "net_b1", "net_b2"]


def test_a_derivation_that_tells_nothing_new_is_brief() -> None:
    """The bias of a softmax layer goes the way of its weight: paths, factors, gradient."""
    chain = Chain(of_kind("softmax"))
    weight = written_out(chain, "w21")
    told = set(map(subject, weight.steps))
    known = {chain.adjoint_of(e.left) for s in weight.steps for e in s.equations}
    brief = written_out(chain, "bias_c1", known, told)
    assert [step.reason for step in brief.steps] == [
        "brief_path",
        "factor_values",
        "brief_plugged",
        "delta_gradient",
    ]
    prove_derivation(brief)


def test_what_is_a_known_delta_is_not_worked_out_again() -> None:
    """The derivative by that bias is the δ which the weight has shown, unless all is told again."""
    chain = Chain(of_kind("softmax"))
    weight = written_out(chain, "w21", full=False)
    told = set(map(subject, weight.steps))
    known = shown_adjoints(chain, weight.steps)
    (step,) = written_out(chain, "bias_c1", known, told, full=False).steps
    assert texts(chain.model, step.equations) == ["∂E_total/∂bias_c1 = δ_c1"]


def test_the_delta_of_a_hidden_neuron_is_made_where_it_is_explained() -> None:
    """Its chain rule ends with its value, and it is not made a second time."""
    derivation = written_out(Chain(Model.of("2-4-3-2")), "w21", full=False)
    made = [s.reason for s in derivation.steps for e in s.equations if e.left == Delta("net_c1")]
    assert made == ["recursion"]
    prove_derivation(derivation)
