"""What a document says of its network besides definitions: derivatives, functions, vectors."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace

from derive.checking.documents import Found
from derive.checking.stating.parser import Parser, read
from derive.checking.stating.pieces import sides_of
from derive.checking.stating.spelling import Known
from derive.checking.stating.written import Quantity, UnwrittenError
from derive.functions import ACTIVATIONS
from derive.grammar.choices import INDICATOR
from derive.notations.greek import GREEK

_DERIVED = re.compile(
    r"\\[dt]?frac\s*\{\s*(?:\\partial|∂|d(?![a-z]))\s*\^?([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}"
    r"\s*\{\s*(?:\\partial|∂|d(?![a-z]))\s*([^{}]*(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}[^{}]*)*)\}"
)
_NABLA = re.compile(
    r"\\nabla\s*_\s*(\{(?:[^{}]|\{[^{}]*\})*\}|\\?[A-Za-z])"
    r"\s*(\\math[a-z]+\s*\{[A-Za-z]\}|[A-Za-z]|\\[A-Za-z]+)"
)


STRIPPED = re.compile(r"\\(?:text|mathrm|mbox|operatorname)\s*\{[^{}]*\}")
_CALLED = re.compile(
    r"(\\[A-Za-z]+|(?<![A-Za-z])[A-Za-z](?![A-Za-z]))\}?(?:\s*[_^]\s*(?:\{[^{}]*\}|\w))*('?)"
    r"\s*(?:\\left|\\[bB]igg?)?\s*([(\[]?)"
)


def called_in(texts: Iterable[str]) -> set[str]:
    """The letters that stand before a bracket, or have a prime, wherever they stand."""
    calls: Counter[str] = Counter()
    bare: Counter[str] = Counter()
    for text in texts:
        for match in _CALLED.finditer(STRIPPED.sub("", text)):
            name = match[1].lstrip("\\")
            if match[0].strip() == text.strip() or (match[3] == "[" and not name.islower()):
                # A name that is only mentioned is not used; and W [h, x] is a product.
                continue
            (calls if match[2] or match[3] else bare)[name] += 1
    return {name for name in calls if not bare[name] and (len(name) == 1 or name in GREEK)}


_LETTER = r"(?:\$|\\\(|`)\s*\\?(?P<{0}>[A-Za-z]+)(?:\([^$()]*\))?\s*(?:\$|\\\)|`)"
_WORDS = {
    "hyperbolic tangent": "tanh", "rectified linear unit": "relu", "rectified linear": "relu",
    "rectifier": "relu", "logistic sigmoid": "sig",
    **{name: f.symbol for f in ACTIVATIONS.values() if f.symbol for name in (f.name, *f.aliases)},
}  # fmt: skip
_KIND = rf"(?P<{{0}}>{'|'.join(sorted(map(re.escape, _WORDS), key=len, reverse=True))})"
_FUNCTION = r"\s+(?:activation\s+)?(?:function|nonlinearity|non-linearity|activation)s?"
_SPOKEN = (
    re.compile(
        rf"{_LETTER.format('letter')}\s*(?:is|are|be|denotes?|means|for|stands\s+for|represents)\s+"
        rf"(?:(?:the|a|an|usual|standard|well-known|elementwise|element-wise)\s+)*"
        rf"{_KIND.format('kind')}\b(?!\s+of\b)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b{_KIND.format('kind')}{_FUNCTION},?\s+(?:called\s+)?{_LETTER.format('letter')}",
        re.IGNORECASE,
    ),
)
"""'where $g$ is the logistic function', 'with the sigmoid activation $g$'."""


def functions_in_words(text: str) -> dict[str, str]:
    """The letters of which a text says in words what function they are, each with its symbol."""
    found: dict[str, set[str]] = {}
    words = {word.lower(): symbol for word, symbol in _WORDS.items()}
    for match in (match for pattern in _SPOKEN for match in pattern.finditer(text)):
        found.setdefault(match["letter"], set()).add(words[match["kind"].lower()])
    return {letter: kinds.pop() for letter, kinds in found.items() if len(kinds) == 1}


_RAISED = re.compile(
    r"([A-Za-z]+)[\s}]*(?:_\s*(?:\{[^{}]*\}|\w)\s*)?"
    r"\^\s*(?:\{\s*([a-z])\s*(?:([+-]\s*[0-9]+)\s*)?\}|([a-z])(?![a-z]))"
)


def counting_in(texts: Iterable[str]) -> tuple[set[str], set[str]]:
    """The letters that count layers above names, and the names above which they stand.

    A formula with an = has such a letter above several names, not at the same place above all of
    them: a^{m+1} = f(W^{m+1} a^m). Powers of e are none.
    """
    letters: set[str] = set()
    raised: list[tuple[str, str]] = []
    for text in texts:
        places: dict[str, set[tuple[str, str]]] = {}
        for stem, inner, step, alone in _RAISED.findall(text):
            if stem not in ("e", "exp"):
                places.setdefault(inner or alone, set()).add((stem, step.replace(" ", "")))
                raised.append((inner or alone, stem))
        for letter, found in places.items():
            stems, steps = (set(one) for one in zip(*found, strict=True))
            if "=" in text and len(stems) > 1 and len(steps) > 1:
                letters.add(letter)
    return letters, {stem for letter, stem in raised if letter in letters}


def derivatives_in(found: Iterable[Found], known: Known) -> Iterator[tuple[Quantity, Quantity]]:
    """What derivatives are taken of, and by."""
    for one in found:
        pairs = [match.groups() for match in _DERIVED.finditer(one.text)]
        pairs += [(match[2], match[1]) for match in _NABLA.finditer(one.text)]
        for pair in pairs:
            with suppress(UnwrittenError):
                of, by = (_name(text, known) for text in pair)
                yield of, by


def adjoint_in(piece: str, known: Known) -> tuple[Quantity, Quantity] | None:
    r"""What a statement calls a derivative, and by what that is: s of s = \frac{∂E}{∂n}, n."""
    left, *sides = (side.strip(" &\n") for side in sides_of(piece))
    for side in sides:
        found = _DERIVED.fullmatch(side)
        with suppress(UnwrittenError):
            if (
                found is not None
                and (quantity := read(left, known))
                and isinstance(quantity, Quantity)
            ):
                return quantity, _name(found[2], known)
    return None


def _name(text: str, known: Known) -> Quantity:
    """The name with which a text begins."""
    text = text.strip().removeprefix("{")
    word = re.match(r"[A-Za-z]{2,}", text)
    parser = Parser(text, replace(known, defined=(word[0],) if word else ()))
    stem, bold, inside = parser.stem()
    lower, upper, _ = parser.scripts(stem, inside)
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


def speaks_of_vectors(found: Iterable[Found], text: str) -> bool | None:
    """Whether a document says that its names are vectors, or that they are numbers."""
    texts = (INDICATOR.sub("", _LIMITS.sub("", one.text)) for one in found)
    signs = any(map(_ARRAYS.search, texts))
    if signs or _WORDS_OF_ARRAYS.search(text):
        return True
    return False if _WORDS_OF_NUMBERS.search(text) else None


_DECIMAL = re.compile(r"[0-9]*\.[0-9]+")
_NUMERIC = re.compile(
    r"(?:[-+*/^·0-9.,;&()\[\]{}\s]|\\\\|\\[,;:! ]|\\(?:left|right|[tdc]?frac|cdot|times|quad|qquad)"
    r"|\\(?:begin|end)\s*\{[a-z]*(?:matrix|array)\}(?:\{[lcr|]*\})?)*"
)


def of_an_example(left: str, right: str) -> bool:
    """Whether an equation is one of names with numbers: y = 0.34, or v⁺ = v − 0.1 · 0.22."""
    if is_numeric(left) and is_numeric(right):
        return False
    return any(is_numeric(side) or _DECIMAL.search(side) is not None for side in (left, right))


def is_numeric(side: str) -> bool:
    """Whether a side of an equation is nothing but numbers: 2, (1, -1), a matrix of them."""
    return _NUMERIC.fullmatch(side) is not None and re.search("[0-9]", side) is not None
