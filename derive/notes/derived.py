"""The derivation of one parameter as sections: a sentence and a display for each of its steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby, pairwise, zip_longest
from typing import Any

from derive.calculus.derivation import Derivation, Step
from derive.calculus.narration.backward import BACKWARD, shown_adjoints
from derive.calculus.narration.way import MOST_PATHS
from derive.formula import Delta, Equation, Name, Partial, equation, product
from derive.model import Role
from derive.notes.blocks import Block, Display, Section, Words
from derive.notes.figures import after
from derive.notes.numbers import number
from derive.notes.page import Page
from derive.notes.ways import ways_of

_WORKED = frozenset(
    {"factor_error", "factor_activation", "factor_net", "factor_values", "product", "only_factor"}
    | {"plugged", "plugged_again", "brief_plugged", "total", "total_single", "one_path"}
    | {"deltas", "deltas_behind", "delta_gradient"}
)
"""The reasons of steps whose equations are shown with the numbers of the example."""
_FACTORS = frozenset({"factor_error", "factor_activation", "factor_net", "factor_values"})
"""The reasons of steps that show what factors are worth."""
_MADE = frozenset({"recursion"})
"""The reasons of steps that give a δ with its numbers, unless they only say how it comes about."""
_STATED = frozenset({"inner_chain"})
"""The reasons of steps in which a factor is found where the weight stands beside it."""
MOST_DRAWN = 16
"""Paths up to which a second picture of ways is drawn, so that each of them can be followed."""
NUDGE = 0.01
"""By how much a net input is raised to show what its δ means."""
_REFERENCES = ("unfolded", "chain", "minus", "overview", "other", "parts")
"""Facts that are the keys of other steps of the same derivation."""


def derivation_sections(page: Page, derivation: Derivation) -> list[Section]:
    """A section with a subsection for each part; with a single part no subsection."""
    facts = _facts(page, derivation)
    intro: list[Block] = [Words("derivation_intro", facts), *_ways(page, derivation)]
    sections = [Section("derivation", facts, tuple(intro))]
    for title, steps in derivation.parts:
        blocks: list[Block] = []
        last = steps[0]
        for step, following in zip_longest(steps, steps[1:]):
            blocks += _step(page, derivation, step, facts)
            # What a δ means is told when there is nothing more to say of how it was made.
            made = last if step.reason == "collapse" else step
            last = step
            if made.reason == "deltas" and (following is None or following.reason != "collapse"):
                meant = [*_meaning(page, made)]
                facts = {**facts, "meant": bool(meant)}
                blocks += meant
        if len(derivation.parts) == 1:
            sections = [Section("derivation", facts, (*intro, *blocks))]
            break
        sections.append(Section(f"part_{title}", facts, tuple(blocks), level=2))
    page.tints = {}
    return sections


def _ways(page: Page, derivation: Derivation) -> Iterator[Block]:
    """The picture of the ways to the error, unless one like it has been shown.

    A second one is drawn only of ways so few that each of them can be followed.
    From here on the factors of each way have its colour.
    """
    found = ways_of(page.chain, derivation.parameter.name) if derivation.paths > 1 else None
    most = MOST_DRAWN if page.model.has_neurons else MOST_PATHS
    crowded = derivation.paths > most and page.forks
    if found is None or crowded or found.fork in page.forks:
        return
    page.forks.add(found.fork)
    page.tints = found.tints
    facts = {
        "w": Name(derivation.parameter.name),
        "n": page.used["ways"],
        "branches": found.branches,
        "more": found.more,
        "paths": derivation.paths,
        "parted": found.parted,
        "sloped": found.sloped,
        "total": page.total,
    }
    page.used["ways"] += 1
    yield Words("ways", facts, runs_on=True)
    yield replace(found.picture, caption=Words("caption_ways", facts))


def _facts(page: Page, derivation: Derivation) -> dict[str, Any]:
    """What the sentences of a derivation may speak of."""
    model, quantity = page.model, derivation.parameter
    last = max((q.layer for q in model.having(Role.NET)), default=0)
    layers = [d.parameter.layer for d in page.derivations]
    before = layers[: page.used["derivation"]]
    page.used["derivation"] += 1
    nets = any(model.quantities[x].role is Role.NET for x in model.used_in[quantity.name])
    sources = None
    if quantity.source is not None:
        sources = page.neuron(quantity.layer - 1, quantity.source)
    return {
        "w": Name(quantity.name),
        "users": [Name(user) for user in model.used_in[quantity.name]],
        "neuron": nets and quantity.layer > 0,
        "bias": quantity.role is Role.BIAS,
        "source": sources,
        "target": page.neuron(quantity.layer, quantity.index or 1),
        "shared": quantity.role is Role.BIAS and quantity.index == 0,
        "layer": page.layer_name(quantity.layer),
        "place": "last" if quantity.layer == last else "hidden",
        "deeper": last - quantity.layer,
        "further": bool(before) and quantity.layer < before[-1],
        "first_here": quantity.layer not in before,
        "outputs": len(list(model.having(Role.ERROR))),
        "n": len(before),
    }


def _step(
    page: Page, derivation: Derivation, step: Step, shared: Mapping[str, Any]
) -> Iterator[Block]:
    equations = _not_shown(page, step)
    if step.equations and not equations and step.reason in _FACTORS:
        return
    facts = {
        **shared,
        **step.facts,
        **_references(derivation.parameter.name, step),
        "n": page.used[step.reason],
        "recursed": page.used["recursion"] > 0,
        "again": len(equations) < len(step.equations),
        "told": page.used["known factors"],
        "left": len(equations),
    }
    if facts.get("meant") and "after_words" in facts:
        facts["after_words"] = True
    page.used[step.reason] += 1
    page.used["known factors"] += step.reason == "factor_values" and facts["again"]
    if "known" in facts:
        facts["known"] = list(dict.fromkeys(page.known[name] for name in step.facts["known"]))
    if step.reason == "deltas" and facts["n"] and not page.full:
        equations = tuple(map(without_meaning, equations))
    shown = page.worked(equations) if _is_worked(step) else equations
    parted = _by_paths(page, step, shown)
    facts["first_paths"] = parted[0][0] if parted else 0
    yield Words(step.reason, facts, runs_on=bool(equations))
    if not equations:
        return
    label = f"{derivation.parameter.name}-{step.key}"
    blocks = _of_paths(page, label, parted) if parted else _displays(page, step, label, shown)
    for block in blocks:
        yield block
        if isinstance(block, Display):
            own = replace(step, equations=block.equations)
            page.known |= dict.fromkeys(shown_adjoints(page.chain, [own]), block.label)


def _is_worked(step: Step) -> bool:
    """Whether the equations of a step are shown with the numbers of the example."""
    made = step.reason in _MADE and isinstance(step.equations[0].left, Delta)
    stated = step.reason in _STATED and bool(step.facts.get("direct"))
    return made or stated or step.reason in _WORKED


def _displays(page: Page, step: Step, label: str, shown: Sequence[Equation]) -> Iterator[Block]:
    """The equations of a step; of a way back through time each step of time by itself."""
    times = list(map(page.time_of, shown)) if step.reason in BACKWARD else []
    for place, time in enumerate(times):
        # What has no time of its own, an output or the error, goes with what comes before it.
        times[place] = times[place - 1] if place and time is None else time
    known = [time for time in times if time is not None]
    if any(after > before for before, after in pairwise(known)):
        times = []
    pieces = groupby(shown, key=dict(zip(shown, times, strict=False)).get)
    for place, (time, piece) in enumerate(pieces):
        if place:
            yield Words("graph_earlier", {"time": time, "n": place - 1}, runs_on=True)
        where = f"{label}-t{time}" if place else label
        if step.reason in BACKWARD:
            # Each list is a display of its own.
            yield from page.displays(where, page.by_families(piece), longest=1)
        else:
            yield from page.displays(where, [[e] for e in piece])


Parted = list[tuple[int, list[Equation]]]
"""Pieces of a list of factors, each with how many paths it is of."""


def _by_paths(page: Page, step: Step, shown: Sequence[Equation]) -> Parted:
    """The values of factors in lists that end where a path does; nothing where one list will do.

    Nor is there any where the factors of one path fill more than a list.
    """
    first = step.facts.get("first_on", {})
    groups = [list(group) for _, group in groupby(shown, key=lambda e: first.get(e.left))]
    pieces = page.pieces(groups) if first else []
    alone = (len(page.pieces([e] for e in group)) for group in groups)
    if len(pieces) < 2 or max(alone) > 1:
        return []
    ends = [first[piece[-1].left] for piece in pieces[:-1]] + [step.facts["along"]]
    counts = (end - before for before, end in pairwise([0, *ends]))
    return list(zip(counts, pieces, strict=True))


def _of_paths(page: Page, label: str, parted: Parted) -> Iterator[Block]:
    """These lists, and between them words that say of how many paths the next one is."""
    before = 0
    for place, (paths, piece) in enumerate(parted):
        before += paths
        if place:
            facts = {"paths": paths, "upto": before, "last": place == len(parted) - 1}
            yield Words("factors_of_paths", facts, runs_on=True)
        yield page.display(f"{label}-{place}" if place else label, *piece)


def _not_shown(page: Page, step: Step) -> tuple[Equation, ...]:
    """The equations of a step, of values of factors those that have not been shown before."""
    if step.reason == "same_form":
        # Its last side is what the sentence refers to.
        return ()
    if step.reason in _STATED and step.facts.get("direct"):
        page.factors.update(e.left for e in step.equations)
    if step.reason not in _FACTORS:
        return step.equations
    known = page.factors if step.reason == "factor_values" else ()
    found = tuple(e for e in step.equations if e.left not in known)
    page.factors.update(e.left for e in found)
    return found


def without_meaning(e: Equation) -> Equation:
    """The equation of a δ without ∂E/∂net, once a reader has seen what a δ is."""
    stated = isinstance(e.left, Delta) and len(e.sides) > 2 and isinstance(e.sides[1], Partial)
    return equation(e.left, *e.sides[2:]) if stated else e


def _references(prefix: str, step: Step) -> dict[str, Any]:
    """The facts that lead to other steps, as the labels of their displays."""
    found: dict[str, Any] = {}
    for name in _REFERENCES:
        value = step.facts.get(name)
        if value and isinstance(value, str):
            found[name] = f"{prefix}-{value}"
        elif isinstance(value, list) and value and isinstance(value[0], str):
            found[name] = [f"{prefix}-{key}" for key in value]
    return found


def _meaning(page: Page, step: Step) -> Iterator[Block]:
    """What the first δ of a document means, with the numbers of the example where there are any.

    Of a network of equations the derivative of the error by what is no net input, and only with
    numbers.
    """
    first = step.equations[0].left
    name = page.chain.adjoint_of(first)
    plain = not isinstance(first, Delta)
    if page.used["delta_meaning"] or (plain and page.figures is None):
        return
    page.used["delta_meaning"] += 1
    facts: dict[str, Any] = {
        "delta": first,
        "net": Name(name),
        "plain": plain,
        "total": page.total,
        "found": None,
    }
    if page.figures is not None:
        facts |= {
            "nudge": number(NUDGE),
            "product": product([number(NUDGE), first]),
            "expected": number(NUDGE * page.figures.adjoints[name]),
            "found": number(after(page.model, page.figures.values, name, NUDGE)),
        }
    yield Words("delta_meaning", facts)
