"""What is said of statements without an ordinary verdict, and of where a chain breaks."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from derive.checking.claims import Ruled, Verdict, undecided
from derive.checking.digits import decimals, is_of_numbers
from derive.checking.statements import Ruling, Side, Statement, unreadable
from derive.formula import (
    ETA,
    Formula,
    Layer,
    Name,
    Neuron,
    Number,
    Partial,
    Product,
    Updated,
    walk,
)
from derive.grammar.findings import Finding, Severity
from derive.model import KINDS, Model

HOW_FAR = (
    "it may be right in another reading, with a Π that reaches less far, or with a fraction added"
    " to the number before it; write brackets, or a sign"
)


def where_it_breaks(wrong: Sequence[int], side: Side) -> Finding:
    """Which '=' of a chain fails, the first of all that do; `side` stands behind it."""
    first = wrong[0]
    which = _ORDINALS[first] if first < len(_ORDINALS) else f"{first + 1}th"
    fails = "one that fails" if len(wrong) == 1 else f"first of {len(wrong)} that fail"
    message = f"the {which} '=' is the {fails}"
    return Finding("chain-break", message, Severity.NOTE, None, side.start, side.end, first)


def redefined(statement: Statement) -> Ruling:
    """What was given a meaning, or a number, is given another."""
    note = Finding(
        "redefinition",
        f"{statement.sides[0].text} had another value before; a new meaning or a mistake?",
        Severity.WARNING,
        None,
        statement.start,
        statement.end,
    )
    return Ruling((), (note,), (Verdict.UNDECIDED,))


def doubted(
    statement: Statement, letters: Collection[str], given: Collection[str]
) -> Ruling | None:
    """A claim that fails, where it may mean something else: it is not read then.

    So it is where the author gave a number before to one of its index `letters`, and where it
    speaks of all examples at once, or something beside it may limit it.
    """
    both = next((letter for letter in letters if letter in given), None)
    if both is not None:
        message = f"{both} was given a meaning before, and is an index here; say which it is"
    else:
        message = statement.hedge
    if not message:
        return None
    return unreadable(Finding("unreadable", message, start=statement.start, end=statement.end))


def unless_near(ruled: Ruled, sides: Sequence[Formula], *, with_numbers: bool) -> Ruled:
    """What is said of two sides between which ≈ stands: that they are not equal refutes no formula.

    It refutes an arithmetic, and a decimal `with_numbers` to judge it by.
    """
    known = with_numbers and any(map(decimals, sides))
    if ruled[0] is not Verdict.REFUTED or known or all(map(is_of_numbers, sides)):
        return ruled
    return undecided(
        "undecided",
        "the two sides are not equal; whether they are near each other, as ≈ says, is not judged:"
        " write = if they are meant to be equal",
    )


def about_left(statement: Statement, model: Model) -> str:
    """What to say of a formula that fails, whose left side may mean something else; or nothing.

    Of ∂z/∂a where a is made of z authors mean 1/(∂a/∂z), and here it is 0; ∂E/∂w (0.4) may be the
    derivative where w is 0.4.
    """
    left = statement.sides[0].formula if statement.sides else None
    match left:
        case Product((Partial(), Number())):
            return "the number may be a factor, or where the derivative is taken; write · or a bar"
        case Partial(Name(of), Name(by)):
            made = of != by and of in model.quantities and by in model.downstream(of)
        case Partial(Neuron("net", layer), Neuron("out", other)):
            made = layer == other
        case _:
            made = False
    return "what it differentiates by is made of what it differentiates" if made else ""


def renames_rate(statement: Statement) -> bool:
    """Whether η or α is said to be a formula: it is then another letter than the rate."""
    if not any(side.formula == ETA for side in statement.sides):
        return False
    others = [side.formula for side in statement.sides if side.formula != ETA]
    return any(
        not is_of_numbers(other) and not any(isinstance(node, Updated) for node in walk(other))
        for other in others
    )


def rate_as_name(statement: Statement) -> Ruling:
    """The letter of the learning rate is given another meaning, which nobody can follow."""
    side = next(side for side in statement.sides if side.formula == ETA)
    message = f"{side.text} is the learning rate here; take another letter for something else"
    return unreadable(Finding("unreadable", message, start=side.start, end=side.end))


def with_itself(statement: Statement) -> Ruling:
    """A formula in which the derivative stands that it would be: an equals sign became another."""
    message = "the derivative that this would be stands in it itself; is an = missing?"
    return unreadable(Finding("no-left-side", message, start=statement.start, end=statement.end))


def without_left(statement: Statement) -> Ruling:
    """A formula without a relation beside a claim: nobody knows what it is there for."""
    message = "this has no relation to what stands beside it, and is the gradient of nothing in it"
    return unreadable(Finding("no-left-side", message, start=statement.start, end=statement.end))


_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")


def defines(model: Model, sides: Sequence[Formula]) -> bool:
    """Whether the first side is a net input or output, and the second says what it is."""
    first, kind = sides[0], ""
    if isinstance(first, Name) and first.name in model.definitions:
        kind = KINDS.get(model.quantities[first.name].role, "")
    elif isinstance(first, Neuron | Layer):
        kind = first.kind
    return kind in ("net", "out") and sides[1] != first
