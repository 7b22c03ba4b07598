"""A derivation: the ordered steps from ∂E_total/∂w to its final product, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from derive.calculus.chain import by
from derive.exact.symbolic import symbol, to_sympy
from derive.formula import Delta, Equation, Formula, Letter, Name, equation
from derive.model import Model, Quantity

if TYPE_CHECKING:
    import sympy


@dataclass(frozen=True)
class Step:
    """One numbered display. `reason` names its sentence, `facts` fill it in.

    Facts are formulas, counts and lists of them, and the keys of other steps to refer to.
    """

    key: str
    reason: str
    equations: tuple[Equation, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, repr=False)
class WrittenEquation(Equation):
    """An equation of a model, as text in the model's names and as a formula in a notebook."""

    model: Model = field(kw_only=True)

    def __str__(self) -> str:
        from derive.emit.text import Text

        return Text(self.model).chain(self)

    __repr__ = __str__

    def latex(self) -> str:
        """The same in LaTeX."""
        from derive.emit.latex import Latex

        return Latex(self.model).chain(self)

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"


@dataclass(frozen=True, repr=False)
class Derivation:
    """How ∂E_total/∂w is derived.

    `parts` are the steps in groups with a title key each. `formula` is the final result as it is
    written, `paths` the number of paths from the error to the parameter.
    """

    model: Model
    parameter: Quantity
    parts: tuple[tuple[str, tuple[Step, ...]], ...]
    formula: Formula
    paths: int
    letters: Mapping[str, Formula] = field(default_factory=dict)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """All steps in order; their equations are written in the model's names."""
        return tuple(
            replace(step, equations=tuple(map(self._written, step.equations)))
            for _, steps in self.parts
            for step in steps
        )

    @property
    def result(self) -> WrittenEquation:
        """∂E_total/∂w = what it is."""
        return self._written(equation(by(self.model.total, self.parameter.name), self.formula))

    def _written(self, of: Equation) -> WrittenEquation:
        return WrittenEquation(of.sides, of.about, model=self.model)

    @cached_property
    def gradient(self) -> sympy.Expr:
        """∂E_total/∂w as a SymPy expression of outputs, weights and targets.

        With too many paths to write out, of the δ after the parameter: ``delta_b1``.
        """
        names, quantities = self.model.network.naming, self.model.quantities

        def leaf(node: Formula) -> sympy.Symbol:
            if isinstance(node, Delta):
                neuron = quantities[node.of]
                return symbol(names.plain("delta", neuron.layer, neuron.index))
            assert isinstance(node, Name | Letter)
            return symbol(node.name)

        return to_sympy(self.formula, leaf)

    def latex(self) -> str:
        """The equation ∂E_total/∂w = result in LaTeX."""
        return self.result.latex()

    def to_json(self) -> dict[str, Any]:
        """The steps with their reasons, as text and LaTeX: what ``derive show --json`` prints."""
        from derive.emit.text import Text

        return {
            "network": self.model.network.name,
            "weight": self.parameter.name,
            "paths": self.paths,
            "gradient": Text(self.model).inline(self.formula),
            "steps": [
                {
                    "reason": step.reason,
                    "equations": [
                        {"text": str(e), "latex": e.latex()}
                        for e in map(self._written, step.equations)
                    ],
                }
                for step in self.steps
            ],
        }

    def _repr_latex_(self) -> str:
        return self.result._repr_latex_()

    def __str__(self) -> str:
        return str(self.result)

    def __repr__(self) -> str:
        return f"<Derivation {self}>"
