"""The way from E_total down to one parameter: what lies on it, and where it branches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from derive.calculus.chain import Chain, Factor, Path, collected
from derive.formula import Formula, Name, Partial, names_in, product, total
from derive.model import Role

MOST_PATHS = 8
"""Up to so many paths a derivation is written out path by path; beyond, in delta form only."""


def by(of: str, x: str) -> Partial:
    """∂of/∂x."""
    return Partial(Name(of), Name(x))


class Descent:
    """One parameter w of a model, and what of the model lies between E_total and it."""

    def __init__(self, chain: Chain, parameter: str) -> None:
        self.chain = chain
        self.model = chain.model
        self.quantity = self.model.parameter(parameter)
        self.w = parameter
        self.relevant = self.model.downstream(parameter)
        self.total = self.model.total
        self.errors = self.model.errors
        self.survivors = [name for name in self.errors if name in self.relevant]
        self.count = chain.count_paths(self.total, parameter)

    def paths(self, top: str) -> list[Path]:
        """The paths below `top`; the trivial factor ∂E_total/∂E = 1 is left out."""
        paths = list(self.chain.paths(top, self.w))
        return [path[1:] for path in paths] if top == self.total else paths

    def spine(self, top: str) -> tuple[list[Factor], str]:
        """The factors from `top` down to the first net input, and its name."""
        factors: list[Factor] = []
        name = top
        while self.model.quantities[name].role is not Role.NET:
            below = [x for x in self.model.inputs_of[name] if x in self.relevant]
            factors.append(self.chain.factor(name, below[0]))
            name = below[0]
        return factors, name

    def neurons(self, names: Sequence[str]) -> list[Name]:
        return [Name(name) for name in names]

    def below(self, net: str) -> list[str]:
        """The net inputs one layer further down on the way from `net` to w."""
        found: list[str] = []
        for x in self.model.inputs_of[net]:
            if x in self.relevant and x != self.w:
                found += [self.spine(x)[1]]
        return found

    def surviving_terms(self, net: str) -> list[Formula]:
        return [
            term
            for term in self.model.summands(net)
            if any(name in self.relevant for name in names_in(term))
        ]

    def inner(self, net: str) -> Formula:
        """∂net/∂w through each of the inputs of net that depends on w."""
        terms: list[Formula] = []
        for x in self.model.inputs_of[net]:
            if x == self.w:
                terms.append(self.chain.local(net)[x])
            elif x in self.relevant:
                factors, below = self.spine(x)
                terms.append(product([by(net, x), *(f.name for f in factors), by(below, self.w)]))
        return total(terms)

    def feeds_one_output(self) -> bool:
        return (
            len(self.survivors) == 1
            and self.w in self.model.inputs_of[self.spine(self.survivors[0])[1]]
        )

    def result(self) -> Formula:
        if self.count <= MOST_PATHS:
            return collected(self.paths(self.total))
        return self.chain.gradients[self.w]

    def targets(self, error: str) -> list[Name]:
        return [Name(x) for x in self.model.inputs_of[error] if x not in self.model.definitions]

    def zero_facts(self, net: str) -> dict[str, Any]:
        inputs = self.model.inputs_of[net]
        outs = [x for x in inputs if x in self.model.definitions]
        return {
            "weight": Name(self.w),
            "kept": [Name(x) for x in outs if x in self.relevant],
            "dropped": [Name(x) for x in outs if x not in self.relevant],
            "direct": self.w in inputs,
            "biased": any(self.model.quantities[x].role is Role.BIAS for x in inputs),
        }
