"""The points at which what the program derives is checked, as many as the sizes ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from derive.errors import InputError
from derive.exact.bounds import Size
from derive.exact.large import array_points, check_feasible, forget_arrays, points_apart
from derive.exact.points import Point, is_active_region_only
from derive.exact.region_points import MOST_TURNS, EveryRegion, TooManyRegionsError
from derive.exact.roots import Roots
from derive.exact.sizes import Sizes, points_needed
from derive.formula import Formula
from derive.model import Model


class TooHighError(InputError):
    """The degree of formulas is too high for any number of points."""


class Checking:
    """Consistent points of one model, modulo several primes if one is not enough for a proof.

    Where functions have kinks the points lie in so many `regions`, chosen at random; where roots
    are taken, on every branch of these. `letters` are local definitions that the equations use.
    Points that are `apart` are shared with no other checking.
    """

    def __init__(
        self,
        model: Model,
        seed: int = 0,
        regions: int = 1,
        letters: Mapping[str, Formula] | None = None,
        *,
        apart: bool = False,
    ) -> None:
        self.model = model
        self.jumps = is_active_region_only(model)
        """Whether the points speak for some regions only, and so are a test and no proof."""
        self._seed = seed
        self._letters = dict(letters or {})
        self._regions = regions
        self._turns: list[Sequence[Point]] = []
        self._sizes: Sizes | None = None
        check_feasible(model)
        self.arrays = points_apart(model) if apart else array_points(model)
        """The points of a large model of families, which all checkings share; else nothing."""

    def points(self, turn: int = 0) -> Sequence[Point]:
        """A point for each region or branch; those of another turn have other primes."""
        while len(self._turns) <= turn:
            self._turns.append(self._made(len(self._turns)))
        return self._turns[turn]

    def _made(self, turn: int) -> Sequence[Point]:
        model = self.model
        if self.arrays is not None:
            count = self._regions if self.jumps else 1
            points = (self.arrays.point(seed, turn) for seed in range(count))
            return [point.with_letters(self._letters) for point in points]
        if model.known(Roots).branch([*model.stated, *self._letters.values()]):
            try:
                return EveryRegion(model, turn, self._letters).points()
            except TooManyRegionsError:
                raise InputError(
                    f"{model.network.name}: there are too many square roots, and pieces of"
                    " functions, to prove the gradients for all of their signs"
                ) from None
        count = self._regions if self.jumps else 1
        return [Point(model, self._seed + n, self._letters, turn=turn) for n in range(count)]

    @property
    def sizes(self) -> Sizes:
        """The sizes of the model's quantities.

        They are larger once a point has met logarithms, or functions with a common exponential.
        """
        points = self.points()
        if self.arrays is not None:
            self._sizes = self._sizes or self.arrays.sizes(self._letters)
            return self._sizes
        composed = any(point.meets_logarithms for point in points)
        if self._sizes is None or (composed and not self._sizes.composed):
            self._sizes = Sizes(self.model, composed=composed, letters=self._letters)
        return self._sizes

    def turns_for(self, lost: float) -> int:
        """How many turns are a proof for equations that are lost by so much."""
        needed = points_needed(lost, len(self.points()))
        if needed is None or needed > MOST_TURNS:
            raise TooHighError(
                f"{self.model.network.name}: the degree of the formulas is too high to prove them"
                " at random points; nothing was written"
            )
        return needed

    def turns(self, values: Sequence[Size]) -> Iterator[int]:
        """The turns that are a proof for equations of such sizes.

        How many there are is asked after the first: what a point meets may make sizes larger.
        """
        yield 0
        yield from range(1, self.turns_for(self.sizes.lost_of(values)))

    def agree(self, *sides: Formula) -> bool:
        """Whether all sides have the same value at as many points as are a proof.

        Raises :class:`~derive.errors.InputError` where no number of points is one.
        """
        if not self._same(sides, 0):
            return False
        try:
            turns = self.turns_for(self.sizes.lost(*sides))
        except TooHighError:
            if self.arrays is None:
                raise
            self._give_up_arrays()
            return self.agree(*sides)
        return all(self._same(sides, turn) for turn in range(1, turns))

    def by_arrays(self, job: Callable[[], None]) -> bool:
        """Whether the model has arrays, and a job that needs them could be done with them."""
        if self.arrays is None:
            return False
        try:
            job()
        except TooHighError:
            self._give_up_arrays()
            return False
        return True

    def _give_up_arrays(self) -> None:
        """Modulo small primes the degrees are too high: go on with single numbers."""
        forget_arrays(self.model)
        check_feasible(self.model)
        self.arrays, self._sizes = None, None
        self._turns.clear()

    def _same(self, sides: Sequence[Formula], turn: int) -> bool:
        first, *others = sides
        return all(
            point.value(first) == point.value(other)
            for point in self.points(turn)
            for other in others
        )
