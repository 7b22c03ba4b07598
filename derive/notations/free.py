"""Names that a user chose freely: w_f, h0, net_1, theta_2_3."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from derive.formula import Member, Name
from derive.formula.index import written
from derive.notations.pen import LATEX, Pen
from derive.notations.symbols import Symbol
from derive.notations.table import Pattern

Stems = Mapping[str, Pattern]
"""How the stems of names are written, where a file says it: ``var`` is σ²."""
AS_THEY_ARE: Stems = {}

_GREEK = frozenset(
    {"alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "kappa", "lambda", "mu"}
    | {"nu", "xi", "pi", "rho", "sigma", "tau", "phi", "chi", "psi", "omega"}
)

_STATISTICS = (
    (("var", "variance", "sigma2", "sigma_sq", "sigmasq", "sigma_squared"), ("sigma", "s"), "2"),
    (("std", "stddev", "sd"), ("sigma", "s"), ""),
    (("mean", "mu"), ("mu",), ""),
)
"""What programs call the statistics of a batch, the letters in print, and their exponents."""
_BATCH = ("", "B")
"""What may stand below them: the batch that they are of."""
USUAL = {
    **{
        word: tuple(
            Pattern(Symbol(letter), tuple(below), tuple(above))
            for letter in letters
            for below in _BATCH
        )
        for words, letters, above in _STATISTICS
        for word in words
    },
    "eps": (Pattern(Symbol("epsilon")),),
    "lam": (Pattern(Symbol("lambda")),),
}
"""What authors usually write for what a program calls by a word."""
_ACCENTED = re.compile(r"([A-Za-z]+)_(hat|tilde|bar|dot)")

_COUNTED = re.compile("0|[1-9][0-9]{0,9}")
"""A number behind a name that counts; 01 is part of the name."""


def free_name(name: str, pen: Pen = LATEX, stems: Stems = AS_THEY_ARE) -> str:
    r"""A free name as a pen sets it: ``w_f_1_2`` is ``w_{f,1,2}``, ``h0`` is ``h_0``."""
    stem, numbers = split_name(name)
    if stem in stems:
        return _stated(pen, stems[stem], list(map(str, numbers)))
    found = re.fullmatch(r"([A-Za-z]+)([0-9]*)((?:_[A-Za-z0-9]+)*)", name)
    if found is None:
        return pen.word(name)
    return _indexed(pen, found[1], [part for part in [found[2], *found[3].split("_")] if part])


def _indexed(pen: Pen, stem: str, parts: list[str]) -> str:
    base, *below = (pen.greek(p) if p in _GREEK else pen.word(p) for p in (stem, *parts))
    return pen.script(base, ",".join(below))


def _stated(pen: Pen, pattern: Pattern, parts: list[str]) -> str:
    """A name whose symbol a file states, with its indices below."""
    assert pattern.symbol is not None
    below = ",".join(map(pen.word, [*pattern.below, *parts]))
    return pen.script(pattern.symbol.typeset(pen), below, "".join(pattern.above))


_LABELLED = re.compile(r"([A-Zbuvw])([a-z]{1,3})")
"""Names of programs for parameters that have a label in print: bh, Why."""


def usually(stem: str) -> tuple[Pattern, ...]:
    r"""How authors usually write a name, where it is not as it is called.

    ``var`` is ``\sigma^2`` in print, ``x_hat`` is ``\hat{x}``, and ``Wxh`` is ``W_{xh}``; what
    stands behind a word stands below its letter, ``var_L``.
    """
    accented = _ACCENTED.fullmatch(stem)
    if accented:
        return (Pattern(Symbol(accented[1], accented[2])),)
    labelled = _LABELLED.fullmatch(stem)
    if labelled and stem not in USUAL:
        return (Pattern(Symbol(labelled[1]), (labelled[2],)),)
    word, _, label = stem.partition("_")
    if stem in USUAL or not label.isalpha():
        return USUAL.get(stem, ())
    return tuple(replace(one, below=(label,)) for one in USUAL.get(word, ()) if not one.below)


def member(of: Member, pen: Pen = LATEX, stems: Stems = AS_THEY_ARE) -> str:
    r"""A member of a family as a pen sets it: ``h_{t-1}``, ``w_{k,i}``."""
    if of.stem in stems:
        return _stated(pen, stems[of.stem], _indices(of))
    stem, *parts = of.stem.split("_")
    return _indexed(pen, stem, [*parts, *_indices(of)])


def array(of: Name | Member, pen: Pen = LATEX, stems: Stems = AS_THEY_ARE) -> str:
    r"""A vector in bold, ``\mathbf{h_{t-1}}``; a matrix, which has a capital letter, as it is."""
    if isinstance(of, Member):
        typeset, name = member(of, pen, stems), of.stem
    else:
        typeset, name = free_name(of.name, pen, stems), of.name
    return typeset if name[0].isupper() else pen.bold(typeset)


def member_text(of: Member) -> str:
    """A member of a family as in an equation file: ``h[t-1]``, ``w[k,i]``."""
    return f"{of.stem}[{','.join(_indices(of))}]" if of.indices else of.stem


def _indices(of: Member) -> list[str]:
    """Each index as it is written: ``i+k-1``."""
    return [written(index).replace(" ", "") for index in of.indices]


def split_name(name: str) -> tuple[str, tuple[int, ...]]:
    """The stem of a name and the numbers behind it: ``w_f_1_2`` is w_f and 1, 2."""
    stem, *parts = name.split("_")
    numbers: list[int] = []
    while parts and _COUNTED.fullmatch(parts[-1]):
        numbers.insert(0, int(parts.pop()))
    return "_".join([stem, *parts]), tuple(numbers)


def joined_name(stem: str, indices: Iterable[int]) -> str:
    """The reverse of :func:`split_name`."""
    return "_".join([stem, *map(str, indices)])


def free_stem(name: str) -> str:
    """What a family of names has in common: ``w`` of ``w_1_2``."""
    return split_name(name)[0]
