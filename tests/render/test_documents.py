"""The finished documents, as TeX, KaTeX and a browser see them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from derive.networks.network import Network
from tests.render.tools import (
    count_formulas,
    github_errors,
    katex_errors,
    page_errors,
    typeset,
)
from tests.sample import sampled
from tests.shelf import written

OUTPUT = Path(__file__).parents[2] / "output"
NETWORKS = {
    "2-4-3-2": {},
    "2-2-2": {"bias": "neuron"},
    "3-5-5-3": {},
    "1-1": {},
    "2-12-2": {},
    "4-8-8-4": {},
    "mazur": {},
    "2-3-2": {"activation": "relu", "bias": "layer"},
    "3-2-2-2-1": {
        "activation": "tanh,identity,relu,sigmoid",
        "bias": "neuron",
        "notation": "numbered",
    },
    "784-30-10": {},
    "2-3-3-2": {"notation": "indexed", "bias": "neuron"},
    "12-11-3": {"notation": "indexed", "bias": "layer"},
}
SPECS = sampled(NETWORKS, ("2-4-3-2", "1-1", "mazur", "2-3-2", "3-2-2-2-1"))
RENAMED = (
    ("out", "a"), ("net", "z"), ("E_total", "C"), ("error", "C"), ("sig", r"\sigma"),
    ("weight", r"\theta"), ("bias", r"\beta"), ("delta", r"\varepsilon"), ("target", "goal"),
)  # fmt: skip


@pytest.mark.parametrize("spec", SPECS)
@pytest.mark.slow
def test_latex_compiles_without_a_fault(spec: str) -> None:
    """Pdflatex finds no error, no undefined reference and no overfull box over 1 pt."""
    log = typeset(written(Network.read(spec, **NETWORKS[spec]), "latex"))
    assert not log.faults
    assert log.pages >= 5


@pytest.mark.parametrize("spec", SPECS)
def test_every_formula_is_accepted_by_katex_in_strict_mode(spec: str) -> None:
    """KaTeX reads every formula, and GitHub's Markdown leaves every formula alone."""
    text = written(Network.read(spec, **NETWORKS[spec]), "markdown")
    assert count_formulas(text) > 30
    assert not katex_errors(text)
    assert not github_errors(text)


@pytest.mark.parametrize("notation", ["letters", "indexed"])
@pytest.mark.slow
def test_renamed_symbols_are_typeset(notation: str) -> None:
    """Greek letters and words in the place of the notation's symbols, in both formats."""
    network = replace(Network.read("2-3-2", bias="neuron", notation=notation), names=RENAMED)
    assert not typeset(written(network, "latex")).faults
    text = written(network, "markdown")
    assert not katex_errors(text)
    assert not github_errors(text)


@pytest.mark.slow
def test_missing_weights_are_typeset() -> None:
    """The table of layers says how many weights are missing, with a minus sign that TeX knows."""
    network = replace(
        Network.read("2-3-2", notation="indexed"), missing=("w2_1_2",)
    ).with_random_numbers(0)
    assert not typeset(written(network, "latex")).faults


@pytest.mark.slow
def test_the_page_is_shown_without_a_fault() -> None:
    """In a browser, in a column of GitHub's width: formulas, picture and width are right."""
    assert not page_errors((OUTPUT / "2-4-3-2.md").read_text(encoding="utf-8"), folder=OUTPUT)
