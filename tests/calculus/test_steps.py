"""Derivations: every step holds, and the result is SymPy's own derivative of the whole E_total."""

from __future__ import annotations

import random
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
import sympy

from derive import InputError, Model, derive
from derive.calculus.narration import Derivation, Step
from derive.emit.text import Text
from derive.exact.points import Point
from derive.formula import ZERO, Letter, Negative, Number, Partial, Product, walk
from derive.networks.network import Network

NETS: dict[str, tuple[str, dict[str, str]]] = {
    "2-4-3-2": ("2-4-3-2", {}),
    "2-2-2 bias by layer": ("2-2-2", {"bias": "layer"}),
    "2-2-2 numbered": ("2-2-2", {"bias": "layer", "notation": "numbered"}),
    "3-2-2-2 tanh": ("3-2-2-2", {"activation": "tanh", "bias": "neuron"}),
    "3-2-2 relu": ("3-2-2", {"activation": "relu", "bias": "neuron"}),
    "2-2-2-2 mixed": ("2-2-2-2", {"activation": "tanh,relu,identity", "bias": "layer"}),
    "1-1": ("1-1", {}),
    "2-1-1-2": ("2-1-1-2", {}),
}
CASES = [
    (net, parameter)
    for net, (spec, options) in NETS.items()
    for parameter in Model.of(Network.read(spec, **options)).parameters
]
MEANING = {
    "sig": lambda x: 1 / (1 + sympy.exp(-x)),
    "sig'": lambda x: sympy.exp(-x) / (1 + sympy.exp(-x)) ** 2,
    "tanh": sympy.tanh,
    "tanh'": lambda x: 1 - sympy.tanh(x) ** 2,
    "relu": lambda x: sympy.Piecewise((x, x > 0), (0, True)),
    "relu'": lambda x: sympy.Piecewise((1, x > 0), (0, True)),
}


@cache
def model_of(net: str) -> Model:
    spec, options = NETS[net]
    return Model.of(Network.read(spec, **options))


@cache
def derived(net: str, parameter: str) -> Derivation:
    return derive(model_of(net), parameter)


def step(derivation: Derivation, key: str) -> Step:
    (found,) = (step for step in derivation.steps if step.key == key)
    return found


def plain(expression: Any) -> Any:
    """A SymPy expression with ordinary functions, and symbols of any sign."""
    shown = expression.replace(
        lambda node: isinstance(node, sympy.Function) and type(node).__name__ in MEANING,
        lambda node: MEANING[type(node).__name__](node.args[0]),
    )
    return shown.xreplace({s: sympy.Symbol(s.name, real=True) for s in shown.free_symbols})


@cache
def unfolded(net: str) -> Any:
    """E_total of inputs, targets and parameters only."""
    return plain(model_of(net).unfold())


@cache
def values(net: str, seed: int) -> dict[Any, Any]:
    """Random values of 40 digits of the given quantities, and of all others by definition."""
    draw = random.Random(seed)
    found: dict[Any, Any] = {}
    model = model_of(net)
    for name in model.quantities:
        symbol = sympy.Symbol(name, real=True)
        if name in model.definitions:
            found[symbol] = plain(model.definition(name)).xreplace(found)
        else:
            found[symbol] = sympy.Float(draw.uniform(-1, 1), 40)
    return found


@pytest.mark.parametrize(("net", "parameter"), CASES)
def test_gradient_is_sympys_derivative(net: str, parameter: str) -> None:
    """The gradient equals SymPy's derivative of the unfolded E_total to 30 digits, at two points."""
    ours = plain(derived(net, parameter).gradient)
    theirs = unfolded(net).diff(sympy.Symbol(parameter, real=True))
    for seed in (1, 2):
        at = values(net, seed)
        difference = ours.xreplace(at) - theirs.xreplace(at)
        assert abs(difference) < sympy.Float("1e-30")


@pytest.mark.parametrize(("net", "parameter"), CASES)
def test_every_step_holds(net: str, parameter: str) -> None:
    """All sides of every equation agree at a random point other than the program's own."""
    derivation = derived(net, parameter)
    equations = [e for step in derivation.steps for e in step.equations if len(e.sides) > 1]
    letters = [Letter(name) for name in derivation.letters]
    assert len(equations) >= 5
    for seed in (101, 102):
        point = Point(derivation.model, seed, derivation.letters)
        for equation in equations:
            if equation.left not in letters:
                values = {point.value(side) for side in equation.sides}
                assert len(values) == 1, Text(derivation.model).chain(equation)


@pytest.mark.slow
@pytest.mark.parametrize("net", NETS)
def test_step_keys_are_unique(net: str) -> None:
    """Each step of a derivation has a key of its own, by which others can refer to it."""
    for parameter in model_of(net).parameters:
        keys = [one.key for one in derived(net, parameter).steps]
        assert len(set(keys)) == len(keys)


def test_steps_of_a_last_layer_weight() -> None:
    """w31 follows the notes: why (1) to (8), then sum, zero, chain, three factors, product."""
    keys = [one.key for one in derived("2-4-3-2", "w31").steps]
    assert keys == [
        "overview",
        "unfold",
        "peel-square",
        "minus",
        "peel-activation",
        "rename",
        "peel-sum",
        "together",
        "proven",
        "sum",
        "vanish",
        "chain",
        "factor-error",
        "factor-activation",
        "factor-net",
        "product",
        "deltas",
        "delta-gradient",
        "same",
    ]


def test_steps_of_a_hidden_weight() -> None:
    """w21 follows (16) to (25), and goes on to the total and the delta form."""
    keys = [one.key for one in derived("2-4-3-2", "w21").steps]
    assert keys == [
        "sum",
        "chain",
        "substitute",
        "linearity",
        "zeros",
        "inner",
        "path-E_d1",
        "values",
        "plugged-E_d1",
        "path-E_d2",
        "plugged-E_d2",
        "total",
        "recursion",
        "deltas",
        "delta-gradient",
        "same",
    ]


@pytest.mark.parametrize("parameter", ["w31", "w36"])
def test_minus_one_is_counted_exactly_once(parameter: str) -> None:
    """The −1 of the inner function stands once in the product of all peels, and nowhere else."""
    derivation = derived("2-4-3-2", parameter)
    together = step(derivation, "together").equations[0].sides[1]
    assert isinstance(together, Product)
    assert [f for f in together.factors if isinstance(f, Number)] == [Number(-1)]
    assert not any(isinstance(factor, Negative) for factor in together.factors)
    minus = step(derivation, "minus").equations[0].right
    assert isinstance(minus, Product)
    assert minus.factors == together.factors[:2]
    final = step(derivation, "product").equations[0].right
    assert not any(isinstance(f, Number) and f.value == -1 for f in walk(final))


def test_vanishing_summand_is_shown_and_explained() -> None:
    """(10): the summand of E_d2 becomes a 0, and the step says which errors vanish and stay."""
    vanish = step(derived("2-4-3-2", "w31"), "vanish")
    assert ZERO in vanish.equations[0].sides[1].parts()
    assert [name.name for name in vanish.facts["vanishing"]] == ["E_d2"]
    assert [name.name for name in vanish.facts["survivors"]] == ["E_d1"]


def test_unfolded_error_is_equation_two() -> None:
    """(2): E_d1 is unfolded just as far as the weight, with the true weights in its sum."""
    shown = Text(model_of("2-4-3-2")).chain(step(derived("2-4-3-2", "w31"), "unfold").equations[0])
    assert shown == ("E_d1 = 1/2(target_d1 − sig(w31 · out_c1 + w32 · out_c2 + w33 · out_c3))^2")


def test_a_slope_without_the_output_is_named() -> None:
    """A derivative that cannot be written through the output stands as f'(net)."""
    derivation = derived("3-2-2 relu", "w21")
    assert str(derivation) == ("∂E_total/∂w21 = (out_c1 − target_c1) · relu'(net_c1) · out_b1")


def test_many_paths_are_counted_not_written() -> None:
    """w11 of 2-4-4-3 has twelve paths: one is shown, the delta form carries the proof."""
    derivation = derive(Model.of("2-4-4-3"), "w11")
    assert derivation.paths == 12
    assert step(derivation, "one-path").facts["paths"] == 12
    assert str(derivation) == "∂E_total/∂w11 = δ_b1 · out_a1"


def test_any_depth() -> None:
    """A chain of 30 layers has one path of 60 factors, all of them in order."""
    model = Model.of("-".join(["1"] * 31))
    derivation = derive(model, "w11")
    assert derivation.paths == 1
    path = step(derivation, "path-E_ae1").equations[0].right
    names = [f for f in path.parts() if isinstance(f, Partial)]
    assert len(names) == 61
    assert all(a.by == b.of for a, b in pairwise(names))


def test_the_same_form_starts_with_delta_and_ends_with_the_total() -> None:
    """Writing the δ out layer by layer ends, letter for letter, with the collected total."""
    derivation = derived("2-4-3-2", "w11")
    same = step(derivation, "same").equations[0]
    assert same.left == step(derivation, "delta-gradient").equations[0].right
    assert same.right == derivation.formula == step(derivation, "total").equations[0].right


@pytest.mark.parametrize(
    ("wrong", "near"),
    [("w37", "w36"), ("w2_13", "w2_1"), ("W31", "w31"), ("w__31", "w31")],
)
def test_unknown_weight(wrong: str, near: str) -> None:
    """An unknown weight is refused with the nearest name and the ranges there are."""
    with pytest.raises(InputError) as caught:
        derive(model_of("2-4-3-2"), wrong)
    message = str(caught.value)
    assert repr(wrong) in message
    assert f"did you mean '{near}" in message
    assert "w11 to w18, w21 to w2_12, w31 to w36" in message
    assert "\n" not in message


@pytest.mark.parametrize("name", ["out_c1", "net_d1", "E_total", "target_d1", ""])
def test_quantity_that_is_no_parameter(name: str) -> None:
    """Only weights and biases are derived by; any other quantity is refused as unknown."""
    with pytest.raises(InputError, match="no such weight or bias"):
        derive(model_of("2-4-3-2"), name)


def test_latex_in_a_notebook() -> None:
    """A derivation shows its result as LaTeX by itself, and as text when printed."""
    derivation = derived("2-4-3-2", "w31")
    assert derivation._repr_latex_() == (
        r"$\displaystyle \frac{\partial E_{total}}{\partial w_{31}} = "
        r"(out_{d_1} - target_{d_1}) \cdot out_{d_1} \cdot (1 - out_{d_1}) \cdot out_{c_1}$"
    )
    assert str(derivation) == (
        "∂E_total/∂w31 = (out_d1 − target_d1) · out_d1 · (1 − out_d1) · out_c1"
    )
