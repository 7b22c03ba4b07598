"""What the function contains: an ordered list of assignments, each with the number of its equation.

Beside it stand the numbers with which it shows what it does: those of the document's example.

Nothing here knows a programming language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby

from derive.calculus.chain import Chain
from derive.calculus.indices import Indices
from derive.code.sharing import Sharing
from derive.formula import Call, Delta, Equation, Formula, Letter, Name, Partial, signs_out, walk
from derive.formula.letters import has_letters
from derive.functions import BY_SYMBOL
from derive.model import PARAMETERS, Model, Role
from derive.notes.blocks import Display, Notes
from derive.notes.by_layer import of_each_layer
from derive.notes.functions import function_equations
from derive.numeric.forward import examples


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


@dataclass(frozen=True, slots=True)
class Assignment:
    """One line: `name` = `formula`; `number` is that of the equation, or empty.

    Of a function of the table, or its derivative, the name is a :class:`Call` of x.
    """

    name: Formula
    formula: Formula
    number: str = ""


@dataclass(frozen=True)
class Program:
    """The derivation of one network, to be computed from its given quantities.

    `data` are inputs, targets and whatever else is given, `parameters` weights and biases. In the
    order of computing: `forward` with the outputs of all neurons, `error` with what it consists of,
    `backward` with the δ (or ∂E/∂q), and the `gradients`, one for each parameter, `name` being
    ∂E/∂w.
    """

    model: Model
    data: tuple[str, ...]
    parameters: tuple[str, ...]
    functions: tuple[Assignment, ...]
    forward: tuple[Assignment, ...]
    error: tuple[Assignment, ...]
    backward: tuple[Assignment, ...]
    gradients: tuple[Assignment, ...]


@dataclass(frozen=True)
class Values:
    """Numbers by the names of the quantities: the data of each example, and the parameters.

    `drawn` says that the network has none of its own.
    """

    examples: tuple[Mapping[str, float], ...]
    parameters: Mapping[str, float]
    drawn: bool


def program(chain: Chain, notes: Notes | None, instead: Callable[[str], Formula | None]) -> Program:
    """The program for a network; `notes` is the document that gives the equations their numbers.

    `instead` says how the language computes a function, if not by its formula.
    """
    model = chain.model
    numbering = Numbering(model, notes)
    numbers = numbering.of_all(chain)
    total = Name(model.total)
    lines = _needed(chain, [(left, signs_out(right)) for left, right in equations(chain)])
    sharing = Sharing([right for _, right in lines])
    forward: list[Assignment] = []
    error: list[Assignment] = []
    backward: list[Assignment] = []
    gradients: list[Assignment] = []
    parameters = {Partial(total, Name(name)) for name in model.parameters}
    for place, (left, _) in enumerate(lines):
        entry = left in parameters
        for name, formula in sharing.lines(place, None if entry else left):
            if name is None:
                gradients.append(Assignment(left, formula, numbers[left]))
                continue
            line = Assignment(name, formula, numbers.get(name, ""))
            if isinstance(left, Name):
                last = model.quantities[left.name].role in (Role.ERROR, Role.TOTAL)
                (error if last else forward).append(line)
            else:
                backward.append(line)
    given = (name for name in model.quantities if name not in model.definitions)
    return Program(
        model,
        tuple(name for name in given if name not in model.parameters),
        tuple(model.parameters),
        tuple(_functions([right for _, right in lines], numbering, instead)),
        tuple(forward),
        tuple(error),
        tuple(backward),
        tuple(gradients),
    )


def values(model: Model, seed: int) -> Values:
    """The network's own numbers; what is missing is drawn from `seed`."""
    network = model.network.numbered(seed)
    tables = examples(model, network)
    given = [name for name in model.quantities if name not in model.definitions]
    data = [name for name in given if name not in model.parameters]
    return Values(
        tuple({name: float(table[name]) for name in data} for table in tables),
        {name: float(tables[0][name]) for name in model.parameters},
        network is not model.network,
    )


def _needed(
    chain: Chain, lines: Sequence[tuple[Formula, Formula]]
) -> list[tuple[Formula, Formula]]:
    """The lines without the ∂E/∂q of quantities that no parameter can change."""
    total = Name(chain.model.total)
    needed: set[Formula] = {Partial(total, Name(name)) for name in chain.model.parameters}
    kept = []
    for left, right in reversed(lines):
        if isinstance(left, Name) or left in needed:
            kept.append((left, right))
            needed |= {node for node in walk(right) if isinstance(node, Delta | Partial)}
    return kept[::-1]


def _functions(
    formulas: Iterable[Formula], numbering: Numbering, instead: Callable[[str], Formula | None]
) -> Iterable[Assignment]:
    """The definitions of all functions that are called, those that others call first."""
    found: dict[Call, Assignment] = {}

    def define(formula: Formula) -> None:
        for node in walk(formula):
            if not isinstance(node, Call):
                continue
            shape = Call(node.function, Letter("x"), node.primes)
            if shape not in found:
                written = function_equations(BY_SYMBOL[node.function])[node.primes].right
                body = (not node.primes and instead(node.function)) or written
                define(body)
                found[shape] = Assignment(shape, body, numbering.of(shape, written))

    for formula in formulas:
        define(formula)
    return found.values()
