"""From formulas that differ by their indices to one with index letters, and back."""

from __future__ import annotations

import pytest

from derive import Model
from derive.calculus.chain import Chain
from derive.calculus.graph_rules import Rules, spoken_ranges
from derive.calculus.unify import unified
from derive.emit.text import Text
from derive.formula import Formula, Name, Partial
from derive.grammar.free import FreeReader
from derive.networks.equations.system import System
from derive.networks.sources import read as network
from derive.notations.free import split_name
from tests.builders.families import stated

MODEL = Model.of(System.from_text("E = w*x", "test"))


def read(text: str) -> Formula:
    return FreeReader().formula(text)


@pytest.mark.parametrize(
    ("instances", "found"),
    [
        (["h_1*u", "h_2*u"], "h[t] · u"),
        (["h_0*x_1", "h_1*x_2"], "h[t-1] · x[t]"),
        (["1 - h_1^2", "1 - h_2^2"], "1 − h[t]^2"),
        (["h_1*x_1 + h_1*x_2", "h_2*x_1 + h_2*x_2"], "Σ_k=1..2 h[t] · x[k]"),
        (["w_1*x_1 + w_2*x_2", "w_1*x_2 + w_2*x_3"], "Σ_k=1..2 w[k] · x[t+k-1]"),
        (["y_1*v + w_1*x_1 + w_2*x_2", "y_2*v + w_1*x_1 + w_2*x_2"],
         "y[t] · v + Σ_k=1..2 w[k] · x[k]"),
        (["w_1*x_1 + w_2*x_2 + y_1", "w_1*x_1 + w_2*x_2 + y_2"],
         "Σ_k=1..2 w[k] · x[k] + y[t]"),
        (["u*v_1 + w_1*x_1 + w_2*x_2 + y_1", "u*v_2 + w_1*x_1 + w_2*x_2 + y_2"],
         "u · v[t] + Σ_k=1..2 w[k] · x[k] + y[t]"),
        (["a_1_1 + a_1_2 + a_2_1 + a_2_2"] * 2, "Σ_k=1..2 Σ_m=1..2 a[k,m]"),
        (["h_1*u", "h_3*u"], None),
        (["h_1*u", "g_2*u"], None),
        (["h_1 + u", "h_2*u"], None),
        (["2*h_1", "3*h_2"], None),
        (["h_1 + x_1 + x_3", "h_2 + x_1 + x_3"], "h[t] + x_1 + x_3"),
    ],
)  # fmt: skip
def test_what_differs_by_indices_only_is_one_formula(
    instances: list[str], found: str | None
) -> None:
    """The letter t counts the instances, k and m count terms of sums."""
    cases = [({"t": place}, read(text)) for place, text in enumerate(instances, 1)]
    made = unified(cases, split_name, ("k", "m"))
    assert (made and Text(MODEL).inline(made)) == found


def rules(source: str | System) -> list[str]:
    system = network(source)
    assert isinstance(system, System)
    chain = Chain(Model.of(system))
    found = Rules(chain)
    text = Text(chain.model)
    return [text.chain(r.equation) for r in [*found.adjoints(), *found.gradients()]]


def test_the_rules_are_those_of_the_books() -> None:
    """Softmax with cross-entropy, backpropagation through time, the gradient of a kernel."""
    assert "∂E/∂z[k] = p[k] − target[k]" in rules("softmax")
    through_time = rules("rnn")
    assert "∂E/∂h[t] = ∂E/∂net[t+1] · u" in through_time
    assert "∂E/∂h_3 = ∂E/∂out · v" in through_time
    assert "∂E/∂u = Σ_t=1..3 ∂E/∂net[t] · h[t-1]" in through_time
    kernel = "∂E/∂w[m,n] = Σ_i=1..2 Σ_j=1..2 ∂E/∂net[i,j] · x[m+i-1,n+j-1]"
    assert kernel in rules("conv2d")
    assert "∂E/∂q[i,n] = Σ_m=1..2 ∂E/∂score[i,m] · key[m,n]/(√2)" in rules("attention")


def test_the_last_step_of_several_units_has_a_rule_of_its_own() -> None:
    """The units of the step at one end are one rule, those of the others another; time is t."""
    recurrent = stated('family="recurrent"\nsteps=3\ninputs=2\nhidden=2\noutputs=1\nbias="neuron"')
    found = rules(recurrent)
    assert "∂E/∂h[3,j] = ∂E/∂out · v[j]" in found
    assert "∂E/∂h[t,j] = Σ_k=1..2 ∂E/∂net[t+1,k] · u[k,j]" in found
    assert "∂E/∂u[j,k] = Σ_t=1..3 ∂E/∂net[t,j] · h[t-1,k]" in found
    assert not [rule for rule in found if rule.startswith(("∂E/∂h_1_", "∂E/∂h_2_"))]


def test_a_rule_that_does_not_hold_everywhere_is_not_used() -> None:
    """With one member's derivative changed, that family is written out, nothing false is."""
    system = network("residual")
    assert isinstance(system, System)
    chain = Chain(Model.of(system))
    by = Partial(Name("E"), Name("net_1"))
    assert any(by != r.equation.left for r in Rules(chain).gradients())
    chain.gradients.put("b_2", Partial(Name("E"), Name("net_1")))
    found = Rules(chain).gradients()
    assert not [r for r in found if "b[" in Text(chain.model).inline(r.of)]


def test_letters_are_said_with_their_ranges() -> None:
    """Once for all where they are the same everywhere, else with the families."""
    system = network("rnn")
    assert isinstance(system, System)
    found = Rules(Chain(Model.of(system)))
    text = Text(Model.of(system))
    said = [(letters, low, high, [text.inline(f) for f in of])
            for letters, low, high, of in spoken_ranges(found.adjoints())]  # fmt: skip
    assert said == [(["t"], 1, 2, ["h[t]"]), (["t"], 1, 3, ["net[t]"])]
