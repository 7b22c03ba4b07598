"""Where an equation says something: what it divides by is not 0, and no derivative is at a kink.

An equation is proved wherever both of its sides have a value. These are the places where they may
have none, as far as :mod:`derive.exact.ranges` cannot rule them out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from derive.exact.ranges import Ranges
from derive.formula import (
    ZERO,
    Call,
    Cases,
    Delta,
    Formula,
    Layer,
    Member,
    Name,
    Negative,
    Neuron,
    Number,
    Partial,
    Power,
    Product,
    Quotient,
    Sum,
    Updated,
    is_number,
    names_in,
    transform,
    walk,
)
from derive.functions.written import choices, in_pieces, is_kinked
from derive.model import Model, Role

_PLAIN = (Call, Name, Negative, Number, Power, Product, Quotient, Sum)


@dataclass(slots=True)
class Conditions:
    """What must not be 0, must be positive, must not be negative; and the kinks that are passed.

    Each is a formula; a kink is where its formula is 0. All are in the order in which they occur.
    """

    nonzero: dict[Formula, None] = field(default_factory=dict)
    positive: dict[Formula, None] = field(default_factory=dict)
    nonnegative: dict[Formula, None] = field(default_factory=dict)
    kinks: dict[Formula, None] = field(default_factory=dict)


def may_have_conditions(side: Formula) -> bool:
    """Whether something in a formula divides, takes a root or a logarithm, or has a kink."""
    return any(
        isinstance(node, Quotient | Power | Cases)
        or (isinstance(node, Call) and (node.function == "ln" or is_kinked(node.function)))
        for node in walk(side)
    )


def conditions(model: Model, sides: Iterable[Formula], *, has_kinks: bool) -> Conditions:
    """The conditions of formulas without index letters, of a model that has kinks or has none."""
    sides = list(sides)
    found = _asked(model, sides)
    for side in sides:
        for node in walk(side):
            for kink in _kinks(model, node, has_kinks):
                if not is_number(kink):
                    found.kinks[unsigned(kink)] = None
    found.positive |= dict.fromkeys(f for f in found.nonzero if f in found.nonnegative)
    for stronger in found.positive:
        found.nonzero.pop(stronger, None)
        found.nonnegative.pop(stronger, None)
    return found


def must_not_be_0(model: Model, formulas: Iterable[Formula]) -> tuple[Formula, ...]:
    """What formulas divide by, or take logarithms and roots of, unless its range excludes 0."""
    found = _asked(model, formulas)
    return tuple(found.nonzero | found.positive | found.nonnegative)


def is_partly_defined(model: Model, sides: Iterable[Formula]) -> bool:
    """Whether formulas take logarithms or roots of what may be negative, in some places or all."""
    found = _asked(model, sides, (Call, Power))
    return bool(found.positive or found.nonnegative)


def _asked(
    model: Model, formulas: Iterable[Formula], kinds: tuple[type[Formula], ...] = (Formula,)
) -> Conditions:
    """What formulas ask of their parts; or what only such nodes in them do."""
    found = Conditions()
    ranges = model.known(Ranges)
    for formula in formulas:
        for node in walk(formula):
            if isinstance(node, kinds):
                _divisions(node, ranges, found)
    return found


def _divisions(node: Formula, ranges: Ranges, found: Conditions) -> None:
    """What a quotient, a power or a logarithm asks of its parts."""
    match node:
        case Quotient():
            _nonzero(node.bottom, ranges, found)
        case Call(function="ln"):
            if not ranges.of(node.argument).is_positive:
                (found.nonzero if node.primes else found.positive)[node.argument] = None
        case Power(base, Number(exponent)) if exponent.denominator == 1:
            if exponent < 0:
                _nonzero(base, ranges, found)
        case Power(base, Number(exponent)) if exponent > 0:
            if not ranges.of(base).is_at_least_0:
                found.nonnegative[base] = None
        case Power(base) if not ranges.of(base).is_positive:
            found.positive[base] = None


def _nonzero(formula: Formula, ranges: Ranges, found: Conditions) -> None:
    """A product is not 0 where none of its factors is."""
    if isinstance(formula, Product):
        for factor in formula.factors:
            _nonzero(factor, ranges, found)
    elif isinstance(formula, Negative):
        _nonzero(formula.term, ranges, found)
    elif isinstance(formula, Quotient):
        _nonzero(formula.top, ranges, found)
    elif isinstance(formula, Power) and isinstance(formula.exponent, Number):
        if formula.exponent.value > 0:
            _nonzero(formula.base, ranges, found)
    elif not ranges.of(formula).excludes_0:
        found.nonzero[formula] = None


def _kinks(model: Model, node: Formula, has_kinks: bool) -> Iterator[Formula]:
    """The kinks at which a derivative does not exist, or two pieces do not meet."""
    if isinstance(node, Call):
        if is_kinked(node.function) and (node.primes or node.function == "step"):
            yield from choices([Call(node.function, node.argument)])
    elif isinstance(node, Cases):
        if may_rest(model, node.test):
            # There the pieces are chosen as they are written; the kinks are further below.
            yield from choices([node.test, *below(model, names_in(node.test))])
        elif not _meet(node):
            yield node.test
    elif has_kinks and isinstance(node, Delta | Updated):
        yield from _between(model, [model.total], node.of)
    if isinstance(node, Partial) and isinstance(node.by, Name):
        if has_kinks:
            yield from _between(model, names_in(node.of), node.by.name)
        yield from choices([node.of])


def _between(model: Model, tops: list[str], bottom: str) -> Iterator[Formula]:
    """The kinks on the way from a quantity to others."""
    between = model.between(tops, bottom)
    moved = {bottom, *between}
    for name in between:
        for kink in choices([model.definitions[name]]):
            if moved.intersection(names_in(kink)):
                yield kink


def may_rest(model: Model, formula: Formula) -> bool:
    """Whether a formula may be 0 in a whole region, as what a ReLU puts out.

    Something below it has a kink then. A net input counts as moving: only where all before it is
    silent, and it has no bias, it does not.
    """
    inner = unsigned(formula)
    if isinstance(inner, Neuron | Layer) and inner.kind == "net":
        return False
    if isinstance(inner, Name) and _is_net(model, inner.name):
        return False
    if isinstance(inner, Member) and _are_nets(model, inner.stem):
        return False
    if not all(isinstance(node, _PLAIN) for node in walk(formula)):
        return any(map(in_pieces, [formula, *model.stated]))
    return any(map(in_pieces, [formula, *below(model, names_in(formula))]))


def _are_nets(model: Model, stem: str) -> bool:
    """Whether all quantities of a family are such sums."""
    family = [name for name, quantity in model.quantities.items() if quantity.family == stem]
    return bool(family) and all(_is_net(model, name) for name in family)


def _is_net(model: Model, name: str) -> bool:
    """Whether a quantity is a sum of terms with a parameter each that it alone has."""
    quantity = model.quantities.get(name)
    if model.network.layers:
        return quantity is not None and quantity.role is Role.NET
    definition = model.definitions.get(name)
    terms = definition.terms if isinstance(definition, Sum) else (definition,)
    return all(
        any(
            isinstance(factor, Name)
            and factor.name in model.parameters
            and model.used_in[factor.name] == [name]
            for factor in (term.factors if isinstance(term, Product) else (term,))
        )
        for term in terms
    )


def below(model: Model, names: Iterable[str]) -> list[Formula]:
    """The definitions of quantities and of all that they depend on."""
    found: dict[str, Formula] = {}
    todo = list(names)
    while todo:
        name = todo.pop()
        if name not in found and name in model.definitions:
            found[name] = model.definitions[name]
            todo += model.inputs_of[name]
    return list(found.values())


def _meet(cases: Cases) -> bool:
    """Whether the two pieces are seen to be equal where the test is 0."""
    above, otherwise = (
        transform(piece, lambda f: ZERO if f == cases.test else None)
        for piece in (cases.positive, cases.otherwise)
    )
    return above == otherwise


def unsigned(formula: Formula) -> Formula:
    """X for −x."""
    return formula.term if isinstance(formula, Negative) else formula
