"""The public doors: a model of whatever names a network, with views for SymPy, and derivations.

What is heavy is loaded when it is first asked for: a model alone needs no SymPy.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from derive import model as core
from derive.errors import InputError
from derive.formula import Name
from derive.networks.sources import Source, model_of

if TYPE_CHECKING:
    import sympy

    from derive.calculus.derivation import Derivation


class Model(core.Model):
    """A model with views of its definitions for SymPy and for notebooks."""

    @classmethod
    def of(cls, source: Source, **options: Any) -> Self:
        """The model of a network or of what names one: ``Model.of([2, 3, 1], activation="tanh")``.

        `options` are those of :func:`derive.networks.sources.read`.
        """
        found = cls.__new__(cls)
        vars(found).update(vars(model_of(source, **options)))
        return found

    def _repr_latex_(self) -> str:
        from derive.emit.latex import Latex

        total = self.unfolded(self.total, [q.name for q in self.having(core.Role.OUTPUT)])
        return f"${Latex(self).inline(Name(self.total))} = {Latex(self).inline(total)}$"

    def symbol(self, name: str) -> sympy.Symbol:
        """The SymPy symbol of a quantity."""
        from derive.exact.symbolic import symbol

        return symbol(name)

    def definition(self, name: str) -> sympy.Expr:
        """A quantity's definition as a SymPy expression of other quantities."""
        from derive.exact.symbolic import to_sympy

        return to_sympy(self.definitions[name])

    def unfold(self, name: str | None = None, keep: Iterable[str] = ()) -> sympy.Expr:
        """:meth:`unfolded` as a SymPy expression; E_total down to the inputs by default.

        Raises :class:`InputError` where that is deeper than SymPy can go.
        """
        from derive.exact.symbolic import to_sympy

        name = name or self.total
        try:
            return to_sympy(self.unfolded(name, keep))
        except RecursionError:
            raise InputError(
                f"{name}: written out it is too deep for SymPy; keep some quantities on the way,"
                " like unfold(name, [...])"
            ) from None


def derive(source: Source, parameter: str) -> Derivation:
    """The proved derivation of ∂E_total/∂`parameter`, of a model or of what names a network.

    The parameter is spelled as in formulas: ``w31``, ``w_{31}``. Raises what
    :func:`derive.calculus.narration.derive` and :func:`derive.checking.spelled.parameter` raise.
    """
    from derive.calculus import narration
    from derive.checking import spelled

    model = model_of(source)
    return narration.derive(model, spelled.parameter(model, parameter))
