"""What a text says beside a formula of the indices that it holds for: "for i = j we have"."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from derive.checking.check import check_document
from derive.checking.explaining import Explaining
from derive.networks.network import Network
from tests.formulas.authors import equations
from tests.formulas.stating.test_judging import report

SHARES = r"S_i = \frac{e^{a_i}}{\sum_{k=1}^N e^{a_k}}"
SAME = r"$$\frac{\partial S_i}{\partial a_j} = S_i (1 - S_j)$$"
OTHER = r"$$\frac{\partial S_i}{\partial a_j} = -S_i S_j$$"
WRONG = r"$$\frac{\partial S_i}{\partial a_j} = S_i (1 + S_j)$$"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"For $i = j$ we have\n\n{SAME}", "proved"),
        (f"If $i = j$:\n\n{SAME}\n\nbut", "proved"),
        (f"{SAME}\n\nfor $i = j$.", "proved"),
        (f"Now if $j \\ne i$\n{OTHER}", "proved"),
        (f"**Case 1:** $i = j$.\n\n{SAME}", "proved"),
        (f"If i ≠ j, this is\n\n{OTHER}", "proved"),
        (f"For $i = j$ we have\n\n{WRONG}", "refuted"),
        (f"For $i = j$ we have\n\n{OTHER}", "refuted"),
        (f"Otherwise\n\n{OTHER}", "undecided"),
        (f"On the diagonal\n\n{SAME}", "undecided"),
        (f"When $j$ equals $i$,\n\n{SAME}", "undecided"),
        (f"Otherwise\n\n{WRONG}", "refuted"),
        (f"The slope is\n\n{SAME}", "refuted"),
        (f"If $j \\ne i$ this is negative, and in general\n\n{OTHER}", "undecided"),
        (
            f"If $j \\ne i$ the one has nothing to do with the other, so that\n\n{OTHER}",
            "undecided",
        ),
        (f"This was for $i = j$. In general\n\n{SAME}", "undecided"),
    ],
)
def test_a_case_in_words_is_that_of_the_formula_beside_them(text: str, said: str) -> None:
    """A condition that a text gives counts; one that it may give keeps from refuting, no more."""
    network = equations(
        "weights: a\nS[i] = exp(a[i])/sum(exp(a[k]), k=1..3), i=1..3\nE = sum((S[i] - t[i])^2, i=1..3)\n"
    )
    for given, before in ((network, ""), (None, f"$${SHARES}$$\n\n")):
        claims = check_document(given, f"{before}{text}\n", "md", "softmax.md").claims
        assert [claim.verdict.value for claim in claims] == [said]


def test_a_case_behind_one_formula_is_not_that_of_the_next() -> None:
    """In "A for i = j and B" the case is that of A; whether B has it, too, is open."""
    first, second = SAME.strip("$"), SAME.strip("$")
    claims = report(SHARES, f"{first}$$\nfor $i = j$, and\n$${second}").claims
    assert [claim.verdict.value for claim in claims] == ["proved", "undecided"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"For $i = j$ we have {SAME}, whereas for $i \\ne j$ this is {OTHER}.", "proved proved"),
        (f"{SAME} for $i = j$ and {OTHER} for $i \\ne j$.", "proved proved"),
        (f"{OTHER} for $i = j$ and {SAME} for $i \\ne j$.", "refuted refuted"),
        (f"{SAME} ($i = j$) and {OTHER} ($i \\ne j$).", "proved proved"),
        (f"For all $i \\ne j$, {OTHER}.", "proved"),
        (f"For all $i, j$, {OTHER}.", "refuted"),
        (f"- $i = j$: {SAME}\n- $i \\ne j$: {OTHER}\n", "proved proved"),
        (f"| $i = j$ | {SAME} |\n| $i \\ne j$ | {OTHER} |\n", "proved proved"),
        (f"| {SAME} | $i = j$ |\n| {OTHER} | $i \\ne j$ |\n", "proved proved"),
        (f"{OTHER} unless $i = j$.", "undecided"),
        (f"{OTHER}, except for $i = j$.", "undecided"),
        (f"{WRONG}, except for $i = j$.", "refuted"),
        (f"For some $i, j$ we have {OTHER}.", "undecided"),
        (f"For $i = j$, {SAME}, for $i \\ne j$, {OTHER}.", "undecided undecided"),
        (f"For $i = j$ this is positive. In general {SAME}.", "undecided"),
    ],
)
def test_a_formula_in_the_text_has_its_case_as_a_display_has(text: str, said: str) -> None:
    """What stands beside it in a sentence, a list or a row of a table counts, and what may, too."""
    document = f"$${SHARES}$$\n\n{text}\n".replace("$$\\frac{\\p", "$\\frac{\\p")
    document = document.replace("S_j)$$", "S_j)$").replace("S_j$$", "S_j$")
    claims = check_document(None, document, "md", "softmax.md").claims
    assert " ".join(claim.verdict.value for claim in claims) == said


RELU = "z = w*x + b\na = relu(z)\nE = 1/2*(a - t)^2\n"
ONE = r"$$\frac{\partial a}{\partial z} = 1$$"
ZERO = r"$$\frac{\partial a}{\partial z} = 0$$"
LONG = r"$$\frac{\partial E}{\partial w} = (a - t) \cdot x$$"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"If $z > 0$, then\n\n{ONE}", ["proved"]),
        (f"Suppose $z > 0$. Then\n\n{ONE}", ["proved"]),
        (f"As long as $0 < z$ the unit passes on what it gets, so that\n\n{LONG}", ["proved"]),
        (f"{LONG}\n\nif $z \\ge 0$.", ["proved"]),
        (f"If $z > 0$, then\n\n{ONE}\n\nOtherwise\n\n{ZERO}", ["proved", "proved"]),
        (f"If $z > 0$, then\n\n{ONE}\n\nand otherwise\n\n{ONE}", ["proved", "refuted"]),
        (f"If $z > 0$, then\n\n{ZERO}", ["refuted"]),
        (f"If $z < 0$, then\n\n{ONE}", ["refuted"]),
        (f"If $q > 0$, then\n\n{ONE}", ["undecided"]),
        (f"With the learning rate, where $\\eta > 0$, this is\n\n{ONE}", ["refuted"]),
        (f"In general, even if $z > 0$, always\n\n{ONE}", ["refuted"]),
        (f"Suppose the unit is active. Then\n\n{ONE}", ["undecided"]),
        (f"Suppose the unit is active. Then\n\n{LONG.replace('-', '+')}", ["refuted"]),
    ],
)
def test_a_condition_on_a_number_in_words_counts(text: str, said: list[str]) -> None:
    """What is said where z > 0 is judged there, and behind "otherwise" where it is not."""
    claims = check_document(equations(RELU), f"{text}\n", "md", "relu.md").claims
    judged = [c for c in claims if not c.text.strip().startswith(("z", "0", "q"))]
    assert [claim.verdict.value for claim in judged] == said


LAYERS = r"""
layers = [2, 3, 2, 1]
activation = ["relu", "relu", "sigmoid"]
loss = "binary-cross-entropy"
notation = "indexed"
"""
HIDDEN = r"a^l = \text{ReLU}(z^l)"
LAST = r"\delta^l = a^l - y"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"It is ${HIDDEN}$ for $l < L$.", ["proved"]),
        (f"It is ${HIDDEN}$ for all $l < L$.", ["proved"]),
        (f"For $l < L$, ${HIDDEN}$.", ["proved"]),
        (f"It is ${HIDDEN}$ when $1 < l < L$.", ["proved"]),
        (f"For $2 \\le l < L$ we have\n\n$${HIDDEN}$$", ["proved"]),
        (f"For $l = 2, \\dots, L - 1$ we have\n\n$${HIDDEN}$$", ["proved"]),
        (f"$${HIDDEN}$$\n\nfor $l < L$, and\n\n$${LAST}$$", ["proved", "refuted"]),
        (f"$${HIDDEN}$$\n\nfor $l < L$, and\n\n$${HIDDEN}$$", ["proved", "undecided"]),
        (f"For $l = L$:\n\n$${LAST}$$", ["proved"]),
        (f"For $l < L$:\n\n$${LAST}$$", ["refuted"]),
        (f"It is ${HIDDEN}$ for $l \\le L$.", ["refuted"]),
        (f"For the hidden layers\n\n$${HIDDEN}$$", ["undecided"]),
        (f"$${HIDDEN}$$\n\nin each of the hidden layers, where $l$ counts.", ["undecided"]),
        (f"The last layer has\n\n$${LAST}$$", ["undecided"]),
        (f"The last layer has\n\n$${HIDDEN}$$", ["refuted"]),
        (f"The last layer has\n\n$${LAST.replace('-', '+')}$$", ["refuted"]),
        (f"It is ${HIDDEN}$.", ["refuted"]),
    ],
)
def test_the_layers_of_which_a_text_speaks_are_those_of_the_formula(
    text: str, said: list[str]
) -> None:
    """What a text says only of some layers is not refuted because it fails for the others.

    Where their numbers stand beside a formula, on its own line or in the text, it is judged for
    them; where words speak of hidden layers or the last one, it is left open.
    """
    network = Network.from_table(tomllib.loads(LAYERS), "layers", {})
    claims = check_document(network, f"{text}\n", "md", "layers.md").claims
    assert [claim.verdict.value for claim in claims if "<" not in claim.text] == said


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        (rf"{HIDDEN} \quad \text{{for }} l < L", "proved"),
        (rf"{HIDDEN}, \quad l < L", "proved"),
        (rf"{HIDDEN} \text{{ for hidden layers}}", "proved"),
        (rf"{LAST}, \quad l = L", "proved"),
        (rf"{LAST} \quad \text{{for the output layer}}", "proved"),
        (rf"{LAST}, \quad l = L - 1", "refuted"),
        (rf"{LAST} \quad \text{{for hidden layers}}", "refuted"),
        (rf"{HIDDEN} \text{{ for the output layer}}", "refuted"),
    ],
)
def test_the_layers_behind_a_formula_are_those_that_it_is_of(formula: str, said: str) -> None:
    """A formula of any layer may say behind it that it is of l < L, of l = L, or of which layers."""
    network = Network.from_table(tomllib.loads(LAYERS), "layers", {})
    (claim,) = check_document(network, f"$${formula}$$\n", "md", "layers.md").claims
    assert claim.verdict.value == said


def test_what_is_wrong_is_not_looked_for_in_every_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a formula that fails in all cases of which the text may speak the mistake is sought once."""
    looked: list[bool] = []
    explained = Explaining.explained

    def counted(self: Explaining, *sides: Any) -> Any:
        looked.append(self.explains)
        return explained(self, *sides)

    monkeypatch.setattr(Explaining, "explained", counted)
    network = Network.from_table(tomllib.loads(LAYERS), "layers", {})
    wrong = LAST.replace("-", "+")
    (claim,) = check_document(network, f"The last layer has $${wrong}$$\n", "md").claims
    assert claim.verdict.value == "refuted"
    alone = looked.count(True)
    looked.clear()
    check_document(network, f"So it has $${wrong}$$\n", "md")
    assert alone == looked.count(True)
