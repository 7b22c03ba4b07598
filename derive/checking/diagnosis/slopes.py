"""Mistakes with the derivative of the activation function, at one neuron, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from derive.checking.diagnosis.case import Case, Place, Repair, Slope
from derive.checking.diagnosis.known import Known
from derive.checking.diagnosis.ratio import is_difference, swapped
from derive.checking.diagnosis.sites import (
    Node,
    factors_of,
    inverse,
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
    names_in,
    transform,
    walk,
)
from derive.model import Role


def slopes(case: Case) -> Iterator[Repair]:
    """sigmoid-derivative, relu: the factors of one neuron in one term, replaced by its f'(net)."""
    for site in case.sites:
        if not (site.term or isinstance(site.formula, Product)) or not site.needed:
            continue
        factors = factors_of(site.formula)
        values = [case.value(factor) for factor in factors]
        sign = case.prime - 1 if isinstance(site.formula, Negative) else 1
        for place, chosen in _groups(case, factors):
            slope = case.tables.slopes[place]
            rest = [value for i, value in enumerate(values) if i not in chosen]
            if None in values or not all(rest):
                continue
            scale = multiplied([sign, *(v for v in rest if v is not None)], case.prime)
            if slope.value != site.needed * inverse(scale, case.prime) % case.prime:
                continue
            group = [factors[i] for i in chosen]
            if not _looks_like_slope(case, group, slope):
                continue
            made = [f for i, f in enumerate(factors) if i not in chosen]
            made[chosen[0] : chosen[0]] = factors_of(slope.formula)
            new = with_sign_of(site.formula, product_of(made))
            yield _wrong_slope(slope, group, replaced(case.wrong, site.trail, new))


def _wrong_slope(slope: Slope, group: list[Formula], repaired: Formula) -> Repair:
    facts = {
        "group": product_of(group),
        "slope": slope.formula,
        "out": slope.out,
        "function": slope.function,
    }
    code = "relu" if slope.kinked else "sigmoid-derivative"
    return Repair(code, repaired, facts, suggestion=slope.formula)


def _groups(case: Case, factors: tuple[Formula, ...]) -> Iterator[tuple[Place, tuple[int, ...]]]:
    """Factors of one neuron, as many as possible first."""
    of: dict[Place, list[int]] = {}
    for number, factor in enumerate(factors):
        place = _neuron(case, factor)
        if place in case.tables.slopes:
            of.setdefault(place, []).append(number)
    for place, numbers in of.items():
        for size in range(min(3, len(numbers)), 0, -1):
            for chosen in combinations(numbers, size):
                yield place, chosen


def _neuron(case: Case, factor: Formula) -> Place | None:
    """The neuron of whose net input and output alone a factor is made."""
    names = names_in(factor)
    found = {case.place(name) for name in names}
    if len(found) != 1 or any(case.model.quantities[n].role is Role.TARGET for n in names):
        return None
    return found.pop()


def _looks_like_slope(case: Case, group: list[Formula], slope: Slope) -> bool:
    """Whether it is a derivative gone wrong, and not only one of its two factors."""
    if slope.kinked:
        return True
    value = multiplied([case.value(part) or 0 for part in group], case.prime)
    known = case.tables.factors.get(value)
    if known is not None and known.kind in ("out", "one-minus", "slope") and known.out == slope.out:
        return False
    # out·out·(1 − out) is the derivative, and a factor too many.
    doubled = [slope.value * case.point.values[slope.out], slope.value * slope.value]
    doubled.append(slope.value * (1 - case.point.values[slope.out]))
    return value not in [double % case.prime for double in doubled]


# The same neuron, in all terms at once.


def everywhere(case: Case) -> Iterator[Repair]:
    """sigmoid-derivative, relu, missing-factor: one neuron's slope is wrong in every term."""
    for place, slope in case.tables.slopes.items():
        groups = _wrong_groups(case, place, slope)
        if groups:
            repaired = _mended(case, case.wrong, place, slope)
            if case.fits(repaired):
                yield _everywhere(case, slope, groups[0], repaired)
        elif not case.has_partials:
            repaired = _supplied(case, case.wrong, place, slope)
            if repaired != case.wrong and case.fits(repaired):
                code = "relu" if slope.kinked else "missing-factor"
                yield Repair(code, repaired, Known(slope.formula, "slope", slope.out).facts())


def _everywhere(case: Case, slope: Slope, group: list[Formula], repaired: Formula) -> Repair:
    if slope.kinked or _looks_like_slope(case, group, slope):
        return _wrong_slope(slope, group, repaired)
    out = Name(slope.out)
    lost, kind = (out, "out") if product_of(group) == 1 - out else (1 - out, "one-minus")
    return Repair("missing-factor", repaired, Known(lost, kind, slope.out).facts())


def _wrong_groups(case: Case, place: Place, slope: Slope) -> list[list[Formula]]:
    """The factors of a neuron in each product of the tree, where they are not its slope."""
    found: list[list[Formula]] = []

    def visit(node: Node) -> None:
        if isinstance(node.formula, Product):
            group = [p for p in node.parts if _is_of(case, p.formula, place)]
            values = [part.value for part in group]
            if group and multiplied(values, case.prime) != slope.value:
                found.append([part.formula for part in group])
        for part in node.parts:
            visit(part)

    visit(case.tree.root)
    return found


def _is_of(case: Case, factor: Formula, place: Place) -> bool:
    if isinstance(factor, Name) and case.is_input(factor.name):
        return False
    return not isinstance(factor, Partial) and _neuron(case, factor) == place


def _mended(case: Case, formula: Formula, place: Place, slope: Slope) -> Formula:
    """`formula` with the slope of one neuron for its factors, in every product."""

    def rule(node: Formula) -> Formula | None:
        if not isinstance(node, Product):
            return None
        made: list[Formula] = []
        put = False
        for factor in node.factors:
            if _is_of(case, factor, place):
                made += [] if put else factors_of(slope.formula)
                put = True
            else:
                made.append(transform(factor, rule))
        return product_of(made)

    return transform(formula, rule)


def _supplied(case: Case, formula: Formula, place: Place, slope: Slope) -> Formula:
    """`formula` with the slope of one neuron put in behind whatever leads to the neuron."""

    def rule(node: Formula) -> Formula | None:
        if not isinstance(node, Product):
            return None
        made: list[Formula] = []
        for factor in node.factors:
            made.append(transform(factor, rule))
            if _leads_to(case, factor, place):
                made += factors_of(slope.formula)
        return product_of(made)

    return transform(formula, rule)


def _leads_to(case: Case, factor: Formula, place: Place) -> bool:
    """Whether the slope of a neuron stands behind this factor: a weight from it, or its error."""
    if isinstance(factor, Name):
        quantity = case.model.quantities[factor.name]
        return quantity.role is Role.WEIGHT and (quantity.layer - 1, quantity.source) == place
    if is_difference(case, factor):
        return case.place(names_in(factor)[0]) == place
    return False


def output_signs(case: Case) -> Iterator[Repair]:
    """sign-summand: the sign of one output neuron's difference is wrong in several terms."""
    for error in case.model.errors:
        used = case.model.inputs_of[error]
        outs = [name for name in used if case.model.quantities[name].role is Role.OUTPUT]
        places = {case.place(out) for out in outs}

        def is_its(node: Formula, places: set[Place | None] = places) -> bool:
            return is_difference(case, node) and case.place(names_in(node)[0]) in places

        changed = case.tree.changed(lambda n: -n.value if is_its(n.formula) else None)
        if changed == case.right:
            term = next(node for node in walk(case.wrong) if is_its(node))
            repaired = transform(case.wrong, lambda n: swapped(n) if is_its(n) else None)
            yield Repair("sign-summand", repaired, {"term": term, "path": outs[0], "factor": True})
