"""Names in generated code: what Python keeps for itself, and what a network calls its own."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive import Model
from derive.calculus.chain import Chain
from derive.code.program import values
from derive.code.python import RESERVED, Identifiers, identifier, quoted
from derive.formula import (
    Call,
    Formula,
)
from derive.model.families import Family, Role, member
from derive.model.instances import Instances
from derive.networks.equations.names import FreeNames
from derive.networks.equations.system import System
from derive.notations.free import split_name
from tests.code import running

AWKWARD = ["lambda", "in", "print", "None", "np", "sig", "gradients", "l", "O", "__debug__"]


def test_names_that_python_keeps_for_itself() -> None:
    """Keywords, functions of Python, modules and digits' likenesses get an underscore."""
    names = Identifiers()
    assert [names.of(name, name) for name in AWKWARD[:5]] == [f"{name}_" for name in AWKWARD[:5]]
    assert names.of("l", "l") == "l_"
    assert names.of("out_c1", "out_c1") == "out_c1"


def test_a_network_with_awkward_names() -> None:
    """lambda, in and np can be weights; the gradients keep their names as keys."""
    text = "weights: lambda, in, np, l\nO = sig(lambda*in*x) + np*l\ngradients = (O - target)^2"
    chain = Chain(running.model(text))
    written = running.written(chain)
    found = running.computed(written, values(chain.model, 0))
    assert running.differ(found, running.symbolic(chain)) == []
    assert list(found[0][1]) == ["lambda", "in", "np", "l"]
    assert "lambda_, in_, np_, l_" in written


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=12), unique=True, max_size=8))
def test_different_names_stay_different(wanted: list[str]) -> None:
    """Whatever the names, each gets an identifier of its own that Python takes as it stands."""
    names = Identifiers()
    found = [names.of(name, name) for name in wanted]
    assert len(set(found)) == len(found)
    for name in found:
        assert name.isidentifier()
        assert name not in RESERVED
        node = ast.parse(name, mode="eval").body
        assert isinstance(node, ast.Name)
        assert node.id == name


@given(st.text())
def test_a_text_as_a_literal(text: str) -> None:
    """What stands in quotes in the program is the text, in one line, and nothing else."""
    assert ast.literal_eval(quoted(text)) == text
    assert len(quoted(text).splitlines()) == 1


HOSTILE = [
    'x"]; import os; os.abort() #',
    "w'); import os; os.abort() #",
    '"""; import os; os.abort()',
    "\nimport os\nos.abort()",
    "\\",
    "{{ 7 * 7 }}",
    "__import__('os').abort()",
    "np",
    "np.core",
    "ﬁ",
    "π",
    "\u202eevil",
    "1st",
    "",
]


def test_hostile_names_are_names_and_nothing_more() -> None:
    """Names that are pieces of programs change nothing but the spelling of variables and keys."""
    names = [f"{text}{n}" if text in {"", "np"} else text for n, text in enumerate(HOSTILE)]
    formula: Formula = member("data")
    families = [Family("data", Role.INPUT)]
    for name in names:
        stem, indices = split_name(name)
        ranges = tuple(range(n, n + 1) for n in indices)
        families.append(Family(stem, Role.WEIGHT, ranges))
        formula = Call("sig", formula + member(stem, *indices))
    families.append(Family("E", Role.TOTAL, definition=formula))
    title = ' """ \\ \n\u2028{% raw %}" + __import__("os").abort() + """'
    system = System(
        name=title,
        instances=Instances(families, FreeNames()),
        title=title,
        description=title,
    )
    chain = Chain(Model.of(system))
    text = running.written(chain)
    tree = ast.parse(text)
    imports = [ast.unparse(n) for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom)]
    assert imports == ["import numpy as np"]
    assert [type(node) for node in tree.body] == [
        ast.Expr, ast.Import, ast.FunctionDef, ast.FunctionDef, ast.If,
    ]  # fmt: skip
    called = {ast.unparse(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    assert called == {"np.exp", "sig", "gradients", "print", "float", "slopes.items"}
    found = running.computed(text, values(chain.model, 0))
    assert list(found[0][1]) == names
    assert running.differ(found, running.symbolic(chain)) == []


def test_a_hostile_title_in_a_file() -> None:
    """A title cannot end the docstring it stands in."""
    text = running.written(Chain(running.model('title: """ + x\nabout: \\"""\ny = w*x\nE = y^2')))
    assert ast.get_docstring(ast.parse(text), clean=False).startswith("Backpropagation: + x.")


@pytest.mark.parametrize(
    ("text", "name"),
    [("out_c1", "out_c1"), ("σ", "σ"), ("a b", "a_b"), ("2x", "q_2x"), ("ﬁ", "_"), ("", "q_")],
)
def test_an_identifier_for_any_text(text: str, name: str) -> None:
    """A name stays as it is where Python takes it, and stays near to it where not."""
    assert identifier(text) == name


# Expressions.
