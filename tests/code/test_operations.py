"""What one call of the generated function costs, counted in its source."""

from __future__ import annotations

import ast
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings

from derive import Model
from derive.calculus.chain import Chain
from derive.networks.network import Network
from derive.networks.shipped import shipped
from tests.code import running
from tests.delta_forms import operations

_KINDS = {
    ast.Add: "additions",
    ast.Sub: "additions",
    ast.Mult: "multiplications",
    ast.Div: "divisions",
}


def constant(node: ast.AST) -> bool:
    """Whether nothing but numbers stands in an expression: Python computes it only once."""
    leaves = (ast.Constant, ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop)
    return all(isinstance(inner, leaves) for inner in ast.walk(node))


def cost(node: ast.AST, functions: dict[str, ast.FunctionDef]) -> Counter[str]:
    """The operations of a piece of a program; a call of one of `functions` is what it does.

    A whole power is that many multiplications less one; a minus sign alone is free.
    """
    found: Counter[str] = Counter()
    for inner in ast.walk(node):
        if isinstance(inner, ast.BinOp) and not constant(inner):
            if isinstance(inner.op, ast.Pow):
                assert isinstance(inner.right, ast.Constant)
                assert isinstance(inner.right.value, int)
                found["multiplications"] += inner.right.value - 1
            else:
                found[_KINDS[type(inner.op)]] += 1
        elif isinstance(inner, ast.Call):
            if isinstance(inner.func, ast.Name):
                found += cost(functions[inner.func.id], functions)
            else:
                found["functions"] += 1
    return found


def costs(source: str, error: str = "E_") -> tuple[Counter[str], Counter[str]]:
    """What the gradients cost, forward pass included, and what the lines of the error cost."""
    functions = {n.name: n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef)}
    gradients: Counter[str] = Counter()
    errors: Counter[str] = Counter()
    for statement in functions["gradients"].body:
        if isinstance(statement, ast.Assign):
            assert isinstance(statement.targets[0], ast.Name)
            into = errors if statement.targets[0].id.startswith(error) else gradients
            into += cost(statement, functions)
        else:
            gradients += cost(statement, functions)
    return gradients, errors


def by_hand(layers: tuple[int, ...]) -> dict[str, int]:
    """The cost for sigmoids and half the squared error, each δ from those of the next layer.

    Forward a product for each weight and a sum for each neuron, and the sigmoid; backward
    (out − target)·out·(1 − out) at the outputs, (Σ δ·w)·out·(1 − out) before; δ·out for each weight.
    """
    weights = sum(a * b for a, b in pairwise(layers))
    neurons, outputs = sum(layers[1:]), layers[-1]
    passed_back = [(size, above) for size, above in pairwise(layers[1:])]
    return {
        "multiplications": weights
        + 2 * outputs
        + sum(size * (above + 2) for size, above in passed_back)
        + weights,
        "additions": weights
        - neurons
        + neurons
        + 2 * outputs
        + sum(size * (above - 1 + 1) for size, above in passed_back),
        "divisions": neurons,
        "functions": neurons,
    }


@pytest.mark.parametrize("sizes", ["2-4-3-2", "3-5-5-3", "4-8-8-4", "1-1", "5-1-3"])
def test_the_cost_is_that_of_the_best_computation_by_hand(sizes: str) -> None:
    """As many operations as the formulas need by hand, and as the symbolic side counts."""
    chain = Chain(Model.of(sizes))
    gradients, errors = costs(running.written(chain))
    layers = tuple(map(int, sizes.split("-")))
    assert gradients == by_hand(layers)
    assert gradients == operations(chain)
    outputs = layers[-1]
    assert errors == +Counter(multiplications=2 * outputs, additions=2 * outputs - 1)


def test_the_cost_of_the_notes_network() -> None:
    """2-4-3-2: 88 multiplications, 48 additions, 9 divisions and 9 exponentials."""
    assert costs(running.written(Chain(Model.of("2-4-3-2"))))[0] == {
        "multiplications": 88,
        "additions": 48,
        "divisions": 9,
        "functions": 9,
    }


def repeated(source: str) -> list[str]:
    """Expressions that the function computes more than once."""
    found = Counter(
        ast.unparse(node)
        for node in ast.walk(running.body(source))
        if isinstance(node, ast.BinOp | ast.Call) and not constant(node)
    )
    return [text for text, count in found.items() if count > 1]


@pytest.mark.parametrize("name", shipped())
def test_nothing_is_computed_twice(name: str) -> None:
    """No expression stands in the function of a shipped network in two places."""
    assert repeated(running.written(Chain(Model.of(name)))) == []


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(running.networks())
def test_nothing_is_computed_twice_in_layered_networks(network: Network) -> None:
    """Nor in any other layered network."""
    assert repeated(running.written(Chain(Model.of(network)))) == []


def test_what_is_used_once_has_no_line_of_its_own() -> None:
    """Only what several equations have in common gets a name: every such name is used again."""
    for name in shipped():
        body = running.body(running.written(Chain(Model.of(name))))
        model = Model.of(name)
        used = Counter(
            node.id
            for node in ast.walk(body)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        )
        for statement in body.body:
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                own = statement.targets[0].id
                derived = own.startswith(("delta_", f"d{model.total}_d"))
                assert used[own] >= (1 if own in model.quantities or derived else 2), own


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("y = a*b*w\nE = y + a*b*u", "part_1 = a * b"),
        ("y = (x - w)^2\nE = y*(x - w)", "x_minus_w = x - w"),
        ("y = exp(w)\nz = exp(w)*x\nE = y*z", "z = y * x"),
        ("y = -(w*x)\nE = w*x + y^2", "part_1 = w * x"),
        ("y = a*w\nE = y^2 + w*a*x", "E = y ** 2 + y * x"),
        (
            "y = (a - b_minus_w)^2*(a_minus_b - w)\nE = (a - b_minus_w)*(a_minus_b - w)^2*y",
            "part_2 = a_minus_b - w",
        ),
    ],
)
def test_what_is_shared(text: str, line: str) -> None:
    """The beginning of a product, a difference, a quantity with a name, a term behind a minus.

    In a different order too; and two parts never share a name.
    """
    assert f"    {line}\n" in running.written(Chain(running.model(text)))


def test_a_quantity_that_no_weight_changes_has_no_derivative() -> None:
    """∂E/∂q is computed only where the gradient of a weight needs it."""
    source = running.written(Chain(running.model("q = x*x\ny = w*q\nE = y^2")))
    assert "dE_dy = " in source
    assert "dE_dq" not in source
