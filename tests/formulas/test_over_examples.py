r"""Sums and means over examples: Σ_i x^{(i)}, dZ Aᵀ, Δ := Δ + …, and the values of one example."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from derive import Model, check, check_file, write_notes
from derive.checking.check import check_document
from tests.formulas.authors import layered, verdict
from tests.sample import sampled

BOOK = layered([3, 2, 2], activation="tanh", bias="neuron", names={"E_total": "Q"})
COURSE = layered([3, 2, 2], notation="ng", activation="tanh", bias="neuron")
OUT = layered([3, 2, 2], notation="ufldl", activation="sigmoid", bias="neuron")


def require(found: str, said: str) -> None:
    """A verdict is the one that is said, or at least not the one that would be wrong."""
    if said.startswith("not "):
        assert found != {"not proved": "proved", "not wrong": "refuted"}[said]
    else:
        assert found == said


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"Q = \frac{1}{N} \sum_x Q_x", "proved"),
        (r"Q = \frac{1}{N} \sum_x 2 Q_x", "refuted"),
        (r"Q = \sum_x Q_x", "proved"),
        (r"Q = \frac{1}{2n} \sum_x \|y(x) - a^L(x)\|^2", "proved"),
        (r"Q = \frac{1}{2n} \sum_x \|y(x) + a^L(x)\|^2", "refuted"),
        (r"Q = \frac{1}{2n} \sum_x \|y(x) - a^2(x)\|^2", "refuted"),
        (r"Q = \frac{1}{n} \sum_x \|y(x) - a^L(x)\|^2", "refuted"),
        (r"Q = \frac{1}{2n} \sum_x \|y(x) - a^L\|^2", "unreadable"),
        (r"Q = \frac{1}{n^2} \sum_x Q_x", "unreadable"),
        (r"Q = \frac{1}{n} \sum_x Q", "unreadable"),
        (r"Q = \frac{1}{n} \sum_x Q_x^2", "refuted"),
        (r"Q = \left(\frac{1}{n} \sum_x Q_x\right)^2", "unreadable"),
        (r"\frac{\partial Q}{\partial w^l_{jk}} = \frac{1}{n} \sum_x \frac{\partial Q_x}{\partial w^l_{jk}}", "proved"),
        (r"\frac{\partial Q}{\partial w^l_{jk}} = \frac{1}{n} \sum_x \frac{\partial Q_x}{\partial w^l_{kj}}", "not proved"),
        (r"\frac{\partial Q}{\partial w^l_{jk}} = -\frac{1}{n} \sum_x \frac{\partial Q_x}{\partial w^l_{jk}}", "refuted"),
        (r"\frac{\partial Q}{\partial w^l_{jk}} = \sum_x \frac{\partial Q_x}{\partial w^l_{jk}}", "unreadable"),
        (r"\frac{\partial Q}{\partial b^l_j} = \frac{1}{n} \sum_{i=1}^n \delta^{l(i)}_j", "not wrong"),
        (r"w^l_{jk} \leftarrow w^l_{jk} - \frac{\eta}{n} \sum_x \frac{\partial Q_x}{\partial w^l_{jk}}", "proved"),
        (r"w^l_{jk} \leftarrow w^l_{jk} + \frac{\eta}{n} \sum_x \frac{\partial Q_x}{\partial w^l_{jk}}", "refuted"),
        (r"w^l_{jk} \leftarrow w^l_{jk} - \eta \sum_x \frac{\partial Q_x}{\partial w^l_{jk}}", "unreadable"),
    ],
)  # fmt: skip
@pytest.mark.every(3)
def test_the_error_of_all_examples_and_its_gradients(claim: str, said: str) -> None:
    """They are sums or means; 1/n belongs to each or to none, and that none has it is stated."""
    require(verdict(BOOK, claim), said)


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"J = \frac{1}{m} \sum_{i=1}^{m} J^{(i)}", "proved"),
        (r"J = \frac{1}{m} \sum_{i=1}^{n} J^{(i)}", "unreadable"),
        (r"J = \frac{1}{2m} \sum_{i=1}^{m} \|a^{[2](i)} - y^{(i)}\|^2", "proved"),
        (r"J = \frac{1}{2m} \sum_{i=1}^{m} \|a^{[2](i)} - y^{(j)}\|^2", "unreadable"),
        (r"J = \frac{1}{2m} \sum_{i=1}^{m} \|a^{[2](i)} - y\|^2", "unreadable"),
        (r"dW^{[2]} = \frac{1}{m} dZ^{[2]} A^{[1]T}", "proved"),
        (r"dW^{[1]} = \frac{1}{m} dZ^{[1]} X^T", "proved"),
        (r"dW^{[2]} = \frac{1}{m} (A^{[2]} - Y) \odot g'(Z^{[2]}) A^{[1]T}", "not wrong"),
        (r"dW^{[2]} = \frac{1}{m} A^{[1]} dZ^{[2]T}", "not proved"),
        (r"dW^{[2]} = -\frac{1}{m} dZ^{[2]} A^{[1]T}", "not proved"),
        (r"dW^{[2]} = \frac{1}{m} dZ^{[2]} A^{[2]T}", "not proved"),
        (r"dW^{[2]} = \frac{1}{m} dZ^{[1]} A^{[1]T}", "not proved"),
        (r"dW^{[2]} = \frac{1}{m} dZ^{[2]T} A^{[1]}", "not proved"),
        (r"dW^{[2]} = dZ^{[2]} A^{[1]T}", "unreadable"),
        (r"dW^{[2]} = \frac{1}{m^2} dZ^{[2]} A^{[1]T}", "unreadable"),
        (r"db^{[2]} = \frac{1}{m} \sum_{i=1}^{m} dz^{[2](i)}", "proved"),
        (r"db^{[2]} = \frac{1}{m} \sum_{i=1}^{m} dz^{[1](i)}", "not proved"),
        (r"db^{[2]} = \sum_{i=1}^{m} dz^{[2](i)}", "unreadable"),
        (r"W^{[2]} := W^{[2]} - \frac{\alpha}{m} dZ^{[2]} A^{[1]T}", "not wrong"),
        (r"W^{[2]} := W^{[2]} + \frac{\alpha}{m} dZ^{[2]} A^{[1]T}", "not proved"),
        (r"W^{[2]} := W^{[2]} - \alpha dZ^{[2]} A^{[1]T}", "unreadable"),
    ],
)  # fmt: skip
def test_all_examples_as_the_columns_of_a_matrix(claim: str, said: str) -> None:
    """The product dZ Aᵀ adds up over them, as a course writes it."""
    require(verdict(COURSE, claim), said)


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"\Delta W^{(l)} := \Delta W^{(l)} + \nabla_{W^{(l)}} J(W,b;x,y)", "proved"),
        (r"\Delta W^{(l)} := \Delta W^{(l)} - \nabla_{W^{(l)}} J(W,b;x,y)", "refuted"),
        (r"\Delta W^{(l)} := \Delta W^{(l)} + \delta^{(l+1)} (a^{(l)})^T", "proved"),
        (r"\Delta W^{(l)} := \Delta W^{(l)} + \delta^{(l)} (a^{(l)})^T", "refuted"),
        (r"\Delta^{(l)}_{ij} := \Delta^{(l)}_{ij} + a^{(l)}_j \delta^{(l+1)}_i", "proved"),
        (r"\Delta^{(l)}_{ij} := \Delta^{(l)}_{ij} + a^{(l)}_i \delta^{(l+1)}_j", "refuted"),
        (r"\Delta^{(l)}_{ij} := \Delta^{(l)}_{ij} - a^{(l)}_j \delta^{(l+1)}_i", "refuted"),
        (r"\Delta^{(l)}_{ij} := \Delta^{(l)}_{ij} + a^{(l+1)}_j \delta^{(l+1)}_i", "refuted"),
        (r"\Delta b^{(l)} := \Delta b^{(l)} + \delta^{(l+1)}", "proved"),
        (r"\Delta b^{(l)} := \Delta b^{(l)} + \delta^{(l)}", "refuted"),
        (r"\Delta^{(l)} := 0", "unreadable"),
        (r"W^{(l)} := W^{(l)} - \alpha \frac{1}{m} \Delta^{(l)}", "proved"),
        (r"W^{(l)} := W^{(l)} + \alpha \frac{1}{m} \Delta^{(l)}", "refuted"),
        (r"W^{(l)} := W^{(l)} - \alpha \Delta^{(l+1)}", "refuted"),
    ],
)
@pytest.mark.every(3)
def test_what_is_added_up_example_by_example(claim: str, said: str) -> None:
    """Δ := Δ + … adds the derivative of one example's error; at first Δ is 0."""
    assert verdict(OUT, claim) == said


def said_of(model: Model, *formulas: str) -> list[str]:
    text = "".join(f"\n$${one}$$\n" for one in formulas)
    return [c.verdict.value for c in check_document(model, text, "md", "notes.md").claims]


def test_a_sum_is_stated_before_its_gradients() -> None:
    """J = Σ_i J^{(i)} makes them sums, J = 1/m Σ_i J^{(i)} means; the other is not proved then."""
    mean, total = (rf"J = {by}\sum_i J^{{(i)}}" for by in (r"\frac{1}{m}", ""))
    slopes = [rf"dW^{{[2]}} = {by} dZ^{{[2]}} A^{{[1]T}}" for by in (r"\frac{1}{m}", "")]
    assert said_of(COURSE, mean, *slopes) == ["proved", "proved", "unreadable"]
    assert said_of(COURSE, total, *slopes) == ["proved", "unreadable", "proved"]


def test_what_the_definitions_say_of_weights_is_the_authors_convention() -> None:
    """z^{l+1} = W^l a^l and nothing against it: all is read so, the wrong is wrong."""
    define = r"z^{l+1} = W^l a^l + b^l"
    right = r"\delta^l = (W^l)^T \delta^{l+1} \odot \sigma'(z^l)"
    slope = r"\frac{\partial Q}{\partial w^l_{ij}} = a^l_j \delta^{l+1}_i"
    wrong = r"\frac{\partial Q}{\partial w^l_{ij}} = a^l_i \delta^{l+1}_j"
    assert said_of(BOOK, define, right, slope) == ["proved"] * 3
    assert said_of(BOOK, define, right, slope, wrong)[3] != "proved"
    assert said_of(BOOK, right, slope) == ["undecided"] * 2, "nothing is defined"
    own = r"z^l = W^l a^{l-1} + b^l"
    assert "proved" not in said_of(BOOK, own, right, slope)[1:], "the network's own is defined"


NUMBERS = """
layers = [2, 2, {outputs}]
bias = "neuron"
reduction = "{way}"
[numbers]
inputs = [[0.05, 0.1], [0.2, 0.7]]
targets = {targets}
weights = [[0.15, 0.2, 0.25, 0.3], {weights}]
biases = [[0.35, 0.1], {biases}]
"""
TWO = NUMBERS.format(
    outputs=2, way="mean", targets="[[0.01, 0.99], [0.6, 0.2]]", weights="[0.4, 0.45, 0.5, 0.55]",
    biases="[0.6, 0.3]",
)  # fmt: skip
ONE = NUMBERS.format(
    outputs=1, way="sum", targets="[[0.01], [0.6]]", weights="[0.4, 0.45]", biases="[0.6]"
)
BATCHES = {"mean": TWO, "sum": ONE}


@pytest.mark.parametrize(
    ("notation", "way"),
    sampled(
        product(["letters", "ng", "ufldl", "cs231n", "rumelhart"], BATCHES),
        [("letters", "mean"), ("ng", "sum"), ("cs231n", "mean")],
    ),
)
def test_the_document_of_a_batch_checks_clean(tmp_path: Path, notation: str, way: str) -> None:
    """With its numbers, in notations that write batches; one wrong number is seen."""
    network = tmp_path / "batch.toml"
    network.write_text(f'notation = "{notation}"\n{BATCHES[way]}')
    notes = tmp_path / "batch.md"
    write_notes(str(network), str(notes))
    report = check_file(str(network), str(notes))
    assert report.summary["proved"] == len(report.claims) > 30
    written = "\\cdot 0.05"
    text = notes.read_text()
    assert written in text
    notes.write_text(text.replace(written, "\\cdot 0.06", 1))
    assert check_file(str(network), str(notes)).summary["proved"] < len(report.claims)


def test_values_of_one_example_are_those_of_the_same_one(tmp_path: Path) -> None:
    """The first, or another; a value of no example, or of two, is not proved."""
    network = tmp_path / "batch.toml"
    network.write_text(TWO)

    def said(*claims: str) -> list[str]:
        return [claim.verdict.value for claim in check(str(network), *claims).claims]

    assert said("out_a1 = 0.05", "out_a2 = 0.1") == ["proved", "proved"]
    assert said("out_a1 = 0.2", "target_c1 = 0.6") == ["proved", "proved"]
    assert said("out_a1 = 0.05", "out_a2 = 0.7") == ["proved", "undecided"]
    assert said("out_a1 = 0.3", "E_total = 0.9") == ["undecided", "refuted"]
