"""The notes' equations stand in what the program writes: each as it was typed from the notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from derive import Model, derive
from derive.emit.latex import Latex
from derive.networks.sources import read
from derive.render.formats import format_of
from derive.render.writing import document as document_of
from tests.markup import uncoloured
from tests.shelf import READ_AS, kept, written

HERE = Path(__file__).parent
GOLDEN = HERE / "data" / "notes-equations.tex"
OUTPUT = HERE.parent / "output"
WEIGHTS = ("w31", "w21", "w11")
FORMATS = ("md", "tex")

_LAYOUT = re.compile(
    r"\\(?:begin|end)\{(?:aligned|split|gathered)\}"
    r"|\\\\(?:\[[^]]*\])?"
    r"|\\(?:qquad|quad|[bB]igg?[lr]?|left|right)(?![A-Za-z])"
    r"|\\[,;:!]"
    r"|&|\{\}|\s+"
)


_UPRIGHT = re.compile(r"\\mathrm\{(\w+)\}")


def normal(text: str) -> str:
    """LaTeX without what only concerns its look: blanks, alignment, line ends, sizes, fonts, colours."""
    return _LAYOUT.sub("", _UPRIGHT.sub(r"\1", uncoloured(text)))


def entries() -> dict[str, str]:
    """The golden equations by their numbers, in the order of the file, in normal form."""
    found: dict[str, str] = {}
    for paragraph in re.split(r"\n\s*\n", GOLDEN.read_text(encoding="utf-8")):
        lines = paragraph.strip().splitlines()
        label = " ".join(line.lstrip("% ") for line in lines if line.startswith("%"))
        formula = normal("".join(line for line in lines if not line.startswith("%")))
        if formula:
            assert label, f"no number: {formula}"
            assert label not in found, f"twice: {label}"
            found[label] = formula
    return found


def place(golden: str, document: str) -> int:
    """Where `golden` stands in a normal `document`, whole and not as a part of more; else -1.

    An equation may be part of a longer chain a = b = c, a product a summand of a sum; neither may
    go on with a further factor, and no equation with a further term.
    """
    joint = r"\\cdot|[-+^_)]" if "=" in golden else r"\\cdot|[\^_)]"
    before = r"(?<!\\cdot)" + ("(?<![-+(])" if "=" in golden else "(?<![-(])")
    match = re.search(f"{before}{re.escape(golden)}(?!{joint})", document)
    return match.start() if match else -1


@cache
def derivations() -> str:
    """All equations of the derivations of the three weights, as the Python interface gives them."""
    model = Model.of("2-4-3-2")
    latex = Latex(model)
    return "\n".join(
        normal(latex.chain(equation))
        for weight in WEIGHTS
        for step in derive(model, weight).steps
        for equation in step.equations
    )


@pytest.fixture(
    scope="module",
    params=[(w, f) for w in ("fresh", "output") for f in FORMATS],
    ids=lambda param: f"{param[0]}-{param[1]}",
)
def document(request: pytest.FixtureRequest) -> str:
    """A document of 2-4-3-2 in normal form: freshly written, or the one kept in output/."""
    where, ending = request.param
    path = OUTPUT / f"2-4-3-2.{ending}"
    if where == "fresh":
        return normal(written(read("2-4-3-2"), format_of(path).name))
    return normal(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("number", entries())
def test_derivations_contain_the_notes_equation(number: str) -> None:
    """The derivations of w31, w21 and w11 contain this equation of the notes."""
    assert place(entries()[number], derivations()) >= 0


@pytest.mark.parametrize("number", [n for n in entries() if not n.startswith("w11")])
def test_documents_contain_the_notes_equation(number: str, document: str) -> None:
    """Both formats of the document contain this equation of the notes."""
    assert place(entries()[number], document) >= 0


@pytest.mark.parametrize("number", entries())
def test_a_document_in_full_contains_the_notes_equation(number: str) -> None:
    """Where nothing is told in brief, the third derivation has all of its seven products, too."""
    network = read("2-4-3-2")
    text = kept("2-4-3-2 in full", lambda: document_of(network, "markdown", full=True))
    assert place(entries()[number], normal(text)) >= 0


def test_documents_keep_the_order_of_the_notes(document: str) -> None:
    """Equations (1) and (8) to (25) come one after the other, as in the notes."""
    numbered = {n: e for n, e in entries().items() if re.fullmatch(r"\(\d+\)", n)}
    places = [place(equation, document) for equation in numbered.values()]
    assert places == sorted(places)


def test_golden_file_is_complete() -> None:
    """The file holds (1), (8) to (25), the total for w21 and seven products for w11."""
    found = entries()
    assert [n for n in found if re.fullmatch(r"\(\d+\)", n)] == [
        "(1)",
        *(f"({n})" for n in range(8, 26)),
    ]
    assert "(23) + (25)" in found
    assert sum("w11, path" in number for number in found) == 7
    assert len(found) >= 26


def changed(golden: str) -> Iterator[str]:
    """`golden` with one symbol changed, for every symbol; and without its first or last factor."""
    others = {
        "out": "net",
        "net": "out",
        "target": "out",
        "E": "F",
        "w": "v",
        "total": "d_1",
        "+": "-",
        "-": "+",
        "=": "+",
        r"\cdot": "+",
        r"\partial": "d",
        r"\delta": r"\eta",
        "(": "",
        ")": "",
        "'": "",
        r"\frac": r"\sqrt",
        "sig": "tanh",
        "a": "b",
        "b": "c",
        "c": "d",
        "d": "c",
    }
    symbols = sorted(others, key=len, reverse=True)
    seen = re.sub(r"\\mathrm", lambda match: " " * len(match.group()), golden)
    for match in re.finditer("|".join([r"\d", *map(re.escape, symbols)]), seen):
        symbol = match.group()
        other = str((int(symbol) + 1) % 10) if symbol.isdigit() else others[symbol]
        yield golden[: match.start()] + other + golden[match.end() :]
    left, equals, right = golden.rpartition("=")
    if r"\cdot" in right:
        yield left + equals + right.rpartition(r"\cdot")[0]
        yield left + equals + right.partition(r"\cdot")[2]


@pytest.mark.parametrize("number", entries())
def test_one_changed_symbol_is_not_found(number: str) -> None:
    """The search sees every symbol: with any one of them changed, the equation is not found."""
    everything = derivations()
    for wrong in changed(entries()[number]):
        assert place(wrong, everything) < 0, wrong


@pytest.mark.parametrize("format_", READ_AS)
@pytest.mark.slow
def test_one_changed_symbol_is_not_found_in_documents(format_: str) -> None:
    """The same in the documents, whose prose and further equations change nothing about it."""
    document = normal(written(read("2-4-3-2"), format_))
    for golden in entries().values():
        for wrong in changed(golden):
            assert place(wrong, document) < 0, wrong


def test_layout_is_not_looked_at() -> None:
    """An equation broken over aligned lines is found as if it stood on one line."""
    broken = r"""
    \begin{aligned}
    x & = \bigl(a + b \\
      & \quad {} + c\bigr) \cdot d
    \end{aligned}
    """
    assert place(normal(r"x = (a + b + c) \cdot d"), normal(broken)) >= 0
