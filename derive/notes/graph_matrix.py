"""The backward pass of a network of equations in vectors and matrices, where it has some."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from derive.calculus.array_rules import ArrayRules
from derive.calculus.general import prove_matrices
from derive.calculus.graph_rules import Rule, spoken_ranges
from derive.formula import Array, Call, Formula, Name, Product, SumOver, walk
from derive.functions import SOFTMAX
from derive.notes.blocks import Block, Section, Table, Words
from derive.notes.page import Page

if TYPE_CHECKING:
    from derive.model.arrays import Arrays


def matrix_sections(page: Page) -> list[Section]:
    """The equations of whole layers, every entry proved; nothing where all are single numbers.

    Raises :class:`~derive.errors.ProofError` for an entry that is not the scalar derivative.
    """
    arrays = page.network.arrays
    if arrays is None or arrays.are_scalars:
        return []
    rules = ArrayRules(arrays, page.chain)
    forward, meanings = rules.forward(), rules.meanings()
    deltas, gradients = rules.deltas(), rules.gradients()
    found = [*forward, *meanings, *deltas, *gradients]
    prove_matrices(page.chain, [rule.equation for rule in found])
    nodes = [node for rule in found for side in rule.equation.sides for node in walk(side)]
    facts = {
        "total": page.total,
        "meanings": [rule.equation for rule in meanings],
        "softmax": any(isinstance(n, Call) and n.function == SOFTMAX for n in nodes),
        "summed": any(isinstance(n, SumOver) for n in nodes),
    }
    blocks: list[Block] = []
    for key, some in (("forward", forward), ("deltas", deltas), ("gradients", gradients)):
        blocks.append(Words(f"array_{key}", facts, runs_on=True))
        blocks += page.displays(f"array-{key}", [[rule.equation] for rule in some])
        ranges = spoken_ranges(some)
        if ranges:
            blocks.append(Words("graph_ranges", {"ranges": ranges}))
    blocks.append(Table("array_shapes", _shapes(arrays, gradients)))
    return [Section("arrays", facts, tuple(blocks))]


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
