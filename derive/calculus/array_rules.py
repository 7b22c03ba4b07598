"""Backward through the equations between vectors and matrices of a network.

    y = M x + … : ∂E/∂x gets Mᵀδ, ∂E/∂M gets δxᵀ, where δ = ∂E/∂y
    y = f(x)    : ∂E/∂x gets ∂E/∂y ⊙ f'(x)
    y = softmax(x) : ∂E/∂x gets y ⊙ ∂E/∂y − y(yᵀ ∂E/∂y)

An array that is used many times adds up what it gets. Equations that differ by the last index of
their arrays only, the step of time, are stated once with a letter; what is found is a proposal, to
be proved by :func:`derive.calculus.general.prove_matrices`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from derive.calculus.chain import Chain
from derive.calculus.graph_rules import Rule, for_most
from derive.calculus.lifting import lifted
from derive.calculus.unify import Place, unified
from derive.formula import (
    ONE,
    Array,
    Call,
    Equation,
    Formula,
    Hadamard,
    Name,
    Negative,
    Partial,
    Product,
    Sum,
    Transposed,
    equation,
    product,
    substitute,
    total,
)
from derive.functions import SOFTMAX
from derive.model.arrays import Arrays
from derive.model.families import Indices

LETTER = "t"


class ArrayRules:
    """The rules of one network that has arrays."""

    def __init__(self, arrays: Arrays, chain: Chain) -> None:
        self.arrays = arrays
        self._chain = chain
        self._total = Name(chain.model.total)
        firsts = ((name, rows[0]) for name, rows in arrays.entries.items() if len(rows[0]) == 1)
        self._vectors: dict[str, Formula] = {
            entry.name: Array(Name(vector))
            for vector, (entry,) in firsts
            if isinstance(entry, Name)
        }
        """The vectors by their first entries, of which the local derivatives are looked at."""
        self._arriving: dict[str, list[Formula]] = {}
        self._deltas = self._backward()

    def forward(self) -> list[Rule]:
        """What defines each array."""
        found = {name: equation(Array(Name(name)), f) for name, f in self.arrays.equations.items()}
        return stated_once(found, self._place)

    def deltas(self) -> list[Rule]:
        """δ of each weighted sum, from the error backward."""
        return stated_once(self._deltas, self._place)

    def gradients(self) -> list[Rule]:
        """∂E/∂ of each matrix of weights and vector of biases."""
        found = []
        for name, entries in self.arrays.entries.items():
            entry = entries[0][0]
            if not isinstance(entry, Name) or entry.name not in self._chain.model.parameters:
                continue
            # They arrived from the last use backward.
            whole = total(reversed(self._arriving[name]))
            written = unified([({}, whole)], self._place, (LETTER,)) or whole
            array = Array(Name(name))
            found.append(Rule(equation(Partial(self._total, array), written), {}, array))
        return found

    def meanings(self) -> list[Rule]:
        """What each δ stands for."""
        found = {
            delta: equation(Array(Name(delta)), Partial(self._total, Array(Name(name))))
            for name, delta in self.arrays.deltas.items()
        }
        return stated_once(found, self._place)

    def _place(self, name: str) -> tuple[str, Indices]:
        """The family of an array or a quantity."""
        if name in self.arrays.places:
            return self.arrays.places[name]
        quantity = self._chain.model.quantities[name]
        return quantity.family, quantity.indices

    def _backward(self) -> dict[str, Equation]:
        found: dict[str, Equation] = {}
        for name, definition in reversed(list(self.arrays.equations.items())):
            arriving = self._arriving.get(name)
            adjoint = self._from_error(name) if arriving is None else total(arriving)
            array = Array(Name(name))
            if isinstance(definition, Call):
                if definition.function == SOFTMAX:
                    # It is used twice, and gets a name.
                    by_array = Partial(self._total, array)
                    found[name] = equation(by_array, adjoint)
                    adjoint = by_array
                self._send(definition.argument, self._through(definition, name, adjoint))
                continue
            delta = Array(Name(self.arrays.deltas[name]))
            found[self.arrays.deltas[name]] = equation(delta, adjoint)
            for term in definition.terms if isinstance(definition, Sum) else (definition,):
                if isinstance(term, Product):
                    matrix, vector = term.factors
                    self._send(matrix, Product((delta, Transposed(vector))))
                    self._send(vector, Product((Transposed(matrix), delta)))
                else:
                    self._send(term, delta)
        return found

    def _send(self, to: Formula, what: Formula) -> None:
        self._arriving.setdefault(_named(to), []).append(what)

    def _through(self, definition: Call, name: str, adjoint: Formula) -> Formula:
        """What the argument of a function gets."""
        if definition.function == SOFTMAX:
            out = Array(Name(name))
            mean = Product((out, Product((Transposed(out), adjoint))))
            return Sum((Hadamard((out, adjoint)), Negative(mean)))
        # The local derivative of a vector's first entry, for all of its entries.
        slope = self._slope(self._first(name), self._first(_named(definition.argument)))
        factors = slope.factors if isinstance(slope, Hadamard) else (slope,)
        return adjoint if slope == ONE else Hadamard((adjoint, *factors))

    def _slope(self, of: str, by: str) -> Formula:
        """A local derivative, with vectors in the place of their first entries."""
        return lifted(substitute(self._chain.local(of)[by], self._vectors))

    def _first(self, array: str) -> str:
        """The first entry of an array."""
        return _named(self.arrays.entries[array][0][0])

    def _from_error(self, name: str) -> Formula:
        """∂E/∂ of a vector that no other array uses: from the error that is made of it."""
        entry = self._first(name)
        user = self._chain.model.used_in[entry][0]
        return product([self._chain.deltas.get(user, ONE), self._slope(user, entry)])


def _named(formula: Formula) -> str:
    """The name of a quantity, or of an array without index letters."""
    of = formula.of if isinstance(formula, Array) else formula
    assert isinstance(of, Name)
    return of.name


def stated_once(rules: Mapping[str, Equation], place: Place) -> list[Rule]:
    """Rules for arrays by their names, those of a family put together where they are alike."""
    families: dict[tuple[str, tuple[int, ...]], list[tuple[int, str]]] = {}
    for name in rules:
        stem, indices = place(name)
        key = (stem, indices[:-1]) if indices else (name, ())
        families.setdefault(key, []).append((indices[-1] if indices else 0, name))
    found: list[Rule] = []
    for family in families.values():
        rule, left = for_most(sorted(family), lambda some: _together(some, rules, place))
        alone = [
            Rule(rules[name], {}, Array(Name(name)))
            for step, name in family
            if (step, name) in left
        ]
        # In the order of the rules, which is that of time or the other way.
        at = len(alone) if family[0] in left else 0
        found += alone if rule is None else [*alone[:at], rule, *alone[at:]]
    return found


def _together(
    some: Sequence[tuple[int, str]], rules: Mapping[str, Equation], place: Place
) -> Rule | None:
    """The rule of which these are instances, or nothing."""
    left, right, of = (
        unified(
            [({LETTER: step}, side) for (step, _), side in zip(some, column, strict=True)], place
        )
        for column in zip(
            *((rules[name].left, rules[name].right, Array(Name(name))) for _, name in some),
            strict=True,
        )
    )
    if left is None or right is None or of is None:
        return None
    return Rule(equation(left, right), {LETTER: (some[0][0], some[-1][0])}, of)
