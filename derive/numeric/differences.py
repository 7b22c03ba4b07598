"""Central finite differences for every weight and bias, from the definitions alone.

A parameter moves the quantities in whose definitions it stands, and these move others. Many
parameters are moved at once, each in a row of an array of its own, so that a definition behind them
is evaluated once for all of them. Of a sum only the terms are evaluated that move.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from derive.formula import (
    Arithmetic,
    Call,
    Cases,
    Formula,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    names_in,
    number,
    walk,
)
from derive.formula import evaluate as evaluated
from derive.functions.written import choices
from derive.model import Model
from derive.numeric.arrays import Array
from derive.numeric.rounding import EPS, Rounded, ring

# The step h moves the most sensitive argument of a function by this much. The truncation error
# after Richardson, about h⁴/480·E⁽⁵⁾, is then lost in the rounding, ε·E/h, also where the gradient
# nearly vanishes.
STEP = 1e-3
SHRINK, SHRINKS = 4.0, 6
_TRIAL = 1e-6
_LEAST = float(np.finfo(np.float64).tiny)
_MOST_FLOATS = 1 << 20
_MOST_ROWS = 512
MOVES = np.array([1, -1, 0.5, -0.5])
"""By how many steps a parameter is moved for its differences."""


@dataclass(frozen=True, slots=True)
class Differences:
    """Finite differences by each parameter, in the model's order.

    D(h) = (E(w + h) - E(w - h))/2h is `coarse`, D(h/2) `fine`, and (4·D(h/2) - D(h))/3, whose error
    falls with h⁴, is `value`. `step` is h, and `noise` bounds what rounding makes of `value`. All
    are NaN where the point lies on a kink.
    """

    value: Array
    coarse: Array
    fine: Array
    step: Array
    noise: Array

    @classmethod
    def of(cls, coarse: Array, fine: Array, step: Array, noise: Array) -> Differences:
        """The differences with what is extrapolated from them."""
        return cls((4 * fine - coarse) / 3, coarse, fine, step, noise)

    def apart(self, gradient: Array) -> tuple[Array, Array]:
        """How far D(h) and D(h/2) are from `gradient`."""
        return np.abs(self.coarse - gradient), np.abs(self.fine - gradient)

    def fall_faster(self, gradient: Array) -> NDArray[np.bool_]:
        """Where the error falls with h⁴, 16-fold: the third derivative of E is 0, as well."""
        coarse, fine = self.apart(gradient)
        return (coarse > 0) & (coarse >= 8 * fine)


def finite_differences(model: Model, values: Mapping[str, Array], share: float) -> Differences:
    """The central differences of E_total, added up over the examples and multiplied by `share`.

    `values` has the quantities of the point, an array of one entry per example for each. Where a
    piecewise function goes over to another piece between w - h and w + h the difference would
    straddle two derivatives: h is then divided by 4 until none does, at most six times. What is
    left lies on the kink as far as doubles can tell.
    """
    found = np.zeros((4, len(model.parameters)))
    found[2] = STEP
    moving = _Moving(model, values, share)
    most = _MOST_FLOATS // (4 * len(values[model.total]) * len(model.definitions))
    rows = min(_MOST_ROWS, max(1, most))
    for start in range(0, len(model.parameters), rows):
        names = model.parameters[start : start + rows]
        own = {user for name in names for user in model.used_in[name]}
        if own:
            ordered = sorted(model.downstream(*own), key=model.order.__getitem__)
            found[:, start : start + rows] = moving.differences(names, own, ordered)
    return Differences.of(*found)


def quotients(errors: Array, h: Array, noise: Array) -> Array:
    """D(h), D(h/2), h and the noise, from the errors with each parameter moved by its steps."""
    up, down, half_up, half_down = errors.T
    return np.stack([(up - down) / (2 * h), (half_up - half_down) / h, h, noise])


def convergence(differences: Differences, gradient: Array) -> float | None:
    """How many times closer D(h/2) is to `gradient` than D(h): 4, as the error falls with h².

    Over all parameters together whose error at h is at least forty times the bound on its
    rounding, which then moves the quotient by a tenth at most, and does not fall faster. `None` if
    there are none, as in a network of identities, where E is quadratic in each weight and central
    differences are exact.
    """
    coarse, fine = differences.apart(gradient)
    clear = (coarse > 40 * differences.noise) & ~differences.fall_faster(gradient)
    return float(coarse[clear].sum() / fine[clear].sum()) if clear.any() else None


@dataclass
class _Term:
    """A term of a definition, the quantities in it, and the point at which it is evaluated."""

    formula: Formula
    names: frozenset[str]
    point: Arithmetic
    _steep: dict[str, Array | None] = field(default_factory=dict)

    @cached_property
    def value(self) -> Rounded:
        """Its value at the point."""
        return Rounded(evaluated(self.formula, self.point).value)

    def steepness(self, name: str) -> Array | None:
        """What multiplies a parameter in the term, if the term is a product with it."""
        if name not in self._steep:
            sign, formula = 1, self.formula
            while isinstance(formula, Negative):
                sign, formula = -sign, formula.term
            factors = list(formula.factors) if isinstance(formula, Product) else [formula]
            found = None
            if Name(name) in factors:
                factors.remove(Name(name))
                if not any(name in names_in(factor) for factor in factors):
                    whole = Product((number(sign), *factors))
                    found = np.asarray(evaluated(whole, self.point).value)
            self._steep[name] = found
        return self._steep[name]


class _Moving:
    """A model at a point, some of whose parameters are moved; arrays are rows × moves × examples.

    The point itself counts as exact: its rounding is the same for all moves.
    """

    def __init__(self, model: Model, values: Mapping[str, Array], share: float) -> None:
        self.model, self.share = model, share
        self.values = {name: Rounded(value) for name, value in values.items()}
        self._terms_of = cache(self._terms)
        self._bent = {x for part in bent(model.definitions.values()) for x in names_in(part)}
        tests = choices(model.definitions.values())
        self._point = ring(self.values, {}, many=True)
        self._tests = [(t, set(names_in(t)), evaluated(t, self._point) > 0) for t in tests]

    def differences(
        self, names: Sequence[str], own: Collection[str], below: Sequence[str]
    ) -> Array:
        """D(h), D(h/2), h and the noise for each of `names`, which stand in the definitions `own`.

        `below` are the quantities that they move.
        """
        step = STEP / self._sensitivity(names, own, below)
        found = np.full((4, len(names)), np.nan)
        todo = np.arange(len(names))
        for _ in range(SHRINKS + 1):
            h = step[todo]
            some = [names[at] for at in todo.tolist()]
            moved = self._moved(some, h[:, None] * MOVES, own, below)
            total = moved[self.model.total]
            noise = 3 * self.share * total.error.sum(axis=-1).max(axis=-1) / h
            straddles = self._straddles(moved, some, h[:, None] * MOVES)
            row = quotients(self.share * total.value.sum(axis=-1), h, noise)
            found[:, todo[~straddles]] = row[:, ~straddles]
            todo = todo[straddles]
            if not len(todo):
                break
            step[todo] /= SHRINK
        return found

    def _sensitivity(
        self, names: Sequence[str], own: Collection[str], below: Sequence[str]
    ) -> Array:
        """By how much a unit of each parameter moves the argument that it moves most."""
        trial = np.full(len(names), _TRIAL)
        first = [name for name in below if name in own]
        direct = self._largest(names, trial, own, first, first)
        # Below this nothing moves, and the step would be infinite.
        direct = np.where(direct >= _LEAST, direct, 0)
        trial = _TRIAL / np.where(direct > 0, direct, 1)
        bent = [name for name in below if name in self._bent] or below
        largest = self._largest(names, trial, own, below, bent)
        largest = np.maximum(np.maximum(largest, direct), [name in self._bent for name in names])
        return np.where(largest >= _LEAST, largest, 1)

    def _largest(
        self,
        names: Sequence[str],
        trial: Array,
        own: Collection[str],
        below: Sequence[str],
        seen: Sequence[str],
    ) -> Array:
        moved = self._moved(names, trial[:, None], own, below)
        change = [moved[name].value - self.values[name].value for name in seen]
        most = np.stack([np.abs(each).max(axis=(1, 2)) for each in change])
        return np.asarray(most.max(axis=0) / trial)

    def _moved(
        self, names: Sequence[str], moves: Array, own: Collection[str], below: Sequence[str]
    ) -> dict[str, Rounded]:
        """The quantities `below` where each of `names` in its row is moved by its `moves`."""
        shape = (*moves.shape, len(self.values[self.model.total].value))
        rows = {name: row for row, name in enumerate(names)}
        found: dict[str, Rounded] = {}
        for name in below:
            value = np.broadcast_to(self.values[name].value, shape).copy()
            error = np.zeros(shape)
            inside = rows if name in own else {}
            if inside:
                self._move_alone(name, inside, moves, found.keys(), value, error)
            for term in self._terms_of(name):
                if term.names & found.keys() or len(term.names & inside.keys()) > 1:
                    alone = {
                        each: self._in_its_row(each, rows[each], moves, shape)
                        for each in term.names & inside.keys()
                    }
                    at = ring(ChainMap(alone, found, self.values), {}, many=True)
                    change = evaluated(term.formula, at) - term.value
                    value += change.value
                    error += change.error
            found[name] = Rounded(value, error + EPS * np.abs(value))
        return found

    def _move_alone(
        self,
        name: str,
        rows: Mapping[str, int],
        moves: Array,
        moved: Collection[str],
        value: Array,
        error: Array,
    ) -> None:
        """Add to a quantity what its terms change in which nothing moves but one parameter."""
        linear = np.zeros((len(rows), value.shape[2]))
        for term in self._terms_of(name):
            mine = term.names & rows.keys()
            if len(mine) != 1 or not term.names.isdisjoint(moved):
                continue
            (one,) = mine
            row, steepness = rows[one], term.steepness(one)
            if steepness is not None:
                linear[row] += steepness
                continue
            alone = {one: Rounded(self.values[one].value + moves[row][:, None])}
            at = ring(ChainMap(alone, self.values), {}, many=True)
            change = evaluated(term.formula, at) - term.value
            value[row] += change.value
            error[row] += change.error
        change = linear[:, None, :] * moves[:, :, None]
        value += change
        error += 2 * EPS * np.abs(change)

    def _in_its_row(self, name: str, row: int, moves: Array, shape: tuple[int, ...]) -> Rounded:
        value = np.broadcast_to(self.values[name].value, shape).copy()
        value[row] += moves[row][:, None]
        return Rounded(value)

    def _terms(self, name: str) -> list[_Term]:
        parts = self.model.summands(name)
        return [_Term(part, frozenset(names_in(part)), self._point) for part in parts]

    def _straddles(
        self, moved: dict[str, Rounded], names: Sequence[str], moves: Array
    ) -> NDArray[np.bool_]:
        """Which of `names` go over to another piece of some function at one of their moves."""
        shape = moved[self.model.total].value.shape
        rows = {name: row for row, name in enumerate(names)}
        found = np.zeros(len(names), dtype=bool)
        for test, used, here in self._tests:
            alone = {n: self._in_its_row(n, rows[n], moves, shape) for n in used & rows.keys()}
            if alone or used & moved.keys():
                values = ChainMap(alone, moved, self.values)
                turned = (evaluated(test, ring(values, {}, many=True)) > 0) != here
                found |= turned.any(axis=(1, 2))
        return found


def bent(definitions: Iterable[Formula]) -> Iterator[Formula]:
    """The parts of definitions on which these depend neither in a linear way nor quadratically."""
    for definition in definitions:
        for node in walk(definition):
            if isinstance(node, Call | Cases):
                yield node
            elif isinstance(node, Quotient):
                yield node.bottom
            elif isinstance(node, Power):
                exponent = node.exponent
                if not (isinstance(exponent, Number) and exponent.value in (1, 2)):
                    yield node
