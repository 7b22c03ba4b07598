"""The numbers that equations have in the document."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import groupby

from derive.calculus.chain import Chain
from derive.calculus.indices import Indices
from derive.formula import Delta, Equation, Formula, Name, Partial, signs_out, walk
from derive.formula.letters import has_letters
from derive.model import PARAMETERS, Model, Role
from derive.notes.blocks import Display, Notes
from derive.notes.by_layer import of_each_layer


class Numbering:
    """Looks equations up in a finished document; without one, nothing has a number.

    Of an equation that stands in several places the last counts: it is in the list of all δ, where
    its neighbours are too. With the numbers of the example it is only repeated.
    """

    def __init__(self, model: Model, notes: Notes | None = None) -> None:
        self._model = model
        self._printed: dict[tuple[Formula, Formula], int] = {}
        self._kinds: dict[object, int] = {}
        for section in notes.sections if notes else ():
            for block in section.blocks:
                if isinstance(block, Display) and not block.label.startswith("example-"):
                    for equation in block.equations:
                        self._enter(equation, block.number)

    def _enter(self, equation: Equation, number: int) -> None:
        if any(map(has_letters, equation.sides)):
            for instance in self._instances(equation):
                self._enter(instance, number)
            return
        for side in equation.sides[1:]:
            self._printed[equation.left, signs_out(side)] = number

    def _instances(self, equation: Equation) -> Iterator[Equation]:
        """What a line with letters for indices or layers stands for."""
        indices = Indices(self._model)
        for stated in of_each_layer(equation, len(self._model.network.layers) - 1):
            for chosen in indices.choices(indices.ranges(*stated.sides)):
                # It says nothing of a weight that is missing.
                with suppress(LookupError):
                    yield Equation(tuple(indices.instance(side, chosen) for side in stated.sides))

    def of(self, left: Formula, right: Formula) -> str:
        """``(66)``, or nothing for an equation that the document does not print."""
        number = self._printed.get((left, signs_out(right)))
        return "" if number is None else f"({number})"

    def of_all(self, chain: Chain) -> dict[Formula, str]:
        """The number of every definition, δ and gradient.

        Of a large layer the document prints some equations and counts the others; those are
        ``as (66)``, the number of their kind.
        """
        found: dict[Formula, str] = {}
        for left, right in equations(chain):
            number = self.of(left, right)
            kind = self._kind(left)
            if number:
                self._kinds[kind] = self._printed[left, signs_out(right)]
            found[left] = number
        for left, number in found.items():
            kind = self._kind(left)
            if not number and kind in self._kinds:
                found[left] = f"as ({self._kinds[kind]})"
        return found

    def _kind(self, left: Formula) -> object:
        of = left.by if isinstance(left, Partial) else left
        name = of.of if isinstance(of, Delta) else of.name if isinstance(of, Name) else ""
        quantity = self._model.quantities[name]
        # Weights and biases stand in one list.
        role = Role.WEIGHT if quantity.role in PARAMETERS else quantity.role
        return type(left), role, quantity.layer


def equations(chain: Chain) -> list[tuple[Formula, Formula]]:
    """Everything that is computed, in an order in which it can be: (left side, right side)."""
    model = chain.model
    total = Name(model.total)
    forward = [(Name(name), definition) for name, definition in model.definitions.items()]
    backward: list[tuple[Formula, Formula]] = []
    for _, layer in groupby(reversed(chain.deltas), lambda name: model.quantities[name].layer):
        backward += _forwards([(chain.adjoint(name), chain.deltas[name]) for name in layer])
    gradients = [(Partial(total, Name(name)), formula) for name, formula in chain.gradients.items()]
    return [*forward, *backward, *gradients]


def _forwards(layer: list[tuple[Formula, Formula]]) -> list[tuple[Formula, Formula]]:
    """The δ of a layer from its first neuron to its last, unless one needs another of them."""
    own = {left for left, _ in layer}
    return layer if any(node in own for _, f in layer for node in walk(f)) else layer[::-1]
