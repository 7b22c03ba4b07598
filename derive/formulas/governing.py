"""Which statements of a display stand or fall together.

What stands beside a claim may change what it says: "times 5", ", 5", "for k > 2". So where
something in a row is not read, no claim of that row is judged; and a formula without a relation
that stands behind a claim, in a row of its own or not, may be meant to go on with it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from derive.formulas.connectives import Range
from derive.formulas.display import Cut, Display
from derive.formulas.statements import Statement
from derive.formulas.tokens import Unreadable

Ranges = tuple[Range, ...]
READ_WORDS = "words like with, where, and, for k = 1, 2"


def together(
    display: Display,
    read: Sequence[Sequence[Statement]],
    letters: Callable[[Statement], Collection[str]],
) -> list[Statement]:
    """The statements of a display; those of a row in which something is not read are errors.

    `read` holds for each piece of the display what it states, once for each layer it is about;
    `letters` gives the index letters of a statement that stand for any number.
    """
    groups: list[list[int]] = []
    for place, piece in enumerate(display.pieces):
        own_row = any(cut.kind in ("row", "border") for cut in piece.before)
        if not groups or (own_row and not _is_open(read[place])):
            groups.append([])
        groups[-1].append(place)
    found: list[Statement] = []
    words = _unread_words(display)
    for group in groups:
        statements = [list(read[place]) for place in group]
        cuts = [cut for place in group for cut in display.pieces[place].before]
        if group[-1] == len(display.pieces) - 1:
            cuts += display.behind
        ranges = tuple(r for cut in cuts for r in cut.ranges)
        free = {letter for piece in statements for s in piece for letter in letters(s)}
        why = words or _unread(display, group, statements) or _without_letter(cuts, free)
        found += [_judged_as(s, why, ranges) for stated in statements for s in stated]
    return _said_once([s for s in found if _in_layers(s)])


def _judged_as(statement: Statement, why: Unreadable | None, ranges: Ranges) -> Statement:
    """A statement with the limits beside it; where something is not read, the error instead."""
    if why is None or not _claims(statement):
        return replace(statement, ranges=ranges)
    about = statement.about_network and statement.defines is None
    return replace(statement, sides=(), defines=None, error=why, about_network=about)


def _in_layers(statement: Statement) -> bool:
    """Whether a statement about layer l is about a layer that l may be."""
    limits = [r.numbers for r in statement.ranges if r.letter == "l" and r.numbers]
    return statement.layer is None or all(statement.layer in numbers for numbers in limits)


def _without_letter(cuts: Sequence[Cut], free: Collection[str]) -> Unreadable | None:
    """Why a limit is not read whose letter stands for any number nowhere beside it."""
    for cut in cuts:
        for limit in cut.ranges:
            if limit.letter not in free:
                message = (
                    f"{limit.letter} is limited here, but is no index of what stands beside it"
                )
                return Unreadable(message, cut.start, cut.end)
    return None


def _is_open(statements: Sequence[Statement]) -> bool:
    """Whether a piece has no relation, so that it may go on with what stands above."""
    return any(s.error is None and len(s.sides) == 1 for s in statements)


def _claims(statement: Statement) -> bool:
    """Whether a statement relates something, or could not be read though it may."""
    return statement.error is not None or len(statement.sides) > 1 or statement.about_network


def _unread_words(display: Display) -> Unreadable | None:
    """The first words of a display that have no meaning here."""
    cuts = [cut for piece in display.pieces for cut in piece.before] + list(display.behind)
    cut = next((cut for cut in cuts if cut.unread), None)
    return None if cut is None else _not_read(cut)


def _not_read(cut: Cut) -> Unreadable:
    return Unreadable(
        f"{cut.unread} is not read; beside a claim {READ_WORDS} may stand", cut.start, cut.end
    )


def _unread(
    display: Display, group: Sequence[int], statements: Sequence[Sequence[Statement]]
) -> Unreadable | None:
    """Why the claims of a group can't be judged: something beside them is not read."""
    if sum(any(_claims(s) for s in piece) for piece in statements) == 0:
        return None
    if len(group) == 1:
        return None
    for count, piece in enumerate(statements):
        for statement in piece:
            if statement.error is not None:
                return statement.error
            alone = len(statement.sides) == 1
            introduced = count == 0 and _introduces(display, group)
            if alone and not introduced:
                return Unreadable(
                    "this has no relation to what stands beside it: what is it equal to?",
                    statement.start,
                    statement.end,
                )
            if not alone and not statement.about_network and statement.defines is None:
                return Unreadable(
                    "this is not read, and may limit what stands beside it; write it in a"
                    " display of its own",
                    statement.start,
                    statement.end,
                )
    return None


def _introduces(display: Display, group: Sequence[int]) -> bool:
    """Whether the first formula of a group is followed by "with" or "where"."""
    following = display.pieces[group[1]].before if len(group) > 1 else ()
    return any(cut.kind == "words" for cut in following)


def _said_once(statements: Sequence[Statement]) -> list[Statement]:
    """The statements, each error once: that of a group stands for all in it."""
    seen: set[int] = set()
    kept = []
    for statement in statements:
        if statement.error is not None:
            if id(statement.error) in seen and statement.about_network:
                continue
            seen.add(id(statement.error))
        kept.append(statement)
    return kept


__all__ = ["together"]
