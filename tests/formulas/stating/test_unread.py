"""Definitions that are not read, or that could be read in two ways: nothing is concluded of them."""

from __future__ import annotations

import pytest

from derive.checking.check import check_document
from derive.errors import InputError

UNITS = r"$z = w x + b$, $a = \sigma(z)$ and $y = v a + c$"
BY_OUTPUT = r"\frac{\partial E}{\partial y} = "
BY_WEIGHT = r"\frac{\partial E}{\partial w} = "
CHAIN = BY_WEIGHT + r"\frac{\partial E}{\partial y} v a (1 - a) x"


def said(error: str, claim: str, units: str = UNITS) -> str:
    """What is said of a claim in a document that states its units and the error."""
    text = f"Let {units}, and the error be $E = {error}$. Then\n\n$${claim}$$\n"
    try:
        return check_document(None, text, "md").claims[-1].verdict.value
    except InputError as problem:
        return str(problem).rpartition("; ")[2]


@pytest.mark.parametrize(
    ("error", "claim"),
    [
        ("1 2 (y - t)^2", "4 (y - t)"),
        ("1{2} (y - t)^2", "4 (y - t)"),
        ("2{-1} (y - t)^2", "-4 (y - t)"),
        ("{y + 1} y", "2 y + 1"),
        ("(y - t)^2/2N", "(y - t) N"),
        (r"\log_2 y", r"\frac{1}{y}"),
        (r"\log_{10}(y)", r"\frac{1}{y}"),
        (r"\tanh^{-1}(y)", r"-\frac{1 - \tanh(y)^2}{\tanh(y)^2}"),
        (r"\tanh y^2", r"2 y (1 - \tanh(y^2)^2)"),
    ],
)
def test_a_definition_is_read_as_strictly_as_a_claim(error: str, claim: str) -> None:
    """What prints as 12 is no product of 1 and 2, and a logarithm with a base is not the natural one.

    What a reader of claims would ask about is no definition, and proves nothing.
    """
    assert said(error, BY_OUTPUT + claim) == "unreadable"


@pytest.mark.parametrize(
    "error",
    [
        "1/2 (y - t)^2",
        "(y - t)^2/2",
        "{(y - t)}^2/2",
        "{{y}^2}/2 - {t} y + t^2/2",
        r"\frac12{(y - t)^2}",
    ],
)
def test_what_is_clear_is_still_a_definition(error: str) -> None:
    """Numbers above and below a stroke, and braces around what shows as one, are read."""
    assert said(error, BY_OUTPUT + "y - t") == "proved"
    assert said(error, BY_OUTPUT + "t - y") == "refuted"


@pytest.mark.parametrize(
    "error", [r"\arctan(y)", r"\lfloor y \rfloor", r"\prod_k (y - k)", "|y - t|"]
)
def test_an_error_that_is_not_read_refutes_nothing(error: str) -> None:
    """It is any error: what holds for each is proved, and what does not may hold for the author's."""
    assert said(error, BY_OUTPUT + r"\frac{1}{1 + y^2}") == "unreadable"
    assert said(error, CHAIN) == "proved"
    assert said(error, CHAIN.replace(" x", "")) == "unreadable"


def test_an_error_that_is_not_read_may_depend_on_weights_by_itself() -> None:
    """Then the chain rule through its outputs is not all."""
    assert said(r"|y - t| + \lambda |w|", CHAIN) == "what stands behind E = could not be read"


@pytest.mark.parametrize(
    "net",
    [r"w_1 x_1 + \dots + w_n x_n", r"\prod_i w_i x_i", r"w_1 x_1 \ge 0", "w_1' x_1"],
)
def test_what_is_made_of_weights_is_not_held_to_be_given(net: str) -> None:
    """That its definition is not read is no reason to take it for a constant."""
    units = rf"$z = {net}$, $a = \sigma(z)$"
    claim = r"\frac{\partial E}{\partial w_1} = \lambda w_1"
    error = r"(a - t)^2 + \frac{\lambda}{2} w_1^2"
    assert said(error, claim, units) == "what stands behind z = could not be read"


LAYERS = (
    r"$z^{(l)} = W^{(l)} a^{(l-1)} + b^{(l)}$, $a^{(l)} = f(z^{(l)})$",
    r"\frac12 \|a^{(L)} - y\|^2",
)


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (r"\delta^{(2)} = (a^{(2)} - y) \odot f'(z^{(2)})", "undecided"),
        (r"\frac{\partial E}{\partial b^{(1)}} = \delta^{(1)}", "undecided"),
        (r"\frac{\partial E}{\partial b^{(1)}} = x", "unreadable"),
        (r"\frac{\partial E}{\partial b^{(l)}} = \delta^{(l)}", "proved"),
        (r"\frac{\partial E}{\partial b^{(l)}} = -\delta^{(l)}", "refuted"),
        (r"\frac{\partial E}{\partial b^{(2)}} = -\delta^{(2)}", "refuted"),
    ],
)
def test_inputs_may_be_layer_0_or_1_where_nothing_says_it(claim: str, expected: str) -> None:
    """What is right of layer 2 for who begins with 0 is not refuted by beginning with 1."""
    units, error = LAYERS
    assert said(error, claim, units) == expected


def test_what_no_reading_reads_says_why() -> None:
    """Readings may give different reasons; that of the first is told."""
    units, error = LAYERS
    text = rf"Let {units}, $E = {error}$.\n\n$$\frac{{\partial E}}{{\partial b^{{(1)}}}} = x$$\n"
    (claim,) = check_document(None, text.replace(r"\n", "\n"), "md").claims
    assert claim.findings


@pytest.mark.parametrize(
    ("definition", "verdict"),
    [
        (r"z = w x \text{ times } 2", r"what stands behind z = could not be read"),
        (r"z = \text{the product of } w x", r"what stands behind z = could not be read"),
        (r"z = w x \text{ with the weight } w", "proved"),
        (r"z = w x \text{ (the net input of } y)", "proved"),
        (r"z = w x \text{ where } w \text{ is the weight}", "proved"),
    ],
)
def test_words_in_a_definition_are_not_dropped(definition: str, verdict: str) -> None:
    """Those that may mean something make it one that nobody reads; others only describe it."""
    formulas = (definition, r"E = \frac12 (z - t)^2", BY_WEIGHT + "(z - t) x")
    text = "".join(f"$${formula}$$\n\n" for formula in formulas)
    try:
        found = check_document(None, text, "md").claims[-1].verdict.value
    except InputError as problem:
        found = str(problem).rpartition("; ")[2]
    assert found == verdict
