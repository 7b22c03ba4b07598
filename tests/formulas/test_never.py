r"""What must never happen, as it was seen: claims refuted that were not read, passed over, or judged
though they are about something else.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from derive import Network, check, check_document
from derive.cli import cli
from derive.networks.equations.system import System

PROVED, REFUTED, UNDECIDED, UNREADABLE = "proved", "refuted", "undecided", "unreadable"


def verdicts(network: Any, *formulas: str) -> list[str]:
    """What is said of typed formulas."""
    return [claim.verdict.value for claim in check(network, *formulas).claims]


def _layers(spec: str, notation: str, **options: Any) -> Network:
    return Network.read(spec, bias="neuron", notation=notation, **options)


def piped(text: str, *arguments: str) -> Result:
    """What the command says of a text on standard input."""
    return CliRunner().invoke(cli, ["check", *arguments, "--file", "-"], input=text)


@pytest.mark.parametrize("notation", ["indexed", "ufldl", "ng"])
def test_a_derivative_of_a_vector_by_a_vector_is_not_refuted_for_being_one(notation: str) -> None:
    r"""∂a^{(L)}/∂z^{(L)} = σ'(z^{(L)}) is meant entry by entry; with a minus sign it is wrong."""
    left = r"\frac{\partial a^{(L)}}{\partial z^{(L)}}"
    right, wrong = rf"{left} = \sigma'(z^{{(L)}})", rf"{left} = -\sigma'(z^{{(L)}})"
    assert verdicts(_layers("2-3-2", notation), right, wrong) == [PROVED, REFUTED]


def test_the_chain_rule_of_vectors_is_not_refuted_for_its_shapes() -> None:
    """dE/dz³ = dE/da³ da³/dz³ holds with gradients as rows."""
    network = _layers("2-3-3-2", "indexed")
    assert verdicts(network, "dE/dz^3 = dE/da^3 da^3/dz^3") == [PROVED]
    assert verdicts(network, "dE/dz^3 = 2 dE/da^3 da^3/dz^3") == [REFUTED]


@pytest.mark.parametrize(
    ("notation", "step", "wrong"),
    [
        ("ng", r"W^{[l]} = W^{[l]} - \alpha dW^{[l]}", r"W^{[l]} = W^{[l]} + \alpha dW^{[l]}"),
        (
            "indexed",
            r"W^l := W^l - \eta \frac{\partial E}{\partial W^l}",
            r"W^l := W^l - 2 \eta \frac{\partial E}{\partial W^l}",
        ),
        ("indexed", r"b^l := b^l - \eta \delta^l", r"b^l := b^l + \eta \delta^l"),
        (
            "indexed",
            r"w^l_{jk} := w^l_{jk} - \eta a^{l-1}_k \delta^l_j",
            r"w^l_{jk} := w^l_{jk} + \eta a^{l-1}_k \delta^l_j",
        ),
    ],
)
def test_updates_of_arrays_and_with_letters_are_judged(
    notation: str, step: str, wrong: str
) -> None:
    """The step of gradient descent is right, and a changed one is not proved."""
    network = _layers("2-3-3-2", notation)
    assert verdicts(network, step) == [PROVED]
    assert verdicts(network, wrong) == [REFUTED]


@pytest.mark.slow
def test_weights_that_leave_a_layer_are_no_mistake() -> None:
    """What is right where weights carry the number of the layer that they leave is not refuted.

    It is proved in a notation that says so; where the notation is said to be another, it is wrong.
    """
    formula = "z^{(l+1)} = W^{(l)} a^{(l)} + b^{(l)}"
    indexed = _layers("2-3-3-2", "indexed")
    assert verdicts(_layers("2-3-3-2", "ufldl"), formula) == [PROVED]
    assert verdicts(indexed, formula) == [UNDECIDED]
    assert check_document(indexed, f"$${formula}$$", "md").claims[0].verdict.value == UNDECIDED
    wrong = "z^{(l+1)} = 2 W^{(l)} a^{(l)} + b^{(l)}"
    assert verdicts(indexed, wrong) == [REFUTED]
    said = check(indexed, formula, notation="own").claims
    assert [claim.verdict.value for claim in said] == [REFUTED]


def test_a_learning_rate_is_known_without_other_numbers() -> None:
    """η = 0.5 stands in the network's file; 0.4 is another."""
    network = Network.read("2-2-2", learning_rate="0.5")
    right, wrong = (f"w11^+ = w11 - {rate}*delta_b1*out_a1" for rate in ("0.5", "0.4"))
    assert verdicts(network, right, wrong) == [PROVED, REFUTED]


STEPS = System.from_text(
    "weights: u, v\n"
    "c[t] = u*c[t-1] + x[t], t=1..3\n"
    "h[t] = sig(v*x[t])*tanh(c[t]), t=1..3\n"
    "E = 1/2*sum((h[t] - y[t])^2, t=1..3)\n"
)


def test_what_is_given_is_no_instance_of_a_definition() -> None:
    """c[0] is given, so that the definition of c_t says nothing of it."""
    assert verdicts(STEPS, r"c_t = u c_{t-1} + x_t") == [PROVED]
    assert verdicts(STEPS, r"c_t = u c_{t-1} - x_t") == [REFUTED]


@pytest.mark.parametrize(
    "text",
    [
        r"$$\frac{\partial\mathcal{L}}{\partial\mathbf{W}^{(2)}} = \boldsymbol\delta^{(7)} x$$",
        r"$$\nabla_{W^{(3)}}E_{total}=5 a$$",
        r"$$\boxed{\frac{\partial f}{\partial x_i} = 3}$$",
        ":::{math}\n\\frac{\\partial E}{\\partial w} = 3\n:::\n",
        "so {math}`\\frac{\\partial E}{\\partial w} = 3` is what\n",
        r"\\[\frac{\partial E}{\partial w} = 3\\]",
        ".. math::\n\n   \\frac{\\partial E}{\\partial w} = 3\n",
    ],
)
def test_a_claim_about_derivatives_is_not_passed_over(text: str) -> None:
    """What cannot be bound is unreadable, and the command does not end as if all were well."""
    result = piped(text, "2-4-3-2")
    assert result.exit_code == 3
    assert "1 formula: 1 unreadable" in result.stdout


@pytest.mark.parametrize(
    "text",
    [
        r"one sees $\frac{\partial E_{total}}{\partial w_{21}}$ here",
        r"$$\frac{\partial net_{d_1}}{\partial out_{c_1}}$$",
        r"$$J = \begin{bmatrix} \frac{\partial net_{d_1}}{\partial out_{c_1}} & w_{32} \end{bmatrix}$$",
        "nothing at all",
        r"$f(x) = x^2$ and $E = mc^2$ and $\sigma'(z) \approx 0$ and $t_2 = 1 - t_1$",
    ],
)
def test_what_claims_nothing_is_not_judged_and_a_run_without_claims_says_so(text: str) -> None:
    """A mention, a matrix that is named, and formulas about other things are no claims."""
    result = piped(text, "2-4-3-2")
    assert result.exit_code == 3
    assert "proved" not in result.stdout
    assert "refuted" not in result.stdout


def test_formulas_are_left_out_where_the_author_says_so() -> None:
    """Between off and on nothing is judged; the formula behind is."""
    wrong = "$w_{31} = w_{32}$"
    text = f"<!-- derive: off -->\n\n{wrong}\n\n<!-- derive: on -->\n\n{wrong}\n"
    result = piped(text, "2-4-3-2")
    assert result.stdout.count("refuted") == 2
    assert ":7: " in result.stdout


def test_with_one_output_a_name_without_an_index_is_its() -> None:
    """`out` is the output neuron's where there is one only; of two it may be either."""
    right = "dE/dw21 = (out - target)*out*(1 - out)*out_b1"
    wrong = "dE/dw21 = (target - out)*out_b1"
    assert verdicts("2-2-1", right, wrong) == [PROVED, REFUTED]
    assert verdicts("2-2-2", wrong) == [UNDECIDED]


def test_a_small_value_is_not_rounded_away() -> None:
    """What is said of a wrong number is the value in digits that mean something."""
    network = Network.read("2-2-1").with_random_numbers(0)
    (claim,) = check(network, "dE/dw21 = -0.1").claims
    assert claim.verdict.value == REFUTED
    assert "the value is 0.0023" in claim.findings[0].message


def test_findings_in_notebooks_say_the_cell() -> None:
    """In JUnit and SARIF, too."""
    cells = [{"cell_type": "markdown", "metadata": {}, "source": "text"}]
    cells.append({"cell_type": "markdown", "metadata": {}, "source": "$w_{31} = w_{32}$"})
    book = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})
    for form in ("text", "junit", "sarif"):
        result = piped(book, "2-4-3-2", "--format", form)
        assert result.exit_code == 1
        assert "cell 2" in result.stdout
