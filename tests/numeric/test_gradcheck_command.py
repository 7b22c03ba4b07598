"""``derive gradcheck`` at the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from derive.cli.gradcheck import gradcheck
from derive.errors import InputError
from derive.functions import ACTIVATIONS
from derive.numeric import backprop


def run(*arguments: str) -> Result:
    """The command's result."""
    return CliRunner().invoke(gradcheck, arguments)


def test_report() -> None:
    """The report shows the forward pass, the gradients, the step and the outcome."""
    result = run("mazur")
    assert result.exit_code == 0
    for line in (
        "net_h1 = 0.3775  out_h1 = 0.593269992",
        "E_total = 0.298371109",
        "weight  symbolic         NumPy            finite differences  after the step",
        "w5       0.0821670406     0.0821670406     0.0821670406        0.35891648",
        "b1       0.0187256094     0.0187256094     0.0187256094        not updated",
        "their error fall 4.00-fold",
        "takes the error from 0.298371109 to 0.291027774",
        "passed",
    ):
        assert line in result.output


def test_json() -> None:
    """`--json` prints the contract's object."""
    found = json.loads(run("mazur", "--json").output)
    assert found["updated"]["w1"] == pytest.approx(0.149780716, abs=5e-10)
    assert found["passed"] is True


def test_large_networks_are_abridged() -> None:
    """Of many weights the first dozen is shown, and how many there are besides."""
    output = run("20-30-2").output
    assert "… and 8 more neurons" in output
    assert "… and 648 more" in output
    assert len(output.splitlines()) < 60


def test_batch(tmp_path: Path) -> None:
    """The examples of a batch are shown one after the other, then their sum."""
    path = tmp_path / "four.toml"
    path.write_text(
        "layers = [1, 1]\n[numbers]\ninputs = [[1.0], [2.0], [3.0], [4.0]]\n"
        "targets = [[0.0], [0.0], [0.0], [0.0]]\nweights = [[0.5]]\n"
    )
    output = run(str(path)).output
    assert "Forward pass, example 3 of 4" in output
    assert "… and 1 more examples" in output
    assert "Sum of E_total over the 4 examples: " in output


def test_kinks_are_reported(tmp_path: Path) -> None:
    """A weight on a kink is shown as such."""
    path = tmp_path / "kink.toml"
    path.write_text(
        'layers = [1, 1]\nactivation = "relu"\n'
        "[numbers]\ninputs = [1.0]\ntargets = [1.0]\nweights = [[0.0]]\n"
    )
    result = run(str(path))
    assert result.exit_code == 0
    assert "on the kink of an activation: w11" in result.output


def test_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """A failed check exits with 1 and names the suspects, first in the table."""
    row, right = ACTIVATIONS["tanh"], backprop.slope
    monkeypatch.setattr(
        backprop, "slope", lambda f, x: right(f, x) + 0.1 if f == row.at else right(f, x)
    )
    result = run("20-30-2", "--activation", "sigmoid,tanh")
    assert result.exit_code == 1
    assert "failed: 660 of 660 gradients disagree: w11, w12" in result.output
    assert run("2-2", "--activation", "tanh", "--json").exit_code == 1


def test_overflow(tmp_path: Path) -> None:
    """Numbers that overflow are unusable input."""
    path = tmp_path / "large.toml"
    path.write_text(
        'layers = [1, 1]\nactivation = "identity"\n'
        "[numbers]\ninputs = [1e200]\ntargets = [1.0]\nweights = [[1.0]]\n"
    )
    assert isinstance(run(str(path)).exception, InputError)


def test_seed() -> None:
    """`--seed` draws other numbers."""
    assert run("2-2", "--seed", "1").output != run("2-2", "--seed", "2").output
    assert run("2-2").output == run("2-2", "--seed", "0").output
