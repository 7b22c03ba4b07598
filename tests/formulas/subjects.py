"""One weight or bias with the right forms of its gradient, and the tools to edit formulas."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from derive import Model
from derive.calculus.chain import Chain, Path, collected, named, plugged_in
from derive.checking.claims import Verdict
from derive.formula import (
    ONE,
    Call,
    Delta,
    Formula,
    Name,
    Partial,
    Product,
    product,
    total,
    transform,
)
from derive.model import Quantity, Role

Spot = tuple[int, ...]
Sides = tuple[Formula, ...]


@dataclass(frozen=True)
class Variant:
    """A claim as somebody would write it, with the verdict it should get.

    `row` has the codes of the mistakes in it that are rows of the table; `sides` are its formulas.
    """

    text: str
    verdict: Verdict
    row: str | None = None
    sides: Sides = ()
    spelling: str = ""


def spots(formula: Formula, wanted: Callable[[Formula], bool], into: bool = True) -> list[Spot]:
    """Where the wanted nodes stand; without `into`, not inside of ∂ and functions."""
    found: list[Spot] = []

    def visit(node: Formula, spot: Spot) -> None:
        if wanted(node):
            found.append(spot)
        if into or not isinstance(node, Partial | Call):
            for place, part in enumerate(node.parts()):
                visit(part, (*spot, place))

    visit(formula, ())
    return found


def get(formula: Formula, spot: Spot) -> Formula:
    """What stands at a spot."""
    for place in spot:
        formula = formula.parts()[place]
    return formula


def put(formula: Formula, spot: Spot, new: Formula) -> Formula:
    """`formula` with something else at a spot."""
    if not spot:
        return new
    parts = list(formula.parts())
    parts[spot[0]] = put(parts[spot[0]], spot[1:], new)
    return formula.rebuilt(tuple(parts))


def without(formula: Formula, gone: Sequence[Formula]) -> Formula | None:
    """A product without some of its factors; nothing if it has not got them."""
    if not isinstance(formula, Product):
        return ONE if [formula] == list(gone) else None
    rest = list(formula.factors)
    for factor in gone:
        if factor not in rest:
            return None
        rest.remove(factor)
    return product(rest)


@dataclass
class Subject:
    """One parameter of a network with the right forms of its gradient."""

    model: Model
    chain: Chain
    name: str
    draw: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.draw = random.Random(f"{self.model.network.layers} {self.name}")

    @cached_property
    def quantity(self) -> Quantity:
        """The parameter."""
        return self.model.quantities[self.name]

    @property
    def left(self) -> Formula:
        """∂E_total/∂w."""
        return self.by(self.model.total)

    def by(self, of: str) -> Formula:
        """∂of/∂w."""
        return Partial(Name(of), Name(self.name))

    @cached_property
    def paths(self) -> list[Path]:
        """All paths from E_total."""
        return list(self.chain.paths(self.model.total, self.name))

    @cached_property
    def expanded(self) -> Formula:
        """The sum of all paths, with values."""
        return total(plugged_in(path) for path in self.paths)

    @cached_property
    def collected(self) -> Formula:
        """The same with common factors taken out."""
        return collected(self.paths)

    @cached_property
    def named(self) -> Formula:
        """The sum of all paths, by name."""
        return total(named(path) for path in self.paths)

    @cached_property
    def delta(self) -> Formula:
        """δ·out."""
        return self.chain.gradients[self.name]

    @cached_property
    def opened(self) -> Formula:
        """δ·out with this δ written out once."""
        return transform(
            self.delta, lambda node: self.chain.deltas[node.of] if isinstance(node, Delta) else None
        )

    @cached_property
    def errors(self) -> list[str]:
        """The errors that the parameter reaches."""
        return [e for e in self.model.errors if e in self.model.downstream(self.name)]

    @cached_property
    def outs(self) -> list[str]:
        """The outputs on the paths whose activation is passed."""
        found = [f.of for path in self.paths for f in path if self.role(f.of) is Role.OUTPUT]
        return list(dict.fromkeys(found))

    @cached_property
    def input(self) -> str | None:
        """What the weight is multiplied by."""
        if self.quantity.role is Role.BIAS:
            return None
        return self.place(Role.OUTPUT, self.quantity.layer - 1, self.quantity.source)

    def role(self, name: str) -> Role:
        return self.model.quantities[name].role

    def place(self, role: Role, layer: int, index: int | None) -> str:
        """The quantity at a place; inputs are outputs of layer 0."""
        roles = (role, Role.INPUT) if role is Role.OUTPUT else (role,)
        return next(
            q.name for q in self.model.having(*roles) if (q.layer, q.index) == (layer, index)
        )

    def alike(self, name: str) -> list[str]:
        """The other quantities of the same kind and layer."""
        own = self.model.quantities[name]
        return [
            q.name for q in self.model.having(own.role) if q.layer == own.layer and q.name != name
        ]

    def form(self, *forms: str) -> Formula:
        """One of several right forms."""
        return getattr(self, self.draw.choice(forms or ("expanded", "collected", "opened")))  # type: ignore[no-any-return]
