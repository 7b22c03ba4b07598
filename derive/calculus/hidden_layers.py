"""A parameter further back: the sum over the paths, equations (16) to (25), and their total."""

from __future__ import annotations

from collections.abc import Sequence

from derive.calculus.chain import Factor, Path, collected, named, plugged_in
from derive.calculus.derivation import Step
from derive.calculus.descent import MOST_PATHS, Descent, by
from derive.formula import ONE, ZERO, Equation, Formula, Name, Partial, equation, product, total


def first_summand(d: Descent, spine: list[Factor], net: str) -> list[Step]:
    """Down from the first error to w: equations (17) to (23)."""
    error = d.survivors[0]
    chain = named(tuple(spine)) * by(net, d.w)
    steps = [
        Step(
            "chain",
            "chain_to_net",
            (equation(by(error, d.w), chain),),
            {"error": Name(error), "net": Name(net), "one": len(d.errors) == 1},
        )
    ]
    steps += _through_net(d, net)
    frontier = d.below(net)
    while frontier:
        steps += _descend(d, frontier)
        frontier = list(dict.fromkeys(x for name in frontier for x in d.below(name)))
    if d.count <= MOST_PATHS:
        steps += _named_and_plugged(d, error, first=True)
    return steps


def _through_net(d: Descent, net: str) -> list[Step]:
    """Substitution (18), linearity (19), the zeros dropped (20), the inner chain (21)."""
    definition = d.model.definitions[net]
    by_w = by(net, d.w)
    terms = d.model.summands(net)
    surviving = d.surviving_terms(net)
    steps = [
        Step(
            "substitute",
            "substitute",
            (equation(by_w, Partial(definition, Name(d.w))),),
            {"net": Name(net), "terms": len(terms), "hidden": d.w not in d.model.inputs_of[net]},
        )
    ]
    partials: list[Formula] = [Partial(term, Name(d.w)) for term in terms]
    if len(terms) > 1:
        steps.append(
            Step(
                "linearity",
                "linearity",
                (equation(by_w, total(partials)),),
                {"terms": len(terms), "hidden": d.w not in d.model.inputs_of[net]},
            )
        )
    if len(surviving) < len(terms):
        left = [p if t in surviving else ZERO for t, p in zip(terms, partials, strict=True)]
        kept = total(p for t, p in zip(terms, partials, strict=True) if t in surviving)
        steps.append(
            Step("zeros", "zeros", (equation(by_w, total(left), kept),), d.zero_facts(net))
        )
    steps.append(
        Step(
            "inner",
            "inner_chain",
            (equation(by_w, d.inner(net)),),
            {
                "net": Name(net),
                "several": len(surviving) > 1,
                "direct": d.w in d.model.inputs_of[net],
                "all": len(surviving) == len(terms) and len(terms) > 1,
                "weight": Name(d.w),
            },
        )
    )
    return steps


def _descend(d: Descent, nets: list[str]) -> list[Step]:
    """The same one layer further down, for every net input on the way."""
    open_nets = [net for net in nets if d.below(net)]
    if not open_nets:
        return []
    shown = open_nets if len(open_nets) <= 6 else open_nets[:1]
    equations = tuple(equation(by(net, d.w), d.inner(net)) for net in shown)
    facts = {
        **d.zero_facts(open_nets[0]),
        "nets": d.neurons(open_nets),
        "shown": len(shown),
    }
    return [Step(f"descend-{open_nets[0]}", "descend", equations, facts)]


def _named_and_plugged(d: Descent, error: str, first: bool) -> list[Step]:
    paths = d.paths(error)
    by_w = by(error, d.w)
    facts = {
        "error": Name(error),
        "paths": len(paths),
        "factors": len(paths[0]),
        "weight": Name(d.w),
        "alone": len(d.errors) == 1,
    }
    suffix = "" if first else "_again"
    steps = [
        Step(
            f"path-{error}",
            "path" + suffix,
            (equation(by_w, total(named(path) for path in paths)),),
            facts,
        )
    ]
    if first:
        steps.append(_factor_values(d, paths))
    steps.append(
        Step(
            f"plugged-{error}",
            "plugged" + suffix,
            (equation(by_w, total(plugged_in(path) for path in paths)),),
            facts,
        )
    )
    return steps


def _factor_values(d: Descent, paths: Sequence[Path]) -> Step:
    """The local derivatives that occur along `paths`, each once."""
    seen: dict[Formula, Formula] = {}
    for path in paths:
        for factor in path:
            seen.setdefault(factor.name, factor.value)
    equations = tuple(equation(name, value) for name, value in seen.items())
    return Step("values", "factor_values", equations, {"count": len(equations)})


def other_summands(d: Descent) -> list[Step]:
    """(24), (25), and the same for every further output."""
    steps: list[Step] = []
    for error in d.survivors[1:]:
        steps += _named_and_plugged(d, error, first=False)
    return steps


def collected_total(d: Descent) -> list[Step]:
    """The total the notes do not write: (23) + (25), the common factors out of the bracket."""
    paths = d.paths(d.total)
    result = collected(paths)
    plugged = [total(plugged_in(p) for p in d.paths(error)) for error in d.survivors]
    if len(paths) == 1:
        return [
            Step(
                "total",
                "total_single",
                (equation(by(d.total, d.w), result),),
                {"parts": [f"plugged-{e}" for e in d.survivors]},
            )
        ]
    if len(paths) > 2:
        # The single products stand in the equations before; only their sum is new.
        sides: list[Formula] = [by(d.total, d.w), result]
        if len(d.errors) > 1:
            sides.insert(1, total(by(e, d.w) for e in d.survivors))
    else:
        sides = [by(d.total, d.w), total(plugged), result]
    return [
        Step(
            "total",
            "total",
            (equation(*sides),),
            {
                "parts": [f"plugged-{e}" for e in d.survivors],
                "common": _common(paths),
                "nothing_common": _common(paths) == ONE,
                "paths": len(paths),
            },
        )
    ]


def one_path(d: Descent) -> list[Step]:
    """With many paths: one of them in full, the others by their number."""
    error = d.survivors[0]
    path = next(iter(d.chain.paths(error, d.w)))
    return [
        Step(
            "one-path",
            "one_path",
            (Equation((named(path), plugged_in(path))),),
            {"paths": d.count, "factors": len(path), "weight": Name(d.w)},
        ),
    ]


def _common(paths: Sequence[Path]) -> Formula:
    """The product of the factors with which all paths end."""
    common: list[Factor] = []
    for factors in zip(*(reversed(path) for path in paths), strict=False):
        if any((f.of, f.by) != (factors[0].of, factors[0].by) for f in factors):
            break
        common.insert(0, factors[0])
    return product(factor.value for factor in common)
