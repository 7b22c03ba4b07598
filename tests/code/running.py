"""Generated programs: written, executed in a namespace of their own, compared."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from derive.builders.equations import System
from derive.calculus.chain import Chain
from derive.code import python
from derive.code.program import program
from derive.code.values import Values, values
from derive.functions import ACTIVATIONS
from derive.model import Model
from derive.network import BIASES, NOTATIONS, Network
from derive.numeric import general
from derive.numeric.forward import evaluate_gradients, forward_values

Result = tuple[float, dict[str, float]]
TOLERANCE = 1e-12


def written(chain: Chain, seed: int = 0) -> str:
    """The program of a model, without the document that gives its lines their numbers."""
    found = program(chain, None, python.BUILT_IN)
    return python.source(found, values(chain.model, seed))


def namespace(source: str) -> dict[str, Any]:
    """What a program defines."""
    found: dict[str, Any] = {"__name__": "generated"}
    exec(compile(source, "generated.py", "exec"), found)  # noqa: S102 - that is the test
    return found


def function(source: str) -> Callable[..., Result]:
    """The function ``gradients`` of a program."""
    found: Callable[..., Result] = namespace(source)["gradients"]
    return found


def body(source: str) -> ast.FunctionDef:
    """The same as a syntax tree."""
    return next(
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name == "gradients"
    )


def computed(source: str, given: Values) -> list[Result]:
    """What the function gives for each example, its arguments in the order of the numbers."""
    call = function(source)
    return [call(*example.values(), *given.parameters.values()) for example in given.examples]


def symbolic(chain: Chain, seed: int = 0) -> list[Result]:
    """The error and the gradients of each example, by the formulas of the derivation."""
    model = chain.model
    network = model.network
    if isinstance(network, System):
        numbers = network.with_random_numbers(seed).numbers
        assert numbers is not None
        found = general.forward(model, numbers)
        return [(found[model.total], general.gradients(chain, found))]
    used = network if network.numbers else network.with_random_numbers(seed)
    columns = forward_values(model, used)
    slopes = evaluate_gradients(chain, columns)
    return [
        (columns[model.total][place], {name: column[place] for name, column in slopes.items()})
        for place in range(len(columns[model.total]))
    ]


def differ(found: Sequence[Result], expected: Sequence[Result]) -> list[str]:
    """The names of what is further apart than rounding, among ``error`` and the weights."""
    assert len(found) == len(expected)
    wrong = []
    for (error, slopes), (right_error, right) in zip(found, expected, strict=True):
        assert list(slopes) == list(right)
        size = max(map(abs, right.values()), default=0.0)
        pairs: Mapping[str, tuple[float, float]] = {
            "error": (float(error), right_error),
            **{name: (float(slopes[name]), right[name]) for name in right},
        }
        wrong += [
            name
            for name, (a, b) in pairs.items()
            if not math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=1e-3 * TOLERANCE * size)
        ]
    return wrong


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Layered networks of every kind, with numbers at which nothing is saturated."""
    layers = tuple(draw(st.lists(st.integers(1, 4), min_size=2, max_size=5)))
    names = st.sampled_from(sorted(ACTIVATIONS))
    network = Network(
        layers,
        tuple(draw(names) for _ in layers[1:]),
        bias=draw(st.sampled_from(BIASES)),
        notation=draw(st.sampled_from(NOTATIONS)),
    )
    return network.with_random_numbers(draw(st.integers(0, 10_000)))


def model(text: str) -> Model:
    """The model that some equations state."""
    return Model.of(System.from_text(text, "test"))
