"""The parser, from tokens to trees, and why a formula could not be read, in words.

The file ``grammar.lark`` states the grammar. The table ``errors.toml`` lists messages, each with
malformed samples; a formula that breaks off in the same state of the parser gets the sample's
message. The same samples are the tests.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from lark import Lark, Tree
from lark import Token as LarkToken
from lark.exceptions import UnexpectedInput, UnexpectedToken
from lark.lexer import Lexer as LarkLexer

from derive.files import cache_folder
from derive.grammar.account import Account
from derive.grammar.free_names import FreeSymbols
from derive.grammar.lexer import Lexer
from derive.grammar.neighbours import check_neighbours
from derive.grammar.tokens import Token, Unreadable


class _Handed(LarkLexer):
    """Hands the tokens that were made already to the parser."""

    def __init__(self, conf: object) -> None:
        pass

    def lex(self, data: object) -> Iterator[LarkToken]:  # type: ignore[override]
        """The tokens themselves."""
        for token in data:  # type: ignore[attr-defined]
            yield LarkToken(token.kind, token.text, start_pos=token.start, end_pos=token.end)


def _stated(name: str) -> str:
    """The text of a file of this room."""
    return files("derive.grammar").joinpath(name).read_text(encoding="utf-8")


@cache
def parser() -> Lark:
    """The parser, from tokens to trees. An ambiguous grammar is an error here.

    Its tables are kept between runs; lark sees whether they are those of this grammar.
    """
    folder = cache_folder()
    return Lark(
        _stated("grammar.lark"),
        parser="lalr",
        lexer=_Handed,
        strict=True,
        start="chain",
        cache=str(folder / "grammar.tables") if folder else False,
    )


def parsed(tokens: Sequence[Token], account: Account, latex: bool) -> Tree[Any]:
    """The tree of a formula's tokens. Raises :class:`Unreadable`."""
    try:
        tree = parser().parse(tokens)
    except UnexpectedInput as error:
        start = end = tokens[-1].end if tokens else 0
        if isinstance(error, UnexpectedToken) and error.token.type != "$END":
            start, end = error.token.start_pos or 0, error.token.end_pos or 0
        raise Unreadable(explain(error), start, end) from None
    check_neighbours(tokens, account, latex)
    return tree


_WORDS = {
    "NUMBER": "a number", "NAME": "a name", "FUNCTION": "a function", "LPAR": "'('",
    "RPAR": "')'", "LBRACE": "'{'", "RBRACE": "'}'", "PLUS": "'+'", "MINUS": "'-'",
    "TIMES": "'*'", "DIVIDE": "'/'", "EQUALS": "'='", "POWER": "'^'", "D": "'∂'",
    "FRAC": "a fraction", "FRACEND": "the end of the fraction's part", "$END": "the end",
    "COMMA": "a comma", "PRIME": "a prime", "SUM": "Σ", "DOTS": "dots", "FRACTOP": "'{'",
    "GROWS": "'+='", "FALLS": "'-='",
    "APPROX": "'≈'", "BECOMES": "'←'", "HADAMARD": "'⊙'", "OUTER": "'⊗'", "EULER": "e^…",
    "DTOP": "'∂'", "RAISED": "an exponent", "TRANSPOSE": "a transpose", "SQRT": "a root",
    "COLON": "a colon", "ENTRY": "an index behind brackets",
}  # fmt: skip


@cache
def table() -> dict[str, list[str]]:
    """Messages → malformed samples over 2-4-3-2, as far as the parser finds them."""
    rows = tomllib.loads(_stated("errors.toml"))["error"]
    return {row["message"]: row["samples"] for row in rows if "by" not in row}


def explain(error: UnexpectedInput) -> str:
    """A sentence for a parser's error."""
    if not isinstance(error, UnexpectedToken):
        return "this cannot be read as a formula"
    kind = error.token.type
    return _states().get(_state(error), f"{_WORDS.get(kind, kind)} was not expected here")


@cache
def _states() -> dict[tuple[int, str], str]:
    """The states in which the samples break off, and their messages; the first one counts."""
    lexer = Lexer(FreeSymbols())
    states: dict[tuple[int, str], str] = {}
    for message, samples in table().items():
        for sample in samples:
            try:
                parser().parse(lexer.tokens(sample, {}))
            except UnexpectedToken as error:
                states.setdefault(_state(error), message)
            except Unreadable:
                continue
    return states


def _state(error: UnexpectedToken) -> tuple[int, str]:
    """The parser's state and the kind of token at which a formula breaks off."""
    state: Any = error.state
    return state.position, error.token.type
