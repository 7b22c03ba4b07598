"""The generated source reads well: its numbers, its names, its lines."""

from __future__ import annotations

import ast
import importlib.util
import itertools
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from derive import Model
from derive.calculus.chain import Chain
from derive.calculus.indices import Indices
from derive.code import python, write_code
from derive.code.expressions import Expressions, in_numpy, inline
from derive.code.program import program
from derive.emit.latex import Latex
from derive.errors import InputError
from derive.formula import (
    Delta,
    Formula,
    Name,
    Partial,
    signs_out,
)
from derive.formula.letters import has_letters
from derive.functions import BY_SYMBOL
from derive.functions.floats import function_value
from derive.model import Role
from derive.networks.equations.system import System
from derive.networks.network import Network
from derive.networks.shipped import shipped
from derive.networks.sources import read
from derive.notations import NOTATIONS
from derive.notes.blocks import Display, Notes
from derive.notes.by_layer import of_each_layer
from tests.code import running
from tests.shelf import composed, written
from tests.test_golden import normal

DATA = Path(__file__).parents[1] / "data"
WIDTH = 100
CASES = [(name, None) for name in shipped()] + [("2-3-2", notation) for notation in NOTATIONS]


@cache
def network(name: str, notation: str | None) -> Network | System:
    if notation is None:
        return read(name)
    return read(name, notation=notation, bias="neuron", activation="tanh,sigmoid")


@cache
def source(name: str, notation: str | None) -> str:
    return write_code(network(name, notation))


def numbers(text: str) -> dict[str, str]:
    """What stands behind each line of the function, by the variable or key that it computes."""
    lines = ["", *text.split("\n")]
    found: dict[str, str] = {}
    for statement in running.body(text).body:
        assert statement.end_lineno
        if isinstance(statement, ast.Assign):
            assert isinstance(statement.targets[0], ast.Name)
            found[statement.targets[0].id] = lines[statement.end_lineno].partition("  # ")[2]
        elif isinstance(statement, ast.Return):
            assert isinstance(statement.value, ast.Tuple)
            table = statement.value.elts[1]
            assert isinstance(table, ast.Dict)
            for key, value in zip(table.keys, table.values, strict=True):
                assert isinstance(key, ast.Constant)
                assert value.end_lineno
                closed = lines[value.end_lineno + 1].strip().startswith(")")
                note = lines[value.end_lineno + closed].partition("  # ")[2]
                found[f"gradient {key.value}"] = note
    return {name: note for name, note in found.items() if note}


def equations(chain: Chain) -> dict[str, tuple[Formula, Formula]]:
    """Both sides of what a line of the function should say, by its variable or key."""
    model = chain.model
    total = Name(model.total)
    found: dict[str, tuple[Formula, Formula]] = {}
    for name, definition in model.definitions.items():
        found[name] = (Name(name), definition)
    for name, formula in chain.deltas.items():
        if model.quantities[name].role is Role.NET:
            found[python._Names(program(chain, None, in_numpy))(Delta(name))] = (
                Delta(name),
                formula,
            )
        else:
            found[f"d{total.name}_d{name}"] = (Partial(total, Name(name)), formula)
    for name, formula in chain.gradients.items():
        found[f"gradient {name}"] = (Partial(total, Name(name)), formula)
    return found


def printed(document: str) -> dict[str, str]:
    r"""The displays of a document in Markdown by their numbers, without their layout."""
    found = re.findall(r"\$\$\n(.*?)\\tag\{(\d+)\}\n\$\$", document, re.DOTALL)
    return {number: normal(text) for text, number in found}


@pytest.mark.parametrize(("name", "notation"), CASES)
@pytest.mark.slow
def test_the_numbers_are_those_of_the_document(name: str, notation: str | None) -> None:
    """The equation that a line computes stands in the document under the number behind the line."""
    chosen = network(name, notation)
    notes = composed(chosen)
    displays = printed(written(chosen, "markdown"))
    latex = Latex(notes.model)
    chain = Chain(notes.model)
    lines = numbers(source(name, notation))
    needed = {key: sides for key, sides in equations(chain).items() if key in lines}
    assert len(needed) == len(lines)
    assert {f"gradient {w}" for w in notes.model.parameters} <= set(lines)
    assert set(notes.model.definitions) <= set(lines)
    for key, (left, right) in needed.items():
        number = re.fullmatch(r"(?:as )?\((\d+)\)", lines[key])
        assert number, f"{key}: {lines[key]}"
        if lines[key].startswith("as ") or is_instance(notes, (left, right), int(number[1])):
            continue
        forms = {latex.inline(right), latex.inline(signs_out(right))}
        # A δ may say what it is, and how it comes about, before it says what it is made of.
        between = said_between(notes, (left, right), int(number[1]))
        start = " = ".join(map(latex.inline, (left, *between)))
        equation = {normal(f"{start} = {form}") for form in forms}
        assert any(each in displays[number[1]] for each in equation), (key, lines[key])


def said_between(notes: Notes, sides: tuple[Formula, Formula], number: int) -> list[Formula]:
    """What stands between the two sides in the equation under this number, if anything does."""
    left, right = sides[0], signs_out(sides[1])
    blocks = (block for section in notes.sections for block in section.blocks)
    shown = next(b for b in blocks if isinstance(b, Display) and b.number == number)
    own = next(e for e in shown.equations if e.left == left and right in map(signs_out, e.sides))
    return [*itertools.takewhile(lambda side: signs_out(side) != right, own.sides[1:])]


def is_instance(notes: Notes, sides: tuple[Formula, Formula], number: int) -> bool:
    """Whether a line with index letters under this number stands for the equation."""
    indices = Indices(notes.model)
    wanted = tuple(map(signs_out, sides))
    for section in notes.sections:
        for block in section.blocks:
            if not isinstance(block, Display) or block.number != number:
                continue
            for e in block.equations:
                for stated in of_each_layer(e, len(notes.model.network.layers) - 1):
                    if not any(map(has_letters, stated.sides)):
                        continue
                    for chosen in indices.choices(indices.ranges(*stated.sides)):
                        made = [signs_out(indices.instance(s, chosen)) for s in stated.sides]
                        if made[0] == wanted[0] and wanted[1] in made[1:]:
                            return True
    return False


def test_a_wrong_number_would_be_noticed() -> None:
    """The equations of another number are others."""
    chosen = network("2-4-3-2", None)
    notes = composed(chosen)
    displays = printed(written(chosen, "markdown"))
    latex = Latex(notes.model)
    lines = numbers(source("2-4-3-2", None))
    for key, (left, right) in equations(Chain(notes.model)).items():
        number = int(lines[key].strip("()"))
        equation = normal(f"{latex.inline(left)} = {latex.inline(right)}")
        assert equation not in displays.get(str(number + 1), "")


def test_the_numbers_follow_the_choice_of_weights() -> None:
    """Where other weights are derived the document counts differently, and so does the code."""
    assert numbers(write_code("2-2", weights=["w11"])) != numbers(write_code("2-2", every=True))


def test_equations_that_the_document_leaves_out() -> None:
    """Of a large layer it prints some and counts the others; those have the number of their kind."""
    found = numbers(write_code("3-12-1"))
    assert re.fullmatch(r"\(\d+\)", found["net_b1"])
    assert found["net_b12"] == f"as {found['net_b1']}"
    # The general rule says it of every neuron.
    assert re.fullmatch(r"\(\d+\)", found["delta_b12"])


def test_every_line_has_a_number() -> None:
    """Those of parameters that no list shows too: theirs is the general rule."""
    written = write_code(read("10-10-1", bias="neuron"))
    found = numbers(written)
    assert re.fullmatch(r"\(\d+\)", found["gradient bias_b10"])
    assert len(found) == len(equations(Chain(Model.of(read("10-10-1", bias="neuron")))))


def test_the_function_has_its_number_too() -> None:
    """The definition of the sigmoid is equation (5) of the document."""
    assert "def sig(x):\n    return 1 / (1 + np.exp(-x))  # (5)\n" in source("2-4-3-2", None)


@pytest.mark.parametrize(("name", "notation"), [*CASES, ("20-15-2", "letters")])
def test_lines_are_short_and_the_linter_is_content(name: str, notation: str | None) -> None:
    """No line is longer than 100 columns, and ruff has nothing to say with its own rules."""
    text = source(name, notation)
    assert max(map(len, text.splitlines())) <= WIDTH
    assert text.endswith('}")\n')
    assert not re.search(r"[ \t]$", text, re.MULTILINE)
    if importlib.util.find_spec("ruff") is None:
        pytest.skip("ruff is not installed")
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--quiet", "-"]
    done = subprocess.run(command, input=text, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_golden_program() -> None:
    """The LSTM cell's in tests/data is what is written today, as that of 2-4-3-2 in output/ is."""
    golden = DATA / "code-lstm.py"
    assert source("lstm", None) == golden.read_text(encoding="utf-8")


IN_NUMPY = {symbol: form for symbol in BY_SYMBOL if (form := in_numpy(symbol)) is not None}


def test_what_has_a_form_of_its_own_in_numpy() -> None:
    """What NumPy has, or would lose digits as it is written; the first three need no definition."""
    assert set(IN_NUMPY) == {"exp", "ln", "tanh", "elu", "softplus", "Phi", "phi"}
    assert [inline(symbol) for symbol in ("exp", "ln", "tanh")] == ["np.exp", "np.log", "np.tanh"]
    assert not any(inline(symbol) for symbol in ("elu", "softplus", "Phi", "phi", "sig", "relu"))


@pytest.mark.parametrize("symbol", IN_NUMPY)
def test_what_python_has_is_the_row_of_the_table(symbol: str) -> None:
    """The form that a row has in NumPy computes what the row says."""
    body = Expressions(lambda leaf: leaf.name).inline(IN_NUMPY[symbol])  # type: ignore[attr-defined]
    found = running.namespace(f"import math\nimport numpy as np\ndef f(x): return {body}")["f"]
    for x in (0.1, 0.5, 1.0, 2.5, *(() if symbol == "ln" else (-2.5, -1.0, -0.1))):
        assert found(x) == pytest.approx(function_value(symbol, 0, x), rel=1e-14)
        assert found(np.array([x, x]))[1] == found(x)


# Names.


def test_words_of_ones_own(tmp_path: Path) -> None:
    """A template of that name in the folder is taken instead; a mistake in it is named."""
    own = tmp_path / "python.jinja"
    own.write_text("# {{ title }}\n{{ gradients | join('\\n') }}\n", encoding="utf-8")
    assert write_code("2-1", templates=tmp_path).startswith(
        '# 2-1\n        "w11": delta_b1 * out_a1,'
    )
    own.write_text("{{ nothing }}", encoding="utf-8")
    with pytest.raises(InputError, match=r"python\.jinja:1: 'nothing' is undefined"):
        write_code("2-1", templates=tmp_path)


def test_an_unknown_language() -> None:
    """The message says which there are."""
    with pytest.raises(InputError, match="no 'fortran'; known are python"):
        write_code("2-1", language="fortran")
