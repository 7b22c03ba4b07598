"""Why a formula could not be read, in words: from the parser's state to a sentence.

The table ``errors.toml`` lists messages, each with malformed samples; a formula that breaks off in
the same state of the parser gets the sample's message. The same samples are the tests.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from lark.exceptions import UnexpectedInput, UnexpectedToken

from derive.grammar.free_names import FreeSymbols
from derive.grammar.lexer import Lexer
from derive.grammar.parser import parser
from derive.grammar.tokens import Unreadable

_WORDS = {
    "NUMBER": "a number", "NAME": "a name", "FUNCTION": "a function", "LPAR": "'('",
    "RPAR": "')'", "LBRACE": "'{'", "RBRACE": "'}'", "PLUS": "'+'", "MINUS": "'-'",
    "TIMES": "'*'", "DIVIDE": "'/'", "EQUALS": "'='", "POWER": "'^'", "D": "'∂'",
    "FRAC": "a fraction", "FRACEND": "the end of the fraction's part", "$END": "the end",
    "COMMA": "a comma", "PRIME": "a prime", "SUM": "Σ", "DOTS": "dots", "FRACTOP": "'{'",
    "APPROX": "'≈'", "BECOMES": "'←'", "HADAMARD": "'⊙'", "EULER": "e^…", "DTOP": "'∂'",
    "RAISED": "an exponent", "TRANSPOSE": "a transpose", "SQRT": "a root", "COLON": "a colon",
}  # fmt: skip


@cache
def table() -> dict[str, list[str]]:
    """Messages → malformed samples over 2-4-3-2, as far as the parser finds them."""
    text = files("derive.grammar").joinpath("errors.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["error"]
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
