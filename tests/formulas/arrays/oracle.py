"""Expressions of vectors and matrices that are written in LaTeX, and computed with NumPy.

Derivatives are floating-point differences. Nothing here is shared with the checker. A value is a
matrix with two indices; a number is 1 × 1. What authors differ in, the layout of derivatives of
vectors, is told to the computation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

Matrix = Any
Values = Mapping[str, Matrix]
STEP = 1e-5


class MisfitError(ValueError):
    """Shapes that do not fit."""


@dataclass(frozen=True)
class Layout:
    """How derivatives are laid out: Jacobians turned, gradients as rows, entry by entry."""

    turned: bool = False
    rows: bool = False
    entrywise: bool = False


LAYOUTS = [
    Layout(turned, rows, entrywise)
    for turned, rows in ((False, False), (True, False), (False, True))
    for entrywise in (False, True)
]


@dataclass
class Net:
    """Given shapes, and what is computed from them in order."""

    given: Mapping[str, tuple[int, int]]
    steps: Sequence[tuple[str, Callable[[Values], Matrix]]]
    values: dict[str, Matrix] = field(default_factory=dict)

    def draw(self, seed: int) -> None:
        """Take numbers for everything that is given."""
        draw = np.random.default_rng(seed)
        self.values = self.forward({k: draw.uniform(-1, 1, s) for k, s in self.given.items()})

    def forward(self, fixed: Values) -> dict[str, Matrix]:
        """All values, where some are fixed and what depends on them follows."""
        found = {k: fixed.get(k, self.values.get(k)) for k in self.given}
        for name, step in self.steps:
            found[name] = fixed[name] if name in fixed else step(found)
        return found


Write = Callable[[Sequence[str]], str]
Compute = Callable[[Sequence[Matrix]], Matrix]


@dataclass(frozen=True)
class Term:
    """A part of a formula: how it is written, and how it is computed from its parts."""

    kind: str
    parts: tuple[Term, ...] = ()
    name: str = ""
    latex: str = ""

    def written(self) -> str:
        """The LaTeX, with brackets around everything that could need some."""
        inner = [part.written() for part in self.parts]
        loose = [
            f"({text})" if part.kind in ("sum", "product", "hadamard", "minus", "scaled") else text
            for part, text in zip(self.parts, inner, strict=True)
        ]
        match self.kind:
            case "name":
                return self.latex
            case "transpose":
                bare = self.parts[0].kind == "name" and "^" not in inner[0]
                return rf"{inner[0]}^\top" if bare else rf"({inner[0]})^\top"
            case "sum":
                return " + ".join(loose)
            case "minus":
                return f"-{loose[0]}"
            case "scaled":
                return rf"{self.latex} {loose[0]}"
            case "product":
                return " ".join(loose)
            case "hadamard":
                return r" \odot ".join(loose)
            case "slope":
                return rf"\frac{{\partial {self.parts[0].latex}}}{{\partial {self.parts[1].latex}}}"
            case "nabla":
                return rf"\nabla_{{{self.parts[1].latex}}} {self.parts[0].latex}"
        return f"{self.latex}({inner[0]})"

    def value(self, net: Net, layout: Layout) -> Matrix:
        """The number or matrix that it is. Raises :class:`MisfitError`."""
        if self.kind == "name":
            return net.values[self.name]
        if self.kind in ("slope", "nabla"):
            of, by = self.parts
            return _slope(net, of.name, by.name, layout if self.kind == "slope" else None)
        values = [part.value(net, layout) for part in self.parts]
        return _COMPUTED[self.kind](self, values)


def _each(values: Sequence[Matrix]) -> None:
    if len({v.shape for v in values if v.size > 1}) > 1:
        raise MisfitError


def _sum(_: Term, values: Sequence[Matrix]) -> Matrix:
    _each(values)
    return sum(values[1:], values[0])


def _hadamard(_: Term, values: Sequence[Matrix]) -> Matrix:
    _each(values)
    found = values[0]
    for value in values[1:]:
        found = found * value
    return found


def _product(_: Term, values: Sequence[Matrix]) -> Matrix:
    found = values[0]
    for value in values[1:]:
        if found.size == 1 or (value.size == 1 and found.shape[1] != 1):
            found = found * value
        elif found.shape[1] != value.shape[0]:
            raise MisfitError
        else:
            found = found @ value
    return found


def _diag(_: Term, values: Sequence[Matrix]) -> Matrix:
    if 1 not in values[0].shape:
        raise MisfitError
    return np.diag(values[0].ravel())


def _sigmoid_slope(x: Matrix) -> Matrix:
    y = 1 / (1 + np.exp(-x))
    return y * (1 - y)


_COMPUTED: dict[str, Callable[[Term, Sequence[Matrix]], Matrix]] = {
    "transpose": lambda _, v: v[0].T,
    "sum": _sum,
    "minus": lambda _, v: -v[0],
    "scaled": lambda term, v: float(term.name) * v[0],
    "product": _product,
    "hadamard": _hadamard,
    "diag": _diag,
    "sigmoid slope": lambda _, v: _sigmoid_slope(v[0]),
    "tanh slope": lambda _, v: 1 - np.tanh(v[0]) ** 2,
}


def _slope(net: Net, of: str, by: str, layout: Layout | None) -> Matrix:
    """The derivatives of one quantity by another, by differences."""
    at = net.values[by]
    columns = []
    for place in np.ndindex(at.shape):
        moved = []
        for step in (STEP, -STEP):
            other = at.copy()
            other[place] += step
            moved.append(net.forward({by: other})[of].ravel())
        columns.append((moved[0] - moved[1]) / (2 * STEP))
    table = np.array(columns).T
    shape = net.values[of].shape
    if table.shape[0] == 1:
        found = table.reshape(at.shape)
        turned = layout is not None and layout.rows and 1 in at.shape
        return found.T if turned else found
    if layout is None or 1 not in shape or 1 not in at.shape:
        raise MisfitError
    if table.shape[1] == 1:
        return table.T if layout.turned else table
    diagonal = table.shape[0] == table.shape[1] and not (table - np.diag(np.diag(table))).any()
    if layout.entrywise and diagonal:
        return np.diag(table).reshape(-1, 1)
    return table.T if layout.turned else table


def agreements(net: Net, left: Term, right: Term) -> Iterator[bool | None]:
    """In each layout in which the shapes fit, whether the sides agree; nothing if it is close."""
    for layout in LAYOUTS:
        try:
            a, b = left.value(net, layout), right.value(net, layout)
        except MisfitError:
            continue
        if a.shape != b.shape:
            continue
        gap = float(np.abs(a - b).max() / (1 + np.abs(a).max()))
        yield True if gap < 1e-7 else False if gap > 1e-5 else None


# How terms are made.


def name(key: str, latex: str) -> Term:
    """A quantity, vector or matrix of the network."""
    return Term("name", (), key, latex)


def product(*parts: Term) -> Term:
    """A product without signs."""
    return Term("product", parts)


def hadamard(*parts: Term) -> Term:
    """A product entry by entry."""
    return Term("hadamard", parts)


def transpose(part: Term) -> Term:
    """A transpose."""
    return Term("transpose", (part,))


def total(*parts: Term) -> Term:
    """A sum."""
    return Term("sum", parts)


def minus(part: Term) -> Term:
    """The same with a minus sign."""
    return Term("minus", (part,))


def scaled(factor: int, part: Term) -> Term:
    """A number of times as much."""
    return Term("scaled", (part,), str(factor), str(factor))


def slope(of: Term, by: Term, kind: str = "slope") -> Term:
    """A derivative, as ∂of/∂by or with ∇."""
    return Term(kind, (of, by))


def diag(part: Term) -> Term:
    """The matrix with a vector along its diagonal."""
    return Term("diag", (part,), "", r"\operatorname{diag}")


def places(term: Term) -> Iterator[tuple[Term, Callable[[Term], Term]]]:
    """Each part of a term, with what puts another in its place."""
    yield term, lambda new: new
    if term.kind in ("slope", "nabla"):
        return
    for n, part in enumerate(term.parts):
        for inner, put in places(part):

            def around(new: Term, n: int = n, put: Callable[[Term], Term] = put) -> Term:
                return replace(term, parts=(*term.parts[:n], put(new), *term.parts[n + 1 :]))

            yield inner, around
