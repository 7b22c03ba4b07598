"""A layered network with softmax and the cross-entropy: right forms, and the mistakes that people make."""

from __future__ import annotations

from fractions import Fraction

import pytest

from derive import Network, check
from derive.checking.claims import Verdict
from derive.notations import NOTATIONS

NETWORK = Network((2, 3, 3), ("relu", "softmax"), loss="categorical-cross-entropy", bias="neuron")
RIGHT = [
    r"\delta_{c_1} = out_{c_1} - target_{c_1}",
    (
        r"\frac{\partial E_{total}}{\partial net_{c_2}} = -target_{c_2}(1 - out_{c_2})"
        r" + target_{c_1} out_{c_2} + target_{c_3} out_{c_2}"
    ),
    r"\frac{\partial out_{c_1}}{\partial net_{c_1}} = out_{c_1}(1 - out_{c_1})",
    r"\frac{\partial out_{c_1}}{\partial net_{c_2}} = -out_{c_1} out_{c_2}",
    r"out_{c_1} = \frac{e^{net_{c_1}}}{e^{net_{c_1}} + e^{net_{c_2}} + e^{net_{c_3}}}",
    r"\frac{\partial E_{total}}{\partial w_{21}} = (out_{c_1} - target_{c_1}) out_{b_1}",
    r"\frac{\partial E_{total}}{\partial bias_{c_1}} = out_{c_1} - target_{c_1}",
    r"\boldsymbol{\delta_b} = (W_2^\top \boldsymbol{\delta_c}) \odot \mathrm{relu}'(\mathbf{net_b})",
    r"\boldsymbol{\delta_c} = \mathbf{out_c} - \mathbf{target_c}",
    r"\mathbf{out_c} = \mathrm{softmax}(\mathbf{net_c})",
    r"target_{c_1} + target_{c_2} + target_{c_3} = 1",
]
WRONG = [
    (r"\delta_{c_1} = -target_{c_1}(1 - out_{c_1})", "softmax-diagonal"),
    (r"\delta_{c_1} = (out_{c_1} - target_{c_1}) out_{c_1} (1 - out_{c_1})", "softmax-ce"),
    (
        r"\frac{\partial E_{c_1}}{\partial out_{c_1}} = \frac{target_{c_1}}{out_{c_1}}",
        "cross-entropy",
    ),
    (r"\frac{\partial E_{c_1}}{\partial out_{c_1}} = -target_{c_1}", "cross-entropy"),
    (r"\delta_{c_1} = target_{c_1} - out_{c_1}", "sign"),
    (
        r"\frac{\partial E_{total}}{\partial bias_{c_1}} = (out_{c_1} - target_{c_1}) out_{b_1}",
        "bias",
    ),
    (
        r"\boldsymbol{\delta_b} = (W_2 \boldsymbol{\delta_c}) \odot \mathrm{relu}'(\mathbf{net_b})",
        "transpose",
    ),
    (
        r"\delta_{b_1} = (\delta_{c_1} w_{21} + \delta_{c_2} w_{24} + \delta_{c_3} w_{27}) \cdot out_{b_1}",
        "relu",
    ),
    (r"\delta_{b_1} = \delta_{c_1} w_{21} + \delta_{c_2} w_{24} + \delta_{c_3} w_{27}", "relu"),
    (
        r"\frac{\partial E_{total}}{\partial w_{21}} = (out_{c_1} - target_{c_1}) out_{b_2}",
        "wrong-activation",
    ),
]


@pytest.mark.parametrize("formula", RIGHT)
def test_right_forms_are_proved(formula: str) -> None:
    """Also where they use that the targets sum to 1, which is then noted, as are kinks."""
    report = check(NETWORK, formula)
    assert report.claims[0].verdict is Verdict.PROVED
    codes = {finding.code for finding in report.claims[0].findings}
    assert codes - {"side-condition"} == ({"kink"} if "relu" in formula else set())


def test_the_condition_is_noted_where_it_is_used() -> None:
    """∂E/∂net = p − y needs Σy = 1; what it comes from does not."""
    collapsed, before = check(NETWORK, *RIGHT[:2]).claims
    assert [finding.code for finding in collapsed.findings] == ["side-condition"]
    assert not before.findings


@pytest.mark.parametrize(("formula", "code"), WRONG)
def test_mistakes_are_named(formula: str, code: str) -> None:
    """Each is refuted, and its name is among the findings."""
    claim = check(NETWORK, formula).claims[0]
    assert claim.verdict is Verdict.REFUTED
    assert code in {finding.code for finding in claim.findings}


@pytest.mark.parametrize("notation", NOTATIONS)
def test_a_wrong_share_is_refuted_in_every_notation(notation: str) -> None:
    """The diagonal alone, in the names of each notation."""
    network = Network((2, 3), ("softmax",), loss="categorical-cross-entropy", notation=notation)
    net, out, target = (network.naming.plain(kind, 1, 1) for kind in ("net", "out", "target"))
    error = network.naming.plain("E_total", 1, 0)
    right, wrong = check(
        network,
        f"d{error}/d{net} = {out} - {target}",
        f"d{error}/d{net} = -{target}*(1 - {out})",
    ).claims
    assert right.verdict is Verdict.PROVED
    assert wrong.verdict is Verdict.REFUTED


def test_shares_have_to_sum_to_one() -> None:
    """Numbers for the targets that do not are refused."""
    table = {
        "layers": [1, 2],
        "activation": "softmax",
        "loss": "categorical-cross-entropy",
        "numbers": {"inputs": [1], "targets": [0.5, 0.4], "weights": [[0.1, 0.2]]},
    }
    with pytest.raises(ValueError, match="sum to 1"):
        Network.from_table(table, "mine", {})
    table["numbers"]["targets"] = [0.5, float(Fraction(1, 2))]  # type: ignore[index]
    assert Network.from_table(table, "mine", {}).has_shares
