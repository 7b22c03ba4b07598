"""What becomes of a statement with names that the network does not have."""

from __future__ import annotations

from dataclasses import replace

from derive.calculus.indices import Indices
from derive.checking.about_network import is_elsewhere, is_of_network
from derive.checking.array_names import with_identity
from derive.checking.statements import Statement
from derive.checking.symbols import Symbols
from derive.formula import Call, Letter, Member, Neuron, SumOver, walk
from derive.grammar.connectives import NO_NAMES
from derive.grammar.tokens import Unreadable
from derive.grammar.written import Unknown


def named(made: Statement, symbols: Symbols, indices: Indices, *, in_document: bool) -> Statement:
    """The statement with its unknown names dealt with: a definition, no claim, or an error.

    What stands in a document may be about something else.
    """
    formulas = with_identity([side.formula for side in made.sides])
    sides = zip(made.sides, formulas, strict=True)
    made = replace(made, sides=tuple(replace(side, formula=f) for side, f in sides))
    nodes = [node for side in made.sides for node in walk(side.formula)]
    unknown = [node for node in nodes if isinstance(node, Unknown)]
    about = any(is_of_network(node) for node in nodes)
    open_letters = indices.letters(*(side.formula for side in made.sides))
    if "*" in open_letters and len(made.sides) < 2:
        return replace(made, about_network=False)
    about = about or "*" in open_letters
    if not unknown:
        numbers = (
            all(not isinstance(node, Letter | Neuron | Member | SumOver) for node in nodes)
            and len(made.sides) > 1
        )
        letters = any(isinstance(node, Letter | Call) for node in nodes)
        return replace(made, about_network=about or numbers or letters)
    first = made.sides[0].formula
    if (
        (len(made.sides) == 2 or (about and len(made.sides) > 2))
        and isinstance(first, Unknown)
        and not first.familiar
        and ("^" not in first.text or "," in first.stem or "^" in first.stem)
        and first.text not in NO_NAMES
        and first.stem not in symbols.stems
        and not symbols.is_near_miss(first.text)
        and not symbols.is_slope(first.stem)
        and all(node.text == first.text and node is first for node in unknown)
    ):
        return replace(made, defines=first.stem)
    if not about and not any(node.familiar for node in unknown):
        return replace(made, about_network=False)
    if in_document and is_elsewhere(made, symbols):
        return replace(made, about_network=False)
    about = len(made.sides) > 1
    bad = unknown[0]
    names = symbols.owner
    error = Unreadable(
        f"{bad.text} is not in the network {names}{symbols.suggestion(bad.text)}",
        bad.place,
        bad.place + len(bad.text),
        "unknown-name",
    )
    return made.unread(error, about)
