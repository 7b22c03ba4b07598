"""Every notation, and symbols that a user chose: documents, names and the checker agree on them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from derive import Model, Network, check_document
from derive.formulas.claims import Verdict
from derive.notes.compose import compose
from derive.notes.render import render

NOTATIONS = ("letters", "numbered", "indexed")
NETWORKS = {
    "2-4-3-2": "none",
    "2-2-2": "neuron",
    "3-5-5-3": "none",
    "12-11-3": "layer",
    "1-1": "none",
}
BOOK = (("out", "h"), ("net", "a"), ("target", "t"), ("error", "C"), ("E_total", "C"))
GREEK = (
    ("weight", r"\theta"), ("bias", r"\beta"), ("delta", r"\epsilon"), ("sig", r"\varphi"),
    ("out", "act"), ("E_total", "J_total"),
)  # fmt: skip


@cache
def network(spec: str, notation: str, names: tuple[tuple[str, str], ...] = ()) -> Network:
    found = Network.read(spec, bias=NETWORKS[spec], notation=notation)
    return replace(found, names=names).with_random_numbers(0)


def is_proved(found: Network, format_: str) -> None:
    """The document is read back: every equation is proved, none passed over, nothing remarked."""
    text = render(compose(replace(found, numbers=None)), format_, None)
    report = check_document(Model.of(found), text, "md" if format_ == "markdown" else "tex")
    bad = [(c.line, c.text, c.findings) for c in report.claims if c.verdict is not Verdict.PROVED]
    assert not bad
    assert not [c for c in report.claims if c.findings]
    numbers = {int(c.number) for c in report.claims if c.number}
    assert numbers == set(range(1, max(numbers) + 1))


@pytest.mark.parametrize("format_", ["markdown", "latex"])
@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("spec", NETWORKS)
def test_documents_are_read_back_and_proved(spec: str, notation: str, format_: str) -> None:
    """In each notation, with and without biases, with indices of two digits, and the smallest."""
    is_proved(network(spec, notation), format_)


@pytest.mark.parametrize("format_", ["markdown", "latex"])
@pytest.mark.parametrize("names", [BOOK, GREEK], ids=["book", "greek"])
@pytest.mark.parametrize("notation", NOTATIONS)
def test_so_are_documents_with_renamed_symbols(
    notation: str, names: tuple[tuple[str, str], ...], format_: str
) -> None:
    """A symbol of one notation may mean something else in another: a is a net input here."""
    is_proved(network("2-2-2", notation, names), format_)
