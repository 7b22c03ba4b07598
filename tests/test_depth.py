"""Depth: long recurrences and deep chains stay linear, and nothing recurses on them."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from functools import cache

import pytest

from derive import InputError, Model, check, gradcheck
from derive.calculus.chain import Chain, collected
from derive.calculus.narration import derive
from derive.calculus.proof import prove
from derive.formula import Name
from derive.networks.equations.system import System
from derive.networks.network import Network
from derive.notes.compose import compose, single
from derive.render.render import render
from tests.benchmarks.scaling import KINDS, _derived
from tests.work import calls

FRAMES = 200
"""How deep calls may be nested here."""
DEEP = 3 * FRAMES
"""Whatever recurses once for three definitions is found out."""


@pytest.fixture(autouse=True)
def _few_frames() -> Iterator[None]:
    """Python's limit of nested calls, lowered: what recurses is found by a network of this size."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + FRAMES)
    yield
    sys.setrecursionlimit(before)


@cache
def chain_of(depth: int) -> System:
    """So many sigmoids, each of the one before it, with the same weights in all of them."""
    return System.from_text(
        f"inputs: h[0], y\nh[t] = sig(w*h[t-1] + b), t=1..{depth}\nE = 1/2*(y - h[{depth}])^2"
    )


@cache
def model() -> Model:
    return Model.of(chain_of(DEEP))


def test_a_recursion_would_be_found() -> None:
    """The alarm of the tests here: a function that calls itself for every second definition."""

    def down(definition: int) -> int:
        return down(definition - 2) if definition > 0 else 0

    with pytest.raises(RecursionError):
        down(DEEP)


def test_a_deep_chain_is_derived_and_proved() -> None:
    """600 definitions: model, deltas, gradients, and their proof."""
    chain = Chain(model())
    assert chain.count_paths("E", "w") == DEEP
    assert set(prove(chain).modular) == {"w", "b"}


def test_a_deep_chain_passes_the_numeric_check() -> None:
    """In floating point, with 50 digits, and with differences."""
    assert gradcheck(chain_of(DEEP)).passed


@pytest.mark.slow
def test_the_document_of_a_deep_chain_is_written() -> None:
    """Composed, rendered in both formats, and one weight alone for the terminal."""
    notes = compose(chain_of(DEEP))
    assert f"runs from 1 to {DEEP}." in render(notes, "markdown", None)
    assert f"runs from 1 to {DEEP}." in render(notes, "latex", None)
    assert render(single(model(), "w"), "text", None, 100)


@pytest.mark.parametrize(
    ("formula", "verdict"),
    [
        (f"dE/dh_{DEEP} = h_{DEEP} - y", "proved"),
        ("dE/dh_1 = dE/dh_2*h_2*(1 - h_2)*w", "proved"),
        (f"dE/dh_{DEEP - 1} = dE/dh_{DEEP}*h_{DEEP}*(1 - h_{DEEP})", "refuted"),
    ],
)
def test_formulas_about_a_deep_chain_are_judged(formula: str, verdict: str) -> None:
    """At both ends of it, right and wrong."""
    assert [claim.verdict.value for claim in check(model(), formula).claims] == [verdict]


def test_two_long_paths_with_a_common_ending_are_collected() -> None:
    """600 common factors go out of the bracket at once."""
    text = f"""
        inputs: h[0], t
        h[1] = w*h[0]
        h[i] = tanh(h[i-1]), i=2..{DEEP}
        p = sig(h[{DEEP}])
        q = tanh(h[{DEEP}])
        E = p*q*t
    """
    chain = Chain(Model.of(System.from_text(text)))
    formula = collected(list(chain.paths("E", "w")))
    from derive.exact.points import Point

    point = Point(chain.model)
    assert point.value(formula) == point.slope(Name("E"), "w")


@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
def test_a_deep_layered_network_is_proved(activation: str) -> None:
    """600 layers of one neuron: deltas, gradients, proof."""
    network = Network.read("-".join(["1"] * DEEP), activation=activation)
    chain = Chain(Model.of(network))
    proof = prove(chain)
    assert {*proof.modular, *proof.regions} == set(chain.model.parameters)


@pytest.mark.slow
def test_the_document_of_a_deep_layered_network_is_written() -> None:
    """200 layers: the layers at the ends are derived step by step, three and two."""
    network = Network.read("-".join(["1"] * 201))
    notes = compose(network)
    assert [s.key for s in notes.sections].count("derivation") == 5
    assert render(notes, "markdown", None)


@pytest.mark.slow
def test_one_weight_of_a_deep_layered_network_is_derived() -> None:
    """The first of 200 layers, as a SymPy expression and in LaTeX."""
    deep = Model.of(Network.read("-".join(["1"] * 201)))
    derivation = derive(deep, deep.parameters[0])
    assert len(derivation.gradient.free_symbols) > 400
    assert derivation.latex()


def test_what_is_too_deep_for_sympy_is_said() -> None:
    """An error written out over 1,000 layers is no expression that SymPy can hold."""
    deep = Model.of(Network.read("-".join(["1"] * 1_001)))
    with pytest.raises(InputError, match="too deep for SymPy"):
        deep.unfold()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.slow
def test_the_work_per_step_does_not_grow(kind: str) -> None:
    """Function calls per step: of 200 steps no more than of 50, but for a twentieth."""
    small, large = (work(kind, size) / size for size in (50, 200))
    assert large <= 1.05 * small


def work(kind: str, size: int) -> int:
    """How many functions are called from the model to the proof and the typeset equations."""
    network = KINDS[kind](size)
    return calls(lambda: _derived(network))
