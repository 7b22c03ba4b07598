"""The ways to read a formula of vectors and matrices where authors differ.

A derivative of a vector by a vector has a row for each entry above, or for each entry below; a
product of two vectors is their inner product, or goes entry by entry. Where a formula comes to such
a question it asks the :class:`Reading`; all answers are tried, and those count with which the
shapes fit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from derive.formula import Formula, Hadamard, Layer, walk

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Question:
    """What authors differ in: the answers in words.

    Either may be meant, or the first is what is written unless its shapes do not fit; then any
    other is `unusual`.
    """

    answers: tuple[str, ...]
    unusual: bool = True


JACOBIAN = Question(("in numerator layout", "in denominator layout"), unusual=False)
GRADIENT = Question(("with gradients as columns", "with gradients as rows"), unusual=False)
ENTRYWISE = Question(
    ("with derivatives of vectors as matrices", "with derivatives entry by entry"), unusual=False
)
TRANSPOSED = replace(ENTRYWISE, unusual=True)
"""The same of a derivative that is transposed: who does that means a matrix."""
POWERS = Question(("with powers of matrices", "with powers entry by entry"))
SQUARES = Question(
    ("with squares of vectors entry by entry", "with squares of vectors as those of their lengths")
)
DOTS = Question(("with inner products", "with products entry by entry"))
ALONG = Question(("with rows and columns apart", "with a column beside a row"))
OUTER = Question(("with ⊗ as the outer product", "with ⊗ entry by entry"), unusual=False)
SHARES = Question(("with softmax of each row", "with softmax of each column"))
WEIGHTS = Question(("with weights as columns", "with weights as a row"))
VECTORS = Question(("with vectors as columns", "with vectors as rows"))
SPREAD = Question(
    ("with a vector added to each column", "with a vector added to each row"), unusual=False
)
EXAMPLES = Question(("as the indices stand", "with the first index along the columns"))
WAYS = Question(("with derivatives through all ways", "with direct derivatives"))
FLAT = Question(
    ("with matrices as columns of their rows", "with matrices as columns of their columns")
)


def said_of(words: str, *, rows: bool) -> str:
    """How a formula is read, in words; of `rows` it was turned into the one that is read so."""
    for first, second in (JACOBIAN.answers, GRADIENT.answers) if rows else ():
        words = second.join(part.replace(second, first) for part in words.split(first))
    return words


def answered_by(sides: Sequence[Formula], *, slopes_are_named: bool) -> frozenset[Question]:
    """The questions that what is written answers, which then get the first answer.

    Who writes ⊙ means something else by a point. Where `slopes_are_named` alike, da and dz, one
    that is by a net input, as δ, is a column, and so are the others beside it.
    """
    nodes = [node for side in sides for node in walk(side)]
    signed = any(isinstance(node, Hadamard) for node in nodes)
    deltas = any(isinstance(node, Layer) and node.kind == "delta" for node in nodes)
    beside = deltas and slopes_are_named
    return frozenset([DOTS] * signed + [GRADIENT] * beside)


MOST_UNUSUAL = 2
"""Unusual answers that are tried together."""


class Reading:
    """One way to read, answer by answer; what is not settled yet gets the first answer."""

    def __init__(
        self, settled: tuple[int, ...] = (), closed: frozenset[Question] = frozenset()
    ) -> None:
        self.settled = settled
        self.answers: dict[Question, int] = {}
        self.open: list[tuple[int, ...]] = []
        """Beginnings of other ways, found where a question had another answer."""
        self.closed = closed
        """Questions that what is written has answered: they get the first answer."""
        self.loose = ""
        """What in it has a meaning that not everybody would give it, if something has."""

    def __call__(self, question: Question) -> int:
        """The number of the answer to a question."""
        if question in self.closed:
            return 0
        if question not in self.answers:
            place = len(self.answers)
            before = tuple(self.answers.values())
            if place < len(self.settled):
                self.answers[question] = self.settled[place]
            else:
                self.answers[question] = 0
                self.open += [(*before, n) for n in self._others(question)]
        return self.answers[question]

    def _others(self, question: Question) -> Iterator[int]:
        # In no layout are gradients rows and Jacobians turned.
        partner = {JACOBIAN: GRADIENT, GRADIENT: JACOBIAN}.get(question)
        if partner is None or not self.answers.get(partner):
            yield from range(1, len(question.answers))

    @property
    def unusual(self) -> int:
        """How many of its answers are not what is written."""
        return sum(question.unusual and n > 0 for question, n in self.answers.items())

    def said(self) -> Mapping[Question, str]:
        """Its answers in words."""
        return {question: question.answers[n] for question, n in self.answers.items()}


def readings(
    made: Callable[[Reading], Made], unusual: int, closed: frozenset[Question] = frozenset()
) -> Iterator[tuple[Reading, Made | ValueError]]:
    """What is made of something in every way with so many unusual answers.

    Where the shapes do not fit, it is the error instead. Questions that are `closed` are not asked.
    """
    todo: list[tuple[int, ...]] = [()]
    while todo:
        reading = Reading(todo.pop(0), closed)
        found: Made | ValueError
        try:
            found = made(reading)
        except ValueError as error:
            found = error
        if reading.unusual > unusual:
            continue
        todo += reading.open
        if reading.unusual == unusual:
            yield reading, found
