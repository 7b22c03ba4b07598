r"""Hostile input, and a server that judges it in a process of its own for each case.

``python -m tests.formulas.hostile`` reads names of cases from its input, forks for each, and writes
a line of JSON: the verdicts, what was said, the calls and megabytes that it took.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.formulas.hostile_texts import doubling, filled, nested
from tests.work import MOST_CALLS, limited

UNREADABLE = ("unreadable",)
PROVED = ("proved",)
REFUTED = ("refuted",)
UNDECIDED = ("undecided",)
NOT_PROVED = ("unreadable", "refuted", "undecided", "none")


@dataclass(frozen=True, slots=True)
class Case:
    """What to judge one after the other, the verdicts that the last may have, words said of it.

    With a `kind` it is a document.
    """

    texts: Sequence[str]
    verdicts: Sequence[str] = UNREADABLE
    says: str = ""
    kind: str = ""


def one(text: str, verdicts: Sequence[str] = UNREADABLE, says: str = "", **more: str) -> Case:
    """A case of a single formula."""
    return Case([text], verdicts, says, **more)


_SUMS = "".join(rf"\sum_{{{letter}=1}}^{{1000}} " for letter in "ijklmnpqrs")
_LETTERS = r"out_{b_i} out_{c_j} out_{d_k} out_{a_l} net_{b_m} net_{c_n} net_{d_p} \delta_{c_q}"
_TURNED = r"\delta_{c_q} net_{d_p} net_{c_n} net_{b_m} out_{a_l} out_{d_k} out_{c_j} out_{b_i}"

CASES: dict[str, Case] = {
    # Powers.
    "tower": one("out_{d_1} = 9^{9^{9^{9}}}", says="an exponent has to be a number"),
    "tower-of-50": one("w31 = " + "2^{" * 50 + "2" + "}" * 50, says="an exponent"),
    "tower-in-text": one("w31 = 9^(9^(9^(9^9)))", says="an exponent"),
    "tower-of-stars": one("w31 = 9**9**9**9"),
    "powers-of-powers": one("w31 = " + "(" * 7 + "9" + "^{999})" * 7, NOT_PROVED),
    "powers-of-a-weight": one("w31 = " + "(" * 7 + "w31 + 1" + ")^{1000}" * 7, NOT_PROVED),
    "powers-in-a-row": one(filled("w31 = w31", "^2"), says="nested more than"),
    "raised-in-a-row": one(filled("w31 = w31", "²·²"), NOT_PROVED),
    "raised-digits": one(filled("w31 = w31", "⁹"), says="digits"),
    "transposes": one(filled("w31 = w31", "ᵀ"), says="nested more than"),
    "exponent-1001": one("w31 = w31^{1001}", says="an exponent above 1,000"),
    "exponent-product": one("w31 = w31^{999*999*999}", says="an exponent above 1,000"),
    "exponent-fraction": one(r"w31 = w31^{\frac{1}{1e-90}}", says="an exponent above 1,000"),
    "exponent-by-zero": one(r"w31 = w31^{1/0}", says="an exponent has to be a number"),
    "exponent-name": one("w31^{w32} = w31^{w32}", says="an exponent has to be a number"),
    "power-of-a-sum": one(r"w_{31} = (w_{31} + w_{32} + w_{33} + 1)^{1000}", REFUTED),
    "power-of-a-sum-turned": one("(w31 + w32 + 1)^{1000} = (1 + w32 + w31)^{1000}", PROVED),
    "power-of-out": one("out_d1^1000 = out_d1^999 · out_d1", PROVED),
    "product-of-powers": one("w31 = " + "(w31 + w32)^{500}" * 20, REFUTED),
    "products-of-powers": one("(w31+w32)^500 (w33+w34)^500 = (w32+w31)^500 (w34+w33)^500", PROVED),
    "power-of-error": one("(E_total + 1)^1000 = (1 + E_total)^1000", PROVED),
    "slope-of-a-power": one(
        "∂((E_total+1)^1000)/∂w11 = 1000·(E_total+1)^999·∂E_total/∂w11", PROVED
    ),
    "numbers-to-powers": one("((1.1^1000)^1000)^1000 = 2", NOT_PROVED),
    "number-to-a-power": one("1.5^100 = 2", NOT_PROVED),
    "zero-to-minus-one": one("0.0^{-1} = 0.0", NOT_PROVED),
    "exp-of-exp": one("w31 = " + "exp(" * 55 + "w31" + ")" * 55, NOT_PROVED),
    "e-to-the-e": one("w31 = " + "e^{" * 50 + "w31" + "}" * 50, NOT_PROVED),
    "exp-of-a-sum": one(filled("w31 = exp(w31", " + w31", ")"), NOT_PROVED),
    "sig-of-sig": one("w31 = " + "sig(" * 55 + "net_d1" + ")" * 55, REFUTED),
    "exp-of-minus-exp": one("w31 = " + "exp(-" * 40 + "w31" + ")" * 40, REFUTED),
    # Brackets.
    "brackets": one(nested("(", ")", 10_000), says="nested more than 60 deep"),
    "brackets-open": one(nested("(", "", 10_000), says="nested more than 60 deep"),
    "brackets-closed": one(nested("", ")", 10_000), says=") closes nothing"),
    "brackets-crossed": one("w31 = ({w31)}", says="{ is still open"),
    "braces": one(nested("{", "}", 10_000), says="nested more than 60 deep"),
    "brackets-of-fifty": one(nested("(", ")", 50), PROVED),
    "signed-brackets": one(nested("-(", ")", 58), says="nested more than 100 deep"),
    "bracketed-equations": one("(" * 3000 + "w31 = w31" + ") = w31" * 3000, UNREADABLE),
    "fractions": one(nested(r"\frac{1}{", "}", 2900), says="nested more than"),
    "fractions-open": one(filled("w31 = ", r"\frac{"), says="never closed"),
    "fractions-of-fifty": one(nested(r"\frac{1}{", "}", 50, "w31 + 2"), REFUTED),
    "fractions-bare": one(filled("w31 = ", r"\frac"), NOT_PROVED),
    "fractions-wide": one(filled("w31 = 1", r"+\frac{w31}{2}"), REFUTED),
    "fonts": one(nested(r"\mathrm{", "}", 3000), says="a name of more than"),
    "font-braces": one(r"w31 = \mathrm" + "{" * 9000 + "a" + "}" * 9000, says="a name of more"),
    "index-braces": one("w31 = w_{" + "{" * 9000 + "}" * 9000 + "}", says="a name of more than"),
    "environments": one(r"\begin{aligned}" * 1900 + " w31 = w31", ("proved", "unreadable")),
    "environment-unclosed": one(r"\begin{aligned} w31 &= w32", says="is never ended"),
    "environment-unopened": one(r"w31 &= w32 \end{aligned}", says="ends nothing"),
    "environment-unknown": one(r"\begin{verbatim} w31 = w31 \end{verbatim}", UNREADABLE),
    # Length.
    "megabyte": one("w31 = " + "w31 + " * 166_000 + "w31", says="too long"),
    "megabyte-of-x": one("x" * 1_000_000, says="too long"),
    "megabyte-of-rows": one("w31 = w31 \\\\ " * 75_000, says="too long"),
    "sum-of-thousands": one(filled("w31 = w31", " + w31"), REFUTED),
    "product-of-thousands": one(filled("w31 = w31", " * w31"), NOT_PROVED),
    "juxtaposed-thousands": one(filled("w31 = w31", " w31"), NOT_PROVED),
    "entrywise-thousands": one(filled("w31 = w31", " ⊙ w31"), says="nested more than"),
    "minus-thousands": one(filled("w31 = ", "-", "w31"), says="nested more than"),
    "plus-thousands": one(filled("w31 = ", "+", "w31"), says="nested more than"),
    "divided-thousands": one(filled("w31 = w31", "/w31"), says="nested more than"),
    "divided-minus-thousands": one(filled("w31 = w31", "/-w31"), says="nested more than"),
    "times-minus-thousands": one(filled("w31 = w31", "*-w31"), NOT_PROVED),
    "times-minus": one(filled("w31 = w31", "*-"), UNREADABLE),
    "partials-thousands": one(filled("w31 = 1", " · ∂E_d1/∂w31"), NOT_PROVED),
    "operators-thousands": one(
        filled("w31 = ", r"\frac{\partial}{\partial w31} ", "w31"), says="nested more than"
    ),
    "operators-in-text": one(filled("w31 = ", "∂/∂w31 ", "w31"), says="nested more than"),
    "partials-only": one(filled("w31 = ", r"\partial "), UNREADABLE),
    "partials-nested": one(
        "w31 = " + "∂(" * 50 + "w31" + ")/∂w31" * 50, ("undecided", "unreadable")
    ),
    "primes": one("w31 = sig" + "'" * 10_000 + "(net_d1)", ("undecided", "unreadable")),
    "primes-of-a-weight": one("w31 = w31" + "'" * 10_000, UNREADABLE),
    "equals": one("w31 " + "=" * 10_000 + " w31", says="side of the equation is missing"),
    "equals-chain": one(filled("w31", " = w31"), PROVED),
    "equals-chain-wrong": one(filled("w31", " = w32"), REFUTED),
    "rows-empty": one("w31 = w31" + "\\\\" * 10_000, PROVED),
    "rows": one(r"\begin{aligned}" + r"w31 &= w31 \\ " * 2100 + r"\end{aligned}", PROVED),
    "rows-going-on": one(filled("w31", r" \\ = w31"), PROVED),
    "rows-broken-off": one(
        r"\begin{aligned}" + r"w31 &= \\ " * 2900 + r"\end{aligned}", UNREADABLE
    ),
    "rows-spaced": one(filled("w31 = w31", "\\\\["), (*NOT_PROVED, "proved")),
    "columns": one(filled("w31 = w31", " & w31 = w31"), PROVED),
    "ampersands": one(filled("w31 = w31", "&", "*2"), REFUTED),
    "quads": one(filled("w31 = w31", r"\quad ", "*2"), REFUTED),
    "spaces": one(filled("w31 = w31", " ", "*2"), REFUTED),
    "empty-braces": one(filled("w31 = w31", "{}", "*2"), REFUTED),
    "lefts": one(filled("w31 = w31", r"\left. ", "*2"), says=r"no \right"),
    "commas": one(filled("w31 = w31", ","), says=", is not read"),
    "comma-statements": one(filled("", "w31 = w31, "), PROVED),
    "texts": one(filled("w31 = w31", r"\text{ and }w31=w31"), PROVED),
    "texts-open": one(filled("w31 = ", r"\text{"), UNREADABLE),
    "tags": one(filled("w31 = w31", r"\tag{1}"), says="one tag only"),
    "labels": one(filled("", r"\label{a}", "w31 = w32"), REFUTED),
    "underscores": one(filled("w31 = ", "_"), says="'_' has no name before it"),
    "underscores-behind": one(filled("w31 = out", "_"), says="a name of more than"),
    "carets": one(filled("w31 = w31", "^"), UNREADABLE),
    "backslashes": one(filled("w31 = ", "\\"), UNREADABLE),
    # Names.
    "name-of-a": one(filled("w31 = ", "a"), says="a name of more than 120"),
    "name-of-ab": one(filled("w31 = ", "ab"), says="a name of more than 120"),
    "name-of-d": one(filled("w31 = ", "d"), says="a name of more than 120"),
    "name-of-out": one(filled("w31 = ", "out"), says="a name of more than 120"),
    "name-of-w31": one(filled("w31 = ", "w31"), says="a name of more than 120"),
    "name-of-ew": one(filled("w31 = ", "Ew"), says="a name of more than 120"),
    "names-of-d": one(filled("w31 = ", "d" * 119 + " "), NOT_PROVED),
    "names-of-e": one(filled("w31 = ", "E" * 118 + "w "), NOT_PROVED),
    "index-of-3": one("w31 = w_{" + "3" * 9000 + "}", says="a name of more than 120"),
    "index-placeholder": one("w31 = w_{" + "3" * 9000 + "x}", says="a name of more than 120"),
    "index-placeholder-short": one("w31 = w_{" + "3" * 90 + "x}", UNREADABLE),
    "index-of-d1": one("w31 = out_" + "d1" * 9000, says="a name of more than 120"),
    "index-lowered": one(filled("w31 = w", "₃"), says="a name of more than 120"),
    "index-raised": one("w31 = w_{²}", says="is not in the network"),
    "level-raised": one("w31 = w^{²}_{11}", UNREADABLE),
    "arabic-level": one("w31 = w^{٣}_{11}", UNREADABLE),
    # Characters.
    "nul": one("w31 = w31\x00", says="U+0000"),
    "right-to-left": one("w31 = \u202ew31", says="U+202E"),
    "zero-width": one("w\u200b31 = w31", says="U+200B"),
    "byte-order-mark": one("\ufeffw31 = w31", says="U+FEFF"),
    "lone-surrogate": one("w31 = \ud800w31", says="U+D800"),
    "lone-surrogate-name": one("w31 = \\mathrm{\udfff}", says="U+DFFF"),
    "combining": one("w31 = w\u030131 + e\u0301", says="U+0301"),
    "combining-many": one(filled("w31 = w31", "\u0301"), says="U+0301"),
    "emoji": one("w31 = 😀", says="U+1F600"),
    "arabic-digits": one("w31 = ٣", says="U+0663"),
    "wide-digits": one("w31 = ３", says="U+FF13"),
    "circled-limit": one(r"w31 = \sum_{k=1}^{②} w31", says="upper limit"),
    "superscript-limit": one(r"w31 = \sum_{k=1}^{²} w31", says="upper limit"),
    # Numbers.
    "digits": one("w31 = " + "9" * 1_000_000, says="too long"),
    "digits-near": one(filled("w31 = ", "9"), says="digits"),
    "exponent-of-ten": one("w31 = 1e999999", says="digits"),
    "exponent-of-ten-negative": one("w31 = 1e-999999", says="digits"),
    "exponent-behind-zeros": one("w31 = 1e000000000999999999", says="digits"),
    "exponent-of-many-digits": one("w31 = 1e" + "9" * 5000, says="digits"),
    "large-number": one("1e99 = 4e99", REFUTED),
    "decimals": one(filled("", "0.1*", "1 = 0"), NOT_PROVED),
    "division-by-zero": one(r"w_{31} = \frac{w_{31}}{0}", UNDECIDED),
    "division-by-zero-twice": one(r"\frac{w_{31}}{0} = \frac{w_{31}}{0}", UNDECIDED),
    "division-by-nothing": one(r"\frac{1}{w_{31} - w_{31}} = 5", UNDECIDED),
    "zero-by-zero": one("w31 = 0/0", UNDECIDED),
    "zero-to-a-negative-power": one("0^{-1} = 0^{-1}", UNDECIDED),
    "zero-times-nothing": one(r"0 = \frac{0}{0} w_{31}", UNDECIDED),
    # Sums.
    "sum-to-infinity": one(
        rf"out_{{d_1}} = \sum_{{k=1}}^{{{'9' * 30}}} out_{{c_k}}", says="there are 3"
    ),
    "sum-of-a-billion": one(r"out_{d_1} = \sum_{k=1}^{1000000000} w_{31}", says="10,000 terms"),
    "sum-of-ones": one(r"out_{d_1} = \sum_{k=1}^{1000000000} 1", says="10,000 terms"),
    "sum-limit-of-digits": one(
        r"w_{31} = \sum_{k=1}^{" + "9" * 9000 + "} w_{31}", says="10,000 terms"
    ),
    "sum-backwards": one(r"w_{31} = \sum_{k=5}^{2} w_{31}", says="nothing to add"),
    "sum-from-zero": one(r"w_{31} = \sum_{k=0}^{2} out_{c_k}", says="there are 3 to count"),
    "sums-in-sums": one(f"w_{{31}} = {_SUMS}w_{{31}}", says="written out"),
    "sums-of-two": one("w31 = " + r"\sum_{i=1}^{2} " * 60 + "w31", says="written out"),
    "sums-written-out": one("w31 = " + r"\sum_{i=2}^{9999} " * 4 + "w31", says="written out"),
    "sums-side-by-side": one("w31 = 1" + r" + \sum_{i=1}^{9999} w31" * 300, says="written out"),
    "sum-of-ten-thousand": one(r"w_{31} = \sum_{k=1}^{10000} w_{31}", REFUTED),
    "sums-bare": one(filled("w31 = ", r"\sum "), UNREADABLE),
    "index-letters": one(f"{_LETTERS} = out_{{b_i}}", REFUTED),
    "index-letters-turned": one(f"{_LETTERS} = {_TURNED}", ("proved", "undecided")),
    "dots": one(filled("w31 = 1", r" + \cdots + 1"), REFUTED),
    "dots-confused": one(
        filled(
            "net_{d_1} = w_{31} out_{c_1}",
            r" + \cdots + w_{33} out_{c_3} + \cdots + w_{31} out_{c_1}",
        ),
        UNREADABLE,
    ),
    "dots-of-dots": one(filled("w31 = ", r"\dots "), UNREADABLE),
    # Placeholders.
    "placeholders": one("out_{d_1} = " + " + ".join(["w_{xx}"] * 100), NOT_PROVED),
    "placeholders-beside": one(
        "net_{d_1} = " + " + ".join(rf"w_{{xx}} \cdot out_{{c_{n % 3 + 1}}}" for n in range(100)),
        NOT_PROVED,
    ),
    # Definitions.
    "doubling": Case(doubling("+"), NOT_PROVED),
    "squaring": Case(doubling("*"), NOT_PROVED),
    "doubling-at-once": Case([", ".join(doubling("+"))], NOT_PROVED),
    "doubling-again": Case(
        ["a = w31", *["a = a + a"] * 60, "w31 = a"],
        NOT_PROVED,
    ),
    "defined-by-itself": Case(["a = a + w31", "w31 = a"]),
    "defined-in-a-circle": Case(["a = b + w31", "b = a + w31", "w31 = a"]),
    # What would be code.
    "input": one(r"w31 = \input{/etc/passwd}", says=r"\input is not known"),
    "input-first": one(r"\input{/etc/passwd} = w31", says=r"\input is not known"),
    "def": one(r"\def\a{\a\a}\a = w31", says="without an end in sight"),
    "def-twofold": one(r"\def\a{\b\b}\def\b{\a\a}\a = w31", says="without an end in sight"),
    "def-edef": one(r"\edef\a{w31}\a = w31", says=r"\edef, which is not read"),
    "def-unclosed": one(r"\def\a#1{#1}\a{w31 = w31", says="is never closed"),
    "def-doubling": one(
        "".join(rf"\def\{chr(97 + n)}{{\{chr(98 + n)}\{chr(98 + n)}}}" for n in range(24))
        + r"\def\y{w31}\a = w31",
        says="without an end in sight",
    ),
    "groups-in-groups": one("{" * 5_000 + "w" + "}_1" * 5_000 + " = w31"),
    "group-by-group": one("{w}" * 9_000 + " = w31"),
    "overs": one("w31 = " + "{" * 50 + "1" + r"\over 2}" * 50 + r" \over 3"),
    "colours": one("w31 = " + r"\color{red}{" * 2_000 + "w31" + "}" * 2_000),
    "boxes": one("w31 = " + r"\boxed{" * 2_000 + "w31" + "}" * 2_000),
    "definitions": one(r"\def\x{w31}" * 2_500 + r"\x = \x", ("proved",)),
    "newcommand": one(r"\newcommand{\w}{w31} \w = w31", ("proved",)),
    "write": one(r"w31 = \write18{touch hacked}", says=r"\write is not known"),
    "catcode": one(r"\catcode`\@=11 w31 = w31", says=r"\catcode is not known"),
    "csname": one(r"w31 = \csname input\endcsname", says=r"\csname is not known"),
    "python": one("w31 = __import__('os').system('touch hacked')", UNREADABLE),
    "python-name": one(r"w31 = \mathrm{__import__}(\text{os})", UNREADABLE),
    "python-attribute": one("w31 = w31.__class__.__mro__", UNREADABLE),
    "lambda": one("w31 = lambda: 1", UNREADABLE),
    "exec-in-text": one(r"w31 = \text{exec('touch hacked')}", UNREADABLE),
    "lambdify": one("w31 = lambdify(x)", UNREADABLE),
    "format": one("w31 = {0.__class__}", UNREADABLE),
    "nothing": one("", ("none",)),
    "blank": one("   ", ("none",)),
    "equals-alone": one("=", says="side of the equation is missing"),
    # Documents.
    "dollars": Case(["$" * 1_000_000], ("none", "unreadable"), kind="md"),
    "dollars-and-blanks": Case(["$ " * 500_000], ("none", "unreadable"), kind="md"),
    "dollars-and-x": Case(["$x" * 50_000], ("none", "unreadable"), kind="md"),
    "dollars-tex": Case(["$" * 1_000_000], ("none", "unreadable"), kind="tex"),
    "dollars-text": Case(["$" * 1_000_000], ("none", "unreadable"), kind="txt"),
    "backticks": Case(["`" * 999_999 + "$w31=w31$"], ("none", "proved"), kind="md"),
    "backticks-apart": Case(["` `` " * 200_000], ("none",), kind="md"),
    "fences": Case(["```math\n" * 100_000], ("none", "unreadable"), kind="md"),
    "fences-growing": Case(["\n".join("`" * n for n in range(3, 1400))], ("none",), kind="md"),
    "brackets-md": Case(["\\[" * 500_000], ("none", "unreadable"), kind="md"),
    "brackets-tex": Case(["\\[" * 500_000], ("none", "unreadable"), kind="tex"),
    "comments": Case(["<!-- " * 200_000], ("none",), kind="md"),
    "quotations": Case([">" * 1_000_000], ("none",), kind="md"),
    "begins": Case(["\\begin{align}" * 70_000], ("none", "unreadable"), kind="tex"),
    "begins-md": Case(["\\begin{equation}" * 60_000], ("none", "unreadable"), kind="md"),
    "subequations": Case(["\\begin{subequations}" * 50_000], ("none",), kind="tex"),
    "comments-tex": Case(["%" * 1_000_000], ("none",), kind="tex"),
    "tags-open": Case(["$$" + "\\tag{" * 200_000 + "$$"], ("none", "unreadable"), kind="md"),
    "verbs": Case(["\\verb|" * 160_000], ("none",), kind="tex"),
    "iffalse": Case(["\\iffalse" * 120_000], ("none",), kind="tex"),
    "renewed": Case(["\\renewcommand\\theequation{" * 40_000], ("none",), kind="tex"),
    "lines-of-equals": Case(["=" * 1_000_000], ("none", "unreadable"), kind="txt"),
    "lines-of-text": Case(
        ["a = b and " * 100_000], ("none", "unreadable", "undecided"), kind="txt"
    ),
    "lines-of-spaces": Case(["w31 = w31" + " " * 990_000], ("none", "proved"), kind="txt"),
    "gaps": Case(["w31 = " + "a  " * 300_000], ("none", "unreadable"), kind="txt"),
    "short-lines": Case(["=\n" * 500_000], ("none", "unreadable"), kind="txt"),
    "notebook-deep": Case(["[" * 1_000_000], ("error",), kind="ipynb"),
    "notebook-number": Case(['{"cells": ' + "9" * 100_000 + "}"], ("error",), kind="ipynb"),
    "notebook-surrogate": Case(
        ['{"cells": [{"cell_type": "markdown", "source": "$w_{31} = \\ud800$"}]}'], kind="ipynb"
    ),
    "nul-document": Case(["\x00" * 1_000_000], ("none",), kind="md"),
}


def judged(case: Case) -> dict[str, object]:
    """The verdict on the last of a case's texts, and all that is said."""
    from derive import Model
    from derive.checking.check import check, check_document
    from derive.errors import InputError

    model = Model.of("2-4-3-2")
    error = None
    with limited(MOST_CALLS) as count:
        try:
            if case.kind:
                report = check_document(model, case.texts[0], case.kind)
            else:
                report = check(model, *case.texts)
            json.dumps(report.to_json(), allow_nan=False)
        except InputError as refusal:
            error = refusal
    if error is not None:
        return {"verdict": "error", "says": [str(error)], "calls": count.calls}
    claims = report.claims
    inside = all(
        finding.start is None
        or 0 <= finding.start <= (finding.end or finding.start) <= len(claim.text) + 1
        for claim in claims
        for finding in claim.findings
    )
    return {
        "verdict": claims[-1].verdict.value if claims else "none",
        "says": [f.message for f in claims[-1].findings] if claims else [],
        "inside": inside,
        "calls": count.calls,
    }


def _answers(names: Iterator[str]) -> Iterator[dict[str, object]]:
    """What becomes of each case, in a child of its own."""
    for name in names:
        read, write = os.pipe()
        child = os.fork()
        if not child:
            os.close(read)
            resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
            try:
                found = judged(CASES[name])
            except BaseException:  # noqa: BLE001
                found = {"verdict": "traceback", "says": [traceback.format_exc()[-1500:]]}
            with os.fdopen(write, "w") as out:
                out.write(json.dumps(found))
            os._exit(0)
        os.close(write)
        with os.fdopen(read) as answer:
            text = answer.read()
        _, status, usage = os.wait4(child, 0)
        found = json.loads(text) if text else {"verdict": f"ended by {status}", "says": []}
        yield {**found, "megabytes": usage.ru_maxrss // 1024}


def main() -> None:
    """Answer names on the input until it ends.

    What every case needs (modules, the grammar, the tables) is made here once, before a child is
    forked for each, so that it is no part of what a case costs.
    """
    judged(one("w31 = w32"))
    judged(one("$w_{31} = w_{32}$", kind="md"))
    for answer in _answers(line.strip() for line in sys.stdin):
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
