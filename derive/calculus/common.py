"""What quantities of one model have in common: one formula for all members of a family.

Rules for whole layers and for families of equations are found by it alike; what it finds is a
proposal, to be proved like any other.
"""

from __future__ import annotations

from collections.abc import Sequence

from derive.calculus.chain import Chain, by
from derive.calculus.indices import ADJOINT
from derive.calculus.unify import Instance, unified
from derive.formula import Delta, Formula, Name, Partial, Product, total, transform
from derive.model.families import Indices


class Common:
    """Finds one formula with index letters for formulas about the members of a family."""

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        self.model = chain.model

    def place(self, name: str) -> tuple[str, Indices]:
        """The family of a quantity, and its indices there; adjoints are families of their own."""
        of = name.removeprefix(ADJOINT)
        quantity = self.model.quantities[of]
        return name.removesuffix(of) + quantity.family, quantity.indices

    def by(self, name: str) -> Partial:
        """∂E_total/∂name."""
        return by(self.model.total, name)

    def links(self, name: str, itself: Formula | None = None) -> Formula:
        """The chain rule for ∂E_total/∂name: a product for every use.

        It holds where no use depends on another, as ∂use/∂name is taken by all ways. `itself`
        stands for the use in the definition of E_total, where something does.
        """
        return total(
            Product((self.by(user), by(user, name)))
            if itself is None or user != self.model.total
            else itself
            for user in self.model.used_in[name]
        )

    def formula(self, cases: Sequence[Instance], spare: Sequence[str] = ()) -> Formula | None:
        """The formula of which these are instances, or nothing; `spare` are letters for sums."""
        if self.model.has_neurons:
            cases = [(chosen, transform(formula, _by_name)) for chosen, formula in cases]
        return unified(cases, self.place, spare)


def _by_name(node: Formula) -> Formula | None:
    """δ as the member of a family of its own."""
    return Name(ADJOINT + node.of) if isinstance(node, Delta) else None
