"""The weight or bias that somebody means: ``w21``, ``w_{21}``, ``w₂₁``, ``w^{2}_{13}``."""

from __future__ import annotations

from collections.abc import Sequence

from derive.checking.symbols import Symbols
from derive.errors import InputError
from derive.formula import Name
from derive.grammar.lexer import Lexer
from derive.grammar.tokens import Unreadable
from derive.model import Model
from derive.model.facts import Facts
from derive.networks.sources import build
from derive.suggest import listed


def parameters(network: Facts, written: Sequence[str]) -> list[str]:
    """The plain names of several; see :func:`parameter`."""
    model = build(network) if written else None
    return [parameter(model, each) for each in written] if model else []


def parameter(model: Model, written: str) -> str:
    """The plain name of the weight or bias of `model` that is `written` as formulas write it.

    It is read as :func:`~derive.checking.check.check` reads a name in a formula: plain or in
    LaTeX, in the network's own notation and names, or in another notation where that means a
    single one. Raises :class:`InputError` for a name that the network does not have, and for one
    that may mean two, with both of them.
    """
    if written in model.parameters:
        return written
    symbols = Symbols(model)
    try:
        tokens = Lexer(symbols).tokens(written, {})
    except Unreadable:
        tokens = []
    if len(tokens) == 1:
        meant = [f.name for f in symbols.meanings(tokens[0].key) if isinstance(f, Name)]
        if len(meant) > 1:
            raise InputError(
                f"weight {written!r} may be {listed(meant, 'or')} of {model.network.name};"
                " write one of these"
            )
        written = meant[0] if meant else written
    return model.parameter(written).name
