"""What δ is in networks that are stated as equations: the derivative by a net input, or another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

from derive.formula import (
    Array,
    Call,
    Formula,
    Member,
    Name,
    Negative,
    Partial,
    Product,
    Sum,
    walk,
)
from derive.functions import ACTIVATIONS
from derive.model import PARAMETERS, Model

SYMBOLS = frozenset(row.symbol for row in ACTIVATIONS.values() if row.symbol)
"""The functions that are activations."""


class Deltas:
    """The δ of one model."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.meaning = ""
        """What δ is: "minus" the derivative, or that by an "output"; as everywhere, if nothing."""

    def of(self, index: str, member: Callable[[str], Formula | None]) -> Partial | Negative | None:
        """The error's derivative by the net input with this index: that of an activation.

        `member` finds what has a name with index letters. With the letters of a family to which
        none is applied, as to linear outputs, it is that by this one.
        """
        found: list[Formula | None] = []
        written = tuple(index[1:].split("_"))
        file = self._model.network.letters
        lettered = [s for s in self._linear_stems if file.get((s, len(written))) == written]
        if any(file.get((s, len(written))) == written for s in self.net_stems):
            lettered = []
        for stem in (lettered or self.net_stems) if index.startswith("_") else ():
            name = Name(stem + index)
            found.append(name if name.name in self._model.definitions else member(stem + index))
        there = [of for of in found if of is not None]
        if len(there) > 1:
            # A state to which a function is applied is no net input where a weighted sum is one.
            there = [of for of in there if self._stem(of) in self._weighted_stems]
        of = there[0] if len(there) == 1 else None
        of = self._output_of(of) if of and self.meaning == "output" else of
        slope = Partial(Name(self._model.total), of) if of else None
        return Negative(slope) if slope and self.meaning == "minus" else slope

    def _output_of(self, net: Formula) -> Formula | None:
        """The output of which this is the net input, or the vector of those; itself if linear."""
        of = net.of if isinstance(net, Array) else net
        stem = self._stem(of)
        outputs = self._outputs.get(stem, {stem} if stem in self._linear_stems else set())
        if len(outputs) != 1 or not isinstance(of, Name | Member):
            return None
        own = "".join(outputs)
        found = (
            replace(of, stem=own + of.stem.removeprefix(stem))
            if isinstance(of, Member)
            else Name(own + of.name.removeprefix(stem))
        )
        return Array(found, net.text) if isinstance(net, Array) else found

    @cached_property
    def _outputs(self) -> dict[str, set[str]]:
        """What the names begin with of the outputs, by what those of their net inputs begin with.

        Both have the same indices behind that.
        """
        found: dict[str, set[str]] = {}
        for name, made in self._model.definitions.items():
            if (
                isinstance(made, Call)
                and made.function in SYMBOLS
                and isinstance(made.argument, Name)
            ):
                (net, own), (out, at) = (x.partition("_")[::2] for x in (made.argument.name, name))
                found.setdefault(net, set()).add(out if own == at else "")
        return found

    @cached_property
    def net_stems(self) -> list[str]:
        """What the names begin with to which the network applies its activations."""
        found: dict[str, None] = {}
        for definition in self._model.definitions.values():
            for node in walk(definition):
                if isinstance(node, Call) and isinstance(node.argument, Name):
                    stem = self._model.quantities[node.argument.name].family.partition("_")[0]
                    if node.function in SYMBOLS and node.argument.name in self._model.definitions:
                        found[stem] = None
        return list(found)

    @staticmethod
    def _stem(of: Formula) -> str:
        name = of.stem if isinstance(of, Member) else of.name if isinstance(of, Name) else ""
        return name.partition("_")[0]

    @cached_property
    def _linear_stems(self) -> list[str]:
        """What the names begin with of weighted sums to which no activation is applied."""
        return [stem for stem in self._weighted_stems if stem not in self.net_stems]

    @cached_property
    def _weighted_stems(self) -> dict[str, None]:
        """What the names begin with of sums of products with weights."""
        found: dict[str, None] = {}
        for name, definition in self._model.definitions.items():
            stem = self._model.quantities[name].family.partition("_")[0]
            if isinstance(definition, Sum | Product) and stem not in found:
                inside = (node.name for node in walk(definition) if isinstance(node, Name))
                if any(name in self._weights for name in inside):
                    found[stem] = None
        return found

    @cached_property
    def _weights(self) -> frozenset[str]:
        return frozenset(q.name for q in self._model.having(*PARAMETERS))
