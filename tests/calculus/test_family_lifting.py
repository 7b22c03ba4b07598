"""Families put together: the law and the way back of a network in whole vectors and matrices."""

from __future__ import annotations

import pytest

from derive import ProofError
from derive.calculus import family_lifting
from derive.calculus.chain import Chain
from derive.checking.judge import Judge
from derive.emit.text import Text
from derive.formula import Formula, Product
from derive.networks.equations.system import System
from derive.networks.sources import build, read
from derive.notes.blocks import Display
from derive.notes.equations import backward_sections, equations_section
from derive.notes.page import Page
from tests import shelf


def lines(text: str) -> list[str]:
    """What a document says in vectors and matrices, as plain text."""
    network = System.from_text(text) if "=" in text else read(text)
    page = Page(network, Chain(build(network)))
    sections = [equations_section(page), *backward_sections(page)]
    plain = Text(page.model)
    return [
        plain.chain(e)
        for section in sections
        for block in section.blocks
        if isinstance(block, Display) and "arra" in block.label
        for e in block.equations
    ]


def test_attention_is_stated_by_its_matrices() -> None:
    """Q·Kᵀ over the root, softmax row by row, and the way back through both."""
    found = lines("attention")
    assert found[:6] == [
        "Q = XW_qᵀ",
        "Key = XW_kᵀ",
        "value = Xw_v",
        "Score = (QKeyᵀ)/(√2)",
        "A = softmax(Score)",
        "out = Avalue",
    ]
    assert "∂E/∂(A) = ∂E/∂(out)valueᵀ" in found
    assert "∂E/∂(Q) = 1/(√2) · ∂E/∂(Score)Key" in found
    assert "∂E/∂(W_q) = (∂E/∂(Q))ᵀX" in found


STATED = {
    # A matrix that leads both ways, a shift, a product entry by entry.
    "autoencoder": "code = sig(Wx + b)",
    "embedding": "h = Wᵀx",
    "residual": "out = x + tanh(net)",
    "softmax": "p = softmax(z)",
    # Time stays an index, and a sum over it stays a sum.
    "h[t,j] = tanh(sum(u[j,k]*h[t-1,k], k=1..2)), t=1..3, j=1..2\n"
    "E = sum((y[j] - h[3,j])^2, j=1..2)": "h[t] = tanh(Uh[t-1])",
}


@pytest.mark.parametrize("text", STATED)
def test_families_are_put_together(text: str) -> None:
    """Each is proved entry by entry before it is shown."""
    assert STATED[text] in lines(text)


@pytest.mark.parametrize("name", ["rnn", "conv2d", "batchnorm", "lstm", "maxpool"])
def test_where_no_matrix_is_multiplied_nothing_is_put_together(name: str) -> None:
    """Single numbers, and sums in which an index is moved, are no products of matrices."""
    assert lines(name) == []


def test_a_capital_that_means_something_else_is_not_taken() -> None:
    """A matrix e beside the error E keeps its small letter, in bold."""
    text = "y[j] = sum(w_e[j,i]*e[j,i], i=1..2), j=1..2\nE = sum(y[j]^2, j=1..2)"
    assert lines(text) == []
    text = "y[j] = sum(e[j,i]*w[i], i=1..2), j=1..2\nE = sum(y[j]^2, j=1..2)"
    assert lines(text)[0] == "y = ew"


def test_a_wrong_product_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: the factors stand the other way round."""
    monkeypatch.setattr(family_lifting, "_times", _turned_round)
    with pytest.raises(ProofError, match="matrix form"):
        lines("attention")


def _turned_round(left: Formula, right: Formula) -> Formula:
    return Product((right, left))


@pytest.mark.slow
def test_what_is_shown_is_read_back() -> None:
    """Every display of the document is proved from its text."""
    report = shelf.judged(read("attention"), "markdown")
    assert not [claim for claim in report.claims if claim.verdict.value != "proved"]


READ = {
    r"A = \mathrm{softmax}(Score)": "proved",
    r"A = \mathrm{softmax}(\frac{Q Key^{\top}}{\sqrt{2}})": "proved",
    r"A = \mathrm{softmax}(Q)": "refuted",
    # Of each column it would be right.
    r"A^{\top} = \mathrm{softmax}(Score^{\top})": "undecided",
    r"\frac{\partial E}{\partial Key} = \frac{(\frac{\partial E}{\partial Score})^{\top}Q}{\sqrt{2}}": "proved",
    r"\frac{\partial E}{\partial Key} = \frac{\frac{\partial E}{\partial Score}Q}{\sqrt{2}}": "refuted",
}


@pytest.mark.parametrize("formula", READ)
def test_softmax_of_a_matrix_is_that_of_its_rows(formula: str) -> None:
    """As authors write attention; a transpose behind brackets may stand before a letter."""
    assert Judge(build(read("attention"))).judge(formula).verdict.value == READ[formula]
