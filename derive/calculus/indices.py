"""Formulas with index letters: δ_{c_j}, w_{c_j→d_k}, Σ over k, and what they stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from itertools import product as combinations

from derive.calculus.array_places import ArrayPlaces, by_family
from derive.calculus.array_slopes import directly
from derive.calculus.chain import Chain
from derive.formula import (
    ZERO,
    Array,
    Composite,
    Count,
    Delta,
    Formula,
    Held,
    Member,
    Name,
    Negative,
    Neuron,
    Number,
    Partial,
    Product,
    Renewed,
    SumOver,
    Updated,
    Where,
    is_matrix,
    names_in,
    product,
    total,
    transform,
    way,
)
from derive.formula.index import all_hold, letters_of, placed, values_of
from derive.formula.letters import counting, members_of
from derive.model import Model

ADJOINT = "∂"
"""Before the key of a family: the family of the derivatives of E_total by its members."""


class AbsentError(KeyError):
    """A name with these index numbers does not exist."""


class MissingError(AbsentError):
    """It is that of a weight which the network could have and has not."""


class NoSlopeError(MissingError):
    """A derivative is taken by such a weight."""


class BeyondError(KeyError):
    """A Σ runs to numbers for which a name does not exist."""


def may_be(member: Member, indices: tuple[int, ...]) -> bool:
    """Whether a member has these indices where it has numbers, as b[2,3] is one of b[2,j]."""
    if len(indices) != len(member.indices):
        return False
    return all(own or n == offset for (own, offset), n in zip(member.indices, indices, strict=True))


class Indices:
    """The places of one model's quantities, and the instances of formulas over them."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.within: dict[str, frozenset[int]] = {}
        """The numbers to which an author has limited an index letter: for k = 1, 2."""
        self.backwards = False
        """Whether the factors of a Π stand from the last one to the first."""
        self._fitting: dict[tuple[str, tuple[int | None, ...], int, bool], frozenset[int]] = {}

    def size(self, layer: int) -> int:
        """The number of neurons of a layer."""
        return self.model.network.layers[layer]

    @cached_property
    def families(self) -> dict[str, set[tuple[int, ...]]]:
        """The indices of the members of each family: h_0 to h_3 are those of h."""
        families = self.model.instances.families
        return by_family((family.key, indices) for family in families for indices in family)

    @cached_property
    def arrays(self) -> ArrayPlaces:
        """The vectors and matrices of a network of equations."""
        return ArrayPlaces(self.model)

    @cached_property
    def chain(self) -> Chain:
        """The local derivatives of the model."""
        return Chain(self.model)

    @cached_property
    def span(self) -> tuple[int, int]:
        """The lowest and the highest number that an index can be."""
        numbers = {n for members in self.families.values() for index in members for n in index}
        numbers |= {1, *self.model.network.layers}
        return min(numbers), max(numbers)

    def ranges(
        self, *formulas: Formula, own_letters: bool = True, joined_letters: bool = False
    ) -> dict[str, Sequence[int]]:
        """The free index letters, and the numbers that each may be in all of its places.

        With `own_letters` they are those that the network's file means by a letter; with
        `joined_letters` those are among them that stand beside others only, as m of i − m.
        """
        found: dict[str, set[int]] = {
            letter: set(range(1, size + 1))
            for letter, size in self._neuron_letters(formulas).items()
        }
        kept: dict[str, frozenset[int]] = {}
        joined: set[str] = set()
        for member, bound, in_array in members_of(formulas):
            for place, (letters, offset) in enumerate(member.indices):
                if len(letters) != 1 or letters[0].startswith("-"):
                    joined.update(name for name in letters_of((letters, 0)) if name not in bound)
                    continue
                if letters[0] in bound:
                    continue
                fits = {number - offset for number in self._numbers(member, place, in_array)}
                letter = letters[0]
                found[letter] = found[letter] & fits if letter in found else fits
                own = self._own_letters(member.stem, place).get(letter)
                if own is not None and own_letters:
                    kept[letter] = kept.get(letter, own) & own
        joined.update(counting(formulas))
        for letter in sorted(joined) if joined_letters else ():
            # Of i − m it is only known that it is the number of a member.
            found.setdefault(letter, set(range(self.span[1] - self.span[0] + 1)))
        for letter, own in kept.items():
            found[letter] = found[letter] & own or found[letter]
        return {
            letter: sorted(values & self.within[letter] if letter in self.within else values)
            for letter, values in found.items()
        }

    def _numbers(self, member: Member, place: int, in_array: bool) -> frozenset[int]:
        """The numbers that stand at a place in a family, where a member has those that it has."""
        fixed = tuple(None if own else number for own, number in member.indices)
        key = member.stem, fixed, place, in_array
        if key not in self._fitting:
            families = self.arrays.families if in_array else self.families
            there = families.get(member.stem, ())
            self._fitting[key] = frozenset(at[place] for at in there if may_be(member, at))
        return self._fitting[key]

    def _own_letters(self, stem: str, place: int) -> Mapping[str, frozenset[int]]:
        """The numbers that the letters of the network's file stand for at a place of a family.

        Only where some of them have no number in common, so that the letter says which units are
        meant: a_j, j = 3 to 5; a_k, k = 6, 7.
        """
        runs = self.model.network.runs.get((stem, place), {})
        apart = any(a.isdisjoint(b) for a, b in combinations(runs.values(), repeat=2))
        return runs if apart else {}

    def letters(self, *formulas: Formula) -> dict[str, int]:
        """The free index letters, and how far each runs: to the size of its smallest layer."""
        return {letter: max(v, default=0) for letter, v in self.ranges(*formulas).items()}

    def _neuron_letters(self, formulas: Iterable[Formula]) -> dict[str, int]:
        found: dict[str, int] = {}

        def collect(formula: Formula, bound: frozenset[str]) -> None:
            if isinstance(formula, SumOver):
                bound |= {formula.index}
            if isinstance(formula, Neuron):
                for letter, layer in (
                    (formula.index, formula.layer),
                    (formula.source, formula.layer - 1),
                ):
                    if isinstance(letter, str) and letter not in bound:
                        size = self.size(layer)
                        found[letter] = min(size, found.get(letter, size))
            for part in formula.parts():
                collect(part, bound)

        for formula in formulas:
            collect(formula, frozenset())
        return found

    choices = staticmethod(values_of)

    def instance(self, formula: Formula, chosen: Mapping[str, int]) -> Formula:
        """`formula` with index letters replaced by numbers and Σ written out.

        A neuron some of whose letters are not chosen stays as it is. Raises :class:`AbsentError`
        for a name that does not exist. A weight that is missing counts as 0, but there is no
        derivative by it (:class:`MissingError`). Terms of a Σ are left out where such a derivative
        is a factor of them, and those of a Σ without limits where a name does not exist; the
        numbers of a Σ with limits are the author's, and it is a :class:`BeyondError` if a name does
        not exist for one of them. Of a choice by conditions only what is chosen has to exist.
        """

        def rule(node: Formula) -> Formula | None:
            found = way(self, node)
            return None if found is None else found(node, chosen)

        return transform(formula, rule)

    def of_sum_over(self, node: SumOver, chosen: Mapping[str, int]) -> Formula:
        terms = self._terms(node, chosen)
        if not node.multiplies:
            return total(terms)
        links = [term for term in terms if isinstance(term, Partial) and is_matrix(term)]
        if not terms and isinstance(node.body, Where):
            return node.body.otherwise
        if len(links) < len(terms) or len(terms) < 2:
            return product(reversed(terms) if self.backwards else terms)
        # Of the derivatives in a chain nobody says in which order Π has them: it is the chain's.
        for chain in (links, links[::-1]):
            if all(one.by == _core(other.of) for one, other in pairwise(chain)):
                return Composite(tuple(chain))
        return product(terms)

    def of_partial(self, node: Partial, chosen: Mapping[str, int]) -> Formula | None:
        if isinstance(node.of, Held):
            return self._held(node.of, node.by, chosen)
        if not isinstance(node.by, Neuron):
            return None
        try:
            by = self._neuron(node.by, chosen)
        except MissingError as error:
            raise NoSlopeError(*error.args) from None
        return Partial(self.instance(node.of, chosen), by)

    def _held(self, of: Held, by: Formula, chosen: Mapping[str, int]) -> Formula:
        """∂f(x, h)/∂x; of numbers the derivative itself."""
        made, below = self.instance(of, chosen), self.instance(by, chosen)
        assert isinstance(made, Held)
        held = [one.name for one in made.arguments if isinstance(one, Name)]
        numbers = len(held) == len(made.arguments) and isinstance(below, Name)
        if not isinstance(made.of, Name) or not numbers:
            return Partial(made, below)
        return directly(self.chain, made.of.name, names_in(below)[0], held or None)

    def of_neuron(self, node: Neuron, chosen: Mapping[str, int]) -> Formula:
        try:
            return self._neuron(node, chosen)
        except MissingError:
            return ZERO

    def of_renewed(self, node: Renewed, chosen: Mapping[str, int]) -> Formula:
        of = self.instance(node.of, chosen)
        if isinstance(of, Name):
            return Updated(of.name)
        # A weight that is missing stays 0.
        return of if isinstance(of, Number) else Renewed(of)

    def of_count(self, node: Count, chosen: Mapping[str, int]) -> Formula:
        letters, number = placed(node.index, chosen)
        return Count((letters, number)) if letters else Number(Fraction(number))

    def of_array(self, node: Array, chosen: Mapping[str, int]) -> Formula:
        if isinstance(node.of, Name):
            return node
        return Array(self._member(node.of, chosen, self.arrays.name))

    def of_member(self, node: Member, chosen: Mapping[str, int]) -> Formula:
        return self._member(node, chosen, self.model.member)

    def of_where(self, node: Where, chosen: Mapping[str, int]) -> Formula:
        """What is chosen; both, while it is open what the letters of the conditions are."""
        tests = node.placed(chosen)
        holds = all_hold(tests)
        if holds is not None:
            return self.instance(node.then if holds else node.otherwise, chosen)
        return Where(tests, self.instance(node.then, chosen), self.instance(node.otherwise, chosen))

    def _terms(self, node: SumOver, chosen: Mapping[str, int]) -> list[Formula]:
        """The terms of a Σ whose names exist; some have to."""
        terms: list[Formula] = []
        beyond: AbsentError | None = None
        for n in range(node.lower, node.upper + 1):
            try:
                body, here = node.body, {**chosen, node.index: n}
                while isinstance(body, Where) and (holds := all_hold(body.placed(here))):
                    body = body.then
                if isinstance(body, Where) and holds is False:
                    # This number is not among those that are counted.
                    continue
                terms.append(self.instance(body, here))
            except AbsentError as error:
                missing = isinstance(error, MissingError)
                if missing and not _has_slope_as_factor(node.body):
                    raise
                if not missing and not node.bare:
                    raise BeyondError(*error.args) from None
                beyond = error
        if beyond is not None and not terms:
            raise beyond
        return terms

    def _neuron(self, node: Neuron, chosen: Mapping[str, int]) -> Formula:
        index = chosen.get(node.index, node.index) if isinstance(node.index, str) else node.index
        source = (
            chosen.get(node.source, node.source) if isinstance(node.source, str) else node.source
        )
        if isinstance(index, str) or isinstance(source, str):
            return Neuron(node.kind, node.layer, index, source)
        if self.is_missing(node.kind, node.layer, index, source):
            raise MissingError(f"there is no weight from {source} to {index} in layer {node.layer}")
        kind = "net" if node.kind == "delta" else node.kind
        name = self.model.neuron(kind, node.layer, index, source)
        if name is None:
            raise AbsentError(f"{kind} {index} of layer {node.layer}")
        return Delta(name) if node.kind == "delta" else Name(name)

    def is_missing(self, kind: str, layer: int, index: int, source: int | None) -> bool:
        """Whether this is a weight that the network could have and has not."""
        if kind != "weight" or source is None or self.model.neuron(kind, layer, index, source):
            return False
        sizes = self.model.network.layers
        within = 1 <= layer < len(sizes) and 1 <= index <= sizes[layer]
        return within and 1 <= source <= sizes[layer - 1] and bool(self.model.network.missing)

    @staticmethod
    def _member(
        node: Member,
        chosen: Mapping[str, int],
        named: Callable[[str, tuple[int, ...]], str | None],
    ) -> Name | Member:
        indices = [placed(index, chosen) for index in node.indices]
        if any(letters for letters, _ in indices):
            return Member(node.stem, tuple(indices))
        numbers = tuple(number for _, number in indices)
        name = named(node.stem, numbers)
        if name is None:
            raise AbsentError(f"{node.stem}_{numbers}")
        return Name(name)


def _core(formula: Formula) -> Formula:
    return formula.of if isinstance(formula, Held) else formula


def _has_slope_as_factor(body: Formula) -> bool:
    """Whether a term is a derivative, or a product with one: without it there is no term."""
    if isinstance(body, Negative | SumOver):
        return _has_slope_as_factor(body.parts()[0])
    factors = body.factors if isinstance(body, Product) else (body,)
    return any(isinstance(factor, Partial) for factor in factors)
