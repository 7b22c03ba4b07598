"""Conventions: what authors settle otherwise, so that formulas that fail as they stand are right.

One author's error has ½ in it, another's has not. A convention is a row of :data:`CONVENTIONS`: a
transformation of the network, or of what is read, under which claims are judged again. It is held
to be the author's only where several '=' that fail are right under it, and no claim that holds
fails: one '=' by itself is a mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

from derive.checking.claims import Judged, Solved, Verdict, left_open
from derive.checking.named_later import may_be_named_later
from derive.checking.net_inputs import named_otherwise, renamed
from derive.errors import InputError
from derive.formula import (
    ONE,
    RATIONALS,
    Call,
    Delta,
    Formula,
    Layer,
    Member,
    Name,
    Negative,
    Neuron,
    Power,
    Product,
    Sum,
    evaluate,
    is_number,
    number,
    transform,
    walk,
)
from derive.model import Role
from derive.model.facts import Facts
from derive.model.families import Family, array_of
from derive.networks.equations.system import System
from derive.networks.network import Network
from derive.notations.free import joined_name, split_name

LEAST = 2
"""As many '=' have to be right under a convention, before it is more than a mistake."""
_SQUARES = ("half-squared-error", "squared-error", "mean-squared-error")
_WORDS = {
    "half-squared-error": "half the sum of the squares",
    "squared-error": "the sum of the squares",
    "mean-squared-error": "the mean of the squares",
    "binary-cross-entropy": "the cross-entropy",
    "categorical-cross-entropy": "the cross-entropy",
}
_ENTROPIES = {"sigmoid": "binary-cross-entropy", "softmax": "categorical-cross-entropy"}
"""The errors of probabilities, by the activation that makes them."""

MINUS_DELTA = "δ is −∂E/∂ of the net input, and not ∂E/∂ of it"
_OF_OUTPUTS = "δ is ∂E/∂ of the output, and not of the net input"
_GROWS = "the error has the other sign, so that it is to grow"


@dataclass(frozen=True)
class Convention:
    """One thing that is settled otherwise: `says` ends the sentence "right if …".

    `network` is the network as it is then; `formula` what a formula that is read means then.
    `delta` says what δ is in a network of equations, minus the derivative or that by an output.
    """

    says: str
    network: Facts
    formula: Callable[[Formula], Formula] | None = None
    delta: str = ""


def conventions(network: Facts, is_stated: bool) -> Iterator[Convention]:
    """The conventions under which claims about a network may be right.

    Where a document states its network itself, neither its error nor which index of a weight comes
    first is another's to settle.
    """
    if isinstance(network, Network):
        yield from () if is_stated else _other_losses(network)
        yield Convention(MINUS_DELTA, network, _minus_delta)
    if isinstance(network, System):
        errors = () if is_stated else (_other_errors, _cross_entropies)
        for other in errors:
            yield from other(network)
        yield Convention(MINUS_DELTA, network, delta="minus")
        yield Convention(_OF_OUTPUTS, network, delta="output")
        yield from () if is_stated else _swapped(network)
        for inner in _net_inputs(network):
            yield inner
            assert isinstance(inner.network, System)
            for other in errors:
                for both in other(inner.network):
                    says = f"{both.says}, and {inner.says}"
                    yield replace(both, says=says, formula=inner.formula)


def _other_losses(network: Network) -> Iterator[Convention]:
    entropy = _ENTROPIES.get(network.activations[-1])
    known = (*_SQUARES, *([entropy] if entropy else []))
    if network.loss not in known:
        return
    for loss in known:
        if loss != network.loss:
            says = f"the error is {_WORDS[loss]}, and not {_WORDS[network.loss]}"
            # Its own targets may be none for which another error is made.
            with suppress(InputError):
                yield Convention(says, replace(network, loss=loss))
    factor = {"half-squared-error": "1/2*", "squared-error": ""}.get(network.loss)
    if factor is not None:
        yield Convention(_GROWS, replace(network, loss=f"-{factor}(t - o)^2"))


def _other_errors(network: System) -> Iterator[Convention]:
    ends = _ends(network)
    count = len(ends)
    for factor, says in (
        (Fraction(2), "the error has no ½ before it, or is twice what it is here"),
        (Fraction(1, 2), "the error has ½ before it"),
        (Fraction(1, count), f"the error is the mean of {count} terms, and not their sum"),
        (Fraction(count), f"the error is the sum of {count} terms, and not their mean"),
        (Fraction(-1), _GROWS),
    ):
        if factor != 1:
            yield Convention(says, _scaled(network, ends, factor))


def _cross_entropies(network: System) -> Iterator[Convention]:
    """The cross-entropy of outputs that sigmoids have, in the place of squares with or without ½.

    The square of each output less what is given becomes −t·ln o − (1 − t)·ln(1 − o).
    """
    definitions = network.instances.definitions
    changed: dict[str, Formula] = {}
    for end in _ends(network):
        squares = [node for node in walk(definitions[end]) if _entropy(node, definitions)]
        made = transform(definitions[end], partial(_entropy, definitions=definitions))
        whole = transform(
            definitions[end], lambda node: ONE if _entropy(node, definitions) else None
        )
        if not squares or not is_number(whole):
            return
        half = evaluate(whole, RATIONALS) / len(squares)
        changed[end] = Product((number(1 / half), made)) if half else made
    instances = network.instances.changed(changed)
    says = "the error is the cross-entropy, and not a square"
    yield Convention(says, replace(network, instances=instances))


def _entropy(node: Formula, definitions: Mapping[str, Formula]) -> Formula | None:
    """The cross-entropy of an output of a sigmoid, where `node` is the square of what it misses."""
    if not (isinstance(node, Power) and node.exponent == number(2) and isinstance(node.base, Sum)):
        return None
    parts = [part.term if isinstance(part, Negative) else part for part in node.base.terms]
    signs = {isinstance(part, Negative) for part in node.base.terms}
    named = [part for part in parts if isinstance(part, Name)]
    outputs = [part for part in named if part.name in definitions]
    if len(named) != len(parts) or len(parts) != 2 or len(outputs) != 1 or len(signs) != 2:
        return None
    (out,) = outputs
    (target,) = (part for part in named if part != out)
    made = definitions[out.name]
    if not isinstance(made, Call) or made.function != "sig":
        return None
    hit = Product((target, Call("ln", out)))
    rest, missed = (Sum((ONE, Negative(share))) for share in (target, out))
    return Negative(Sum((hit, Product((rest, Call("ln", missed))))))


def _net_inputs(network: System) -> Iterator[Convention]:
    """The network whose letter for a net input is that of another quantity."""
    for stem, owner, other, changed in named_otherwise(network):
        says = f"{stem} is the net input of {other}, and not of {owner}"
        yield Convention(says, changed, partial(renamed, stem=stem))


def _ends(network: System) -> list[str]:
    """The error; the errors of single steps or examples where it is the sum of those."""
    (last,) = network.instances.named(Role.TOTAL)
    formula = network.instances.definitions[last]
    terms = formula.terms if isinstance(formula, Sum) else ()
    names = [term.name for term in terms if isinstance(term, Name)]
    return names if names and len(names) == len(terms) else [last]


def _scaled(network: System, names: Sequence[str], factor: Fraction) -> System:
    definitions = network.instances.definitions
    scaled = {name: Product((number(factor), definitions[name])) for name in names}
    return replace(network, instances=network.instances.changed(scaled))


def _minus_delta(formula: Formula) -> Formula:
    """A formula in which each δ has the other sign."""

    def rule(node: Formula) -> Formula | None:
        lettered = isinstance(node, Neuron | Layer) and node.kind == "delta"
        return Negative(node) if lettered or isinstance(node, Delta) else None

    return transform(formula, rule)


def _swapped(network: System) -> Iterator[Convention]:
    """The network whose weights have their two indices the other way round."""
    families = network.instances.families
    twofold = {f.array for f in families if f.role is Role.WEIGHT and len(f.ranges) == 2}
    if not twofold:
        return
    parted = {name: split_name(name) for name in network.weights}
    new = {name: joined_name(stem, at[::-1]) for name, (stem, at) in parted.items() if len(at) == 2}

    def rule(node: Formula) -> Formula | None:
        if not isinstance(node, Member) or array_of(node) not in twofold:
            return None
        return Member(node.stem, node.indices[::-1])

    def turned(family: Family) -> Family:
        way = slice(None, None, -1 if family.array in twofold else 1)
        definition = family.definition and transform(family.definition, rule)
        ranges, letters = family.ranges[way], family.letters[way]
        return replace(family, ranges=ranges, letters=letters, definition=definition)

    swapped = replace(
        network.remade(turned, lambda name: new.get(name, name)),
        letters={k: v[::-1] if k[1] == 2 else v for k, v in network.letters.items()},
    )
    yield Convention("the first index of a weight is that of its source", swapped)


Verdicts = Sequence[Judged | None]
"""What is said of each formula of a document, in its order; nothing of what claims nothing."""


Each = tuple[Iterator[Judged | None], Callable[[Verdicts], Verdicts]]
"""A document judged a formula at a time, and what says the rest of it when all names are known."""


def solved(
    before: Verdicts,
    candidates: Iterator[Convention],
    judge: Callable[[Convention], Each],
    explained: Callable[[Convention], Verdicts] | None = None,
) -> tuple[Verdicts, Solved | None]:
    """The claims under the convention that makes most of those right that fail; else as they are.

    `judge` judges the whole document again under a convention, a formula at a time: it is asked
    for no further one when the convention can no longer be the one. What speaks of a name that may
    be given later counts when all of them are known. Where `judge` does not say what is wrong with
    what fails, `explained` judges the document once more under the convention that is found.
    """
    failing = {n: _failures(one) for n, one in enumerate(before) if _is(one, Verdict.REFUTED)}
    fails = sum(failing.values())
    if fails < LEAST:
        return before, None
    best: tuple[int, Convention, Verdicts] | None = None
    for convention in candidates:
        least = max(LEAST, fails / 2, best[0] + 1 if best else 0)
        each, known = judge(convention)
        after = _while_possible(before, each, failing, least, later=True)
        if after is not None:
            after = _while_possible(before, iter(known(after)), failing, least)
        if after is not None:
            right = sum(count for n, count in failing.items() if _is(after[n], Verdict.PROVED))
            best = right, convention, after
            if right == fails:
                break
    if best is None:
        return before, None
    _, convention, after = best
    if explained is not None and any(_is(after[n], Verdict.REFUTED) for n in failing):
        after = explained(convention)
    found = [_right_if(a, b, convention) for a, b in zip(before, after, strict=True)]
    right = sum(_is(after[n], Verdict.PROVED) for n in failing)
    return found, Solved(convention.says, right, len(failing) - right)


def _while_possible(
    before: Verdicts,
    judged: Iterator[Judged | None],
    failing: Mapping[int, int],
    least: float,
    *,
    later: bool = False,
) -> Verdicts | None:
    """What is said under a convention; nothing as soon as it spoils what is proved without it.

    Nor when fewer than the `least` of what fails can still become right. What may become so `later`
    by names that are given behind it is left open.
    """
    after: list[Judged | None] = []
    possible = sum(failing.values())
    for n, (old, new) in enumerate(zip(before, judged, strict=True)):
        after.append(new)
        is_open = later and new is not None and may_be_named_later(new)
        if not is_open and not _is(new, Verdict.PROVED):
            possible -= failing.get(n, 0)
            if _is(old, Verdict.PROVED) or possible < least:
                return None
    return after


def _failures(judged: Judged | None) -> int:
    """How many '=' of a claim fail: what makes several right at once is no single mistake."""
    failing = sum(r.verdict is Verdict.REFUTED for r in judged.relations) if judged else 0
    return max(1, failing)


def _is(judged: Judged | None, verdict: Verdict) -> bool:
    return judged is not None and judged.verdict is verdict


def _right_if(before: Judged | None, after: Judged | None, convention: Convention) -> Judged | None:
    """A claim that fails and is right under a convention is not decided; any other is as it was.

    What fails under it, too, is told what is wrong with it under it.
    """
    if before is None or after is None or before.verdict is not Verdict.REFUTED:
        return before
    if after.verdict is not Verdict.PROVED:
        return after if after.verdict is Verdict.REFUTED else before
    return left_open(before, "convention", f"right if {convention.says}")
