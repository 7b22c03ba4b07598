r"""Claims about vectors and matrices, one by one: what is right, what is wrong, what nobody knows."""

from __future__ import annotations

import pytest

from derive.calculus import entries
from derive.calculus.entries import multiplied, transposed
from tests.formulas.arrays.networks import judged, verdict

RIGHT = [
    # The arrays are those of the families; slices have their leading indices written.
    ("layers", r"x_1 = \sigma(W_1 x_0)"),
    ("layers", r"\mathbf{x}_2 = \sigma(\mathbf{W}_2 \mathbf{x}_1)"),
    ("layers", r"x_i = \sigma(W_i x_{i-1})"),
    ("layers", r"x_i = \sigma(W_ix_{i-1})"),
    ("steps", r"\mathbf{h}_t = \tanh(\mathbf{U} \mathbf{x}_t + \mathbf{W} \mathbf{h}_{t-1})"),
    ("steps", r"o_t = V h_t"),
    ("one hidden layer", r"\mathbf z = W_1 \mathbf x + \mathbf b_1"),
    ("one hidden layer", r"z = W_1 x + b_1"),
    # Entry by entry.
    ("layers", r"E = \frac{1}{2}\|x_3 - t\|_2^2"),
    ("layers", r"E = \frac12 (x_3 - t)^T (x_3 - t)"),
    ("layers", r"E = \frac12 (x_3 - t) \cdot (x_3 - t)"),
    ("one hidden layer", r"\left\| W_1 \right\|_F^2 = \sum_i \sum_j W_{1,i,j}^2"),
    ("one hidden layer", r"\text{diag}(1 - h^2) (W_2^T (o - y)) = (W_2^\top (o - y)) \odot (1 - h \odot h)"),
    ("one hidden layer", r"z_1 \odot x_1 = x_1 \circ z_1"),
    ("one hidden layer", r"2 (o - y) = (o - y) + o - y"),
    ("square", r"s = A^2 x"),
    ("square", r"s = A A x"),
    ("numbers", r"y = w_2 \cdot h = -2"),
    ("numbers", r"y = w_2^T h"),
    ("numbers", r"z = W_1 x = (-1.5, \; 2)"),
    ("numbers", r"W_1 = \begin{bmatrix} 0.5 & -1 \\ 1 & 0.5 \end{bmatrix}"),
    ("numbers", r"\nabla_{W_1} L = \begin{pmatrix} 0 & 0 \\ 3 & 6 \end{pmatrix}"),
    ("numbers", r"z = \begin{bmatrix} z_1 \\ z_2 \end{bmatrix}"),
    ("numbers", r"z = \begin{bmatrix} W_{1,11} x_1 + W_{1,12} x_2 \\ W_{1,21} x_1 + W_{1,22} x_2 \end{bmatrix}"),
    # Derivatives: of numbers in the shape of what is below, of vectors in either layout.
    ("layers", r"\frac{\partial E}{\partial W_3} = ((x_3 - t) \odot x_3 \odot (1 - x_3)) x_2^T"),
    ("layers", r"\nabla_{W_3} E = ((x_3 - t) \odot \sigma'(W_3x_2)) x_2^\top"),
    ("layers", r"\frac{\partial x_3}{\partial x_2} = \text{diag}(\sigma'(W_3 x_2)) W_3"),
    ("layers", r"\frac{\partial x_3}{\partial x_2} = W_3^T \text{diag}(\sigma'(W_3 x_2))"),
    ("layers", r"\frac{\partial E}{\partial x_2} = \frac{\partial x_3}{\partial x_2} \frac{\partial E}{\partial x_3}"),
    ("layers", r"\frac{\partial E}{\partial x_2} = \frac{\partial E}{\partial x_3} \frac{\partial x_3}{\partial x_2}"),
    ("layers", r"\frac{\partial E}{\partial x_1} = \left(\frac{\partial x_2}{\partial x_1}\right)^T \frac{\partial E}{\partial x_2}"),
    ("one hidden layer", r"\frac{\partial L}{\partial z} = \frac{\partial L}{\partial h} \odot \tanh'(z)"),
    ("one hidden layer", r"\frac{\partial h}{\partial z} = 1 - h^2"),
    ("one hidden layer", r"\frac{\partial L}{\partial b_1} = \text{prod}\left(\frac{\partial L}{\partial z}, \frac{\partial z}{\partial b_1}\right)"),
    ("one hidden layer", r"\frac{\partial L}{\partial W_1} = \text{prod}\left(\frac{\partial L}{\partial z}, \frac{\partial z}{\partial W_1}\right)"),
    ("layers", r"\frac{\partial E}{\partial W_3} = (x_3-t) \frac{\partial x_3}{\partial W_3}"),
    ("layers", r"\frac{\partial E}{\partial W_2} = W_3^T ((x_3-t) \odot \sigma'(W_3x_2)) \frac{\partial x_2}{\partial W_2}"),
    ("steps", r"\frac{\partial L}{\partial \mathbf{V}} = \sum_{t=1}^{3} \frac{\partial L}{\partial \mathbf{o}_t} \mathbf{h}_t^\top"),
    ("steps", r"\frac{\partial L}{\partial h_3} = V^T \frac{\partial L}{\partial o_3}"),
    # Not of the vector that is given, where others are defined.
    ("cells", r"\mathbf{h}_t = \tanh(\mathbf{c}_t)"),
    # The identity and vectors of ones have the shape that is called for.
    ("one hidden layer", r"\frac{\partial \mathbf z}{\partial \mathbf{b}_1} = I"),
    ("one hidden layer", r"\mathbf{1}^\top \mathbf{h} = \sum_i h_i"),
    ("one hidden layer", r"\frac{\partial L}{\partial \mathbf z} = \frac{\partial L}{\partial \mathbf h} \odot (\mathbf{1} - \mathbf h \odot \mathbf h)"),
    ("one hidden layer", r"W_1 I \mathbf x = W_1 \mathbf x"),
    ("one hidden layer", r"\text{diag}(\mathbf h) \mathbf{1} = \mathbf h"),
    ("square", r"(A + I) \mathbf x = \mathbf z + \mathbf x"),
    # Steps of gradient descent, and what says how many entries there are.
    ("layers", r"W_3 := W_3 - \eta \frac{\partial E}{\partial W_3}"),
    ("one hidden layer", r"\mathbf{o} = \mathbf{W}_2 \mathbf{h} \in \mathbb{R}^q"),
    # Vectors as rows where the weights of the file lead from their first index to the second.
    ("rows", r"z = x W"),
    ("rows", r"z = W^T x"),
    ("rows", r"\frac{\partial L}{\partial W} = x \frac{\partial L}{\partial z}^T"),
    # So they are where the net inputs have no name of their own.
    ("rows in time", r"h_t = \tanh(x_t W + h_{t-1} U)"),
    ("rows in time", r"h_t = \tanh(W^T x_t + U^T h_{t-1})"),
    ("rows in time", r"\frac{\partial L}{\partial W} = \sum_t x_t^T \left(\frac{\partial L}{\partial h_t} \odot (1 - h_t^2)\right)"),
    # Examples along the rows, as in the file, or along the columns.
    ("examples", r"Z = X W"),
    ("examples", r"\frac{\partial L}{\partial W} = X^T (Z - T)"),
]  # fmt: skip
WRONG = [
    ("layers", r"x_1 = \sigma(W_1^T x_0)"),
    ("layers", r"x_i = \sigma(W_i x_i)"),
    ("layers", r"E = \|x_3 - t\|_2^2"),
    ("layers", r"\frac{\partial E}{\partial W_3} = x_2 (x_3 - t)^T"),
    ("layers", r"\frac{\partial E}{\partial W_3} = (x_3 - t) x_2^T"),
    ("layers", r"\frac{\partial E}{\partial W_3} = -((x_3 - t) \odot \sigma'(W_3x_2)) x_2^T"),
    ("layers", r"\frac{\partial E}{\partial W_3} = (t - x_3) \frac{\partial x_3}{\partial W_3}"),
    ("layers", r"\frac{\partial E}{\partial \mathbf{x}_1} = \frac{\partial x_2}{\partial x_1} \frac{\partial E}{\partial x_3}"),
    ("one hidden layer", r"\mathbf{z} = \mathbf{W}_2 \mathbf{x} + \mathbf{b}_1"),
    ("one hidden layer", r"\frac{\partial h}{\partial z} = 1 + h^2"),
    ("numbers", r"z = W_1 x = (-1.5, \; 3)"),
    ("numbers", r"W_1 = \begin{bmatrix} 0.5 & 1 \\ -1 & 0.5 \end{bmatrix}"),
    ("steps", r"\frac{\partial L}{\partial \mathbf{V}} = \sum_{t=1}^{3} \mathbf{h}_t \frac{\partial L}{\partial \mathbf{o}_t}^\top"),
    ("examples", r"\frac{\partial L}{\partial W} = (Z - T)^T X"),
    ("rows in time", r"h_t = \tanh(x_t W + h_{t-1} U^T)"),
    ("rows in time", r"\frac{\partial L}{\partial U} = \sum_t h_t^T \left(\frac{\partial L}{\partial h_t} \odot (1 - h_t^2)\right)"),
    ("square", r"\mathbf s = A \mathbf x"),
    ("one hidden layer", r"\mathbf{1}^\top \mathbf{h} = \sum_i h_i^2"),
]  # fmt: skip
OPEN = [
    # Both layouts fit, and only one is right.
    ("square", r"\frac{\partial z}{\partial x} = A", "undecided"),
    ("square", r"\frac{\partial z}{\partial x} = A^T", "undecided"),
    # A vector of any of the steps, or an entry with its index left out: nobody knows.
    ("layers", r"\frac{\partial x_3}{\partial W_3} = x_2", "unreadable"),
    ("one hidden layer", r"h = x y", "unreadable"),
    ("one hidden layer", r"\mathbf z = 3", "unreadable"),
    ("numbers", r"W_1^{-1} W_1 x = x", "unreadable"),
    # I is the identity, or somebody's input.
    ("one hidden layer", r"\frac{\partial \mathbf z}{\partial \mathbf x} = I", "unreadable"),
    ("one hidden layer", r"I = x_1 + x_2", ""),
    ("layers", r"(W_1)^2 = W_1 \odot W_1", "unreadable"),
]  # fmt: skip


@pytest.mark.parametrize(("network", "text"), RIGHT)
def test_what_is_right_is_proved(network: str, text: str) -> None:
    """A right claim about whole vectors or matrices is proved, entry by entry."""
    assert verdict(network, text) == "proved"


@pytest.mark.parametrize(("network", "text"), WRONG)
def test_what_is_wrong_is_refuted(network: str, text: str) -> None:
    """A claim is refuted if some entry differs, or no reading makes its shapes fit."""
    assert verdict(network, text) == "refuted"


@pytest.mark.parametrize(("network", "text", "expected"), OPEN)
def test_what_nobody_can_know_is_said_to_be_open(network: str, text: str, expected: str) -> None:
    """Where authors mean different things by what is written, nothing is proved or refuted."""
    assert verdict(network, text) == expected


@pytest.mark.parametrize(
    ("network", "text", "said"),
    [
        ("layers", r"\frac{\partial E}{\partial W_2} = x_1 (x_2 - x_2)^T", "the left side is 3×5"),
        ("layers", r"\frac{\partial x_3}{\partial x_2} = W_3^T \text{diag}(\sigma'(W_3 x_2))", "in denominator layout"),
        ("layers", r"\frac{\partial E}{\partial x_2} = \frac{\partial E}{\partial x_3} \frac{\partial x_3}{\partial x_2}", "with gradients as rows"),
        ("square", r"\frac{\partial z}{\partial x} = A", "in numerator layout only"),
        ("rows", r"z = x W", "with vectors as rows"),
        ("numbers", r"y = w_2 h", "with weights as a row"),
    ],
)  # fmt: skip
def test_the_shapes_and_the_layout_are_named(network: str, text: str, said: str) -> None:
    """A finding says which shapes do not fit, and how derivatives and vectors were read."""
    found = judged(network, text)
    assert found is not None
    assert any(said in finding.message for finding in found.findings)


@pytest.mark.parametrize(
    ("network", "text", "code", "repaired"),
    [
        ("layers", r"\frac{\partial E}{\partial W_3} = x_2 ((x_3 - t) \odot \sigma'(W_3x_2))^T", "transpose", r"((x_3 - t) \odot \sigma'(W_3x_2))x_2^{\top}"),
        ("layers", r"\frac{\partial E}{\partial W_3} = ((x_3 - t) \odot \sigma'(W_3x_2)) x_1^T", "wrong-index", r"((x_3 - t) \odot \sigma'(W_3x_2))x_2^{\top}"),
        ("layers", r"\frac{\partial E}{\partial W_3} = -((x_3 - t) \odot \sigma'(W_3x_2)) x_2^T", "sign", r"((x_3 - t) \odot \sigma'(W_3x_2))x_2^{\top}"),
        ("one hidden layer", r"\frac{\partial L}{\partial \mathbf{W}_1} = (\mathbf{W}_2^T (\mathbf{o} - \mathbf{y})) \mathbf{x}^T", "missing-factor", r"((\mathbf{W}_2^{\top}(\mathbf{o} - \mathbf{y})) \odot \tanh'(\mathbf{z}))\mathbf{x}^{\top}"),
        ("one hidden layer", r"\frac{\partial L}{\partial W_2} = 2(o - y) h^T", "constant-factor", r"(o - y)h^{\top}"),
        ("one hidden layer", r"\frac{\partial L}{\partial b_1} = W_2^T (o - y) \odot \tanh(z)", "wrong-activation", r"(W_2^{\top}(o - y)) \odot \tanh'(z)"),
        ("steps", r"\mathbf{h}_t = \tanh(\mathbf{U} \mathbf{x}_t + \mathbf{W} \mathbf{h}_{t})", "wrong-index", r"\tanh(\mathbf{U}\mathbf{x}_t + \mathbf{W}\mathbf{h}_{t-1})"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_and_its_correction_is_right(
    network: str, text: str, code: str, repaired: str
) -> None:
    """The author's own letters stand in the correction, which is proved when it is read again."""
    found = judged(network, text)
    assert found is not None
    assert [(f.code, f.repaired) for f in found.findings if f.repaired] == [(code, repaired)]
    assert verdict(network, f"{text.partition('=')[0]} = {repaired}") == "proved"


def test_the_shape_that_is_claimed_in_numbers_is_not_passed_over() -> None:
    """Letters for sizes say nothing, numbers would have to be judged."""
    assert verdict("one hidden layer", r"\mathbf{o} = \mathbf{W}_2 \mathbf{h} \in \mathbb{R}^5") == "unreadable"  # fmt: skip


def test_a_fault_in_the_products_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the products were taken in the wrong order, right claims would be refuted."""
    text = r"\frac{\partial E}{\partial W_3} = ((x_3 - t) \odot \sigma'(W_3x_2)) x_2^T"
    assert verdict("layers", text) == "proved"
    monkeypatch.setattr(
        entries, "multiplied", lambda a, b: multiplied(transposed(b), transposed(a))
    )
    assert verdict("layers", text) != "proved"


@pytest.mark.parametrize(
    "text",
    [
        r"\frac{\partial L}{\partial U} = \sum_t h_t^T \left(\frac{\partial L}{\partial h_t} \odot (1 - h_t^2)\right)",
        r"\frac{\partial L}{\partial W} = -\sum_t x_t^T \left(\frac{\partial L}{\partial h_t} \odot (1 - h_t^2)\right)",
    ],
)
def test_shapes_that_fit_with_rows_are_not_what_is_wrong(text: str) -> None:
    """Where x_t W is read with vectors as rows, what is wrong is told by values, not by shapes."""
    claim = judged("rows in time", text)
    assert claim is not None
    assert claim.verdict.value == "refuted"
    assert claim.relations[0].witness is not None
    assert not any("do not fit" in finding.message for finding in claim.findings)
