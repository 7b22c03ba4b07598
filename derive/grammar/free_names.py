"""Names that are not known before: all is a quantity, and nothing is defined yet."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from derive.formula import Formula, Letter, Name
from derive.functions import BY_SYMBOL, spelled
from derive.grammar.protocols import DotsError
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


def reserved(name: str) -> str:
    """Why no quantity may be called `name`; empty if one may."""
    if is_function(name) or name in ("sum", "sqrt"):
        return f"{name} is a function"
    found = _AFTER_THE_STEP.fullmatch(name)
    if found:
        return f"{name} means {found[1]} after a step of gradient descent"
    return _RESERVED.get(name, "")


class FreeSymbols:
    """Every name is a quantity; the functions of the table are functions."""

    owner = ""
    stems: frozenset[str] = frozenset()
    by_layer = False
    layer: int | None = None

    def look_up(self, key: str) -> Formula | None:
        """The quantity with this name."""
        if key.startswith("bold:") or "^" in key:
            return None
        return Name(_GREEK_WORDS.sub(lambda found: _GREEK[found[0]], key))

    def level(self, upper: str) -> str:
        """There are no layers."""
        return upper if upper.isascii() and upper.isdigit() else ""

    def has_index(self, key: str) -> bool:
        """The brackets of families have been dealt with."""
        return False

    def is_canonical(self, formula: Formula, key: str) -> bool:
        """There is one spelling only."""
        return True

    def is_foreign(self, key: str) -> bool:
        """There is one notation only."""
        return False

    def placeholder(
        self, stem: str, rest: str, text: str, place: int, upper: str = ""
    ) -> Formula | None:
        """Nothing is left open."""
        return None

    def generic(self, stem: str) -> Formula | None:
        """Nothing is generic."""
        return None

    def is_familiar(self, stem: str, index: str) -> bool:
        """No name is unknown."""
        return False

    def function(self, name: str) -> str | None:
        """A function of the table by its name."""
        return _symbol(name)

    def letter(self, name: str) -> Letter | None:
        """There are no letters."""
        return None


class FreeMeaning:
    """Nothing is defined yet, and so nothing depends on anything."""

    activations: Sequence[str] = ()

    def net_layer(self, name: str) -> int | None:
        """There are no layers."""
        return None

    def influenced(self, name: str) -> Collection[str]:
        """Nothing depends on anything."""
        return ()

    def inputs(self, name: str) -> Collection[str]:
        """Nothing is defined."""
        return ()

    def is_defined(self, stem: str) -> bool:
        """Nothing is defined."""
        return False

    def ranges(self, formula: Formula) -> Mapping[str, Sequence[int]]:
        """There are no index letters."""
        return {}

    def shape(self, formula: Formula) -> tuple[int, int] | None:
        """There are no vectors."""
        return None

    def may_rest(self, test: Formula) -> bool:
        """No case is read in the end."""
        return False

    def filled(self, terms: Sequence[Formula]) -> list[Formula]:
        """No dots are read."""
        raise DotsError(WRITTEN_SUM)
