"""Formulas as rational functions in independent atoms: the exact comparison.

The value of a sigmoid or tanh is an atom, for it is algebraically independent of everything it is
computed from; e^(−net) is then (1 − out)/out. ReLU is h·net with an atom h for which h² = h. Two
formulas are equal exactly when the difference of their cross products is 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from sympy.polys.domains import QQ
from sympy.polys.orderings import lex
from sympy.polys.rings import PolyElement, PolyRing

from derive.exact.consistent import Consistent
from derive.exact.residues import NoValueError
from derive.exact.unit_steps import (
    TooManyStepsError,
    is_not_zero,
    reduced,
    without_common_steps,
    without_content,
)
from derive.formula import (
    ZERO,
    Call,
    Cases,
    Delta,
    Formula,
    Letter,
    Name,
    Partial,
    Updated,
    evaluate,
    names_in,
    walk,
)
from derive.functions import BY_SYMBOL
from derive.functions.dual import Dual, Element
from derive.model import Model, Role

MOST_ATOMS = 400
"""Quantities on which formulas may depend."""
MOST_WORK = 100_000
SWELLING = 10
"""How much more a product of terms counts where quotients of sums are multiplied."""
SPARE_LETTERS = 6
"""Atoms for letters of formulas, and values of functions at new arguments."""
PER_FUNCTION = 2
"""Atoms for the steps and values of each function that is no atom itself."""
SPARE_STEPS = 2


class TooLargeError(ArithmeticError):
    """The exact form is too large, or outside of what polynomials can say."""


class Ratio(Element):
    """A quotient of polynomials that is never cancelled: only its zeros are asked for."""

    __slots__ = ("bottom", "home", "top")

    def __init__(self, top: PolyElement, bottom: PolyElement, home: ExactValues) -> None:
        self.top = top
        self.bottom = bottom
        self.home = home

    def _of(self, other: Any) -> Ratio:
        return other if isinstance(other, Ratio) else self.home.constant(Fraction(other))

    def __add__(self, other: Any) -> Ratio:
        other = self._of(other)
        if self.bottom == other.bottom:
            return Ratio(self.top + other.top, self.bottom, self.home)
        times = self.home.multiplied
        top = times(self.top, other.bottom) + times(other.top, self.bottom)
        return Ratio(top, times(self.bottom, other.bottom), self.home)

    def __neg__(self) -> Ratio:
        return Ratio(-self.top, self.bottom, self.home)

    def __mul__(self, other: Any) -> Ratio:
        other = self._of(other)
        bottom = other.bottom if self.bottom.is_one else self.bottom
        if not (self.bottom.is_one or other.bottom.is_one):
            bottom = self.home.multiplied(self.bottom, other.bottom)
        return Ratio(self.home.multiplied(self.top, other.top), bottom, self.home)

    def __truediv__(self, other: Any) -> Ratio:
        other = self._of(other)
        if not other.top:
            raise NoValueError("a division by 0")
        return self * Ratio(other.bottom, other.top, self.home)

    def __pow__(self, exponent: int) -> Ratio:
        if exponent < 0:
            return self._of(1) / self**-exponent
        result = self._of(1)
        for _ in range(exponent):
            result = result * self
        return result


class ExactValues(Consistent):
    """Formulas of one model as ratios of polynomials in the atoms that they need."""

    most_work: int | None = MOST_WORK
    """Products of terms that the values of the quantities may take; nothing for any number."""

    def __init__(self, model: Model, formulas: Sequence[Formula] | None = None) -> None:
        """Values for `formulas` alone, or for whatever comes, over all atoms of a small model."""
        if formulas is None:
            needed, free = set(model.quantities), ["eta"]
        else:
            needed, free = _needed(model, formulas)
        if len(needed) > MOST_ATOMS:
            raise TooLargeError
        self._begin(model, needed, free, formulas or ())

    def _begin(
        self, model: Model, needed: set[str], free: Sequence[str], formulas: Sequence[Formula] = ()
    ) -> None:
        """Values of these quantities, over a ring that has atoms for the `free` letters, too."""
        atoms = [n for n in model.quantities if n in needed and _is_atom(model, n)]
        nodes = [n for name in needed for n in walk(model.definitions.get(name, ZERO))]
        nodes += [node for formula in formulas for node in walk(formula)]
        others = sum(isinstance(n, Call) and not BY_SYMBOL[n.function].own for n in nodes)
        others += sum(isinstance(n, Cases) for n in nodes)
        others = min(others * PER_FUNCTION + SPARE_STEPS, MOST_ATOMS)
        self._steps = [f"step {n}" for n in range(others)]
        self._spare = [f"letter {n}" for n in range(SPARE_LETTERS + others)]
        generators = [*self._steps, *atoms, *free, *self._spare]
        self._ring_of_atoms = PolyRing(generators, QQ, lex)
        self._atoms = dict(zip(generators, self._ring_of_atoms.gens, strict=True))
        self._idempotent = len(self._steps)
        self._apart: list[tuple[int, int]] = []
        self._arguments: dict[int, tuple[PolyElement, PolyElement]] = {}
        self._nets: dict[tuple[str, PolyElement, PolyElement], str] = {}
        self._tabled: dict[tuple[str, PolyElement, PolyElement], Ratio] = {}
        self.work, self._limit = 0, self.most_work
        # Quotients of sums of exponentials swell, and long monomials are slow to multiply.
        # Where derivatives jump there is nothing else that proves.
        self._cost = SWELLING * max(1, len(generators) // 32) if any(map(_swells, nodes)) else 1
        Consistent.__init__(self, model, {}, needed)

    def equal(self, left: Formula, right: Formula, limit: int) -> bool:
        """Whether both sides are the same.

        Raises :class:`TooLargeError` when it takes more than `limit` products of terms; how many it
        took is then in `work`.
        """
        self.work, self._limit = 0, limit
        return not (self.value(left) - self.value(right)).top

    def multiplied(self, a: PolyElement, b: PolyElement) -> PolyElement:
        """a·b, with h² = h."""
        self.work += len(a) * len(b) * self._cost
        if self._limit is not None and self.work > self._limit:
            raise TooLargeError
        return self._reduced(a * b)

    def constant(self, value: Fraction) -> Ratio:
        ring = self._ring_of_atoms
        return Ratio(ring(QQ(value.numerator, value.denominator)), ring.one, self)

    def given(self, name: str) -> Ratio:
        if name not in self._atoms:
            self._atoms[name] = self._atoms[_taken(self._spare)]
        return Ratio(self._atoms[name], self._ring_of_atoms.one, self)

    def quantity(self, name: str) -> Ratio:
        if _is_atom(self.model, name):
            definition = self.model.definitions.get(name)
            if isinstance(definition, Call) and all(
                x in self.values for x in self.model.inputs_of[name]
            ):
                net = evaluate(definition.argument, self._ring).value
                self._nets.setdefault((definition.function, net.top, net.bottom), name)
            return self.given(name)
        return super().quantity(name)  # type: ignore[no-any-return]

    def _reduced(self, value: PolyElement) -> PolyElement:
        """h² = h for every step atom; these come first among the generators."""
        count = self._idempotent
        return value if len(self._steps) == count else reduced(value, count, self._apart)

    def root(self, base: Ratio, exponent: Fraction) -> Ratio:
        raise TooLargeError

    def function(self, node: Call, argument: Dual) -> Dual:
        row = BY_SYMBOL[node.function]
        if row.own and row.slope is not None and node.primes < 2:
            value = self._output_of(node.function, argument.value)
            if value is not None:
                steep = row.slope(None, value, None)
                return Dual(steep) if node.primes else argument.lifted(value, steep)
        return super().function(node, argument)  # type: ignore[no-any-return]

    def chosen(self, x: Ratio, positive: Dual, otherwise: Dual) -> Dual:
        if not x.top:
            return otherwise
        step = self._step(x)
        return positive * step + otherwise * (1 - step)

    def _step(self, x: Ratio) -> Ratio:
        """The unit step of x: an atom, one and the same for one x.

        step(c·x) is step(x) for a number c > 0, step(h·x) is h·step(x) for another step h, and
        step(−x) is [x ≠ 0] − step(x).
        """
        one, steps = self._ring_of_atoms.one, self._idempotent
        common, top = without_common_steps(without_content(x.top), steps)
        bottom = without_content(x.bottom)
        known = self._tabled.get(("step", top, bottom))
        if known is None:
            opposite = self._tabled.get(("step", -top, bottom))
            if opposite is not None:
                try:
                    known = Ratio(is_not_zero(top, steps), one, self) - opposite
                except TooManyStepsError:
                    raise TooLargeError from None
            else:
                known = self.given(_taken(self._steps))
                place = len(self._steps)
                for other, (its_top, its_bottom) in self._arguments.items():
                    # x − 1 and −x − 1 are not both positive.
                    gap = top + its_top
                    if bottom == its_bottom and bottom.is_one and gap.is_ground and gap.LC < 0:
                        self._apart.append((other, place))
                self._arguments[place] = (top, bottom)
                self._tabled["step", top, bottom] = known
        return Ratio(common, one, self) * known

    def _value_of(self, kind: str, x: Ratio) -> Ratio:
        """An atom for the value of a function at x, one and the same for one x."""
        key = (kind, x.top, x.bottom)
        if key not in self._tabled:
            self._tabled[key] = self.given(_taken(self._spare))
        return self._tabled[key]

    def log_of(self, x: Ratio) -> Ratio:
        if not x.top:
            raise NoValueError("the logarithm of 0")
        return self._value_of("log", x)

    def normal_of(self, x: Ratio) -> Ratio:
        if not x.top:
            return self.constant(Fraction(1, 2))
        negative = self._tabled.get(("normal", -x.top, x.bottom))
        return 1 - negative if negative is not None else self._value_of("normal", x)

    def density_of(self, x: Ratio) -> Ratio:
        negative = self._tabled.get(("density", -x.top, x.bottom))
        return negative if negative is not None else self._value_of("density", x)

    def _output_of(self, function: str, net: Ratio) -> Ratio | None:
        """The output of a neuron with this function and net input."""
        out = self._nets.get((function, net.top, net.bottom))
        return None if out is None else self.given(out)

    def _part(self, x: Ratio, k: int) -> Ratio:
        """x/k, for which no products of terms are taken."""
        return Ratio(x.top.mul_ground(QQ(1, k)), x.bottom, self)

    def exp_of(self, x: Ratio) -> Ratio:
        """e^(k·net) through the output, (out/(1 − out))^k for a sigmoid; else an atom."""
        if not x.top:
            return self.constant(Fraction(1))
        for k in (1, -1, 2, -2, 4, -4):
            part = self._part(x, k)
            sig, tanh = (self._output_of(name, part) for name in ("sig", "tanh"))
            if sig is not None:
                return (sig / (1 - sig)) ** k
            if tanh is not None and k % 2 == 0:
                return ((1 + tanh) / (1 - tanh)) ** (k // 2)
        for k in (-1, 2, -2):
            part = self._part(x, k)
            known = self._tabled.get(("exp", part.top, part.bottom))
            if known is not None:
                return known**k
        return self._value_of("exp", x)


def _taken(names: list[str]) -> str:
    """The last of the names of atoms that are left."""
    if not names:
        raise TooLargeError
    return names.pop()


def _swells(node: Formula) -> bool:
    """Whether this is a function whose values make quotients: neither an atom nor in pieces."""
    if not isinstance(node, Call):
        return False
    row = BY_SYMBOL[node.function]
    return not (row.own or row.kinked)


def _is_atom(model: Model, name: str) -> bool:
    """Whether a quantity stands for itself: given, or algebraically independent of its inputs."""
    definition = model.definitions.get(name)
    if definition is None:
        return name not in model.conditions
    return isinstance(definition, Call) and BY_SYMBOL[definition.function].own


def _needed(model: Model, formulas: Iterable[Formula]) -> tuple[set[str], list[str]]:
    """The quantities that formulas lead to, and their letters."""
    nodes = [node for formula in formulas for node in walk(formula)]
    free = {node.name: None for node in nodes if isinstance(node, Letter)}
    if any(isinstance(node, Updated) for node in nodes):
        free["eta"] = None
    # A function at an argument without a name may be the output of any net input.
    calls = any(isinstance(n, Call) and not isinstance(n.argument, Name) for n in nodes)
    todo = [name for node in nodes for name in _starts(model, node)]
    if calls:
        todo += [quantity.name for quantity in model.having(Role.OUTPUT)]
    needed: set[str] = set()
    while todo:
        name = todo.pop()
        if name in needed:
            continue
        needed.add(name)
        if len(needed) > MOST_ATOMS:
            raise TooLargeError
        if name not in model.definitions:
            todo += names_in(model.conditions.get(name, ZERO))
        elif calls or not _is_atom(model, name):
            todo += model.inputs_of[name]
    return needed, list(free)


def _starts(model: Model, node: Formula) -> Iterator[str]:
    """The quantities of which one has to know something to know the value of a node."""
    match node:
        case Name(name):
            yield name
        case Call(argument=Name(name)):
            yield from (name, *model.used_in[name])
        case Updated(by) | Delta(by) | Partial(by=Name(by)):
            for name in model.downstream(by):
                yield from (name, *model.inputs_of.get(name, ()))
