r"""Formulas without what only concerns how they look: colours."""

from __future__ import annotations

import re

_COLOUR = re.compile(r"\\textcolor\{[^{}]*\}\{")


def uncoloured(text: str) -> str:
    r"""LaTeX with what stands in \textcolor in its place."""
    found = _COLOUR.search(text)
    while found:
        depth, end = 1, found.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        text = text[: found.start()] + text[found.end() : end - 1] + text[end:]
        found = _COLOUR.search(text, found.start())
    return text
