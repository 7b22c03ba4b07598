"""Formulas are found in documents of every kind, whole, in order, in place and with their numbers."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from derive.checking.documents import Found, find, kind_of
from derive.errors import InputError
from derive.files import read_text


def texts(text: str, kind: str = "md") -> list[str]:
    return [found.text for found in find(text, kind)]


def numbers(text: str, kind: str = "md") -> list[str | None]:
    return [found.number for found in find(text, kind)]


def only(text: str, kind: str = "md") -> Found:
    (found,) = find(text, kind)
    return found


def slice_at(text: str, found: Found) -> str:
    """What stands in the source where a formula says it is."""
    rest = "\n".join(text.split("\n")[found.line - 1 :])
    return rest[found.column - 1 :][: len(found.text)]


# Markdown: where formulas are.


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


# Markdown: numbers.


@pytest.mark.parametrize(
    ("source", "number"),
    [
        (r"$$x = 1 \tag{7}$$", "7"),
        (r"$$x = 1 \tag*{(7b)}$$", "7b"),
        (r"$x = 1 \tag{16}$", "16"),
        ("$$x = 1$$\n (1)", "1"),
        ("$$x = 1$$\n(2)\n\nmore", "2"),
        ("$$x = 1$$\n\n\n(2.4)\n", "2.4"),
        ("$$x = 1$$ (A.1)", "A.1"),
        ("$$x = 1$$, (4)", "4"),
        ("$$x = 1$$ {#eq-x}\n\n(4)", "4"),
        ("\\begin{equation}x = 1 \\quad (4)\\end{equation}", "4"),
        ("$$x = 1,$$\n\n$$(3)$$", "3"),
        ("$$x = 1$$\n\n$$\n\\tag{13}\n$$", "13"),
        ("$$x = 1$$\n\n$(3)$\n", "3"),
        ("$x = 1$\n(3a)\n", "3a"),
        ("$x = 1$ (3)\n", "3"),
        (r"$$x = 1 \qquad (12)$$", "12"),
        (r"$$x = 1 \qquad \text{(12)}$$", "12"),
        ("$$\nx = 1\n(5)\n$$", "5"),
        ("\\begin{align}x &= 1\\\\ &= 2\\tag{4}\\end{align}", "4"),
        ("```math\nx = 1 \\tag{8}\n```", "8"),
        ("\\begin{equation}x = 1\\end{equation}\n(9)", "9"),
        ("$$x = 1$$\n(3) is what follows", None),
        ("$$x = 1$$\nand (3)", None),
        ("$$x = y (3)$$", None),
        ("$$x = y +\n(3)$$", None),
        ("see $x = 1$ (3)", None),
        ("\\begin{equation}x = 1\\end{equation}", None),
    ],
)
def test_numbers_of_equations(source: str, number: str | None) -> None:
    """A number is a tag, or stands alone in brackets behind or below the formula."""
    assert only(source).number == number


def test_a_number_beside_a_formula_is_not_part_of_it() -> None:
    """A tag stays where it is, in the text; what merely stands beside does not."""
    assert only(r"$$x = 1 \tag{7}$$").text == r"x = 1 \tag{7}"
    assert only(r"$$x = 1 \qquad (12)$$").text == "x = 1"
    assert only("$$\nx = 1\n(5)\n$$").text == "x = 1"


def test_a_number_belongs_to_the_display_directly_before_it() -> None:
    """One that has a number keeps it, and one with words in between gets none."""
    assert numbers("$$x = 1 \\tag{1}$$\n\n$$(2)$$\n\n$$y$$") == ["1", None]
    assert numbers("$$x = 1$$\n\nso\n\n$$(2)$$") == [None]
    assert numbers("$$x = 1$$\n\n$$y = 2$$\n\n(2)") == [None, "2"]
    assert numbers("$$(2)$$\n\n$$y = 2$$") == [None]


def test_rows_with_tags_of_their_own_are_formulas_of_their_own() -> None:
    """An align with several tags is split where a numbered statement ends."""
    source = "$$\\begin{align}\na &= b \\tag{1}\\\\\n&= c \\\\\nd &= e \\tag{2}\n\\end{align}$$"
    first, second = find(source, "md")
    assert (first.text, first.number) == ("a &= b \\tag{1}\\\\\n&= c", "1")
    assert (second.text, second.number, second.line, second.column) == (
        "d &= e \\tag{2}",
        "2",
        4,
        1,
    )


NOTES = r"""
following the chain rule we get:

$$\frac{\partial E_{total}}{\partial w_{31}} = \frac{\partial E_{total}}{\partial out_{d1}}$$
 (1)

Because I had some trouble, we use $out_{d_1} = sig(net_{d_1})$ and $out_{d_2} = sig(net_{d_2})$. The index of w_{31} stays.

Putting it back together we get

$$E_{d_1} = \frac{1}{2} (target_{d_1} - sig(w_{31} * out_{c_1}))^2$$
 (2)

resulting in

$$(inner)*\frac{\partial inner}{\partial w_{31}}, \text{ mit } inner = target_{d_1} - sig(w_{31}*out_{c_1})$$

$$(3)$$

Now to get the first factor you could also derive the equation

$$E_{d_1} = \frac{1}{2}(target_{d_1} - out_{d_1})^2$$

hidden in equation (3), which results in

$$\frac{\partial inner}{\partial w_{31}} = -sig(net_{d_1}), \tag{4}$$

mit
$$net_{d_1} = w_{31} * out_{c_1}$$

In (4) we have

$$\frac{\partial out_{d_1}}{\partial net_{d_1}} = sig'(net_{d_1})$$

$$\tag{13}$$

$$\frac{\partial net_{d_1}}{\partial w_{31}} = out_{c_1}$$
(14)

by taking the example of w_{21}

 $\frac{\partial E_{total}}{\partial w_{2_1}} = \frac{\partial E_{d_1}}{\partial w_{2_1}} \tag{16}$

Starting with the first summand
"""


def test_notes_as_somebody_writes_them() -> None:
    """Numbers below, beside, in a display of their own and as tags, side by side in one text."""
    found = find(NOTES, "md")
    displayed = [formula.number for formula in found if formula.display]
    assert displayed == ["1", "2", "3", None, "4", None, "13", "14", "16"]
    assert [formula.text for formula in found if not formula.display] == [
        "out_{d_1} = sig(net_{d_1})",
        "out_{d_2} = sig(net_{d_2})",
    ]
    assert all(slice_at(NOTES, formula) == formula.text for formula in found)


def test_the_words_before_a_formula() -> None:
    """They reach back to the previous formula and its number, without tags, and not endlessly."""
    before = [formula.before for formula in find(NOTES, "md")]
    assert before[:3] == [
        "following the chain rule we get:",
        "Because I had some trouble, we use",
        "and",
    ]
    assert before[3].endswith("The index of w_31 stays. Putting it back together we get")
    assert before[7] == "mit"
    source = 'so\n\n<a id="eq-1"></a>\n\n$$x$$ ' + "long " * 99 + "word $y$"
    first, second = find(source, "md")
    assert first.before == "so"
    assert len(second.before) <= 80
    assert second.before.endswith("long word")
    assert only("Words.\n```\ncode\n```\nwhere $x$").before == "where"


# LaTeX.


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a $x = 1$ b", ["x = 1"]),
        ("a $ x $ b, $5$", ["x", "5"]),
        (r"it costs \$5, $x$, and \$6", ["x"]),
        ("$x$ % $y$\n$z$ 5\\% $u$", ["x", "z", "u"]),
        ("\\begin{verbatim}\n$x$ % \n\\end{verbatim} $y$", ["y"]),
        ("\\begin{lstlisting}[language=sh]\n$x$\n\\end{lstlisting} $y$", ["y"]),
        ("\\begin{comment}$x$\\end{comment}\\iffalse $z$\\fi $y$", ["y"]),
        (r"\verb|$x$ %| $y$ \verb*+$x+ $z$", ["y", "z"]),
        (r"\begin{tikzpicture}\node {$x$};\end{tikzpicture} $y$", ["y"]),
        ("$a$ \\begin{document} $x$ \\end{document} $b$", ["x"]),
        ("\\newcommand{\\x}{$a$}\\begin{document}\n\\[ \\x \\]\\end{document}", [r"\x"]),
        (r"\begin{tabular}{l} $a$ \\[2pt] $b$ \\ \end{tabular}", ["a", "b"]),
        ("open $x = 1\n\nand $y$", ["y"]),
    ],
)
def test_formulas_in_latex(source: str, expected: list[str]) -> None:
    """Only the body counts, without comments, verbatim text and drawings."""
    assert texts(source, "tex") == expected


def test_a_comment_inside_a_formula_is_blank() -> None:
    """It is no part of the formula, ends no paragraph, and every place stays where it is."""
    source = "See\n\\[ x % not y\n  %\n  = 1 \\]\nand $a %\n%\n = b$"
    first, second = find(source, "tex")
    assert first.text == "x        \n   \n  = 1"
    assert (first.line, first.column) == (2, 4)
    assert second.text == "a  \n \n = b"


ARTICLE = r"""
\documentclass{article}
\begin{document}
\begin{align}
a &= b \\
c &= d \\
\end{align}
\begin{equation} e=f \end{equation}
\begin{gather}
g=h \\ i=j \notag \\ k=l \tag{X}\\ m = n
\end{gather}
\begin{subequations}\label{eq:parts}
\begin{align} p&=q\\ r&=s \end{align}
\begin{equation} t=u \end{equation}
\end{subequations}
\begin{equation} v=w \end{equation}
\begin{equation} v=w \notag\end{equation}
\begin{multline} v=w \\ +y\end{multline}
\begin{eqnarray} a&=&b\\ c&=&d \nonumber\\ &=& e \\ \end{eqnarray}
\begin{equation} z=w \end{equation}
\numberwithin{equation}{section}
\begin{equation} z=w \end{equation}
\section{A}\section*{B}
\begin{equation} z=w \end{equation}
\setcounter{equation}{6}
\begin{equation} z=w \end{equation}
\[ z = w \] $$ z = w $$ \begin{equation*} z=w \end{equation*}
\section{C}
\begin{equation} z=w \end{equation}
\begin{alignat}{2} a&=b &\quad c&=d \\ e&=f\end{alignat}
\begin{subequations}
\begin{align} p&=q\\ r&=s \end{align}
\end{subequations}
\appendix
\section{D}
\begin{equation} y \end{equation}
\renewcommand{\theequation}{\Alph{section}.\roman{equation}}
\begin{equation*} y \tag{Q} \end{equation*}
\begin{equation} y \end{equation}
\begin{gather} \begin{split} a &= b \\ &= c \end{split} \\ d=e \end{gather}
\end{document}
"""

BOOK = r"""
\documentclass[11pt]{report}
\begin{document}
\begin{equation} y \end{equation}
\chapter{A}
\begin{equation} y \end{equation}
\section{x}
\begin{equation} y \end{equation}
\chapter{B}
\begin{equation} y \end{equation}
\counterwithin{equation}{section}
\section{x}
\begin{equation} y \end{equation}
\chapter{C}
\section{x}
\begin{equation} y \end{equation}
\end{document}
"""


def test_numbers_are_those_that_latex_prints() -> None:
    """The lists are what pdfLaTeX puts at the margin; a last empty row takes 3 and 12 away."""
    assert numbers(ARTICLE, "tex") == [
        *("1", "2", "4", "5", None, "X", "6", "7a", "7b", "7c", "8", None, "9", "10", "11", "13"),
        *("0.14", "1.1", "1.7", None, None, None, "2.1", "2.2", "2.3", "2.4a", "2.4b"),
        *("A.1", "Q", "A.ii", "A.iii", "A.iv"),
    ]
    assert numbers(BOOK, "tex") == ["1", "1.1", "1.2", "2.1", "2.1.1", "3.1.1"]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (r"a &= b \\ &= c \\ d &= e", [(r"a &= b \\ &= c", "1"), ("d &= e", "3")]),
        (
            r"a &= b \nonumber \\ &\quad + c \\ d &= e",
            [(r"a &= b \nonumber \\ &\quad + c", "1"), ("d &= e", "2")],
        ),
        (r"a &= b + \\ & c \\ d &= e", [(r"a &= b + \\ & c", "1"), ("d &= e", "3")]),
        (r"a &= b \\ -c &= d", [("a &= b", "1"), ("-c &= d", "2")]),
        (r"a &= b \\ \label{x} d &= e", [("a &= b", "1"), ("d &= e", "2")]),
        (r"a &= b \\[1ex] \cdot c \\* d &= e", [(r"a &= b \\[1ex] \cdot c", "1"), ("d &= e", "3")]),
        (r"a &= {b \\ c} \\ d &= e", [(r"a &= {b \\ c}", "1"), ("d &= e", "2")]),
        (r"a &= b \notag \\ d &= e", [(r"a &= b \notag \\ d &= e", "1")]),
        (r"a &= b \\ \intertext{and} d &= e", [("a &= b", "1"), ("d &= e", "2")]),
    ],
)
def test_rows_that_go_on_stay_together(rows: str, expected: list[tuple[str, str]]) -> None:
    """A row that begins with a sign goes on with the one before, under that one's number."""
    source = f"\\begin{{align}} {rows} \\end{{align}}"
    found = find(source, "tex")
    assert [(formula.text, formula.number) for formula in found] == expected


def test_the_words_before_a_formula_in_latex() -> None:
    """Commands are left out of them, what they set in another font is not."""
    source = "\\section{S}\n\\noindent \\emph{mit}~\\begin{equation} x \\end{equation}"
    assert only(source, "tex").before == "S mit"
    assert only("% not this\nwhere $x$", "tex").before == "where"


# Plain text.

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


# Notebooks.


def notebook(*cells: dict[str, Any]) -> str:
    return json.dumps({"cells": list(cells), "nbformat": 4})


def test_formulas_of_a_notebook() -> None:
    """They stand in Markdown cells, whose lines are counted from 1 in each cell."""
    source = notebook(
        {"cell_type": "markdown", "source": ["# Title\n", "so $x = 1$\n", "and"]},
        {"cell_type": "code", "source": "print('$y$')", "outputs": [{"text": "$z$"}]},
        {"cell_type": "markdown", "source": "$$u = 2$$\n(3)"},
    )
    first, second = find(source, "ipynb")
    assert (first.text, first.cell, first.line, first.column) == ("x = 1", 1, 2, 5)
    assert (second.text, second.cell, second.line, second.number) == ("u = 2", 3, 1, "3")
    assert second.before == ""


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("", "line 1, column 1"),
        ('{"cells":\n  [}', "line 2, column 4"),
        ("[]", "no list of cells"),
        ('{"cells": {}}', "no list of cells"),
        ('{"cells": [3]}', "cell 1"),
        (notebook({}, {"cell_type": "markdown", "source": 3}), "cell 2"),
        ("[" * 100_000, "cannot be read"),
        ("9" * 10_000, "cannot be read"),
    ],
)
def test_a_notebook_that_is_none(source: str, says: str) -> None:
    """The message says where it is broken."""
    with pytest.raises(InputError, match=says):
        find(source, "ipynb")


# Files.


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *(("a.tex", "tex"), ("a.ltx", "tex"), ("a.md", "md"), ("a.markdown", "md")),
        *(("a.QMD", "md"), ("a.Rmd", "md"), ("a.b.txt", "txt"), ("a.ipynb", "ipynb")),
    ],
)
def test_the_kind_of_a_document(name: str, kind: str) -> None:
    """The ending of the name says it, in capitals or not."""
    assert kind_of(Path(name)) == kind


@pytest.mark.parametrize("name", ["a.pdf", "notes", ".md"])
def test_an_unknown_kind_of_document(name: str) -> None:
    """The message names the file and every ending that is known."""
    with pytest.raises(InputError, match=r"\.tex, \.ltx, \.md.*\.ipynb") as error:
        kind_of(Path(name))
    assert name in str(error.value)


def test_an_unknown_kind_is_refused() -> None:
    """A kind that does not exist is named, with those that do."""
    with pytest.raises(InputError, match=r"'pdf'.*tex, md, txt, ipynb"):
        find("", "pdf")


def test_reading_a_file(tmp_path: Path) -> None:
    """UTF-8, with a mark at its beginning or without; one newline ends each line."""
    path = tmp_path / "notes.md"
    path.write_bytes(b"\xef\xbb\xbf$\xce\xb4$\r\nb\rc")
    assert read_text(path) == "$δ$\nb\nc"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """Missing files, folders and other encodings are named, with the reason."""
    other = tmp_path / "latin.md"
    other.write_bytes("für".encode("latin-1"))
    for path, says in (
        (tmp_path / "missing.md", "no such file"),
        (tmp_path, "folder"),
        (other, "byte 2 is not UTF-8"),
        (tmp_path / "a\0b", "cannot be read"),
        (other / "below.md", "cannot be read"),
    ):
        with pytest.raises(InputError, match=says) as error:
            read_text(path)
        assert str(path) in str(error.value)


# Whatever is typed.

PARTS = st.sampled_from(
    [
        *("$", "$$", "\\[", "\\]", "\\(", "\\)", "\\begin{align}", "\\end{align}", "\\\\", "&"),
        *(
            "\\begin{equation}",
            "\\end{equation}",
            "\\tag{1}",
            "\\tag{",
            "(2)",
            "\n",
            "\n\n",
            "\r\n",
        ),
        *(
            "`",
            "```",
            "```math\n",
            "<!--",
            "-->",
            "%",
            "\\verb|",
            "\\iffalse",
            "\\fi",
            "> ",
            "---\n",
        ),
        *(
            " ",
            "   ",
            "a = b",
            "+ c",
            "=",
            "word ",
            "and ",
            "5",
            "\\",
            "{",
            "}",
            "\x00",
            "\ud800",
            "é",
        ),
        *(
            "\\begin{subequations}",
            "\\end{subequations}",
            "\\section{",
            "\\begin{document}",
            "(1)  ",
        ),
        *("\\setcounter{equation}{-3}", "\\numberwithin{equation}{section}", "\\appendix", "\x0b"),
        *(
            "\\renewcommand{\\theequation}{\\theequation\\thesection}",
            "\\end{document}",
            "\\documentclass{book}",
        ),
    ]
)
ANYTHING = st.one_of(st.text(), st.lists(PARTS, max_size=40).map("".join))


@given(ANYTHING, st.sampled_from(["md", "tex", "txt"]))
@example("\\\\$", "tex")
def test_any_text_can_be_searched(text: str, kind: str) -> None:
    """Nothing that is typed is an error; what is found is in order and not empty."""
    found = find(text, kind)
    assert all(formula.text.strip() == formula.text != "" for formula in found)
    places = [(formula.line, formula.column) for formula in found]
    assert places == sorted(places)


@given(ANYTHING, st.sampled_from(["md", "tex", "txt"]))
def test_a_formula_is_the_source_at_its_place(text: str, kind: str) -> None:
    """Line and column lead to the very characters of the formula, but for what is blanked in it."""
    for blanked in ("%", ">", "\x0b", "\\verb", "\\iffalse"):
        text = text.replace(blanked, "")
    for formula in find(text, kind):
        assert slice_at(text, formula) == formula.text


@given(st.text())
def test_any_text_as_a_notebook_is_found_or_refused(text: str) -> None:
    """As the source of a file it may be refused; as that of a cell it never is."""
    assert isinstance(find(notebook({"cell_type": "markdown", "source": text}), "ipynb"), list)
    with suppress(InputError):
        find(text, "ipynb")


@pytest.mark.parametrize("kind", ["md", "tex", "txt"])
@pytest.mark.parametrize(
    "part",
    [
        "$",
        "$ ",
        "$x ",
        "$$\n\n",
        "\\(",
        "\\[ x = 1\n\n",
        "\\begin{align}",
        "`",
        "```\n",
        "{",
        "\\tag{",
        "a = b   ",
    ],
)
def test_long_texts_take_no_longer_than_they_are(part: str, kind: str) -> None:
    """A hundred thousand dollars, or other delimiters that nothing closes, are done in a moment."""
    find((part * 100_000)[:200_000], kind)
