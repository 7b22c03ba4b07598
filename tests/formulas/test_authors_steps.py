"""Steps and chains through time as authors write them, over networks of equations.

Each row is a right formula with a wrong one like it: the first is proved, the second refuted.
"""

from __future__ import annotations

import pytest

from derive.checking.check import check_document
from derive.checking.claims import Verdict
from tests.formulas.authors import equations
from tests.formulas.test_authors_names import model, slopes, verdict

STEPS = """
weights: W, U, V, c
a[t,i] = sum(W[i,j]*h[t-1,j], j=1..2) + sum(U[i,j]*x[t,j], j=1..2), t=1..3, i=1..2
h[t,i] = tanh(a[t,i]), t=1..3, i=1..2
o[t,i] = c[i] + sum(V[i,j]*h[t,j], j=1..2), t=1..3, i=1..2
L[t] = sum(1/2*(o[t,i] - y[t,i])^2, i=1..2), t=1..3
L = sum(L[t], t=1..3)
"""
SHORT = {
    "<o>": r"\boldsymbol{o}^{(t)}",
    "<h>": r"\boldsymbol{h}^{(t)}",
    "<y>": r"\boldsymbol{y}^{(t)}",
    "<g>": r"\nabla_{\mathbf{h}^{(t)}} L",
    "<d>": r"\text{diag}(1 - (\mathbf{h}^{(t)})^2)",
}


def written_out(formula: str) -> str:
    """A formula with vectors of step t in the place of their short names."""
    for short, meaning in SHORT.items():
        formula = formula.replace(short, meaning)
    return formula


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"\frac{\partial L}{\partial L^{(t)}} = 1", r"\frac{\partial L}{\partial L^{(t)}} = 2"),
        (r"\nabla_{<o>} L = <o> - <y>", r"\nabla_{<o>} L = <o> + <y>"),
        (
            r"\nabla_{\boldsymbol{V}} L = \sum_t (\nabla_{<o>} L) \boldsymbol{h}^{(t)^\top}",
            r"\nabla_{\boldsymbol{V}} L = \sum_t (\nabla_{<o>} L) \boldsymbol{x}^{(t)\top}",
        ),
        (
            r"\nabla_{h^{(\tau)}} L = V^\top \nabla_{\mathbf{o}^{(\tau)}} L",
            r"\nabla_{h^{(t)}} L = V^\top \nabla_{\mathbf{o}^{(t)}} L",
        ),
        (
            r"\frac{\partial L}{\partial h_T} = V^\top \frac{\partial L}{\partial o_T}",
            r"\frac{\partial L}{\partial h_{T-1}} = V^\top \frac{\partial L}{\partial o_{T-1}}",
        ),
        (
            r"\nabla_{W} L = \sum_t <d> (<g>) \mathbf{h}^{(t-1)\top}",
            r"\nabla_{W} L = \sum_t <d> (<g>) \mathbf{h}^{(t)\top}",
        ),
    ],
)
def test_vectors_have_their_steps_above(right: str, wrong: str) -> None:
    """h^{(t)} is h_t, bold or not, also with ⊤ beside it; τ and T are the last step."""
    assert verdict(STEPS, written_out(right)) is Verdict.PROVED
    assert verdict(STEPS, written_out(wrong)) is Verdict.REFUTED


def test_a_sum_over_steps_leaves_out_what_is_given_before_them() -> None:
    """∇ by h_t is meant for the steps that the network computes, and not for h_0."""
    text = STEPS.replace("sum(W", "b[i] + sum(W").replace("V, c", "V, c, b")
    sum_ = r"\nabla_{b} L = \sum_t \text{diag}(1 - \mathbf{h}_t^2) \nabla_{\mathbf{h}_t} L"
    assert verdict(text, sum_) is Verdict.PROVED
    assert verdict(text, sum_.replace("1 -", "2 -")) is Verdict.REFUTED


def test_a_copy_of_a_weight_is_no_row_of_it() -> None:
    """Where t counts steps, W^{(t)} is the weight as it is used in step t, and is not read."""
    claim = r"\nabla_{W} L = \sum_t (\nabla_{\mathbf{h}^{(t)}} L) \mathbf{W}^{(t)}"
    assert verdict(STEPS, claim) is Verdict.UNREADABLE


def test_a_label_is_no_last_number() -> None:
    """The Q of W_Q is no number of W."""
    text = "y = sum(W[i]*x[i], i=1..2)\nE = 1/2*(y - t)^2"
    assert verdict(text, r"\frac{\partial E}{\partial W_Q} = (y - t) x_2") is Verdict.UNREADABLE


LINE = """
weights: w, u
S[t] = tanh(S[t-1]*w + x[t]*u), t=1..4
l[t] = 1/2*(S[t] - y[t])^2, t=1..4
E = 1/4*sum(l[t], t=1..4)
"""


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (
            r"<S_t/S_k> = <S_t/S_{t-1}> \cdots <S_{k+1}/S_k>",
            r"<S_t/S_k> = <S_t/S_{t-1}> \cdots <S_{k+2}/S_{k+1}>",
        ),
        (
            r"<S_t/S_{t-m}> = <S_t/S_{t-1}> \cdot \dots \cdot <S_{t-m+1}/S_{t-m}>",
            r"<S_t/S_{t-m}> = <S_t/S_{t-1}> \cdot \dots \cdot <S_{t-m}/S_{t-m-1}>",
        ),
        (
            r"<S_t/S_1> = <S_t/S_{t-1}> \cdots <S_2/S_1> = \prod_{i=2}^{t} ((1 - S_i^2) w)",
            r"<S_t/S_1> = <S_t/S_{t-1}> \cdots <S_2/S_1> = \prod_{i=1}^{t} ((1 - S_i^2) w)",
        ),
        (
            r"<l_t/x_1> = <l_t/S_t> <S_t/S_{t-1}> \dots <S_1/x_1>",
            r"<l_t/w> = <l_t/S_t> <S_t/S_{t-1}> \dots <S_1/w>",
        ),
    ],
)
def test_dots_stand_for_the_links_of_a_chain(right: str, wrong: str) -> None:
    """∂S_t/∂S_{t−1} ⋯ ∂S_{k+1}/∂S_k are all links between, down to where the last one ends."""
    assert verdict(LINE, slopes(right)) is Verdict.PROVED
    assert verdict(LINE, slopes(wrong)) is Verdict.REFUTED


@pytest.mark.parametrize(
    "formula",
    [
        r"<S_4/S_1> = <S_4/S_3> \cdots S_1",
        r"<S_4/S_1> = <S_4/S_2> \cdots <S_2/S_1>",
        r"<S_4/x_1> = <S_4/S_3> \cdots <l_1/x_1>",
    ],
)
def test_dots_between_what_is_no_chain_are_not_read(formula: str) -> None:
    """The links have to go on from member to member of one family."""
    assert verdict(LINE, slopes(formula)) is Verdict.UNREADABLE


def test_a_quantity_may_be_named_by_what_it_is_made_of() -> None:
    """The loss l(S_t, y_t) of step t is l_t; arguments of two steps name none."""
    assert verdict(LINE, r"E = \frac{1}{4} \sum_{t=1}^{T} l(S_t, y_t)") is Verdict.PROVED
    assert verdict(LINE, r"E = \frac{1}{2} \sum_{t=1}^{T} l(S_t, y_t)") is Verdict.REFUTED
    assert verdict(LINE, r"E = \frac{1}{4} \sum_t l(S_t, y_{t-1})") is Verdict.UNREADABLE
    slope = (
        r"\frac{\partial E}{\partial S_t} = \frac{1}{4} \frac{\partial l(S_t, y_t)}{\partial S_t}"
    )
    assert verdict(LINE, slope) is Verdict.REFUTED
    last = slope.replace("S_t}", "S_T}").replace("(S_t, y_t)", "(S_T, y_T)")
    assert verdict(LINE, last) is Verdict.PROVED


@pytest.mark.parametrize(
    "summand",
    [
        r"\frac{\partial L}{\partial \mathbf{h}_t} \frac{\partial \mathbf{h}_t}{\partial W}",
        r"\text{prod}(\frac{\partial L}{\partial h_t}, \frac{\partial h_t}{\partial W})",
    ],
)
def test_a_sum_over_the_steps_means_direct_derivatives(summand: str) -> None:
    """Each step adds what W does in it; nothing is proved where a step is left out."""
    left = r"\frac{\partial L}{\partial W} = "
    assert verdict(STEPS, left + r"\sum_{t=1}^{3} " + summand) is Verdict.PROVED
    for wrong in (r"\sum_{t=2}^{3} ", r"2 \sum_{t=1}^{3} ", r"-\sum_{t=1}^{3} "):
        assert verdict(STEPS, left + wrong + summand) is not Verdict.PROVED


def test_a_protected_end_of_a_line_is_a_blank() -> None:
    """A backslash before the end of a line; alone at the end of a formula it is a slip."""
    right, wrong = "l_t = \\frac12 (S_t - y_t)^2", "l_t = \\frac12 (S_t + y_t)^2"
    page = f"$$\n{right} \\\n$$\n\n$$\n{wrong} \\\n$$"
    claims = check_document(model(LINE), page, "md").claims
    assert [claim.verdict for claim in claims] == [Verdict.PROVED, Verdict.REFUTED]
    assert verdict(LINE, right + " \\") is Verdict.UNREADABLE


UNIT = equations("z = w*x + b\na = sig(z)\nE = 1/2*(a - t)^2")
BEGUN = (
    r"\frac{\partial E}{\partial w} = \frac{\partial E}{\partial a} \frac{\partial a}{\partial z} x"
)


@pytest.mark.parametrize(
    ("goes_on", "between", "said"),
    [
        ("= (a - t) a (1 - a) x", "", "proved"),
        ("= (a - t) a (1 - a) x.", r"as $\sigma' = \sigma (1 - \sigma)$ and $z = wx + b$", "proved"),
        (r"\begin{aligned} &= (a - t) \sigma'(z) x \\ &= (a - t) a (1 - a) x \end{aligned}", "", "proved"),
        ("= (a - t) a (1 + a) x", "", "unreadable"),
        (r"\begin{aligned} &= (a - t) \sigma'(z) x \\ &= (a - t) a (1 + a) x \end{aligned}", "", "unreadable"),
        ("= (a - t) a (1 - a) x", "$$\\frac{\\partial E}{\\partial b} = (a - t) a (1 - a)$$", "unreadable"),
        ("= (a - t) a (1 - a) x", "$$\\frac{\\partial E}{\\partial b} = (a - t) ( a$$", "unreadable"),
    ],
)  # fmt: skip
def test_a_display_that_begins_with_a_relation_goes_on(
    goes_on: str, between: str, said: str
) -> None:
    """Its left side is the last of the display before; what does not go on from it is not read."""
    text = f"First\n\n$${BEGUN}$$\n\n{between}\n\n$${goes_on}$$\n"
    claims = check_document(UNIT, text, "md", "notes.md").claims
    assert claims[0].verdict.value == "proved"
    assert claims[-1].verdict.value == said


NAMELESS = """
weights: W_1, W_2, W_3
x_1[i] = sig(sum(W_1[i,j]*x_0[j], j=1..2)), i=1..4
x_2[i] = sig(sum(W_2[i,j]*x_1[j], j=1..4)), i=1..3
x_3[i] = sig(sum(W_3[i,j]*x_2[j], j=1..3)), i=1..2
E = 1/2*sum((x_3[i]-t[i])^2, i=1..2)
"""
BACK = [
    r"\delta_L = (x_L - t) \circ f_L'(W_L x_{L-1})",
    r"\delta_i = W_{i+1}^T \delta_{i+1} \circ f_i'(W_i x_{i-1})",
    r"\frac{\partial E}{\partial W_i} = \delta_i x_{i-1}^T",
    r"\frac{\partial E}{\partial W_1} = [W_2^T \delta_2 \circ f_1'(W_1 x_0)] x_0^T",
    r"W_2 = W_2 - \alpha_{W_2} \circ \frac{\partial E}{\partial W_2}",
]


@pytest.mark.parametrize(
    ("place", "wrong"),
    [
        (1, r"\delta_i = W_{i+1}^T \delta_{i+1}"),
        (1, r"\delta_i = W_{i+1}^T \delta_{i+1} \circ f_i'(W_{i+1} x_i)"),
        (1, r"\delta_i = -W_{i+1}^T \delta_{i+1} \circ f_i'(W_i x_{i-1})"),
        (2, r"\frac{\partial E}{\partial W_i} = \delta_i x_i^T"),
        (2, r"\frac{\partial E}{\partial W_i} = 2 \delta_i x_{i-1}^T"),
        (3, r"\frac{\partial E}{\partial W_1} = [W_2 \delta_2 \circ f_1'(W_1 x_0)] x_0^T"),
        (3, r"\frac{\partial E}{\partial W_1} = [W_2^T \delta_2 \circ f_1'(W_1 x_0)] x_1^T"),
        (4, r"W_2 = W_2 + \alpha_{W_2} \circ \frac{\partial E}{\partial W_2}"),
    ],
)
def test_a_delta_where_the_net_input_has_no_name(place: int, wrong: str) -> None:
    """It is the error's derivative by what the layer's function is applied to; rows tell so."""

    def said(rows: list[str]) -> list[str]:
        text = "\n\n".join(f"$${row}$$" for row in rows)
        claims = check_document(equations(NAMELESS), text, "md", "notes.md").claims
        return [claim.verdict.value for claim in claims]

    assert said(BACK) == ["proved"] * 5
    assert said([*BACK[:place], wrong, *BACK[place + 1 :]])[place] == "refuted"
    assert "proved" not in said([wrong])


TAKEN = r"w = w - \Delta w"
BY = r"\Delta w = \eta \frac{\partial E}{\partial w}"
ADDED = r"\Delta w = -\eta \frac{\partial E}{\partial w}"


def test_what_a_step_takes_away_is_found_out_of_a_whole_document() -> None:
    """By several formulas that hold so, if none is right only where Δw is added."""
    network = equations("weights: w\na = sig(w*x)\nE = 1/2*(a-t)^2\n")

    def said(*formulas: str) -> list[str]:
        text = "\n\n".join(f"$$ {formula} $$" for formula in formulas)
        return [claim.verdict.value for claim in check_document(network, text, "md").claims]

    assert said(TAKEN) == said(BY) == ["undecided"]
    assert said(TAKEN, TAKEN) == ["undecided"] * 2
    assert said(TAKEN, BY) == said(BY, TAKEN) == ["proved"] * 2
    assert said(rf"{TAKEN} \quad \text{{with}} \; {BY}") == ["proved"]
    assert said(TAKEN, BY, BY.replace(r"\eta", r"2 \eta")) == ["proved", "proved", "refuted"]
    assert said(TAKEN, BY, ADDED) == ["undecided", "undecided", "proved"]
    assert said(ADDED, TAKEN) == ["proved", "undecided"]
    assert said(ADDED, r"w = w + \Delta w") == ["proved"] * 2


def test_a_step_that_the_document_adds_is_not_taken_away() -> None:
    """With w := w + Δw, steps Δw = η ∂E/∂w go uphill, and no number of them makes them right."""
    network = equations("s = u*a + v*b\nE = 1/2*(s - y)^2\n")
    added = r"v := v + \Delta v"
    uphill = (r"\Delta v = \eta (s - y) b", r"\Delta u = \eta (s - y) a")
    downhill = tuple(row.replace(r"\eta", r"-\eta") for row in uphill)

    def verdicts(*rows: str) -> list[str]:
        text = "".join(f"\n$$\n{row}\n$$\n" for row in rows)
        return [claim.verdict.value for claim in check_document(network, text, "md").claims]

    assert verdicts(added, *uphill) == ["proved", "undecided", "undecided"]
    assert verdicts(added, *downhill) == ["proved"] * 3
    assert verdicts(added.replace("+", "-"), *uphill) == ["proved"] * 3
