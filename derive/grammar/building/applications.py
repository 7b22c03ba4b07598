"""Quantities with what they depend on: E(w) is E where E depends on w, and else a product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from derive.formula import (
    Array,
    Call,
    Delta,
    Dots,
    Formula,
    Gradient,
    Layer,
    Letter,
    Member,
    Name,
    Neuron,
    Number,
    Partial,
    Transposed,
    Updated,
)
from derive.grammar.building.counted import Counted
from derive.grammar.findings import Finding, Severity
from derive.grammar.protocols import DotsError
from derive.grammar.unfinished import (
    Arguments,
    Group,
    Operator,
    Unbracketed,
    plain,
    ungrouped,
)
from derive.grammar.written import Applied, Joined, Placeholder, Unknown

_QUANTITIES = (Name, Neuron, Member)
SINGLE = (Name, Number, Neuron, Member, Placeholder, Delta, Updated, Unknown, Letter)
"""What is one quantity, number or letter."""


class Applications(Counted):
    """The reading of brackets behind a quantity, as what it depends on or as a factor."""

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
            single = isinstance(item, Group) and isinstance(arguments[0], (*SINGLE, Layer, Array))
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

    def _closed_calls(self, items: list[tuple[str, Formula]]) -> list[tuple[str, Formula]]:
        """The factors, ln h(x) being ln h where h depends on the vector x, which is no factor.

        So is ln h(x_i) ln h_i where these are examples.
        """
        found: list[tuple[str, Formula]] = []
        for sign, item in items:
            before = found[-1][1] if found else None
            call = before.call if isinstance(before, Unbracketed) and not sign else None
            if isinstance(call, Call) and isinstance(item, Group):
                argument, of = plain(item), ungrouped(plain(call.argument))
                member = self._by_arguments(of, item)
                if isinstance(before, Unbracketed) and member is not None:
                    closed = replace(before, call=replace(call, argument=member))
                    found[-1] = (found[-1][0], closed)
                    continue
                if self._is_column(argument) and self._depends(of, (argument,)):
                    self._note_application(of, (argument,))
                    continue
            found.append((sign, item))
        return found

    def _filled(self, arguments: Arguments) -> tuple[Formula, ...]:
        """Arguments with those that dots leave out."""
        try:
            return tuple(self._meaning.filled(arguments.of))
        except DotsError as error:
            raise self._error(str(error), arguments.place) from None

    def _of_quantity(self, before: Formula | None, item: Formula) -> Formula:
        """The list of E[w, b], which says what E depends on; a joined vector as it is."""
        inside = item.inside if isinstance(item, Group) else None
        if not isinstance(inside, Joined) or not self._depends(before, inside.of):
            return item
        return Arguments(inside.of, inside.place)

    def _by_arguments(self, before: Formula | None, item: Formula) -> Formula | None:
        """The member of a family that its arguments say, l(o_t, y_t) is l_t; or f(x, w) itself.

        So does what has the number of an example: h(x_i) is h_i.
        """
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
        if isinstance(item, Group):
            of = plain(item)
            single = of.of if isinstance(of, Array) else of
            return self._meaning.member_of(stem, (of,)) if isinstance(single, Member) else None
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
            # Two columns are no product: in ∇_θ J(θ) it is J that depends on θ.
            columns = isinstance(quantity, Gradient) and self._is_column(arguments[0])
            columns = columns and self._meaning.shape(arguments[0]) != (1, 1)
            return depends if listed or columns or not depends else None
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
        if isinstance(quantity, Gradient) and not self._are_listed(arguments):
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


def _listed(arguments: Arguments) -> tuple[Formula, ...]:
    """What is listed; of x_1, …, x_T the first and the last say what is meant."""
    *before, last = arguments.of
    return (*(of for of in before if not isinstance(of, Dots)), last)
