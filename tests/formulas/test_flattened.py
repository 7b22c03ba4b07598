r"""Matrices as columns of their entries, remarks at the end of a row, and points as products."""

from __future__ import annotations

import pytest

from derive.checking.check import check, check_document
from derive.networks.equations.system import System
from tests.formulas.judging import slope

NET = System.from_text(
    "weights: u\np[i,j] = sum(u[i,k]*v[k,j], k=1..2), i=1..2, j=1..3\n"
    "F = sum(sum(1/2*(p[i,j]-t[i,j])^2, i=1..2), j=1..3)\n",
    "turned",
)


def grid(*rows: str) -> str:
    return r"\begin{bmatrix}" + r" \\ ".join(rows) + r"\end{bmatrix}"


P = [f"p_{{{i},{j}}}" for i in (1, 2) for j in (1, 2, 3)]
U = [f"u_{{{i},{j}}}" for i in (1, 2) for j in (1, 2)]
BY_ROWS = grid(*(
    " & ".join(f"v_{{{b[-2]},{p[-2]}}}" if p[3] == b[3] else "0" for p in P) for b in U
))  # fmt: skip
COLUMN = grid(*(slope("F", p) for p in P))
MATRIX = grid(*(" & ".join(slope("F", p) for p in P[n : n + 3]) for n in (0, 3)))


def verdict(formula: str) -> str:
    (claim,) = check(NET, formula).claims
    return claim.verdict.value


def test_the_jacobian_of_matrices_as_columns_of_their_rows() -> None:
    """∂P/∂U has a row for each entry of U, or a column; the report says how it is read."""
    (claim,) = check(NET, rf"{slope('P', 'U')} = {BY_ROWS}").claims
    assert claim.verdict.value == "proved"
    said = " ".join(f.message for f in claim.findings)
    assert "with matrices as columns of their rows and in denominator layout" in said
    assert verdict(rf"{slope('P', 'U')} = {BY_ROWS}^\top") == "proved"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("v_{1,1}", "v_{1,2}"),
        ("v_{2,3}", "v_{3,2}"),
        ("v_{1,1}", "-v_{1,1}"),
        ("v_{1,3} & 0", "v_{1,3} & v_{1,1}"),
    ],
)
def test_a_wrong_entry_of_it_is_refuted(before: str, after: str) -> None:
    """An index, a sign, an entry that is 0."""
    assert verdict(rf"{slope('P', 'U')} = {BY_ROWS.replace(before, after, 1)}") != "proved"


def test_columns_of_columns_are_no_mistake() -> None:
    """In the other order of the entries it is not wrong, and not what is written first."""
    order = [0, 2, 1, 3]
    rows = BY_ROWS.removeprefix(r"\begin{bmatrix}").removesuffix(r"\end{bmatrix}").split(r" \\ ")
    cells = [rows[n].split(" & ") for n in order]
    turned = [" & ".join(row[n] for n in (0, 3, 1, 4, 2, 5)) for row in cells]
    assert verdict(rf"{slope('P', 'U')} = {grid(*turned)}") == "undecided"


def test_a_gradient_as_a_column() -> None:
    """∂F/∂P as it stands, as a column of its rows, and times the Jacobian."""
    assert verdict(rf"{slope('F', 'P')} = {MATRIX}") == "proved"
    assert verdict(rf"{slope('F', 'P')} = {COLUMN}") == "proved"
    assert verdict(rf"{slope('F', 'U')} = {BY_ROWS} {COLUMN}") == "proved"
    assert verdict(rf"{slope('F', 'U')} = {slope('P', 'U')}{slope('F', 'P')}") == "proved"
    swapped = COLUMN.replace("1,2", "9,9").replace("2,1", "1,2").replace("9,9", "2,1")
    assert verdict(rf"{slope('F', 'P')} = {swapped}") != "proved"
    assert verdict(rf"{slope('F', 'U')} = {BY_ROWS} {swapped}") != "proved"
    assert verdict(rf"{slope('F', 'U')} = -{BY_ROWS} {COLUMN}") == "refuted"
    assert verdict(rf"{slope('F', 'U')} = {COLUMN}") != "proved", "six entries and four"


def test_a_point_between_names_is_a_product() -> None:
    """x.y is x times y; a point with a blank, or beside digits, is none."""
    assert verdict("p_{1,1} = u_{1,1}.v_{1,1} + u_{1,2}.v_{2,1}") == "proved"
    assert verdict("p_{1,1} = u_{1,1}.v_{1,1} + u_{1,2}.v_{1,2}") == "refuted"
    assert verdict("p_{1,1} = u_{1,1}.v_{1,1} - u_{1,2}.v_{2,1}") == "refuted"
    assert verdict("p_{1,1} = u_{1,1}. v_{1,1} + u_{1,2}.v_{2,1}") == "unreadable"
    assert verdict("p_{1,1} = 2.u_{1,1}") == "unreadable"


STEPS = r"\frac{\partial F}{\partial p_{1,1}} &= p_{1,1} - t_{1,1} & WORDS \\ &= -(t_{1,1} SIGN p_{1,1})"


@pytest.mark.parametrize(
    ("words", "sign", "expected"),
    [
        (r"\text{(chain rule)}", "-", "proved"),
        (r"\text{by the chain rule}", "+", "refuted"),
        (r"\text{(the error of the network)}", "-", "proved"),
        (r"\text{(the error of the network)}", "+", "unreadable"),
        (r"\text{which is wrong}", "-", "unreadable"),
        (r"\text{times } 5", "-", "unreadable"),
        (r"\note{$p$ has the same shape as $t$}", "-", "unreadable"),
        (r"\note{$p$ is a matrix of the same shape as $t$}", "-", "proved"),
        (r"\note{$p$ is a matrix of the same shape as $t$}", "+", "unreadable"),
        (r"\note{splitting it into a product}", "-", "unreadable"),
        (r"\note{Splitting into a product of matrices}", "-", "proved"),
        (r"\note{Splitting into a product of matrices}", "+", "unreadable"),
        (r"\note{not by the chain rule}", "-", "unreadable"),
        (r"\note{times the weight of it}", "-", "unreadable"),
        (r"\note{net output}", "-", "unreadable"),
        (r"\note{net output error}", "-", "unreadable"),
        (r"\bar{the sum of weights}", "-", "unreadable"),
        (r"\note{if $p > 0$}", "-", "unreadable"),
        (r"\note{not $p$}", "-", "unreadable"),
        (r"\note{of $p = t$}", "-", "unreadable"),
    ],
)
def test_remarks_beside_a_row_that_goes_on(words: str, sign: str, expected: str) -> None:
    r"""They name a rule or say what something is; a command with $…$ in it sets words.

    So does one with words alone, of which some are prepositions or articles and all only describe.
    """
    row = STEPS.replace("WORDS", words).replace("SIGN", sign)
    assert verdict(rf"\begin{{aligned}} {row} \end{{aligned}}") == expected


def test_a_command_that_is_not_known_is_not_read_for_a_remark_beside_it() -> None:
    """What strikes out a factor is no brace around it, with words that hold a formula or not."""
    struck = r"\boxed{p_{1,1} = u_{1,1} v_{1,1} + u_{1,2} \cancelled{v_{2,1}}}"
    assert verdict(struck) == "unreadable"
    assert verdict(rf"{struck} \quad \text{{(the net input of $p$)}}") == "unreadable"


def test_a_command_for_words_is_known_by_its_words_only() -> None:
    r"""What had words and a formula in its argument once may strike out what it has next time."""
    first = STEPS.replace("WORDS", r"\why{as $p$ is an output}").replace("SIGN", "-")
    second = STEPS.replace("WORDS", r"\why{p_{1,1}}").replace("SIGN", "-")
    text = "".join(
        rf"$$\begin{{aligned}} {one} \end{{aligned}}$$" + "\n\n" for one in (second, first, second)
    )
    said = [claim.verdict.value for claim in check_document(NET, text, "md", "notes.md").claims]
    assert said == ["unreadable", "proved", "unreadable"]
