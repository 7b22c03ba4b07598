"""The checks check themselves: each planted fault raises the alarm, a clean document passes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests import conftest
from tests.render import look, missing
from tests.render.tools import (
    ToolMissing,
    compile_latex,
    count_formulas,
    github_errors,
    katex_errors,
    page_errors,
    read_log,
)

CLEAN = r"""
# The weight $w_{31}$

It leads from $out_{c_1}$ to $net_{d_1}$ (neuron $d_1$), *slowly*. `$not \math$` costs \$5.

![c₁, d₁](data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=)

$$
\begin{aligned}
\frac{\partial E_{total}}{\partial w_{31}}
  &= \frac{\partial E_{d_1}}{\partial out_{d_1}} \cdot \frac{\partial out_{d_1}}{\partial w_{31}} \\
  &\quad + 0
\end{aligned} \tag{12}
$$

| quantity   | value       |
|------------|-------------|
| $out_{c_1}$ | **$0.4$** |

- First, $a < b$.

```math
\left\{ a \,\middle|\, b \right\}
```

```text
$\nonsense$
```
"""

LATEX = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage{lmodern}
\usepackage{amsmath}
\begin{document}
\tableofcontents
\section{One}
By \eqref{first} and \pageref{first}, all is well.
\begin{equation}
  E_{total} = E_{d_1} + E_{d_2} \label{first}
\end{equation}
%s
\end{document}
"""


def latex(tmp_path: Path, body: str = "") -> Path:
    """A small document with `body` at its end."""
    path = tmp_path / "document.tex"
    path.write_text(LATEX % body, encoding="utf-8")
    return path


@pytest.mark.slow
def test_a_clean_markdown_document_passes_every_check() -> None:
    """Formulas in text, tables, lists and displays are found; code and prose are left alone."""
    assert count_formulas(CLEAN) == 9
    assert katex_errors(CLEAN) == []
    assert github_errors(CLEAN) == []
    assert page_errors(CLEAN) == []


@pytest.mark.parametrize(
    ("planted", "line", "alarm"),
    [
        (r"$x$ and $\nosuchmacro$", 1, r"Undefined control sequence: \n"),
        ("one\ntwo\n\n- $x$\n- $y^$\n", 5, "Expected group after '^'"),
        ("$$\n\\begin{aligned} a &= b\n$$", 1, r"or \end at end of input"),
        (r"| a |" + "\n|---|\n" + r"| $\frac{1}$ |", 3, "end of input"),
        (r"$\left( a$", 1, "end of input"),
        ("$é$", 1, "Accented Unicode text"),
        ("$a_1_2$", 1, "Double subscript"),
        (r"$\begin{aligned} a \end{aligned} \tag{1}$", 1, r"\tag works only in display"),
    ],
)
def test_what_katex_refuses_is_reported(planted: str, line: int, alarm: str) -> None:
    """A formula that strict KaTeX refuses is reported with its line and KaTeX's own words."""
    faults = katex_errors(planted)
    assert [fault.line for fault in faults] == [line]
    assert alarm in faults[0].message.replace("\u0332", "")


DISPLAY = "$$\n\\begin{{aligned}}\n{}\n\\end{{aligned}}\n$$"


@pytest.mark.parametrize(
    ("planted", "alarm"),
    [
        (r"$a \, b$", r"eats the backslash of \,"),
        (r"$\{ a \} \; b\!$", r"eats the backslash of \{ \} \; \!"),
        (r"$\text{a\_b \#1}$", r"eats the backslash of \_ \#"),
        (DISPLAY.format(r"a &= \{ b \}"), r"eats the backslash of \{ \}"),
        (DISPLAY.format(r"a &= b \\ &= c"), r"halves a \\ that does not end its line"),
        (DISPLAY.format("a &= b \\\\\n+ c"), "without its partner"),
        (DISPLAY.format("a &= b \\\\\n\n&= c"), "without its partner"),
        (DISPLAY.format("a \\\\\n= \\\\\nb").replace("= \\\\", "==="), "without its partner"),
        (r"$\mathrm{out}_{1}$ and $\mathrm{out}_{2}$", "mark-up: em"),
        (r"$a * b$ and $a*b*c$", "mark-up: em"),
        (r"$a_*$ and $b_*$", "mark-up: em"),
        ("$[a](b)$", "mark-up: link"),
        ("$a <b> c$", "mark-up: html_inline"),
        ("$a<b$", "< needs a space"),
        ("$a &lt; b$", "mark-up: entity"),
        ("| a |\n|---|\n| $P(a|b)$ |", "without its partner"),
        ("Costs $5.", "without its partner"),
        ("$ x$", "a space just inside"),
        ("$x $", "a space just inside"),
        ("$a +\nb$", "on one line"),
        ("the $n$th", 'ends no formula before "t"'),
        ("$x$2", 'ends no formula before "2"'),
        ("a$x$", 'starts no formula after "a"'),
        ("degree-$d$", 'starts no formula after "-"'),
        (r"$\operatorname{sig}(x)$", r"does not allow the macro \operatorname"),
        ("$$\n\\begin{align}\na\n\\end{align}\n$$", "aligned instead of align"),
        ("$$\n\\begin{equation*}\na\n\\end{equation*}\n$$", "aligned instead of equation*"),
        ("Text\n$$\na\n$$", "blank line before and after"),
        ("$$\na\n$$\n$$\nb\n$$", "blank line before and after"),
        ("- $x$\n\n- and\n\n  $$\n  a\n  $$\n  $y$", "in one list item"),
        ("<div>\n$x$\n</div>", "inside HTML"),
        ("By [(1)](#eq-1).", "leads to no place"),
        ('<a id="x"></a>\n\nBy [it](#x).\n\n<a id="x"></a>', "leads to 2 places"),
    ],
)
def test_what_github_would_spoil_is_reported(planted: str, alarm: str) -> None:
    """Each way in which GitHub's Markdown damages or misses a formula is named."""
    messages = [fault.message for fault in github_errors(planted)]
    assert any(alarm in message for message in messages), messages


@pytest.mark.parametrize(
    "harmless",
    [
        r"The neurons ($x_1$), *$x_2$* and **$x_3$**, $x_4$-fold; then $x_5$.",
        r"$out_{c_1}$ and $out_{c_2}$, $w_{31}^{+}$, $\sum_{k}$, $W^{\top}$ and $2 \cdot 3 * 4$",
        DISPLAY.format("a_{1} &= b_{1} \\\\\n  &= c \\\\\n  &\\quad + d"),
        "1. First $x$.\n2. Then $y$ — and $z$.",
        "> $x$ is quoted,\n> and so is $y$.",
        '<a id="eq-1"></a>\n\n$$\na\n$$\n\n## The hidden layer!\n\nBy [(1)](#eq-1), [it](#the-hidden-layer).',
    ],
)
def test_what_github_shows_well_is_not_reported(harmless: str) -> None:
    """Subscripts of names, brackets, emphasis around a formula, continued rows and links."""
    assert github_errors(harmless) == []
    assert katex_errors(harmless) == []


@pytest.mark.slow
def test_the_browser_finds_what_cannot_be_drawn(tmp_path: Path) -> None:
    """A broken picture, a formula wider than the column and one MathJax refuses: each by its line;
    what can be shown is photographed all the same.
    """
    planted = [
        "![missing](picture.svg)\n",
        f"$$\n{'a + ' * 80}a \\tag{{1}}\n$$\n",
        "Text and $\\nosuchmacro$.\n",
    ]
    faults = page_errors(CLEAN + "\n".join(planted), tmp_path)
    start = CLEAN.count("\n") + 1
    assert [fault.line for fault in faults] == [start, start + 2, start + 6]
    assert "no image can be shown" in faults[0].message
    assert "px wide, but the column has 830" in faults[1].message
    assert "Undefined control sequence" in faults[2].message
    assert [picture.name for picture in tmp_path.iterdir()] == ["page-01.png"]


def test_a_clean_latex_document_compiles_until_its_references_settle(tmp_path: Path) -> None:
    """No fault, a page, and nothing left lying beside the document."""
    log = compile_latex(latex(tmp_path))
    assert log.faults == ()
    assert log.pages == 1
    assert [path.name for path in tmp_path.iterdir()] == ["document.tex"]


@pytest.mark.parametrize(
    ("planted", "kind", "alarm"),
    [
        (r"\nosuchmacro", "errors", "Undefined control sequence"),
        (r"$\left( a \\ b \right)", "errors", "Missing $ inserted"),
        (r"See \ref{nowhere}.", "undefined", "Reference `nowhere'"),
        (r"See \cite{nobody}.", "undefined", "Citation `nobody'"),
        (r"\label{first}", "multiply_defined", "Label `first' multiply defined"),
        (rf"\begin{{equation}} {'a + ' * 60} a \end{{equation}}", "overfull", r"Overfull \hbox"),
        (r"\noindent\rule{\textwidth}{1pt}\rule{2pt}{1pt}", "overfull", r"Overfull \hbox"),
        (r"{\fontfamily{nosuch}\selectfont text}", "warnings", "Font shape"),
        (r"{\usefont{U}{msa}{m}{n}\char200}", "warnings", "Missing character"),
    ],
)
def test_what_latex_says_against_a_document_is_reported(
    tmp_path: Path, planted: str, kind: str, alarm: str
) -> None:
    """Each planted fault is found in the log, under the kind it belongs to."""
    found = getattr(compile_latex(latex(tmp_path, planted)), kind)
    assert any(alarm in line for line in found), found


def test_a_hair_of_overfullness_is_tolerated() -> None:
    """One point sticks out unseen; more is reported."""
    line = r"Overfull \hbox ({}pt too wide) in paragraph at lines 1--2"
    assert read_log(line.format("0.9")).overfull == ()
    assert read_log(line.format("1.1")).overfull == (line.format("1.1"),)


def test_a_missing_tool_skips_the_test_or_fails_it_where_tools_are_required(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without pdflatex the reason is named; under DERIVE_REQUIRE_TOOLS that is a failure."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolMissing, match="pdflatex is not installed"):
        compile_latex(latex(tmp_path))

    def outcome() -> None:
        hook = conftest.pytest_runtest_call()
        next(hook)
        hook.throw(ToolMissing("pdflatex is not installed"))

    monkeypatch.delenv(missing.REQUIRE, raising=False)
    with pytest.raises(pytest.skip.Exception, match="pdflatex is not installed"):
        outcome()
    monkeypatch.setenv(missing.REQUIRE, "1")
    with pytest.raises(pytest.fail.Exception, match="pdflatex is not installed"):
        outcome()


@pytest.mark.slow
def test_a_look_at_a_document_leaves_pictures_and_names_the_faults(tmp_path: Path) -> None:
    """LaTeX pages become PNG files; a fault is printed too and gives exit status 1."""
    pictures, faults = look.look(latex(tmp_path), tmp_path / "seen")
    assert [picture.name for picture in pictures] == ["page-1.png"]
    assert faults == []
    wrong = tmp_path / "wrong.md"
    wrong.write_text("$a \\, b$\n", encoding="utf-8")
    page_errors("")  # in this process, where a missing tool is told from a failure
    command = [sys.executable, "-m", "tests.render.look", str(wrong), str(tmp_path / "shown")]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert done.stdout.split() == [str(tmp_path / "shown" / "page-01.png")]
    assert done.stderr == "line 1: Markdown eats the backslash of \\,: a \\, b\n"
