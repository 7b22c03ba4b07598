"""The document of networks of any size, as TeX, KaTeX, GitHub and Typst see it."""

from __future__ import annotations

import pytest

from derive.networks.general import general
from derive.notes.general import compose_general
from derive.render.render import render
from tests.render.latex import pages_of
from tests.render.pages import faults, pages
from tests.render.tools import count_formulas, github_errors, katex_errors, typeset
from tests.render.typst import pdf
from tests.sample import sampled

KINDS: dict[str, dict[str, str]] = {
    "any": {},
    "rows": {"notation": "cs231n", "bias": "layer"},
    "units through the network": {"notation": "rumelhart", "bias": "none"},
    "brackets": {"notation": "ng", "activation": "sigmoid", "loss": "half-squared-error"},
}
SOME = sampled(KINDS, ("rows", "units through the network"))


def text(kind: str, form: str) -> str:
    """A document in a format."""
    return render(compose_general(general(**KINDS[kind])), form)


@pytest.mark.parametrize("kind", SOME)
@pytest.mark.every(2)
def test_its_pages_are_full_and_break_well(kind: str) -> None:
    """No page but the last is half empty, no heading or line stands alone, in both PDFs."""
    for made in (pdf(text(kind, "typst")), pages_of(text(kind, "latex"))):
        found = pages(made)
        assert not list(faults(found))
        assert len(found) <= 5


@pytest.mark.parametrize("kind", SOME)
@pytest.mark.every(2)
def test_latex_sets_it_without_a_fault(kind: str) -> None:
    """Nothing sticks out, no reference is missing, and it is a short document."""
    log = typeset(text(kind, "latex"))
    assert not log.faults
    assert 3 <= log.pages <= 5


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
