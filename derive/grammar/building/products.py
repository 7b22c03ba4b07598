"""Sums and products, and Σ, from the left; what can be read in two ways is not read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from derive.formula import (
    ONE,
    Call,
    Dots,
    Formula,
    Hadamard,
    Name,
    Negative,
    Number,
    Partial,
    Power,
    Product,
    Quotient,
    Sum,
    product,
    total,
)
from derive.grammar.building.applications import SINGLE, Applications
from derive.grammar.building.callbacks import sign_and_operand
from derive.grammar.building.grids import Grids
from derive.grammar.building.links import (
    NoLayersError,
    layers_between,
    link_between,
    run_between,
)
from derive.grammar.building.mixed import MixedError, of_mixed
from derive.grammar.findings import Finding, Severity
from derive.grammar.protocols import DotsError
from derive.grammar.tokens import NO_LAYER, SumSign, Unreadable
from derive.grammar.unfinished import (
    Differential,
    Group,
    Operator,
    Unbracketed,
    index_letters,
    plain,
    ungrouped,
)

Items = list[tuple[str, Formula]]
"""Factors, each with the sign before it; without one it is empty."""


class Products(Applications, Grids):
    """The callbacks of sums and products."""

    # Sums and products.

    def sum(self, parts: list[Any]) -> Formula:
        """A + b − c."""
        if len(parts) == 1:
            return parts[0]  # type: ignore[no-any-return]
        terms = [plain(part) for part in parts]
        if any(isinstance(term, Dots) for term in terms):
            try:
                terms = self._meaning.filled([ungrouped(term) for term in terms])
            except DotsError as error:
                raise self._error(str(error)) from None
        return total(terms)

    def plus(self, parts: list[Any]) -> Formula:
        """+ a."""
        return plain(parts[1])

    def minus(self, parts: list[Any]) -> Formula:
        """− a."""
        self._check_braces(parts[1], (Sum,))
        return Negative(plain(parts[1]))

    def negative(self, parts: list[Any]) -> Formula:
        """− a, at the head."""
        self._check_braces(parts[1], (Sum,))
        return _negated(parts[1])

    def positive(self, parts: list[Any]) -> Formula:
        """+ a, at the head."""
        return parts[1]  # type: ignore[no-any-return]

    negative_operand = negative

    times = sign_and_operand("*")
    divided = sign_and_operand("/")
    entrywise = sign_and_operand("⊙")
    outer = sign_and_operand("⊗")

    def product(self, parts: list[Any]) -> Formula:
        """A · b / c d, from the left; Σ and ∂/∂x take what follows them."""
        items = [part if isinstance(part, tuple) else ("", part) for part in parts]
        items = self._mixed(self._closed_calls(items))
        self._check_unambiguous(items)
        found = self._linked(self._with_slopes(self._applied(items)))
        runs = _between_entrywise(found)
        return self._product(found) if runs is None else self._of_runs(runs)

    def _mixed(self, items: Items) -> Items:
        r"""The factors, with 2\frac12 as the number 2 + ½ in the nearest reading only."""
        try:
            found = of_mixed(items)
        except MixedError as error:
            raise self._error(str(error)) from None
        self.reading.is_wide |= len(found) < len(items)
        return found if self.reading.near else items

    def _with_slopes(self, items: Items) -> Items:
        """The factors, a (1 − a) of a vector a being a ⊙ (1 − a): no other product of them fits."""
        found: Items = []
        for sign, item in items:
            before = plain(found[-1][1]) if found and not sign and found[-1][0] != "/" else None
            if before is not None and self._is_slope(before, plain(item)):
                found[-1] = found[-1][0], Group(Hadamard((before, plain(item))))
            else:
                found.append((sign, item))
        return found

    def _is_slope(self, one: Formula, other: Formula) -> bool:
        """Whether these are a vector and what is left of 1 without it, in any order."""
        if other != _one_less(one) and one != _one_less(other):
            return False
        shape = self._meaning.shape(ungrouped(one))
        return shape is not None and min(shape) == 1 < max(shape)

    def _of_runs(self, runs: Sequence[Items]) -> Formula:
        """A B ⊙ C D as (A B) ⊙ (C D), or as ((A B) ⊙ C) D where only that has shapes that fit.

        Where no shape fits, less of the first product may be meant: A (B ⊙ C), but not a number.
        :class:`Unreadable` is raised where several readings fit that differ by more than by where
        a number stands.
        """
        for start in range(len(runs[0])):
            if start and not any(map(self._is_array, runs[0][start:])):
                break
            fitting: dict[tuple[int, ...], Formula] = {}
            for end in range(len(runs[-1]), 0, -1):
                places, made = self._grouped(runs, start, end)
                if self._meaning.shape(ungrouped(plain(made))) is not None:
                    arrays = (sum(map(self._is_array, place)) for place in places)
                    fitting.setdefault(tuple(arrays), made)
            if len(fitting) > 1:
                raise self._error("how far does the ⊙ reach? write brackets")
            if fitting:
                return fitting.popitem()[1]
        return self._grouped(runs, 0, len(runs[-1]))[1]

    def _grouped(
        self, runs: Sequence[Items], start: int, end: int
    ) -> tuple[Sequence[Items], Formula]:
        """A product in which the ⊙ reach from one factor of the first run to one of the last."""
        first, *between, last = runs
        groups = [first[start:], *between, last[:end]]
        made: Formula = Hadamard(tuple(plain(self._unsigned(group)) for group in groups))
        if start or end < len(last):
            made = self._unsigned([*first[:start], ("", Group(made)), *last[end:]])
        return [first[:start], *groups, last[end:]], made

    def _unsigned(self, items: Items) -> Formula:
        """A product of factors, the sign before the first of them aside."""
        return self._product([("", items[0][1]), *items[1:]])

    def _is_array(self, item: tuple[str, Formula]) -> bool:
        return self._meaning.shape(ungrouped(plain(item[1]))) != (1, 1)

    def _check_unambiguous(self, items: Sequence[tuple[str, Formula]]) -> None:
        """Raise :class:`Unreadable` for ln x y and a / b c, which can be read in two ways."""
        for place, (sign, item) in enumerate(items if len(items) > 1 else ()):
            # A minus at the head says the same in braces and without.
            kinds = (Sum, *((Negative,) if place else ()))
            self._check_braces(item, (*kinds, *((Product, Quotient) if sign == "/" else ())))
        signs = [sign for sign, _ in items]
        if "⊗" in signs and (signs.index("⊗") < len(signs) - 1 or {"⊙", "/"} & set(signs)):
            raise self._error("how far does the ⊗ reach? write brackets")
        for place, ((sign, item), (after, follows)) in enumerate(pairwise(items)):
            reaches = after == "/" or (not after and not isinstance(_base(follows), Call))
            if isinstance(item, Unbracketed) and not item.ends and reaches:
                raise self._error(
                    "it is not clear where the argument of the function ends; write brackets",
                    item.place,
                )
            loose = sign == "/" and not after and isinstance(item, SINGLE)
            if loose and not isinstance(follows, SumSign | Operator | Differential):
                before = items[place - 1] if place else None
                numbers = before is not None and isinstance(before[1], Number)
                if not (numbers and isinstance(item, Number)):
                    raise self._error("a / b c may be (a / b) c or a / (b c); write brackets")

    def _linked(self, items: list[tuple[str, Formula]]) -> list[tuple[str, Formula]]:
        """The factors, with Π in the place of links of a chain that dots leave out."""
        found: list[tuple[str, Formula]] = []
        used, rest = [each for _, each in items], list(items)
        while rest:
            sign, item = rest.pop(0)
            run = None
            if isinstance(item, Dots) and found and rest and sign != "/" and rest[0][0] != "/":
                run = run_between(found[-1][1], rest[0][1], used)
                left_out = None if run else self._left_out(found, rest)
                if left_out is not None:
                    found += left_out
                    continue
            if run is None:
                found.append((sign, item))
                continue
            if run.reaches:
                rest.pop(0)
            links = SumSign((run.letter,), run.lower, run.upper, (), "Π")
            found[-1] = (found[-1][0], Group(self._sum_over(links, run.link)))
        return found

    def _left_out(
        self, before: list[tuple[str, Formula]], rest: list[tuple[str, Formula]]
    ) -> list[tuple[str, Formula]] | None:
        """The factors of layers in the place of dots; those behind that stand there are taken."""
        sides = [[item for _, item in items] for items in (before, rest)]
        try:
            link = link_between(sides[0], sides[1][0])
            found = (0, [link[1]]) if link else layers_between(*sides)
        except NoLayersError:
            message = "the layers beside the dots follow one another the other way"
            raise Unreadable(message, self.reading.base, code=NO_LAYER) from None
        if found is None:
            return None
        del rest[: found[0]]
        if link is not None:
            _drop(link[0], before, [*rest, ("", link[1])])
        return [("", Group(factor)) for factor in found[1]]

    def _product(self, items: list[tuple[str, Formula]]) -> Formula:
        value: Formula | None = None
        for place, (sign, item) in enumerate(items):
            rest = items[place + 1 :]
            if isinstance(item, Operator) and not sign and len(items) == 1:
                # In braces it takes what stands behind them.
                return item
            if isinstance(item, SumSign | Operator):
                if not rest:
                    raise self._lonely(item)
                return self._taking_what_follows(value, sign, item, rest)
            if isinstance(value, Differential) or isinstance(item, Differential):
                value = self._differentials(value, sign, item)
            else:
                value = self._joined(value, sign, item)
        assert value is not None
        return value

    def _taking_what_follows(
        self,
        before: Formula | None,
        sign: str,
        item: SumSign | Operator,
        rest: list[tuple[str, Formula]],
    ) -> Formula:
        """Σ and ∂/∂x take all that is behind them; but ∂/∂x only the brackets behind it."""
        first = rest[0][1]
        reach = self._reach(item, rest)
        if reach < len(rest):
            inside = self._taking_what_follows(None, "", item, rest[:reach])
            ended = self._joined(before, sign, Group(inside))
            return self._product([("", ended), *rest[reach:]])
        if isinstance(item, Operator) and isinstance(first, Group) and rest[1:]:
            chained = all(isinstance(plain(follows), Partial) for _, follows in rest[1:])
            if sign == "/" or not chained:
                raise self._error("how far does the ∂/∂ reach? write brackets", item.place)
            # A derivative behind the brackets is the next factor of a chain.
            made: Formula = Partial(plain(first), item.by)
            return self._joined(before, sign, self._product([("", made), *rest[1:]]))
        behind = first if isinstance(item, Operator) and isinstance(first, Group) else None
        body = plain(behind or self._product([("", first), *rest[1:]]))
        if isinstance(item, Operator):
            made = Partial(plain(self._closed(body)), item.by)
        else:
            made = self._sum_over(item, body)
        return self._joined(before, sign, made)

    def _reach(self, item: SumSign | Operator, rest: list[tuple[str, Formula]]) -> int:
        """How many of the factors behind a Π it takes: all of them, as Σ does.

        Read to the nearest end, it ends before a factor in which its letter does not stand.
        """
        multiplies = isinstance(item, SumSign) and item.sign == "Π"
        for place, (_, factor) in enumerate(rest[1:] if multiplies else (), 1):
            assert isinstance(item, SumSign)
            if not set(item.counted) & self._meaning.ranges(ungrouped(plain(factor))).keys():
                if self.reading.near:
                    return place
                if not self.reading.is_wide:
                    message = "Π is read to reach over all factors behind it"
                    self._note(Finding("layout", message, Severity.NOTE))
                self.reading.is_wide = True
        return len(rest)

    def _differentials(self, value: Formula | None, sign: str, item: Formula) -> Formula:
        """∂a / ∂b, or one of the two without its ∂."""
        before: list[Formula] = []
        top: Formula | None = value
        if isinstance(value, Product):
            before, top = list(value.factors[:-1]), value.factors[-1]
        if sign == "/" and top is not None:
            made = self._ratio(top, item)
            return product([*before, Group(made)]) if before else made
        if isinstance(item, Differential):
            return item if value is None else Product((*_factors(value), item))
        assert isinstance(top, Differential)
        raise self._lonely(top)

    def _ratio(self, top: Formula, bottom: Formula) -> Formula:
        """The derivative ∂a / ∂b, of which one ∂ may be missing."""
        of, by = (side.of if isinstance(side, Differential) else side for side in (top, bottom))
        lacking = top if isinstance(bottom, Differential) else bottom
        whole = bottom if isinstance(bottom, Differential) else top
        assert isinstance(whole, Differential)
        if not isinstance(lacking, Differential):
            self._check_lack(plain(of), plain(by), whole.place)
            shown = by.name if isinstance(by, Name) else "the denominator"
            where = "in the numerator" if lacking is top else f"before {shown}"
            self._missing(whole.place, f"∂ is missing {where}")
        return self._derivative(of, by, None)

    def _joined(self, value: Formula | None, sign: str, item: Formula) -> Formula:
        if value is None:
            return item
        if sign == "/":
            return Quotient(plain(value), plain(item))
        if sign == "⊙":
            left = value.factors if isinstance(value, Hadamard) else (plain(value),)
            return Hadamard((*left, plain(item)))
        if sign == "⊗":
            return self._outer(value, item)
        value = Group(value) if isinstance(value, Hadamard) else value
        inner = self._times(plain(value), plain(item)) if sign == "*" else None
        if inner is not None:
            return inner
        if isinstance(value, Product):
            return Product((*value.factors, plain(item)))
        return Product((plain(value), plain(item)))


def _between_entrywise(items: Items) -> list[Items] | None:
    """What stands between the signs ⊙; nothing where none of it is a product.

    Σ and ∂/∂ take what follows them by themselves.
    """
    places = [place for place, (sign, _) in enumerate(items) if sign == "⊙"]
    if not places or any(isinstance(item, SumSign | Operator | Differential) for _, item in items):
        return None
    ends = [*places, len(items)]
    runs = [items[low:high] for low, high in zip([0, *places], ends, strict=True)]
    return runs if any(len(run) > 1 for run in runs) else None


def _drop(count: int, items: Items, behind: Items) -> None:
    """Take the last factors away, and their letters where nothing is left for Σ to count."""
    dropped = items[len(items) - count :]
    del items[len(items) - count :]
    gone = _letters(dropped) - _letters([*items, *behind])
    for place, (sign, item) in enumerate(items):
        if isinstance(item, SumSign):
            kept = tuple(letter for letter in item.counted if letter not in gone)
            items[place] = sign, replace(item, counted=kept or item.counted)


def _letters(items: Items) -> set[str]:
    return {letter for _, item in items for letter in index_letters(ungrouped(plain(item)))}


def _negated(formula: Formula) -> Formula:
    formula = plain(formula)
    if isinstance(formula, Product) and not isinstance(formula.factors[0], Number):
        return Negative(formula)
    if isinstance(formula, Number):
        return Number(-formula.value, f"-{formula.text}" if formula.text else "")
    return Negative(formula)


def _one_less(formula: Formula) -> Formula:
    return total([ONE, Negative(formula)])


def _base(formula: Formula) -> Formula:
    """What a formula is a power of, out of its brackets."""
    formula = formula.call if isinstance(formula, Unbracketed) else formula
    return _base(formula.base) if isinstance(formula, Power) else formula


def _factors(formula: Formula) -> Sequence[Formula]:
    return formula.factors if isinstance(formula, Product) else (plain(formula),)
