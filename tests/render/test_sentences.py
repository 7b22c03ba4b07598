"""The sentences of a document: none is said twice, and what they speak of has been introduced."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import cache

import pytest

from derive.model.numbers import Numbers
from derive.networks.network import Network
from derive.networks.sources import read
from derive.numeric.gradcheck import gradcheck
from tests.shelf import written

LONG = 60
"""Letters from which on a sentence that comes back is noticed."""
NETWORKS = {
    "sigmoids": Network((2, 4, 3, 2)),
    "biases": Network((2, 2, 1), bias="neuron"),
    "softmax": Network((2, 3, 3), ("sigmoid", "softmax"), "categorical-cross-entropy", "neuron"),
    "two softmax layers": Network((2, 2, 2), ("softmax", "softmax")),
    "binary": Network((2, 3, 2), ("gelu", "sigmoid"), "binary-cross-entropy"),
    "sparse": Network(
        (2, 2, 2, 2), ("tanh",) * 3, bias="layer", missing=("w12",), skip=((1, 3),), l2=0.01
    ),
    "huber": Network((3, 2, 2), ("elu", "identity"), "huber", "neuron", "numbered"),
    "own": Network((2, 2, 2), ("swish", "sigmoid"), "(t-o)^4", functions=(("swish", "x*sig(x)"),)),
}


@cache
def prose(name: str) -> tuple[str, ...]:
    """The paragraphs of a document without its displays, tables and pictures."""
    text = written(NETWORKS[name], "markdown")
    text = re.sub(
        r"\$\$.*?\$\$|```.*?```|<a [^>]*></a>|^\|[^\n]*", "", text, flags=re.DOTALL | re.MULTILINE
    )
    return tuple(line for line in text.splitlines() if line.strip())


@pytest.mark.parametrize("name", NETWORKS)
def test_no_long_sentence_is_said_twice(name: str) -> None:
    """Where a derivation goes the way of an earlier one, its words say so."""
    counts = Counter(line for line in prose(name) if len(line) > LONG)
    assert [line for line, times in counts.items() if times > 1] == []


@pytest.mark.parametrize("name", NETWORKS)
def test_delta_is_introduced_before_it_is_used(name: str) -> None:
    """The first paragraph after the network's description that has a δ says what is called δ."""
    first = next(line for line in prose(name) if "delta" in line and not line.startswith("#"))
    assert re.search(r"called (its )?\$|net input its \$", first)


@pytest.mark.parametrize("name", ["biases", "softmax", "sparse", "huber"])
def test_the_way_to_a_bias_does_not_end_at_a_weight(name: str) -> None:
    """Between the heading of a bias and the next one no last step leads to "the weight"."""
    lines = prose(name)
    start = next(n for n, line in enumerate(lines) if line.startswith("## ") and "$b" in line)
    end = next(n for n in range(start + 1, len(lines)) if lines[n].startswith("## "))
    assert not any("to the weight" in line for line in lines[start:end])


def test_a_paragraph_begins_with_a_capital_unless_it_goes_on_after_a_display() -> None:
    """After the remark on what cancels a new sentence begins."""
    lines = prose("binary")
    marked = [n for n, line in enumerate(lines) if "cancels against" in line]
    assert len(marked) == 2
    assert all(lines[n + 1][0].isupper() for n in marked)


def test_the_proof_gives_no_reason_that_is_not_so() -> None:
    """Small networks outside of the polynomials are not said to be too large."""
    for name in ("binary", "own"):
        text = " ".join(prose(name))
        assert "too l" not in text
        assert re.search("(All|Both) [a-z ]*partial derivatives were compared", text)


def test_a_large_network_says_what_delta_means_and_where_that_of_a_hidden_neuron_comes_from() -> (
    None
):
    """Without numbers, too, δ has a meaning, and its sum over the next layer is derived."""
    text = written(Network((16, 32, 16, 8)), "markdown")
    assert "by a small amount, and $E_{total}$ changes by about $\\delta_{d_1}$ times that" in text
    assert "How does a hidden neuron come by its $\\delta$?" in text
    assert r"\frac{\partial net_{d_8}}{\partial net_{c_1}}" in text
    assert "any of the other errors" in text
    assert "The first two of the eight errors are" in text


@pytest.mark.parametrize("name", ["sigmoids", "softmax"])
def test_that_changes_add_up_is_explained_where_paths_first_do(name: str) -> None:
    """Once, whether they part behind a hidden neuron or within softmax."""
    explained = [line for line in prose(name) if "That is why derivatives along different" in line]
    assert len(explained) == 1


def test_a_batch_says_how_often_the_l2_term_is_counted() -> None:
    """E_total of each example has the term, so that a sum over a batch has it once for each."""
    numbers = Numbers(((0.5,), (1.0,)), ((0.0,), (1.0,)), ((0.3,),))
    network = Network((1, 1), l2=0.1, numbers=numbers)
    text = written(network, "markdown")
    assert "belongs to the error of every example, and is added once for each of them" in text
    decayed = gradcheck(network)
    plain = gradcheck(replace(network, l2=0.0))
    found = decayed.gradients["w11"].symbolic - plain.gradients["w11"].symbolic
    assert found == pytest.approx(2 * 0.1 * 0.3)


ANNOUNCED = re.compile(r"\$\$|\||!\[|1\. |\*\*Table|> ")
"""What may follow a sentence that is not at its end."""
MORE = {name: lambda name=name: read(name) for name in ("rnn", "attention", "conv1d", "mazur")}


def unkept(text: str) -> list[str]:
    """The sentences and captions of a document without what they announce."""
    text = re.sub(r"<a [^>]*></a>|<!--.*?-->", "", text)
    blocks = [block.strip() for block in re.split(r"\n\n+", text) if block.strip()]
    return [
        block
        for before, block, then in zip(["", *blocks], blocks, [*blocks[1:], ""], strict=False)
        if not _kept(before, block, then)
    ]


def _kept(before: str, block: str, then: str) -> bool:
    if block.startswith("**Table"):
        return then.startswith("|")
    if block.startswith("**Figure"):
        return before.startswith("![")
    ends = block[-1] in ".?”" or re.match(r"#|[0-9]+\. ", block) or ANNOUNCED.match(block)
    return bool(ends or ANNOUNCED.match(then))


@pytest.mark.parametrize("name", [*NETWORKS, *MORE])
def test_what_is_announced_follows(name: str) -> None:
    """Behind a sentence that runs on stands a formula, a table, a picture or a list."""
    network = NETWORKS[name] if name in NETWORKS else MORE[name]()
    assert unkept(written(network, "markdown")) == []


def test_what_does_not_follow_would_be_found() -> None:
    """A formula, a table and a picture that are left out."""
    text = written(NETWORKS["softmax"], "markdown")
    for announced in (r"\$\$[^$]*\$\$", r"(?:^\|.*\n)+", r"^!\[.*\n"):
        without = [
            text[: found.start()] + text[found.end() :]
            for found in re.finditer(announced, text, re.MULTILINE)
        ]
        # The picture beside the table of neurons shares its caption; one formula has no sentence.
        assert sum(bool(unkept(each)) for each in without) >= len(without) - 1 > 0
