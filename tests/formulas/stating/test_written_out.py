"""A document that writes all units of its layers out, and says the rules of any layer besides."""

from __future__ import annotations

import pytest

from derive import check_document

UNITS = r"""
$$ z_1^{[1]} = w_{11}^{[1]} x_1 + w_{12}^{[1]} x_2 + b_1^{[1]}, \quad
   z_2^{[1]} = w_{21}^{[1]} x_1 + w_{22}^{[1]} x_2 + b_2^{[1]}, \quad
   z_3^{[1]} = w_{31}^{[1]} x_1 + w_{32}^{[1]} x_2 + b_3^{[1]} $$
$$ a_1^{[1]} = \sigma(z_1^{[1]}), \quad a_2^{[1]} = \sigma(z_2^{[1]}), \quad
   a_3^{[1]} = \sigma(z_3^{[1]}) $$
$$ z_1^{[2]} = w_{11}^{[2]} a_1^{[1]} + w_{12}^{[2]} a_2^{[1]} + w_{13}^{[2]} a_3^{[1]} + b_1^{[2]},
   \quad z_2^{[2]} = w_{21}^{[2]} a_1^{[1]} + w_{22}^{[2]} a_2^{[1]} + w_{23}^{[2]} a_3^{[1]}
   + b_2^{[2]} $$
$$ a_1^{[2]} = \sigma(z_1^{[2]}), \quad a_2^{[2]} = \sigma(z_2^{[2]}) $$
$$ E_1 = \tfrac12 (y_1 - a_1^{[2]})^2, \quad E_2 = \tfrac12 (y_2 - a_2^{[2]})^2 $$
$$ J = E_1 + E_2 $$
"""
LAYERS = r"""
In short, $z^{[l]} = W^{[l]} a^{[l-1]} + b^{[l]}$ and $a^{[l]} = \sigma(z^{[l]})$.
"""


def verdicts(text: str, *claims: str) -> list[str]:
    """What is said of claims behind a text that states its network, from the last ones."""
    shown = "\n".join(f"$$ {claim} $$\n" for claim in claims)
    report = check_document(None, f"{text}\n{shown}", "md")
    return [claim.verdict.value for claim in report.claims[-len(claims) :]]


def test_its_own_sizes_count() -> None:
    """What names a unit is judged for the sizes that are written out, 2-3-2, and for no other."""
    right = [
        r"\frac{\partial J}{\partial w_{13}^{[2]}} = (a_1^{[2]} - y_1) a_1^{[2]} (1 - a_1^{[2]}) a_3^{[1]}",
        (
            r"\frac{\partial J}{\partial a_1^{[1]}} = \frac{\partial J}{\partial z_1^{[2]}} w_{11}^{[2]}"
            r" + \frac{\partial J}{\partial z_2^{[2]}} w_{21}^{[2]}"
        ),
        r"J = \tfrac12 \sum_{k=1}^{2} (y_k - a_k^{[2]})^2",
    ]
    assert verdicts(UNITS + LAYERS, *right) == ["proved"] * 3


@pytest.mark.slow
def test_what_is_wrong_there_is_refuted() -> None:
    """A path that is left out, a wrong unit and a wrong sign are found."""
    wrong = [
        r"\frac{\partial J}{\partial w_{13}^{[2]}} = (a_1^{[2]} - y_1) a_1^{[2]} (1 - a_1^{[2]}) a_2^{[1]}",
        r"\frac{\partial J}{\partial a_1^{[1]}} = \frac{\partial J}{\partial z_1^{[2]}} w_{11}^{[2]}",
        r"J = -\tfrac12 \sum_{k=1}^{2} (y_k - a_k^{[2]})^2",
    ]
    assert verdicts(UNITS + LAYERS, *wrong) == ["refuted"] * 3


def test_a_rule_of_any_unit_has_to_hold_for_other_sizes_too() -> None:
    """Letters alone speak of every network: that there are as many inputs as outputs helps none."""
    rules = [
        r"\frac{\partial J}{\partial w_{jk}^{[l]}} = \frac{\partial J}{\partial z_j^{[l]}} a_k^{[l-1]}",
        r"\frac{\partial J}{\partial w_{jk}^{[l]}} = \frac{\partial J}{\partial z_k^{[l]}} a_j^{[l-1]}",
    ]
    right, wrong = verdicts(UNITS + LAYERS, *rules)
    assert (right, wrong) == ("proved", "refuted")


def test_an_example_of_a_unit_is_no_size() -> None:
    """Where one unit stands for the others, what is written out is no network of its own."""
    example = r"$$ z_2^{[1]} = w_{21}^{[1]} a_1^{[0]} + w_{22}^{[1]} a_2^{[0]} + b_2^{[1]} $$"
    error = r"$$ J = \tfrac12 \| a^{[L]} - y \|^2 $$"
    report = check_document(None, example + LAYERS + error, "md")
    assert report.stated is not None
    assert "layers = 2-3-2 or layers = 3-2-4-3" in report.stated.summary


def test_one_bias_of_a_layer() -> None:
    """Where all units of a layer have one bias, its derivative is the sum over them."""
    shared = UNITS
    for layer, units in ((1, 3), (2, 2)):
        for unit in range(1, units + 1):
            shared = shared.replace(f"b_{unit}^{{[{layer}]}}", f"b^{{[{layer}]}}")
    both = [
        (
            r"\frac{\partial J}{\partial b^{[2]}}"
            r" = \frac{\partial J}{\partial z_1^{[2]}} + \frac{\partial J}{\partial z_2^{[2]}}"
        ),
        r"\frac{\partial J}{\partial b^{[2]}} = \frac{\partial J}{\partial z_1^{[2]}}",
    ]
    assert verdicts(shared + LAYERS, *both) == ["proved", "refuted"]


def test_what_follows_from_a_definition_defines_nothing_anew() -> None:
    """E_1 is written once more with its output put in: later formulas have one meaning."""
    again = r"E_1 = \tfrac12 (y_1 - \sigma(z_1^{[2]}))^2"
    claim = r"\frac{\partial J}{\partial z_1^{[2]}} = (a_1^{[2]} - y_1) a_1^{[2]} (1 - a_1^{[2]})"
    assert verdicts(UNITS + LAYERS, again, claim) == ["proved", "proved"]


def test_what_does_not_follow_from_it_is_refuted() -> None:
    """E_1 without its half is another error than the one that J is made of."""
    assert verdicts(UNITS + LAYERS, r"E_1 = (y_1 - a_1^{[2]})^2") == ["refuted"]


# How vectors and matrices are set.


BOLD = r"""
$$ \mathbf{z}^l = W^l\mathbf{a}^{l-1} + \mathbf{b}^l $$
$$ \mathbf{a}^l = \sigma(\mathbf{z}^l) $$
$$ E = \tfrac12 \| \mathbf{a}^L - \mathbf{y} \|^2 $$
"""
ONE_LAYER = r"""
$$ \mathbf{z} = W\mathbf{x} + \mathbf{b} $$
$$ \mathbf{y} = \sigma(\mathbf{z}) $$
$$ E = \tfrac12 \| \mathbf{y} - \mathbf{t} \|^2 $$
"""
ROWS = r"""
$$ z_l = h_{l-1} W_l + b_l $$
$$ h_l = \sigma(z_l) $$
$$ E = \tfrac12 \| h_L - y \|^2 $$
"""


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        (
            BOLD,
            r"\frac{\partial E}{\partial W^l} = \frac{\partial E}{\partial \mathbf{z}^l} (\mathbf{a}^{l-1})^\top",
            r"\frac{\partial E}{\partial W^l} = \frac{\partial E}{\partial \mathbf{z}^l} (\mathbf{a}^l)^\top",
        ),
        (
            ONE_LAYER,
            r"\frac{\partial E}{\partial W} = \frac{\partial E}{\partial \mathbf{z}} \mathbf{x}^\top",
            r"\frac{\partial E}{\partial W} = \mathbf{x} \left(\frac{\partial E}{\partial \mathbf{z}}\right)^\top",
        ),
        (
            ONE_LAYER,
            r"\frac{\partial E}{\partial \mathbf{x}} = W^\top \frac{\partial E}{\partial \mathbf{z}}",
            r"\frac{\partial E}{\partial \mathbf{x}} = -W^\top \frac{\partial E}{\partial \mathbf{z}}",
        ),
    ],
)
def test_a_plain_capital_weighs_bold_vectors(text: str, right: str, wrong: str) -> None:
    """Where vectors are bold and no capital is, W is a matrix all the same, and no number."""
    assert verdicts(text, right, wrong) == ["proved", "refuted"]


def test_vectors_in_front_of_their_weights_are_rows() -> None:
    """With z = h W all products lie the other way than with z = W h, and what fits that is wrong."""
    claims = [
        r"\frac{\partial E}{\partial W_l} = h_{l-1}^\top \frac{\partial E}{\partial z_l}",
        r"\frac{\partial E}{\partial h_{l-1}} = \frac{\partial E}{\partial z_l} W_l^\top",
        r"\frac{\partial E}{\partial W_l} = \frac{\partial E}{\partial z_l} h_{l-1}^\top",
        r"\frac{\partial E}{\partial h_{l-1}} = W_l^\top \frac{\partial E}{\partial z_l}",
    ]
    assert verdicts(ROWS, *claims) == ["proved", "proved", "refuted", "refuted"]


BOTH = r"""
$$ \mathbf{z} = W\mathbf{x} + \mathbf{b}, \qquad \mathbf{p} = \mathrm{softmax}(\mathbf{z}) $$
$$ z_k = \sum_{i=1}^{2} w_{ki} x_i + b_k $$
$$ p_k = \frac{e^{z_k}}{\sum_{m=1}^{3} e^{z_m}} $$
$$ E = -\sum_{k=1}^{3} t_k \ln p_k $$

where $\sum_k t_k = 1$.
"""


def test_a_vector_and_its_entries_are_no_units_of_two_layers() -> None:
    """The same law in vectors and with letters is one law: k counts what m counts, from 1 to 3."""
    right, wrong = verdicts(
        BOTH,
        r"\frac{\partial E}{\partial z_k} = p_k - t_k",
        r"\frac{\partial E}{\partial z_k} = t_k - p_k",
    )
    assert (right, wrong) == ("proved", "refuted")


def test_a_number_behind_a_vector_is_that_of_an_entry() -> None:
    r"""Beside the vector \mathbf x, x_1 is a number, and so is what is made of it."""
    text = r"""
$$ \mathbf{h} = \tanh(W\mathbf{x}) $$
$$ y = \mathbf{v}^\top \mathbf{h} $$
$$ E = \tfrac12 (y - t)^2 $$
"""
    right, wrong = verdicts(
        text,
        r"\frac{\partial E}{\partial v_1} = (y - t) h_1",
        r"\frac{\partial E}{\partial v_1} = (y - t) h_2",
    )
    assert (right, wrong) == ("proved", "refuted")
