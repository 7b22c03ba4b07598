"""Spellings that lead from one notation into another: nothing wrong is proved, nothing right refuted."""

from __future__ import annotations

import pytest

from derive import check_document
from tests.formulas.authors import equations, layered, verdict

UFLDL = layered([2, 3, 2], notation="ufldl", bias="neuron")
NG = layered([2, 3, 2], notation="ng", bias="neuron")


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("h(x) = a^{(3)}", "proved"),
        ("h_{W,b}(x) = a^{(3)}", "proved"),
        (r"h_\theta(x) = f(z^{(3)})", "proved"),
        ("a^{(2)}(x) = f(z^{(2)}(x))", "proved"),
        ("a^{(2)}(x) = f(z^{(3)}(x))", "refuted"),
        (r"h_{W,b}(x) = a^{(3)} + y", "refuted"),
        ("h_q(x) = a^{(3)}", "unreadable"),
        (r"\nabla_{W^{(1)}} J = \delta^{(2)} (x)^T", "proved"),
    ],
)
def test_a_vector_before_another_in_brackets_depends_on_it(claim: str, said: str) -> None:
    """h(x) is no product of two columns, whose shapes would not fit."""
    assert verdict(UFLDL, claim) == said


@pytest.mark.parametrize(
    ("slope", "said"),
    [
        (r"(g^{[1]})'(z^{[1]})", "proved"),
        (r"(g)'(z^{[1]})", "proved"),
        (r"(\sigma)'(z^{[1]})", "proved"),
        (r"(g^{[2]})'(z^{[1]})", "unreadable"),
        (r"\mathbf{g}'(z^{[1]})", "proved"),
        (r"\mathbf{g}(z^{[1]})", "refuted"),
    ],
)
def test_a_function_in_brackets_or_in_bold_has_a_derivative(slope: str, said: str) -> None:
    """(g^{[1]})'(z) is g^{[1]}'(z), and a bold g no vector where nothing is called so."""
    claim = rf"dz^{{[1]}} = W^{{[2]T}} dz^{{[2]}} \odot {slope}"
    assert verdict(NG, claim) == said


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\partial_{w_{31}} E = \delta_{d_1} out_{c_1}", "proved"),
        (r"\partial_{w_{31}} E = \delta_{d_1} out_{c_2}", "refuted"),
        (r"\partial_{net_{d_1}} out_{d_1} = out_{d_1} (1 - out_{d_1})", "proved"),
    ],
)
def test_what_is_differentiated_by_may_stand_below_the_sign(claim: str, said: str) -> None:
    r"""\partial_{w} E is ∂E/∂w."""
    assert verdict("2-4-3-2", claim) == said


STEPS = equations("""
weights: w, u
inputs: x[1..3,1..2], h[0,1..2], y[1..2]
a[t,j] = sum(w[j,i]*x[t,i], i=1..2) + sum(u[j,k]*h[t-1,k], k=1..2), t=1..3, j=1..2
h[t,j] = tanh(a[t,j]), t=1..3, j=1..2
E = 1/2*sum((h[3,j]-y[j])^2, j=1..2)
""")


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"h_j^t = \tanh(a_j^t)", "proved"),
        (r"a_j^t = \sum_i w_{ji} x_i^t + \sum_k u_{jk} h_k^{t-1}", "proved"),
        (r"a_j^t = \sum_i w_{ji} x_i^t + \sum_k u_{kj} h_k^{t-1}", "refuted"),
        (r"\frac{\partial E}{\partial u_{jk}} = \sum_t \delta_j^t h_k^{t-1}", "proved"),
        (r"\frac{\partial E}{\partial u_{jk}} = \sum_t \delta_j^t h_k^t", "refuted"),
        (r"\delta_j^t = (1 - (h_j^t)^2) \sum_k u_{kj} \delta_k^{t+1}", "proved"),
        (r"w_{ji}^{t+1} = w_{ji}^t - \eta \frac{\partial E}{\partial w_{ji}}", "unreadable"),
    ],
)
def test_a_step_may_stand_above_without_brackets(claim: str, said: str) -> None:
    """x_i^t is x[t,i] where no x_i has a power."""
    assert verdict(STEPS, claim) == said


ROWS = r"""
$z = x W_1 + b_1$, $h = \sigma(z)$, $s = h W_2 + b_2$ and $L = \frac12 \| s - y \|^2$.

$$%s$$
"""


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\frac{\partial L}{\partial W_2} = h^\top \frac{\partial L}{\partial s}", "proved"),
        (r"\frac{\partial L}{\partial W_2} = h \frac{\partial L}{\partial s}", "refuted"),
        (r"\frac{\partial L}{\partial h} = \frac{\partial L}{\partial s} W_2^\top", "proved"),
        (r"\frac{\partial L}{\partial h} = W_2 \frac{\partial L}{\partial s}", "refuted"),
    ],
)
def test_vectors_that_a_document_writes_as_rows_are_rows(claim: str, said: str) -> None:
    """Where z = x W_1 is defined, no claim holds with x as a column."""
    assert check_document(None, ROWS % claim, "md").claims[-1].verdict.value == said


CROSS_ENTROPY = r"""
$\mathbf{o} = \mathbf{U}\mathbf{x} + \mathbf{b}$, $\hat{\mathbf{y}} = \text{softmax}(\mathbf{o})$ and
$J = CE(\mathbf{y}, \hat{\mathbf{y}})$.

$$%s$$
"""


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (
            r"\frac{\partial J}{\partial \mathbf{o}} = (\hat{\mathbf{y}} - \mathbf{y})^T",
            "proved",
        ),
        (
            r"\boldsymbol{\delta}_1 = \frac{\partial J}{\partial \mathbf{o}} = \hat{\mathbf{y}} - \mathbf{y}",
            "proved",
        ),
        (r"\frac{\partial J}{\partial \mathbf{o}} = \hat{\mathbf{y}} + \mathbf{y}", "refuted"),
    ],
)
def test_the_cross_entropy_is_known_by_its_name(claim: str, said: str) -> None:
    """CE(y, ŷ) is −Σ y ln ŷ and no product; a bold δ_1 is not the δ of unit 1."""
    assert check_document(None, CROSS_ENTROPY % claim, "md").claims[-1].verdict.value == said


WIDE = layered([3, 2, 4, 2], notation="ng", bias="neuron")
NET = r"z^{[l]}_j = \sum_{k=1}^{%s} w^{[l]}_{jk} a_k^{[l-1]} + b_j^{[l]}"


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ("n^{[l-1]}", "proved"),
        ("n_{l-1}", "proved"),
        (r"n_{\ell-1}", "proved"),
        ("n^{[l]}", "unreadable"),
        ("n_l", "unreadable"),
        ("n_{l-1} - 1", "unreadable"),
        ("n_{l+1}", "unreadable"),
        ("K", "unreadable"),
    ],
)
def test_the_number_of_neurons_in_a_layer_is_that_of_the_layer(limit: str, said: str) -> None:
    """n^{[l-1]} is no letter that may be whatever fits: nothing holds with that of another layer."""
    assert verdict(WIDE, NET % limit) == said


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\delta^{(n_l)} = (a^{(n_l)} - y) \odot f'(z^{(n_l)})", "proved"),
        (r"\delta^{(n_l)} = (a^{(n_l)} + y) \odot f'(z^{(n_l)})", "refuted"),
        (r"\delta^{(n_l-1)} = ((W^{(n_l-1)})^T \delta^{(n_l)}) \odot f'(z^{(n_l-1)})", "proved"),
        (r"\delta^{(n_l-1)} = ((W^{(n_l)})^T \delta^{(n_l)}) \odot f'(z^{(n_l-1)})", "unreadable"),
        (r"\nabla_{W^{(1)}} J = \delta^{(2)} x^{T}", "proved"),
        (r"\nabla_{W^{(2)}} J = \delta^{(3)} a^{(2)^T}", "proved"),
        (r"\nabla_{W^{(2)}} J = \delta^{(2)} a^{(2)^T}", "refuted"),
    ],
)
def test_the_number_of_layers_is_the_last_one(claim: str, said: str) -> None:
    """n_l is the number of the last layer, and a ⊤ may be raised once more beside a layer."""
    assert verdict(layered([2, 3, 2], notation="ufldl", bias="neuron"), claim) == said


REGRESSION = r"""
$a_j = \sum_{i=1}^{D} w_{ji}^{(1)} x_i$, $z_j = \tanh(a_j)$, $y_k = \sum_{j=1}^{M} w_{kj}^{(2)} z_j$
and $E_n = \frac12 \sum_{k=1}^{K} (y_k - t_k)^2$.
"""


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\frac{\partial E_n}{\partial w_{ji}^{(1)}} = \delta_j x_i", "proved"),
        (r"\frac{\partial E_n}{\partial w_{kj}^{(2)}} = \delta_k z_j", "proved"),
        (r"\delta_j = (1 - z_j^2) \sum_k w_{kj} \delta_k", "proved"),
        (r"\delta_j = (1 - z_j^2) \sum_k w_{jk} \delta_k", "unreadable"),
        (r"\delta_j = (1 + z_j^2) \sum_k w_{kj} \delta_k", "refuted"),
        (r"\frac{\partial E_n}{\partial w_{ji}^{(1)}} = \delta_j z_i", "not proved"),
        (r"\frac{\partial E_n}{\partial w_{kj}^{(2)}} = -\delta_k z_j", "refuted"),
    ],
)
def test_linear_outputs_have_a_delta_and_hidden_units_another(claim: str, said: str) -> None:
    """δ_k = y_k − t_k is no meaning that δ_j of another layer has, too."""
    text = f"{REGRESSION}\n$$\\delta_k = y_k - t_k$$\n\n$${claim}$$\n"
    first, found = (c.verdict.value for c in check_document(None, text, "md").claims)
    assert first == "proved"
    assert found == said or (said == "not proved" and found != "proved")


SOFTMAX = r"""
$a_j = \sum_i w_{ji} x_i$, $h_j = \tanh(a_j)$, $o_i = \sum_j v_{ij} h_j$,
$p_i = \frac{e^{o_i}}{\sum_j e^{o_j}}$ and $E = -\sum_i y_i \ln p_i$.
"""


def test_a_delta_of_other_units_is_not_taken_from_a_definition() -> None:
    """What fails with a δ that other letters define may be about other units."""
    text = SOFTMAX + "".join(
        f"\n$${claim}$$\n"
        for claim in (
            r"\delta_m = p_m - y_m",
            r"\frac{\partial E}{\partial w_{ji}} = \delta_j x_i",
            r"\frac{\partial E}{\partial w_{ji}} = 2 \delta_j x_i",
        )
    )
    claims = check_document(None, text, "md").claims
    assert "refuted" not in {claim.verdict.value for claim in claims}
