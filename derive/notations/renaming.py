r"""Symbols that a user chose, checked: ``[names] out = "a"``, ``sig = "\\sigma"``.

What gets through is a word of letters or the command of a Greek letter; it goes into LaTeX,
Markdown and the terminal as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from derive.errors import InputError
from derive.functions import ACTIVATIONS, BY_SYMBOL, written_with
from derive.notations import Notation, naming
from derive.notations.greek import GREEK
from derive.notations.names import Naming
from derive.notations.symbols import KINDS, Symbol
from derive.suggest import did_you_mean

LONGEST = 20
_LAST = "the last layer"
_WORD = re.compile(rf"[A-Za-z]{{1,{LONGEST}}}")
_TOTAL = re.compile(rf"[A-Za-z]{{1,{LONGEST}}}_[A-Za-z]{{1,{LONGEST}}}")
RESERVED = {
    **dict.fromkeys("dD", "it is read as ∂"),
    **dict.fromkeys("ijk", "it is an index letter"),
    "e": "it is Euler's number",
    "x": "it is the argument of the functions",
    "n": "it counts the weights",
    "η": "it is the learning rate",
    "sum": "it is the sign of a sum",
    "T": "it is the sign of the transpose",
    "λ": "it is the factor of the L2 term",
}
"""Symbols that formulas need themselves, and for what."""


def checked(
    names: Mapping[str, Any], notation: str | Notation, activations: Sequence[str] = ()
) -> tuple[tuple[str, str], ...]:
    """The renamed symbols of a network in `notation`, by what they are called in the file.

    Raises :class:`InputError` for what cannot be renamed, for what is no symbol, and for one
    symbol that would mean two things.
    """
    known = (*KINDS, *BY_SYMBOL)
    for key, value in names.items():
        if key not in known:
            raise InputError(
                f"names: there is no {_shown(key)} to rename{did_you_mean(key, known)};"
                f" known are {', '.join(known)}"
            )
        _check_symbol(key, value)
    # The sizes and the biases do not change what is called what.
    named = naming(notation, (1, 1), "neuron", names)
    symbols = {key: s for key, s in named.symbols.items() if key not in ("shared", "matrix")}
    means = {name: s for s, row in BY_SYMBOL.items() for name in (s, row.name, *row.aliases)}
    rows = [ACTIVATIONS[name] for name in activations if name in ACTIVATIONS]
    if any("phi" in written_with(row.symbol) for row in rows if row.symbol):
        means[GREEK["phi"]] = "phi"
    means.update(_taken(named))
    for key in sorted(symbols, key=lambda kind: kind in names):
        stated = "notation.written." if named.table.name == "own" else ""
        _check_free(key, symbols[key], means, "names." if key in names else stated)
    return tuple(names.items())


def _check_symbol(key: str, value: Any) -> None:
    usable = isinstance(value, str) and (
        _WORD.fullmatch(value)
        or (value.startswith("\\") and value[1:] in GREEK)
        or (key == "E_total" and _TOTAL.fullmatch(value))
    )
    if not usable:
        raise InputError(
            f"names.{key}: expected a word of at most {LONGEST} letters, or the command of a Greek"
            f" letter like '\\\\sigma': {_shown(value)}"
        )


def _check_free(key: str, symbol: Symbol, means: dict[str, str], where: str) -> None:
    """The symbol means nothing else yet; it now means `key`."""
    for reserved in (symbol.character, symbol.stem):
        if reserved in RESERVED:
            raise InputError(f"{where}{key}: {symbol.plain!r} cannot be used, {RESERVED[reserved]}")
    mark = symbol.font + symbol.stem
    other = means.setdefault(mark, key)
    if key in ("error", "E_total") and other == _LAST:
        # The last layer stands above a name, and the error is one.
        means[mark] = key
    elif other != key and {other, key} != {"error", "E_total"}:
        hint = "" if where else f"; give it another name, [names] {key} = …"
        raise InputError(
            f"{where}{key}: {symbol.plain!r} already means {other}; every symbol has to mean one"
            f" thing (only error and E_total may share their letter){hint}"
        )


def _taken(named: Naming) -> dict[str, str]:
    """What letters mean in one notation only."""
    if named.by_layer:
        return {named.table.last: _LAST, named.table.layer: "any layer"}
    return {"i": "an input"} if named.layer(0) == "i" else {}


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
