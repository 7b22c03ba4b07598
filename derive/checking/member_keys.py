"""Keys of members of families: their indices, joined or apart, with letters, numbers and labels."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from derive.formula import Member
from derive.formula.index import Index
from derive.notations.greek import GREEK

LETTERS = "abcdhijklmnopqrstuvw"
"""Letters that may stand for a number in an index."""
_LETTER = rf"[{LETTERS}]'*"
_INDEX = re.compile(rf"([2-9]?{_LETTER}|[0-9]+)((?:[+-](?:[2-9]?{_LETTER}|[0-9]+))*)")
_TERM = re.compile(rf"([+-])([2-9]?)({_LETTER}|[0-9]+)")
LAST = re.compile(r"([TNLτ])((?:[+-](?:[0-9]+|[a-z]))*)")
"""Letters that stand for the last number that there is, where they are no other's."""
GREEK_NAMES = {sign: name for name, sign in GREEK.items() if name[:3] not in ("var", "tau", "ell")}
_GREEK = re.compile(f"[{''.join(GREEK_NAMES)}]")


def with_end(part: str, end: int) -> str:
    """An index with a number in the place of the letter for the last one: 2 for T - 1 of 3."""
    found = LAST.fullmatch(part)
    if found is None:
        return part
    index = index_of(f"{end}{found[2]}")
    return str(index[1]) if index is not None and not index[0] else f"{end}{found[2]}"


def member_of(key: str, families: Mapping[str, set[tuple[int, ...]]]) -> Member | None:
    """The member of a family that a key with index letters is; nothing if it is none."""
    key = key.replace(",", "_")
    for cut in range(len(key)):
        if key[cut] != "_" or key[:cut] not in families:
            continue
        counts = {len(indices) for indices in families[key[:cut]]}
        for parts in split_index(key[cut + 1 :]):
            indices = [index_of(part) for part in parts]
            if len(parts) not in counts or len(families[key[:cut]]) < 2:
                continue
            read = [index for index in indices if index is not None]
            if len(read) == len(parts) and any(letters for letters, _ in read):
                return (
                    Member(key[:cut], tuple(read)) if _counts(read, families[key[:cut]]) else None
                )
    return None


def _counts(read: Sequence[Index], family: Collection[tuple[int, ...]]) -> bool:
    """Whether a letter that is taken twice, as in x_{2j}, may be several numbers in a family."""
    for place, (letters, offset) in enumerate(read):
        times = max((letters.count(letter) for letter in letters), default=0)
        last = max(at[place] for at in family if len(at) == len(read))
        if times > 1 and last < 2 * times + offset:
            return False
    return True


def with_names(key: str) -> str:
    """A key with the names of Greek letters in its index: ``a_iota,t`` for a_ι^t."""
    stem, sign, sub = key.partition("_")
    named = _GREEK.sub(lambda found: f"_{GREEK_NAMES[found[0]]}_", sub) if sign else sub
    parts = [part for part in re.split("[_,]", named) if part]
    return f"{stem}_{'_'.join(parts)}" if named != sub else key


def split_index(sub: str) -> list[list[str]]:
    """The ways in which an index may be several: ``k_i`` or ``ki``."""
    ways = [sub.split("_")]
    if sub.isalnum() and len(sub) > 1:
        ways.append(list(sub))
    return ways


def index_of(text: str) -> Index | None:
    """An index as its letters and the number that is added to them; nothing if it is none."""
    found = _INDEX.fullmatch(text)
    if found is None:
        return None
    letters: list[str] = []
    offset = 0
    for sign, times, term in _TERM.findall(f"+{text}"):
        if term.isdigit():
            offset += int(f"{sign}{times}{term}")
        else:
            letters += [term if sign == "+" else f"-{term}"] * int(times or 1)
    return tuple(letters), offset
