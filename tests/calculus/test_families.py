"""Networks as families: scalars are instances, and large networks are proved as arrays."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from derive import Model
from derive.calculus import chain as chain_module
from derive.calculus import family_slopes
from derive.calculus.chain import Chain
from derive.calculus.family_rules import prove_layers
from derive.calculus.indices import Indices
from derive.calculus.proof import prove
from derive.errors import ProofError
from derive.exact import large
from derive.exact.array_points import ArrayPoint
from derive.exact.checking import Checking
from derive.exact.family_sizes import FamilySizes
from derive.exact.residues import SMALL_CHANCES
from derive.formula import Formula, Name, Neuron, Partial, equation, names_in, number
from derive.model import Role
from derive.model.facts import Facts
from derive.networks.equations.system import System
from derive.networks.families.table import system
from derive.networks.network import Network
from derive.networks.sources import build
from derive.notes.compose import compose
from derive.render.render import render
from tests.work import calls

BIG = "784-512-512-10"
COUPLED: dict[str, Any] = {
    "layers": [2, 3, 3, 2],
    "activation": ["relu", "tanh", "softmax"],
    "loss": "categorical-cross-entropy",
    "bias": "layer",
    "l2": 0.1,
    "missing": ["w12", "w25"],
    "skip": [[1, 2]],
}
OWN: dict[str, Any] = {
    "layers": [2, 3, 2],
    "activation": ["wave", "softplus"],
    "functions": {"wave": "x*exp(1 - x^2)/(1 + x^2)"},
    "loss": "(t - o)^4 + relu(o)",
    "bias": "neuron",
}
KINDS = {
    "plain": {"layers": [2, 4, 3, 2]},
    "coupled": COUPLED,
    "own functions": OWN,
    "one neuron a layer": {"layers": [1, 1, 1], "bias": "neuron", "loss": "huber"},
    "cross-entropy": {
        "layers": [3, 2, 2],
        "loss": "binary-cross-entropy",
        "activation": ["silu", "sigmoid"],
    },
    "recurrent": {
        "family": "recurrent",
        "steps": 3,
        "inputs": 2,
        "hidden": [2, 1],
        "outputs": 2,
        "bias": "neuron",
        "errors": "every",
    },
    "convolution": {
        "family": "convolution",
        "input": [3, 3],
        "kernel": 2,
        "kernels": 2,
        "pool": 2,
        "outputs": 1,
        "bias": "all",
    },
    "recurrence": {
        "equations": """
            h[0] = 3*w
            net[t] = u*h[t-1] + x[t], t=1..3
            h[t] = relu(net[t]), t=1..3
            y[t] = v*h[t], t=1..3
            E = sum((y[t] - d[t])^2, t=1..3)
        """
    },
    "grid": {"equations": "g[i,j] = tanh(w*g[i-1,j] + u*g[i,j-1]), i=1..2, j=1..2\nE = g[2,2]^2"},
    "backward": {"equations": "inputs: g[4]\nE[1] = w*g[1]\ng[t] = sig(v*g[t+1]), t=1..3"},
    "softmax": {
        "equations": """
            p[k] = exp(z[k])/sum(exp(z[m]), m=1..3), k=1..3
            z[k] = w[k]*x[4-k], k=1..3
            E = -sum(t[k]*ln(p[k]), k=1..3)
            condition: sum(t[k], k=1..3) = 1
        """
    },
}


def network(kind: str) -> Facts:
    """A network of this kind."""
    table = KINDS[kind]
    if "equations" in table:
        return System.from_text(table["equations"], kind)
    return system(table, kind, {}) if "family" in table else Network.from_table(table, kind, {})


@cache
def model(kind: str) -> Model:
    return build(network(kind))


@pytest.fixture
def arrays_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small networks are computed as arrays, too."""
    monkeypatch.setattr(large, "SMALLEST", 0)


# Instances.


@pytest.mark.parametrize("notation", ["letters", "numbered", "indexed"])
@pytest.mark.parametrize("layers", [(2, 4, 3, 2), (12, 11, 3), (1,) * 12])
def test_a_name_is_that_of_one_member(layers: tuple[int, ...], notation: str) -> None:
    """Every name leads back to its family and indices; what only looks like one leads nowhere."""
    network = Network(layers, notation=notation, bias="neuron", names=(("weight", "v"),))
    stated = build(network).instances
    again = build(network).instances
    for family in stated.families:
        for indices in family:
            found = again.placed(stated.name(family, indices))
            assert (found[0].key, found[1]) == (family.key, indices)
    for wrong in ("v", "v0", "v99999", "v1_1_99", "v_1_1", "w11", "v" + "1" * 5_000, ""):
        assert wrong not in again.quantities


@pytest.mark.parametrize("kind", KINDS)
def test_users_and_order_are_those_of_the_definitions(kind: str) -> None:
    """`used_in` is the reverse of `inputs_of`, in the model's order, and terms of a sum fit."""
    stated = model(kind)
    users: dict[str, list[str]] = {name: [] for name in stated.quantities}
    for name, definition in stated.definitions.items():
        assert stated.inputs_of[name] == names_in(definition)
        for used in names_in(definition):
            users[used].append(name)
    assert {name: list(stated.used_in[name]) for name in stated.quantities} == users
    assert [stated.order[name] for name in stated.quantities] == list(range(len(users)))
    assert list(reversed(stated.parameters)) == list(stated.parameters)[::-1]
    assert all(stated.parameters[n] == name for n, name in enumerate(stated.parameters))


def test_what_lies_between_depends_on_the_one_and_leads_to_the_other() -> None:
    """A step of a recurrence has its own net input between; nothing leads to no quantity at all."""
    stated = model("recurrence")
    assert stated.between(["h_2"], "h_1") == ["net_2", "h_2"]
    assert stated.between(["h_2"], "w") == ["h_0", "net_1", "h_1", "net_2", "h_2"]
    assert stated.between(["h_2"], "w", known=["net_2"]) == ["h_2"]
    assert stated.between([], "w") == stated.between(["net_1"], "h_2") == []


def test_a_missing_weight_is_no_member() -> None:
    """Its terms fall away from the sum, and from that of the squares."""
    stated = model("coupled")
    assert "w12" not in stated.quantities
    assert len(stated.parameters) == 21 - 2 + 3
    assert "out_a2" not in stated.inputs_of["net_b1"]
    squares = names_in(stated.definitions[stated.total])
    assert "w11" in squares
    assert "w12" not in squares


def test_a_large_network_costs_no_more_to_state_than_a_small_one() -> None:
    """What is called for 669,000 weights is what is called for 36."""

    def stated(layers: str) -> int:
        network = Network.read(layers)
        return calls(lambda: len(build(network).quantities))

    assert stated(BIG) <= stated("2-4-3-2") + 10


@pytest.mark.parametrize("kind", ["recurrence", "recurrent", "convolution"])
def test_no_instance_is_made_before_it_is_asked_for(kind: str) -> None:
    """Reading and building state families; one definition that is asked for is made, no other."""
    stated = build(network(kind))
    assert not stated.instances.written
    assert names_in(stated.definitions[stated.total])
    assert list(stated.instances.written) == [stated.total]


def test_few_instances_are_made_of_a_large_network() -> None:
    """One weight, its gradient and one δ do not touch the other weights."""
    stated = build(Network.read(BIG))
    work = calls(lambda: Chain(build(Network.read(BIG))).gradients["w1_300000"])
    assert work < 20_000
    assert names_in(Chain(stated).deltas["net_d1"]) == ["out_d1", "target_d1"]


# Proof by arrays.


@pytest.mark.usefixtures("arrays_for_all")
@pytest.mark.parametrize("kind", KINDS)
def test_arrays_hold_what_the_definitions_say(kind: str) -> None:
    """Values, adjoints and slopes are those of the scalars: of the chain, and of dual numbers."""
    stated = build(network(kind))
    point = ArrayPoint(stated, 0, 6)
    chain = Chain(stated)
    for name, definition in stated.definitions.items():
        assert point.value(definition) == point.values[name]
    for name, formula in [*chain.deltas.items(), *chain.gradients.items()]:
        assert point.value(formula) == point.adjoints[name], name
    first = stated.parameters[0]
    total = sum(point.value(Partial(Name(e), Name(first))) for e in stated.errors)
    if stated.has_neurons and not stated.network.l2:
        assert total % point.prime == point.adjoints[first]


@pytest.mark.usefixtures("arrays_for_all")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.slow
def test_arrays_prove_what_scalars_prove(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole document is the same, but for what it says of the proof."""
    ours = compose(network(kind))
    assert large.array_points(ours.model) is not None
    monkeypatch.setattr(large, "SMALLEST", 10**9)
    theirs = compose(network(kind))
    # Numbers have digits of another order of summing behind those that are printed.
    texts = [
        render(notes, "markdown").partition("These derivatives were found")[0]
        for notes in (ours, theirs)
    ]
    assert texts[0] == texts[1]


def turned(definition: Formula, own: str) -> dict[str, Formula]:
    """The first local derivative of a definition with its sign turned."""
    found = dict(_RIGHT(definition, own))
    first = next(iter(found), None)
    return found if first is None else found | {first: -found[first]}


_RIGHT = family_slopes.local_derivatives


@pytest.mark.usefixtures("arrays_for_all")
@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_local_derivative_is_caught(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Turned in the templates, the proof of all gradients fails."""
    monkeypatch.setattr(family_slopes, "local_derivatives", turned)
    stated = build(network(kind))
    with pytest.raises(ProofError, match=f"is not the derivative of {stated.total}"):
        prove(Chain(stated))


@pytest.mark.usefixtures("arrays_for_all")
def test_a_formula_that_is_made_later_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A δ that is put together wrongly after the proof does not leave the chain."""
    chain = Chain(build(Network.read("2-4-3-2")))
    prove(chain)
    monkeypatch.setattr(chain_module, "local_derivatives", turned)
    with pytest.raises(ProofError, match="by net_b1 of"):
        chain.deltas["net_b1"]


@pytest.mark.usefixtures("arrays_for_all")
def test_a_formula_that_was_made_before_is_checked() -> None:
    """So is one that was there when the proof began."""
    chain = Chain(build(Network.read("2-4-3-2")))
    chain.gradients.put("w11", number(2) * chain.gradients["w11"])
    with pytest.raises(ProofError, match="by w11 of"):
        prove(chain)


@pytest.mark.usefixtures("arrays_for_all")
@pytest.mark.parametrize("size", [1, 2, 5])
def test_a_wrong_rule_for_a_layer_is_caught(size: int) -> None:
    """δ_j of one layer is not δ_j of the next, for a single neuron as for many."""
    stated = build(Network((2, size, size)))
    checking, indices = Checking(stated), Indices(stated)
    delta, net = Neuron("delta", 1, "j"), Neuron("net", 1, "j")
    by_net = Partial(Name(stated.total), net)
    prove_layers(checking, indices, [equation(delta, by_net)])
    with pytest.raises(ProofError):
        prove_layers(checking, indices, [equation(Neuron("delta", 2, "j"), by_net)])


def test_the_gradients_of_a_large_network_are_proved() -> None:
    """All 669,000, and one that is wrong in the last bit of one local derivative is not."""
    stated = build(Network.read(BIG))
    proof = prove(Chain(stated))
    assert len(proof.modular) == len(stated.parameters) == 668_672
    assert proof.primes > 1


@pytest.mark.parametrize("layers", [BIG, "784-30-10", "40-40-40-40-40-10"])
def test_there_are_as_many_primes_as_make_it_certain(layers: str) -> None:
    """The chance of an error stays below 2^-100 at the point that is used for the gradients."""
    sizes = FamilySizes(build(Network.read(layers)))
    slope = sizes.slope(Name(sizes.model.total), "")
    lost = sizes.lost_of([slope, slope])
    assert 146 - lost >= 100
    assert sizes.primes * SMALL_CHANCES > 100


def test_sizes_of_families_bound_those_of_their_members() -> None:
    """Measured once for a family, a size is not below that of any member."""
    from derive.exact.sizes import Sizes

    for kind in KINDS:
        each, families = Sizes(model(kind)), FamilySizes(model(kind))
        for name in model(kind).quantities:
            assert families.values[name].size >= each.values[name].size - 1e-6, (kind, name)


def test_in_all_regions_at_once() -> None:
    """With free steps a gradient that is right in one region only is refused."""
    network = replace(Network.read("3-4-2", activation="relu"))
    stated = build(network)
    point = ArrayPoint(stated, 0, 5, steps_free=True)
    chain = Chain(stated)
    net = stated.names(Role.NET)[0]
    right = chain.deltas[net]
    assert point.value(right) == point.adjoints[net]
    without_kink = chain.deltas[net].parts()[0]
    assert point.value(without_kink) != point.adjoints[net]


def test_a_large_document_is_written(tmp_path: Path) -> None:
    """A network of 24,000 weights: the rule for every neuron, the matrices, a few gradients."""
    notes = compose(Network.read("784-30-10"))
    (proof,) = (section for section in notes.sections if section.key == "proof")
    assert proof.facts["modular"]
