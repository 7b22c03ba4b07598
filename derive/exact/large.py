"""Which models are computed as arrays, and their points, which all checkings of one share.

NumPy is imported for them only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from derive.errors import InputError
from derive.exact.reals import RealPoint
from derive.formula import Formula, Number, Power, walk
from derive.model import Model
from derive.model.families import count_members

if TYPE_CHECKING:
    from derive.exact.array_points import ArrayPoint
    from derive.exact.family_sizes import FamilySizes

SMALLEST = 6_000
"""Quantities of a model from which on it is computed as arrays; below, single numbers will do."""

MOST_SINGLE = 5_000
"""Equations of a network without layers that are computed one by one."""

MOST_TERMS = 100_000
"""Quantities in all definitions of a network without layers that are computed one by one."""


class ArrayPoints:
    """The points of one model, each drawn when it is first asked for."""

    def __init__(self, model: Model, sizes: FamilySizes) -> None:
        self._model = model
        self._sizes = sizes
        self.primes = sizes.primes
        self._points: dict[tuple[int, int, bool, bool], ArrayPoint] = {}

    def point(
        self, seed: int, turn: int, *, steps_free: bool = False, free: bool = False
    ) -> ArrayPoint:
        """The point of a region, or of all of them, and a turn, each with primes of its own."""
        from derive.exact.array_points import ArrayPoint

        key = seed, turn, steps_free, free
        if key not in self._points:
            self._points[key] = ArrayPoint(
                self._model, seed, self.primes, turn=turn, steps_free=steps_free, free=free
            )
        return self._points[key]

    def sizes(self, letters: Mapping[str, Formula]) -> FamilySizes:
        """The sizes of the model, and of formulas that use these local definitions.

        The model is measured once; what other formulas have added to what is counted is forgotten.
        """
        self._sizes.begin(
            letters, lambda: any(point.shares_exponentials for point in self._points.values())
        )
        return self._sizes


def terms(model: Model) -> int:
    """How many quantities stand in all definitions together, when these are written out."""
    families = (f for f in model.instances.families if f.definition is not None)
    return sum(len(f) * count_members(f.definition) for f in families if f.definition)


def check_feasible(model: Model) -> None:
    """Raise :class:`InputError` for very many equations that are not computed as arrays."""
    if model.network.layers or array_points(model) is not None:
        return
    count = len(model.definitions)
    if count > MOST_SINGLE or terms(model) > MOST_TERMS:
        raise InputError(
            f"{model.network.name}: {count:,} equations; at most {MOST_SINGLE:,}, and"
            f" {MOST_TERMS:,} quantities in them, where roots are taken or the degree is too high"
            " for equations to be computed as arrays; give smaller sizes"
        )


def array_points(model: Model) -> ArrayPoints | None:
    """The points of a model, if it is large, takes no roots, and its degrees are not too high."""
    return model.known(_made)


def points_apart(model: Model) -> ArrayPoints | None:
    """The same, of which nobody else knows."""
    return None if array_points(model) is None else _made(model)


def real_point(
    model: Model,
    seed: int = 0,
    numbers: Mapping[str, Any] | None = None,
    only: Iterable[str] | None = None,
) -> RealPoint:
    """A point of real numbers, which are arrays where the model is large.

    `only` the quantities that are needed have a value, where they are not arrays.
    """
    if array_points(model) is None:
        return RealPoint(model, seed, only=only, numbers=numbers)
    from derive.exact.array_reals import ArrayRealPoint

    return ArrayRealPoint(model, seed, numbers=numbers)


def forget_arrays(model: Model) -> None:
    """Compute a model no longer as arrays."""
    model.kept[_made] = None


def _made(model: Model) -> ArrayPoints | None:
    few = len(model.quantities) < SMALLEST
    if few and (model.network.layers or terms(model) <= MOST_TERMS):
        return None
    powers = [
        node.exponent
        for template in model.stated
        for node in walk(template)
        if isinstance(node, Power)
    ]
    if not all(isinstance(p, Number) and p.value.denominator == 1 for p in powers):
        return None
    from derive.exact.family_sizes import MOST_PRIMES, FamilySizes

    sizes = FamilySizes(model)
    return ArrayPoints(model, sizes) if sizes.primes <= MOST_PRIMES else None
