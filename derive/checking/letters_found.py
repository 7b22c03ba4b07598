"""The letters of a document that its network has otherwise, found out by what holds with them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

from derive.calculus.indices import Indices
from derive.checking.claims import Judged, Relation, Verdict
from derive.checking.conventions import LEAST, Verdicts
from derive.checking.judge import UnfitError
from derive.checking.keys import key_of
from derive.checking.net_inputs import with_all_named
from derive.checking.own_conventions import DELTA
from derive.checking.speller import Speller
from derive.checking.surroundings import Surroundings
from derive.checking.trials import (
    Judging,
    Reading,
    gained,
    in_notation,
    is_read,
    knowing,
    noted,
    read_in,
    remains,
    verdict_of,
)
from derive.checking.usual_letters import in_usual_letters
from derive.errors import InputError
from derive.formula import Array, Formula, Name, Quotient, names_in, walk
from derive.model import Model, Role
from derive.model.facts import Facts
from derive.networks.equations.system import System
from derive.networks.sources import build
from derive.notations.free import split_name
from derive.notations.table import Pattern, pattern

MOST_ERRORS = 3
"""Names that are tried for the error of the network."""
_SIGNS = {
    "d": re.compile(r"(?<![A-Za-z\\])d\s*(?:[A-Za-z]|\\[A-Za-z]+)"),
    "delta": re.compile(r"(?:\\delta|δ)\s*(?:[A-Za-z\\{])"),
    "bar": re.compile(r"\\(?:bar|overline)(?![A-Za-z])"),
}
"""How a text looks in which a name's derivative of the error has the sign before it, or over it."""


# The letters of books for the arrays of a family of networks, which has its own.


def with_letters(own: Reading, judge: Judging) -> Reading:
    """The document by the letters of the author by which most of it is right, and less is wrong.

    What is right otherwise has to remain so.
    """
    best, most = own, 0
    for author, network in in_usual_letters(own.model.network):
        other = read_in(author, build(network), judge)
        kept = remains(own.verdicts, other.verdicts)
        count = Counter(map(verdict_of, other.verdicts))
        more = count[Verdict.PROVED] - count[Verdict.REFUTED]
        if kept and count[Verdict.PROVED] >= LEAST and more > most:
            best, most = other, more
    return best


_LAST = re.compile(r"\^\s*(?:\{\s*[(\[]?\s*([A-Z])\s*[)\]]?\s*\}|([A-Z]))(?![A-Za-z])")
"""A capital letter above a name."""


def with_last(own: Reading, judge: Judging) -> Reading:
    """The document with its own letter for the last layer, if it has another than the notation."""
    table = own.model.network.naming.table
    letters = {m[1] or m[2] for text in own.unread for m in _LAST.finditer(text)} - {
        "T",
        table.last,
    }
    if not table.by_layer or len(letters) != 1:
        return own
    (letter,) = letters
    other = read_in(letter, in_notation(own.model, replace(table, last=letter)), judge)
    return other if gained(own, other) else own


def _called(model: Model, total: str, written: Pattern) -> Model:
    """A network in which another name means the total error, too."""
    network = model.network
    if not model.has_neurons:
        return build(replace(network, written=(*network.written, (total, written))))
    notation = network.naming.table
    return in_notation(model, replace(notation, read=(*notation.read, ("E_total", written))))


_NAME = r"(\\(?:mathcal|mathscr)\s*\{\s*[A-Za-z]\s*\}|\\[A-Za-z]+|[A-Za-z]+)"
_DIFFERENTIATED = re.compile(
    rf"\\[dt]?frac\s*\{{\s*(?:\\partial(?![A-Za-z])|∂|d(?=\s*\\))\s*{_NAME}"
    rf"|\\nabla\s*_\s*(?:\{{(?:[^{{}}]|\{{[^{{}}]*\}})*\}}|\\?\w)\s*{_NAME}"
    rf"|(?:\\partial(?![A-Za-z])|∂)\s*{_NAME}(?:\([^()]*\))?\s*\}}?\s*/"
)
"""What a derivative is taken of."""


def with_error(own: Reading, judge: Judging) -> Reading:
    """The document with its own letter for the error of the network, if it has another one.

    That is a name which the network does not have, and of which derivatives are taken.
    """
    total = split_name(own.model.total)[0]
    found = (m for text in own.unread for m in _DIFFERENTIATED.finditer(text))
    names = Counter(m[1] or m[2] or m[3] for m in found)
    known = {split_name(name)[0] for name in own.model.quantities}
    best, most = own, 0
    for name, _ in names.most_common(MOST_ERRORS):
        try:
            written = pattern(name, {}, "")
        except InputError:
            continue
        if written.symbol is None or written.symbol.plain in known:
            continue
        called = _called(own.model, total, written)
        if not any(map(is_read, _alone([t for t in own.unread if name in t], called))):
            continue
        other = read_in(name, called, judge)
        new = gained(own, other)
        if new > most:
            note = f"{name} is read as {own.model.total}, the error of the network"
            best, most = replace(other, verdicts=noted(other.verdicts, note)), new
    return best


def _alone(
    texts: Iterable[str], model: Model, letters: Mapping[str, Formula] | None = None
) -> Iterator[Judged]:
    """What is said of these texts by themselves, of those that claim something."""
    judge = knowing(model, letters)
    for text in texts:
        claim = judge.judge(text)
        if claim is not None:
            yield claim


# A δ for each layer, also where what a function is applied to has no name.


def with_deltas(own: Reading, judge: Judging) -> Reading:
    """The document with δ as the error's derivative by what a function is applied to.

    That is so if more of what is not right without it is right then than wrong.
    """
    network = own.model.network
    asked = isinstance(network, System) and any(map(DELTA.search, own.unread))
    named = with_all_named(network) if asked and isinstance(network, System) else None
    if named is None:
        return own
    other = read_in(own.name, build(named), judge)
    return other if gained(own, other) else own


# Names for the outputs, and for what several quantities are divided by.

_SINGLE = re.compile(r"[^+*/·⋅=-]+")
"""What is no sum, product or derivative: a name by itself."""
MOST_ALONE = 10
"""Formulas with such a name of which one has to be right for the document to be read with it."""
MOST_INSTEAD = 3
"""Other meanings of a name with which a formula has to fail that says what it means."""
MOST_DIVISORS = 2
"""How many of these there may be, so that it is known which is meant."""


def with_own_name(own: Reading, judge: Judging) -> Reading:
    """The document with a name for the outputs, or for what several quantities are divided by.

    The S of y_i = e^{z_i}/S, which nothing defines, is Σ_k e^{z_k} if what is said with it holds,
    and the o of E = ½‖o − t‖² what the network computes.
    """
    names: dict[str, list[str]] = {}
    for claim in own.claims if not own.is_read else ():
        for f in claim.findings:
            if f.code == "unknown-name" and not is_read(claim) and f.start is not None:
                name = key_of(claim.text[f.start : f.end]).replace("\\", "")
                names.setdefault(name, []).append(claim.text)
    divisors = [{"": of} for of in _divisors(own.model)] if names else []
    outputs = _outputs(own.model) if names else []
    best, most = own, 0
    for name, meanings in product(sorted(names)[:MOST_ERRORS], [*divisors, *outputs]):
        stem = name if len(meanings) == 1 else name.partition("_")[0]
        letters = {stem + index: meaning for index, meaning in meanings.items()}
        others = _instead_of(meanings, own.model)
        if not any(
            _holds(text, own.model, letters)
            and not any(_holds(text, own.model, {**letters, stem: of}) for of in others)
            for text in names[name][:MOST_ALONE]
            if not _is_naming(text, name)
        ):
            continue
        try:
            other = read_in(name, own.model, judge, letters=letters)
        except UnfitError:
            continue
        new = gained(own, other)
        if new > most:
            shown = Speller(own.model, "", plain=False).inline(meanings[""])
            note = f"{stem} is read as {shown}"
            best, most = replace(other, verdicts=noted(other.verdicts, note)), new
    return best


def _is_naming(text: str, name: str) -> bool:
    """Whether a formula says nothing of a name but what it would be another one for: y = o."""
    sides = [side.strip() for side in text.split("=")]
    single = len(sides) == 2 and all(map(_SINGLE.fullmatch, sides))
    return single and name in (key_of(side).replace("\\", "") for side in sides)


def _holds(text: str, model: Model, letters: Mapping[str, Formula]) -> bool:
    """Whether a formula by itself is right with these meanings."""
    return any(claim.verdict is Verdict.PROVED for claim in _alone([text], model, letters))


def _instead_of(meanings: Mapping[str, Formula], model: Model) -> list[Formula]:
    """What a name may not mean as well, if a formula that holds is to say what it means.

    ∂C/∂s = ∂C/∂o ∂o/∂s holds with any s.
    """
    meant = meanings[""]
    if not isinstance(meant, Array):
        return [Name(name) for name in model.parameters[:1]]
    arrays = Indices(model).arrays.entries
    others: list[Formula] = [Array(Name(n), n) for n in arrays if Name(n) != meant.of]
    return others[:MOST_INSTEAD]


def _divisors(model: Model) -> list[Formula]:
    """What more than one quantity is divided by, if there are few of these."""
    found = Counter[Formula]()
    for _, definition in model.first_definitions():
        quotients = (node for node in walk(definition) if isinstance(node, Quotient))
        found.update({node.bottom for node in quotients if names_in(node.bottom)})
    several = [bottom for bottom, count in found.items() if count > 1]
    return several if len(several) <= MOST_DIVISORS else []


def _outputs(model: Model) -> list[dict[str, Formula]]:
    """What the error is made of and is not given, in a network of equations: a vector, its entry.

    They go by what stands behind the name that they may have.
    """
    if model.has_neurons:
        return []
    errors = [name for name in model.errors if model.quantities[name].role is Role.ERROR]
    made = {of for error in errors or [model.total] for of in model.inputs_of[error]}
    made = {name for name in made if name in model.definitions}
    if len(made) == 1:
        return [{"": Name(name)} for name in made]
    found: list[dict[str, Formula]] = []
    indices = Indices(model)
    for name, rows in indices.arrays.entries.items():
        entries = [entry for row in rows for entry in row]
        if {entry.name for entry in entries if isinstance(entry, Name)} == made:
            whole = Array(Name(name), name)
            entry = Surroundings(indices).entry(whole, [(("i",), 0)])
            found.append({"": whole} | ({"_i": entry} if entry else {}))
    return found


# Names for the derivatives of the error, which a file of equations does not know.


def with_gradient(network: Facts, sign: str) -> Facts:
    """The network in its own notation, but that a `sign` before a name means ∂E/∂ of it."""
    return replace(network, notation=replace(network.naming.table, gradient=sign))


def with_adjoints(
    own: Verdicts, judge: Callable[[str], Verdicts], texts: Sequence[str] = ()
) -> tuple[str, Verdicts]:
    r"""What is said with \bar{h}, dh or δh read as ∂E/∂h, where formulas hold so, and the sign.

    `judge` judges the document with a sign. Of what is not right without it, several equations have
    to be right then, or more than are wrong; and what is right has to remain so. One that is right
    by this name alone, ∂E/∂h = δh, tells nothing of it. Of the `texts` of
    all formulas, those without a claim may define names that are such derivatives.
    """
    best, verdicts, most = "", own, 0
    silent = [text for claim, text in zip(own, texts, strict=False) if claim is None]
    unread = [claim.text for claim in own if claim is not None and not is_read(claim)]
    open_ = "\n".join((*silent, *unread))
    for sign in (sign for sign, written in _SIGNS.items() if written.search(open_)):
        other = judge(sign)
        pairs = zip(own, other, strict=True)
        open_ones = [b for a, b in pairs if b is not None and verdict_of(a) is not Verdict.PROVED]
        relations = [r for claim in open_ones for r in claim.relations if not _only_names(r, sign)]
        new = Counter(relation.verdict for relation in relations)
        kept = remains(own, other)
        evident = new[Verdict.PROVED] > min(LEAST - 1, new[Verdict.REFUTED])
        if kept and evident and new[Verdict.PROVED] > most:
            best, verdicts, most = sign, other, new[Verdict.PROVED]
    return best, verdicts


_DERIVATIVE = re.compile(
    r"\\[dt]?frac\s*\{\s*(?:\\partial|\\mathrm\{d\}|∂|d)(?:[^{}]|\{[^{}]*\})*\}"
    r"\s*\{(?:[^{}]|\{[^{}]*\})*\}|[d∂]\s*\w+\s*/\s*[d∂]\s*\w+"
)


def _only_names(relation: Relation, sign: str) -> bool:
    """Whether one side is a derivative by itself, and the other the name that it would have."""
    sides = relation.left.strip(), relation.right.strip()
    slopes = [side for side in sides if _DERIVATIVE.fullmatch(side)]
    others = [side for side in sides if _SIGNS[sign].match(side) and _SINGLE.fullmatch(side)]
    return bool(slopes and others)
