"""The chain rule on a model: local derivatives, paths, deltas, gradients.

Everything is made when it is asked for. The gradients of a family of weights that stand in one net
input each are instances of one template, δ[j]·out[k].
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain
from typing import Any

from derive.calculus.family_slopes import slopes_of
from derive.calculus.local import local_derivatives
from derive.exact.large import array_points
from derive.formula import (
    ONE,
    ZERO,
    Arithmetic,
    Call,
    Delta,
    Formula,
    Name,
    Partial,
    Quotient,
    Sum,
    SumOver,
    evaluate,
    product,
    total,
)
from derive.formula.tidy import collapsed
from derive.model import Model, Role
from derive.model.families import Family, Slope, fitting
from derive.model.made import Made

ADJOINTS = (Role.NET, Role.INTERMEDIATE)
"""What has a derivative of the error with a name of its own, in every network."""
MOST_TERMS = 20
"""Terms up to which a sum is differentiated by all that stands in it at once."""
MANY = 10**6
"""So many paths, and more, are not counted."""


def by(of: str, x: str) -> Partial:
    """∂of/∂x."""
    return Partial(Name(of), Name(x))


@dataclass(frozen=True, slots=True)
class Factor:
    """A local derivative with its name: (∂out_d1/∂net_d1, out_d1·(1 − out_d1))."""

    of: str
    by: str
    value: Formula

    @property
    def name(self) -> Formula:
        """∂of/∂by."""
        return by(self.of, self.by)


Path = tuple[Factor, ...]


class Chain:
    """The local derivatives of one model, and what follows from them."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._local: dict[str, dict[str, Formula]] = {}
        self._collapses: dict[str, tuple[Formula, ...]] = {}
        self._passed: dict[str, Formula] = {}
        self.watch: Callable[[str, Formula], None] | None = None
        """Who is shown each δ and gradient when it is made, with the quantity's name; see
        :func:`derive.calculus.proof.prove`."""

    def local(self, name: str) -> dict[str, Formula]:
        """∂name/∂x for every x in the definition of `name`."""
        if name not in self._local:
            definition = self.model.definitions[name]
            found = local_derivatives(definition, name)
            self._local[name] = {**found, **self._softmax(definition, name)}
        return self._local[name]

    def _softmax(self, definition: Formula, own: str) -> dict[str, Formula]:
        """The derivatives of p_i = e^(z_i)/Σ e^(z_k) through the p themselves: p_i(δ_ij − p_j).

        (e^z_i)'·Σ − e^z_i·(Σ)' over Σ² is p_i − p_i² for z_i, and −p_i·p_j for another z_j. Nothing
        for any other definition, or where a p_j has no name.
        """
        shares = self._shares.get(definition.bottom) if isinstance(definition, Quotient) else None
        if shares is None or not isinstance(definition, Quotient):
            return {}
        mine = Name(own)
        found: dict[str, Formula] = {}
        for top, share in shares.items():
            assert isinstance(top, Call)
            assert isinstance(top.argument, Name)
            slope = mine * (1 - mine) if top == definition.top else -(mine * Name(share))
            found[top.argument.name] = slope
        return found

    @cached_property
    def _shares(self) -> dict[Formula, dict[Formula, str]]:
        """Sums of exponentials, and the names of the shares that all their terms have of them."""
        found: dict[Formula, dict[Formula, str]] = {}
        for name in self.model.whose(lambda stated: isinstance(stated, Quotient)):
            definition = self.model.definitions[name]
            if isinstance(definition, Quotient) and isinstance(definition.bottom, Sum):
                terms = definition.bottom.terms
                if definition.top in terms and all(_is_exponential(t) for t in terms):
                    found.setdefault(definition.bottom, {})[definition.top] = name
        return {
            bottom: shares
            for bottom, shares in found.items()
            if isinstance(bottom, Sum)
            and len(shares) == len(set(bottom.terms)) == len(bottom.terms)
        }

    @cached_property
    def shares(self) -> dict[str, str]:
        """The outputs of softmaxes, each with the net input whose share it is: p_i → z_i."""
        return {
            share: top.argument.name
            for shares in self._shares.values()
            for top, share in shares.items()
            if isinstance(top, Call) and isinstance(top.argument, Name)
        }

    def factor(self, of: str, by: str) -> Factor:
        """∂of/∂by for neighbours in the graph."""
        slope = self.slope(of, by)
        if slope is None:
            raise KeyError(by)
        return Factor(of, by, slope)

    def count_paths(self, top: str, bottom: str) -> int:
        """The number of paths from `top` down to `bottom`, without walking them.

        :data:`MANY` stands for as many and more: each path from a quantity that depends on `bottom`
        is a part of one from `bottom`, so that one need not go on once there are so many.
        """
        below, counts = self.model.downstream(bottom), {top: 1}
        defined = (name for name in reversed(self.model.instances.defined) if name in below)
        for name in chain(defined, [bottom]):
            if name not in counts:
                counts[name] = sum(counts.get(user, 0) for user in self.model.used_in[name])
            if counts[name] >= MANY:
                return MANY
        return counts[bottom]

    def paths(self, top: str, bottom: str) -> Iterator[Path]:
        """The paths from `top` down to `bottom`, each the factors along it, in written order.

        Their products sum to ∂top/∂bottom; equation (22) is one of them.
        """
        ahead = cache(self.model.downstream(bottom).inside)
        stack: list[tuple[str, str, Path]] = [(top, "", ())]
        while stack:
            name, above, path = stack.pop()
            if above:
                path = (*path, self.factor(above, name))
            if name == bottom:
                yield path
                continue
            below = ahead(name)
            stack.extend((x, name, path) for x in reversed(below))

    def slope(self, of: str, by: str) -> Formula | None:
        """∂of/∂by for neighbours in the graph; nothing where the definition does not depend on it.

        Of a long sum, and of one that nobody has written out, only the terms with `by` are
        differentiated.
        """
        instances = self.model.instances
        long = of not in instances.written or len(self.model.definitions[of].parts()) > MOST_TERMS
        if of not in self._local and long:
            stated = instances.placed(of)[0].definition
            if isinstance(stated, Sum | SumOver):
                return local_derivatives(Sum(tuple(instances.terms_with(of, by))), of).get(by)
        return self.local(of).get(by)

    @cached_property
    def _reaching(self) -> Container[str]:
        """The quantities from which a path leads to the error: not from all behind missing ones."""
        model = self.model
        instances = model.instances
        if instances.complete:
            return model.quantities
        found = {model.total}
        for name in reversed(list(model.quantities)):
            if not found.isdisjoint(model.used_in[name]):
                found.add(name)
        return found

    def _arriving(self, name: str) -> Formula:
        """∂E_total/∂name, from those of the quantities in whose definitions it stands."""
        model = self.model
        if name == model.total:
            return ONE
        terms: list[Formula] = []
        for user in model.used_in[name]:
            slope = self.slope(user, name) if user in self._reaching else None
            if slope is not None:
                terms.append(product([self.passed_on(user), slope]))
        return total(terms)

    def passed_on(self, name: str) -> Formula:
        """∂E_total/∂name as it is written where another derivative goes on from it."""
        role = self.model.quantities[name].role
        if role is Role.NET:
            return Delta(name)
        if role is Role.INTERMEDIATE:
            return Partial(Name(self.model.total), Name(name))
        if name not in self._passed:
            self._passed[name] = self._arriving(name)
        return self._passed[name]

    def _delta(self, name: str) -> Formula:
        adjoint = self._arriving(name)
        if self.model.quantities[name].role is Role.NET:
            self._collapses[name] = collapsed(adjoint, self.model.conditions)
            adjoint = self._collapses[name][-1]
        return self._seen(name, adjoint)

    def _gradient(self, name: str) -> Formula:
        alike = self._templates.get(self.model.quantities[name].family)
        if alike is None:
            return self._seen(name, self._arriving(name) if name in self._reaching else ZERO)
        (net, slope), instances = alike, self.model.instances
        chosen = next(fitting(slope.by, self.model.quantities[name].indices, {}))
        at = tuple(chosen[letter] for letter in net.letters)
        return product([Delta(instances.name(net, at)), instances.instance(slope.value, chosen)])

    @cached_property
    def _templates(self) -> dict[str, tuple[Family, Slope]]:
        """Of a large model the families whose members stand in one net input each, with that one.

        Their gradients are instances of what is proved for the whole family. A family that stands
        in several places is not among them, nor is one in anything else than net inputs.
        """
        instances = self.model.instances
        if instances.has_absent or array_points(self.model) is None:
            return {}
        found: dict[str, list[tuple[Family, Slope]]] = {}
        for family in instances.families:
            for slope in slopes_of(family):
                found.setdefault(slope.by.stem, []).append((family, slope))
        return {
            key: uses[0]
            for key, uses in found.items()
            if len(uses) == 1 and uses[0][0].role is Role.NET and _is_determined(*uses[0])
        }

    def _seen(self, name: str, adjoint: Formula) -> Formula:
        if self.watch is not None:
            self.watch(name, adjoint)
        return adjoint

    @cached_property
    def deltas(self) -> Made[Formula]:
        """δ = ∂E_total/∂net of every neuron, in terms of the δ of the layer after it.

        Of what lies between in other networks ∂E/∂ it. Each is made when it is asked for.
        """
        names = self.model.names(*ADJOINTS)
        if self._reaching is not self.model.quantities:
            names = [name for name in names if name in self._reaching]
        return Made(names, self._delta)

    def collapse(self, name: str) -> tuple[Formula, ...]:
        """How the δ of a net input got the form that it has in :attr:`deltas`, step by step."""
        plain = (self.deltas[name],)
        return self._collapses.get(name, plain)

    @cached_property
    def gradients(self) -> Made[Formula]:
        """∂E_total/∂w of every weight and bias in delta form: δ·out, or δ for a bias."""
        return Made(self.model.parameters, self._gradient)

    def put_adjoints(self, ring: Arithmetic, adjoints: dict[str, Any]) -> None:
        """Put the values of all :attr:`deltas`, from the back, to the `adjoints` a ring reads."""
        for name in reversed(self.deltas):
            adjoints[name] = evaluate(self.deltas[name], ring)

    def gradients_in(self, ring: Arithmetic, adjoints: dict[str, Any]) -> dict[str, Any]:
        """All gradients in a ring that reads the `adjoints`, which are put there first."""
        self.put_adjoints(ring, adjoints)
        return {name: evaluate(formula, ring) for name, formula in self.gradients.items()}

    def adjoint(self, name: str) -> Formula:
        """How ∂E_total/∂`name` is written: δ of a net input, the derivative itself otherwise."""
        if self.model.quantities[name].role is Role.NET:
            return Delta(name)
        return by(self.model.total, name)

    def adjoint_of(self, formula: Formula) -> str:
        """The quantity by which `formula`, a δ or ∂E_total/∂q, is the derivative of the error.

        An empty name for any other formula.
        """
        if isinstance(formula, Delta):
            return formula.of
        if isinstance(formula, Partial) and formula.of == Name(self.model.total):
            return formula.by.name if isinstance(formula.by, Name) else ""
        return ""


def _is_determined(family: Family, slope: Slope) -> bool:
    """Whether the indices of what is differentiated by say which member of `family` is meant."""
    return {*slope.by.letters} >= {*family.letters, *slope.bound}


def _is_exponential(term: Formula) -> bool:
    return isinstance(term, Call) and term.function == "exp" and isinstance(term.argument, Name)


def named(path: Path) -> Formula:
    """The path product with its factors by name: equation (22)."""
    return product(factor.name for factor in path)


def plugged_in(path: Path) -> Formula:
    """The path product with the values of its factors, in path order: equation (23)."""
    return product(factor.value for factor in path)


def collected(paths: Sequence[Path]) -> Formula:
    """The sum of path products with the common factors taken out of the bracket.

    Paths that end alike are put together, innermost last: the result is what the deltas give when
    they are written out. What paths that end apart begin with stands before the bracket.
    """
    start = 0 if common_ending(paths) else common_beginning(paths)
    inner = [path[start:] for path in paths]
    ends = {(path[-1].of, path[-1].by) for path in inner if path}
    gathered = _gathered(inner, -1 if not start or len(ends) < len(inner) else 0)
    return product([plugged_in(paths[0][:start]), gathered])


def _gathered(paths: Sequence[Path], end: int) -> Formula:
    """The sum of products that share factors at their last `end`, −1, or at their first one, 0.

    What no two paths end with alike is gathered from the front: a + b·(c + d·e).
    """
    if len(paths) < 2:
        return plugged_in(paths[0]) if paths else ONE
    common = common_beginning(paths) if end == 0 else common_ending(paths)
    groups: dict[tuple[str, str], list[Path]] = {}
    for path in paths:
        left = path[common:] if end == 0 else path[: len(path) - common]
        if left:
            groups.setdefault((left[end].of, left[end].by), []).append(left)
    inner = total(_gathered(group, end) for group in groups.values())
    shared = plugged_in(paths[0][:common] if end == 0 else paths[0][len(paths[0]) - common :])
    return product([shared, inner] if end == 0 else [inner, shared])


def common_ending(paths: Sequence[Path]) -> int:
    """With how many factors all paths end alike."""
    return common_beginning([path[::-1] for path in paths])


def common_beginning(paths: Sequence[Path]) -> int:
    """With how many factors all paths begin alike."""
    for count, factors in enumerate(zip(*paths, strict=False)):
        if len({(factor.of, factor.by) for factor in factors}) > 1:
            return count
    return min(map(len, paths), default=0)
