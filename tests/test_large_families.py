"""Large families of equations go as large layers do: whole arrays, and few single quantities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from derive.calculus import graph_rules
from derive.calculus.chain import MANY, Chain
from derive.calculus.graph_rules import Rule, Rules, backward_rules
from derive.calculus.proof import prove
from derive.emit.text import Text
from derive.errors import InputError
from derive.exact import large
from derive.formula import Name, equation, number
from derive.model import Model
from derive.model.shrunk import NotWidenedError, Shrunk
from derive.networks.equations.system import System
from derive.networks.families.table import system
from derive.networks.sources import build
from derive.notes.compose import compose
from derive.numeric.gradcheck import gradcheck
from tests.work import calls


def recurrent(**sizes: Any) -> System:
    """A recurrent network of these sizes."""
    table = {"family": "recurrent", "inputs": 3, "outputs": 2, "bias": "neuron", **sizes}
    return system(table, "recurrent", {})


GATED = """
z[t,j] = sig(sum(w_z[j,k]*x[t,k], k=1..2) + sum(u_z[j,k]*h[t-1,k], k=1..4)), t=1..5, j=1..4
g[t,j] = tanh(sum(w_g[j,k]*x[t,k], k=1..2) + sum(u_g[j,k]*z[t,k]*h[t-1,k], k=1..4)), t=1..5, j=1..4
h[t,j] = (1 - z[t,j])*h[t-1,j] + z[t,j]*g[t,j], t=1..5, j=1..4
out = sum(v[k]*h[5,k], k=1..4)
E = 1/2*(target - out)^2
"""
BENT = """
a[i] = relu(sum(w[i,k]*x[k], k=1..3) + b), i=1..3
c[i] = w[1,i]*w[2,i]*a[i] + tanh(b*a[i]), i=1..3
E = 1/2*(target - sum(v[i]*c[i], i=1..3))^2 + 1/20*sum(v[i]^2, i=1..3)
"""
SYSTEMS = {
    "recurrent": recurrent(steps=4, hidden=3, activation="sigmoid"),
    "stacked": recurrent(steps=4, hidden=[3, 2], errors="every", bias="none"),
    "kinked": recurrent(steps=3, hidden=3, activation="relu"),
    "softmax": recurrent(
        steps=3, hidden=3, output_activation="softmax", loss="categorical-cross-entropy"
    ),
    "gated": System.from_text(GATED),
    "bent": System.from_text(BENT),
    "backward": System.from_text("inputs: g[4]\nE[1] = w*g[1]\ng[t] = sig(v*g[t+1]), t=1..3"),
}


def small_arrays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every network be large."""
    monkeypatch.setattr(large, "SMALLEST", 0)


@pytest.mark.parametrize("kind", SYSTEMS)
def test_arrays_find_what_scalars_find(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every quantity, the three gradients, the step and both errors."""
    theirs = gradcheck(SYSTEMS[kind])
    small_arrays(monkeypatch)
    ours = gradcheck(SYSTEMS[kind])
    assert ours.second == "arrays"
    assert ours.passed
    assert list(ours.values) == list(theirs.values)
    for name, column in theirs.values.items():
        assert ours.values[name] == pytest.approx(column, abs=1e-14)
    assert list(ours.gradients) == list(theirs.gradients)
    found = [row.finite_difference for row in ours.gradients.values()]
    assert None not in found or kind in ("kinked", "bent")
    for name, row in theirs.gradients.items():
        own = ours.gradients[name]
        assert own[:2] == pytest.approx(row[:2], rel=1e-12, abs=1e-14)
        if own.finite_difference is not None and row.finite_difference is not None:
            assert own.finite_difference == pytest.approx(row.finite_difference, abs=1e-9)
    assert ours.updated == pytest.approx(dict(theirs.updated))
    assert (ours.error, ours.error_after) == pytest.approx((theirs.error, theirs.error_after))


@pytest.mark.parametrize("kind", SYSTEMS)
def test_a_document_is_written_by_arrays(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it is proved and checked, of any network of equations."""
    small_arrays(monkeypatch)
    notes = compose(SYSTEMS[kind])
    assert notes.facts["count"] == len(notes.model.parameters)


def _told(rules: tuple[list[Rule], list[Rule]], model: Model) -> set[str]:
    return {f"{Text(model).chain(r.equation)} {r.ranges}" for some in rules for r in some}


@pytest.mark.parametrize("kind", ["recurrent", "stacked", "gated"])
def test_rules_found_in_small_are_those_found_in_large(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The small model has other sizes, and the same equations with the numbers put back."""
    sized = {
        "recurrent": recurrent(steps=9, hidden=7, inputs=8, outputs=9),
        "stacked": recurrent(steps=7, hidden=[6, 5], inputs=7, errors="every"),
        "gated": System.from_text(GATED.replace("1..5", "1..9").replace("h[5", "h[9")),
    }
    model = build(sized[kind])
    rules = Rules(Chain(model))
    theirs = _told((rules.adjoints(), rules.gradients()), model)
    small_arrays(monkeypatch)
    again = build(sized[kind])
    found = graph_rules._widened(Chain(again))
    assert found is not None
    assert len(Shrunk(again).model.quantities) < len(again.quantities)
    assert _told(found, again) == theirs


def test_a_wrong_rule_is_not_stated(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that holds in small is proved at the real size, and left if it is wrong there."""
    small_arrays(monkeypatch)
    chain = Chain(build(recurrent(steps=9, hidden=7)))
    assert graph_rules._widened(chain) is not None
    right = graph_rules._large

    def wrong(shrunk: Shrunk, rule: Rule) -> Rule:
        made = right(shrunk, rule)
        sides = (made.equation.left, made.equation.right * number(2))
        return replace(made, equation=equation(*sides)) if "u" in str(rule.of) else made

    monkeypatch.setattr(graph_rules, "_large", wrong)
    assert graph_rules._widened(chain) is None


def test_very_many_without_rules_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is passed over in silence, and nobody waits for hours."""
    small_arrays(monkeypatch)
    chain = Chain(build(recurrent(steps=9, hidden=7)))
    monkeypatch.setattr(graph_rules, "_widened", lambda _: None)
    assert backward_rules(chain)[0]
    monkeypatch.setattr(graph_rules, "MOST_SINGLE", 20)
    with pytest.raises(InputError, match="too many to be stated one by one"):
        backward_rules(chain)


def test_equations_that_are_no_arrays_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """With roots single numbers are computed, and of these not too many."""
    rooted = System.from_text("y[i] = sqrt(1 + w*x[i]^2), i=1..2\nE = sum(y[i], i=1..2)")
    small_arrays(monkeypatch)
    prove(Chain(build(rooted)))
    monkeypatch.setattr(large, "MOST_SINGLE", 2)
    with pytest.raises(InputError, match="3 equations; at most 2, and 100,000 quantities"):
        prove(Chain(build(rooted)))


def test_numbers_are_put_back_from_the_nearer_end() -> None:
    """h[200] is the last state of the small model, and h[199] the one before."""
    model = build(recurrent(steps=200, hidden=8))
    shrunk = Shrunk(model)
    last = max(int(name.split("_")[1]) for name in shrunk.model.quantities if name[:2] == "h_")
    assert last < 10
    assert [shrunk.name(f"h_{n}_1") for n in (0, 1, 2, last - 1, last)] == [
        "h_0_1",
        "h_1_1",
        "h_2_1",
        "h_199_1",
        "h_200_1",
    ]
    with pytest.raises(NotWidenedError):
        shrunk.ends("q", (1, 2), Name("E"))


@pytest.mark.parametrize("kind", SYSTEMS)
def test_what_is_downstream_is_what_uses_lead_to(kind: str) -> None:
    """Boxes of families hold the quantities that are found one after the other."""
    model = build(SYSTEMS[kind])

    def walked(name: str, used: Mapping[str, list[str]]) -> set[str]:
        found, todo = {name}, [name]
        while todo:
            new = set(used[todo.pop()]) - found
            found |= new
            todo += new
        return found

    for name in model.quantities:
        found, expected = model.downstream(name), walked(name, model.used_in)
        assert set(found) == expected
        assert [x for x in model.quantities if x in found] == [
            x for x in model.quantities if x in expected
        ]
        for of in model.definitions:
            assert found.inside(of) == [x for x in model.inputs_of[of] if x in expected]
        parts = [model.instances.name(f, at) for f, own in found.parts() for at in own]
        assert parts == [x for x in model.quantities if x in expected]
    some = list(model.quantities)[::7]
    assert set(model.downstream(*some)) == set().union(*(walked(n, model.used_in) for n in some))


def test_very_many_paths_are_not_counted() -> None:
    """One knows that there are at least so many."""
    chain = Chain(build(recurrent(steps=200, hidden=8)))
    assert chain.count_paths("E", "w_1_1") == MANY
    assert Chain(build(recurrent(steps=2, hidden=2))).count_paths("E", "w_1_1") == 6


@pytest.mark.slow
def test_the_work_does_not_follow_the_products(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four times as many products take less than twice the work: few things are written out."""
    monkeypatch.setattr(large, "SMALLEST", 250)

    def composed(hidden: int) -> None:
        compose(recurrent(steps=20, hidden=hidden, inputs=hidden))

    assert calls(lambda: composed(16)) < 2 * calls(lambda: composed(8))
