"""Markdown: where its formulas are, and what looks like one and is none."""

from __future__ import annotations

import pytest

from derive.checking.documents import find
from tests.formulas.documents.found import only, slice_at, texts


@pytest.mark.parametrize(
    ("source", "inside", "display"),
    [
        ("a $x = 1$ b", "x = 1", False),
        ("a $ x = 1 $ b", "x = 1", False),
        ("a $`x = 1`$ b", "x = 1", False),
        (r"a \(x = 1\) b", "x = 1", False),
        ("a $$x = 1$$ b", "x = 1", True),
        ("$$\nx = 1\n$$", "x = 1", True),
        (r"\[ x = 1 \]", "x = 1", True),
        ("```math\nx = 1\n```", "x = 1", True),
        ("~~~~ math\nx = 1\n~~~~", "x = 1", True),
        ("\\begin{equation*}\nx = 1\n\\end{equation*}", "x = 1", True),
        (r"\begin{displaymath}x = 1\end{displaymath}", "x = 1", True),
        (r"\begin{math}x = 1\end{math}", "x = 1", False),
        (r"\begin{align}x &= 1 \\ &= y\end{align}", r"x &= 1 \\ &= y", True),
        (r"$$\begin{align}x &= 1\end{align}$$", "x &= 1", True),
        (r"$$\begin{aligned}x &= 1\end{aligned}$$", r"\begin{aligned}x &= 1\end{aligned}", True),
        (r"\begin{alignat}{2}x &= 1\end{alignat}", "x &= 1", True),
        (r"\begin{equation}\label{eq:x} x = 1\end{equation}", "x = 1", True),
        (r"$$ x = 1 \text{ for $y$ } $$", r"x = 1 \text{ for $y$ }", True),
        (r"$$ x \\[2pt] = 1 \\$$", r"x \\[2pt] = 1 \\", True),
    ],
)
def test_every_way_to_write_a_formula_in_markdown(source: str, inside: str, display: bool) -> None:
    """All delimiters are known; the formula is what is inside, without blanks around it."""
    found = only(source)
    assert (found.text, found.display) == (inside, display)
    assert slice_at(source, found) == inside


@pytest.mark.parametrize(
    "source",
    [
        "It costs $5 and not $6, or $ 7.",
        "Between $5-$10 and 20$ or 30$ a piece",
        r"An escaped \$x = 1\$ is text",
        "`$x = 1$` and `` a ` $x = 1$ ``",
        "```\n$x = 1$\n```",
        "````\n```\n$x = 1$\n```\n$y$\n````",
        "- ```sh\n  x=$a; y=$b\n  ```",
        "```tex\n$$x = 1$$\n",
        "<!-- $x = 1$ -->",
        "<pre>$x = 1$</pre>",
        "---\ntitle: $x = 1$\n---\n",
        r"a link \[1\] and \(as I said\)",
        "$$ $$ and $$$ and $$$$ and \\[\\] and $ $",
        "$20 is what he has and she has 30$",
    ],
)
def test_what_looks_like_a_formula_and_is_none(source: str) -> None:
    """Code, comments, metadata, prices and escaped signs hold no formulas."""
    assert texts(source) == []


def test_an_unclosed_dollar_does_not_swallow_what_follows() -> None:
    """An empty line ends an inline formula, so that the next paragraph is read as usual."""
    assert texts("A $x = 1 and\nmore\n\n$y = 2$ and $z = 3$") == ["y = 2", "z = 3"]
    assert texts("A \\(x = 1 and\n\n\\(y = 2\\)") == ["y = 2"]


def test_an_unclosed_display_ends_with_its_paragraph() -> None:
    """A displayed formula whose end is missing does not make text of formulas and the reverse."""
    source = "$$\nx = 1\n\nSo we get the second one:\n\n$$\ny = 2\n$$\n\n\\[ z = 3\n\n\\[ u = 4 \\]"
    assert texts(source) == ["x = 1", "y = 2", "z = 3", "u = 4"]
    source = "\\begin{align} x &= 1\n\nThe next one is this:\n\n\\begin{align} y &= 2 \\end{align}"
    assert texts(source) == ["x &= 1", "y &= 2"]


def test_empty_lines_inside_a_display_are_part_of_it() -> None:
    """Between two delimiters an empty line is allowed as long as nobody speaks there."""
    assert texts("$$\n\nx\n\n= 1\n\n$$ and $y$") == ["x\n\n= 1", "y"]


def test_a_quotation_has_its_formulas() -> None:
    """The '>' of a quotation is blank in them, and every place stays where it is."""
    found = only("> so\n> $$\n> x\n>  = 1\n> $$\n> (4)")
    assert (found.text, found.line, found.column, found.number) == ("x\n   = 1", 3, 3, "4")


def test_formulas_come_in_the_order_of_the_text_with_their_places() -> None:
    """Lines and columns count from 1 and point at the first character."""
    source = "# $a$\n\n| $b$ | c |\n\n$$\n  d\n$$ e $f$"
    places = [(found.text, found.line, found.column) for found in find(source, "md")]
    assert places == [("a", 1, 4), ("b", 3, 4), ("d", 6, 3), ("f", 7, 7)]


def test_windows_line_ends() -> None:
    """A carriage return before the newline changes neither lines nor numbers."""
    source = "See\r\n\r\n$$\r\nx = 1\r\n$$\r\n\r\n (3)\r\n\r\nand $y = 2$\r\n"
    first, second = find(source, "md")
    assert (first.text, first.line, first.column, first.number) == ("x = 1", 4, 1, "3")
    assert (second.line, second.column) == (9, 6)


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ("$$\n\\beta = 1 % for now\n+ 2\n$$", "\\beta = 1          \n+ 2"),
        ("$$\n% y = 3\n\\alpha = 1\n$$", "\\alpha = 1"),
        ("$$\nx = 1 \\\\%[1em]\ny = 2 \\%\n$$", "x = 1 \\\\      \ny = 2 \\%"),
        ("$$\n\\alpha % x\r\n= 1\n$$", "\\alpha     \n= 1"),
        ("$$\n\\alpha = 1 \\\\% x\n% y = 3\n$$", "\\alpha = 1 \\\\"),
    ],
)
def test_comments_in_a_formula_are_blanks(source: str, read: str) -> None:
    """What stands behind a % to the end of its line is no part of a formula in LaTeX.

    There are no blanks before a formula or behind it.
    """
    assert only(source).text == read


def test_a_comment_whose_line_break_was_lost_is_a_length_alone() -> None:
    """What would hide the end of a matrix is no comment; a % without a line's end stays one."""
    rows = r"\begin{matrix} a \\%[1em] b \\%[1em] \end{matrix}"
    assert only(f"$$\n{rows}\n$$").text == rows.replace("%[1em]", "      ")
    beside = rows.replace(r"\\%[1em] b", r"\\%[1em] % b")
    assert only(f"$$\n{beside}\n$$").text == beside.replace("%[1em]", "      ")
    assert only(r"$\alpha = 5 % x$").text == r"\alpha = 5 % x"
