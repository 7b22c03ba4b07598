"""LaTeX: formulas, the numbers that it prints, and rows that go on."""

from __future__ import annotations

import pytest

from derive.checking.check import check_document
from derive.checking.documents import find
from tests.formulas.documents.found import numbers, only, texts


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


DISPLAYS = r"""\newcommand{\eq}[2]{\begin{equation}#1 = #2\end{equation}}
\newcommand*\shown[2][1]{\[#1 = #2\]}
\def\both#1{$$#1$$}
\newcommand{\reals}{\mathbb{R}}
\begin{document}
"""


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"so \eq{\frac{a}{b_{c}}}{d} and", [r"\eq{\frac{a}{b_{c}}}{d}"]),
        (r"\shown{x} \shown[5]{x}", [r"\shown{x}", r"\shown[5]{x}"]),
        (r"\both {x = 1}.", [r"\both {x = 1}"]),
        (r"in $x \in \reals$, \reals, \equal", [r"x \in \reals"]),
    ],
)
def test_a_command_that_makes_a_display_is_a_formula(source: str, expected: list[str]) -> None:
    """It is found with its arguments where it is used, and not where it is defined."""
    assert texts(f"{DISPLAYS}{source} \\end{{document}}", "tex") == expected
    assert texts(DISPLAYS.replace("\\begin{document}", "") + source, "tex")[-1] == expected[-1]


def test_a_display_that_a_command_makes_is_judged() -> None:
    r"""What \begin{equation} is within is judged with its number; nothing is passed over."""
    text = DISPLAYS + r"\eq{w_{31}}{2 w_{31}} \eq{out_{d_1}}{\sigma(net_{d_1})} \shown{w_{31}}"
    claims = check_document("2-4-3-2", text + r"\end{document}", "tex").claims
    found = [(claim.number, claim.verdict.value) for claim in claims]
    assert found == [("1", "refuted"), ("2", "proved"), (None, "unreadable")]
