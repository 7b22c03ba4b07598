"""Decorations and macros change how a formula looks, and never what it says."""

from __future__ import annotations

import re
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive import check_document
from derive.checking.judge import Judge
from derive.grammar.expanding import expanded
from derive.grammar.macros import Macros
from derive.networks.sources import model_of

FORMULAS = {
    r"\frac{\partial E_{total}}{\partial w_{31}} = \delta_{d_1} \cdot out_{c_1}": "proved",
    r"\frac{\partial E_{total}}{\partial w_{31}} = \delta_{d_1} \cdot out_{c_2}": "refuted",
    r"net_{d_1} = w_{31} out_{c_1} + w_{32} out_{c_2} + w_{33} out_{c_3}": "proved",
    r"net_{d_1} = w_{31} out_{c_1} - w_{32} out_{c_2} + w_{33} out_{c_3}": "refuted",
    r"\delta_{d_1} = (out_{d_1} - target_{d_1}) \cdot out_{d_1} \cdot (1 - out_{d_1})": "proved",
    r"\delta_{d_1} = (out_{d_1} - target_{d_1}) \cdot out_{d_1} \cdot (1 + out_{d_1})": "refuted",
    r"\frac{\partial net_{d_1}}{\partial out_{c_1}} = \sout{w_{31}}": "unreadable",
}
NAME = r"(?:\\delta|out|net|target|E|w)_\{[^{}]*\}"
AROUND = (
    r"\color{red}{%s}", r"\textcolor{blue!50}{%s}", r"{\color{green} %s}", r"\boxed{%s}",
    r"\underbrace{%s}_{\text{a label}}", r"\overbrace{%s}^{x}", r"\ensuremath{%s}", r"\fbox{$%s$}",
    r"\colorbox{yellow}{$%s$}", r"\large %s", r"\displaystyle %s", r"\vphantom{w_{77}}%s",
    r"\phantom{= 5}%s", r"\vspace{2pt}%s", r"\hspace{1pt}%s", r"\smash{%s}",
)  # fmt: skip
"""What an author may put around a name."""
WHOLE = (
    r"\boxed{%s}", r"{\color{red} %s}", r"\textcolor{red}{%s}", r"\begin{aligned}%s\end{aligned}",
    r"\displaystyle %s", r"\ensuremath{%s}", r"%s \nonumber", r"%s \tag{3} \label{eq:a}",
)  # fmt: skip
RELATION = ("=", r"\stackrel{(3)}{=}", r"\overset{\text{chain rule}}{=}", r"\mathrel{=}", "{}=")


@cache
def judge() -> Judge:
    """One judge for all formulas, none of which defines anything."""
    return Judge(model_of("2-4-3-2"))


def verdict(text: str) -> str:
    """What is said of a formula."""
    claim = judge().judge(text)
    return "silent" if claim is None else claim.verdict.value


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_decorated_formula_has_the_same_verdict(data: st.DataObject) -> None:
    """Whatever is put around names, the relation and the whole, as often as one likes."""
    formula = data.draw(st.sampled_from(sorted(FORMULAS)))
    expected = FORMULAS[formula]

    def decorated(name: re.Match[str]) -> str:
        written = name[0]
        for around in data.draw(st.lists(st.sampled_from(AROUND), max_size=2)):
            written = around % written
        return written

    top, sign, rest = formula.partition("=")
    text = f"{top}{data.draw(st.sampled_from(RELATION))}{re.sub(NAME, decorated, rest)}"
    text = data.draw(st.sampled_from(WHOLE)) % text
    assert sign
    assert verdict(text) == expected


@settings(max_examples=60, deadline=None)
@given(st.data())
@pytest.mark.slow
def test_a_formula_of_macros_has_the_same_verdict(data: st.DataObject) -> None:
    """Any stretch of a formula between two of its signs may be a macro, with arguments or not."""
    formula = data.draw(st.sampled_from(sorted(FORMULAS)))
    expected = FORMULAS[formula]
    definitions: list[str] = []

    def wrapped(name: re.Match[str]) -> str:
        way = data.draw(st.integers(0, 5))
        macro = "\\m" + "abcdefghijklmnopq"[len(definitions)]
        stem, index = name[0].split("_", 1)
        if way == 0:
            return name[0]
        definitions.append(
            {
                1: rf"\newcommand{{{macro}}}{{{name[0]}}}",
                2: rf"\newcommand{macro}[1]{{{stem}_{{#1}}}}",
                3: rf"\def{macro}#1;{{{stem}_{{#1}}}}",
                4: rf"\newcommand*{{{macro}}}[2][{stem}]{{#1_{{#2}}}}",
                5: rf"\NewDocumentCommand{{{macro}}}{{s m}}{{\IfBooleanTF{{#1}}{{{stem}_{{#2}}}}{{0}}}}",
            }[way]
        )
        inner = index[1:-1]
        calls = {1: f"{macro} ", 2: f"{macro}{index}", 3: f"{macro} {inner};", 4: f"{macro}{index}"}
        return calls.get(way, f"{macro}*{index}")

    text = re.sub(NAME, wrapped, formula)
    kind = data.draw(st.sampled_from(["tex", "md"]))
    document = "\n".join([*definitions, f"$${text}$$"])
    (claim,) = check_document(judge().model, document, kind).claims
    assert claim.verdict.value == expected
    assert claim.text == text.strip()


@pytest.mark.parametrize(
    "formula",
    [
        r"\sout{2} w_{31} = w_{31}",
        r"\cancel{2} w_{31} = w_{31}",
        r"\xcancel{w_{32}} w_{31} = w_{31}",
        r"w_{31} \color{- w_{31}} = w_{31}",
        r"\underbrace{w_{31}}_{= w_{32}} = w_{31}",
        r"\underbrace{w_{31}}^{2} = w_{31}",
        r"w_{31} \overset{\text{not}}{=} w_{31}",
        r"w_{31} \stackrel{x}{\to} w_{31}",
        r"w_{31} \hspace{-2em} w_{32} = w_{31}",
        r"\boxed{w_{31} + w_{32}} w_{31} = w_{31} w_{31} + w_{32} w_{31}",
        r"\textcolor{red}{w_{31} + w_{32}} w_{31} = w_{31} w_{31} + w_{32} w_{31}",
        r"2 \color{red}{w_{31} + w_{32}} = 2 w_{31} + w_{32}",
        r"\textcolor{red}{w_{31} + w_{32}}^2 = w_{31} + w_{32}^2",
        r"\pdv[2]{E_{total}}{w_{31}} = w_{31}",
        r"\fbox{not} w_{31} = w_{31}",
    ],
)
def test_what_may_say_something_is_no_decoration(formula: str) -> None:
    """What is crossed out, claimed at a brace or set over a sign: the formula is not read."""
    assert verdict(formula) == "unreadable"


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"\pdv{E_{total}}{w_{31}} = \delta_{d_1} \, out_{c_1}", "proved"),
        (r"\dv{E_{total}}{w_{31}} = \delta_{d_1} \, out_{c_2}", "refuted"),
        (r"\odv{E_{total}}{w_{31}} = \delta_{d_1} \qty(out_{c_1})", "proved"),
        (r"\pdv{w_{31}} E_{total} = \delta_{d_1} \cdot out_{c_1}", "proved"),
        (r"{\partial E_{total}}/{\partial w_{31}} = \delta_{d_1} \cdot out_{c_1}", "proved"),
        (
            r"\tfrac{\partial E_{total}}{\partial w_{31}} = \dfrac{1}{2} \cdot 2 \delta_{d_1} out_{c_1}",
            "proved",
        ),
        (
            r"\delta_{d_1} \vcentcolon= (out_{d_1} - target_{d_1}) out_{d_1} (1 - out_{d_1})",
            "proved",
        ),
        (r"E_{d_1} = 0{,}5 (target_{d_1} - out_{d_1})^2", "proved"),
        (r"E_{d_1} = \frac12 \left(target_{d_1} - out_{d_1}\right)^{\color{red} 2}", "proved"),
        (r"{\color{red} w}_{31} = {w}_{31}", "proved"),
        (r"w_\textcolor{red}{31} = w_{31}", "proved"),
        (r"w_{31} \textcolor{red}{- w_{32} + w_{33}} = w_{31} - w_{32} + w_{33}", "proved"),
        (r"2 \textcolor{red}{(w_{31} + w_{32})} = 2 w_{31} + 2 w_{32}", "proved"),
        (r"w_{31} \textcolor{red}{\cdot w_{32}} = w_{31} w_{32}", "proved"),
        (r"w_{31} + w_{32} = \textcolor{red}{w_{31} + w_{32}}", "proved"),
        (r"\textcolor{red}{w_{31} +} w_{32} \textcolor{red}{= w_{31} + w_{32}}", "proved"),
        ("sig⁽²⁾ = w31", "unreadable"),
        (r"E_{d_1} = ½ (target_{d_1} - out_{d_1})²", "proved"),
    ],
)
def test_spellings_of_packages(formula: str, expected: str) -> None:
    """physics, derivative, mathtools, colours in an index, fractions on one line."""
    assert verdict(formula) == expected


def test_a_raised_character_before_a_lowered_one() -> None:
    """w³₁₁ has both at once; a function's square stands before its argument."""
    assert (
        expanded("w³₁₁ + tanh²(x) + x² + w31⁺", Macros()).text
        == "w^{3}₁₁ + tanh^{2}(x) + x² + w31⁺"
    )
    claim = Judge(model_of("2-2")).judge("tanh²(net_b1) = tanh(net_b1)·tanh(net_b1)")
    assert claim is not None
    assert claim.verdict.value == "proved"


def test_a_decoration_that_changes_what_a_formula_says_is_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Were a label under a brace multiplied, or what is crossed out dropped, the tests would see it."""
    from derive.grammar import macros
    from derive.grammar.stream import Stream, Token

    wrong = Macros()
    stream = Stream(r"{\sout}{m}{}")
    wrong.defined(Token(r"\NewDocumentCommand", 0, 0), stream)
    monkeypatch.setitem(macros.packages(), "sout", wrong.own["sout"])
    assert verdict(r"\sout{2} w_{31} = w_{31}") == "proved"
