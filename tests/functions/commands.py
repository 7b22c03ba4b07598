"""Every command on one network, each result compared with what the others say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from derive import Model
from derive.calculus.chain import Chain
from derive.cli import cli
from derive.code import write_code
from derive.networks.sources import read
from derive.numeric.gradcheck import gradcheck
from tests.code import running


def run(*arguments: str) -> Result:
    """What a command prints; it must succeed."""
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, f"{arguments}: {result.output}"
    return result


def through_every_command(network: list[str], folder: Path, ending: str) -> None:
    """Notes, check, show, gradcheck and code of a network, with a document of this ending.

    `network` is what a command line says of it. Everything the document claims is proved, and what
    the generated program computes is what the formulas do.
    """
    path = folder / f"notes.{ending}"
    run("notes", *network, "-o", str(path), "--all")
    counts = json.loads(run("check", *network, "--file", str(path), "--json").output)["summary"]
    assert counts["proved"] > 0
    assert not any(counts[bad] for bad in ("refuted", "undecided", "unreadable")), counts
    assert json.loads(run("gradcheck", *network, "--json").output)["passed"]
    spec, *options = network
    keys = [option.removeprefix("--") for option in options[::2]]
    used = read(spec, **dict(zip(keys, options[1::2], strict=True)))
    model = Model.of(used)
    for name in model.parameters:
        assert "∂" in run("show", *network, name).output
    call = running.function(write_code(used))
    point = gradcheck(used)
    data = [n for n in model.quantities if n not in model.definitions]
    error, slopes = call(**{name: point.values[name][0] for name in data})
    assert error == pytest.approx(point.error, rel=1e-12)
    for name, row in point.gradients.items():
        assert slopes[name] == pytest.approx(row.symbolic, rel=1e-11, abs=1e-14)
    assert Chain(model).gradients.keys() == slopes.keys()
