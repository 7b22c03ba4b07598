"""Mistakes with softmax and cross-entropy, wherever a network has them."""

from __future__ import annotations

from collections.abc import Iterator

from derive.checking.diagnosis.case import Case, Repair
from derive.checking.diagnosis.ratio import without_value
from derive.formula import Call, Name, Negative, Partial, Quotient, walk


def softmax_diagonal(case: Case) -> Iterator[Repair]:
    """The sum over the paths that stay with one output, as if p_i depended on its own net only."""
    shares = case.tables.chain.shares
    if not shares or case.gradient is None:
        return
    diagonal = [
        value
        for path, value in case.paths
        if all(f.of not in shares or shares[f.of] == f.by for f in path)
    ]
    crossing = len(case.paths) - len(diagonal)
    if not crossing or sum(diagonal) % case.prime != case.got:
        return
    path = next(p for p, value in case.paths for f in p if f.of in shares and shares[f.of] != f.by)
    factor = next(f for f in path if f.of in shares and shares[f.of] != f.by)
    facts = {"of": Name(factor.of), "by": Name(factor.by), "slope": factor.value}
    yield Repair("softmax-diagonal", case.gradient_written, facts)


def softmax_ce(case: Case) -> Iterator[Repair]:
    """An output's own slope p·(1 − p) once more, in p − y or in what becomes it."""
    for share in case.tables.chain.shares:
        p = Name(share)
        slope = case.value(p * (1 - p))
        if slope and case.right and case.got == case.right * slope % case.prime:
            left = without_value(case, case.wrong, slope)
            facts = {"slope": p * (1 - p), "p": p}
            yield Repair("softmax-ce", left or case.gradient_written, facts)


def cross_entropy(case: Case) -> Iterator[Repair]:
    """∂E/∂p of −Σ y·ln p with the wrong sign, or without its divisor."""
    if case.gradient is None:
        return
    of, by = case.gradient
    definition = case.model.definitions.get(of)
    logarithm = Call("ln", Name(by))
    if definition is None or all(node != logarithm for node in walk(definition)):
        return
    local = case.tables.chain.local(of).get(by)
    bare = local.term if isinstance(local, Negative) else local
    if not isinstance(case.truth, Partial) or not isinstance(bare, Quotient) or local is None:
        return
    p = case.point.values[by]
    slips = {-case.right % case.prime: "sign", case.right * p % case.prime: "divisor"}
    slips[-case.right * p % case.prime] = "both"
    if case.got in slips:
        yield Repair("cross-entropy", local, {"by": Name(by), "slip": slips[case.got]})
