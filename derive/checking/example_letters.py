"""Letters that number examples where a network has one: x_j^{(i)}, y_i, E_n."""

from __future__ import annotations

import re
from abc import abstractmethod
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from derive.checking.function_letters import FunctionLetters
from derive.checking.keys import Table, with_character
from derive.checking.layer_letters import RAISED, numbered
from derive.checking.of_examples import has_examples
from derive.formula import Formula, Name

if TYPE_CHECKING:
    from derive.checking.families import Families


MOST_NAMES = 100
"""Quantities of a file whose names are looked through for the letter of an example."""
_NUMBERED = re.compile(r"[A-Za-z]+_[a-z]?[ijnp]")


class ExampleLetters(FunctionLetters):
    """What the numbers of examples mean in the names of one network."""

    _families: Families | None
    _own: Table

    @abstractmethod
    def gradient(self, key: str) -> Formula | None:
        """The derivative of the total error that a name stands for."""

    def of_examples(self, text: str) -> set[str]:
        """The letters in a text that number examples.

        They stand above what is a single number, or has its own index.
        """
        return {
            letter
            for stem, sub, digit, letter in RAISED.findall(text)
            if self._is_single(with_character(stem), sub or digit, letter)
        }

    def _is_single(self, stem: str, sub: str, letter: str) -> bool:
        """Whether a name has no place for the letter above it: x_j where that is one number."""
        of = self._families
        assert of is not None
        found = self.look_up(f"{stem}_{sub}" if sub else stem)
        none = of.raised(stem, sub, f"({letter})") is None
        return none and found is not None and (bool(sub) or isinstance(found, Name))

    def of_its_example(self, key: str) -> Formula | None:
        """What a file about example i calls h_i, as all that it defines, and an author h."""
        letter = self._own_example
        stem, _, sub = key.removeprefix("bold:").partition("_")
        if not letter or sub.endswith(letter):
            return None
        return self._own.exact.get(f"{stem}_{sub}{letter}")

    @cached_property
    def _own_example(self) -> str:
        """The letter at the end of all names of what is computed; nothing if there is none."""
        made = [*islice(self.model.definitions, MOST_NAMES)]
        ends = {name[-1:] if _NUMBERED.fullmatch(name) else "" for name in made}
        several = 1 < len(made) < MOST_NAMES
        return ends.pop() if len(ends) == 1 and several else ""

    def of_numbered(self, stem: str, sub: str, sup: str) -> Formula | None:
        """What has the number of an example beside its own index, x_j^{(i)}, or for want of one.

        Of y_i and E_n that is so where y and E are single numbers. All examples share their
        parameters, and a step has another letter.
        """
        letter = numbered(sup) or ("" if sup else numbered(f"({sub})"))
        key = f"{stem}_{sub}" if sub and sup else stem
        found = self.look_up(key) or self.gradient(key) if letter and (sup or sub) else None
        single = isinstance(found, Name) and "_" not in found.name
        there = has_examples(found, self.model) or found == Name(self.model.total)
        return found if found is not None and there and (sup or single) else None
