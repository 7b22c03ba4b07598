"""What several formulas have in common gets a line of its own, so that nothing is computed twice.

Formulas are numbered so that equal ones get the same number; a product or a sum is taken apart the
way a machine computes it, (a·b)·c, so that a·b is found in a·b·c and b·a·d. What has more than one
use and costs an operation is shared.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from derive.formula import (
    ONE,
    Call,
    Cases,
    Formula,
    Letter,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    is_number,
    number,
    walk,
)
from derive.functions import HALF

_COSTLY = (Sum, Product, Quotient, Power, Call, Cases)
_JOINED = (Sum, Product)


@dataclass(frozen=True, slots=True)
class _Tree:
    """A formula with its number; of a sum or product the numbers of its beginnings too.

    `numbers[k]` is the number of the first k + 1 operands together, the last that of the whole.
    """

    formula: Formula
    parts: tuple[_Tree, ...]
    numbers: tuple[int, ...]

    @property
    def number(self) -> int:
        return self.numbers[-1]

    @property
    def joined(self) -> bool:
        return isinstance(self.formula, _JOINED)

    def beginning(self, length: int) -> Formula:
        """The first `length` operands, or the whole."""
        parts = self.formula.parts()
        whole = not self.joined or length == len(parts)
        return self.formula if whole else self.formula.rebuilt(parts[:length])


class Sharing:
    """Rewrites `formulas` one after the other; each may use what was named before it."""

    def __init__(self, formulas: Sequence[Formula]) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._uses: list[int] = []
        self._named: dict[int, Formula] = {}
        self._parts = 0
        self._spoken: set[str] = set()
        self._trees = [self._tree(formula) for formula in formulas]
        for tree in self._trees:
            self._use(tree)

    def lines(self, place: int, name: Formula | None) -> Iterator[tuple[Formula | None, Formula]]:
        """The formula at `place` under its name, after the parts that have to be computed first.

        A formula without a name, an entry of a table, may itself turn out to be a part.
        """
        tree = self._trees[place]
        whole = name is None or tree.number in self._named
        yield from self._needed(tree, whole=whole)
        yield name, self._written(tree, whole=whole)
        if name is not None and isinstance(tree.formula, _COSTLY):
            self._named.setdefault(tree.number, name)

    # Numbers and uses.

    def _tree(self, formula: Formula) -> _Tree:
        parts = tuple(self._tree(part) for part in formula.parts())
        if not parts or not isinstance(formula, _JOINED):
            frame = formula.rebuilt(tuple(Letter(str(part.number)) for part in parts))
            used = () if isinstance(formula, Negative) else parts
            return _Tree(formula, parts, (self._numbered(frame, used),))
        numbers = [parts[0].number]
        for place, part in enumerate(parts[1:], 1):
            pair = (numbers[-1], part.number)
            key = (type(formula), *(sorted(pair) if place == 1 else pair))
            new = key not in self._numbers
            numbers.append(self._numbered(key, (part,) if place > 1 else parts[:2]))
            if new and place > 1:
                self._uses[numbers[-2]] += 1
        return _Tree(formula, parts, tuple(numbers))

    def _numbered(self, key: Hashable, operands: Sequence[_Tree]) -> int:
        """The number for a key; a new formula is one use of each of its operands."""
        if key not in self._numbers:
            self._numbers[key] = len(self._uses)
            self._uses.append(0)
            for operand in operands:
                self._use(operand)
        return self._numbers[key]

    def _use(self, tree: _Tree) -> None:
        """One more use; a minus sign costs nothing, so that −x is a use of x."""
        while isinstance(tree.formula, Negative):
            tree = tree.parts[0]
        self._uses[tree.number] += 1

    def _shared(self, tree: _Tree, length: int) -> bool:
        return (
            self._uses[tree.numbers[length - 1]] > 1
            and isinstance(tree.formula, _COSTLY)
            and not _free(tree.beginning(length))
        )

    # Rewriting.

    def _done(self, tree: _Tree, *, whole: bool) -> int:
        """How many operands of a sum or product already have a name together."""
        longest = len(tree.parts) if whole else len(tree.parts) - 1
        return next((n for n in range(longest, 1, -1) if tree.numbers[n - 1] in self._named), 0)

    def _needed(self, tree: _Tree, *, whole: bool) -> Iterator[tuple[Formula, Formula]]:
        """What is shared in a formula and has no name yet, the inner parts first."""
        if not tree.joined:
            if whole and tree.number in self._named:
                return
            for part in tree.parts:
                yield from self._needed(part, whole=True)
            if whole and self._shared(tree, 1):
                yield self._part(tree, 1)
            return
        longest = len(tree.parts) if whole else len(tree.parts) - 1
        for length in range(self._done(tree, whole=whole) + 1, len(tree.parts) + 1):
            yield from self._needed(tree.parts[length - 1], whole=True)
            if 1 < length <= longest and self._shared(tree, length):
                yield self._part(tree, length)

    def _part(self, tree: _Tree, length: int) -> tuple[Formula, Formula]:
        formula = tree.beginning(length)
        parts = tree.parts[:length] if tree.joined else tree.parts
        written = self._written(_Tree(formula, parts, tree.numbers[:length]), whole=False)
        name = Letter(self._called(formula))
        self._named[tree.numbers[length - 1]] = name
        return name, written

    def _called(self, formula: Formula) -> str:
        """``exp_z_1`` or ``one_minus_z`` if that names nothing else yet, else ``part_3``."""
        name = _spoken(formula)
        if not name or name in self._spoken:
            self._parts += 1
            return f"part_{self._parts}"
        self._spoken.add(name)
        return name

    def _written(self, tree: _Tree, *, whole: bool) -> Formula:
        """A formula over the names of its parts; `whole` if it may be one of them itself."""
        if whole and tree.number in self._named:
            return self._named[tree.number]
        if not tree.parts:
            return tree.formula
        done = self._done(tree, whole=whole) if tree.joined else 0
        head = [self._named[tree.numbers[done - 1]]] if done else []
        rest = [self._written(part, whole=True) for part in tree.parts[done:]]
        return tree.formula.rebuilt((*head, *rest))


def _free(formula: Formula) -> bool:
    """Whether a formula is a number that costs nothing: without a root."""
    powers = [node for node in walk(formula) if isinstance(node, Power)]
    return is_number(formula) and all(_whole(power.exponent) for power in powers)


def _whole(formula: Formula) -> bool:
    return isinstance(formula, Number) and formula.value.denominator == 1


def _spoken(formula: Formula) -> str:
    """A short formula as a name: a function's value, a root, a difference; else nothing."""
    if isinstance(formula, Power) and formula.exponent == number(HALF):
        if isinstance(formula.base, Name):
            return f"sqrt_{formula.base.name}"
        if isinstance(formula.base, Number) and _whole(formula.base):
            return f"sqrt_{formula.base.value}"
    if isinstance(formula, Call) and isinstance(formula.argument, Name):
        return f"{formula.function}_{formula.argument.name}"
    if isinstance(formula, Sum) and len(formula.terms) == 2:
        first, second = formula.terms
        word = "minus" if isinstance(second, Negative) else "plus"
        second = second.term if isinstance(second, Negative) else second
        if isinstance(first, Name) and isinstance(second, Name):
            return f"{first.name}_{word}_{second.name}"
        if first == ONE and isinstance(second, Name):
            return f"one_{word}_{second.name}"
    return ""
