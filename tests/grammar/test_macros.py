"""Macros are put in as TeX puts them in, and what is said of a formula stands where it is written."""

from __future__ import annotations

import pytest

from derive import check, check_document
from derive.grammar import macros as grammar_macros
from derive.grammar.expanding import Expanded, expanded
from derive.grammar.macros import Macros, packages, read_definitions

KEPT = r"\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}"


def put_in(formula: str, definitions: str = "", *, grouped: bool = True) -> Expanded:
    """A formula with the macros of a preamble put in."""
    known = Macros(grouped=grouped)
    read_definitions(known, definitions, 0, len(definitions), package=False)
    return expanded(formula, known)


EXPANSIONS = [
    (KEPT, r"\pd{E}{w}", r"\frac{\partial E}{\partial w}"),
    (r"\newcommand\x[2][5]{#1+#2}", r"\x{3} \x[2]{4}", "5+3 2+4"),
    (r"\newcommand*{\x}{ab}", r"\x c", "abc"),
    (r"\renewcommand{\cdot}{+}", r"a \cdot b", "a +b"),
    (r"\providecommand{\x}{1}\providecommand{\x}{2}", r"\x", "1"),
    (r"\newcommand{\x}{1}\renewcommand{\x}{2}", r"\x", "2"),
    (r"\def\x(#1,#2){#1_{#2}}", r"\x(w,{3,1})", "w_{3,1}"),
    (r"\def\x#1;{<#1>}", r"\x a{;}b; c", "<a{;}b> c"),
    (r"\long\def\x{1}\protected\def\y{2}", r"\x\y", "12"),
    (r"\let\x\delta", r"\x_1", r"\delta_1"),
    (r"\let\x=\delta \renewcommand{\delta}{d}", r"\x a", r"\delta a"),
    (r"\let\old\frac\renewcommand{\frac}[2]{\old{#2}{#1}}", r"\frac12", r"\frac{2}{1}"),
    (r"\newcommand{\x}{1}\let\y\x\renewcommand{\x}{2}", r"\y\x", "12"),
    (r"\DeclareMathOperator*{\sm}{softmax}", r"\sm x", r"\operatorname{softmax}x"),
    (r"\DeclarePairedDelimiter{\of}{(}{)}", r"f\of*{x}", "f(x)"),
    (
        r"\NewDocumentCommand{\x}{s O{2} m}{#2#3\IfBooleanTF{#1}{!}{?}}",
        r"\x*{a}\x[b]{c}",
        "2a!bc?",
    ),
    (r"\NewDocumentCommand\x{d()}{\IfNoValueTF{#1}{0}{[#1]}}", r"\x(a) \x b", "[a] 0b"),
    (r"\def\x{\y}\def\y{z}", r"\x", "z"),
    (r"\newcommand{\bs}{\boldsymbol}", r"\bs\delta", r"\boldsymbol\delta"),
    (r"\def\x{31}", r"w_{\x} \frac\x\x \frac{a}\x", r"w_{31} \frac{31}{31} \frac{a}{31}"),
    (r"\def\x{\def\y{1}\y}", r"\x{\def\y{2}\y}\y", r"1{2}1"),
    ("{\\def\\x{1}} \\begin{center}\\gdef\\y{2}\\def\\z{3}\\end{center}", r"\x\y\z", r"\x2\z"),
]
"""Definitions, a formula, and what stands in its place."""


@pytest.mark.parametrize(("definitions", "formula", "expected"), EXPANSIONS)
def test_a_macro_stands_for_what_tex_puts_in_its_place(
    definitions: str, formula: str, expected: str
) -> None:
    """Each way to define one, with arguments, defaults, delimiters, groups and old meanings."""
    assert put_in(formula, definitions).text.replace("\\ ", "\\") == expected


def test_in_markdown_a_definition_holds_from_there_on() -> None:
    """There are no groups, and a formula may hold the definitions for all that come behind it."""
    known = Macros(grouped=False)
    assert not expanded(r"\def\x{31}", known).text.strip()
    assert expanded(r"w_{\x}", known).text == "w_{31}"


def test_in_tex_a_definition_inside_of_a_formula_ends_with_it() -> None:
    """A formula is a group; what is global leaves it."""
    known = Macros()
    assert expanded(r"\def\x{1}\gdef\y{2}\x\y", known).text == "12"
    assert expanded(r"\x\y", known).text == r"\x2"


def test_below_and_above_only_the_first_sign_of_a_macro_stands() -> None:
    """So TeX prints it: w_\\x is w with a small 3 and a 1 beside it."""
    assert put_in(r"w_\x", r"\def\x{31}").text == "w_{3}1"
    assert put_in(r"W^\x", r"\def\x{\top}").text == r"W^\top"
    assert put_in(r"w^\textcolor{red}{31}").text == "w^{31}"


def test_what_is_found_stands_where_the_author_wrote_it() -> None:
    """A place inside of an argument is its own; one out of a macro's body is the whole use."""
    formula = r"\pd{E}{w_{31}} = \dd \cdot out_{c_2}"
    read = put_in(formula, KEPT + r"\newcommand\dd{\delta_{d_1}}")
    wrong = read.text.index("out_{c_2}")
    found = check("2-4-3-2", read.text).claims[0].findings[0]
    assert (found.start, found.end) == (read.text.index(r"\delta"), len(read.text))
    place = read.back(found)
    assert formula[place.start : place.end] == r"\dd \cdot out_{c_2}"
    assert place.within_macro
    assert (read.begins[wrong], read.ends[wrong]) == (
        formula.index("out"),
        formula.index("out") + 1,
    )
    inner = read.text.index("w_{31}")
    assert read.begins[inner] == formula.index("w_{31}")
    top = read.text.index(r"\partial")
    assert (read.begins[top], read.ends[top]) == (0, len(r"\pd{E}{w_{31}}"))


def test_findings_of_a_document_stand_at_its_lines_and_columns() -> None:
    """So they do in each line of a display; and the claim is shown as it was written."""
    text = KEPT + "\n\\def\\d{\\delta_{d_1}}\n\\[\n\\pd{E}{w_{31}}\n  = \\d \\cdot out_{c_2}\n\\]\n"
    (claim,) = check_document("2-4-3-2", text, "tex").claims
    assert claim.verdict.value == "refuted"
    assert claim.text.startswith(r"\pd{E}")
    assert claim.place(claim.findings[0].start) == (5, 5)


@pytest.mark.parametrize(
    "definitions",
    [
        r"\def\x{\x\x}",
        r"\def\x{\y}\def\y{\x}",
        r"\def\x#1{\x{#1#1}}",
        "".join(
            rf"\def\{a}{{\{b}\{b}}}"
            for a, b in zip("xabcdefghijklmnopq", "abcdefghijklmnopqr", strict=True)
        ),
    ],
)
def test_a_macro_without_an_end_takes_so_much_work_and_no_more(
    definitions: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its formula is unreadable, and says which macro it is; the next formula is read."""
    monkeypatch.setattr("derive.grammar.expanding.MOST_WORK", 5_000)
    known = Macros()
    read_definitions(known, definitions, 0, len(definitions), package=False)
    read = expanded(r"\x{a} = w", known)
    assert read.hopeless
    assert 5_000 - 100 < known.work < 5_000 + 10_000
    assert read.fault is not None
    assert read.fault.message.startswith(r"\x")
    report = check_document(
        "2-2", rf"{definitions} $\x{{a}} = w_{{11}}$ $w_{{11}} = w_{{11}}$", "tex"
    )
    assert [claim.verdict.value for claim in report.claims] == ["unreadable", "proved"]


def test_all_formulas_together_take_so_much_work_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where each of many formulas stays below the bound of one, the document has its own."""
    monkeypatch.setattr(grammar_macros, "MOST_WORK_IN_ALL", 400)
    monkeypatch.setattr("derive.grammar.expanding.MOST_WORK_IN_ALL", 400)
    text = r"\def\x{" + "+ 0 " * 40 + "} " + r"$w_{11} \x = w_{11}$ " * 9
    verdicts = [claim.verdict.value for claim in check_document("2-2", text, "tex").claims]
    assert verdicts[0] == "proved"
    assert verdicts[-1] == "unreadable"


@pytest.mark.parametrize(
    "definitions",
    [
        r"\edef\cdot{+}",
        r"\ifx\a\b\def\cdot{+}\else\def\cdot{-}\fi",
        r"\expandafter\def\csname cdot\endcsname{+}",
        r"\DeclareMathSymbol{\cdot}{\mathbin}{symbols}{1}",
        r"\catcode`\+=13",
        r"\NewDocumentCommand\cdot{v}{+}",
    ],
)
def test_a_meaning_that_cannot_be_told_is_not_guessed(definitions: str) -> None:
    """A formula that uses such a command is not read, whatever it would say."""
    for formula in (r"w_{11} \cdot w_{11} = w_{11}^2", r"w_{11} \cdot w_{11} = 2 w_{11}"):
        (claim,) = check_document("2-2", f"{definitions} ${formula}$", "tex").claims
        assert claim.verdict.value == "unreadable"


def test_a_document_means_its_own_macro_and_not_a_packages() -> None:
    r"""An author's \pdv may have its arguments the other way round."""
    own = r"\newcommand{\pdv}[2]{\frac{\partial #2}{\partial #1}}"
    assert put_in(r"\pdv{w}{E}", own).text == put_in(r"\pdv{E}{w}").text


def test_every_macro_of_the_packages_is_read() -> None:
    """The program's own file holds no definition that is refused."""
    assert len(packages()) > 60
    assert not [name for name, macro in packages().items() if macro.refused]
