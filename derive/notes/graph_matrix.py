"""The backward pass of a network of equations in vectors and matrices, where it has some."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from derive.calculus.family_lifting import FamilyLifting
from derive.calculus.general import prove_matrices
from derive.calculus.graph_rules import TIME, Rule, spoken_ranges
from derive.calculus.indices import Indices
from derive.calculus.templates import LayerTemplates, NoTemplateError
from derive.formula import (
    ONE,
    Call,
    Formula,
    Hadamard,
    Product,
    Quotient,
    SumOver,
    has_slopes,
    is_matrix,
    product,
    transform,
    walk,
)
from derive.functions import SOFTMAX
from derive.model.families import opened
from derive.notes.blocks import Block, Section, Table, Words
from derive.notes.page import LONGEST_DISPLAY, LONGEST_LIST, Page

LAW = "law-arrays"
"""The display with the law in vectors and matrices."""
MOST_LIFTED = 2_000
"""Quantities of a network up to which its own families are put together, entry by entry."""


def array_law(page: Page, law: Sequence[Rule]) -> list[Rule]:
    """The law of a network in vectors and matrices, proved; nothing where these bring nothing.

    `law` has it with index letters. All families with several members have to be such arrays; what
    has no index but that of time stays a number of each step.
    """
    if page.network.arrays is None and len(page.model.quantities) > MOST_LIFTED:
        return []
    found = FamilyLifting(page.model).lifted(law)
    whole = all(
        new is not old for new, old in zip(found, law, strict=True) if {*old.ranges} - {TIME}
    )
    return _printed(page, found) if whole and any(map(_multiplies, found)) else []


def _multiplies(rule: Rule) -> bool:
    """Whether a matrix is multiplied in a rule."""
    return any(
        isinstance(node, Product) and sum(map(is_matrix, node.factors)) > 1
        for node in walk(rule.equation.right)
    )


def _printed(page: Page, rules: Sequence[Rule]) -> list[Rule]:
    """Rules of vectors and matrices, every entry proved, as they are printed.

    Raises :class:`~derive.errors.ProofError` for an entry that is not the scalar derivative.
    """
    prove_matrices(page.chain, [rule.equation for rule in rules if _is_of_arrays(rule)])
    lifting = FamilyLifting(page.model)
    return [_on_one_level(lifting.printed(rule)) for rule in rules]


def _on_one_level(rule: Rule) -> Rule:
    """A rule in which no fraction stands on another: 1/√2 · ∂E/∂S K for (∂E/∂S K)/√2."""

    def rewritten(node: Formula) -> Formula | None:
        if not isinstance(node, Quotient):
            return None
        if not has_slopes(node.top):
            return None
        return product([Quotient(ONE, node.bottom), node.top])

    sides = tuple(transform(side, rewritten) for side in rule.equation.sides)
    return replace(rule, equation=replace(rule.equation, sides=sides))


def _is_of_arrays(rule: Rule) -> bool:
    return any(map(is_matrix, rule.equation.sides))


def matrix_sections(
    page: Page,
    adjoints: Sequence[Rule],
    gradients: Sequence[Rule],
    remarks: Sequence[Block] = (),
    *,
    alone: bool = False,
) -> list[Section]:
    """The equations of whole layers, every entry proved; nothing where the law has no arrays.

    `adjoints` and `gradients` are the rules with index letters, from which those are made, and
    `remarks` stand behind the way back. If they are `alone`, no rules with letters stand before
    them. Raises :class:`~derive.errors.ProofError` for an entry that is not the scalar derivative.
    """
    if LAW not in page.labels:
        return []
    lifting = FamilyLifting(page.model)
    slopes = lifting.lifted(gradients)
    shapes = _shapes(page, slopes)
    back, slopes = _printed(page, lifting.lifted(adjoints)), _printed(page, slopes)
    known, back = stated_before(page, back)
    told, slopes = stated_before(page, slopes)
    left = [rule for rule in back if rule.ranges and not _is_of_arrays(rule)]
    facts = {
        "alone": alone,
        "known": known,
        "told": told,
        "total": page.total,
        "left": [rule.of for rule in left],
        "summed": _has_sums(slopes),
        "entrywise": first_entrywise(page, [*back, *slopes]),
    }
    blocks: list[Block] = [
        Words("array_forward", facts),
        Words("array_back", facts, runs_on=bool(back)),
        *_displays(page, "array-deltas", back),
        *remarks,
        Words("array_slopes", facts, runs_on=True),
        *_displays(page, "array-gradients", slopes, LONGEST_LIST),
        *([Table("array_shapes", shapes)] if shapes else []),
    ]
    return [Section("arrays", facts, tuple(blocks))]


def stated_before(page: Page, rules: Sequence[Rule]) -> tuple[dict[str, Any], list[Rule]]:
    """Of rules those that stand in displays already, and the others.

    Of the former of what they are, and the labels of the displays.
    """
    labels = [page.stated(rule.equation) for rule in rules]
    known = {
        "of": [rule.of for rule, label in zip(rules, labels, strict=True) if label],
        "labels": list(dict.fromkeys(filter(None, labels))),
    }
    return known, [rule for rule, label in zip(rules, labels, strict=True) if not label]


def _displays(
    page: Page, label: str, rules: Sequence[Rule], longest: int = LONGEST_DISPLAY
) -> list[Block]:
    """The rules, in displays of so many lines, and for which numbers of their letters they are."""
    blocks = [*page.displays(label, [[rule.equation] for rule in rules], longest)] if rules else []
    ranges = spoken_ranges(rules)
    return [*blocks, Words("graph_ranges", {"ranges": ranges})] if ranges else blocks


def has_softmax(rules: Sequence[Rule]) -> bool:
    """Whether a softmax of a vector or matrix stands in rules."""
    return any(isinstance(n, Call) and n.function == SOFTMAX for n in _nodes(rules))


def first_entrywise(page: Page, rules: Sequence[Rule]) -> bool:
    """Whether in these rules ⊙ stands for the first time."""
    found = not page.used["entrywise"] and any(isinstance(n, Hadamard) for n in _nodes(rules))
    page.used["entrywise"] += found
    return found


def _has_sums(rules: Sequence[Rule]) -> bool:
    return any(isinstance(node, SumOver) for node in _nodes(rules))


def _nodes(rules: Sequence[Rule]) -> Iterator[Formula]:
    for rule in rules:
        for side in rule.equation.sides:
            yield from walk(side)


def _shapes(page: Page, gradients: Sequence[Rule]) -> list[list[Formula | str]]:
    """Each matrix of weights whose gradient is a column times a row, with the two."""
    rows: list[list[Formula | str]] = []
    made, lifting = LayerTemplates(Indices(page.model)), FamilyLifting(page.model)
    for rule in gradients:
        _, product = opened(rule.equation.right)
        factors = (
            [f for f in product.parts() if is_matrix(f)] if isinstance(product, Product) else []
        )
        with suppress(NoTemplateError):
            shapes = [made.shape(part) for part in (rule.of, *factors)]
            if len(shapes) == 3 and shapes[1][1] == 1:
                parts = [lifting.in_capitals(part) for part in (rule.of, *factors)]
                cells = (f"{high} × {wide}" for high, wide in shapes)
                rows.append([x for pair in zip(parts, cells, strict=True) for x in pair])
    return rows
