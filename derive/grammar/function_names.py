"""Functions by their names: sig, g' with its primes, f_3 with the index of its layer."""

from __future__ import annotations

import re
from fractions import Fraction

from derive.formula import Call, Number
from derive.grammar.scripts import Scripts
from derive.grammar.signs import COUNT_OF_LAYERS
from derive.grammar.tokens import LONGEST_NAME, OF_ARRAYS
from derive.notations.greek import GREEK

_SPACE = re.compile(r"\s*")
_OF_LAYER = re.compile(
    r"\s*_\s*(?:([A-Za-z0-9])|\{\s*(?:\\(?:text|mathrm|textrm)\s*\{)?([A-Za-z]{1,12}|[0-9])\s*\}{1,2})"
    r"(?=\s*(?:'|′|’|\^\s*\{?\s*(?:'|\\prime)|(?:\\(?:left|[bB]igg?l?)\s*)?\())"
)


IN_BRACKETS = re.compile(
    r"\(\s*(\\?[A-Za-z]+)\s*(?:\^\s*\{\s*[(\[]?\s*"
    rf"((?:{COUNT_OF_LAYERS}|[A-Za-z0-9]|\\ell)(?:\s*[+-]\s*[0-9]+)?)"
    r"\s*[)\]]?\s*\})?\s*\)(?=\s*(?:'|′|’|\^\s*\{?\s*(?:'|\\prime)))"
)
"""A function in brackets that a prime follows: (g^{[l]})'."""


_RAMP = re.compile(
    r"(?:\\max|\\(?:operatorname|mathrm|text)\s*\{max\}|max)(?![A-Za-z_^])\s*"
    r"(?:\\left\s*|\\[bB]igg?l?\s*)?([(\[]|\\\{)\s*0\s*,"
)


class FunctionNames(Scripts):
    """The part of a pass that reads the names of functions."""

    def function(self, stem: str, bold: bool, start: int) -> bool:
        """Put the token of a function with its primes."""
        if stem in self.letters or (bold and len(stem) == 1 and not self._bold_function(stem)):
            return False
        if self.next_is("_") and not self.indexed(stem, start):
            return False
        if stem == "sqrt" and self.next_is("([{"):
            self.put("SQRT", start)
            return True
        name = self.symbols.function(stem) or self._function_of_arrays(stem)
        if name is None:
            return False
        count = self.primes()
        if count and self.next_is("_"):
            self.indexed(stem, start)
        count += self.of_layer_above(stem, start)
        if len(stem) == 1 and not count:
            space = _SPACE.match(self.text, self.at)
            follows = space.end() if space else self.at
            if self.text[follows : follows + 1] not in ("(", "[", "\\", "{"):
                return False
        self.put("FUNCTION", start, Call(name, Number(Fraction(0)), count))
        return True

    def ramp(self, start: int) -> bool:
        """Put max(0, z) as the relu of z, if it stands here and nothing is called max."""
        found = _RAMP.match(self.text, start)
        if found is None or self.symbols.look_up("max") is not None or "max" in self.letters:
            return False
        self.at = found.start(1)
        self.put("FUNCTION", start, Call("relu", Number(Fraction(0))))
        opening = self.at
        self.at = found.end()
        self.sign("LPAR", opening)
        return True

    def _bold_function(self, stem: str) -> bool:
        """Whether a bold letter that nothing is called stands before a bracket, or has a prime."""
        behind = self.text[self.at : self.at + LONGEST_NAME].lstrip()
        applied = behind.startswith(("(", "'", r"\left(", r"^\prime", r"^{\prime"))
        return applied and self.symbols.look_up(f"bold:{stem}") is None

    def function_in_brackets(self, found: re.Match[str], start: int) -> bool:
        """Put the derivative of a function in brackets, if it is one."""
        stem = found[1].lstrip("\\")
        name = None if stem in self.letters else self.symbols.function(GREEK.get(stem, stem))
        if name is None:
            return False
        self.at = found.end()
        count = self.primes()
        if found[2]:
            self.check_same_layer("".join(found[2].split()), start)
        self.put("FUNCTION", start, Call(name, Number(Fraction(0)), count))
        return True

    def _function_of_arrays(self, stem: str) -> str | None:
        """A diag or prod that no quantity is called."""
        free = stem in OF_ARRAYS and self.symbols.look_up(stem) is None
        return stem if free else None

    def indexed(self, stem: str, start: int) -> bool:
        """Whether a function stands here with the index of its layer, g_k(…); moves behind it."""
        found = _OF_LAYER.match(self.text, self.at)
        if found is None or len(stem) != 1 or self.symbols.function(stem) is None:
            return False
        key = f"{stem}_{found[1] or found[2]}"
        if key in self.letters or self.symbols.look_up(key) is not None:
            return False
        self.at = found.end()
        return True
