"""Sums and products, and Σ, from the left; what can be read in two ways is not read."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from derive.formula import (
    Array,
    Call,
    Delta,
    Dots,
    Formula,
    Gradient,
    Hadamard,
    Layer,
    Letter,
    Member,
    Name,
    Negative,
    Neuron,
    Number,
    Partial,
    Power,
    Product,
    Quotient,
    Sum,
    Transposed,
    Updated,
    product,
    total,
)
from derive.grammar.building.callbacks import sign_and_operand
from derive.grammar.building.counted import Counted
from derive.grammar.building.grids import Grids
from derive.grammar.building.links import (
    NoLayersError,
    layers_between,
    link_between,
    run_between,
)
from derive.grammar.findings import Finding, Severity
from derive.grammar.protocols import DotsError
from derive.grammar.tokens import NO_LAYER, SumSign, Unreadable
from derive.grammar.unfinished import (
    Arguments,
    Differential,
    Group,
    Operator,
    Unbracketed,
    plain,
    ungrouped,
)
from derive.grammar.written import Applied, Joined, Placeholder, Unknown


class Products(Counted, Grids):
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
        self._check_unambiguous(items)
        return self._product(self._linked(self._applied(items)))

    def _check_unambiguous(self, items: Sequence[tuple[str, Formula]]) -> None:
        """Raise :class:`Unreadable` for ln x y and a / b c, which can be read in two ways."""
        for sign, item in items if len(items) > 1 else ():
            self._check_braces(item, (Sum, Negative, *((Product, Quotient) if sign == "/" else ())))
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
            loose = sign == "/" and not after and isinstance(item, _SINGLE)
            if loose and not isinstance(follows, SumSign | Operator | Differential):
                before = items[place - 1] if place else None
                numbers = before is not None and isinstance(before[1], Number)
                if not (numbers and isinstance(item, Number)):
                    raise self._error("a / b c may be (a / b) c or a / (b c); write brackets")

    def _applied(self, items: list[tuple[str, Formula]]) -> list[tuple[str, Formula]]:
        """The factors, E(w) being E where E depends on w and no product."""
        found: list[tuple[str, Formula]] = []
        for sign, each in items:
            before = found[-1][1] if found else None
            item = each if sign else self._of_quantity(before, each)
            arguments = _listed(item) if isinstance(item, Arguments) else (plain(item),)
            named = self._by_arguments(before, item) or self._turned(before, item)
            named = named if not sign else None
            if named is not None:
                found[-1] = (found[-1][0], named)
                continue
            if isinstance(item, Group | Arguments) and isinstance(arguments[-1], Dots):
                # Behind E(w, …) stands what it depends on, of which dots may be a part, or all.
                arguments = arguments[:-1]
                whole = bool(arguments) or (len(items) == 2 and self._is_last(before))
                if sign or not whole or not self._may_depend(before):
                    raise self._lonely(Dots())
                if not arguments:
                    continue
            single = isinstance(item, Group) and isinstance(arguments[0], (*_SINGLE, Layer, Array))
            if isinstance(item, Arguments) or (single and not sign and before is not None):
                depends = not sign and self._depends(before, arguments)
                if depends is None or (
                    depends and single and not self._is_call(items, before, arguments)
                ):
                    raise self._error(
                        "this may be a product, or a quantity with what it depends on; write a"
                        " sign, or leave the brackets out"
                    )
                if depends:
                    self._note_application(before, arguments)
                    continue
                if isinstance(item, Arguments) and len(items) > 1:
                    raise self._lonely(item)
            found.append((sign, item))
        return found

    def _filled(self, arguments: Arguments) -> tuple[Formula, ...]:
        """Arguments with those that dots leave out."""
        try:
            return tuple(self._meaning.filled(arguments.of))
        except DotsError as error:
            raise self._error(str(error), arguments.place) from None

    def _linked(self, items: list[tuple[str, Formula]]) -> list[tuple[str, Formula]]:
        """The factors, with Π in the place of links of a chain that dots leave out."""
        found: list[tuple[str, Formula]] = []
        rest = list(items)
        while rest:
            sign, item = rest.pop(0)
            run = None
            if isinstance(item, Dots) and found and rest and sign != "/" and rest[0][0] != "/":
                run = run_between(found[-1][1], rest[0][1], [each for _, each in items])
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

    def _of_quantity(self, before: Formula | None, item: Formula) -> Formula:
        """The list of E[w, b], which says what E depends on; a joined vector as it is."""
        inside = item.inside if isinstance(item, Group) else None
        if not isinstance(inside, Joined) or not self._depends(before, inside.of):
            return item
        return Arguments(inside.of, inside.place)

    def _left_out(
        self, before: list[tuple[str, Formula]], rest: list[tuple[str, Formula]]
    ) -> list[tuple[str, Formula]] | None:
        """The factors of layers in the place of dots; those behind that stand there are taken."""
        sides = [[item for _, item in items] for items in (before, rest)]
        try:
            link = link_between(before[-1][1], rest[0][1])
            found = (0, [link]) if link else layers_between(*sides)
        except NoLayersError:
            message = "the layers beside the dots follow one another the other way"
            raise Unreadable(message, self.reading.base, code=NO_LAYER) from None
        if found is None:
            return None
        del rest[: found[0]]
        return [("", Group(factor)) for factor in found[1]]

    def _by_arguments(self, before: Formula | None, item: Formula) -> Formula | None:
        """The member of a family that its arguments say, l(o_t, y_t) is l_t; or f(x, w) itself."""
        slope = before.of if isinstance(before, Gradient | Partial) else None
        if isinstance(slope, Unknown) and isinstance(item, Group):
            # ∇_W Ω(θ): what it is of says what it depends on.
            return before if isinstance(plain(item), Unknown) else None
        if isinstance(before, Array) and isinstance(before.of, Name):
            stem = before.of.name
        elif isinstance(before, Unknown):
            stem = before.stem
        else:
            return None
        if not isinstance(item, Arguments):
            return None
        member = self._meaning.member_of(stem, item.of)
        if member is not None and self._depends(member, item.of):
            return member
        if isinstance(before, Array) or isinstance(item.of[-1], Dots):
            return None
        return Applied(before.text, self._filled(item), before.place)

    def _turned(self, before: Formula | None, item: Formula) -> Formula | None:
        """The transpose of what depends on an x that the network does not have: h(x)^⊤."""
        inner = plain(item.of) if isinstance(item, Transposed) else None
        if not isinstance(inner, Unknown) or before is None or not self._is_column(before):
            return None
        # By itself it may as well be the product h x^⊤.
        if not any(inner.text in own for own in self.reading.applied.values()):
            return None
        return Transposed(before) if self._depends(before, (inner,)) else None

    def _may_depend(self, quantity: Formula | None) -> bool:
        """Whether this is a quantity that follows others, as E does."""
        names = self._meaning.names(quantity) if isinstance(quantity, _QUANTITIES) else ()
        return bool(names) and all(self._meaning.inputs(name) for name in names)

    def _is_last(self, quantity: Formula | None) -> bool:
        """Whether nothing depends on a quantity, as on the error: dots behind it are no factor."""
        names = self._meaning.names(quantity) if isinstance(quantity, _QUANTITIES) else ()
        return not any(self._meaning.influenced(name) for name in names)

    def _depends(self, quantity: Formula | None, arguments: Sequence[Formula]) -> bool | None:
        """Whether a quantity depends on all arguments; nothing where letters leave it open."""
        if isinstance(quantity, Gradient | Partial):
            listed = self._are_listed(arguments)
            of = quantity.of if listed or isinstance(arguments[0], Layer | Array) else None
            depends = self._depends(of, arguments)
            return depends if listed or not depends else None
        if self._is_column(quantity) and all(map(self._may_be_given, arguments)):
            # Two columns are no product: h(x) is h, which depends on x.
            return self._depends_on_columns(quantity, arguments)
        if not isinstance(quantity, _QUANTITIES):
            return False
        depends = all(self._is_below(argument, quantity) for argument in arguments)
        if len(arguments) > 1 or isinstance(quantity, Name) or isinstance(arguments[0], Unknown):
            return depends
        if isinstance(quantity, Neuron):
            open_ = quantity.kind in ("out", "net", "error") and quantity.layer > 0
            return None if open_ else False
        return None if self._meaning.is_defined(f"{quantity.stem}_") else False

    def _depends_on_columns(
        self, quantity: Formula | None, arguments: Sequence[Formula]
    ) -> bool | None:
        """Whether a vector depends on others; nothing where it may be a number that is a factor."""
        of = set(self._meaning.names(quantity)) if quantity else set()
        below = bool(quantity) and all(
            self._is_below(argument, quantity) or of <= set(self._meaning.names(argument))
            for argument in arguments
            if quantity
        )
        columns = [one for one in (quantity, *arguments) if isinstance(one, Layer | Array)]
        single = any(self._meaning.shape(one) == (1, 1) for one in columns)
        return None if below and single and len(arguments) == 1 else below

    @staticmethod
    def _are_listed(arguments: Sequence[Formula]) -> bool:
        """Whether these are no factors: several, or a name that is no quantity, as θ of J(θ)."""
        return len(arguments) > 1 or isinstance(arguments[0], Unknown)

    def _is_below(self, argument: Formula, quantity: Formula) -> bool:
        """Whether a quantity depends on something of what an argument stands for."""
        of = self._meaning.names(quantity)
        return any(
            set(of) & set(self._meaning.influenced(name)) for name in self._meaning.names(argument)
        )

    def _is_call(
        self,
        items: Sequence[tuple[str, Formula]],
        quantity: Formula | None,
        arguments: Sequence[Formula],
    ) -> bool:
        """Whether E(w) stands alone, or the argument is what the definition is made of.

        In η ∂J/∂w (θ) it does, too; the (w) of another product may be a factor.
        """
        if self._is_column(quantity) and all(map(self._may_be_given, arguments)):
            return True
        inputs = self._meaning.inputs(quantity.name) if isinstance(quantity, Name) else ()
        others = [item for _, item in items if not isinstance(item, Operator)]
        scaled = all(isinstance(plain(item), Number | Letter) for item in others[:-2])
        alone = len(others) == 2 or (self._are_listed(arguments) and (len(arguments) > 1 or scaled))
        return alone or all(isinstance(a, Name) and a.name in inputs for a in arguments)

    def _note_application(self, quantity: Formula | None, arguments: Sequence[Formula]) -> None:
        own = tuple(a.text for a in arguments if isinstance(a, Unknown))
        if own and quantity is not None and self.reading.applied.setdefault(quantity, own) != own:
            raise self._error("one quantity stands here with several things that it depends on")
        if not isinstance(quantity, Name) or not all(isinstance(a, Name) for a in arguments):
            return
        listed = ", ".join(a.name for a in arguments if isinstance(a, Name))
        message = f"{quantity.name}({listed}) is read as {quantity.name}, which depends on {listed}"
        self._note(Finding("application", message, Severity.NOTE))

    def _product(self, items: list[tuple[str, Formula]]) -> Formula:
        value: Formula | None = None
        for place, (sign, item) in enumerate(items):
            rest = items[place + 1 :]
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
        if isinstance(item, SumSign) and item.sign == "Π":
            self._check_reach(item, rest)
        if isinstance(item, Operator) and isinstance(first, Group) and rest[1:]:
            chained = all(isinstance(plain(follows), Partial) for _, follows in rest[1:])
            if sign == "/" or not chained:
                raise self._error("how far does the ∂/∂ reach? write brackets", item.place)
            # A derivative behind the brackets is the next factor of a chain.
            made: Formula = Partial(plain(first), item.by)
            return self._joined(before, sign, self._product([("", made), *rest[1:]]))
        behind = first if isinstance(item, Operator) and isinstance(first, Group) else None
        body = plain(behind or self._product([("", first), *rest[1:]]))
        made = Partial(body, item.by) if isinstance(item, Operator) else self._sum_over(item, body)
        return self._joined(before, sign, made)

    def _check_reach(self, sign: SumSign, rest: list[tuple[str, Formula]]) -> None:
        """Raise :class:`Unreadable` for a factor behind Π that may stand outside of it."""
        for _, item in rest[1:]:
            if not set(sign.counted) & self._meaning.ranges(ungrouped(plain(item))).keys():
                raise self._error("how far does the Π reach? write brackets")

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


_QUANTITIES = (Name, Neuron, Member)
_SINGLE = (Name, Number, Neuron, Member, Placeholder, Delta, Updated, Unknown, Letter)


def _negated(formula: Formula) -> Formula:
    formula = plain(formula)
    if isinstance(formula, Product) and not isinstance(formula.factors[0], Number):
        return Negative(formula)
    if isinstance(formula, Number):
        return Number(-formula.value, f"-{formula.text}" if formula.text else "")
    return Negative(formula)


def _listed(arguments: Arguments) -> tuple[Formula, ...]:
    """What is listed; of x_1, …, x_T the first and the last say what is meant."""
    *before, last = arguments.of
    return (*(of for of in before if not isinstance(of, Dots)), last)


def _base(formula: Formula) -> Formula:
    """What a formula is a power of, out of its brackets."""
    formula = formula.call if isinstance(formula, Unbracketed) else formula
    return _base(formula.base) if isinstance(formula, Power) else formula


def _factors(formula: Formula) -> Sequence[Formula]:
    return formula.factors if isinstance(formula, Product) else (plain(formula),)
