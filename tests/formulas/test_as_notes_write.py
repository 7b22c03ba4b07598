"""Spellings of notes: labels above names, cases in arrays, a sign at both ends of a line break."""

from __future__ import annotations

import pytest

from derive.checking.check import check_document
from tests.formulas.authors import equations, verdict
from tests.formulas.stating.test_judging import last

UNITS = equations(
    """
weights: V, w
g[i] = sum(x[k]*V[k,i], k=1..3), i=1..2
s[j] = sum(w[i,j]*g[i], i=1..2), j=1..3
p[j] = exp(s[j])/sum(exp(s[k]), k=1..3), j=1..3
E = -sum(t[j]*ln(p[j]), j=1..3)
condition: sum(t[j], j=1..3) = 1
"""
)
MEANS = """
weights: gamma
mu = 1/3*sum(x[i], i=1..3)
y[i] = gamma*(x[i] - mu), i=1..3
L = sum(1/2*(y[i] - t[i])^2, i=1..3)
"""
GATES = """
weights: W_u, V_u, b_u, W_r, V_r, b_r
a_u[t,i] = sum(x[t,j]*W_u[j,i], j=1..2) + sum(h[t-1,j]*V_u[j,i], j=1..2) + b_u[i], t=1..2, i=1..2
a_r[t,i] = sum(x[t,j]*W_r[j,i], j=1..2) + sum(h[t-1,j]*V_r[j,i], j=1..2) + b_r[i], t=1..2, i=1..2
h[t,i] = sig(a_u[t,i])*tanh(a_r[t,i]), t=1..2, i=1..2
L = 1/2*sum((h[2,i] - y[i])^2, i=1..2)
"""


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\frac{\partial E}{\partial V_{ki}} = EG_i \cdot x_k", "unreadable"),
        (r"\frac{\partial E}{\partial V_{ki}} = Eg_i x_k", "unreadable"),
        (r"\frac{\partial E}{\partial V_{ki}} = E g_i x_k", "refuted"),
        (r"\frac{\partial E}{\partial V_{ki}} = \frac{\partial E}{\partial g_i} x_k", "proved"),
    ],
)
def test_no_run_of_letters_is_a_product_of_the_error(claim: str, said: str) -> None:
    """EG_i is a name that nobody has given, and not E times an entry of g, which would be wrong."""
    assert verdict(UNITS, claim) == said


@pytest.mark.parametrize("latex", ["", "latex: a_u = a^u, a_r = a^r\n"])
@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"a^u_t = x_t W_u + h_{t-1} V_u + b_u", "proved"),
        (r"a_t^u = x_t W_u + h_{t-1} V_u + b_u", "proved"),
        (r"a^{u}_t = x_t W_u + h_{t-1} V_r + b_u", "refuted"),
        (r"a^r_t = x_t W_u + h_{t-1} V_u + b_u", "refuted"),
        (r"h_t = \sigma(a^u_t) \odot \tanh(a^r_t)", "proved"),
        (r"h_t = \sigma(a^r_t) \odot \tanh(a^u_t)", "refuted"),
        (r"\frac{\partial L}{\partial b_u} = \sum_t \frac{\partial L}{\partial a^u_t}", "proved"),
        (r"\frac{\partial L}{\partial b_u} = \sum_t \frac{\partial L}{\partial a^r_t}", "refuted"),
        (r"\frac{\partial L}{\partial b_u} = \sum_t \frac{\partial L}{\partial a^o_t}", "unreadable"),
        (r"\frac{\partial L}{\partial W_r} = \sum_t x_t^\top \delta^r_{a,t}", "unreadable"),
    ],
)  # fmt: skip
def test_a_letter_above_a_name_may_be_part_of_it(latex: str, claim: str, said: str) -> None:
    """a^u_t is a_u in step t, whether its file says so or not; δ^r_{a,t} is a name of the author's."""
    assert verdict(equations(GATES + latex), claim) == said


@pytest.mark.parametrize("environment", [r"array}{ll", r"array}{l@{\quad}l", "matrix"])
@pytest.mark.parametrize(
    ("diagonal", "others", "said"),
    [
        (r"p_i (1 - p_j) & i = j", r"-p_i p_j & i \neq j", "proved"),
        (r"p_i (1 - p_j) & \text{if } i = j", r"-p_i p_j & \text{otherwise}", "proved"),
        (r"p_i (1 - p_j) & i = j", r"p_i p_j & i \neq j", "refuted"),
        (r"p_i (1 + p_j) & \mbox{if $i = j$}", r"-p_i p_j & \mbox{otherwise}", "refuted"),
        (r"p_i (1 - p_j)", r"-p_i p_j", "unreadable"),
    ],
)
def test_an_array_behind_one_brace_is_a_choice_of_cases(
    environment: str, diagonal: str, others: str, said: str
) -> None:
    r"""\left\{ \begin{array}{ll} … \end{array} \right. says what cases do, with its conditions."""
    closing = environment.partition("}")[0]
    rows = rf"\begin{{{environment}}} {diagonal} \\ {others} \end{{{closing}}}"
    claim = rf"\frac{{\partial p_i}}{{\partial s_j}} = \left\{{ {rows} \right."
    assert verdict(UNITS, claim) == said
    assert verdict(UNITS, claim.replace(r"\right.", r"\right)")) == "unreadable"


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("\\frac{\\partial E}{\\partial s_j} = \\\\\n= p_j - t_j", "proved"),
        ("\\frac{\\partial E}{\\partial s_j} =\\\\[2pt] &= t_j - p_j", "refuted"),
        (r"\frac{\partial E}{\partial s_j} = = p_j - t_j", "unreadable"),
        (r"\frac{\partial E}{\partial s_j} = \\ \approx p_j - t_j", "unreadable"),
    ],
)
def test_a_relation_at_both_ends_of_a_line_break_is_one(claim: str, said: str) -> None:
    r"""The "= \\ =" of authors who repeat the sign in the next row is one sign."""
    assert verdict(UNITS, claim) == said


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"{\partial \over \partial s_j} E = p_j - t_j", "proved"),
        (r"2 {\partial \over \partial s_j} E(w, V) = 2 (p_j - t_j)", "proved"),
        (r"{\frac{\partial}{\partial s_j}} \left(-\sum_k t_k \ln p_k\right) = t_j - p_j", "refuted"),
        (r"{\partial \over \partial s_j}^2 E = p_j - t_j", "unreadable"),
        (r"{\partial \over \partial s_j} = p_j - t_j", "unreadable"),
        (r"\exp(\frac{\partial}{\partial s_j}) E = p_j - t_j", "unreadable"),
    ],
)  # fmt: skip
def test_a_derivative_in_braces_is_of_what_stands_behind_them(claim: str, said: str) -> None:
    r"""{\partial \over \partial s} E is ∂E/∂s; without anything behind it, it is nothing."""
    assert verdict(UNITS, claim) == said


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\mu = \frac{1}{d} \sum_{i=1}^d x_i", "proved"),
        (r"\mu = \frac{2}{d} \sum_{i=1}^{d} x_i", "refuted"),
        (r"\frac{dL}{d\mu} = \sum_{i=1}^d \frac{dL}{dy_i} \frac{dy_i}{d\mu}", "proved"),
        (r"\frac{dL}{d\mu} = \frac{1}{d} \sum_{i=1}^d \frac{dL}{dy_i}", "refuted"),
        (r"\mu = \frac{1}{d} (x_1 + x_2 + x_3)", "unreadable"),
    ],
)
def test_d_is_a_number_where_a_sum_ends_with_it(claim: str, said: str) -> None:
    """In 1/d Σ_{i=1}^d the d counts, in the first formula of a document, too; dL/dμ is as it was."""
    assert verdict(equations(MEANS), claim) == said


WORDS = ("for", "if", "when", "for the layers", "unless", "except for", "only if", "whenever")


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("dollars", [True, False])
def test_only_words_that_limit_make_a_limit_of_what_follows(words: str, dollars: bool) -> None:
    """What is claimed "unless i = j" is not read: it is neither proved for i = j nor refuted."""
    said = "proved" if WORDS.index(words) < 4 else "unreadable"
    behind = rf"\text{{ {words} $i = j$}}" if dollars else rf"\text{{ {words} }} i = j"
    slope = r"\frac{\partial p_i}{\partial s_j} ="
    assert verdict(UNITS, f"{slope} p_i (1 - p_j) {behind}") == said
    assert verdict(UNITS, f"{slope} -p_i p_j {behind}") == said.replace("proved", "refuted")


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"-p_i p_j \mbox{ for $i \neq j$}", "proved"),
        (r"-p_i p_j \quad \text{where $i = 1$ and $j = 2$}", "unreadable"),
        (r"-p_i p_j \text{ if $i$ is not $j$}", "unreadable"),
        (r"\begin{cases} p_i (1 - p_i) & \text{if $i = j$,} \\ -p_i p_j & \text{if $i \neq j$.} \end{cases}", "proved"),
        (r"\begin{cases} p_i (1 - p_i) & \text{if $i \neq j$,} \\ -p_i p_j & \text{if $i = j$.} \end{cases}", "refuted"),
        (r"\begin{cases} p_i (1 - p_i) & \text{unless $i \neq j$} \\ -p_i p_j & \text{otherwise} \end{cases}", "unreadable"),
    ],
)  # fmt: skip
def test_a_formula_between_dollars_stands_beside_its_words(claim: str, said: str) -> None:
    r"""\text{for $i \neq j$} says what \text{for } i \neq j does."""
    assert verdict(UNITS, rf"\frac{{\partial p_i}}{{\partial s_j}} = {claim}") == said


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\frac{\partial L}{\partial b_u} = \sum_t \delta^u_t", "proved"),
        (r"\frac{\partial L}{\partial b_r} = \sum_t \delta^r_t", "proved"),
        (r"\frac{\partial L}{\partial b_u} = \sum_t \delta^r_t", "refuted"),
        (r"\frac{\partial L}{\partial W_u} = \sum_t x_t^\top \delta^u_t", "proved"),
        (r"\frac{\partial L}{\partial b_u} = \sum_t \delta^o_t", "unreadable"),
        (r"\frac{\partial L}{\partial b_u} = \sum_t \delta_t", "unreadable"),
        (r"\frac{\partial L}{\partial b_u} = \sum_t \gamma_t", "unreadable"),
    ],
)
def test_authors_names_may_have_a_word_above(claim: str, said: str) -> None:
    """δ^u_t and δ^r_t are two names, each with its own meaning; one that is no formula has none."""
    given = (
        r"\delta^u_t \equiv \frac{\partial L}{\partial a_{u,t}}",
        r"\delta^r_t = \frac{\partial L}{\partial a_{r,t}}",
        r"\gamma_t = \frac{\partial L}{\partial a_{u,t}} x_t",
        claim,
    )
    text = "".join(f"\n$${one}$$\n" for one in given)
    assert check_document(equations(GATES), text, "md").claims[-1].verdict.value == said


@pytest.mark.parametrize(
    ("slope", "said"),
    [
        (r"a (1 - a)", "proved"),
        (r"(1 - a) a", "proved"),
        (r"\sigma(z) (1 - \sigma(z))", "proved"),
        (r"a \odot (1 - a)", "proved"),
        (r"h (1 - a)", "unreadable"),
        (r"a (1 + a)", "unreadable"),
        (r"a \cdot (1 - a)", "unreadable"),
        (r"z (1 - z)", "refuted"),
    ],
)
def test_a_vector_times_1_less_it_is_its_slope(slope: str, said: str) -> None:
    """⊙ a (1 − a) multiplies entry by entry, as no product of two columns is one; all else is not."""
    net = equations(
        """
weights: w, W
h[i] = tanh(sum(w[i,j]*x[j], j=1..2)), i=1..2
z[i] = sum(W[i,j]*h[j], j=1..2), i=1..2
a[i] = sig(z[i]), i=1..2
E = 1/2*sum((a[i] - t[i])^2, i=1..2)
"""
    )
    claim = rf"\frac{{\partial E}}{{\partial z}} = (a - t) \odot {slope}"
    assert verdict(net, claim) == said


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\frac{\partial L}{\partial a^u_t} = \frac{\partial L}{\partial u_t} \odot u_t (1 - u_t)", "proved"),
        (r"\frac{\partial L}{\partial a^u_t} = \frac{\partial L}{\partial u_t} \odot (1 - u_t)", "refuted"),
        (r"\frac{\partial L}{\partial V_c} = \sum_t \frac{\partial L}{\partial a^c_t} h_{t-1}^\top", "proved"),
        (r"\frac{\partial L}{\partial V_u} = \sum_t \frac{\partial L}{\partial a^c_t} h_{t-1}^\top", "refuted"),
    ],
)  # fmt: skip
def test_documents_define_names_with_a_word_above(claim: str, said: str) -> None:
    """a^u_t = … and a^c_t = … are two families of a network that a document states."""
    net = (
        r"a^u_t = W_u x_t + V_u h_{t-1} + b_u",
        r"a^c_t = W_c x_t + V_c h_{t-1} + b_c",
        r"u_t = \sigma(a^u_t)",
        r"h_t = u_t \odot \tanh(a^c_t)",
        r"L = \frac{1}{2} \|h_T - y\|^2",
    )
    assert last(*net, claim).verdict.value == said
