r"""Names that a document gives to what the network's file calls otherwise: \tilde h_t = … for g_t.

What the name means has to equal one quantity, family, vector or matrix of the network. Then it is
that, and there are derivatives by it. And direct derivatives of vectors, which gates ask for.
"""

from __future__ import annotations

import pytest

from derive.checking.claims import Verdict
from derive.model import Model
from derive.networks.equations.system import System
from derive.networks.network import Network
from derive.networks.sources import build
from tests.formulas.judging import in_document

PROVED, REFUTED, UNDECIDED = Verdict.PROVED, Verdict.REFUTED, Verdict.UNDECIDED
UNITS = """
weights: W, V
net[j] = sum(W[j,i]*x[i], i=1..2), j=1..2
h[j] = sig(net[j]), j=1..2
y = sum(V[j]*h[j], j=1..2)
E = 1/2*(y-t)^2
"""
GATED = """
weights: W, U, R
inputs: x[1..3,1..2], h[0,1..2], y[1..3,1..2]
z[t,k] = sig(sum(W[k,j]*x[t,j], j=1..2)), t=1..3, k=1..2
g[t,k] = tanh(sum(U[k,j]*x[t,j], j=1..2) + sum(R[k,j]*h[t-1,j], j=1..2)), t=1..3, k=1..2
h[t,k] = z[t,k]*h[t-1,k] + (1 - z[t,k])*g[t,k], t=1..3, k=1..2
L = sum(sum(1/2*(h[t,k] - y[t,k])^2, k=1..2), t=1..3)
"""
STATES = """
weights: W, R
inputs: x[1..3,1..2], h[0,1..2], c[0,1..2], y[1..3,1..2]
f[t,k] = sig(sum(W[k,j]*x[t,j], j=1..2) + sum(R[k,j]*h[t-1,j], j=1..2)), t=1..3, k=1..2
c[t,k] = f[t,k]*c[t-1,k] + x[t,k], t=1..3, k=1..2
h[t,k] = tanh(c[t,k]), t=1..3, k=1..2
L = sum(sum(1/2*(h[t,k] - y[t,k])^2, k=1..2), t=1..3)
"""


def of(text: str) -> Model:
    """The model of a network of equations."""
    return build(System.from_text(text, "net"))


def layers() -> Model:
    """A network of two layers of weights, in the letters of books."""
    names = {"E_total": "C", "weight": "W"}
    return build(Network((2, 3, 2), bias="neuron", notation="indexed", names=names))


def verdicts(model: Model, *rows: str) -> list[Verdict]:
    """The verdicts on the rows of a document; ∂a/∂b is written <a/b>."""
    written = (row.replace("<", r"\frac{\partial ").replace("/d", r"}{\partial ") for row in rows)
    return in_document(model, *(row.replace(">", "}") for row in written))


SUMS = r"q_j = \sum_i W_{ji} x_i"
OUTPUT = r"\hat y = V_1 h_1 + V_2 h_2"
VECTOR = "s = W x"
CANDIDATE = r"\tilde h_t = \tanh(U x_t + R h_{t-1})"
OF_LAYER = "u^{(l)} = W^{(l)} a^{(l-1)} + b^{(l)}"


@pytest.mark.parametrize(
    ("model", "named", "right", "wrong"),
    [
        (of(UNITS), SUMS, "<E/dq_j> = <E/dh_j> h_j (1 - h_j)", "<E/dq_j> = <E/dh_j> h_j"),
        (of(UNITS), SUMS, "<E/dW_{ji}> = <E/dq_j> x_i", "<E/dW_{ji}> = <E/dq_j> x_j"),
        (of(UNITS), OUTPUT, r"<E/d\hat y> = \hat y - t", r"<E/d\hat y> = t - \hat y"),
        (of(UNITS), VECTOR, "<E/dW> = <E/ds> x^T", "<E/dW> = <E/dh> x^T"),
        (
            of(GATED),
            CANDIDATE,
            r"<L/d\tilde h_t> = <L/dh_t> \odot (1 - z_t)",
            r"<L/d\tilde h_t> = <L/dh_t> \odot z_t",
        ),
        (
            of(GATED),
            CANDIDATE,
            r"<L/dz_t> = <L/dh_t> \odot (h_{t-1} - \tilde h_t)",
            r"<L/dz_t> = <L/dh_t> \odot (h_{t-1} + \tilde h_t)",
        ),
        (
            layers(),
            OF_LAYER,
            r"<C/du^{(l)}> = (W^{(l+1)})^T <C/du^{(l+1)}> \odot \sigma'(u^{(l)})",
            r"<C/du^{(l)}> = (W^{(l+1)})^T <C/du^{(l+1)}>",
        ),
    ],
)
def test_a_name_is_the_quantity_that_it_equals(
    model: Model, named: str, right: str, wrong: str
) -> None:
    """The row that gives the name is right; without it nothing with the name can be read."""
    assert verdicts(model, named, right) == [PROVED] * 2
    assert verdicts(model, named, wrong) == [PROVED, REFUTED]
    assert set(verdicts(model, right)) <= {Verdict.UNREADABLE}


def test_a_name_of_something_else_is_none_of_the_network() -> None:
    """Where the definition has a slip, nothing is said of a derivative by what it defines."""
    slipped = [SUMS.replace("W_{ji}", "W_{ij}"), "<E/dq_j> = <E/dh_j> h_j (1 - h_j)"]
    assert PROVED not in verdicts(of(UNITS), *slipped)
    assert PROVED not in verdicts(of(GATED), CANDIDATE.replace("+", "-"), r"<L/d\tilde h_t> = 0")


def test_of_two_equal_quantities_it_is_not_said_which_is_named() -> None:
    """E is made of a and b, each w·x; a derivative by s may be by either, and is not judged."""
    twins = of("weights: w\na = w*x\nb = w*x\nE = a^2*b")
    assert verdicts(twins, "s = w x", "<E/ds> = 2 s^2")[1] is not REFUTED
    assert verdicts(twins, "s = w x", "<E/ds> = s^2")[1] is not PROVED


@pytest.mark.slow
def test_direct_derivatives_of_vectors_are_never_refuted() -> None:
    """Gates depend on the state before, too; whoever writes diag(f) keeps them fixed."""
    assert verdicts(of(STATES), r"<c_t/dc_{t-1}> = \mathrm{diag}(f_t)") == [UNDECIDED]
    assert verdicts(of(STATES), r"<c_t/dc_{t-1}> = \mathrm{diag}(c_t)") == [REFUTED]
    ways = r"<L/dc_t> = (<h_t/dc_t>)^\top <L/dh_t> + (<c_{t+1}/dc_t>)^\top <L/dc_{t+1}>"
    assert verdicts(of(STATES), ways)[0] in (PROVED, UNDECIDED)
    for wrong in (
        ways.replace("+ (<c", "- (<c"),
        ways.replace("<L/dc_{t+1}>", "<L/dc_t>"),
        ways.replace("<h_t/dc_t>", "<h_t/dc_{t-1}>"),
    ):
        assert verdicts(of(STATES), wrong)[0] in (REFUTED, Verdict.UNREADABLE), wrong


ONE_EACH = """
weights: v_h, v_o, b_o
n_h = x*v_h
h = relu(n_h)
n_o = h*v_o + b_o
p = sig(n_o)
Q = (p - t)^2
"""
LAST = r"D_o = 2 (p - t) p (1 - p)"
BEFORE = r"D_h = D_o v_o \mathrm{relu}'(n_h)"


def test_a_name_of_the_derivative_by_the_net_input_with_its_index() -> None:
    """D_o = … and D_h = … are ∂Q/∂n_o and ∂Q/∂n_h, and are used as such."""
    rows = [LAST, BEFORE, "<Q/dv_o> = D_o h", "<Q/dv_h> = D_h x", "<Q/dn_h> = D_h"]
    assert verdicts(of(ONE_EACH), *rows) == [PROVED] * 5
    assert verdicts(of(ONE_EACH), LAST, BEFORE, "<Q/dv_h> = D_o x") == [PROVED, PROVED, REFUTED]


@pytest.mark.parametrize(
    "slipped",
    [
        BEFORE.replace("v_o", "v_h"),
        BEFORE.replace(r"\mathrm{relu}'(n_h)", ""),
        BEFORE.replace("= D_o", "= -D_o"),
        BEFORE.replace("(n_h)", "(n_o)"),
        BEFORE.replace("D_h", "D"),
    ],
)
def test_what_equals_no_such_derivative_is_a_definition(slipped: str) -> None:
    """Nothing is said of it; what uses it is judged with what it means."""
    assert verdicts(of(ONE_EACH), LAST, slipped) == [PROVED]
    assert verdicts(of(ONE_EACH), LAST.replace("2 ", ""), BEFORE) == []
