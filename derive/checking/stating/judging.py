"""Judging a document by the network that it states itself, in every way in which it may be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from derive.checking.claims import Judged, Relation, Verdict, left_open, worst
from derive.checking.conventions import Convention, conventions
from derive.checking.documents.walk import Met
from derive.checking.judge import Judge
from derive.checking.lying import lying_both_ways
from derive.checking.spoken_cases import in_its_case
from derive.checking.stating.mentions import of_an_example
from derive.checking.stating.network import StatedNetwork
from derive.checking.stating.readings import Reading
from derive.checking.stating.said import Definition
from derive.checking.stating.written_out import names_a_unit
from derive.formula import Formula
from derive.grammar.connectives import holds_only_ranges
from derive.grammar.expanding import Expanded
from derive.grammar.findings import Finding, Severity
from derive.model.facts import Facts
from derive.networks.sources import build


@dataclass(frozen=True)
class Opinion:
    """What one reading of the network says of a formula."""

    reading: Reading
    judged: Judged | None


class JudgeOfAll:
    """Judges formulas about all readings of a network: what holds has to hold for each.

    The definitions that the network was made of are no claims; they are taken out beforehand.
    """

    def __init__(
        self,
        network: StatedNetwork,
        found: Sequence[Met],
        weight: str | None,
        formula: Callable[[Formula], Formula] | None = None,
        *,
        delta: str = "",
    ) -> None:
        self.network = network
        self._readings = (*network.readings, *network.later)
        self.judges = [Judge(build(r.network), weight, formula) for r in self._readings]
        for judge, reading in zip(self.judges, self._readings, strict=True):
            judge.reader.sizes.update(reading.limits)
            judge.reader.symbols.fixed.update(reading.fixed)
            judge.units = reading.units
            judge.reader.symbols.deltas.meaning = delta
        self._made_of = found, weight
        self._is_renewed = False
        self._numbers = {id(one): number for number, one in enumerate(found)}
        self._definitions: dict[int, list[Definition]] = {}
        for definition in network.definitions:
            self._definitions.setdefault(definition.formula, []).append(definition)

    def conventions(self) -> Iterator[Convention]:
        """What may be settled otherwise than the first reading has it."""
        return conventions(self.network.readings[0].network, is_stated=True)

    def under(self, convention: Convention) -> JudgeOfAll:
        """A judge of all readings under a convention, as far as it is one for each of them."""

        def settled(network: Facts) -> Facts:
            alike = conventions(network, is_stated=True)
            return next((c.network for c in alike if c.says == convention.says), network)

        return self.having(settled, convention.formula, delta=convention.delta)

    def having(
        self,
        change: Callable[[Facts], Facts],
        formula: Callable[[Formula], Formula] | None = None,
        *,
        delta: str = "",
    ) -> JudgeOfAll:
        """A judge of all readings with a change of each network, or of what formulas mean."""

        def changed(reading: Reading) -> Reading:
            return replace(reading, network=change(reading.network))

        return self._of([changed(r) for r in self._readings], formula, delta=delta)

    def lying_one_way(self) -> JudgeOfAll | None:
        """A judge whose matrices lie as what holds has them; nothing where they do already."""
        found = [lying_both_ways(judge.relations) for judge in self.judges]
        if not any(found):
            return None
        return self._of(
            [
                replace(r, network=replace(r.network, laid=r.network.laid | laid))
                for r, laid in zip(self._readings, found, strict=True)
            ]
        )

    def _of(
        self,
        readings: Sequence[Reading],
        formula: Callable[[Formula], Formula] | None = None,
        *,
        delta: str = "",
    ) -> JudgeOfAll:
        """A judge of other readings in place of these."""
        first = len(self.network.readings)
        network = replace(
            self.network, readings=tuple(readings[:first]), later=tuple(readings[first:])
        )
        return JudgeOfAll(network, *self._made_of, formula, delta=delta)

    def judge(self, one: Met) -> Judged | None:
        """The verdict on one formula; nothing if it makes no claim."""
        return in_its_case(one, lambda read: self._judged(one, read), self.judges)

    def _judged(self, one: Met, read: Expanded) -> Judged | None:
        number = self._numbers[id(one)]
        definitions = self._definitions.get(number, [])
        marks, found = self.network.marks, one.found
        text = marks.left_out(read.text)
        for definition in definitions:
            if definition.is_whole:
                text = _without(text, definition.start, definition.end)
        if text.strip() != read.text.strip() and holds_only_ranges(text):
            return None
        plain = replace(read, text=text)
        opinions = [
            Opinion(reading, judge.judge(plain, found.number, found.line, found.column))
            for reading, judge in zip(self._readings, self.judges, strict=True)
        ]
        first = opinions[: len(self.network.readings)]
        if number in self.network.renewing:
            about = (opinion.judged for opinion in _about(text, first))
            holds = all(one is not None and one.verdict is Verdict.PROVED for one in about)
            self._is_renewed = self._is_renewed or not holds
        is_renewed = self._is_renewed and number > min(self.network.renewing)
        known = [one for one in first if one.reading.since <= number] or first
        judged = _together(_about(text, opinions if is_renewed else known))
        if judged is not None and self.network.numbers:
            judged = _without_numbers(judged)
            if judged.verdict is Verdict.REFUTED and self._holds_with_data(plain, one):
                message = "this holds for the numbers of the document only"
                judged = left_open(judged, "reading", message)
        fails = judged is not None and judged.verdict is Verdict.REFUTED
        if judged is not None and fails and self.network.assumed:
            judged = left_open(judged, "reading", _ASSUMED.format(self.network.assumed))
        if judged is not None and marks.is_mixed(read.text):
            judged = _not_read(judged, _MIXED)
        error = self.network.unread_error
        if error and judged is not None and judged.verdict is Verdict.REFUTED:
            judged = _not_read(judged, f"what stands behind {error} = could not be read")
        return judged and _without_definitions(judged, definitions)

    @cached_property
    def _with_data(self) -> list[Judge]:
        """Judges of the network with the numbers of the document, as far as it has them."""
        networks = [r.with_data for r in self.network.readings if r.with_data is not None]
        return [Judge(build(network), self._made_of[1]) for network in networks]

    def _holds_with_data(self, read: Expanded, one: Met) -> bool:
        """Whether a formula is right for the numbers that the document gives to inputs."""
        place = one.found.number, one.found.line, one.found.column
        judged = (judge.judge(read, *place) for judge in self._with_data)
        return any(j is not None and j.verdict is Verdict.PROVED for j in judged)


def _about(text: str, opinions: Sequence[Opinion]) -> Sequence[Opinion]:
    """What counts of a formula: one that names a unit is about the sizes that are written out."""
    own = [opinion for opinion in opinions if opinion.reading.written_out]
    return own if own and names_a_unit(text) else opinions


def _without(text: str, start: int, end: int) -> str:
    """A text with blanks in the place of a statement, and of the mark behind it."""
    while end < len(text) and text[end] in ".,;":
        end += 1
    blank = "".join(char if char == "\n" else " " for char in text[start:end])
    return text[:start] + blank + text[end:]


def _without_definitions(judged: Judged, definitions: Sequence[Definition]) -> Judged | None:
    """A claim without the relations that state the network; nothing where no other is left."""
    stating = {tuple(map(_plain, d.sides)) for d in definitions}
    kept = [r for r in judged.relations if (_plain(r.left), _plain(r.right)) not in stating]
    if len(kept) == len(judged.relations):
        return judged
    if not kept and judged.verdict is Verdict.PROVED:
        return None
    verdict = judged.verdict
    if verdict is Verdict.REFUTED:
        verdict = worst([relation.verdict for relation in kept])
    places = [n for n, r in enumerate(judged.relations) if r in kept]
    findings = tuple(
        replace(f, relation=None if f.relation is None else places.index(f.relation))
        for f in judged.findings
        if f.relation is None or f.relation in places
    )
    return replace(judged, verdict=verdict, relations=tuple(kept), findings=findings)


def _without_numbers(judged: Judged) -> Judged:
    """A claim whose relations to numbers are open: they are those of an example in the document.

    Where nothing but numbers stands on both sides it does not matter of which they are.
    """
    wrong = [r for r in judged.relations if r.verdict is Verdict.REFUTED]
    about = [r for r in wrong if of_an_example(r.left, r.right)]
    if not about:
        return judged
    message = "these may be numbers of another example; give a network's file that has them"
    open_ = {id(relation) for relation in about}
    relations = tuple(
        replace(r, verdict=Verdict.UNDECIDED, witness=None) if id(r) in open_ else r
        for r in judged.relations
    )
    kept = judged.findings if len(about) < len(wrong) else ()
    finding = Finding("no-numbers", message, Severity.WARNING)
    verdict = worst([relation.verdict for relation in relations])
    return replace(judged, verdict=verdict, relations=relations, findings=(*kept, finding))


_ASSUMED = "the document assumes that {}, of which no use is made; without it this fails"


_MIXED = "one side is of one example and the other of all of them; write the sum"


def _not_read(judged: Judged, message: str) -> Judged:
    """A claim of which nobody can say what it says, and why."""
    finding = Finding("unreadable", message)
    return replace(judged, verdict=Verdict.UNREADABLE, relations=(), findings=(finding,))


def _plain(side: str) -> str:
    return "".join(side.split()).strip("&.,;")


def _together(opinions: Sequence[Opinion]) -> Judged | None:
    """One verdict of all: proved or refuted where every reading says so, else undecided."""
    judged = [opinion.judged for opinion in opinions]
    first = next((one for one in judged if one is not None), None)
    if first is None:
        return None
    verdicts = {Verdict.UNREADABLE if one is None else one.verdict for one in judged}
    relations = _relations([one for one in judged if one is not None])
    if len(verdicts) == 1:
        verdict = worst([r.verdict for r in relations]) if relations else first.verdict
        if verdict is first.verdict or first.verdict is not Verdict.REFUTED:
            return _said_by_all(first, opinions)
    finding = Finding("reading", _differing(opinions), Severity.WARNING)
    notes = (f for f in first.findings if f.severity is Severity.NOTE)
    # What would be right in the first reading is no correction where another may be meant.
    kept = tuple(f for f in notes if f.code != "right-formula")
    return replace(first, verdict=Verdict.UNDECIDED, relations=relations, findings=(finding, *kept))


def _said_by_all(first: Judged, opinions: Sequence[Opinion]) -> Judged:
    """A claim with those findings that it has for every reading.

    What is to be written may be another thing for each, ½ Σ and ⅓ Σ, and is not said then. What is
    said with numbers, of shapes, is so of the first; and why a claim is not read is for the first.
    """
    judged = [one.judged for one in opinions if one.judged is not None]
    common = set.intersection(*({_essence(f) for f in one.findings} for one in judged))
    alike = set.intersection(*({(f.code, f.message) for f in one.findings} for one in judged))
    kept = tuple(
        f if _essence(f) in common else replace(f, suggestion=None, repaired=None)
        for f in first.findings
        if _essence(f) in common or (f.code, f.message) in alike
    )
    if first.verdict is Verdict.UNREADABLE and not kept:
        return first
    if not any(f.severity is Severity.ERROR for f in kept):
        codes = set.intersection(*({f.code for f in one.findings} for one in judged))
        own = next(one.reading for one in opinions if one.judged is first)
        where = _described(own, [one.reading for one in opinions if one.reading is not own])
        kept += tuple(
            replace(f, message=f"{where}: {f.message}", suggestion=None, repaired=None)
            for f in first.findings
            if f.code in codes and f.severity is Severity.ERROR
        )
    return replace(first, findings=kept)


def _essence(finding: Finding) -> tuple[str, str | None, str | None]:
    """What a finding says besides numbers, which sizes change: its code, and what to write."""
    return finding.code, finding.suggestion, finding.repaired


def _relations(judged: Sequence[Judged]) -> tuple[Relation, ...]:
    """The relations with what all say of each; none where they are not the same relations."""
    if len({len(one.relations) for one in judged}) != 1:
        return ()
    found = []
    for several in zip(*(one.relations for one in judged), strict=True):
        verdicts = {relation.verdict for relation in several}
        first = several[0]
        same = (
            first if len(verdicts) == 1 else replace(first, verdict=Verdict.UNDECIDED, witness=None)
        )
        found.append(same)
    return tuple(found)


def _differing(opinions: Sequence[Opinion]) -> str:
    """Under which reading of the network a claim holds, and under which it does not."""
    by_verdict: dict[str, Reading] = {}
    for opinion in opinions:
        verdict = "not read" if opinion.judged is None else _WORDS[opinion.judged.verdict]
        by_verdict.setdefault(verdict, opinion.reading)
    parts = [
        f"{word} {_described(reading, [r for r in by_verdict.values() if r is not reading])}"
        for word, reading in by_verdict.items()
    ]
    return f"the document can be read in several ways: this {' and '.join(parts)}"


_WORDS = {
    Verdict.PROVED: "holds",
    Verdict.REFUTED: "fails",
    Verdict.UNDECIDED: "is undecided",
    Verdict.UNREADABLE: "is not read",
}


def _described(reading: Reading, others: Sequence[Reading]) -> str:
    """A reading by what was chosen for it, or by a definition in which it is unlike `others`."""
    sizes = [f"{k} = {v}" for k, v in reading.sizes.items()]
    functions = [f"{k} = {v}" for k, v in reading.functions.items()]
    chosen = ", ".join([*filter(None, [reading.kind]), *sizes, *functions])
    if chosen:
        return f"for {chosen}"
    alike = {line for one in others for line in one.text.splitlines()}
    defining = (line for line in reading.text.splitlines() if ":" not in line.partition(" = ")[0])
    own = (line for line in defining if " = " in line and line not in alike)
    return f"for {next(own, 'the network that is shown')}"
