"""A document as it is judged in one notation, or on trial in one, and how two of these differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from derive.checking.claims import Judged, Verdict
from derive.checking.conventions import Verdicts
from derive.checking.judge import Judge, UnfitError
from derive.checking.lying import lying_both_ways
from derive.formula import Formula
from derive.grammar.findings import Finding, Severity
from derive.model import Model
from derive.networks.sources import build
from derive.notations import Notation

_FOREIGN = frozenset({"unknown-name", "no-claim", "alias"})


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
    def unread(self) -> list[str]:
        """The texts of those that were not read, or say nothing where they should."""
        return [claim.text for claim in self.claims if not is_read(claim)]

    @property
    def is_read(self) -> bool:
        """Whether something is claimed, and everything that is can be read."""
        return bool(self.claims) and all(map(is_read, self.claims))

    @property
    def is_foreign(self) -> bool:
        """Whether what is not read has names that are not known, and nothing else against it."""
        open_ = (c for c in self.claims if c.verdict not in (Verdict.PROVED, Verdict.REFUTED))
        return all(f.code in _FOREIGN for claim in open_ for f in claim.findings)


Judging = Callable[[Judge], Verdicts]
"""Reads a whole document with a judge."""


def remains(own: Verdicts, other: Verdicts) -> bool:
    """Whether what is right in one reading is so in another."""
    pairs = zip(own, other, strict=True)
    return all(verdict_of(b) is Verdict.PROVED for a, b in pairs if verdict_of(a) is Verdict.PROVED)


def noted(verdicts: Sequence[Judged | None], said: str) -> Verdicts:
    """The verdicts, with a note on the document at the first claim."""
    place, claim = next((n, c) for n, c in enumerate(verdicts) if c is not None)
    note = Finding("alias", said, Severity.NOTE)
    first = replace(claim, findings=(*claim.findings, note))
    return [*verdicts[:place], first, *verdicts[place + 1 :]]


def read_in(
    name: str,
    model: Model,
    judge: Judging,
    *,
    trial: bool = False,
    letters: Mapping[str, Formula] | None = None,
) -> Reading:
    """The document in the notation of a model, read again where what comes later says more.

    That is what the last row of a loop gives, which letters stand above a Σ, that the error of
    several examples is their sum, and that Δw is what a step takes away. `letters` are
    names that have a meaning before it begins; raises :class:`UnfitError` where the document gives
    them another.
    """
    one = knowing(model, letters, trial=trial)
    verdicts = judge(one)
    is_limit = one.relations.asked & one.reader.sizes.keys()
    way, away = one.reader.examples.found_out, one.changes.found_out
    if one.reader.running.is_open or is_limit or way or away:
        first, one = one.reader, knowing(model, letters, trial=trial)
        one.changes.are_taken_away = away
        one.reader.running.all = first.running.so_far if first.running.is_open else []
        one.relations.limits = first.sizes
        one.reader.examples.way = way or one.reader.examples.way
        verdicts = judge(one)
    if way:
        said = f"the error is taken for the {way} over the examples, as several formulas have it"
        verdicts = noted(verdicts, said)
    if any(one.reader.letters.get(known) != of for known, of in (letters or {}).items()):
        raise UnfitError
    laid = frozenset[str]() if trial else lying_both_ways(one.relations)
    if laid - model.network.laid:
        known = replace(model.network, laid=model.network.laid | laid)
        return read_in(name, build(known), judge, letters=letters)
    return Reading(name, model, verdicts, one.defined[True], one.defined[False])


def knowing(model: Model, letters: Mapping[str, Formula] | None, *, trial: bool = False) -> Judge:
    """A judge who has read nothing yet but the meaning of these names."""
    one = Judge(model, trial=trial)
    for name, meaning in (letters or {}).items():
        one.reader.letters[name] = meaning
    return one


def fitting(name: str, model: Model, judge: Judging) -> Reading | None:
    """The document on trial in the notation of a model, if nothing that it defines fails there."""
    try:
        return read_in(name, model, judge, trial=True)
    except UnfitError:
        return None


def explained(reading: Reading, judge: Judging) -> Reading:
    """A reading that was one on trial, with what is to be said where something fails in it."""
    if all(claim.verdict in (Verdict.PROVED, Verdict.UNREADABLE) for claim in reading.claims):
        return reading
    return replace(reading, verdicts=read_in(reading.name, reading.model, judge).verdicts)


def in_notation(model: Model, notation: Notation | str) -> Model:
    """The network in another notation; its own names stay where that is a changed table."""
    names = () if isinstance(notation, str) else model.network.names
    return build(replace(model.network, notation=notation, names=names))


def is_read(claim: Judged) -> bool:
    """Whether a formula was read, and claims something."""
    remarks = (f.severity for f in claim.findings if f.code == "no-claim")
    silent = any(severity is not Severity.NOTE for severity in remarks)
    return claim.verdict is not Verdict.UNREADABLE and not silent


def gained(own: Reading, other: Reading) -> int:
    """How much is right in another reading that is not in the own; 0 if as much gets wrong there.

    What is right has to remain so.
    """
    new = newly(own.verdicts, other.verdicts)
    pairs = zip(own.verdicts, other.verdicts, strict=True)
    wrong = sum(verdict_of(a) is verdict_of(b) is Verdict.REFUTED for a, b in pairs)
    better = new[Verdict.PROVED] > new[Verdict.REFUTED] - wrong
    return new[Verdict.PROVED] if better and remains(own.verdicts, other.verdicts) else 0


def newly(own: Verdicts, other: Verdicts) -> Counter[Verdict | None]:
    """What another reading says of that which is not right in the own."""
    pairs = zip(own, other, strict=True)
    return Counter(verdict_of(b) for a, b in pairs if verdict_of(a) is not Verdict.PROVED)


def verdict_of(claim: Judged | None) -> Verdict | None:
    """The verdict on a formula; nothing for one that claims nothing."""
    return None if claim is None else claim.verdict
