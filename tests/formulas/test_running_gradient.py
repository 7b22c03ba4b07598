"""An algorithm's running gradient, g ← ∇_a J = g ⊙ f'(a), and the regularizer λΩ(θ).

What g is on the right the row before says, and in a loop the last row of the round before.
"""

from __future__ import annotations

import pytest

from derive.checking.claims import Verdict
from derive.networks.network import Network
from derive.networks.sources import build
from tests.formulas.judging import in_document

START = r"\boldsymbol{s} \leftarrow \nabla_{\hat{\boldsymbol{y}}} J = \nabla_{\hat{\boldsymbol{y}}} L(\hat{\boldsymbol{y}}, \boldsymbol{y})"
NET = r"\boldsymbol{s} \leftarrow \nabla_{\boldsymbol{a}^{(k)}} J = \boldsymbol{s} \odot f'(\boldsymbol{a}^{(k)})"
BIAS = r"\nabla_{\boldsymbol{b}^{(k)}} J = \boldsymbol{s} + \lambda \nabla_{\boldsymbol{b}^{(k)}} \Omega(\theta)"
WEIGHT = r"\nabla_{\boldsymbol{W}^{(k)}} J = \boldsymbol{s} \boldsymbol{h}^{(k-1)\top} + \lambda \nabla_{\boldsymbol{W}^{(k)}} \Omega(\theta)"
BELOW = r"\boldsymbol{s} \leftarrow \nabla_{\boldsymbol{h}^{(k-1)}} J = \boldsymbol{W}^{(k)\top} \boldsymbol{s}"
ROWS = [START, NET, BIAS, WEIGHT, BELOW]


def verdicts(rows: list[str], l2: float = 0.0) -> list[Verdict]:
    """The verdicts on the rows of an algorithm about a network of three layers of weights."""
    network = Network((2, 3, 3, 2), bias="neuron", activations=("tanh",) * 3, l2=l2)
    return in_document(build(network), *rows)


@pytest.mark.parametrize("l2", [0.0, 0.25])
def test_every_row_of_the_algorithm_is_right(l2: float) -> None:
    assert verdicts(ROWS, l2) == [Verdict.PROVED] * 5


@pytest.mark.parametrize(
    ("place", "written", "wrong"),
    [
        (1, "f'", "f"),
        (1, r"\boldsymbol{s} \odot f", r"-\boldsymbol{s} \odot f"),
        (1, r" \odot f'(\boldsymbol{a}^{(k)})", ""),
        (1, r"f'(\boldsymbol{a}^{(k)})", r"f'(\boldsymbol{a}^{(k-1)})"),
        (2, r"\boldsymbol{s} +", r"2 \boldsymbol{s} +"),
        (2, r"= \boldsymbol{s}", r"= \boldsymbol{s} \odot f'(\boldsymbol{a}^{(k)})"),
        (3, r"\boldsymbol{h}^{(k-1)\top}", r"\boldsymbol{h}^{(k)\top}"),
        (3, r"\boldsymbol{s} \boldsymbol{h}", r"-\boldsymbol{s} \boldsymbol{h}"),
        (4, r"\boldsymbol{W}^{(k)\top}", r"\boldsymbol{W}^{(k)}"),
        (4, r"\boldsymbol{W}^{(k)\top}", r"\boldsymbol{W}^{(k-1)\top}"),
        (4, r"J = \boldsymbol", r"J = -\boldsymbol"),
    ],
)
def test_a_row_that_is_wrong_is_never_proved(place: int, written: str, wrong: str) -> None:
    rows = [*ROWS]
    rows[place] = rows[place].replace(written, wrong)
    assert rows != ROWS
    assert verdicts(rows)[place] is not Verdict.PROVED


def test_what_the_row_before_made_counts() -> None:
    """The rows in another order are another algorithm, and so are rows without their beginning."""
    assert verdicts([START, BELOW, NET])[1:] != [Verdict.PROVED, Verdict.PROVED]
    assert Verdict.PROVED not in verdicts([START, BELOW, BIAS, NET])[1:3]
    assert Verdict.PROVED not in verdicts([BIAS])
    assert verdicts([START, NET, WEIGHT])[1] is not Verdict.PROVED


def test_the_sign_of_the_regularizer_matters_where_there_is_one() -> None:
    rows = [*ROWS]
    rows[3] = rows[3].replace(r"+ \lambda", r"- \lambda")
    assert verdicts(rows, 0.25)[3] is not Verdict.PROVED
    rows[3] = WEIGHT.split(" + ", maxsplit=1)[0]
    assert verdicts(rows, 0.25)[3] is not Verdict.PROVED
