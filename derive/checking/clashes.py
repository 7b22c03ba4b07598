"""Names in one formula that do not go together: of two notations, or with two meanings."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from derive.checking.display import Piece
from derive.formula import Call, Name, Partial
from derive.grammar.tokens import Token
from derive.model import Model, Role

_DERIVES = frozenset({"D", "DTOP", "NABLA", "NABLAEND"})
"""Tokens behind which stands what is differentiated."""
_TAU = re.compile(r"τ|\\tau(?![A-Za-z])")


def check_names(tokens: Sequence[Token], model: Model) -> None:
    """Raise :class:`Unreadable` where weights are named in two notations: w3 beside w13.

    Or where σ is a name, and stands before a bracket as a function does; or C'(w) beside C itself,
    which may be another error: C' = C + ½λw². That of any other quantity by what it is computed
    from is no name.
    """
    names = {token.key for token in tokens if token.kind == "NAME"}
    for token in tokens:
        call = token.formula
        if isinstance(call, Call) and not call.primes and call.function.lstrip("?") in names:
            raise token.error(f"{token.text} is a name, too; write a sign before the bracket")
    plain = {t.formula for before, t in pairwise(tokens) if before.kind not in _DERIVES}
    plain |= {token.formula for token in tokens[:1]}
    for token in tokens:
        slope = token.formula if "'" in token.text else None
        if isinstance(slope, Partial) and slope.of in plain and not _is_inner(slope, model):
            raise token.error(f"{token.text} may be a derivative, or another error; write ∂")
    own_ones = model.parameters
    weights = [t for t in tokens if isinstance(t.formula, Name) and t.formula.name in own_ones]
    foreign = next((token for token in weights if token.foreign), None)
    own = next((token for token in weights if not token.foreign), None)
    if foreign is not None and own is not None:
        raise foreign.error(
            f"{foreign.text} is a name of another notation than {own.text}; write all in one",
            "unknown-name",
        )


def _is_inner(slope: Partial, model: Model) -> bool:
    """Whether this is the derivative of what is no error by a name in its definition."""
    of, by = slope.of, slope.by
    if not isinstance(of, Name) or not isinstance(by, Name) or of.name not in model.definitions:
        return False
    error = model.quantities[of.name].role in (Role.ERROR, Role.TOTAL)
    return not error and by.name in model.inputs_of[of.name]


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
