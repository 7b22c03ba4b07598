"""The document of a family of networks with letters for all sizes."""

from __future__ import annotations

from collections.abc import Sequence

from derive.calculus.chain import Chain
from derive.calculus.features import through_time
from derive.calculus.graph_rules import Rule, Rules
from derive.errors import InputError
from derive.formula import (
    Equation,
    Formula,
    Member,
    Name,
    Partial,
    SumOver,
    equation,
    transform,
    walk,
)
from derive.formula.index import Index
from derive.networks.general_family import GeneralFamily
from derive.networks.sources import build
from derive.notes.blocks import Block, Notes, Section, Words
from derive.notes.equations import function_sections, law
from derive.notes.general_example import family_example
from derive.notes.page import Page

LAST = "T"
"""What the last step is called."""


def compose_family(general: GeneralFamily, seed: int = 0) -> Notes:
    """The document of all networks of a family that are like one, but for their sizes.

    At its end the smallest of them is worked out, with numbers that `seed` draws.
    Its equations are found, and proved where they are read back
    (:func:`derive.render.readback.prove_general`). Raises :class:`InputError` where the rules
    cannot be stated with letters.
    """
    model = build(general.template)
    page = Page(general.template, Chain(model))
    rules = Rules(page.chain)
    adjoints = _with_chains(rules.adjoints(), rules.adjoint_chains(), page.total)
    stated, backward, gradients = (
        [_open(page, general, rule) for rule in found]
        for found in (_law(page, rules, general), adjoints, rules.gradients())
    )
    if not stated:
        raise InputError(
            f"{general.name}: its quantities have no index that a letter could stand for; write the"
            " document without --general"
        )
    steps = through_time(model, adjoints) if general.last else None
    time = {"last": LAST, "apart": steps.apart} if steps else {}
    facts = {
        "family": general.family,
        "single": general.has_single,
        "total": page.total,
        "last": LAST if general.last else "",
        "shared": any(len(model.used_in[name]) > 1 for name in model.parameters),
        "networks": len(general.networks),
    }
    blocks: list[Block] = [
        *page.said("family_intro", facts, "law", *stated),
        Words("family_letters", facts),
        *function_sections(page),
    ]
    sections = [
        Section("graph", facts, tuple(blocks)),
        Section(
            "graph_all",
            facts,
            (
                *page.said("family_backward", facts, "adjoints", *backward),
                *([Words("graph_time", time)] if time else []),
                *page.said("family_gradients", facts, "gradients", *gradients, boxed=True),
            ),
        ),
    ]
    example = family_example(page, general, seed)
    proved = Words("family_proof", {**facts, "worked": bool(example)}, boxed=True)
    sections += [Section("proof", facts, (proved,)), *example]
    said = {"general": True, "family": general.family, "name": general.name}
    return Notes(general.template, model, said, tuple(sections))


def _law(page: Page, rules: Rules, general: GeneralFamily) -> list[Rule]:
    """The law, in which sums that are written out in the file of the family stand as Σ."""
    found: list[Rule] = []
    for rule in law(page.model):
        if not any(
            isinstance(node, Member) and any(_is_single(index, general) for index in node.indices)
            for side in rule.equation.sides
            for node in walk(side)
        ):
            found.append(rule)
            continue
        of = rule.of
        assert isinstance(of, Member)
        names = [n for n, q in page.model.quantities.items() if q.family == of.stem]
        found += rules.stated([name for name in names if name in page.model.definitions])
    return found


def _is_single(index: Index, general: GeneralFamily) -> bool:
    """Whether an index is a number that other sizes would not have."""
    letters, number = index
    return not letters and number not in (0, general.last)


def _with_chains(rules: Sequence[Rule], chains: Sequence[Rule], total: Name) -> list[Rule]:
    """Rules with the product that each comes from before its value, where there is one."""
    steps = {rule.equation.left: rule.equation.sides[1] for rule in chains if rule.ranges}
    itself = Partial(total, total)
    found = []
    for rule in rules:
        left, *values = rule.equation.sides
        step = steps.get(left)
        shown = [] if step is None or itself in walk(step) else [step]
        found.append(Rule(equation(left, *shown, *values), rule.ranges, rule.of))
    return found


def _open(page: Page, general: GeneralFamily, rule: Rule) -> Equation:
    """A rule with the numbers of the template taken out: Σ_k, h_T."""

    def named(node: Formula) -> Formula | None:
        if isinstance(node, SumOver):
            return SumOver(node.index, 0, transform(node.body, named))
        if isinstance(node, Name):
            quantity = page.model.quantities[node.name]
            if not quantity.indices:
                return None
            return _lettered(Member(quantity.family, tuple(((), n) for n in quantity.indices)))
        return _lettered(node) if isinstance(node, Member) else None

    def _lettered(node: Member) -> Member:
        indices = []
        for letters, number in node.indices:
            if not letters and _is_single((letters, number), general):
                raise InputError(
                    f"{general.name}: some of its rules are about a single quantity, and there is"
                    " no rule with letters for the sizes; write the document without --general"
                )
            is_last = not letters and number == general.last and number
            indices.append(((LAST,), 0) if is_last else (letters, number))
        return Member(node.stem, tuple(indices))

    return Equation(tuple(transform(side, named) for side in rule.equation.sides))
