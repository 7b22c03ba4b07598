"""Readings that are not the only sensible ones: nothing wrong is proved, nothing right refuted."""

from __future__ import annotations

from itertools import pairwise

import pytest

from derive import check, check_document
from tests.formulas.authors import equations, layered, verdict
from tests.formulas.judging import slope


def way(*names: str) -> str:
    """The product of the chain rule along these names."""
    return " ".join(slope(a, b) for a, b in pairwise(names))


TWICE = equations("""
weights: w
a = tanh(w*x)
d = a^2
c = tanh(w*a)
E = d*c
""")
BY_TWO = f"{slope('E', 'w')} = {way('E', 'a', 'w')} + {way('E', 'c', 'w')}"
BOTH_OF_C = f"{way('E', 'c', 'w')} + {way('E', 'c', 'a', 'w')}"
ONCE = "(2 a c + a^2 (1 - c^2) w)(1 - a^2) x + a^2 (1 - c^2) a"
DOUBLE = "(2 a c + a^2 (1 - c^2) w)(1 - a^2) x + a^2 (1 - c^2) (a + w (1 - a^2) x)"


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (BY_TWO, "proved"),
        (f"{BY_TWO} = {ONCE}", "proved"),
        (f"{BY_TWO} = {DOUBLE}", "refuted"),
        (f"{slope('E', 'w')} = {DOUBLE}", "refuted"),
        (f"{slope('E', 'w')} = {way('E', 'a', 'w')}", "refuted"),
        (
            f"{slope('E', 'w')} = {way('E', 'd', 'w')} + {BOTH_OF_C}",
            "undecided",
        ),
    ],
)
def test_what_follows_a_chain_rule_is_compared_with_what_it_is_equal_to(
    claim: str, said: str
) -> None:
    """Direct derivatives in one side, and a way counted twice in the next, are not both right."""
    assert verdict(TWICE, claim) == said


THRICE = equations("""
weights: w
h1 = tanh(w*x1)
h2 = tanh(w*x2 + h1)
h3 = tanh(w*x3 + h2*h1)
E = 1/2*(h3 - y)^2
""")
BY_H2 = way("h_3", "h_2", "w")


@pytest.mark.parametrize(
    ("side", "said"),
    [
        (f"{way('E', 'h_3', 'w')} + {way('E', 'h_2', 'w')} + {way('E', 'h_1', 'w')}", "proved"),
        (
            f"{slope('E', 'h_3')}({slope('h_3', 'w')} + {BY_H2} + {way('h_3', 'h_1', 'w')})",
            "proved",
        ),
        (
            f"{way('E', 'h_3', 'w')} + {slope('E', 'h_3')} {BY_H2} + {way('E', 'h_3', 'h_1', 'w')}",
            "proved",
        ),
        (f"{way('E', 'h_3', 'w')} + {way('E', 'h_3', 'h_2', 'w')}", "refuted"),
        (f"{way('E', 'h_3', 'w')} + {way('E', 'h_2', 'w')}", "refuted"),
    ],
)
def test_the_last_derivatives_of_a_chain_may_be_the_direct_ones(side: str, said: str) -> None:
    """Σ ∂E/∂h₃ ∂h₃/∂hₖ ∂hₖ/∂w, with ∂h₃/∂h₁ along all ways; a way that is missing is missed."""
    assert verdict(THRICE, f"{slope('E', 'w')} = {side}") == said


PRODUCT = rf"\prod_{{k=%s}}^3 {slope('h_k', 'h_{k-1}')}"


@pytest.mark.parametrize(
    ("side", "said"),
    [
        (rf"\sum_{{t=1}}^3 {way('E', 'h_3', 'h_t', 'u')}", "proved"),
        (rf"\sum_{{t=1}}^2 {way('E', 'h_3', 'h_t', 'u')}", "refuted"),
        (rf"\sum_{{t=1}}^3 {way('E', 'h_t', 'u')}", "proved"),
        (rf"\sum_{{t=2}}^3 {way('E', 'h_t', 'u')}", "refuted"),
        (rf"\sum_{{t=1}}^3 {slope('E', 'h_3')} ({PRODUCT % 't+1'}) {slope('h_t', 'u')}", "proved"),
        (rf"\sum_{{t=1}}^3 {slope('E', 'h_3')} ({PRODUCT % 't'}) {slope('h_t', 'u')}", "refuted"),
    ],
)
def test_what_lies_between_two_names_of_a_chain_is_put_in(side: str, said: str) -> None:
    """∂h/∂u is meant for h = tanh(w x + u h), where the file has a name for the net input."""
    assert verdict("rnn", f"{slope('E', 'u')} = {side}") == said


def test_a_state_depends_on_a_weight_directly_and_by_the_state_before() -> None:
    """∂h_t/∂u = ∂h_t/∂u + ∂h_t/∂h_{t−1} ∂h_{t−1}/∂u, of which the second is the direct one."""
    before = way("h_t", "h_{t-1}", "u")
    assert verdict("rnn", f"{slope('h_t', 'u')} = {slope('h_t', 'u')} + {before}") == "proved"
    assert verdict("rnn", f"{slope('h_t', 'u')} = {slope('h_t', 'u')} - {before}") != "proved"


MEAN = r"\bar{h} = \frac13 (h_1 + h_2 + h_3)"


@pytest.mark.parametrize(("value", "said"), [(r"\frac13", "undecided"), (r"\frac12", "refuted")])
def test_a_mean_of_states_has_direct_derivatives_too(value: str, said: str) -> None:
    """∂h̄/∂h₁ = ⅓ leaves out that h₂ depends on h₁."""
    claim = rf"\frac{{\partial \bar{{h}}}}{{\partial h_1}} = {value}"
    assert check("rnn", MEAN, claim).claims[-1].verdict.value == said


FORECAST = equations("""
weights: w, u
inputs: x[1..4], h[0]
h[t] = tanh(w*x[t] + u*h[t-1]), t=1..3
E = 1/2*(h[3] - x[4])^2
""")
TAU = r"\tau"


def steps(letter: str) -> str:
    """What each step adds to the gradient by u."""
    return rf"\frac{{\partial E}}{{\partial h_{letter}}} (1 - h_{letter}^2) h_{{{letter}-1}}"


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"E = \frac12 (h_T - x_T)^2", "refuted"),
        (r"E = \frac12 (h_T - x_{T+1})^2", "proved"),
        (r"h_T = \tanh(w x_T + u h_{T-1})", "proved"),
        (r"h_T = \tanh(w x_{T-1} + u h_{T-1})", "refuted"),
        (r"h^{(T)} = \tanh(w x^{(T)} + u h^{(T-1)})", "proved"),
        (rf"{slope('E', 'u')} = \sum_{{t=1}}^{{T}} {steps('t')}", "proved"),
        (rf"{slope('E', 'u')} = \sum_{{\tau=1}}^{{3}} {steps(TAU)}", "unreadable"),
        (r"\frac{\partial E}{\partial h_\tau} = h_\tau - x_4", "proved"),
        (r"\frac{\partial h_t}{\partial h_\tau} = 0", "unreadable"),
        (rf"{slope('E', 'h_' + TAU)} = {way('E', 'h_T', 'h_' + TAU)}", "unreadable"),
        (
            rf"{slope('E', 'u')} = \frac{{h_T}}{{h_3}} \sum_{{t=1}}^{{T-1}} {steps('t')}",
            "unreadable",
        ),
    ],
)
def test_the_last_step_is_the_same_for_all(claim: str, said: str) -> None:
    """T is the last state's number, 3, in x_T, too, where a fourth x is the target."""
    assert verdict(FORECAST, claim) == said


def test_the_letter_of_a_limit_is_not_beyond_the_last_number() -> None:
    """Σ to T − 1 leaves out the last of three steps, and T is not 4 to make it right."""
    side = r"\frac{\partial E}{\partial net_t} h_{t-1}"
    for limit, said in (("T", "proved"), ("T-1", "unreadable")):
        claim = rf"{slope('E', 'u')} = \sum_{{t=1}}^{{{limit}}} {side}"
        assert verdict("rnn", claim) == said


@pytest.mark.parametrize(
    ("side", "said"),
    [
        (r"\delta_{d_1} out_{c_1}", "proved"),
        (r"out_{c_1}(\ldots) \delta_{d_1}", "unreadable"),
        (r"out_{c_1}(\ldots)", "unreadable"),
        (
            r"\frac{\partial E}{\partial out_{d_1}}(w) out_{d_1}(1 - out_{d_1}) out_{c_1}",
            "unreadable",
        ),
        (r"out_{c_1} \frac{\partial E}{\partial net_{d_1}}(w)", "unreadable"),
    ],
)
def test_brackets_behind_a_factor_may_hide_another(side: str, said: str) -> None:
    """(…) and (w) say what an error depends on where it stands alone, and nowhere else."""
    assert verdict("2-4-3-2", rf"\frac{{\partial E}}{{\partial w_{{31}}}} = {side}") == said


DEVIATION = equations("""
weights: w
inputs: x[1..3], y[1..3]
z[n] = w*x[n], n=1..3
mean = 1/3*sum(z[n], n=1..3)
std = sqrt(1/3*sum((z[n] - mean)^2, n=1..3))
xhat[n] = (z[n] - mean)/std, n=1..3
E = 1/2*sum((sig(xhat[n]) - y[n])^2, n=1..3)
""")


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\sigma (z_n - \mu) = \sigma^2 \hat x_n", "unreadable"),
        (r"(z_n - \mu) \sigma = \sigma^2 \hat x_n", "proved"),
        (r"E = \frac12 \sum_n (\sigma(\hat x_n) - y_n)^2", "proved"),
        (r"\frac{\partial \hat x_n}{\partial \sigma} = -\frac{\hat x_n}{\sigma}", "proved"),
    ],
)
def test_sigma_is_no_function_beside_the_deviation(claim: str, said: str) -> None:
    """The σ before a bracket may be either where σ is the standard deviation as well."""
    assert verdict(DEVIATION, claim) == said


STATES = equations("""
weights: U
inputs: h[0,1..2], y[1..2]
net[t,j] = sum(U[j,k]*h[t-1,k], k=1..2), t=1..3, j=1..2
h[t,j] = tanh(net[t,j]), t=1..3, j=1..2
E = 1/2*sum((h[3,j] - y[j])^2, j=1..2)
""")


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (rf"{slope('h_{t,i}', 'net_{t,j}')} = \delta_{{ij}} (1 - h_{{t,i}}^2)", "undecided"),
        (rf"{slope('h_{t,i}', 'net_{t,j}')} = \delta_{{ij}} (1 + h_{{t,i}}^2)", "refuted"),
        (rf"{slope('E', 'net_{t,j}')} = \delta_{{tj}}", "proved"),
        (rf"{slope('E', 'U_{jk}')} = \sum_t \delta_{{tj}} h_{{t-1,k}}", "proved"),
        (rf"{slope('E', 'U_{jk}')} = \sum_t \delta_{{tk}} h_{{t-1,j}}", "refuted"),
    ],
)
def test_a_delta_with_two_letters_may_be_kroneckers(claim: str, said: str) -> None:
    """Where δ_{tj} is ∂E/∂net_{tj}, what holds with Kronecker's δ_{ij} is not refuted."""
    claim = claim.replace("_t,i", "_{t,i}").replace("_t,j", "_{t,j}")
    assert verdict(STATES, claim) == said


TURNED = equations("""
weights: U
inputs: h[1..2,0], y[1..2]
net[j,t] = sum(U[j,k]*h[k,t-1], k=1..2), j=1..2, t=1..3
h[j,t] = tanh(net[j,t]), j=1..2, t=1..3
E = 1/2*sum((h[j,3] - y[j])^2, j=1..2)
""")


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (rf"{slope('E', 'h_j^{(T)}')} = h_j^{{(T)}} - y_j", "proved"),
        (rf"{slope('E', 'h_1^{(T)}')} = h_1^{{(T)}} - y_1", "proved"),
        (rf"{slope('E', 'h_1^{(T)}')} = h_1^{{(T)}} - y_2", "refuted"),
        (r"h_1^{(2)} = \tanh(net_1^{(2)})", "proved"),
        (r"h_1^{(2)} = \tanh(net_{1,2})", "proved"),
        (r"h_1^{(2)} = \tanh(net_{2,1})", "refuted"),
    ],
)
def test_the_step_stands_above_wherever_the_file_has_it(claim: str, said: str) -> None:
    """The T of h_1^{(T)} is the t of h[j,t], and so is the 2 of h_1^{(2)}."""
    assert verdict(TURNED, claim) == said


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"E'(w) = E + \frac12 w^2", "unreadable"),
        (r"E'(w) = \frac{\partial E}{\partial w}", "proved"),
        (r"E'(w) = \frac{\partial E}{\partial h} \frac{\partial h}{\partial w}", "proved"),
        (r"E'(w) = (h - y) (1 - h^2) x", "proved"),
        (r"E'(w) = (h - y) (1 - h^2)", "refuted"),
    ],
)
def test_a_prime_may_make_another_error(claim: str, said: str) -> None:
    """E'(w) beside E itself is not read as its derivative."""
    network = equations("weights: w\nh = tanh(w*x)\nE = 1/2*(h - y)^2\n")
    assert verdict(network, claim) == said


@pytest.mark.parametrize(
    ("network", "claim", "said"),
    [
        ("rnn", f"{slope('h_t', 'u')} = h_{{t-1}} (1 - h_t^2)", "undecided"),
        ("rnn", f"{slope('h_2', 'u')} = h_1 (1 - h_2^2)", "undecided"),
        ("rnn", f"{slope('h_t', 'u')} = h_{{t-1}} (1 + h_t^2)", "refuted"),
        ("rnn", f"{slope('h_2', 'u')} = h_2 (1 - h_2^2)", "refuted"),
        ("rnn", f"{slope('out', 'u')} = v (1 - h_3^2) h_2", "refuted"),
        ("rnn", f"{slope('E', 'u')} = (out - target) v (1 - h_3^2) h_2", "refuted"),
        ("2-4-3-2", f"{slope('out_{d_1}', 'w_{21}')} = 0", "refuted"),
    ],
)
def test_a_direct_derivative_goes_through_the_names_of_the_file(
    network: str, claim: str, said: str
) -> None:
    """∂h_t/∂u = h_{t−1}(1 − h_t²) leaves out h_{t−1}'s way, with or without a name for net_t."""
    assert verdict(network, claim) == said


BY_LAYER = equations("""
weights: W, V
inputs: x[1..2], y[1..2]
z[1,j] = sum(W[j,k]*x[k], k=1..2), j=1..2
h[1,j] = tanh(z[1,j]), j=1..2
z[2,j] = sum(V[j,k]*h[1,k], k=1..2), j=1..2
h[2,j] = tanh(z[2,j]), j=1..2
E = 1/2*sum((h[2,j] - y[j])^2, j=1..2)
""")


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\mathbf{z} = \mathbf{W}\mathbf{x}", "unreadable"),
        (r"\frac{\partial E}{\partial \mathbf{z}} = \mathbf{h} - \mathbf{y}", "unreadable"),
        (r"\mathbf{z}_1 = \mathbf{W}\mathbf{x}", "proved"),
        (r"\mathbf{z}_2 = \mathbf{V}\mathbf{h}_1", "proved"),
        (r"\mathbf{z}_2 = \mathbf{W}\mathbf{h}_1", "refuted"),
    ],
)
def test_layers_that_are_stated_one_by_one_are_no_matrix(claim: str, said: str) -> None:
    """A z without its layer is no array of the z of all layers, whose shape would refute it."""
    assert verdict(BY_LAYER, claim) == said


@pytest.mark.parametrize("name", ["w_{3,x}", "w_{3,xx}"])
def test_a_comma_before_a_placeholder_makes_it_an_index(name: str) -> None:
    """Whether w_{3,x} is a weight of layer 3 that is left open, or an entry, nobody knows."""
    claim = rf"{slope('E', name)} = \delta_{{d_1}} out_{{c_1}}"
    assert verdict("2-4-3-2", claim) == "unreadable"
    assert verdict("2-4-3-2", claim.replace("3,", "3")) == "undecided"


@pytest.mark.parametrize(
    ("relation", "said"),
    [
        (r"\propto out_{c_1}", "∝"),
        (r"\neq 0", "≠"),
        (r"\neq \delta_{d_1} out_{c_1}", "≠"),
        ("< 0", "<"),
        (rf"> {slope('E', 'w_{32}')}", ">"),
        (r"\sim out_{c_1}", "∼"),
    ],
)
def test_another_relation_of_a_derivative_is_told_in_documents_too(
    relation: str, said: str
) -> None:
    """It is not judged, and not passed over; what limits no derivative is no claim."""
    text = f"${slope('E', 'w_{31}')} {relation}$ where $out_{{c_1}} < 1$ and $w_{{31}} \\neq 0$"
    (claim,) = check_document("2-4-3-2", text, "md").claims
    assert claim.verdict.value == "unreadable"
    assert claim.findings[0].message.startswith(f"{said} is not judged")


def test_a_missing_factor_with_a_letter_is_told_by_its_name() -> None:
    """What is told of a layered network has its names, and none of the program's own."""
    network = layered([2, 3, 2], bias="neuron")
    claim = rf"{slope('E', 'z^3_t')} = (a^3_t - y_t)"
    (found,) = check(network, claim).claims
    assert r"\sigma'(z^3_t)" in found.findings[0].message
