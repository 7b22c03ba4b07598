r"""The definitions of a document: ``z_j = b_j + \sum_i a_i w_{ij}``, without derivatives."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from derive.checking.documents import Found
from derive.checking.stating.assumptions import assumption_in
from derive.checking.stating.mentions import (
    STRIPPED,
    adjoint_in,
    called_in,
    counting_in,
    derivatives_in,
    is_numeric,
    speaks_of_vectors,
)
from derive.checking.stating.parser import FUNCTION_LETTERS, Parser, read
from derive.checking.stating.pieces import Piece, pieces_of, sides_of
from derive.checking.stating.rectified import CASES
from derive.checking.stating.said import ERROR_STEMS, Definition, Function, Said
from derive.checking.stating.settled import (
    directed,
    renaming,
    special_cases,
    with_squares,
    without_letters,
)
from derive.checking.stating.shares import shares_in
from derive.checking.stating.spans import spans_in
from derive.checking.stating.spelling import ACCENTS, FACES, SQUARED, Known
from derive.checking.stating.written import (
    Quantity,
    UnwrittenError,
    Written,
    names,
    nodes,
)
from derive.functions import SOFTMAX, spelled

_NO_DEFINITION = re.compile(
    r"∂|∇|'|′|\\(?:partial|nabla|prime|leftarrow|gets|approx|propto|sim|in|leq?|geq?|neq?|Delta|"
    r"mathbb|ldots|cdots|dots|to|prod)(?![A-Za-z])|[<>≈←∈≤≥]|d[A-Za-z](?:_\w)?\s*/\s*d"
)
"""What a definition of a network does not hold: derivatives, updates and other relations."""
_BELOW = re.compile(r"(\\sum(?:\s*\\limits)?|[Σ∑])\s*_\s*\{(?:[^{}]|\{[^{}]*\})*\}")
"""A Σ with what it counts, which may be a set."""
_ADJOINT = re.compile(r"(?:delta|Delta)\Z")


def collected(found: Sequence[Found], text: str) -> Said:
    """What the formulas of a document say; `text` is all of it."""
    counting, counted = counting_in(one.text for one in found)
    known = Known(counting=counting, counted=counted)
    pieces = _without_arguments(list(pieces_of(found)), known)
    defined = {stem for _, start, piece in pieces if (stem := _left_stem(piece, known))}
    known = replace(known, defined=defined, called=called_in(one.text for one in found))
    functions: list[Function] = []
    definitions: list[Definition] = []
    seen: set[tuple[Quantity, Written]] = set()
    unread: list[Quantity] = []
    adjoints: list[tuple[Quantity, Quantity]] = []
    shares: list[Definition] = []
    for place, start, piece in pieces:
        stated, missed = _stated(piece, known)
        functions += _functions(piece, known)
        unread += missed
        adjoint = adjoint_in(piece, known)
        adjoints += [adjoint] if adjoint else []
        line = found[place].line + found[place].text[:start].count("\n")
        whole = len(sides_of(piece)) == 2
        for target, total, sides in shares_in(piece, known):
            shares.append(Definition(target, total, place, start, start + len(piece), sides))
        for one in stated:
            if isinstance(one, Function):
                functions.append(one)
            elif (one.left, one.right) not in seen:
                seen.add((one.left, one.right))
                placed = replace(one, formula=place, start=start, end=start + len(piece))
                definitions.append(replace(placed, line=line, is_whole=whole))
    definitions = with_squares(without_letters(definitions))
    pairs = tuple(derivatives_in(found, known))
    told = {by.stem for _, by in pairs} | {q.stem for d in definitions for q in names(d.right)}
    for _, _, piece in pieces:
        unread += _hidden(piece, known, told | {*known.defined})
    cases = special_cases(definitions)
    renamed = tuple(renaming(definitions))
    definitions = list(directed(definitions))
    assumed = [
        (Definition(one, both, place, start, start + len(piece), sides), is_data)
        for place, start, piece in pieces
        if not _states_nothing(piece)
        and (place, start) not in {(s.formula, s.start) for s in shares}
        for one, both, sides, is_data in assumption_in(piece, known, definitions)
    ]
    totals = any(re.search(r"\\(?:sum|prod)|[ΣΠ∑∏]", one.text) for one in found)
    vectors = speaks_of_vectors(found, text)
    vectors = True if vectors is None and _has_entries(definitions, pairs) else vectors
    numbers = any(_is_data(piece, known) for _, _, piece in pieces)
    return Said(
        tuple(definitions),
        tuple(functions),
        pairs,
        vectors,
        totals,
        numbers,
        tuple(unread),
        tuple(adjoints),
        tuple(shares),
        tuple(one for one, is_data in assumed if not is_data),
        tuple(cases),
        renamed,
        tuple(one for one, is_data in assumed if is_data),
        tuple(spans_in(found)),
    )


def _has_entries(
    definitions: Sequence[Definition], pairs: Sequence[tuple[Quantity, Quantity]]
) -> bool:
    """Whether derivatives are taken by entries, w_j, of what stands in a product w · x."""
    every = [q for d in definitions for q in (d.left, *names(d.right))]
    entries = {by.stem for _, by in pairs if [s for s in by.scripts if re.fullmatch("[a-z]", s)]}
    entries -= {q.stem for q in every if q.scripts}
    dots = (n for d in definitions for n in nodes(d.right) if n.kind == "product" and n.text)
    return any(
        all(isinstance(part, Quantity) and not part.scripts for part in dot.parts)
        and any(isinstance(part, Quantity) and part.stem in entries for part in dot.parts)
        for dot in dots
    )


def _without_arguments(pieces: list[Piece], known: Known) -> list[Piece]:
    r"""The statements without what quantities depend on: h^{(k)} for h^{(k)}(\mathbf{x}).

    That is what stands in brackets behind a name that a statement defines with it, and behind
    every name if it is a letter, as the number of an iteration, that stands nowhere else.
    """
    signs: set[str] = set()
    numbered: Counter[str] = Counter()
    defining: list[str] = []
    for _, _, piece in pieces:
        sides = [side.strip(" &\n") for side in sides_of(piece)]
        behind = _WITH_ARGUMENT.fullmatch(sides[0])
        left = _left(sides[0], known) if behind and len(sides) > 1 else None
        if behind is None or left is None or left[1] is None or _states_nothing(piece):
            continue
        stated, _ = _meaning(left, "", sides[1:], known)
        if not any(isinstance(one, Function) for one in stated):
            numbered[behind[2].strip()] += 1
            defining.append(piece)
            scripts = r"(?:\s*[_^]\s*(?:\{(?:[^{}]|\{[^{}]*\})*\}|\w))*"
            stem, argument = map(re.escape, behind.group(1, 2))
            signs.add(rf"(?<![A-Za-z\\]){stem}{scripts}\s*(\({argument}\))")

    letters = (x for x, n in numbered.items() if n > 1 and re.fullmatch("[a-z]", x))
    for letter in letters:
        everywhere = re.compile(rf"(?<![A-Za-z\\]){letter}(?![A-Za-z])")
        alone = re.compile(rf"(?<=[\w}}])\s*(\({letter}\))")
        counts = [len(everywhere.findall(one)) == len(alone.findall(one)) for one in defining]
        if all(counts):
            signs.add(alone.pattern)

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


def _is_data(piece: str, known: Known) -> bool:
    """Whether a statement gives numbers to a name, directly or at the end of its definition."""
    left, *sides = sides_of(piece)
    numeric = any(map(is_numeric, sides))
    return numeric and "\\partial" not in left and _left(left.strip(" &"), known) is not None


def _left_stem(piece: str, known: Known) -> str | None:
    """The stem that a statement defines, if its left side is a name by itself."""
    sides = sides_of(piece)
    if len(sides) < 2 or _states_nothing(piece):
        return None
    left = sides[0].strip().strip("&").strip()
    word = re.fullmatch(r"([A-Za-z]{2,})(?:\((?:\\\w+|[\s{},;\w])*\))?", left)
    if word and spelled(word[1]) is None and word[1] != SOFTMAX:
        return word[1]
    with suppress(UnwrittenError):
        found = read(left, replace(known, defined=(left,)))
        if isinstance(found, Quantity):
            return found.stem
    return None


Stated = tuple[list[Definition | Function], list[Quantity]]
"""What a statement defines, and the names whose definition in it is not read."""


def _stated(piece: str, known: Known) -> Stated:
    """The quantities and functions that a statement defines; nothing for any other statement."""
    sides = [side.strip().strip("&").strip().rstrip(".,;") for side in sides_of(piece)]
    for place, side in enumerate(sides[:-1]):
        left = None if _states_nothing(side) or not side else _left(side, known)
        if left is not None:
            return _meaning(left, side, sides[place + 1 :], known)
    return [], []


def _functions(piece: str, known: Known) -> Iterator[Function]:
    """The functions that a chain explains on its way: a = f(z) = 1/(1 + e^{-z})."""
    sides = [side.strip(" &\n").rstrip(".,;") for side in sides_of(piece)]
    for place, side in enumerate(sides[1:-1], 1):
        left = None if _states_nothing(piece) else _left(side, known)
        if left is not None and left[1] is not None:
            stated, _ = _meaning(left, side, sides[place + 1 :], known)
            yield from (one for one in stated if isinstance(one, Function))


def _meaning(
    left: tuple[Quantity, Quantity | None],
    written: str,
    sides: Sequence[str],
    known: Known,
) -> Stated:
    """What a left side is by the first of the other sides that is more than a name.

    Each name between them is another name of the one before: ŷ = a = σ(z).
    """
    quantity, variable = left
    found: list[Definition | Function] = []
    missed: list[Quantity] = []
    for side in () if _no_quantity(quantity) else sides:
        word = _IN_TEXT.fullmatch(side)
        if _states_nothing(side) or (word and word[1] not in known.defined):
            continue
        try:
            right = read(side, known)
        except UnwrittenError:
            if _says_more(side, quantity):
                missed = [quantity]
            continue
        inside = list(names(right))
        is_function = variable is not None and quantity.stem in FUNCTION_LETTERS
        if variable is not None and is_function:
            others = [q for q in inside if q.stem != variable.stem]
            if all(_is_constant(q, known) and quantity.stem in _GREEK for q in others):
                return [Function(quantity.stem, variable, right)], []
        if not inside or quantity in inside:
            return found, []
        found.append(Definition(quantity, right, 0, 0, 0, (written, side)))
        if not isinstance(right, Quantity) or _no_quantity(right):
            return found, []
        quantity, written = right, side
    return found, missed


def _hidden(piece: str, known: Known, told: set[str]) -> Iterator[Quantity]:
    """What a statement makes of others that are told of, but not as a definition: w_1 x_1 + ….

    An error is hidden by all that is said of it; what is made of itself is none, w + Δw, nor are
    derivatives.
    """
    left, *sides = (side.strip(" &\n") for side in sides_of(piece))
    found = None if _states_nothing(left) else _left(left, known)
    for side in sides if found is not None else ():
        assert found is not None
        own = found[0].stem
        stems = stems_in(side)
        of_itself = any(stem.lower() == own.lower() for stem in stems)
        hides = own in ERROR_STEMS or bool(stems & told)
        if hides and _states_nothing(side) and not of_itself and not _SLOPE.search(side):
            yield found[0]


_SLOPE = re.compile(r"∂|∇|\\(?:partial|nabla)(?![A-Za-z])|d[A-Za-z](?:_\w)?\s*/\s*d")


def _is_constant(quantity: Quantity, known: Known) -> bool:
    """Whether a name in a function may be a constant of it: the λ of σ(x) = 1/(1 + e^{−λx})."""
    return not quantity.scripts and quantity.stem not in known.defined


_GREEK = frozenset({"sigma", "phi", "varphi", "psi", "varsigma"})
"""Functions that are nothing but functions; what f, g and h are of x may be the network."""


def _says_more(side: str, quantity: Quantity) -> bool:
    """Whether a side that is not read has other names than the one that it is of."""
    return bool(stems_in(side) - {quantity.stem, *FACES, *ACCENTS, "left", "right", "begin", "end"})


def stems_in(side: str) -> set[str]:
    """The letters and words in a side, whatever they are."""
    return {stem.lstrip("\\") for stem in _STEM.findall(STRIPPED.sub("", side))}


_IN_TEXT = re.compile(r"\s*\\text\s*\{\s*(\w[^{}]*?)\s*\}\s*")
"""Words that say what a name is, and define it by none: x = \\text{input}."""
_STEM = re.compile(r"\\?[A-Za-z]+")


def _states_nothing(text: str) -> bool:
    """Whether a text, outside of what its sums count, has what no definition holds."""
    return _NO_DEFINITION.search(CASES.sub("", _BELOW.sub(r"\1", text))) is not None


def _no_quantity(left: Quantity) -> bool:
    """Whether a left side is rather an adjoint: δ. A bar may be that, or a mean that others use."""
    return _ADJOINT.match(left.stem) is not None


def _left(side: str, known: Known) -> tuple[Quantity, Quantity | None] | None:
    """The quantity that a left side is, and its argument if it has a single name in brackets."""
    try:
        parser = Parser(side, known)
        stem, bold, inside = parser.stem()
        lower, upper, transposed = parser.scripts(stem, inside)
        if transposed:
            return None
        if parser.next("^"):
            parser.at += 1
            if parser.argument().strip() != "2":
                return None
            stem += SQUARED
            lower = lower or parser.scripts(stem, inside)[0]
        variable = None
        if parser.next("(") or parser.next("["):
            rest = parser.text[parser.at :].strip()
            if not _is_one_bracket(rest) or re.search(r"[=|]|\\mid", rest):
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


def _is_one_bracket(text: str) -> bool:
    """Whether a text is a bracket to its end: the (W, b) of J(W, b), and not s (1 − s) of two."""
    depth = 0
    for place, char in enumerate(text):
        depth += (char in "([{") - (char in ")]}")
        if not depth and char in ")]}":
            return place == len(text) - 1
    return False


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
