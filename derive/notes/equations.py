"""The sections that state a network of equations, and its backward pass by families."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from derive import functions
from derive.calculus.features import correlations, gates, through_softmax, through_time
from derive.calculus.graph_rules import Rule, spoken_ranges
from derive.formula import Formula, Letter, Member, Name, equation, number
from derive.formula.letters import reindexed, without_single_sums
from derive.model import Model, Role
from derive.model.facts import Facts
from derive.model.families import Family, array_of, member
from derive.notes.blocks import Block, Listing, Section, Table, Words
from derive.notes.cost import graph_cost
from derive.notes.drawing import draw
from derive.notes.functions import called, function_blocks
from derive.notes.graph_matrix import (
    LAW,
    array_law,
    first_entrywise,
    has_softmax,
    matrix_sections,
    stated_before,
)
from derive.notes.grids import array_graph
from derive.notes.page import LONGEST_LIST, Page
from derive.notes.quantities import equation_graph
from derive.notes.slow import slow_blocks
from derive.notes.ways import SMALLEST

MOST_SHOWN = 48


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
    whole = array_law(page, short)
    facts |= {
        "law": bool(short or whole),
        "arrays": bool(whole),
        "softmax": has_softmax(whole),
        "entrywise": first_entrywise(page, whole),
    }
    blocks: list[Block] = [Words("graph_intro", facts, runs_on=True)]
    if whole:
        blocks.append(page.display(LAW, *(rule.equation for rule in whole)))
        blocks.append(Words("array_kinds", {**facts, "letters": bool(short)}, runs_on=True))
    if short:
        blocks.append(page.display("law", *(rule.equation for rule in short)))
        blocks.append(Words("graph_ranges", {"ranges": spoken_ranges(short)}))
    else:
        stages = [
            [equation(Name(name), model.definitions[name]) for name in names]
            for names in _stages(network)
        ]
        blocks += page.displays("definitions", stages)
    blocks.append(Words("graph_names", facts))
    place = len(blocks)
    for which, (condition, ranges) in enumerate(network.satisfied):
        stated = page.display(f"condition-{which}", condition)
        blocks += [Words("graph_condition", {"n": which}, runs_on=True), stated]
        spoken = spoken_ranges([Rule(condition, ranges, condition.left)])
        blocks += [Words("graph_ranges", {"ranges": spoken})] if spoken else []
    wholes = zip(short, whole, strict=True) if len(short) == len(whole) else ()
    said = {array_of(of): rule.equation for old, rule in wholes if isinstance(of := old.of, Member)}
    graph = array_graph(page.chain, said) or equation_graph(page.chain)
    drawn = None if graph is None else draw("equations", graph.overview(), model)
    told: set[str] = set()
    if graph is not None and drawn is not None and drawn.scale >= SMALLEST:
        drawn = replace(drawn, caption=Words("caption_equations"))
        blocks += [Words("graph_picture", {"shown": graph.about}), drawn]
        below = (row for vertex in graph.vertices.values() for row in vertex.rows)
        told = {str(row.says) for row in below if row.kind == "remark"}
    blocks[place:place] = _meanings(model, told)
    blocks += function_sections(page)
    return Section("graph", facts, tuple(blocks))


def _meanings(model: Model, told: Collection[str]) -> list[Block]:
    """What the file says in words beside its equations, and which of the quantities are gates.

    Not what the picture has `told`, if that is all there is.
    """
    remarks = model.network.remarks
    rows: list[list[Formula | str]] = [
        [member(family.key, *family.letters), harmless(remarks[family.line])]
        for family in model.instances.families
        if family.definition is not None and family.line in remarks
    ]
    blocks: list[Block] = []
    if len(rows) > 1 and not {row[1] for row in rows} <= set(told):
        blocks.append(Table("remarks", rows))
    elif len(rows) == 1 and rows[0][1] not in told:
        blocks.append(Words("graph_remark", {"of": rows[0][0], "says": rows[0][1]}))
    found = gates(model)
    if found:
        facts = {
            "gates": list(dict.fromkeys(gate.of for gate in found)),
            "passes": [(1 - g.of if g.closing else g.of, g.passes, g.name) for g in found],
        }
        blocks.append(Words("graph_gates", facts))
    return blocks


def function_sections(page: Page) -> list[Block]:
    """The functions of the equations with their derivatives."""
    rows = _functions(page.model)
    blocks: list[Block] = []
    for place, row in enumerate(rows):
        found = function_blocks(page, row, {row.symbol for row in rows}, n=place, graph=True)
        page.prove(found)
        blocks += found
    return blocks


def law(model: Model) -> list[Rule]:
    """What each family of quantities is, with the letters that stand for several numbers.

    Nothing where no family has several members.
    """
    found: list[Rule] = []
    for family in model.instances.families:
        if family.definition is None:
            continue
        alone = {letter: ((), run[0]) for letter, run in family.runs.items() if len(run) == 1}
        of = reindexed(member(family.key, *family.letters), alone)
        ranges = {
            letter: (run[0], run[-1]) for letter, run in family.runs.items() if letter not in alone
        }
        stated = without_single_sums(reindexed(family.definition, alone))
        found.append(Rule(equation(of, stated), ranges, of))
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
    """The derivatives by all that lies between and by all weights.

    Vectors and matrices say it all where the network has some; what they are entry by entry, with
    letters for the indices, stands before them if everything is told in full.
    """
    adjoints, gradients = page.backward
    remarks = _on_the_way(page, adjoints)
    none: dict[str, Any] = {"known": {"labels": []}, "told": {"labels": []}}
    facts: Mapping[str, Any] = {**none, "back": "array-deltas", "slopes": "array-gradients"}
    sections = [] if page.full else matrix_sections(page, adjoints, gradients, remarks, alone=True)
    if not sections:
        by_letters = _backward(page, adjoints, gradients, remarks)
        facts = by_letters.facts
        sections = [by_letters, *matrix_sections(page, adjoints, gradients)]
    slow = slow_blocks(page, adjoints)
    cost = Section("cost", {"slow": bool(slow)}, (graph_cost(page), *slow))
    return [*sections, _algorithm(page, facts), cost]


def _algorithm(page: Page, stated: Mapping[str, Any]) -> Section:
    """Gradient descent with its loops, by the numbers of the displays: steps, examples, epochs."""
    model = page.model
    time = through_time(model, page.backward[0])
    # As the way back is written, so is the way forward.
    laws = ("law", LAW, "definitions") if "adjoints" in stated else (LAW, "law", "definitions")
    facts: dict[str, Any] = {
        "inputs": _families(model, Role.INPUT),
        "law": next(label for label in laws if label in page.labels),
        "steps": time.last if time is not None else 0,
        "back": [*stated["known"]["labels"], *page.parts_of(stated["back"])],
        "slopes": [*stated["told"]["labels"], *page.parts_of(stated["slopes"])],
        "eta": Letter("eta"),
        "total": page.total,
        "alike": len(model.parameters) > 1,
    }
    keys = ["descent_start", "descent_example", "descent_forward"]
    keys += ["descent_back"] if facts["back"] else []
    keys += ["descent_slopes", "descent_update", "algorithm_epoch", "algorithm_repeat"]
    items = tuple(Words(key, facts) for key in keys)
    return Section("algorithm", facts, (Words("descent_intro", facts), Listing(items)))


def _backward(
    page: Page, adjoints: list[Rule], gradients: list[Rule], remarks: list[Block]
) -> Section:
    """What a derivation has shown already is referred to, and not written again."""
    model = page.model
    known, between = stated_before(page, adjoints)
    told, slopes = stated_before(page, gradients)
    facts = {
        "total": page.total,
        "back": "adjoints",
        "slopes": "gradients",
        "count": len(slopes),
        "weights": len(model.parameters),
        "adjoints": len(between),
        "known": known,
        "told": told,
        "after_words": bool(remarks) or not between,
        "adjoints_cut": MOST_SHOWN if len(between) > MOST_SHOWN else 0,
        "cut": MOST_SHOWN if len(slopes) > MOST_SHOWN else 0,
        "shared": any(len(model.used_in[n]) > 1 for n in model.parameters),
        "ranges": spoken_ranges([*between[:MOST_SHOWN], *slopes[:MOST_SHOWN]]),
    }
    blocks: list[Block] = [Words("graph_backward", facts, runs_on=bool(between))]
    blocks += page.displays("adjoints", [[rule.equation] for rule in between[:MOST_SHOWN]])
    blocks += remarks
    blocks.append(Words("graph_gradients", facts, runs_on=bool(slopes)))
    lines = [[rule.equation] for rule in slopes[:MOST_SHOWN]]
    blocks += page.displays("gradients", lines, longest=LONGEST_LIST)
    if facts["ranges"]:
        blocks.append(Words("graph_ranges", facts))
    kernels = correlations(gradients)
    if kernels:
        blocks.append(Words("graph_kernels", {"kernels": [rule.of for rule in kernels]}))
    return Section("graph_all", facts, tuple(blocks))


def _on_the_way(page: Page, adjoints: list[Rule]) -> list[Block]:
    """What there is to say of the derivatives by what lies between: steps of time, softmax."""
    blocks: list[Block] = []
    time = through_time(page.model, adjoints)
    if time is not None:
        blocks.append(Words("graph_time", {"last": number(time.last), "apart": time.apart}))
    shares = through_softmax(adjoints)
    if shares:
        blocks.append(Words("graph_softmax", {"shares": shares}))
    return blocks


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
