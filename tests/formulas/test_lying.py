"""A document has its matrices lying one way: what needs them the other way is not right there."""

from __future__ import annotations

import pytest

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
