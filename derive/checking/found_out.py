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
from derive.checking.judge import Judge, UnfitError
from derive.checking.usual_letters import in_usual_letters
from derive.errors import InputError
from derive.grammar.findings import Finding, Severity
from derive.model import Model
from derive.model.facts import Facts
from derive.networks.build import build
from derive.notations import Notation, table
from derive.notations.free import split_name
from derive.notations.table import INDEX, SOURCE, Pattern, pattern
from derive.suggest import listed

_FOREIGN = frozenset({"unknown-name", "no-claim", "alias"})
MOST_ERRORS = 3
"""Names that are tried for the error of the network."""
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
        lettered = own if own.is_read else _with_error(_with_letters(own, judge), judge)
        signed: dict[str, Reading] = {}

        def named(sign: str) -> Verdicts:
            network = with_gradient(lettered.model.network, sign)
            signed[sign] = _reading(sign, build(network), judge)
            return signed[sign].verdicts

        sign, verdicts = with_adjoints(lettered.verdicts, named)
        return signed[sign].model if sign else lettered.model, verdicts
    if model.network.missing or (own.is_read and not doubtful):
        return model, own.verdicts
    if not own.is_read:
        own = _with_error(_with_last(own, judge), judge)
        model = own.model
    if not own.right and not own.is_read and (not typed or own.is_foreign):
        found = _in_others(model, judge)
        if found is not None:
            return found
    if not doubtful:
        return model, own.verdicts
    least = max(own.right, 1 if typed or own.wrong else 0)
    varied = [
        (_fitting(listed(differs), other, judge), len(differs)) for differs, other in _varied(model)
    ]
    fitting = [
        replace(one, differs=differs) for one, differs in varied if one and one.right >= least
    ]
    said = [one for one in fitting if not typed and one.right > own.right and _keeps(own, one)]
    if said:
        # What the definitions leave open is as in the network.
        most = max(one.right for one in said)
        least = min(one.differs for one in said if one.right == most)
        return _as_defined([o for o in said if o.right == most and o.differs == least], judge)
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


def _as_defined(best: Sequence[Reading], judge: Judging) -> tuple[Model, Verdicts]:
    """A document in the readings in which most of what it defines holds, and a note which it is."""
    first = _explained(min(best, key=lambda one: len(one.name)), judge)
    verdicts = [_agreed(place, first, best) for place in range(len(first.verdicts))]
    said = f"this is read so that {first.name}, for what the document defines holds so"
    return first.model, _noted(verdicts, said)


def _reading(name: str, model: Model, judge: Judging, *, trial: bool = False) -> Reading:
    """The document in the notation of a model, read again where a loop's last row has said more."""
    one = Judge(model, trial=trial)
    verdicts = judge(one)
    if one.reader.running.is_open:
        # What the last row of a loop gives is known now.
        rows, one = one.reader.running.so_far, Judge(model, trial=trial)
        one.reader.running.all = rows
        verdicts = judge(one)
    return Reading(name, model, verdicts, one.defined[True], one.defined[False])


def _fitting(name: str, model: Model, judge: Judging) -> Reading | None:
    """The document on trial in the notation of a model, if nothing that it defines fails there."""
    try:
        return _reading(name, model, judge, trial=True)
    except UnfitError:
        return None


def _explained(reading: Reading, judge: Judging) -> Reading:
    """A reading that was one on trial."""
    return replace(reading, verdicts=_reading(reading.name, reading.model, judge).verdicts)


def _in_notation(model: Model, notation: Notation | str) -> Model:
    names = () if isinstance(notation, str) else model.network.names
    return build(replace(model.network, notation=notation, names=names))


def _is_read(claim: Judged) -> bool:
    silent = any(finding.code == "no-claim" for finding in claim.findings)
    return claim.verdict is not Verdict.UNREADABLE and not silent


# The program's other notations.


def _in_others(model: Model, judge: Judging) -> tuple[Model, Verdicts] | None:
    """The document in those notations in which it defines most, if there are any."""
    names = [name for name in table.names() if name != model.network.notation]
    read = [_fitting(name, _in_notation(model, name), judge) for name in names]
    found = [one for one in read if one is not None]
    most = max((one.right for one in found), default=0)
    if most:
        best = [one for one in found if one.right == most]
    else:
        best = _evident(found) if len(found) == len(read) else []
    if not best:
        return None
    least = min(best, key=lambda r: sum(c.verdict is Verdict.UNREADABLE for c in r.claims))
    first = _explained(least, judge)
    verdicts = [_agreed(place, first, best) for place in range(len(first.verdicts))]
    holds = "what it defines holds" if first.right else "its formulas hold"
    said = f"this is read in the notation {first.name}, in which {holds}"
    return first.model, _noted(verdicts, said)


def _evident(found: Sequence[Reading]) -> list[Reading]:
    """The readings in which most is right and nothing wrong, where nothing is defined in any."""
    counts = [Counter(map(_verdict, one.verdicts)) for one in found]
    sound = [c[Verdict.PROVED] * (not c[Verdict.REFUTED]) for c in counts]
    most = max(sound, default=0)
    return [r for r, n in zip(found, sound, strict=True) if n == most >= LEAST]


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


_LAST = re.compile(r"\^\s*(?:\{\s*[(\[]?\s*([A-Z])\s*[)\]]?\s*\}|([A-Z]))(?![A-Za-z])")
"""A capital letter above a name."""


def _with_last(own: Reading, judge: Judging) -> Reading:
    """The document with its own letter for the last layer, if it has another than the notation."""
    table = own.model.network.naming.table
    unread = [claim.text for claim in own.claims if not _is_read(claim)]
    letters = {m[1] or m[2] for text in unread for m in _LAST.finditer(text)} - {"T", table.last}
    if not table.by_layer or len(letters) != 1:
        return own
    (letter,) = letters
    other = _reading(letter, _in_notation(own.model, replace(table, last=letter)), judge)
    return other if _new(own.verdicts, other.verdicts) else own


def _called(model: Model, total: str, written: Pattern) -> Model:
    """A network in which another name means the total error, too."""
    network = model.network
    if not model.has_neurons:
        return build(replace(network, written=(*network.written, (total, written))))
    notation = network.naming.table
    return _in_notation(model, replace(notation, read=(*notation.read, ("E_total", written))))


_DIFFERENTIATED = re.compile(
    r"(?:\\partial(?![A-Za-z])|∂|\\nabla\s*_\s*(?:\{(?:[^{}]|\{[^{}]*\})*\}|\\?\w))\s*"
    r"(\\(?:mathcal|mathscr)\s*\{\s*[A-Za-z]\s*\}|\\[A-Za-z]+|[A-Za-z]+)"
)
"""What a derivative is taken of, or by."""


def _with_error(own: Reading, judge: Judging) -> Reading:
    """The document with its own letter for the error of the network, if it has another one.

    That is a name which the network does not have, and of which derivatives are taken.
    """
    total = split_name(own.model.total)[0]
    unread = [claim for claim in own.claims if not _is_read(claim)]
    names = Counter(m[1] for claim in unread for m in _DIFFERENTIATED.finditer(claim.text))
    known = {split_name(name)[0] for name in own.model.quantities}
    best, most = own, 0
    for name, _ in names.most_common(MOST_ERRORS):
        try:
            written = pattern(name, {}, "")
        except InputError:
            continue
        if written.symbol is None or written.symbol.plain in known:
            continue
        other = _reading(name, _called(own.model, total, written), judge)
        new = _new(own.verdicts, other.verdicts)
        if new > most:
            note = f"{name} is read as {own.model.total}, the error of the network"
            best, most = replace(other, verdicts=_noted(other.verdicts, note)), new
    return best


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
        new = _new(own, other)
        if new > most:
            best, verdicts, most = sign, other, new
    return best, verdicts


def _new(own: Verdicts, other: Verdicts) -> int:
    """How much is right in another reading that is not in the own; 0 where that is no evidence.

    Several formulas have to be right, or more than are wrong, and what is right has to remain so.
    """
    pairs = zip(own, other, strict=True)
    new = Counter(_verdict(b) for a, b in pairs if _verdict(a) is not Verdict.PROVED)
    evident = new[Verdict.PROVED] > min(LEAST - 1, new[Verdict.REFUTED])
    return new[Verdict.PROVED] if evident and _remains(own, other) else 0


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
