"""What the numeric check finds, and when it holds."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from derive.errors import InputError
from derive.html import table
from derive.model.facts import Facts
from derive.numeric.arrays import STEP as COMPLEX_STEP
from derive.numeric.arrays import Array
from derive.numeric.differences import STEP, Differences, convergence
from derive.numeric.rounding import SAFETY

DIFFERENCE_TOLERANCE = 1e-7
SYMBOLIC_TOLERANCE = 1e-12
FOUR_FOLD = (3.5, 4.5)
LEFT_SHARE = 1e-4
"""Of an error that falls four-fold extrapolation takes away all but this: the square of ten steps,
as the quotient of the fifth derivative to the third is seldom larger than some thousands."""
LEAST = np.finfo(np.float64).tiny / COMPLEX_STEP
"""Of smaller numbers digits are lost to underflow, those of the complex step first."""
MOST_ROWS = 12
"""Of many gradients so many are shown."""


def _plain(text: str, **_: object) -> str:
    return text


class GradientRow(NamedTuple):
    """∂E_total/∂w three times; no finite difference where the point lies on a kink.

    `backprop` is the second gradient, whatever it was found by.
    """

    symbolic: float
    backprop: float
    finite_difference: float | None


@dataclass(frozen=True)
class Derived:
    """The gradient that the derivation gives, and the error, with bounds on their rounding."""

    gradient: Array
    bound: Array
    error: float
    error_bound: float


@dataclass(frozen=True, repr=False)
class Gradcheck:
    """What the check found.

    `values` has every quantity, one value per example. `gradients` and `error` are those of the
    batch. `updated` holds the parameters that the step w⁺ = w - η·∂E_total/∂w changes: biases are
    absent unless `network.update_biases`. `error_after` is the error with them.

    `max_relative_error` is the largest of |a - d| / max(|a|, |d|, floor) with d the finite
    difference and a either gradient. `symbolic_error` is the same between the two gradients (and
    the two errors). The floor is the size below which rounding alone would exceed the tolerance:
    the bound of :mod:`derive.numeric.rounding`, for d divided by the step, over the tolerance; or
    what truncation leaves of d, where that is more.
    `convergence` is the fall of the finite-difference error on halving the step, 4 where it can be
    measured, else `None`. `suspects` are the parameters whose gradients disagree, and
    `skipped` those without a finite difference, as moving them would cross a kink. `second` says
    what the second gradient is computed with: "NumPy", or "50 digits" of forward mode. `tried` is
    how many of the parameters are moved; those of a very large network are spread evenly.
    `adjoints` are the δ of its first example.
    """

    network: Facts
    values: Mapping[str, list[float]]
    gradients: Mapping[str, GradientRow]
    error: float
    learning_rate: float
    updated: Mapping[str, float]
    error_after: float
    max_relative_error: float
    symbolic_error: float
    convergence: float | None
    suspects: tuple[str, ...]
    skipped: tuple[str, ...]
    second: str
    tried: int
    adjoints: Mapping[str, float] | None = None

    @property
    def passed(self) -> bool:
        """Whether all three gradients agree and the differences converge as they must."""
        return (
            self.max_relative_error <= DIFFERENCE_TOLERANCE
            and self.symbolic_error <= SYMBOLIC_TOLERANCE
            and (self.convergence is None or FOUR_FOLD[0] <= self.convergence <= FOUR_FOLD[1])
        )

    def __str__(self) -> str:
        return "\n".join([f"{self.network.name}: {self.network.summary}", "", *self.lines()])

    def __repr__(self) -> str:
        how = "passed" if self.passed else "failed"
        return f"<Gradcheck {self.network.name}: {len(self.gradients):,} gradients, {how}>"

    def _repr_html_(self) -> str:
        head, *rows = self._rows(self._shown())
        return table(head, rows, "\n".join(self._conclusion(_plain)))

    def lines(self, style: Callable[..., str] = _plain) -> Iterator[str]:
        """The gradients as a table, and what follows from them; `style` is that of click."""
        shown = self._shown()
        head, *lines = aligned(self._rows(shown))
        yield style(f"  {head}", bold=True)
        for name, line in zip(shown, lines, strict=True):
            yield style(f"  {line}", fg="red") if name in self.suspects else f"  {line}"
        if len(self.gradients) > len(shown):
            yield f"  … and {len(self.gradients) - len(shown):,} more"
        yield ""
        yield from self._conclusion(style)

    def _shown(self) -> list[str]:
        """Those that disagree come first: their rows must not hide among the others."""
        wrong = set(self.suspects)
        names = sorted(self.gradients, key=lambda name: name not in wrong)
        return names[:MOST_ROWS] if len(names) > 3 * MOST_ROWS else names

    def _rows(self, shown: Iterable[str]) -> list[list[str]]:
        rows = [["weight", "symbolic", self.second, "finite differences", "after the step"]]
        for name in shown:
            gradient, after = self.gradients[name], self.updated.get(name)
            difference = gradient.finite_difference
            rows.append(
                [
                    name,
                    f"{gradient.symbolic: .9g}",
                    f"{gradient.backprop: .9g}",
                    " on a kink" if difference is None else f"{difference: .9g}",
                    " not updated" if after is None else f"{after: .9g}",
                ]
            )
        return rows

    def _conclusion(self, style: Callable[..., str]) -> Iterator[str]:
        fall = (
            "their own error is too small to measure"
            if self.convergence is None
            else f"halving their step makes their error fall {self.convergence:.2f}-fold"
        )
        yield (
            f"Largest relative difference to the finite differences {self.max_relative_error:.1e},"
            f" between symbolic and {self.second} {self.symbolic_error:.1e}; {fall}."
        )
        yield (
            f"One step with learning rate {self.learning_rate:g} takes the error from"
            f" {self.error:.9g} to {self.error_after:.9g}."
        )
        if self.skipped:
            without = (
                f"Without finite differences, on the kink of an activation: {_some(self.skipped)}"
            )
            yield f"{without}."
        if self.passed:
            yield style("passed", fg="green", bold=True)
            return
        total = len(self.gradients)
        why = (
            f"{len(self.suspects):,} of {total:,} gradients disagree: {_some(self.suspects)}"
            if self.suspects
            else f"the error of the formulas and that of {self.second} disagree"
            if self.symbolic_error > self.max_relative_error
            else "the error of the finite differences does not fall four-fold"
        )
        yield f"{style('failed', fg='red', bold=True)}: {why}"

    def to_json(self) -> dict[str, Any]:
        """What ``derive gradcheck --json`` prints; a list per quantity for a batch."""
        single = len(next(iter(self.values.values()))) == 1
        return {
            "network": self.network.name,
            "error": self.error,
            "quantities": {n: v[0] if single else v for n, v in self.values.items()},
            "second": self.second,
            "gradients": {
                name: {side: _finite_or_none(value) for side, value in row._asdict().items()}
                for name, row in self.gradients.items()
            },
            "learning_rate": self.learning_rate,
            "updated": dict(self.updated),
            "error_after": self.error_after,
            "max_relative_error": _finite_or_none(self.max_relative_error),
            "passed": self.passed,
        }


def _some(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - MOST_ROWS:,} more" if len(names) > MOST_ROWS else ""
    return ", ".join(names[:MOST_ROWS]) + more


def aligned(rows: list[list[str]]) -> Iterator[str]:
    """Rows of a table as lines, the cells of each column below each other."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip()


def _finite_or_none(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def judged(
    network: Facts,
    names: Sequence[str],
    derived: Derived,
    other: tuple[Array, float],
    tried: NDArray[np.intp],
    found: Differences,
) -> dict[str, Any]:
    """How far apart two gradients, the errors and some finite differences are, as a check says it.

    `other` is the second gradient and its error. The differences are those of the parameters
    `tried`, by their places. Raises :class:`InputError` where something overflows.
    """
    symbolic, second, bound = derived.gradient, other[0], derived.bound
    skipped = np.isnan(found.step)
    finite = np.isfinite(second).all() and np.isfinite(found.value[~skipped]).all()
    if not (finite and math.isfinite(derived.error)):
        raise InputError(
            f"numbers: the gradient of {network.name} overflows where the error is"
            f" {derived.error:.3g}; smaller weights, inputs or targets keep it finite"
        )
    rounding = np.maximum(SAFETY * found.noise, bound[tried])
    left = _left_by_extrapolation(found, symbolic[tried])
    floor = np.maximum(rounding, left) / DIFFERENCE_TOLERANCE
    sides = [_relative(side[tried], found.value, floor) for side in (symbolic, second)]
    apart = np.where(skipped, 0.0, np.maximum(*sides))
    between = _relative(symbolic, second, np.maximum(bound, LEAST) / SYMBOLIC_TOLERANCE)
    errors = derived.error, other[1], derived.error_bound / SYMBOLIC_TOLERANCE
    between_errors = _relative(*map(np.array, errors))
    wrong = between > SYMBOLIC_TOLERANCE
    wrong[tried] |= apart > DIFFERENCE_TOLERANCE
    return {
        "max_relative_error": float(apart.max(initial=0)),
        "symbolic_error": float(max(between.max(initial=0), between_errors)),
        "convergence": convergence(found, symbolic[tried]),
        "suspects": tuple(names[int(n)] for n in np.flatnonzero(wrong)),
        "skipped": tuple(names[int(n)] for n in tried[skipped]),
    }


def _left_by_extrapolation(found: Differences, gradient: Array) -> Array:
    """What truncation leaves of the differences, which counts where a gradient vanishes.

    Extrapolation takes away an error that falls with h², and leaves what falls with h⁴. That is
    smaller than what is taken away by the square of the step. Of a gradient that is so small that
    its differences are nothing but truncation it may be more: a small share of the error of D(h),
    or a quarter of it where the error falls 16-fold. A gradient that is wrong is no limit of the
    differences, and their distance from it does not fall.
    """
    usual = 2 * STEP**2 * np.abs(found.fine - found.coarse)
    coarse, fine = found.apart(gradient)
    share = np.where(found.fall_faster(gradient), 1.0, LEFT_SHARE)
    tiny = np.where(np.abs(gradient) <= fine, share * coarse, 0.0)
    return np.asarray(np.maximum(usual, tiny))


def _relative(a: Array, b: Array, floor: Array) -> Array:
    """|a - b| / max(|a|, |b|, floor), entry by entry: 0 where they are equal, ∞ for a NaN."""
    gap = np.abs(a - b)
    size = np.maximum(np.maximum(np.abs(a), np.abs(b)), floor)
    found = np.where(gap == 0, 0.0, gap / size)
    return np.where(np.isnan(found), np.inf, found)
