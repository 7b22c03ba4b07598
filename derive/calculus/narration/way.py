"""The way from E_total down to one parameter: what lies on it, and where it branches."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cache, cached_property

from derive.calculus.chain import ADJOINTS, Chain, Factor, Path, by, collected
from derive.calculus.local import local_derivatives
from derive.formula import (
    ZERO,
    Formula,
    Name,
    Sum,
    names_in,
    product,
    signs_out,
    total,
)
from derive.formula.tidy import shortened
from derive.model import Role
from derive.model.families import Family, Indices

MOST_PATHS = 8
"""Up to so many paths a derivation is written out path by path; beyond, in delta form only."""


class Way:
    """One parameter w of a model, and what of the model lies between E_total and it.

    A quantity is *on the way* when it depends on w. The way branches at a quantity whose
    definition has several quantities on the way, or w beside them. In `full` a product is written
    wherever it comes about, and otherwise only the first time.
    """

    def __init__(self, chain: Chain, parameter: str, *, full: bool = True) -> None:
        self.chain = chain
        self.full = full
        self.model = chain.model
        self.quantity = self.model.parameter(parameter)
        self.w = parameter
        self.relevant = self.model.downstream(parameter)
        self.total = self.model.total
        self.count = chain.count_paths(self.total, parameter)
        self._depending = cache(self.model.downstream)
        self.leads_alone = cache(self._only)
        """Whether only one way leads from a quantity to one that stands in its definition."""
        self.ahead = cache(self.relevant.inside)
        """The quantities in a definition that are on the way, w among them."""
        self.spine = cache(self._spine)
        """The factors down to where one has to look closer, and the quantity there."""

    @cached_property
    def back(self) -> list[tuple[Family, Collection[Indices]]]:
        """What has an adjoint between E_total and w: by parts of families, from the back."""
        found = [(f, own) for f, own in self.relevant.parts() if f.role in ADJOINTS]
        instances, deltas = self.model.instances, self.chain.deltas
        if not instances.complete:
            named = ((f, [at for at in x if instances.name(f, at) in deltas]) for f, x in found)
            found = [(family, own) for family, own in named if own]
        return found[::-1]

    def names(self, family: Family, own: Collection[Indices]) -> list[str]:
        """The names of members of a family, from the back."""
        return [self.model.instances.name(family, at) for at in own][::-1]

    def on_the_way(self) -> Iterator[str]:
        """The quantities between E_total and w that have an adjoint, from the back."""
        for family, own in self.back:
            yield from self.names(family, own)

    @cached_property
    def terms(self) -> tuple[Formula, ...]:
        """The errors of which E_total is the sum, and what else stands in it (½λΣw²).

        Nothing where E_total is not defined as a sum of errors that have names.
        """
        definition = self.model.definitions[self.total]
        terms = definition.terms if isinstance(definition, Sum) else (definition,)
        names = [term.name for term in terms if isinstance(term, Name)]
        others = {x for t in terms if not isinstance(t, Name) for x in names_in(t)}
        if not names or len(set(names)) < len(names) or others & self.model.definitions.keys():
            return ()
        return terms

    @cached_property
    def tops(self) -> list[str]:
        """The errors that depend on w; E_total itself where it is not a sum of errors."""
        if not self.terms:
            return [self.total] if self.total in self.relevant else []
        names = [term.name for term in self.terms if isinstance(term, Name)]
        return [name for name in names if name in self.relevant]

    def term_slope(self, term: Formula) -> Formula:
        """∂term/∂w of a term of E_total: of an error by name, of ½λΣw² worked out."""
        if isinstance(term, Name):
            return by(term.name, self.w)
        return local_derivatives(term, "").get(self.w, ZERO)

    @property
    def direct_slopes(self) -> list[Formula]:
        """The derivatives of those terms of E_total in which w stands itself."""
        found = [self.term_slope(term) for term in self.terms if not isinstance(term, Name)]
        return [slope for slope in found if slope != ZERO]

    def paths(self, top: str) -> list[Path]:
        """The paths below `top`; a first factor that is 1, ∂E_total/∂E, is left out."""
        paths = list(self.chain.paths(top, self.w))
        if top == self.total and self.terms:
            return [path[1:] if len(path) > 1 else path for path in paths]
        return paths

    def _spine(self, top: str) -> tuple[list[Factor], str]:
        """The factors from `top` down to where one has to look closer, and the quantity there.

        That is a net input, a quantity at which the way branches, or the last one before w.
        """
        factors: list[Factor] = []
        name = top
        while self.model.quantities[name].role is not Role.NET:
            ahead = self.ahead(name)
            if len(ahead) > 1 or ahead == [self.w]:
                break
            factors.append(self.chain.factor(name, ahead[0]))
            name = ahead[0]
        return factors, name

    def below(self, name: str) -> list[str]:
        """Where one has to look closer next, on the ways that go on from `name`."""
        found = [self.spine(x)[1] for x in self.ahead(name) if x != self.w]
        return list(dict.fromkeys(found))

    def surviving_terms(self, name: str) -> list[Formula]:
        """The terms in the definition of `name` that depend on w."""
        return [
            term
            for term in self.model.summands(name)
            if any(x in self.relevant for x in names_in(term))
        ]

    def is_alone(self, factor: Factor) -> bool:
        """Whether nothing else leads from one end of a factor to the other.

        Only then is ∂of/∂by this factor: ∂net_3/∂w of a recurrent network also goes by way of h_2.
        """
        return self.leads_alone(factor.of, factor.by)

    def _only(self, of: str, below: str) -> bool:
        return set(self._depending(below).inside(of)) <= {below}

    def called(self, factor: Factor) -> Formula:
        """A factor by its name where that says it, else by its value."""
        return factor.name if self.is_alone(factor) else factor.value

    def named(self, path: Iterable[Factor]) -> Formula:
        """The path product with its factors by name: equation (22)."""
        return product(self.called(factor) for factor in path)

    def inner(self, name: str) -> Formula:
        """∂name/∂w through each of the quantities in its definition that are on the way."""
        terms: list[Formula] = []
        for x in self.ahead(name):
            if x == self.w:
                terms.append(self.chain.local(name)[x])
                continue
            factors, end = self.spine(x)
            first = self.called(self.chain.factor(name, x))
            terms.append(product([first, *(f.name for f in factors), by(end, self.w)]))
        return total(terms)

    @property
    def is_whole(self) -> bool:
        """Whether what w does to the error of one output is all that it does to the total one."""
        return len(self.tops) == 1 and not self.direct_slopes

    @property
    def is_of_adjoints(self) -> bool:
        """Whether the gradient is nothing but adjoints added up: that of a bias."""
        gradient = self.chain.gradients[self.w]
        terms = gradient.terms if isinstance(gradient, Sum) else (gradient,)
        return all(map(self.chain.adjoint_of, terms))

    @property
    def is_straight(self) -> bool:
        """Whether w reaches the error of one output alone, and stands in the first sum there."""
        if self.count != 1 or not self.is_whole:
            return False
        return self.ahead(self.spine(self.tops[0])[1]) == [self.w]

    def result(self) -> Formula:
        """∂E_total/∂w as it is given in the end: from the paths, or from δ where there are many."""
        if not 0 < self.count <= MOST_PATHS:
            return self.chain.gradients[self.w]
        return [self.collected, *self.ending[0]][-1]

    @cached_property
    def collected(self) -> Formula:
        """The sum of the path products with the common factors out of the brackets."""
        return signs_out(collected(self.paths(self.total)))

    @cached_property
    def ending(self) -> tuple[list[Formula], dict[str, bool]]:
        """What :attr:`collected` shortens to, and what is to be said of that."""
        short = shortened(self.collected, self.model.conditions)
        conditioned = len(short) > 1 and short[-1] != short[-2]
        return short, {"cancelled": bool(short), "conditioned": conditioned}

    def leaves(self, name: str) -> list[Name]:
        """What stands in the definition of `name` and is given: the target of an error."""
        return [Name(x) for x in self.model.inputs_of[name] if x not in self.model.definitions]
