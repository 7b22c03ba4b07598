"""Claims about a large model as claims about whole families, judged as arrays.

Where every name exists for all numbers of the index letters, both sides are templates of families,
as the rules are that the program proves of itself (:mod:`derive.calculus.family_rules`), and are
compared in the same way: all instances at once, all entries of all vectors and matrices. What is
no template is judged one instance after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod

from derive.calculus.entries import misfit_of_sides
from derive.calculus.indices import ADJOINT, Indices
from derive.calculus.readings import Reading
from derive.calculus.templates import LayerTemplates, NoTemplateError
from derive.checking.equality import SEEMS_0, Answer, Comparison, Equality
from derive.exact.checking import TooHighError
from derive.exact.large import array_points
from derive.exact.points import NoValueError
from derive.formula import (
    Array,
    Call,
    Delta,
    Formula,
    Hadamard,
    Layer,
    Member,
    Name,
    Negative,
    Neuron,
    Number,
    Partial,
    Power,
    Product,
    Quotient,
    Sum,
    SumOver,
    Transposed,
    is_matrix,
    walk,
)
from derive.functions import BY_SYMBOL, SOFTMAX
from derive.functions.written import choices
from derive.model import Model
from derive.model.families import Family, instance
from derive.model.families import Indices as Numbers

MOST_AT_ONCE = 1 << 21
"""Instances and entries of one claim that are compared together."""
MOST_POWER = 100
ROW, COLUMN = "#row", "#column"
_SEVERAL = (SumOver, Neuron, Member, Array, Layer)
"""What may stand for several: a formula without any of it is one equation."""
_PLAIN = (Array, Delta, Hadamard, Layer, Name, Negative, Number, Product, Sum, Transposed)


@dataclass(frozen=True, slots=True)
class Whole:
    """Both sides of a claim as templates, with the ranges of their letters."""

    sides: tuple[Formula, Formula]
    runs: tuple[tuple[str, range], ...]


def whole(indices: Indices, left: Formula, right: Formula) -> Callable[[Reading], Whole] | None:
    """What makes a claim one of whole families, in one reading; nothing where it is none.

    It raises :class:`~derive.calculus.templates.NoTemplateError` where it is none in this reading,
    and :class:`~derive.calculus.entries.ShapeError` where its shapes do not fit.
    """
    model = indices.model
    nodes = [node for side in (left, right) for node in walk(side)]
    if array_points(model) is None or model.instances.has_absent:
        return None
    if not any(isinstance(n, _SEVERAL) for n in nodes):
        return None
    if not all(_is_plain(node, model) for node in nodes):
        return None
    runs = _runs(indices.ranges(left, right, joined_letters=True))
    tops = (node.of for node in nodes if isinstance(node, Partial))
    if runs is None or any(_may_be_given(x, indices, runs) for x in (left, *tops)):
        return None

    def made(reading: Reading) -> Whole:
        templates, ranges = LayerTemplates(indices, reading), dict(runs)
        if is_matrix(left) or is_matrix(right):
            shapes = templates.shape(left), templates.shape(right)
            if shapes[0] != shapes[1] and isinstance(left, Number) | isinstance(right, Number):
                raise NoTemplateError
            if shapes[0] != shapes[1]:
                raise misfit_of_sides(*shapes)
            ranges |= {x: range(1, n + 1) for x, n in zip((ROW, COLUMN), shapes[0], strict=True)}
            first, second = (templates.entry(side, ROW, COLUMN) for side in (left, right))
        else:
            first, second = templates.template(left), templates.template(right)
        if prod(map(len, ranges.values())) > MOST_AT_ONCE:
            raise NoTemplateError
        return Whole((first, second), tuple(ranges.items()))

    return made


def _runs(letters: Mapping[str, Sequence[int]]) -> dict[str, range] | None:
    """The numbers of index letters as ranges; nothing where some are left out."""
    if not all(n and len(n) == n[-1] + 1 - n[0] for n in letters.values()):
        return None
    return {letter: range(n[0], n[-1] + 1) for letter, n in letters.items()}


def _is_plain(node: Formula, model: Model) -> bool:
    """Whether a part of a claim means the same for whole families as for their members.

    What may have no value is left to single equations, and so are conditions and products Π.
    """
    if isinstance(node, _PLAIN):
        return True
    if isinstance(node, Member | Neuron):
        letters = node.letters if isinstance(node, Member) else ()
        return not any(letter.startswith("-") for letter in letters)
    if isinstance(node, Partial):
        by_one = isinstance(node.by, Name | Member | Neuron | Array | Layer)
        return by_one and node.of == Name(model.total)
    if isinstance(node, Call):
        known = node.function in BY_SYMBOL and node.function != "ln"
        return known or node.function == SOFTMAX
    if isinstance(node, Power):
        exponent = node.exponent
        return isinstance(exponent, Number) and exponent.value in range(MOST_POWER + 1)
    if isinstance(node, Quotient):
        return _is_positive(node.bottom)
    return isinstance(node, SumOver) and not node.multiplies


def _is_positive(formula: Formula) -> bool:
    """Whether a divisor is seen to be positive: a number, or made of exponentials."""
    if isinstance(formula, Number):
        return formula.value > 0
    if isinstance(formula, Call):
        return formula.function == "exp" and not formula.primes
    if isinstance(formula, SumOver):
        return _is_positive(formula.body)
    return isinstance(formula, Sum | Product) and all(map(_is_positive, formula.parts()))


def _may_be_given(subject: Formula, indices: Indices, runs: dict[str, range]) -> bool:
    """Whether what a claim is about may be given for some numbers, and defined for others.

    h_t = tanh(net_t) says what h_1 and those after it are, and nothing of h_0.
    """
    of = subject.of if isinstance(subject, Array) else subject
    if not isinstance(of, Member):
        return False
    instances = indices.model.instances
    families = [f for f in instances.families if f.key == of.stem]
    given = [f for f in families if f.definition is None]
    return len(given) < len(families) and any(_meets(of, family, runs) for family in given)


def _meets(member: Member, family: Family, runs: dict[str, range]) -> bool:
    """Whether a member with letters may be one of a family, by the indices that it has."""
    for (letters, offset), run in zip(member.indices, family.ranges, strict=False):
        own = [runs[letter] for letter in letters if letter in runs]
        if len(own) < len(letters):
            continue
        low, high = (offset + sum(r[end] for r in own) for end in (0, -1))
        if high < run.start or low >= run.stop:
            return False
    return True


def compared(equality: Equality, claim: Whole, *, quick: bool = False) -> Comparison | None:
    """Whether a claim holds in all of its instances and entries; nothing if arrays do not say it.

    Where it does not, the comparison is that of the first instance that fails, if it is not to be
    `quick`.
    """
    chosen = failing(equality, claim)
    if chosen is not None and not chosen:
        zero = equality.doubtful()
        return (
            Comparison(Answer.EQUAL)
            if zero is None
            else Comparison(Answer.UNKNOWN, reason=SEEMS_0, about=zero)
        )
    if chosen is None:
        return None
    if quick:
        return Comparison(Answer.DIFFERENT)
    one = equality.compare(*(single(equality.model, side, chosen) for side in claim.sides))
    return one if one.answer is Answer.DIFFERENT else None


def failing(equality: Equality, claim: Whole) -> dict[str, int] | None:
    """The first numbers of the letters for which a claim fails; none where it holds for all.

    Nothing if arrays do not say it.
    """
    from derive.calculus.family_rules import difference

    checking, free = equality.arrays, equality.is_kinked
    if checking is None or checking.arrays is None:
        return None
    try:
        if not equality.knows_kinks(_kinks(equality.model, claim)):
            return None
        found = difference(checking, [(list(claim.sides), dict(claim.runs))], [(0, free)])
    except (TooHighError, NoValueError, KeyError):
        return None
    if found is None:
        return {}
    # With free steps it may hold all the same: pieces of one function may be those of another.
    return None if free else found[1]


def _kinks(model: Model, claim: Whole) -> Iterable[Formula]:
    """The kinks that a claim passes itself, in all of its instances."""
    runs = dict(claim.runs)
    for kink in choices(claim.sides):
        letters = {x for m in walk(kink) if isinstance(m, Member) for x in m.letters}
        own = Indices(model).choices({x: runs[x] for x in letters})
        yield from (single(model, kink, chosen) for chosen in own)


def single(model: Model, template: Formula, chosen: dict[str, int]) -> Formula:
    """The instance of a template for these numbers of its letters."""

    def named(key: str, at: Numbers) -> Formula:
        own = key.removeprefix(ADJOINT)
        family = model.instances.at(own, at)
        assert family is not None
        name = Name(model.instances.name(family, at))
        return name if own == key else Partial(Name(model.total), name)

    return instance(template, chosen, named)
