"""A document in any notation is read back without being told which, and as an author rewrites it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from itertools import product

import pytest

from derive import Network, check, check_document
from derive.checking.claims import Report, Verdict
from derive.notations import NOTATIONS
from tests.sample import diagonal, sampled
from tests.shelf import READ_AS, written

LAYERED = ("2-4-3-2", "mazur", "xor", "classifier")
ALLOWED = {"side-condition", "alias", "kink"}
"""What may be remarked: that targets sum to 1, in which notation this is read, and where kinks are."""


def document(name: str, notation: str, format_: str) -> str:
    """The document of a shipped network in a notation."""
    return written(Network.read(name, notation=notation), format_)


def read_back(name: str, text: str, format_: str) -> Report:
    """The document judged for the network in its own notation, whichever the document is in."""
    network = Network.read(name)
    network = network if network.numbers else network.with_random_numbers(0)
    return check_document(network, text, READ_AS[format_])


def problems(report: Report) -> list[str]:
    """What is not proved, or remarked beside what is."""
    return [
        f"{claim.verdict.value}: {claim.text} {[f.code for f in claim.findings]}"
        for claim in report.claims
        if claim.verdict is not Verdict.PROVED or {f.code for f in claim.findings} - ALLOWED
    ]


@pytest.mark.parametrize(
    ("name", "notation"),
    sampled(
        product(LAYERED, NOTATIONS),
        [("2-4-3-2", "ng"), ("xor", "ufldl"), ("mazur", "d2l")],
        diagonal(LAYERED, [*NOTATIONS]),
    ),
)
@pytest.mark.slow
def test_the_notation_is_found_out(name: str, notation: str) -> None:
    """Every formula is proved for the network as it comes with the program, in other letters."""
    report = read_back(name, document(name, notation, "markdown"), "markdown")
    assert len(report.claims) > 30
    assert problems(report) == []


@pytest.mark.parametrize(("notation", "output"), [("ng", "a_1^{[2]}"), ("bishop", "z_1^{(2)}")])
@pytest.mark.slow
def test_one_wrong_sign_is_refuted_in_the_notation_that_is_found(
    notation: str, output: str
) -> None:
    """The other formulas say which notation it is, and in that one the wrong one is wrong."""
    text = document("xor", notation, "markdown")
    slip = text.replace(f"(1 - {output})", f"(1 + {output})", 1)
    assert slip != text
    verdicts = [claim.verdict for claim in read_back("xor", slip, "markdown").claims]
    assert verdicts.count(Verdict.REFUTED) >= 1
    assert Verdict.UNREADABLE not in verdicts


# As an author rewrites it.


def _braced(text: str, at: int) -> int:
    """Where the group ends that begins at a place."""
    depth = 0
    for place in range(at, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            return place + 1
    raise AssertionError(text[at:])


def with_a_macro_for_derivatives(text: str, chance: random.Random) -> str:
    r"""Every second ∂x/∂y as \pd{x}{y}."""
    found, at = [], 0
    for match in re.finditer(r"\\frac\{\\partial ", text):
        if match.start() < at:
            continue
        above = _braced(text, match.end() - len("{\\partial "))
        below = _braced(text, above)
        if text.startswith(r"{\partial ", above) and chance.random() < 0.5:
            upper, lower = text[match.end() : above - 1], text[above + 10 : below - 1]
            found += [text[at : match.start()], rf"\pd{{{upper}}}{{{lower}}}"]
            at = below
    made = "".join([*found, text[at:]])
    return made.replace(
        r"\begin{document}",
        "\\newcommand{\\pd}[2]{\\frac{\\partial #1}{\\partial #2}}\n\\begin{document}",
    )


NAME = r"(?<![\\A-Za-z{_^])(?:[A-Za-z]|\\delta|\\mathrm\{[a-z]+\})_\{[^{}]*\}(?:\^\{[^{}]*\})?"


def in_colours(text: str, chance: random.Random) -> str:
    """Some names in a colour."""
    return re.sub(
        NAME,
        lambda m: rf"\textcolor{{red}}{{{m[0]}}}" if chance.random() < 0.15 else m[0],
        text,
    )


def in_another_bold(text: str, chance: random.Random) -> str:
    """Vectors and matrices in another face of the same kind."""
    return re.sub(r"\\mathbf(?=\{)", lambda _: rf"\{chance.choice(['bm', 'boldsymbol'])}", text)


def in_other_order(text: str, chance: random.Random) -> str:
    r"""The factors of some products of two names the other way round."""
    return re.sub(
        rf"(?<=[=(] )({NAME}) \\cdot ({NAME})(?= *[=)]| \\\\| \\tag|\n)",
        lambda m: rf"{m[2]} \cdot {m[1]}" if chance.random() < 0.5 else m[0],
        text,
    )


REWRITINGS: tuple[Callable[[str, random.Random], str], ...] = (
    with_a_macro_for_derivatives, in_other_order, in_colours, in_another_bold,
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "notation"),
    sampled(
        ((LAYERED[n % 4], notation) for n, notation in enumerate(NOTATIONS)), [("mazur", "d2l")]
    ),
)
@pytest.mark.slow
def test_as_an_author_rewrites_it(name: str, notation: str) -> None:
    """Macros, colours, other bold letters and another order of factors change no verdict."""
    chance = random.Random(f"{name} {notation}")
    text = plain = document(name, notation, "latex")
    for rewriting in REWRITINGS:
        text = rewriting(text, chance)
    assert text != plain
    assert problems(read_back(name, text, "latex")) == []


def test_weights_that_lead_out_of_a_layer_have_entries_of_that_layer() -> None:
    """Where W^(1) leads from layer 1 to layer 2, w^(1) with indices is its entry, in both letters."""
    network = Network.from_table(
        {"layers": [2, 3, 2], "bias": "neuron", "notation": "ufldl"}, "n", {}
    )
    right = [
        "w^{(2)}_{11} = W^{(2)}_{11}",
        r"\frac{\partial J}{\partial w_{ij}^{(l)}} = a_j^{(l)} \delta_i^{(l+1)}",
    ]
    wrong = [
        "w^{(2)}_{11} = W^{(1)}_{11}",
        r"\frac{\partial J}{\partial w_{ij}^{(l)}} = a_j^{(l-1)} \delta_i^{(l)}",
    ]
    said = [claim.verdict.value for claim in check(network, *right, *wrong).claims]
    assert said[:2] == ["proved", "proved"]
    assert "proved" not in said[2:]
