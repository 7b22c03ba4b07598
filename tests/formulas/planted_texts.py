"""Mistakes that are found in reading, as text; and those of matrices, which speak of whole layers."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from derive import Model
from derive.checking.claims import Verdict
from derive.emit.latex import Latex
from derive.formula import Name, Number, product
from derive.model import Role
from tests.formulas.spellings import Spelling
from tests.formulas.subjects import Subject, Variant

PROVED, REFUTED, UNREADABLE = Verdict.PROVED, Verdict.REFUTED, Verdict.UNREADABLE


def by_reading(s: Subject, spelling: Spelling) -> Iterator[Variant]:
    """missing-partial, partial-scope, placeholder, alias, chain-break, unknown-name."""
    latex = Latex(s.model)
    w = latex.inline(Name(s.name))
    right = latex.inline(s.draw.choice((s.collected, s.delta)))

    yield Variant(rf"\frac{{\partial E_{{total}}}}{{{w}}} = {right}", PROVED, "missing-partial")
    yield Variant(rf"\frac{{E_{{total}}}}{{\partial {w}}} = {right}", PROVED, "missing-partial")

    errors = " + ".join(latex.inline(Name(error)) for error in s.model.errors)
    yield Variant(rf"\frac{{\partial {errors}}}{{\partial {w}}} = {right}", PROVED, "partial-scope")

    layer, index = s.quantity.layer, s.quantity.index
    net = s.place(Role.NET, layer, index)
    terms = []
    for term in s.model.summands(net):
        written = latex.inline(term)
        _, _, out = written.partition(" ")
        mine = s.name in (getattr(part, "name", "") for part in (term, *term.parts()))
        terms.append(written if mine or not out else rf"w_{{{layer}x}} {out}")
    top = " + ".join(terms)
    value = "1" if s.input is None else latex.inline(Name(s.input or ""))
    text = rf"\frac{{\partial ({top})}}{{\partial {w}}} = {value}"
    if "x}" in text:
        yield Variant(text, PROVED, "placeholder")

    if not latex.naming.by_layer:
        bare = spelling.chain("bare index", (s.left, s.expanded))
        yield Variant(bare, PROVED, "alias")

    twice = product([Number(Fraction(2)), s.expanded])
    yield Variant(spelling.chain("notes", (s.left, s.named, twice)), REFUTED, "chain-break")

    yield Variant(
        rf"\frac{{\partial E_{{total}}}}{{\partial {w}}} = out_{{e_1}} \cdot ({right})",
        UNREADABLE,
        "unknown-name",
    )


def of_matrices(model: Model) -> Iterator[Variant]:
    """Right matrix equations, and their likes with a transposition, an order or a ⊙ wrong."""
    latex = Latex(model)
    last = len(model.network.layers) - 1

    def vector(kind: str, layer: int) -> str:
        return latex.naming.vector(kind, layer)

    for layer in range(1, last + 1):
        delta, before, net = vector("delta", layer), vector("out", layer - 1), vector("net", layer)
        w = vector("weight", layer)
        bias = f" + {vector('bias', layer)}" if model.network.bias == "neuron" else ""
        by_w = rf"\frac{{\partial E_{{total}}}}{{\partial {w}}} = "
        yield Variant(rf"{by_w} {delta} {before}^T", PROVED)
        yield Variant(rf"{by_w} {before} {delta}^T", REFUTED, "transpose")
        yield Variant(rf"{by_w} {before}^T {delta}", REFUTED, "transpose")
        yield Variant(rf"{by_w} {delta} \odot {before}", REFUTED, "transpose")
        yield Variant(f"{net} = {w} {before}{bias}", PROVED)
        yield Variant(f"{net} = {w}^T {before}{bias}", REFUTED, "transpose")
        yield Variant(f"{net} = {before} {w}{bias}", REFUTED, "transpose")
        if layer == last:
            continue
        after, out, over = (
            vector("delta", layer + 1),
            vector("out", layer),
            vector("weight", layer + 1),
        )
        slope = rf"{out} \odot (1 - {out})"
        yield Variant(rf"{delta} = ({over}^T {after}) \odot {slope}", PROVED)
        yield Variant(rf"{delta} = ({over} {after}) \odot {slope}", REFUTED, "transpose")
        yield Variant(rf"{delta} = ({after} {over}^T) \odot {slope}", REFUTED, "transpose")
        yield Variant(rf"{delta} = ({over}^T {after}) \cdot {slope}", REFUTED, "transpose")
        yield Variant(rf"{delta} = ({over}^T \odot {after}) \odot {slope}", REFUTED, "transpose")


__all__ = ["by_reading", "of_matrices"]
