"""Names that a user chose freely: w_f, h0, net_1, theta_2_3."""

from __future__ import annotations

import re

from derive.formula import Member, Name
from derive.formula.index import written
from derive.notations.pen import LATEX, Pen

_GREEK = frozenset(
    {"alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "kappa", "lambda", "mu"}
    | {"nu", "xi", "pi", "rho", "sigma", "tau", "phi", "chi", "psi", "omega"}
)


def free_name(name: str, pen: Pen = LATEX) -> str:
    r"""A free name as a pen sets it: ``w_f_1_2`` is ``w_{f,1,2}``, ``h0`` is ``h_0``."""
    found = re.fullmatch(r"([A-Za-z]+)([0-9]*)((?:_[A-Za-z0-9]+)*)", name)
    if found is None:
        return pen.word(name)
    return _indexed(pen, found[1], [part for part in [found[2], *found[3].split("_")] if part])


def _indexed(pen: Pen, stem: str, parts: list[str]) -> str:
    base = pen.greek(stem) if stem in _GREEK else pen.word(stem)
    return pen.script(base, ",".join(map(pen.word, parts)))


def member(of: Member, pen: Pen = LATEX) -> str:
    r"""A member of a family as a pen sets it: ``h_{t-1}``, ``w_{k,i}``."""
    stem, *parts = of.stem.split("_")
    return _indexed(pen, stem, [*parts, *_indices(of)])


def array(of: Name | Member, pen: Pen = LATEX) -> str:
    r"""A vector in bold, ``\mathbf{h_{t-1}}``; a matrix, which has a capital letter, as it is."""
    written = member(of, pen) if isinstance(of, Member) else free_name(of.name, pen)
    name = of.stem if isinstance(of, Member) else of.name
    return written if name[0].isupper() else pen.bold(written)


def member_text(of: Member) -> str:
    """A member of a family as in an equation file: ``h[t-1]``, ``w[k,i]``."""
    return f"{of.stem}[{','.join(_indices(of))}]"


def _indices(of: Member) -> list[str]:
    """Each index as it is written: ``i+k-1``."""
    return [written(index).replace(" ", "") for index in of.indices]


def split_name(name: str) -> tuple[str, tuple[int, ...]]:
    """The stem of a name and the numbers behind it: ``w_f_1_2`` is w_f and 1, 2."""
    stem, *parts = name.split("_")
    numbers: list[int] = []
    while parts and parts[-1].isdigit():
        numbers.insert(0, int(parts.pop()))
    return "_".join([stem, *parts]), tuple(numbers)


def free_stem(name: str) -> str:
    """What a family of names has in common: ``w`` of ``w_1_2``."""
    return split_name(name)[0]
