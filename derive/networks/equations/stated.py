"""What a network is made of that is stated as equations."""

from __future__ import annotations

from dataclasses import dataclass

from derive.formula import Formula


@dataclass(frozen=True)
class Stated:
    """One equation of the file: the quantity, its definition, and the line it stands on."""

    name: str
    formula: Formula
    line: int
