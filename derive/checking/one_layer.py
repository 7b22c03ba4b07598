"""Short names of a network with one layer of weights: w_j, z, b, x_j, y need not say the layer."""

from __future__ import annotations

from collections.abc import Sequence

from derive.notations.names import Naming

_KINDS = {"net": 1, "weight": 1, "bias": 1, "target": 1, "out": 0}
"""The layer whose names are meant."""
_ALWAYS = {"x": "out", "y": "target"}


def numbered_key(key: str, names: Naming, sizes: Sequence[int]) -> str:
    """The key with the layer's number, and the output's where there is one; empty if it has none.

    The outputs and the inputs may have one letter, of which nobody knows whose it is.
    """
    stem, _, index = key.partition("_")
    own = {names.symbols[kind].stem.lower(): kind for kind in _KINDS if kind != "out"}
    kind = own.get(stem) or _ALWAYS.get(stem)
    indexed = kind in ("weight", "out") or sizes[1] > 1
    if kind is None or "^" in key or indexed != bool(index):
        return ""
    one = "1" if sizes[1] == 1 and kind != "out" else ""
    letter = names.symbols[kind].stem
    below = f"_{one}{index}" if one or index else ""
    above = f"^{names.number(kind, _KINDS[kind])}" if names.raises(kind) else ""
    return f"{letter}{below}{above}"
