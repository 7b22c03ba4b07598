"""Layers as vectors: their definitions neuron by neuron, and what they are as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from derive import functions
from derive.formula import Array, Call, Formula, Name, Partial, Product, total
from derive.model.arrays import Arrays, Entries
from derive.networks.families.draft import Draft, Index, own, plain_name
from derive.notations.free import split_name


@dataclass(frozen=True)
class Vector:
    """Quantities of a draft that form a column vector."""

    array: Array
    names: tuple[Name, ...]

    @property
    def indexed(self) -> list[tuple[Index, Name]]:
        """The quantities with their indices in the vector."""
        return [((i,), name) for i, name in zip(own(len(self.names)), self.names, strict=True)]


class Vectors:
    """Puts layers into a draft, and keeps the equations between their vectors and matrices.

    A `place` are the indices of a vector, before that of an entry: ``h_2_1`` is in the vector h_2.
    """

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._entries: dict[str, Entries] = {}
        self._equations: dict[str, Formula] = {}
        self._deltas: dict[str, str] = {}

    def given(self, stem: str, size: int, place: Index) -> Vector:
        """A vector of inputs."""
        return self._vector(stem, place, [self._draft.given(stem, *place, j) for j in own(size)])

    def layer(
        self,
        products: Sequence[tuple[str, Vector]],
        bias: str,
        of: Index,
        place: Index,
        size: int,
        activation: str,
        net: str,
        out: str,
    ) -> Vector:
        """The layer out = f(net), net = the sum of weights times vectors, and of the bias if any.

        `products` has the stem of each matrix of weights; `of` are the indices of the weights
        before those of neurons. With the identity there is no net.
        """
        draft = self._draft
        sums: list[tuple[Index, list[Formula]]] = []
        for j in own(size):
            terms: list[Formula] = []
            for stem, source in products:
                terms += draft.products(stem, (*of, j), source.indexed)
            terms += [draft.weight(bias, *of, j)] if bias else []
            sums.append(((*place, j), terms))
        before = len(draft.equations)
        names = [name for _, name in draft.layer(sums, activation, net, out)]
        nets = [Name(stated.name) for stated in draft.equations[before : before + size]]
        outs = self._vector(out, place, names)
        summed = outs if nets == names else self._vector(net, place, nets)
        terms = [
            Product((self._matrix(stem, of, size, source), source.array))
            for stem, source in products
        ]
        if bias:
            shifts = [draft.weight(bias, *of, j) for j in own(size)]
            terms.append(self._vector(bias, of, shifts).array)
        self._equations[_of(summed)] = total(terms)
        self._deltas[_of(summed)] = plain_name(net.replace("net", "delta"), place).name
        if summed != outs:
            whole = activation == functions.SOFTMAX
            symbol = activation if whole else functions.activation(activation).symbol
            self._equations[_of(outs)] = Call(symbol, summed.array)
        return outs

    def errors(self, loss: str, target: str, outs: Vector, place: Index) -> Formula:
        """The loss of a vector of outputs, compared with a vector of targets."""
        compared = [((*place, *index), name) for index, name in outs.indexed]
        self.given(target, len(outs.names), place)
        return self._draft.errors(loss, target, compared)

    def arrays(self, error: Name) -> Arrays:
        """All that was put in; `error` is the error of the network."""
        deltas: dict[str, Entries] = {
            delta: tuple((Partial(error, entry),) for (entry,) in self._entries[of])
            for of, delta in self._deltas.items()
        }
        entries = {**self._entries, **deltas}
        places = {name: split_name(name) for name in entries}
        return Arrays(entries, places, self._equations, self._deltas)

    def _vector(self, stem: str, place: Index, names: Sequence[Name]) -> Vector:
        array = plain_name(stem, place)
        self._entries[array.name] = tuple((name,) for name in names)
        return Vector(Array(array), tuple(names))

    def _matrix(self, stem: str, of: Index, size: int, source: Vector) -> Array:
        array = plain_name(stem.upper(), of)
        self._entries[array.name] = tuple(
            tuple(self._draft.weight(stem, *of, j, *i) for i, _ in source.indexed)
            for j in own(size)
        )
        return Array(array)


def _of(vector: Vector) -> str:
    assert isinstance(vector.array.of, Name)
    return vector.array.of.name
