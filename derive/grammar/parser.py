"""The parser, from tokens to trees, as the file ``grammar.lark`` states it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from lark import Lark
from lark import Token as LarkToken
from lark.lexer import Lexer as LarkLexer


class _Handed(LarkLexer):
    """Hands the tokens that were made already to the parser."""

    def __init__(self, conf: object) -> None:
        pass

    def lex(self, data: object) -> Iterator[LarkToken]:  # type: ignore[override]
        """The tokens themselves."""
        for token in data:  # type: ignore[attr-defined]
            yield LarkToken(token.kind, token.text, start_pos=token.start, end_pos=token.end)


@cache
def grammar() -> str:
    """The grammar's text."""
    return files("derive.grammar").joinpath("grammar.lark").read_text(encoding="utf-8")


@cache
def parser() -> Lark:
    """The parser, from tokens to trees. An ambiguous grammar is an error here."""
    return Lark(grammar(), parser="lalr", lexer=_Handed, strict=True, start="chain")
