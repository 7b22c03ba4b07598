"""The notation that a document is written in, found out by what it defines.

A document is first read in the notation of the network. Where what it defines there (z = Wa + b,
a = g(z)) does not tell that this is the author's, it is read in others, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from derive.checking.claims import Judged, Verdict, left_open
from derive.checking.conventions import LEAST, Verdicts
from derive.checking.letters_found import (
    with_adjoints,
    with_deltas,
    with_error,
    with_gradient,
    with_last,
    with_letters,
    with_own_name,
)
from derive.checking.trials import (
    Judging,
    Reading,
    explained,
    fitting,
    gained,
    in_notation,
    newly,
    noted,
    read_in,
    remains,
    verdict_of,
)
from derive.model import Model
from derive.networks.sources import build
from derive.notations import Notation, table
from derive.notations.table import INDEX, SOURCE, Pattern
from derive.suggest import listed


def in_its_notation(model: Model, judge: Judging, *, typed: bool = False) -> tuple[Model, Verdicts]:
    """What is said of a document in the notation that it is written in, and its model there.

    That of the network counts if nothing speaks against it. What is wrong there and right in
    another that fits as well is undecided, and a finding says in which it holds; one fits in which
    no definition of the document fails, and as many hold; at least one has to, where formulas are
    `typed` for a network whose notation is known. A document whose
    names the network's notation does not know is read in those of the program that know them.
    """
    own = read_in("", model, judge)
    doubtful = any(claim.verdict is Verdict.REFUTED for claim in own.claims)
    if not model.has_neurons:
        lettered = own if own.is_read else with_error(with_letters(own, judge), judge)
        lettered = lettered if lettered.is_read else with_deltas(lettered, judge)
        lettered = lettered if lettered.is_read else with_own_name(lettered, judge)
        signed: dict[str, Reading] = {}

        def named(sign: str) -> Verdicts:
            network = with_gradient(lettered.model.network, sign)
            signed[sign] = read_in(sign, build(network), judge)
            return signed[sign].verdicts

        sign, verdicts = with_adjoints(lettered.verdicts, named)
        return signed[sign].model if sign else lettered.model, verdicts
    if model.network.missing or (own.is_read and not doubtful):
        return model, own.verdicts
    others = _Others(judge)
    if not own.is_read:
        own = with_last(own, judge)
        # A notation in which it defines something is the author's, whatever the error is called.
        found = None if own.right or typed else others.surely(own)
        if found is not None:
            return found
        own = with_own_name(with_error(own, judge), judge)
    if not own.right and not own.is_read and (not typed or own.is_foreign):
        found = others.best(own)
        if found is not None:
            return found
    said = _with_other_conventions(own, judge, typed=typed) if doubtful else own
    found = None if typed or said.is_read or not said.right else others.best(said)
    return found or (said.model, said.verdicts)


def _with_other_conventions(own: Reading, judge: Judging, *, typed: bool) -> Reading:
    """The document in the conventions under which most of what it defines holds.

    What these leave open is as in the network. Where they tell nothing it is the own reading, in
    which that is undecided which is right in others that fit.
    """
    least = max(own.right, 1 if typed or own.wrong else 0)
    varied = [
        (fitting(listed(differs), other, judge), len(differs))
        for differs, other in _varied(own.model)
    ]
    fits = [replace(one, differs=differs) for one, differs in varied if one and one.right >= least]
    said = [one for one in fits if not typed and one.right > own.right and _keeps(own, one)]
    if said:
        most = max(one.right for one in said)
        least = min(one.differs for one in said if one.right == most)
        return _as_defined([o for o in said if o.right == most and o.differs == least], judge)
    doubted = [_doubted(place, own, fits) for place in range(len(own.verdicts))]
    return replace(own, verdicts=doubted)


def _keeps(own: Reading, other: Reading) -> bool:
    """Whether several claims are right in another reading that are not in the own, and all others.

    Of what is wrong there nothing is right in the own.
    """
    new = newly(own.verdicts, other.verdicts)[Verdict.PROVED]
    return new >= LEAST and remains(own.verdicts, other.verdicts)


def _as_defined(best: Sequence[Reading], judge: Judging) -> Reading:
    """A document in the readings in which most of what it defines holds, and a note which it is."""
    first = explained(min(best, key=lambda one: len(one.name)), judge)
    verdicts = [_agreed(place, first, best) for place in range(len(first.verdicts))]
    said = f"this is read so that {first.name}, for what the document defines holds so"
    return replace(first, verdicts=noted(verdicts, said))


# The program's other notations.


class _Others:
    """A document in the other notations of the program, in each of which it is read once."""

    def __init__(self, judge: Judging) -> None:
        self._judge = judge
        self._read: dict[str, Reading | None] = {}

    def best(self, own: Reading) -> tuple[Model, Verdicts] | None:
        """The document in those in which it defines most, if there are any."""
        found = self._defining(own)
        if own.right:
            return self._told([r for r in found if r.right >= own.right and gained(own, r)])
        return self._told(found or _evident(own, self._fitting(own)))

    def surely(self, own: Reading) -> tuple[Model, Verdicts] | None:
        """The same, where all of these say more of it, and of what is right in the own."""
        found = self._defining(own)
        return self._told(found) if all(gained(own, one) for one in found) else None

    def _defining(self, own: Reading) -> list[Reading]:
        """The readings in which most of what the document defines holds, if any of it does."""
        found = self._fitting(own)
        most = max((one.right for one in found), default=0)
        return [one for one in found if one.right == most > 0]

    def _fitting(self, own: Reading) -> list[Reading]:
        """The readings in which nothing fails that the document defines."""
        for name in table.names():
            if name != own.model.network.notation and name not in self._read:
                self._read[name] = fitting(name, in_notation(own.model, name), self._judge)
        return [one for one in self._read.values() if one is not None]

    def _told(self, best: Sequence[Reading]) -> tuple[Model, Verdicts] | None:
        """What the best readings say together, with a note which they are."""
        if not best:
            return None
        least = min(best, key=lambda r: sum(c.verdict is Verdict.UNREADABLE for c in r.claims))
        first = explained(least, self._judge)
        verdicts = [_agreed(place, first, best) for place in range(len(first.verdicts))]
        holds = "what it defines holds" if first.right else "its formulas hold"
        said = f"this is read in the notation {first.name}, in which {holds}"
        return first.model, noted(verdicts, said)


def _evident(own: Reading, found: Sequence[Reading]) -> list[Reading]:
    """The readings in which most is right and nothing wrong, where nothing is defined in any.

    More has to be right than in the network's own notation.
    """
    first, *sound = map(_sound, (own, *found))
    most = max(sound, default=0)
    return [r for r, n in zip(found, sound, strict=True) if n == most >= LEAST and most > first]


def _sound(one: Reading) -> int:
    """How many claims are right in a reading in which nothing is wrong; else none."""
    count = Counter(map(verdict_of, one.verdicts))
    return count[Verdict.PROVED] * (not count[Verdict.REFUTED])


def _agreed(place: int, first: Reading, best: Sequence[Reading]) -> Judged | None:
    """A claim as all readings judge it, or undecided where one proves what another refutes."""
    claim = first.verdicts[place]
    same = {r.name: c for r in best if (c := r.verdicts[place]) is not None}
    holds = [name for name, c in same.items() if c.verdict is Verdict.PROVED]
    fails = [name for name, c in same.items() if c.verdict is Verdict.REFUTED]
    if claim is None or not holds or not fails:
        return claim
    message = (
        f"this is right in the notation {listed(holds, 'or')}, wrong in {listed(fails, 'or')}, and"
        " the definitions do not tell which is meant; say it with --notation"
    )
    return left_open(claim, "convention", message)


# The network's own notation, with other conventions.


def _varied(model: Model) -> Iterator[tuple[Sequence[str], Model]]:
    """The same names with other conventions: all ways to count layers and to place indices."""
    own = model.network.naming.table
    if not own.by_layer:
        return
    for out_of, source_first, first in product((False, True), repeat=3):
        changed = own
        differs = []
        if out_of:
            into = own.weights == "into"
            changed = replace(changed, weights="out of" if into else "into")
            differs.append(f"weights carry the number of the layer they lead {changed.weights}")
        if source_first:
            changed = replace(changed, written={**own.written, "weight": _turned(own)})
            end = "target" if own.source_first else "source"
            differs.append(f"the first index of a weight is its {end}")
        if first:
            changed = replace(changed, first=1 - own.first)
            differs.append(f"the inputs are layer {changed.first}")
        if differs:
            yield differs, in_notation(model, replace(changed, everywhere=False))


def _turned(notation: Notation) -> Pattern:
    """How a weight is written with its two indices in the other order."""
    pattern = notation.written["weight"]
    other = {INDEX: SOURCE, SOURCE: INDEX}
    return replace(pattern, below=tuple(other.get(mark, mark) for mark in pattern.below))


def _doubted(place: int, own: Reading, others: Sequence[Reading]) -> Judged | None:
    """A refuted claim that is not wrong in a reading that fits as well: it is undecided."""
    claim = own.verdicts[place]
    if claim is None or claim.verdict is not Verdict.REFUTED:
        return claim
    same = {r.name: c for r in others if (c := r.verdicts[place]) is not None}
    holds = [name for name, c in same.items() if c.verdict is Verdict.PROVED]
    if holds:
        return left_open(claim, "convention", f"right if {min(holds, key=len)}")
    known = {n: c for n, c in same.items() if all(f.code != "unknown-name" for f in c.findings)}
    open_ = [name for name, c in known.items() if c.verdict is not Verdict.REFUTED]
    if open_ and any(f.code == "transpose" for f in claim.findings):
        return left_open(claim, "convention", f"the shapes fit only if {min(open_, key=len)}")
    return claim
