"""Networks are read from sizes, files and names, and their quantities are named as promised."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive import Model
from derive.emit.latex import Latex
from derive.model import Role
from derive.networks.network import Network
from derive.networks.shipped import shipped
from derive.networks.sources import read

FILE = """
layers = [2, 3, 1]
activation = ["tanh", "sigmoid"]
bias = "layer"
notation = "numbered"
description = "a small one"
[training]
learning_rate = 0.25
update_biases = false
[numbers]
inputs  = [[0.05, 0.10], [1, -2]]
targets = [[0.01], [0.99]]
weights = [[0.1, 0.2, 0.3, 0.4, 0.5, 0.6], [0.7, 0.8, 0.9]]
biases  = [[0.35], [0.60]]
"""


def names(model: Model, *roles: Role) -> list[str]:
    return [quantity.name for quantity in model.having(*roles)]


@given(st.lists(st.integers(1, 20), min_size=2, max_size=6))
def test_sizes(sizes: list[int]) -> None:
    """Sizes joined by dashes are a network of sigmoids without biases, named by its sizes."""
    spec = "-".join(map(str, sizes))
    network = Network.read(spec)
    assert network.layers == tuple(sizes)
    assert network.activations == ("sigmoid",) * (len(sizes) - 1)
    assert (network.bias, network.notation, network.loss) == (
        "none",
        "letters",
        "half-squared-error",
    )
    assert network.name == network.spec == spec


def test_blanks_between_sizes_do_not_matter() -> None:
    """A person may write 2 - 4 - 3 - 2."""
    assert Network.read(" 2 - 4 -3- 2 ").layers == (2, 4, 3, 2)


def test_file(tmp_path: Path) -> None:
    """A TOML file says everything there is to choose; its stem is the network's name."""
    path = tmp_path / "small.toml"
    path.write_text(FILE, encoding="utf-8")
    network = Network.read(path)
    assert network.name == "small"
    assert network.layers == (2, 3, 1)
    assert network.activations == ("tanh", "sigmoid")
    assert (network.bias, network.notation) == ("layer", "numbered")
    assert (network.learning_rate, network.update_biases) == (0.25, False)
    assert network.description == "a small one"
    assert network.numbers is not None
    assert network.numbers.inputs == ((0.05, 0.10), (1.0, -2.0))
    assert network.numbers.targets == ((0.01,), (0.99,))
    assert network.numbers.weights[1] == (0.7, 0.8, 0.9)
    assert network.numbers.biases == ((0.35,), (0.60,))


def test_single_example_needs_no_list_of_lists(tmp_path: Path) -> None:
    """Inputs and targets of one example may be written as plain lists."""
    path = tmp_path / "one.toml"
    path.write_text(
        "layers = [2, 1]\n[numbers]\ninputs = [1, 2]\ntargets = [0.5]\nweights = [[3, 4]]\n",
        encoding="utf-8",
    )
    numbers = Network.read(path).numbers
    assert numbers is not None
    assert numbers.inputs == ((1.0, 2.0),)
    assert numbers.targets == ((0.5,),)
    assert numbers.biases == ()


def test_options_take_precedence_over_the_file(tmp_path: Path) -> None:
    """What is said on the command line overrides the file; what is not stays."""
    path = tmp_path / "plain.toml"
    path.write_text('layers = [2, 2]\nactivation = "tanh"\nbias = "layer"\n', encoding="utf-8")
    network = Network.read(path, bias="neuron", notation="numbered", loss=None)
    assert network.activations == ("tanh",)
    assert (network.bias, network.notation) == ("neuron", "numbered")


def test_one_activation_per_layer_on_one_line() -> None:
    """Activations separated by commas go layer by layer; a single one is for all."""
    assert Network.read("2-3-1", activation="tanh, relu").activations == ("tanh", "relu")
    assert Network.read("2-3-1", activation="tanh").activations == ("tanh", "tanh")


@pytest.mark.parametrize("name", shipped())
def test_shipped_networks_are_found_by_name(name: str) -> None:
    """Every shipped network can be read by its name, and its model can be built."""
    network = read(name)
    assert network.name == name
    assert Model.of(network).parameters


def test_the_notes_network_and_mazurs_are_shipped() -> None:
    """The network of the notes and Mazur's example come with the program."""
    assert {"2-4-3-2", "mazur"} <= set(shipped())


def test_random_numbers_are_reproducible() -> None:
    """The same seed draws the same numbers, another seed others, and none of them is 0."""
    network = Network.read("3-5-2", bias="neuron")
    one, same, other = (network.with_random_numbers(seed).numbers for seed in (1, 1, 2))
    assert one is not None
    assert one == same
    assert one != other
    assert [len(row) for row in one.weights] == [15, 10]
    assert [len(row) for row in one.biases] == [5, 2]
    assert all(value != 0 for row in one.weights for value in row)


def test_names_of_the_notes() -> None:
    """Layers are lettered; w31, w32, w33 lead to d_1 from c_1, c_2, c_3, and w34 from c_1 to d_2."""
    model = Model.of("2-4-3-2")
    assert names(model, Role.INPUT) == ["out_a1", "out_a2"]
    assert names(model, Role.TARGET) == ["target_d1", "target_d2"]
    ends = {
        q.name: (q.source, q.index) for q in model.having(Role.WEIGHT) if q.name.startswith("w3")
    }
    assert ends == {
        "w31": (1, 1),
        "w32": (2, 1),
        "w33": (3, 1),
        "w34": (1, 2),
        "w35": (2, 2),
        "w36": (3, 2),
    }


def test_comma_from_ten_on() -> None:
    """w29 is followed by w2_10, typeset w_{2,10}; the names stay unambiguous."""
    model = Model.of("2-4-3-2")
    weights = names(model, Role.WEIGHT)
    assert weights[16:20] == ["w29", "w2_10", "w2_11", "w2_12"]
    assert model.quantities["w29"].latex == "w_{29}"
    assert model.quantities["w2_10"].latex == "w_{2,10}"


def test_comma_in_layer_ten() -> None:
    """From the tenth layer of weights on there is always a comma: w10_1 cannot mean w1_01."""
    model = Model.of("-".join(["2"] * 12))
    assert model.quantities["w10_1"].latex == "w_{10,1}"
    assert model.quantities["w11"].layer == 1
    assert model.quantities["w11_1"].layer == 11


@given(
    st.lists(st.integers(1, 12), min_size=2, max_size=12),
    st.sampled_from(["none", "neuron", "layer"]),
    st.sampled_from(["letters", "numbered", "indexed"]),
)
@pytest.mark.slow
def test_names_and_their_latex_are_unique(sizes: list[int], bias: str, notation: str) -> None:
    """No two quantities share a name or its LaTeX, whatever the size and the notation."""
    model = Model.of(Network.read("-".join(map(str, sizes)), bias=bias, notation=notation))
    expected = (
        sizes[0]
        + sum(a * b for a, b in pairwise(sizes))
        + {"none": 0, "neuron": sum(sizes[1:]), "layer": len(sizes) - 1}[bias]
        + 2 * sum(sizes[1:])
        + 2 * sizes[-1]
        + 1
    )
    assert len(model.quantities) == expected
    assert len({quantity.latex for quantity in model.quantities.values()}) == expected


def test_numbered_names_of_mazurs_example() -> None:
    """Mazur's names: i1, net_h1, out_h1, net_o1, weights w1 to w8 and b1, b2 shared by a layer."""
    model = Model.of("mazur")
    assert names(model, Role.INPUT) == ["i1", "i2"]
    assert names(model, Role.WEIGHT) == [f"w{n}" for n in range(1, 9)]
    assert names(model, Role.BIAS) == ["b1", "b2"]
    assert names(model, Role.NET) == ["net_h1", "net_h2", "net_o1", "net_o2"]
    assert names(model, Role.ERROR, Role.TOTAL) == ["E_o1", "E_o2", "E_total"]
    w5 = model.quantities["w5"]
    assert (w5.source, w5.index, w5.layer) == (1, 1, 2)
    assert model.quantities["w5"].latex == "w_5"


def test_numbered_names_with_several_hidden_layers() -> None:
    """With several hidden layers their number comes first: net_h1_1; weights run on through."""
    model = Model.of(Network.read("2-2-3-1", notation="numbered", bias="neuron"))
    assert names(model, Role.NET) == [
        "net_h1_1",
        "net_h1_2",
        "net_h2_1",
        "net_h2_2",
        "net_h2_3",
        "net_o1",
    ]
    assert names(model, Role.WEIGHT) == [f"w{n}" for n in range(1, 14)]
    assert model.quantities["w10"].latex == "w_{10}"


def test_bias_names() -> None:
    """A bias is bias_c1 if each neuron has one, and bias_c if a layer shares it."""
    own = Model.of(Network.read("2-4-3-2", bias="neuron"))
    shared = Model.of(Network.read("2-4-3-2", bias="layer"))
    assert [n for n in names(own, Role.BIAS) if n[5] == "c"] == ["bias_c1", "bias_c2", "bias_c3"]
    assert names(shared, Role.BIAS) == ["bias_b", "bias_c", "bias_d"]
    assert own.quantities["bias_c1"].latex == "bias_{c_1}"
    assert shared.used_in["bias_c"] == ["net_c1", "net_c2", "net_c3"]


def test_definitions_as_they_are_written() -> None:
    """A net input is the sum of weight times output in order, then the bias."""
    model = Model.of(Network.read("2-4-3-2", bias="neuron"))
    latex = Latex(model)
    assert latex.inline(model.definitions["net_d1"]) == (
        r"w_{31} \cdot out_{c_1} + w_{32} \cdot out_{c_2} + w_{33} \cdot out_{c_3} + bias_{d_1}"
    )
    assert latex.inline(model.definitions["out_d1"]) == r"\mathrm{sig}(net_{d_1})"
    assert latex.inline(model.definitions["E_d1"]) == (r"\frac{1}{2}(target_{d_1} - out_{d_1})^2")
    assert latex.inline(model.definitions["E_total"]) == "E_{d_1} + E_{d_2}"


def test_quantities_stand_before_those_that_use_them() -> None:
    """The model's order is topological: a definition uses only what comes before it."""
    model = Model.of(Network.read("3-4-2-3", bias="layer"))
    order = list(model.quantities)
    for name, used in model.inputs_of.items():
        assert all(order.index(x) < order.index(name) for x in used)
