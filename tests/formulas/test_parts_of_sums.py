"""What authors leave to the reader: general terms between dots, steps before, whose letters.

Of each right formula wrong ones stand beside it: the first is proved, the others never are.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from derive.checking.check import check, check_document
from derive.checking.claims import Verdict
from derive.model import Model
from derive.networks.sources import model_of
from tests.formulas.test_joined_vectors import verdicts

NEURON = """
weights: v
s = sum(v[k]*u[k], k=1..5) + h
y = sig(s)
C = 1/2*(y - r)^2
"""
CELL = """
s_t = f*s_prev + i*tanh(n)
n = w*x + u*h_prev
f = sig(w_f*x + u_f*h_prev)
i = sig(w_i*x + u_i*h_prev)
h_t = tanh(s_t)
C = 1/2*(h_t - y)^2
"""
FILTER = """
weights: k
q[a] = sum(k[d]*p[a+d], d=0..2), a=0..3
r[a] = tanh(q[a]), a=0..3
C = sum(1/2*(r[a] - g[a])^2, a=0..3)
"""

SLOPE = (
    r"\frac{\partial s}{\partial v_j} = \frac{\partial}{\partial v_j} \left( v_1 u_1 + \dots"
    r" + v_j u_j + \dots + h \right) = "
)


@pytest.mark.parametrize(
    ("network", "right", "others"),
    [
        (
            NEURON,
            r"s = v_1 u_1 + \dots + v_j u_j + \dots + v_5 u_5 + h",
            [
                r"s = v_1 u_1 + \dots + v_j u_j + \dots + v_5 u_5",
                r"s = v_2 u_2 + \dots + v_j u_j + \dots + v_5 u_5 + h",
                r"s = v_1 u_1 + \dots + v_j u_j + \dots + v_4 u_4 + e",
                r"s = v_1 u_1 + \dots + v_j u_k + \dots + v_5 u_5 + h",
                r"s = v_1 u_1 + \dots + v_j + \dots + v_5 u_5 + h",
            ],
        ),
        (
            NEURON,
            SLOPE + "u_j",
            [
                SLOPE + "v_j",
                SLOPE + "u_1",
                SLOPE.replace("v_1 u_1", "v_1") + "u_j",
            ],
        ),
        (
            CELL,
            r"s_t = f s_{t-1} + i \tanh(n)",
            [
                r"s_t = f s_t + i \tanh(n)",
                r"s_t = f s_{t-1} - i \tanh(n)",
                r"s_t = i s_{t-1} + f \tanh(n)",
                r"s_t = f s_{t-2} + i \tanh(n)",
                r"s_t = f h_{t-1} + i \tanh(n)",
            ],
        ),
        (
            CELL,
            r"\frac{\partial s_t}{\partial s_{t-1}} = f",
            [
                r"\frac{\partial s_t}{\partial s_{t-1}} = i",
                r"\frac{\partial s_t}{\partial h_{t-1}} = f",
            ],
        ),
        (
            FILTER,
            r"\frac{\partial C}{\partial r_a} = r_a - g_a",
            [r"\frac{\partial C}{\partial r_a} = g_a - r_a"],
        ),
    ],
)
def test_what_is_left_to_the_reader_is_read(network: str, right: str, others: list[str]) -> None:
    assert set(verdicts(network, right)) == {Verdict.PROVED}
    for wrong in others:
        assert Verdict.PROVED not in verdicts(network, wrong), wrong


def recurrent(tmp_path: Path) -> Model:
    """A recurrent network of the program's own, whose arrays have the program's letters."""
    path = tmp_path / "net.toml"
    path.write_text(
        'family = "recurrent"\nsteps = 3\ninputs = 2\nhidden = 2\noutputs = 2\n'
        'bias = "neuron"\nerrors = "every"\n'
    )
    return model_of(path)


KARPATHY = [
    r"h_t = \tanh(W_{hh} h_{t-1} + W_{xh} x_t + b_h)",
    r"y_t = W_{hy} h_t + b_y",
    r"\frac{\partial L}{\partial W_{hy}} = \sum_t \frac{\partial L}{\partial y_t} h_t^\top",
]


def test_a_recurrent_network_is_read_in_the_letters_of_its_authors(
    tmp_path: Path,
) -> None:
    rows = KARPATHY
    text = "\n\n".join(f"$${row}$$" for row in rows)
    report = check_document(recurrent(tmp_path), text, "md")
    assert [claim.verdict for claim in report.claims] == [Verdict.PROVED] * len(rows)
    for place, (written, wrong) in enumerate(
        [("W_{hh} h_{t-1}", "W_{hh} h_t"), ("W_{hy}", "W_{xh}"), ("h_t^", "x_t^")]
    ):
        changed = [*rows]
        changed[place] = changed[place].replace(written, wrong)
        text = "\n\n".join(f"$${row}$$" for row in changed)
        claims = check_document(recurrent(tmp_path), text, "md").claims
        assert claims[place].verdict is not Verdict.PROVED, changed[place]


def test_one_formula_alone_does_not_say_whose_letters_it_has(tmp_path: Path) -> None:
    (claim,) = check(recurrent(tmp_path), KARPATHY[0]).claims
    assert claim.verdict is Verdict.UNREADABLE
