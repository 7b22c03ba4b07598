"""What the sections of one document share: the model, the numbers of displays, what was said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import groupby
from typing import Any

from derive.calculus.chain import Chain, by
from derive.calculus.derivation import Derivation
from derive.calculus.graph_rules import TIME, Rule, backward_rules
from derive.calculus.indices import Indices
from derive.calculus.layer_rules import LayerRules
from derive.calculus.proof import Proof, prove_equations
from derive.emit.layout import MOST_COLUMNS, Columns
from derive.emit.typeset import height
from derive.formula import Equation, Formula, Name, Neuron, Partial, equation, signs_out
from derive.model import Quantity, Role
from derive.model.facts import Facts
from derive.notes.blocks import Block, Display, Words
from derive.notes.figures import Figures

MOST_NEURONS = 6
"""Of a larger layer the first two are shown, and the others counted."""
LONGEST_DISPLAY = 12
"""In lines of text."""
LONGEST_LIST = 26
"""The same of derivatives of the error: they are short, and several often stand in one line."""


class Page:
    """One document in the making: it numbers the displays as they come.

    `derivations` are those that are written out, `proof` says how the gradients were proved, and
    `seed` draws the numbers of the example where the network has none; in `full` what has been told
    is told again. `used` counts how often each
    sentence has been used; `known` are the quantities by which the derivative of the error has been
    shown, with the labels of the displays.
    """

    def __init__(
        self,
        network: Facts,
        chain: Chain,
        derivations: Sequence[Derivation] = (),
        proof: Proof | None = None,
        seed: int = 0,
        *,
        full: bool = False,
    ) -> None:
        self.network = network
        self.chain = chain
        self.model = chain.model
        self.total = Name(self.model.total)
        self.derivations = list(derivations)
        self.proof = proof
        self.seed = seed
        self.full = full
        self.count = 0
        self.used: Counter[str] = Counter()
        self.known: dict[str, str] = {}
        self.labels: dict[str, None] = {}
        """Those of the displays there are."""
        self.places: dict[tuple[Formula, Formula], str] = {}
        """What stands left and right in the equations of displays, with their labels."""
        self.factors: set[Formula] = set()
        """The factors of which the value has been shown."""
        self.tints: Mapping[str, str] = {}
        """The quantities whose factors have a colour, in what comes next."""
        self.forks: set[object] = set()
        """Where the ways part that have been drawn."""
        self.figures: Figures | None = None
        """The numbers of the example, for derivations to show; none of a batch."""

    def display(
        self,
        label: str,
        *equations: Equation,
        boxed: bool = False,
        columns: Columns = MOST_COLUMNS,
    ) -> Display:
        """The next numbered display, with the minus signs of factors before their products.

        Its equations stand in up to so many columns, or in groups, where they are short.
        """
        self.count += 1
        self.labels[label] = None
        written = tuple(map(_written, equations))
        for e in written:
            for side in e.sides[1:]:
                self.places.setdefault((e.left, side), label)
        return Display(label, self.count, written, self.tints, boxed=boxed, columns=columns)

    def said(
        self,
        key: str,
        facts: Mapping[str, Any],
        label: str,
        *equations: Equation,
        boxed: bool = False,
        columns: Columns = MOST_COLUMNS,
    ) -> tuple[Words, Display]:
        """A sentence that runs on into the next numbered display, and that."""
        shown = self.display(label, *equations, boxed=boxed, columns=columns)
        return Words(key, facts, runs_on=True), shown

    def parts_of(self, label: str) -> list[str]:
        """The labels of the displays in which a list stands."""
        return [x for x in self.labels if x == label or re.fullmatch(rf"{label}-\d+", x)]

    def stated(self, e: Equation) -> str:
        """The label of the display in which this equation stands, or an empty text."""
        sides = _written(e).sides
        return self.places.get((sides[0], sides[-1]), "")

    def valued(self, equation: Equation) -> Equation:
        """The equation with its value, where the document has numbers."""
        return equation if self.figures is None else self.figures.valued(equation)

    def worked(self, equations: Iterable[Equation]) -> list[Equation]:
        """The equations with what they come to in numbers, where the document has some."""
        if self.figures is None:
            return list(equations)
        return list(map(self.figures.shown, equations))

    def displays(
        self, label: str, groups: Iterable[Sequence[Equation]], longest: int = LONGEST_DISPLAY
    ) -> Iterator[Block]:
        """A long list of equations in displays between which a page can be turned.

        The first display carries the label itself. `longest` are the lines of text that one may
        take up.
        """
        pieces = self.pieces(groups, longest)
        for place, piece in enumerate(pieces):
            if place:
                last = place == len(pieces) - 1
                facts = {"n": place, "last": last, "of": self._families(piece)}
                yield Words("graph_next", facts, runs_on=True)
            yield self.display(f"{label}-{place}" if place else label, *piece)

    def pieces(
        self, groups: Iterable[Sequence[Equation]], longest: int = LONGEST_DISPLAY
    ) -> list[list[Equation]]:
        """A long list of equations in pieces of up to `longest` lines; no group is divided."""
        sized = [(group, sum(_lines(e) for e in group)) for group in groups]
        whole = sum(size for _, size in sized)
        # Pieces of about the same length, none of them a single line at the end.
        most = whole / -(-whole // longest) + 2 if whole else 0
        pieces: list[list[Equation]] = [[]]
        begun = 0
        for group, size in sized:
            if pieces[-1] and begun + size > most:
                pieces.append([])
                begun = 0
            pieces[-1] += group
            begun += size
        return list(filter(None, pieces))

    def by_families(self, equations: Iterable[Equation]) -> list[list[Equation]]:
        """Derivatives of the error in lists short enough for a display.

        Those by the members of one family stand together where they fit into one.
        """
        found: list[list[Equation]] = []
        left = 0
        for _, members in groupby(equations, key=self._family_of):
            own = list(members)
            size = sum(map(_lines, own))
            if size <= left:
                found[-1] += own
                left -= size
                continue
            parts = -(-size // LONGEST_LIST)
            each = -(-len(own) // parts)
            found += [own[start : start + each] for start in range(0, len(own), each)]
            left = LONGEST_LIST - sum(map(_lines, found[-1]))
        return found

    def _family_of(self, e: Equation) -> str:
        name = self.chain.adjoint_of(e.left)
        return self.model.quantities[name].family if name else ""

    def _families(self, equations: Sequence[Equation]) -> list[list[Name]]:
        """By what quantities these are the derivatives of the error: of each family the ends.

        Nothing for a list of something else, in which such derivatives may stand, too.
        """
        if not all(map(self._family_of, equations)):
            return []
        found: list[list[Name]] = []
        for family, own in groupby(equations, key=self._family_of):
            names = [Name(self.chain.adjoint_of(e.left)) for e in own]
            found += [[names[0], names[-1]] if len(names) > 1 else names] if family else []
        return found

    def by_total(self, name: str) -> Partial:
        """∂E_total/∂name."""
        return by(self.model.total, name)

    def prove(self, blocks: Iterable[Block]) -> None:
        """Prove every equation in the displays among `blocks`.

        Raises :class:`~derive.errors.ProofError` that names the first one that does not hold.
        """
        shown = [e for b in blocks if isinstance(b, Display) for e in b.equations]
        prove_equations(self.model, shown, {})

    def time_of(self, e: Equation) -> int | None:
        """The step of time of that by which an equation gives the derivative of the error."""
        name = self.chain.adjoint_of(e.left)
        family, at = self.model.instances.placed(name) if name else (None, ())
        timed = family is not None and TIME in family.letters
        return at[family.letters.index(TIME)] if family is not None and timed else None

    @cached_property
    def backward(self) -> tuple[list[Rule], list[Rule]]:
        """The rules for the derivatives by all that lies between, and by all weights."""
        return backward_rules(self.chain)

    @property
    def derived(self) -> list[Quantity]:
        """The parameters that are derived."""
        return [derivation.parameter for derivation in self.derivations]

    # Networks of layers.

    @cached_property
    def last(self) -> int:
        """The number of the last layer."""
        return len(self.network.layers) - 1

    @cached_property
    def rules(self) -> LayerRules:
        """The rules for whole layers."""
        return LayerRules(self.model)

    @cached_property
    def indices(self) -> Indices:
        """What index letters stand for."""
        return Indices(self.model)

    def neuron(self, layer: int, index: int | str) -> Neuron:
        """A neuron itself: c_1."""
        return Neuron("neuron", layer, index)

    def net_of(self, out: Quantity) -> str:
        """The net input of the neuron whose output this is."""
        quantities = self.model.quantities
        nets = (x for x in self.model.inputs_of[out.name] if quantities[x].role is Role.NET)
        return next(x for x in nets if quantities[x].index == out.index)

    def layer_name(self, layer: int) -> Neuron:
        """A layer itself: c."""
        return Neuron("layer", layer, 0)


def _written(e: Equation) -> Equation:
    sides = tuple(map(signs_out, e.sides))
    return replace(e, sides=sides) if e.about else equation(*sides)


def _lines(e: Equation) -> int:
    """How many lines of text an equation takes up, roughly."""
    return sum(2 if height(side) == 2 else 1 for side in e.sides[1:])
