"""Units that go by their numbers, net_3 and net_4, beside bold vectors of any layer."""

from __future__ import annotations

import pytest

from tests.formulas.stating.test_judging import last

UNITS = (
    r"net_3 = w_{13} o_1 + w_{23} o_2 + b_3",
    r"net_4 = w_{14} o_1 + w_{24} o_2 + b_4",
    r"net_5 = w_{15} o_1 + w_{25} o_2 + b_5",
    *(
        rf"o_{n} = \frac{{e^{{net_{n}}}}}{{e^{{net_3}} + e^{{net_4}} + e^{{net_5}}}}"
        for n in (3, 4, 5)
    ),
    *(rf"E_{n} = -t_{n} \ln o_{n}" for n in (3, 4, 5)),
    r"E = E_3 + E_4 + E_5",
)
BOLD = (
    r"\mathbf{net_l} = W_l \mathbf{o_{l-1}} + \mathbf{b_l}",
    r"\mathbf{o_l} = \mathrm{softmax}(\mathbf{net_l})",
)
"""The same as it goes on for vectors."""
SHARES = r"t_3 + t_4 + t_5 = 1"


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\frac{\partial net_3}{\partial w_{13}} = o_1", "proved"),
        (r"\frac{\partial net_3}{\partial w_{13}} = o_2", "refuted"),
        (r"\frac{\partial E}{\partial net_3} = o_3 (t_3 + t_4 + t_5) - t_3", "proved"),
        (r"\frac{\partial E}{\partial net_3} = o_3 - t_3", "proved"),
        (r"\frac{\partial E}{\partial net_3} = o_3 - t_4", "refuted"),
        (r"\frac{\partial E}{\partial net_3} = t_3 - o_3", "refuted"),
        (r"\frac{\partial E}{\partial w_{24}} = (o_4 - t_4) o_2", "proved"),
        (r"\frac{\partial E}{\partial w_{24}} = (o_4 - t_4) o_1", "refuted"),
        (r"\frac{\partial o_3}{\partial net_4} = -o_3 o_4", "proved"),
        (r"\frac{\partial o_3}{\partial net_4} = o_3 (1 - o_4)", "refuted"),
    ],
)
def test_plain_units_are_numbers_beside_bold_layers(claim: str, said: str) -> None:
    """net_3 is a unit, though the bold net_l is any layer: what is written out counts."""
    assert last(*UNITS, SHARES, *BOLD, claim).verdict.value == said


def test_what_is_said_to_sum_to_1_may_be_written_out() -> None:
    """Targets of a softmax sum to 1 anyway, unless the author says another sum of theirs."""
    claim = r"\frac{\partial E}{\partial net_3} = o_3 - t_3"
    assert last(*UNITS, claim).verdict.value == "proved"
    assert last(*UNITS, "t_3 + t_4 = 1", claim).verdict.value == "refuted"


@pytest.mark.parametrize(("end", "said"), [("o_1 + 0 + 0", "proved"), ("o_1 + 1", "refuted")])
def test_a_bias_depends_on_no_weight(end: str, said: str) -> None:
    """∂b/∂w is a summand of a sum that is differentiated term by term, and 0."""
    step = (
        r"\frac{\partial net_3}{\partial w_{13}} = \frac{\partial (w_{13} o_1)}{\partial w_{13}}"
        r" + \frac{\partial (w_{23} o_2)}{\partial w_{13}} + \frac{\partial b_3}{\partial w_{13}}"
    )
    bias = r"\frac{\partial E}{\partial b_3} = o_3 (t_3 + t_4 + t_5) - t_3"
    assert last(*UNITS, bias, f"{step} = {end}").verdict.value == said
