"""What reading asks the network about: what its names mean, and what a formula of them may do."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from derive.formula import Formula, Letter


class SymbolTable(Protocol):
    """What names mean. A *key* is a name as it is written, without braces, spaces and fonts."""

    layer: int | None
    """The number that the letter l stands for in an upper index, where there is one."""

    @property
    def owner(self) -> str:
        """What the names belong to, for messages: the network's name."""

    @property
    def stems(self) -> frozenset[str]:
        """What names begin with: out, net, w, δ and the like."""

    @property
    def by_layer(self) -> bool:
        """Whether the layer of a name stands in an upper index."""

    def look_up(self, key: str) -> Formula | None:
        """What has this key."""

    def level(self, upper: str) -> str:
        """The number of the layer that an upper index names; or nothing."""

    def has_index(self, key: str) -> bool:
        """Whether a bracket right behind this name holds its index: ``net[1]``."""

    def is_canonical(self, formula: Formula, key: str) -> bool:
        """Whether a name in LaTeX is spelled as the network's notation typesets it."""

    def is_foreign(self, key: str) -> bool:
        """Whether a name is only known to another notation."""

    def placeholder(
        self, stem: str, rest: str, text: str, place: int, upper: str = ""
    ) -> Formula | None:
        """A weight that is left open, w_{xx}; or nothing."""

    def generic(self, stem: str) -> Formula | None:
        """What a bare `out` means; or nothing."""

    def is_familiar(self, stem: str, index: str) -> bool:
        """Whether there are names like this one, so that its index must be wrong."""

    def function(self, name: str) -> str | None:
        """The function of the table that `name` means."""

    def letter(self, name: str) -> Letter | None:
        """What a letter like η means that is no name of the network."""


class Meaning(Protocol):
    """What the network says of formulas that are made of its names."""

    @property
    def activations(self) -> Sequence[str]:
        """The activation of each layer after the inputs."""

    def net_layer(self, name: str) -> int | None:
        """The layer of which `name` is a net input; nothing for any other quantity."""

    def influenced(self, name: str) -> Collection[str]:
        """The quantities that depend on `name`."""

    def inputs(self, name: str) -> Collection[str]:
        """The quantities that the definition of `name` is made of."""

    def is_defined(self, stem: str) -> bool:
        """Whether a quantity whose name begins so has a definition."""

    def ranges(self, formula: Formula) -> Mapping[str, Sequence[int]]:
        """The free index letters of a formula, and the numbers that each may be."""

    def shape(self, formula: Formula) -> tuple[int, int] | None:
        """Rows and columns of a formula of vectors and matrices, if its shapes fit."""

    def may_rest(self, test: Formula) -> bool:
        """Whether a condition's difference may be 0 in a whole region."""

    def filled(self, terms: Sequence[Formula]) -> list[Formula]:
        """The terms of a sum with every ellipsis written out. Raises :class:`DotsError`."""


class DotsError(ValueError):
    """The dots of a sum do not say what is left out."""
