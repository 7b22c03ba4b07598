"""Names that are not known before: all is a quantity, and nothing is defined yet."""

from __future__ import annotations

import re
from collections.abc import Sequence

from derive.formula import Formula, Name
from derive.functions import BY_SYMBOL, spelled
from derive.grammar.protocols import DotsError, Meaning, SymbolTable
from derive.notations.greek import GREEK

_GREEK = {character: word for word, character in reversed(GREEK.items()) if word != "Delta"}
_GREEK_WORDS = re.compile("|".join(_GREEK))
WRITTEN_SUM = "dots and Σ are not read here; write sum(…, i=1..3)"
_RESERVED = {"e": "e is Euler's number", "eta": "eta is the learning rate"}
_AFTER_THE_STEP = re.compile(r"(.+)_(new|neu|plus|next)")


def functions() -> list[str]:
    """The functions that may stand in a right side."""
    return list(BY_SYMBOL)


def _symbol(name: str) -> str | None:
    """The function that a name means; there is one σ only."""
    return "sig" if name == "σ" else spelled(name)


def is_function(name: str) -> bool:
    """Whether `name` is a function of the table, by one of its names."""
    return _symbol(name) is not None


def reserved(name: str, *, indexed: bool = False) -> str:
    """Why no quantity may be called `name`; empty if one may.

    `indexed` says that an index always stands behind it: e[k] is an error, and not Euler's number.
    """
    if is_function(name) or name in ("sum", "sqrt"):
        return f"{name} is a function"
    found = _AFTER_THE_STEP.fullmatch(name)
    if found:
        return f"{name} means {found[1]} after a step of gradient descent"
    return "" if name == "e" and indexed else _RESERVED.get(name, "")


class FreeSymbols(SymbolTable):
    """Every name is a quantity; the functions of the table are functions."""

    def look_up(self, key: str) -> Formula | None:
        """The quantity with this name."""
        if key.startswith("bold:") or "^" in key:
            return None
        return Name(_GREEK_WORDS.sub(lambda found: _GREEK[found[0]], key))

    def level(self, upper: str) -> str:
        """A number above is one, though no layer has it."""
        return upper if upper.isascii() and upper.isdigit() else ""

    def function(self, name: str) -> str | None:
        """A function of the table by its name."""
        return _symbol(name)


class FreeMeaning(Meaning):
    """Nothing is defined yet, and so nothing depends on anything."""

    def filled(self, terms: Sequence[Formula]) -> list[Formula]:
        """No dots are read."""
        raise DotsError(WRITTEN_SUM)
