"""A parameter that reaches one error on one way: equations (9) to (15) of the notes."""

from __future__ import annotations

from collections.abc import Sequence

from derive.calculus.chain import Factor, by, plugged_in
from derive.calculus.derivation import Step
from derive.calculus.narration.backward import ending
from derive.calculus.narration.peeling import squared
from derive.calculus.narration.way import Way
from derive.formula import ZERO, Call, Formula, Name, Partial, equation, total
from derive.functions import BY_SYMBOL
from derive.model import Role

MOST_ZEROS = 2
"""Summands that vanish up to which each is written as a zero."""
NEURON = (Role.ERROR, Role.OUTPUT, Role.NET)
"""What an output neuron's way to its error consists of: each factor has a sentence of its own."""


def sum_rule(way: Way) -> list[Step]:
    """The split into the errors of the outputs, (9) and (16), and the zeros dropped (10)."""
    if not way.terms:
        return []
    by_total = by(way.total, way.w)
    errors = [term.name for term in way.terms if isinstance(term, Name)]
    slopes = [way.term_slope(term) for term in way.terms]
    if len(way.terms) == 1:
        facts: dict[str, object] = {"error": Name(errors[0])}
        return [Step("sum", "single_error", (equation(by_total, slopes[0]),), facts)]
    vanishing = [error for error in errors if error not in way.tops]
    sides: list[Formula] = [by_total, total(slopes)]
    if vanishing and len(errors) == len(way.terms):
        sides.insert(1, Partial(total(way.terms), Name(way.w)))
    facts = {
        "errors": list(map(Name, errors)),
        "weight": Name(way.w),
        "direct": way.direct_slopes,
    }
    reason = "sum_rule" if vanishing else "sum_rule_all"
    steps = [Step("sum", reason, (equation(*sides),), facts)]
    if vanishing:
        gone = [Name(error) for error in vanishing]
        with_zeros = [
            ZERO if term in gone else slope for term, slope in zip(way.terms, slopes, strict=True)
        ]
        left = total(slope for slope in with_zeros if slope != ZERO)
        zeros = [total(with_zeros)] if len(gone) <= MOST_ZEROS else []
        facts = {"vanishing": gone, "survivors": list(map(Name, way.tops)), "weight": Name(way.w)}
        steps.append(Step("vanish", "vanishing", (equation(sides[-1], *zeros, left),), facts))
    return steps


def straight_steps(way: Way, overview: str = "") -> list[Step]:
    """The chain, its factors worked out, and their product: (11) to (15).

    Where `overview` has stated the chain, being that of the total error or of an only one, it is
    left out.
    """
    (top,) = way.tops
    spine, net = way.spine(top)
    path = (*spine, way.chain.factor(net, way.w))
    # That a single error is the total error has been said with the overview.
    same = top == way.total or len(way.terms) == 1
    steps = [] if overview and same else sum_rule(way)
    by_total, by_w = by(way.total, way.w), by(top, way.w)
    value = plugged_in(path)
    short, said = ending(way)
    ends = [by_total] if by_total == by_w or len(way.terms) == 1 else [by_total, by_w]
    if len(path) == 1:
        return [
            *steps,
            Step("product", "only_factor", (equation(*ends, value, *short),), _facts(way, path)),
        ]
    stated = overview if same else ""
    if not stated:
        middle = [path[0].name * by(path[0].by, way.w)] if len(path) > 2 else []
        chain = equation(by_w, *middle, way.named(path))
        steps.append(Step("chain", "chain", (chain,), _facts(way, path)))
    facts = {**said, "chain": stated or "chain"}
    last = Step("product", "product", (equation(*ends, value, *short),), facts)
    return [*steps, *_factors(way, path), last]


def _facts(way: Way, path: Sequence[Factor]) -> dict[str, object]:
    return {
        "factors": len(path),
        "error": Name(path[0].of),
        "stations": [Name(factor.by) for factor in path[:-1]],
        "users": [Name(user) for user in way.model.used_in[way.w]],
    }


def _factors(way: Way, path: Sequence[Factor]) -> list[Step]:
    """The values of the factors of one path: of a neuron's each with its reason."""
    if tuple(way.model.quantities[factor.of].role for factor in path) != NEURON:
        return [factor_values(way, [path])]
    first, *between, last = path
    steps = [
        Step(
            "factor-error",
            "factor_error",
            (equation(first.name, first.value),),
            {
                "error": Name(first.of),
                "target": way.leaves(first.of),
                "turned": squared(way.model.definitions[first.of], first.by) is not None,
            },
        )
    ]
    return [*steps, *(_factor_activation(way, f) for f in between), _factor_net(way, last)]


def factor_values(way: Way, paths: Sequence[Sequence[Factor]]) -> Step:
    """The local derivatives that occur along `paths` by name, each once.

    The facts say on which path each of them comes first.
    """
    found: dict[Formula, Formula] = {}
    first: dict[Formula, int] = {}
    for place, path in enumerate(paths, 1):
        for factor in filter(way.is_alone, path):
            found[factor.name] = factor.value
            first.setdefault(factor.name, place)
    equations = tuple(equation(name, value) for name, value in found.items())
    facts = {"count": len(equations), "first_on": first, "along": len(paths)}
    return Step("values", "factor_values", equations, facts)


def _factor_activation(way: Way, factor: Factor) -> Step:
    definition = way.model.definitions[factor.of]
    sides: list[Formula] = [factor.name]
    if isinstance(definition, Call) and definition.argument == Name(factor.by):
        sides.append(Call(definition.function, definition.argument, 1))
    facts = {
        "out": Name(factor.of),
        "net": Name(factor.by),
        "own": isinstance(definition, Call) and BY_SYMBOL[definition.function].own,
    }
    return Step("factor-activation", "factor_activation", (equation(*sides, factor.value),), facts)


def _factor_net(way: Way, factor: Factor) -> Step:
    definition = way.model.definitions[factor.of]
    facts = {
        "net": Name(factor.of),
        "weight": Name(way.w),
        "terms": len(way.model.summands(factor.of)),
        "slope": factor.value,
    }
    written = equation(factor.name, Partial(definition, Name(way.w)), factor.value)
    return Step("factor-net", "factor_net", (written,), facts)
