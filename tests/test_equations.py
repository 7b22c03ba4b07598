"""Networks stated as equations: what is read, what is derived, and what is said of a bad file."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from derive import InputError, Model, ProofError, gradcheck, write_notes
from derive.calculus.chain import Chain, collected
from derive.calculus.proof import prove
from derive.emit.text import Text
from derive.formula import Name, Partial
from derive.networks.equations.system import System
from derive.networks.shipped import shipped
from derive.networks.sources import read
from tests.shelf import READ_AS, proved, written

EQUATIONS = [name for name in shipped() if not read(name).layers]


def stated(text: str) -> Model:
    return Model.of(System.from_text(text, "test"))


@pytest.mark.parametrize("name", EQUATIONS)
def test_every_gradient_of_a_shipped_network_is_proved(name: str) -> None:
    """Each gradient is compared with an independent derivative in exact arithmetic."""
    model = Model.of(name)
    proof = prove(Chain(model))
    assert set(proof.modular + proof.regions) == set(model.parameters)


@pytest.mark.parametrize("name", EQUATIONS)
def test_a_shipped_network_passes_the_numeric_check(name: str) -> None:
    """Formulas, 50 digits and differences agree; the error of the differences falls four-fold."""
    found = gradcheck(read(name))
    assert found.passed
    assert found.max_relative_error < 1e-8
    assert found.symbolic_error < 1e-12


@pytest.mark.parametrize(("name", "format_"), list(product(EQUATIONS, READ_AS)))
def test_the_document_of_a_shipped_network_is_read_back_and_proved(name: str, format_: str) -> None:
    """Every equation of it, with the numbers of its example."""
    system = read(name)
    proved(system, format_)
    assert "{{" not in written(system, format_)


def test_families_and_sums_are_written_out() -> None:
    """net[j] = sum(w[j,i]*x[i], i=1..3), j=1..2 stands for two equations of three terms."""
    model = stated("net[j] = sum(w[j,i]*x[i], i=1..3), j=1..2\nE = net[1]*net[2]")
    assert Text(model).inline(model.definitions["net_2"]) == (
        "w_2_1 · x_1 + w_2_2 · x_2 + w_2_3 · x_3"
    )
    assert model.parameters == ("w_1_1", "w_1_2", "w_1_3", "w_2_1", "w_2_2", "w_2_3")


def test_an_index_may_be_counted_on() -> None:
    """x[i+k-1] is no index, x[t-1] and x[i+1] are."""
    model = stated("h[t] = u*h[t-1] + w*x[t], t=1..2\nE = h[2]^2")
    assert Text(model).inline(model.definitions["h_2"]) == "u · h_1 + w · x_2"
    assert "h_0" in model.quantities


def test_the_order_of_the_lines_does_not_matter() -> None:
    """Definitions are sorted so that each uses only what stands before it."""
    model = stated("E = (y - t)^2\ny = w*x")
    assert list(model.definitions) == ["y", "E"]
    assert model.total == "E"


def test_weights_may_be_named() -> None:
    """'weights:' names single quantities or families; by default names tell."""
    model = stated("weights: a, c\ny = a*x + sum(c[i]*z[i], i=1..2) + w\nE = y^2")
    assert model.parameters == ("a", "c_1", "c_2")


def test_a_shared_weight_has_a_summand_for_each_use() -> None:
    """Backpropagation through time: one product for each step in which the weight is used."""
    model = Model.of("rnn")
    chain = Chain(model)
    assert chain.count_paths("E", "w") == 3
    text = Text(model).inline(chain.gradients["w"])
    assert text == "∂E/∂net_1 · x_1 + ∂E/∂net_2 · x_2 + ∂E/∂net_3 · x_3"


def test_the_softmax_slope_is_written_with_the_shares() -> None:
    """∂p_i/∂z_j is p_i(1 − p_i) on the diagonal and −p_i·p_j beside it."""
    model = Model.of("softmax")
    local = Chain(model).local("p_1")
    shown = {name: Text(model).inline(slope) for name, slope in local.items()}
    assert shown == {"z_1": "p_1 · (1 − p_1)", "z_2": "−p_1 · p_2", "z_3": "−p_1 · p_3"}


def test_a_wrong_local_derivative_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slope that is not the derivative stops the program, naming the weight."""
    model = Model.of("lstm")
    chain = Chain(model)
    chain.local("c")["f"] = Name("c")
    with pytest.raises(ProofError, match="w_f"):
        prove(chain)


def test_the_gradient_of_a_single_path_is_its_product() -> None:
    """The collected paths are what the unfolded adjoints give."""
    model = Model.of("gru")
    chain = Chain(model)
    by = Partial(Name("E"), Name("w_z"))
    assert collected(list(chain.paths("E", "w_z"))) is not None
    assert chain.count_paths("E", "w_z") == 1
    assert by.by == Name("w_z")


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    """A .eq file is given where a network is expected; its numbers are used."""
    path = tmp_path / "mine.eq"
    path.write_text("# my own\nnumbers: x = 2, t = 1, w = 0.5\ny = w*x\nE = 1/2*(t - y)^2\n")
    written = write_notes(str(path), tmp_path / "notes.md", check=True)
    text = written.read_text(encoding="utf-8")
    assert "drawn at random" not in text
    assert "w & = 0.5" in text or "w = 0.5" in text
    assert "\n# Backpropagation through my own\n" in text
    with pytest.raises(InputError, match="activation"):
        read(str(path), activation="tanh")


def test_a_condition_with_letters_is_one_for_each_of_their_numbers() -> None:
    """Each node of a graph has a row of shares: a line says it of all of them, as it is written."""
    system = System.from_text(
        "condition: sum(t[i,k], k=1..2) = 1, i=1..3\nE = sum((w*x[i] - t[i,k])^2, i=1..3, k=1..2)",
        "test",
    )
    assert [condition.name for condition in system.conditions] == ["t_1_2", "t_2_2", "t_3_2"]
    ((stated, ranges),) = system.satisfied
    assert Text(Model.of(system)).inline(stated.left) == "Σ_k=1..2 t[i,k]"
    assert ranges == {"i": (1, 3)}
