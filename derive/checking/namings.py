"""Names that an author gives to quantities of the network: S_j = … for p_j, and h̃_t = … for g_t.

What the name means has to equal the quantity. It is that quantity from then on, by which there are
derivatives. The E_o that equals the error's derivative by the net input Z_o is a name of that.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from derive.checking.claims import Relation, Verdict
from derive.checking.comparing import Comparing
from derive.checking.delta_names import SYMBOLS
from derive.checking.member_keys import index_of
from derive.checking.statements import Ruling, Statement
from derive.formula import (
    Array,
    Call,
    Formula,
    Layer,
    Member,
    Name,
    Neuron,
    Number,
    Partial,
    is_matrix,
)
from derive.formula.index import Index
from derive.grammar.findings import Finding, Severity

MOST_SUBJECTS = 200
"""Quantities and families with which a definition is compared."""
Named = tuple[Ruling, Formula | None]


def of_quantity(statement: Statement, right: Formula, comparing: Comparing) -> Named | None:
    """The ruling on a statement that gives a name to what the network calls otherwise, or nothing.

    `right` is what it means. With the ruling comes the quantity, family, vector or matrix, if there
    is only one that it can be.
    """
    if len(statement.sides) > 2:
        return None
    if isinstance(right, Name | Member | Array | Layer | Neuron | Number):
        return None
    indices = _indices(statement.defines or "")
    if indices is None:
        return None
    subjects = _arrays if is_matrix(right) else _members
    some = islice(subjects(comparing, indices), MOST_SUBJECTS)
    found = [of for of in some if _holds(comparing, of, right)]
    slopes = () if found else _slopes(comparing, statement.defines or "")
    found += [of for of in slopes if _holds(comparing, of, right)]
    if not found:
        return None
    message = f"{statement.sides[0].text} is {_called(found[0])}"
    note = Finding("alias", message, Severity.NOTE, None, statement.start, statement.end)
    left, other = statement.sides
    relation = Relation(left.text, other.text, Verdict.PROVED, None)
    ruling = Ruling((relation,), (*statement.findings, note), (Verdict.PROVED,))
    return ruling, found[0] if len(found) == 1 else None


def _indices(name: str) -> tuple[Index, ...] | None:
    """The indices below a name, all of them with letters; nothing where they are none such."""
    sub = name.partition("^")[0].partition("_")[2]
    parts = sub.split(",") if "," in sub else list(sub) if sub.isalpha() else [sub] if sub else []
    indices = [index for part in parts if (index := index_of(part)) is not None and index[0]]
    return tuple(indices) if len(indices) == len(parts) else None


def _members(comparing: Comparing, indices: tuple[Index, ...]) -> Iterator[Formula]:
    """What is defined in the network with so many index letters; single quantities without."""
    model = comparing.equality.model
    if model.has_neurons:
        return
    for family in model.instances.families:
        if family.definition is not None and len(family.ranges) == len(indices):
            yield Member(family.key, indices) if indices else Name(family.key)


def _arrays(comparing: Comparing, indices: tuple[Index, ...]) -> Iterator[Formula]:
    """The vectors and matrices that are defined in the network with so many indices written."""
    model, places = comparing.equality.model, comparing.cases.indices.arrays
    if model.has_neurons:
        for layer in range(1, len(model.sizes)) if not indices else ():
            yield Layer("net", layer)
            yield Layer("out", layer)
        return
    for stem, written in places.places.values() if not indices else ():
        if not written and _is_defined(comparing, stem):
            yield Array(Name(stem))
    for stem in places.families if indices else ():
        known = places.alike(stem, len(indices))
        if any(_is_defined(comparing, name) for name in known):
            yield Array(Member(stem, indices))


def _is_defined(comparing: Comparing, name: str) -> bool:
    first = comparing.cases.indices.arrays.entries[name][0][0]
    return isinstance(first, Name) and first.name in comparing.equality.model.definitions


def _holds(comparing: Comparing, subject: Formula, right: Formula) -> bool:
    try:
        return comparing.holds(subject, right)
    except (KeyError, ValueError):
        return False


def _slopes(comparing: Comparing, name: str) -> Iterator[Formula]:
    """The error's derivative by the net input that has the index of a name: Z_o beside E_o."""
    model, (_, _, index) = comparing.equality.model, name.partition("_")
    for _, made in model.first_definitions() if index else ():
        of = made.argument if isinstance(made, Call) and made.function in SYMBOLS else None
        if isinstance(of, Name) and of.name.partition("_")[2] == index:
            yield Partial(Name(model.total), of)


def _called(subject: Formula) -> str:
    """What that is to which a name is given."""
    if isinstance(subject, Partial):
        return f"the derivative of the error by {_called(subject.by).split()[-1]}"
    of = subject.of if isinstance(subject, Array) else subject
    if isinstance(of, Layer):
        return f"what the network calls the {_KINDS[of.kind]} of a layer"
    name = of.stem if isinstance(of, Member) else of.name if isinstance(of, Name) else ""
    return f"what the network calls {name}"


_KINDS = {"net": "net input", "out": "output"}
