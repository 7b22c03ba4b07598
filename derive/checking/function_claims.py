"""Claims about a function: σ(x) = …, whose x is a variable, and φ'(z) = φ(z)(1 − φ(z)).

What holds for one neuron's net input holds for the function, where all neurons have the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from derive.calculus.indices import Indices
from derive.formula import (
    Array,
    Call,
    Formula,
    Layer,
    Letter,
    Member,
    Name,
    Neuron,
    Number,
    Partial,
    has_slopes,
    transform,
    walk,
)
from derive.grammar.written import Unknown
from derive.model import Model

Sides = tuple[Formula, ...]
_LETTER = re.compile(r"[^\W\d_]|\\[a-z]+")
VARIABLE = Letter("x")
"""The variable of a function that a claim is about, whatever its author calls it."""


def of_a_function(sides: Sides, indices: Indices) -> Sides:
    """The sides of a claim with the variable of the function that it is about, if it is that."""
    return _of_one_neuron(_with_variable(sides, indices.model), indices)


def _leaves(sides: Sequence[Formula]) -> set[Formula]:
    return {node for side in sides for node in walk(side) if not node.parts()}


def is_constant(leaf: Formula, model: Model) -> bool:
    """Whether this is a single number that is given: λ, and no input or target of several."""
    of = model.quantities.get(leaf.name) if isinstance(leaf, Name) else None
    return of is not None and not of.indices and of.name not in model.definitions


def _with_variable(sides: Sides, model: Model) -> Sides:
    """sig(x) = … defines a function: its x is a variable of its own."""
    first = sides[0]
    if not isinstance(first, Call):
        return sides
    variable = first.argument
    if isinstance(variable, Array | Layer):
        # The x of a function is no vector x where nothing else is spoken of.
        others = [leaf for leaf in _leaves(sides) if leaf != variable]
        alone = all(isinstance(leaf, Number) or is_constant(leaf, model) for leaf in others)
        letter = isinstance(variable, Layer) or _LETTER.fullmatch(variable.text) is not None
        if not alone or any(map(has_slopes, sides)) or not letter:
            return sides
    elif not isinstance(variable, Unknown) or variable.familiar:
        return sides

    def rule(node: Formula) -> Formula | None:
        if isinstance(variable, Unknown) and isinstance(node, Unknown):
            same = node.stem == variable.stem and not node.familiar
        else:
            same = node == variable
        return VARIABLE if same else None

    return tuple(transform(side, rule) for side in sides)


def _of_one_neuron(sides: Sides, indices: Indices) -> Sides:
    """∂σ(z)/∂z = … of one neuron, where z and a have no index and nothing else is spoken of."""
    named = {leaf for leaf in _leaves(sides) if not isinstance(leaf, Number)}
    slopes = [n for side in sides for n in walk(side) if isinstance(n, Partial)]
    calls = any(isinstance(n, Call) for side in sides for n in walk(side))
    if not named or not calls:
        return sides
    if all(isinstance(leaf, Neuron) for leaf in named):
        meant = {leaf: first for leaf in named if (first := _first(leaf)) is not None}
        one_function = len(set(indices.model.network.activations)) == 1
        if len(meant) < len(named) or not one_function:
            return sides
    elif len(named) == 1 and slopes and all(slope.by in named for slope in slopes):
        (variable,) = named
        entry = _first_entry(variable, indices)
        if entry is None:
            return sides
        meant = {variable: entry}
    else:
        return sides

    def rule(node: Formula) -> Formula | None:
        return meant.get(node)

    return tuple(transform(side, rule) for side in sides)


def _first(neuron: Formula) -> Formula | None:
    """The first neuron of those that z or a without an index means; nothing for anything else."""
    assert isinstance(neuron, Neuron)
    generic = neuron.index == "*" and neuron.kind in ("net", "out")
    return Neuron(neuron.kind, neuron.layer, 1) if generic else None


def _first_entry(variable: Formula, indices: Indices) -> Formula | None:
    """The first entry of a vector z that is called by a single letter; nothing for all else."""
    if not isinstance(variable, Array) or not isinstance(variable.of, Name):
        return None
    rows = indices.arrays.entries[variable.of.name]
    return rows[0][0] if len(variable.text) == len(rows[0]) == 1 else None


def with_scaled(formula: Formula, scaled: Mapping[str, Formula]) -> Formula:
    """A formula with what an author's functions with a constant mean: λσ'(λz) for σ'(z)."""

    def rule(node: Formula) -> Formula | None:
        meaning = scaled.get(node.function) if isinstance(node, Call) else None
        if meaning is None or _is_unknown(node):
            return None
        assert isinstance(node, Call)
        argument = with_scaled(node.argument, scaled)
        made = transform(meaning, lambda leaf: argument if leaf == VARIABLE else None)
        return Partial(made, argument) if node.primes else made

    return transform(formula, rule) if scaled else formula


def has_unknown_slope(formulas: Sequence[Formula], scaled: Mapping[str, Formula]) -> bool:
    """Whether such a function has a derivative that is not put in: σ'' or σ'(2z)."""
    calls = [n for side in formulas for n in walk(side) if isinstance(n, Call)]
    return any(call.function in scaled and _is_unknown(call) for call in calls)


def _is_unknown(call: Formula) -> bool:
    assert isinstance(call, Call)
    single = isinstance(call.argument, Name | Member | Neuron)
    return call.primes > 1 or (call.primes == 1 and not single)
