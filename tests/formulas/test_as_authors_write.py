"""Spellings of published derivations: what is right in them is proved, what is wrong never is."""

from __future__ import annotations

import pytest

from derive import Model, check
from derive.checking.check import check_document
from tests.formulas.authors import TWO, equations, layered, verdict

CHAIN = layered(
    [1, 1, 1], loss="squared-error", bias="neuron", names={"E_total": "C"}, activation="sigmoid"
)
DECAY = layered([1, 1, 1], loss="squared-error", l2=0.1, names={"E_total": "C"})


@pytest.mark.parametrize(
    ("network", "claim", "said"),
    [
        (CHAIN, r"C_0(\ldots) = (a^{(L)} - y)^2", "proved"),
        (CHAIN, r"C_0(...) = (a^{(L)} - y)^3", "refuted"),
        (CHAIN, r"C_0(w^{(L)}, \dots) = (a^{(L)} - y)^2", "proved"),
        (CHAIN, r"C(\ldots)\, 2 = 2 (a^{(L)} - y)^2", "unreadable"),
        (CHAIN, r"w^{(L)}(\ldots) = (a^{(L)} - y)^2", "unreadable"),
        (CHAIN, r"C_x = (a^{(L)} - y)^2", "proved"),
        (CHAIN, r"C_x = a^{(L)} - y", "refuted"),
        (TWO, r"\frac{\partial C_x}{\partial b^L_j} = \delta^L_j", "proved"),
        (TWO, r"\frac{\partial C_0}{\partial b^L_j} = \delta^L_j", "unreadable"),
        (DECAY, r"C_0 = (a^{(L)} - y)^2", "unreadable"),
    ],
)
def test_the_error_of_one_example_is_the_error(network: Model, claim: str, said: str) -> None:
    """C_x, and C_0 of a single output; not where C_0 may be the first output's, or C without λ.

    Dots in brackets are what it depends on.
    """
    assert verdict(network, claim) == said


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\frac{\partial C}{\partial b^{(L)}} = \sigma'(z^{(L)})2(a^{(L)} - y)", "proved"),
        (r"\frac{\partial C}{\partial b^{(L)}} = \sigma'(z^{(L)})3(a^{(L)} - y)", "refuted"),
        (r"\frac{\partial C}{\partial w^{(L)}} = a^{(2)}2\sigma'(z^{(L)})(a^{(L)} - y)", "proved"),
        (r"\frac{\partial C}{\partial b^{(L)}} = \sigma'(z^{(L)})(a^{(L)} - y)2", "unreadable"),
        (r"C = (a^{(L)} - y)2", "unreadable"),
        ("C = (a2_1 - y)2(a2_1 - y)", "unreadable"),
        (r"2\, 2 (a^{(L)} - y) = 4 (a^{(L)} - y)", "unreadable"),
    ],
)
def test_a_number_between_factors_is_a_factor(claim: str, said: str) -> None:
    """σ'(z)2(a − y), where LaTeX shows that it is no power; nowhere else."""
    assert verdict(CHAIN, claim) == said


def test_a_one_before_the_number_of_the_equation_is_a_factor() -> None:
    """x(1) may be equation 1, unless a \\tag says which it is."""
    one = r"\frac{\partial C}{\partial b^L_j} = \delta^L_j(1)"
    assert verdict(TWO, one) == "unreadable"
    assert verdict(TWO, rf"{one} \tag{{17}}") == "proved"
    assert verdict(TWO, one.replace("(1)", r"(2) \tag{17}")) == "refuted"


VECTORS = """
weights: W, V
inputs: x[1..2], y[1..3]
z[j] = sum(W[j,i]*x[i], i=1..2), j=1..2
h[j] = tanh(z[j]), j=1..2
o[k] = sum(V[k,j]*h[j], j=1..2), k=1..3
g[j] = h[j]*z[j], j=1..2
E = 1/2*sum((o[k] - y[k])^2, k=1..3) + sum(g[j], j=1..2)
"""


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\frac{\partial E}{\partial V} = (o - y) \otimes h", "proved"),
        (r"\frac{\partial E}{\partial V} = (o + y) \otimes h", "refuted"),
        (r"\frac{\partial E}{\partial V} = (\mathbf{o} - \mathbf{y}) ⊗ \mathbf{h}", "proved"),
        (r"\frac{\partial E}{\partial W} = \frac{\partial E}{\partial z} \otimes x", "proved"),
        (r"\frac{\partial E}{\partial W} = x \otimes \frac{\partial E}{\partial z}", "not proved"),
        (r"g = h \otimes z", "proved"),
        (r"g = h \otimes h", "refuted"),
        (r"g_1 = h_1 \otimes z_1", "proved"),
        (r"\frac{\partial E}{\partial V} = 2 (o - y) \otimes \frac{1}{2} h", "not proved"),
        (r"\frac{\partial E}{\partial V} = V \otimes h", "not proved"),
        (r"g = h \odot z \otimes z", "not proved"),
    ],
)
def test_a_circled_times_is_an_outer_product_or_goes_entry_by_entry(claim: str, said: str) -> None:
    """δ ⊗ x is δxᵀ, and of two vectors of one length what fits the other side."""
    found = verdict(equations(VECTORS), claim)
    assert found == said or (said == "not proved" and found != "proved")


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\delta^L = \Sigma'(z^L) \nabla_a C", "proved"),
        (r"\delta^l = \Sigma'(z^l) (w^{l+1})^T \delta^{l+1}", "proved"),
        (r"\delta^l = \Sigma^{\prime}\left(z^l\right) (w^{l+1})^T \delta^{l+1}", "proved"),
        (r"\delta^l = \Sigma'(z^{l+1}) (w^{l+1})^T \delta^{l+1}", "not proved"),
        (r"\delta^l = (w^{l+1})^T \Sigma'(z^l) \delta^{l+1}", "not proved"),
        (r"\delta^L = \Sigma''(z^L) \nabla_a C", "not proved"),
        (r"\delta^L = \Sigma(z^L) \nabla_a C", "unreadable"),
        (r"\delta^L = \Sigma' \nabla_a C", "unreadable"),
    ],
)
def test_capital_sigma_is_the_matrix_of_slopes(claim: str, said: str) -> None:
    """Σ'(z) has σ'(z) on its diagonal."""
    found = verdict(TWO, claim)
    assert found == said or (said == "not proved" and found != "proved")


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\Delta C \approx \frac{\partial C}{\partial w^l_{jk}} \Delta w^l_{jk}", "proved"),
        (r"\Delta C \approx a^{l-1}_k \delta^l_j \Delta w^l_{jk}", "proved"),
        (r"\Delta C \approx a^{l-1}_j \delta^l_j \Delta w^l_{jk}", "not proved"),
        (r"\Delta C \approx -\frac{\partial C}{\partial w^l_{jk}} \Delta w^l_{jk}", "refuted"),
        (r"\Delta C \approx \Delta b^l_j", "refuted"),
        (r"\Delta a^l_j \approx \sigma'(z^l_j) a^{l-1}_k \Delta w^l_{jk}", "proved"),
        (r"\Delta a^l_j \approx \sigma'(z^l_j) \Delta w^l_{jk}", "refuted"),
        (r"\Delta a^L_q \approx w^L_{qj} \sigma'(z^L_q) \Delta a^{L-1}_j", "proved"),
        (r"\Delta C \approx \sum_j \delta^l_j \Delta z^l_j", "proved"),
        (r"\Delta C \approx \sum_j \delta^l_j \Delta a^l_j", "refuted"),
        (r"\Delta C \approx \sum_j \delta^l_j \Delta z^l_k", "unreadable"),
        (r"\Delta a^L_j \approx \sum_j w^L_{kj} \Delta a^{L-1}_j", "unreadable"),
        (r"\Delta C \approx \delta^2_1 \Delta z^2_1 + \delta^2_2 \Delta z^2_2", "unreadable"),
        (r"\Delta C = \frac{\partial C}{\partial w^l_{jk}} \Delta w^l_{jk}", "unreadable"),
        (r"\Delta w^l_{jk} = -\eta \frac{\partial C}{\partial w^l_{jk}}", "proved"),
    ],
)
def test_a_change_to_first_order_says_what_a_derivative_is(claim: str, said: str) -> None:
    """ΔC ≈ a Δw says that ∂C/∂w is a; what is equal, or has several changes, is not read so."""
    found = verdict(TWO, claim)
    assert found == said or (said == "not proved" and found != "proved")


UNITS = """
weights: W_h, W_o
Z_h = X*W_h
H = relu(Z_h)
Z_o = H*W_o
yhat = relu(Z_o)
c_t = yhat*H
C = 1/2*(yhat - y)^2 + c_t
"""


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\hat{y}'(W_O) = \hat{y}'(Z_O) \cdot Z_O'(W_O)", "proved"),
        (r"\hat{y}'(W_o) = R'(Z_o) \cdot H", "proved"),
        (r"\hat{y}^{\prime}\left(W_h\right) = R'(Z_O) W_O R'(Z_H) X", "unreadable"),
        (r"\hat{y}^{\prime}\left(W_h\right) = R'(Z_O) W_O R'(Z_h) X", "proved"),
        (r"\hat{y}'(W_h) = R'(Z_o) \cdot R'(Z_h) \cdot X", "refuted"),
        (r"\hat{y}'(Z_o) = R'(Z_o) + \hat{y} - \hat{y}", "proved"),
        (r"\hat{y}'(Z_o) = R'(Z_o) + \hat{y}", "refuted"),
        (r"\hat{y}'(Z_o) = \hat{y} W_o", "refuted"),
        (r"\hat{y}'(H) = W_o R'(Z_o) + \hat{y} - \hat{y}", "unreadable"),
        (r"C'(\hat{y}) = \hat{y} - y + C - C", "unreadable"),
        (r"\hat{y}'(W_h) = O'(Z_o) \cdot W_o \cdot A'(Z_h) \cdot X", "proved"),
        (r"\hat{y}'(W_h) = O'(Z_o) \cdot W_o \cdot A'(Z_h)", "refuted"),
        (r"\hat{y}'(W_h) = O'(Z_o) \cdot W_o \cdot O'(H) \cdot X", "unreadable"),
        (r"\hat{y}'(Z_o) = L'(Z_o)", "unreadable"),
        (r"\hat{y}' = R'(Z_o) \cdot H", "unreadable"),
        (r"\hat{y}''(W_o) = 0", "unreadable"),
        (r"H'(Z_o) = 0", "unreadable"),
        (r"\hat{y}'(W_o + W_h) = H R'(Z_o)", "unreadable"),
        (r"c_T = \hat y \cdot H", "unreadable"),
    ],
)
def test_a_prime_behind_a_quantity_is_its_derivative(claim: str, said: str) -> None:
    """C'(w) is ∂C/∂w if C depends on w; Z_O is Z_o, but c_T the last of many.

    An O or A that the network does not have is the output of the net input behind it.
    """
    found = verdict(equations(UNITS), claim)
    assert found == said or {found, said} == {"silent", "unreadable"}


NUMBERED = """
weights: W_1, W_2
u_1[i] = sum(W_1[i,j]*x_0[j], j=1..2), i=1..3
x_1[i] = sig(u_1[i]), i=1..3
u_2[i] = sum(W_2[i,j]*x_1[j], j=1..3), i=1..2
x_2[i] = sig(u_2[i]), i=1..2
E = 1/2*sum((x_2[i]-t[i])^2, i=1..2)
"""


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\frac{\partial E}{\partial W_i} = \delta_ix_{i-1}^T", "proved"),
        (r"\frac{\partial E}{\partial W_i} = \delta_ix_i^T", "not proved"),
        (r"E = \frac12 \|x_L - t\|^2", "proved"),
        (r"E = \|x_L - t\|^2", "refuted"),
        (r"E = \frac12 \|x_{L-1} - t\|^2", "not proved"),
        (r"\delta_L = (x_L - t) \circ f_L'(W_Lx_{L-1})", "proved"),
        (r"\delta_L = (x_L - t) \circ f_L'(W_{L-1}x_{L-2})", "not proved"),
        (r"\delta_L = (x_L + t) \circ f_L'(W_Lx_{L-1})", "refuted"),
        (r"W_i = W_i - \alpha_{W_i} \circ \frac{\partial E}{\partial W_i}", "proved"),
        (r"W_i = W_i + \alpha_{W_i} \circ \frac{\partial E}{\partial W_i}", "refuted"),
        (r"W_i = W_i - \alpha_{t} \frac{\partial E}{\partial W_i}", "unreadable"),
    ],
)
def test_layers_with_numbers_below_have_a_last_one(claim: str, said: str) -> None:
    r"""x_L of x_0 to x_2, the rate α_W of W, and TeX's \delta_ix, which is δ_i x."""
    found = verdict(equations(NUMBERED), claim)
    assert found == said or (said == "not proved" and found != "proved")


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"g = \frac{\partial E}{\partial x_2} = x_2 - t", "proved"),
        (r"g = \frac{\partial E}{\partial x_2} = x_2 + t", "refuted"),
        (r"\text{hidden output} = x_1 = f_1(W_1x_0)", "proved"),
        (r"\mbox{Hidden output 1} = x_1 = x_1 \odot x_1", "refuted"),
        (r"\text{it is wrong that } x_1 = f_1(W_1x_0)", "unreadable"),
        (r"x_1 = f_1(W_1x_0) \text{ squared }", "unreadable"),
        (r"t = \frac{\partial E}{\partial x_2} = x_2 - t", "not proved"),
    ],
)
def test_a_chain_may_begin_with_a_new_name(claim: str, said: str) -> None:
    """G = ∂E/∂y = y − t names what it works out, in a letter or in words."""
    found = verdict(equations(NUMBERED), claim)
    assert found == said or (said == "not proved" and found != "proved")


def test_a_chain_about_something_else_is_passed_over() -> None:
    """The steps of a sum of one's own are no claim about the network."""
    text = r"$\text{accuracy} = \frac{9}{10} = 0.9$ and $E = \frac12 \|x_2 - t\|^2$"
    claims = check_document(equations(NUMBERED), text, "md").claims
    assert [claim.verdict.value for claim in claims] == ["proved"]


def test_a_name_of_a_chain_is_kept_until_it_is_given_again() -> None:
    """What a chain has named may be used behind it; another meaning refutes nothing."""
    first = r"g = \frac{\partial E}{\partial x_2} = x_2 - t"
    used = r"\delta_2 = g \odot f'(W_2x_1)"
    again = r"g = \frac{\partial E}{\partial u_2} = g \odot f'(W_2x_1)"
    said = [c.verdict.value for c in check(equations(NUMBERED), first, used, again).claims]
    assert said[:2] == ["proved", "proved"]
    assert said[2] != "refuted"


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\frac{\partial C(\theta)}{\partial b^L_j} = \delta^L_j", "proved"),
        (r"\frac{\partial C(\theta)}{\partial b^L_j} = -\delta^L_j", "refuted"),
        (r"\frac{\partial}{\partial b^L_j} C(\mathbf{W}) = \delta^L_j", "proved"),
        (r"\frac{\partial}{\partial b^L_j} C(W, b; x, y) = \delta^L_j", "proved"),
        (r"C(\hat{y}, y) = \frac12 \|y - a^L\|^2", "proved"),
        (r"C(y) = \frac12 \|y - a^L\|^2", "proved"),
        (r"C(\Theta) = \|y - a^L\|^2", "refuted"),
        (r"\nabla_{w^L} C(\theta) = \delta^L (a^{L-1})^T", "proved"),
        (r"w^L = w^L + \eta \nabla_{w^L} C(\theta)", "refuted"),
        (r"w^L = w^L - \eta \nabla_{w^L} C(\theta)", "proved"),
        (r"\nabla_{a^L} C(y) = a^L - y", "proved"),
        (r"\nabla_{a^L} C(y) = y - a^L", "refuted"),
        (r"C(W) - C(b) = 0", "unreadable"),
        (r"C(W + b) = \frac12 \|y - a^L\|^2", "unreadable"),
        (r"C(q) = \frac12 \|y - a^L\|^2", "unreadable"),
        (r"\theta C = \frac12 \|y - a^L\|^2", "unreadable"),
    ],
)
def test_an_error_has_what_it_depends_on_in_brackets(claim: str, said: str) -> None:
    """J(θ), J(W, b; x, y), L(ŷ, y) in letters that the network has not; never in two ways."""
    assert verdict(TWO, claim) == said


MIXED = layered([2, 3, 2], activation=["tanh", "sigmoid"])
ENTRIES = """
weights: w
z[i] = sum(w[j]*x[i,j], j=1..2), i=1..3
p[i] = sig(z[i]), i=1..3
J = sum((p[i] - y[i])^2, i=1..3)
"""


@pytest.mark.parametrize(
    ("network", "claim", "said"),
    [
        (
            TWO,
            r"\sigma'(z) = \frac{\partial}{\partial z} \frac{1}{1 + e^{-z}} = a(1 - a)",
            "proved",
        ),
        (TWO, r"\sigma'(z) = a(1 + a)", "refuted"),
        (TWO, r"\frac{d\sigma(z)}{dz} = \sigma(z)(1 - \sigma(z))", "proved"),
        (TWO, r"\frac{d\sigma(z)}{dz} = \sigma(z)(1 - z)", "refuted"),
        (MIXED, r"f'(z) = 1 - f(z)^2", "not refuted"),
        (equations(ENTRIES), r"\frac{\partial}{\partial z} \phi(z) = \phi(z)(1-\phi(z))", "proved"),
        (equations(ENTRIES), r"\frac{\partial}{\partial z} \phi(z) = \phi(z)", "refuted"),
        (equations(ENTRIES), r"\frac{\partial J}{\partial z} = 2 (p - y) \odot p", "refuted"),
    ],
)
def test_a_claim_about_a_function_is_one_about_any_neuron(
    network: Model, claim: str, said: str
) -> None:
    """Z and a without an index are those of one neuron, if all neurons have the same function."""
    found = verdict(network, claim)
    assert found == said or (said == "not refuted" and found not in ("refuted", "proved"))


RECURRENT = """
weights: W_hx, W_hh, V
inputs: x[1..3,1..2], y[1..3,1..2], h[0,1..3]
a[t,j] = sum(W_hx[j,i]*x[t,i], i=1..2) + sum(W_hh[j,i]*h[t-1,i], i=1..3), t=1..3, j=1..3
h[t,j] = tanh(a[t,j]), t=1..3, j=1..3
o[t,k] = sum(V[k,j]*h[t,j], j=1..3), t=1..3, k=1..2
E[t] = 1/2*sum((o[t,k] - y[t,k])^2, k=1..2), t=1..3
E_total = sum(E[t], t=1..3)
"""


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\textbf{h}_t = \textbf{tanh}(\mathbf{W}_{hx} x_t + \mathbf{W}_{hh} h_{t-1})", "proved"),
        (r"\textbf{h}_t = \textbf{tanh}(\mathbf{W}_{hx} x_t - \mathbf{W}_{hh} h_{t-1})", "refuted"),
        (r"\mathbf{E} = \sum_t \mathbf{E}_t", "proved"),
        (r"\mathbf{E} = \mathbf{E}_3", "refuted"),
        (
            r"\frac{\partial \mathbf{E}}{\partial V} = \sum_t \frac{\partial \mathbf{E}_t}{\partial V}",
            "proved",
        ),
        (
            r"\frac{\partial \mathbf{E}}{\partial V} = \frac{\partial \mathbf{E}_1}{\partial V}",
            "refuted",
        ),
    ],
)
def test_bold_functions_and_numbers_are_what_they_are(claim: str, said: str) -> None:
    """A bold tanh is tanh, and a bold E the error, of which there is one for each step."""
    assert verdict(equations(RECURRENT), claim) == said


GREEK = """
weights: w_h, b_o
z_h[i] = x[i]*w_h, i=1..3
h[i] = exp(-z_h[i]^2), i=1..3
z_o[i] = h[i] + b_o, i=1..3
y[i] = sig(z_o[i]), i=1..3
xi[i] = -(t[i]*ln(y[i]) + (1-t[i])*ln(1-y[i])), i=1..3
total = sum(xi[i], i=1..3)
"""


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\frac{\partial \xi_i}{\partial b_o} = y_i - t_i", "proved"),
        (r"\frac{\partial \xi_i}{\partial b_o} = y_i + t_i", "refuted"),
        (r"\delta_{oi} = \frac{\partial \xi_i}{\partial z_{oi}}", "proved"),
        (r"\delta_{hi} = -2 z_{hi} h_i \delta_{oi}", "proved"),
        (r"\delta_{hi} = -2 z_{oi} h_i \delta_{oi}", "refuted"),
        (r"\frac{\partial \xi_i}{\partial w_h} = x_i \delta_{hi}", "proved"),
        (r"\phi(z_{hi}) = e^{-z_{hi}^2}", "proved"),
        (r"\phi(z_{hi}) = e^{z_{hi}^2}", "refuted"),
        (r"\sigma(z_{oi}) = y_i", "proved"),
    ],
)
def test_families_with_greek_names_and_indices_have_members(claim: str, said: str) -> None:
    """The ξ_i of xi[i] and the z_{hi} of z_h[i]; φ of what the network does another thing to."""
    assert verdict(equations(GREEK), claim) == said
