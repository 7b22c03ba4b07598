"""Names of whole layers, and capital letters for those of all examples: A, Z, dZ, Out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from derive.notations.symbols import Symbol

COUNTS = ("m", "N", "n")
"""Letters for the number of examples, of which the first is taken that means nothing else."""
KINDS = ("out", "net", "delta", "input")
"""What every example has its own of."""
_MASK = "M"


class Manner(NamedTuple):
    """Whether a name is that of a whole layer, of a derivative of the error, of a transpose.

    Of a `batch` it is the matrix of these vectors of all examples.
    """

    whole: bool = False
    adjoint: bool = False
    top: bool = False
    batch: bool = False


NO_MANNER, WHOLE = Manner(), Manner(whole=True)


def capital(kind: str, symbol: Symbol, gradient: str) -> Symbol:
    """The symbol of a kind with a capital letter: Out, Z; dZ of dz, if d is the `gradient`."""
    word = symbol.letter
    at = int(kind == "delta" and gradient == "d" and word[:1] == "d")
    return replace(symbol, letter=word[:at] + word[at : at + 1].upper() + word[at + 1 :])


def are_free(symbols: Mapping[str, Symbol], gradient: str) -> bool:
    """Whether the capitals of a notation's symbols differ, and mean nothing else."""
    kinds = [kind for kind in KINDS if kind in symbols]
    plain = {kind: symbol.stem for kind, symbol in symbols.items()}
    great = {kind: capital(kind, symbols[kind], gradient).stem for kind in kinds}
    others = {stem for kind, stem in plain.items() if kind not in kinds} | {_MASK}
    return (
        not others & set(great.values())
        and len(set(great.values())) == len({plain[kind] for kind in kinds})
        and not any(great[kind] == plain[kind] for kind in kinds)
    )


@cache
def letter_of(layer: int) -> str:
    """The letters of a layer: a, b, …, z, aa, ab and so on."""
    text = ""
    layer += 1
    while layer:
        layer, digit = divmod(layer - 1, 26)
        text = chr(ord("a") + digit) + text
    return text
