"""How quantities, layers and letters are named in a formula, whatever the format."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from derive.emit.emitter import Emitter
from derive.emit.pieces import POWER, Expression, Piece
from derive.formula import (
    IDENTITY,
    ZERO,
    Array,
    Batch,
    Count,
    Delta,
    Dots,
    Everywhere,
    Formula,
    Layer,
    Letter,
    Member,
    Name,
    Neuron,
    Partial,
    Product,
    Renewed,
    Unit,
    Updated,
    Where,
    transform,
    walk,
    way,
)
from derive.formula.index import written
from derive.model import KINDS, Model, Quantity, Role
from derive.notations import free
from derive.notations.pen import Pen
from derive.notations.whole import Manner


class Named(Emitter):
    """The names of one model, set with a pen. Those without a body here say how things look."""

    pen: ClassVar[Pen]
    ellipsis: ClassVar[str]
    """What stands for the terms of a sum that are left out."""
    partial_sign: ClassVar[str] = "∂"
    word: ClassVar[str]
    """A word of several letters in a formula, in the place of %s."""
    new: ClassVar[str]
    """What becomes of a parameter, by its emitted name: w⁺."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.naming = model.network.naming.with_pen(self.pen)
        self._signs = model.network.signs

    def quantity(self, quantity: Quantity) -> str:
        """The name of a quantity."""
        kind = KINDS.get(quantity.role, "E_total")
        if not self._model.network.layers or quantity.role is Role.CONSTANT:
            return free.free_name(quantity.name, self.pen, self._model.network.stems)
        return self.naming.typeset(kind, quantity.layer, quantity.index, quantity.source)

    def leaf(self, formula: Formula) -> str:
        found = way(self, formula, "leaf")
        if found is None:
            raise TypeError(f"{type(self).__name__} has nothing for {formula!r}")
        return str(found(formula))

    def leaf_name(self, formula: Name) -> str:
        return self.quantity(self._model.quantities[formula.name])

    def leaf_delta(self, formula: Delta) -> str:
        net = self._model.quantities[formula.of]
        return self.naming.typeset("delta", net.layer, net.index)

    def leaf_updated(self, formula: Updated) -> str:
        name = self.leaf_name(Name(formula.of))
        if self.raised(Name(formula.of)):
            name = name.join(self.brackets(ZERO))
        return self.new % name

    def leaf_renewed(self, formula: Renewed) -> str:
        return self.new % self.leaf(formula.of)

    def of_where(self, formula: Where) -> Expression:
        rows = [(self.inline(formula.then), ", ".join(map(str, formula.tests)))]
        return Expression([Piece(self.cases(rows, self.inline(formula.otherwise)))], POWER)

    def leaf_count(self, formula: Count) -> str:
        return written(formula.index)

    def leaf_neuron(self, formula: Neuron) -> str:
        if formula.kind == "neuron":
            return self.naming.neuron(formula.layer, formula.index)
        if formula.kind == "layer":
            return self.pen.word(self.naming.layer(formula.layer))
        if formula.kind == "weight_rule":
            return self.naming.weight_rule(formula.layer)
        return self.naming.typeset(formula.kind, formula.layer, formula.index, formula.source)

    def leaf_member(self, formula: Member) -> str:
        return free.member(formula, self.pen, self._model.network.stems)

    def leaf_array(self, formula: Array) -> str:
        return free.array(formula.of, self.pen, self._model.network.stems)

    def leaf_unit(self, formula: Unit) -> str:
        return "I" if formula == IDENTITY else self.pen.bold("1")

    def leaf_layer(self, formula: Layer | Batch) -> str:
        return self.array(formula)

    leaf_batch = leaf_layer

    def leaf_everywhere(self, formula: Everywhere) -> str:
        if not self.naming.by_layer:
            raise TypeError("this notation has no letters for layers")
        of = formula.of
        if isinstance(of, Layer):
            return self.array(formula)
        kind = "out" if of.kind == "neuron" else of.kind
        return self.naming.typeset_at(kind, formula.layer, of.index, of.source)

    def of_product(self, formula: Product) -> Expression:
        if self.naming.table.matrices == "rows":
            formula = Product(tuple(in_rows_order(formula.factors)))
        return super().of_product(formula)

    def array(
        self, formula: Layer | Everywhere | Batch, adjoint: bool = False, top: bool = False
    ) -> str:
        """A vector or matrix of a layer, the derivative of the error by it, or its transpose."""
        manner = Manner(True, adjoint, top, isinstance(formula, Batch))
        of = formula.of if isinstance(formula, Batch) else formula
        if isinstance(of, Layer):
            return self.naming.vector(of.kind, of.layer, manner)
        assert isinstance(of, Everywhere)
        assert isinstance(of.of, Layer)
        return self.naming.vector_at(of.of.kind, of.layer, manner)

    def leaf_letter(self, formula: Letter) -> str:
        word = formula.name
        if word == "eta":
            return self.pen.greek(word)
        return word if len(word) == 1 else self.word % word

    def leaf_dots(self, formula: Dots) -> str:
        return self.ellipsis

    def raised(self, formula: Formula) -> bool:
        stems = self._model.network.stems
        if stems and isinstance(formula, Name | Member):
            stem = formula.stem if isinstance(formula, Member) else free.free_stem(formula.name)
            return stem in stems and bool(stems[stem].above)
        if isinstance(formula, Name):
            kind = KINDS.get(self._model.quantities[formula.name].role, "E_total")
            return self.naming.raises(kind)
        if isinstance(formula, Array):
            return "^" in formula.text
        of = formula.of if isinstance(formula, Batch) else formula
        of = of.of if isinstance(of, Everywhere) else of
        if isinstance(of, Neuron | Layer):
            return self.naming.raises(of.kind)
        return isinstance(formula, Delta) and self.naming.raises("delta")


def in_rows(formula: Formula) -> Formula:
    """The transpose of a formula of columns, in the same names for rows: xW for Wx.

    (AB)ᵀ = BᵀAᵀ, and the same turns one of rows into one of columns.
    """

    def rule(node: Formula) -> Formula | None:
        if not isinstance(node, Product):
            return None
        return Product(tuple(map(in_rows, in_rows_order(node.factors))))

    return transform(formula, rule)


def in_rows_order(factors: Sequence[Formula]) -> Sequence[Formula]:
    """Factors of which the vectors and matrices stand in the opposite order."""
    arrays = [factor for factor in factors if _is_array(factor)]
    return [arrays.pop() if _is_array(factor) else factor for factor in factors]


def _is_array(formula: Formula) -> bool:
    """Whether a vector or matrix of a layer stands in a formula, or a vector of ones."""
    if isinstance(formula, Unit):
        return True
    nodes = (n.by if isinstance(n, Partial) else n for n in walk(formula))
    return any(isinstance(n.of if isinstance(n, Everywhere) else n, Layer) for n in nodes)
