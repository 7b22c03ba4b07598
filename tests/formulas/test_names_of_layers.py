r"""Names that an author introduces for every layer: e^{(l)} = ∂C/∂z^{(l)}, γ^l_j, and then uses.

e is Euler's number elsewhere, d is ∂, g a function; with a layer above each is a name. What it is
the name of proves nothing; all that is said with it is judged.
"""

from __future__ import annotations

import pytest

from derive.checking.check import check
from derive.checking.claims import Verdict
from derive.networks.network import Network
from derive.networks.sources import build
from tests.formulas.judging import in_document

PROVED, REFUTED = Verdict.PROVED, Verdict.REFUTED
NAMES = ["e", "d", "g", "u", r"\epsilon", r"\gamma", r"\mathbf{e}", r"\lambda", r"\tilde\delta"]
NAMED = r"@^{(l)} := \frac{\partial C}{\partial z^{(l)}}"
LAST = r"@^{(L)} = (a^{(L)} - y) \odot \sigma'(z^{(L)})"
BACK = r"@^{(l)} = (W^{(l+1)})^\top @^{(l+1)} \odot \sigma'(z^{(l)})"
WEIGHTS = r"\frac{\partial C}{\partial W^{(l)}} = @^{(l)} (a^{(l-1)})^\top"
BIASES = r"\frac{\partial C}{\partial b^{(l)}} = @^{(l)}"
ROWS = (NAMED, LAST, BACK, WEIGHTS, BIASES)


def verdicts(name: str, *rows: str) -> list[Verdict]:
    """The verdicts on the rows of a document about a network of two layers of weights."""
    names = {"E_total": "C", "weight": "W"}
    network = Network((2, 3, 2), bias="neuron", notation="indexed", names=names)
    return in_document(build(network), *(row.replace("@", name) for row in rows))


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_every_layer_stands_for_what_it_is_the_name_of(name: str) -> None:
    """The row that gives it claims nothing; the four that use it are proved."""
    assert verdicts(name, *ROWS) == [PROVED] * 4


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("row", "written", "wrong"),
    [
        (1, "-", "+"),
        (1, r"\odot \sigma'(z^{(L)})", ""),
        (2, r"\odot \sigma'(z^{(l)})", r"\odot \sigma'(z^{(l+1)})"),
        (2, r"(W^{(l+1)})^\top", r"W^{(l+1)}"),
        (3, "a^{(l-1)}", "a^{(l)}"),
        (4, "= @^{(l)}", "= -@^{(l)}"),
    ],
)
def test_what_is_wrong_with_it_is_refuted(name: str, row: int, written: str, wrong: str) -> None:
    rows = list(ROWS)
    rows[row] = rows[row].replace(written, wrong)
    found = verdicts(name, *rows)
    assert found.pop(row - 1) is REFUTED
    assert found == [PROVED] * 3


@pytest.mark.parametrize("name", ["e", "g", r"\gamma"])
@pytest.mark.slow
def test_a_rule_from_layer_to_layer_says_what_the_name_means(name: str) -> None:
    """It is known in the last layer, and then in one after the other, from the back."""
    assert verdicts(name, LAST, BACK, WEIGHTS, BIASES) == [PROVED] * 2
    slip = BACK.replace("z^{(l)}", "z^{(l+1)}")
    assert verdicts(name, LAST, slip, WEIGHTS, BIASES) == [REFUTED] * 2
    assert verdicts(name, LAST.replace("-", "+"), BACK, WEIGHTS) == [REFUTED]


@pytest.mark.parametrize("name", ["e", "d", r"\gamma"])
@pytest.mark.slow
def test_names_of_single_neurons_have_an_index_beside_the_layer(name: str) -> None:
    """What is said of neuron j is said of k, too; a layer without brackets is one."""
    rows = [
        r"@^l_j = \frac{\partial C}{\partial z^l_j}",
        r"@^l_j = \sum_k w^{l+1}_{kj} @^{l+1}_k \sigma'(z^l_j)",
        r"\frac{\partial C}{\partial w^l_{jk}} = @^l_j a^{l-1}_k",
    ]
    names = [row.replace("w^", "W^") for row in rows]
    assert verdicts(name, *names) == [PROVED] * 2
    assert verdicts(name, names[0], names[1].replace("_{kj}", "_{jk}"), names[2]) != [PROVED] * 2
    assert verdicts(name, names[0], names[2].replace("a^{l-1}", "a^{l}")) == [REFUTED]


def test_a_number_above_is_a_layer_where_the_name_has_one_there() -> None:
    rows = (NAMED, r"@^3 = (a^3 - y) \odot \sigma'(z^3)", r"@^{(3)} = (a^3 + y) \odot \sigma'(z^3)")
    assert verdicts("g", *rows) == [PROVED, REFUTED]


def test_without_a_layer_e_is_the_number_of_euler() -> None:
    """With a number or a quantity above it is the base of a power, in a network of layers, too."""
    network = build(Network((2, 3, 2), bias="neuron", notation="indexed"))
    rows = {
        r"a^l_j = \frac{1}{1 + e^{-z^l_j}}": PROVED,
        r"a^l_j = \frac{1}{1 + e^{z^l_j}}": REFUTED,
        "e^{2} a^2_1 = e \\cdot e \\cdot a^2_1": Verdict.UNREADABLE,
    }
    for formula, expected in rows.items():
        (claim,) = check(network, formula).claims
        assert claim.verdict is expected, formula


def test_a_gradient_that_is_once_called_delta_is_never_held_to_be_a_sum() -> None:
    r"""\Delta^{(l)} := ∂C/∂z^{(l)} adds nothing up, so that its shape is none of a matrix."""
    assert REFUTED not in verdicts(r"\Delta", *ROWS)


@pytest.mark.parametrize("name", ["e", "g", r"\gamma"])
def test_a_name_may_stand_behind_what_it_is_given_to(name: str) -> None:
    r"""∂C/∂z ≡ e says what e is; where it is known already, it is a claim as any other."""
    given = r"\frac{\partial C}{\partial z^{(l)}} \equiv @^{(l)}"
    assert verdicts(name, given, LAST, BACK, WEIGHTS) == [PROVED] * 3
    assert verdicts(name, given, BACK.replace("^{(l+1)} ", "^{(l)} ", 1), WEIGHTS)[1] is PROVED
    assert verdicts(name, given, r"\frac{\partial C}{\partial a^{(l)}} \equiv @^{(l)}") == [REFUTED]
    unsaid = given.replace(r"\equiv", "=")
    assert PROVED not in verdicts(name, unsaid, BIASES.replace("= @", "= 2 @"))
