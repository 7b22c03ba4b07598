"""Checking formulas, and whole documents: the public door of this room."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from derive.checking import documents
from derive.checking.claims import Judged, Report, StatedBy, Verdict
from derive.checking.conventions import MINUS_DELTA, Convention, Each, Verdicts, conventions, solved
from derive.checking.documents.walk import Met, Trouble, walked
from derive.checking.found_out import in_its_notation
from derive.checking.judge import Judge
from derive.checking.layouts import in_one_layout, laid_out
from derive.checking.letters_found import with_adjoints, with_gradient
from derive.checking.named_later import unrepaired, with_all_names
from derive.checking.overlooked import is_condition
from derive.checking.own_conventions import sign_of_delta
from derive.checking.reports.terminal import CheckReport
from derive.checking.spoken_cases import in_its_case, with_cases
from derive.checking.which_network import Key, key_of, model_with, settings_of
from derive.errors import InputError
from derive.files import read_text
from derive.grammar.findings import Finding, Severity
from derive.model import Model
from derive.networks.sources import Source, model_of
from derive.watch import Watch

if TYPE_CHECKING:
    from derive.checking.stating.judging import JudgeOfAll
    from derive.checking.stating.network import StatedNetwork


MOST_TYPED = 2_000
"""So many characters of typed formulas are read in several notations; longer ones in one."""


def check(
    network: Source,
    *formulas: str,
    weight: str | None = None,
    watch: Watch = iter,
    notation: str = "auto",
) -> Report:
    """Judge formulas in their order; what one defines ("inner = …") holds for those after it.

    In which notation they are is found out (:mod:`~derive.checking.found_out`), unless `notation`
    is ``own``, that of the network. `weight` is the parameter by which bare expressions, without a
    left side, are gradients. Raises :class:`InputError` for an unknown network or weight, and for a
    bare expression without one.
    """

    def judging(judge: Judge) -> Verdicts:
        found = []
        for formula in watch(formulas):
            claim = judge.judge(formula)
            found.append(_not_a_claim(judge, formula) if claim is None else claim)
        return found

    model = model_of(network)
    short = sum(map(len, formulas)) <= MOST_TYPED
    if notation == "auto" and weight is None and short:
        model, verdicts = in_its_notation(model, judging, typed=True)
    else:
        verdicts = judging(Judge(model, weight))
    claims = tuple(claim for claim in verdicts if claim is not None)
    return CheckReport(model.network.name, None, claims, len(formulas) - len(claims))


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
    notation: str = "auto",
    macros: Sequence[str | Path] = (),
) -> Report:
    """Judge every formula of a document of a `kind`, one of :data:`~derive.checking.kinds.KINDS`.

    Without a `network` it is the one that the document names, in a comment ``derive: network=…``,
    its front matter, its first line if the program wrote it, or ``[tool.derive]`` of the nearest
    pyproject.toml; else the one that it states itself, in its definitions. `macros` are files of
    macros that hold in it. In which notation it is is found out
    (:mod:`~derive.checking.found_out`), unless it says so or `notation` is ``own``, that of the
    network. Raises :class:`InputError` where there is no network and says
    what is missing, for a file of macros that cannot be read, and for a directive that is none.
    """
    try:
        settings = {} if network is not None else settings_of(text, source)
        met = with_cases(walked(text, kind, source, macros, settings))
        groups: dict[Key, list[Met | Trouble]] = {} if met else {key_of(settings): []}
        for one in met:
            groups.setdefault(key_of(one.settings), []).append(one)
        reports: list[Report] = []
        for key, group in groups.items():
            judge = _judge(network, key, group, text, source, weight)
            auto = notation == "auto" and not dict(key).get("notation") and weight is None
            reports += _reports(judge, group, source, watch, auto=auto)
    except InputError as error:
        said = str(error)
        named = source is None or said.startswith((f"{source}:", f"{Path(source).stem}:"))
        raise error if named else InputError(f"{source}: {error}") from error
    whole = None if kind == "ipynb" else text
    reports = [replace(r, text=whole) if r.source == source else r for r in reports]
    if len(reports) == 1 and reports[0].source == source:
        return reports[0]
    return CheckReport(
        reports[0].network,
        source,
        tuple(claim for report in reports for claim in report.claims),
        sum(report.not_judged for report in reports),
        text=whole,
        parts=tuple(reports),
    )


def _judge(
    network: Source | None,
    key: Key,
    group: Sequence[Met | Trouble],
    text: str,
    source: str | None,
    weight: str | None,
) -> JudgeOfAll | JudgeOfOne:
    """Who judges formulas about the network that is named beside them, given or stated."""
    chosen = dict(key)
    named = chosen.pop("network", "")
    given = named or network
    if given is None:
        from derive.checking.stating.judging import JudgeOfAll
        from derive.checking.stating.network import stated

        mets = [one for one in group if isinstance(one, Met)]
        plain = [one.plain for one in mets]
        return JudgeOfAll(stated(plain, text, Path(source or "document").stem), mets, weight)
    if chosen and isinstance(given, Model):
        said = "=".join(next(iter(chosen.items())))
        raise InputError(
            f"{said}: the network comes from outside of the document; write 'network=…' beside it,"
            f" or --{said.replace('=', ' ')} on the command line"
        )
    return JudgeOfOne(Judge(laid_out(model_with(given, chosen), text), weight))


def _reports(
    judge: JudgeOfAll | JudgeOfOne,
    group: Sequence[Met | Trouble],
    source: str | None,
    watch: Watch,
    *,
    auto: bool,
) -> list[Report]:
    """The reports on the formulas about one network, one for each of their files.

    Where it is `auto`, the notation of those about a network that is given is found out.
    """
    said: Verdicts
    if not auto:
        said = _verdicts(judge, group, watch)
    elif isinstance(judge, JudgeOfOne):
        given = judge.judges[0].model
        model, said = in_its_notation(given, lambda one: _verdicts(JudgeOfOne(one), group, watch))
        judge = judge if model is given else JudgeOfOne(Judge(model))
    else:
        plain, own = judge, _verdicts(judge, group, watch)
        lying = plain.lying_one_way()
        if lying is not None:
            plain, own = lying, _verdicts(lying, group, watch)

        def signed(sign: str) -> JudgeOfAll:
            return plain.having(partial(with_gradient, sign=sign)) if sign else plain

        sign, said = with_adjoints(
            own,
            lambda sign: _verdicts(signed(sign), group, watch),
            [one.read.text if isinstance(one, Met) else "" for one in group],
        )
        judge = signed(sign)
    judge, said = _with_stated_delta(judge, said, group, watch)
    verdicts, convention = solved(
        said,
        judge.conventions(),
        lambda settled: _judging(judge.under(settled), group, watch, explains=False),
        lambda settled: _verdicts(judge.under(settled), group, watch),
    )
    files: dict[str | None, list[Judged | None]] = {} if group else {source: []}
    for one, verdict in zip(group, verdicts, strict=True):
        files.setdefault(one.source, []).append(verdict)
    stating = judge.network
    reports: list[Report] = []
    for file, found in files.items():
        claims = tuple(claim for claim in found if claim is not None)
        silent = len(found) - len(claims)
        name = judge.judges[0].model.network.name
        reports.append(
            CheckReport(name, file, claims, silent, stated=_shown(stating), convention=convention)
        )
    return reports


def _judging(
    judge: JudgeOfAll | JudgeOfOne,
    group: Sequence[Met | Trouble],
    watch: Watch,
    *,
    explains: bool = True,
) -> Each:
    """What is said of one formula after the other, and then of all with every name known."""
    for one in judge.judges:
        one.relations.explains = explains

    def known(said: Verdicts) -> Verdicts:
        named = with_all_names(judge.judges, judge.judge, group, said)
        return in_one_layout(judge.judges, judge.judge, group, named)

    return _one_by_one(judge, group, watch), known


def _verdicts(
    judge: JudgeOfAll | JudgeOfOne, group: Sequence[Met | Trouble], watch: Watch
) -> Verdicts:
    """What is said of each formula; nothing of what makes no claim."""
    each, known = _judging(judge, group, watch)
    return known(list(each))


def _one_by_one(
    judge: JudgeOfAll | JudgeOfOne, group: Sequence[Met | Trouble], watch: Watch
) -> Iterator[Judged | None]:
    """The same as they are judged: each when the next is known, which may go on with it."""
    for judged in judge.judges:
        judged.reader.in_document = True
    waiting: list[Judged | None] = []
    open_end, place = "", None
    for one in watch(group):
        if isinstance(one, Trouble):
            finding = Finding("missing-file", one.message)
            at = (None, one.line, one.column)
            yield from waiting
            waiting = [Judged(one.text, Verdict.UNREADABLE, (), (finding,), *at)]
            open_end, place = "", None
            continue
        found, text = one.found, one.read.text
        for judged in judge.judges:
            judged.reader.in_display = found.display
        claim = judge.judge(one)
        if claim is not None and claim.verdict is Verdict.UNREADABLE and is_condition(text):
            claim = claim if one.read.hopeless else None
        adjacent = not found.before and place == (one.source, found.cell)
        if claim is None and not found.before and _RELATION.match(text):
            claim = _torn(found.text, found.number, found.line, found.column)
        claim = claim and replace(claim, cell=found.cell)
        if claim is not None and adjacent and open_end:
            claim = _unfinished(claim, open_end)
        elif claim is None and adjacent and _OPERATOR.match(text):
            waiting = [before and _unfinished(before, text) for before in waiting]
        yield from waiting
        waiting = [claim]
        place = (one.source, found.cell)
        open_end = text if claim is None and _OPEN_END.search(text) else ""
    yield from waiting


def _with_stated_delta(
    judge: JudgeOfAll | JudgeOfOne, said: Verdicts, group: Sequence[Met | Trouble], watch: Watch
) -> tuple[JudgeOfAll | JudgeOfOne, Verdicts]:
    """What is said with the δ that the document states, in all of it: δ_j = −∂E/∂z_j.

    What it states first counts.
    """
    signs = [sign_of_delta(one.read.text) if isinstance(one, Met) else 0 for one in group]
    minus = next((sign for sign in signs if sign), 0) < 0
    places = [n for n, sign in enumerate(signs) if sign < 0] if minus else []
    settled = (c for c in judge.conventions() if c.says == MINUS_DELTA) if places else iter(())
    meant = next(settled, None)
    if meant is None:
        return judge, said
    other = judge.under(meant)
    turned = _verdicts(other, group, watch)
    claims = [claim for n in places if (claim := turned[n]) is not None]
    named = [claim.relations[0].verdict for claim in claims if claim.relations]
    holds = named and len(named) == len(claims) and set(named) == {Verdict.PROVED}
    return (other, unrepaired(turned)) if holds else (judge, said)


def _shown(network: StatedNetwork | None) -> StatedBy | None:
    """What a report says of the network that a document states."""
    if network is None:
        return None
    places = tuple((d.line, " = ".join(d.sides)) for d in network.definitions)
    return StatedBy(network.summary, network.readings[0].text, places)


class JudgeOfOne:
    """Judges the formulas of a document about a network that is given."""

    network = None
    """The network that the document states itself, of which there is none here."""

    def __init__(self, judge: Judge) -> None:
        self.judges = [judge]

    def conventions(self) -> Iterator[Convention]:
        """What may be settled otherwise."""
        return conventions(self.judges[0].model.network, is_stated=False)

    def under(self, convention: Convention) -> JudgeOfOne:
        """A judge under a convention, who has read nothing yet."""
        weight = self.judges[0].weight
        judge = Judge(model_of(convention.network), weight, convention.formula)
        judge.reader.symbols.deltas.meaning = convention.delta
        return JudgeOfOne(judge)

    def judge(self, one: Met) -> Judged | None:
        """The verdict on one formula; nothing if it makes no claim."""
        place = one.found.number, one.found.line, one.found.column
        return in_its_case(one, lambda read: self.judges[0].judge(read, *place), self.judges)


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
    notation: str = "auto",
    macros: Sequence[str | Path] = (),
) -> Report:
    """Judge every formula of the document at `path`, whose ending says its `kind` if that does not.

    All else is as in :func:`check_document`. Raises :class:`InputError` for a file that cannot be
    read, or of an unknown kind.
    """
    place = Path(path)
    kind = kind or documents.kind_of(place)
    text = read_text(place)
    return check_document(network, text, kind, str(path), weight, watch, notation, macros)


def network_of(text: str, kind: str, source: str) -> str:
    """The network that a document states, as the text of a network file.

    Raises :class:`InputError` where its definitions make none.
    """
    from derive.checking.stating.network import stated

    plain = [one.plain for one in walked(text, kind, source) if isinstance(one, Met)]
    return stated(plain, text, Path(source).stem).readings[0].text
