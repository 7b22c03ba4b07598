"""Spellings of published derivations: what is right in them is proved, what is wrong never is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from derive import Model, check
from derive.networks.equations.system import System
from derive.networks.network import Network


def layered(layers: list[int], **keys: Any) -> Model:
    """A layered network in the notation of books, a^l_j."""
    table: Mapping[str, Any] = {"layers": layers, "notation": "indexed", **keys}
    return Model.of(Network.from_table(table, "network", {}))


def equations(text: str) -> Model:
    """A network that is stated as equations."""
    return Model.of(System.from_text(text, "network"))


CHAIN = layered(
    [1, 1, 1], loss="squared-error", bias="neuron", names={"E_total": "C"}, activation="sigmoid"
)
TWO = layered([2, 3, 2], bias="neuron", names={"E_total": "C"}, activation="sigmoid")
DECAY = layered([1, 1, 1], loss="squared-error", l2=0.1, names={"E_total": "C"})


def verdict(network: str | Model, claim: str) -> str:
    """What becomes of one formula; silent if it claims nothing."""
    claims = check(network, claim).claims
    return claims[0].verdict.value if claims else "silent"


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
