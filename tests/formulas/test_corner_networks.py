"""Documents of networks at the corners of what a file may say: every equation in them is proved."""

from __future__ import annotations

from typing import Any

import pytest

from derive import Model, Network, check, derive, gradcheck, write_code
from derive.calculus.chain import Chain
from derive.calculus.layer_rules import LayerRules
from derive.emit.latex import Latex
from derive.emit.text import Text
from derive.exact.region_points import EveryRegion, RegionPoint, TooManyRegionsError
from derive.formula import ONE, ZERO, Call, Name, Product
from derive.notes.compose import compose, single
from derive.render.readback import prove_document
from derive.render.render import render
from tests.engines.corner_tables import table
from tests.shelf import proved

CORNERS: dict[str, dict[str, Any]] = {
    # In matrices, a number is no vector: 2(a − y), not 2 ⊙ (a − y).
    "a number before a vector": {
        "layers": [1, 2], "activation": "softmax", "loss": "squared-error", "notation": "indexed",
    },
    # aᵀ(r ⊙ s) needs its brackets.
    "a product of vectors behind a matrix": {
        "layers": [1, 1, 2], "activation": ["tanh", "softmax"], "loss": "relu(1 - t*o)",
    },
    # The values of all quantities swell, so that regions are compared one by one.
    "relu before softmax": {
        "layers": [2, 2, 2], "activation": ["relu", "softmax"], "loss": "binary-cross-entropy",
    },
    # The slopes of a softmax sum to 0, of which rounding leaves 1e-61.
    "a shared bias of softmax": {
        "layers": [1, 3], "activation": "softmax", "loss": "squared-error", "bias": "layer",
    },
    "bold Greek letters with an index": {
        "layers": [1, 2, 2, 1], "bias": "neuron", "notation": "numbered",
        "names": {"weight": r"\theta", "bias": r"\beta"},
    },
    "a layer from which nothing leads on": {
        "layers": [1, 1, 1, 1], "bias": "layer", "l2": 0.1, "missing": ["w31"],
    },
    "a layer without parameters": {
        "layers": [2, 2, 2], "missing": ["w11", "w12", "w13", "w14"], "skip": [[0, 1]],
    },
    # At its kink ELU'(0) is judged, and with it GELU'(0), with Φ(0) = ½.
    "elu before gelu": {"layers": [1, 1, 1], "activation": ["elu", "gelu"], "bias": "neuron"},
    "a function with a unit step": {
        "layers": [1, 1], "activation": "ramp", "functions": {"ramp": "step(x)*x^2"},
    },
}  # fmt: skip


@pytest.mark.parametrize("corner", CORNERS)
@pytest.mark.slow
def test_every_equation_is_proved(corner: str) -> None:
    """None is refuted, undecided or unreadable, and the gradients can be had as a program."""
    network = Network.from_table(CORNERS[corner], "corner", {}).with_random_numbers(0)
    proved(network, "markdown")
    compile(write_code(network), "corner", "exec")


def test_numbers_stand_before_vectors() -> None:
    """δ of a softmax layer with the squared error."""
    model = Model.of(Network.from_table(CORNERS["a number before a vector"], "corner", {}))
    assert isinstance(model.network, Network)
    rule = LayerRules(model).matrix(1)[0]
    written = Latex(model).chain(rule)
    assert r"= 2(\mathbf{a}^2 \odot (\mathbf{a}^2 - \mathbf{y}))" in written
    assert r"- 2 \cdot \mathbf{a}^2(\mathbf{a}^2)^{\top}(\mathbf{a}^2 - \mathbf{y})" in written


def test_zero_is_a_number_only_where_it_is_exact() -> None:
    """The gradient by a shared bias before softmax is 0; a small one is not."""
    network = Network.from_table(CORNERS["a shared bias of softmax"], "corner", {})
    numbered = network.with_random_numbers(0)
    assert check(numbered, "dE_total/dbias_b = 0").status == 0
    assert check(numbered, "dE_total/dw11 = 0").status == 1


def test_a_letter_without_a_number_is_not_refuted() -> None:
    """What is wrong for some x only is not judged with the network's numbers."""
    network = Network.from_table(CORNERS["relu before softmax"], "corner", {})
    assert check(network.with_random_numbers(0), "relu(x) = 0.5").summary["proved"] == 0
    assert check(network.with_random_numbers(0), "x = 0.5 + x - 0.5").summary["refuted"] == 0


def test_missing_weights_are_renamed_with_their_network() -> None:
    """In a file that calls its weights θ they are θ in every notation."""
    table = {"layers": [1, 2], "missing": ["theta12"], "names": {"weight": r"\theta"}}
    for notation, left in (("letters", "theta11"), ("indexed", "theta2_1_1")):
        model = Model.of(Network.from_table({**table, "bias": "layer"}, "", {"notation": notation}))
        assert model.parameters[0] == left
        assert len(model.parameters) == 2


def test_the_normal_distribution_at_0() -> None:
    """Φ(0) is ½, in whatever order it is met."""
    model = Model.of(Network.read("1-1-1", activation="elu,gelu"))
    claims = ["Phi(0) = 1/2", "gelu'(0) = Phi(0) + 0*phi(0)", "Phi(0) = 1 - Phi(0)"]
    assert check(model, *claims).summary["proved"] == len(claims)
    assert check(model, "Phi(0) = 1").summary["refuted"] == 1


# Wrong formulas.


def test_what_is_wrong_in_one_region_is_not_proved() -> None:
    """Where values swell and regions are compared one by one, one that differs is enough."""
    model = Model.of(Network.from_table({**CORNERS["relu before softmax"], "l2": 0.1}, "", {}))
    chain = Chain(model)
    text = Text(model)
    right = text.inline(chain.gradients["w11"])
    delta = text.inline(chain.deltas["net_b1"])
    wrong = [
        right.replace(" + lambda · w11", ""),
        right.replace("lambda", "2lambda"),
        f"{delta} · out_a2 + lambda · w11",
        f"{delta} · relu'(net_b2) · out_a1 + lambda · w11",
        f"{delta} · (1 − relu'(net_b1) · relu'(net_b2)) · out_a1 + lambda · w11",
        f"{delta} · out_a1 + lambda · w11 + (1 − relu'(net_b1)) · relu'(net_b2) · w21",
        f"({text.inline(chain.deltas['net_c1'])}) · w21 · relu'(net_b1) · out_a1 + lambda · w11",
    ]
    assert len({*wrong, right}) == len(wrong) + 1
    claims = [f"∂E_total/∂w11 = {side}" for side in wrong]
    assert check(model, *claims).summary["refuted"] == len(wrong)
    same = f"{delta} · (1 − relu'(−net_b1)) · out_a1 + lambda · w11"
    assert check(model, f"∂E_total/∂w11 = {right}", f"∂E_total/∂w11 = {same}").status == 0


# Regions.


def relus(count: int) -> Model:
    """A layer of ReLUs."""
    return Model.of(Network.read(f"1-{count}-1", activation="relu,identity"))


def test_every_region_is_visited() -> None:
    """Each choice of active units once; more than 512 regions are too many."""
    everywhere = EveryRegion(relus(3))
    net = [Name(f"net_b{j}") for j in (1, 2, 3)]
    product = Product(tuple(Call("relu", n, 1) for n in net))
    assert everywhere.agree(product, Product((product, product)))
    assert not everywhere.agree(product, ZERO)
    with pytest.raises(TooManyRegionsError):
        EveryRegion(relus(10)).agree(net[0], net[0])


def test_a_kink_is_a_region_too() -> None:
    """step(x) + step(−x) = 1 fails where x is 0, and the residues know it."""
    model = relus(1)
    x = Name("net_b1")
    both = Call("step", x) + Call("step", -x)
    assert not EveryRegion(model).agree(both, ONE)
    assert RegionPoint(model, [1]).value(both) == 1
    assert RegionPoint(model, [0, 1]).value(both) == 1
    assert RegionPoint(model, [0, 0]).value(both) == 0


# At random.


@pytest.mark.parametrize(
    "seed", [s if s in {2, 3} else pytest.param(s, marks=pytest.mark.sweep) for s in range(20)]
)
@pytest.mark.slow
def test_random_tables(seed: int) -> None:
    """Whatever a file says: proved, checked with numbers, written, read back and compiled."""
    network = Network.from_table(table(seed), f"random {seed}", {})
    model = Model.of(network)
    assert gradcheck(network if network.numbers else network.with_random_numbers(0)).passed
    notes = compose(network)
    assert prove_document(network, render(notes, "latex", None), "latex")
    assert render(notes, "markdown", None)
    compile(write_code(network), "random", "exec")
    for parameter in model.parameters[-1:]:
        assert derive(model, parameter).to_json()["weight"] == parameter
        assert render(single(model, parameter), "text", None, width=88)
