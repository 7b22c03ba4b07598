"""Which function an author's g is: the one that the network applies to what stands behind it."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from derive.checking.delta_names import SYMBOLS
from derive.checking.equality import Answer, Equality
from derive.formula import Call, Formula, Name, is_number, walk
from derive.model import Model

MOST_COMPARED = 40
"""Arguments of the network's functions with which another expression is compared."""


class Applied:
    """The activations of one model, by their arguments; "" is the identity."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._equality = Equality(model)
        self._known: dict[Formula, frozenset[str]] = {}

    @cached_property
    def _calls(self) -> dict[Formula, set[str]]:
        found: defaultdict[Formula, set[str]] = defaultdict(set)
        for definition in self._model.definitions.values():
            if isinstance(definition, Name):
                found[definition].add("")
            for node in walk(definition):
                if isinstance(node, Call) and node.function in SYMBOLS and not node.primes:
                    found[node.argument].add(node.function)
        return found

    @cached_property
    def _only(self) -> frozenset[str]:
        """The function of the network, if it has a single one; the identity, if it has none."""
        used = {symbol for symbols in self._calls.values() for symbol in symbols if symbol}
        return frozenset(used or {""}) if len(used) <= 1 else frozenset()

    def functions(self, argument: Formula, letter: str = "") -> frozenset[str]:
        """What the network applies to `argument`, or to what is equal to it.

        It is the network's only function where it does nothing of its own with it. A σ may be the
        sigmoid there, and where it is passed on as it is.
        """
        if argument not in self._known:
            found = self._calls.get(argument) or self._equal(argument)
            self._known[argument] = frozenset(found)
        own = isinstance(argument, Name) and argument.name in self._model.definitions
        if self._known[argument] or own:
            passed = letter == "σ" and self._known[argument] == {""}
            return self._known[argument] | ({"sig"} if passed else frozenset())
        return self._only - {""} | {"sig"} if letter == "σ" else self._only

    def _equal(self, argument: Formula) -> set[str]:
        if isinstance(argument, Name) or is_number(argument):
            return set()
        found: set[str] = set()
        for other, symbols in list(self._calls.items())[:MOST_COMPARED]:
            if symbols - {""}:
                self._equality.begin()
                if self._equality.compare(argument, other).answer is Answer.EQUAL:
                    found |= symbols - {""}
        return found
