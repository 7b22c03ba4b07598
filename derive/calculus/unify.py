"""From formulas that differ by their indices only to one formula with index letters.

∂E/∂h_1 = ∂E/∂net_2·u and ∂E/∂h_2 = ∂E/∂net_3·u are instances of ∂E/∂h_t = ∂E/∂net_{t+1}·u; the
terms of a sum, of Σ_t ∂E/∂net_t·x_t. What is found here is a proposal, to be proved like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations, groupby, product

from derive.formula import Array, Formula, Member, Name, Negative, Sum, SumOver, total, walk
from derive.model.families import Indices

MOST_ALONE = 2
"""Terms of a sum that may stand before those that are alike, and as many behind them."""

Instance = tuple[Mapping[str, int], Formula]
"""A formula, and the numbers of the index letters with which it is to come out."""
Place = Callable[[str], tuple[str, Indices]]
"""The family of a name, and its indices in it."""


def unified(cases: Sequence[Instance], place: Place, spare: Sequence[str] = ()) -> Formula | None:
    """The formula of which these are instances, or nothing; `spare` are letters for sums.

    `place` says to which family a name belongs, and with which indices.
    """
    first = cases[0][1]
    if isinstance(first, Sum) and spare:
        summed = _sum(cases, place, spare)
        if summed is not None:
            return summed
    if all(formula == first for _, formula in cases):
        return first
    if isinstance(first, Name):
        return _member(cases, place)
    if isinstance(first, Array):
        names = [(chosen, f.of) for chosen, f in cases if isinstance(f, Array)]
        of = _member(names, place) if len(names) == len(cases) else None
        return None if of is None else Array(of)
    parts = first.parts()
    for _, formula in cases:
        alike = type(formula) is type(first) and len(formula.parts()) == len(parts)
        if not alike or not parts or formula.rebuilt(parts) != first.rebuilt(parts):
            return None
    made = []
    for number in range(len(parts)):
        some = [(chosen, formula.parts()[number]) for chosen, formula in cases]
        part = unified(some, place, spare)
        if part is None:
            return None
        made.append(part)
    return first.rebuilt(tuple(made))


def _sum(cases: Sequence[Instance], place: Place, spare: Sequence[str]) -> Formula | None:
    """Σ over terms of sums that are all equally long, with at most two others on each side."""
    count = len(cases[0][1].parts())
    if any(not isinstance(f, Sum) or len(f.terms) != count for _, f in cases):
        return None

    def beside(begin: int, end: int) -> list[Formula | None]:
        """The terms on one side: a Σ of their own, or one by one."""
        parts = [(c, f.parts()[begin:end]) for c, f in cases]
        own = _summed(parts, place, spare) if begin + 2 <= end else None
        if own is not None:
            return [own]
        return [unified([(c, p[n]) for c, p in parts], place, spare) for n in range(end - begin)]

    most = min(MOST_ALONE, count - 2) + 1
    for behind, before in product(range(most), range(most)):
        end = count - behind
        some = [(c, f.parts()[before:end]) for c, f in cases]
        summed = _summed(some, place, spare) if before + 2 <= end else None
        if summed is not None:
            found = [*beside(0, before), summed, *beside(end, count)]
            if None not in found:
                return total(part for part in found if part is not None)
    return _sums(cases, place, spare)


def _sums(cases: Sequence[Instance], place: Place, spare: Sequence[str]) -> Formula | None:
    """Several Σ one after the other, each over terms of one kind; what is by itself stays so."""

    def kind(term: Formula) -> list[object]:
        nodes = ((node, type(node)) for node in walk(term))
        return [place(n.name)[0] if isinstance(n, Name) else of for n, of in nodes]

    found: list[Formula] = []
    end = 0
    for _, alike in groupby(cases[0][1].parts(), key=kind):
        begin, end = end, end + len([*alike])
        if end - begin > 1:
            some = [(c, f.parts()[begin:end]) for c, f in cases]
            part = _summed(some, place, spare)
        else:
            part = unified([(c, f.parts()[begin]) for c, f in cases], place, spare)
        if part is None:
            return None
        found.append(part)
    return total(found)


def _summed(
    cases: Sequence[tuple[Mapping[str, int], Sequence[Formula]]],
    place: Place,
    spare: Sequence[str],
) -> Formula | None:
    """Σ over all of these terms; a double one where their number is a product."""
    count = len(cases[0][1])
    shapes = [(count,), *((a, count // a) for a in range(2, count // 2 + 1) if count % a == 0)]
    for shape in shapes:
        letters = spare[: len(shape)]
        if len(letters) < len(shape):
            continue
        places = list(product(*(range(1, size + 1) for size in shape)))
        body = unified(
            [
                ({**chosen, **dict(zip(letters, numbers, strict=True))}, term)
                for chosen, terms in cases
                for numbers, term in zip(places, terms, strict=True)
            ],
            place,
            spare[len(shape) :],
        )
        if body is None or not all(any(_has(n, x) for n in walk(body)) for x in letters):
            continue
        minus = isinstance(body, Negative)
        body = body.term if isinstance(body, Negative) else body
        for letter, size in reversed(list(zip(letters, shape, strict=True))):
            body = SumOver(letter, size, body)
        return Negative(body) if minus else body
    return None


def _has(node: Formula, letter: str) -> bool:
    node = node.of if isinstance(node, Array) else node
    return isinstance(node, Member) and letter in node.letters


def _member(cases: Sequence[Instance], place: Place) -> Member | None:
    """The member of a family that all these names are."""
    names = [formula.name for _, formula in cases if isinstance(formula, Name)]
    split = [place(name) for name in names]
    stem, indices = split[0]
    if len(names) < len(cases) or any(
        s != stem or len(numbers) != len(indices) for s, numbers in split
    ):
        return None
    found = []
    for n in range(len(indices)):
        index = _index([(c, numbers[n]) for (c, _), (_, numbers) in zip(cases, split, strict=True)])
        if index is None:
            return None
        found.append(index)
    return Member(stem, tuple(found))


def _index(cases: Sequence[tuple[Mapping[str, int], int]]) -> tuple[tuple[str, ...], int] | None:
    """The letters whose sum, and the number which, are the index in every case."""
    letters = list(cases[0][0])
    trials: list[tuple[str, ...]] = [(), *((letter,) for letter in letters)]
    trials += combinations(letters, 2)
    fitting = []
    for trial in trials:
        offsets = {number - sum(chosen[letter] for letter in trial) for chosen, number in cases}
        if len(offsets) == 1:
            fitting.append((trial, offsets.pop()))
    # k rather than m + 1, where both fit.
    return min(fitting, key=lambda found: (len(found[0]), abs(found[1])), default=None)
