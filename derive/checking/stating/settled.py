"""What becomes of definitions once all of a document are known: squares, index letters, aliases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from derive.checking.stating.said import Definition
from derive.checking.stating.spelling import SQUARED
from derive.checking.stating.written import (
    Node,
    Quantity,
    Written,
    changed,
    names,
    nodes,
    number,
    unsigned,
)


def without_letters(definitions: Sequence[Definition]) -> list[Definition]:
    """The definitions without those of index letters: a k = j in a text is about indices."""
    every = [q for d in definitions for q in (d.left, *names(d.right))]
    letters = {script for q in every for script in q.scripts if len(script) == 1}
    return [
        d
        for d in definitions
        if not isinstance(d.right, Quantity)
        or any(q.scripts for q in (d.left, d.right))
        or not {d.left.stem, d.right.stem} <= letters
    ]


def with_squares(definitions: Sequence[Definition]) -> list[Definition]:
    """The definitions with a name for a square that one of them defines, like σ²."""
    squares = {d.left.stem for d in definitions if d.left.stem.endswith(SQUARED)}
    if not squares:
        return list(definitions)

    def rule(written: Written) -> Written | None:
        name = written.parts[0] if isinstance(written, Node) and written.parts else written
        if not isinstance(name, Quantity) or name.stem + SQUARED not in squares:
            return None
        square = replace(name, stem=name.stem + SQUARED)
        if name is written:
            return Node("power", (square, Node("quotient", (number("1"), number("2")))))
        return square if written == Node("power", (name, number("2"))) else None

    return [replace(d, right=changed(d.right, rule)) for d in definitions]


def directed(definitions: Sequence[Definition]) -> Iterator[Definition]:
    """The definitions in which what is only another name is defined by the one that is known.

    Names that are the same already, or that both have a definition, are left as they are; so are
    those that one definition compares, and of one name its indices in another order.
    """
    compared = list(_compared(definitions))
    stated = {d.left for d in definitions if not isinstance(d.right, Quantity)}
    same: dict[Quantity, Quantity] = {}

    def known_as(name: Quantity) -> Quantity:
        while name in same:
            name = same[name]
        return name

    for definition in definitions:
        left, right = definition.left, definition.right
        if not isinstance(right, Quantity):
            yield definition
            continue
        if is_symmetry(definition) or any({left, right} <= both for both in compared):
            continue
        if left in stated:
            left, right = right, left
        if left not in stated and known_as(left) != known_as(right):
            stated.add(left)
            same[known_as(left)] = known_as(right)
            yield replace(definition, left=left, right=right)


def renaming(definitions: Sequence[Definition]) -> Iterator[Definition]:
    """Those of the definitions that say of a name that has one that it is another: a = z.

    They define it anew, as a = σ(z) would; a linear unit is said to be so.
    """
    compared = list(_compared(definitions))
    stated: set[Quantity] = set()
    for definition in definitions:
        left, right = definition.left, definition.right
        if not isinstance(right, Quantity):
            stated.add(left)
        elif {left, right} <= stated and not (
            is_symmetry(definition) or any({left, right} <= both for both in compared)
        ):
            yield definition


def special_cases(definitions: Sequence[Definition]) -> list[Definition]:
    """Those of the definitions that speak of a case, as a = y does where E is made of a − y."""
    compared = list(_compared(definitions))
    return [
        d
        for d in definitions
        if isinstance(d.right, Quantity) and any({d.left, d.right} <= both for both in compared)
    ]


def _compared(definitions: Sequence[Definition]) -> Iterator[set[Quantity]]:
    """Names that a definition compares: a and y of a − y, of −y ln a and of ℓ(a, y)."""
    for node in (node for d in definitions for node in nodes(d.right)):
        several = node.kind == "call" and len(node.parts) > 1
        logarithm = node.kind == "product" and any(n.text == "ln" for n in nodes(node))
        if several or logarithm:
            yield set(names(node))
        elif node.kind == "sum":
            yield {part for each in node.parts if isinstance(part := unsigned(each), Quantity)}


def is_symmetry(definition: Definition) -> bool:
    """Whether it says of one name only that its indices may be exchanged: w_{ij} = w_{ji}."""
    left, right = definition.left, definition.right
    return (
        isinstance(right, Quantity)
        and left.stem == right.stem
        and left != right
        and sorted("".join(left.scripts)) == sorted("".join(right.scripts))
    )
