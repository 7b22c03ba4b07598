"""Plain text: lines that are formulas, and lines that are none."""

from __future__ import annotations

import pytest

from derive.checking.documents import find
from tests.formulas.documents.found import only, slice_at, texts

SHOWN = """\
A weight of layer c: w21
========================

so that w21 has a part = a share in both errors:

(1)   ∂E_total/∂w21 = ∂E_d1/∂w21 + ∂E_d2/∂w21

(7)   ∂E_d1/∂w21 = ∂E_d1/∂out_d1 · ∂out_d1/∂net_d1
                     · ∂net_d1/∂out_c1
                 = out_d1 · (1 − out_d1)

Each factor is easily found:

(12)  ∂E_d1/∂out_d1   = out_d1 − target_d1
      ∂out_d1/∂net_d1 = out_d1 · (1 − out_d1)
                          · 1
      ∂net_d1/∂out_c1 = w31

      δ_c1 = (δ_d1 · w31 + δ_d2 · w34)
"""


def test_what_the_program_shows_in_the_terminal_is_found_whole() -> None:
    """Rows that go on are part of a formula; rows below a number share it until an empty line."""
    found = find(SHOWN, "txt")
    assert [(formula.number, formula.line, formula.column) for formula in found] == [
        ("1", 6, 7),
        ("7", 8, 7),
        ("12", 14, 7),
        ("12", 15, 7),
        ("12", 17, 7),
        (None, 19, 7),
    ]
    assert found[1].text == (
        "∂E_d1/∂w21 = ∂E_d1/∂out_d1 · ∂out_d1/∂net_d1\n"
        "                     · ∂net_d1/∂out_c1\n"
        "                 = out_d1 · (1 − out_d1)"
    )
    assert found[2].before == "Each factor is easily found:"
    assert all(formula.display for formula in found)
    assert all(slice_at(SHOWN, formula) == formula.text for formula in found)


@pytest.mark.parametrize(
    ("line", "text", "number"),
    [
        ("E = a + b", "E = a + b", None),
        ("(3) E = a", "E = a", "3"),
        ("3) E = a", "E = a", "3"),
        ("3. E = a", "E = a", "3"),
        ("E = a     (3)", "E = a", "3"),
        ("E = a (3)", "E = a (3)", None),
        ("E = a\n\n(3)", "E = a", "3"),
        ("(2) * x = y", "(2) * x = y", None),
        ("- E = a.", "E = a", None),
        ("E = a,   (chain rule)", "E = a", None),
        ("E = a   # the sum of both", "E = a", None),
        ("chain rule: dE/dw = a · b", "dE/dw = a · b", None),
        ("Thus E = a", "E = a", None),
        ("out = sig(net) for every i", "out = sig(net)", None),
        ("1 - out = sin net", "1 - out = sin net", None),
        ("-x = y", "-x = y", None),
        ("E =\n   a + b", "E =\n   a + b", None),
        ("E = a\n= b", "E = a\n= b", None),
        ("E = a\n   + b    (4)", "E = a\n   + b", "4"),
        ("\tE = a\n\t\t= b", "E = a\n\t\t= b", None),
    ],
)
def test_lines_of_plain_text_that_are_formulas(line: str, text: str, number: str | None) -> None:
    """Numbers, bullets, labels, remarks and full stops around a formula are not part of it."""
    found = only(f"So:\n\n{line}\n\nand so on", "txt")
    assert (found.text, found.number) == (text, number)


@pytest.mark.parametrize(
    "line",
    [
        "the gradient of E = a",
        "=====",
        "= a",
        "E =",
        "* and = are signs",
        "layer 2 has n = 3 neurons",
        "see https://example.org/?q=1",
        "a + b",
    ],
)
def test_lines_of_plain_text_that_are_none(line: str) -> None:
    """Prose stays prose, even with an equals sign in it."""
    assert texts(line, "txt") == []


def test_two_formulas_on_a_line_of_plain_text() -> None:
    """A word between them is no part of either, and leads to the second."""
    first, second = find("(1) inner = a - b, where b = c", "txt")
    assert (first.text, first.number, first.before) == ("inner = a - b", "1", "")
    assert (second.text, second.number, second.before) == ("b = c", "1", ", where")


def test_latex_in_plain_text() -> None:
    """Delimiters work as in Markdown, and a line that holds one is not read as a plain formula."""
    source = "E = $x = 1$\n\n\\[ y = 2 \\]\n(3)\n\n`z = 3`\nu = 4\n$$v = 5$$ (6)\n"
    found = find(source, "txt")
    assert [(formula.text, formula.number) for formula in found] == [
        ("x = 1", None),
        ("y = 2", "3"),
        ("u = 4", None),
        ("v = 5", "6"),
    ]
