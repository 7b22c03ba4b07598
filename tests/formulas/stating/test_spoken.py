"""What an author says in words, or as handbooks write it: functions by name, biases of batches, layers of δ."""

from __future__ import annotations

import pytest

from derive import check_document
from derive.checking.claims import Verdict
from derive.checking.stating.mentions import functions_in_words

FORWARD = r"""
$$z^{(1)} = W^{(1)} x + b^{(1)}, \quad a^{(1)} = g(z^{(1)})$$
$$z^{(2)} = W^{(2)} a^{(1)} + b^{(2)}, \quad a^{(2)} = g(z^{(2)})$$
$$C = \frac12 \sum_k (a^{(2)}_k - y_k)^2$$
"""
SIGMOID = (
    r"$$\frac{\partial C}{\partial z^{(2)}} = (a^{(2)} - y) \circ a^{(2)} \circ (1 - a^{(2)})$$"
)
TANH = r"$$\frac{\partial C}{\partial z^{(2)}} = (a^{(2)} - y) \circ (1 - a^{(2)} \circ a^{(2)})$$"


def verdicts(*parts: str) -> list[Verdict]:
    """What is said of the claims of a document that states its own network."""
    return [claim.verdict for claim in check_document(None, "\n\n".join(parts), "md").claims]


@pytest.mark.parametrize(
    ("said", "letter"),
    [
        ("where $g$ is the logistic function", "g"),
        (r"with the sigmoid activation function \(g\)", "g"),
        ("Here $g(z)$ denotes the usual sigmoid.", "g"),
        (r"$\sigma$ is the logistic sigmoid", r"\sigma"),
    ],
)
def test_a_function_that_words_name_is_that_function(said: str, letter: str) -> None:
    """What holds for the sigmoid alone is proved, what holds for tanh alone refuted."""
    forward = FORWARD.replace("g(", f"{letter}(")
    assert verdicts(said, forward, SIGMOID) == [Verdict.PROVED]
    assert verdicts(said, forward, TANH) == [Verdict.REFUTED]


@pytest.mark.parametrize("letter", ["g", r"\sigma"])
def test_words_may_make_any_letter_another_function(letter: str) -> None:
    """Even σ, which is the sigmoid where nobody says otherwise."""
    said = f"Let ${letter}$ be the hyperbolic tangent."
    forward = FORWARD.replace("g(", f"{letter}(")
    assert verdicts(said, forward, TANH) == [Verdict.PROVED]
    assert verdicts(said, forward, SIGMOID) == [Verdict.REFUTED]


@pytest.mark.slow
def test_what_words_leave_open_stays_open() -> None:
    """Without them, or with two that differ, a claim about one of the functions is not decided."""
    unlike = "$g$ is the sigmoid, or $g$ is the ReLU"
    for said in ("", unlike, "$g$ is the derivative of the sigmoid"):
        assert verdicts(said, FORWARD, SIGMOID) == [Verdict.UNDECIDED], said


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the logistic loss $L$", {}),
        ("the sigmoid of $x$", {}),
        ("$g$ is the sigmoid of the net input", {}),
        ("the ReLU nonlinearity $f$ and the tanh activation $h$", {"f": "relu", "h": "tanh"}),
    ],
)
def test_only_a_function_itself_is_named(text: str, found: dict[str, str]) -> None:
    """A loss, a value and an argument are none."""
    assert functions_in_words(text) == found


BATCH = r"""
Let $X \in \mathbb{R}^{N\times D}$, $H = \tanh(X W_1 + b_1)$, $S = H W_2 + b_2$ and
$L = \frac{1}{2}\|S - Y\|_F^2$.
"""


@pytest.mark.slow
def test_a_bias_is_added_to_each_row_of_a_batch_in_claims_as_well() -> None:
    """tanh(X W + b) means in a claim what it means in the definition."""
    slope = r"$$\frac{\partial L}{\partial W_1} = X^\top (((S - Y) W_2^\top) \odot (1 - \tanh^2(X W_1 + b_1)))$$"
    assert verdicts(BATCH, slope) == [Verdict.PROVED]
    wrong = slope.replace("b_1", "b_2")
    assert verdicts(BATCH, wrong) == [Verdict.REFUTED]
    doubled = slope.replace("b_1", "2 b_1")
    assert verdicts(BATCH, doubled) == [Verdict.REFUTED]


def test_only_a_name_is_added_to_each_row() -> None:
    """A product that does not fit is a mistake in shapes, which both shapes name."""
    wrong = r"$$\frac{\partial L}{\partial S} = S - Y + X^\top (S - Y)$$"
    (claim,) = check_document(None, BATCH + "\n\n" + wrong, "md").claims
    assert claim.verdict is Verdict.REFUTED
    assert "shapes" in claim.findings[0].message


@pytest.mark.slow
def test_a_name_of_the_author_may_have_its_layer_above() -> None:
    """δ^{(2)} is what the author says, and what follows from it is judged with that."""
    said = r"where $g$ is the logistic function"
    deltas = r"""
$$\delta^{(2)} = (a^{(2)} - y) \circ a^{(2)} \circ (1 - a^{(2)})$$
$$\delta^{(1)} = (W^{(2)})^T \delta^{(2)} \circ a^{(1)} \circ (1 - a^{(1)})$$
"""
    forward = FORWARD.replace(
        r"z^{(1)} = W^{(1)} x + b^{(1)}, \quad a^{(1)} = g(z^{(1)})",
        r"a^{(1)} = g(W^{(1)} x + b^{(1)})",
    )
    forward = forward.replace(
        r"z^{(2)} = W^{(2)} a^{(1)} + b^{(2)}, \quad a^{(2)} = g(z^{(2)})",
        r"a^{(2)} = g(W^{(2)} a^{(1)} + b^{(2)})",
    )
    right = r"$$\frac{\partial C}{\partial W^{(1)}} = \delta^{(1)} x^T$$"
    wrong = r"$$\frac{\partial C}{\partial W^{(1)}} = \delta^{(2)} x^T$$"
    assert verdicts(said, forward, deltas, right)[-1] is Verdict.PROVED
    assert verdicts(said, forward, deltas, wrong)[-1] is Verdict.REFUTED
    assert (
        verdicts(said, forward, deltas.replace("(1 - a^{(1)})", "a^{(1)}"), right)[-1]
        is Verdict.REFUTED
    )


@pytest.mark.parametrize("power", ["^2", "^{2}"])
def test_a_power_stands_between_a_function_and_its_argument(power: str) -> None:
    r"""``\tanh^2 z`` is the square of tanh z."""
    text = rf"$h = \tanh(w x)$, $E = \frac12 (h - t)^2$. $$\frac{{\partial E}}{{\partial w}} = (h - t)(1 - \tanh{power} z) x$$"
    text = text.replace(r"h = \tanh(w x)", r"z = w x$, $h = \tanh(z)")
    assert verdicts(text) == [Verdict.PROVED]
    assert verdicts(text.replace("1 - ", "1 + ")) == [Verdict.REFUTED]
