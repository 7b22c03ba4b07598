"""Where a logarithm has no value there is nothing to compare: other points are taken."""

from __future__ import annotations

import pytest

from derive import Model
from derive.checking.claims import Verdict
from derive.checking.judge import Judge
from derive.networks.equations.system import System
from derive.networks.network import Network

LOSSES = {
    "binary-cross-entropy": "(out_c1 - target_c1)/(out_c1*(1 - out_c1))",
    "categorical-cross-entropy": "-target_c1/out_c1",
}


@pytest.mark.parametrize("activation", ["tanh", "identity", "relu"])
@pytest.mark.parametrize("loss", LOSSES)
def test_a_cross_entropy_of_outputs_that_may_be_negative(loss: str, activation: str) -> None:
    """Its slope is proved, and that of the other losses refuted with a point that has a value."""
    table = {"layers": [2, 2, 2], "activation": ["tanh", activation], "loss": loss}
    judge = Judge(Model.of(Network.from_table(table, "test", {})))
    for slope in (*LOSSES.values(), "out_c1 - target_c1"):
        judged = judge.judge(f"∂E_c1/∂out_c1 = {slope}")
        assert judged is not None
        right = slope == LOSSES[loss]
        assert judged.verdict is (Verdict.PROVED if right else Verdict.REFUTED)
        assert right or judged.relations[0].witness is not None


def test_values_that_grow_too_large_are_passed_over() -> None:
    """Powers of powers overflow at most random points; a formula about them is still judged."""
    model = Model.of(System.from_text("a = exp(exp(exp(9*w*x)))\nE = ln(a)*w"))
    judged = Judge(model).judge("∂E/∂a = w/a")
    assert judged is not None
    assert judged.verdict is Verdict.PROVED
    judged = Judge(model).judge("∂E/∂a = w*a")
    assert judged is not None
    assert judged.verdict is Verdict.REFUTED


def test_where_nothing_has_a_value_nothing_is_judged() -> None:
    """The logarithm of minus a square has no value anywhere."""
    model = Model.of(System.from_text("a = -(w*x)^2 - 1\nE = ln(a)*w"))
    judged = Judge(model).judge("∂E/∂a = w*a")
    assert judged is not None
    assert judged.verdict is Verdict.UNDECIDED
    assert "logarithm" in judged.findings[0].message
