"""The backward pass of a network of equations, a line for each family of quantities.

That of a large network is found in small, and proved at its size.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from math import prod

from derive.calculus.chain import Chain
from derive.calculus.common import Common
from derive.calculus.general import failing
from derive.calculus.indices import Indices
from derive.calculus.narration.backward import backward, reading_order
from derive.errors import InputError, ProofError
from derive.exact.checking import Checking
from derive.exact.large import MOST_SINGLE, SMALLEST, array_points
from derive.exact.points import NoValueError
from derive.formula import (
    Equation,
    Formula,
    Member,
    Name,
    Partial,
    SumOver,
    equation,
    signs_out,
    transform,
    walk,
)
from derive.formula.letters import reindexed
from derive.model import Model
from derive.model.families import Key, member
from derive.model.shrunk import NotWidenedError, Shrunk

TIME = "t"
"""The letter that counts steps of time, and nothing else."""
LETTERS = "kjimnlpqrs"
MOST_INSTANCES = 400
MOST_LAYERS = 4
"""Numbers of an index for each of which a rule of its own is looked for."""
REGIONS = 4

Instance = tuple[tuple[int, ...], str, Equation]
"""The indices of a quantity, its name, and the equation that is about it."""


@dataclass(frozen=True)
class Rule:
    """An equation for the members of a family whose letters run through these ranges.

    A quantity that stands for itself has no ranges.
    """

    equation: Equation
    ranges: Mapping[str, tuple[int, int]]
    of: Formula

    @property
    def runs(self) -> dict[str, range]:
        """The numbers that each letter runs through."""
        return {letter: range(low, high + 1) for letter, (low, high) in self.ranges.items()}


class Rules(Common):
    """Finds and proves the rules of one network."""

    def __init__(self, chain: Chain) -> None:
        super().__init__(chain)
        # Those of the file come first where a letter for a sum is looked for.
        self._own = dict(chain.model.network.letters)
        for key, letters in stated_letters(chain.model).items():
            self._own.setdefault(key, letters)
        own = [letter for letters in self._own.values() for letter in letters]
        self._free = [c for c in dict.fromkeys([*own, *LETTERS]) if c not in self.model.quantities]
        self._indices = Indices(self.model)
        self._checking = Checking(self.model, 7, REGIONS)

    def adjoints(self) -> list[Rule]:
        """The derivatives of the error by what lies between, from the back."""
        names = reading_order(self.model, self.chain.deltas)
        return self._rules(names, backward(self.chain, names))

    def gradients(self) -> list[Rule]:
        """The gradients of the weights."""
        names = list(self.model.parameters)
        equations = [equation(self.by(n), signs_out(self.chain.gradients[n])) for n in names]
        return self._rules(names, equations)

    def stated(self, names: Sequence[str]) -> list[Rule]:
        """What the quantities of these names are, a sum that is written out as a Σ."""
        found = self.model.definitions
        return self._rules(names, [equation(Name(name), found[name]) for name in names])

    def adjoint_chains(self) -> list[Rule]:
        """The chain rule for each of the :meth:`adjoints`: a product for every use."""
        names = reading_order(self.model, self.chain.deltas)
        return self._rules(names, [equation(self.by(n), self.links(n)) for n in names])

    def _rules(self, names: Sequence[str], equations: Sequence[Equation]) -> list[Rule]:
        """Rules for all of these: family by family, and in each in the order of the names."""
        families: dict[tuple[str, int], list[Instance]] = {}
        places = {name: place for place, name in enumerate(names)}
        for name, e in zip(names, equations, strict=True):
            stem, indices = self.place(name)
            families.setdefault((stem, len(indices)), []).append((indices, name, e))
        found: list[Rule] = []
        for family in families.values():
            steps = self._steps(family)
            rules = [self._in_time(rule, steps) for rule in self._family(sorted(family))]
            found += sorted(rules, key=lambda rule: min(map(places.__getitem__, self._named(rule))))
        return found

    def _steps(self, family: Sequence[Instance]) -> set[int]:
        """The numbers of the steps of time of these, if they have any."""
        place = self._place_of_time(*self.place(family[0][1]))
        return set() if place is None else {at[place] for at, _, _ in family}

    def _place_of_time(self, stem: str, indices: Sequence[object]) -> int | None:
        own = self._own.get((stem, len(indices)), ())
        return own.index(TIME) if TIME in own else None

    def _in_time(self, rule: Rule, steps: Collection[int]) -> Rule:
        """A rule for the first of two steps with the letter of time, as it would be for many.

        What is of the next step is of t + 1 there.
        """
        first = min(steps, default=0)
        if len(steps) != 2 or TIME in rule.ranges:
            return rule
        found: set[int] = set()

        def timed(node: Formula) -> Formula | None:
            of = node
            if isinstance(node, Name) and node.name in self.model.quantities:
                stem, at = self.place(node.name)
                of = member(stem, *at)
            place = self._place_of_time(of.stem, of.indices) if isinstance(of, Member) else None
            if not isinstance(of, Member) or place is None or of.indices[place][0]:
                return None
            found.add(of.indices[place][1])
            written = list(of.indices)
            written[place] = ((TIME,), of.indices[place][1] - first)
            return Member(of.stem, tuple(written))

        sides = [transform(side, timed) for side in rule.equation.sides]
        if found != {first, first + 1}:
            return rule
        written = equation(*sides)
        return Rule(written, {**rule.ranges, TIME: (first, first)}, _varied(written.left))

    def _named(self, rule: Rule) -> Iterator[str]:
        """The quantities that a rule is about."""
        for chosen in self._indices.choices(rule.runs):
            of = self._indices.instance(rule.of, chosen)
            assert isinstance(of, Name)
            yield of.name

    def _family(self, family: list[Instance]) -> Iterable[Rule]:
        """One rule for all, or for all but the last or first, also along one index; or none."""
        alone = [Rule(e, {}, Name(name)) for _, name, e in family]
        if len(family) == 1 and not family[0][0]:
            rule = self._rule(family)
            return alone if rule is None else [rule]
        rule, left = self._for_most(family)
        if rule is not None:
            return [*(alone[family.index(one)] for one in left), rule]
        for inside, end in _ends(family):
            rule = self._rule(inside)
            if rule is not None:
                return [*self._family(end), rule]
        for some in _layers(family):
            found = [rule for part in some for rule in self._family(part)]
            if len(found) < len(family):
                return found
        return alone

    def _for_most(self, family: list[Instance]) -> tuple[Rule | None, list[Instance]]:
        """One rule for all, or for all but the last or the first of them, with who is left out."""
        for begin, end in ((0, 0), (0, 1), (1, 0)):
            some = family[begin : len(family) - end]
            rule = self._rule(some) if len(some) > 1 else None
            if rule is not None:
                return rule, [one for one in family if one not in some]
        return None, family

    def _rule(self, family: list[Instance]) -> Rule | None:
        letters = self._letters_of(*self.place(family[0][1]))
        spare = [c for c in self._free if c not in letters]
        # An index that is the same in all of them is a number, and has no letter.
        varied = [len(set(column)) > 1 for column in zip(*(at for at, _, _ in family), strict=True)]
        own = [[*compress(zip(letters, at, strict=True), varied)] for at, _, _ in family]
        chosen = list(map(dict, own))
        ranges = {c: (min(x[c] for x in chosen), max(x[c] for x in chosen)) for c in chosen[0]}
        lefts = [(c, e.left) for c, (_, _, e) in zip(chosen, family, strict=True)]
        left = self.formula(lefts)
        for side in (1, -1):
            cases = [
                (c, signs_out(e.sides[side])) for c, (_, _, e) in zip(chosen, family, strict=True)
            ]
            right = self.formula(cases, spare)
            if left is None or right is None:
                continue
            right = self._timed(right, ranges)
            rule = Rule(equation(left, right), ranges, _varied(left))
            if (len(family) > 1 or right != cases[0][1]) and self._holds(rule):
                return rule
        return None

    def _timed(self, formula: Formula, taken: Collection[str]) -> Formula:
        """A formula in which t is the letter of a Σ over time, and of no other; or is `taken`."""

        def rule(node: Formula) -> Formula | None:
            if not isinstance(node, SumOver):
                return None
            body = transform(node.body, rule)
            members = [n for n in walk(body) if isinstance(n, Member)]
            used = {x for n in members for x in n.letters} | {*taken}
            counts = any(self._counts_time(n, node.index) for n in members)
            letter = node.index
            if counts and TIME not in used:
                letter = TIME
            elif not counts and letter == TIME:
                letter = next(c for c in self._free if c not in used)
            return replace(node, index=letter, body=reindexed(body, {node.index: ((letter,), 0)}))

        return transform(formula, rule)

    def _counts_time(self, of: Member, letter: str) -> bool:
        """Whether a letter stands at the place of time in a member of a family."""
        own = self._own.get((of.stem, len(of.indices)), ())
        places = zip(of.indices, own, strict=False)
        return any(letters == (letter,) and x == TIME for (letters, _), x in places)

    def _letters_of(self, stem: str, indices: tuple[int, ...]) -> tuple[str, ...]:
        """The letters with which a family is written, or others."""
        stated = self._own.get((stem, len(indices)), ())
        if stated and not set(stated) & self.model.quantities.keys():
            return stated
        return tuple(self._free[: len(indices)])

    def _holds(self, rule: Rule) -> bool:
        """Whether a rule holds for every number that fits everywhere in it."""
        ranges = self._indices.ranges(*rule.equation.sides)
        if prod(map(len, ranges.values())) > MOST_INSTANCES:
            return False
        try:
            if failing(self._checking, self._indices, rule.equation, ranges) is not None:
                return False
        except (KeyError, NoValueError):
            return False
        return all({*run} <= {*ranges.get(letter, ())} for letter, run in rule.runs.items())


def stated_letters(model: Model) -> dict[Key, tuple[str, ...]]:
    """The letters of each family in its definition, or of its members in those of others."""
    stated = [f for f in model.instances.families if f.definition is not None]
    found = {family.array: family.letters for family in stated}
    for family in stated:
        for node in walk(family.stated):
            if isinstance(node, Member):
                letters = [own for own, offset in node.indices if len(own) == 1 and not offset]
                names = tuple(letter for own in letters for letter in own)
                if len(set(names)) == len(node.indices):
                    found.setdefault((node.stem, len(names)), names)
    return found


def _ends(family: Sequence[Instance]) -> Iterator[tuple[list[Instance], list[Instance]]]:
    """All but those with the last or first number of one index, and these."""
    for axis in range(len(family[0][0])):
        numbers = [indices[axis] for indices, _, _ in family]
        for end in (max(numbers), min(numbers)):
            inside = [one for one in family if one[0][axis] != end]
            if 1 < len(inside) < len(family) - 1:
                yield inside, [one for one in family if one[0][axis] == end]


def _layers(family: Sequence[Instance]) -> Iterator[list[list[Instance]]]:
    """Those with each number of one index apart, where it has a few, as layers have."""
    for axis in range(len(family[0][0])):
        numbers = sorted({indices[axis] for indices, _, _ in family})
        if 1 < len(numbers) <= MOST_LAYERS and len(numbers) < len(family):
            yield [[one for one in family if one[0][axis] == number] for number in numbers]


def _varied(left: Formula) -> Formula:
    """The quantity that a rule differentiates by, or says the value of."""
    return left.by if isinstance(left, Partial) else left


def spoken_ranges(rules: Iterable[Rule]) -> list[tuple[list[str], int, int, list[Formula]]]:
    """Letters with their range, and the families for which they have that range.

    No families for letters that have the same range in all rules.
    """
    found: dict[tuple[str, int, int], list[Formula]] = {}
    for rule in rules:
        for letter, (low, high) in rule.ranges.items():
            found.setdefault((letter, low, high), []).append(rule.of)
    ambiguous = [letter for letter, _, _ in found]
    spoken: dict[tuple[int, int, tuple[Formula, ...]], list[str]] = {}
    for (letter, low, high), of in sorted(found.items(), key=lambda item: item[0]):
        where = tuple(of) if ambiguous.count(letter) > 1 else ()
        spoken.setdefault((low, high, where), []).append(letter)
    return [(letters, low, high, list(of)) for (low, high, of), letters in spoken.items()]


def backward_rules(chain: Chain) -> tuple[list[Rule], list[Rule]]:
    """The rules of the derivatives by all that lies between, from the back, and of the gradients.

    Raises :class:`~derive.errors.InputError` where very many have no rule.
    """
    model = chain.model
    found = None if array_points(model) is None else _widened(chain)
    if found is None:
        if len(model.definitions) > MOST_SINGLE:
            raise InputError(
                f"{model.network.name}: the derivatives of its families are not found in a few"
                f" lines, and {len(model.definitions):,} are too many to be stated one by one; give"
                " smaller sizes"
            )
        rules = Rules(chain)
        return rules.adjoints(), rules.gradients()
    return found


def _widened(chain: Chain) -> tuple[list[Rule], list[Rule]] | None:
    """The rules of the small model at the size of the large one; nothing where they do not fit."""
    model = chain.model
    try:
        shrunk = Shrunk(model)
        if len(shrunk.model.quantities) >= SMALLEST:
            return None
        rules = Rules(Chain(shrunk.model))
        adjoints, gradients = (
            [_large(shrunk, rule) for rule in found]
            for found in (rules.adjoints(), rules.gradients())
        )
    except (KeyError, NotWidenedError):
        return None
    all_are_there = _count(adjoints) == len(chain.deltas)
    if not (all_are_there and _count(gradients) == len(model.parameters)):
        return None
    checking = Checking(model, 7, REGIONS)
    try:
        if not checking.by_arrays(lambda: _prove(checking, [*adjoints, *gradients])):
            return None
    except ProofError:
        # What the families have in common in small need not be so in large.
        return None
    return adjoints, gradients


def _large(shrunk: Shrunk, rule: Rule) -> Rule:
    sides = tuple(map(shrunk.widened, rule.equation.sides))
    ranges = {letter: shrunk.ends(letter, ends, rule.of) for letter, ends in rule.ranges.items()}
    return Rule(replace(rule.equation, sides=sides), ranges, shrunk.widened(rule.of))


def _count(rules: Sequence[Rule]) -> int:
    """Of how many quantities the rules speak."""
    return sum(prod(map(len, rule.runs.values())) for rule in rules)


def _prove(checking: Checking, rules: Sequence[Rule]) -> None:
    from derive.calculus.family_rules import prove_over

    prove_over(checking, [(rule.equation, rule.runs) for rule in rules])
