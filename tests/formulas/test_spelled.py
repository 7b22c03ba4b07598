"""Weights and biases on the command line and in Python: spelled as formulas spell them."""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner

from derive import InputError, Model, Network, check, write_code, write_notes
from derive.checking.spelled import parameter
from derive.cli import cli
from derive.notations import naming
from tests.sample import sampled

KINDS = {"weight": "weight", "bias": "bias"}


SIZES = [(2, 4, 3, 2), (2,) * 13, (4,) * 12, (1, 12, 1)]


@pytest.mark.parametrize(
    ("layers", "notation"),
    sampled(
        product(SIZES, ["letters", "numbered", "indexed"]),
        list(zip(SIZES, ["letters", "numbered", "letters", "indexed"], strict=True)),
    ),
)
@pytest.mark.slow
def test_every_weight_is_found_by_what_documents_call_it(
    layers: tuple[int, ...], notation: str
) -> None:
    """Its plain name and its LaTeX mean it, also where numbers of two digits could run together."""
    model = Model.of(Network(layers, notation=notation, bias="neuron"))
    names = naming(notation, layers, "neuron")
    for name in model.parameters:
        quantity = model.quantities[name]
        place = (quantity.layer, quantity.index, quantity.source)
        kind = KINDS[quantity.role.value]
        assert parameter(model, names.plain(kind, *place)) == name
        assert parameter(model, names.typeset(kind, *place)) == name
        assert parameter(model, quantity.latex) == name


@pytest.mark.parametrize(
    ("network", "written", "meant"),
    [
        ("2-4-3-2", "w_{21}", "w21"),
        ("2-4-3-2", "w_21", "w21"),
        ("2-4-3-2", "w₂₁", "w21"),
        ("2-4-3-2", " w_{2,10} ", "w2_10"),
        ("2-4-3-2", r"\mathrm{w}_{21}", "w21"),
        ("2-4-3-2", "w^{3}_{12}", "w22"),
        ("2-4-3-2", "w^{(3)}_{12}", "w22"),
        ("2-4-3-2", "w_5", "w15"),
        ("mazur", "w_{21}", "w5"),
        ("mazur", "bias_b", "b1"),
        ("lstm", "w_{f}", "w_f"),
    ],
)
def test_spellings_of_people_and_of_other_notations(network: str, written: str, meant: str) -> None:
    """What `derive check` reads as one weight is that weight here."""
    assert parameter(Model.of(network), written) == meant


def test_a_network_of_its_own_names_is_asked_in_them() -> None:
    """[names] hold here as in formulas: θ is the weight, in every spelling of the letter."""
    model = Model.of(Network((2, 3, 2), names=(("weight", r"\theta"),)))
    for written in ("theta21", "θ21", "θ₂₁", r"\theta_{21}"):
        assert parameter(model, written) == "theta21"


@pytest.mark.parametrize(
    ("network", "written", "between"),
    [
        (Network((4,) * 12), "w_{111}", "w1_11 or w11_1"),
        (Network((2, 4, 3, 2)), "w2_1_2", "w2_12 or w12"),
        (Network((2, 4, 3, 2), notation="indexed"), "w2_12", "w2_1_2 or w3_3_4"),
    ],
)
def test_a_spelling_that_may_mean_two_is_refused(
    network: Network, written: str, between: str
) -> None:
    """No weight is picked: the message says between which to choose."""
    with pytest.raises(InputError, match=re.escape(f"weight {written!r} may be {between} of ")):
        parameter(Model.of(network), written)


@pytest.mark.parametrize(
    "written", ["w99", "w_{99}", "w_{xx}", "W^2", "w21 + w22", "w_{21}^2", "out_c1", "", "(", "\\"]
)
def test_what_is_no_weight_is_refused_as_before(written: str) -> None:
    """A square, a sum, a matrix or another quantity is none; the message says which there are."""
    with pytest.raises(InputError, match=r"has no such weight or bias.*it has w11 to w18"):
        parameter(Model.of("2-4-3-2"), written)


def test_every_command_takes_every_spelling(tmp_path: Path) -> None:
    """show, notes, code and check resolve a weight in one way; the results are the same."""

    def out(*arguments: str) -> str:
        result = CliRunner().invoke(cli, arguments)
        assert result.exit_code == 0, result.output
        return result.output

    assert out("show", "2-2", "w_{11}") == out("show", "2-2", "w11")
    assert json.loads(out("show", "2-2", "w₁₁", "--json"))["weight"] == "w11"
    assert out("notes", "2-2", "-w", "w_13", "-o", "-") == out(
        "notes", "2-2", "-w", "w13", "-o", "-"
    )
    assert out("code", "2-2", "-w", "w_{13}") == out("code", "2-2", "-w", "w13")
    assert out("check", "2-2", "-w", "w_{13}", "delta_b2*out_a1") == "proved\n"


def test_python_takes_every_spelling(tmp_path: Path) -> None:
    """The functions do, too."""
    bare = "delta_b2*out_a1"
    assert check("2-2", bare, weight="w^2_{21}") == check("2-2", bare, weight="w13")
    assert write_code("2-2", weights=["w_{13}"]) == write_code("2-2", weights=["w13"])
    for name, weight in (("a", "w₁₃"), ("b", "w13")):
        (tmp_path / name).mkdir()
        write_notes("2-2", tmp_path / name / "notes.md", weights=[weight])
    first, second = (tmp_path / name / "notes.md" for name in "ab")
    assert first.read_bytes() == second.read_bytes()
