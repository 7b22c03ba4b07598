"""An independent engine agrees: PyTorch differentiates the same networks to the same gradient.

PyTorch's networks are written anew, with its own layers, activations and losses; what is compared
is the gradient that the derivation's formulas give and, beside it, the second gradient of the
numeric check. The worst relative error is printed at the end of the run.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from tests.engines.engine import TOLERANCE, relative_error, tensor, torch

# isort: split
from derive import Model
from derive.calculus import chain as chain_module
from derive.formula import Formula, number
from derive.functions import ACTIVATIONS, BY_SYMBOL, LOSSES, SOFTMAX
from derive.model import Role
from derive.networks.equations.system import System
from derive.networks.families import table as families
from derive.networks.network import Network
from derive.networks.shipped import SHIPPED, shipped
from derive.networks.sources import read
from derive.numeric.forward import examples
from derive.numeric.found import Gradcheck
from derive.numeric.gradcheck import gradcheck
from tests.engines import layers
from tests.engines.by_hand import BY_HAND
from tests.engines.families import gradient as family_gradient
from tests.engines.families import random_settings
from tests.engines.random_networks import Random, random_network, random_system
from tests.engines.trees import Trees

Record = Callable[[str, Any], None]
SEEDS = (0, 1, 2)
RANDOM = range(200)
EQUATIONS = range(60)
FAMILIES = range(60)
BATCH = 20
STATED = [name for name in shipped() if not read(name).layers]
LAYERED = [name for name in shipped() if name not in STATED]


def batches(seeds: range, default: int) -> list[Any]:
    """Where each batch starts; after the first few they are left to the slow run."""
    starts = seeds[::BATCH]
    late = [pytest.param(start, marks=pytest.mark.slow) for start in starts[default:]]
    return [*starts[:default], *late]


def record(record_property: Record, what: str, name: str, error: float) -> None:
    """Keep the figure for the end of the run, and judge it."""
    record_property("worst", [f"{what}, against PyTorch", name, error])
    assert error <= TOLERANCE, name


def checked_network(table: Mapping[str, Any], missing: frozenset[layers.Place]) -> float:
    """How far the gradient of a layered network is from PyTorch's, and its error too."""
    network = Network.from_table(dict(table), "test", {})
    found = gradcheck(network)
    passed = layers.forward(table, missing)
    theirs = passed.gradient()
    return max(
        relative_error({"E": found.error}, {"E": passed.error.item()}),
        *(relative_error(gradient_by_place(found, s), theirs) for s in ("symbolic", "backprop")),
    )


def gradient_by_place(found: Gradcheck, side: str) -> dict[Hashable, float]:
    """The gradients under the places that their quantities have in the network."""
    model = Model.of(found.network)
    return {
        (q.layer, q.index, q.source if q.role is Role.WEIGHT else None): getattr(
            found.gradients[name], side
        )
        for name, q in model.quantities.items()
        if q.role in {Role.WEIGHT, Role.BIAS}
    }


def symbolic(found: Gradcheck) -> dict[Hashable, float]:
    """The gradients of the derivation by name."""
    return {name: row.symbolic for name, row in found.gradients.items()}


def numbers_of(network: Network) -> dict[str, Any]:
    """A network's numbers as its file would have them."""
    assert network.numbers is not None
    rows = {key: [list(row) for row in getattr(network.numbers, key)] for key in
            ("inputs", "targets", "weights", "biases")}  # fmt: skip
    return {key: value for key, value in rows.items() if value}


@pytest.mark.parametrize("name", LAYERED)
def test_shipped_layered_network(name: str, record_property: Record) -> None:
    """Every shipped network of layers, with the numbers of its file and with random ones."""
    table = tomllib.loads((SHIPPED / f"{name}.toml").read_text(encoding="utf-8"))
    for network in numbered(name):
        error = checked_network({**table, "numbers": numbers_of(network)}, frozenset())
        record(record_property, "shipped networks", name, error)


@pytest.mark.parametrize("name", STATED)
def test_shipped_equations(name: str, record_property: Record) -> None:
    """Every shipped network of equations, against PyTorch's own layers: its LSTM, its attention."""
    assert name in BY_HAND, f"write {name} with PyTorch's own functions in by_hand.py"
    for system in numbered(name):
        found = gradcheck(system)
        assert system.numbers is not None
        leaves = {n: tensor(value, moving=True) for n, value in system.numbers.items()}
        error = BY_HAND[name](leaves)
        slopes = torch.autograd.grad(error, [leaves[n] for n in system.weights])
        theirs = {n: s.item() for n, s in zip(system.weights, slopes, strict=True)}
        worst = max(
            relative_error(symbolic(found), theirs),
            relative_error({"E": found.error}, {"E": error.item()}),
        )
        record(record_property, "shipped networks", name, worst)


@pytest.mark.parametrize("name", shipped())
def test_definitions_of_a_shipped_network(name: str, record_property: Record) -> None:
    """The program's own definitions, differentiated by PyTorch's autograd."""
    for system in numbered(name):
        record(record_property, "definitions in autograd", name, through_trees(system))


def numbered(name: str) -> list[Any]:
    """A shipped network with its own numbers, if it has any, and with random ones off the kinks."""
    network = read(name)
    made = (replace(network, numbers=None).with_random_numbers(seed) for seed in range(100))
    usable = [n for n in made if trees_of(n).from_kink > 1e-3]
    return [*([network] if network.numbers is not None else []), *usable[: len(SEEDS)]]


def trees_of(network: Network | System) -> Trees:
    """The definitions in PyTorch at the network's numbers."""
    model = Model.of(network)
    assert network.numbers is not None
    return Trees(model, examples(model, network), network.reduction == "mean")


def through_trees(network: Network | System) -> float:
    """How far the derivation is from autograd on the same definitions."""
    trees = trees_of(network)
    return relative_error(symbolic(gradcheck(network)), trees.gradient())


@pytest.mark.parametrize("start", batches(RANDOM, 3))
def test_random_networks(start: int, record_property: Record) -> None:
    """Random sizes, activations, losses, biases, masks, skips, batches, reductions."""
    for seed in RANDOM[start : start + BATCH]:
        case = random_network(seed)
        error = checked_network(case.table, case.missing)
        record(record_property, "random networks", case.label, error)


@pytest.mark.parametrize("start", batches(EQUATIONS, 1))
@pytest.mark.slow
def test_random_equations(start: int, record_property: Record) -> None:
    """Random graphs of equations: whatever the definitions say, autograd differentiates the same."""
    for seed in EQUATIONS[start : start + BATCH]:
        system = random_system(seed)
        record(record_property, "random equations", system.name, through_trees(system))


@pytest.mark.parametrize("start", batches(FAMILIES, 1))
def test_random_families(start: int, record_property: Record) -> None:
    """Recurrent networks, convolutions, pooling: against PyTorch's own, and autograd."""
    for seed in FAMILIES[start : start + BATCH]:
        settings = random_settings(seed)
        stated = families.system(settings, f"{settings['family']} {seed}", {})
        drawn = (stated.with_random_numbers(1_000 * seed + k) for k in range(100))
        system = next(n for n in drawn if trees_of(n).from_kink > 1e-3)
        assert system.numbers is not None
        found = gradcheck(system)
        error, theirs = family_gradient(settings, system.numbers, system.weights)
        worst = max(
            relative_error({"E": found.error}, {"E": error}),
            relative_error(symbolic(found), theirs),
        )
        record(record_property, "random families", f"{seed}: {settings}", worst)


def test_random_networks_vary() -> None:
    """Among the 200 is each activation and loss, each kind of bias, a batch, a mask, a skip."""
    seen: Counter[object] = Counter()
    for case in map(random_network, RANDOM):
        table = case.table
        seen.update(table["activation"])
        seen.update([table["loss"], f"bias {table['bias']}", table["reduction"]])
        seen.update(key for key in ("skip", "missing", "l2") if table.get(key))
        seen["batch"] += len(table["numbers"]["inputs"]) > 1
    wanted = [
        *ACTIVATIONS,
        SOFTMAX,
        *LOSSES,
        *("bias none", "bias neuron", "bias layer", "sum", "mean", "batch"),
        *("skip", "missing", "l2"),
    ]
    assert {what: seen[what] for what in wanted if seen[what] < 10} == {}


def test_every_function_has_its_own_in_pytorch() -> None:
    """A new row of the table of functions is compared too, once it is written in layers.py."""
    assert ACTIVATIONS.keys() <= layers.ACTIVATIONS.keys()
    assert LOSSES.keys() <= layers.LOSSES.keys()


def test_a_wrong_local_derivative_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """∂f/∂w_f off by 1e-8 in an LSTM cell, and ∂net/∂w of a weight of a random network."""
    (system, *_) = numbered("lstm")
    case = random_network(0)
    weight = largest(case)
    assert through_trees(system) <= TOLERANCE
    assert checked_network(case.table, case.missing) <= TOLERANCE
    plant_local(monkeypatch, "w_f")
    assert through_trees(system) > 10 * TOLERANCE
    plant_local(monkeypatch, weight)
    assert checked_network(case.table, case.missing) > 10 * TOLERANCE


def plant_local(patch: pytest.MonkeyPatch, weight: str) -> None:
    """Make every local derivative by one weight too large, by 1e-8 of it."""
    right = chain_module.local_derivatives

    def wrong(definition: Formula, own: str) -> dict[str, Formula]:
        found = right(definition, own)
        more = number(1 + Fraction(1, 10**8))
        return {n: f * more if n == weight else f for n, f in found.items()}

    patch.setattr(chain_module, "local_derivatives", wrong)


def largest(case: Random) -> str:
    """The weight with the largest gradient."""
    found = gradcheck(Network.from_table(case.table, "test", {})).gradients
    return max(found, key=lambda name: abs(found[name].symbolic))


def test_a_wrong_slope_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """sig'(x) written out·(1 + out), and out·(1 − out) off by 1e-8, in the table of functions."""
    case = next(c for c in map(random_network, RANDOM) if "sigmoid" in c.table["activation"])
    for wrong in (lambda y: y * (1 + y), lambda y: y * (1 - y) * (1 + 1e-8)):
        with monkeypatch.context() as patch:
            row = replace(BY_SYMBOL["sig"], slope=lambda x, y, f, wrong=wrong: wrong(y))
            patch.setitem(BY_SYMBOL, "sig", row)
            assert checked_network(case.table, case.missing) > 10 * TOLERANCE


def elsewhere(key: str, value: Any) -> Any:
    """Another value for a setting, of those that do not matter for its shape."""
    others: dict[str, Any] = {
        "reduction": {"sum": "mean", "mean": "sum"},
        "loss": {"half-squared-error": "squared-error", "squared-error": "half-squared-error"},
    }
    match key:
        case "activation":
            return ["tanh" if name != "tanh" else "identity" for name in value]
        case "l2":
            return value * 1.000_001
        case "skip":
            return value[1:]
    return others[key].get(value, "half-squared-error")


def moved(case: Random) -> frozenset[layers.Place]:
    """The missing connections with one of them put elsewhere in its layer."""
    gone = min(case.missing)
    sizes, layer = case.table["layers"], gone[0]
    others = product(range(1, sizes[layer] + 1), range(1, sizes[layer - 1] + 1))
    new = next((layer, j, i) for j, i in others if (layer, j, i) not in case.missing)
    return case.missing - {gone} | {new}


@pytest.mark.parametrize("key", ["activation", "loss", "reduction", "l2", "skip", "missing"])
def test_every_setting_matters(key: str) -> None:
    """A setting that only one of the two sides knows shows as a difference of gradients."""
    cases = [
        case
        for case in map(random_network, RANDOM)
        if case.table.get(key) and (key != "reduction" or len(case.table["numbers"]["inputs"]) > 1)
    ]
    for case in cases[:3]:
        network = Network.from_table(case.table, "test", {})
        missing = moved(case) if key == "missing" else case.missing
        other = {key: elsewhere(key, case.table[key])} if key != "missing" else {}
        theirs = layers.forward({**case.table, **other}, missing).gradient()
        assert relative_error(gradient_by_place(gradcheck(network), "symbolic"), theirs) > 1e-9
