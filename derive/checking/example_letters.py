"""Letters that number examples where a network has one: x_j^{(i)}, y_i, E_n."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from derive.checking.function_letters import FunctionLetters
from derive.checking.keys import with_character
from derive.checking.layer_letters import RAISED, numbered
from derive.checking.of_examples import has_examples
from derive.formula import Formula, Name

if TYPE_CHECKING:
    from derive.checking.families import Families


class ExampleLetters(FunctionLetters):
    """What the numbers of examples mean in the names of one network."""

    _families: Families | None

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
