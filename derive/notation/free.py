"""Names that a user chose freely: w_f, h0, net_1, theta_2_3."""

from __future__ import annotations

import re

_GREEK = frozenset(
    {"alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "kappa", "lambda", "mu"}
    | {"nu", "xi", "pi", "rho", "sigma", "tau", "phi", "chi", "psi", "omega"}
)


def free_latex(name: str) -> str:
    r"""A free name in LaTeX: ``w_f_1_2`` is ``w_{f,1,2}``, ``h0`` is ``h_0``."""
    found = re.fullmatch(r"([A-Za-z]+)([0-9]*)((?:_[A-Za-z0-9]+)*)", name)
    if found is None:
        return name.replace("_", r"\_")
    stem = rf"\{found[1]}" if found[1] in _GREEK else found[1]
    parts = [part for part in [found[2], *found[3].split("_")] if part]
    if not parts:
        return stem
    index = ",".join(parts)
    return f"{stem}_{index}" if len(index) == 1 else f"{stem}_{{{index}}}"


def free_stem(name: str) -> str:
    """What a family of names has in common: ``w`` of ``w_1_2``."""
    return re.sub(r"(_[0-9]+)+$", "", name)
