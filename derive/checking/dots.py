"""Filling in the dots of a sum: w31·out_c1 + w32·out_c2 + ⋯ + w3_30·out_c30."""

from __future__ import annotations

from collections.abc import Sequence

from derive.calculus.indices import Indices
from derive.checking.counting import counted
from derive.formula import Dots, Formula, Name, Number, transform, walk
from derive.grammar.protocols import DotsError
from derive.model import KINDS, Role

MOST_FILLED = 10_000

Place = tuple[int, int]


def filled(terms: Sequence[Formula], indices: Indices) -> list[Formula]:
    """The terms of a sum with every ellipsis written out. Raises :class:`DotsError`.

    The pattern is that of the two terms before the dots, or a count by one from the term before
    them to the term behind.
    """
    found: list[Formula] = []
    for place, term in enumerate(terms):
        if not isinstance(term, Dots):
            found.append(term)
            continue
        if not 0 < place < len(terms) - 1:
            raise DotsError("dots need a term before and a term behind them")
        last = terms[place + 1]
        earlier = found[-2] if len(found) > 1 else None
        found.extend(_between(earlier, found[-1], last, indices))
    return found


def _between(
    earlier: Formula | None, before: Formula, last: Formula, indices: Indices
) -> list[Formula]:
    if isinstance(before, Number) and before == last:
        return []
    if not indices.model.network.layers:
        counted_on = counted(earlier, before, last, indices.model)
        if counted_on is None:
            raise DotsError("the terms around the dots do not count in one way")
        return counted_on
    starts, ends = _names(before), _names(last)
    if len(starts) != len(ends) or not starts:
        raise DotsError("the terms before and behind the dots are not of one kind")
    steps = [_step(name, indices) for name in _pairs(earlier, starts)]
    count: int | None = None
    moves: list[Place] = []
    for start, end, step in zip(starts, ends, steps, strict=True):
        a, b = _place(start, indices), _place(end, indices)
        if a is None or b is None:
            if start != end:
                raise DotsError("the terms before and behind the dots are not of one kind")
            moves.append((0, 0))
            continue
        gap = (b[0] - a[0], b[1] - a[1])
        move = step if step is not None else (_sign(gap[0]), _sign(gap[1]))
        if gap == (0, 0):
            moves.append((0, 0))
            continue
        own = {g // m for g, m in zip(gap, move, strict=True) if m and not g % m}
        if len(own) != 1 or any(bool(g) != bool(m) for g, m in zip(gap, move, strict=True)):
            raise DotsError("the terms around the dots do not count in one way")
        here = own.pop()
        if here < 1 or here > MOST_FILLED or (count is not None and count != here):
            raise DotsError("the terms around the dots do not count in one way")
        count = here
        moves.append(move)
    if count is None:
        raise DotsError("the terms before and behind the dots are the same")
    if earlier is None and not _counts_alike(starts, ends, count, indices):
        raise DotsError("write a second term before the dots, to say how they count")
    if _moved(before, starts, moves, count, indices) != last or (
        earlier is not None
        and len(_names(earlier)) == len(starts)
        and _moved(before, starts, moves, -1, indices) != earlier
    ):
        raise DotsError("the terms around the dots do not have one pattern")
    return [_moved(before, starts, moves, k, indices) for k in range(1, count)]


def _counts_alike(starts: Sequence[str], ends: Sequence[str], count: int, indices: Indices) -> bool:
    """Whether weights count by their numbers as they do by their places: w_{31} to w_{33}."""
    weights = [q.name for q in indices.model.having(Role.WEIGHT)]
    places = {name: place for place, name in enumerate(weights)}
    moved = [(places[a], places[b]) for a, b in zip(starts, ends, strict=True) if a in places]
    return all(b - a in (0, count) for a, b in moved)


def _pairs(earlier: Formula | None, starts: list[str]) -> list[tuple[str | None, str]]:
    names = _names(earlier) if earlier is not None else []
    if len(names) != len(starts):
        return [(None, name) for name in starts]
    return list(zip(names, starts, strict=True))


def _step(pair: tuple[str | None, str], indices: Indices) -> Place | None:
    """How a name's place changes from one term to the next."""
    if pair[0] is None:
        return None
    a, b = _place(pair[0], indices), _place(pair[1], indices)
    return None if a is None or b is None else (b[0] - a[0], b[1] - a[1])


def _names(formula: Formula) -> list[str]:
    return [node.name for node in walk(formula) if isinstance(node, Name)]


def _place(name: str, indices: Indices) -> Place | None:
    quantity = indices.model.quantities[name]
    return (quantity.index, quantity.source or 0) if quantity.role in KINDS else None


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _moved(
    formula: Formula, starts: list[str], moves: list[Place], steps: int, indices: Indices
) -> Formula:
    todo = list(zip(starts, moves, strict=True))

    def rule(node: Formula) -> Formula | None:
        if not isinstance(node, Name):
            return None
        name, move = todo.pop(0)
        quantity = indices.model.quantities[name]
        if move == (0, 0):
            return Name(name)
        index = quantity.index + steps * move[0]
        source = None if quantity.source is None else quantity.source + steps * move[1]
        found = indices.places.get((KINDS[quantity.role], quantity.layer, index, source))
        if found is None:
            raise DotsError(f"counting on from {name}, the dots run out of the network")
        return Name(found)

    return transform(formula, rule)
