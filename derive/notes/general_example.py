"""A small network carried through the general rules with numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Any

from derive.calculus.chain import ADJOINTS, Chain
from derive.calculus.narration.backward import backward
from derive.formula import Call, Equation, equation, signs_out, walk
from derive.functions import Function
from derive.model import Role
from derive.networks.general import General
from derive.networks.general_family import GeneralFamily
from derive.networks.own import activation_of, loss_of
from derive.networks.sources import build
from derive.notes.blocks import Block, Display, Section, Words
from derive.notes.derived import without_meaning
from derive.notes.example import Example
from derive.notes.exercises import general_exercises
from derive.notes.functions import function_blocks
from derive.notes.page import Page

MOST_DEFINED = 20
"""Quantities up to which each is carried forward and back."""


def layers_example(page: Page, general: General, seed: int) -> list[Section]:
    """The smallest network of its kind, forward and back, and one step of gradient descent.

    Nothing where a slope would have to be written with the letter that means the function of any
    layer.
    """
    network = general.smallest
    facts: dict[str, Any] = {
        "last": page.rules.names.table.first + len(network.layers) - 1,
        "loss": (loss_of(network).words or "").split("$") if general.loss else [],
        "rules": ["rule-output", "rule-hidden"],
        "gradient": "rule-gradient",
        "bias": "" if network.bias == "none" else "rule-bias",
    }
    row = activation_of(network, 1) if general.activation and not general.given else None
    first = Words("general_example", facts)
    own = Page(network, Chain(build(network)), seed=seed)
    worked = _worked(page, own, first, row, general.given)
    return [*worked, *general_exercises(general)] if worked else []


def family_example(page: Page, general: GeneralFamily, seed: int) -> list[Section]:
    """The smallest network of a family, forward and back, and one step of gradient descent."""
    own = Page(general.smallest, Chain(build(general.smallest)), seed=seed)
    facts = {
        "rules": ["adjoints"],
        "gradient": "gradients",
        "bias": "",
        "steps": general.smallest_steps if general.last else 0,
        "single": general.has_single,
    }
    return _worked(page, own, Words("family_example", facts))


def _worked(
    page: Page,
    own: Page,
    first: Words,
    row: Function | None = None,
    given: Collection[str] = (),
) -> list[Section]:
    """What is worked out on `own`, its displays numbered on from those of `page`.

    Nothing where that would be too much to be read.
    """
    if len(own.model.definitions) > MOST_DEFINED:
        return []
    own.count = page.count
    example = Example(own)
    model, chain, facts = own.model, own.chain, first.facts
    blocks: list[Block] = [first]
    if row is not None:
        blocks += function_blocks(own, row)
    forward = [_without_letters(section.blocks, given) for section in example.forward()]
    if not forward:
        return []
    made = backward(chain, [q.name for q in model.having(*ADJOINTS) if q.name in chain.deltas])
    firsts = [*model.firsts(Role.WEIGHT), *model.firsts(Role.BIAS)]
    slopes = [equation(own.by_total(w), signs_out(chain.gradients[w])) for w in firsts]
    blocks += [
        *forward[0],
        Words("general_example_back", facts, runs_on=True),
        *own.displays("example-deltas", [[e] for e in own.worked(map(without_meaning, made))]),
        Words("general_example_slopes", facts, runs_on=True),
        *own.displays("example-gradients", [[e] for e in own.worked(slopes)]),
        Words("general_example_step", facts),
        *example.taken(),
    ]
    if given and any(map(_has_letter, _equations(blocks))):
        return []
    page.count = own.count
    return [Section("general_example", facts, tuple(blocks))]


def _without_letters(blocks: Iterable[Block], given: Collection[str]) -> list[Block]:
    """Blocks without the outputs where one letter stands for functions that differ by layer."""
    return [
        replace(block, equations=tuple(e for e in block.equations if not _has_letter(e)))
        if given and isinstance(block, Display)
        else block
        for block in blocks
    ]


def _equations(blocks: Iterable[Block]) -> Iterator[Equation]:
    for block in blocks:
        if isinstance(block, Display):
            yield from block.equations


def _has_letter(e: Equation) -> bool:
    """Whether the function stands in an equation that the letter is written for."""
    nodes = (node for side in e.sides for node in walk(side))
    return any(isinstance(node, Call) and node.function == "sig" for node in nodes)
