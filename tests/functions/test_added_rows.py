"""A function or a loss is one row of the table: added at run time, every command knows it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from derive.errors import InputError
from derive.functions import ACTIVATIONS, BY_SYMBOL, LOSSES, Function, Loss, activation, loss
from derive.functions.floats import function_value
from derive.functions.written import kinks
from derive.networks.network import Network
from derive.numeric.gradcheck import gradcheck
from tests.functions.commands import run, through_every_command
from tests.sample import sampled

HARDTANH = Function(
    "hardtanh", "hardtanh", lambda x, f: f.choose(x - 1, 1, f.choose(-x - 1, -1, x))
)
SOFTSIGN = Function("softsign", "softsign", lambda x, f: x / (1 + f.choose(x, x, -x)))
LOG_COSH = Loss("log-cosh", lambda t, o, n, f: f.ln((f.exp(t - o) + f.exp(o - t)) / 2))
NETWORK = ["2-2-1", "--activation", "hardtanh,softsign", "--loss", "log-cosh"]

Add = Callable[..., None]


@pytest.fixture
def add(monkeypatch: pytest.MonkeyPatch) -> Add:
    """Adds rows to the table; after the test they are gone."""

    def added(*rows: Function | Loss) -> None:
        for row in rows:
            if isinstance(row, Loss):
                monkeypatch.setitem(LOSSES, row.name, row)
            else:
                monkeypatch.setitem(ACTIVATIONS, row.name, row)
                monkeypatch.setitem(BY_SYMBOL, row.symbol, row)

    return added


@pytest.mark.parametrize(
    ("notation", "ending"),
    sampled(product(["letters", "numbered", "indexed"], ["md", "tex"]), [("letters", "md")]),
)
@pytest.mark.slow
def test_every_command_knows_them(add: Add, tmp_path: Path, notation: str, ending: str) -> None:
    """Documents in both formats, all of them proved; show, gradcheck and the code agree."""
    add(HARDTANH, SOFTSIGN, LOG_COSH)
    through_every_command([*NETWORK, "--notation", notation], tmp_path, ending)


def test_the_sentences_about_them_are_true(add: Add, tmp_path: Path) -> None:
    """Where cases meet, and which one is taken there, is what the row says and computes."""
    add(HARDTANH, SOFTSIGN, LOG_COSH)
    run("notes", *NETWORK, "-o", str(tmp_path / "notes.md"))
    text = (tmp_path / "notes.md").read_text(encoding="utf-8")
    assert "The activation function of layer $b$ is the function hardtanh:" in text
    assert "where two of them meet, one side decides: at $-1$ the right one and at $1$" in text
    assert "at $0$, between the two, that of the left side is taken" in text
    assert "the error is the log-cosh loss:" in text
    assert "sigmoid" not in text
    assert kinks(HARDTANH) == ((-1, False), (1, True))
    slopes = [function_value("hardtanh", 1, x) for x in (-1.5, -1.0, -0.5, 0.5, 1.0, 1.5)]
    assert slopes == [0, 1, 1, 1, 1, 0]
    left = function_value("softsign", 1, -1e-9)
    assert function_value("softsign", 1, 0.0) == pytest.approx(left, abs=1e-8) == 1


def test_the_check_stays_away_from_their_kinks(add: Add) -> None:
    """A net input on a kink of the row has no finite difference, one beside it has."""
    add(HARDTANH)
    for weight, skipped in ((1.0, ("w11",)), (-1.0, ("w11",)), (0.0, ()), (1.00001, ())):
        numbers = {"inputs": [1.0], "targets": [0.3], "weights": [[weight]]}
        table = {"layers": [1, 1], "activation": "hardtanh", "numbers": numbers}
        found = gradcheck(Network.from_table(table, "", {}))
        assert found.passed
        assert found.skipped == skipped


def test_nothing_is_left_of_them(add: Add, tmp_path: Path) -> None:
    """A row of the same name that comes later is taken as it is, whatever was known of the first."""
    add(HARDTANH)
    first = gradcheck(Network.read("1-1", activation="hardtanh"), seed=4)
    wide = Function("hardtanh", "hardtanh", lambda x, f: f.choose(x, 3 * x, x / 7))
    add(wide)
    assert kinks(wide) == ((0, True),)
    second = gradcheck(Network.read("1-1", activation="hardtanh"), seed=4)
    assert second.passed
    assert first.error != second.error
    through_every_command(["1-1", "--activation", "hardtanh"], tmp_path, "md")


def test_after_a_test_they_are_gone() -> None:
    """The table is as it was."""
    with pytest.raises(InputError, match="there is no 'hardtanh'"):
        activation("hardtanh")
    with pytest.raises(InputError, match="there is no 'log-cosh'"):
        loss("log-cosh")


WRONG: list[Callable[[Any, Any, Any], Any]] = [
    lambda x, y, f: 1 - y**2,
    lambda x, y, f: f.choose(x - 1, 1, f.choose(-x - 1, 1, 0)),
]


@pytest.mark.parametrize("slope", WRONG)
def test_a_wrong_slope_is_refused(
    add: Add, tmp_path: Path, slope: Callable[[Any, Any, Any], Any]
) -> None:
    """Nothing is written with a row whose slope is not its derivative."""
    add(Function("hardtanh", "hardtanh", HARDTANH.value, slope))
    network = Network.read("1-1", activation="hardtanh")
    from derive import ProofError, write_notes

    with pytest.raises(ProofError):
        write_notes(network, tmp_path / "notes.md")
