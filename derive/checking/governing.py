"""Which statements of a display stand or fall together.

What stands beside a claim may change what it says: "times 5", ", 5", "for k > 2". So where
something in a row is not read, no claim of that row is judged; and a formula without a relation
that stands behind a claim, in a row of its own or not, may be meant to go on with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from derive.checking.display import Cut, Display, Piece
from derive.checking.statements import Statement
from derive.formula.index import Test
from derive.grammar.connectives import Range
from derive.grammar.limits import of_units
from derive.grammar.tokens import Unreadable

_RELATION = re.compile(r"[=≈≡←]|\\(?:approx|equiv|coloneqq|leftarrow|gets)(?![A-Za-z])")
Ranges = tuple[Range, ...]
READ_WORDS = 'only words like "with", "where", "and" or "for k = 1, 2"'


@dataclass(frozen=True)
class Numbering:
    """How a network numbers what limits speak of.

    `ends` are the numbers of letters that end lists, T and L, `layer` is the letter of any layer;
    outputs have the numbers from `first_output` on, and `last_layer` is theirs; both are 0 where
    they are not known.
    """

    ends: Mapping[str, int]
    layer: str
    first_output: int
    last_layer: int = 0

    def limits(self, ranges: Ranges, free: Mapping[str, Collection[int]]) -> tuple[Ranges, str]:
        """The ranges of a statement with these free letters, and what to say if it fails.

        There is something to say where it is not known how far a range goes. Conditions that hold
        for all numbers that the letters may be are left out.
        """

        def holds(test: Test) -> bool:
            (letter, *_), _ = test.left
            numbers = free.get(letter, ())
            return bool(numbers) and all(test.at({letter: n}).holds for n in numbers)

        found: list[Range] = []
        hedge = ""
        for limit in ranges:
            known = self._of_units(limit, free) if limit.units else limit.up_to(self.ends)
            if known is None:
                hedge = hedge or _open_end(limit)
                known = Range("", tests=limit.tests)
            tests = tuple(t for t in known.tests if not holds(t) and not _renames(t, free))
            found.append(replace(known, tests=tests))
        return tuple(found), hedge

    def _of_units(self, limit: Range, free: Mapping[str, Collection[int]]) -> Range | None:
        if self.last_layer and self.layer in free:
            return Range(self.layer, tests=(of_units(self.layer, limit.units, self.last_layer),))
        letter = limit.letter or (next(iter(free)) if len(free) == 1 else "")
        if not letter or not self.first_output:
            return None
        return Range(letter, tests=(of_units(letter, limit.units, self.first_output),))


def _open_end(limit: Range) -> str:
    """What to say of a claim that fails somewhere, where it is not known how far it goes."""
    if limit.units:
        return (
            f"it does not hold for every unit, and which are the {limit.units} units is not known"
        )
    assert limit.last is not None
    (name,), _ = limit.last
    return (
        f"it does not hold for every {limit.letter}, and where the list of these ends is not known;"
        f" write it before: {name} = 3"
    )


def together(
    display: Display,
    read: Sequence[Sequence[Statement]],
    letters: Callable[[Statement], Mapping[str, Collection[int]]],
    known: Numbering,
) -> list[Statement]:
    """The statements of a display; those of a row in which something is not read are errors.

    `read` holds for each piece of the display what it states, once for each layer it is about;
    `letters` gives the index letters of a statement, and the numbers that each stands for.
    """
    groups: list[list[int]] = []
    for place, piece in enumerate(display.pieces):
        own_row = any(cut.kind in ("row", "border") for cut in piece.before)
        above = groups[-1][0] if groups and len(groups[-1]) == 1 else None
        waits = above is not None and _is_open(display.pieces[above], read[above])
        if not groups or (own_row and not waits and not _is_open(piece, read[place])):
            groups.append([])
        groups[-1].append(place)
    found: list[Statement] = []
    words, remarks = _unread_words(display), _remarks(display)
    relates = any(_relates(s) and s.about_network for stated in read for s in stated)
    limits = [one for one in _limits(display) if any(_is_read(read[place]) for place in one[1])]
    for group in groups:
        statements = [list(read[place]) for place in group]
        own = [(cut, places) for cut, places in limits if places & set(group)]
        why = display.fault or next((words[p] for p in group if p in words), None)
        why = why or _unread(display, group, statements, relates)
        limited: dict[int, dict[str, frozenset[int]]] = {}
        for cut, places in own:
            stated = [s for place in sorted(places) for s in read[place]]
            seen = limited.setdefault(min(places), {})
            why = why or _without_letter(
                cut, _shared(letters(s) for s in stated), seen, known.layer
            )
            why = why or _defined_index(cut, read)
        counted = _shared(letters(s) for stated in statements for s in stated)
        for stated in statements:
            for one in stated:
                if one.defines in counted and one.defines is not None:
                    message = f"{one.defines} is an index beside this; a limit stands behind"
                    why = why or Unreadable(message, one.start, one.end)
        for place in group:
            ranges = tuple(r for cut, places in own if place in places for r in cut.ranges)
            for statement in read[place]:
                reason = why or (display.unpaired if statement.error is None else None)
                narrow, hedge = known.limits(ranges, letters(statement)) if ranges else ((), "")
                made = _judged_as(statement, reason, narrow, relates)
                found.append(replace(made, hedge=made.hedge or remarks.get(place, "") or hedge))
    return _said_once([s for s in found if _in_layers(s, known.layer)])


def _limits(display: Display) -> list[tuple[Cut, set[int]]]:
    """The limits of a display, each with the places of the pieces that it limits.

    A limit behind pieces of a row limits those since the limit before it; one at the head of a row
    limits all of them.
    """
    found: list[tuple[Cut, set[int]]] = []
    since: set[int] = set()
    leading: list[set[int]] = []
    cuts = [piece.before for piece in display.pieces] + [display.behind]
    for place, before in enumerate(cuts):
        limited: set[int] | None = None
        for cut in before:
            if cut.kind in ("row", "border"):
                since, leading, limited = set(), [], None
            elif cut.ranges and since:
                limited = since
                found.append((cut, limited))
                since = set()
            elif cut.ranges and limited is not None:
                found.append((cut, limited))
            elif cut.ranges:
                leading.append(set())
                found.append((cut, leading[-1]))
        since = since | {place}
        for places in leading:
            places.add(place)
    return [(cut, places - {len(display.pieces)}) for cut, places in found]


def _defined_index(cut: Cut, read: Sequence[Sequence[Statement]]) -> Unreadable | None:
    """Why a letter is no index after all: the display gives it a meaning."""
    defined = {s.defines for stated in read for s in stated}
    letter = next((r.letter for r in cut.ranges if r.letter in defined), None)
    if letter is None:
        return None
    return Unreadable(f"{letter} is an index and a name here", cut.start, cut.end)


def _is_read(stated: Sequence[Statement]) -> bool:
    return any(statement.error is None for statement in stated)


def _shared(counted: Iterable[Mapping[str, Collection[int]]]) -> dict[str, set[int]]:
    """The numbers that each letter may be wherever it stands; l is one layer after the other."""
    free: dict[str, set[int]] = {}
    for letters in counted:
        for letter, numbers in letters.items():
            if letter not in free:
                free[letter] = set(numbers)
            elif letter == "l":
                free[letter] |= set(numbers)
            else:
                free[letter] &= set(numbers)
    return free


def _judged_as(
    statement: Statement, why: Unreadable | None, ranges: Ranges, relates: bool
) -> Statement:
    """A statement with the limits beside it; where something is not read, the error instead.

    Where nothing in the display relates anything, a formula keeps the error as a doubt, in case
    that it turns out to be a claim.
    """
    foreign = not statement.about_network and statement.defines is None and relates
    if why is None and foreign and statement.error is None and len(statement.sides) > 1:
        why = Unreadable(_FOREIGN, statement.start, statement.end)
        return statement.unread(why, about_network=True)
    if why is None:
        # Beside a claim, what cannot be read is said, whatever it is about.
        about = statement.about_network or (relates and statement.error is not None)
        return replace(statement, ranges=ranges, about_network=about)
    if not relates:
        return replace(statement, doubt=why)
    return statement.unread(why, about_network=statement.defines is None)


def _in_layers(statement: Statement, letter: str) -> bool:
    """Whether a statement about any layer is about one that its letter may be."""
    if statement.layer is None:
        return True
    own = [limit for limit in statement.ranges if limit.letter == letter]
    return all(statement.layer in limit.numbers for limit in own if limit.numbers) and all(
        test.at({letter: statement.layer}).holds is not False
        for limit in own
        for test in limit.tests
    )


def _renames(test: Test, free: Collection[str]) -> bool:
    """Whether i = j only says that i is written for j, which stands nowhere beside it."""
    alike = test.sign == "=" and test.left[1] == test.right[1]
    return alike and len(test.letters) == 2 and len(test.letters & {*free}) == 1


def _ends_at(test: Test, free: Mapping[str, set[int]]) -> set[int]:
    """The number with which a condition lets a letter begin or end, where it cannot be that one.

    t ≤ 3 and t < 4 end with 3; a claim about t + 1 does not hold there if 3 is the last.
    """
    (letter, *others), offset = test.left
    beside = {"≤": 0, "≥": 0, "<": -1, ">": 1}.get(test.sign)
    if others or letter not in free or test.right[0] or beside is None:
        return set()
    return {test.right[1] + beside - offset} - free[letter]


def _without_letter(
    cut: Cut, free: Mapping[str, set[int]], seen: dict[str, frozenset[int]], layer: str
) -> Unreadable | None:
    """Why a limit is not read: its letter stands for no number beside it, or not for this one.

    From which number layers count, and so with which those that have a δ begin, authors differ in.
    """
    for limit in cut.ranges:
        if limit.units and not limit.letter:
            continue
        tests = [test for test in limit.tests if not _renames(test, free)]
        strange = {letter for test in tests for letter in test.letters} - free.keys()
        if strange:
            message = f"{min(strange)} is no index of what stands beside this"
            return Unreadable(message, cut.start, cut.end)
        if limit.tests:
            ends = {n for test in tests for n in _ends_at(test, free)}
            if ends and limit.letter != layer:
                message = f"{limit.letter} cannot be {min(ends)} in what stands beside this"
                return Unreadable(message, cut.start, cut.end)
            continue
        if seen.setdefault(limit.letter, limit.numbers) != limit.numbers:
            message = f"{limit.letter} is limited twice; leave one limit"
            return Unreadable(message, cut.start, cut.end)
        beyond = limit.numbers - free.get(limit.letter, limit.numbers)
        if limit.letter not in free:
            message = f"{limit.letter} is no index of what stands beside this"
        elif beyond:
            message = f"{limit.letter} cannot be {min(beyond)} in what stands beside this"
        else:
            continue
        return Unreadable(message, cut.start, cut.end)
    return None


def _is_open(piece: Piece, statements: Sequence[Statement]) -> bool:
    """Whether a piece has no relation, so that it may go on with what stands above."""
    if all(s.error is not None for s in statements):
        return _RELATION.search(piece.text) is None
    return any(s.error is None and len(s.sides) == 1 for s in statements)


def _relates(statement: Statement) -> bool:
    """Whether a statement relates something, or could not be read though it may."""
    return statement.error is not None or len(statement.sides) > 1


def _remarks(display: Display) -> dict[int, str]:
    """What to say of a claim that fails beside which a remark stands, by the place of its piece."""
    said = "it does not hold without what {} may say of it".format
    found = {n: said(piece.remark) for n, piece in enumerate(display.pieces) if piece.remark}
    row: list[int] = []
    for place, before in enumerate([*(piece.before for piece in display.pieces), display.behind]):
        for cut in before:
            if cut.remark:
                found |= dict.fromkeys(row, said(cut.remark))
            row = [] if cut.kind in ("row", "border") else row
        row = [*row, place]
    return found


def _unread_words(display: Display) -> dict[int, Unreadable]:
    """The first words without a meaning beside each piece: those of its row.

    Words in a row by themselves may be about any row, and a row break that is in doubt is about
    both of its rows.
    """
    row = 0
    rows: list[int] = []
    unread: list[tuple[set[int], Unreadable]] = []
    for place, before in enumerate([*(piece.before for piece in display.pieces), display.behind]):
        for cut in before:
            row += cut.kind in ("row", "border")
            if cut.unread:
                message = f"{cut.unread} is not read; beside a claim {READ_WORDS} may stand"
                touched = {row, row - 1} if cut.kind == "row" else {row}
                unread.append((touched, Unreadable(message, cut.start, cut.end)))
        rows += [row] * (place < len(display.pieces))
    found: dict[int, Unreadable] = {}
    for touched, why in unread:
        beside = [place for place, row in enumerate(rows) if row in touched]
        for place in beside or range(len(rows)):
            found.setdefault(place, why)
    return found


def _unread(
    display: Display,
    group: Sequence[int],
    statements: Sequence[Sequence[Statement]],
    relates: bool,
) -> Unreadable | None:
    """Why a group can't be judged: something in it is not read.

    `relates` says whether anything in the display is a relation; without one, formulas beside each
    other are a list, and claim nothing.
    """
    if not relates and len(group) > 1 and len(statements) == len(group):
        first = statements[1][0]
        return Unreadable(_NO_RELATION, first.start, first.end)
    for count, stated in enumerate(statements):
        for statement in stated:
            if statement.error is not None and len(group) > 1:
                return statement.error
            alone = statement.error is None and len(statement.sides) == 1
            introduced = count == 0 and statement.about_network and _introduces(display, group)
            if alone and relates and not introduced:
                return Unreadable(_NO_RELATION, statement.start, statement.end)
            foreign = not statement.about_network and statement.defines is None
            if len(group) > 1 and not alone and foreign:
                return Unreadable(_FOREIGN, statement.start, statement.end)
    return None


_FOREIGN = "this is about no quantity of the network; write it in a display of its own"
_NO_RELATION = "this has no relation to what stands beside it: what is it equal to?"


def _introduces(display: Display, group: Sequence[int]) -> bool:
    """Whether the first formula of a group is followed by "with" or "where"."""
    following = display.pieces[group[1]].before if len(group) > 1 else ()
    return any(cut.kind == "words" for cut in following)


def _said_once(statements: Sequence[Statement]) -> list[Statement]:
    """The statements, each error once: that of a group stands for all claims in it."""
    said = {id(s.error) for s in statements if s.error is not None and s.about_network}
    kept = []
    for statement in statements:
        error = id(statement.error)
        if statement.error is None or (statement.about_network and error in said):
            kept.append(statement)
            said.discard(error)
        elif not statement.about_network:
            kept.append(statement)
    return kept
