"""Typst: the third format, as its own compiler sees it.

The mathematics is made from the formulas, and broken into lines by widths that are estimated here;
what Typst then makes of it is measured by Typst itself.
"""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from derive import formula
from derive.emit.measure import typst_width
from derive.emit.typst import Typst
from derive.errors import InputError
from derive.formula import (
    ONES,
    Array,
    Batch,
    Call,
    Cases,
    Delta,
    Dots,
    Equation,
    Everywhere,
    Formula,
    Hadamard,
    Layer,
    Letter,
    Member,
    Name,
    Negative,
    Neuron,
    Number,
    Partial,
    Power,
    Product,
    Quotient,
    Sum,
    SumOver,
    Transposed,
    Unit,
    Updated,
    Where,
    index,
)
from derive.networks.equations.system import System
from derive.networks.network import Network
from derive.networks.shipped import shipped
from derive.networks.sources import build, read
from derive.notations import NOTATIONS
from derive.notes.blocks import Display
from derive.notes.compose import compose
from derive.render.formats import FORMATS
from derive.render.render import render
from derive.render.writing import write_notes
from tests.render.test_documents import RENAMED
from tests.render.typst import engine, in_typst, pdf, sizes, widths
from tests.sample import sampled
from tests.shelf import FIRST, composed

TYPST = FORMATS["typst"]
TEXT_HEIGHT = 247
"""Of a page, in mm."""
BREAKABLE = 200
"""A display higher than this goes on on the next page, in mm."""


def _notations(name: str) -> tuple[str, ...]:
    if name == "2-4-3-2":
        return NOTATIONS
    return FIRST if isinstance(read(name), Network) else ("letters",)


NETWORKS = sampled(
    [
        (name, notation)
        for name in [*shipped(), "784-30-10", "16-32-16-8", "2-3-3-3-1"]
        for notation in _notations(name)
    ],
    [
        ("2-4-3-2", "letters"),
        ("2-4-3-2", "ng"),
        ("classifier", "indexed"),
        ("attention", "letters"),
        ("maxpool", "letters"),
    ],
)
W, OUT, NET = Name("w31"), Name("out_c1"), Name("net_d1")
X = Letter("x")
SAME = index.Test((("k",), 0), "=", (("j",), 0))
KINDS: dict[type[Formula], tuple[Formula, str]] = {
    Name: (OUT, '"out"_(c_(1))'),
    Number: (Number(Fraction(-1, 3)), "-frac(1, 3)"),
    Delta: (Delta("net_d1"), "δ_(d_(1))"),
    Updated: (Updated("w31"), "w_(31)^+"),
    Letter: (Letter("inner"), '"inner"'),
    Dots: (Dots(), "⋯"),
    Sum: (Sum((W, Negative(OUT))), 'w_(31) - "out"_(c_(1))'),
    Product: (Product((W, 1 - OUT)), r'w_(31) ⋅ \(1 - "out"_(c_(1))\)'),
    Negative: (Negative(W), "-w_(31)"),
    Quotient: (Quotient(W, OUT), 'frac(w_(31), "out"_(c_(1)))'),
    Power: (Power(1 - W, Number(Fraction(2))), r"\(1 - w_(31)\)^(2)"),
    Call: (Call("sig", X, 1), '"sig"\'\\(x\\)'),
    Cases: (Cases(X, X, formula.ZERO), 'cases(x &"if" x > 0, 0 &"otherwise")'),
    Partial: (Partial(NET, W), 'frac(∂"net"_(d_(1)), ∂w_(31))'),
    Neuron: (Neuron("weight", 3, "j", "i"), "w_(c_(i) → d_(j))"),
    Everywhere: (Everywhere(Layer("weight", 2), "l + 1"), "W^(l + 1)"),
    Member: (Member("h", ((("t",), -1),)), "h_(t-1)"),
    SumOver: (SumOver("k", 2, Delta("net_d1")), "sum_(k = 1)^(2) δ_(d_(1))"),
    Layer: (Layer("out", 2), 'bold(upright("out"))_(c)'),
    Array: (Array(Name("W")), "W"),
    Batch: (Batch(Layer("out", 2)), '"Out"_(c)'),
    Unit: (ONES, "bold(upright(1))"),
    Where: (Where((SAME,), W, OUT), 'cases(w_(31) &"if" k = j, "out"_(c_(1)) &"otherwise")'),
    Transposed: (Transposed(Layer("weight", 3)), "W_(3)^⊤"),
    Hadamard: (Hadamard((Layer("delta", 3), 1 - OUT)), r'bold(δ)_(d) ⊙ \(1 - "out"_(c_(1))\)'),
}
READ = {
    getattr(formula, name)
    for name in (
        "Composite",
        "Count",
        "Dot",
        "Gradient",
        "Grid",
        "Held",
        "Outer",
        "Renewed",
    )
}
"""What only formulas of others have in them, which no document prints."""
MORE = {
    r"δ_(j)^(l)": Everywhere(Neuron("delta", 2, "j"), "l"),
    r"\(w_(1 1)^(2)\)^(2)": Power(Name("w2_1_1"), Number(Fraction(2))),
    r"w_(1 1)^(2)": Name("w2_1_1"),
    r"\(w_(1 1)^(2)\)^+": Updated("w2_1_1"),
    r"\(W^(2)\)^⊤": Transposed(Layer("weight", 1)),
    r"E_(\"total\")".replace("\\", ""): Name("E_total"),
    "1.5 ⋅ 10^(-9)": Number(Fraction(0), "1.5e-9"),
    "10^(-8)": Number(Fraction(0), "e-8"),
    "sqrt(x)": Power(X, Number(Fraction(1, 2))),
    "e^(-x)": Call("exp", Negative(X)),
    r"ln\(x\)": Call("ln", X),
    "#Bl;frac(1, x)#Br;^(2)": Power(1 / X, Number(Fraction(2))),
    r"tanh#bl;1 - σ\(x\)#br;": Call("tanh", 1 - Call("sig", X)),
}


def emitter(notation: str = "letters") -> Typst:
    """Typst for 2-4-3-2."""
    return Typst(build(Network.read("2-4-3-2", notation=notation)))


def network_in(name: str, notation: str = "letters") -> Network | System:
    """A network in a notation, if it has layers."""
    network = read(name)
    return replace(network, notation=notation) if isinstance(network, Network) else network


def every_kind() -> set[type[Formula]]:
    """All kinds of formulas that there are."""
    return {kind for kind in vars(formula).values() if _is_kind(kind)}


def _is_kind(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Formula) and kind is not Formula


def test_every_kind_of_formula_has_typst() -> None:
    """And a line above that says which: a new kind without one is found here."""
    assert every_kind() - READ == set(KINDS)
    found = {
        kind: emitter("indexed" if kind is Everywhere else "letters").inline(each)
        for kind, (each, _) in KINDS.items()
    }
    assert found == {kind: wanted for kind, (_, wanted) in KINDS.items()}


@pytest.mark.parametrize("wanted", MORE)
def test_the_mathematics_of_typst(wanted: str) -> None:
    """Upper indices take an exponent in brackets, large brackets do not pair, words are quoted."""
    assert emitter("indexed").inline(MORE[wanted]).strip() == wanted


def test_typst_reads_every_kind() -> None:
    """Whatever the emitter writes is mathematics to the compiler, and no unknown variable."""
    head = in_typst(read("2-4-3-2")).partition("#align(")[0]
    written = [wanted for _, wanted in KINDS.values()] + list(MORE)
    assert len(widths(head, written)) == len(written)


@pytest.mark.parametrize(("name", "notation"), NETWORKS)
@pytest.mark.slow
def test_nothing_is_cut_off(name: str, notation: str) -> None:
    """Displays leave room for their number, tables fit, and what is not broken fits on a page.

    The compiler refuses an equation without an alternative text, those in sentences too.
    """
    text = in_typst(network_in(name, notation))
    found = sizes(text)
    shown = text.count("\n#display(") + text.count("\n#boxed(")
    assert len(found.widths) == shown > 5
    assert max(found.widths) <= TYPST.line
    assert max(found.tables) <= 162 / 25.4 * 72 / 10
    assert all(height < TEXT_HEIGHT - 20 or height > BREAKABLE for height in found.heights)
    assert pdf(text).startswith(b"%PDF")


def test_renamed_symbols_are_typeset() -> None:
    """Greek letters and words in the place of the notation's own symbols."""
    text = render(compose(replace(Network.read("2-2-2"), names=RENAMED)), "typst")
    assert "ε_(c_(1))" in text
    assert pdf(text)


@pytest.mark.slow
def test_too_wide_a_line_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The measuring would see it: lines that are planted too wide are."""
    monkeypatch.setitem(FORMATS, "typst", replace(TYPST, line=60.0))
    assert max(sizes(render(compose(read("2-4-3-2")), "typst")).widths) > TYPST.line


def test_an_equation_without_an_alternative_text_is_refused() -> None:
    """So that the compiler's yes means that all have one."""
    engine()
    text = in_typst(read("2-4-3-2")) + "\n$x$\n"
    with pytest.raises(Exception, match="alt"):
        pdf(text)


@pytest.mark.parametrize(
    ("name", "notation"), [("2-4-3-2", "letters"), ("2-4-3-2", "indexed"), ("attention", "letters")]
)
def test_the_estimated_width_is_not_too_small(name: str, notation: str) -> None:
    """What is long is estimated wider than it comes out, by at most a fifth."""
    notes = composed(network_in(name, notation))
    made = Typst(notes.model)
    rows = {
        row.right.strip()
        for section in notes.sections
        for each in section.blocks
        if isinstance(each, Display)
        for line in TYPST.layout(each.equations, made, TYPST.measure, TYPST.line)
        for row in line
    }
    long = sorted(text for text in rows if typst_width(text) > 12)
    assert len(long) > 10
    head = in_typst(network_in(name, notation)).partition("#align(")[0]
    for text, width in zip(long, widths(head, long), strict=True):
        assert width <= typst_width(text) <= 1.2 * width, text


@pytest.mark.parametrize("name", ["2-4-3-2", "attention"])
@pytest.mark.slow
def test_the_same_network_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    """As Typst and as PDF: no date, no chance, no fonts of the machine."""
    engine()
    for ending in (".typ", ".pdf"):
        first = write_notes(name, tmp_path / f"one{ending}").read_bytes()
        assert write_notes(name, tmp_path / f"two{ending}").read_bytes() == first
        assert ending == ".typ" or first.startswith(b"%PDF")


def test_every_display_can_be_referred_to() -> None:
    """A reference is a link to the number's label, which the macro of displays sets."""
    text = in_typst(read("2-4-3-2"))
    numbers = re.findall(r"^#(?:display|boxed)\((\d+),", text, re.MULTILINE)
    assert numbers == [str(n) for n in range(1, len(numbers) + 1)]
    assert set(re.findall(r"#ref\((\d+)\);", text)) <= set(numbers)


def test_what_a_user_says_of_a_network_means_nothing_to_typst() -> None:
    """A comment, a label, a list: all signs of the mark-up are shown as they are."""
    system = System.from_text("# see http://x.y/@z, part 1\ny = w*x\nE = 1/2*(t - y)^2")
    text = render(compose(system), "typst")
    assert r"http:\/\/x.y\/\@z" in text
    assert pdf(text)


def test_without_the_package_one_line_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before any work is done, so that nobody waits for it; and nothing is written."""
    monkeypatch.setattr("derive.notes.compose.compose", None)
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(InputError, match=r"pip install 'derive-backprop\[pdf\]'") as error:
        write_notes("2-2", tmp_path / "x.pdf")
    assert "\n" not in str(error.value)
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_read_back_says_so(tmp_path: Path) -> None:
    """With --check it is refused before any work; in output/ it is written, proved as it is."""
    with pytest.raises(InputError, match="Typst is not read back"):
        write_notes("2-2", tmp_path / "x.typ", check=True)
    assert write_notes("2-2", tmp_path / "output" / "x.typ").exists()


def test_a_chain_in_plain_text_is_the_alternative() -> None:
    """What a reader hears is the equation as the terminal shows it."""
    text = in_typst(read("2-4-3-2"))
    assert '#display(1, "net_b1 = w11 · out_a1 + w12 · out_a2; ' in text
    assert Equation((NET, W)).sides[0] == NET
