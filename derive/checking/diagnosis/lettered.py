"""One edit of a formula with index letters that makes it right, in the author's own letters.

No value says which edit is needed, for the formula stands for many equations; so edits are tried
one by one, the likely ones first, and one counts only if the equation then holds for all letters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from math import prod
from typing import NamedTuple

from derive.calculus.indices import Indices
from derive.checking.diagnosis.edits import Holds, tried
from derive.checking.diagnosis.sites import occurrences, replaced
from derive.checking.speller import Speller
from derive.formula import (
    Call,
    Formula,
    Member,
    Name,
    Negative,
    Neuron,
    Partial,
    Product,
    Sum,
    SumOver,
    Where,
    product,
    total,
    transform,
    walk,
)
from derive.grammar.findings import Finding
from derive.grammar.unfinished import index_letters

MOST_TRIALS = 150
"""Edits that are tried."""
FEWEST_TRIALS = 8
MOST_LOOKED_AT = 200
"""Definitions in which activations are looked for."""
MOST_WORK = 200_000
"""Edits, times the equations that each stands for, times the nodes of one."""


Said = Callable[[Callable[[Formula], str]], str]
"""A message, from how formulas are written."""
Change = tuple[str, Said, Formula]


class Edit(NamedTuple):
    """The right side with one edit, the kind of mistake, and what was put for what."""

    code: str
    said: Said
    repaired: Formula


def lettered(
    left: Formula, right: Formula, indices: Indices, holds: Holds, speller: Speller
) -> list[Finding]:
    """What is wrong with a formula with index letters, if one edit mends it."""
    cases = prod(len(numbers) or 1 for numbers in indices.ranges(left, right).values())
    nodes = sum(1 for side in (left, right) for _ in walk(side))
    most = min(MOST_TRIALS, max(FEWEST_TRIALS, MOST_WORK // (cases * nodes)))
    for edit in _likely_first(islice(_edits(left, right, indices), most), right):
        if edit.repaired != left and tried(holds, left, edit.repaired):
            message, written = edit.said(speller.inline), speller.inline(edit.repaired)
            return [Finding(edit.code, message, suggestion=written, repaired=written)]
    return []


def _likely_first(edits: Iterable[Edit], right: Formula) -> Iterator[Edit]:
    """The edits after which each Σ still counts what it counted before the others."""
    runs = _runs(right)
    later: list[Edit] = []
    for edit in edits:
        if _runs(edit.repaired) == runs:
            yield edit
        else:
            later.append(edit)
    yield from later


def _runs(formula: Formula) -> list[tuple[str, int, int]]:
    sums = (node for node in walk(formula) if isinstance(node, SumOver))
    return [(node.index, node.lower, node.upper) for node in sums]


def _edits(left: Formula, right: Formula, indices: Indices) -> Iterator[Edit]:
    turned = right.term if isinstance(right, Negative) else Negative(right)
    yield Edit("sign", lambda _: "the whole right side has the wrong sign", turned)
    letters = sorted({*index_letters(left), *index_letters(right)})
    for change in (_terms, _other_index, _slopes, _conditions, _factors):
        for trail, old in occurrences(right):
            for code, said, new in change(old, letters):
                yield Edit(code, said, _counted(replaced(right, trail, new), indices))
    yield from _other_derivatives(right, indices, letters)
    yield from _missing_sum(left, right, indices)
    for factor in _quantities(indices, letters):
        said = _says("the factor {} is missing", factor)
        yield Edit("missing-factor", said, product([right, factor]))


def _counted(formula: Formula, indices: Indices) -> Formula:
    """The same with every Σ without limits over all that now exists behind it."""

    def rule(node: Formula) -> Formula | None:
        if not isinstance(node, SumOver) or not node.bare:
            return None
        body = _counted(node.body, indices)
        numbers = indices.ranges(body).get(node.index) or (node.lower, node.upper)
        return replace(node, body=body, lower=numbers[0], upper=numbers[-1])

    return transform(formula, rule)


def _terms(node: Formula, letters: list[str]) -> Iterator[Change]:
    """A summand with the other sign."""
    del letters
    terms = node.terms if isinstance(node, Sum) else ()
    for place, term in enumerate(terms):
        other = term.term if isinstance(term, Negative) else Negative(term)
        new = total([*terms[:place], other, *terms[place + 1 :]])
        yield "sign-summand", _says("the summand {} has the wrong sign", term), new


def _says(message: str, *formulas: Formula) -> Said:
    return lambda written: message.format(*map(written, formulas))


def _other_index(node: Formula, letters: list[str]) -> Iterator[Change]:
    """Another letter, the letter before or after, or two indices exchanged."""
    for new in (*_members(node, letters), *_neurons(node, letters)):
        if new != node:
            yield "wrong-index", _says("{} should be {}", node, new), new


def _members(node: Formula, letters: list[str]) -> Iterator[Formula]:
    if not isinstance(node, Member):
        return
    indices = node.indices
    if len(indices) == 2:
        yield Member(node.stem, indices[::-1])
    for place, (own, offset) in enumerate(indices):
        others = [(own, offset + step) for step in (-1, 1)] if own else []
        others += [((letter,), offset) for letter in letters]
        for other in others:
            yield Member(node.stem, (*indices[:place], other, *indices[place + 1 :]))


def _neurons(node: Formula, letters: list[str]) -> Iterator[Formula]:
    if not isinstance(node, Neuron):
        return
    if node.source is not None:
        yield replace(node, index=node.source, source=node.index)
    for letter in letters:
        yield replace(node, index=letter)
        if node.source is not None:
            yield replace(node, source=letter)


def _slopes(node: Formula, letters: list[str]) -> Iterator[Change]:
    """A function for its derivative, or the other way round."""
    del letters
    if isinstance(node, Call):
        new = replace(node, primes=1 - min(node.primes, 1))
        what = "the derivative" if new.primes else "the function itself"
        yield "wrong-activation", _says(f"{{}} should be {what}, {{}}", node, new), new


def _conditions(node: Formula, letters: list[str]) -> Iterator[Change]:
    """A condition of a Σ that should not be there, or the opposite of it."""
    del letters
    if isinstance(node, Where):
        tests = ", ".join(map(str, node.tests))
        yield "range", _says(f"the condition {tests} is wrong"), node.then
        if len(node.tests) == 1:
            opposite = node.tests[0].opposite
            new = replace(node, tests=(opposite,))
            yield "range", _says(f"the condition should be {opposite}, and not {tests}"), new


def _factors(node: Formula, letters: list[str]) -> Iterator[Change]:
    """A factor too many."""
    del letters
    factors = node.factors if isinstance(node, Product) else ()
    for place, factor in enumerate(factors):
        rest = product([*factors[:place], *factors[place + 1 :]])
        yield "extra-factor", _says("the factor {} is one too many", factor), rest


def _missing_sum(left: Formula, right: Formula, indices: Indices) -> Iterator[Edit]:
    """A letter that stands on the right side only is to be summed over."""
    free = indices.ranges(right)
    for letter in free.keys() - indices.ranges(left).keys():
        numbers = free[letter]
        if numbers:
            whole = SumOver(letter, numbers[-1], right, numbers[0], bare=True)
            yield Edit("missing-term", _says(f"Σ over {letter} is missing"), whole)


def _other_derivatives(right: Formula, indices: Indices, letters: list[str]) -> Iterator[Edit]:
    """The error's derivative by another quantity, δ_j for δ_k."""
    error = Name(indices.model.total)
    for trail, old in occurrences(right):
        if not isinstance(old, Partial) or old.of != error or not isinstance(old.by, Member):
            continue
        for _, member in _single(indices, letters):
            if member != old.by:
                new = Partial(error, member)
                said = _says("{} should be {}", old, new)
                yield Edit("wrong-index", said, _counted(replaced(right, trail, new), indices))


def _single(indices: Indices, letters: list[str]) -> Iterator[tuple[str, Formula]]:
    """The members of families with one index, each with its family."""
    for stem, members in indices.families.items():
        if all(len(index) == 1 for index in members):
            for letter in letters:
                kind, _, layer = stem.partition(":")
                yield (
                    stem,
                    Neuron(kind, int(layer), letter) if layer else Member(stem, (((letter,), 0),)),
                )


def _quantities(indices: Indices, letters: list[str]) -> Iterator[Formula]:
    """The members of families with one index, and the derivatives of activations at them."""
    applied: dict[str, dict[str, None]] = {}
    for definition in islice(indices.model.definitions.values(), MOST_LOOKED_AT):
        for node in walk(definition):
            if isinstance(node, Call) and isinstance(node.argument, Name):
                stem = indices.model.quantities[node.argument.name].family
                applied.setdefault(stem, {})[node.function] = None
    for stem, member in _single(indices, letters):
        yield from (Call(function, member, 1) for function in applied.get(stem, ()))
        yield member
