"""A book of several files, with macros, two networks and ignored ranges: its mistakes are found."""

from __future__ import annotations

from pathlib import Path

from derive import check_file

FILES = {
    "book.tex": r"""\documentclass{book}
\usepackage{amsmath,physics,own}
\input{macros}
\begin{document}
% derive: network=2-4-3-2
\include{chapters/forward}
\include{chapters/backward}
% derive: network="mazur.toml"
\chapter{Numbers}
The weight is $w_5 = 2 w_5$. % mistake
\input{chapters/numbers}
\end{document}
""",
    "own.sty": r"""\newcommand{\own@hidden}[2]{\frac{\partial #1}{\partial #2}}
\newcommand{\pd}[2]{\own@hidden{#1}{#2}}
""",
    "macros.tex": r"""% letters of the book
\newcommand{\E}{E_{total}}
\DeclareMathOperator{\sig}{sig}
\def\w#1{w_{#1}}
\newcommand{\dl}[1][d_1]{\delta_{#1}}
\let\dotp\cdot
\def\be{\begin{equation}}
\def\ee{\end{equation}}
""",
    "chapters/forward.tex": r"""\chapter{Forward}
Each neuron has a net input and an output, like
\be net_{d_1} = \w{31} \dotp out_{c_1} + \w{32} \dotp out_{c_2} + \w{33} \dotp out_{c_3} \ee
\be net_{d_2} = \w{34} \dotp out_{c_1} + \w{35} \dotp out_{c_2} + \w{36} \dotp out_{c_2} \ee % mistake
\[ \boxed{out_{d_1} = \sig(net_{d_1})} \]
In general $f(x) = x^2$ may be any function, and $E = mc^2$ is another story.
\begin{align}
  out_{c_1} &= \sig(net_{c_1}) \\
  out_{c_2} &= \sig(net_{c_1}) \\ % mistake
  out_{c_3} &= \sig(net_{c_3})
\end{align}
% derive: off
A wrong formula to begin with: $net_{d_1} = 2 net_{d_1}$.
% derive: on
""",
    "chapters/backward.tex": r"""\chapter{Backward}
\begin{eqnarray}
  \pd{\E}{out_{d_1}} &=& out_{d_1} - target_{d_1} \\
  \pd{\E}{out_{d_2}} &=& target_{d_2} - out_{d_2} % mistake
\end{eqnarray}
\begin{equation}
  \dl = \color{red}{(out_{d_1} - target_{d_1})}
      \underbrace{out_{d_1} (1 - out_{d_1})}_{\text{slope}}
\end{equation}
\[ \dl[d_2] = (out_{d_2} - target_{d_2}) \dotp out_{d_2} (1 + out_{d_2}) \] % mistake
\[ \pdv{\E}{\w{31}} = \dl \dotp out_{c_1} \]
\[ \pdv{\E}{\w{32}} = \dl \dotp out_{c_1} \] % mistake
\[ \pd{\E}{\w{34}} = \dl[d_2] \dotp out_{c_1} \quad \dv{\E}{\w{35}} = \dl \dotp out_{c_2} \] % mistake
\[ \pd{\E}{out_{c_1}} = \dl \dotp \w{31} \] % mistake
$\w{31} = 3 \w{31}$ % derive: ignore
\[ {\partial \E}/{\partial out_{c_1}} = \dl \dotp \w{31} + \dl[d_2] \dotp \w{34} \]
""",
    "chapters/numbers.tex": r"""The outputs of the hidden layer: $out_{h1} = \sig(net_{h1})$.
\begin{equation} net_{o1} = w_5 \dotp out_{h1} + w_6 \dotp out_{h1} + b_2 \end{equation} % mistake
\begin{equation} \pd{E_{o1}}{out_{o1}} = 2 (out_{o1} - target_{o1}) \end{equation} % mistake
""",
}


def book(folder: Path) -> Path:
    """The files of the book in a folder, with the network of its last chapter."""
    from derive.networks.shipped import SHIPPED

    (folder / "chapters").mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    mazur = (SHIPPED / "mazur.toml").read_text(encoding="utf-8")
    (folder / "mazur.toml").write_text(mazur, encoding="utf-8")
    return folder / "book.tex"


def test_the_mistakes_of_a_book_are_found_and_nothing_else(tmp_path: Path) -> None:
    """All ten, each in its file and at its line; what is right is proved."""
    marked = {
        (name, number)
        for name, text in FILES.items()
        for number, line in enumerate(text.splitlines(), 1)
        if "% mistake" in line
    }
    assert len(marked) == 10
    report = check_file(None, book(tmp_path))
    verdicts: dict[str, set[tuple[str, int]]] = {}
    for part in report.parts:
        name = Path(part.source or "").relative_to(tmp_path).as_posix()
        for claim in part.claims:
            first = claim.line
            last = first + claim.text.count("\n")
            there = {(name, line) for line in range(first, last + 1)}
            verdicts.setdefault(claim.verdict.value, set()).update(
                there & marked or {(name, first)}
            )
    assert verdicts.keys() == {"proved", "refuted"}
    assert verdicts["refuted"] == marked
    assert not verdicts["proved"] & marked
    assert report.status == 1
