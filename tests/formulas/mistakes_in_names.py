"""Mistakes in names: another neuron, another weight, another way to number them."""

from __future__ import annotations

from collections.abc import Iterator

from derive.formula import (
    ONE,
    Formula,
    Name,
    Product,
    Sum,
    substitute,
    total,
)
from derive.model import Role
from tests.formulas.subjects import Sides, Spot, Subject, get, put, spots, without


def wrong_activation(s: Subject) -> Iterator[Sides]:
    """Another neuron's output for the weight's input; none at all."""
    if s.input is None:
        return
    for form in (s.expanded, s.collected, s.delta):
        others = s.alike(s.input)
        if others:
            places = [
                spot for spot in spots(form, lambda n: n == Name(s.input)) if _is_last(form, spot)
            ]
            other = Name(s.draw.choice(others))
            made = form
            for spot in places:
                made = put(made, spot, other)
            yield s.left, made
        terms = form.terms if isinstance(form, Sum) else (form,)
        yield s.left, total(without(term, [Name(s.input)]) or ONE for term in terms)


def _is_last(form: Formula, spot: Spot) -> bool:
    parent = get(form, spot[:-1])
    return isinstance(parent, Product) and spot[-1] == len(parent.factors) - 1


def wrong_index(s: Subject) -> Iterator[Sides]:
    """Another weight, neuron or target in one place, also inside of ∂."""
    for form in (s.expanded, s.collected, s.opened, s.named, s.named):
        roles = (Role.WEIGHT, Role.TARGET, Role.OUTPUT, Role.NET)
        places = [
            spot
            for spot in spots(form, lambda n: isinstance(n, Name))
            if s.role(get(form, spot).name) in roles  # type: ignore[attr-defined]
            and get(form, spot) not in (Name(s.input or ""), Name(s.name))
            and s.alike(get(form, spot).name)  # type: ignore[attr-defined]
        ]
        if places:
            spot = s.draw.choice(places)
            old = get(form, spot)
            assert isinstance(old, Name)
            yield s.left, put(form, spot, Name(s.draw.choice(s.alike(old.name))))


def other_numbering(s: Subject) -> Iterator[Sides]:
    """All weights numbered source by source; where there are running numbers."""
    if s.model.network.naming.by_layer:
        return
    sizes = s.model.network.layers
    ours: dict[str, str] = {}
    weights = {(q.layer, q.index, q.source): q.name for q in s.model.having(Role.WEIGHT)}
    for layer in range(1, len(sizes)):
        own = [
            weights[layer, j, i]
            for j in range(1, sizes[layer] + 1)
            for i in range(1, sizes[layer - 1] + 1)
        ]
        theirs = [
            weights[layer, j, i]
            for i in range(1, sizes[layer - 1] + 1)
            for j in range(1, sizes[layer] + 1)
        ]
        ours.update(zip(theirs, own, strict=True))
    meant = next((physical for physical, written in ours.items() if written == s.name), s.name)
    other = Subject(s.model, s.chain, meant)
    renamed = {physical: Name(written) for physical, written in ours.items()}
    yield s.left, substitute(s.draw.choice((other.expanded, other.collected)), renamed)
    yield s.left, substitute(other.named, renamed)


def other_weight(s: Subject) -> Iterator[Sides]:
    """The gradient of another weight of the layer."""
    for _ in range(2):
        others = s.alike(s.name)
        if others:
            other = Subject(s.model, s.chain, s.draw.choice(others))
            yield s.left, s.draw.choice((other.expanded, other.collected, other.named))
