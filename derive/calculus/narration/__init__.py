"""Deriving: from a model and the name of a parameter to its derivation, the same for every model.

A parameter that reaches the error on one way gets the reason why its gradient is a product
(:mod:`~derive.calculus.narration.peeling`) and the factors one by one
(:mod:`~derive.calculus.narration.straight`); one further back the sum over its paths
(:mod:`~derive.calculus.narration.branching`). Both end with the same gradient from the back
(:mod:`~derive.calculus.narration.backward`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from derive.calculus.chain import Chain, by
from derive.calculus.derivation import Derivation, Step
from derive.calculus.narration.backward import backward_steps, shown_adjoints
from derive.calculus.narration.branching import (
    brief_steps,
    collected_total,
    first_summand,
    one_path,
    other_summands,
)
from derive.calculus.narration.peeling import peeling_steps
from derive.calculus.narration.straight import straight_steps, sum_rule
from derive.calculus.narration.way import MOST_PATHS, Way
from derive.calculus.proof import prove, prove_equations
from derive.formula import ZERO, Equation, Formula, Name, equation
from derive.model import Model

BRANCHED = (("total", False), ("one_path", False))
"""What is told at the end of a derivation over several paths."""
EXPLAINED = ("recursion", False)
"""What explains how a hidden neuron comes by its δ, once for all."""


def derive(model: Model, parameter: str) -> Derivation:
    """Derive ∂E_total/∂`parameter`, step by step, and prove the result and every step.

    Raises :class:`~derive.errors.InputError` for an unknown name, and
    :class:`~derive.errors.ProofError` if the result were not the derivative of E_total.
    """
    chain = Chain(model)
    derivation = written_out(chain, parameter)
    prove(chain, first=[parameter])
    prove_derivation(derivation)
    return derivation


def prove_derivation(derivation: Derivation) -> None:
    """Check every equation of the steps, and that the result is E_total's derivative."""
    result = equation(by(derivation.model.total, derivation.parameter.name), derivation.formula)
    equations = [e for step in derivation.steps for e in step.equations if len(e.sides) > 1]
    prove_equations(derivation.model, [result, *equations], dict(derivation.letters))


def written_out(
    chain: Chain,
    parameter: str,
    known: Collection[str] = (),
    told: Collection[object] = (),
    *,
    full: bool = True,
) -> Derivation:
    """The derivation without its proof; the adjoints in `known` are not shown again.

    One all of whose steps are `told`, as those of another, is written in brief, and unless it is to
    be told in `full` so is one over several paths after another such, and one that is nothing but a
    sum of adjoints; why a gradient is a product is told of the first one only.
    """
    way = Way(chain, parameter, full=full)
    parts, letters = _parts(way, known, told)
    parts = _once(parts)
    steps = [step for title, steps in parts for step in steps if title != "why"]
    again = not full and any(what in told for what in BRANCHED)
    if way.count and (
        (again and not way.is_straight)
        or (told and way.is_of_adjoints and not full)
        or all(subject(step) in told for step in steps)
    ):
        parts, letters = (
            [("brief", brief_steps(way, known, explained=full or EXPLAINED in told))],
            {},
        )
    elif any(subject(step) in told for title, own in parts for step in own if title == "formula"):
        parts, letters = _parts(way, known, told, why=False)
        parts = _once(parts)
    return Derivation(
        way.model,
        way.quantity,
        tuple((title, tuple(steps)) for title, steps in parts if steps),
        way.result(),
        way.count,
        letters,
    )


def subject(step: Step) -> object:
    """What a step is about: a second one about the same tells a reader nothing new."""
    return step.reason, bool(step.facts.get("several"))


def _parts(
    way: Way, known: Collection[str], told: Collection[object], *, why: bool = True
) -> tuple[list[tuple[str, list[Step]]], Mapping[str, Formula]]:
    """The steps in groups, and the letters that they define; with `why` the reason of a product."""
    parts: list[tuple[str, list[Step]]] = []
    letters: Mapping[str, Formula] = {}
    if not way.count:
        facts = {"weight": Name(way.w), "total": Name(way.total)}
        zero = equation(by(way.total, way.w), ZERO)
        parts.append(("formula", [Step("zero", "no_path", (zero,), facts)]))
    elif way.is_straight:
        reasons: list[Step] = []
        if why:
            reasons, letters = peeling_steps(way)
        overview = "overview" if reasons and not way.full else ""
        parts += [("why", reasons), ("formula", straight_steps(way, overview))]
    elif not way.tops:
        parts.append(("paths", sum_rule(way)))
    else:
        parts.append(("paths", sum_rule(way) + first_summand(way)))
        if way.count <= MOST_PATHS:
            parts.append(("others", other_summands(way) + collected_total(way)))
        else:
            parts.append(("many", one_path(way)))
    if way.count and way.back:
        seen = shown_adjoints(way.chain, (step for _, steps in parts for step in steps))
        known = known if way.full else {*known, *seen}
        parts.append(("delta", backward_steps(way, known, explained=EXPLAINED in told)))
    return parts, letters


def _once(parts: Sequence[tuple[str, list[Step]]]) -> list[tuple[str, list[Step]]]:
    """The parts without steps that only repeat one before; references to those lead to it."""
    keys: dict[tuple[Equation, ...], str] = {}
    same: dict[str, str] = {}
    found: list[tuple[str, list[Step]]] = []
    for title, steps in parts:
        kept: list[Step] = []
        for step in steps:
            if step.equations and step.equations in keys:
                same[step.key] = keys[step.equations]
                continue
            keys.setdefault(step.equations, step.key)
            facts = {key: _renamed(value, same) for key, value in step.facts.items()}
            kept.append(replace(step, facts=facts))
        found.append((title, kept))
    return found


def _renamed(value: object, same: Mapping[str, str]) -> object:
    if isinstance(value, str):
        return same.get(value, value)
    if isinstance(value, list):
        return [same.get(x, x) if isinstance(x, str) else x for x in value]
    return value
