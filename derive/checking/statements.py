"""What a display states, and what becomes of it.

Sides that are compared, or the reason why they could not be read; and how the rulings on several
readings of one statement are joined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from derive.checking.author_functions import Instead
from derive.checking.cases import NO_INSTANCE
from derive.checking.claims import Relation, Verdict, worst
from derive.formula import Formula
from derive.grammar.connectives import Range
from derive.grammar.findings import Finding, Severity
from derive.grammar.tokens import Unreadable
from derive.suggest import listed

Values = tuple[tuple[Formula, tuple[Fraction, ...]], ...]
"""The numbers that a formula speaks of, of what they are: 0 and 1 of a target."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of an equation: what it says, as it is written, and where.

    It is `near` where ≈ stands before it, and not =.
    """

    formula: Formula
    text: str
    start: int
    end: int
    near: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a display.

    `sides` are compared one after the other; a single one is a bare expression. `defines` is the
    name that the statement gives a meaning to, and `error` why it could not be read.
    `about_network` is false where no quantity of the network is spoken of. A formula about layer l
    is one statement for each layer that has its names; `layer` says which. `ranges` are the limits
    that stand beside it: for k = 1, 2. `doubt` says what keeps a bare expression from being a
    claim, should it be the gradient of something. `delta` is the name on the left side where that
    is δ of a network whose equations say nothing of it. `hedge` is what to say of one that
    fails, where it may mean something else. `instead` says what a letter of the author's stands
    for, for each of which there is a statement. `otherwise` are the sides where a Π reaches less
    far, or a fraction is added to the number before it, if it may be so; there are none where they
    could not be read.
    """

    sides: tuple[Side, ...]
    start: int
    end: int
    findings: tuple[Finding, ...] = ()
    defines: str | None = None
    error: Unreadable | None = None
    about_network: bool = True
    plain_text: bool = False
    layer: int | None = None
    ranges: tuple[Range, ...] = ()
    doubt: Unreadable | None = None
    delta: str | None = None
    hedge: str = ""
    instead: Instead | None = None
    of_examples: bool = False
    """Whether it is written of several examples, or of any parameter.

    Nothing of one can stand in its place then.
    """
    otherwise: tuple[Side, ...] | None = None
    values: Values = ()
    """Those for each of which it is judged."""
    right_class: str = ""
    """The letter of the targets, if it stands for the number of the right class."""

    @property
    def formulas(self) -> list[Formula]:
        """What its sides say."""
        return [side.formula for side in self.sides]

    def unread(self, error: Unreadable, about_network: bool | None = None) -> Statement:
        """The same where it could not be read: it states and defines nothing."""
        about = self.about_network if about_network is None else about_network
        return replace(self, sides=(), defines=None, error=error, about_network=about)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What became of one statement: nothing to judge, or relations with findings."""

    relations: tuple[Relation, ...] = ()
    findings: tuple[Finding, ...] = ()
    verdicts: tuple[Verdict, ...] = ()

    @property
    def judged(self) -> bool:
        """Whether the statement claimed something, so that there is a verdict on it."""
        return bool(self.verdicts)


def unreadable(*findings: Finding) -> Ruling:
    """A statement of which nobody can say what it claims, and why."""
    return Ruling((), findings, (Verdict.UNREADABLE,))


def joined(
    statements: Sequence[Statement], rulings: Sequence[Ruling], letter: str
) -> tuple[list[Statement], list[Ruling]]:
    """One statement and its ruling for each formula: of one about any layer, the worst.

    `letter` is what the author calls that layer.
    """
    groups: dict[int, list[tuple[Statement, Ruling]]] = {}
    for statement, judged in zip(statements, rulings, strict=True):
        about_layer = statement.layer is not None and judged.judged
        ruling = _in_layer(f"{letter} = {statement.layer}", judged) if about_layer else judged
        groups.setdefault(statement.start, []).append((statement, ruling))
    found = [
        _for_letter(max(group, key=lambda one: _rank(one[1])), group) for group in groups.values()
    ]
    return [s for s, _ in found], [r for _, r in found]


def _for_letter(
    worst_one: tuple[Statement, Ruling], group: Sequence[tuple[Statement, Ruling]]
) -> tuple[Statement, Ruling]:
    """What is said of a formula with a letter that stands for several parameters.

    Of one that may mean any of them, what is not right of all is nobody's mistake, unless it is
    wrong of each and of all together.
    """
    statement, ruling = worst_one
    instead = statement.instead
    if instead is None or not ruling.judged:
        return worst_one
    proved = [
        s.instead.meant for s, r in group if s.instead and set(r.verdicts) == {Verdict.PROVED}
    ]
    if instead.every or len(proved) == len(instead.all):
        message = f"{instead.letter} stands for {listed(instead.all)}; it is judged for each"
        note = Finding("placeholder", message, Severity.NOTE, None, statement.start, statement.end)
        return statement, replace(ruling, findings=(*ruling.findings, note))
    if instead.linear and all(Verdict.REFUTED in r.verdicts for _, r in group):
        message = f"{instead.letter} may be {listed(instead.all, 'or')}; it is wrong for each"
        note = Finding("placeholder", message, Severity.NOTE, None, statement.start, statement.end)
        return statement, replace(ruling, findings=(*ruling.findings, note))
    holds = f", and it holds for {listed(proved)} only" if proved else ""
    message = f"{instead.letter} may be {listed(instead.all, 'or')}{holds}; write which"
    start, end = statement.start, statement.end
    return statement, unreadable(Finding("unknown-name", message, start=start, end=end))


def _rank(ruling: Ruling) -> int:
    """How much a ruling counts: one about a layer in which there is nothing of it, little."""
    if not ruling.judged:
        return -2
    if any(finding.code == NO_INSTANCE for finding in ruling.findings):
        return -1
    return list(Verdict).index(worst(ruling.verdicts))


def _in_layer(layer: str, ruling: Ruling) -> Ruling:
    """A ruling whose findings say for which layer they are: l = 2."""
    findings = [
        f if f.severity is Severity.NOTE else replace(f, message=f"for {layer}: {f.message}")
        for f in ruling.findings
    ]
    if Verdict.REFUTED in ruling.verdicts and all(f.severity is Severity.NOTE for f in findings):
        findings.append(Finding("layer", f"it fails for {layer}", Severity.NOTE))
    return replace(ruling, findings=tuple(findings))


def for_no_neuron(ruling: Ruling) -> Ruling:
    """A claim about `out` without an index: right for every output neuron, or not decided."""
    if Verdict.REFUTED not in ruling.verdicts:
        return ruling
    finding = Finding(
        "no-neuron",
        "the names have no index, and it does not hold for every output neuron; name the neuron",
        Severity.WARNING,
    )
    relations = tuple(
        replace(r, verdict=Verdict.UNDECIDED) if r.verdict is Verdict.REFUTED else r
        for r in ruling.relations
    )
    kept = tuple(f for f in ruling.findings if f.severity is not Severity.ERROR)
    return Ruling(relations, (*kept, finding), tuple(r.verdict for r in relations))
