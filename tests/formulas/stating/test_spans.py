"""The numbers of a letter that a document says beside a definition: i = 1, …, 4."""

from __future__ import annotations

import pytest

from derive import check_document

GRADIENT = r"$$\frac{\partial L}{\partial w_k} = \sum_{i=1}^4 2 y_i x_{i+k-1}$$"
DEFINED = r"y_i = \sum_{k=1}^{3} w_k x_{i+k-1}"
LOSS = r"$$L = \sum_i y_i^2$$"


def verdicts(definition: str, claim: str) -> list[str]:
    """What is said of a claim behind a definition and a loss."""
    found = check_document(None, f"{definition}\n\n{LOSS}\n\n{claim}\n", "md", "text.md")
    return [one.verdict.value for one in found.claims]


@pytest.mark.parametrize(
    "definition",
    [
        rf"$${DEFINED}, \quad i = 1, \dots, 4$$",
        rf"$${DEFINED}, \qquad i = 1, 2, \ldots, 4.$$",
        rf"$${DEFINED}$$ for $i = 1, \dots, 4$.",
        rf"Let ${DEFINED}$ for all $i = 1,\ldots,4$.",
        rf"$${DEFINED}, \quad 1 \leq i \leq 4$$",
        rf"$${DEFINED}$$ where $i \in \{{1, \dots, 4\}}$.",
    ],
)
def test_a_letter_runs_as_far_as_is_said_beside_its_definition(definition: str) -> None:
    """So a Σ up to 4 has as many terms as there are y."""
    assert verdicts(definition, GRADIENT) == ["proved"]
    assert verdicts(definition, GRADIENT.replace("k-1", "k")) == ["refuted"]
    assert verdicts(definition, GRADIENT.replace("=1}^4", "=1}^3")) == ["refuted"]


@pytest.mark.parametrize(
    "definition", [f"$${DEFINED}$$", rf"$${DEFINED}$$ There are others, $i = 1, \dots, 4$."]
)
def test_what_is_not_said_of_a_definition_is_not_known(definition: str) -> None:
    """Without such words nobody knows how many y there are, and the sum is not read."""
    assert verdicts(definition, GRADIENT) == ["unreadable"]


def test_a_letter_for_the_last_number_is_a_size() -> None:
    """Of i = 1, …, n the n is one, and 1/n is no weight nor input."""
    definition = r"$$y_i = w x_i, \quad i = 1, \dots, n$$"
    claim = r"$$\frac{\partial L}{\partial w} = 2 \sum_{i=1}^n y_i x_i$$"
    assert verdicts(definition, claim) == ["proved"]
    assert verdicts(definition, claim.replace("2 ", "3 ")) == ["refuted"]
