"""The sections that state a network of equations, and its backward pass by families."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from derive import functions
from derive.calculus.graph_rules import Rule, spoken_ranges
from derive.calculus.large_rules import backward_rules
from derive.formula import Name, equation
from derive.model import Model, Role
from derive.model.facts import Facts
from derive.model.families import Family, member
from derive.notes.blocks import Block, Section, Words
from derive.notes.drawing import draw
from derive.notes.functions import called, function_blocks
from derive.notes.graph_matrix import matrix_sections
from derive.notes.grids import array_graph
from derive.notes.page import Page
from derive.notes.quantities import equation_graph

MOST_SHOWN = 48
LONGEST_GRADIENTS = 26
"""Lines of a display of gradients: they are short, and stand in two columns."""


def equations_section(page: Page) -> Section:
    """All definitions, what is given, the picture, and the functions with their derivatives."""
    model, network = page.model, page.network
    facts: dict[str, Any] = {
        "about": harmless(network.description).rstrip("."),
        "inputs": _families(model, Role.INPUT),
        "weights": _families(model, Role.WEIGHT),
        "weight_count": len(model.parameters),
        "total": page.total,
        "count": len(model.definitions),
        "cut": MOST_SHOWN if len(model.definitions) > MOST_SHOWN else 0,
    }
    short = law(model)
    facts["law"] = bool(short)
    blocks: list[Block] = [Words("graph_intro", facts, runs_on=True)]
    if short:
        blocks += [
            page.display("law", *(rule.equation for rule in short)),
            Words("graph_ranges", {"ranges": spoken_ranges(short)}),
            Words("graph_written_out", facts, runs_on=True),
        ]
    stages = [
        [equation(Name(name), model.definitions[name]) for name in names]
        for names in _stages(network)
    ]
    blocks += page.displays("definitions", stages)
    blocks.append(Words("graph_names", facts))
    for place, condition in enumerate(network.satisfied):
        stated = page.display(f"condition-{place}", condition)
        blocks += [Words("graph_condition", {"n": place}, runs_on=True), stated]
    graph = array_graph(page.chain) or equation_graph(page.chain)
    if graph is not None:
        drawn = replace(
            draw("equations", graph.overview(), model), caption=Words("caption_equations")
        )
        blocks += [Words("graph_picture", {"shown": graph.about}), drawn]
    blocks += function_sections(page)
    return Section("graph", facts, tuple(blocks))


def function_sections(page: Page) -> list[Block]:
    """The functions of the equations with their derivatives."""
    rows = _functions(page.model)
    blocks: list[Block] = []
    for place, row in enumerate(rows):
        about = {"of": [], "n": place, "out": None, "graph": True}
        found = function_blocks(row, page.display, about, {row.symbol for row in rows})
        page.prove(found)
        blocks += found
    return blocks


def law(model: Model) -> list[Rule]:
    """What each family of quantities is, with its letters; nothing where none has several members.

    Of its letters a rule has those that stand for several numbers.
    """
    found: list[Rule] = []
    for family in model.instances.families:
        if family.definition is None:
            continue
        ranges = {letter: (run[0], run[-1]) for letter, run in family.runs.items()}
        open_ = {letter for letter, (low, high) in ranges.items() if low < high}
        if open_ != set(ranges):
            return []
        of = member(family.key, *family.letters)
        found.append(Rule(equation(of, family.definition), ranges, of))
    return found if any(rule.ranges for rule in found) and len(found) <= MOST_SHOWN else []


def _stages(network: Facts) -> list[list[str]]:
    """The first defined quantities, as they are stated together, and the last one."""
    stages, shown = network.stages, 0
    count = sum(map(len, stages))
    found: list[list[str]] = []
    for stage in stages:
        left = MOST_SHOWN - shown if count <= MOST_SHOWN else MOST_SHOWN - 1 - shown
        found += [list(stage[:left])] if left > 0 else []
        shown += len(stage[: max(left, 0)])
    return found if count <= MOST_SHOWN else [*found, [stages[-1][-1]]]


def _functions(model: Model) -> list[functions.Function]:
    """The functions of the equations that need to be explained."""
    used = called(model.stated)
    return [row for row in used if row.name in functions.ACTIVATIONS or not row.latex]


def backward_sections(page: Page) -> list[Section]:
    """The derivatives by all that lies between and by all weights, and the same in matrix form."""
    return [_backward(page), *matrix_sections(page)]


def _backward(page: Page) -> Section:
    model = page.model
    adjoints, gradients = backward_rules(page.chain)
    facts = {
        "total": page.total,
        "count": len(gradients),
        "weights": len(model.parameters),
        "adjoints": len(adjoints),
        "adjoints_cut": MOST_SHOWN if len(adjoints) > MOST_SHOWN else 0,
        "cut": MOST_SHOWN if len(gradients) > MOST_SHOWN else 0,
        "shared": any(len(model.used_in[n]) > 1 for n in model.parameters),
        "ranges": spoken_ranges([*adjoints[:MOST_SHOWN], *gradients[:MOST_SHOWN]]),
    }
    blocks: list[Block] = [Words("graph_backward", facts, runs_on=bool(adjoints))]
    if adjoints:
        blocks += page.displays("adjoints", [[rule.equation] for rule in adjoints[:MOST_SHOWN]])
    blocks.append(Words("graph_gradients", facts, runs_on=True))
    lines = [[rule.equation] for rule in gradients[:MOST_SHOWN]]
    blocks += page.displays("gradients", lines, longest=LONGEST_GRADIENTS)
    if facts["ranges"]:
        blocks.append(Words("graph_ranges", facts))
    return Section("graph_all", facts, tuple(blocks))


def harmless(text: str) -> str:
    """A user's words without what has a meaning in a format."""
    return " ".join(re.sub(r"[\\{}$&#%_^~<>|`*\[\]]", " ", text).split())


def _families(model: Model, role: Role) -> list[list[Name]]:
    """The quantities of a role by families; of w_1, w_2, w_3, … the first and the last."""
    families: dict[str, list[Family]] = {}
    for family, _ in model.instances.steps:
        if family.role is role:
            families.setdefault(family.key, []).append(family)
    found: list[list[Name]] = []
    for own in families.values():
        names = model.instances.of(dict.fromkeys(own))
        ends = [Name(names[0]), Name(names[-1])]
        found += [[Name(n)] for n in names] if len(names) <= 2 else [ends]
    return found
