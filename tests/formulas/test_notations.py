"""Every notation, and symbols that a user chose: documents, names and the checker agree on them."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from itertools import cycle, product
from typing import Any

import pytest
from click.testing import CliRunner

from derive import InputError, Model, Network, check, derive
from derive.checking.claims import Verdict
from derive.cli import cli
from tests.sample import diagonal, sampled
from tests.shelf import proved, written

Names = tuple[tuple[str, str], ...]

NOTATIONS = ("letters", "numbered", "indexed")
NETWORKS = {
    "2-4-3-2": "none",
    "2-2-2": "neuron",
    "3-5-5-3": "none",
    "12-11-3": "layer",
    "1-1": "none",
}
BOOK: Names = (("out", "h"), ("net", "a"), ("target", "t"), ("error", "C"), ("E_total", "C"))
GREEK: Names = (
    ("weight", r"\theta"), ("bias", r"\beta"), ("delta", r"\epsilon"), ("sig", r"\varphi"),
    ("out", "act"), ("E_total", "J_total"),
)  # fmt: skip


@cache
def network(spec: str, notation: str, names: Names = ()) -> Network:
    found = Network.read(spec, bias=NETWORKS[spec], notation=notation)
    return replace(found, names=names).with_random_numbers(0)


@cache
def model(spec: str, notation: str, names: Names = ()) -> Model:
    return Model.of(network(spec, notation, names))


LONG = [
    *diagonal([*NETWORKS], NOTATIONS, ["markdown", "latex"]),
    *diagonal([*NETWORKS], NOTATIONS[1:], ["latex", "markdown"]),
]


def is_proved(found: Network, format_: str) -> None:
    """The document is read back: every equation is proved, none passed over, nothing remarked.

    Of the targets of a softmax layer it is remarked that they sum to 1.
    """
    assert proved(replace(found, numbers=None), format_) <= {"side-condition"}


@pytest.mark.parametrize(
    ("spec", "notation", "format_"),
    sampled(product(NETWORKS, NOTATIONS, ("markdown", "latex")), (), LONG),
)
def test_documents_are_read_back_and_proved(spec: str, notation: str, format_: str) -> None:
    """In each notation, with and without biases, with indices of two digits, and the smallest."""
    is_proved(network(spec, notation), format_)


@pytest.mark.parametrize(
    ("spec", "activation"), [("2-2-2-2", "tanh,sigmoid,identity"), ("2-2-1", "gelu,silu")]
)
@pytest.mark.slow
def test_rules_of_layers_that_differ(spec: str, activation: str) -> None:
    """Where the layers have different activations, δ is stated layer by layer.

    σ is the sigmoid then, also in the derivative of SiLU, and φ that of GELU.
    """
    found = Network.read(spec, activation=activation, notation="indexed", bias="neuron")
    is_proved(found.with_random_numbers(0), "markdown")


@pytest.mark.parametrize(
    "table",
    [
        {"activation": ["tanh", "sigmoid", "softmax"], "loss": "categorical-cross-entropy"},
        {"missing": ["w2_1_2", "w3_2_1"], "bias": "layer"},
        {"skip": [[1, 3]], "l2": 0.1},
    ],
    ids=["softmax", "mask", "skip"],
)
@pytest.mark.slow
def test_special_layers_in_the_notation_of_books(table: dict[str, Any]) -> None:
    """Softmax, missing weights, skip connections and an L2 term, by layer where layers agree."""
    given = {"layers": [2, 2, 2, 2], "notation": "indexed", **table}
    is_proved(Network.from_table(given, "special", {}).with_random_numbers(0), "markdown")


@pytest.mark.parametrize("names", [BOOK, GREEK], ids=["book", "greek"])
@pytest.mark.parametrize("notation", NOTATIONS)
def test_documents_with_renamed_symbols_are_proved(notation: str, names: Names) -> None:
    """A symbol of one notation may mean something else in another: a is a net input here."""
    is_proved(network("2-2-2", notation, names), "markdown")


# The same names everywhere.


RENAMED = {"own": (), "book": BOOK, "greek": GREEK}


@pytest.mark.parametrize(
    ("spec", "notation", "named"),
    sampled(
        product(["2-2-2", "12-11-3"], NOTATIONS, RENAMED),
        [
            *(("2-2-2", *each) for each in zip(NOTATIONS, cycle(RENAMED))),
            ("12-11-3", "indexed", "book"),
        ],
    ),
)
def test_every_name_is_read_as_itself(spec: str, notation: str, named: str) -> None:
    """The checker reads each quantity by its plain name and by its LaTeX, and no two as one."""
    found = model(spec, notation, RENAMED[named])
    quantities = list(found.quantities.values())
    assert len({q.name for q in quantities}) == len({q.latex for q in quantities})
    picked = quantities[:: max(1, len(quantities) // 60)]
    same = [f"{spelled} - {q.name} = 0" for q in picked for spelled in (q.name, q.latex)]
    assert {(c.verdict, c.findings) for c in check(found, *same).claims} == {(Verdict.PROVED, ())}
    others = [f"{q.latex} = {quantities[quantities.index(q) - 1].name}" for q in picked]
    assert check(found, *others).summary["refuted"] == len(others)


@pytest.mark.parametrize("names", [(), BOOK, GREEK], ids=["own", "book", "greek"])
@pytest.mark.parametrize("notation", NOTATIONS)
def test_what_show_prints_check_proves(notation: str, names: Names) -> None:
    """The parameters of gradcheck's JSON are what show takes; the gradient it prints is proved."""
    found = model("2-2-2", notation, names)
    for parameter in (found.parameters[0], found.parameters[-1]):
        shown = derive(found, parameter).to_json()
        report = check(found, shown["gradient"], weight=parameter)
        assert report.summary["proved"] == 1
        assert str(derive(found, parameter)).endswith(shown["gradient"])


def test_json_speaks_the_notation(tmp_path: Any) -> None:
    """Gradcheck's JSON has the names of the file's notation, renamed where the file says so."""
    file = tmp_path / "net.toml"
    file.write_text('layers = [2, 2, 1]\nnotation = "indexed"\n[names]\nout = "h"\nnet = "a"\n')
    result = CliRunner().invoke(cli, ["gradcheck", str(file), "--json"])
    table = json.loads(result.output)
    assert list(table["gradients"]) == ["w2_1_1", "w2_1_2", "w2_2_1", "w2_2_2", "w3_1_1", "w3_1_2"]
    assert {"h1_1", "a2_1", "h2_1", "a3_1", "h3_1", "y_1", "E_1", "E_total"} <= {
        *table["quantities"]
    }


# What people type.

SPELLINGS = [
    r"\delta^4_1 = (a^4_1 - y_1) a^4_1 (1 - a^4_1)",
    r"\delta^{4}_{1} = (a^{4}_{1} - y_{1}) a^{4}_{1} (1 - a^{4}_{1})",
    r"\delta_1^4 = (a_1^4 - y_1) \sigma'(z_1^4)",
    r"\delta^{(4)}_1 = (a^{(4)}_1 - y_1) \sigma'(z^{(4)}_1)",
    r"a^{[3]}_1 = \sigma(z^{[3]}_1)",
    "δ^4_1 = (a^4_1 - y_1)*a^4_1*(1 - a^4_1)",
    "δ4_1 = (a4_1 - y_1)*sig'(z4_1)",
    "delta4_1 = (a4_1 - y1)*a4_1*(1 - a4_1)",
    r"\frac{\partial E}{\partial w^4_{13}} = \delta^4_1 a^3_3",
    r"\frac{\partial E_{total}}{\partial w^{4}_{1,3}} = \delta^4_1 a^3_3",
    "dE_total/dw4_1_3 = delta4_1*a3_3",
    "dE/dw4_13 = delta4_1*a3_3",
    "dE/dw^4_13 = delta4_1*a3_3",
    "dE/db4_1 = delta4_1",
    r"C = \frac{1}{2}((y_1 - a^4_1)^2 + (y_2 - a^4_2)^2)",
    r"(a^3_1)^2 = a^3_1 a^3_1",
    r"{a^3_1}^2 = a^3_1 a^3_1",
    "a3_1^2 = a3_1*a3_1",
    r"E_1^2 = E_1 E_1",
    r"z^2_j = \sum_{k=1}^{2} w^2_{jk} a^1_k + b^2_j",
    r"z^2_1 = w^2_{xx} a^1_1 + w^2_{12} a^1_2 + b^2_1",
    r"(w^2_{11})^{+} = w^2_{11} - \eta \delta^2_1 a^1_1",
    r"w^2_{11}^{+} = w^2_{11} - \eta \delta^2_1 a^1_1",
    "w2_1_1⁺ = w2_1_1 - eta*delta2_1*a1_1",
    # BP1 to BP4 and the forward pass, for neurons and for whole layers.
    r"\delta^L_j = \frac{\partial C}{\partial a^L_j} \sigma'(z^L_j)",
    r"\delta^l_j = \sum_k w^{l+1}_{kj} \delta^{l+1}_k \sigma'(z^l_j)",
    r"\frac{\partial C}{\partial b^l_j} = \delta^l_j",
    r"\frac{\partial C}{\partial w^l_{jk}} = a^{l-1}_k \delta^l_j",
    r"\frac{\partial C}{\partial w^{(l)}_{jk}} = a^{(l-1)}_k \delta^{(l)}_j",
    r"z^\ell_j = \sum_k w^\ell_{jk} a^{\ell-1}_k + b^\ell_j",
    r"\delta^L = (a^L - y) \odot \sigma'(z^L)",
    r"\delta^l = ((w^{l+1})^T \delta^{l+1}) \odot \sigma'(z^l)",
    r"\boldsymbol{\delta}^l = (W^{l+1})^{\top} \boldsymbol{\delta}^{l+1} \odot \sigma'(\mathbf{z}^l)",
    r"\frac{\partial C}{\partial W^l} = \boldsymbol{\delta}^l (\mathbf{a}^{l-1})^{\top}",
    r"\mathbf{z}^l = W^l \mathbf{a}^{l-1} + \mathbf{b}^l",
]


@pytest.mark.parametrize("formula", SPELLINGS)
def test_spellings_of_the_notation_of_books(formula: str) -> None:
    """A right formula is proved in every spelling; a^3_1 is a quantity, never a power."""
    found = Model.of(Network.read("2-4-3-2", notation="indexed", bias="neuron"))
    assert check(found, formula).summary["proved"] == 1


@pytest.mark.parametrize("notation", ["letters", "numbered"])
@pytest.mark.parametrize("formula", [f for f in SPELLINGS if r"\sum_k" in f or "odot" in f])
def test_the_rules_of_books_are_read_everywhere(notation: str, formula: str) -> None:
    """For layer l they are proved about a network of another notation, if vectors are bold."""
    found = Model.of(Network.read("2-4-3-2", notation=notation, bias="neuron"))
    bold = r"\mathbf" in formula or "_" in formula
    assert check(found, formula).status == (0 if bold else 3)


@pytest.mark.parametrize("formula", ["(a + c)^2 = a^2 + 2*a*c + c^2", "C = 5", "y = 3", "z^2 = 9"])
def test_letters_of_another_notation_are_no_quantities_alone(formula: str) -> None:
    """A square is a square where no vector is called a, and C, y and z are the author's."""
    assert check(model("2-2-2", "letters"), formula).summary["refuted"] == 0


def test_an_index_of_two_digits_is_none_of_one() -> None:
    """a_{11}^2 is neuron 11 of layer 2, and not the square of neuron 1 of layer 1."""
    found = model("12-11-3", "indexed")
    assert check(found, "a_{11}^2 = a2_11").status == 0
    assert check(found, "w^2_{1,12} = w2_1_12", "w^2_{11,2} = w2_11_2").status == 0
    assert check(found, "w^2_{112} = w2_1_12").summary["unreadable"] == 1


UNREADABLE = [
    ("w_{13} = w^4_{13}", "w_{13} is not in the network"),
    ("w31 = w^3_{31}", "w31 is not in the network"),
    ("a_{11} = a^1_1", "a_{11} is not in the network"),
    ("a^5_1 = a^4_1", "a^5_1 is not in the network"),
    ("a^l_9 = a^l_1", "a^l_9 is not in the network"),
    (r"\delta^1_1 = 0", r"\delta^1_1 is not in the network"),
]


@pytest.mark.parametrize(("formula", "message"), UNREADABLE)
def test_what_is_not_there(formula: str, message: str) -> None:
    """A name without its layer is no other weight, and a layer that is not there is said to be."""
    claim = check(model("2-4-3-2", "indexed"), formula).claims[0]
    assert claim.verdict is Verdict.UNREADABLE
    assert message in claim.findings[-1].message


# Mistakes.

_D1 = r"(a^4_1 - y_1) \cdot a^4_1 \cdot (1 - a^4_1)"
_D2 = r"(a^4_2 - y_2) \cdot a^4_2 \cdot (1 - a^4_2)"
_END = r"a^3_1 \cdot (1 - a^3_1) \cdot a^2_1"
MISTAKES = [
    ("wrong-activation", r"\frac{\partial E}{\partial w^4_{13}}", rf"{_D1} \cdot a^3_2", "a^3_3"),
    ("wrong-index", r"\frac{\partial E}{\partial w^3_{11}}",
     rf"({_D1} \cdot w^4_{{11}} + {_D2} \cdot w^4_{{12}}) \cdot {_END}", "w^4_{21}"),
    ("other-numbering", r"\frac{\partial E}{\partial w^3_{11}}",
     rf"({_D1} \cdot w^4_{{11}} + {_D2} \cdot w^4_{{12}}) \cdot {_END}", "w^4_{21}"),
    ("missing-factor", r"\frac{\partial E}{\partial w^4_{13}}", r"(a^4_1 - y_1) \cdot a^3_3",
     rf"{_D1} \cdot a^3_3"),
    ("sign", r"\frac{\partial E}{\partial w^4_{13}}",
     r"(y_1 - a^4_1) \cdot a^4_1 \cdot (1 - a^4_1) \cdot a^3_3", rf"{_D1} \cdot a^3_3"),
    ("missing-path", r"\frac{\partial E}{\partial w^3_{11}}", rf"{_D1} \cdot w^4_{{11}} \cdot {_END}",
     rf"{_D2} \cdot w^4_{{21}} \cdot {_END}"),
    ("missing-path", "dE/dw3_1_1", "(a4_1 - y_1)*a4_1*(1 - a4_1)*w4_1_1*a3_1*(1 - a3_1)*a2_1",
     "(a4_2 - y_2)*a4_2*(1 - a4_2)*w4_2_1*a3_1*(1 - a3_1)*a2_1"),
    ("transpose", "δ^2", "W^3 δ^3 ⊙ sig'(z^2)", "((W^3)ᵀδ^3) ⊙ σ'(z^2)"),
    ("transpose", r"\delta^l", r"(W^{l+1} \delta^{l+1}) \odot \sigma'(z^l)", r"(W^3)^{\top}"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "left", "right", "suggested"), MISTAKES)
def test_mistakes_are_named_in_the_notation(
    code: str, left: str, right: str, suggested: str
) -> None:
    """A planted mistake is refuted and named, and what to write instead is in the same spelling."""
    claim = check(model("2-4-3-2", "indexed"), f"{left} = {right}").claims[0]
    assert claim.verdict is Verdict.REFUTED
    named = [finding for finding in claim.findings if finding.code == code]
    assert named
    assert suggested in (named[0].suggestion or "")
    assert "a3_1" not in named[0].message or "^" not in left


def test_a_rule_for_layer_l_says_where_it_fails() -> None:
    """What is right in some layers only is refuted, and the first layer is named."""
    found = model("2-2-2", "indexed")
    claim = check(found, r"\frac{\partial C}{\partial w^l_{jk}} = \delta^l_j a^1_k").claims[0]
    assert claim.verdict is Verdict.REFUTED
    assert "l = 3" in claim.findings[-1].message


# Renaming.


def test_both_spellings_are_read_where_they_do_not_clash() -> None:
    """With net called a, z^2_1 is still read, with a remark; a^2_1 is what the file says it is."""
    found = model("2-2-2", "indexed", BOOK)
    own, old = check(found, r"h^2_1 = \sigma(a^2_1)", r"h^2_1 = \sigma(z^2_1)").claims
    assert (own.verdict, own.findings) == (Verdict.PROVED, ())
    assert old.verdict is Verdict.PROVED
    assert old.findings[0].message == "z^2_1 is read as a^2_1"
    assert check(found, r"a^2_1 = \sigma(z^2_1)").status == 1
    letters = check(model("2-2-2", "letters", BOOK), "out_b1 = sig(a_b1)", "out_b1 = h_b1")
    assert letters.status == 0


@pytest.mark.parametrize("notation", NOTATIONS)
def test_renamed_functions_are_read(notation: str) -> None:
    """φ is the sigmoid if the file says so, and sig still is."""
    found = model("2-2-2", notation, GREEK)
    net = next(q.name for q in found.quantities.values() if q.role.value == "net input")
    out = found.used_in[net][0]
    for spelled in ("sig", "phi", "φ", r"\varphi"):
        assert check(found, f"{out} = {spelled}({net})").status == 0


REFUSED = [
    # what is renamed, in which notation, what the message says
    ({"oud": "a"}, "letters", "there is no 'oud' to rename (did you mean 'out'?)"),
    ({"out": "a b"}, "letters", "names.out: expected a word", "'a b'"),
    ({"out": ""}, "letters", "names.out: expected a word"),
    ({"out": "a1"}, "letters", "names.out: expected a word"),
    ({"out": "a_b"}, "letters", "names.out: expected a word"),
    ({"out": 3}, "letters", "names.out: expected a word", "3"),
    ({"out": "a\n"}, "letters", "names.out: expected a word"),
    ({"out": "a}"}, "letters", "names.out: expected a word"),
    ({"out": r"\input{x}"}, "letters", "names.out: expected a word"),
    ({"out": r"\input"}, "letters", "names.out: expected a word"),
    ({"out": r"\def"}, "letters", "names.out: expected a word"),
    ({"out": r"\sigma\sigma"}, "letters", "names.out: expected a word"),
    ({"sig": "<script>"}, "letters", "names.sig: expected a word"),
    ({"sig": "$`x`$"}, "letters", "names.sig: expected a word"),
    ({"E_total": "C_"}, "letters", "names.E_total: expected a word"),
    ({"E_total": "C_{d}"}, "letters", "names.E_total: expected a word"),
    ({"out": "а"}, "letters", "names.out: expected a word"),
    ({"out": "a" * 5000}, "letters", "names.out: expected a word", "…"),
    ({"out": "net"}, "letters", "'net' already means net"),
    ({"out": "a", "net": "a"}, "letters", "'a' already means"),
    ({"out": "a", "net": "z"}, "indexed", ""),
    ({"net": "a"}, "indexed", "names.net: 'a' already means out"),
    ({"net": "a", "out": "z"}, "indexed", ""),
    ({"out": "delta"}, "letters", "'delta' already means delta"),
    ({"delta": r"\epsilon", "net": r"\varepsilon"}, "letters", "already means"),
    ({"out": "E"}, "letters", "names.out: 'E' already means"),
    ({"weight": "i"}, "numbered", "names.weight: 'i' cannot be used, it is an index letter"),
    ({"out": "tanh"}, "letters", "'tanh' already means tanh"),
    ({"sig": "log"}, "letters", "'log' already means ln"),
    ({"sig": r"\sigma", "out": r"\sigma"}, "letters", "already means"),
    ({"out": "d"}, "letters", "names.out: 'd' cannot be used, it is read as ∂"),
    ({"out": "e"}, "letters", "Euler's number"),
    ({"out": r"\eta"}, "letters", "learning rate"),
    ({"out": "L"}, "indexed", "'L' already means the last layer"),
    ({"E_total": "L"}, "letters", ""),
    ({"error": "C", "E_total": "C"}, "letters", ""),
    ({"error": "C", "E_total": "C_total"}, "numbered", ""),
]  # fmt: skip


@pytest.mark.parametrize("row", REFUSED, ids=str)
def test_what_cannot_be_a_symbol_is_refused(row: tuple[Any, ...]) -> None:
    """Nothing but words and Greek letters gets into a document, and one symbol means one thing."""
    names, notation, *messages = row
    table = {"layers": [2, 2], "notation": notation, "names": names}
    if messages == [""]:
        assert Network.from_table(table, "net", {}).names == tuple(names.items())
        return
    with pytest.raises(InputError) as caught:
        Network.from_table(table, "net", {})
    for message in messages:
        assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


def test_a_renamed_document_shows_nothing_of_the_old_names() -> None:
    """All of out, net, target, w, bias, δ and E_total are gone from sentences and formulas."""
    names = (*BOOK, ("weight", "v"), ("bias", "c"), ("delta", r"\epsilon"), ("sig", r"\sigma"))
    text = written(network("2-2-2", "letters", names), "markdown")
    for old in ("out_", "net_", "target_", "w_", "bias_", r"\delta", "E_", r"\mathrm{sig}"):
        assert old not in text
