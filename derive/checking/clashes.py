"""Names in one formula that do not go together: of two notations, or with two meanings."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from derive.checking.display import Piece
from derive.formula import Call, Name
from derive.grammar.tokens import Token

_TAU = re.compile(r"τ|\\tau(?![A-Za-z])")


def check_names(tokens: Sequence[Token], parameters: Collection[str]) -> None:
    """Raise :class:`Unreadable` where weights are named in two notations: w3 beside w13.

    Or where σ is a name, and stands before a bracket as a function does.
    """
    names = {token.key for token in tokens if token.kind == "NAME"}
    for token in tokens:
        call = token.formula
        if isinstance(call, Call) and not call.primes and call.function.lstrip("?") in names:
            raise token.error(f"{token.text} is a name, too; write a sign before the bracket")
    weights = [t for t in tokens if isinstance(t.formula, Name) and t.formula.name in parameters]
    foreign = next((token for token in weights if token.foreign), None)
    own = next((token for token in weights if not token.foreign), None)
    if foreign is not None and own is not None:
        raise foreign.error(
            f"{foreign.text} is a name of another notation than {own.text}; write all in one",
            "unknown-name",
        )


def check_last(
    piece: Piece, ends: Mapping[str, int], known: Mapping[str, int], free: Collection[str]
) -> None:
    """Raise :class:`Unreadable` where T is one number in an index and another elsewhere.

    `ends` are the numbers in indices, `known` those elsewhere, `free` are the index letters that
    nothing counts. The τ beside t, or T, may be any step, and not the last.
    """
    for name, value in ends.items():
        if known.get(name, value) != value:
            raise piece.error(f"{name} would be {value} here, and was {known[name]} before")
    if "τ" in ends and _TAU.search(piece.text) and ("T" in piece.text or free):
        raise piece.error("τ may be any step here, or the last; take another letter, or T")
