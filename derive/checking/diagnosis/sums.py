"""Mistakes with sums: paths and summands left out, one error for the total, zeros that are none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derive.calculus.chain import named
from derive.checking.diagnosis.case import Case, Repair
from derive.checking.diagnosis.sites import replaced
from derive.formula import (
    Delta,
    Formula,
    Name,
    Number,
    Partial,
    Sum,
    Updated,
    product,
    signs_out,
    total,
)
from derive.model import Role

MOST_CHOSEN = 22
"""Paths of which every subset is looked at."""


def missing_uses(case: Case) -> Iterator[Repair]:
    """A weight that is shared, or a quantity that leads to several: one of its uses left out."""
    if case.gradient is None or isinstance(case.wrong, Number | Partial):
        return
    of, by = case.gradient
    users = case.model.used_in[by]
    missing = (case.right - case.got) % case.prime
    if len(users) < 2 or not missing or not case.has_partials:
        return
    for user in users:
        if user == of:
            continue
        slope = case.tables.chain.local(user)[by]
        if case.tables.slope(of, user) * (case.value(slope) or 0) % case.prime == missing:
            added = signs_out(product([Partial(Name(of), Name(user)), slope]))
            facts = {"paths": [added], "use": Name(user)}
            yield Repair("missing-path", total([case.wrong, added]), facts)


def missing_paths(case: Case) -> Iterator[Repair]:
    """The sum over some of the paths, where all are asked for."""
    if len(case.paths) < 2 or not case.got or isinstance(case.wrong, Partial):
        return
    if next(missing_uses(case), None) is not None:
        return
    lost = _lost(case)
    if not lost:
        return
    added = [case.path_written(case.paths[i][0]) for i in lost]
    if isinstance(case.wrong, Sum) and all(isinstance(t, Partial) for t in case.wrong.terms):
        added = [named(case.paths[i][0]) for i in lost]
    yield Repair(
        "missing-path",
        _completed(case, lost, added),
        {"paths": added, "neurons": _neurons_only_on(case, lost)},
    )


def _lost(case: Case) -> list[int]:
    """Which paths the author's side leaves out, if it is the sum of the others."""
    values = [value for _, value in case.paths]
    everything = range(len(values))
    through: dict[str, list[int]] = {}
    for number, (path, _) in enumerate(case.paths):
        for factor in path:
            through.setdefault(factor.by, []).append(number)
    missing = (case.right - case.got) % case.prime
    for group in through.values():
        rest = [i for i in everything if i not in group]
        for lost in (group, rest):
            if (
                lost
                and len(lost) < len(values)
                and sum(values[i] for i in lost) % case.prime == missing
            ):
                return lost
    if len(values) <= MOST_CHOSEN:
        return _subset(values, missing, case.prime)
    return []


def _subset(values: Sequence[int], wanted: int, prime: int) -> list[int]:
    """The numbers of the values with this sum: all sums of one half meet those of the other."""
    half = len(values) // 2
    first = _sums(values[:half], prime)
    second = _sums(values[half:], prime)
    for value, chosen in second.items():
        other = first.get((wanted - value) % prime)
        if other is not None:
            mask = other | chosen << half
            if mask not in (0, (1 << len(values)) - 1):
                return [i for i in range(len(values)) if mask >> i & 1]
    return []


def _sums(values: Sequence[int], prime: int) -> dict[int, int]:
    """Every sum of some of the values → which, as bits."""
    sums = {0: 0}
    for place, value in enumerate(values):
        sums.update({(s + value) % prime: mask | 1 << place for s, mask in list(sums.items())})
    return sums


def _completed(case: Case, lost: list[int], added: list[Formula]) -> Formula:
    """The author's side with the lost paths, each where it belongs in a sum of all paths."""
    wrong = case.wrong
    terms = list(wrong.terms) if isinstance(wrong, Sum) else [wrong]
    kept = [i for i in range(len(case.paths)) if i not in lost]
    in_order = [case.value(term) for term in terms] == [case.paths[i][1] for i in kept]
    if not in_order:
        return total([*terms, *added])
    written = {**dict(zip(kept, terms, strict=True)), **dict(zip(lost, added, strict=True))}
    return total(written[i] for i in range(len(case.paths)))


def _neurons_only_on(case: Case, lost: list[int]) -> list[str]:
    """The outputs that only the lost paths pass through, nearest to the weight first."""
    kept = [path for i, (path, _) in enumerate(case.paths) if i not in lost]
    elsewhere = {factor.by for path in kept for factor in path}
    found: list[str] = []
    for i in lost:
        for factor in reversed(case.paths[i][0]):
            role = case.model.quantities[factor.by].role
            if role is Role.OUTPUT and factor.by not in elsewhere:
                found.append(factor.by)
                break
        else:
            return []
    return list(dict.fromkeys(found))


def premature_total(case: Case) -> Iterator[Repair]:
    """∂E_d1/∂w = ∂E_total/∂w or the reverse, or the value of one for the other."""
    whole, wrong = Name(case.model.total), case.wrong
    if case.gradient is None or case.gradient[0] not in (whole.name, *case.model.errors):
        return
    of, by = case.gradient
    errors = [Name(e) for e in case.model.errors if case.tables.slope(e, by)]
    if of == whole.name:
        part = wrong.of if isinstance(wrong, Partial) and wrong.by == Name(by) else None
        if isinstance(part, Name) and part.name in case.model.errors:
            others = [error for error in errors if error != part]
            facts = {"by": Name(by), "error": part, "others": others}
            repaired = total(Partial(error, Name(by)) for error in errors)
            yield Repair("premature-total", repaired, facts)
    elif case.got == case.tables.slope(whole.name, by):
        others = [error for error in errors if error != Name(of)]
        facts = {"by": Name(by), "error": Name(of), "others": others}
        if isinstance(wrong, Partial):
            repaired = total([wrong, *(-Partial(error, Name(by)) for error in others)])
            yield Repair("premature-total", repaired, facts)
        else:
            yield Repair("premature-total", wrong, facts, left=Partial(whole, Name(by)))


def false_zero(case: Case) -> Iterator[Repair]:
    """0 for a derivative that is not 0, as the whole side or as a summand of it."""
    candidates = _derivatives(case)
    for site in case.sites:
        if not (isinstance(site.formula, Number) and site.formula.value == 0):
            continue
        for candidate in candidates:
            whole = not site.trail
            if candidate == case.truth and not whole:
                continue
            if case.value(candidate) == site.needed:
                new = case.gradient_written if whole and candidate == case.truth else candidate
                repaired = replaced(case.wrong, site.trail, new)
                yield Repair("false-zero", repaired, {"derivative": candidate}, suggestion=new)
    yield from _dropped(case)


def _derivatives(case: Case) -> list[Formula]:
    """The derivatives for which a 0 may stand: those the author has written, and their parts."""
    found: dict[Formula, None] = {}
    for side in (case.truth, *case.before):
        for term in side.terms if isinstance(side, Sum) else (side,):
            if isinstance(term, Partial | Delta | Updated):
                found[term] = None
            if isinstance(term, Partial) and term.of == Name(case.model.total):
                found.update({Partial(Name(e), term.by): None for e in case.model.errors})
    return list(found)


def _dropped(case: Case) -> Iterator[Repair]:
    """A derivative that is not 0, left out from one side of '=' to the next."""
    previous = case.before[-1]
    if not isinstance(previous, Sum) or isinstance(case.wrong, Number):
        return
    missing = (case.right - case.got) % case.prime
    for term in previous.terms:
        if isinstance(term, Partial) and missing and case.value(term) == missing:
            repaired = total([case.wrong, term])
            yield Repair("false-zero", repaired, {"derivative": term})


def missing_terms(case: Case) -> Iterator[Repair]:
    """A summand left out of a weighted sum, or of a sum of errors."""
    known: dict[int, tuple[Formula, str]] = {}
    model = case.model
    for name in model.definitions:
        if model.quantities[name].role in (Role.NET, Role.TOTAL):
            for term in model.summands(name):
                known.setdefault(case.point.value(term), (term, name))
    for site in case.sites:
        if not site.term and not isinstance(site.formula, Sum):
            continue
        lost = known.get((site.needed - site.value) % case.prime)
        if lost is None or isinstance(site.formula, Number):
            continue
        term, _ = lost
        bias = isinstance(term, Name) and model.quantities[term.name].role is Role.BIAS
        repaired = replaced(case.wrong, site.trail, total([site.formula, term]))
        yield Repair("bias" if bias else "missing-term", repaired, {"term": term, "lost": True})
