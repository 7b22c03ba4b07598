"""Names that a user chose freely: w_f, h0, net_1, theta_2_3."""

from __future__ import annotations

import re

from derive.formula import Member, Name

_GREEK = frozenset(
    {"alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "kappa", "lambda", "mu"}
    | {"nu", "xi", "pi", "rho", "sigma", "tau", "phi", "chi", "psi", "omega"}
)


def free_latex(name: str) -> str:
    r"""A free name in LaTeX: ``w_f_1_2`` is ``w_{f,1,2}``, ``h0`` is ``h_0``."""
    found = re.fullmatch(r"([A-Za-z]+)([0-9]*)((?:_[A-Za-z0-9]+)*)", name)
    if found is None:
        return name.replace("_", r"\_")
    return _indexed(found[1], [part for part in [found[2], *found[3].split("_")] if part])


def _indexed(stem: str, parts: list[str]) -> str:
    stem = rf"\{stem}" if stem in _GREEK else stem
    if not parts:
        return stem
    index = ",".join(parts)
    return f"{stem}_{index}" if len(index) == 1 else f"{stem}_{{{index}}}"


def member_latex(member: Member) -> str:
    r"""A member of a family in LaTeX: ``h_{t-1}``, ``w_{k,i}``."""
    stem, *parts = member.stem.split("_")
    return _indexed(stem, [*parts, *_indices(member)])


def array_latex(of: Name | Member) -> str:
    r"""A vector in bold, ``\mathbf{h_{t-1}}``; a matrix, which has a capital letter, as it is."""
    written = member_latex(of) if isinstance(of, Member) else free_latex(of.name)
    if written[0].isupper():
        return written
    font = "boldsymbol" if written.startswith("\\") else "mathbf"
    return rf"\{font}{{{written}}}"


def member_text(member: Member) -> str:
    """A member of a family as in an equation file: ``h[t-1]``, ``w[k,i]``."""
    return f"{member.stem}[{','.join(_indices(member))}]"


def _indices(member: Member) -> list[str]:
    """Each index as it is written: ``i+k-1``."""
    written = []
    for letters, offset in member.indices:
        text = "+".join(letters)
        written.append(f"{text}{offset:+d}" if letters and offset else text or str(offset))
    return written
