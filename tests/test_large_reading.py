"""What is claimed about large networks is judged as arrays, as what the program writes is proved."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from derive.calculus.indices import Indices
from derive.checking.check import check_document
from derive.checking.claims import Verdict
from derive.emit.eliding import elided
from derive.exact import large
from derive.exact.array_reals import ArrayRealPoint
from derive.exact.reals import RealPoint
from derive.formula import Dots, Formula, Name, product
from derive.model import Model
from derive.networks.equations.system import System
from derive.networks.families.table import system
from derive.networks.sources import build
from derive.notes.compose import compose
from derive.render.render import render
from tests.formulas.judging import in_document

SIZES = {"steps": 4, "inputs": 3, "hidden": 3, "outputs": 2}
GATED = """
z[t,j] = sig(sum(w_z[j,k]*x[t,k], k=1..2) + sum(u_z[j,k]*h[t-1,k], k=1..3)), t=1..4, j=1..3
h[t,j] = (1 - z[t,j])*h[t-1,j] + z[t,j]*tanh(x[t,1]), t=1..4, j=1..3
out = sum(v[k]*h[4,k], k=1..3)
E = 1/2*(target - out)^2
"""


def recurrent(**sizes: Any) -> System:
    """A recurrent network of these sizes."""
    return system({"family": "recurrent", **SIZES, **sizes}, "recurrent", {})


def verdicts(network: System, *formulas: str) -> list[Verdict]:
    """What is said of formulas, in one document."""
    return in_document(build(network), *formulas)


@pytest.fixture
def large_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every network be large."""
    monkeypatch.setattr(large, "SMALLEST", 0)


@pytest.mark.usefixtures("large_ones")
@pytest.mark.parametrize(
    "network",
    [
        recurrent(),
        recurrent(errors="every", bias="neuron"),
        recurrent(activation="relu", steps=2, hidden=2),
        recurrent(output_activation="softmax", loss="categorical-cross-entropy"),
        System.from_text(GATED),
    ],
)
@pytest.mark.slow
def test_a_document_of_a_large_network_is_read_back(network: System) -> None:
    """Every formula of it is proved."""
    notes = compose(network)
    report = check_document(notes.model, render(notes, "markdown"), "md")
    assert {claim.verdict for claim in report.claims} == {Verdict.PROVED}


DELTA = r"\frac{\partial E}{\partial net_{t,j}}"
NEXT = r"\frac{\partial E}{\partial net_{t+1,k}}"
CLAIMS = {
    r"net_{t,j} = \sum_{k=1}^3 w_{j,k} x_{t,k} + \sum_{k=1}^3 u_{j,k} h_{t-1,k}": True,
    r"net_{t,j} = \sum_{k=1}^3 w_{j,k} x_{t,k} + \sum_{k=1}^3 u_{k,j} h_{t-1,k}": False,
    r"net_{t,j} = \sum_{k=1}^3 w_{j,k} x_{t,k} + \sum_{k=1}^3 u_{j,k} h_{t,k}": False,
    r"h_{t,j} = \tanh(net_{t,j})": True,
    r"h_{t,j} = \tanh(net_{t,1})": False,
    rf"\frac{{\partial E}}{{\partial h_{{t,j}}}} = \sum_{{k=1}}^3 {NEXT} u_{{k,j}}": True,
    rf"\frac{{\partial E}}{{\partial h_{{t,j}}}} = \sum_{{k=1}}^3 {NEXT} u_{{j,k}}": False,
    rf"\frac{{\partial E}}{{\partial h_{{t,j}}}} = \sum_{{k=1}}^2 {NEXT} u_{{k,j}}": False,
    rf"{DELTA} = \frac{{\partial E}}{{\partial h_{{t,j}}}} (1 - h_{{t,j}}^2)": True,
    rf"{DELTA} = \frac{{\partial E}}{{\partial h_{{t,j}}}} (1 + h_{{t,j}}^2)": False,
    rf"\frac{{\partial E}}{{\partial u_{{j,k}}}} = \sum_{{t=1}}^4 {DELTA} h_{{t-1,k}}": True,
    rf"\frac{{\partial E}}{{\partial u_{{j,k}}}} = \sum_{{t=1}}^4 {DELTA} h_{{t,k}}": False,
    rf"\frac{{\partial E}}{{\partial u_{{j,k}}}} = \sum_{{t=1}}^3 {DELTA} h_{{t-1,k}}": False,
    r"\mathbf{net_t} = W\mathbf{x_t} + U\mathbf{h_{t-1}}": True,
    r"\mathbf{net_t} = W\mathbf{x_t} + U^\top\mathbf{h_{t-1}}": False,
    r"\mathbf{net_t} = W\mathbf{x_t} + V\mathbf{h_{t-1}}": False,
    r"\mathbf{h_t} = \tanh(\mathbf{net_t})": True,
    r"\frac{\partial E}{\partial\mathbf{h_t}} = U^\top\frac{\partial E}{\partial\mathbf{net_{t+1}}}":
        True,
    r"\frac{\partial E}{\partial\mathbf{h_t}} = U\frac{\partial E}{\partial\mathbf{net_{t+1}}}":
        False,
    r"\frac{\partial E}{\partial U} = \sum_{t=1}^4 \frac{\partial E}{\partial\mathbf{net_t}}"
    r"\mathbf{h_{t-1}}^\top": True,
    r"\frac{\partial E}{\partial U} = \sum_{t=1}^4 \frac{\partial E}{\partial\mathbf{net_t}}"
    r"\mathbf{h_t}^\top": False,
    r"\frac{\partial E}{\partial U} = \sum_{t=1}^4 \mathbf{h_{t-1}}"
    r"\frac{\partial E}{\partial\mathbf{net_t}}^\top": False,
    r"\frac{\partial E}{\partial W} = \sum_{t=1}^4 \frac{\partial E}{\partial\mathbf{net_t}}"
    r"\odot \mathbf{x_t}": False,
}  # fmt: skip
"""Claims about a recurrent network, and whether each is right."""


@pytest.mark.parametrize("claim", CLAIMS)
def test_arrays_say_what_single_numbers_say(claim: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what is right and of planted mistakes: a letter, a step, a limit, a transposition."""
    network = recurrent()
    theirs = verdicts(network, claim)
    monkeypatch.setattr(large, "SMALLEST", 0)
    assert verdicts(network, claim) == theirs
    assert (theirs == [Verdict.PROVED]) is CLAIMS[claim]
    assert CLAIMS[claim] or theirs == [Verdict.REFUTED]


KINKED = {
    r"h_{t,j} = \mathrm{relu}(net_{t,j})": Verdict.PROVED,
    rf"{DELTA} = \frac{{\partial E}}{{\partial h_{{t,j}}}} \mathrm{{relu}}'(net_{{t,j}})":
        Verdict.PROVED,
    rf"{DELTA} = \frac{{\partial E}}{{\partial h_{{t,j}}}} h_{{t,j}}": Verdict.REFUTED,
}  # fmt: skip


@pytest.mark.usefixtures("large_ones")
@pytest.mark.parametrize("claim", KINKED)
def test_a_claim_about_kinks_is_proved_in_every_region(claim: str) -> None:
    """Where every step is an unknown of its own, what agrees agrees whatever the steps are."""
    assert verdicts(recurrent(activation="relu"), claim) == [KINKED[claim]]


@pytest.mark.usefixtures("large_ones")
def test_letters_are_not_written_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A right claim about more units takes not one instance more."""
    right = [claim for claim, holds in CLAIMS.items() if holds and r"\sum_{k" not in claim]
    made: list[Formula] = []
    instance = Indices.instance

    def counted(self: Indices, formula: Formula, chosen: Mapping[str, int]) -> Formula:
        made.append(formula)
        return instance(self, formula, chosen)

    monkeypatch.setattr(Indices, "instance", counted)
    counts = []
    for hidden in (9, 12):
        made.clear()
        assert set(verdicts(recurrent(hidden=hidden), *right)) == {Verdict.PROVED}
        counts.append(len(made))
    assert counts[0] == counts[1]


@pytest.mark.usefixtures("large_ones")
@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_decimals_in_arrays_are_those_of_single_numbers(activation: str) -> None:
    """All values, and slopes of the error and of others, to more than 40 digits."""
    model = build(recurrent(activation=activation))
    ours = large.real_point(model, 3)
    assert isinstance(ours, ArrayRealPoint)
    theirs = RealPoint(model, 3, numbers=ours.numbers)
    draw = random.Random(1)
    near = Decimal("1e-40")
    for name in model.quantities:
        assert abs(ours.values[name] - theirs.values[name]) < near
        for of in (model.total, draw.choice([*model.quantities])):
            assert abs(ours.slope(Name(of), name) - theirs.slope(Name(of), name)) < near


def test_terms_of_several_kinds_are_shortened_apart() -> None:
    """Dots between terms of two kinds say nothing, and could not be read back."""
    first = [product([Name(f"w_1_{k}"), Name(f"x_1_{k}")]) for k in range(1, 9)]
    second = [product([Name(f"u_1_{k}"), Name(f"h_0_{k}")]) for k in range(1, 65)]
    shown = elided([*first, *second])
    assert shown == [*first[:2], Dots(), first[-1], *second[:2], Dots(), second[-1]]


def test_a_model_says_how_many_neurons_it_has() -> None:
    """By the index ranges of its families; equations have no neurons."""
    from derive.networks.network import Network

    layered: Model = build(Network.read("2-4-3-2"))
    assert layered.sizes == (2, 4, 3, 2)
    assert [len(s.ranges) for s in layered.miniature().instances.families[:1]] == [1]
    assert layered.miniature().sizes == (2, 2, 2, 2)
    assert build(recurrent()).sizes == ()
