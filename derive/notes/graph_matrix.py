"""The backward pass of a network of equations in vectors and matrices, where it has some."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from derive.calculus.array_rules import ArrayRules
from derive.calculus.family_lifting import FamilyLifting
from derive.calculus.general import prove_matrices
from derive.calculus.graph_rules import Rule, spoken_ranges
from derive.formula import (
    ONE,
    Array,
    Call,
    Formula,
    Hadamard,
    Name,
    Partial,
    Product,
    Quotient,
    SumOver,
    is_matrix,
    product,
    transform,
    walk,
)
from derive.functions import SOFTMAX
from derive.notes.blocks import Block, Section, Table, Words
from derive.notes.page import Page

if TYPE_CHECKING:
    from derive.model.arrays import Arrays


LAW = "law-arrays"
"""The display with the law in vectors and matrices."""
MOST_LIFTED = 2_000
"""Quantities of a network up to which its own families are put together, entry by entry."""


def array_law(page: Page, law: Sequence[Rule]) -> list[Rule]:
    """The law of a network in vectors and matrices, proved; nothing where these bring nothing.

    `law` has it with index letters. Where the network does not say what its vectors are, its
    families are put together, if all of those with several members can be.
    """
    arrays = page.network.arrays
    if arrays is not None:
        found = [] if arrays.are_scalars else ArrayRules(arrays, page.chain).forward()
    elif len(page.model.quantities) <= MOST_LIFTED:
        found = FamilyLifting(page.model).lifted(law)
        whole = all(new is not old for new, old in zip(found, law, strict=True) if old.ranges)
        found = found if whole and any(map(_multiplies, found)) else []
    else:
        found = []
    return _proved(page, found)


def _multiplies(rule: Rule) -> bool:
    """Whether a matrix is multiplied in a rule."""
    return any(
        isinstance(node, Product) and sum(map(is_matrix, node.factors)) > 1
        for node in walk(rule.equation.right)
    )


def _proved(page: Page, rules: Sequence[Rule]) -> list[Rule]:
    """Rules of vectors and matrices, every entry proved, as they are printed.

    Raises :class:`~derive.errors.ProofError` for an entry that is not the scalar derivative.
    """
    prove_matrices(page.chain, [rule.equation for rule in rules if _is_of_arrays(rule)])
    if page.network.arrays is not None:
        return list(rules)
    lifting = FamilyLifting(page.model)
    return [_on_one_level(lifting.printed(rule)) for rule in rules]


def _on_one_level(rule: Rule) -> Rule:
    """A rule in which no fraction stands on another: 1/√2 · ∂E/∂S K for (∂E/∂S K)/√2."""

    def rewritten(node: Formula) -> Formula | None:
        if not isinstance(node, Quotient):
            return None
        if not any(isinstance(part, Partial) for part in walk(node.top)):
            return None
        return product([Quotient(ONE, node.bottom), node.top])

    sides = tuple(transform(side, rewritten) for side in rule.equation.sides)
    return replace(rule, equation=replace(rule.equation, sides=sides))


def _is_of_arrays(rule: Rule) -> bool:
    return any(map(is_matrix, rule.equation.sides))


def matrix_sections(
    page: Page,
    adjoints: Sequence[Rule] = (),
    gradients: Sequence[Rule] = (),
    remarks: Sequence[Block] = (),
    *,
    alone: bool = False,
) -> list[Section]:
    """The equations of whole layers, every entry proved; nothing where all are single numbers.

    `adjoints` and `gradients` are the rules with index letters, from which those are made that the
    network does not state in vectors and matrices itself; `remarks` stand behind the way back. If
    they are `alone`, the rules with letters do not stand before them. Raises
    :class:`~derive.errors.ProofError` for an entry that is not the scalar derivative.
    """
    arrays = page.network.arrays
    if arrays is None:
        if LAW not in page.labels:
            return []
        return _lifted_section(page, adjoints, gradients, remarks, alone=alone)
    if arrays.are_scalars:
        return []
    rules = ArrayRules(arrays, page.chain)
    meanings = rules.meanings()
    found = {
        "forward": [] if LAW in page.labels else rules.forward(),
        "deltas": rules.deltas(),
        "gradients": rules.gradients(),
    }
    _proved(page, [*meanings, *(rule for some in found.values() for rule in some)])
    facts = {
        "alone": alone,
        "total": page.total,
        "meanings": [rule.equation for rule in meanings],
        "law": LAW in page.labels,
        "softmax": has_softmax([*found["forward"], *found["deltas"]]),
        "summed": _has_sums(found["gradients"]),
        "entrywise": first_entrywise(page, [rule for some in found.values() for rule in some]),
    }
    blocks: list[Block] = []
    for key, some in found.items():
        blocks.append(Words(f"array_{key}", facts, runs_on=bool(some)))
        blocks += _displays(page, f"array-{key}", some)
        blocks += remarks if key == "deltas" else ()
    blocks.append(Table("array_shapes", _shapes(arrays, found["gradients"])))
    return [Section("arrays", facts, tuple(blocks))]


def _lifted_section(
    page: Page,
    adjoints: Sequence[Rule],
    gradients: Sequence[Rule],
    remarks: Sequence[Block],
    *,
    alone: bool,
) -> list[Section]:
    lifting = FamilyLifting(page.model)
    back, slopes = (_proved(page, lifting.lifted(some)) for some in (adjoints, gradients))
    known, back = stated_before(page, back)
    left = [rule for rule in back if rule.ranges and not _is_of_arrays(rule)]
    facts = {
        "alone": alone,
        "known": known,
        "total": page.total,
        "law": True,
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
        *_displays(page, "array-gradients", slopes),
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


def _displays(page: Page, label: str, rules: Sequence[Rule]) -> list[Block]:
    """The rules, and for which numbers of their letters they are."""
    blocks = [*page.displays(label, [[rule.equation] for rule in rules])] if rules else []
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


def _shapes(arrays: Arrays, gradients: Sequence[Rule]) -> list[list[Formula | str]]:
    """Each matrix of weights with the column and the row whose product is its gradient."""
    rows: list[list[Formula | str]] = []
    for rule in gradients:
        column_by_row = rule.equation.right
        if isinstance(column_by_row, SumOver):
            column_by_row = column_by_row.body
        if isinstance(column_by_row, Product):
            column, row = column_by_row.factors
            assert isinstance(rule.of, Array)
            assert isinstance(rule.of.of, Name)
            high, wide = arrays.shape(rule.of.of.name)
            rows.append([rule.of, f"{high} × {wide}", column, f"{high} × 1", row, f"1 × {wide}"])
    return rows
