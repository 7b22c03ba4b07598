"""The generated function computes the derivation's gradients."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from derive import Model
from derive.calculus.chain import Chain
from derive.code import write_code
from derive.code.program import values
from derive.functions import ACTIVATIONS
from derive.model.numbers import Numbers
from derive.networks.network import BIASES, Network
from derive.networks.shipped import shipped
from derive.networks.sources import read
from tests.builders import families
from tests.code import running
from tests.shelf import FIRST

BATCH = Network(
    (2, 2, 1),
    ("tanh", "sigmoid"),
    bias="neuron",
    numbers=Numbers(
        inputs=((0.1, 0.9), (0.7, 0.3), (0.4, 0.2)),
        targets=((1.0,), (0.0,), (0.5,)),
        weights=((0.1, -0.2, 0.3, 0.4), (0.5, -0.6)),
        biases=((0.1, 0.2), (-0.3,)),
    ),
)


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_network(name: str) -> None:
    """The program of each network that is shipped gives its symbolic gradients, for two draws."""
    chain = Chain(Model.of(name))
    for seed in (0, 1):
        found = running.computed(write_code(name, seed=seed), values(chain.model, seed))
        assert running.differ(found, running.symbolic(chain, seed)) == []


@pytest.mark.parametrize("notation", FIRST)
@pytest.mark.parametrize("bias", BIASES)
@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
def test_every_notation_bias_and_activation(activation: str, bias: str, notation: str) -> None:
    """The same for 2-4-3-2 in every notation, with every kind of bias and every activation."""
    network = Network.read("2-4-3-2", activation=activation, bias=bias, notation=notation)
    chain = Chain(Model.of(network))
    found = running.computed(running.written(chain, 3), values(chain.model, 3))
    assert running.differ(found, running.symbolic(chain, 3)) == []


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(running.networks())
def test_any_layered_network(network: Network) -> None:
    """The same for any sizes, activations, losses, biases, notations, L2 terms, skips and missing weights."""
    chain = Chain(Model.of(network))
    found = running.computed(running.written(chain), values(chain.model, 0))
    assert running.differ(found, running.symbolic(chain)) == []


@pytest.mark.parametrize(
    "text",
    [
        "y = (w*x + 3)^(1/2)\nE = (y - t)^2/(1 + y^2)",
        "y = (w*x)^3 - u^2*x\nE = y*y + (w*x)^3",
        "y = exp(-w*x)\nz = ln(1 + exp(-w*x))\nE = y/z - z",
        "y = 2 - (w*x - (u - x))\nE = -(y - 1)*(-w)",
        "y = w/(x/(u + 2))\nE = y/2/x + 1/3*(y - t)",
        "y = w^(2/3)*x\nE = y^(-2) + w^(2/3)",
        "y = relu(w*x + b)\nE = relu(y - 0.1) + 0.00001*w^2",
        "y = sig(w*x)*sig(w*x)\nE = tanh(sig(w*x) - y)",
        "a = x - w\ny = (x - w)*u\nE = (x - w)^2 + a*y",
        "y = x*w\nz = w*x\nE = 0*y + z + 5*0.5",
    ],
)
def test_equations_of_any_form(text: str) -> None:
    """Roots, powers, quotients of quotients, minus signs, numbers and repeated parts."""
    chain = Chain(running.model(text))
    for seed in (5, 8):
        found = running.computed(running.written(chain, seed), values(chain.model, seed))
        assert running.differ(found, running.symbolic(chain, seed)) == []


@pytest.mark.parametrize(
    "text",
    [
        'family = "recurrent"\nsteps = 3\ninputs = 2\nhidden = 2\noutputs = 1\nbias = "neuron"',
        'family = "convolution"\ninput = [4, 4]\nkernel = 2\nkernels = 2\npool = 1\noutputs = 1',
        'family = "convolution"\ninput = [5]\nkernel = 2\npool = 2\nactivation = "tanh"\noutputs = 2',
    ],
)
def test_a_family(text: str) -> None:
    """Recurrent and convolutional networks that a TOML file states."""
    chain = Chain(Model.of(families.stated(text)))
    found = running.computed(running.written(chain, 2), values(chain.model, 2))
    assert running.differ(found, running.symbolic(chain, 2)) == []


def test_renamed_symbols() -> None:
    """The variables and the keys have the names that the network file gives its symbols."""
    network = Network(
        (2, 2, 1),
        notation="indexed",
        names=(("out", "O"), ("net", "u"), ("E_total", "C"), ("delta", "r")),
    )
    chain = Chain(Model.of(network))
    source = running.written(chain)
    assert "    u2_1 = w2_1_1 * O1_1 + w2_1_2 * O1_2\n" in source
    assert "    r2_1 = r3_1 * w3_1_1 * O2_1 * (1 - O2_1)\n" in source
    assert "    return C, {\n" in source
    found = running.computed(source, values(chain.model, 0))
    assert running.differ(found, running.symbolic(chain)) == []


def test_an_example_of_a_batch() -> None:
    """Each example by itself; arrays of all of them go through the function entry by entry."""
    chain = Chain(Model.of(BATCH))
    source, numbers = running.written(chain), values(chain.model, 0)
    expected = running.symbolic(chain)
    assert running.differ(running.computed(source, numbers), expected) == []
    columns = {
        name: np.array([example[name] for example in numbers.examples])
        for name in numbers.examples[0]
    }
    error, slopes = running.function(source)(**columns, **numbers.parameters)
    for place in range(3):
        found = (error[place], {name: slope[place] for name, slope in slopes.items()})
        assert running.differ([found], [expected[place]]) == []


@pytest.mark.parametrize("reduction", ["sum", "mean"])
def test_the_program_of_a_batch_as_printed(reduction: str, tmp_path: Path) -> None:
    """Run as it stands, a program of a batch prints the sum or the mean over its examples."""
    network = replace(BATCH, reduction=reduction)
    expected = running.symbolic(Chain(Model.of(network)))
    share = len(expected) if reduction == "mean" else 1
    path = tmp_path / "batch.py"
    write_code(network, path)
    printed = run(path)
    assert printed["E_total"] == pytest.approx(sum(e for e, _ in expected) / share, rel=1e-8)
    for name in expected[0][1]:
        mine = sum(slopes[name] for _, slopes in expected) / share
        assert printed[f"dE_total/d{name}"] == pytest.approx(mine, rel=1e-5)


@pytest.mark.parametrize("name", ["mazur", "conv1d", "lstm"])
def test_the_program_as_printed(name: str, tmp_path: Path) -> None:
    """Run as it stands, with nothing but NumPy, a program prints the gradients of its network."""
    path = tmp_path / "program.py"
    write_code(name, path)
    printed = run(path)
    chain = Chain(Model.of(read(name)))
    (error, slopes), total = running.symbolic(chain)[0], chain.model.total
    assert printed.pop(total) == pytest.approx(error, rel=1e-8)
    assert printed == pytest.approx({f"d{total}/d{w}": s for w, s in slopes.items()}, rel=1e-5)


def test_the_published_numbers_of_mazur(tmp_path: Path) -> None:
    """The program of his network prints the numbers of his article."""
    path = tmp_path / "mazur.py"
    write_code("mazur", path)
    printed = run(path)
    assert printed["E_total"] == pytest.approx(0.298371109, abs=1e-9)
    assert printed["dE_total/dw5"] == pytest.approx(0.082167041, abs=1e-7)
    assert printed["dE_total/dw1"] == pytest.approx(0.000438568, abs=1e-8)


def run(path: Path) -> dict[str, float]:
    """The numbers that a program prints, by what stands before them; nothing but NumPy is there."""
    only = "import sys; sys.modules['derive'] = None; import runpy; runpy.run_path(sys.argv[1], run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", only, str(path)],
        capture_output=True,
        encoding="utf-8",
        check=True,
        cwd=path.parent,
    )
    lines = (line.split(" = ") for line in done.stdout.splitlines())
    return {name: float(value) for name, value in lines}


@pytest.mark.parametrize("name", ["2-4-3-2", "lstm", "gru"])
def test_a_fault_in_any_line_is_noticed(name: str) -> None:
    """The comparison sees every line: with any one of them a thousandth too large, it fails."""
    chain = Chain(Model.of(name))
    source, numbers = write_code(name), values(chain.model, 0)
    expected = running.symbolic(chain)
    lines = source.split("\n")
    begin = next(place for place, line in enumerate(lines) if "# Forward" in line)
    end = next(place for place, line in enumerate(lines) if "if __name__" in line)
    assignment = re.compile(r'^(\s+(?:\w+ =|"\w+":)) (.*?)(,?)(  # .*)?$')
    faults = 0
    for place in range(begin, end):
        if found := assignment.match(lines[place]):
            wrong = f"{found[1]} 1.001 * ({found[2]}){found[3]}"
            changed = "\n".join([*lines[:place], wrong, *lines[place + 1 :]])
            assert running.differ(running.computed(changed, numbers), expected), wrong
            faults += 1
    assert faults >= len(chain.model.definitions) + len(chain.deltas) + len(chain.gradients)
