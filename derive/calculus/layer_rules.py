"""The equations of one layer, for all of its neurons at once: with index letters, and in matrices.

They are found on the miniature of the model, where every layer has two neurons: the derivatives of
its neurons are instances of one formula with index letters (:mod:`derive.calculus.unify`), and that
is the rule, whatever the layer is. Its function may be one of single neurons or softmax, weights
may be missing, outputs may skip layers, and E_total may have a term for the weights. The matrix
form is the same formula, read for all numbers of its letters at once
(:mod:`derive.calculus.family_lifting`). :mod:`derive.calculus.general` proves both on the real
sizes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from derive import functions
from derive.calculus.chain import Chain
from derive.calculus.common import Common
from derive.calculus.family_lifting import FamilyLifting
from derive.calculus.indices import ADJOINT
from derive.calculus.unify import Instance
from derive.errors import ProofError
from derive.formula import (
    ONE,
    ONES,
    Batch,
    Call,
    Equation,
    Formula,
    Hadamard,
    Layer,
    Letter,
    Member,
    Name,
    Negative,
    Neuron,
    Partial,
    Product,
    Quotient,
    Sum,
    SumOver,
    Transposed,
    equation,
    product,
    signs_out,
    total,
    transform,
    walk,
)
from derive.formula.index import Index
from derive.formula.letters import reindexed, without_single_sums
from derive.formula.tidy import gathered
from derive.model import KINDS, Model, Role
from derive.model.families import member

OWN = "m"
"""The letter of a second neuron of the same layer, where softmax couples them."""


class LayerRules:
    """The rules of one network's layers; `layer` counts from 1, the first after the inputs.

    Where the `activation` or the `loss` is open, the network is an example of many, and nothing of
    it is in the rules but the name: f'(z_j), ∂E_total/∂a_j.
    """

    def __init__(
        self, model: Model, *, activation_is_open: bool = False, loss_is_open: bool = False
    ) -> None:
        self.model = model
        self._open = (activation_is_open, loss_is_open)
        self._instances = model.instances
        self.network = model.network
        self.names = model.network.naming
        self.last = len(model.network.layers) - 1
        self.total = Name(model.total)
        self._families = model.of_kind
        self._lifting = FamilyLifting(model)
        self.small = Chain(model.miniature())
        """Where the rules are found."""
        self._common = Common(self.small)

    def is_softmax(self, layer: int) -> bool:
        """Whether the outputs of the layer are shares."""
        return self.network.activations[layer - 1] == functions.SOFTMAX

    def is_masked(self, layer: int) -> bool:
        """Whether weights that would lead to the layer are missing."""
        return bool(self._families["weight", layer].absent)

    # What the instances have in common.

    def _members(self, kind: str, layer: int) -> Sequence[str]:
        """The names that the quantities of a kind have in the miniature."""
        instances = self.small.model.instances
        return instances.of([instances.arrays[self._families[kind, layer].array]])

    def _found(
        self, kind: str, layer: int, write: Callable[[str], Formula], spare: Sequence[str] = ()
    ) -> Formula:
        """The formula of neurons of which those that `write` makes of names are instances.

        j and i are the letters of the indices of the quantities of this kind, `spare` those for
        sums. Raises :class:`ProofError` where they are no instances of one formula.
        """
        letters, quantities = self.names.letters, self.small.model.quantities
        cases = [
            (dict(zip(letters, quantities[name].indices, strict=False)), write(name))
            for name in self._members(kind, layer)
        ]
        return self._unified(cases, kind, spare)

    def _unified(self, cases: Sequence[Instance], kind: str, spare: Sequence[str] = ()) -> Formula:
        """The formula of neurons of which these are instances; `kind` says what they are about."""
        found = self._common.formula(cases, spare)
        if found is None:
            raise ProofError(f"what there is of {kind} follows no common rule")
        return transform(found, self._real)

    def _rule(
        self,
        kind: str,
        layer: int,
        of: Callable[[str], Formula],
        value: Callable[[str], Formula],
        spare: Sequence[str] = (),
    ) -> Equation:
        """The equation of neurons of which `of` and `value` make the sides of the instances."""
        return equation(*(self._found(kind, layer, write, spare) for write in (of, value)))

    def _real(self, node: Formula) -> Formula | None:
        """Neurons in the place of the families of the miniature, with sums over all of a layer.

        What is of no layer, as λ is, keeps its name.
        """
        if isinstance(node, SumOver):
            body = transform(node.body, self._real)
            return SumOver(node.index, self._size(body, node.index), body)
        if isinstance(node, Name):
            key, at = self._common.place(node.name)
            node = member(key, *at)
        if not isinstance(node, Member):
            return None
        key = node.stem.removeprefix(ADJOINT)
        family = self._instances.arrays[key, len(node.indices)]
        if family.role not in KINDS:
            return Name(self._instances.name(family, ()))
        indices = node.indices or (((), 0),)
        places = (letters[0] if letters else number for letters, number in indices)
        neuron = Neuron(KINDS[family.role], family.layer, *places)
        if node.stem == key:
            return neuron
        is_net = neuron.kind == "net"
        return replace(neuron, kind="delta") if is_net else Partial(self.total, neuron)

    def _size(self, formula: Formula, letter: str) -> int:
        """How far a letter runs: to the number of neurons of the layer whose index it is."""
        return next(
            self.network.layers[node.layer - (node.source == letter)]
            for node in walk(formula)
            if isinstance(node, Neuron) and letter in (node.index, node.source)
        )

    def _from_users(self, name: str) -> Formula:
        """∂E_total/∂name, from those of the quantities in whose definitions it stands."""
        small, terms = self.small, list[Formula]()
        users = small.model.used_in[name]
        for user in users:
            role, slope = small.model.quantities[user].role, small.slope(user, name)
            assert slope is not None
            by_output = role is Role.OUTPUT
            adjoint = Name(ADJOINT + user) if by_output else small.passed_on(user)
            parts = slope.parts() if isinstance(slope, Sum) and role is Role.NET else (slope,)
            terms += [product([adjoint, part]) for part in parts]
        if len(users) == 1:
            return total(terms)
        # What couples neurons is a sum over them all, before or behind what concerns one alone.
        found = gathered(total(map(signs_out, terms)))
        return transform(found, lambda n: _alike_together(n) if isinstance(n, Sum) else None)

    def _arriving(self, layer: int) -> Formula:
        """∂E_total/∂out_j: from the error, or from the layers that the outputs lead to."""
        k = self.names.letters[2]
        return self._ordered(self._found("out", layer, self._from_users, (k,)))

    def _ordered(self, formula: Formula) -> Formula:
        """δ behind what it is multiplied with, where the notation writes it so."""
        return transform(formula, _adjoint_last) if self.names.by_layer else formula

    def _delta(self, layer: int) -> Formula:
        """∂E_total/∂net_j: through the outputs, or what that collapses to."""
        j, _, k = self.names.letters
        small = self.small
        net = small.model.in_layer(layer, Role.NET)[0]
        if len(small.collapse(net)) > 1:
            return self._found("net", layer, small.deltas.__getitem__, (k,))
        found = self._found("net", layer, self._from_users, (OWN,))
        arriving = self._arriving(layer)

        def written(node: Formula) -> Formula | None:
            if isinstance(node, SumOver):
                body = transform(node.body, _adjoint_last)
                return SumOver(node.index, node.upper, transform(body, written))
            if isinstance(node, Partial) and isinstance(node.by, Neuron):
                index = node.by.index
                own: Index = ((index,), 0) if isinstance(index, str) else ((), index)
                return reindexed(arriving, {j: own})
            return None

        return transform(found, written)

    # With indices.

    def stated(self, kind: str, layer: int) -> Equation:
        """What the net input of a neuron is, its output, or its error."""
        definitions = self.small.model.definitions
        return self._rule(kind, layer, Name, definitions.__getitem__, self.names.letters[1:2])

    def _named_slope(self, layer: int, net: Formula) -> Formula | None:
        """∂out/∂net by the function's name, sig'(net), where rules are written once for all."""
        definition = self._families["out", layer].definition
        if self.names.by_layer and isinstance(definition, Call):
            return Call(definition.function, net, 1)
        return None

    def delta(self, layer: int, summed: bool = False) -> Equation:
        """δ_j of a layer; `summed` keeps a Σ of a single summand."""
        j = self.names.letters[0]
        net, out = Neuron("net", layer, j), Neuron("out", layer, j)
        is_last = layer == self.last
        activation_is_open, loss_is_open = self._open
        activation_is_open = activation_is_open and not self.is_softmax(layer)
        sides = [] if activation_is_open or (is_last and loss_is_open) else [self._delta(layer)]
        named = self._named_slope(layer, net)
        if named is not None or not sides:
            by_out = Partial(self.total, out) if is_last else self._arriving(layer)
            sides.insert(0, product([by_out, *([] if named is None else [named])]))
        if not summed:
            sides = list(map(without_single_sums, sides))
        return equation(Neuron("delta", layer, j), Partial(self.total, net), *sides)

    def gradient(self, layer: int) -> Equation:
        """∂E_total/∂w of a weight that leads to the layer."""
        gradients = self.small.gradients.__getitem__
        by_weight, found = self._rule("weight", layer, self._common.by, gradients).sides
        return equation(by_weight, self._ordered(found))

    def bias(self, layer: int, summed: bool = False) -> Equation:
        """∂E_total/∂bias of the layer."""
        gradients, j = self.small.gradients.__getitem__, self.names.letters[:1]
        by_bias, found = self._rule("bias", layer, self._common.by, gradients, j).sides
        return equation(by_bias, found if summed else without_single_sums(found))

    # In matrix form.

    def _whole(self, rule: Equation) -> Equation:
        """A rule for whole vectors and matrices."""
        of = rule.left.by if isinstance(rule.left, Partial) else rule.left
        return self._lifting.whole(rule, of)

    def matrix(self, layer: int) -> list[Equation]:
        """δ of the layer, ∂E_total/∂W of its weights, and of its biases where each has one."""
        delta, _, *written = self.delta(layer, True).sides
        rules = [equation(delta, *written), self.gradient(layer)]
        if self.network.bias == "neuron":
            rules.append(self.bias(layer))
        found = list(map(self._whole, rules))
        if self.is_masked(layer):
            mask = Layer("mask", layer)

            def masked(node: Formula) -> Formula | None:
                outer = isinstance(node, Product) and isinstance(node.factors[-1], Transposed)
                return Hadamard((node, mask)) if outer else None

            found[1] = equation(*(transform(side, masked) for side in found[1].sides))
        return found

    def batch(self, layer: int, *, mean: bool = True) -> list[Equation]:
        """The gradients of :meth:`matrix`, of all examples of a batch; none without capitals.

        The products of matrices add up over the examples; for the `mean` it is divided by their
        number. What has no examples in it, as the term with λ, is the same in each of them, and has
        no rule in a sum.
        """
        if not self.names.has_batches or (self.network.l2 and not mean):
            return []
        scale = (Quotient(ONE, Letter(self.names.count)),) if mean else ()

        def whole(formula: Formula) -> Formula:
            if isinstance(formula, Layer):
                return Product((*scale, Batch(formula), ONES))
            if isinstance(formula, Product):
                column, row = formula.factors
                assert isinstance(row, Transposed)
                return Product((*scale, Batch(column), Transposed(Batch(row.of))))
            if isinstance(formula, Sum | Hadamard):
                first, *rest = formula.parts()
                return formula.rebuilt((whole(first), *rest))
            raise AssertionError(formula)

        return [equation(e.left, whole(e.right)) for e in self.matrix(layer)[1:]]

    def forward(self, layer: int) -> tuple[Equation, Equation]:
        """Net inputs and outputs of a layer."""
        return self._whole(self.stated("net", layer)), self._whole(self.stated("out", layer))


def _alike_together(formula: Sum) -> Formula:
    """A sum with its longer terms before the shorter ones, and what is subtracted behind them."""

    def place(term: Formula) -> tuple[bool, int]:
        return isinstance(term, Negative), -len(term.parts())

    return total(sorted(formula.terms, key=place))


def _adjoint_last(node: Formula) -> Formula | None:
    """A product with derivatives of E_total behind what they are multiplied with."""
    if not isinstance(node, Product):
        return None
    return product(sorted(node.factors, key=_is_adjoint))


def _is_adjoint(factor: Formula) -> bool:
    return isinstance(factor, Partial) or (isinstance(factor, Neuron) and factor.kind == "delta")
