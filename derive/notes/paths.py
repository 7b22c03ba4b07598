"""The derivation of one weight of any model: along its paths, and once more from the back.

Nothing is assumed about the model but that it is an acyclic graph of definitions. Where a layer's
outputs are coupled (softmax) or connections skip layers, this is the derivation there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from derive.calculus.chain import Chain, Factor, Path, collected, plugged_in
from derive.formula import (
    Delta,
    Equation,
    Formula,
    Name,
    Partial,
    equation,
    product,
    signs_out,
    total,
)
from derive.model import Role
from derive.notes.blocks import Block, Display, Section, Words

MOST_PATHS = 8
"""More paths than these are counted, not written down."""
MOST_SHOWN = 48


class Numbering(Protocol):
    """Makes the next numbered display of a document."""

    def __call__(self, label: str, /, *equations: Equation) -> Display:
        """The display of `equations` under the next number."""


def path_sections(chain: Chain, name: str, display: Numbering, place: int = 0) -> list[Section]:
    """The derivation of ∂E_total/∂`name`: its paths, and then the same from the back.

    `name` is a weight or bias of `chain.model`; `place` says how many derivations stand before
    this one in the document, so that the words can vary. The second section is left out where
    the first says all, for a single path of at most two factors.
    """
    return _Derivation(chain, name, display, place).sections()


def adjoint(chain: Chain, name: str) -> Formula:
    """How ∂E_total/∂`name` is written: δ for a net input, the derivative itself otherwise."""
    if chain.model.quantities[name].role is Role.NET:
        return Delta(name)
    return Partial(Name(chain.model.total), Name(name))


@dataclass(frozen=True)
class _Derivation:
    chain: Chain
    name: str
    number: Numbering
    place: int

    def sections(self) -> list[Section]:
        model = self.chain.model
        count = self.chain.count_paths(model.total, self.name)
        facts: dict[str, Any] = {"w": Name(self.name), "total": Name(model.total), "count": count}
        if not count:
            blocks: tuple[Block, ...] = (
                Words("graph_no_path", facts, runs_on=True),
                self.display("zero", Equation((self.gradient, total([])))),
            )
            return [Section("graph_weight", facts, blocks)]
        paths = list(self.chain.paths(model.total, self.name)) if count <= MOST_PATHS else []
        facts |= {
            "users": [Name(user) for user in model.used_in[self.name]],
            "length": len(paths[0]) if paths else 0,
            "n": self.place,
        }
        sections = [Section("graph_weight", facts, tuple(self.by_paths(paths, facts)))]
        if len(paths) != 1 or len(paths[0]) > 2:
            blocks = tuple(self.from_the_back(facts))
            sections.append(Section("graph_adjoint", facts, blocks, level=2))
        return sections

    @property
    def gradient(self) -> Partial:
        """∂E_total/∂w."""
        return Partial(Name(self.chain.model.total), Name(self.name))

    def display(self, key: str, *equations: Equation) -> Display:
        """The next display, with the minus signs of factors before their products."""
        written = (equation(*map(signs_out, e.sides)) for e in equations)
        return self.number(f"{self.name}-{key}", *written)

    def by_paths(self, paths: Sequence[Path], facts: dict[str, Any]) -> Iterable[Block]:
        """One product of factors for each path, then the factors, then all of it plugged in."""
        if not paths:
            yield Words("graph_many_paths", facts)
            return
        yield Words("graph_paths", facts, runs_on=True)
        chained = total(product(self.factor(f) for f in path) for path in paths)
        yield self.display("chain", equation(self.gradient, chained))
        factors = {(f.of, f.by): f for path in paths for f in path if self.alone(f)}
        several = {(f.of, f.by) for path in paths for f in path if not self.alone(f)}
        if several:
            pairs = [(Name(of), Name(by)) for of, by in sorted(several)]
            yield Words("graph_direct", {**facts, "pairs": pairs[:3]})
        if factors:
            yield Words("graph_factors", facts, runs_on=True)
            yield self.display("factors", *(equation(f.name, f.value) for f in factors.values()))
        plugged = total(plugged_in(path) for path in paths)
        gathered = collected(paths)
        yield Words("graph_plugged", {**facts, "gathered": gathered != plugged}, runs_on=True)
        yield self.display("plugged", equation(self.gradient, plugged, gathered))

    def alone(self, factor: Factor) -> bool:
        """Whether nothing else leads from one end of the factor to the other.

        Only then is ∂of/∂by this factor: ∂net_3/∂w of a recurrent network also goes by way of h_2.
        """
        return self.chain.count_paths(factor.of, factor.by) == 1

    def factor(self, factor: Factor) -> Formula:
        """The factor by name where that is unambiguous, else by value."""
        return factor.name if self.alone(factor) else factor.value

    def from_the_back(self, facts: dict[str, Any]) -> Iterable[Block]:
        """The derivatives of all that lies between, each made of those nearer to the error."""
        chain = self.chain
        below = chain.model.downstream(self.name)
        needed = [n for n in reversed(chain.deltas) if n in below][:MOST_SHOWN]
        if needed:
            yield Words("graph_adjoint_intro", facts, runs_on=True)
            yield self.display(
                "adjoints", *(equation(adjoint(chain, n), chain.deltas[n]) for n in needed)
            )
        yield Words("graph_adjoint_last", facts, runs_on=True)
        yield self.display("gradient", equation(self.gradient, chain.gradients[self.name]))
