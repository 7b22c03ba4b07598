r"""What the face of a name says: bold small letters are vectors, bold capitals matrices.

Where some names are bold, those that are not are numbers: ``z^{[2]} = \mathbf{W}^{[2]}
\mathbf{a}^{[1]}`` is one beside the vector ``\mathbf{z}^{[1]}``, and its weights are a row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from derive.checking.stating.ranges import pattern
from derive.checking.stating.said import ERROR_STEMS, Definition
from derive.checking.stating.written import Node, Quantity, Written, names, nodes

SCALAR, COLUMN, ROW, MATRIX = 0, 1, -1, 2


@dataclass
class Faces:
    """The faces of the names in the definitions of a document."""

    definitions: Sequence[Definition]
    indices: Collection[str]

    @cached_property
    def _everything(self) -> list[Quantity]:
        return [q for d in self.definitions for q in (d.left, *names(d.right))]

    @cached_property
    def _stems(self) -> frozenset[str]:
        """The stems that are set in bold somewhere."""
        return frozenset(quantity.stem for quantity in self._everything if quantity.bold)

    @cached_property
    def _families(self) -> frozenset[tuple[str, ...]]:
        return frozenset(pattern(q, self.indices) for q in self._everything if q.bold)

    @cached_property
    def _rows(self) -> frozenset[tuple[str, ...]]:
        """The families of capitals that make a number of a vector: the W of z = W a + b."""
        return frozenset(
            pattern(first, self.indices)
            for definition in self.definitions
            if self._of_number(definition.left)
            for node in nodes(definition.right)
            if node.kind == "product" and len(node.parts) == 2
            for first, second in [node.parts]
            if isinstance(first, Quantity) and isinstance(second, Quantity)
            if first.stem[0].isupper() and second.bold and second.stem[0].islower()
        )

    def rank(self, quantity: Quantity) -> int | None:
        """What a name is by its face; nothing where no name is bold, and it is no entry."""
        if quantity.stem[0].isupper() and pattern(quantity, self.indices) in self._rows:
            return ROW
        by_case = MATRIX if quantity.stem[0].isupper() else COLUMN
        if quantity.bold:
            return by_case
        if self._is_entry(quantity):
            return SCALAR
        if not self._stems:
            return None
        if by_case == MATRIX and self._is_plain_matrix(quantity):
            return MATRIX
        return by_case if quantity.stem in self._stems and self._is_bold(quantity) else SCALAR

    def _is_entry(self, quantity: Quantity) -> bool:
        r"""Whether it is a unit of a layer, a^2_1 beside a^l, or of a vector, x_1 of \mathbf x."""
        scripts = quantity.scripts
        if not scripts or not scripts[-1].isdigit():
            return False
        shorter = {q.bold for q in self._named[quantity.stem] if len(q.scripts) == len(scripts) - 1}
        return True in shorter or (bool(shorter) and len(scripts) > 1)

    @cached_property
    def _named(self) -> Mapping[str, set[Quantity]]:
        """The names of each stem."""
        found: defaultdict[str, set[Quantity]] = defaultdict(set)
        for name in self._everything:
            found[name.stem].add(name)
        return found

    def _is_plain_matrix(self, quantity: Quantity) -> bool:
        r"""Whether a capital is a matrix where vectors are bold and no capital is: W \mathbf x."""
        if any(stem[0].isupper() for stem in self._stems):
            return False
        return quantity.stem in "WUV" or pattern(quantity, self.indices) in self._weighing

    @cached_property
    def _weighing(self) -> frozenset[tuple[str, ...]]:
        """The families that stand before a bold name in a product."""
        products = (n for d in self.definitions for n in nodes(d.right) if n.kind == "product")
        return frozenset(
            pattern(one, self.indices)
            for product in products
            for one, other in pairwise(map(_untransposed, product.parts))
            if isinstance(one, Quantity) and isinstance(other, Quantity) and other.bold
        )

    def _of_number(self, quantity: Quantity) -> bool:
        """Whether a small letter that is not bold, and is no error, is a number."""
        small = quantity.stem[0].islower() and quantity.stem not in ERROR_STEMS
        return small and not quantity.bold and not self._is_bold(quantity)

    def _is_bold(self, quantity: Quantity) -> bool:
        """Whether a name is bold elsewhere: not z^{[2]} where only z^{[1]} is."""
        if quantity.stem not in self._stems:
            return False
        family = pattern(quantity, self.indices)
        alike = any(f[0] == family[0] and len(f) == len(family) for f in self._families)
        return family in self._families or not alike or quantity.stem[0].isupper()


def _untransposed(written: Written) -> Written:
    """What is transposed, or stands by itself."""
    is_turned = isinstance(written, Node) and written.kind == "transposed"
    return written.parts[0] if isinstance(written, Node) and is_turned else written
