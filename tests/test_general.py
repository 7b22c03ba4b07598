"""The document of networks of any size: every rule derived with letters, read back, and proved on many."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import cycle, product
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from derive import InputError, Network, ProofError, check_document, write_notes
from derive.checking.claims import Verdict
from derive.cli import cli
from derive.networks import general as networks
from derive.networks.general import General, asked, general, of_network
from derive.networks.general_family import GeneralFamily, of_family
from derive.networks.sources import build, read
from derive.notations import NOTATIONS, table
from derive.notes.blocks import Display, Notes, Words
from derive.notes.general import compose_general
from derive.notes.general_family import compose_family
from derive.render.readback import prove_general
from derive.render.render import render
from tests import shelf
from tests.sample import sampled

BY_LAYER = [name for name in NOTATIONS if table.shipped(name).by_layer]
FEW = ((2, 1), (1, 1, 1), (2, 3, 1, 2))
"""One without hidden layers, one in which every index is 1, and one in which wrong ones show."""
SHARES = "categorical-cross-entropy"
BOXED = ("rule-output", "rule-hidden", "rule-gradient", "rule-bias", "rules-vectors")


@cache
def found(notation: str = "indexed", bias: str = "neuron") -> tuple[General, Notes, str]:
    """A document of any networks, with its text in Markdown."""
    every = general(notation=notation, bias=bias)
    notes = compose_general(every)
    return every, notes, render(notes, "markdown")


def displays(notes: Notes) -> list[Display]:
    """The displays of a document."""
    blocks = [block for section in notes.sections for block in section.blocks]
    return [block for block in blocks if isinstance(block, Display)]


def proved_on(every: General, text: str) -> dict[tuple[int, ...], set[str]]:
    """The numbers of the displays that are proved, by the sizes of the network."""
    proved = {}
    for network in every.networks:
        claims = check_document(build(network), text, "md", notation="own").claims
        right = {claim.number for claim in claims if claim.verdict is Verdict.PROVED}
        proved[network.layers] = {number for number in right if number}
    return proved


@pytest.mark.slow
def test_every_rule_is_proved_on_twenty_networks_of_different_sizes_and_depths() -> None:
    """Each display holds, as it is read in the text, in at least 20 networks; they are not alike."""
    every, notes, _ = found()
    keys = [section.key for section in notes.sections]
    rules = replace(notes, sections=notes.sections[: keys.index("general_example")])
    numbers = {str(display.number) for display in displays(rules)}
    assert len(numbers) >= 15
    proved = proved_on(every, render(rules, "markdown"))
    for number in numbers:
        on = [layers for layers, right in proved.items() if number in right]
        assert len(on) >= 20, number
        assert len({len(layers) for layers in on}) >= 5
        assert max(max(layers) for layers in on) >= 5
    activations = {name for network in every.networks for name in network.activations}
    assert {"sigmoid", "tanh", "relu", "identity"} <= activations
    assert len({network.loss for network in every.networks}) >= 4


@pytest.mark.parametrize(
    "shapes", [networks.SHAPES, networks.NARROW], ids=["all", "those for kinks"]
)
def test_the_networks_are_more_than_twenty_and_all_different(
    shapes: tuple[tuple[int, ...], ...],
) -> None:
    """At least twenty of them have hidden layers, without which the second rule says nothing."""
    assert len(set(shapes)) == len(shapes)
    assert sum(len(layers) > 2 for layers in shapes) >= 20


OTHERS = [name for name in BY_LAYER if name != "indexed"]
BIASES = ("none", "neuron", "layer")


@pytest.mark.parametrize(
    ("notation", "bias"), sampled(product(OTHERS, BIASES), list(zip(OTHERS, cycle(BIASES))))
)
@pytest.mark.slow
def test_every_notation_by_layer_says_the_rules(
    notation: str, bias: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are written in its letters, and read back and proved in them."""
    monkeypatch.setattr(networks, "SHAPES", FEW)
    every, notes, text = found(notation, bias)
    assert prove_general(every, notes, text, "markdown") == len(FEW)


@pytest.mark.sweep
@pytest.mark.parametrize("notation", BY_LAYER)
@pytest.mark.parametrize("form", ["markdown", "latex"])
def test_every_notation_is_proved_on_all_networks(notation: str, form: str) -> None:
    """The same as for the first notation, in both formats that are read back."""
    every, notes, _ = found(notation)
    assert prove_general(every, notes, render(notes, form), form) == len(networks.SHAPES)


# Planted faults.


def _last(text: str, right: str, wrong: str) -> str:
    """The text with the last `right` before the vectors in another way."""
    end = text.index("## 8")
    place = text.rindex(right, 0, end)
    return text[:place] + wrong + text[place + len(right) :]


FAULTS: dict[str, Callable[[str], str]] = {
    "a wrong order of indices": lambda t: _last(t, "w_{kj}^{l+1} \\cdot", "w_{jk}^{l+1} \\cdot"),
    "a missing slope": lambda t: _last(t, "\\Bigr) \\cdot f'(z^l_j)}", "\\Bigr)}"),
    "the slope of another neuron": lambda t: _last(
        t, "\\Bigr) \\cdot f'(z^l_j)}", "\\Bigr) \\cdot f'(z^l_1)}"
    ),
    "the delta of its own layer": lambda t: _last(
        t, "\\delta_k^{l+1}\\Bigr)", "\\delta_k^l\\Bigr)"
    ),
    "the output of its own layer": lambda t: _last(t, "a_k^{l-1} \\cdot", "a_k^l \\cdot"),
    "a factor too many": lambda t: _last(t, "b^l_j} = \\delta^l_j}", "b^l_j} = 2 \\delta^l_j}"),
    "no slope at the output": lambda t: _last(t, " \\cdot f'(z^L_j)}", "}"),
    "the wrong transpose": lambda t: t.replace("(W^{l+1})^{\\top}", "W^{l+1}"),
    "a rule that is not there": lambda t: re.sub(r"\\boxed\{\\delta\^l_j = .*\\tag", r"x \\tag", t),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong index, a missing factor and a formula left out are each found, and named by its number."""
    monkeypatch.setattr(networks, "SHAPES", FEW)
    every, notes, text = found()
    planted = FAULTS[fault](text)
    assert planted != text
    with pytest.raises(ProofError, match=r"equation \([0-9]+\)|a formula"):
        prove_general(every, notes, planted, "markdown")


# What the document has.


@pytest.mark.parametrize("bias", BIASES)
def test_what_is_announced_is_there(bias: str) -> None:
    """Every sentence that runs on is followed by its display, and the results stand in boxes."""
    _, notes, text = found("indexed", bias)
    for section in notes.sections:
        for block, then in zip(section.blocks, [*section.blocks[1:], None], strict=True):
            if isinstance(block, Words) and block.runs_on:
                assert isinstance(then, Display), block.key
    boxed = [display.label for display in displays(notes) if display.boxed]
    assert boxed == [label for label in BOXED if bias != "none" or label != "rule-bias"]
    assert text.count(r"\boxed{") == len(boxed)


def test_a_known_activation_and_loss_are_put_in() -> None:
    """Of networks like one that is given the rules have the values, too."""
    every = of_network(Network((2, 4, 3, 2), notation="indexed"))
    text = render(compose_general(every), "markdown")
    assert r"(a^L_j - y_j) \cdot a^L_j \cdot (1 - a^L_j)" in text
    assert {network.loss for network in every.networks} == {"half-squared-error"}


def test_an_output_of_its_own_kind_is_named() -> None:
    """Where the last layer has another function the letter stands for both, and the text says which."""
    every = general(activation="tanh,identity", loss="squared-error")
    assert {network.activations[-1] for network in every.networks} == {"identity"}
    assert "is tanh in the hidden layers, and identity in the last one" in render(
        compose_general(every), "markdown"
    )


@pytest.mark.parametrize(
    ("network", "why"),
    [
        (Network((2, 3, 3), ("softmax", "softmax"), SHARES), "softmax couples"),
        (Network((2, 3, 3), ("tanh", "softmax")), "softmax couples"),
        (Network((2, 3, 3), ("tanh", "softmax"), SHARES, notation="rumelhart"), "two letters"),
        (Network((2, 2, 2), skip=((0, 1),)), "skip is something"),
        (Network((2, 2, 2), ("sw", "tanh"), functions=(("sw", "x*sig(x)"),)), "no sign for one"),
        ("lstm", "stated by equations"),
    ],
)
def test_what_has_no_rules_with_letters_is_refused(network: Network | str, why: str) -> None:
    """The error names what it is, and nothing is written that would not hold."""
    with pytest.raises(InputError, match=why):
        asked(network, as_general=True)


SWISH = (("swish", "x*sig(x)"),)
LIKE = {
    "shares": Network((2, 3, 3), ("tanh", "softmax"), SHARES, "neuron", "indexed"),
    "shares alone": Network((2, 3), ("softmax",), SHARES, "layer", "ng"),
    "decay": Network((2, 3, 2), bias="neuron", notation="cs231n", l2=0.3),
    "own": Network((2, 3, 2), ("swish", "swish"), functions=SWISH, notation="d2l"),
    "all": Network((2, 3, 2), ("swish", "softmax"), SHARES, l2=0.1, functions=SWISH, notation="ng"),
}


@pytest.mark.parametrize("name", sampled(LIKE, ["shares alone"]))
@pytest.mark.slow
def test_softmax_decay_and_functions_of_ones_own_have_rules_too(name: str) -> None:
    """Each is proved on more than twenty networks of different sizes."""
    every = of_network(LIKE[name])
    notes = compose_general(every)
    text = render(notes, "markdown")
    assert len({network.layers for network in every.networks}) > 20
    assert prove_general(every, notes, text, "markdown") > 20


@pytest.mark.slow
def test_softmax_in_the_last_layer_leaves_the_others_open() -> None:
    """Asked for by its name alone, it is that of the outputs, and a letter stands for the others."""
    every = general(activation="softmax")
    assert {network.activations[-1] for network in every.networks} == {"softmax"}
    assert len({network.activations[0] for network in every.networks}) > 5
    text = render(compose_general(every), "markdown")
    assert r"\boxed{\delta^L_j = a^L_j - y_j}" in text
    wrong = text.replace("a^L_j - y_j}", "a^L_j + y_j}")
    with pytest.raises(ProofError, match="is not proved for"):
        prove_general(every, compose_general(every), wrong, "markdown")


def test_general_is_no_network_of_other_commands() -> None:
    """It has no sizes: whoever needs some is told."""
    with pytest.raises(InputError, match="networks of any size"):
        read("general")
    with pytest.raises(InputError, match="has names for layers"):
        asked("general", notation="letters")
    with pytest.raises(InputError, match="3 given"):
        asked("general", activation="tanh,relu,sigmoid")


@pytest.mark.slow
def test_the_command_writes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read back whatever the format is, and never without that."""
    monkeypatch.setattr(networks, "SHAPES", FEW)
    path = tmp_path / "general.typ"
    told = CliRunner().invoke(cli, ["notes", "general", "-o", str(path)])
    assert told.exit_code == 0, told.output
    assert "#boxed(" in path.read_text(encoding="utf-8")
    with pytest.raises(InputError, match="every weight at once"):
        write_notes("2-3-2", tmp_path / "a.md", weights=["w11"], general=True)


# Families.

RECURRENT = {"family": "recurrent", "steps": 3, "inputs": 2, "hidden": 2, "outputs": 1}
FAMILIES: dict[str, dict[str, Any]] = {
    "recurrent": {**RECURRENT, "bias": "neuron"},
    "recurrent, errors at every step": {**RECURRENT, "outputs": 2, "errors": "every"},
    "convolution": {"family": "convolution", "input": [4, 4], "kernel": [2, 2], "kernels": 2, "activation": "tanh"},
    "line of pixels": {"family": "convolution", "input": 6, "kernel": 3, "outputs": 2, "activation": "sigmoid"},
}  # fmt: skip


def family(name: str) -> tuple[GeneralFamily, Notes, str]:
    """The document of a family with letters for its sizes."""
    every = of_family(FAMILIES[name], "a")
    notes = compose_family(every)
    return every, notes, render(notes, "markdown")


@pytest.mark.parametrize("name", sampled(FAMILIES, ["recurrent", "line of pixels"]))
@pytest.mark.slow
def test_the_rules_of_a_family_are_proved_at_more_than_twenty_sizes(name: str) -> None:
    """Its law and its way back hold for other numbers of steps, units and pixels, too."""
    every, notes, text = family(name)
    models = [build(network) for network in every.networks]
    assert len({(m.network.summary, len(m.parameters), len(m.quantities)) for m in models}) >= 20
    assert prove_general(every, notes, text, "markdown") >= 20
    assert [d.label for d in displays(notes) if d.boxed] == ["gradients"]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("u_{k,j} \\\\", "u_{j,k} \\\\"),
        ("h_{t-1,k}", "h_{t,k}"),
        (r"\cdot \bigl(1 - h_{t,j}^2\bigr)", ""),
        ("net_{t+1,k}}", "net_{t,k}}"),
        ("h_{T,k} +", "h_{1,k} +"),
    ],
)
@pytest.mark.slow
def test_a_fault_in_the_rules_of_a_family_is_found(right: str, wrong: str) -> None:
    """A wrong index, a missing slope and a wrong time are."""
    every, notes, text = family("recurrent")
    planted = text.replace(right, wrong)
    assert planted != text
    with pytest.raises(ProofError, match=r"equation \([0-9]+\)"):
        prove_general(every, notes, planted, "markdown")


@pytest.mark.parametrize("sizes", [{"hidden": [2, 3]}, {"hidden": 1, "inputs": 1, "steps": 1}])
def test_a_family_without_such_rules_is_refused(sizes: dict[str, Any]) -> None:
    """Layers that have a number each, and what there is one of, have no letter."""
    with pytest.raises(InputError, match="without --general"):
        compose_family(of_family({**RECURRENT, **sizes}, "a"))


def test_sizes_that_do_not_fit_are_told() -> None:
    """Windows that divide the file's own outputs need not divide others."""
    table = {"family": "convolution", "input": [6, 6], "kernel": [3, 3], "pool": 2, "outputs": 2}
    with pytest.raises(InputError, match="not all sizes fit the rest of the file"):
        of_family(table, "a")


@pytest.mark.slow
def test_a_family_is_written_with_letters_by_the_command(tmp_path: Path) -> None:
    """T is the last step, and nothing of the file's own sizes is left."""
    file = tmp_path / "r.toml"
    file.write_text("".join(f"{key} = {value!r}\n" for key, value in RECURRENT.items()), "utf-8")
    told = CliRunner().invoke(cli, ["notes", str(file), "--general", "-o", str(tmp_path / "a.md")])
    assert told.exit_code == 0, told.output
    text = (tmp_path / "a.md").read_text(encoding="utf-8")
    assert "h_{T,k}" in text
    assert "sum_{k = 1}" not in text


# The law of a family.


IN_ARRAYS = ("attention",)
"""Networks whose law is in vectors and matrices, too."""


@pytest.mark.parametrize("name", ["rnn", "attention", "conv2d"])
def test_the_law_of_a_family_comes_first(name: str) -> None:
    """The displays that a document begins with have a line for each family.

    Where the families make vectors and matrices, these come first; then come letters for the
    indices.
    """
    network = read(name)
    laws = ["law-arrays", "law"] if name in IN_ARRAYS else ["law"]
    shown = displays(shelf.composed(network))
    assert [display.label for display in shown[: len(laws)]] == laws
    assert not any(display.label.startswith("law") for display in shown[len(laws) :])
    stated = build(network).instances.families
    lines = sum(family.definition is not None for family in stated)
    assert {len(display.equations) for display in shown[: len(laws)]} == {lines}
    claim = shelf.judged(network, "markdown").claims[0]
    assert (claim.number, claim.verdict) == ("1", Verdict.PROVED)


@pytest.mark.parametrize("name", ["lstm", "2-3-2"])
def test_where_no_family_is_stated_there_is_no_law(name: str) -> None:
    """Single equations are not written twice."""
    assert "law" not in {display.label for display in displays(shelf.composed(read(name)))}
