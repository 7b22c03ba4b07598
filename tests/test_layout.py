"""Long equations are broken so that no line is too wide, and nothing is lost in breaking them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest

from derive import Model
from derive.calculus.chain import Chain
from derive.calculus.narration import Step, written_out
from derive.emit.latex import Latex
from derive.emit.layout import LINE, Row, block, rows
from derive.emit.measure import em_width
from derive.formula import Equation, Name, Product, Sum
from derive.networks.network import Network

NETS = {
    "2-4-3-2": {},
    "2-2-2": {"bias": "layer", "notation": "numbered"},
    "3-5-5-3": {"bias": "neuron", "activation": "tanh"},
    "4-8-8-4": {},
    "2-12-2": {"activation": "relu"},
    "1-1": {},
    "2-1-1-2": {"activation": "identity"},
    "30-20-10": {},
    "2-12-11-2": {"notation": "indexed", "bias": "neuron"},
}
_KEPT = re.compile(r" \\cdot (?:\\bigl)?\((?=1 - )")
"""What stands before the second factor of out · (1 − out), which stay together."""
_BREAKS = re.compile(r" (?:\+|-|\\cdot) ")


@cache
def steps(spec: str) -> tuple[tuple[Latex, Step], ...]:
    """All steps for the first and the last parameter of each layer."""
    model = Model.of(Network.read(spec, **NETS[spec]))
    chain, latex = Chain(model), Latex(model)
    layers: dict[int, list[str]] = {}
    for name in model.parameters:
        layers.setdefault(model.quantities[name].layer, []).append(name)
    chosen = dict.fromkeys(name for names in layers.values() for name in (names[0], names[-1]))
    return tuple((latex, step) for name in chosen for step in written_out(chain, name).steps)


def outermost(text: str) -> str:
    """`text` without what stands in braces, where no line can be broken."""
    before = ""
    while before != text:
        before, text = text, re.sub(r"\{[^{}]*\}", "", text)
    return text


def breakable(row: Row) -> bool:
    """Whether another break within the right side is possible, after its first factor."""
    kept = _KEPT.sub("", row.right.strip().removeprefix(r"\cdot "))
    return bool(_BREAKS.search(outermost(kept)[2:]))


def blocks(spec: str) -> Iterator[list[list[Row]]]:
    for latex, step in steps(spec):
        if step.equations:
            yield block(step.equations, latex, em_width)


@pytest.mark.parametrize("spec", NETS)
def test_no_row_is_too_wide(spec: str) -> None:
    """A row fits into a line, its left side as wide as the widest, unless it cannot be broken."""
    for lines in blocks(spec):
        left = max(em_width(row.left) for line in lines for row in line)
        for line in lines:
            if len(line) == 1:
                (row,) = line
                width = left + row.indent + em_width(row.right)
                assert width <= LINE + 1e-9 or not breakable(row), row
            else:
                width = sum(em_width(row.left) + em_width(row.right) for row in line)
                assert width + 2 * (len(line) - 1) <= LINE + 1e-9, line


@pytest.mark.parametrize("spec", NETS)
def test_a_row_that_cannot_be_broken_fits_as_well(spec: str) -> None:
    """Nor do the rows that cannot be broken stick out of the page: there is room for 2 em."""
    for lines in blocks(spec):
        left = max(em_width(row.left) for line in lines for row in line)
        for line in lines:
            if len(line) == 1:
                assert left + line[0].indent + em_width(line[0].right) <= LINE + 2, line[0]


@pytest.mark.parametrize("spec", NETS)
def test_breaking_loses_nothing(spec: str) -> None:
    """The rows of an equation, put together again, are the equation on one line."""
    for latex, step in steps(spec):
        for equation in step.equations:
            parts = [row.left + row.right for row in rows(equation, latex, em_width)]
            assert re.sub(r"\s", "", "".join(parts)) == re.sub(r"\s", "", latex.chain(equation))


@pytest.mark.parametrize("limit", [12.0, 20.0, 36.0, 60.0])
def test_narrower_lines(limit: float) -> None:
    """The width of a line can be chosen; a sum of short terms is never wider than it."""
    latex = Latex(Model.of("2-4-3-2"))
    terms = tuple(Product((Name("w31"), Name("out_c1")) * 2) for _ in range(6))
    found = rows(Equation((Name("net_d1"), Sum(terms))), latex, em_width, limit)
    assert len(found) > 1
    for row in found:
        assert em_width("net_{d_1}") + row.indent + em_width(row.right) <= limit


@pytest.mark.parametrize("spec", NETS)
def test_a_factor_and_what_is_missing_to_one_stay_on_one_line(spec: str) -> None:
    """No line ends between out and (1 − out), however narrow lines are."""
    for latex, step in steps(spec):
        for equation in step.equations:
            for limit in (LINE, 12.0):
                for row in rows(equation, latex, em_width, limit):
                    assert not row.right.lstrip().startswith((r"\cdot (1 -", r"\cdot \bigl(1 - \m"))


def test_a_short_equation_stays_on_one_line() -> None:
    """What fits is not broken: a = b = c on a single row."""
    latex = Latex(Model.of("2-4-3-2"))
    names = (Name("net_d1"), Name("out_d1"), Name("w31"))
    assert rows(Equation(names), latex, em_width) == [Row("net_{d_1}", "= out_{d_1} = w_{31}")]


def test_breaks_come_at_equals_signs_first_then_at_plus() -> None:
    """A side too wide for its line goes on with a + or with a factor, never in mid-term."""
    for latex, step in steps("2-4-3-2"):
        for equation in step.equations:
            for row in rows(equation, latex, em_width)[1:]:
                assert row.left or re.match(r"\s*(?:=|\+|-|\\cdot)", row.right), row


def test_short_equations_fill_their_lines_evenly() -> None:
    """Four for which there would be three columns stand in two lines of two, and not of one."""
    latex, _ = steps("2-4-3-2")[0]
    long = [
        Equation((Name(name), Sum((Name("w11"),) * 3))) for name in ("w12", "w13", "w14", "w15")
    ]
    assert len(block(long[:3], latex, em_width, 40)) == 1
    assert [len(line) for line in block(long, latex, em_width, 40)] == [2, 2]
    assert [len(line) for line in block(long, latex, em_width, 40, most=1)] == [1] * 4


def _short(count: int) -> list[Equation]:
    """Equations of about 3 em each, the first of them of 14."""
    wide = Equation((Name("w11"), Sum((Name("w12"),) * 5)))
    return [wide, *(Equation((Name("w11"), Name("w12"))) for _ in range(count - 1))]


def test_each_column_is_as_wide_as_what_stands_in_it() -> None:
    """One long equation among short ones does not keep these from sharing lines."""
    latex, _ = steps("2-4-3-2")[0]
    wide = em_width(r"w_{11} = w_{12} + w_{12} + w_{12} + w_{12} + w_{12}")
    short = em_width(r"w_{11} = w_{12}")
    line = wide + short + latex.gutter + 0.5
    assert [len(x) for x in block(_short(4), latex, em_width, line)] == [2, 2]
    assert [len(x) for x in block(_short(4), latex, em_width, line - 1)] == [1] * 4


def test_the_equations_of_a_group_share_a_line() -> None:
    """Groups are lines; where they are too wide each equation has a line of its own."""
    latex, _ = steps("2-4-3-2")[0]
    equations = [*_short(3), *_short(3)]
    assert [len(x) for x in block(equations, latex, em_width, 42, (3, 3))] == [3, 3]
    assert [len(x) for x in block(equations, latex, em_width, 26, (3, 3))] == [1] * 6
