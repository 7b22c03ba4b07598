"""Names in right formulas replaced by their numbers, at random: right and wrong ones."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

import pytest

from derive import Model
from derive.calculus.chain import Chain, collected
from derive.checking.judge import Judge
from derive.emit.text import Text
from derive.formula import Formula, Name, Number, Partial, transform, walk
from derive.numeric.forward import examples

NETWORKS = ("mazur", "xor", "rnn", "lstm", "conv1d", "softmax")
WRONG = (Fraction(11, 10), Fraction(-1), Fraction(1, 2), Fraction(101, 100))


def right_equations(model: Model) -> Iterator[tuple[Formula, Formula]]:
    """Definitions, and gradients as sums over their paths."""
    chain = Chain(model)
    for name, definition in model.definitions.items():
        yield Name(name), definition
    for name in model.parameters:
        if 0 < chain.count_paths(model.total, name) <= 4:
            paths = list(chain.paths(model.total, name))
            yield Partial(Name(model.total), Name(name)), collected(paths)


def with_numbers(
    formula: Formula, names: set[str], given: dict[str, float], factor: Fraction = Fraction(1)
) -> Formula:
    """`formula` with the numbers of some names, times a factor, in their places."""

    def rule(node: Formula) -> Formula | None:
        if not isinstance(node, Name) or node.name not in names:
            return None
        value = Fraction(repr(given[node.name])) * factor
        return Number(value, f"{float(value):.6f}".rstrip("0").rstrip("."))

    return transform(formula, rule)


def check_put_in(network: str, count: int) -> None:
    model = Model.of(network)
    judge, text = Judge(model), Text(model)
    given = dict(examples(model, model.network)[0])
    draw = random.Random(network)
    equations = list(right_equations(model))
    for _ in range(count):
        left, right = draw.choice(equations)
        # A factor 1 is not written; that it is put in is tested by hand.
        there = sorted(
            {n.name for n in walk(right) if isinstance(n, Name) and given.get(n.name, 1) != 1}
        )
        if not there:
            continue
        names = set(draw.sample(there, draw.randint(1, min(2, len(there)))))
        good = f"{text.inline(left)} = {text.inline(with_numbers(right, names, given))}"
        found = judge.judge(good)
        assert found is not None
        assert found.verdict.value == "proved", good
        names = {name for name in names if given[name]}
        wrong = with_numbers(right, set(sorted(names)[:1]), given, draw.choice(WRONG))
        if not names or not any(isinstance(n, Name) for n in walk(wrong)):
            continue
        bad = f"{text.inline(left)} = {text.inline(wrong)}"
        found = judge.judge(bad)
        assert found is not None
        assert found.verdict.value in ("refuted", "undecided"), bad


@pytest.mark.parametrize("network", NETWORKS)
def test_numbers_in_the_places_of_names(network: str) -> None:
    """A right formula with the network's numbers in it is proved; with others it is not."""
    check_put_in(network, 8)


@pytest.mark.slow
@pytest.mark.parametrize("network", NETWORKS)
def test_many_numbers_in_the_places_of_names(network: str) -> None:
    """The same, many times."""
    check_put_in(network, 60)
