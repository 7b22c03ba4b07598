"""What a document assumes of given quantities, x_0 = 1 or W = W^T: its formulas count where it holds."""

from __future__ import annotations

import pytest

from derive.checking.claims import Verdict
from tests.formulas.judging import slope
from tests.formulas.stating.test_judging import last, report

UNIT = (r"y = \sum_{i=0}^{n} w_i x_i", r"E = \frac12 (d - y)^2")
STATES = (r"a_t = w x_t + u h_{t-1}", r"h_t = \tanh(a_t)", r"E = \sum_{t=1}^T (h_t - d_t)^2")
VECTORS = (
    r"\mathbf a_t = W \mathbf x_t + U \mathbf h_{t-1}",
    r"\mathbf h_t = \tanh(\mathbf a_t)",
    r"E = \sum_{t=1}^T \|\mathbf h_t - \mathbf d_t\|^2",
)
DECAY = (r"E = \frac{\rho}{2} w^2 + \frac{\nu}{2} v^2",)
ENERGY = (r"E = -\frac12 \sum_i \sum_j w_{ij} v_i v_j + \sum_i b_i v_i",)
BY_V = slope("E", r"\mathbf v")
FORM = (r"E = \frac12 \mathbf v^T W \mathbf v",)


@pytest.mark.parametrize(
    ("definitions", "assumed", "right", "wrong"),
    [
        (UNIT, "x_0 = 1", f"{slope('E', 'w_0')} = y - d", f"{slope('E', 'w_0')} = d - y"),
        (
            STATES,
            "h_0 = 0",
            rf"{slope('E', 'u')} = \sum_{{t=2}}^T {slope('E', 'a_t')} h_{{t-1}}",
            rf"{slope('E', 'u')} = \sum_{{t=2}}^T {slope('E', 'a_t')} h_t",
        ),
        (
            VECTORS,
            r"\mathbf h_0 = 0",
            rf"{slope('E', 'U')} = \sum_{{t=2}}^T {slope('E', 'a_t')} \mathbf h_{{t-1}}^T",
            rf"{slope('E', 'U')} = \sum_{{t=2}}^T {slope('E', 'a_t')} \mathbf h_t^T",
        ),
        (
            DECAY,
            r"\rho = \nu",
            rf"{slope('E', 'v')} = \rho v",
            rf"{slope('E', 'v')} = \rho w",
        ),
        (
            DECAY,
            r"\rho + \nu = 1",
            rf"{slope('E', 'v')} = (1 - \rho) v",
            rf"{slope('E', 'v')} = (1 + \rho) v",
        ),
    ],
    ids=["an input of a bias", "a first state", "a vector", "one name for two", "a sum"],
)
def test_what_is_linear_in_given_quantities_is_taken_in(
    definitions: tuple[str, ...], assumed: str, right: str, wrong: str
) -> None:
    """Without it the right formula is refuted; with it the wrong one still is."""
    assert last(*definitions, right).verdict is Verdict.REFUTED
    assert last(*definitions, assumed, right).verdict is Verdict.PROVED
    assert last(*definitions, assumed, wrong).verdict is Verdict.REFUTED
    assert len(report(*definitions, assumed, right).claims) == 1


@pytest.mark.parametrize(
    ("definitions", "assumed", "claim"),
    [
        (ENERGY, "w_{ij} = w_{ji}", rf"{slope('E', 'v_i')} = -\sum_j w_{{ij}} v_j + b_i"),
        (FORM, "W = W^T", rf"{BY_V} = W \mathbf v"),
        (FORM, "W^T W = I", rf"{BY_V} = W \mathbf v"),
        (("z = w x", r"E = (z - y)^2"), "y^2 = 1", rf"{slope('E', 'z')} = 2 z - 2 y^3"),
        (ENERGY, "w_{ii} = 0", rf"{slope('E', 'v_i')} = -\sum_{{j \ne i}} w_{{ij}} v_j + b_i"),
    ],
)
def test_what_cannot_be_taken_in_refutes_nothing(
    definitions: tuple[str, ...], assumed: str, claim: str
) -> None:
    """A formula that fails without it is undecided."""
    assert last(*definitions, claim).verdict is Verdict.REFUTED
    assert last(*definitions, assumed, claim).verdict is Verdict.UNDECIDED


def test_a_step_of_a_weight_and_the_numbers_of_an_example_assume_nothing() -> None:
    """A wrong formula stays refuted beside w = w + x and x = 2."""
    net = ("z = w x", r"E = \frac12 (z - y)^2")
    wrong = f"{slope('E', 'w')} = (y - z) x"
    assert last(*net, "w = w + x", wrong).verdict is Verdict.REFUTED
    assert last(*net, "x = 2", wrong).verdict is Verdict.REFUTED


def test_an_output_that_is_its_target_is_a_case() -> None:
    """It claims nothing and defines nothing; a name that no target has is another name."""
    net = (r"z = w x", r"a = \sigma(z)", r"C = \frac12 (a - y)^2", "a = y")
    right, wrong = f"{slope('C', 'a')} = a - y", f"{slope('C', 'a')} = 0"
    assert [c.verdict for c in report(*net, right).claims] == [Verdict.PROVED]
    assert last(*net, wrong).verdict is not Verdict.PROVED
    named = ("s = w x", "y = s", r"L = y^2 + \log(1 + e^{-s})")
    assert last(*named, f"{slope('L', 'y')} = 2 s").verdict is Verdict.PROVED
    assert last(*named, f"{slope('L', 'y')} = s").verdict is Verdict.REFUTED
    assert last(*named, rf"{slope('L', 's')} = \sigma(s) - 1 + 2 y").verdict is Verdict.UNREADABLE


def test_what_holds_for_the_numbers_of_an_example_is_not_refuted() -> None:
    """With x_1 = 1 its factor may be left out; the sign may not."""
    net = ("z = w_1 x_1 + w_2 x_2", r"E = \frac12 (z - t)^2", "x_1 = 1", "x_2 = 3")
    assert last(*net, f"{slope('E', 'w_1')} = z - t").verdict is Verdict.UNDECIDED
    assert last(*net, f"{slope('E', 'w_1')} = t - z").verdict is Verdict.REFUTED
    assert last(*net, f"{slope('E', 'w_2')} = z - t").verdict is Verdict.REFUTED
