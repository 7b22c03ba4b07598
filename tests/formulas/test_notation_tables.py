"""The notations that come with the program: each is written, read back, and read as its authors write."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from derive import InputError, Network, check, check_document
from derive.checking.claims import Verdict
from derive.cli import cli
from derive.networks.equations.system import System
from derive.notations import NOTATIONS, table
from tests.sample import diagonal, sampled
from tests.shelf import proved, written

OTHERS = tuple(name for name in NOTATIONS if not table.shipped(name).everywhere)
SHAPES: dict[str, dict[str, Any]] = {
    "2-3-2": {"layers": [2, 3, 2], "bias": "neuron"},
    "one of each": {"layers": [1, 1, 1], "bias": "layer"},
    "deep": {"layers": [2, 2, 3, 2], "activation": ["tanh", "relu", "sigmoid"], "skip": [[0, 1]]},
    "softmax": {
        "layers": [2, 3, 3],
        "activation": ["tanh", "softmax"],
        "loss": "categorical-cross-entropy",
        "l2": 0.1,
    },
    "many": {"layers": [11, 3, 12], "bias": "layer"},
}
RIGHT = {
    "ng": [
        "z^{[1]} = W^{[1]}x + b^{[1]}",
        "a^{[1]} = g(z^{[1]})",
        r"dz^{[2]} = (\hat{y} - y) \odot a^{[2]} \odot (1 - a^{[2]})",
        "dW^{[2]} = dz^{[2]} a^{[1]T}",
        "db^{[l]} = dz^{[l]}",
        r"dz^{[l]} = W^{[l+1]T} dz^{[l+1]} \odot g'(z^{[l]})",
        "da^{[1]} = W^{[2]T} dz^{[2]}",
        r"\frac{\partial \mathcal{L}}{\partial z^{[2]}_1} = dz^{[2]}_1",
        r"\frac{dJ}{dz^{[2]}_1} = dz^{[2]}_1",
        "dw^{[1]}_{12} = dz^{[1]}_1 x_2",
        r"z^{[l]}_j = \sum_k w^{[l]}_{jk} a^{[l-1]}_k + b^{[l]}_j",
        r"d\mathbf{W}^{[2]} = dz^{[2]} a^{[1]T}",
    ],
    "ufldl": [
        "z^{(l+1)} = W^{(l)}a^{(l)} + b^{(l)}",
        "a^{(l+1)} = f(z^{(l+1)})",
        r"\delta^{(3)}_i = \frac{\partial}{\partial z_i^{(3)}} J",
        r"\delta^{(l)}_i = \left(\sum_{j} W^{(l)}_{ji} \delta^{(l+1)}_j\right) f'(z^{(l)}_i)",
        r"\frac{\partial J}{\partial W^{(l)}} = \delta^{(l+1)}(a^{(l)})^T",
        r"\frac{\partial J}{\partial W^{(l)}_{ij}} = a^{(l)}_j \delta^{(l+1)}_i",
    ],
    "bishop": [
        r"a_j^{(1)} = \sum_i w_{ji}^{(1)} x_i + w_{j0}^{(1)}",
        "z_j^{(1)} = h(a_j^{(1)})",
        r"\frac{\partial E_n}{\partial w_{ji}^{(1)}} = \delta_j^{(1)} x_i",
        r"\delta_k^{(2)} = (y_k - t_k) y_k (1 - y_k)",
        r"\delta_j^{(1)} = h'(a_j^{(1)}) \sum_k w_{kj}^{(2)} \delta_k^{(2)}",
    ],
    "goodfellow": [
        r"\boldsymbol{a}^{(k)} = \boldsymbol{b}^{(k)} + \boldsymbol{W}^{(k)}\boldsymbol{h}^{(k-1)}",
        r"\boldsymbol{h}^{(k)} = f(\boldsymbol{a}^{(k)})",
        r"\boldsymbol{h}^{(l)} = \hat{\boldsymbol{y}}",
        r"\boldsymbol{g}^{(k)} = \frac{\partial J}{\partial \boldsymbol{h}^{(k)}} \odot f'(\boldsymbol{a}^{(k)})",
        r"\frac{\partial J}{\partial \boldsymbol{W}^{(k)}} = \boldsymbol{g}^{(k)} \boldsymbol{h}^{(k-1)\top}",
    ],
    "rumelhart": [
        r"\text{net}_j = \sum_i w_{ij} o_i + b_j",
        r"o_j = \varphi(net_j)",
        r"\delta_j = (o_j - t_j) o_j (1 - o_j)",
        r"\delta_j = \left(\sum_k w_{jk} \delta_k\right) o_j (1 - o_j)",
        r"\frac{\partial E}{\partial w_{ij}} = o_i \delta_j",
        r"\frac{\partial E}{\partial o_j} = \sum_k \delta_k w_{jk}",
        r"\frac{\partial E}{\partial w_{1,3}} = o_1 \delta_3",
    ],
    "cs231n": [
        "z_1 = x W_1 + b_1",
        "dW_2 = h_1^T dz_2",
        "dh_1 = dz_2 W_2^T",
        r"dz_1 = dh_1 \odot f'(z_1)",
        r"dW_l = h_{l-1}^T dz_l",
    ],
    "d2l": [
        r"\mathbf{z}^{(1)} = \mathbf{W}^{(1)}\mathbf{x} + \mathbf{b}^{(1)}",
        r"\mathbf{h}^{(1)} = \phi(\mathbf{z}^{(1)})",
        r"\frac{\partial J}{\partial \mathbf{W}^{(2)}} = \frac{\partial J}{\partial \mathbf{z}^{(2)}}\mathbf{h}^{(1)\top}",
        r"\frac{\partial J}{\partial \mathbf{h}^{(1)}} = \mathbf{W}^{(2)\top}\frac{\partial J}{\partial \mathbf{z}^{(2)}}",
    ],
}
"""What the authors after whom a notation is called write, about 2-3-2 with biases."""
WRONG = {
    "ng": ["dW^{[2]} = dz^{[2]} a^{[2]T}", "dz^{[1]} = da^{[1]}", "db^{[1]} = dz^{[2]}"],
    "ufldl": [
        "z^{(l+1)} = W^{(l)}a^{(l+1)} + b^{(l)}",
        r"\frac{\partial J}{\partial W^{(l)}_{ij}} = a^{(l)}_i \delta^{(l+1)}_j",
        r"\delta^{(l)} = ((W^{(l-1)})^T \delta^{(l+1)}) \odot f'(z^{(l)})",
    ],
    "bishop": [
        r"\frac{\partial E_n}{\partial w_{ji}^{(2)}} = \delta_i^{(2)} z_j^{(1)}",
        r"\delta_k^{(2)} = y_k - t_k",
    ],
    "goodfellow": [r"\boldsymbol{a}^{(k)} = \boldsymbol{W}^{(k)}\boldsymbol{h}^{(k)}"],
    "rumelhart": [
        r"\frac{\partial E}{\partial w_{ij}} = o_j \delta_i",
        r"\delta_j = \left(\sum_k w_{jk} \delta_k\right) o_j",
        r"\delta_j = (t_j - o_j) o_j (1 - o_j)",
    ],
    "cs231n": ["z_1 = W_1 x + b_1", "dW_2 = dz_2 h_1^T", "dh_1 = W_2^T dz_2"],
    "d2l": [r"\mathbf{h}^{(1)} = \phi(\mathbf{z}^{(2)})"],
}
"""The same with a slip, or as another author would write it."""


def network(shape: str, notation: str) -> Network:
    """A network in a notation."""
    return Network.from_table(SHAPES[shape], shape, {"notation": notation})


def verdicts(notation: str, formulas: list[str]) -> dict[str, str]:
    """The verdict on each formula about 2-3-2."""
    claims = check(network("2-3-2", notation), *formulas).claims
    return {claim.text: claim.verdict.value for claim in claims}


@pytest.mark.parametrize(
    ("shape", "notation"),
    sampled(
        product(SHAPES, OTHERS),
        (),
        [*diagonal([*SHAPES], OTHERS), *diagonal([*SHAPES], OTHERS[1:])],
    ),
)
def test_what_is_written_is_read_back_and_proved(shape: str, notation: str) -> None:
    """Every equation of a document is proved in the notation that it is written in."""
    found = network(shape, notation).with_random_numbers(0)
    if (shape, notation) == ("deep", "rumelhart"):
        with pytest.raises(InputError, match="letters alone say which layer"):
            proved(found, "markdown")
        return
    assert proved(replace(found, numbers=None), "markdown") <= {"side-condition", "kink"}


@pytest.mark.parametrize("notation", RIGHT)
def test_what_its_authors_write_is_proved(notation: str) -> None:
    """Their letters for activations, inputs and outputs count, too."""
    assert verdicts(notation, RIGHT[notation]) == dict.fromkeys(RIGHT[notation], "proved")


@pytest.mark.parametrize("notation", WRONG)
def test_what_is_wrong_in_a_notation_is_refuted(notation: str) -> None:
    """A slip, or the convention of another author, is no formula of this one."""
    assert verdicts(notation, WRONG[notation]) == dict.fromkeys(WRONG[notation], "refuted")


def test_every_notation_of_the_program_has_formulas() -> None:
    """None comes with the program of which nobody has tried what its authors write."""
    assert set(RIGHT) == set(WRONG) == set(OTHERS)


@pytest.mark.parametrize("notation", NOTATIONS)
def test_no_two_names_are_one(notation: str) -> None:
    """Every quantity of a network has a plain name and a LaTeX name of its own, and weights return."""
    for shape in ("2-3-2", "many"):
        names = network(shape, notation).naming
        layers = SHAPES[shape]["layers"]
        places = [
            (kind, layer, index, None)
            for layer, size in enumerate(layers)
            for kind in ("out", "net", "delta", "target", "error")
            if kind == "out" or (layer and (kind in ("net", "delta") or layer == len(layers) - 1))
            for index in range(1, size + 1)
        ]
        weights = [
            ("weight", layer, j, i)
            for layer in range(1, len(layers))
            for j in range(1, layers[layer] + 1)
            for i in range(1, layers[layer - 1] + 1)
        ]
        every = [*places, *weights]
        assert len({names.plain(*place) for place in every}) == len(every)
        assert len({names.typeset(*place) for place in every}) == len(every)
        for place in weights:
            assert names.weight(names.plain(*place)) == place[1:]


def test_ng_writes_shorthand() -> None:
    """The derivative of J by W is dW, and the sign of a transpose stands beside the layer."""
    text = written(network("2-3-2", "ng"), "markdown")
    assert "dW^{[l]} & = dz^{[l]}a^{[l-1]T}" in text
    assert "z^{[l]} = W^{[l]}a^{[l-1]} + b^{[l]}" in text


def test_rows_are_written_from_the_left() -> None:
    """Where vectors are rows the inputs stand before the weights, in words as well."""
    text = written(network("2-3-2", "cs231n"), "markdown")
    assert "z_l = h_{l-1}W_l + b_l" in text
    assert r"dW_l & = h_{l-1}^{\top}dz_l" in text
    assert "row vectors, and its weights as a matrix with a column for each neuron" in text


# Tables of a network's own.


def own(**entries: Any) -> Network:
    """2-3-2 with a table of its own."""
    table_ = {"layers": [2, 3, 2], "bias": "neuron", "notation": entries}
    return Network.from_table(table_, "own", {})


@pytest.mark.slow
def test_a_network_may_change_entries() -> None:
    """A table like another one, with an accent, another letter for the error, and weights out of l."""
    written_ = {"out": r"\tilde{h}^{[l]}_j", "E_total": r"\mathcal{E}", "error": "q_j"}
    found = own(like="ng", weights="out of", written=written_)
    right = [
        r"z^{[1]} = W^{[0]}\tilde{h}^{[0]} + b^{[0]}",
        r"d\tilde{h}^{[1]} = W^{[1]T} dz^{[2]}",
        r"\mathcal{E} = q_1 + q_2",
    ]
    assert [c.verdict for c in check(found, *right).claims] == [Verdict.PROVED] * 3
    assert proved(found, "markdown") == set()


@pytest.mark.slow
def test_a_bar_may_stand_for_a_derivative() -> None:
    """The derivative of the error by X is X with a bar, of vectors, matrices and single names."""
    found = own(like="d2l", gradient="bar")
    right = [
        r"\bar{\mathbf{W}}^{(2)} = \bar{\mathbf{z}}^{(2)} \mathbf{h}^{(1)\top}",
        r"\bar{h}^{(1)}_1 = \sum_k w^{(2)}_{k1} \bar{z}^{(2)}_k",
    ]
    assert [c.verdict for c in check(found, *right).claims] == [Verdict.PROVED] * 2
    assert proved(found, "markdown") == set()


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        (
            {"like": "bishup"},
            r"notation.like: there is no notation 'bishup' \(did you mean 'bishop'",
        ),
        ({"like": "ng", "wights": "into"}, "notation.wights: there is no such entry"),
        ({"like": "ng", "weights": "inside"}, "notation.weights: there is no 'inside'"),
        ({"like": "ng", "first": 2}, "notation.first: expected 0 or 1: 2"),
        ({"like": "ng", "written": {"out": "a^{[m]}"}}, r"notation.written.out: '\[m\]' of"),
        ({"like": "ng", "written": {"out": 3}}, "notation.written.out: expected a name in quotes"),
        ({"like": "ng", "written": {"error": "e_j"}}, "notation.written.error: 'e' cannot be used"),
        (
            {"like": "ng", "letters": ["j", "j", "k"]},
            "notation.letters: 'j' cannot stand for two things",
        ),
        (
            {"like": "ng", "written": {"net": "z_j"}},
            "notation.written.net: without l two quantities",
        ),
        ({"written": {"out": "a^l_j"}}, "notation.written: there is nothing for net, target"),
    ],
)
def test_errors_name_the_entry_its_value_and_what_would_do(entries: Any, said: str) -> None:
    """What a table says wrongly is refused before anything is written."""
    with pytest.raises(InputError, match=said):
        own(**entries)


BATCHNORM = r"""
z[n] = w*x[n], n=1..3
mean = 1/3*sum(z[n], n=1..3)
var = 1/3*sum((z[n] - mean)^2, n=1..3)
xhat[n] = (z[n] - mean)/sqrt(var + 0.00001), n=1..3
y[n] = v*xhat[n] + b, n=1..3
E = 1/3*sum(1/2*(target[n] - y[n])^2, n=1..3) + var^2
"""
LATEX = r"latex: mean = \mu, var = \sigma^2, xhat = \hat{x}, v = \gamma, b = \beta, target = t"


@pytest.mark.slow
def test_equations_say_how_their_names_are_written() -> None:
    """A variance is σ², also where it is squared, and the names are read as they are written."""
    found = System.from_text(BATCHNORM + LATEX)
    assert proved(found, "markdown") == set()
    assert r"(\sigma^2)^2" in written(found, "markdown")
    right = [
        r"\hat{x}_n = (z_n - \mu)/\sqrt{\sigma^2 + 0.00001}",
        r"\sigma^2 = \frac{1}{3}\sum_{n=1}^3 (z_n - \mu)^2",
        r"\frac{\partial y_n}{\partial \hat{x}_n} = \gamma",
        r"\frac{\partial E}{\partial \beta} = \sum_n \frac{\partial E}{\partial y_n}",
    ]
    assert [c.verdict for c in check(found, *right).claims] == [Verdict.PROVED] * 4
    assert check(found, r"\hat{x}_n = z_n - \mu").summary["refuted"] == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (r"latex: vra = \sigma^2", "nothing is called 'vra' .did you mean 'var'"),
        (r"latex: var = \sigma^", "latex: var: expected a name like"),
        (r"latex: var = \mu, mean = \mu", "mean and var would be written alike"),
        ("latex: v = D", "latex: D cannot stand for v: it is read as ∂"),
    ],
)
def test_names_of_equations_that_cannot_be_written_so(line: str, said: str) -> None:
    """What has no meaning, or would have two, is refused with its line."""
    with pytest.raises(InputError, match=said):
        System.from_text(BATCHNORM + line)


# Which notation a document is in.

ARTICLE = r"""
$$z^{[1]} = W^{[1]}x + b^{[1]}$$

$$a^{[1]} = g(z^{[1]})$$

$$dW^{[2]} = dz^{[2]} a^{[1]T}$$

$$dW^{[1]} = dz^{[1]} a^{[1]T}$$
"""
OUT_OF = r"""
$$\delta^{2} = ((W^{2})^T \delta^{3}) \odot \sigma'(z^{2})$$

$$\delta^{2} = ((W^{2})^T \delta^{3}) \odot \sigma'(z^{3})$$
"""


def judged(text: str, notation: str = "letters") -> list[str]:
    """The verdicts on an article about 2-3-2 in a notation."""
    return [c.verdict.value for c in check_document(network("2-3-2", notation), text, "md").claims]


def test_the_notation_of_an_article_is_found_out() -> None:
    """A network that knows none of its names is read in the notation in which its definitions hold."""
    report = check_document(network("2-3-2", "letters"), ARTICLE, "md")
    assert [c.verdict.value for c in report.claims] == ["proved", "proved", "proved", "refuted"]
    assert "read in the notation ng" in report.claims[0].findings[-1].message


def test_an_article_that_defines_nothing_is_in_no_other_notation() -> None:
    """Without a definition nobody knows whose letters they are."""
    assert "proved" not in judged(ARTICLE.partition("$$dW")[2].join(("$$dW", "")))


def test_what_holds_in_another_convention_only_is_undecided() -> None:
    """Weights may lead out of layer l, as long as no definition says otherwise."""
    report = check_document(network("2-3-2", "indexed"), OUT_OF, "md")
    assert report.claims[0].verdict is Verdict.UNDECIDED
    said = report.claims[0].findings[0].message
    assert said == "right if weights carry the number of the layer they lead out of"
    defined = "$$z^{2} = W^{2}a^{1} + b^{2}$$\n" + OUT_OF
    assert judged(defined, "indexed") == ["proved", "refuted", "refuted"]


def test_a_notation_that_is_said_is_the_only_one(tmp_path: Path) -> None:
    """With --notation nothing is found out."""
    article = tmp_path / "article.md"
    article.write_text(OUT_OF)
    arguments = ["check", "2-3-2", "--bias", "neuron", "--file", str(article)]
    found = CliRunner().invoke(cli, [*arguments, "--notation", "indexed"])
    assert "2 refuted" in found.output
    article.write_text(ARTICLE)
    for how in ([], ["--notation", "auto"]):
        assert "3 proved, 1 refuted" in CliRunner().invoke(cli, [*arguments, *how]).output


# The command.


def test_notations_are_listed_with_a_sample() -> None:
    """A line about each, and one in it."""
    lines = CliRunner().invoke(cli, ["notations"]).output.splitlines()
    for name in NOTATIONS:
        place = next(n for n, line in enumerate(lines) if line.startswith(f"{name} "))
        assert table.shipped(name).about in lines[place]
        assert r"\frac{\partial" in lines[place + 1]


def test_every_name_of_a_network_is_told() -> None:
    """The error, the outputs and all others, as they are typeset and on the command line."""
    told = CliRunner().invoke(cli, ["notations", "ng", "2-3-2"]).output
    assert r"the error: J (J); read as well: \mathcal{L}" in told
    assert "the net inputs of layer 1: z_1^{[1]}, z_2^{[1]}, z_3^{[1]}, together z^{[1]}" in told
    assert "w_{11}^{[2]}, w_{12}^{[2]}, …, w_{23}^{[2]}, together W^{[2]}" in told
