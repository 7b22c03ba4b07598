"""A softmax whose units are written out: its targets are shares, as behind a Σ they are."""

from __future__ import annotations

import pytest

from tests.formulas.stating.test_judging import last

NET = (
    r"z_3 = w_{31} x_1 + w_{32} x_2",
    r"z_4 = w_{41} x_1 + w_{42} x_2",
    r"z_5 = w_{51} x_1 + w_{52} x_2",
)
POWERS = r"e^{z_3} + e^{z_4} + e^{z_5}"
SHARES = tuple(rf"o_{k} = \frac{{e^{{z_{k}}}}}{{{POWERS}}}" for k in (3, 4, 5))
NAMED = (f"S = {POWERS}", *(rf"o_{k} = \frac{{e^{{z_{k}}}}}{{S}}" for k in (3, 4, 5)))
WHOLE = (r"E = -t_3 \ln o_3 - t_4 \ln o_4 - t_5 \ln o_5",)
PARTS = (*(rf"E_{k} = -t_{k} \log o_{k}" for k in (3, 4, 5)), "E = E_3 + E_4 + E_5")


@pytest.mark.parametrize("shares", [SHARES, NAMED])
@pytest.mark.parametrize("error", [WHOLE, PARTS])
@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\frac{\partial E}{\partial z_3} = o_3 - t_3", "proved"),
        (r"\frac{\partial E}{\partial w_{31}} = (o_3 - t_3) x_1", "proved"),
        (r"\frac{\partial E}{\partial w_{31}} = (o_3 - t_4) x_1", "refuted"),
        (r"\frac{\partial E}{\partial z_3} = t_3 - o_3", "refuted"),
        (r"\frac{\partial E}{\partial o_3} = -\frac{t_3}{o_3}", "proved"),
        (r"\frac{\partial E}{\partial o_3} = -\frac{t_3}{o_4}", "refuted"),
    ],
)
def test_the_targets_of_units_that_are_written_out_are_shares(
    shares: tuple[str, ...], error: tuple[str, ...], claim: str, said: str
) -> None:
    """However the sum below is written, and whether the error is one formula or several."""
    assert last(*NET, *shares, *error, claim).verdict.value == said


@pytest.mark.parametrize(
    "error",
    [
        r"E = -t_3 \ln o_3 - t_4 \ln o_4",
        r"E = -t_3 \ln o_3 - t_3 \ln o_4 - t_5 \ln o_5",
        r"E = -t_3 x_1 \ln o_3 - t_4 \ln o_4 - t_5 \ln o_5",
    ],
)
def test_what_is_no_cross_entropy_has_no_shares(error: str) -> None:
    """A term is missing, a target stands twice, or has another factor."""
    claim = r"\frac{\partial E}{\partial z_3} = o_3 - t_3"
    assert last(*NET, *SHARES, error, claim).verdict.value == "refuted"


def test_a_sigmoid_has_no_shares() -> None:
    """Each of its units has its own sum below."""
    own = tuple(rf"o_{k} = \frac{{e^{{z_{k}}}}}{{1 + e^{{z_{k}}}}}" for k in (3, 4, 5))
    claim = r"\frac{\partial E}{\partial z_3} = o_3 - t_3"
    assert last(*NET, *own, *WHOLE, claim).verdict.value == "refuted"
