"""The gradient from the back: each derivative made of those nearer to the error.

The derivative of the error with respect to a net input is its δ; that with respect to any other
quantity keeps its name ∂E/∂q.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from derive.calculus.chain import Chain, by
from derive.calculus.derivation import Step
from derive.calculus.narration.way import MOST_PATHS, Way
from derive.formula import (
    Delta,
    Equation,
    Formula,
    Name,
    Sum,
    equation,
    product,
    signs_out,
    total,
    transform,
    walk,
)
from derive.formula.tidy import centred, shortened
from derive.model import Model, Role
from derive.model.families import Family

BACKWARD = ("deltas", "recursion", "deltas_behind")
"""The reasons of steps that go back from the error."""
MOST_OPENED = 60
"""Nodes of a gradient up to which its adjoints are written out again, where they are no δ."""
MOST_SIDES = 6
"""Of a chain that opens δ after δ so many sides are written: the first ones and the last."""
MOST_PLUGGED = 100
"""Adjoints in a sum up to which it is looked at whether they cancel when they are written out."""
MOST_OF_LAYER = 6
"""Of a larger layer the first δ is shown."""
MOST_RECURSED = 60
"""Neurons of the next layer up to which the δ of a hidden neuron is derived as a sum over them."""
MOST_SHOWN = 48


def backward_steps(way: Way, known: Collection[str] = (), *, explained: bool) -> list[Step]:
    """The gradient from the back, and the way back from it to the paths.

    How a hidden neuron comes by its δ is derived unless it has been `explained`.
    """
    return [*from_the_back(way, known, explained=explained), *_same(way)]


def _hidden(way: Way, names: Iterable[str]) -> str:
    """The first of these that is the net input of a hidden neuron whose δ has a derivation."""
    neurons = way.model.has_neurons
    return next((name for name in names if neurons and _after(way, name)), "")


def _recursion(way: Way, name: str) -> Step:
    """Why the δ of a hidden neuron is made of those of the next layer: the chain rule over it.

    ∂E/∂net_c1 = Σ δ_dk · ∂net_dk/∂net_c1, and each of these net inputs depends on net_c1 by way of
    out_c1 alone. In full the result stands among the δ once more.
    """
    chain = way.chain
    (out,) = way.model.used_in[name]
    users = _after(way, name)
    across = total(product([Delta(user), by(user, name)]) for user in users)
    along = total(product([Delta(x), by(x, out), by(out, name)]) for x in users)
    made = [chain.collapse(name)[0]] if way.full else _ways_to_write(chain, name)
    sides = [] if way.full else [Delta(name)]
    written = equation(*sides, by(way.total, name), across, along, *made)
    facts = {
        "net": Name(name),
        "out": Name(out),
        "nets": list(map(Name, users)),
        "delta": Delta(name),
    }
    return Step("recursion", "recursion", (written,), facts)


def _after(way: Way, name: str) -> list[str]:
    """The net inputs that depend on one of a hidden neuron directly by way of its own output.

    None where it is an output neuron, or where other ways lead on from it.
    """
    model = way.model
    outs = model.used_in[name]
    if len(outs) != 1 or model.quantities[name].role is not Role.NET:
        return []
    users = list(model.used_in[outs[0]])
    if not 0 < len(users) <= MOST_RECURSED:
        return []
    plain = all(model.quantities[user].role is Role.NET for user in users)
    return users if plain and all(map(way.chain.deltas.__contains__, users)) else []


def _are_nets(families: Iterable[Family]) -> bool:
    """Whether all of these are net inputs, so that their adjoints are δ."""
    return all(family.role is Role.NET for family in families)


def from_the_back(way: Way, known: Collection[str], *, explained: bool = True) -> list[Step]:
    """The adjoints on the way to w, and the gradient in terms of them.

    Those in `known` have been shown already. That of the first hidden neuron is derived unless it
    has been `explained`.
    """
    chain, model = way.chain, way.model
    shown, levels, new = _chosen(way, known)
    nets = _are_nets(family for family, _ in way.back)
    before = sorted((x for x in known if x in way.relevant), key=model.order.__getitem__)[::-1]
    gradient = chain.gradients[way.w]
    facts: dict[str, Any] = {
        "weight": Name(way.w),
        "needed": sum(len(own) for _, own in way.back) - len(before),
        "shown": len(shown),
        "levels": levels,
        "nets": nets,
        "hidden": any(model.quantities[name].layer < way.back[0][0].layer for name in shown),
        "some_nets": any(family.role is Role.NET for family in new),
        "known": before,
        "paths": way.count,
        "users": [Name(user) for user in model.used_in[way.w]],
        "only": all(
            sum(model.quantities[x].role in (Role.WEIGHT, Role.BIAS) for x in model.inputs_of[user])
            == 1
            for user in model.used_in[way.w]
        ),
    }
    steps: list[Step] = []
    derived = "" if explained else _hidden(way, shown)
    place = shown.index(derived) if derived and not way.full else len(shown)
    said = backward(chain, shown, None if way.full else {_family(model, name) for name in known})
    if derived and way.full:
        steps.append(_recursion(way, derived))
    if place:
        own = {**facts, "levels": 1, "hidden": False} if place < len(shown) else facts
        steps.append(Step("deltas", "deltas", tuple(said[:place]), own))
    if any(len(chain.collapse(name)) > 1 for name in shown):
        steps.append(Step("collapse", "collapse", (), {"shares": bool(model.conditions)}))
    if place < len(shown):
        steps.append(_recursion(way, derived))
    if said[place + 1 :]:
        steps.append(Step("deltas-behind", "deltas_behind", tuple(said[place + 1 :]), facts))
    made_of = {chain.adjoint_of(node) for node in walk(gradient)}
    last = {
        **facts,
        "known": [name for name in before if name in made_of],
        "after_words": not steps or not steps[-1].reason.startswith("deltas"),
        "alone_known": bool(way.back) and not shown,
        "terms": isinstance(gradient, Sum),
        "shared_deltas": sum(1 for node in walk(gradient) if chain.adjoint_of(node)),
    }
    written = equation(by(way.total, way.w), signs_out(gradient))
    steps.append(Step("delta-gradient", "delta_gradient", (written,), last))
    return steps


def _chosen(way: Way, known: Collection[str]) -> tuple[list[str], int, list[Family]]:
    """Which adjoints are shown, in reading order; how many layers all have; and the families.

    Those in `known` are none of them. Of a large layer one is shown, the first or the one that the
    gradient itself is made of; where a reader has seen one of its others, only the latter. A
    quantity that is no net input is a layer by itself, and only so many are named as are shown.
    """
    last = {way.chain.adjoint_of(node) for node in walk(way.chain.gradients[way.w])}
    sizes: Counter[int] = Counter()
    placed = Counter(map(way.model.instances.place, known)) if known else Counter()
    layers: dict[int, list[str]] = {}
    shown: list[str] = []
    families: list[Family] = []
    others = 0
    for family, own in way.back:
        sizes[family.layer] += len(own)
        left = len(own) - sum((family, at) in placed for at in own) if placed else len(own)
        if not left:
            continue
        families.append(family)
        if family.role is Role.NET:
            names = [name for name in way.names(family, own) if name not in known]
            layers.setdefault(family.layer, []).extend(names)
            continue
        others += left
        if len(shown) < MOST_SHOWN:
            shown += [name for name in way.names(family, own) if name not in known]
    for layer, names in layers.items():
        if sizes[layer] <= MOST_OF_LAYER:
            shown += names
            continue
        direct = [name for name in names if name in last]
        shown += direct or (names[-1:] if len(names) == sizes[layer] else [])
    return reading_order(way.model, shown)[:MOST_SHOWN], len(layers) + others, families


def _same(way: Way) -> list[Step]:
    """With every adjoint written out the sum of paths comes back, letter for letter."""
    model, chain = way.model, way.chain
    nets = _are_nets(family for family, _ in way.back)
    if way.count > MOST_PATHS:
        return [Step("same", "same_many", (), {"paths": way.count})]
    result = way.result()
    if not nets and sum(1 for _ in walk(result)) > MOST_OPENED:
        return []
    written = {name: chain.deltas[name] for name in way.on_the_way()}
    sides = [chain.gradients[way.w]]
    while standing := {chain.adjoint_of(node) for node in walk(sides[-1])} & written.keys():
        first = min(_depth(model, name) for name in standing)
        opened = {name: written[name] for name in standing if _depth(model, name) == first}
        sides.append(_open(sides[-1], chain, opened))
    if len(sides) < 2 or signs_out(sides[-1]) != result:
        return []
    if len(sides) > MOST_SIDES:
        sides = [*sides[: MOST_SIDES - 1], sides[-1]]
    facts = {"other": "product" if way.is_straight else "total", "nets": nets}
    return [Step("same", "same_form", (equation(*map(signs_out, sides)),), facts)]


def shown_adjoints(chain: Chain, steps: Iterable[Step]) -> set[str]:
    """The quantities by which the derivative of the error stands in these steps, as it is made."""
    return {
        name
        for step in steps
        for e in step.equations
        if (name := chain.adjoint_of(e.left)) in chain.deltas
        and (step.reason in BACKWARD or signs_out(chain.deltas[name]) in map(signs_out, e.sides))
    }


def _depth(model: Model, name: str) -> int:
    """Where a quantity stands on the way to the error: by its layer, where it has one."""
    quantity = model.quantities[name]
    return quantity.layer if quantity.role is Role.NET else model.order[name]


def _open(formula: Formula, chain: Chain, written: Mapping[str, Formula]) -> Formula:
    """`formula` with these adjoints written out once."""

    def rule(node: Formula) -> Formula | None:
        return written.get(chain.adjoint_of(node))

    return transform(formula, rule)


def backward(
    chain: Chain, names: Iterable[str], told: Collection[object] | None = None
) -> list[Equation]:
    """The adjoints of these quantities, each made of those nearer to the error.

    Where a divisor cancels when the adjoints that it is made of are plugged in, that is shown too:
    the way from a softmax and its cross-entropy to a difference. The δ that stands first in its
    layer says what it is. With the families that have been `told` only the first of another family
    shows how it gets shorter, and each other one what it comes to.
    """
    seen = set(told or ())
    found: list[Equation] = []
    layers: set[int] = set()
    for name in reading_order(chain.model, names):
        quantity = chain.model.quantities[name]
        sides: list[Formula] = [chain.adjoint(name)]
        if quantity.role is Role.NET and quantity.layer not in layers:
            layers.add(quantity.layer)
            sides.append(by(chain.model.total, name))
        made, family = _ways_to_write(chain, name), _family(chain.model, name)
        found.append(equation(*sides, *(made[-1:] if family in seen else made)))
        seen |= {family} if told is not None else set()
    return found


def _ways_to_write(chain: Chain, name: str) -> list[Formula]:
    """An adjoint as it is made of others, and what it shortens to.

    That may be seen only once the adjoints that it is made of are plugged in. What comes back
    through a softmax is written with its share before a bracket, too.
    """
    steps = list(map(signs_out, chain.collapse(name)))

    def known(node: Formula) -> Formula | None:
        return chain.deltas.get(chain.adjoint_of(node))

    if len(steps) > 1 or sum(1 for n in walk(steps[0]) if chain.adjoint_of(n)) > MOST_PLUGGED:
        return steps
    short = shortened(transform(chain.deltas[name], known), chain.model.conditions)
    plain = not any(known(node) for formula in short for node in walk(formula))
    return [*steps, *short] if plain and short else list(dict.fromkeys([*steps, centred(steps[0])]))


def ending(way: Way) -> tuple[list[Formula], dict[str, bool]]:
    """What the products shorten to, unless that is shown where an adjoint is made."""
    chain = way.chain
    short, said = way.ending
    if short and not way.full:
        for name in way.on_the_way():
            made = _ways_to_write(chain, name)
            if len(made) > 1 and made[-1] != centred(made[0]):
                return [], dict.fromkeys(said, False)
    return short, said


def reading_order(model: Model, names: Iterable[str]) -> list[str]:
    """The names from the back, but members of a family side by side in their own order."""
    ordered: list[str] = []
    run: list[str] = []
    for name in sorted(names, key=lambda name: -model.order[name]):
        beside = run and _family(model, run[-1]) == _family(model, name)
        follows = not set(run).isdisjoint(model.used_in[name])
        if not beside or follows:
            ordered += reversed(run)
            run = []
        run.append(name)
    return [*ordered, *reversed(run)]


def _family(model: Model, name: str) -> object:
    return model.quantities[name].family
