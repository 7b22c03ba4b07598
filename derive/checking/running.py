"""The running gradient of an algorithm: g ← ∇_a J = g ⊙ f'(a), where the g on the right is older.

Its value is that of the row before; in a loop over the layers, backwards, that of the last row of
the round before, which is known when the document has been read once.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from derive.formula import Formula, Gradient, Partial, has_slopes, transform, walk
from derive.grammar.unfinished import Chain
from derive.grammar.written import Unknown

Values = dict[int | None, Formula]
"""What an assignment gives to a name: in one layer after the other, or once."""


@dataclass
class Assignment:
    """One row g ← ∇_a J of a document, by its place in it."""

    name: str
    row: tuple[int, int]
    values: Values = field(default_factory=dict)


@dataclass
class Running:
    """The assignments of a document so far; `all` are those of the whole, once it has been read."""

    all: list[Assignment] = field(default_factory=list)
    so_far: list[Assignment] = field(default_factory=list)
    is_open: bool = False
    """Whether a value was asked for that the round before has to give."""

    def of(self, chain: Chain, layer: int | None, row: tuple[int, int]) -> Chain:
        """The chain of a row without the name that it assigns to, and with values for it."""
        names = self._names
        first = chain.sides[0]
        # A name with a layer above has one value in each, and none that changes.
        assigns = "BECOMES" in chain.signs[:1] and isinstance(first, Unknown)
        assigns = assigns and "^" not in getattr(first, "stem", "")
        value = chain.sides[1] if len(chain.sides) > 1 else None
        made = assigns and isinstance(value, Gradient | Partial) and not _in(value, first)
        if not made and not names:
            return chain
        again = made and bool(self.so_far) and self.so_far[-1].row == row
        before = self.so_far[:-1] if again else self.so_far
        values = {name: self._value(name, layer, before) for name in names}
        if made and isinstance(first, Unknown) and isinstance(value, Formula):
            if not again:
                self.so_far.append(Assignment(first.text, row))
            self.so_far[-1].values[layer] = value
            values.setdefault(first.text, self._value(first.text, layer, before))

        def rule(node: Formula) -> Formula | None:
            return values.get(node.text) if isinstance(node, Unknown) else None

        sides = tuple(transform(side, rule) for side in chain.sides[bool(made) :])
        cut = len(chain.sides) - len(sides)
        return Chain(sides, chain.signs[cut:], chain.spans[cut:])

    @property
    def _names(self) -> Collection[str]:
        return {assignment.name for assignment in [*self.so_far, *self.all]}

    def _value(self, name: str, layer: int | None, before: list[Assignment]) -> Formula | None:
        """What a name is worth in a row for a layer, before this row."""
        own = [assignment for assignment in before if assignment.name == name]
        if not own:
            return None
        last = own[-1].values
        if layer in last:
            return last[layer]
        if None not in last or layer is None:
            return None
        # The first row of a loop: what the last one gave in the layer above, or what was before it.
        self.is_open = True
        rounds = [one for one in self.all if one.name == name and None not in one.values]
        if not rounds:
            return None
        return rounds[-1].values.get(layer + 1, last[None])


def _in(formula: Formula, name: Formula) -> bool:
    return not has_slopes(formula) and any(node == name for node in walk(formula))
