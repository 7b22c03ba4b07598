"""One wrong '=' with all that the rules of diagnosis ask about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from derive.calculus.chain import Chain, Path, collected, plugged_in
from derive.checking.diagnosis.known import Known, known_factors
from derive.checking.diagnosis.sites import Site, Tree
from derive.exact.points import NoValueError, Point
from derive.formula import (
    Call,
    Delta,
    Formula,
    Name,
    Negative,
    Number,
    Partial,
    Updated,
    has_slopes,
    product,
    signs_out,
    walk,
)
from derive.formula.tidy import shortest
from derive.functions import BY_SYMBOL
from derive.model import Model, Quantity, Role

MOST_PATHS = 64
MOST_WRITTEN = 6
"""Paths of a gradient up to which it is written out as a repair of its own."""

Facts = Mapping[str, Any]

Place = tuple[int, int]
"""Layer and index of a neuron."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A formula that would be right, the code of the mistake, and the facts to tell it with.

    `suggestion` is what to write where the fault is, if that is less than the whole side; `left`
    another left side for which the formula is right. A `weak` one is told only where there is none
    better.
    """

    code: str
    formula: Formula
    facts: Facts = field(default_factory=dict)
    suggestion: Formula | None = None
    left: Formula | None = None
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Slope:
    """f'(net) of one neuron, as it is written, with its out, its function and its residue."""

    formula: Formula
    out: str
    function: str
    value: int

    @property
    def kinked(self) -> bool:
        """Whether the slope jumps at a kink, as that of ReLU does at 0."""
        return BY_SYMBOL[self.function].kinked


class Generic(Point):
    """A point at which every step function has a value of its own, neither 0 nor 1.

    A missing or doubled relu' shows there, which it does not in a region where it is 0 or 1. What
    is found has to be proved in any case.
    """

    def _step(self, x: int) -> int:
        if x not in self._steps:
            value = self._draw.randrange(2, self.prime)
            self._steps[x], self._steps[-x % self.prime] = value, (1 - value) % self.prime
        return self._steps[x]


class Tables:
    """Which quantities and factors of one model have which residue at one point."""

    def __init__(self, model: Model, point: Point) -> None:
        self.model = model
        self.point = point
        self.chain = Chain(model)
        self._slopes: dict[tuple[str, str], int] = {}

    @cached_property
    def names(self) -> dict[int, str]:
        """Each quantity by its residue; of several with the same residue the first."""
        found: dict[int, str] = {}
        for name, value in self.point.values.items():
            found.setdefault(value, name)
        return found

    @cached_property
    def slopes(self) -> dict[Place, Slope]:
        """The neurons that have an activation function with a slope."""
        found: dict[Place, Slope] = {}
        for quantity in self.model.having(Role.OUTPUT):
            definition = self.model.definitions[quantity.name]
            if isinstance(definition, Call) and isinstance(definition.argument, Name):
                formula = self.chain.local(quantity.name)[definition.argument.name]
                found[quantity.layer, quantity.index] = Slope(
                    formula, quantity.name, definition.function, self.point.value(formula)
                )
        return found

    @cached_property
    def factors(self) -> dict[int, Known]:
        """Each factor of a path product by its residue; of several the simplest."""
        found: dict[int, Known] = {}
        for known in known_factors(self.model, self.chain):
            value = self.value(known.formula)
            if value not in (None, 0, 1):
                found.setdefault(value, known)
        return found

    def value(self, formula: Formula) -> int | None:
        """The residue of a formula, if it has one."""
        try:
            return int(self.point.value(formula)) % self.point.prime
        except (NoValueError, KeyError, ValueError):
            return None

    def slope(self, of: str, by: str) -> int:
        """The residue of the derivative of one quantity by another."""
        if (of, by) not in self._slopes:
            self._slopes[of, by] = int(self.point.slope(Name(of), by)) % self.point.prime
        return self._slopes[of, by]


class Case:
    """The author's side, the right value, and what the claim is about.

    `wrong` is the author's side, `truth` a side that is right; `before` are all sides that stand
    before the wrong one, and `holds` decides a repaired equation exactly.
    """

    def __init__(
        self,
        tables: Tables,
        truth: Formula,
        wrong: Formula,
        holds: Callable[[Formula, Formula], bool],
        before: Sequence[Formula] = (),
    ) -> None:
        self.tables = tables
        self.model = tables.model
        self.point = tables.point
        self.truth = truth
        self.wrong = wrong
        self.holds = holds
        self.before = before or (truth,)
        self.prime = self.point.prime
        self.right: int = self.point.value(truth) % self.prime
        self.tree = Tree(wrong, self.point)
        self.got = self.tree.root.value

    @cached_property
    def sites(self) -> list[Site]:
        """The parts of the author's side that one edit could put right."""
        return list(self.tree.sites(self.right))

    @cached_property
    def terms(self) -> list[Site]:
        """The sites that are the whole side or a summand, and are not and should not be 0."""
        return [site for site in self.sites if site.term and site.value and site.needed]

    @cached_property
    def gradient(self) -> tuple[str, str] | None:
        """(of, by) when the claim is about ∂of/∂by of two quantities."""
        truth = self.truth
        if isinstance(truth, Delta):
            return self.model.total, truth.of
        if isinstance(truth, Partial) and isinstance(truth.of, Name) and isinstance(truth.by, Name):
            return truth.of.name, truth.by.name
        if isinstance(truth, Updated):
            return self.model.total, truth.of
        return None

    @cached_property
    def about_slopes(self) -> bool:
        """Whether the claim is about a derivative, δ or a step; only then one can be wrong."""
        return any(
            isinstance(node, Partial | Delta | Updated)
            or (isinstance(node, Call) and bool(node.primes))
            for side in (self.truth, *self.before)
            for node in walk(side)
        )

    @cached_property
    def by(self) -> Quantity | None:
        """The quantity by which the claim differentiates, if it is about a derivative."""
        return self.model.quantities[self.gradient[1]] if self.gradient else None

    @cached_property
    def paths(self) -> list[tuple[Path, int]]:
        """The paths of the gradient with the residues of their products; none if too many."""
        if self.gradient is None:
            return []
        chain = self.tables.chain
        of, by = self.gradient
        if of == by or chain.count_paths(of, by) > MOST_PATHS:
            return []
        return [(p, self.point.value(plugged_in(p))) for p in chain.paths(of, by)]

    @cached_property
    def gradient_written(self) -> Formula:
        """The right side, written anew: collected paths, or the delta form where they are many."""
        if 1 <= len(self.paths) <= MOST_WRITTEN:
            return shortest(collected([path for path, _ in self.paths]))
        if self.gradient is not None:
            of, by = self.gradient
            if of == self.model.total and by in self.model.parameters:
                return self.tables.chain.gradients[by]
        return self.truth

    def path_written(self, path: Path) -> Formula:
        """A path as the author writes paths: by name where that is unambiguous, or with values."""
        if not self.has_partials:
            return signs_out(plugged_in(path))
        count = self.tables.chain.count_paths
        return product(f.name if count(f.of, f.by) == 1 else f.value for f in path)

    @cached_property
    def has_partials(self) -> bool:
        """Whether the author's side is written with ∂."""
        return has_slopes(self.wrong)

    def residue(self, formula: Formula) -> int:
        """The residue of a formula. Raises :class:`NoValueError` where it has none."""
        return int(self.point.value(formula)) % self.prime

    def value(self, formula: Formula) -> int | None:
        """The residue of a formula, if it has one."""
        return self.tables.value(formula)

    def fits(self, formula: Formula) -> bool:
        """Whether `formula` has the right value at the point."""
        return self.value(formula) == self.right

    def place(self, name: str) -> Place | None:
        """The neuron to which a net input, output, target or error belongs."""
        quantity = self.model.quantities[name]
        if quantity.role in (Role.NET, Role.OUTPUT, Role.INPUT, Role.TARGET, Role.ERROR):
            return quantity.layer, quantity.index
        return None

    def is_input(self, out: str) -> bool:
        """Whether `out` is what the weight in question is multiplied by."""
        if self.by is None or self.by.role is not Role.WEIGHT:
            return False
        return self.place(out) == (self.by.layer - 1, self.by.source)

    def minus_signs(self) -> int:
        """How many explicit minus signs stand before factors of the author's side."""
        nodes = list(walk(self.wrong))
        minus = sum(isinstance(node, Negative) for node in nodes)
        minus += sum(isinstance(node, Number) and node.value < 0 for node in nodes)
        terms = (term for node in nodes for term in getattr(node, "terms", ()))
        return minus - sum(isinstance(term, Negative) for term in terms)
