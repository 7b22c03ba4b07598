r"""The definitions of a document: ``z_j = b_j + \sum_i a_i w_{ij}``, without derivatives."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise

from derive.checking.display import split
from derive.checking.documents import Found
from derive.checking.stating.mentions import (
    called_in,
    derivatives_in,
    is_numeric,
    speaks_of_vectors,
)
from derive.checking.stating.parser import FUNCTION_LETTERS, Parser, read
from derive.checking.stating.written import (
    Quantity,
    UnwrittenError,
    Written,
    changed,
    names,
)
from derive.functions import SOFTMAX, spelled
from derive.grammar.account import Account
from derive.grammar.connectives import joins, limits, plain_words
from derive.notations.greek import GREEK

_RELATION = re.compile(r":=|=|≡|≐|\\(?:equiv|triangleq|coloneqq|doteq)(?![A-Za-z])")
_NO_DEFINITION = re.compile(
    r"∂|∇|'|′|\\(?:partial|nabla|prime|leftarrow|gets|approx|propto|sim|in|leq?|geq?|neq?|Delta|"
    r"mathbb|ldots|cdots|dots|to|prod)(?![A-Za-z])|[<>≈←∈≤≥]|d[A-Za-z](?:_\w)?\s*/\s*d"
)
"""What a definition of a network does not hold: derivatives, updates and other relations."""
_ADJOINT = re.compile(r"(?:delta|Delta)\Z")
ERROR_STEMS = (
    "E",
    "J",
    "L",
    "C",
    "ell",
    "l",
    "xi",
    "loss",
    "Loss",
    "cost",
    "Cost",
    "Error",
    "error",
)
"""Stems of errors, those that are taken first."""


@dataclass(frozen=True)
class Definition:
    """One definition, and where it stands: from `start` to `end` in the formula with this number.

    `relations` are the sides as they are written, first the one that is defined, then each that was
    read as what it equals.
    """

    left: Quantity
    right: Written
    formula: int
    start: int
    end: int
    sides: tuple[str, ...]
    line: int = 0
    is_whole: bool = True
    """Whether it is all that its statement says: a chain goes on."""


@dataclass(frozen=True)
class Function:
    r"""A function that the document defines: ``\sigma(x) = 1/(1+e^{-x})``."""

    stem: str
    variable: Quantity
    value: Written


@dataclass(frozen=True)
class Said:
    """All that a document says of its network, in its order.

    `derivatives` are pairs: what derivatives are taken of, and by.
    """

    definitions: tuple[Definition, ...]
    functions: tuple[Function, ...]
    derivatives: tuple[tuple[Quantity, Quantity], ...]
    vectors: bool | None
    """Whether its names are vectors and matrices; nothing where it does not say it."""
    totals: bool
    """Whether anything is summed or multiplied over steps: Σ_t, Π_t."""
    numbers: bool
    """Whether any name gets a number, or a list of them: x = 2, W = a matrix of numbers."""
    aliases: tuple[tuple[Quantity, Quantity], ...] = ()
    """Names that are said to be others: a^{(0)} = x, h(x) = a^{(3)}."""

    @property
    def derived(self) -> Counter[str]:
        """The stems of what derivatives are taken of, with how often."""
        return Counter(of.stem for of, _ in self.derivatives)

    @property
    def by(self) -> Counter[str]:
        """The stems of what derivatives are taken by, with how often."""
        return Counter(by.stem for _, by in self.derivatives)


def collected(found: Sequence[Found], text: str) -> Said:
    """What the formulas of a document say; `text` is all of it."""
    pieces = _without_arguments(list(_pieces(found)))
    called = called_in(one.text for one in found)
    defined = {stem for _, start, piece in pieces if (stem := _left_stem(piece))}
    functions: list[Function] = []
    definitions: list[Definition] = []
    seen: set[tuple[Quantity, Written]] = set()
    aliases = [pair for _, _, piece in pieces for pair in _aliases(piece, defined)]
    for number, start, piece in pieces:
        stated = _stated(piece, defined, called)
        functions += _functions(piece, defined, called)
        if isinstance(stated, Function):
            functions.append(stated)
        elif stated is not None and (stated.left, stated.right) not in seen:
            seen.add((stated.left, stated.right))
            line = found[number].line + found[number].text[:start].count("\n")
            place = replace(
                stated,
                formula=number,
                start=start,
                end=start + len(piece),
                line=line,
                is_whole=len(_sides(piece)) == 2,
            )
            definitions.append(place)
    totals = any(re.search(r"\\(?:sum|prod)|[ΣΠ∑∏]", one.text) for one in found)
    pairs = tuple(derivatives_in(found))
    vectors = speaks_of_vectors(found, text)
    numbers = any(_is_data(piece, defined) for _, _, piece in pieces)
    known = _with_aliases(definitions, aliases)
    return Said(known, tuple(functions), pairs, vectors, totals, numbers, tuple(aliases))


Piece = tuple[int, int, str]
"""A statement: the number of its formula, its place there, and its text."""


def _without_arguments(pieces: list[Piece]) -> list[Piece]:
    r"""The statements without what quantities depend on: h^{(k)} for h^{(k)}(\mathbf{x}).

    That is what stands in brackets behind a name that a statement defines with it.
    """
    signs: set[str] = set()
    for _, _, piece in pieces:
        sides = [side.strip(" &\n") for side in _sides(piece)]
        behind = _WITH_ARGUMENT.fullmatch(sides[0])
        left = _left(sides[0], set()) if behind and len(sides) > 1 else None
        if behind is None or left is None or left[1] is None or _NO_DEFINITION.search(piece):
            continue
        if not isinstance(_meaning(left, "", sides[1:], set(), set()), Function):
            scripts = r"(?:\s*[_^]\s*(?:\{(?:[^{}]|\{[^{}]*\})*\}|\w))*"
            stem, argument = map(re.escape, behind.group(1, 2))
            signs.add(rf"(?<![A-Za-z\\]){stem}{scripts}\s*(\({argument}\))")

    def blanks(found: re.Match[str]) -> str:
        group = next(n for n in range(1, len(found.groups()) + 1) if found[n])
        kept = found[0].removesuffix(found[group])
        return kept + " " * len(found[group])

    sign = re.compile("|".join(signs)) if signs else None
    return [(n, start, sign.sub(blanks, piece) if sign else piece) for n, start, piece in pieces]


_WITH_ARGUMENT = re.compile(
    r"([^_^(]+?)\s*(?:[_^]\s*(?:\{(?:[^{}]|\{[^{}]*\})*\}|\w)\s*)*\(([^()]*)\)"
)
"""A name with its scripts, and what it depends on."""


def _aliases(piece: str, defined: set[str]) -> Iterator[tuple[Quantity, Quantity]]:
    """The names that a chain sets equal to each other."""
    sides = [side.strip(" &\n").rstrip(".,;") for side in _sides(piece)]
    named = [None if _NO_DEFINITION.search(side) else _left(side, defined) for side in sides]
    for one, other in pairwise(named):
        if (
            one
            and other
            and other[1] is None
            and one[0].stem != other[0].stem
            and not _no_quantity(one[0])
        ):
            yield one[0], other[0]


def _with_aliases(
    definitions: Sequence[Definition], aliases: Iterable[tuple[Quantity, Quantity]]
) -> tuple[Definition, ...]:
    """The definitions with those of names that are said to be others.

    So is what has no definition otherwise: the a^{(0)} of a^{(0)} = x, and the h that the error has
    for a^{(3)}; not where both stand in one definition, which compares them.
    """
    found = list(definitions)
    for pair in aliases:
        defined = {d.left for d in found}
        used = {name for d in found for name in names(d.right)}
        beside = any(set(pair) <= set(names(d.right)) for d in found)
        a, b = pair
        if beside or a in defined or not {a, b} & used:
            continue
        one, other = (b, a) if b.scripts and b in used - defined and a not in used else (a, b)
        if one in used and (other in defined or other not in used):
            found.append(Definition(one, other, -1, 0, 0, ()))
    return tuple(found)


def _pieces(found: Sequence[Found]) -> Iterator[tuple[int, int, str]]:
    """Every statement of every formula: the formula's number, its place, its text."""
    for number, one in enumerate(found):
        for piece in split(one.text, _is_prose, lambda letter: True, Account(len(one.text))).pieces:
            plain = _OLD_FONT.sub(lambda m: m[1].center(len(m[0])), _END.sub("", piece.text))
            yield number, piece.start, plain


_OLD_FONT = re.compile(r"\{\s*\\(?:cal|rm|it)\s+([A-Za-z])\s*\}")
_END = re.compile(r"(?:\s|\\end\s*\{[a-z]+\*?\}|\\(?:tag\*?|label)\s*\{[^{}]*\}|\\\\|[.,;])+\Z")


def _is_data(piece: str, defined: set[str]) -> bool:
    """Whether a statement gives numbers to a name, directly or at the end of its definition."""
    left, *sides = _sides(piece)
    numeric = any(map(is_numeric, sides))
    return numeric and "\\partial" not in left and _left(left.strip(" &"), defined) is not None


def _is_prose(text: str) -> bool:
    word = text.strip()
    return bool(plain_words(text)) and (word != text or " " in word or joins(text) or limits(text))


def _sides(piece: str) -> list[str]:
    """The sides of a chain of equations: what stands between relations outside of all brackets."""
    sides, depth, begin = [], 0, 0
    place = 0
    while place < len(piece):
        char = piece[place]
        if char == "\\" and piece[place + 1 : place + 2] in ("{", "}"):
            place += 2
            continue
        depth += (char in "{([") - (char in "})]")
        relation = _RELATION.match(piece, place) if not depth else None
        if relation:
            sides.append(piece[begin:place])
            begin = place = relation.end()
        else:
            place += 1
    return [*sides, piece[begin:]]


def _left_stem(piece: str) -> str | None:
    """The stem that a statement defines, if its left side is a name by itself."""
    sides = _sides(piece)
    if len(sides) < 2 or _NO_DEFINITION.search(piece):
        return None
    left = sides[0].strip().strip("&").strip()
    word = re.fullmatch(r"[A-Za-z]{2,}", left)
    if word and spelled(left) is None and left != SOFTMAX:
        return left
    with suppress(UnwrittenError):
        found = read(left, (left,))
        if isinstance(found, Quantity):
            return found.stem
    return None


def _stated(piece: str, defined: set[str], called: set[str]) -> Definition | Function | None:
    """What a statement defines: a quantity or a function; nothing for any other statement."""
    sides = [side.strip().strip("&").strip().rstrip(".,;") for side in _sides(piece)]
    for place, side in enumerate(sides[:-1]):
        left = None if _NO_DEFINITION.search(side) or not side else _left(side, defined)
        follows = sides[place + 1]
        renamed = len(sides) > place + 2 and not re.search(r"\(", follows)
        renamed = renamed and not _NO_DEFINITION.search(follows)
        if left is not None and not (renamed and _left(follows, defined)):
            return _meaning(left, side, sides[place + 1 :], defined, called)
    return None


def _functions(piece: str, defined: set[str], called: set[str]) -> Iterator[Function]:
    """The functions that a chain explains on its way: a = f(z) = 1/(1 + e^{-z})."""
    sides = [side.strip(" &\n").rstrip(".,;") for side in _sides(piece)]
    for place, side in enumerate(sides[1:-1], 1):
        left = None if _NO_DEFINITION.search(piece) else _left(side, defined)
        if left is not None and left[1] is not None:
            found = _meaning(left, side, sides[place + 1 :], defined, called)
            if isinstance(found, Function):
                yield found


def _meaning(
    left: tuple[Quantity, Quantity | None],
    written: str,
    sides: Sequence[str],
    defined: set[str],
    called: set[str],
) -> Definition | Function | None:
    """The definition of a left side by the first of the other sides that can be read."""
    quantity, variable = left
    if _no_quantity(quantity):
        return None
    for side in sides:
        if _NO_DEFINITION.search(side):
            continue
        try:
            right = read(side, defined, called)
        except UnwrittenError:
            continue
        inside = list(names(right))
        is_function = variable is not None and quantity.stem in FUNCTION_LETTERS
        if variable is not None and is_function and {q.stem for q in inside} <= {variable.stem}:
            return Function(quantity.stem, variable, right)
        if not inside or quantity in inside or isinstance(right, Quantity):
            return None
        return Definition(quantity, right, 0, 0, 0, (written, side))
    return None


def _no_quantity(left: Quantity) -> bool:
    """Whether a left side is rather an adjoint: δ, or a bar."""
    return _ADJOINT.match(left.stem) is not None or left.stem.endswith("bar")


def _left(side: str, defined: set[str]) -> tuple[Quantity, Quantity | None] | None:
    """The quantity that a left side is, and its argument if it has a single name in brackets."""
    try:
        parser = Parser(side, defined)
        stem, bold, inside = parser.stem()
        lower, upper, transposed = parser.scripts(inside)
        if transposed:
            return None
        variable = None
        if parser.next("("):
            rest = parser.text[parser.at :].strip()
            if not rest.endswith(")") or re.search(r"[=|]|\\mid", rest):
                return None
            with suppress(UnwrittenError):
                parts = parser.bracketed()
                if not all(isinstance(part, Quantity) for part in parts):
                    return None
                variable = parts[0] if len(parts) == 1 and isinstance(parts[0], Quantity) else None
            parser.at = len(parser.text)
        parser.end()
    except UnwrittenError:
        return None
    return Quantity(stem, lower, upper, bold), variable


def known_function(function: Function) -> str | None:
    """The function of the table that a definition states, by its shape; nothing for another."""
    x = Quantity("x")
    value = changed(function.value, lambda w: x if w == function.variable else None)
    for symbol, texts in _SHAPES.items():
        if any(read(text) == value for text in texts):
            return symbol
    return None


_SHAPES = {
    "sig": (
        r"\frac{1}{1+e^{-x}}", r"\frac{1}{1+\exp(-x)}", "1/(1+e^{-x})", r"\frac{e^x}{1+e^x}",
        r"\frac{1}{e^{-x}+1}", r"\frac{e^{x}}{e^{x}+1}",
    ),
    "tanh": (
        r"\frac{e^x-e^{-x}}{e^x+e^{-x}}", r"\frac{e^{2x}-1}{e^{2x}+1}", r"\tanh(x)", r"\tanh x",
    ),
    "relu": (r"\max(0,x)", r"\max(x,0)"),
    "softplus": (r"\log(1+e^x)", r"\ln(1+e^x)"),
}  # fmt: skip


def error_stems(said: Said) -> list[str]:
    """What may be the error, the likeliest first.

    That is an error by its letter of which derivatives are taken, then any other error, then
    whatever derivatives are taken of.
    """
    letters = [stem for stem in ERROR_STEMS if said.derived[stem]]
    defined = {definition.left.stem for definition in said.definitions}
    others = [stem for stem in ERROR_STEMS if stem in defined and stem not in letters]
    rest = [stem for stem, _ in said.derived.most_common() if stem not in (*letters, *others)]
    return [*letters, *others, *rest]


GREEK_NAMES = {sign: name for name, sign in reversed(GREEK.items())}
