"""What a network says of itself, in plain values: all that the model's users may ask it.

The model knows nothing else of where it comes from. The kinds of networks fill in what they have;
the rest keeps the value that says it is not there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Self

from derive import functions
from derive.errors import InputError
from derive.formula import Equation
from derive.model.arrays import Arrays
from derive.model.numbers import Numbers
from derive.notations import Notation, naming
from derive.notations.free import Stems
from derive.notations.names import Naming
from derive.notations.symbols import Symbol
from derive.notations.table import Pattern


@dataclass(frozen=True)
class Front:
    """The title block of a document: plain texts, empty where nothing is said."""

    title: str = ""
    author: str = ""
    institute: str = ""
    date: str = ""

    def but(self, **given: str | None) -> Front:
        """The same with what is given in the place of what it says."""
        return replace(self, **{key: text for key, text in given.items() if text is not None})


@dataclass(frozen=True)
class Facts:
    """The plain values of a network.

    `layers` are the numbers of neurons from the inputs on, none where equations state the network;
    `activations` has one name per layer after the inputs. `reduction` says whether E_total of a
    batch is the sum or the mean over its examples. `missing` are the weights that are not there,
    `skip` pairs of layers (counted from 0, the inputs) of which the second gets the outputs of the
    first added to its net inputs. `l2` is the λ of the term ½λΣw² in E_total, `functions` are the
    user's own, each with its expression in x; `loss` may be an expression in t and o. `names` are
    symbols that are called otherwise than in the notation: ``("out", "a")``; `letters` the index
    letters with which families are written, by stem and number of indices. `runs` are the numbers
    for which the file writes each letter at a place of a family: a_j, j = 3 to 5; a_k, k = 6, 7.
    `written` says how stems of names are typeset: ``var`` as σ².
    `remarks` are the comments that stand behind the lines of its file, by the number of the line.
    `front` is the title block of its documents.
    `called` are the letters that a document has for functions of the table: ``("φ", "tanh")``, and
    `rows` says whether its vectors are rows, x W, and `laid` names the matrices of which a document
    says how they lie, because it multiplies them; `layout` is that of its Jacobians, if it says it.
    """

    layers: tuple[int, ...] = ()
    activations: tuple[str, ...] = ()
    loss: str = "half-squared-error"
    bias: str = "none"
    notation: str | Notation = "letters"
    name: str = ""
    reduction: str = "sum"
    names: tuple[tuple[str, str], ...] = ()
    description: str = ""
    front: Front = Front()
    learning_rate: float = 0.5
    update_biases: bool = True
    numbers: Numbers | Mapping[str, float] | None = field(default=None, repr=False)
    l2: float = 0.0
    missing: tuple[str, ...] = ()
    skip: tuple[tuple[int, int], ...] = ()
    functions: tuple[tuple[str, str], ...] = ()
    letters: Mapping[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)
    runs: Mapping[tuple[str, int], Mapping[str, frozenset[int]]] = field(default_factory=dict)
    called: tuple[tuple[str, str], ...] = ()
    rows: bool = False
    laid: frozenset[str] = frozenset()
    layout: str = ""
    written: tuple[tuple[str, Pattern], ...] = ()
    remarks: Mapping[int, str] = field(default_factory=dict, repr=False)

    @property
    def stems(self) -> Stems:
        """How the stems of its names are written, where the file says it."""
        return dict(self.written)

    @property
    def arrays(self) -> Arrays | None:
        """Which quantities form vectors and matrices, where the layers do not say it."""
        return None

    @property
    def stages(self) -> Sequence[Sequence[str]]:
        """The defined quantities in groups, as they are stated; none where layers say it."""
        return ()

    @property
    def satisfied(self) -> Sequence[tuple[Equation, Mapping[str, tuple[int, int]]]]:
        """What the given quantities satisfy, as it is stated, with the ranges of its letters."""
        return ()

    @property
    def examples(self) -> int:
        """How many examples its numbers have; one where there are none."""
        return len(self.numbers.inputs) if isinstance(self.numbers, Numbers) else 1

    @property
    def averages(self) -> bool:
        """Whether the error of a batch is a mean; with one example nobody says otherwise."""
        return self.examples == 1 or self.reduction == "mean"

    @property
    def has_vectors(self) -> bool:
        """Whether its numbers stand layer by layer, so that NumPy can go back through matrices."""
        return False

    @property
    def vectors(self) -> Numbers:
        """Its numbers, layer by layer; :class:`InputError` where it has none that stand so."""
        if not isinstance(self.numbers, Numbers):
            raise InputError(f"network {self.name}: it has no numbers to compute with")
        return self.numbers

    def numbered(self, seed: int) -> Self:
        """The same network with numbers for everything; those that are missing come from `seed`."""
        raise NotImplementedError

    @property
    def summary(self) -> str:
        """What it is, in a line."""
        return self.spec

    @property
    def spec(self) -> str:
        """What the network is called in a heading."""
        return self.name

    @property
    def has_shares(self) -> bool:
        """Whether outputs and targets are shares of 1: softmax with the cross-entropy."""
        softmax = functions.SOFTMAX in self.activations[-1:]
        return softmax and self.loss == "categorical-cross-entropy"

    @cached_property
    def naming(self) -> Naming:
        """The names of the quantities, in the network's own notation and with its own symbols."""
        return naming(self.notation, self.layers, self.bias, dict(self.names))

    @property
    def sigma_is_sigmoid(self) -> bool:
        """Whether σ can be the sign of the sigmoid: nothing else is written with it.

        Where a network has no sigmoid, σ is read as the activation that it has.
        """
        if not self.layers or self.functions or "sig" in dict(self.names):
            return True
        rows = (functions.ACTIVATIONS.get(name) for name in self.activations)
        return any(
            row is not None and (row.symbol == "sig" or "sig" in functions.written_with(row.symbol))
            for row in rows
            if row is None or row.symbol
        )

    @cached_property
    def signs(self) -> dict[str, Symbol]:
        """The symbols by kind, and those of the functions that have signs of their own."""
        symbols = dict(self.naming.symbols)
        if not self.sigma_is_sigmoid:
            symbols.pop("sig", None)
        return symbols

    @cached_property
    def weight_counts(self) -> tuple[int, ...]:
        """The number of weights of each layer of weights, without those that are missing."""
        counts = [a * b for a, b in pairwise(self.layers)]
        return tuple(count - len(self.absent(n)) for n, count in enumerate(counts, 1))

    def absent(self, layer: int) -> frozenset[tuple[int, int]]:
        """The neurons, target and source, between which the connections to a layer are missing."""
        found = (self.naming.weight(name) for name in self.missing)
        return frozenset(weight[1:] for weight in found if weight and weight[0] == layer)

    @property
    def bias_counts(self) -> tuple[int, ...]:
        """The number of biases of each layer after the inputs; empty without biases."""
        if self.bias == "none":
            return ()
        return tuple(1 if self.bias == "layer" else size for size in self.layers[1:])
