"""Published derivations, in their authors' spelling: read without being told their notation.

Each file of ``tests/data/authors`` has the formulas of one, and before each of them what it is: a
definition (d), right (r) or wrong (w). The network is what the document defines, or the file of
equations beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate, pairwise
from pathlib import Path

import pytest

from derive import check_document
from tests.sample import sampled

FOLDER = Path(__file__).parents[1] / "data" / "authors"
SOURCES = sorted(path.stem for path in FOLDER.glob("*.md"))
_BLOCK = re.compile(r"<!-- (\w) -->\n\$\$(.*?)\$\$", re.DOTALL)
EXPECTED = {"d": ("silent", "proved"), "r": ("proved",), "w": ("refuted",)}


def blocks(source: str) -> list[tuple[str, str]]:
    """What each formula of a file is, and the formula."""
    return _BLOCK.findall((FOLDER / f"{source}.md").read_text(encoding="utf-8"))


def verdicts(source: str, formulas: list[str]) -> list[str]:
    """The verdict on each formula, one a display, about the network of a source."""
    text = "".join(f"\n$${formula}$$\n" for formula in formulas)
    beside = FOLDER / f"{source}.eq"
    claims = check_document(str(beside) if beside.exists() else None, text, "md").claims
    lines = [2]
    for formula in formulas:
        lines.append(lines[-1] + formula.count("\n") + 2)
    said = {claim.line: claim.verdict.value for claim in claims}
    return [
        next((said[line] for line in range(begin, end) if line in said), "silent")
        for begin, end in pairwise(lines)
    ]


def mutations(formula: str) -> Iterator[str]:
    """A formula with a slip in what stands behind its last '='."""
    depths = accumulate((char in "{(") - (char in ")}") for char in formula)
    signs = [
        n
        for n, (char, depth) in enumerate(zip(formula, depths, strict=True))
        if (char, depth) == ("=", 0)
    ]
    if not signs or "{cases}" in formula:
        return
    before, side = formula[: signs[-1]], re.sub(r"[.,\s]*\Z", "", formula[signs[-1] + 1 :])
    yield f"{before}= -({side})"
    yield f"{before}= 2 ({side})"
    changes = (
        (r"_\{([a-z])\s*([a-z])\}", r"_{\2\1}"),
        (r"(?:\^\{?\s*(?:T|\\top)\s*\}?)", ""),
        (r"(\^[\[({]+(?:l|k|\\ell)) ?\+ ?1", r"\1"),
        (r"\{\(?\[?([12])\]?\)?\}", lambda m: m[0].replace(m[1], "3" if m[1] == "2" else "2")),
        (r"\(1 ?- ", "(1 + "),
        (r"(?<![A-Za-z])f'|g'", "f"),
    )
    for pattern, new in changes:
        changed = re.sub(pattern, new, side, count=1)
        if changed != side:
            yield f"{before}={changed}"


@pytest.mark.parametrize("source", SOURCES)
def test_a_published_derivation_is_judged_as_it_stands(source: str) -> None:
    """Right is proved, wrong is refuted, and what defines the network is no mistake."""
    kinds, formulas = zip(*blocks(source), strict=True)
    found = verdicts(source, list(formulas))
    wrong = [
        (formula, said)
        for kind, formula, said in zip(kinds, formulas, found, strict=True)
        if said not in EXPECTED[kind]
    ]
    assert not wrong
    assert kinds.count("r") > 2


@pytest.mark.slow
@pytest.mark.parametrize("source", sampled(SOURCES, SOURCES[::3]))
def test_no_slip_in_a_published_derivation_is_proved(source: str) -> None:
    """A sign, a factor, an index, a transpose, a layer: none is taken for right."""
    stated = blocks(source)
    slips = [slip for kind, formula in stated if kind == "r" for slip in mutations(formula)]
    found = verdicts(source, [*(formula for _, formula in stated), *slips])
    assert len(slips) > 5
    proved = [s for s, said in zip(slips, found[len(stated) :], strict=True) if said == "proved"]
    assert not proved
    assert "refuted" in found[len(stated) :]


def test_every_notation_has_a_source() -> None:
    """Each of the program's notations of books is tried with another author of its kind."""
    assert len(SOURCES) >= 12
