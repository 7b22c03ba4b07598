"""Networks stated as equations in floating point, and right and wrong claims about them."""

from __future__ import annotations

import cmath
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from derive import Model
from derive.calculus.chain import Chain, Path, collected, named, plugged_in
from derive.formula import (
    ONE,
    Call,
    Formula,
    Name,
    Negative,
    Number,
    Partial,
    Power,
    Product,
    Quotient,
    Sum,
    number,
    product,
    signs_out,
    total,
)
from derive.model import Role
from tests.delta_forms import without_deltas
from tests.formulas.floating import FUNCTIONS, Floating, Oracle
from tests.formulas.subjects import get, put, spots, without

Sides = tuple[Formula, ...]


class GraphPoint(Floating):
    """One random point of a model, its quantities computed from their definitions."""

    def __init__(self, model: Model, seed: int) -> None:
        self.model = model
        draw = random.Random(seed)
        self.given = {
            q.name: draw.uniform(0.2, 1.2) * (draw.choice((1, -1)) if q.role is Role.WEIGHT else 1)
            for q in model.having(Role.INPUT, Role.WEIGHT)
        }
        for name, meaning in model.conditions.items():
            self.given[name] = self.value(meaning, self.given).real
        self.letters = {"eta": draw.uniform(0.2, 0.8)}
        self._values = self.forward({})
        self._moved: dict[str, Mapping[str, complex]] = {}

    def forward(self, fixed: Mapping[str, complex]) -> dict[str, complex]:
        values: dict[str, complex] = {**self.given, **fixed}
        for name, definition in self.model.definitions.items():
            if name not in fixed:
                values[name] = self.value(definition, values)
        return values

    def value(self, formula: Formula, values: Mapping[str, complex] | None = None) -> complex:
        here = self._values if values is None else values
        if isinstance(formula, Power) and isinstance(formula.exponent, Number):
            return self.value(formula.base, here) ** float(formula.exponent.value)
        if isinstance(formula, Call) and formula.function == "ln" and not formula.primes:
            return cmath.log(self.value(formula.argument, here))
        return super().value(formula, here)


class GraphOracle(Oracle):
    """Whether equations hold, at a few random points."""

    def __init__(self, model: Model, points: int = 4) -> None:
        self._points = [GraphPoint(model, 7 + seed) for seed in range(points)]


@dataclass
class Gradient:
    """One weight of a network of equations, with the right forms of its gradient."""

    model: Model
    chain: Chain
    name: str
    draw: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.draw = random.Random(f"{self.model.network.name} {self.name}")

    @property
    def left(self) -> Formula:
        """∂E/∂w."""
        return Partial(Name(self.model.total), Name(self.name))

    @cached_property
    def paths(self) -> list[Path]:
        """All paths, where they are not very many."""
        count = self.chain.count_paths(self.model.total, self.name)
        return list(self.chain.paths(self.model.total, self.name)) if count <= 24 else []

    @cached_property
    def delta(self) -> Formula:
        """Through the derivatives of the error by what the weight leads to."""
        return self.chain.gradients[self.name]

    @cached_property
    def opened(self) -> Formula:
        """The same with these derivatives written out, as far as that is short."""
        return signs_out(without_deltas(self.chain, self.delta))

    @cached_property
    def expanded(self) -> Formula:
        """The sum of all paths, or the delta form."""
        return signs_out(total(map(plugged_in, self.paths))) if self.paths else self.delta

    @cached_property
    def collected(self) -> Formula:
        """The same with common factors taken out."""
        return signs_out(collected(self.paths)) if self.paths else self.delta

    @cached_property
    def forms(self) -> list[Formula]:
        """Right forms, all different."""
        return list(dict.fromkeys([self.expanded, self.collected, self.delta]))

    def family(self, name: str) -> list[str]:
        """The other members of the family of a quantity."""
        own = self.model.quantities[name]
        return [
            q.name for q in self.model.having(own.role) if q.name != name and q.family == own.family
        ]

    # Right ones.

    def right(self) -> Iterator[Sides]:
        """Each form; with terms and factors in another order; with a factor written as two."""
        for form in self.forms:
            yield self.left, form
            yield self.left, self._shuffled(form)
            yield self.left, Quotient(product([form, Name(self.name)]), Name(self.name))
            yield self.left, product([number(2), form]) * Number(number(1).value / 2)  # type: ignore[attr-defined]
        for path in self.paths[:1]:
            if len(self.paths) == 1:
                yield self.left, named(path), plugged_in(path)

    def _shuffled(self, formula: Formula) -> Formula:
        parts = [self._shuffled(part) for part in formula.parts()]
        if isinstance(formula, Sum | Product):
            self.draw.shuffle(parts)
        return formula.rebuilt(tuple(parts)) if parts else formula

    # Wrong ones: the code of the mistake, or nothing where none is asked for.

    def wrong(self) -> Iterator[tuple[str, Sides]]:
        """Each mistake where it applies."""
        for form in self.forms:
            yield "sign", (self.left, Negative(form))
            yield "constant-factor", (self.left, product([number(2), form]))
            yield from self._missing_factor(form)
            yield from self._wrong_index(form)
        if len(self.paths) > 1:
            for gone in {0, len(self.paths) - 1, len(self.paths) // 2}:
                kept = [path for place, path in enumerate(self.paths) if place != gone]
                yield "missing-path", (self.left, signs_out(total(map(plugged_in, kept))))
                yield "missing-path", (self.left, signs_out(collected(kept)))
        if isinstance(self.delta, Sum):
            for gone in range(len(self.delta.terms)):
                rest = [t for place, t in enumerate(self.delta.terms) if place != gone]
                yield "missing-path", (self.left, total(rest))

    def _missing_factor(self, form: Formula) -> Iterator[tuple[str, Sides]]:
        terms = form.terms if isinstance(form, Sum) else (form,)
        term = self.draw.choice(terms)
        bare = term.term if isinstance(term, Negative) else term
        if not isinstance(bare, Product):
            return
        for factor in dict.fromkeys(bare.factors):
            rest = without(bare, [factor])
            if rest is None or isinstance(factor, Number):
                continue
            made = Negative(rest) if isinstance(term, Negative) else rest
            yield "missing-factor", (self.left, total(made if t is term else t for t in terms))

    def _wrong_index(self, form: Formula) -> Iterator[tuple[str, Sides]]:
        places = [
            spot
            for spot in spots(form, lambda n: isinstance(n, Name), into=False)
            if self.family(get(form, spot).name)  # type: ignore[attr-defined]
        ]
        for spot in self.draw.sample(places, min(3, len(places))):
            old = get(form, spot)
            assert isinstance(old, Name)
            new = Name(self.draw.choice(self.family(old.name)))
            yield "wrong-index", (self.left, put(form, spot, new))

    # Softmax and cross-entropy.

    def softmax(self) -> Iterator[tuple[str, Sides]]:
        """Only the diagonal of the Jacobian; the slope p(1 − p) once more."""
        shares = self.chain.shares
        diagonal = [
            path
            for path in self.paths
            if all(f.of not in shares or shares[f.of] == f.by for f in path)
        ]
        if 0 < len(diagonal) < len(self.paths):
            yield "softmax-diagonal", (self.left, signs_out(total(map(plugged_in, diagonal))))
            yield "softmax-diagonal", (self.left, signs_out(collected(diagonal)))
        through = {f.of for path in self.paths for f in path if f.of in shares}
        for p in sorted(through)[:2]:
            form = self.draw.choice(self.forms)
            yield "softmax-ce", (self.left, product([form, Name(p), 1 - Name(p)]))

    def cross_entropy(self) -> Iterator[tuple[str, Sides]]:
        """The sign of −t/p, and its divisor lost."""
        for p in self.model.quantities:
            slope = self.chain.local(self.model.total).get(p)
            bare = slope.term if isinstance(slope, Negative) else slope
            if (
                isinstance(bare, Quotient)
                and bare.bottom == Name(p)
                and p in self.model.definitions
            ):
                left = Partial(Name(self.model.total), Name(p))
                yield "cross-entropy", (left, bare)
                yield "cross-entropy", (left, Negative(bare.top))


__all__ = ["FUNCTIONS", "ONE", "Gradient", "GraphOracle"]
