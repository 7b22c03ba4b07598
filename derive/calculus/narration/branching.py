"""A parameter further back: the sum over the paths, equations (16) to (25), and their total."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import islice
from typing import Any

from derive.calculus.chain import (
    Factor,
    Path,
    by,
    common_beginning,
    common_ending,
    plugged_in,
)
from derive.calculus.derivation import Step
from derive.calculus.narration.backward import ending, from_the_back, shown_adjoints
from derive.calculus.narration.straight import MOST_ZEROS, factor_values
from derive.calculus.narration.way import MOST_PATHS, Way
from derive.formula import (
    ONE,
    ZERO,
    Equation,
    Formula,
    Name,
    Negative,
    Partial,
    Product,
    Sum,
    equation,
    names_in,
    signs_out,
    total,
)
from derive.model import Role

MOST_BESIDE = 6
"""Quantities of one level that are looked into side by side; of more only the first is."""
MOST_SUMMANDS = 3
"""Errors up to which the summand of each is written out."""
FEW_PATHS = 4
"""Paths that are written out where others were before."""
MOST_LEVELS = 30
"""Levels that are gone down one by one."""
MOST_PLACES = 150
"""Quantities of these levels after which no further one is gone down."""


def first_summand(way: Way) -> list[Step]:
    """Down from the first error to w: equations (17) to (23)."""
    top = way.tops[0]
    spine, place = way.spine(top)
    steps: list[Step] = []
    if spine:
        facts = {"error": Name(top), "net": Name(place), "one": len(way.terms) < 2}
        chain = equation(by(top, way.w), way.named(spine) * by(place, way.w))
        steps.append(Step("chain", "chain_to_net", (chain,), facts))
    steps += _looked_into(way, place)
    level = way.below(place)
    seen = {place, *level}
    for _ in range(MOST_LEVELS):
        if not level or len(seen) > MOST_PLACES:
            break
        steps += _descend(way, level)
        level = [x for name in level for x in way.below(name) if x not in seen]
        level = list(dict.fromkeys(level))
        seen.update(level)
    if way.count <= MOST_PATHS:
        found = _named_and_plugged(way, top, first=True)
        # The error of one output alone is the total one, and its product the derivative.
        steps += found if way.full or not way.is_whole else found[:-1]
    return steps


def _looked_into(way: Way, place: str) -> list[Step]:
    """Substitution (18), linearity (19), the zeros dropped (20), the inner chain (21)."""
    definition, by_w = way.model.definitions[place], by(place, way.w)
    terms, surviving = way.model.summands(place), way.surviving_terms(place)
    direct = way.w in way.model.inputs_of[place]
    zeros = len(terms) - len(surviving)
    facts: dict[str, Any] = {
        "net": Name(place),
        "terms": len(terms),
        "apart": len(terms) > 1 and zeros <= MOST_ZEROS,
        "hidden": not direct,
        "direct": direct,
        "several": len(surviving) > 1,
        "all": len(surviving) == len(terms) and len(terms) > 1,
        "through": [Name(x) for x in way.ahead(place) if x != way.w],
        "first": place == way.tops[0],
        "alone": direct and way.chain.local(place)[way.w] == ONE,
        "weight": Name(way.w),
    }
    inner = equation(by_w, way.inner(place))
    if not isinstance(definition, Sum | Product | Name):
        return [Step("inner", "branches", (inner,), facts)]
    written_out = equation(by_w, Partial(definition, Name(way.w)))
    steps = [Step("substitute", "substitute", (written_out,), facts)]
    partials: list[Formula] = [Partial(term, Name(way.w)) for term in terms]
    if facts["apart"]:
        steps.append(Step("linearity", "linearity", (equation(by_w, total(partials)),), facts))
    if len(surviving) < len(terms):
        left = [p if t in surviving else ZERO for t, p in zip(terms, partials, strict=True)]
        kept = total(p for p in left if p != ZERO)
        written = equation(by_w, total(left if zeros <= MOST_ZEROS else partials), kept)
        steps.append(Step("zeros", "zeros", (written,), zero_facts(way, place)))
    single = all(_is_simple(way, term) for term in surviving)
    single = single and not (direct and len(surviving) > 1)
    reason = "inner_chain" if single else "branches"
    return [*steps, Step("inner", reason, (inner,), facts)]


def _is_simple(way: Way, term: Formula) -> bool:
    """Whether a term is a product in which one factor, a quantity, is on the way."""
    factors = term.factors if isinstance(term, Product) else (term,)
    ahead = [f for f in factors if any(x in way.relevant for x in names_in(f))]
    return len(ahead) == 1 and isinstance(ahead[0], Name)


def zero_facts(way: Way, place: str) -> dict[str, Any]:
    """Which quantities in a definition depend on w, and which do not."""
    inputs = way.model.inputs_of[place]
    quantities = way.model.quantities
    outs = [x for x in inputs if x in way.model.definitions]
    return {
        "weight": Name(way.w),
        "kept": [Name(x) for x in outs if x in way.relevant],
        "dropped": [Name(x) for x in outs if x not in way.relevant],
        "direct": way.w in inputs,
        "biased": any(quantities[x].role is Role.BIAS for x in inputs),
    }


def _descend(way: Way, places: Sequence[str]) -> list[Step]:
    """The same one level further down, wherever the way goes on."""
    further = [place for place in places if way.ahead(place) != [way.w]]
    if not further:
        return []
    shown = further if len(further) <= MOST_BESIDE else further[:1]
    equations = tuple(equation(by(place, way.w), way.inner(place)) for place in shown)
    facts = {**zero_facts(way, further[0]), "nets": list(map(Name, further)), "shown": len(shown)}
    ahead = [way.ahead(place) for place in further]
    facts["alike"] = len(set(map(tuple, ahead))) == 1
    facts["ways"] = [
        (Name(place), way.w in own, [Name(x) for x in own if x != way.w])
        for place, own in zip(further, ahead, strict=True)
    ]
    return [Step(f"descend-{further[0]}", "descend", equations, facts)]


def _named_and_plugged(way: Way, error: str, first: bool) -> list[Step]:
    paths = way.paths(error)
    by_w = by(error, way.w)
    facts: dict[str, Any] = {
        "error": Name(error),
        "paths": len(paths),
        "factors": len(paths[0]) if len({len(path) for path in paths}) == 1 else 0,
        "weight": Name(way.w),
        "alone": len(way.terms) < 2,
        "signs": any(sum(isinstance(f.value, Negative) for f in path) == 2 for path in paths),
    }
    again = "" if first else "_again"
    along = equation(by_w, total(way.named(path) for path in paths))
    steps = [Step(f"path-{error}", "path" + again, (along,), facts)]
    steps += _values(way, paths) if first else []
    plugged = equation(by_w, _plugged(paths))
    return [*steps, Step(f"plugged-{error}", "plugged" + again, (plugged,), facts)]


def _plugged(paths: Sequence[Path]) -> Formula:
    """The sum of the path products with the values of their factors, signs before the products."""
    return signs_out(total(plugged_in(path) for path in paths))


def _values(way: Way, paths: Sequence[Path]) -> list[Step]:
    """The values of the factors along `paths`, and why some of them have no name."""
    several = [f for path in paths for f in path if not way.is_alone(f)]
    said = [_not_alone(way, several)] if several else []
    return [*said, factor_values(way, paths)]


def _not_alone(way: Way, several: Sequence[Factor]) -> Step:
    """That ∂a/∂b is not the factor from b to a, where b leads to a in other ways besides."""
    order = way.model.order
    pairs = sorted({(f.of, f.by) for f in several}, key=lambda p: (order[p[0]], order[p[1]]))
    of, by_ = (
        [Name(x) for x in sorted(set(names), key=order.__getitem__)]
        for names in zip(*pairs, strict=True)
    )
    first = pairs[0]
    facts = {
        "of": of,
        "by": by_,
        "e": (by(*first), way.chain.factor(*first).value),
        "pairs": [tuple(map(Name, pair)) for pair in pairs] if len(of) > 1 and len(by_) > 1 else [],
    }
    return Step("direct", "direct", (), facts)


def other_summands(way: Way) -> list[Step]:
    """(24), (25), and the same for further outputs, unless they are many."""
    steps: list[Step] = []
    for error in _shown(way)[1:]:
        steps += _named_and_plugged(way, error, first=False)
    return steps


def _shown(way: Way) -> list[str]:
    """The errors whose summands are written out."""
    return way.tops if len(way.tops) <= MOST_SUMMANDS else way.tops[:1]


def collected_total(way: Way) -> list[Step]:
    """The total the notes do not write: (23) + (25), the common factors out of the bracket."""
    paths = way.paths(way.total)
    by_total = by(way.total, way.w)
    result = way.collected
    whole = way.is_whole and not way.full
    parts = [] if whole else [f"plugged-{error}" for error in _shown(way)]
    if len(paths) == 1:
        return [Step("total", "total_single", (equation(by_total, result),), {"parts": parts})]
    plugged = _plugged(paths)
    sides: list[Formula] = [plugged] if len(paths) == 2 else []
    if way.full and len(paths) > 2 and len(way.tops) > 1:
        # The single products stand in the equations before; only their sum is new.
        sides = [total([*(by(error, way.w) for error in way.tops), *way.direct_slopes])]
    short, said = ending(way)
    alike = common_ending(paths)
    start = 0 if alike else common_beginning(paths)
    before = plugged_in(paths[0][:start])
    facts = {
        **said,
        "parts": parts,
        "more": len(way.tops) - len(_shown(way)),
        "common": plugged_in(paths[0][-alike:]) if alike else ONE,
        "common_end": alike > 0,
        "common_start": [before] if start else [],
        "common_inside": result != signs_out(before * _plugged([path[start:] for path in paths])),
        "nothing_common": not alike and result == plugged,
        "direct": way.direct_slopes,
        "paths": len(paths),
    }
    return [Step("total", "total", (equation(by_total, *sides, result, *short),), facts)]


def one_path(way: Way) -> list[Step]:
    """With many paths: one of them in full, the others by their number."""
    found = [path for path, _ in zip(way.chain.paths(way.tops[0], way.w), range(64), strict=False)]
    path = next((p for p in found if all(map(way.is_alone, reversed(p)))), found[0])
    facts = {"paths": way.count, "factors": len(path), "weight": Name(way.w)}
    shown = islice(way.on_the_way(), MOST_LEVELS)
    pairs = ((name, x) for name in shown for x in way.ahead(name))
    several = next((pair for pair in pairs if not way.leads_alone(*pair)), None)
    said = [] if several is None else [_not_alone(way, [way.chain.factor(*several)])]
    one = Equation((way.named(path), plugged_in(path)))
    return [*said, Step("one-path", "one_path", (one,), facts)]


def brief_steps(way: Way, known: Collection[str], *, explained: bool) -> list[Step]:
    """The paths, their factors, and all of it plugged in; where they are many, from the back."""
    facts: dict[str, Any] = {"paths": way.count, "weight": Name(way.w), "brief": True}
    made = way.is_of_adjoints or all(name in known for name in way.on_the_way())
    # A single path to an output neuron is its δ and one factor more.
    made = made or (way.is_straight and way.model.has_neurons)
    if way.back and made and not way.full:
        return from_the_back(way, known, explained=explained)
    if way.count > FEW_PATHS:
        return [
            Step("many", "brief_many", (), facts),
            *from_the_back(way, known, explained=explained),
        ]
    paths = way.paths(way.total)
    by_total = by(way.total, way.w)
    along = equation(by_total, total(way.named(path) for path in paths))
    plugged = _plugged(paths)
    short, said = ending(way)
    sides = equation(by_total, *([plugged] if len(paths) < 3 else []), way.collected, *short)
    facts |= {**said, "gathered": way.collected != plugged}
    if len(along.sides) == 1:
        return [
            Step("plugged", "only_factor", (sides,), facts),
            *from_the_back(way, known, explained=explained),
        ]
    steps = [Step("path", "brief_path", (along,), facts), *_values(way, paths)]
    steps.append(Step("plugged", "brief_plugged", (sides,), facts))
    back = from_the_back(way, {*known, *shown_adjoints(way.chain, steps)}, explained=explained)
    return [*steps, *back] if len(paths) > 1 or len(back) == 1 else steps
