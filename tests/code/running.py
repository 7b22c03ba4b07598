"""Generated programs: written, executed in a namespace of their own, compared."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from derive import Model
from derive.calculus.chain import Chain
from derive.code import python
from derive.code.expressions import in_numpy
from derive.code.program import Values, program, values
from derive.functions import ACTIVATIONS, LOSSES, SOFTMAX
from derive.model import Role
from derive.networks.equations.system import System
from derive.networks.network import BIASES, Network
from derive.numeric.forward import examples, gradients, quantities
from tests.shelf import FIRST

Result = tuple[float, dict[str, float]]
TOLERANCE = 1e-12
ROUNDING = 1e-14
"""What is left of a gradient whose terms cancel, as of a bias that all of a softmax layer share."""


def written(chain: Chain, seed: int = 0) -> str:
    """The program of a model, without the document that gives its lines their numbers."""
    found = program(chain, None, in_numpy)
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
    given = examples(model, model.network.numbered(seed))
    points = [quantities(model, example) for example in given]
    return [(point[model.total], gradients(chain, point)) for point in points]


def differ(found: Sequence[Result], expected: Sequence[Result]) -> list[str]:
    """The names of what is further apart than rounding, among ``error`` and the weights."""
    assert len(found) == len(expected)
    wrong = []
    for (error, slopes), (right_error, right) in zip(found, expected, strict=True):
        assert list(slopes) == list(right)
        size = max(1.0, *map(abs, right.values()))
        pairs: Mapping[str, tuple[float, float]] = {
            "error": (float(error), right_error),
            **{name: (float(slopes[name]), right[name]) for name in right},
        }
        wrong += [
            name
            for name, (a, b) in pairs.items()
            if not math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=ROUNDING * size)
        ]
    return wrong


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Layered networks of every kind, with numbers at which nothing is saturated."""
    layers = tuple(draw(st.lists(st.integers(1, 4), min_size=2, max_size=5)))
    loss = draw(st.sampled_from([*sorted(LOSSES), "(t - o)^2*exp(o) - t*o"]))

    def activation(place: int) -> str:
        usable = [*sorted(ACTIVATIONS), "swish"]
        if place == len(layers) - 1 and loss.endswith("cross-entropy"):
            usable = ["sigmoid"]
        return draw(st.sampled_from([*usable, *([SOFTMAX] if layers[place] > 1 else [])]))

    equal = [
        (source, target)
        for target in range(1, len(layers))
        for source in range(target)
        if layers[source] == layers[target]
    ]
    network = Network(
        layers,
        tuple(activation(place) for place in range(1, len(layers))),
        loss=loss,
        bias=draw(st.sampled_from(BIASES)),
        # Where the activation is called φ or f, some functions need other names.
        notation=draw(st.sampled_from(FIRST)),
        skip=tuple(draw(st.lists(st.sampled_from(equal), unique=True, max_size=2)))
        if equal
        else (),
        functions=(("swish", "x*sig(2*x)"),),
        l2=draw(st.sampled_from([0.0, 0.25])),
    )
    if network.bias != "none" and draw(st.booleans()):
        weights = [q.name for q in Model.of(network).having(Role.WEIGHT)]
        network = replace(network, missing=(draw(st.sampled_from(weights)),))
    return network.with_random_numbers(draw(st.integers(0, 10_000)))


def model(text: str) -> Model:
    """The model that some equations state."""
    return Model.of(System.from_text(text, "test"))
