"""Every row of the table goes through every command, and its columns say the same."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest

from derive import Model
from derive.emit.latex import Latex
from derive.errors import InputError
from derive.formula import Call, Name
from derive.functions import (
    ACTIVATIONS,
    BY_SYMBOL,
    LOSSES,
    SOFTMAX,
    World,
    activation,
    loss,
    spelled,
)
from derive.functions.floats import function_value
from derive.networks.sources import read
from derive.numeric.arrays import value
from tests.functions.commands import run, through_every_command

POINTS = (-40.0, -3.0, -1.0, -0.7, -1e-9, 0.0, 1e-9, 0.4, 1.0, 2.5, 40.0)


@pytest.mark.parametrize(("name", "ending"), list(product((*ACTIVATIONS, SOFTMAX), ("md", "tex"))))
def test_every_activation_through_every_command(name: str, ending: str, tmp_path: Path) -> None:
    """As the activation of the last layer."""
    spec = "1-2" if name == SOFTMAX else "1-1"
    through_every_command([spec, "--activation", name], tmp_path, ending)


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_through_every_command(name: str, tmp_path: Path) -> None:
    """With the last layer that it is made for."""
    last = LOSSES[name].after or "sigmoid"
    spec = "1-2" if last == SOFTMAX else "1-1"
    through_every_command([spec, "--activation", last, "--loss", name], tmp_path, "tex")


@pytest.mark.parametrize("symbol", BY_SYMBOL)
def test_every_function_through_every_command(symbol: str, tmp_path: Path) -> None:
    """In an equation file, where the rows that are no activations may stand, too."""
    path = tmp_path / "net.eq"
    path.write_text(
        f"numbers: x = 0.5, w = 0.7, t = 0.3\ny = {symbol}(w*x)\nE = (t - y)^2*w\n", "utf-8"
    )
    through_every_command([str(path)], tmp_path, "md")


class Many(World):
    """The elementary functions with fifty digits, none of them in a stable form of its own."""

    def exp(self, x: Any) -> Any:
        return mpmath.exp(x)

    def log(self, x: Any) -> Any:
        return mpmath.log(x)

    def normal(self, x: Any) -> Any:
        return mpmath.ncdf(x)

    def density(self, x: Any) -> Any:
        return mpmath.npdf(x)

    def choose(self, x: Any, positive: Any, otherwise: Any) -> Any:
        return positive if x > 0 else otherwise


def exactly(form: Callable[[Any, World], Any], x: float) -> Any:
    """A form of a row at x, with fifty digits."""
    with mpmath.workdps(50):
        return form(mpmath.mpf(x), Many())


@pytest.mark.parametrize("symbol", [s for s, row in BY_SYMBOL.items() if row.stable])
def test_a_stable_form_is_the_value(symbol: str) -> None:
    """With fifty digits both are the same, and the stable one has them in floating point, too."""
    row = BY_SYMBOL[symbol]
    assert row.stable is not None
    for x in POINTS:
        expected = exactly(row.value, x)
        assert mpmath.almosteq(exactly(row.stable, x), expected, rel_eps=1e-30, abs_eps=1e-40)
        assert function_value(symbol, 0, x) == pytest.approx(float(expected), rel=1e-14, abs=1e-30)


@pytest.mark.parametrize("symbol", BY_SYMBOL)
def test_every_world_computes_the_same(symbol: str) -> None:
    """Single floats, arrays, and the line of NumPy that a program gets."""
    points = [x for x in POINTS if symbol != "ln" or x > 0]
    expected = [function_value(symbol, 0, x) for x in points]
    assert value(BY_SYMBOL[symbol], np.array(points)) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("symbol", BY_SYMBOL)
def test_its_sign_is_read_back(symbol: str) -> None:
    """What a row looks like in LaTeX, in a document or typed by hand, means this row."""
    # Elsewhere φ is a letter for the activation.
    default = "gelu" if symbol == "phi" else "sigmoid"
    name = next((n for n, row in ACTIVATIONS.items() if row.symbol == symbol), default)
    written = Latex(Model.of(read("1-1", activation=name))).inline(Call(symbol, Name("net_b1")))
    found = run("check", "1-1", "--activation", name, f"{written} = {symbol}(net_b1)")
    assert "proved" in found.output


@pytest.mark.parametrize(
    ("alias", "name"),
    [("ReLU", "relu"), ("linear", "identity"), ("logistic", "sigmoid"), ("GELU", "gelu")],
)
def test_aliases_of_activations(alias: str, name: str) -> None:
    """Usual names are known, on the command line, in files and in the API."""
    assert activation(alias) is ACTIVATIONS[name]
    assert read("2-1", activation=alias).activations == (name,)


def test_aliases_of_losses() -> None:
    """`cross-entropy` is told by the last layer, and refused where it may mean both."""
    assert loss("mse") is LOSSES["mean-squared-error"]
    assert read("2-1", loss="bce").loss == "binary-cross-entropy"
    assert read("2-2", loss="cross-entropy").loss == "binary-cross-entropy"
    softmax = read("2-2", activation="softmax", loss="cross-entropy")
    assert softmax.loss == "categorical-cross-entropy"
    with pytest.raises(InputError, match="binary-cross-entropy or categorical-cross-entropy"):
        read("2-1", activation="relu", loss="cross-entropy")


def test_no_name_means_two_functions() -> None:
    """Symbols, names and aliases of all rows are different."""
    names = [n for s, row in BY_SYMBOL.items() for n in {s, row.name, *row.aliases}]
    assert len(names) == len(set(names))
    assert all(spelled(name) for name in names)
