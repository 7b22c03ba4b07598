"""From the grammar's rules to written formulas, with a note of what was read charitably."""

from __future__ import annotations

from typing import Any

from derive.formula import (
    Dots,
    walk,
)
from derive.grammar.building.calls import HIGHEST_POWER, Calls
from derive.grammar.building.products import Products
from derive.grammar.tokens import SumSign
from derive.grammar.unfinished import (
    COMMA,
    MOST_WRITTEN_OUT,
    TOO_LONG_SUM,
    Arguments,
    Chain,
    Differential,
    Operator,
    Reading,
    plain,
    ungrouped,
    written_out,
)


class Builder(Products, Calls):
    """All callbacks of the grammar's rules; a whole formula is a chain of sides."""

    # Chains.

    def relation(self, parts: list[Any]) -> Any:
        """= or ≈ or :=."""
        return parts[0]

    def chain(self, parts: list[Any]) -> Chain:
        """A chain a = b = c."""
        sides, signs = parts[0::2], parts[1::2]
        for side in sides:
            twice = self.reading.bound - {"*"}
            if twice:
                twice &= self._meaning.ranges(ungrouped(plain(side))).keys()
            if twice:
                letter = min(twice)
                raise self._error(
                    f"{letter} is counted by a Σ and stands outside of it, too; write brackets,"
                    " or another letter",
                    None,
                )
            for node in walk(side):
                if isinstance(node, Arguments):
                    raise self._error(COMMA, node.place)
                if isinstance(node, Operator):
                    raise self._error("∂/∂ with nothing behind it to differentiate", node.place)
                if isinstance(node, Differential):
                    raise self._error("∂ without its '/∂…'; write ∂a/∂b", node.place)
                if isinstance(node, SumSign):
                    raise self._error("Σ with nothing behind it", None)
                if isinstance(node, Dots):
                    raise self._error("dots are read in a sum only, with terms around them", None)
        if sum(written_out(side) for side in sides) > MOST_WRITTEN_OUT:
            raise self._error(TOO_LONG_SUM, None)
        cuts = [self.reading.base]
        for sign in signs:
            cuts += [sign.start_pos, self._end(sign)]
        cuts.append(self.reading.base + len(self.reading.text))
        return Chain(
            tuple(ungrouped(plain(side)) for side in sides),
            tuple(sign.type for sign in signs),
            tuple(zip(cuts[0::2], cuts[1::2], strict=True)),
        )


__all__ = ["HIGHEST_POWER", "Builder", "Chain", "Reading"]
