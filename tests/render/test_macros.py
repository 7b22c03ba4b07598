"""TeX itself puts macros in, and sets the same as of the formula that is read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.grammar.test_decorations import AROUND, FORMULAS, RELATION
from tests.grammar.test_macros import EXPANSIONS, put_in
from tests.render.tools import compile_latex

HEAD = r"""\documentclass{article}
\usepackage{amsmath,amssymb,mathtools,xcolor,bm,cancel}
\providecommand\sout[1]{#1}
\begin{document}
"""
BOXES = r"""{%s
\global\setbox0\hbox{$%s$}}\setbox2\hbox{$%s$}%%
\typeout{BOX %d \the\wd0 \the\ht0 \the\dp0AND \the\wd2 \the\ht2 \the\dp2}
"""
_BOX = re.compile(r"^BOX (\d+) (\S+?)AND (\S+)$", re.MULTILINE)


def boxes(cases: list[tuple[str, str, str]], folder: Path) -> dict[int, tuple[str, str]]:
    """How wide, high and deep TeX sets a formula after definitions, and another one."""
    path = folder / "macros.tex"
    body = "".join(BOXES % (*case, number) for number, case in enumerate(cases))
    path.write_text(HEAD + body + r"x\end{document}", encoding="utf-8")
    log = compile_latex(path, folder)
    assert not log.errors, log.errors
    text = (folder / "macros.log").read_text(errors="replace")
    return {int(found[1]): (found[2], found[3]) for found in _BOX.finditer(text)}


def test_tex_sets_the_same_as_of_what_is_read(tmp_path: Path) -> None:
    """Every expansion that the tests of macros demand is the one that TeX makes."""
    cases = [
        (definitions, formula, put_in(formula, definitions).text)
        for definitions, formula, _ in EXPANSIONS
        if not re.search("center|Declare", definitions)
    ]
    found = boxes(cases, tmp_path)
    assert len(found) == len(cases)
    different = [cases[number] for number, (one, other) in found.items() if one != other]
    assert not different


def test_another_expansion_is_found_out(tmp_path: Path) -> None:
    """An index of two digits is no index of one digit with another beside it."""
    ((one, other),) = boxes([(r"\def\x{31}", r"w_\x", "w_{31}")], tmp_path).values()
    assert one != other


@pytest.mark.parametrize("formula", sorted(FORMULAS))
def test_tex_accepts_what_the_tests_decorate(formula: str, tmp_path: Path) -> None:
    """No decoration of the property tests is a mistake of LaTeX."""
    name = r"w_{31}"
    cases = [("", around % name, formula) for around in AROUND]
    cases += [("", formula.replace("=", relation, 1), formula) for relation in RELATION]
    assert len(boxes(cases, tmp_path)) == len(cases)
