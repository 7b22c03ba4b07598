r"""What the program's own macros say that is no formula: choices, and what may not be dropped.

A decoration drops its colour, its length or its label only where it is one: what claims something
is not dropped, and the formula is not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import accumulate

from derive.grammar.connectives import is_reason
from derive.grammar.macros import NO_VALUE
from derive.grammar.stream import Stream, Token, stripped, text_of
from derive.grammar.tokens import Unreadable


class Primitives:
    """The part of an expansion that carries out what bodies of macros say; see ``packages.tex``."""

    stream: Stream
    found: list[Token]
    demanded: bool
    labels: list[Unreadable]

    def choose(self, token: Token) -> None:
        r"""\IfNoValueTF{#1}{yes}{no} and its like."""
        name = token.name
        asked = text_of(self.stream.argument(token))
        holds = asked == (YES if "Boolean" in name else NO_VALUE)
        if name.startswith("IfValue"):
            holds = not holds
        yes = [] if name.endswith("F") and not name.endswith("TF") else self.stream.argument(token)
        no = self.stream.argument(token) if name.endswith("F") else []
        self.stream.push(yes if holds else no)

    def box(self, token: Token) -> None:
        r"""\derive@box{…}: a box of text holds words, or a formula between dollars."""
        content = stripped(self.stream.argument(token))
        depths = accumulate((t.text == "{") - (t.text == "}") for t in content)
        dollars = [n for n, depth in enumerate(depths) if content[n].text == "$" and not depth]
        if dollars == [0, len(content) - 1]:
            self.stream.push([at("{", token.begin), *content[1:-1], at("}", token.end)])
            return
        text = Token("\\text", token.begin, token.end, frozen=True)
        self.found += [text, at("{", token.begin), *content, at("}", token.end)]

    def words(self, token: Token) -> None:
        r"""\derive@words{…}: a remark, in which what stands between dollars is only named."""
        found: list[Token] = []
        named: list[Token] | None = None
        for piece in stripped(self.stream.argument(token)):
            if piece.text == "$":
                if named is not None and _CLAIMS.search(text_of(named)):
                    message = "a relation in a remark is not read; write it beside"
                    raise Unreadable(message, token.begin, token.end)
                named = [] if named is None else None
            elif named is not None:
                named.append(piece)
            else:
                found.append(piece)
        text = Token("\\text", token.begin, token.end, frozen=True)
        self.found += [text, at("{", token.begin), *found, at("}", token.end)]

    def colour(self, token: Token) -> None:
        r"""\derive@colour{red!50}: the name of a colour, a length, or nothing else."""
        written = text_of(self.stream.argument(token)).strip()
        if not _COLOUR.fullmatch(written):
            message = f"{written[:40]!r} is no colour and no length, and is not read"
            raise Unreadable(message, token.begin, token.end)

    def stretch(self, token: Token) -> None:
        r"""\derive@stretch{…}: a stretch that is set apart by its colour.

        A sum in it is a group, and so its braces stay: nobody knows whether the author takes it for
        one. What begins or ends with a sign, or relates something, goes on outside.
        """
        content = self.stream.argument(token)
        depths = accumulate((t.text in "{([") - (t.text in "})]") for t in content)
        signs = [t.text for t, depth in zip(content, depths, strict=True) if not depth]
        shown = [sign for sign in signs if not sign.isspace()] or [""]
        goes_on = {shown[0], shown[-1]} & _SIGNS or {*shown} & _RELATIONS
        if {*shown} & _SUMMING and not goes_on:
            content = [at("{", token.begin), *content, at("}", token.end)]
        self.stream.push(content)

    def space(self, token: Token) -> None:
        r"""\derive@space{1in}: a blank, a wide one between formulas."""
        written = text_of(self.stream.argument(token)).strip()
        found = _LENGTH.fullmatch(written)
        size = float(found[1]) * _EMS[found[2]] if found else None
        if size is None or size < -0.5:
            message = f"a space of {written} may set signs one over the other"
            raise Unreadable(message, token.begin, token.end)
        wide = "\\quad" if size >= 0.9 else "\\,"
        self.found.append(Token(wide, token.begin, token.end))

    def label(self, token: Token) -> None:
        r"""\derive@label{…}: what stands at a brace names it, and claims nothing.

        A formula among such names is remembered, for what it says of the brace is not judged.
        """
        inside = self.stream.argument(token)
        written = text_of(inside)
        if written != NO_VALUE and _CLAIMS.search(written):
            message = "a relation at a brace is not read; write it beside"
            raise Unreadable(message, token.begin, token.end)
        if written != NO_VALUE and _FORMULA.search(_WORDS.sub("", written)):
            message = f"what stands at a brace is not judged: {written.strip()[:40]}"
            self.labels.append(Unreadable(message, inside[0].begin, inside[-1].end))

    def above(self, token: Token) -> None:
        r"""\derive@above{!}{=}: what stands above a relation says why, or that it shall hold."""
        label, relation = self.stream.argument(token), self.stream.argument(token)
        written = _FONT.sub("", text_of(label)).strip("{}() .\\")
        if text_of(relation).strip() not in _RELATIONS:
            raise Unreadable("what stands above this is not read", token.begin, token.end)
        self.demanded = self.demanded or written in ("!", "?")
        if not (_REFERENCE.fullmatch(written) or is_reason(written)):
            message = f"{written[:40]!r} above a relation is not read"
            raise Unreadable(message, token.begin, token.end)
        self.stream.push(relation)

    def refuse(self, token: Token) -> None:
        r"""\derive@refuse{why}: the formula is not read."""
        raise Unreadable(text_of(self.stream.argument(token)), token.begin, token.end)


def at(sign: str, place: int) -> Token:
    """A sign that the author did not write, at a place."""
    return Token(sign, place, place)


YES, NO = "\\BooleanTrue", "\\BooleanFalse"
_COLOUR = re.compile(
    r"|-?[A-Za-z]\w*(?:![\w.]+)*|#[0-9A-Fa-f]{3,8}|[0-9A-F]{6}|[0-9.]+(?:\s*,\s*[0-9.]+){2,3}"
    r"|(?:[a-z]+,\s*)?(?:padding|border)[\w: #,]*|-?[0-9]*\.?[0-9]+\s*[a-z]{2}"
)
_SUMMING = frozenset({"+", "-", "−", "–", "\\pm", "\\mp"})
_SIGNS = _SUMMING | {
    "*",
    "/",
    "=",
    "·",
    "×",
    "⊙",
    "∘",
    "&",
    r"\cdot",
    r"\times",
    r"\odot",
    r"\circ",
}
_LENGTH = re.compile(r"(-?[0-9]*\.?[0-9]+)\s*(em|ex|mu|pt|px|cm|mm|in|pc|bp)")
_EMS = {
    "em": 1.0, "ex": 0.45, "mu": 1 / 18, "pt": 0.1, "px": 0.075, "cm": 2.85, "mm": 0.285,
    "in": 7.2, "pc": 1.2, "bp": 0.1,
}  # fmt: skip
_CLAIMS = re.compile(r"[=≈≡<>≤≥≠]|\\(?:approx|equiv|neq?|leq?|geq?|sim|propto)(?![A-Za-z])")
_WORDS = re.compile(
    r"\\(?:text\w*|mathrm|mbox|rm|operatorname)(?![A-Za-z])\s*\{[^{}]*\}|(?<![\\A-Za-z])[A-Za-z]{3,}"
)
_FORMULA = re.compile(
    r"\\(?:[dt]?frac|delta|sigma|partial|nabla|prime)(?![A-Za-z])|[δσ∂∇'′_/^]|[+*·-]"
)
"""What a label has that is a formula, and no word or letter for what stands at the brace."""
_FONT = re.compile(r"\\(?:text|mathrm|textrm|scriptsize|tiny|mbox|rm)(?![A-Za-z])\s*\{?|[{}$]")
_REFERENCE = re.compile(
    r"[!?*†‡]|def|definition|(?:eq\.?~?\s*)?\(?(?:[A-Z]?\.?[0-9]+(?:\.[0-9]+)*[a-z]?|[ivx]+|[a-z])\)?"
)
_RELATIONS = frozenset({"=", ":=", "\\approx", "\\equiv", "≈", "≡", "\\coloneqq", "\\simeq"})
PRIMITIVES: dict[str, Callable[[Primitives, Token], None]] = {
    **{
        f"If{what}{ways}": Primitives.choose
        for what in ("NoValue", "Value", "Boolean")
        for ways in ("TF", "T", "F")
    },
    "derive@colour": Primitives.colour,
    "derive@stretch": Primitives.stretch,
    "derive@box": Primitives.box,
    "derive@words": Primitives.words,
    "derive@space": Primitives.space,
    "derive@label": Primitives.label,
    "derive@above": Primitives.above,
    "derive@refuse": Primitives.refuse,
}
