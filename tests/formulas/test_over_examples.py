r"""Sums and means over examples: Σ_i x^{(i)}, dZ Aᵀ, Δ := Δ + …, and the values of one example."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from derive import Model, check, check_file, write_notes
from derive.checking.check import check_document
from tests.formulas.authors import equations, layered, verdict
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
        (r"W^{[2]} := W^{[2]} - \frac{\alpha}{m} dZ^{[2]} A^{[1]T}", "proved"),
        (r"W^{[2]} := W^{[2]} + \frac{\alpha}{m} dZ^{[2]} A^{[1]T}", "refuted"),
        (r"W^{[2]} := W^{[2]} - \frac{\alpha}{m} dZ^{[2]} A^{[2]T}", "refuted"),
        (r"W^{[2]} \mathrel{-}= \frac{\alpha}{m} dZ^{[2]} A^{[1]T}", "proved"),
        (r"W^{[2]} \mathrel{+}= \frac{\alpha}{m} dZ^{[2]} A^{[1]T}", "refuted"),
        (r"\frac{\partial J}{\partial W^{[2]}} = \frac{1}{m} \frac{\partial J}{\partial Z^{[2]}} A^{[1]T}", "unreadable"),
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
        (r"\Delta^{(l)} := 0", "undecided"),
        (r"W^{(l)} := W^{(l)} - \alpha \frac{1}{m} \Delta^{(l)}", "proved"),
        (r"W^{(l)} := W^{(l)} + \alpha \frac{1}{m} \Delta^{(l)}", "refuted"),
        (r"W^{(l)} := W^{(l)} - \alpha \Delta^{(l+1)}", "refuted"),
    ],
)
def test_what_is_added_up_example_by_example(claim: str, said: str) -> None:
    """Δ := Δ + … adds the derivative of one example's error; at first Δ is 0."""
    assert verdict(OUT, claim) == said


LOGISTIC = layered([2, 1], notation="ng", bias="neuron", loss="binary-cross-entropy")
WEIGHED = layered([2, 1], notation="ng", l2=0.1)
UNITS = equations(
    "net[j] = sum(w[j,i]*x[i], i=1..3), j=1..2\no[j] = sig(net[j]), j=1..2\n"
    "E = 1/2*sum((t[j]-o[j])^2, j=1..2)"
)
LOSS = r"y^{(i)} \log a^{[1](i)} + (1 - y^{(i)}) \log(1 - a^{[1](i)})"


@pytest.mark.parametrize(
    ("model", "claim", "said"),
    [
        (COURSE, r"dW^{[l]} := dW^{[l]} + dz^{[l](i)} a^{[l-1](i)T}", "proved"),
        (COURSE, r"dW^{[l]} += dz^{[l](i)} a^{[l-1](i)T}", "proved"),
        (COURSE, r"dW^{[l]} {+}= dz^{[l](i)} a^{[l-1](i)T}", "proved"),
        (COURSE, r"dW^{[l]} += dz^{[l](i)} a^{[l](i)T}", "refuted"),
        (COURSE, r"dW^{[l]} -= dz^{[l](i)} a^{[l-1](i)T}", "refuted"),
        (COURSE, r"dW^{[l]} += dz^{[l](i)} a^{[l-1](j)T}", "unreadable"),
        (COURSE, r"dW^{[l]} += dz^{[l](i)} a^{[l-1]T}", "unreadable"),
        (COURSE, r"dW^{[l]} += \frac{1}{m} dz^{[l](i)} a^{[l-1](i)T}", "unreadable"),
        (COURSE, r"dW^{[l]} += dZ^{[l]} A^{[l-1]T}", "proved"),
        (COURSE, r"dW^{[l]} += dZ^{[l]} \odot A^{[l-1]T}", "unreadable"),
        (COURSE, r"db^{[2]} += dz^{[2](i)}", "proved"),
        (COURSE, r"db^{[2]} += 2 dz^{[2](i)}", "refuted"),
        (COURSE, r"a^{[1]} := a^{[1]} + dz^{[1]}", "unreadable"),
        (COURSE, r"a^{[1]} := 0", "undecided"),
        (COURSE, r"dW^{[2]} := \frac{1}{m} dW^{[2]}", "undecided"),
        (COURSE, r"dW^{[2]} += \Delta W^{[2]}", "not proved"),
        (WEIGHED, r"dW^{[1]} += \lambda W^{[1]}", "unreadable"),
        (WEIGHED, r"dW^{[1]} += dz^{[1]} a^{[0]T}", "unreadable"),
        (LOGISTIC, r"J := 0", "undecided"),
        (LOGISTIC, r"J := J + L^{(i)}", "proved"),
        (LOGISTIC, r"J := J + 2 L^{(i)}", "refuted"),
        (LOGISTIC, r"J := J + J", "not wrong"),
        (LOGISTIC, rf"J := J - [{LOSS}]", "proved"),
        (LOGISTIC, rf"J -= {LOSS}", "proved"),
        (LOGISTIC, rf"J += {LOSS}", "refuted"),
        (UNITS, r"\Delta w_{ji} \leftarrow \Delta w_{ji} + \eta (t_j - o_j) o_j (1 - o_j) x_i", "proved"),
        (UNITS, r"\Delta w_{ji} \leftarrow \Delta w_{ji} - \eta (t_j - o_j) o_j (1 - o_j) x_i", "undecided"),
        (UNITS, r"\Delta w_{ji} \leftarrow \Delta w_{ji} + \eta (t_j - o_j) o_j (1 + o_j) x_i", "refuted"),
        (UNITS, r"\Delta w_{ji} \leftarrow \Delta w_{ji} + (o_j - t_j) o_j (1 - o_j) x_i", "proved"),
        (UNITS, r"w_{ji} += \eta (t_j - o_j) o_j (1 - o_j) x_i", "proved"),
        (UNITS, r"w_{ji} -= \eta (t_j - o_j) o_j (1 - o_j) x_i", "refuted"),
        (UNITS, r"w_{ji} := w_{ji} + \Delta w_{ji}", "proved"),
        (UNITS, r"w_{ji} := w_{ji} - \Delta w_{ji}", "undecided"),
        (UNITS, r"w_{ji} := w_{ji} - 2 \Delta w_{ji}", "refuted"),
        (UNITS, r"net_j := net_j + w_{ji} x_i", "unreadable"),
    ],
)  # fmt: skip
def test_the_rows_of_an_algorithm(model: Model, claim: str, said: str) -> None:
    """A row claims what it adds; where a sum begins, and its mean at the end, claim nothing.

    What Δw is, the change itself or what is taken away, each author settles.
    """
    require(verdict(model, claim), said)


def test_where_a_sum_begins_nothing_is_wrong_in_a_document() -> None:
    """A row dW = 0 is the first line of many algorithms, and ∂J/∂w = 0 what a minimum satisfies."""
    begins = [r"J = 0", r"dW^{[2]} = 0", r"\frac{\partial J}{\partial W^{[2]}} = 0"]
    assert said_of(COURSE, *begins) == ["unreadable"] * 3
    assert verdict(COURSE, r"\frac{\partial J}{\partial W^{[2]}} = 0") == "refuted"
    assert said_of(COURSE, r"\frac{\partial a^{[1]}_1}{\partial w^{[2]}_{11}} = 0") == ["proved"]


def test_a_correction_stands_in_the_place_of_what_a_row_adds() -> None:
    """Not of the whole right side, of which the value before is a part."""
    text = "Add\n\n$$dW^{[2]} := dW^{[2]} + dz^{[2]} a^{[2]T}$$\n\n$$db^{[2]} += -dz^{[2]}$$\n"
    claims = check_document(COURSE, text, "md", "notes.md").claims
    shown = [(c.relations[0].left, c.relations[0].right) for c in claims]
    assert shown == [("dW^{[2]}", "dz^{[2]} a^{[2]T}"), ("db^{[2]}", "-dz^{[2]}")]


def said_of(model: Model, *formulas: str) -> list[str]:
    text = "".join(f"\n$${one}$$\n" for one in formulas)
    return [c.verdict.value for c in check_document(model, text, "md", "notes.md").claims]


def test_a_sum_is_stated_before_its_gradients() -> None:
    """J = Σ_i J^{(i)} makes them sums, J = 1/m Σ_i J^{(i)} means; the other is not proved then."""
    mean, total = (rf"J = {by}\sum_i J^{{(i)}}" for by in (r"\frac{1}{m}", ""))
    slopes = [rf"dW^{{[2]}} = {by} dZ^{{[2]}} A^{{[1]T}}" for by in (r"\frac{1}{m}", "")]
    assert said_of(COURSE, mean, *slopes) == ["proved", "proved", "unreadable"]
    assert said_of(COURSE, total, *slopes) == ["proved", "unreadable", "proved"]


@pytest.mark.slow
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
@pytest.mark.slow
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


REGRESSION = equations(
    "weights: w, b\nz = sum(w[j]*x[j], j=1..2) + b\na = sig(z)\nJ = -(y*ln(a) + (1-y)*ln(1-a))"
)
EACH = r"(a^{(i)} - y^{(i)}) x_j^{(i)}"


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"z^{(i)} = \sum_j w_j x_j^{(i)} + b", "proved"),
        (r"z^{(i)} = w^T x^{(i)} + b", "proved"),
        (r"z^{(i)} = w^T x^{(i)} - b", "refuted"),
        (r"z^{(i)} = w^T x^{(n)} + b", "unreadable"),
        (r"z^{(i)} = w^T x + b", "unreadable"),
        (r"a^{(i)} = \sigma(z^{(i)})", "proved"),
        (rf"\frac{{\partial J}}{{\partial w_j}} = \frac1m \sum_{{i=1}}^m {EACH}", "proved"),
        (rf"\frac{{\partial J}}{{\partial w_j}} = -\frac1m \sum_{{i=1}}^m {EACH}", "refuted"),
        (rf"\frac{{\partial J}}{{\partial w_j}} = \sum_{{i=1}}^m {EACH}", "unreadable"),
        (r"\frac{\partial J}{\partial w_j} = \frac1m \sum_{i=1}^m (a^{(i)} - y^{(i)}) x_j", "unreadable"),
        (r"\frac{\partial J}{\partial w_j} = \frac1m \sum_{i=1}^m (a^{(i)} - y^{(n)}) x_j^{(i)}", "unreadable"),
        (rf"w_j := w_j - \frac{{\alpha}}{{m}} \sum_{{i=1}}^m {EACH}", "proved"),
        (rf"w_j := w_j + \frac{{\alpha}}{{m}} \sum_{{i=1}}^m {EACH}", "refuted"),
        (r"J_n = -(y_n \ln a_n + (1 - y_n) \ln(1 - a_n))", "proved"),
        (r"J_n = -(y_n \ln a_n - (1 - y_n) \ln(1 - a_n))", "refuted"),
        (r"\frac{\partial J_n}{\partial b} = a_n - y_n", "proved"),
        (r"\frac{\partial J_n}{\partial b} = a_n - y", "unreadable"),
        (r"\frac{\partial J_n}{\partial b} = a_n + y_n", "refuted"),
        (r"\frac{\partial J_n}{\partial b_n} = a_n - y_n", "unreadable"),
    ],
)  # fmt: skip
def test_examples_in_a_network_of_equations(claim: str, said: str) -> None:
    """They are numbered above, or below what has no other index; a weight has no example."""
    assert verdict(REGRESSION, claim) == said


def test_steps_are_no_examples() -> None:
    """The t of h^{(t)} numbers what the network has of each step, and is not left out."""
    steps = equations("h[t] = tanh(w*x[t] + u*h[t-1]), t=1..3\nE = 1/2*sum((h[t]-y[t])^2, t=1..3)")
    right = r"\frac{\partial E}{\partial h^{(3)}} = h^{(3)} - y^{(3)}"
    assert verdict(steps, right) == "proved"
    assert verdict(steps, r"h^{(t)} = \tanh(w x^{(t)} + u h^{(t-1)})") == "proved"
    assert verdict(steps, r"\frac{\partial E}{\partial h^{(t)}} = h^{(t)} - y^{(t)}") != "proved"


def test_nothing_of_one_example_is_put_in_the_place_of_all() -> None:
    """What is wrong of a Σ over examples has a diagnosis, and no correction without the Σ."""
    claim = rf"\frac{{\partial J}}{{\partial w_j}} = -\frac1m \sum_{{i=1}}^m {EACH}"
    (found,) = check(REGRESSION, claim).claims
    assert found.verdict.value == "refuted"
    assert any("sign" in finding.message for finding in found.findings)
    assert not any(finding.written for finding in found.findings)


SUMS = [
    rf"\frac{{\partial Q}}{{\partial {of}}} = \sum_x \frac{{\partial Q_x}}{{\partial {of}}}"
    for of in ("w^l_{jk}", "b^l_j")
]


def judged(*formulas: str) -> list[str]:
    """The verdicts on the displays of a document about the network of books."""
    text = "\n\n".join(f"$$ {formula} $$" for formula in formulas)
    return [claim.verdict.value for claim in check_document(BOOK, text, "md").claims]


@pytest.mark.slow
def test_that_the_error_is_the_sum_is_found_out_by_several_formulas() -> None:
    """One may have left 1/m out, and so may all where a number of examples divides anything."""
    wrong = SUMS[1].replace("= ", "= -")
    assert judged(SUMS[0]) == judged(SUMS[0], SUMS[0])[:1] == ["unreadable"]
    assert judged(*SUMS) == ["proved", "proved"]
    assert judged(*SUMS, wrong) == ["proved", "proved", "refuted"]
    for mean in (r"\frac{1}{m}", r"\frac1N", r"\frac{\lambda}{2 n}", "1/m", r"\mathbb{E}"):
        assert judged(*SUMS, rf"R = {mean} S") == ["unreadable", "unreadable"], mean
    assert judged(*SUMS, SUMS[0].replace(r"\sum", r"\frac{1}{m} \sum"))[:2] != ["proved"] * 2
