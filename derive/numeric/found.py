"""What the numeric check finds, and when it holds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

from derive.networks.equations.system import System
from derive.networks.network import Network
from derive.numeric.forward import Values

DIFFERENCE_TOLERANCE = 1e-7
SYMBOLIC_TOLERANCE = 1e-12
FOUR_FOLD = (3.5, 4.5)


class GradientRow(NamedTuple):
    """∂E_total/∂w three times; no finite difference where the point lies on a kink."""

    symbolic: float
    backprop: float
    finite_difference: float | None


@dataclass(frozen=True)
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
    measured, else `None`. `suspects` are the parameters whose gradients disagree.
    """

    network: Network | System
    values: Values
    gradients: dict[str, GradientRow]
    error: float
    learning_rate: float
    updated: dict[str, float]
    error_after: float
    max_relative_error: float
    symbolic_error: float
    convergence: float | None
    suspects: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether all three gradients agree and the differences converge as they must."""
        return (
            self.max_relative_error <= DIFFERENCE_TOLERANCE
            and self.symbolic_error <= SYMBOLIC_TOLERANCE
            and (self.convergence is None or FOUR_FOLD[0] <= self.convergence <= FOUR_FOLD[1])
        )

    @property
    def skipped(self) -> tuple[str, ...]:
        """The parameters without a finite difference: moving them would cross a kink."""
        return tuple(n for n, row in self.gradients.items() if row.finite_difference is None)

    def to_json(self) -> dict[str, Any]:
        """What ``derive gradcheck --json`` prints; a list per quantity for a batch."""
        single = len(next(iter(self.values.values()))) == 1
        return {
            "network": self.network.name,
            "error": self.error,
            "quantities": {n: v[0] if single else v for n, v in self.values.items()},
            "gradients": {
                name: {side: _finite_or_none(value) for side, value in row._asdict().items()}
                for name, row in self.gradients.items()
            },
            "learning_rate": self.learning_rate,
            "updated": self.updated,
            "error_after": self.error_after,
            "max_relative_error": _finite_or_none(self.max_relative_error),
            "passed": self.passed,
        }


def _finite_or_none(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
