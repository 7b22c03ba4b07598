"""Vectors that are rows and columns in one document, and how that is told to who writes rows."""

from __future__ import annotations

import pytest

from derive import Model, check
from derive.networks.network import Network

COLUMNS, ROWS = (
    Model.of(
        Network.from_table({"layers": [4, 3, 2], "notation": name, "bias": "neuron"}, name, {})
    )
    for name in ("ng", "cs231n")
)


def said(network: Model, claim: str) -> tuple[str, list[str]]:
    """The verdict on a formula, and what is said of it."""
    (claimed,) = check(network, claim).claims
    return claimed.verdict.value, [finding.message for finding in claimed.findings]


@pytest.mark.parametrize(
    ("network", "claim", "verdict"),
    [
        (COLUMNS, "db^{[2]} = dz^{[2]}", "proved"),
        (COLUMNS, "db^{[2]} = dz^{[2]T}", "undecided"),
        (COLUMNS, "db^{[2]T} = dz^{[2]}", "refuted"),
        (COLUMNS, "da^{[1]} = W^{[2]T} dz^{[2]}", "proved"),
        (COLUMNS, "da^{[1]T} = dz^{[2]T} W^{[2]}", "proved"),
        (COLUMNS, "da^{[1]} = dz^{[2]T} W^{[2]}", "undecided"),
        (COLUMNS, "da^{[1]T} = W^{[2]T} dz^{[2]}", "refuted"),
        (COLUMNS, r"dz^{[2]} = (\frac{\partial J}{\partial z^{[2]}})^T", "proved"),
        (COLUMNS, r"\frac{\partial J}{\partial a^{[1]}} = dz^{[2]T} W^{[2]}", "proved"),
        (ROWS, "db_2 = dz_2", "proved"),
        (ROWS, "db_2 = dz_2^T", "undecided"),
        (ROWS, "dh_1 = dz_2 W_2^T", "proved"),
        (ROWS, "dh_1^T = W_2 dz_2^T", "proved"),
        (ROWS, "dh_1 = W_2 dz_2^T", "undecided"),
    ],
)
def test_derivatives_that_are_written_alike_lie_alike(
    network: Model, claim: str, verdict: str
) -> None:
    """Of da and dz, not one is a row and the other a column: nothing that is so is proved.

    ∂J/∂a may be a row beside a column dz, as it may beside δ.
    """
    assert said(network, claim)[0] == verdict


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        ("db_2^T = dz_2", "the left side is 2×1, the right side 1×2"),
        ("dW_2 = h_1^T dz_2^T", "shapes 3×1 · 2×1 do not fit: the first has 1 column, the second"),
        (r"dz_1 = (W_2 dz_2^T) \odot h_1", "shapes 3×1 ⊙ 1×3 do not fit"),
        (r"\frac{\partial z_2}{\partial h_1} = W_2", "it is read in denominator layout"),
        (r"\frac{\partial z_2}{\partial h_1} = W_2^T", "it is read in numerator layout"),
        (
            r"db_2 = ((h_2 - y) \odot h_2 \odot (1 - h_2))^T",
            "it is read with gradients as columns",
        ),
    ],
)
def test_who_writes_rows_is_told_of_rows(claim: str, message: str) -> None:
    """The shapes and layouts are those of the formula xW, and not of its transpose Wᵀxᵀ."""
    assert said(ROWS, claim)[1][0].startswith(message)
