r"""Marks behind brackets: the ⊤ of (W^3)^\top, the + of (w^3_{11})^+, the index of (W x)_i."""

from __future__ import annotations

import re

from derive.formula import Array, Layer, Name, Unit, Updated
from derive.grammar.function_names import FunctionNames
from derive.grammar.limits import index_at
from derive.grammar.unfinished import Subscript

_MARKED = re.compile(
    r"\^\s*(?:\{\s*(?:(\+|new|neu)|\\(?:text|mathrm)\s*\{\s*(?:new|neu)\s*\}"
    r"|(\\top|\\intercal|T|\\(?:mathsf|mathrm|text)\s*\{?\s*T\s*\}?))\s*\}"
    r"|(\+)(?![A-Za-z])|((?:\\top|\\intercal)(?![A-Za-z])|T))"
)


class BehindBrackets(FunctionNames):
    """The part of a pass that reads what stands behind brackets."""

    def marked(self, start: int) -> bool:
        """Read the ⊤ of (W^3)^⊤ and the + of (w^3_{11})^+, which stand behind brackets."""
        found = _MARKED.match(self.text, start)
        if found is None or not self.found:
            return False
        last = self.found[-1]
        if found[2] or found[4]:
            named = isinstance(last.formula, Layer | Array | Unit)
            if last.kind not in ("RPAR", "RBRACE", "FRACEND", "GRIDEND") and not named:
                return False
            self.at = found.end()
            self.put("TRANSPOSE", start)
            return True
        kinds = [token.kind for token in self.found[-4:]]
        bracketed = kinds[-3:] in (["LPAR", "NAME", "RPAR"], ["LBRACE", "NAME", "RBRACE"])
        if bracketed and kinds[:1] == ["FUNCTION"] and len(kinds) == 4:
            return False
        tokens = self.found[-3:] if bracketed else [last]
        name = tokens[len(tokens) // 2].formula
        if not isinstance(name, Name):
            return False
        self.at = found.end()
        del self.found[-len(tokens) :]
        first = tokens[0].start
        self.put("NAME", first - self.base, Updated(name.name))
        return True

    def subscript(self, start: int) -> None:
        """Put the index behind brackets, and behind its '_': (W x)_i, (x y^⊤)_{ij}."""
        sub = self.lower(start)
        parts = list(sub) if sub.isalpha() and sub.isascii() else sub.split(",")
        indices = tuple(index for part in parts if (index := index_at(part)) is not None)
        if len(indices) < len(parts) or len(indices) > 2:
            raise self.fail("an index behind brackets is one letter or number, or two", start)
        self.put("ENTRY", start, Subscript(indices))
