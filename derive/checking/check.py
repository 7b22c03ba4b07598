"""Checking formulas, and whole documents: the public door of this room."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from derive.checking import documents
from derive.checking.claims import Judged, Report, Verdict
from derive.checking.documents.directives import SETTINGS, project_settings
from derive.checking.documents.walk import Met, Setting, Trouble, walked
from derive.checking.judge import Judge
from derive.checking.overlooked import is_condition
from derive.checking.reports.terminal import CheckReport
from derive.errors import InputError
from derive.files import exists, read_text
from derive.grammar.findings import Finding, Severity
from derive.model import Model
from derive.networks.build import model_of
from derive.networks.sources import Source
from derive.watch import Watch


def check(
    network: Source,
    *formulas: str,
    weight: str | None = None,
    watch: Watch = iter,
) -> Report:
    """Judge formulas in their order; what one defines ("inner = …") holds for those after it.

    `weight` is the parameter by which bare expressions, without a left side, are gradients. Raises
    :class:`InputError` for an unknown network or weight, and for a bare expression without one.
    """
    judge = Judge(model_of(network), weight)
    claims = []
    for formula in watch(formulas):
        claim = judge.judge(formula)
        if claim is None:
            claim = _not_a_claim(judge, formula)
        if claim is not None:
            claims.append(claim)
    return CheckReport(judge.model.network.name, None, tuple(claims), len(formulas) - len(claims))


def _not_a_claim(judge: Judge, formula: str) -> Judged | None:
    """What to say of a typed formula that claims nothing: nothing for definitions and numbers."""
    for statement in judge.silent:
        if statement.error is not None:
            finding = judge.read.back(statement.error.finding())
            return Judged(formula, Verdict.UNREADABLE, findings=(finding,))
        if len(statement.sides) == 1:
            raise InputError(
                f"formula {formula!r} is about no quantity of the network"
                if judge.weight is not None
                else f"formula {formula!r} has no '='; write it as an equation, or say with"
                " --weight by which weight it is the gradient"
            )
        if statement.defines is None and not judge.is_data(statement):
            message = "this makes no claim about the network"
            finding = Finding("no-claim", message, Severity.WARNING)
            return Judged(formula, Verdict.UNDECIDED, findings=(finding,))
    return None


def check_document(
    network: Source | None,
    text: str,
    kind: str,
    source: str | None = None,
    weight: str | None = None,
    watch: Watch = iter,
    macros: Sequence[str | Path] = (),
    **options: Any,
) -> Report:
    """Judge every formula of a document of a `kind`, one of :data:`~derive.checking.kinds.KINDS`.

    Without a `network`, the document names one: in a comment ``derive: network=…``, its front
    matter, or ``[tool.derive]`` of the nearest pyproject.toml. `macros` are files of macros that
    hold in it. The `options` are those of :func:`~derive.networks.sources.read`. Raises
    :class:`InputError` for a network that is none or is not named, a file of macros that cannot be
    read, and a directive that is none.
    """
    try:
        settings = {} if network is not None else _of_project(source)
        found = walked(text, kind, source, macros, settings)
        parts = _Parts(network, weight, options, settings)
        for one in watch(found):
            parts.take(one)
        return parts.report(source, None if kind == "ipynb" else text)
    except InputError as error:
        raise InputError(f"{source}: {error}" if source else str(error)) from error


def _of_project(source: str | None) -> dict[str, Setting]:
    """What the nearest pyproject.toml says of a file."""
    if source is None:
        return {}
    said, home = project_settings(Path(source))
    return {name: Setting(value, home) for name, value in said.items()}


@dataclass
class _Part:
    """What is known of the formulas of one file about one network."""

    judge: Judge
    source: str | None
    claims: list[Judged] = field(default_factory=list)
    read: int = 0
    before: Judged | None = None
    open_end: str = ""

    def take(self, one: Met) -> None:
        """Judge the next formula."""
        found, text = one.found, one.read.text
        claim = self.judge.judge(one.read, found.number, found.line, found.column)
        if claim is not None and claim.verdict is Verdict.UNREADABLE and is_condition(text):
            claim = claim if one.read.hopeless else None
        adjacent = not found.before
        if claim is None and adjacent and _RELATION.match(text):
            claim = _torn(found.text, found.number, found.line, found.column)
        if claim is not None:
            claim = replace(claim, cell=found.cell)
            if adjacent and self.open_end:
                claim = _unfinished(claim, self.open_end)
            self.claims.append(claim)
        elif self.before is not None and adjacent and _OPERATOR.match(text):
            self.claims[-1] = _unfinished(self.before, text)
        self.before = self.claims[-1] if claim is not None else None
        self.open_end = text if claim is None and _OPEN_END.search(text) else ""
        self.read += 1

    def report(self) -> Report:
        """All of it."""
        name = self.judge.model.network.name
        return CheckReport(name, self.source, tuple(self.claims), self.read - len(self.claims))


class _Parts:
    """The parts of one document, by its files and networks, in the order in which they begin."""

    def __init__(
        self,
        network: Source | None,
        weight: str | None,
        options: Mapping[str, Any],
        settings: Mapping[str, Setting],
    ) -> None:
        self.network = network
        self.weight = weight
        self.options = options
        self.settings = settings
        self.judges: dict[tuple[str, str], Judge] = {}
        self.parts: dict[tuple[str | None, tuple[str, str]], _Part] = {}

    def take(self, one: Met | Trouble) -> None:
        """Judge a formula, or report what is wrong with the document at a place."""
        part = self.part(one.source, one.settings)
        if isinstance(one, Met):
            part.take(one)
            return
        finding = Finding("missing-file", one.message)
        claim = Judged(one.text, Verdict.UNREADABLE, (), (finding,), None, one.line, one.column)
        part.claims.append(claim)
        part.read += 1

    def part(self, source: str | None, settings: Mapping[str, Setting]) -> _Part:
        """The part to which a formula belongs."""
        key = tuple(_named(settings, name) for name in SETTINGS)
        assert len(key) == 2
        found = self.parts.get((source, key))
        if found is None:
            if key not in self.judges:
                self.judges[key] = Judge(self.model(*key), self.weight)
                self.judges[key].reader.in_document = True
            found = self.parts[source, key] = _Part(self.judges[key], source)
        return found

    def model(self, network: str, notation: str) -> Model:
        """The model of the network that holds at a place, in the notation that holds there."""
        chosen = {"notation": notation} if notation else {}
        if network:
            return model_of(network, **chosen)
        if self.network is None:
            # Here a network that the document states by its own definitions will come in.
            raise InputError(_NO_NETWORK)
        if chosen and isinstance(self.network, Model):
            raise InputError(
                f"notation={notation}: the network comes from outside of the document; write"
                f" 'network=…' beside it, or --notation {notation} on the command line"
            )
        return model_of(self.network, **{**self.options, **chosen})

    def report(self, source: str | None, text: str | None) -> Report:
        """The report on all parts; on a document without formulas, one that says so.

        `text` is that of the document itself, without the files that it takes in.
        """
        if not self.parts:
            self.part(source, self.settings)
        reports = [
            replace(part.report(), text=text if part.source == source else None)
            for part in self.parts.values()
        ]
        if len(reports) == 1 and reports[0].source == source:
            return reports[0]
        return CheckReport(
            reports[0].network,
            source,
            tuple(claim for report in reports for claim in report.claims),
            sum(report.not_judged for report in reports),
            text,
            parts=tuple(reports),
        )


_NO_NETWORK = (
    "no network is named; write it before the document, as in 'derive check 2-4-3-2 notes.md', or"
    " in the document as a comment 'derive: network=2-4-3-2', in its front matter under 'derive:',"
    " or in pyproject.toml under [tool.derive]"
)


def _named(settings: Mapping[str, Setting], name: str) -> str:
    """The value of a setting; the path of a file if it is one beside its document."""
    found = settings.get(name)
    if found is None:
        return ""
    path = found.folder / found.value
    return str(path) if name == "network" and exists(str(path)) else found.value


_SIGN = r"(?:[-+*/·×⋅⊙−–]|\\(?:cdot|times|pm|mp|ast|div)(?![A-Za-z]))"
_OPERATOR = re.compile(rf"\s*{_SIGN}")
_OPEN_END = re.compile(rf"{_SIGN}(?:\s|\\[ ,;:!])*\Z")
_RELATION = re.compile(r"(?:\s|&|\{\})*(?:[=≈≡]|\\(?:approx|equiv)(?![A-Za-z]))")


def _unfinished(claim: Judged, beside: str) -> Judged:
    """A claim that may go on in the formula beside it; nothing is said of it then."""
    finding = Finding(
        "unreadable",
        f"the formula beside this, {beside.strip()[:40]}, has an operator at its end or its"
        " beginning and may belong to it; write both in one",
    )
    return replace(claim, verdict=Verdict.UNREADABLE, relations=(), findings=(finding,))


def _torn(text: str, number: str | None, line: int, column: int) -> Judged:
    """A formula that begins with a relation: what stands before it is in another one."""
    message = "this begins with a relation; write it in one formula with what it is equal to"
    finding = Finding("unreadable", message)
    return Judged(text, Verdict.UNREADABLE, (), (finding,), number, line, column)


def check_file(
    network: Source | None,
    path: str | Path,
    weight: str | None = None,
    watch: Watch = iter,
    kind: str | None = None,
    macros: Sequence[str | Path] = (),
    **options: Any,
) -> Report:
    """Judge every formula of the document at `path`, whose ending says its `kind` if that does not.

    All else is as in :func:`check_document`. Raises :class:`InputError` for a file that cannot be
    read, or of an unknown kind.
    """
    place = Path(path)
    kind = kind or documents.kind_of(place)
    text = read_text(place)
    return check_document(network, text, kind, str(path), weight, watch, macros, **options)
