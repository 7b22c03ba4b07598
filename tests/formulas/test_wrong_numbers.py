"""Numbers about any network: what rounds to the digits written is proved, all else refuted."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from mpmath import mp, mpf

from derive import Model
from derive.checking.claims import Judged
from derive.checking.judge import Judge
from derive.networks.equations.system import System
from derive.networks.network import Network
from derive.numeric.forward import examples
from tests.formulas.exact_values import Exact, random_equations

SHIPPED = sorted(
    place.stem for place in Path("derive/networks").glob("*.*") if place.suffix in (".eq", ".toml")
)
BATCH = {
    "layers": [2, 2, 2],
    "activation": ["tanh", "softmax"],
    "loss": "categorical-cross-entropy",
    "bias": "neuron",
    "l2": 0.1,
    "training": {"learning_rate": 0.25},
    "numbers": {
        "inputs": [[0.1, 0.9], [0.4, -0.3], [1.0, 0.5]],
        "targets": [[1, 0], [0, 1], [0.5, 0.5]],
        "weights": [[0.5, 0.4, -0.9, 1.1], [-1.2, 1.1, 0.3, 0.7]],
        "biases": [[-0.8, 0.1], [-0.3, 0.2]],
    },
}
FEW = 6
"""Numbers of a network in the default run."""


def model_of(name: str) -> Model:
    """A shipped network, with numbers drawn for those that have none."""
    model = Model.of(name)
    if model.network.numbers is None:
        model = Model.of(model.network.with_random_numbers(7))
    return model


def about(model: Model, draw: random.Random) -> Iterator[tuple[str, mpf]]:
    """What may be said of a network in numbers, without end: a left side, and its right value."""
    exact = Exact(model, list(examples(model, model.network)))
    batch = len(exact.given) > 1
    given = [name for name in model.quantities if name not in model.definitions]
    while True:
        kind = draw.choice(("value", "slope", "step"))
        if kind == "value":
            name = draw.choice([model.total, *model.parameters] if batch else [*model.quantities])
            yield name, exact.value(name)
            continue
        name = draw.choice(model.parameters if batch or kind == "step" else given)
        if name in model.conditions:
            continue
        if kind == "slope":
            yield f"d{model.total}/d{name}", exact.slope(name)
        else:
            yield f"{name}^+", exact.stepped(name)


def written(value: mpf, digits: int, off: int = 0) -> str:
    """The value with so many digits behind the point, `off` units of the last one beside it."""
    units = int(mp.nint(value * mpf(10) ** digits)) + off
    text = f"{abs(units):0{digits + 1}d}"
    return f"{'-' if units < 0 else ''}{text[:-digits]}.{text[-digits:]}"


def judged(judge: Judge, claim: str) -> Judged:
    found = judge.judge(claim)
    assert found is not None, claim
    return found


def check_numbers(model: Model, count: int, seed: str) -> None:
    """Right numbers are proved, and wrong ones refuted with the value that they should have."""
    judge = Judge(model)
    draw = random.Random(seed)
    for left, value in (found for found, _ in zip(about(model, draw), range(count), strict=False)):
        digits = draw.randint(1, 30)
        right = judged(judge, f"{left} = {written(value, digits)}")
        assert right.verdict.value == "proved", (right.text, mp.nstr(value, 35))
        off = draw.choice((-300, -20, -3, -2, 2, 3, 20, 300))
        wrong = judged(judge, f"{left} = {written(value, digits, off)}")
        assert wrong.verdict.value == "refuted", (wrong.text, mp.nstr(value, 35))
        said = [finding.suggestion for finding in wrong.findings if finding.suggestion]
        assert said, wrong.text
        for text in said:
            mantissa, _, exponent = text.partition("e")
            unit = mpf(10) ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
            assert abs(mpf(text) - value) <= unit * mpf("0.5000001"), (wrong.text, text)


@pytest.mark.parametrize("name", SHIPPED)
def test_numbers_about_a_shipped_network(name: str) -> None:
    """Quantities, gradients and steps, to between 1 and 30 digits."""
    check_numbers(model_of(name), FEW, name)


def test_numbers_about_a_batch() -> None:
    """E_total, its gradients and the steps of a batch are those of all of its examples."""
    for reduction in ("sum", "mean"):
        network = Network.from_table({**BATCH, "reduction": reduction}, "batch", {})
        check_numbers(Model.of(network), FEW, reduction)


def test_numbers_about_random_equations() -> None:
    """Roots, quotients, functions in pieces and those without a layer of their own."""
    for seed in range(8):
        check_numbers(Model.of(random_equations(seed)), 3, str(seed))


@pytest.mark.sweep
@pytest.mark.parametrize("name", SHIPPED)
def test_many_numbers_about_a_shipped_network(name: str) -> None:
    """The same, many times."""
    check_numbers(model_of(name), 300, f"many {name}")


@pytest.mark.sweep
@pytest.mark.parametrize("part", range(4))
def test_many_numbers_about_random_equations(part: int) -> None:
    """The same, for many equations."""
    for seed in range(100 * part, 100 * part + 100):
        check_numbers(Model.of(random_equations(seed)), 10, f"many {seed}")


def test_a_planted_fault_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checker that takes a twentieth of the value for rounding is found out."""
    monkeypatch.setattr("derive.checking.numbers.NOISE", 1)
    with pytest.raises(AssertionError):
        check_numbers(model_of("lstm"), FEW, "lstm")


def test_as_many_digits_are_judged_as_are_written() -> None:
    """More digits than a double has; and where too few are computed, nothing is proved."""
    text = "y = w*x\nE = 1/2*(target - y)^2\nnumbers: x = 123.4567, w = -765.4321, target = 0.1"
    judge = Judge(Model.of(System.from_text(text, "wide")))
    value = mpf("123.4567") * mpf("-765.4321")
    exact = "-94497.72114007"
    assert mp.nstr(value, 20).startswith(exact)
    for claim, verdict in {
        f"y = {exact}": "proved",
        f"y = {exact}0000000000000000": "proved",
        "y = -94497.72114006": "refuted",
        "y = -94497.7211400700001": "refuted",
        f"y = {exact}{'0' * 60}": "undecided",
        f"y = {exact}1{'0' * 60}": "refuted",
    }.items():
        assert judged(judge, claim).verdict.value == verdict, claim


def test_the_value_is_shown_with_digits_that_count() -> None:
    """Not 0.0 for 0.0669 beside -0.1, and with more digits than a wrong number agrees in."""
    shown = {
        "dE/dw21 = -0.1": "the value is 0.0669",
        "dE/dw21 = 3": "the value is 0.066873",
        "out_a1 = 2": "the value is 1",
    }
    judge = Judge(Model.of("xor"))
    for claim, message in shown.items():
        assert [finding.message for finding in judged(judge, claim).findings] == [message]


def test_a_number_with_an_index_letter_is_that_of_every_member() -> None:
    """x_t is 1, 0.5 and -1 in the recurrent network: no number is right for all of them."""
    judge = Judge(Model.of("rnn"))
    assert judged(judge, "x_t = 0.5").verdict.value == "refuted"
    assert judged(judge, "x_t^2 = 1.0").verdict.value == "refuted"
    assert judged(judge, "0.25*x_t^0 = 0.25").verdict.value == "proved"


LAYERS = {
    "softmax inside": {"layers": [2, 2, 2], "activation": ["softmax", "sigmoid"], "bias": "layer"},
    "cross-entropy": {
        "layers": [2, 3, 2], "activation": ["gelu", "softmax"], "loss": "categorical-cross-entropy",
    },
    "pieces": {
        "layers": [2, 2, 1], "activation": ["elu", "leaky-relu"], "loss": "huber",
        "notation": "numbered",
    },
    "connections": {
        "layers": [2, 2, 2], "missing": ["w12"], "skip": [[0, 2]], "l2": 0.3, "bias": "neuron",
    },
    "a function of its own": {
        "layers": [2, 2, 1], "activation": ["swish", "identity"], "loss": "(t - o)^4",
        "functions": {"swish": "x*sig(x)"}, "bias": "layer",
        "training": {"update_biases": False},
    },
    "deep": {
        "layers": [1, 2, 1, 2], "activation": ["mish", "softplus", "silu"], "l2": 0.01,
        "notation": "indexed",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", LAYERS)
def test_numbers_about_layers(name: str) -> None:
    """Functions and losses of every kind, connections that are missing or skip a layer."""
    for seed in (1, 2):
        network = Network.from_table(LAYERS[name], name, {}).with_random_numbers(seed)
        check_numbers(Model.of(network), FEW, f"{name} {seed}")
