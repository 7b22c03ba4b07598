"""What a placeholder may stand for: w_{3x} and w_{xx} are weights that the author left open.

A placeholder is one unknown weight, of its layer if it names one, and the same weight wherever the
same text stands in an equation. The exception is a net input: a sum in which every term is a bias
or a weight times an output, whose outputs belong to one layer and stand there once each. There a
placeholder beside out_{c_2} is the weight that leads from c_2 into the neuron whose net input the
sum is. That is the neuron into which the named weights of the sum lead; where none is named, the
one whose net input, output or error the other side of the equation is; else any of the layer.

An equation with placeholders holds if it holds for every such choice.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product as combinations

from derive.formula import (
    Call,
    Formula,
    Letter,
    Name,
    Partial,
    Product,
    Sum,
    transform,
    walk,
)
from derive.grammar.written import Placeholder
from derive.model import Model, Quantity, Role

_LAYOUT = re.compile(r"\^\s*(?:\{[^{}]*\}|.)|[{}_,\s]")
"""What belongs to a power, to a layer or to the way of setting."""

Choice = Mapping[int, Formula]
"""What stands for the placeholder at each place of the text."""


@dataclass(frozen=True, slots=True)
class Variable:
    """Placeholders that are chosen together, and the choices that there are for them."""

    places: tuple[int, ...]
    options: tuple[Choice, ...]
    texts: tuple[str, ...]
    """For each place what is the same unknown: the text of one weight, the place in a net input."""

    def unknown(self) -> Choice:
        """A letter for each, which may be any number."""
        named = zip(self.places, self.texts, strict=True)
        return {place: Letter(f"?{text}") for place, text in named}


class Open:
    """The placeholders of one equation, and all that they may stand for."""

    def __init__(self, model: Model, left: Formula, right: Formula) -> None:
        self.model = model
        self._weights = {
            (q.layer, q.index, q.source): q.name for q in model.having(Role.WEIGHT) if q.source
        }
        self.variables: list[Variable] = []
        taken: set[int] = set()
        for side in (left, right):
            for node in walk(side):
                if isinstance(node, Sum | Product):
                    stated = self._stated(node, left, right)
                    variable = self._net_input(node, stated)
                    if variable is not None and not taken & set(variable.places):
                        self.variables.append(variable)
                        taken.update(variable.places)
        alone = [p for p in placeholders(left, right) if p.place not in taken]
        self.variables += self._single(alone)
        self._by = {
            node.by
            for side in (left, right)
            for node in walk(side)
            if isinstance(node, Partial) and not isinstance(node.by, Placeholder)
        }
        self.is_by_placeholder = any(
            isinstance(node, Partial) and isinstance(node.by, Placeholder)
            for side in (left, right)
            for node in walk(side)
        )

    def count(self) -> int:
        """How many choices of weights there are for all placeholders."""
        return math.prod(len(variable.options) for variable in self.variables)

    def choices(self) -> Iterator[Choice]:
        """Every choice of weights for all placeholders."""
        return _combined([variable.options for variable in self.variables])

    def unknowns(self) -> Iterator[Choice]:
        """Fewer choices, that stand for all of them: with a letter for every weight but some.

        What holds for a letter holds for every weight, except for one by which the equation takes
        a derivative; that one is a choice of its own. Of placeholders by which one is taken
        nothing is known this way, nor where a derivative by many weights at once is.
        """
        if self.is_by_placeholder or not all(isinstance(by, Name) for by in self._by):
            return iter(())
        ways = []
        for variable in self.variables:
            special = [o for o in variable.options if self._by & set(o.values())]
            general = [variable.unknown()] if len(special) < len(variable.options) else []
            ways.append([*general, *special])
        return _combined(ways)

    def _single(self, found: Sequence[Placeholder]) -> list[Variable]:
        """The placeholders outside of net inputs: the same weight wherever the same text stands."""
        by_text: dict[str, list[Placeholder]] = {}
        for one in found:
            by_text.setdefault(key_of(one), []).append(one)
        variables = []
        for text, group in by_text.items():
            places = tuple(one.place for one in group)
            weights = [
                Name(q.name)
                for q in self.model.having(Role.WEIGHT)
                if group[0].layer in (None, q.layer) and group[0].target in (None, q.index)
            ]
            options = tuple(dict.fromkeys(places, weight) for weight in weights)
            variables.append(Variable(places, options, (text,) * len(places)))
        return variables

    def _net_input(self, node: Sum | Product, stated: Quantity | None) -> Variable | None:
        """The placeholders of a net input; nothing if `node` is none, or has none."""
        pairs = [] if isinstance(node, Product) and stated is None else self._weighted(node)
        opened = [(weight, out) for weight, out in pairs if isinstance(weight, Placeholder)]
        named = [self.model.quantities[w.name] for w, _ in pairs if isinstance(w, Name)]
        layers = {out.layer for _, out in pairs}
        layers |= {weight.layer - 1 for weight, _ in opened if weight.layer is not None}
        if not opened or len(layers) != 1:
            return None
        layer = layers.pop() + 1
        targets = {q.index for q in named}
        targets |= {w.target for w, _ in opened if w.target is not None and w.layer is not None}
        if not targets and stated is not None and stated.layer == layer:
            targets = {stated.index}
        if len(targets) > 1:
            return None
        if not targets:
            targets = {q.index for q in self.model.having(Role.NET) if q.layer == layer}
        places = tuple(weight.place for weight, _ in opened)
        options = []
        for index in sorted(targets):
            names = [self._weights.get((layer, index, out.index)) for _, out in opened]
            weights = [Name(name) for name in names if name is not None]
            if len(weights) == len(opened):
                options.append(dict(zip(places, weights, strict=True)))
        return Variable(places, tuple(options), tuple(map(str, places))) if options else None

    def _weighted(self, node: Formula) -> list[tuple[Placeholder | Name, Quantity]]:
        """The weights of a net input, each with its output; none if it is no net input."""
        pairs: dict[str, tuple[Placeholder | Name, Quantity]] = {}
        for term in node.terms if isinstance(node, Sum) else (node,):
            if isinstance(term, Name) and self._is_added(term):
                continue
            pair = self._weight_and_output(term)
            if pair is None or pair[1].name in pairs:
                return []
            weight, out = pair
            if isinstance(weight, Name):
                quantity = self.model.quantities[weight.name]
                if quantity.source != out.index or quantity.layer != out.layer + 1:
                    return []
            pairs[out.name] = pair
        return list(pairs.values())

    def _weight_and_output(self, term: Formula) -> tuple[Placeholder | Name, Quantity] | None:
        """The weight and the output of a product w·out, in whichever order they stand."""
        if not isinstance(term, Product) or len(term.factors) != 2:
            return None
        weight, out = term.factors
        if self._is_output(weight):
            weight, out = out, weight
        if not isinstance(out, Name) or not self._is_output(out):
            return None
        if isinstance(weight, Name):
            fits = self.model.quantities[weight.name].role is Role.WEIGHT
            return (weight, self.model.quantities[out.name]) if fits else None
        if not isinstance(weight, Placeholder):
            return None
        return weight, self.model.quantities[out.name]

    def _is_added(self, term: Name) -> bool:
        """Whether a name stands in a net input without a weight: a bias, or what skips layers."""
        role = self.model.quantities[term.name].role
        skips = bool(getattr(self.model.network, "skip", ()))
        return role is Role.BIAS or (skips and self._is_output(term))

    def _is_output(self, formula: Formula) -> bool:
        if not isinstance(formula, Name):
            return False
        return self.model.quantities[formula.name].role in (Role.INPUT, Role.OUTPUT)

    def _stated(self, node: Sum | Product, left: Formula, right: Formula) -> Quantity | None:
        """The neuron of which the other side speaks: net_{d_1} = …, E_{d_1} = ½(… − sig(…))².

        A single product is a net input only where it is all that stands there, or in a function.
        """
        if isinstance(left, Partial) and isinstance(right, Partial) and left.by == right.by:
            left, right = left.of, right.of
        for one, other in ((left, right), (right, left)):
            if not isinstance(one, Name):
                continue
            quantity = self.model.quantities[one.name]
            inside = other.argument if isinstance(other, Call) and not other.primes else other
            whole = inside == node if isinstance(node, Product) else node in walk(other)
            if quantity.role in (Role.NET, Role.OUTPUT, Role.ERROR) and whole:
                return quantity
        return None


def key_of(placeholder: Placeholder) -> str:
    """What is the same for two placeholders that are the same weight: w_{3x} is w_3x."""
    return f"{_LAYOUT.sub('', placeholder.text)} {placeholder.layer}"


def _combined(ways: Sequence[Sequence[Choice]]) -> Iterator[Choice]:
    for chosen in combinations(*ways):
        yield {place: formula for choice in chosen for place, formula in choice.items()}


def placeholders(*sides: Formula) -> list[Placeholder]:
    """The placeholders that stand in formulas, in written order, each place once."""
    found = {
        node.place: node for side in sides for node in walk(side) if isinstance(node, Placeholder)
    }
    return list(found.values())


def assigned(formula: Formula, chosen: Choice) -> Formula:
    """`formula` with its placeholders replaced."""
    return transform(
        formula, lambda node: chosen.get(node.place) if isinstance(node, Placeholder) else None
    )
