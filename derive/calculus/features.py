"""What in a network of equations has a name of its own: gates, time, softmax, correlations.

All of it is seen from the definitions, with their index letters, and from the rules that were found
and proved; nobody has to say that a network is an LSTM cell or a convolution.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from derive.calculus.graph_rules import TIME, Rule, stated_letters
from derive.formula import (
    ONE,
    Call,
    Formula,
    Member,
    Name,
    Negative,
    Partial,
    Product,
    Sum,
    SumOver,
    product,
    walk,
)
from derive.formula.index import Index
from derive.functions import BY_SYMBOL
from derive.model import PARAMETERS, Model
from derive.model.families import Family, Key, array_of, member, opened

_SHARE = "(0, 1)"
"""How a row of functions says that all values are between 0 and 1."""


@dataclass(frozen=True)
class Gate:
    """A quantity between 0 and 1, and what it is multiplied by wherever it stands.

    Where `closing` is 1 − z of a gate z, z takes away from this what it gives to the other. `name`
    is what books call a gate in its place, where they have a name for it.
    """

    of: Formula
    passes: Formula
    closing: bool = False
    name: str = ""


def gates(model: Model) -> list[Gate]:
    """The gates of a network: outputs of a function between 0 and 1 that scale something.

    They stand as a factor beside what is no weight, in every definition in which they stand.
    """
    families = [f for f in model.instances.families if f.definition is not None]
    weights = {f.array for f in model.instances.families if f.role in PARAMETERS}
    found: list[tuple[Gate, Key]] = []
    for family in filter(_is_share, families):
        uses = [
            (use, other.array)
            for other in families
            if other.definition is not None
            for use in _uses(family.array, other.definition, weights)
        ]
        if uses and all(use for use, _ in uses):
            of = member(family.key, *family.letters)
            found += [(Gate(of, *use), into) for use, into in dict.fromkeys(uses) if use]
    return [replace(gate, name=_called(gate, into, found)) for gate, into in found]


def _called(gate: Gate, into: Key, all_: Sequence[tuple[Gate, Key]]) -> str:
    """What a gate is called that stands in the definition of an array: by what it lets through.

    A forget gate lets the state pass from one step to the next, an input gate adds to that state,
    and an output gate shows it. A gate that takes from the one what it gives to the other is an
    update gate, and beside it one before the last state inside of a candidate is a reset gate.
    """
    keeping = {key: other.of for other, key in all_ if key in _within(other.passes)}
    closing = [other.of for other, _ in all_ if other.closing]
    if gate.of in closing:
        return "update gate" if gate.of in keeping.values() else ""
    if into in keeping:
        return "forget gate" if keeping[into] == gate.of else "input gate"
    if any(key in keeping for key in _within(gate.passes)):
        return "reset gate" if closing else "output gate"
    return ""


def _within(formula: Formula) -> set[Key]:
    """The arrays of which members stand in a formula."""
    return {array_of(node) for node in walk(formula) if isinstance(node, Member)}


def _is_share(family: Family) -> bool:
    """Whether a family is the value of a function between 0 and 1."""
    definition = family.definition
    if not isinstance(definition, Call) or definition.primes:
        return False
    row = BY_SYMBOL.get(definition.function)
    return row is not None and row.within == _SHARE


def _uses(of: Key, formula: Formula, weights: set[Key]) -> Iterator[tuple[Formula, bool] | None]:
    """What the members of an array are multiplied by, where they stand; nothing if by nothing."""
    if isinstance(formula, Product):
        factors = [*_flat(formula)]
        own = [f for f in factors if _is_of(f, of) or _is_rest(f, of)]
        others = [f for f in factors if f not in own]
        if len(own) == 1:
            scales = any(
                isinstance(node, Member) and array_of(node) not in weights
                for other in others
                for node in walk(other)
            )
            yield (product(others), _is_rest(own[0], of)) if scales else None
            factors = others
        for factor in factors:
            yield from _uses(of, factor, weights)
        return
    if _is_of(formula, of):
        yield None
    for part in formula.parts():
        yield from _uses(of, part, weights)


def _flat(formula: Product) -> Iterator[Formula]:
    for factor in formula.factors:
        if isinstance(factor, Product):
            yield from _flat(factor)
        else:
            yield factor


def _is_of(formula: Formula, of: Key) -> bool:
    return isinstance(formula, Member) and array_of(formula) == of


def _is_rest(formula: Formula, of: Key) -> bool:
    """Whether a formula is 1 − z, of a member z."""
    if not isinstance(formula, Sum) or len(formula.terms) != 2 or formula.terms[0] != ONE:
        return False
    last = formula.terms[1]
    return isinstance(last, Negative) and _is_of(last.term, of)


# Of rules.


@dataclass(frozen=True)
class Time:
    """Steps of time that derivatives are passed back through; `apart` if the last has own rules."""

    last: int
    apart: bool


def through_time(model: Model, rules: Iterable[Rule]) -> Time | None:
    """Whether derivatives of one step of time are made of those of the next.

    `rules` are those of the derivatives of the error by what lies between.
    """
    letters = stated_letters(model)
    timed = [f for f in model.instances.families if TIME in f.letters]
    last = max((f.runs[TIME][-1] for f in timed), default=0)
    goes_back = False
    steps: dict[str, set[Index]] = {}
    for rule in rules:
        own = _step(rule.of, letters, model)
        if own is None:
            continue
        stem, (counted, number) = own
        steps.setdefault(stem, set()).add((counted, number))
        after = (counted, number + 1)
        goes_back = goes_back or any(
            isinstance(node, Partial) and (_step(node.by, letters, model) or own)[1] == after
            for node in walk(rule.equation.right)
        )
    apart = any(((), last) in found and len(found) > 1 for found in steps.values())
    return Time(last, apart) if goes_back else None


def _step(
    of: Formula, letters: Mapping[Key, Sequence[str]], model: Model
) -> tuple[str, Index] | None:
    """The family of a quantity and its step of time, if it has one."""
    if isinstance(of, Name):
        quantity = model.quantities[of.name]
        of = member(quantity.family, *quantity.indices)
    own = letters.get(array_of(of), ()) if isinstance(of, Member) else ()
    if not isinstance(of, Member) or TIME not in own:
        return None
    return of.stem, of.indices[list(own).index(TIME)]


def correlations(gradients: Iterable[Rule]) -> list[Rule]:
    """The rules of kernels: Σ_i ∂E/∂net_i · x_{i+k}, where k says how far the one is moved.

    The derivatives lie over the inputs at each place k, and what lies on one another is multiplied.
    """
    return [rule for rule in gradients if _is_correlation(rule)]


def _is_correlation(rule: Rule) -> bool:
    summed, body = opened(rule.equation.right)
    if not isinstance(body, Product):
        return False
    moved = {
        letter
        for factor in body.factors
        if isinstance(factor, Member)
        for letters, _ in factor.indices
        if not summed.keys().isdisjoint(letters)
        for letter in letters
        if letter in rule.ranges
    }
    return bool(moved) and any(isinstance(factor, Partial) for factor in body.factors)


def through_softmax(adjoints: Iterable[Rule]) -> list[tuple[Formula, Formula]]:
    """What goes into a softmax, with its share: ∂E/∂z_j = p_j·(∂E/∂p_j − Σ_m ∂E/∂p_m·p_m)."""
    return [
        (rule.of, rule.equation.right.factors[0])
        for rule in adjoints
        if isinstance(rule.equation.right, Product) and _is_centred(*rule.equation.right.factors)
    ]


def _is_centred(share: Formula, *others: Formula) -> bool:
    bracket = others[0] if len(others) == 1 else None
    if not isinstance(share, Member) or not isinstance(bracket, Sum) or len(bracket.terms) != 2:
        return False
    mean = bracket.terms[1].term if isinstance(bracket.terms[1], Negative) else None
    body = mean.body.parts() if isinstance(mean, SumOver) else ()
    return any(isinstance(f, Member) and array_of(f) == array_of(share) for f in body)
