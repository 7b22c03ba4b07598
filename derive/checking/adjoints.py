"""Names for the error's derivative by another: dW, δW or W with a bar, by what a notation says."""

from __future__ import annotations

import re

from derive.model import Model

SIGNS = {"d": "d", "delta": "δ"}
"""The letters that stand before a name, by what a notation's table says of gradients."""
_WRITTEN = {
    "": re.compile(r"(?!)"),
    "d": re.compile(r"d([^\W_].*)"),
    "delta": re.compile(r"δ([^\W_].*)"),
    "bar": re.compile(r"([^\W_]+)bar(.*)"),
}
_WRITTEN_OUT = re.compile(
    r"\\partial|∂|\\nabla|∇|\\[dt]?frac\s*\{\s*(?:d|\\mathrm\s*\{\s*d)|\bd\w+\s*/\s*d|\\d[dv]\b|\\pdv"
)


def deltas_are_slopes(model: Model) -> bool:
    """Whether the δ of a layer is written as the other derivatives of the error are: dz and da."""
    if not model.has_neurons:
        return False
    naming = model.network.naming
    return differentiated(naming.typeset("delta", 1, 1), naming.table.gradient) is not None


def writes_slopes(text: str) -> bool:
    """Whether a derivative stands in a text that is no name: ∂J/∂z, ∇_z J."""
    return _WRITTEN_OUT.search(text) is not None


def differentiated(key: str, gradient: str) -> str | None:
    """The key of what the error is differentiated by, W_3 for dW_3; nothing for another key."""
    bold = "bold:" if key.startswith("bold:") else ""
    found = _WRITTEN[gradient].fullmatch(key.removeprefix(bold))
    return bold + "".join(found.groups()) if found else None
