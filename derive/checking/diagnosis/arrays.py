"""One mistake in a formula of vectors and matrices: what makes it right, and what it is called."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property, partial

from derive.calculus.array_places import ArrayPlaces
from derive.calculus.entries import shape
from derive.calculus.indices import Indices
from derive.checking.diagnosis.edits import Edit, Holds, right_edits, turned
from derive.checking.speller import Speller
from derive.formula import (
    ONE,
    Array,
    Call,
    Dot,
    Formula,
    Hadamard,
    Member,
    Name,
    Negative,
    Number,
    Partial,
    Product,
    Sum,
    is_matrix,
    number,
    product,
)
from derive.formula.index import Index
from derive.grammar.findings import Finding, Severity
from derive.model import Model

MOST_SLOPES = 8
"""Slopes of functions that are tried as factors which are missing."""
MOST_ALIKE = 12
"""Vectors or matrices that are tried in the place of another."""


class ArrayMistakes:
    """The mistakes that are looked for in formulas of vectors and matrices of one model."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._rules: tuple[tuple[str, Callable[[Formula], Iterator[Formula]], str], ...] = (
            ("transpose", turned, "a transposition, an order or ⊙ is wrong in this product"),
            ("sign", _negated, "the sign of {old} is wrong"),
            ("wrong-index", self._others, "{old} should be {new}"),
            ("wrong-activation", _slopes, "{old} should be {new}"),
            ("missing-factor", self._multiplied, "the factor {factor} is missing"),
            ("constant-factor", _scaled, "{old} should be {new}"),
        )

    def found(
        self, left: Formula, right: Formula, holds: Callable[..., bool], speller: Speller
    ) -> Finding | None:
        """The first mistake whose correction makes the equation right.

        It has to be right as it is written; else a transposition may still make it right in some
        other layout.
        """
        as_written: Holds = partial(holds, as_written=True)
        for code, alike, message in self._rules:
            for edit in right_edits(left, right, alike, as_written):
                return _finding(code, message, edit, speller)
        for edit in right_edits(left, right, turned, holds):
            return _finding(*self._rules[0][::2], edit, speller)
        return None

    @cached_property
    def _arrays(self) -> ArrayPlaces:
        return Indices(self._model).arrays

    def _others(self, node: Formula) -> Iterator[Formula]:
        """Another vector or matrix: of the layer beside it, or of the same shape."""
        if not isinstance(node, Array):
            return
        if isinstance(node.of, Member):
            yield from (Array(Member(node.of.stem, at)) for at in _moved(node.of.indices))
            return
        entries = self._arrays.entries
        own = shape(entries[node.of.name])
        stem = node.of.name.rpartition("_")[0]
        names = [name for name in entries if name != node.of.name]
        beside = [name for name in names if stem and name.rpartition("_")[0] == stem]
        alike = [name for name in names if name not in beside and shape(entries[name]) == own]
        yield from (Array(Name(name)) for name in [*beside, *alike][:MOST_ALIKE])

    def _multiplied(self, node: Formula) -> Iterator[Formula]:
        """A part with the slope of a function of the network as a factor, or with a vector."""
        if is_matrix(node) and isinstance(node, Array | Partial | Product | Hadamard | Dot | Sum):
            factors = (*self._slopes_of_outputs, *self._vectors)
            yield from (Hadamard((node, factor)) for factor in factors)

    @cached_property
    def _vectors(self) -> list[Formula]:
        """The first vectors of the model."""
        entries = self._arrays.entries
        names = [name for name, rows in entries.items() if len(rows) > 1 == len(rows[0])]
        return [Array(Name(name)) for name in names[:MOST_ALIKE]]

    @cached_property
    def _slopes_of_outputs(self) -> list[Formula]:
        """σ'(z) for every vector that is σ of another, or what it is in terms of σ(z)."""
        found: list[Formula] = []
        nets = {rows: name for name, rows in self._arrays.entries.items()}
        known = self._model.definitions
        for name, rows in self._arrays.entries.items():
            names = [row[0].name for row in rows if isinstance(row[0], Name)]
            calls = [call for n in names if isinstance(call := known.get(n), Call)]
            functions = {(call.function, call.primes) for call in calls}
            if len(functions) != 1 or len(calls) < len(rows) or len(rows[0]) > 1:
                continue
            function, out = calls[0].function, Array(Name(name))
            net = nets.get(tuple((call.argument,) for call in calls))
            if net is not None:
                found.append(Call(function, Array(Name(net)), 1))
            elif function == "sig":
                found.append(Hadamard((out, Sum((ONE, Negative(out))))))
            elif function == "tanh":
                found.append(Sum((ONE, Negative(Hadamard((out, out))))))
        return found[:MOST_SLOPES]


def _finding(code: str, message: str, edit: Edit, speller: Speller) -> Finding:
    old, new, repaired = map(speller.inline, edit)
    factor = edit.new.factors[-1] if isinstance(edit.new, Hadamard) else edit.new
    said = message.format(old=old, new=new, factor=speller.inline(factor))
    return Finding(code, said, Severity.ERROR, repaired, repaired=repaired)


def _moved(indices: tuple[Index, ...]) -> Iterator[tuple[Index, ...]]:
    for place, (letters, offset) in enumerate(indices):
        for step in (-1, 1) if letters else ():
            yield (*indices[:place], (letters, offset + step), *indices[place + 1 :])


def _negated(node: Formula) -> Iterator[Formula]:
    """The same with the other sign."""
    if isinstance(node, Negative):
        yield node.term
    elif not isinstance(node, Number | Name):
        yield Negative(node)


def _slopes(node: Formula) -> Iterator[Formula]:
    """F' for f, and f for f'."""
    if isinstance(node, Call) and node.primes < 2 and is_matrix(node):
        yield Call(node.function, node.argument, 1 - node.primes)


def _scaled(node: Formula) -> Iterator[Formula]:
    """The same with a factor 2, −1 or ½ of its own, or without one that it has."""
    if isinstance(node, Product) and isinstance(node.factors[0], Number):
        yield product(node.factors[1:])
    if isinstance(node, Array | Partial | Product | Hadamard | Dot | Sum) and is_matrix(node):
        yield from (Product((factor, node)) for factor in (number(2), number(1) / 2))
