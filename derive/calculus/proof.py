"""The proof that a printed gradient is the derivative of E_total.

Three ways, the first that is feasible:

* ``exact``: SymPy differentiates the fully unfolded E_total, and both sides have the same normal
  form (:mod:`derive.exact.unfolded`);
* ``modular``: both sides agree at random consistent points modulo random primes, the derivative
  being taken by dual numbers (:mod:`derive.exact.points`); there are as many points as make the
  chance of an error less than 2^-100 (:mod:`derive.exact.sizes`);
* ``regions``: the same at many points, each in a random region of the piecewise linear
  activations, when there are too many regions to treat them all at once.

All gradients together are checked by one random combination of them: the slope of E_total along a
random direction equals the combination of the gradients. Those of a large model of families are
compared as arrays (:mod:`derive.calculus.family_proof`).
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from derive import functions
from derive.calculus.chain import Chain
from derive.errors import InputError, ProofError
from derive.exact.checking import Checking
from derive.exact.consistent import Consistent
from derive.exact.large import array_points
from derive.exact.points import NoValueError, Point
from derive.exact.residues import SECRET
from derive.exact.roots import Roots
from derive.exact.symbolic import from_sympy, symbol, to_sympy
from derive.exact.unfolded import Unfolded, has_normal_form
from derive.formula import (
    Arithmetic,
    Array,
    Call,
    Cases,
    Delta,
    Equation,
    Formula,
    Layer,
    Member,
    Name,
    Neuron,
    Partial,
    Power,
    Updated,
    contains,
    evaluate,
    number,
    substitute,
    walk,
)
from derive.functions import BY_SYMBOL, Function
from derive.functions.written import WRITTEN
from derive.model import Model, Role
from derive.model.families import Family, member
from derive.model.instances import Instances
from derive.model.miniature import Keys
from derive.networks.network import Network

LARGEST_EXACT = 6_000
"""Terms of all multiplied-out gradients of a model that are compared as polynomials."""
LARGEST_UNFOLDED = 6_000
"""Names in the fully unfolded E_total up to which SymPy differentiates it."""
DEEPEST_UNFOLDED = 30
"""Layers up to which SymPy differentiates the unfolded E_total; it goes down by recursion."""
REGION_POINTS = 40
STEP_REGIONS = 4
_ROW_POINTS = 8


@dataclass(frozen=True, slots=True)
class Proof:
    """Which parameters' gradients were proved in which way, in the model's order."""

    exact: Sequence[str]
    modular: Sequence[str]
    regions: Sequence[str]
    points: int
    primes: int = 1
    """Modulo how many primes at once, of 31 bits each; of a large one it is one."""


def prove(chain: Chain, first: Sequence[str] = ()) -> Proof:
    """Check every gradient of the model; `first` have the first claim to an exact proof.

    Raises :class:`ProofError` naming a parameter whose gradient is not the derivative, and
    :class:`InputError` where there is none, as the definitions have no value.
    """
    model = chain.model
    for row in _rows_used(model):
        prove_row(row)
    checking = Checking(model, 0, REGION_POINTS)
    jumps = checking.jumps
    try:
        if checking.arrays is not None:
            from derive.calculus.family_proof import prove_families

            primes = checking.arrays.primes
            if checking.by_arrays(lambda: prove_families(chain, checking, _wrong)):
                return Proof((), model.parameters, (), 1, primes)
        _prove_together(chain, checking)
    except NoValueError as error:
        raise InputError(
            f"{model.network.name}: the equations have no value at"
            f" {'some points' if jumps else 'any point'}: {error}; other functions would do"
        ) from None
    exact = _affordable(chain, first)
    if exact:
        wrong = Unfolded(model, exact, chain.deltas).wrong(chain.gradients)
        if wrong:
            raise _wrong(model, wrong[0])
    rest = tuple(name for name in model.parameters if name not in exact)
    return Proof(
        exact=tuple(name for name in model.parameters if name in exact),
        modular=() if jumps else rest,
        regions=rest if jumps else (),
        points=len(checking.points()),
    )


def _rows_used(model: Model) -> list[Function]:
    """The rows of the function table that occur in the definitions."""
    if model.network.layers:
        names = dict.fromkeys(model.network.activations)
        rows = [functions.ACTIVATIONS[name] for name in names if name in functions.ACTIVATIONS]
    else:
        rows = []
    symbols = {
        node.function: None
        for definition in model.stated
        for node in walk(definition)
        if isinstance(node, Call)
    }
    return [*rows, *(BY_SYMBOL[s] for s in symbols if BY_SYMBOL[s] not in rows)]


def _wrong(model: Model, name: str) -> ProofError | InputError:
    absolute = _absolute(model)
    if absolute is not None:
        return InputError(
            f"{model.network.name}: {absolute} is defined by the root of a square, an absolute"
            " value; its derivative is not found, and nothing was written"
        )
    return ProofError(
        f"the gradient by {name} of {model.network.name} is not the derivative of {model.total};"
        " nothing was written. This is a fault of the program, please report it"
    )


def _absolute(model: Model) -> str | None:
    """The first quantity in which the root of a square is taken whose sign is not known."""
    roots = model.known(Roots)
    for name, definition in model.definitions.items():
        for node in walk(definition):
            apart = roots.apart(node) if isinstance(node, Power) else None
            if apart is not None and contains(apart, Cases):
                return name
    return None


def _affordable(chain: Chain, first: Sequence[str]) -> tuple[str, ...]:
    """The parameters whose gradients are small enough to be compared as polynomials."""
    parameters = chain.model.parameters
    layers = chain.model.network.layers
    if len(chain.model.quantities) > LARGEST_EXACT or not 0 < len(layers) <= DEEPEST_UNFOLDED:
        return ()
    if not has_normal_form(chain.model):
        return ()
    sizes, unfolded = _sizes(chain)
    if unfolded > LARGEST_UNFOLDED:
        return ()
    chosen: list[str] = []
    spent = 0
    for name in [*first, *(name for name in reversed(parameters) if name not in first)]:
        if spent + sizes[name] <= LARGEST_EXACT:
            chosen.append(name)
            spent += sizes[name]
    return tuple(chosen)


class _Count(int):
    """A number of terms: a minus sign takes none away."""

    def __neg__(self) -> _Count:
        return self

    def __add__(self, other: int) -> _Count:
        return _Count(int(self) + int(other))

    def __mul__(self, other: int) -> _Count:
        return _Count(int(self) * int(other))


def _sizes(chain: Chain) -> tuple[dict[str, int], int]:
    """Upper bounds on the terms of every gradient when multiplied out; the size of E unfolded."""
    model = chain.model
    unfolded: dict[str, int] = {}
    for name in model.quantities:
        unfolded[name] = sum(unfolded[x] for x in model.inputs_of.get(name, ())) or 1
    sizes: dict[str, int] = {}

    def resolve(node: Formula, inner: object) -> int:
        if isinstance(node, Name):
            return sizes.get(node.name, 1)
        if isinstance(node, Delta):
            return deltas[node.of]
        return 1

    ring = Arithmetic(
        number=lambda value: _Count(1),
        resolve=lambda node, inner: _Count(resolve(node, inner)),
        divide=lambda a, b: a,
        power=lambda a, b: a * a,
    )
    deltas: dict[str, int] = {}
    for name, definition in model.definitions.items():
        if isinstance(definition, Call):
            argument = definition.parts()[0]
            inner = sizes.get(getattr(argument, "name", ""), 1)
            sizes[name] = 1 if BY_SYMBOL[definition.function].own else inner
        else:
            sizes[name] = evaluate(definition, ring)
    found = chain.gradients_in(ring, deltas)
    return {name: int(size) for name, size in found.items()}, unfolded[model.total]


def _prove_together(chain: Chain, checking: Checking) -> None:
    """One random combination of all gradients against one directional derivative, per point."""
    _prove_turn(chain, checking.points())
    turns = checking.turns_for(_lost(chain, checking))
    for turn in range(1, turns):
        _prove_turn(chain, checking.points(turn))


def _lost(chain: Chain, checking: Checking) -> float:
    """What the sizes of the combination and of the directional derivative cost."""
    sizes = checking.sizes
    move = sizes.given("move")
    slope = sizes.slope(Name(chain.model.total), "")
    gradients = _gradients(chain, sizes)
    return sizes.lost_of(move * value for one in gradients.values() for value in (one, slope))


def _prove_turn(chain: Chain, points: Sequence[Point]) -> None:
    model = chain.model
    draw = random.Random(f"{SECRET} move")
    for point in points:
        direction = {name: draw.randrange(point.prime) for name in model.parameters}
        gradients = _gradients(chain, point)
        combined = sum(direction[name] * gradients[name] for name in model.parameters)
        if combined % point.prime != point.directional(direction):
            for name in model.parameters:
                if gradients[name] != point.slope(Name(model.total), name):
                    raise _wrong(model, name)
            raise _wrong(model, "some parameter")


def _gradients(chain: Chain, point: Consistent) -> dict[str, Any]:
    """Every gradient at `point`, from the formulas that are printed."""
    dual = point.dual
    deltas: dict[str, Any] = {}
    total_ = Name(chain.model.total)

    def resolve(node: Formula, inner: object) -> Any:
        if isinstance(node, Delta):
            return deltas[node.of]
        if isinstance(node, Partial) and node.of == total_ and isinstance(node.by, Name):
            return deltas[node.by.name]
        if isinstance(node, Name):
            return dual(point.values[node.name])
        return dual(point.value(node))

    ring = Arithmetic(lambda value: dual(point.constant(value)), resolve)
    return {name: found.value for name, found in chain.gradients_in(ring, deltas).items()}


def prove_equations(
    model: Model, equations: Iterable[Equation], letters: dict[str, Formula]
) -> None:
    """Check every equation of a derivation at random consistent points modulo primes.

    `letters` are the local definitions the equations use. Raises :class:`ProofError` with the
    equation in plain text.
    """
    from derive.emit.text import Text

    equations = list(equations)
    about = model
    if array_points(model) is not None and not any(map(_has_quantities, equations)):
        # What is true of a function for all x has nothing to do with the quantities of a model.
        about = _of_one_quantity(number(1))
    checking = Checking(about, 0, STEP_REGIONS, letters)
    for equation in equations:
        if not checking.agree(*equation.sides):
            raise ProofError(f"a step does not hold: {Text(model).chain(equation)}")


def _has_quantities(equation: Equation) -> bool:
    """Whether there is anything but letters, numbers and functions in an equation."""
    plain = (Name, Delta, Partial, Updated, Member, Neuron, Layer, Array)
    return any(contains(side, *plain) for side in equation.sides)


def _of_one_quantity(definition: Formula) -> Model:
    """The model y = f(x)."""
    families = [Family("x", Role.INPUT), Family("y", Role.TOTAL, definition=definition)]
    return Model(Instances(families, Keys()), Network((1, 1)))


@cache
def prove_row(row: Function) -> None:
    """Check a row of the function table: its slope, as it is written, is its value's derivative.

    The derivative is taken twice: by SymPy, and by dual numbers at points modulo random primes, in
    several regions where the function is defined piecewise. Raises :class:`ProofError` naming the
    row.
    """
    if row.slope is None:
        return
    x, y = Name("x"), Name("y")
    value = number(row.value(x, WRITTEN))
    expression = to_sympy(value)
    by_sympy = from_sympy(expression.diff(symbol("x")), {symbol("x"): x})
    claimed = number(row.slope(x, y, WRITTEN))
    model = _of_one_quantity(substitute(value, {"x": member("x")}))
    slope = Partial(y, x)
    if not Checking(model, 0, _ROW_POINTS).agree(claimed, by_sympy, slope):
        raise ProofError(f"the derivative of {row.name} in the table is not its derivative")
