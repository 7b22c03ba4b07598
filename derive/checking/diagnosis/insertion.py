"""Where a missing factor belongs in a product: in the order of the path."""

from __future__ import annotations

from derive.checking.diagnosis.case import Case
from derive.checking.diagnosis.known import Known
from derive.checking.diagnosis.sites import factors_of, product_of, with_sign_of
from derive.formula import Formula, Name, Number, Product, Sum, names_in, total
from derive.model import Role


def inserted(case: Case, formula: Formula, factor: Formula, known: Known) -> Formula:
    """A product with one more factor: beside its like, else before what lies deeper."""
    if isinstance(formula, Number) and formula.value == 1:
        return factor
    if isinstance(formula, Sum) and all(isinstance(term, Product) for term in formula.terms):
        return total(inserted(case, term, factor, known) for term in formula.terms)
    parts = list(factors_of(formula))
    place = _place(case, parts, known)
    return with_sign_of(formula, product_of([*parts[:place], *factors_of(factor), *parts[place:]]))


def _place(case: Case, parts: list[Formula], known: Known) -> int:
    if known.kind in ("one-minus", "out"):
        for place, part in enumerate(parts):
            if names_in(part) == [known.out] and not case.is_input(known.out):
                return place + (known.kind == "one-minus")
    depth = _depth(case, Name(known.out), known.kind)
    return next(
        (place for place, part in enumerate(parts) if _depth(case, part) > depth), len(parts)
    )


def _depth(case: Case, part: Formula, kind: str = "") -> float:
    """How far along the path from the error a factor stands."""
    quantities = case.model.quantities
    if isinstance(part, Number):
        return -1
    found = []
    for name in names_in(part):
        quantity = quantities[name]
        height = 2.0 * (len(case.model.sizes) - quantity.layer)
        if quantity.role is Role.WEIGHT:
            height += 1
        elif quantity.role in (Role.TARGET, Role.ERROR) or kind == "difference":
            height -= 0.5
        elif case.is_input(name) and isinstance(part, Name) and kind != "slope":
            height += 0.5
        found.append(height)
    if isinstance(part, Sum) and any(quantities[n].role is Role.TARGET for n in names_in(part)):
        return min(found, default=-1)
    return max(found, default=-1)
