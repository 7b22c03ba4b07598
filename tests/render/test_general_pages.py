"""The document of networks of any size, as TeX, KaTeX, GitHub and Typst see it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import pytest

from derive import Model, ProofError
from derive.networks.general import General, general
from derive.networks.general_family import GeneralFamily, of_family
from derive.notes.blocks import Notes
from derive.notes.general import compose_general
from derive.notes.general_family import compose_family
from derive.render.readback import prove_general
from derive.render.render import render
from tests.render.audit import wrong_numbers
from tests.render.latex import pages_of
from tests.render.pages import faults, pages
from tests.render.tools import count_formulas, github_errors, katex_errors, typeset
from tests.render.typst import pdf
from tests.sample import sampled
from tests.shelf import kept

KINDS: dict[str, dict[str, str]] = {
    "any": {},
    "rows": {"notation": "cs231n", "bias": "layer"},
    "units through the network": {"notation": "rumelhart", "bias": "none"},
    "brackets": {"notation": "ng", "activation": "sigmoid", "loss": "half-squared-error"},
}
SOME = sampled(KINDS, ("rows", "units through the network"))


def text(kind: str, form: str) -> str:
    """A document in a format."""
    options = KINDS[kind]
    return kept(("general", options, form), lambda: render(_composed(kind), form))


@cache
def _composed(kind: str) -> Notes:
    return compose_general(general(**KINDS[kind]))


@pytest.mark.parametrize("kind", SOME)
@pytest.mark.slow
def test_its_pages_are_full_and_break_well(kind: str) -> None:
    """No page but the last is half empty, no heading or line stands alone, in both PDFs."""
    for made in (pdf(text(kind, "typst")), pages_of(text(kind, "latex"))):
        found = pages(made)
        assert not list(faults(found))
        assert len(found) <= 7


@pytest.mark.parametrize("kind", SOME)
def test_latex_sets_it_without_a_fault(kind: str) -> None:
    """Nothing sticks out, no reference is missing, and it is a short document."""
    log = typeset(text(kind, "latex"))
    assert not log.faults
    assert 3 <= log.pages <= 7


@pytest.mark.parametrize("kind", KINDS)
def test_github_shows_it(kind: str) -> None:
    """KaTeX reads every formula, those in boxes too, and Markdown leaves them alone."""
    found = text(kind, "markdown")
    assert count_formulas(found) > 40
    assert not katex_errors(found)
    assert not github_errors(found)


@pytest.mark.parametrize("kind", KINDS)
def test_typst_sets_it(kind: str) -> None:
    """It is a tagged PDF, in which every boxed equation has its text."""
    assert pdf(text(kind, "typst"))


EXAMPLES: dict[str, Callable[[], tuple[General | GeneralFamily, Notes]]] = {
    **{kind: lambda kind=kind: layers(general(**KINDS[kind])) for kind in KINDS},
    "softmax": lambda: layers(general(activation="softmax")),
    "different functions": lambda: layers(general(activation="relu, sigmoid")),
    "recurrent": lambda: family("recurrent", steps=3, inputs=2, hidden=2, outputs=1),
    "convolution": lambda: family("convolution", input=6, kernel=3, outputs=1),
}


def layers(found: General) -> tuple[General, Notes]:
    """All networks of layers of a kind, and their document."""
    return found, compose_general(found)


def family(name: str, **sizes: int) -> tuple[GeneralFamily, Notes]:
    """All networks of a family, and their document."""
    found = of_family({"family": name, **sizes}, name)
    return found, compose_family(found)


def example(kind: str) -> tuple[Model, str]:
    """The network of an example, and its text, in which its activation has its own name."""
    found, notes = EXAMPLES[kind]()
    whole = render(notes, "markdown")
    text_ = whole[whole.index("An example with numbers") :]
    for letter in ("f", "g", r"\varphi", r"\sigma"):
        text_ = re.sub(rf"(?<![A-Za-z\\]){re.escape(letter)}('?\()", r"\\mathrm{sig}\1", text_)
    return Model.of(found.smallest.numbered(0)), text_


@pytest.mark.parametrize("kind", EXAMPLES)
@pytest.mark.slow
def test_every_number_of_the_example_is_computed_anew(kind: str) -> None:
    """And is right to the digits shown, in the forward pass, on the way back and after the step."""
    seen, wrong = wrong_numbers(*example(kind))
    assert not wrong
    assert seen > 60


@pytest.mark.parametrize("kind", ["any", "recurrent"])
@pytest.mark.slow
def test_a_wrong_number_in_the_example_is_found(kind: str) -> None:
    """Each of the last digits of its displays, one after the other."""
    model, text_ = example(kind)
    found = list(re.finditer(r"\\approx -?[0-9.]+([0-9])(?= \\|\n)", text_))
    assert len(found) > 8
    for place in (m.start(1) for m in found[::4]):
        other = str((int(text_[place]) + 5) % 10)
        assert wrong_numbers(model, text_[:place] + other + text_[place + 1 :])[1], place


@pytest.mark.slow
def test_a_wrong_formula_in_the_example_is_not_written() -> None:
    """It is read back on the network of the example, and the rules before it on all others."""
    found, notes = EXAMPLES["any"]()
    right = render(notes, "markdown")
    begin = right.index("An example with numbers")
    wrong = right[:begin] + right[begin:].replace(r"(1 - a^2_1)", r"(1 - a^2_2)")
    assert wrong != right
    with pytest.raises(ProofError, match=r"is not proved for 2-2-2"):
        prove_general(found, notes, wrong, "markdown")
