"""Spellings of courses: functions and examples with indices above, remarks, all examples at once."""

from __future__ import annotations

import pytest

from derive import Network, Numbers
from derive.checking.check import check_document
from tests.formulas.authors import TWO, UNITS, equations, layered, verdict

NG = layered([2, 3, 2], notation="ng", activation="sigmoid", bias="neuron")


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"a^{[1]} = g^{[1]}(z^{[1]})", "proved"),
        (r"a^{[l]} = g^{[l]}(W^{[l]} a^{[l-1]} + b^{[l]})", "proved"),
        (r"a^{[l]} = \sigma^{[l]}\left(z^{[l]}\right)", "proved"),
        (r"dz^{[1]} = W^{[2]T} dz^{[2]} * g^{[1]'}(z^{[1]})", "proved"),
        (r"dz^{[1]} = W^{[2]T} dz^{[2]} \odot g'^{[1]}(z^{[1]})", "proved"),
        (r"dz^{[1]} = W^{[2]T} dz^{[2]} \odot g^{[1]\prime}(z^{[1]})", "proved"),
        (r"dz^{[1]} = W^{[2]T} dz^{[2]} \odot g^{[1]}(z^{[1]})", "refuted"),
        (r"dz^{[1]} = W^{[2]T} dz^{[2]} \odot g^{[2]'}(z^{[1]})", "unreadable"),
        (r"a^{[1]} = g^{[2]}(z^{[1]})", "unreadable"),
        (r"a^{[1]} = g^{2}(z^{[1]})", "not proved"),
        (r"a^{[1]} = f^{(2)}(z^{[1]})", "unreadable"),
    ],
)
def test_functions_have_the_index_of_their_layer_above(claim: str, said: str) -> None:
    """g^{[1]'}(z^{[1]}) is the derivative of layer 1's function; that of another layer is not."""
    found = verdict(NG, claim)
    assert found == said or (said == "not proved" and found != "proved")


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"z^{[1](i)} = W^{[1]} x^{(i)} + b^{[1]}", "proved"),
        (r"z^{[1](i)} = W^{[1]} x^{(i)} - b^{[1]}", "refuted"),
        (r"z^{[1](i)} = W^{[1]} x^{(j)} + b^{[1]}", "unreadable"),
        (r"z^{[1](i)} = W^{[1]} x + b^{[1]}", "unreadable"),
        (r"dz_j^{[2](i)} = (a_j^{[2](i)} - y_j^{(i)}) g'(z_j^{[2](i)})", "proved"),
        (
            r"\frac{\partial \mathcal{L}^{(i)}}{\partial w^{[2]}_{jk}} = dz_j^{[2](i)} a^{[1](i)}_k",
            "proved",
        ),
        (
            r"\frac{\partial \mathcal{L}^{(i)}}{\partial w^{[2]}_{jk}} = -dz_j^{[2](i)} a^{[1](i)}_k",
            "refuted",
        ),
        (
            r"\frac{\partial J}{\partial w^{[2]}_{jk}} = dz_j^{[2](i)} a^{[1](i)}_k",
            "unreadable",
        ),
        (
            r"\frac{\partial J}{\partial w^{[2]}_{jk}} = \sum_i dz_j^{[2](i)} a^{[1](i)}_k",
            "unreadable",
        ),
        (r"W^{[2](i)} = W^{[2](i)}", "unreadable"),
        (r"Z^{[1]} = W^{[1]} X + b^{[1]}", "proved"),
        (r"A^{[l]} = g^{[l]}(W^{[l]} A^{[l-1]} + b^{[l]})", "proved"),
        (r"dZ^{[1]} = W^{[2]T} dZ^{[2]} * g^{[1]'}(Z^{[1]})", "proved"),
        (r"dZ^{[2]} = (A^{[2]} - Y) \odot g'(Z^{[2]})", "proved"),
        (r"dZ^{[2]} = (A^{[2]} + Y) \odot g'(Z^{[2]})", "unreadable"),
        (r"dZ^{[2]} = (A^{[2]} - y) \odot g'(Z^{[2]})", "unreadable"),
        (r"Z^{[1]} = X W^{[1]} + b^{[1]}", "unreadable"),
        (r"Z^{[1]} = W^{[1]} X^T + b^{[1]}", "unreadable"),
        (r"dW^{[2]} = dZ^{[2]} A^{[1]T}", "unreadable"),
        (r"\frac{\partial J}{\partial W^{[2]}} = dZ^{[2]} A^{[1]T}", "unreadable"),
    ],
)
def test_what_holds_for_each_of_several_examples_holds_for_one(claim: str, said: str) -> None:
    """A^{[1]} and a^{[1](i)}; gradients by weights, which are sums or means, are not judged."""
    assert verdict(NG, claim) == said


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"a^L = \sigma(z^L) \quad \text{(activation of the output layer)}", "proved"),
        (r"a^L = \sigma(z^{L-1}) \quad \text{(activation of the output layer)}", "unreadable"),
        (r"a^L = \sigma(z^L) \qquad \text{output layer}", "proved"),
        (r"a^L = \sigma(z^L) \text{ learning rate}", "unreadable"),
        (r"a^L = \sigma(z^L) \quad \text{(not the output layer)}", "unreadable"),
        (r"a^L = \text{(activation)} \quad \sigma(z^L)", "unreadable"),
        (r"a^L = \sigma(z^L) \quad \text{(output layer)} \\ \delta^L = \delta^L + a^L", "refuted"),
    ],
)
def test_a_remark_at_the_end_of_a_row_proves_and_refutes_nothing(claim: str, said: str) -> None:
    """Words that say what something is do not keep it from being proved, but from being refuted."""
    assert verdict(TWO, claim) == said


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (r"w = w - \alpha \frac{\partial C}{\partial w}", "proved"),
        (r"w = w + \alpha \frac{\partial C}{\partial w}", "refuted"),
        (r"w \leftarrow w - \frac{\partial C}{\partial w}", "refuted"),
        (r"\theta := \theta - \eta \nabla_\theta C(\theta)", "proved"),
        (r"\theta := \theta - 2 \eta \nabla_\theta C(\theta)", "refuted"),
        (r"b := b - \alpha_b \frac{\partial C}{\partial b}", "proved"),
        (r"\Delta w = -\eta \frac{\partial C}{\partial w}", "proved"),
        (r"\mathbf{w} := \mathbf{w} + \Delta \mathbf{w}", "proved"),
        (r"\theta \leftarrow \theta + \Delta\theta", "proved"),
        (r"\mathbf{w} := 2 \mathbf{w} + \Delta \mathbf{w}", "refuted"),
        (r"b := b - \Delta b", "undecided"),
        (r"w := w + \Delta b", "unreadable"),
        (r"\frac{\partial C}{\partial w} = \frac{\partial C}{\partial w}", "unreadable"),
        (r"w = w - \eta \frac{\partial C}{\partial b}", "unreadable"),
        (r"w = w - \eta a^1_1 \delta^2_1", "unreadable"),
        (r"w = w - \eta \frac{\partial C}{\partial w} - \eta w", "refuted"),
        (r"w = w - \eta \frac{\partial a^2_1}{\partial w}", "unreadable"),
    ],
)
def test_a_step_of_any_parameter_is_judged_for_one(claim: str, said: str) -> None:
    """W := w − η ∂E/∂w says the same of each; what says more of w is not read."""
    assert verdict(TWO, claim) == said


def test_a_step_is_not_judged_for_what_some_steps_leave() -> None:
    """Where biases stay, θ may be what moves or not."""
    still = layered([2, 2], bias="neuron", training={"learning_rate": 0.5, "update_biases": False})
    assert verdict(still, r"w := w - \eta \frac{\partial E}{\partial w}") == "proved"
    assert (
        verdict(still, r"\theta := \theta - \eta \frac{\partial E}{\partial \theta}") != "refuted"
    )
    assert verdict(still, r"b := b - \eta \frac{\partial E}{\partial b}") != "refuted"


OUTPUT = r"(o_j - t_j) o_j (1 - o_j)"
HIDDEN = r"\left(\sum_\ell w_{j\ell} \delta_\ell\right) o_j (1 - o_j)"


@pytest.mark.parametrize(
    ("first", "when", "second", "otherwise", "said"),
    [
        (OUTPUT, r"\text{if } j \text{ is an output neuron,}", HIDDEN, r"\text{else}", "proved"),
        (
            OUTPUT,
            r"\mbox{if } j \mbox{ is an output unit}",
            HIDDEN,
            r"\mbox{if } j \mbox{ is a hidden unit.}",
            "proved",
        ),
        (OUTPUT, r"\text{if $j$ is an output node}", HIDDEN, r"\text{otherwise}", "proved"),
        (OUTPUT, r"j \geq 6", HIDDEN, r"j < 6", "proved"),
        (HIDDEN, r"\text{if } j \text{ is in the hidden layer}", OUTPUT, r"\text{else}", "proved"),
        (OUTPUT, r"\text{if } j \text{ is an inner neuron}", HIDDEN, r"\text{else}", "not proved"),
        (
            "(o_j + t_j)",
            r"\text{if } j \text{ is an output unit}",
            HIDDEN,
            r"\text{else}",
            "refuted",
        ),
        (OUTPUT, r"\text{if } j \text{ is an output unit}", "o_j", r"\text{else}", "not proved"),
        (OUTPUT, r"\text{if } j \text{ is no output unit}", HIDDEN, r"\text{else}", "unreadable"),
        ("5", r"\text{if } j = 7", HIDDEN, r"\text{else}", "not proved"),
    ],
)
def test_cases_say_which_units_are_meant(
    first: str, when: str, second: str, otherwise: str, said: str
) -> None:
    """Cases for output neurons: all are judged, also those of units that j is not in the file."""
    cases = rf"\begin{{cases}} {first} & {when} \\ {second} & {otherwise} \end{{cases}}"
    found = verdict(equations(UNITS), rf"\delta_j = {cases}")
    assert found == said or (said == "not proved" and found != "proved")


def test_a_definition_that_may_be_of_rows_speaks_against_no_notation() -> None:
    """Weights out of layer l, beside capitals: the notation is found, and in it the rule is right."""
    text = "\n\n".join(
        f"$${formula}$$"
        for formula in (
            r"\mathbf{Z}^{(3)} = \mathbf{W}^{(2)} \mathbf{A}^{(2)}",
            r"\mathbf{A}^{(3)} = \sigma(\mathbf{Z}^{(3)})",
            r"\delta^{(2)} = (\mathbf{W}^{(2)})^T \delta^{(3)} \odot \sigma'(z^{(2)})",
        )
    )
    verdicts = [claim.verdict.value for claim in check_document(TWO, text, "md").claims]
    assert verdicts == ["unreadable", "proved", "proved"]


BATCHES = {
    # The product of matrices adds up; the mean is what nobody has to say of one example.
    r"dW^{[2]} = \frac{1}{m} dZ^{[2]} A^{[1]T}": "proved",
    r"dW^{[l]} = \frac{1}{m} dZ^{[l]} A^{[l-1]T}": "proved",
    r"\frac{\partial J}{\partial W^{[2]}} = \frac{1}{m} \cdot dZ^{[2]} A^{[1]T}": "proved",
    r"db^{[2]} = \frac{1}{m} dZ^{[2]} \mathbf{1}": "proved",
    # Another factor, another term, other layers: columns added up that are not the gradient's.
    r"dW^{[2]} = \frac{2}{m} dZ^{[2]} A^{[1]T}": "refuted",
    r"dW^{[2]} = 2 \frac{1}{m} dZ^{[2]} A^{[1]T}": "refuted",
    r"dW^{[2]} = -\frac{1}{m} dZ^{[2]} A^{[1]T}": "refuted",
    r"dW^{[2]} = \frac{1}{m} dZ^{[2]} \odot A^{[1]T}": "unreadable",
    r"dW^{[2]} = \frac{1}{m} dZ^{[2]} A^{[1]T} + W^{[2]}": "refuted",
    r"dW^{[2]} = \frac{1}{m} (dZ^{[2]} + dZ^{[2]}) A^{[1]T}": "refuted",
    r"dW^{[2]} = \frac{1}{m} (A^{[2]} - Y) \odot g'(Z^{[2]}) A^{[1]T}": "proved",
    r"dW^{[2]} = \frac{1}{m} ((A^{[2]} - Y) \odot g'(Z^{[2]})) A^{[1]T}": "proved",
    r"dW^{[2]} = \frac{1}{k} dZ^{[2]} A^{[1]T}": "unreadable",
    r"dW^{[2]} = \frac{1}{m} \frac{1}{m} dZ^{[2]} A^{[1]T}": "unreadable",
    r"dW^{[2]} = \frac{1}{m} dZ^{[2]} A^{[2]T}": "refuted",
    r"dW^{[2]} = \frac{1}{m} dZ^{[1]} A^{[1]T}": "refuted",
    r"dW^{[2]} = \frac{1}{m} A^{[1]T} dZ^{[2]}": "unreadable",
    r"dW^{[2]} = \frac{1}{m} dZ^{[2]} a^{[1]T}": "unreadable",
    r"dW^{[2]} = \frac{1}{m} dZ^{[2]} A^{[1]T} + \frac{1}{m} dZ^{[2]} A^{[1]T}": "refuted",
    r"db^{[2]} = \frac{1}{m} dZ^{[2]}": "unreadable",
}


@pytest.mark.parametrize("claim", BATCHES)
def test_the_gradient_of_a_batch_is_that_of_each_example_added_up(claim: str) -> None:
    """1/m dZ Aᵀ is judged by the gradient of one example; what does not add up is not read."""
    assert verdict(NG, claim) == BATCHES[claim]


SUMS = {
    ("mean", r"dW^{[1]} = \frac{1}{2} dZ^{[1]} A^{[0]T}"): "proved",
    ("mean", r"dW^{[1]} = \frac{1}{3} dZ^{[1]} A^{[0]T}"): "unreadable",
    ("mean", r"dW^{[1]} = dZ^{[1]} A^{[0]T}"): "unreadable",
    ("sum", r"dW^{[1]} = dZ^{[1]} A^{[0]T}"): "proved",
    ("sum", r"dW^{[1]} = \frac{1}{m} dZ^{[1]} A^{[0]T}"): "unreadable",
    ("sum", r"dW^{[1]} = dZ^{[1]} A^{[0]T} + W^{[1]}"): "unreadable",
}


@pytest.mark.parametrize(("reduction", "claim"), SUMS)
def test_a_batch_with_numbers_says_whether_it_is_a_sum_or_a_mean(
    reduction: str, claim: str
) -> None:
    """With two examples in the file the factor is the one of its reduction, and no other."""
    numbers = Numbers([[0.1, 0.2], [0.3, 0.4]], [[1], [0]], [[0.5, -0.5]])
    network = Network((2, 1), notation="ng", reduction=reduction, numbers=numbers)
    assert verdict(network, claim) == SUMS[reduction, claim]
