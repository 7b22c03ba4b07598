r"""Which letters in the scripts of a document's names are index letters, and which are labels.

In ``z_j = \sum_i w_{ji} x_i`` the letters j and i run through numbers; in ``net_k = w_k o_j`` the j
stands on no left side and below no Σ, so that it is a label like the h of ``W_{hh}``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from derive.checking.stating.said import Definition
from derive.checking.stating.written import Node, Quantity, Written, changed, names, nodes

_INDEX = re.compile(r"([a-z])(?:[+-](?:[0-9]+|[a-z]))*")
_JOINED = re.compile(r"[a-z]{2,3}|[a-z]0|0[a-z]")


def letter_of(script: str) -> str:
    """The letter of a script that begins with one: t of t-1, i of i+k-1; else nothing."""
    found = _INDEX.fullmatch(script)
    return found[1] if found else ""


def bound(definition: Definition) -> set[str]:
    """The letters that stand below a Σ."""
    return {node.text for node in nodes(definition.right) if node.kind == "total"}


def letters_in(quantities: Iterable[Quantity]) -> set[str]:
    """The letters in the scripts of names."""
    found = {letter_of(script) for quantity in quantities for script in quantity.scripts}
    return found - {""}


@dataclass(frozen=True)
class Sorted:
    """The definitions with one script a part, and the letters that are indices in them.

    `dropped` are the names whose definitions cannot be written so.
    """

    definitions: tuple[Definition, ...]
    indices: frozenset[str]
    dropped: tuple[Quantity, ...] = ()
    rows: bool = False
    """Whether vectors stand before the matrices by which they are multiplied."""
    matrices: frozenset[str] = frozenset()
    """The names of what stands as a matrix in a product or a sum, as its definitions have it."""


def sorted_letters(definitions: Sequence[Definition]) -> Sorted:
    """The definitions in which each letter is an index or a label; the first counts most."""
    apart = _apart(definitions)
    bounds = [bound(d) for d in apart]
    loose = [
        letters_in(names(d.right)) - bounds[n] - letters_in([d.left]) for n, d in enumerate(apart)
    ]
    counted = {letter for found in bounds for letter in found}
    counted |= {
        letter_of(s) for d in apart for q in _all(d) for s in q.scripts if re.search("[+-]", s)
    }
    moved = counted - {""}
    labels: set[str] = set()
    for letter in set().union(*loose, set()) if loose else ():
        first_loose = next(n for n, found in enumerate(loose) if letter in found)
        first_bound = next((n for n, found in enumerate(bounds) if letter in found), len(apart))
        if letter not in moved or first_loose < first_bound:
            labels.add(letter)
    kept = [
        d
        for n, d in enumerate(apart)
        if not (bounds[n] & labels) and loose[n] <= labels and _counts(d)
    ]
    used = set().union(*(letters_in(_all(d)) for d in kept), set())
    indices = frozenset(
        letter
        for letter in used - labels
        if letter in moved or any(_on_both(d, letter) for d in kept)
    )
    return Sorted(tuple(kept), indices)


def _all(definition: Definition) -> list[Quantity]:
    return [definition.left, *names(definition.right)]


def _on_both(definition: Definition, letter: str) -> bool:
    return letter in letters_in([definition.left]) and letter in letters_in(names(definition.right))


def _counts(definition: Definition) -> bool:
    """Whether every Σ counts an index of what stands behind it."""
    return all(
        node.text in letters_in(names(node))
        for node in nodes(definition.right)
        if node.kind == "total"
    )


def _apart(definitions: Sequence[Definition]) -> list[Definition]:
    """The definitions with joined letters apart: jk is j and k where both count elsewhere."""
    alone = {s for d in definitions for s in d.left.scripts if re.fullmatch("[a-z]", s)}
    alone |= {letter for d in definitions for letter in bound(d)}
    # The l of μ_l counts what μ_k is defined for.
    defined = {d.left.stem for d in definitions if {*d.left.scripts} & alone}
    every = [q for d in definitions for q in _all(d) if q.stem in defined]
    alone |= {s for q in every for s in q.scripts if re.fullmatch("[a-z]", s)}

    def split(script: str) -> tuple[str, ...]:
        joined = _JOINED.fullmatch(script) and set(script) <= {*alone, "0"}
        return tuple(script) if joined else (script,)

    def rule(written: Written) -> Written | None:
        if isinstance(written, Node):
            return None
        lower = tuple(part for script in written.scripts for part in split(script))
        return replace(written, lower=lower, upper=())

    return [
        replace(d, left=_quantity(changed(d.left, rule)), right=changed(d.right, rule))
        for d in definitions
    ]


def _quantity(written: Written) -> Quantity:
    assert isinstance(written, Quantity)
    return written


def moved_letters(definitions: Sequence[Definition]) -> set[str]:
    """The letters of steps, layers and examples.

    A number is added to them, as in h_{t-1}, they stand only above, as in x^{(i)}, or at what can
    be no entry: the x_i of wᵀ x_i, of W x_i and of a bold w · x_i, the y_i of a norm.
    """
    every = [q for d in definitions for q in (d.left, *names(d.right))]
    moved = {letter_of(s) for q in every for s in q.scripts if len(s) > 1}
    above = {letter_of(s) for q in every for s in q.upper}
    below = {letter for q in every for s in q.lower for letter in {*s, letter_of(s)}}
    of_wholes = {s for d in definitions for q in _wholes(d.right) for s in q.scripts if len(s) == 1}
    return (moved | (above - below) | letters_in([Quantity("", tuple(of_wholes))])) - {""}


def _wholes(written: Written) -> Iterator[Quantity]:
    """The names that stand where only vectors and matrices can."""
    for node in nodes(written):
        if node.kind == "norm":
            yield from (q for q in names(node) if len(q.lower) == 1)
        if node.kind == "transposed":
            yield from (q for q in node.parts if isinstance(q, Quantity))
        if node.kind == "product":
            for one, other in pairwise(node.parts):
                if not isinstance(other, Quantity):
                    continue
                of_vectors = node.text == "dot" and other.bold and _is_vector(one)
                if of_vectors or _is_whole(one):
                    yield other


def _is_whole(written: Written) -> bool:
    """Whether a factor is transposed, or a matrix by its capital that has no index of its own."""
    if isinstance(written, Quantity):
        return written.stem[0].isupper() and not any(map(str.islower, written.scripts))
    return written.kind == "transposed"


def _is_vector(written: Written) -> bool:
    r"""Whether it is a vector by its face, like the \mathbf w of \mathbf w \cdot \mathbf x_i."""
    return isinstance(written, Quantity) and written.bold and not letters_in([written])


def has_products(definitions: Sequence[Definition], entries: Collection[str]) -> bool:
    """Whether a capital stands before a small letter, which may be a matrix before a vector.

    One with an index letter of `entries` is a number.
    """
    for definition in definitions:
        for node in nodes(definition.right):
            factors = [p for p in node.parts if isinstance(p, Quantity)]
            wholes = [p for p in factors if not letters_in([p]) & {*entries}]
            if node.kind == "product" and any(p.stem[0].isupper() for p in wholes):
                return True
    return False
