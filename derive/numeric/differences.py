"""Central finite differences for weights and biases, from the definitions alone.

Many parameters are moved at once (:mod:`derive.numeric.moving`), by steps that follow how much the
error bends, and that stay on one side of every kink.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from derive.exact.array_rings import Array
from derive.formula import Formula, SumOver
from derive.model.families import Key, array_of
from derive.numeric.float_arrays import FloatModel, Floats, there
from derive.numeric.moving import Moving, Places
from derive.numeric.rounding import Bounded

# The step h moves the most sensitive argument of a function by this much. The truncation error
# after Richardson, about h⁴/480·E⁽⁵⁾, is then lost in the rounding, ε·E/h, also where the gradient
# nearly vanishes.
STEP = 1e-3
SHRINK, SHRINKS = 4.0, 6
MOVES = np.array([1, -1, 0.5, -0.5])
"""By how many steps a parameter is moved for its differences."""
FIRST = 40
"""Of the parameters so many, from the first on, have differences in any case: they are shown."""
MOST_FLOATS = 3_000_000
"""Entries of all arrays together that are computed at once."""
_TRIAL = 1e-6
_LEAST = float(np.finfo(np.float64).tiny)


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


def finite_differences(
    model: FloatModel, share: float, noise: float | None = None, most_work: float = np.inf
) -> tuple[NDArray[np.intp], Differences]:
    """The places of parameters, and the central differences of E_total by them.

    The error is added up over the examples and multiplied by `share`. `noise` bounds its rounding;
    unless it is given every operation bounds its own. Where it takes more than `most_work`
    multiplications to move all parameters, only some are moved, spread evenly.
    """
    parts = model.parameters
    starts = np.cumsum([0, *map(len, parts)])
    work = _work(model)
    whole = 4 * model.count * sum(work.get(part.array, 0) * len(part) for part in parts)
    chosen = np.arange(starts[-1])
    chosen = chosen[(chosen % max(1, np.ceil(whole / most_work)) == 0) | (chosen < FIRST)]
    keys: list[Key] = []
    places: list[NDArray[np.intp]] = []
    for part, start, end in zip(parts, starts, starts[1:], strict=False):
        own = chosen[(chosen >= start) & (chosen < end)] - start
        box = model.instances.arrays[part.array].ranges
        begin = [run.start - all_.start for run, all_ in zip(part.ranges, box, strict=True)]
        places += list(np.argwhere(there(part))[own] + np.array(begin, dtype=np.intp))
        keys += [part.array] * len(own)
    moving = Moving(model)
    rows = max(1, MOST_FLOATS // (4 * model.count * moving.entries(keys)))
    made = [np.zeros((4, 0))]
    for first in range(0, len(keys), rows):
        some = slice(first, first + rows)
        made.append(_Together(moving, keys[some], places[some], share, noise).differences())
    return chosen, Differences.of(*np.concatenate(made, axis=1))


def _work(model: FloatModel) -> dict[Key, int]:
    """How many multiplications it takes to move a parameter of each family."""
    found: dict[Key, int] = {}
    behind = 0
    for part in reversed(model.parts):
        if part.definition is not None:
            for used, _ in part.used:
                found[array_of(used)] = behind + len(part)
            behind += len(part) * _size(part.definition)
    return found


def _size(template: Formula) -> int:
    """About how many multiplications an instance of a template takes."""
    if isinstance(template, SumOver):
        return (template.upper + 1 - template.lower) * _size(template.body)
    return max(1, sum(map(_size, template.parts())))


@dataclass(frozen=True)
class _Together:
    """Parameters that are moved together: the array of each and its place there."""

    moving: Moving
    keys: Sequence[Key]
    places: Places
    share: float
    noise: float | None

    def differences(self) -> Array:
        """D(h), D(h/2), h and the noise for each of the parameters.

        Where a piecewise function goes over to another piece between w - h and w + h the difference
        would straddle two derivatives: h is then divided by 4 until none does, at most six times.
        What is left lies on the kink as far as doubles can tell.
        """
        step = STEP / self._sensitivity()
        found = np.full((4, len(self.keys)), np.nan)
        todo = np.arange(len(self.keys))
        for _ in range(SHRINKS + 1):
            quotients, straddles = self._quotients(todo, step[todo])
            found[:, todo[~straddles]] = quotients[:, ~straddles]
            todo = todo[straddles]
            if not len(todo):
                break
            step[todo] /= SHRINK
        return found

    def _quotients(self, rows: NDArray[np.intp], h: Array) -> tuple[Array, Array]:
        """D(h), D(h/2), h and the noise for these rows, and which of them straddle a kink."""
        keys, places = [self.keys[n] for n in rows], [self.places[n] for n in rows]
        ring = Bounded() if self.noise is None else Floats()
        after = self.moving.through(keys, places, h[:, None] * MOVES, ring)
        errors = self.share * self.moving.total(after).reshape(len(rows), 4, -1).sum(axis=-1)
        up, down, half_up, half_down = errors.real.T
        noise = 3 * errors.imag.max(axis=1) if self.noise is None else self.noise
        found = (up - down) / (2 * h), (half_up - half_down) / h, h, noise / h
        straddles = self.moving.straddles(after).reshape(len(rows), -1)
        return np.stack(found), np.asarray(straddles.any(axis=1))

    def _sensitivity(self) -> Array:
        """By how much a unit of each parameter moves the argument that it moves most."""
        direct = self._largest(np.full(len(self.keys), _TRIAL), direct=True)
        # Below this nothing moves, and the step would be infinite.
        direct = np.where(direct >= _LEAST, direct, 0)
        largest = self._largest(_TRIAL / np.where(direct > 0, direct, 1))
        bent = np.array([key in self.moving.bent for key in self.keys])
        largest = np.maximum(np.maximum(largest, direct), bent)
        return np.where(largest >= _LEAST, largest, 1)

    def _largest(self, trial: Array, *, direct: bool = False) -> Array:
        steps = trial[:, None]
        after = self.moving.through(self.keys, self.places, steps, Floats(), direct=direct)
        changes = self.moving.changes(after, every=direct).reshape(len(trial), -1)
        return np.asarray(changes.max(axis=1) / trial)
