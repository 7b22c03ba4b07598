"""What can stand in a formula that somebody wrote, beyond what the program writes itself."""

from __future__ import annotations

from dataclasses import dataclass

from derive.formula import Formula
from derive.formula.index import Index


@dataclass(frozen=True, slots=True)
class Placeholder(Formula):
    """w_{3x}, w_{xx}: some weight that the author left open, of `layer` if that is said.

    `target` is the neuron to which it leads, where that is said: the 1 of w^3_{1x}.
    `place` is where it stands. What it may stand for is said in
    :mod:`derive.checking.placeholders`.
    """

    text: str
    layer: int | None
    place: int
    target: int | None = None


@dataclass(frozen=True, slots=True)
class Change(Formula):
    """Δw: by how much a parameter, or each of several, changes in a step."""

    of: Formula

    def parts(self) -> tuple[Formula, ...]:
        return (self.of,)

    def rebuilt(self, parts: tuple[Formula, ...]) -> Formula:
        return Change(*parts)


@dataclass(frozen=True, slots=True)
class Copy(Formula):
    """W^{(t)}: the copy of a shared parameter that is used in step t, by which to differentiate."""

    of: Formula
    at: Index

    def parts(self) -> tuple[Formula, ...]:
        return (self.of,)

    def rebuilt(self, parts: tuple[Formula, ...]) -> Formula:
        return Copy(parts[0], self.at)


@dataclass(frozen=True, slots=True)
class Unknown(Formula):
    """A name that the network does not have. `stem` is the part before its index.

    `familiar` says that the network has names with this stem, so that it is rather a wrong index
    than a name of the author's own.
    """

    text: str
    stem: str
    place: int
    familiar: bool = False


@dataclass(frozen=True, slots=True)
class Applied(Formula):
    """A function of several arguments that an author names: f(x_t, h_{t−1}, w).

    What it is the definition of says how it was introduced: h_t = f(x_t, h_{t−1}, w).
    """

    function: str
    of: tuple[Formula, ...]
    place: int

    def parts(self) -> tuple[Formula, ...]:
        return self.of

    def rebuilt(self, parts: tuple[Formula, ...]) -> Formula:
        return Applied(self.function, parts, self.place)


@dataclass(frozen=True, slots=True)
class Joined(Formula):
    """[h_{t−1}, x_t]: vectors joined to one, behind the matrix of all of them."""

    of: tuple[Formula, ...]
    place: int

    def parts(self) -> tuple[Formula, ...]:
        return self.of

    def rebuilt(self, parts: tuple[Formula, ...]) -> Formula:
        return Joined(parts, self.place)


@dataclass(frozen=True, slots=True)
class Examples(Formula):
    """Σ over examples: of all of them, one of which `body` is of; `upper` is their number."""

    body: Formula
    upper: str = ""

    def parts(self) -> tuple[Formula, ...]:
        return (self.body,)

    def rebuilt(self, parts: tuple[Formula, ...]) -> Formula:
        return Examples(parts[0], self.upper)


@dataclass(frozen=True, slots=True)
class Gathered(Formula):
    """Δ^{(l)}_{ij}, to which the derivatives by a weight are added, example by example."""

    of: Formula

    def parts(self) -> tuple[Formula, ...]:
        return (self.of,)

    def rebuilt(self, parts: tuple[Formula, ...]) -> Formula:
        return Gathered(*parts)
