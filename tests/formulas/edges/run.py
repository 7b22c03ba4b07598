"""The run: damaged formulas judged by the checker and by the oracle, and the counts of both.

An alarm is a mutant that is

* proved, though the oracle calls it false or cannot read it (unless only decorations were put in),
* refuted, though the oracle calls it true,
* proved or refuted, though people read it in two ways of which one only is true,
* answered with a traceback.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from derive.checking.claims import Verdict
from derive.checking.judge import Judge
from derive.checking.relations import Relations
from tests.formulas.edges.bases import Base, generated, kept
from tests.formulas.edges.benches import BENCHES, bench
from tests.formulas.edges.mutations import Mutant, mutants, poisoned
from tests.formulas.edges.oracle import Answer

SHARED = 40
"""Formulas that one judge is asked in a row."""
EXPLAINED = 25
"""One in so many formulas is diagnosed, too."""
PER_BASE = 8
POISONED = 2
MOST_SHOWN = 12
LARGEST_PART = 2_000
"""Mutants that one process tries before it tells."""

Asked = Callable[[str], str]
"""What becomes of a formula's text before the checker is asked: for planted faults."""


@dataclass
class Figures:
    """What became of a set of mutants."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    bases: Counter[str] = field(default_factory=Counter)
    alarms: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    """For each: what is wrong, the kind of damage, the network, the text, what the oracle says."""

    def add(self, other: Figures) -> None:
        """Take in the figures of another part of the run."""
        self.counts += other.counts
        self.kinds += other.kinds
        self.bases += other.bases
        self.alarms += other.alarms

    def recorded(self) -> dict[str, list[Any]]:
        """The figures as lists, for the report at the end of a run of tests."""
        return {
            "counts": [[*key, count] for key, count in self.counts.items()],
            "bases": [[key, count] for key, count in self.bases.items()],
            "alarms": [list(alarm) for alarm in self.alarms],
        }

    @classmethod
    def read(cls, recorded: dict[str, list[Any]]) -> Figures:
        """What :meth:`recorded` gave."""
        counts = Counter({(row[0], row[1]): row[2] for row in recorded["counts"]})
        bases = Counter({row[0]: row[1] for row in recorded["bases"]})
        alarms = [(a[0], a[1], a[2], a[3], a[4]) for a in recorded["alarms"]]
        return cls(counts, Counter(), bases, alarms)

    def wrong(self, what: str) -> int:
        """How many alarms there are of a sort."""
        return sum(alarm[0] == what for alarm in self.alarms)

    def __str__(self) -> str:
        answers = [*(answer.value for answer in Answer), "poisoned"]
        verdicts = [*(verdict.value for verdict in Verdict), "no claim"]
        lines = [
            f"{self.counts.total()} damaged formulas from {self.bases.total()} bases ("
            + ", ".join(f"{count} {name}" for name, count in sorted(self.bases.items()))
            + ")",
            " " * 12 + "".join(f"{answer:>13}" for answer in answers),
        ]
        for verdict in verdicts:
            row = "".join(f"{self.counts[verdict, answer]:>13}" for answer in answers)
            lines.append(f"{verdict:<12}{row}")
        lines.append(", ".join(f"{what}: {self.wrong(what)}" for what in ALARMS))
        return "\n".join(lines)


ALARMS = ("wrongly proved", "wrongly refuted", "one of two readings", "crash")


class Checker:
    """Asks the checker about one network; what formulas define does not last."""

    def __init__(self, network: str, asked: Asked | None = None) -> None:
        self._model = bench(network).model
        self._asked = asked or (lambda text: text)
        self._judge = Judge(self._model)
        self._count = 0

    def verdict(self, text: str, fresh: bool = False) -> str:
        """The verdict on one formula, ``no claim`` or ``crash: …``."""
        self._count += 1
        if fresh or self._count % SHARED == 0:
            self._judge = Judge(self._model)
        try:
            if self._count % EXPLAINED:
                with undiagnosed():
                    judged = self._judge.judge(self._asked(text))
            else:
                judged = self._judge.judge(self._asked(text))
        except Exception as error:  # noqa: BLE001
            self._judge = Judge(self._model)
            return f"crash: {type(error).__name__}: {error}"
        if judged is None:
            self._judge = Judge(self._model)
            return "no claim"
        return judged.verdict.value


@contextmanager
def undiagnosed() -> Iterator[None]:
    """Without the search for what went wrong, which no verdict depends on."""
    with patch.object(Relations, "explained", lambda *_: []):
        yield


def wrong(verdict: str, answer: Answer, mutant: Mutant) -> str | None:
    """What is wrong with a verdict, given the oracle's answer; nothing if nothing is."""
    if verdict.startswith("crash"):
        return "crash"
    if answer is Answer.SPLIT and verdict in (Verdict.PROVED.value, Verdict.REFUTED.value):
        return "one of two readings"
    if verdict == Verdict.REFUTED.value and (answer is Answer.TRUE or mutant.harmless):
        return "wrongly refuted"
    if verdict != Verdict.PROVED.value or mutant.harmless:
        return None
    if mutant.poisoned or answer in (Answer.FALSE, Answer.UNREAD):
        return "wrongly proved"
    return None


def try_base(
    base: Base,
    draw: random.Random,
    checker: Checker,
    into: Figures,
    kinds: Sequence[str] | None = None,
) -> None:
    """Damage one base in several ways, and count what becomes of it."""
    oracle = bench(base.network).oracle
    said = oracle.ask(base.text)
    verdict = checker.verdict(base.text, fresh=True)
    if said.answer is Answer.TRUE:
        made = mutants(base.text, _names(base.network, base.text), draw, PER_BASE, kinds)
    elif verdict == Verdict.PROVED.value:
        made = poisoned(base.text, draw, POISONED)
    else:
        made = []
    if made:
        into.bases[base.source] += 1
    for mutant in [Mutant(base.text, "undamaged", harmless=True), *made]:
        if mutant.kind == "undamaged" and said.answer is not Answer.TRUE:
            continue
        answer = oracle.ask(mutant.text).answer if not mutant.poisoned else Answer.UNREAD
        verdict = checker.verdict(mutant.text)
        problem = wrong(verdict, answer, mutant)
        if problem:
            verdict = checker.verdict(mutant.text, fresh=True)
            problem = wrong(verdict, answer, mutant)
        column = "poisoned" if mutant.poisoned else answer.value
        into.counts[verdict.partition(":")[0], column] += 1
        into.kinds[mutant.kind] += 1
        if problem:
            note = verdict if problem == "crash" else column
            into.alarms.append((problem, mutant.kind, base.network, mutant.text, note))


def _names(network: str, text: str) -> list[str]:
    """Names of a network as they are spelled in LaTeX or in plain text."""
    quantities = bench(network).model.quantities.values()
    return [quantity.latex if "\\" in text else quantity.name for quantity in quantities]


@dataclass(frozen=True)
class Part:
    """A part of a run that one process does."""

    network: str
    seed: int
    first: int
    count: int
    asked: Asked | None = None
    kinds: Sequence[str] | None = None
    """The kinds of damage to be done; all of them unless some are given."""

    def run(self) -> Figures:
        """Its figures."""
        *_, figures = self.steps()
        return figures

    def steps(self) -> Iterator[Figures]:
        """The figures so far, after each base.

        The bases of the test data come first, the generated ones behind them.
        """
        figures = Figures()
        yield figures
        draw = random.Random(f"{self.seed} {self.network} {self.first}")
        checker = Checker(self.network, self.asked)
        known = list(kept(self.network))
        random.Random(self.seed).shuffle(known)
        # The parts before this one have begun with those before.
        known = known[self.first // PER_BASE // 2 :]
        endless = generated(self.network, self.seed * 1_000_000 + self.first)
        for base in _both(known, endless):
            if figures.counts.total() >= self.count:
                break
            try_base(base, draw, checker, figures, self.kinds)
            yield figures


def _both(known: list[Base], endless: Iterator[Base]) -> Iterator[Base]:
    """The written bases and as many generated ones in turn, then generated ones."""
    for base in known:
        yield base
        yield next(endless)
    yield from endless


def parts(count: int, seed: int) -> list[Part]:
    """A run of about `count` mutants in parts, over all networks."""
    shares = {name: (3 if name in ("2-4-3-2", "mazur") else 1) for name in BENCHES}
    made = []
    for name, share in shares.items():
        own = -(-count * share // sum(shares.values()))
        made += [
            Part(name, seed, at, min(LARGEST_PART, own - at)) for at in range(0, own, LARGEST_PART)
        ]
    return made


def run(count: int, seed: int, jobs: int = 1) -> Figures:
    """About `count` mutants, in `jobs` processes."""
    figures = Figures()
    if jobs == 1:
        for part in parts(count, seed):
            figures.add(part.run())
        return figures
    with ProcessPoolExecutor(jobs) as pool:
        for done in pool.map(Part.run, parts(count, seed)):
            figures.add(done)
    return figures
