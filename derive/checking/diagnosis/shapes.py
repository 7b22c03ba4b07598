"""added-factors: a sum where a product belongs, or the reverse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from derive.checking.diagnosis.case import Case, Repair
from derive.checking.diagnosis.sites import (
    Site,
    factors_of,
    multiplied,
    product_of,
    replaced,
    with_sign_of,
)
from derive.formula import (
    Formula,
    Name,
    Negative,
    Partial,
    Product,
    Sum,
    is_number,
    names_in,
    total,
)
from derive.model import Role

MOST_COMPOSED = 10
"""Summands that are put together to factors in every way."""


def shapes(case: Case) -> Iterator[Repair]:
    """Factors of one path that are added, and paths that are multiplied."""
    for site in case.sites:
        if isinstance(site.formula, Sum):
            yield from _added(case, site, site.formula)
    for site in case.sites:
        if len(factors_of(site.formula)) > 1:
            yield from _multiplied(case, site)


# Sums that should be products.


def _added(case: Case, site: Site, formula: Sum) -> Iterator[Repair]:
    terms = formula.terms
    values = [case.residue(term) for term in terms]
    for made in (*_runs(terms, values, site), *_composed(terms, values, site)):
        yield Repair("added-factors", replaced(case.wrong, site.trail, made), {"what": "factors"})


def _runs(terms: Sequence[Formula], values: Sequence[int], site: Site) -> Iterator[Formula]:
    """The sum with one run of its summands multiplied instead of added.

    A number is no factor of a path: the 1 of 1 − a is added to nothing that it belongs beside.
    """
    everything = sum(values)
    numbers = list(map(is_number, terms))
    for start in range(len(terms) - 1):
        product, added = values[start], values[start]
        for end in range(start + 2, len(terms) + 1):
            if numbers[start] or numbers[end - 1]:
                break
            product = product * values[end - 1] % site.prime
            added += values[end - 1]
            if (everything - added + product) % site.prime == site.needed:
                yield total([*terms[:start], Product(tuple(terms[start:end])), *terms[end:]])


def _composed(terms: Sequence[Formula], values: Sequence[int], site: Site) -> Iterator[Formula]:
    """All summands in runs, each run a factor: (out − target) + out·(1 − out) + out."""
    count = len(terms)
    if not 3 <= count <= MOST_COMPOSED:
        return
    for pieces in range(2, count):
        for cuts in combinations(range(1, count), pieces - 1):
            edges = list(zip((0, *cuts), (*cuts, count), strict=True))
            sums = [sum(values[a:b]) for a, b in edges]
            if multiplied(sums, site.prime) == site.needed:
                yield product_of([factor for a, b in edges for factor in _run(terms[a:b])])


def _run(terms: Sequence[Formula]) -> tuple[Formula, ...]:
    made = total(terms)
    return factors_of(made) if isinstance(made, Product) else (made,)


# Products that should be sums.


def _multiplied(case: Case, site: Site) -> Iterator[Repair]:
    factors = factors_of(site.formula)
    values = [case.residue(factor) for factor in factors]
    needed = -site.needed if isinstance(site.formula, Negative) else site.needed
    needed %= case.prime
    for made in (*_cut(case, factors, values, needed), *_paths(case, factors, values, needed)):
        new = with_sign_of(site.formula, made)
        yield Repair("added-factors", replaced(case.wrong, site.trail, new), {"what": "paths"})


def _cut(
    case: Case, factors: Sequence[Formula], values: Sequence[int], needed: int
) -> Iterator[Formula]:
    """(a + b)·c for a·b·c, wherever the cuts are."""
    count = len(factors)
    heads = _running(values, case.prime)
    tails = _running(list(reversed(values)), case.prime)
    for end in range(2, count + 1):
        middle = 1
        for cut in range(end - 1, 0, -1):
            middle = middle * values[cut] % case.prime
            if (heads[cut] + middle) * tails[count - end] % case.prime == needed:
                added = total([product_of(factors[:cut]), product_of(factors[cut:end])])
                yield product_of([added, *factors[end:]])


def _paths(
    case: Case, factors: Sequence[Formula], values: Sequence[int], needed: int
) -> Iterator[Formula]:
    """Three paths or more, multiplied; what is behind the last may be common to all."""
    starts = [place for place, factor in enumerate(factors) if _begins_path(case, factor)]
    if len(starts) < 3 or starts[0] != 0:
        return
    edges = list(pairwise(starts))
    first = sum(multiplied(list(values[a:b]), case.prime) for a, b in edges)
    for end in range(starts[-1] + 1, len(factors) + 1):
        last = multiplied(list(values[starts[-1] : end]), case.prime)
        common = multiplied(list(values[end:]), case.prime)
        if (first + last) * common % case.prime == needed:
            paths = [*edges, (starts[-1], end)]
            added = total(product_of(factors[a:b]) for a, b in paths)
            yield product_of([added, *factors[end:]])


def _begins_path(case: Case, factor: Formula) -> bool:
    """Whether a path product begins here: (out − target), a bracket with one, ∂E/∂."""
    if isinstance(factor, Partial):
        return isinstance(factor.of, Name) and factor.of.name == case.model.total
    if not isinstance(factor, Sum):
        return False
    return any(case.model.quantities[n].role is Role.TARGET for n in names_in(factor))


def _running(values: Sequence[int], prime: int) -> list[int]:
    """The products of the first values: 1, a, ab, abc and so on."""
    found = [1]
    for value in values:
        found.append(found[-1] * value % prime)
    return found
