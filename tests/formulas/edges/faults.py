r"""Faults of a checker, each as what it would make of a formula's text before it is judged.

They do not touch the program: a reader that drops words is one that sees the text without them.
"""

from __future__ import annotations

import re

from tests.formulas.edges.benches import bench
from tests.formulas.edges.oracle import Answer

_PLACEHOLDER = re.compile(r"w_\{x+\}|w_\{[0-9]x\}|w_\{\*\}|\bw_x+\b")


def drops_words(text: str) -> str:
    r"""\text{…} with all that is in it means nothing."""
    return re.sub(r"\\(?:text|mbox|textbf)\{[^{}]*\}", " ", text)


def stops_at_a_comma(text: str) -> str:
    """What stands behind the first comma between blanks is not seen."""
    return re.split(r",\s|;|\\Rightarrow|\\therefore", text)[0]


def drops_rows(text: str) -> str:
    r"""A second row that has no relation is not seen."""
    rows = re.split(r"\\\\", text)
    return r"\\".join(row for place, row in enumerate(rows) if place == 0 or "=" in row)


def drops_exclamation_marks(text: str) -> str:
    """! is not seen."""
    return text.replace("!", "")


def takes_the_other_root(text: str) -> str:
    r"""√x² is −x."""
    text = re.sub(r"\\sqrt\{([^{}]*)\^2\}", r"(-(\1))", text)
    return re.sub(r"\(([^()]*)\^2\)\^\{(?:0\.5|1/2)\}", r"(-(\1))", text)


def takes_either_root(text: str) -> str:
    r"""−√x² is as good as √x²: the sign before a root is not seen."""
    text = re.sub(r"\(?-\\sqrt\{([^{}]*)\^2\}\)?", r"(\1)", text)
    return re.sub(r"\\sqrt\{([^{}]*)\^2\}", r"(\1)", text)


def rounds_decimals(text: str) -> str:
    """0.97 is about 1, and 0.001 about 0."""
    return re.sub(r"\b[0-9]+\.[0-9]+\b", lambda found: str(round(float(found[0]))), text)


class FillsPlaceholders:
    """A placeholder is whatever makes the formula true."""

    def __init__(self, network: str) -> None:
        self._network = network

    def __call__(self, text: str) -> str:
        """The text with the first weight in the place of a placeholder that makes it true."""
        if not _PLACEHOLDER.search(text):
            return text
        known = bench(self._network)
        for name in known.model.parameters:
            latex = known.model.quantities[name].latex
            tried = _PLACEHOLDER.sub(latex.replace("\\", r"\\"), text)
            if known.oracle.ask(tried).answer is Answer.TRUE:
                return tried
        return text
