"""Networks of ReLUs are decided per region: no wrong formula is proved, no right one refuted.

Wrong and right formulas are made by editing the program's own as people err about ReLU. Which is
which is decided by floating point in every region, never by the judge.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from derive import Model
from derive.calculus.chain import Chain
from derive.checking.claims import Verdict, Witness
from derive.checking.equality import Answer, Comparison, Equality
from derive.checking.judge import Judge
from derive.checking.regions import Regions
from derive.formula import Call, Formula, Name, Negative, Number, Sum
from derive.functions.written import choices
from derive.networks.equations.system import System
from derive.networks.network import Network
from tests.formulas.floating import APART, CLOSE, Floating
from tests.formulas.kinked_formulas import edits, local
from tests.formulas.regions import Regions as Truth
from tests.formulas.spellings import Spelling
from tests.formulas.subjects import Sides, Subject
from tests.sample import sampled

WRONG, RIGHT = 130, 60
"""Formulas of each network: more than 500 wrong ones and 200 right ones altogether."""
NETWORKS = {
    "2-3-2 relu, sigmoid": Network.read("2-3-2", activation="relu,sigmoid"),
    "2-3-2 relu, identity": Network.read("2-3-2", activation="relu,identity", bias="neuron"),
    "2-4-3-2 relu, relu, sigmoid": Network.read(
        "2-4-3-2", activation="relu,relu,sigmoid", bias="neuron"
    ),
    "2-4-3-2 relu, relu, identity": Network.read("2-4-3-2", activation="relu,relu,identity"),
}
REGIONS = {"2-3-2": {8}, "2-4-3-2": {128, 121}}
"""2 to the number of ReLUs; without biases, what follows a dead layer is dead too."""

Record = Callable[[str, Any], None]


@dataclass(frozen=True)
class Edited:
    """A claim, what was done to it, and in how many regions it is wrong."""

    what: str
    sides: Sides
    text: str
    apart: int


@cache
def made(network: str) -> tuple[list[Edited], int]:
    """Wrong and right formulas of a network, evenly of every kind; and how many regions it has."""
    model = Model.of(NETWORKS[network])
    chain, regions, spelling = Chain(model), Truth(model), Spelling(model)
    draw = random.Random(network)
    candidates = list(local(model))
    for name in model.parameters:
        candidates += edits(Subject(model, chain, name))
    draw.shuffle(candidates)
    wanted = {True: WRONG, False: RIGHT}
    found: dict[Sides, Edited] = {}
    for what, sides in _by_turns(candidates):
        if sides in found or not any(wanted.values()):
            continue
        apart = regions.apart(*sides)
        if apart is None or not wanted[apart > 0]:
            continue
        wanted[apart > 0] -= 1
        text = spelling.chain(draw.choice(spelling.names), sides)
        found[sides] = Edited(what, sides, text, apart)
    return list(found.values()), len(regions)


def _by_turns(candidates: list[tuple[str, Sides]]) -> Iterator[tuple[str, Sides]]:
    """One of each kind, then the next of each."""
    kinds: dict[str, list[tuple[str, Sides]]] = {}
    for candidate in candidates:
        kinds.setdefault(candidate[0], []).append(candidate)
    while any(kinds.values()):
        for waiting in kinds.values():
            if waiting:
                yield waiting.pop()


@dataclass
class Figures:
    """What became of the formulas of a network."""

    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)
    proved_wrong: list[Edited] = field(default_factory=list)
    refuted_right: list[Edited] = field(default_factory=list)
    open_wrong: list[Edited] = field(default_factory=list)
    open_right: list[Edited] = field(default_factory=list)
    not_shown: list[Edited] = field(default_factory=list)

    @classmethod
    def of(cls, network: str) -> Figures:
        """The verdicts on all formulas of a network."""
        found, model = cls(), Model.of(NETWORKS[network])
        judge, point = Judge(model), Floating(model, 0)
        for formula in made(network)[0]:
            judged = judge.judge(formula.text)
            assert judged is not None, formula.text
            found.verdicts["wrong" if formula.apart else "right", judged.verdict.value] += 1
            if formula.apart and judged.verdict is Verdict.PROVED:
                found.proved_wrong.append(formula)
            elif formula.apart and judged.verdict is not Verdict.REFUTED:
                found.open_wrong.append(formula)
            elif formula.apart:
                found._look(formula, judged.relations[0].witness, point)
            elif judged.verdict is Verdict.REFUTED:
                found.refuted_right.append(formula)
            elif judged.verdict is not Verdict.PROVED:
                found.open_right.append(formula)
        return found

    def _look(self, formula: Edited, witness: Witness | None, point: Floating) -> None:
        """Whether the two sides differ at the witness, in floating point."""
        if witness is not None:
            point.move_to(witness.point)
            left, right = (point.value(side) for side in formula.sides)
            if abs(left - right) > APART * max(abs(left), abs(right), 1e-12):
                return
        self.not_shown.append(formula)

    def lines(self, network: str) -> list[str]:
        """The figures to print."""
        formulas, regions = made(network)
        single = sum(formula.apart == 1 for formula in formulas)
        count = self.verdicts
        return [
            f"{network}, {regions} regions:",
            *(f"  {count[key]:4} {key[0]}: {key[1]}" for key in sorted(count)),
            f"  {single:4} of the wrong ones are wrong in a single region",
        ]


@pytest.mark.parametrize(
    "network", sampled(NETWORKS, [n for n in NETWORKS if not n.startswith("2-4")])
)
@pytest.mark.slow
def test_no_wrong_formula_is_proved_and_no_right_one_refuted(
    network: str, record_property: Record
) -> None:
    """More than 500 wrong formulas: each is refuted, with a point that shows it.

    Of 240 right ones each is proved, unless it divides by a net input that a dead layer makes 0.
    """
    figures = Figures.of(network)
    record_property("figures", ["networks of ReLUs, by region", figures.lines(network)])
    formulas, regions = made(network)
    assert sum(formula.apart > 0 for formula in formulas) == WRONG
    assert sum(formula.apart == 0 for formula in formulas) == RIGHT
    assert regions in REGIONS[network.partition(" ")[0]]
    assert figures.proved_wrong == []
    assert figures.refuted_right == []
    assert figures.open_wrong == []
    assert figures.not_shown == []
    assert {formula.what for formula in figures.open_right} <= {"out/net"}


@pytest.mark.parametrize("network", ["2-3-2-1", "1-9-1-1"])
@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("relu'(net_b1) + relu'(-net_b1) = 1", Verdict.PROVED),
        ("relu'(out_b1) = relu'(net_b1)", Verdict.PROVED),
        ("relu'(2*net_b1) = relu'(net_b1)", Verdict.PROVED),
        ("relu'(net_b1/3) = relu'(net_b1)", Verdict.PROVED),
        ("relu'(-out_b1) = 0", Verdict.PROVED),
        ("relu(out_c1) = out_c1", Verdict.PROVED),
        ("relu(2*net_b1) = 2*out_b1", Verdict.PROVED),
        ("net_c1 + relu(-net_c1) = out_c1", Verdict.PROVED),
        # Where all of layer b is dead net_c1 is 0, and both slopes are.
        ("relu'(net_c1) + relu'(-net_c1) = 1", Verdict.REFUTED),
        ("∂out_c1/∂net_c1 = 1 - relu'(-net_c1)", Verdict.REFUTED),
        ("relu'(out_b1) + relu'(-out_b1) = 1", Verdict.REFUTED),
        ("relu'(-net_b1) = -relu'(net_b1)", Verdict.REFUTED),
        ("relu'(out_b1) = 1", Verdict.REFUTED),
    ],
)
def test_a_layer_of_dead_neurons(network: str, text: str, verdict: Verdict) -> None:
    """What holds of every sign may fail of 0, and a dead layer makes the next net inputs 0."""
    read = Network.read(network, activation="relu,relu,sigmoid")
    judged = Judge(Model.of(read)).judge(text)
    assert judged is not None
    assert judged.verdict is verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("∂E_c1/∂out_c1 = -clip(target_c1 - out_c1)", Verdict.PROVED),
        ("∂E_c1/∂out_c1 = clip(out_c1 - target_c1)", Verdict.PROVED),
        ("∂E_c1/∂out_c1 = -huber'(target_c1 - out_c1)", Verdict.PROVED),
        ("huber(out_c1 - target_c1) = E_c1", Verdict.PROVED),
        ("∂E_total/∂net_c1 = clip(out_c1 - target_c1)*out_c1*(1 - out_c1)", Verdict.PROVED),
        # Right within 1 of the target, and only there; or on one side of it.
        ("∂E_c1/∂out_c1 = out_c1 - target_c1", Verdict.REFUTED),
        ("E_c1 = 1/2*(target_c1 - out_c1)^2", Verdict.REFUTED),
        ("∂E_c1/∂out_c1 = relu(out_c1 - target_c1 + 1) - 1", Verdict.REFUTED),
        ("∂E_c1/∂out_c1 = 2*step(out_c1 - target_c1) - 1", Verdict.REFUTED),
        ("∂E_c1/∂out_c1 = clip(target_c1 - out_c1)", Verdict.REFUTED),
    ],
)
def test_the_three_pieces_of_hubers_loss(text: str, verdict: Verdict) -> None:
    """All of them count, although outputs of sigmoids and targets seldom are 1 apart."""
    table = {"layers": [2, 2, 2], "loss": "huber"}
    judged = Judge(Model.of(Network.from_table(table, "test", {}))).judge(text)
    assert judged is not None
    assert judged.verdict is verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("∂m/∂a = 1 - relu'(b - a)", Verdict.PROVED),
        ("∂m/∂a = relu'(a - b)", Verdict.PROVED),
        ("∂m/∂b = relu'(b - a)", Verdict.PROVED),
        ("m = b + relu(a - b)", Verdict.PROVED),
        ("∂E/∂w = (m - t)*(relu'(a - b)*x + relu'(b - a)*z)", Verdict.PROVED),
        ("∂m/∂a = 1", Verdict.REFUTED),
        ("∂m/∂b = relu'(a - b)", Verdict.REFUTED),
        ("m = a", Verdict.REFUTED),
        ("∂E/∂w = (m - t)*x", Verdict.REFUTED),
        ("∂E/∂w = (m - t)*(x + z)", Verdict.REFUTED),
    ],
)
def test_the_two_pieces_of_a_largest_value(text: str, verdict: Verdict) -> None:
    """The largest of a and b, written a + relu(b − a), hands its slope to one of them."""
    system = System.from_text("a = w*x\nb = w*z\nm = a + relu(b - a)\nE = 1/2*(t - m)^2")
    judged = Judge(Model.of(system)).judge(text)
    assert judged is not None
    assert judged.verdict is verdict


GRADIENT = "(out_d1 - target_d1)*out_d1*(1 - out_d1)*out_c1"


@pytest.mark.parametrize("name", [q for q in Model.of("2-4-3-2").quantities if q[:2] != "E_"])
def test_a_kink_that_a_formula_brings_with_it(name: str) -> None:
    """In a network of sigmoids, too, relu(x) is not x, nor relu'(x) 1: both signs are tried.

    What is positive in every network cannot be refuted; nothing of it is proved.
    """
    judge = Judge(Model.of("2-4-3-2"))
    positive = name.startswith("out_") and not name.startswith("out_a")
    allowed = {Verdict.UNDECIDED} if positive else {Verdict.REFUTED}
    for text in (f"dE_total/dw31 = {GRADIENT}*relu'({name})", f"{name} = relu({name})"):
        judged = judge.judge(text)
        assert judged is not None
        assert judged.verdict in allowed, text
    judged = judge.judge(f"dE_total/dw31 = {GRADIENT}*relu'({name} - 1/3)")
    assert judged is not None
    assert judged.verdict is Verdict.REFUTED


# The test tested: faults planted in the checker.

SMALL, LARGE = "2-3-2 relu, sigmoid", "2-4-3-2 relu, relu, sigmoid"


@pytest.mark.slow
def test_a_checker_that_sees_one_region_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all ReLUs are active relu' is 1, and a forgotten one does no harm."""
    point = Floating(Model.of(NETWORKS[SMALL]), 0)
    point.move_to(dict.fromkeys(point.given, 0.7))

    def compare(self: Equality, left: Formula, right: Formula, *rest: Any) -> Comparison:
        apart = abs(point.value(left) - point.value(right)) > CLOSE
        return Comparison(Answer.DIFFERENT if apart else Answer.EQUAL)

    monkeypatch.setattr(Equality, "compare", compare)
    assert len(Figures.of(SMALL).proved_wrong) > 10


@pytest.mark.slow
def test_random_points_alone_miss_single_regions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a point in each region some wrong formulas are not refuted, but none is proved."""
    monkeypatch.setattr(Regions, "points", lambda self: iter(()))
    figures = Figures.of(LARGE)
    assert len(figures.open_wrong) > 10
    assert figures.proved_wrong == []


def test_numbers_alone_are_on_one_side_of_every_kink() -> None:
    """The largest of two numbers is the same in all regions, which need no points of their own."""
    first, second, name = Number(Fraction(1, 2)), Number(Fraction(1, 3)), Name("w11")
    assert choices([Call("relu", Sum((first, Negative(second))))]) == ()
    assert choices([Call("relu", Sum((first, Negative(name))))]) != ()
