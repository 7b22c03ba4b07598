"""At a kink there is no derivative: the numeric check stays away from it, or says that it did not.

The documents say which side the derivation takes.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from derive import gradcheck, write_notes
from derive.cli.gradcheck import gradcheck as command
from derive.functions import ACTIVATIONS
from derive.model.numbers import Numbers
from derive.networks.equations.system import System
from derive.networks.network import Network
from derive.networks.sources import read
from derive.numeric.differences import STEP
from derive.numeric.found import DIFFERENCE_TOLERANCE

NEAR = STEP / 50
"""A net input within the step of a kink."""


def layered(net: float, path: Path) -> Path:
    """A network file in which the ReLU of a hidden neuron has this net input."""
    path.write_text(
        'layers = [2, 2, 1]\nactivation = ["relu", "sigmoid"]\n'
        "[numbers]\ninputs = [1.0, 0.5]\ntargets = [0.3]\n"
        f"weights = [[{net + 0.5!r}, -1.0, 0.7, 0.4], [0.8, -0.6]]\n",
        encoding="utf-8",
    )
    return path


def stated(net: float, path: Path) -> Path:
    """The same as equations: a = relu(net), and a second ReLU far from its kink."""
    path.write_text(
        "# two ReLUs\n"
        f"numbers: x = 1, z = 0.5, w1 = {net + 0.5!r}, w2 = -1, w3 = 0.7, w4 = 0.4,"
        " v1 = 0.8, v2 = -0.6, t = 0.3\n"
        "a = relu(w1*x + w2*z)\n"
        "b = relu(w3*x + w4*z)\n"
        "E = 1/2*(t - sig(v1*a + v2*b))^2\n",
        encoding="utf-8",
    )
    return path


FILES = [
    pytest.param(layered, "net.toml", id="layers"),
    pytest.param(stated, "net.eq", id="equations"),
]
HIDDEN = {"net.toml": ("w11", "w12"), "net.eq": ("w_1", "w_2")}


@pytest.mark.parametrize(("write", "name"), FILES)
@pytest.mark.parametrize("net", [NEAR, -NEAR])
def test_the_step_shrinks_near_a_kink(write: object, name: str, net: float, tmp_path: Path) -> None:
    """A net input within the step h of its kink: a smaller step, and a difference that agrees."""
    found = gradcheck(read(write(net, tmp_path / name)))  # type: ignore[operator]
    assert found.passed
    assert found.skipped == ()
    for weight in HIDDEN[name]:
        row = found.gradients[weight]
        assert (row.symbolic != 0) == (net > 0)
        assert row.finite_difference == pytest.approx(row.symbolic, abs=1e-9)


@pytest.mark.parametrize(("write", "name"), FILES)
@pytest.mark.parametrize("net", [0.0, 1e-12, -1e-12])
def test_on_a_kink_the_check_says_so(write: object, name: str, net: float, tmp_path: Path) -> None:
    """There is no difference to compare with, and the report names the weights; the rest passes."""
    path = write(net, tmp_path / name)  # type: ignore[operator]
    found = gradcheck(read(path))
    assert found.passed
    assert found.skipped == HIDDEN[name]
    result = CliRunner().invoke(command, [str(path)])
    assert result.exit_code == 0
    assert f"on the kink of an activation: {', '.join(HIDDEN[name])}" in result.output


@pytest.mark.parametrize(("write", "name"), FILES)
def test_a_wrong_side_still_fails(write: object, name: str, tmp_path: Path) -> None:
    """Staying away is no excuse: at the other weights the differences are taken as ever."""
    found = gradcheck(read(write(0.0, tmp_path / name)))  # type: ignore[operator]
    others = [row for n, row in found.gradients.items() if n not in HIDDEN[name]]
    assert all(row.finite_difference is not None for row in others)
    assert found.max_relative_error <= DIFFERENCE_TOLERANCE


@pytest.mark.parametrize(("write", "name"), FILES)
@pytest.mark.parametrize("ending", ["md", "tex"])
def test_the_document_says_what_was_skipped(
    write: object, name: str, ending: str, tmp_path: Path
) -> None:
    """Its check is printed with the weights that have no difference, and why."""
    path = write(0.0, tmp_path / name)  # type: ignore[operator]
    text = write_notes(str(path), tmp_path / f"notes.{ending}").read_text(encoding="utf-8")
    assert "no difference was taken" in text
    assert "kink" in text


@pytest.mark.parametrize("ending", ["md", "tex"])
@pytest.mark.parametrize("name", sorted(n for n, row in ACTIVATIONS.items() if row.kinked))
def test_the_document_says_which_side_is_taken(name: str, ending: str, tmp_path: Path) -> None:
    """Where the derivative of an activation jumps the document says what is taken there."""
    path = tmp_path / "net.toml"
    path.write_text(f'layers = [2, 3, 2]\nactivation = ["{name}", "sigmoid"]\n', encoding="utf-8")
    text = write_notes(str(path), tmp_path / f"notes.{ending}").read_text(encoding="utf-8")
    assert "that of the left side is taken" in text


def test_relu_at_zero_counts_as_inactive() -> None:
    """relu'(0) is 0 in every one of the gradients, as the documents say."""
    numbers = Numbers(((1.0,),), ((0.5,),), ((0.0,), (1.0,)))
    net = Network((1, 1, 1), ("relu", "sigmoid"), numbers=numbers)
    system = System.from_text(
        "numbers: x = 1, w = 0, v = 1, t = 0.5\ny = relu(w*x)\nE = 1/2*(t - sig(v*y))^2"
    )
    for found in (gradcheck(net), gradcheck(system)):
        assert next(iter(found.gradients.values()))[:2] == (0, 0)


def test_equations_stay_on_one_side_of_a_kink() -> None:
    """A net input nearer to 0 than the step: the step is divided until it does not cross."""
    text = "numbers: w = {w}, x = 1, t = 1\nnet = w*x\nout = relu(net)\nE = 1/2*(t - out)^2"
    near = gradcheck(System.from_text(text.format(w=STEP / 50)))
    assert near.passed
    assert near.gradients["w"].finite_difference == pytest.approx(STEP / 50 - 1, rel=1e-7)
    on_it = gradcheck(System.from_text(text.format(w=0)))
    assert on_it.passed
    assert on_it.skipped == ("w",)


@pytest.mark.parametrize(("near", "skipped"), [(2.0, ()), (STEP / 50, ()), (0.0, ("b",))])
def test_kinks_within_sums_are_seen(near: float, skipped: tuple[str, ...]) -> None:
    """Each term of a Σ may lie near one, whichever letter counts it, and however far it goes."""
    found = gradcheck(
        System.from_text(
            "weights: a, b\nu[k] = a*x[k], k=1..2\nv[k] = b + y[k], k=1..3\n"
            "E = sum(relu(u[k])*t, k=1..2) + sum(relu(v[k]), k=1..3) + sum(relu(u[k] - 1)*v[k], k=1..2)\n"
            f"numbers: x_1 = 0.5, x_2 = 2, a = 0.3, b = 0.7, t = 1, y_1 = 1, y_2 = -3, y_3 = {near - 0.7}"
        )
    )
    assert found.passed
    assert found.skipped == skipped
