r"""The oracle: true, false, unread or unsure, of a whole claim.

It shares no code with the reader or the proof. It reads a small language, and all of it: a claim of
which it does not know what every character means is `UNREAD`. What it reads it tries at random points
in 60 digits. What people read in two ways, and what is a question of rounding, is `UNSURE`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import cached_property
from itertools import pairwise, product

from tests.formulas.edges.layout import chains_of
from tests.formulas.edges.meaning import (
    Node,
    UndefinedError,
    UnreadError,
    UnsureError,
    below,
    with_parts,
)
from tests.formulas.edges.naming import defined
from tests.formulas.edges.networks import Network
from tests.formulas.edges.parser import Parser
from tests.formulas.edges.roots import has_root, signs_are_seen
from tests.formulas.edges.tokens import Scanner
from tests.formulas.edges.values import REAL, Point

EQUAL = REAL.mpf(10) ** -40
APART = REAL.mpf(10) ** -25
MOST_READINGS = 8
ROOT_POINTS = 32
KINK_POINTS = 200
"""Points tried before anything is called true in a network with kinks."""
MOST_PUT_IN = 500
"""Ways to put names for the numbers of an equation that are tried."""
GROSS = 0.05
"""The relative difference from which a number is wrong whatever its digits."""


class Answer(Enum):
    """What the oracle says of a claim."""

    TRUE = "true"
    FALSE = "false"
    UNREAD = "cannot read"
    UNSURE = "unsure"
    SPLIT = "two readings"


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, and what was not read or not sure."""

    answer: Answer
    why: str = ""


_HARMLESS = re.compile(
    r"\\(?:phantom|scriptstyle|underbrace|overbrace|color|mathbf\{1\}|otimes)(?![A-Za-z])"
    r"|\^\s*\{?\s*(?:T|\\top)(?![A-Za-z])|\^'|'\s*\^|\{(?:relu|sig|tanh)\}\s*'"
    r"|&\s*(?:\{|\\(?:times|cdot)(?![A-Za-z]))|[/·*]\s*&"
    r"|\\(?:text|mathrm|sigma|phi|varphi)_|(?:out|net|target)_\{?[a-z]\}?(?![0-9A-Za-z_{₀-₉])"
)
"""Spellings that change nothing where they are right, and that this file does not read."""


class Oracle:
    """Answers for one network."""

    def __init__(self, network: Network, points: int | None = None) -> None:
        self.network = network
        count = points or (24 if network.kinked else 8)
        self._points = [Point(network, seed) for seed in range(count)]
        self._own = Point(network, -1, network.numbers, network.rate) if network.numbers else None
        self._known_rate = (
            [Point(network, seed, None, network.rate) for seed in range(2)] if network.rate else []
        )

    @cached_property
    def _for_roots(self) -> list[Point]:
        """Points enough for each side to have either sign at some of them."""
        points = []
        for seed in range(ROOT_POINTS):
            with suppress(UndefinedError, UnsureError):
                points.append(Point(self.network, 100 + seed))
        return points

    @cached_property
    def _for_kinks(self) -> list[Point]:
        """Points enough to see both sides of each kink beside both signs of each other quantity."""
        return [Point(self.network, 1000 + seed) for seed in range(KINK_POINTS)]

    def ask(self, text: str) -> Said:
        """The answer for the text of one claim, which may be several statements."""
        try:
            chains = self._read(text)
        except UnreadError as error:
            harmless = _HARMLESS.search(text) is not None
            return Said(Answer.UNSURE if harmless else Answer.UNREAD, str(error))
        except UnsureError as error:
            return Said(Answer.UNSURE, str(error))
        if len(chains) == 1 and len(chains[0]) == 1:
            return self._bare(chains[0][0])
        answers = [
            self._equation(left, right) for chain in chains for left, right in pairwise(chain)
        ]
        for answer in (Answer.UNREAD, Answer.FALSE, Answer.SPLIT, Answer.UNSURE):
            for said in answers:
                if said.answer is answer:
                    return said
        return Said(Answer.TRUE)

    def _read(self, text: str) -> list[list[Node]]:
        """The sides of each chain, with what the text defines put in where its name stands."""
        own: dict[str, Node] = {}
        claims = []
        for chain in chains_of(Scanner(text).run()):
            name = defined(self.network, chain)
            if name is None:
                claims.append(chain)
            elif name in own:
                raise UnsureError("a name defined twice")
            else:
                own[name] = Parser(self.network, chain[1], own).side()
        if not claims:
            raise UnsureError("nothing but definitions")
        return [[Parser(self.network, side, own).side() for side in chain] for chain in claims]

    def _bare(self, side: Node) -> Said:
        """An expression by itself, which may be the gradient by some weight."""
        for weight in self.network.weights:
            gradient: Node = ("partial", ("name", self.network.total), weight)
            if self._equation(gradient, side).answer in (Answer.TRUE, Answer.UNSURE):
                return Said(Answer.UNSURE, "no left side")
        return Said(Answer.UNREAD, "no relation")

    def _equation(self, left: Node, right: Node) -> Said:
        readings = list(_readings(("pair", left, right)))
        answers = {self._one(*reading[1:]) for reading in readings}
        if len(answers) == 1:
            return answers.pop()
        if any(node[0] == "split" for side in (left, right) for node in below(side)):
            return Said(Answer.SPLIT, "two readings")
        return Said(Answer.UNSURE, "two readings")

    def _one(self, left: Node, right: Node) -> Said:
        try:
            said = self._compared(left, right, self._points)
            if said.answer is Answer.TRUE:
                said = self._looked_at_closely(left, right)
            return self._excused(left, right, said) if said.answer is Answer.FALSE else said
        except UnsureError as error:
            return Said(Answer.UNSURE, str(error))

    def _looked_at_closely(self, left: Node, right: Node) -> Said:
        """What is true at a few points, at points on each side of all kinks and with all signs."""
        said = Said(Answer.TRUE)
        if self.network.kinked:
            said = self._compared(left, right, self._for_kinks)
        if said.answer is Answer.TRUE and (has_root(left) or has_root(right)):
            said = self._compared(left, right, self._for_roots)
            seen = signs_are_seen((left, right), self.network, self._for_roots)
            if said.answer is Answer.TRUE and not seen:
                return Said(Answer.UNSURE, "a sign that the points do not show")
        doubtful = any(n[0] == "doubt" for side in (left, right) for n in below(side))
        if said.answer is Answer.TRUE and doubtful:
            return Said(Answer.UNSURE, "what may be meant otherwise")
        return said

    def _excused(self, left: Node, right: Node, said: Said) -> Said:
        """What is false unless something else is meant by it."""
        rates = any(
            n in (("free", "eta"), ("updated", n[1])) for s in (left, right) for n in below(s)
        )
        parts = list(below(right))
        if left[0] == "name" and left in parts and ("free", "eta") in parts:
            return Said(Answer.UNSURE, "a step written as an equation")
        if rates and self._known_rate and self._compared(left, right, self._known_rate) != said:
            return Said(Answer.UNSURE, "η is known")
        if self._own is not None and (_is_number(left) or _is_number(right)):
            return self._rounded(left, right)
        if self._own is not None and self._with_names_for_numbers(left, right):
            return Said(Answer.UNSURE, "numbers put in")
        if self._has_pattern(left) or self._has_pattern(right):
            return Said(Answer.UNSURE, "placeholders in a net input")
        return said

    def _with_names_for_numbers(self, left: Node, right: Node) -> bool:
        """Whether it is true once some of its numbers are the quantities that have these values."""
        assert self._own is not None
        if self._compared(left, right, [self._own]).answer is not Answer.TRUE:
            return False
        pair: Node = ("pair", left, right)
        names: dict[Fraction, list[Node]] = {}
        for name, value in self.network.numbers.items():
            names.setdefault(value, []).append(("name", name))
        places = [node for node in below(pair) if node[0] == "num" and node[1] in names]
        choices = [[node, *names[node[1]]] for node in places]
        if math.prod(map(len, choices)) > MOST_PUT_IN:
            raise UnsureError("many numbers that may be put in")
        for chosen in product(*choices):
            picks = iter(chosen)

            def put(node: Node, picks: Iterator[Node] = picks) -> Node:
                is_place = node[0] == "num" and node[1] in names
                return next(picks) if is_place else with_parts(node, put)

            _, a, b = put(pair)
            if self._compared(a, b, self._points).answer is Answer.TRUE:
                return True
        return False

    def _compared(self, left: Node, right: Node, points: Sequence[Point]) -> Said:
        defined = 0
        for point in points:
            try:
                a, b = point.value(left), point.value(right)
            except UndefinedError:
                continue
            defined += 1
            gap = abs(a - b) / max(abs(a), abs(b), 1)
            if gap > APART:
                return Said(Answer.FALSE)
            if gap > EQUAL:
                return Said(Answer.UNSURE, "a small difference")
        if defined < len(points) // 3:
            return Said(Answer.UNSURE, "defined at few points")
        return Said(Answer.TRUE)

    def _rounded(self, left: Node, right: Node) -> Said:
        """A number beside a formula, where the network has numbers: only gross errors are false."""
        assert self._own is not None
        try:
            a, b = self._own.value(left), self._own.value(right)
        except UndefinedError:
            return Said(Answer.UNSURE, "no value")
        whole = all(
            node[1].denominator == 1
            for side in (left, right)
            for node in below(side)
            if node[0] == "num"
        )
        if abs(a - b) > GROSS * max(abs(a), abs(b), 0.1 if not whole else APART):
            return Said(Answer.FALSE)
        return Said(Answer.UNSURE, "digits")

    def _has_pattern(self, side: Node) -> bool:
        """Whether a placeholder stands before an output: w_{xx}·out_{c_2} in a net input."""
        return any(
            node[0] == "mul"
            and len(node[1]) == 2
            and node[1][0][0] == "free"
            and node[1][0][1] != "eta"
            and node[1][1][0] == "name"
            for node in below(side)
        )


def _is_number(side: Node) -> bool:
    """Whether no quantity and no letter stands in a side."""
    return not any(node[0] in ("name", "free", "partial", "updated") for node in below(side))


def _readings(node: Node) -> Iterator[Node]:
    """A formula in each of its readings."""
    places = [one for one in below(node) if one[0] in ("either", "split")]
    count = 1
    for place in places:
        count *= len(place[1])
    if count > MOST_READINGS:
        places = places[:3]
    for chosen in product(*(range(len(place[1])) for place in places)):
        picks = iter(chosen)

        def read(one: Node, picks: Iterator[int] = picks) -> Node:
            if one[0] in ("either", "split"):
                return read(one[1][next(picks, 0)])
            return with_parts(one, read)

        yield read(node)
