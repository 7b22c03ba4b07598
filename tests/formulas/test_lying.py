"""A document has its matrices lying one way: what needs them the other way is not right there."""

from __future__ import annotations

import pytest

from derive.checking.check import check_document
from tests.formulas.authors import equations
from tests.formulas.judging import in_document

ATTENTION = equations(
    """
weights: Q, K, V
S[i,j] = sum(Q[i,k]*K[j,k], k=1..2), i=1..2, j=1..3
P[i,j] = exp(S[i,j])/sum(exp(S[i,k]), k=1..3), i=1..2, j=1..3
O[i,d] = sum(P[i,j]*V[j,d], j=1..3), i=1..2, d=1..2
loss = sum((O[i,d] - T[i,d])^2, i=1..2, d=1..2)
"""
)
STATED = r"S = Q K^\top"
KEYS = r"\frac{\partial loss}{\partial K} = \left(\frac{\partial loss}{\partial S}\right)^\top Q"
WRONG = r"\frac{\partial loss}{\partial K} = \frac{\partial loss}{\partial S} Q"
TURNED = r"S^\top = Q K^\top"
SCALED = r"S = S"


def verdicts(*formulas: str) -> list[str]:
    """The verdicts on the displays of a document."""
    return [verdict.value for verdict in in_document(ATTENTION, *formulas)]


@pytest.mark.parametrize("document", [(STATED, WRONG), (WRONG, STATED), (STATED, KEYS, WRONG)])
def test_a_matrix_lies_one_way_in_a_document(document: tuple[str, ...]) -> None:
    """Where S = Q Kᵀ holds, ∂E/∂S Q is not ∂E/∂K, in whatever order they stand."""
    found = dict(zip(document, verdicts(*document), strict=True))
    assert found == {**dict.fromkeys(document, "proved"), WRONG: "refuted"}


def test_one_that_always_lies_the_other_way_is_right() -> None:
    """Who has the keys along the rows of S writes both so; a formula that fits both says nothing."""
    assert verdicts(TURNED, WRONG) == ["proved", "proved"]
    assert verdicts(r"P = \mathrm{softmax}(S)", r"O = P V") == ["proved", "proved"]


LOGISTIC = r"""
$$z_i = \sum_j x_{ij} w_j + b, \quad p_i = \sigma(z_i), \quad L = -\sum_i (y_i \ln p_i + (1 - y_i) \ln(1 - p_i))$$

With vectors:
"""
ROWS = r"\nabla_{\mathbf{w}} L = \mathbf{X}^\top (\mathbf{p} - \mathbf{y})"
COLUMNS = r"\nabla_{\mathbf{w}} L = \mathbf{X} (\mathbf{p} - \mathbf{y})"


@pytest.mark.parametrize(
    ("formulas", "said"),
    [
        ([ROWS, COLUMNS], ["proved", "refuted"]),
        ([COLUMNS, ROWS], ["refuted", "proved"]),
        ([r"\mathbf{z} = \mathbf{X} \mathbf{w} + b", COLUMNS], ["proved", "refuted"]),
        ([r"\mathbf{z} = \mathbf{X}^\top \mathbf{w} + b", COLUMNS], ["proved", "proved"]),
    ],
)
def test_a_matrix_lies_one_way_where_the_document_states_its_network(
    formulas: list[str], said: list[str]
) -> None:
    """Of examples x_{ij} that are stated entry by entry the rows of X are one or the other.

    Who has a formula that needs the examples along its rows has none beside it that needs them
    along its columns.
    """
    text = LOGISTIC + "\n\n".join(f"$${formula}$$" for formula in formulas)
    claims = check_document(None, text, "md", "logistic.md").claims
    assert [claim.verdict.value for claim in claims] == said
