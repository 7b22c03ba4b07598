"""Definitions as a family of networks writes them down, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from derive import functions
from derive.formula import Call, Formula, Name, Negative, Product, Sum, total
from derive.functions.written import WRITTEN, softmax
from derive.model.arrays import Arrays
from derive.networks.equations.reading import MOST_EQUATIONS
from derive.networks.equations.stated import Stated

MOST_GIVEN = 20_000
MOST_PRODUCTS = 200_000

Index = tuple[int | None, ...]
"""The indices of one quantity of a family; `None` where there is only one to choose from."""


class TooManyError(ValueError):
    """There are more equations, quantities or products than a derivation can hold."""


class Draft:
    """The quantities and equations of one network so far, and the ways to add to them.

    A name is its stem and its indices: ``net_2_1``. Naming a weight or an input again gives the
    same quantity: that is how weights are shared. Raises :class:`TooManyError`.
    """

    def __init__(self) -> None:
        self.inputs: dict[str, None] = {}
        self.weights: dict[str, None] = {}
        self.equations: list[Stated] = []
        self.arrays: Arrays | None = None
        """Which quantities form vectors and matrices, if the family says so."""
        self.remark = ""
        """What a reader has to be told about the equations, in a few words."""
        self._products = 0
        # What is defined in one go stands together, as if one line of a file said it.
        self._stem, self._line = "", 0

    def given(self, stem: str, *index: int | None) -> Name:
        """An input, or a target."""
        return self._named(self.inputs, stem, index)

    def weight(self, stem: str, *index: int | None) -> Name:
        """A weight, or a bias."""
        return self._named(self.weights, stem, index)

    def define(self, formula: Formula, stem: str, *index: int | None) -> Name:
        """A new quantity with its definition."""
        if len(self.equations) == MOST_EQUATIONS:
            raise TooManyError(f"{MOST_EQUATIONS:,} equations")
        found = plain_name(stem, index)
        if stem != self._stem:
            self._stem, self._line = stem, self._line + 1
        self.equations.append(Stated(found.name, formula, self._line))
        return found

    def products(
        self, stem: str, target: Index, sources: Iterable[tuple[Index, Formula]]
    ) -> list[Formula]:
        """The products w·x that lead from all `sources` to one target, for its weighted sum."""
        found: list[Formula] = []
        for source, value in sources:
            found.append(Product((self.weight(stem, *target, *source), value)))
            self._products += 1
            if self._products > MOST_PRODUCTS:
                raise TooManyError(f"{MOST_PRODUCTS:,} products")
        return found

    def layer(
        self,
        sums: Sequence[tuple[Index, Iterable[Formula]]],
        activation: str,
        net: str,
        out: str,
    ) -> list[tuple[Index, Name]]:
        """``net`` = the sum of its terms for every neuron, then ``out`` = f(net).

        With the identity there is ``out`` alone. `sums` has the index and the terms of each neuron.
        """
        whole = activation == functions.SOFTMAX
        symbol = "" if whole else functions.activation(activation).symbol
        stem = net if symbol or whole else out
        nets = [(index, self.define(total(terms), stem, *index)) for index, terms in sums]
        if whole:
            shares = softmax([x for _, x in nets])
            return [
                (index, self.define(share, out, *index))
                for (index, _), share in zip(nets, shares, strict=True)
            ]
        if not symbol:
            return nets
        return [(index, self.define(Call(symbol, x), out, *index)) for index, x in nets]

    def errors(self, loss: str, target: str, outs: Sequence[tuple[Index, Name]]) -> Formula:
        """The loss of some outputs together, each compared with its target."""
        row = functions.loss(loss)
        count = len(outs)
        return total(
            row.error(self.given(target, *index), out, count, WRITTEN) for index, out in outs
        )

    def _named(self, among: dict[str, None], stem: str, index: Index) -> Name:
        found = plain_name(stem, index)
        if found.name not in among and len(among) == MOST_GIVEN:
            raise TooManyError(f"{MOST_GIVEN:,} inputs or weights")
        among[found.name] = None
        return found


def larger(a: Formula, b: Formula) -> Formula:
    """Max(a, b) as a + relu(b − a): where both are equal it is a, and its slope that of a."""
    return Sum((a, Call("relu", Sum((b, Negative(a))))))


def own(size: int) -> Iterable[int | None]:
    """The indices from 1 to `size`; of a single one none, for it needs no index."""
    return range(1, size + 1) if size > 1 else (None,)


def plain_name(stem: str, index: Index) -> Name:
    """A stem with the indices that there are: ``net_2_1``."""
    return Name("_".join([stem, *(str(place) for place in index if place is not None)]))
