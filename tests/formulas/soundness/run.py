"""The run: right claims and what mistakes make of them, judged by the checker and by numbers.

Whether a claim holds is computed in floating point with differences for derivatives, by code that
shares nothing with the checker. An alarm is a claim that holds and is refuted, or one that does not
hold and is proved. Claims whose truth the numbers leave open are not asked.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from derive import Model, Network
from derive.checking.judge import Judge
from derive.networks.equations.system import System
from derive.networks.sources import model_of
from tests.formulas.arrays import authors
from tests.formulas.arrays import networks as array_networks
from tests.formulas.arrays.oracle import Net, Term, agreements
from tests.formulas.edges.run import undiagnosed
from tests.formulas.index_claims import Expr, damaged
from tests.formulas.index_claims import Network as Values
from tests.formulas.index_networks import CLAIMS, NETWORKS
from tests.formulas.soundness import layers
from tests.formulas.soundness.styles import SIZES, STYLES, Style

VARIANTS = 5
"""Wrong variants that are tried of each right claim."""
MOST_TRIES = 40
"""So often a mistake is looked for that gives a new claim."""

Asked = Callable[[str], str]
"""What becomes of a claim's text before the checker is asked: for planted faults."""


@dataclass(frozen=True)
class Claim:
    """A claim as its author writes it, and whether it holds; nothing where authors differ."""

    text: str
    holds: bool | None


@dataclass(frozen=True)
class Source:
    """One network in one author's writing: draws a right claim and its wrong variants."""

    name: str
    judge: Callable[[], Judge]
    draw: Callable[[random.Random], Iterator[Claim]]


@dataclass
class Figures:
    """How many claims that hold, do not hold, or are read in two ways got which verdict."""

    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """By source, truth and verdict."""
    alarms: list[tuple[str, str, str]] = field(default_factory=list)
    """For each: the source, what is wrong, the text."""

    def add(self, other: Figures) -> None:
        """Take in the figures of another part of the run."""
        self.counts += other.counts
        self.alarms += other.alarms

    def of(self, truth: str, *verdicts: str) -> int:
        """How many claims of a truth got one of some verdicts, or any."""
        return sum(
            n
            for (_, t, v), n in self.counts.items()
            if t == truth and (v in verdicts or not verdicts)
        )

    def __str__(self) -> str:
        lines = [f"{'':<26}" + "".join(f"{verdict:>12}" for verdict in VERDICTS)]
        rows = sorted({(source, truth) for source, truth, _ in self.counts})
        for source, truth in rows:
            counts = [self.counts[source, truth, verdict] for verdict in VERDICTS]
            lines.append(f"{source + ', ' + truth:<26}" + "".join(f"{n:>12}" for n in counts))
        for truth in TRUTHS:
            counts = [self.of(truth, verdict) for verdict in VERDICTS]
            lines.append(f"{'all, ' + truth:<26}" + "".join(f"{n:>12}" for n in counts))
        lines.append(
            f"{self.of('right')} right claims, {self.of('wrong')} wrong ones:"
            f" {self.of('wrong', 'proved')} wrong ones proved,"
            f" {self.of('right', 'refuted')} right ones refuted"
        )
        return "\n".join(lines)


VERDICTS = ("proved", "undecided", "unreadable", "refuted", "no claim")
TRUTHS = ("right", "wrong", "either")


def _index_claims(
    network: Values, right: Callable[[random.Random], tuple[Expr, Expr]], draw: random.Random
) -> Iterator[Claim]:
    left, side = right(draw)
    yield Claim(f"{left} = {side}", network.holds(left, side))
    seen = {str(side)}
    for _ in range(MOST_TRIES):
        other = side
        for _ in range(draw.choice([1, 1, 2])):
            other = damaged(other, draw)
        if str(other) in seen:
            continue
        seen.add(str(other))
        holds = network.holds(left, other)
        if holds is not None:
            yield Claim(f"{left} = {other}", holds)


def _array_claims(
    net: Net, right: Callable[[random.Random], tuple[Term, Term]], draw: random.Random
) -> Iterator[Claim]:
    left, side = right(draw)
    seen: set[str] = set()
    for attempt in range(MOST_TRIES):
        other = authors.spoiled(side, draw) if attempt else side
        text = f"{left.written()} = {other.written()}"
        found = list(agreements(net, left, other))
        if text in seen or None in found:
            continue
        seen.add(text)
        # Where authors lay out derivatives in several ways, the claim may hold in some of them.
        holds = None if len(set(found)) > 1 else bool(found) and all(found)
        yield Claim(text, holds)


@cache
def _layered(style: Style) -> Judge:
    spec = "-".join(map(str, SIZES))
    return Judge(Model.of(Network.read(spec, bias="neuron", notation=style.notation)))


@cache
def _indexed(name: str) -> Judge:
    return Judge(model_of(System.from_text(NETWORKS[name].text)))


def _in_style(style: Style) -> Iterator[Source]:
    def entries(draw: random.Random) -> Iterator[Claim]:
        return _index_claims(layers.network(style), lambda rng: layers.entries(style, rng), draw)

    def arrays(draw: random.Random) -> Iterator[Claim]:
        return _array_claims(layers.arrays(style), lambda rng: layers.identity(style, rng), draw)

    yield Source(f"{style.notation} index", lambda: _layered(style), entries)
    if style.arrays:
        yield Source(f"{style.notation} array", lambda: _layered(style), arrays)


def _of_equations() -> Iterator[Source]:
    for name in NETWORKS:
        rows = [(left, right) for network, left, right in CLAIMS if network == name]

        def entries(
            draw: random.Random, name: str = name, rows: list[tuple[Expr, Expr]] = rows
        ) -> Iterator[Claim]:
            return _index_claims(NETWORKS[name], lambda rng: rng.choice(rows), draw)

        yield Source(name, lambda name=name: _indexed(name), entries)
    for name, net in authors.NETS.items():

        def arrays(draw: random.Random, name: str = name, net: Net = net) -> Iterator[Claim]:
            net.values["1"] = np.ones((1, 1))
            return _array_claims(net, lambda rng: authors.Author(name, rng).identity(), draw)

        yield Source(f"{name} array", lambda name=name: array_networks.judge(name), arrays)


SOURCES = {
    source.name: source
    for source in (*(s for style in STYLES for s in _in_style(style)), *_of_equations())
}


def verdict(source: Source, text: str) -> str:
    """The verdict in a word, without a search for the mistake; what a claim defines is forgotten."""
    judge = source.judge()
    judge.reader.letters.clear()
    judge.relations.gradients.clear()
    with undiagnosed():
        found = judge.judge(text)
    return found.verdict.value if found is not None else "no claim"


@dataclass(frozen=True)
class Part:
    """So many right claims of one source, each with its wrong variants."""

    source: str
    count: int
    seed: int
    asked: Asked = str

    def run(self) -> Figures:
        """Its figures."""
        source = SOURCES[self.source]
        draw = random.Random(f"{self.source} {self.seed}")
        figures = Figures()
        for _ in range(self.count):
            claims = source.draw(draw)
            wrong = 0
            for claim in claims:
                wrong += claim.holds is False
                self._ask(source, claim, figures)
                if wrong == VARIANTS:
                    break
        return figures

    def _ask(self, source: Source, claim: Claim, figures: Figures) -> None:
        truth = {True: "right", False: "wrong", None: "either"}[claim.holds]
        found = verdict(source, self.asked(claim.text))
        figures.counts[source.name, truth, found] += 1
        if (truth, found) in (("wrong", "proved"), ("right", "refuted")):
            figures.alarms.append((source.name, f"{truth}, {found}", claim.text))


def run(count: int, seed: int, jobs: int = 1) -> Figures:
    """About `count` right claims over all sources, in `jobs` processes."""
    share = -(-count // len(SOURCES))
    parts = [Part(name, share, seed) for name in SOURCES]
    figures = Figures()
    if jobs == 1:
        for part in parts:
            figures.add(part.run())
        return figures
    with ProcessPoolExecutor(jobs) as pool:
        for done in pool.map(Part.run, parts):
            figures.add(done)
    return figures
