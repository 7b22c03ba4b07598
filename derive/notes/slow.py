"""Where learning is slow, pointed out in the document's own numbers.

A derivative is a product along its way: a small slope, a resting unit, a small input or many steps
of time make it small. What is said is what these numbers show, and nothing where there are none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from math import prod
from typing import Any

from derive.calculus.chain import by
from derive.calculus.features import gates, through_softmax, through_time
from derive.calculus.graph_rules import TIME, Rule
from derive.exact.ranges import always
from derive.formula import (
    Call,
    Equation,
    Formula,
    Member,
    Name,
    Number,
    Product,
    Sum,
    equation,
    product,
)
from derive.formula import number as exact
from derive.functions import BY_SYMBOL
from derive.model import Model, Role
from derive.notes.blocks import Block, Words
from derive.notes.figures import Figures
from derive.notes.numbers import is_rounded, number
from derive.notes.page import Page

CHAIN = 3
"""So many slopes are multiplied to show what a chain of them does."""
SMALL = 0.1
"""A quantity below it, in size, is called small where it is a factor of a derivative."""
MOST_NAMED = 6


def layer_slopes(page: Page) -> list[Block]:
    """What the slopes of a network of layers do to δ, on the way back through hidden layers."""
    figures, model = page.figures, page.model
    if page.last < 2:
        return []
    nets = [q for layer in range(page.last, 0, -1) for q in model.in_layer(layer, Role.OUTPUT)[:1]]
    facts: dict[str, Any] = {
        "bounds": list(_bounded(page, nets)),
        "end": _slope_at_the_end(page),
        "most": None,
    }
    if figures is None:
        return [Words("slopes", facts)]
    hidden = (out.name for out in model.having(Role.OUTPUT) if out.layer < page.last)
    slopes = {name: abs(_slope(page, figures, name)) for name in hidden}
    sizes = [_largest(page, layer) for layer in range(page.last, 0, -1)]
    sources = [
        n for n in model.names(Role.INPUT, Role.OUTPUT) if model.quantities[n].layer < page.last
    ]
    facts |= {
        "small": _small(page, sources),
        "count": len(slopes),
        "least": number(min(slopes.values())),
        "most": number(max(slopes.values())),
        "below": max(slopes.values()) < 1,
        "falling": all(0 < after < before for before, after in pairwise(sizes)),
        "row": max(page.network.layers[1:]) == 1,
        "sizes": list(map(number, sizes)),
        "dead": [_unit(page, name) for name, slope in slopes.items() if not slope],
    }
    return [Words("slopes", facts)]


def _slope_at_the_end(page: Page) -> bool:
    """Whether a slope below 1 of an output neuron is left as a factor of its δ."""
    model = page.model
    out = model.quantities[model.in_layer(page.last, Role.OUTPUT)[0]]
    definition = model.definitions[out.name]
    bounds = always(definition.function, 1) if isinstance(definition, Call) else None
    return (
        bounds is not None and bounds.high < 1 and len(page.chain.collapse(page.net_of(out))) == 1
    )


def _largest(page: Page, layer: int) -> float:
    """The size of the largest δ of a layer."""
    assert page.figures is not None
    names = [n for n in page.chain.deltas if page.model.quantities[n].layer == layer]
    return max((abs(page.figures.adjoint(name)) for name in names), default=0.0)


def _bounded(page: Page, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """How small a chain of slopes gets whose function keeps them below 1.

    `names` are values of functions, one after the other on a way back.
    """
    figures = page.figures
    found: dict[str, list[str]] = {}
    for name in names:
        definition = page.model.definitions[name]
        if isinstance(definition, Call) and isinstance(definition.argument, Name):
            found.setdefault(definition.function, []).append(name)
    for function, own in found.items():
        bounds = always(function, 1)
        if bounds is None or not 0 < bounds.high < 1 or len(own) < 2:
            continue
        chosen = own[:CHAIN]
        high = Fraction(bounds.high)
        yield {
            "function": BY_SYMBOL[function].words.partition(",")[0],
            "bound": exact(high),
            "together": exact(high ** len(chosen)),
            "count": len(chosen),
            "at": [_unit(page, name) for name in chosen],
            **_together(page, figures, chosen),
        }


def _unit(page: Page, output: str) -> Formula:
    quantity = page.model.quantities[output]
    return page.neuron(quantity.layer, quantity.index)


def _together(page: Page, figures: Figures | None, names: Sequence[str]) -> dict[str, Any]:
    """The slopes of functions at these values, and about what they come to one after the other."""
    if figures is None:
        return {"slopes": []}
    slopes = [_slope(page, figures, name) for name in names]
    return {"slopes": list(map(number, slopes)), "worth": number(float(f"{prod(slopes):.3g}"))}


def _small(page: Page, names: Iterable[str]) -> Equation | None:
    """The smallest of what weights are multiplied by, with its value, if it is small."""
    figures = page.figures
    assert figures is not None
    sizes = {name: abs(figures.value(Name(name))) for name in names}
    least = min(sizes, key=sizes.__getitem__, default="")
    return figures.valued(equation(Name(least))) if least and 0 < sizes[least] < SMALL else None


# Networks of equations.


def slow_blocks(page: Page, adjoints: Sequence[Rule]) -> list[Block]:
    """What makes learning slow in a network of equations: slopes, steps of time, gates."""
    if page.figures is None:
        return []
    return [
        *_called(page),
        *_shares(page, adjoints),
        *_through_time(page, adjoints),
        *_gates(page),
    ]


def _called(page: Page) -> Iterator[Block]:
    """The slopes of the functions on the way, those at rest among them."""
    figures, model = page.figures, page.model
    assert figures is not None
    slopes: dict[str, float] = {}
    for name, definition in model.definitions.items():
        if isinstance(definition, Call) and always(definition.function, 1) is not None:
            slopes[name] = abs(_slope(page, figures, name))
    if set(slopes.values()) <= {1.0}:
        return
    least, most = (choose(slopes, key=slopes.__getitem__) for choose in (min, max))
    yield Words(
        "slow_slopes",
        {
            "count": len(slopes),
            "low": Name(least),
            "high": Name(most),
            "least": number(slopes[least]),
            "most": number(slopes[most]),
            "dead": [Name(name) for name, slope in slopes.items() if not slope][:MOST_NAMED],
            "bounds": [
                (BY_SYMBOL[f].words.partition(",")[0], exact(Fraction(bounds.high)))
                for f in dict.fromkeys(
                    d.function for d in model.definitions.values() if isinstance(d, Call)
                )
                if (bounds := always(f, 1)) is not None and bounds.high < 1
            ],
        },
    )


def _slope(page: Page, figures: Figures, name: str) -> float:
    """The slope of the function whose value a quantity is; of an output that by its net input."""
    if page.model.has_neurons:
        return figures.value(page.chain.local(name)[page.net_of(page.model.quantities[name])])
    definition = page.model.definitions[name]
    assert isinstance(definition, Call)
    if isinstance(definition.argument, Name):
        return figures.value(page.chain.local(name)[definition.argument.name])
    row = BY_SYMBOL[definition.function]
    if row.own and row.slope is not None:
        return figures.value(row.slope(definition.argument, Name(name), None))
    return figures.value(Call(definition.function, definition.argument, 1))


def _shares(page: Page, adjoints: Sequence[Rule]) -> Iterator[Block]:
    """That a softmax which has decided for one of its shares lets hardly anything back."""
    figures = page.figures
    assert figures is not None
    shares = [share for _, share in through_softmax(adjoints)]
    names = [
        name
        for share in shares
        for name in page.model.definitions
        if page.model.quantities[name].family == (share.stem if isinstance(share, Member) else "")
    ]
    if names:
        most = max(names, key=lambda name: figures.value(Name(name)))
        stated = figures.valued(equation(Name(most)))
        yield Words("slow_shares", {"most": stated, "shares": shares})


def _through_time(page: Page, adjoints: Sequence[Rule]) -> Iterator[Block]:
    """How large the derivatives by the states are, from the last step to the first."""
    figures, model = page.figures, page.model
    assert figures is not None
    if through_time(model, adjoints) is None:
        return
    for family in model.instances.families:
        states = _states(page, family.key)
        if not states or not _follow(page, states):
            continue
        sizes = {t: max(abs(figures.adjoint(n)) for n in names) for t, names in states.items()}
        ends = sorted(sizes, reverse=True)
        single = all(len(names) == 1 for names in states.values())
        facts = {
            "states": [Name(states[t][0]) for t in ends],
            "single": single,
            "sizes": [number(sizes[t]) for t in ends],
            "falling": all(sizes[b] < sizes[a] for a, b in pairwise(ends)),
            "growing": all(sizes[b] > sizes[a] for a, b in pairwise(ends)),
            "gated": bool(gates(model)),
        }
        steps = list(_steps(page, [states[t][0] for t in ends])) if single else []
        yield Words("slow_time", {**facts, "steps": bool(steps)}, runs_on=bool(steps))
        if steps:
            yield page.display(f"slow-{family.key}", *steps)
        return


def _states(page: Page, key: str) -> Mapping[int, list[str]]:
    """The members of a family by their step of time, where they have a derivative of the error."""
    found: dict[int, list[str]] = {}
    for family in page.model.instances.families:
        if family.key == key and TIME in family.letters and family.definition is not None:
            place = family.letters.index(TIME)
            for name in page.model.instances.of([family]):
                if name in page.chain.deltas:
                    at = page.model.quantities[name].indices[place]
                    found.setdefault(at, []).append(name)
    return found if len(found) > 1 else {}


def _follow(page: Page, states: Mapping[int, list[str]]) -> bool:
    """Whether the states are no net inputs, and each step depends on the one before."""
    names = [names[0] for _, names in sorted(states.items())]
    calls = isinstance(page.model.definitions[names[0]], Call)
    after = all(b in page.model.downstream(a) for a, b in pairwise(names))
    return after and (calls or any(b in page.model.used_in[a] for a, b in pairwise(names)))


def _steps(page: Page, names: Sequence[str]) -> Iterator[Equation]:
    """∂h_t/∂h_{t−1} of single states, where one way leads there, and the product of all of them."""
    figures = page.figures
    assert figures is not None
    values: list[Formula] = []
    for after, before in pairwise(names):
        if page.chain.count_paths(after, before) != 1:
            return
        (path,) = page.chain.paths(after, before)
        values.append(product(factor.value for factor in path))
        yield figures.shown(equation(by(after, before), values[-1]))
    if len(values) > 1:
        whole = by(names[0], names[-1])
        parts = [by(a, b) for a, b in pairwise(names)]
        worth = number(figures.value(product(values)))
        rounded = frozenset({2} if is_rounded(worth) else ())
        yield Equation((whole, product(parts), worth), rounded)


def _gates(page: Page) -> Iterator[Block]:
    """What a gate hands back of a state to the one before: ∂c/∂c_0 = f."""
    figures, model = page.figures, page.model
    assert figures is not None
    found: list[Equation] = []
    between: list[Name] = []
    for of, passes in _gate_pairs(model):
        for user in model.used_in[of.name]:
            if model.quantities[user].family != model.quantities[passes.name].family:
                continue
            between.append(of)
            if page.chain.count_paths(user, passes.name) == 1:
                found.append(figures.valued(equation(by(user, passes.name), of)))
    if between:
        along = _along(page, between)
        facts = {"gates": between, "along": [along] if along else []}
        yield Words("slow_gates", facts, runs_on=bool(found))
    if found:
        yield page.display("slow-gates", *found[:MOST_NAMED])


def _along(page: Page, between: Sequence[Name]) -> Equation | None:
    """The product of the first unit's gates of all steps of time, if there are several."""
    assert page.figures is not None
    instances = page.model.instances
    family, at = instances.placed(between[0].name)
    if TIME not in family.letters:
        return None
    time = family.letters.index(TIME)
    rest = [*at[:time], *at[time + 1 :]]
    places = [(name, instances.placed(name.name)) for name in between]
    own = {
        x[time]: name
        for name, (f, x) in places
        if f is family and [*x[:time], *x[time + 1 :]] == rest
    }
    gone = [own[step] for step in sorted(own, reverse=True)]
    return page.figures.shown(Equation((product(gone),))) if len(gone) > 1 else None


def _gate_pairs(model: Model) -> Iterator[tuple[Name, Name]]:
    """The gates with the single quantities that they are multiplied by, member by member."""
    by_key = {f.key: f for f in model.instances.families if f.definition is not None}
    for gate in gates(model):
        if gate.closing or not isinstance(gate.of, Member) or not isinstance(gate.passes, Member):
            continue
        family = by_key[gate.of.stem]
        for at in family:
            chosen = dict(zip(family.letters, at, strict=True))
            pair = [model.instances.instance(f, chosen) for f in (gate.of, gate.passes)]
            if all(isinstance(one, Name) for one in pair):
                yield pair[0], pair[1]  # type: ignore[misc]


# Derivatives that are 0.


def zero_rows(page: Page, slopes: Mapping[str, float]) -> list[Block]:
    """Why some of the derivatives in the table are 0: a factor of each is."""
    figures = page.figures
    if figures is None:
        return []
    reasons: dict[Formula | None, list[Formula]] = {}
    for name, slope in slopes.items():
        if not slope:
            reasons.setdefault(_zero(page, figures, name), []).append(Name(name))
    if not reasons:
        return []
    rows = [(weights, reason) for reason, weights in reasons.items() if reason is not None]
    dead = [reason for _, reason in rows if _rests(page, figures, reason)]
    return [Words("step_zeros", {"rows": rows, "dead": dead})] if rows else []


def _zero(page: Page, figures: Figures, name: str) -> Formula | None:
    """The factor that makes a derivative 0; nothing where several do, or terms cancel."""
    gradient = page.chain.gradients[name]
    terms = gradient.terms if isinstance(gradient, Sum) else (gradient,)
    found = set()
    for term in terms:
        factors = term.factors if isinstance(term, Product) else (term,)
        zeros = [f for f in factors if not isinstance(f, Number) and not figures.value(f)]
        if not zeros:
            return None
        found.add(zeros[0])
    return found.pop() if len(found) == 1 else None


def _rests(page: Page, figures: Figures, reason: Formula) -> bool:
    """Whether a δ is 0 because the slope of its own function is."""
    net = page.chain.adjoint_of(reason)
    users = page.model.used_in[net] if net else ()
    return any(
        figures.value(slope) == 0
        for user in users
        for slope in [page.chain.slope(user, net)]
        if slope is not None
    )
