"""What definitions are in an equation file: ``z[j] = b[j] + sum(a[i]*w[i,j], i=1..2), j=1..3``."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from derive.checking.stating.letters import letter_of
from derive.checking.stating.written import Node, Quantity, UnwrittenError, Written
from derive.grammar.free_names import reserved
from derive.notations.greek import GREEK

OWN_E = "residual"
"""What an equation file calls an e that is no Euler's number."""
_LEVELS = {"sum": 1, "negative": 1, "product": 2, "quotient": 2, "power": 3}


_SPELLED = {sign: name for name, sign in GREEK.items()}
"""The names of Greek letters, λ as lambda."""


@dataclass(frozen=True)
class Writer:
    """Writes formulas as they stand in an equation file.

    `indices` are the index letters and `ranges` the numbers they run through; `functions` says what
    a function is called there, by its letter and label; `sizes` are the letters for sizes.
    """

    indices: Collection[str]
    ranges: Mapping[str, tuple[int, int]]
    functions: Mapping[tuple[str, str], str] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)

    def name(self, quantity: Quantity) -> str:
        """A name with its labels, and its indices in square brackets."""
        if not quantity.scripts and quantity.stem in self.sizes:
            return str(self.sizes[quantity.stem])
        labels = [quantity.stem]
        indices: list[str] = []
        for script in quantity.scripts:
            if letter_of(script) in self.indices or (indices and script.isdigit()):
                indices.append(script)
            elif indices:
                raise UnwrittenError(f"{quantity.stem}: a label stands behind an index")
            else:
                labels.append(_SPELLED.get(script, script))
        name = "_".join(labels)
        if name == "e" and not indices:
            name = OWN_E
        why = reserved(name, indexed=bool(indices))
        if why or not name.replace("_", "").isalnum() or not name.isascii():
            raise UnwrittenError(why or f"{name} is no name in an equation file")
        return f"{name}[{','.join(indices)}]" if indices else name

    def definition(self, left: Quantity, right: Written, own: Collection[str]) -> str:
        """A whole line; `own` are the letters of its left side."""
        ranges = [self._range(letter) for letter in own]
        return ", ".join([f"{self.name(left)} = {self.formula(right)}", *ranges])

    def _range(self, letter: str) -> str:
        low, high = self.ranges[letter]
        return f"{letter}={low}..{high}"

    def formula(self, written: Written, level: int = 0) -> str:
        """A formula; in brackets where it binds less than `level`."""
        if isinstance(written, Quantity):
            return self.name(written)
        text = self._node(written)
        return f"({text})" if _LEVELS.get(written.kind, 9) < level else text

    def _node(self, node: Node) -> str:
        parts = node.parts
        if node.kind == "number":
            return node.text
        if node.kind == "sum":
            first, *rest = (self._term(part) for part in parts)
            return (
                first[1] + "".join(f" {sign} {text}" for sign, text in rest)
                if first[0] == "+"
                else (f"-{first[1]}" + "".join(f" {sign} {text}" for sign, text in rest))
            )
        if node.kind == "negative":
            return f"-{self.formula(parts[0], 2)}"
        if node.kind in ("product", "entrywise"):
            return "*".join(self.formula(part, 2 if n == 0 else 3) for n, part in enumerate(parts))
        if node.kind == "quotient":
            return f"{self.formula(parts[0], 2)}/{self.formula(parts[1], 3)}"
        if node.kind == "power":
            return self._power(*parts)
        if node.kind == "total":
            return f"sum({self.formula(parts[0])}, {self._range(node.text)})"
        if node.kind == "call":
            function = self.functions.get((node.text, node.label), node.text)
            return f"{function}({', '.join(self.formula(part) for part in parts)})"
        raise UnwrittenError(f"{node.kind} of a vector")

    def _term(self, term: Written) -> tuple[str, str]:
        if isinstance(term, Node) and term.kind == "negative":
            return "-", self.formula(term.parts[0], 2)
        return "+", self.formula(term, 1)

    def _power(self, base: Written, exponent: Written) -> str:
        if exponent == Node("quotient", (Node("number", text="1"), Node("number", text="2"))):
            return f"sqrt({self.formula(base)})"
        written = self.formula(exponent, 9)
        return f"{self.formula(base, 4)}^{written}"
