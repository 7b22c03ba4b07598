"""The chain rule on a model: local derivatives, paths, deltas, gradients.

A definition is differentiated term by term (linearity), and each *shape* of term only once, by
SymPy: 23,820 products w·out share the two derivatives of one product.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from derive import garbage
from derive.calculus.collapse import collapsed
from derive.exact.symbolic import from_sympy, symbol, to_sympy
from derive.formula import (
    MINUS_ONE,
    ONE,
    ZERO,
    Call,
    Cases,
    Delta,
    Formula,
    Name,
    Number,
    Partial,
    Power,
    Product,
    Quotient,
    Sum,
    number,
    product,
    substitute,
    total,
    transform,
    walk,
)
from derive.formula.tidy import tidied
from derive.functions import BY_SYMBOL, Function
from derive.functions.written import WRITTEN
from derive.model import Model, Role


def by(of: str, x: str) -> Partial:
    """∂of/∂x."""
    return Partial(Name(of), Name(x))


@dataclass(frozen=True, slots=True)
class Factor:
    """A local derivative with its name: (∂out_d1/∂net_d1, out_d1·(1 − out_d1))."""

    of: str
    by: str
    value: Formula

    @property
    def name(self) -> Formula:
        """∂of/∂by."""
        return by(self.of, self.by)


Path = tuple[Factor, ...]


def _slot(place: int) -> str:
    return f"x{place}"


@cache
def _shape_derivatives(shape: Formula, size: int) -> tuple[Formula, ...]:
    """∂shape/∂x0, ∂shape/∂x1, … by SymPy, written over the same slots."""
    slots = {symbol(_slot(place)): Name(_slot(place)) for place in range(size)}
    expression = to_sympy(shape)
    return tuple(from_sympy(expression.diff(slot), slots) for slot in slots)


def local_derivatives(definition: Formula, own: str) -> dict[str, Formula]:
    """The local derivative of a definition by each quantity in it, as a person writes it.

    `own` is the defined quantity: f'(net) is written through out = f(net) where the table says
    how, so that ∂out/∂net = out·(1 − out), equation (13) of the notes.
    """
    if isinstance(definition, Call) and not definition.primes:
        slope = function_slope(definition, Name(own) if own else definition)
        if isinstance(definition.argument, Name):
            return {definition.argument.name: slope}
        inner = local_derivatives(definition.argument, "")
        return {
            name: -slope if change == MINUS_ONE else product([slope, change])
            for name, change in inner.items()
        }
    if isinstance(definition, Cases):
        pieces = (definition.positive, definition.otherwise)
        slopes = [local_derivatives(piece, "") for piece in pieces]
        return {
            name: Cases(definition.test, *(slope.get(name, ZERO) for slope in slopes))
            for name in {**slopes[0], **slopes[1]}
        }
    found: dict[str, list[Formula]] = {}
    terms = definition.terms if isinstance(definition, Sum) else (definition,)
    for term in terms:
        scaled = _number_times_sum(term)
        if scaled is not None:
            for name, slope in local_derivatives(scaled[1], "").items():
                found.setdefault(name, []).append(tidied(product([scaled[0], slope])))
            continue
        places: dict[Formula, Name] = {}

        def slot(leaf: Formula, places: dict[Formula, Name] = places) -> Name:
            return places.setdefault(leaf, Name(_slot(len(places))))

        shape = _abstract(term, slot)
        back: dict[str, Formula] = {placed.name: leaf for leaf, placed in places.items()}
        for leaf, slope in zip(places, _shape_derivatives(shape, len(places)), strict=True):
            if isinstance(leaf, Name):
                found.setdefault(leaf.name, []).append(substitute(slope, back))
    return {name: tidied(_through_values(total(slopes))) for name, slopes in found.items()}


def _number_times_sum(term: Formula) -> tuple[Formula, Sum] | None:
    """The factors of ⅓·(a + b + …), whose bracket is differentiated term by term; else nothing."""
    if isinstance(term, Product) and len(term.factors) == 2:
        first, second = term.factors
        if isinstance(first, Number) and isinstance(second, Sum):
            return first, second
    return None


def function_slope(called: Call, value: Formula) -> Formula:
    """f'(x) of the call f(x), as a person writes it; `value` is how its value f(x) is written."""
    row = BY_SYMBOL[called.function]
    if row.slope is not None:
        return number(row.slope(called.argument, value, WRITTEN))
    if row.kinked:
        return Call(called.function, called.argument, 1)
    return substitute(_derived_slope(row), {_X: called.argument})


_X = "x"


@cache
def _derived_slope(row: Function) -> Formula:
    """The derivative of a row's value at x."""
    return local_derivatives(number(row.value(Name(_X), WRITTEN)), "")[_X]


def _through_values(slope: Formula) -> Formula:
    """tanh'(c) written as 1 − tanh(c)², as the table says."""

    def rule(node: Formula) -> Formula | None:
        if not isinstance(node, Call) or node.primes != 1:
            return None
        plain = Call(node.function, _through_values(node.argument))
        return function_slope(plain, plain)

    return transform(slope, rule)


def _abstract(formula: Formula, slot: Callable[[Formula], Name]) -> Formula:
    """`formula` over slots for quantities, and for what SymPy would rewrite: decimals, √2."""
    if isinstance(formula, Name) or (isinstance(formula, Number) and formula.text):
        return slot(formula)
    if isinstance(formula, Power) and isinstance(formula.base, Number):
        return slot(formula)
    parts = formula.parts()
    return formula.rebuilt(tuple(_abstract(p, slot) for p in parts)) if parts else formula


class Chain:
    """The local derivatives of one model, and what follows from them."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._local: dict[str, dict[str, Formula]] = {}
        self._collapses: dict[str, tuple[Formula, ...]] = {}

    def local(self, name: str) -> dict[str, Formula]:
        """∂name/∂x for every x in the definition of `name`."""
        if name not in self._local:
            definition = self.model.definitions[name]
            found = local_derivatives(definition, name)
            self._local[name] = {**found, **self._softmax(definition, name)}
        return self._local[name]

    def _softmax(self, definition: Formula, own: str) -> dict[str, Formula]:
        """The derivatives of p_i = e^(z_i)/Σ e^(z_k) through the p themselves: p_i(δ_ij − p_j).

        (e^z_i)'·Σ − e^z_i·(Σ)' over Σ² is p_i − p_i² for z_i, and −p_i·p_j for another z_j. Nothing
        for any other definition, or where a p_j has no name.
        """
        shares = self._shares.get(definition.bottom) if isinstance(definition, Quotient) else None
        if shares is None or not isinstance(definition, Quotient):
            return {}
        mine = Name(own)
        found: dict[str, Formula] = {}
        for top, share in shares.items():
            assert isinstance(top, Call)
            assert isinstance(top.argument, Name)
            slope = mine * (1 - mine) if top == definition.top else -(mine * Name(share))
            found[top.argument.name] = slope
        return found

    @cached_property
    def _shares(self) -> dict[Formula, dict[Formula, str]]:
        """Sums of exponentials, and the names of the shares that all their terms have of them."""
        found: dict[Formula, dict[Formula, str]] = {}
        for name, definition in self.model.definitions.items():
            if isinstance(definition, Quotient) and isinstance(definition.bottom, Sum):
                terms = definition.bottom.terms
                if definition.top in terms and all(_is_exponential(t) for t in terms):
                    found.setdefault(definition.bottom, {})[definition.top] = name
        return {
            bottom: shares
            for bottom, shares in found.items()
            if isinstance(bottom, Sum)
            and len(shares) == len(set(bottom.terms)) == len(bottom.terms)
        }

    @cached_property
    def shares(self) -> dict[str, str]:
        """The outputs of softmaxes, each with the net input whose share it is: p_i → z_i."""
        return {
            share: top.argument.name
            for shares in self._shares.values()
            for top, share in shares.items()
            if isinstance(top, Call) and isinstance(top.argument, Name)
        }

    def factor(self, of: str, by: str) -> Factor:
        """∂of/∂by for neighbours in the graph."""
        return Factor(of, by, self.local(of)[by])

    def count_paths(self, top: str, bottom: str) -> int:
        """The number of paths from `top` down to `bottom`, without walking them."""
        counts = {bottom: 1}
        relevant = self.model.downstream(bottom)
        for name in self.model.quantities:
            if name in relevant and name != bottom:
                counts[name] = sum(counts.get(x, 0) for x in self.model.inputs_of[name])
        return counts.get(top, 0)

    def paths(self, top: str, bottom: str) -> Iterator[Path]:
        """The paths from `top` down to `bottom`, each the factors along it, in written order.

        Their products sum to ∂top/∂bottom; equation (22) is one of them.
        """
        relevant = self.model.downstream(bottom)
        stack: list[tuple[str, Path]] = [(top, ())]
        while stack:
            name, path = stack.pop()
            if name == bottom:
                yield path
                continue
            below = [x for x in self.model.inputs_of.get(name, ()) if x in relevant]
            stack.extend((x, (*path, self.factor(name, x))) for x in reversed(below))

    @cached_property
    @garbage.paused()
    def _adjoints(self) -> tuple[dict[str, Formula], dict[str, Formula]]:
        """The δ of every net input and the gradient of every parameter, by one backward sweep."""
        model = self.model
        deltas: dict[str, Formula] = {}
        gradients: dict[str, Formula] = {}
        arriving: dict[str, list[Formula]] = {model.total: [ONE]}
        for name in reversed(model.quantities):
            terms = arriving.pop(name, None)
            if terms is None:
                continue
            adjoint = total(reversed(terms))
            quantity = model.quantities[name]
            if quantity.role is Role.NET:
                self._collapses[name] = collapsed(adjoint, model.conditions)
                deltas[name] = self._collapses[name][-1]
                adjoint = Delta(name)
            elif quantity.role is Role.INTERMEDIATE:
                deltas[name] = adjoint
                adjoint = Partial(Name(model.total), Name(name))
            if name not in model.definitions:
                gradients[name] = adjoint
                continue
            for x, slope in self.local(name).items():
                if model.quantities[x].role in (Role.INPUT, Role.TARGET):
                    continue
                arriving.setdefault(x, []).append(product([adjoint, slope]))
        ordered = {name: deltas[name] for name in model.quantities if name in deltas}
        # From what lies behind missing connections no path leads to the error.
        return ordered, {name: gradients.get(name, ZERO) for name in model.parameters}

    @property
    def deltas(self) -> dict[str, Formula]:
        """δ = ∂E_total/∂net of every neuron, in terms of the δ of the layer after it."""
        return self._adjoints[0]

    def collapse(self, name: str) -> tuple[Formula, ...]:
        """How the δ of a net input got the form that it has in :attr:`deltas`, step by step."""
        plain = (self.deltas[name],)
        return self._collapses.get(name, plain)

    @property
    def gradients(self) -> dict[str, Formula]:
        """∂E_total/∂w of every weight and bias in delta form: δ·out, or δ for a bias."""
        return self._adjoints[1]

    def adjoint(self, name: str) -> Formula:
        """How ∂E_total/∂`name` is written: δ of a net input, the derivative itself otherwise."""
        if self.model.quantities[name].role is Role.NET:
            return Delta(name)
        return by(self.model.total, name)

    def adjoint_of(self, formula: Formula) -> str:
        """The quantity by which `formula`, a δ or ∂E_total/∂q, is the derivative of the error.

        An empty name for any other formula.
        """
        if isinstance(formula, Delta):
            return formula.of
        if isinstance(formula, Partial) and formula.of == Name(self.model.total):
            return formula.by.name if isinstance(formula.by, Name) else ""
        return ""

    def without_deltas(self, formula: Formula) -> Formula:
        """`formula` with every δ replaced by what it stands for."""
        written: dict[str, Formula] = {}

        def rule(node: Formula) -> Formula | None:
            return written.get(self.adjoint_of(node))

        for name in reversed(self.deltas):
            written[name] = transform(self.deltas[name], rule)
        return transform(formula, rule)


def _is_exponential(term: Formula) -> bool:
    return isinstance(term, Call) and term.function == "exp" and isinstance(term.argument, Name)


def named(path: Path) -> Formula:
    """The path product with its factors by name: equation (22)."""
    return product(factor.name for factor in path)


def plugged_in(path: Path) -> Formula:
    """The path product with the values of its factors, in path order: equation (23)."""
    return product(factor.value for factor in path)


def collected(paths: Sequence[Path]) -> Formula:
    """The sum of path products with the common factors taken out of the bracket.

    Paths that end alike are put together, innermost last: the result is what the deltas give when
    they are written out.
    """
    if not paths:
        return ONE
    if len(paths) == 1:
        return plugged_in(paths[0])
    common = _common_ending(paths)
    if common:
        inner = collected([path[:-common] for path in paths if len(path) > common])
        return product([inner, plugged_in(paths[0][-common:])])
    groups: dict[tuple[str, str], list[Path]] = {}
    for path in paths:
        groups.setdefault((path[-1].of, path[-1].by), []).append(path)
    return total(collected(group) for group in groups.values())


def _common_ending(paths: Sequence[Path]) -> int:
    """With how many factors all paths end alike."""
    for count, factors in enumerate(zip(*map(reversed, paths), strict=False)):
        if len({(factor.of, factor.by) for factor in factors}) > 1:
            return count
    return min(map(len, paths))


def operations(chain: Chain) -> dict[str, int]:
    """What one evaluation of all gradients costs in delta form, the forward pass included.

    Counts ``multiplications``, ``additions`` (subtractions too), ``divisions`` and ``functions``;
    a sigmoid is one exponential, one addition and one division.
    """
    model = chain.model
    count = {"multiplications": 0, "additions": 0, "divisions": 0, "functions": 0}
    forward = [model.definitions[q.name] for q in model.having(Role.NET, Role.OUTPUT)]
    for formula in [*forward, *chain.deltas.values(), *chain.gradients.values()]:
        for node in walk(formula):
            if isinstance(node, Sum):
                count["additions"] += len(node.terms) - 1
            elif isinstance(node, Power):
                count["multiplications"] += 1
            elif isinstance(node, Quotient):
                count["divisions"] += 1
            elif isinstance(node, Call) and not node.primes:
                count["functions"] += 1
                if node.function == "sig":
                    count["additions"] += 1
                    count["divisions"] += 1
            elif isinstance(node, Product):
                count["multiplications"] += len(node.factors) - 1
    return count
