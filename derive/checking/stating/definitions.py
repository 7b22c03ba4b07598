r"""The definitions of a document: ``z_j = b_j + \sum_i a_i w_{ij}``, without derivatives."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from derive.checking.display import split
from derive.checking.documents import Found
from derive.checking.stating.parser import FUNCTION_LETTERS, Parser, read
from derive.checking.stating.spelling import ACCENTS, FACES, SQUARED
from derive.checking.stating.written import (
    Node,
    Quantity,
    UnwrittenError,
    Written,
    changed,
    names,
    number,
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
_DERIVED = re.compile(
    r"\\[dt]?frac\s*\{\s*(?:\\partial|∂|d(?![a-z]))\s*\^?([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}"
    r"\s*\{\s*(?:\\partial|∂|d(?![a-z]))\s*([^{}]*(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}[^{}]*)*)\}"
)
_NABLA = re.compile(
    r"\\nabla\s*_\s*(\{(?:[^{}]|\{[^{}]*\})*\}|\\?[A-Za-z])\s*([A-Za-z]|\\[A-Za-z]+)"
)
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
    unread: tuple[Quantity, ...] = ()
    """The names whose definition by others cannot be read."""

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
    pieces = list(_pieces(found))
    called = _called(one.text for one in found)
    defined = {stem for _, start, piece in pieces if (stem := _left_stem(piece))}
    functions: list[Function] = []
    definitions: list[Definition] = []
    seen: set[tuple[Quantity, Written]] = set()
    unread: list[Quantity] = []
    for place, start, piece in pieces:
        stated, missed = _stated(piece, defined, called)
        unread += missed
        line = found[place].line + found[place].text[:start].count("\n")
        whole = len(_sides(piece)) == 2
        for one in stated:
            if isinstance(one, Function):
                functions.append(one)
            elif (one.left, one.right) not in seen:
                seen.add((one.left, one.right))
                placed = replace(one, formula=place, start=start, end=start + len(piece))
                definitions.append(replace(placed, line=line, is_whole=whole))
    definitions = _with_squares(definitions)
    totals = any(re.search(r"\\(?:sum|prod)|[ΣΠ∑∏]", one.text) for one in found)
    pairs = tuple(_derivatives(found))
    vectors = _of_vectors(found, text)
    numbers = any(_is_data(piece, defined) for _, _, piece in pieces)
    return Said(
        tuple(_directed(definitions)),
        tuple(functions),
        pairs,
        vectors,
        totals,
        numbers,
        tuple(unread),
    )


def _with_squares(definitions: Sequence[Definition]) -> list[Definition]:
    """The definitions with a name for a square that one of them defines, like σ²."""
    squares = {d.left.stem for d in definitions if d.left.stem.endswith(SQUARED)}
    if not squares:
        return list(definitions)

    def rule(written: Written) -> Written | None:
        name = written.parts[0] if isinstance(written, Node) and written.parts else written
        if not isinstance(name, Quantity) or name.stem + SQUARED not in squares:
            return None
        square = replace(name, stem=name.stem + SQUARED)
        if name is written:
            return Node("power", (square, Node("quotient", (number("1"), number("2")))))
        return square if written == Node("power", (name, number("2"))) else None

    return [replace(d, right=changed(d.right, rule)) for d in definitions]


def _directed(definitions: Sequence[Definition]) -> Iterator[Definition]:
    """The definitions in which what is only another name is defined by the one that is known.

    Names that are the same already, or that both have a definition, are left as they are.
    """
    stated = {d.left for d in definitions if not isinstance(d.right, Quantity)}
    same: dict[Quantity, Quantity] = {}

    def known_as(name: Quantity) -> Quantity:
        while name in same:
            name = same[name]
        return name

    for definition in definitions:
        left, right = definition.left, definition.right
        if not isinstance(right, Quantity):
            yield definition
            continue
        if left in stated:
            left, right = right, left
        if left not in stated and known_as(left) != known_as(right):
            stated.add(left)
            same[known_as(left)] = known_as(right)
            yield replace(definition, left=left, right=right)


def _pieces(found: Sequence[Found]) -> Iterator[tuple[int, int, str]]:
    """Every statement of every formula: the formula's number, its place, its text."""
    for place, one in enumerate(found):
        for piece in split(one.text, _is_prose, lambda letter: True, Account(len(one.text))).pieces:
            yield place, piece.start, _END.sub("", piece.text)


_END = re.compile(r"(?:\s|\\end\s*\{[a-z]+\*?\}|\\(?:tag\*?|label)\s*\{[^{}]*\}|\\\\|[.,;])+\Z")


_NUMERIC = re.compile(
    r"(?:[-+*/^·0-9.,;&()\[\]{}\s]|\\\\|\\[,;:! ]|\\(?:left|right|[tdc]?frac|cdot|times|quad|qquad)"
    r"|\\(?:begin|end)\s*\{[a-z]*(?:matrix|array)\}(?:\{[lcr|]*\})?)*"
)


def is_numeric(side: str) -> bool:
    """Whether a side of an equation is nothing but numbers: 2, (1, -1), a matrix of them."""
    return _NUMERIC.fullmatch(side) is not None and re.search("[0-9]", side) is not None


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


_STRIPPED = re.compile(r"\\(?:text|mathrm|mbox|operatorname)\s*\{[^{}]*\}")
_CALLED = re.compile(
    r"(\\[A-Za-z]+|(?<![A-Za-z])[A-Za-z](?![A-Za-z]))(?:\s*[_^]\s*(?:\{[^{}]*\}|\w))*('?)"
    r"\s*(?:\\left|\\[bB]igg?)?\s*(\(?)"
)


def _called(texts: Iterable[str]) -> set[str]:
    """The letters that stand before a bracket, or have a prime, wherever they stand."""
    calls: Counter[str] = Counter()
    bare: Counter[str] = Counter()
    for text in texts:
        for match in _CALLED.finditer(_STRIPPED.sub("", text)):
            name = match[1].lstrip("\\")
            (calls if match[2] or match[3] else bare)[name] += 1
    return {name for name in calls if not bare[name] and (len(name) == 1 or name in GREEK)}


Stated = tuple[list[Definition | Function], list[Quantity]]
"""What a statement defines, and the names whose definition in it is not read."""


def _stated(piece: str, defined: set[str], called: set[str]) -> Stated:
    """The quantities and functions that a statement defines; nothing for any other statement."""
    sides = [side.strip().strip("&").strip().rstrip(".,;") for side in _sides(piece)]
    for place, side in enumerate(sides[:-1]):
        left = None if _NO_DEFINITION.search(side) or not side else _left(side, defined)
        if left is not None:
            return _meaning(left, side, sides[place + 1 :], defined, called)
    return [], []


def _meaning(
    left: tuple[Quantity, Quantity | None],
    written: str,
    sides: Sequence[str],
    defined: set[str],
    called: set[str],
) -> Stated:
    """What a left side is by the first of the other sides that is more than a name.

    Each name between them is another name of the one before: ŷ = a = σ(z).
    """
    quantity, variable = left
    found: list[Definition | Function] = []
    missed: list[Quantity] = []
    for side in () if _no_quantity(quantity) else sides:
        if _NO_DEFINITION.search(side):
            continue
        try:
            right = read(side, defined, called)
        except UnwrittenError:
            if _says_more(side, quantity):
                missed = [quantity]
            continue
        inside = list(names(right))
        is_function = variable is not None and quantity.stem in FUNCTION_LETTERS
        if variable is not None and is_function and {q.stem for q in inside} <= {variable.stem}:
            return [Function(quantity.stem, variable, right)], []
        if not inside or quantity in inside:
            return found, []
        found.append(Definition(quantity, right, 0, 0, 0, (written, side)))
        if not isinstance(right, Quantity) or _no_quantity(right):
            return found, []
        quantity, written = right, side
    return found, missed


def _says_more(side: str, quantity: Quantity) -> bool:
    """Whether a side that is not read has other names than the one that it is of."""
    stems = {stem.lstrip("\\") for stem in _STEM.findall(_STRIPPED.sub("", side))}
    return bool(stems - {quantity.stem, *FACES, *ACCENTS, "left", "right", "begin", "end"})


_STEM = re.compile(r"\\?[A-Za-z]+")


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
        if parser.next("^"):
            parser.at += 1
            stem = stem + SQUARED if parser.argument().strip() == "2" else ""
        variable = None
        if parser.next("("):
            rest = parser.text[parser.at :].strip()
            if not rest.endswith(")") or re.search(r"[=|]|\\mid", rest):
                return None
            with suppress(UnwrittenError):
                parts = parser.bracketed()
                variable = parts[0] if len(parts) == 1 and isinstance(parts[0], Quantity) else None
            parser.at = len(parser.text)
        parser.end()
    except UnwrittenError:
        return None
    return Quantity(stem, lower, upper, bold), variable


def _derivatives(found: Iterable[Found]) -> Iterator[tuple[Quantity, Quantity]]:
    """What derivatives are taken of, and by."""
    for one in found:
        pairs = [match.groups() for match in _DERIVED.finditer(one.text)]
        pairs += [(match[2], match[1]) for match in _NABLA.finditer(one.text)]
        for pair in pairs:
            with suppress(UnwrittenError):
                of, by = (_name(text) for text in pair)
                yield of, by


def _name(text: str) -> Quantity:
    """The name with which a text begins."""
    text = text.strip().removeprefix("{")
    word = re.match(r"[A-Za-z]{2,}", text)
    parser = Parser(text, (word[0],) if word else ())
    stem, bold, inside = parser.stem()
    lower, upper, _ = parser.scripts(inside)
    return Quantity(stem, lower, upper, bold)


_ARRAYS = re.compile(
    r"\\(?:odot|top|intercal|mathbf|boldsymbol|bm|lVert|Vert|nabla|otimes)(?![A-Za-z])"
    r"|\\\||\^\s*(?:T(?![\w-])|\{\s*(?:[(\[][^{}()\[\]]*[)\]])?\s*T\s*\})|⊙|\\circ(?![A-Za-z])"
)
_LIMITS = re.compile(
    r"\\(?:sum|prod)(?:\\limits)?\s*(?:_\s*(?:\{[^{}]*\}|\w)\s*)?\^\s*(?:\{[^{}]*\}|\w)"
)
_WORDS_OF_ARRAYS = re.compile(r"\b(?:vectors?|matri(?:x|ces)|vektor|matrizen)\b", re.IGNORECASE)


_WORDS_OF_NUMBERS = re.compile(
    r"\bare (?:all )?(?:scalars|numbers)\b"
    r"|\b(?:one|single) (?:hidden |output )?(?:neurons?|units?|weights?)\b",
    re.IGNORECASE,
)


def _of_vectors(found: Iterable[Found], text: str) -> bool | None:
    """Whether a document says that its names are vectors, or that they are numbers."""
    signs = any(_ARRAYS.search(_LIMITS.sub("", one.text)) for one in found)
    if signs or _WORDS_OF_ARRAYS.search(text):
        return True
    return False if _WORDS_OF_NUMBERS.search(text) else None


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
