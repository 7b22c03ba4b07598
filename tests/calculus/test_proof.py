"""The proof raises the alarm: a planted fault is caught, wherever it is planted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import product as product_of
from pathlib import Path

import pytest

from derive import Model, derive, functions
from derive.calculus import chain as chain_module
from derive.calculus import proof
from derive.calculus.chain import Chain
from derive.calculus.narration import prove_derivation, written_out
from derive.calculus.proof import prove, prove_row
from derive.errors import InputError, ProofError
from derive.formula import (
    ONE,
    ZERO,
    Delta,
    Formula,
    Name,
    Negative,
    Sum,
    names_in,
    product,
    substitute,
    total,
    transform,
)
from derive.functions import ACTIVATIONS, BY_SYMBOL
from derive.model import Role
from derive.networks.equations.system import System
from derive.networks.network import Network
from derive.render.writing import write_notes
from tests.delta_forms import without_deltas

Patch = pytest.MonkeyPatch
MODEL = Model.of("2-4-3-2")
Fault = Callable[[Chain, str], Formula]


WAYS = ("exact", "modular")


@pytest.fixture
def way(request: pytest.FixtureRequest, monkeypatch: Patch) -> str:
    """One way of proof with the other switched off."""
    if request.param == "exact":
        monkeypatch.setattr(proof, "_prove_together", lambda chain, points: None)
    else:
        monkeypatch.setattr(proof, "_affordable", lambda chain, first: ())
    return str(request.param)


def sigmoid_with_plus(chain: Chain, name: str) -> Formula:
    """out·(1 + out) for out·(1 − out), in the first factor where it stands."""

    def rule(node: Formula) -> Formula | None:
        if isinstance(node, Sum) and node.terms[0] == ONE and isinstance(node.terms[1], Negative):
            return ONE + node.terms[1].term
        return None

    return transform(without_deltas(chain, chain.gradients[name]), rule)


def turned_loss(chain: Chain, name: str) -> Formula:
    """The sign of the loss turned: target − out for out − target."""
    return -chain.gradients[name]


def neighbour_output(chain: Chain, name: str) -> Formula:
    """δ times the output of another neuron of the same layer."""
    quantity = chain.model.quantities[name]
    others = [
        q.name
        for q in chain.model.having(Role.INPUT, Role.OUTPUT)
        if q.layer == quantity.layer - 1 and q.index != quantity.source
    ]
    (own,) = names_in(chain.gradients[name])
    return substitute(chain.gradients[name], {own: Name(others[0])})


def other_weight(chain: Chain, name: str) -> Formula:
    """Another weight of the next layer in the place of the one on the way; else δ of another."""
    full = without_deltas(chain, chain.gradients[name])
    weights = [n for n in names_in(full) if chain.model.quantities[n].role is Role.WEIGHT]
    if not weights:
        layer = chain.model.quantities[name].layer
        outs = [q for q in chain.model.having(Role.TARGET) if q.layer == layer]
        first, second = (q.name for q in outs)
        return substitute(full, {first: Name(second), second: Name(first)})
    return substitute(full, {weights[0]: Name(weights[-1] if weights[1:] else name)})


def forgotten_path(chain: Chain, name: str) -> Formula:
    """The way through the first neuron after it left out; a last-layer weight has no other."""
    delta, out = chain.gradients[name].parts()
    assert isinstance(delta, Delta)
    opened = chain.deltas[delta.of].parts()
    if chain.model.quantities[name].layer == 3:
        return ZERO
    return product([total(opened[0].parts()[1:]), *opened[1:], out])


FAULTS = [sigmoid_with_plus, turned_loss, neighbour_output, other_weight, forgotten_path]


def planted(name: str, fault: Fault) -> Chain:
    """The chain of 2-4-3-2 with a fault that concerns the gradient by `name` alone."""
    chain = Chain(MODEL)
    wrong = fault(chain, name)
    chain.gradients.put(name, wrong)
    return chain


@pytest.mark.parametrize(
    ("name", "fault", "way"), list(product_of(MODEL.parameters, FAULTS, WAYS)), indirect=["way"]
)
def test_wrong_factor_is_caught(way: str, name: str, fault: Fault) -> None:
    """A wrong factor in one weight's gradient is found, and the message names this weight."""
    with pytest.raises(ProofError, match=rf"by {name} of"):
        prove(planted(name, fault))


@pytest.mark.parametrize("way", WAYS, indirect=True)
def test_the_right_gradients_are_proved(way: str) -> None:
    """Without a fault both ways agree, and say which weights were proved how."""
    found = prove(Chain(MODEL))
    assert found.exact == (MODEL.parameters if way == "exact" else ())
    assert found.modular == (() if way == "exact" else MODEL.parameters)


EDGES = [
    (of, by)
    for of, below in MODEL.inputs_of.items()
    for by in below
    if MODEL.quantities[by].role not in (Role.INPUT, Role.TARGET)
]


@pytest.mark.parametrize(
    ("of", "by", "way"), [(*edge, way) for edge in EDGES for way in WAYS], indirect=["way"]
)
def test_wrong_local_derivative_is_caught(way: str, of: str, by: str, monkeypatch: Patch) -> None:
    """Whichever local derivative of 2-4-3-2 has the wrong sign, the proof finds it."""
    right = chain_module.local_derivatives

    def wrong(definition: Formula, own: str) -> dict[str, Formula]:
        found = right(definition, own)
        return found | {by: -found[by]} if own == of and by in found else found

    monkeypatch.setattr(chain_module, "local_derivatives", wrong)
    with pytest.raises(ProofError, match="is not the derivative of E_total"):
        prove(Chain(MODEL))


@pytest.fixture
def sigmoid_fault(monkeypatch: Patch) -> None:
    """out·(1 + out) in the local derivative of every sigmoid."""
    right = chain_module.local_derivatives

    def wrong(definition: Formula, own: str) -> dict[str, Formula]:
        out = Name(own)
        return {
            name: out * (1 + out) if slope == out * (1 - out) else slope
            for name, slope in right(definition, own).items()
        }

    monkeypatch.setattr(chain_module, "local_derivatives", wrong)


@pytest.mark.usefixtures("sigmoid_fault")
@pytest.mark.parametrize("name", MODEL.parameters)
def test_no_wrong_derivation_is_handed_out(name: str) -> None:
    """With a wrong factor in the calculus, no weight's derivation is given to anybody."""
    with pytest.raises(ProofError):
        derive(MODEL, name)


@pytest.mark.usefixtures("sigmoid_fault")
@pytest.mark.parametrize("name", MODEL.parameters)
def test_wrong_steps_are_caught_by_themselves(name: str) -> None:
    """The check of the steps alone finds it too: it does not lean on the proof of the result."""
    with pytest.raises(ProofError, match="a step does not hold"):
        prove_derivation(written_out(Chain(MODEL), name))


@pytest.mark.usefixtures("sigmoid_fault")
@pytest.mark.parametrize("ending", ["md", "tex"])
def test_nothing_wrong_is_written(ending: str, tmp_path: Path) -> None:
    """A gradient that does not check stops the document: no file appears."""
    path = tmp_path / f"notes.{ending}"
    with pytest.raises(ProofError):
        write_notes("2-4-3-2", path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("bias", ["none", "neuron", "layer"])
def test_fault_is_caught_with_every_activation(activation: str, bias: str) -> None:
    """Whatever the activation and the biases, a turned sign in any gradient is found."""
    model = Model.of(Network.read("2-3-2", activation=activation, bias=bias))
    prove(Chain(model))
    for name in model.parameters:
        chain = Chain(model)
        chain.gradients.put(name, -chain.gradients[name])
        with pytest.raises(ProofError, match=rf"by {name} of"):
            prove(chain)


@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
def test_fault_in_a_large_net_is_caught(activation: str) -> None:
    """Where the exact proof is too large, the one modulo a prime still names the weight."""
    model = Model.of(Network.read("8-8-8-8-8", activation=activation))
    chain = Chain(model)
    chain.gradients.put("w2_33", chain.gradients["w2_34"])
    with pytest.raises(ProofError, match="by w2_33 of"):
        prove(chain)


SLOPED = [row.symbol for row in BY_SYMBOL.values() if row.slope is not None]


@pytest.mark.parametrize("symbol", SLOPED)
def test_rows_of_the_table_are_proved(symbol: str) -> None:
    """Each row's slope, as it is written, is the derivative of its value: SymPy's, and a dual number's."""
    prove_row(BY_SYMBOL[symbol])


@pytest.mark.parametrize("symbol", SLOPED)
def test_wrong_slope_in_the_table_is_caught(symbol: str) -> None:
    """A row whose slope is off by a factor of 2.001/2 is refused by name."""
    row = BY_SYMBOL[symbol]
    assert row.slope is not None
    slope = row.slope
    wrong = replace(row, slope=lambda x, y, f: Fraction(2001, 2000) * slope(x, y, f))
    with pytest.raises(ProofError, match=row.name):
        prove_row(wrong)


@pytest.mark.parametrize("symbol", SLOPED)
def test_slope_of_another_function_is_caught(symbol: str) -> None:
    """A row whose slope is made of the right letters in the wrong way is refused by name."""
    wrong = replace(BY_SYMBOL[symbol], slope=lambda x, y, f: 1 + y * y + x)
    with pytest.raises(ProofError, match=wrong.name):
        prove_row(wrong)


def test_wrong_row_stops_the_proof(monkeypatch: Patch) -> None:
    """A network is not proved while the row of its activation is wrong."""
    wrong = replace(functions.ACTIVATIONS["tanh"], slope=lambda x, y, f: 1 + y**2)
    monkeypatch.setitem(functions.ACTIVATIONS, "tanh", wrong)
    with pytest.raises(ProofError, match="tanh"):
        prove(Chain(Model.of(Network.read("1-1", activation="tanh"))))


@pytest.mark.parametrize("definition", ["sqrt(w^2)*x", "sqrt((w*x)^2) + v"])
def test_the_root_of_a_square_is_refused_in_one_line(definition: str) -> None:
    """An absolute value is no fault of the program: the quantity that has one is named."""
    model = Model.of(System.from_text(f"h = {definition}\nE = 1/2*(t - h)^2"))
    with pytest.raises(InputError, match="equations: h is defined by the root of a square"):
        prove(Chain(model))


def test_the_root_of_a_square_of_known_sign_is_derived() -> None:
    """What is under the root of w⁴ is the square of what is not negative."""
    model = Model.of(System.from_text("h = sqrt(w^4)*x\nE = 1/2*(t - h)^2"))
    assert prove(Chain(model)).modular == ("w",)
