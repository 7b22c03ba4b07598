"""The checker checked: wrong formulas are never proved, right ones never refuted, mistakes named.

For each weight and bias, wrong variants of the program's own right formulas are made, each with one
mistake of the table planted, and right formulas are rewritten. Floating point says which is which,
never the judge. `pytest -s` prints the figures, and the end of a run does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import pytest

from derive import Model
from derive.calculus.chain import Chain
from derive.checking.claims import Verdict
from derive.checking.diagnosis import Diagnosis
from derive.checking.equality import Answer, Comparison, Equality
from derive.checking.judge import Judge
from derive.formula import Call, Formula, Name, Product, Sum, transform, walk
from derive.networks.network import Network
from tests.formulas.floating import Oracle
from tests.formulas.planted_texts import by_reading, of_matrices
from tests.formulas.rewritings import equivalent, shuffled
from tests.formulas.spellings import Spelling
from tests.formulas.subjects import Subject, Variant, get, put, spots
from tests.formulas.variants import ROWS, wrong

AT_LEAST = 40
NAMED = 0.95
NETWORKS = {
    "2-4-3-2": Network.read("2-4-3-2"),
    "3-5-5-3": replace(Network.read("3-5-5-3"), bias="neuron"),
    "2-3-2 indexed": Network.read("2-3-2", notation="indexed", bias="neuron"),
    "2-3-2 renamed": replace(
        Network.read("2-3-2", bias="neuron"),
        names=(("out", "a"), ("net", "z"), ("E_total", "C"), ("weight", r"\theta")),
    ),
    "2-3-2 relu": replace(Network.read("2-3-2"), bias="neuron", activations=("relu", "relu")),
}
SAMPLE = {
    "2-4-3-2": ("w11", "w2_12", "w33"),
    "3-5-5-3": ("w2_13", "w38", "bias_d3"),
    "2-3-2 indexed": ("w2_1_1", "w3_2_1", "b2_1"),
    "2-3-2 renamed": ("theta11", "theta21", "bias_b1"),
}
READING = (
    "missing-partial",
    "partial-scope",
    "placeholder",
    "alias",
    "chain-break",
    "unknown-name",
)


@dataclass
class Bench:
    """One network with what makes and judges claims about it."""

    model: Model
    chain: Chain
    oracle: Oracle
    spelling: Spelling

    def subject(self, parameter: str) -> Subject:
        return Subject(self.model, self.chain, parameter)


@cache
def bench(network: str) -> Bench:
    model = Model.of(NETWORKS[network])
    return Bench(
        model, Chain(model), Oracle(model, 12 if "relu" in network else 3), Spelling(model)
    )


@dataclass
class Figures:
    """What became of a set of claims."""

    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)
    planted: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)
    surprises: list[str] = field(default_factory=list)

    def judge(self, claims: Iterable[Variant], judge: Judge) -> None:
        """Judge claims and count."""
        for claim in claims:
            judged = judge.judge(claim.text)
            verdict = judged.verdict.value if judged else "no claim"
            self.verdicts[claim.verdict.value, verdict] += 1
            if verdict != claim.verdict.value:
                self.surprises.append(f"{verdict}, not {claim.verdict.value}: {claim.text}")
            if claim.row is None:
                continue
            self.planted[claim.row] += 1
            codes = {finding.code for finding in judged.findings} if judged else set()
            if set(claim.row.split()) <= codes:
                self.named[claim.row] += 1
            else:
                self.surprises.append(f"{claim.row} is not among {sorted(codes)}: {claim.text}")

    def of(self, verdict: Verdict) -> int:
        """How many claims should have this verdict."""
        return sum(count for (should, _), count in self.verdicts.items() if should == verdict.value)

    @property
    def share(self) -> float:
        """Of the planted mistakes, those that were named."""
        return self.named.total() / self.planted.total() if self.planted else 1.0

    @property
    def wrong_verdicts(self) -> int:
        return sum(count for (should, is_), count in self.verdicts.items() if should != is_)

    def __str__(self) -> str:
        refuted, proved = Verdict.REFUTED.value, Verdict.PROVED.value
        return (
            f"{self.of(Verdict.REFUTED)} wrong: {self.verdicts[refuted, proved]} proved;"
            f" {self.of(Verdict.PROVED)} right: {self.verdicts[proved, refuted]} refuted;"
            f" other verdicts amiss: {self.wrong_verdicts - self.verdicts[refuted, proved] - self.verdicts[proved, refuted]};"
            f" named {self.named.total()} of {self.planted.total()} planted ({self.share:.1%})"
        )

    def require(self) -> None:
        """The requirement. Raises AssertionError."""
        shown = "\n".join([str(self), *self.surprises[:5]])
        assert not self.wrong_verdicts, shown
        assert self.share >= NAMED, shown


def claims_about(network: str, parameter: str) -> Iterator[Variant]:
    """Wrong and right claims about the gradient by one parameter."""
    b = bench(network)
    subject = b.subject(parameter)
    yield from wrong(subject, b.oracle, b.spelling, AT_LEAST)
    yield from by_reading(subject, b.spelling)
    yield from equivalent(subject, b.oracle, b.spelling, AT_LEAST)


def figures_of(network: str, parameter: str) -> Figures:
    figures = Figures()
    figures.judge(claims_about(network, parameter), Judge(bench(network).model))
    return figures


MANY = 20


def _cases() -> Iterator[Any]:
    for network, sample in SAMPLE.items():
        parameters = Model.of(NETWORKS[network]).parameters
        # Of many the long run takes every third.
        long = parameters[:: 3 if len(parameters) > MANY else 1]
        for parameter in parameters:
            mark = pytest.mark.slow if parameter in long else pytest.mark.wide
            marks = () if parameter in sample else (mark,)
            yield pytest.param(network, parameter, marks=marks, id=f"{network} {parameter}")


@pytest.mark.parametrize(("network", "parameter"), list(_cases()))
def test_no_verdict_is_wrong_and_mistakes_are_named(
    network: str, parameter: str, record_property: Any
) -> None:
    """0 wrong ones proved, 0 right ones refuted, and at least 95 % of the mistakes named."""
    figures = figures_of(network, parameter)
    print(f"\n{network} {parameter}: {figures}")
    counts = (figures.verdicts, figures.planted, figures.named)
    record_property("self_check", tuple(list(count.items()) for count in counts))
    assert figures.of(Verdict.REFUTED) >= AT_LEAST
    assert figures.of(Verdict.PROVED) >= AT_LEAST
    figures.require()


def test_every_row_is_planted() -> None:
    """The rows of the table that apply are all there."""
    planted = {
        claim.row
        for network, sample in SAMPLE.items()
        for parameter in sample
        for claim in claims_about(network, parameter)
    }
    assert planted - {None} == {*ROWS, *READING}


@pytest.mark.parametrize("network", ["2-4-3-2", "3-5-5-3"])
def test_matrices(network: str) -> None:
    """W for Wᵀ, a reversed order and ⊙ for · are named; the right forms are proved."""
    figures = Figures()
    figures.judge(of_matrices(bench(network).model), Judge(bench(network).model))
    print(f"\n{network} matrices: {figures}")
    figures.require()


# ReLU.


def _slopes(formula: Formula) -> list[tuple[int, ...]]:
    return spots(formula, lambda node: isinstance(node, Call) and node.primes == 1)


def relu_claims(parameter: str) -> Iterator[Variant]:
    """The slope of a ReLU lost, and relu(net) or out in its place; and right forms."""
    b = bench("2-3-2 relu")
    s = b.subject(parameter)
    for form in (s.expanded, s.collected, s.opened, shuffled(s, s.expanded)):
        spelling = s.draw.choice(b.spelling.names)
        yield Variant(b.spelling.chain(spelling, (s.left, form)), Verdict.PROVED)
        for spot in _slopes(form):
            slope = get(form, spot)
            assert isinstance(slope, Call)
            out = next(n for n in b.model.used_in[slope.argument.name])  # type: ignore[attr-defined]
            for new in (None, Call(slope.function, slope.argument), Name(out)):
                made = _without(form, spot) if new is None else put(form, spot, new)
                if b.oracle.holds(s.left, made) is False:
                    text = b.spelling.chain(spelling, (s.left, made))
                    yield Variant(text, Verdict.REFUTED, "relu")


def _without(form: Formula, spot: tuple[int, ...]) -> Formula:
    parent = get(form, spot[:-1])
    assert isinstance(parent, Product)
    rest = [f for place, f in enumerate(parent.factors) if place != spot[-1]]
    return put(form, spot[:-1], Product(tuple(rest)) if len(rest) > 1 else rest[0])


@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_relu(every: int) -> None:
    """In a network of ReLUs the lost slope is named, for every weight and bias."""
    b = bench("2-3-2 relu")
    figures = Figures()
    judge = Judge(b.model)
    parameters = b.model.parameters[::every]
    for parameter in parameters:
        figures.judge(relu_claims(parameter), judge)
    print(f"\n2-3-2 relu: {figures}")
    assert figures.of(Verdict.REFUTED) >= 4 * len(parameters)
    figures.require()


# The test tested: faults planted in the checker.


def _always(answer: Answer) -> Any:
    return lambda self, left, right, *rest, **more: Comparison(answer)


@pytest.mark.parametrize(("answer", "what"), [(Answer.EQUAL, "wrong"), (Answer.DIFFERENT, "right")])
def test_a_judge_that_always_says_the_same_is_caught(
    monkeypatch: pytest.MonkeyPatch, answer: Answer, what: str
) -> None:
    """Equality that is always EQUAL proves wrong ones; always DIFFERENT refutes right ones."""
    monkeypatch.setattr(Equality, "compare", _always(answer))
    figures = figures_of("2-4-3-2", "w33")
    amiss = ("refuted", "proved") if what == "wrong" else ("proved", "refuted")
    assert figures.verdicts[amiss] >= AT_LEAST
    with pytest.raises(AssertionError):
        figures.require()


@pytest.mark.slow
def test_a_judge_that_overlooks_a_sign_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Equality up to the sign proves some wrong ones."""
    compare = Equality.compare

    def blind(self: Equality, left: Formula, right: Formula, *rest: Any) -> Comparison:
        found = compare(self, left, right, *rest)
        return found if found.answer is Answer.EQUAL else compare(self, left, -right, *rest)

    monkeypatch.setattr(Equality, "compare", blind)
    figures = figures_of("2-4-3-2", "w2_12")
    assert figures.verdicts["refuted", "proved"]
    with pytest.raises(AssertionError):
        figures.require()


@pytest.mark.slow
def test_a_diagnosis_that_is_silent_or_wrong_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without findings, or with one code for everything, too few mistakes are named."""
    explain = Diagnosis.explain
    for changed in (
        lambda *_: [],
        lambda *args: [replace(f, code="sign") for f in explain(*args)],
    ):
        monkeypatch.setattr(Diagnosis, "explain", changed)
        with pytest.raises(AssertionError):
            figures_of("2-4-3-2", "w33").require()


def test_the_oracle_is_independent() -> None:
    """It agrees with the program on what is right, without asking it, and sees a lost factor."""
    b = bench("3-5-5-3")
    for parameter in SAMPLE["3-5-5-3"]:
        s = b.subject(parameter)
        assert b.oracle.holds(s.left, s.expanded)
        lost = transform(s.expanded, lambda n: Name("out_d1") if _is_slope_of_d1(n) else None)
        if any(_is_slope_of_d1(node) for node in walk(s.expanded)):
            assert b.oracle.holds(s.left, lost) is False


def _is_slope_of_d1(node: Formula) -> bool:
    return isinstance(node, Sum) and node == 1 - Name("out_d1")
