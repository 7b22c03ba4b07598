"""What is written, in pieces between which a line may be broken, and how tightly it binds.

One table says where brackets are needed, whatever the target.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from derive.formula import (
    ONE,
    Formula,
    Hadamard,
    Layer,
    Member,
    Name,
    Negative,
    Neuron,
    Number,
    Product,
    Quotient,
    Sum,
)

SUM, HADAMARD, FOLDED, PRODUCT, POWER, VECTOR, ATOM = range(7)
"""How tightly something written holds together.

From a sum, a product ⊙ and what stands behind a Σ to other products, what takes an exponent only in
brackets, what takes a ᵀ without them, and names, calls and brackets.
"""


class Piece(NamedTuple):
    """Text that is never broken.

    `level` ranks the break before it: + and · outside of all brackets, then in the outermost ones;
    -1 where a line must not break.
    """

    text: str
    level: int = -1


class Expression(NamedTuple):
    """Something written, how tightly it holds together, and whether it begins with a minus."""

    pieces: Sequence[Piece]
    binding: int = ATOM
    signed: bool = False

    def between(self, opening: str, closing: str) -> Expression:
        """The same in brackets, whose breaks rank behind all those outside of them."""
        deeper = [
            Piece(piece.text, piece.level + 2 if piece.level >= 0 else -1) for piece in self.pieces
        ]
        return Expression(behind(opening, before(closing, deeper)))


def one_line(pieces: Sequence[Piece]) -> str:
    """Pieces on one line."""
    return "".join(piece.text for piece in pieces)


def behind(text: str, pieces: Sequence[Piece], level: int = -1) -> list[Piece]:
    """Pieces with a text put before the first; `level` ranks the break before that."""
    return [Piece(text + pieces[0].text, level), *pieces[1:]]


def before(text: str, pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces with a text put behind the last."""
    return [*pieces[:-1], Piece(pieces[-1].text + text, pieces[-1].level)]


def is_kept(operands: Sequence[Formula], place: int) -> bool:
    """Whether no line ends before an operand: the first, and 1 − a, which is read with its a."""
    before, factor = operands[place - 1], operands[place]
    single = isinstance(before, Name | Number | Member | Neuron | Layer)
    rest = single and isinstance(factor, Sum) and factor.terms == (ONE, Negative(before))
    return not place or rest


@dataclass(frozen=True, slots=True)
class Operator:
    """A sign between operands: how tightly it binds, and how tightly its operands have to.

    `level` ranks a line break before it. Only the first operand may begin with a minus sign, and
    only where it is `signed`.
    """

    binding: int
    level: int
    first: int
    later: int
    last: int
    signed: bool = True


OPERATORS: dict[type[Formula], Operator] = {
    Sum: Operator(SUM, 0, HADAMARD, HADAMARD, HADAMARD),
    Hadamard: Operator(HADAMARD, 1, POWER, POWER, POWER, signed=False),
    Product: Operator(PRODUCT, 1, PRODUCT, PRODUCT, FOLDED),
    Quotient: Operator(PRODUCT, 1, PRODUCT, POWER, POWER),
}
"""A quotient on one line; a Σ reaches to the end of its product, and so stands last in it."""
