"""Polynomials with unit steps among their atoms: h² = h, and the steps come first in the ring."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from sympy.polys.domains import QQ
from sympy.polys.rings import PolyElement

MOST_STEPS = 10
"""Steps in a polynomial up to which the regions where it is 0 are found one by one."""


class TooManyStepsError(ArithmeticError):
    """There are too many regions to look at each."""


def reduced(value: PolyElement, steps: int, apart: Sequence[tuple[int, int]] = ()) -> PolyElement:
    """`value` with h² = h for each of the first `steps` generators.

    Pairs in `apart` are steps of which at most one is 1, by their places: h·k = 0.
    """
    if not apart and all(max(monomial[:steps]) < 2 for monomial in value):
        return value
    terms: dict[tuple[int, ...], PolyElement] = {}
    for monomial, coefficient in value.items():
        if apart and any(monomial[a] and monomial[b] for a, b in apart):
            continue
        flat = (*(e and 1 for e in monomial[:steps]), *monomial[steps:])
        terms[flat] = terms.get(flat, 0) + coefficient
    return value.ring.from_dict({m: c for m, c in terms.items() if c})


def without_common_steps(value: PolyElement, steps: int) -> tuple[PolyElement, PolyElement]:
    """The product of the steps that are in every term, and what is left without them."""
    shared = [min(monomial[place] for monomial in value) for place in range(steps)]
    common = (*shared, *(0 for _ in range(steps, value.ring.ngens)))
    return value.ring.from_dict({common: QQ(1)}), value.quo_term((common, QQ(1)))


def without_content(value: PolyElement) -> PolyElement:
    """`value` over the positive number of which all its coefficients are whole multiples."""
    return value.primitive()[1]


def is_not_zero(value: PolyElement, steps: int) -> PolyElement:
    """The polynomial in the steps that is 1 where `value` is not 0, and 0 where it is.

    What a layer of dead neurons feeds is 0 in a whole region. Raises :class:`TooManyStepsError`.
    """
    ring = value.ring
    used = [p for p in range(steps) if any(m[p] for m in value.itermonoms())]
    if len(used) > MOST_STEPS:
        raise TooManyStepsError
    found = ring.one
    for active in product((False, True), repeat=len(used)):
        inside: dict[tuple[int, ...], PolyElement] = {}
        for monomial, coefficient in value.terms():
            if all(bit or not monomial[p] for p, bit in zip(used, active, strict=True)):
                rest = monomial[steps:]
                inside[rest] = inside.get(rest, 0) + coefficient
        if not any(inside.values()):
            region = ring.one
            for place, bit in zip(used, active, strict=True):
                region *= ring.gens[place] if bit else 1 - ring.gens[place]
            found -= region
    return found
