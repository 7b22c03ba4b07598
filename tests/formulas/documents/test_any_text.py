"""Whatever is typed can be searched, and what is found stands where it is said to stand."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from derive.checking.documents import find
from derive.errors import InputError
from tests.formulas.documents.found import notebook, slice_at
from tests.work import calls

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
@example("$$\\ ", "md")
@example("$%\n\\0$", "md")
def test_any_text_can_be_searched(text: str, kind: str) -> None:
    """Nothing that is typed is an error; what is found is in order and not empty.

    It has no blanks around it but one behind a backslash, which belongs to that.
    """
    found = find(text, kind)
    for formula in found:
        kept = formula.text[:-1] if formula.text[-2:-1] == "\\" else formula.text
        assert kept.strip() == kept != ""
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
    """Of dollars, or other delimiters that nothing closes, twice as many are twice the work.

    And a hundred thousand of them come to an end.
    """
    few, twice = (calls(lambda n=n: find(part * n, kind)) for n in (1_000, 2_000))
    assert twice <= 2.1 * few
    find((part * 100_000)[:200_000], kind)
