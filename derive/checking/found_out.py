"""The notation that a document is written in, found out by what it defines.

A document is first read in the notation of the network. Where what it defines there (z = Wa + b,
a = g(z)) does not tell that this is the author's, it is read in others, too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from derive.checking.claims import Judged, Verdict
from derive.checking.conventions import LEAST, Verdicts
from derive.checking.judge import Judge
from derive.checking.net_inputs import with_all_named
from derive.checking.usual_letters import in_usual_letters
from derive.grammar.findings import Finding, Severity
from derive.model import Model
from derive.model.facts import Facts
from derive.networks.build import build
from derive.networks.equations.system import System
from derive.notations import Notation, table
from derive.notations.table import INDEX, SOURCE, Pattern
from derive.suggest import listed

_FOREIGN = frozenset({"unknown-name", "no-claim", "alias"})
_DELTA = re.compile(r"δ|\\delta(?![A-Za-z])")
_SIGNS = {
    "d": re.compile(r"(?<![A-Za-z\\])d\s*(?:[A-Za-z]|\\[A-Za-z]+)"),
    "delta": re.compile(r"(?:\\delta|δ)\s*(?:[A-Za-z\\{])"),
    "bar": re.compile(r"\\(?:bar|overline)(?![A-Za-z])"),
}
"""How a text looks in which a name's derivative of the error has the sign before it, or over it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as it is judged in one notation; `name` says which, or what is different in it."""

    name: str
    model: Model
    verdicts: Verdicts
    right: int
    """How many formulas define a quantity as the network does."""
    wrong: int
    """How many define one otherwise."""
    differs: int = 0
    """In how many conventions its notation differs from the network's."""

    @property
    def claims(self) -> list[Judged]:
        """What it says of those formulas that claim something."""
        return [claim for claim in self.verdicts if claim is not None]

    @property
    def fits(self) -> bool:
        """Whether something is defined, and nothing otherwise than in the network."""
        return self.right > 0 and not self.wrong

    @property
    def is_read(self) -> bool:
        """Whether something is claimed, and everything that is can be read."""
        return bool(self.claims) and all(map(_is_read, self.claims))

    @property
    def is_foreign(self) -> bool:
        """Whether what is not read has names that are not known, and nothing else against it."""
        open_ = (c for c in self.claims if c.verdict not in (Verdict.PROVED, Verdict.REFUTED))
        return all(f.code in _FOREIGN for claim in open_ for f in claim.findings)


Judging = Callable[[Judge], Verdicts]
"""Reads a whole document with a judge."""


def in_its_notation(model: Model, judge: Judging, *, typed: bool = False) -> tuple[Model, Verdicts]:
    """What is said of a document in the notation that it is written in, and its model there.

    That of the network counts if nothing speaks against it. What is wrong there and right in
    another that fits as well is undecided, and a finding says in which it holds; one fits in which
    no definition of the document fails, and as many hold; at least one has to, where formulas are
    `typed` for a network whose notation is known. A document whose
    names the network's notation does not know is read in those of the program that know them.
    """
    own = _reading("", model, judge)
    doubtful = any(claim.verdict is Verdict.REFUTED for claim in own.claims)
    if not model.has_neurons:
        lettered = own if own.is_read else _with_letters(own, judge)
        lettered = lettered if lettered.is_read else _with_deltas(lettered, judge)
        signed: dict[str, Reading] = {}

        def named(sign: str) -> Verdicts:
            network = with_gradient(lettered.model.network, sign)
            signed[sign] = _reading(sign, build(network), judge)
            return signed[sign].verdicts

        sign, verdicts = with_adjoints(lettered.verdicts, named)
        return signed[sign].model if sign else lettered.model, verdicts
    if model.network.missing or (own.is_read and not doubtful):
        return model, own.verdicts
    if not own.right and not own.is_read and (not typed or own.is_foreign):
        found = _in_others(own, judge)
        if found is not None:
            return found
    if not doubtful:
        return model, own.verdicts
    least = max(own.right, 1 if typed or own.wrong else 0)
    varied = [
        replace(_reading(listed(differs), other, judge), differs=len(differs))
        for differs, other in _varied(model)
    ]
    fitting = [one for one in varied if not one.wrong and one.right >= least]
    said = [one for one in fitting if not typed and one.right > own.right and _keeps(own, one)]
    if said:
        # What the definitions leave open is as in the network.
        most = max(one.right for one in said)
        least = min(one.differs for one in said if one.right == most)
        return _as_defined([o for o in said if o.right == most and o.differs == least])
    return model, [_doubted(place, own, fitting) for place in range(len(own.verdicts))]


def _keeps(own: Reading, other: Reading) -> bool:
    """Whether several claims are right in another reading that are not in the own, and all others.

    Of what is wrong there nothing is right in the own.
    """
    pairs = zip(own.verdicts, other.verdicts, strict=True)
    new = [a for a, b in pairs if _verdict(b) is Verdict.PROVED is not _verdict(a)]
    return len(new) >= LEAST and _remains(own.verdicts, other.verdicts)


def _remains(own: Verdicts, other: Verdicts) -> bool:
    """Whether what is right in one reading is so in another."""
    pairs = zip(own, other, strict=True)
    return all(_verdict(b) is Verdict.PROVED for a, b in pairs if _verdict(a) is Verdict.PROVED)


def _noted(verdicts: Sequence[Judged | None], said: str) -> Verdicts:
    """The verdicts, with a note on the document at the first claim."""
    place, claim = next((n, c) for n, c in enumerate(verdicts) if c is not None)
    note = Finding("alias", said, Severity.NOTE)
    first = replace(claim, findings=(*claim.findings, note))
    return [*verdicts[:place], first, *verdicts[place + 1 :]]


def _as_defined(best: Sequence[Reading]) -> tuple[Model, Verdicts]:
    """A document in the readings in which most of what it defines holds, and a note which it is."""
    first = min(best, key=lambda one: len(one.name))
    verdicts = [_agreed(place, first, best) for place in range(len(first.verdicts))]
    said = f"this is read so that {first.name}, for what the document defines holds so"
    return first.model, _noted(verdicts, said)


def _reading(name: str, model: Model, judge: Judging) -> Reading:
    one = Judge(model)
    verdicts = judge(one)
    if one.reader.running.is_open:
        # What the last row of a loop gives is known now.
        rows, one = one.reader.running.so_far, Judge(model)
        one.reader.running.all = rows
        verdicts = judge(one)
    return Reading(name, model, verdicts, one.defined[True], one.defined[False])


def _in_notation(model: Model, notation: Notation | str) -> Model:
    names = () if isinstance(notation, str) else model.network.names
    return build(replace(model.network, notation=notation, names=names))


def _is_read(claim: Judged) -> bool:
    silent = any(finding.code == "no-claim" for finding in claim.findings)
    return claim.verdict is not Verdict.UNREADABLE and not silent


# The program's other notations.


def _in_others(own: Reading, judge: Judging) -> tuple[Model, Verdicts] | None:
    """The document in those notations in which it defines most, if there are any."""
    model = own.model
    names = [name for name in table.names() if name != model.network.notation]
    found = [_reading(name, _in_notation(model, name), judge) for name in names]
    most = max((r.right for r in found if r.fits), default=0)
    best = [r for r in found if r.fits and r.right == most] or _evident(own, found)
    if not best:
        return None
    first = min(best, key=lambda r: sum(c.verdict is Verdict.UNREADABLE for c in r.claims))
    verdicts = [_agreed(place, first, best) for place in range(len(first.verdicts))]
    holds = "what it defines holds" if first.right else "its formulas hold"
    said = f"this is read in the notation {first.name}, in which {holds}"
    return first.model, _noted(verdicts, said)


def _evident(own: Reading, found: Sequence[Reading]) -> list[Reading]:
    """The notations in which most is right and nothing wrong, where nothing is defined in any.

    More has to be right than in the network's own.
    """
    first, *sound = map(_sound, (own, *found))
    most = max(sound, default=0)
    none = not any(one.right or one.wrong for one in found) and most > first
    return [r for r, n in zip(found, sound, strict=True) if none and n == most >= LEAST]


def _sound(one: Reading) -> int:
    """How many claims are right in a reading in which nothing is wrong; else none."""
    count = Counter(map(_verdict, one.verdicts))
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
    return _undecided(claim, message)


# The letters of books for the arrays of a family of networks, which has its own.


def _with_letters(own: Reading, judge: Judging) -> Reading:
    """The document by the letters of the author by which most of it is right, and less is wrong.

    What is right otherwise has to remain so.
    """
    best, most = own, 0
    for author, network in in_usual_letters(own.model.network):
        other = _reading(author, build(network), judge)
        kept = _remains(own.verdicts, other.verdicts)
        count = Counter(map(_verdict, other.verdicts))
        more = count[Verdict.PROVED] - count[Verdict.REFUTED]
        if kept and count[Verdict.PROVED] >= LEAST and more > most:
            best, most = other, more
    return best


# A δ for each layer, also where what a function is applied to has no name.


def _with_deltas(own: Reading, judge: Judging) -> Reading:
    """The document with δ as the error's derivative by what a function is applied to.

    That is so if more of what is not right without it is right then than wrong.
    """
    open_ = "\n".join(claim.text for claim in own.claims if not _is_read(claim))
    network = own.model.network
    asked = isinstance(network, System) and _DELTA.search(open_)
    named = with_all_named(network) if asked and isinstance(network, System) else None
    if named is None:
        return own
    other = _reading(own.name, build(named), judge)
    new = _new(own.verdicts, other.verdicts)
    better = new[Verdict.PROVED] > new[Verdict.REFUTED]
    return other if better and _remains(own.verdicts, other.verdicts) else own


def _new(own: Verdicts, other: Verdicts) -> Counter[Verdict | None]:
    """What another reading says of that which is not right in the own."""
    pairs = zip(own, other, strict=True)
    return Counter(_verdict(b) for a, b in pairs if _verdict(a) is not Verdict.PROVED)


# Names for the derivatives of the error, which a file of equations does not know.


def with_gradient(network: Facts, sign: str) -> Facts:
    """The network in its own notation, but that a `sign` before a name means ∂E/∂ of it."""
    return replace(network, notation=replace(network.naming.table, gradient=sign))


def with_adjoints(own: Verdicts, judge: Callable[[str], Verdicts]) -> tuple[str, Verdicts]:
    r"""What is said with \bar{h}, dh or δh read as ∂E/∂h, where formulas hold so, and the sign.

    `judge` judges the document with a sign. Of what is not right without it, several formulas have
    to be right then, or more than are wrong; and what is right has to remain so.
    """
    best, verdicts, most = "", own, 0
    if all(claim is None or _is_read(claim) for claim in own):
        return best, verdicts
    open_ = "\n".join(claim.text for claim in own if claim is not None and not _is_read(claim))
    for sign in (sign for sign, written in _SIGNS.items() if written.search(open_)):
        other = judge(sign)
        kept, new = _remains(own, other), _new(own, other)
        evident = new[Verdict.PROVED] > min(LEAST - 1, new[Verdict.REFUTED])
        if kept and evident and new[Verdict.PROVED] > most:
            best, verdicts, most = sign, other, new[Verdict.PROVED]
    return best, verdicts


def _verdict(claim: Judged | None) -> Verdict | None:
    return None if claim is None else claim.verdict


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
            yield differs, _in_notation(model, replace(changed, everywhere=False))


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
        return _undecided(claim, f"right if {min(holds, key=len)}")
    known = {n: c for n, c in same.items() if all(f.code != "unknown-name" for f in c.findings)}
    open_ = [name for name, c in known.items() if c.verdict is not Verdict.REFUTED]
    if open_ and any(f.code == "transpose" for f in claim.findings):
        return _undecided(claim, f"the shapes fit only if {min(open_, key=len)}")
    return claim


def _undecided(claim: Judged, message: str) -> Judged:
    relations = tuple(
        replace(r, verdict=Verdict.UNDECIDED, witness=None) if r.verdict is Verdict.REFUTED else r
        for r in claim.relations
    )
    finding = Finding("convention", message, Severity.WARNING)
    return replace(claim, verdict=Verdict.UNDECIDED, relations=relations, findings=(finding,))
