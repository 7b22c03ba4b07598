r"""Derivatives as they are written, with a note of each ∂ that is missing or out of place."""

from __future__ import annotations

from typing import Any

from derive.formula import (
    Array,
    Formula,
    Held,
    Layer,
    Member,
    Name,
    Neuron,
    Partial,
    Power,
    Product,
    Quotient,
    Sum,
    Updated,
    product,
    walk,
)
from derive.grammar.building.callbacks import Callbacks
from derive.grammar.findings import Finding, Severity
from derive.grammar.unfinished import Differential, Operator, plain
from derive.grammar.written import Copy, Placeholder, Unknown


class Derivatives(Callbacks):
    """The callbacks of fractions and of ∂."""

    # Derivatives.

    def differential(self, parts: list[Any]) -> Formula:
        """∂a, outside of a fraction."""
        parts = self._all_ways(parts)
        assert parts[0].start_pos is not None
        return Differential(plain(parts[1]), parts[0].start_pos)

    def plain_operator(self, parts: list[Any]) -> Formula:
        """∂/∂a."""
        return Operator(self._by(plain(self._all_ways(parts)[3])), parts[0].start_pos)

    def operator(self, parts: list[Any]) -> Formula:
        r"""\frac{∂}{∂a}."""
        return Operator(self._by(plain(self._all_ways(parts)[6])), parts[0].start_pos)

    def derivative(self, parts: list[Any]) -> Formula:
        r"""\frac{∂a}{∂b}; \frac{∂⁺a}{∂b} is the direct derivative, with all else kept fixed."""
        if "+" not in parts[2]:
            return self._derivative(parts[3], parts[7], self._all_ways(parts))
        if not isinstance(plain(parts[3]), Name | Member | Array):
            raise self._error("a direct derivative, ∂⁺a/∂b, is read of a single quantity")
        if not self._meaning.goes_back_alone(plain(parts[3])):
            raise self._error("what ∂⁺ keeps fixed is not clear where several states go on")
        return Partial(Held(plain(parts[3]), ()), self._by(plain(parts[7])))

    def missing_bottom(self, parts: list[Any]) -> Formula:
        r"""\frac{∂a}{b}: read as \frac{∂a}{∂b}."""
        bottom = plain(self._all_ways(parts)[6])
        if isinstance(bottom, Product) and isinstance(bottom.factors[-1], Differential):
            # ∂l/(T ∂o) is ∂l/∂o over T.
            *others, last = bottom.factors
            assert isinstance(last, Differential)
            return Quotient(self._derivative(parts[3], last.of, parts), product(others))
        self._check_lack(plain(parts[3]), bottom, parts[0].start_pos)
        start, end = parts[0].start_pos, self._end(parts[-1])
        inside = self._end(parts[5])
        behind = self.reading.slice(inside, end).lstrip()
        repaired = f"{self.reading.slice(start, inside)}\\partial {behind}"
        self._missing(start, "∂ is missing in the denominator", repaired, end)
        return self._derivative(parts[3], parts[6], parts)

    def missing_top(self, parts: list[Any]) -> Formula:
        r"""\frac{a}{∂b}: read as \frac{∂a}{∂b}."""
        self._check_lack(plain(self._all_ways(parts)[2]), plain(parts[6]), parts[0].start_pos)
        start, end = parts[0].start_pos, self._end(parts[-1])
        inside = self._end(parts[1])
        top = self.reading.slice(inside, self._start(parts[3]))
        scoped = isinstance(parts[2], Sum)
        opening, closing = ("(", ")") if scoped else ("", "")
        repaired = (
            f"{self.reading.slice(start, inside)}\\partial {opening}{top.strip()}{closing}"
            f"{self.reading.slice(self._start(parts[3]), end)}"
        )
        self._missing(start, "∂ is missing in the numerator", repaired, end)
        return self._derivative(plain(parts[2]), parts[6], None)

    def _all_ways(self, parts: list[Any]) -> list[Any]:
        """The parts of a derivative none of whose ∂ says that it is direct."""
        if any(isinstance(part, str) and part[:1] in "\\∂d" and "+" in part for part in parts):
            raise self._error("∂⁺ is read above the line of a whole derivative: ∂⁺a/∂b")
        return parts

    def quotient(self, parts: list[Any]) -> Formula:
        r"""\frac{a}{b}."""
        return Quotient(plain(self._closed(parts[2])), plain(self._closed(parts[5])))

    def _check_lack(self, of: Formula, by: Formula, place: int | None) -> None:
        """Raise :class:`Unreadable` where one ∂ alone cannot be a slip.

        A derivative lacks a ∂ only if what is differentiated depends on what it is differentiated
        by: 5/∂net and w_{31}/∂w_{32} are nothing.
        """
        names = [node.name for node in walk(of) if isinstance(node, Name)]
        open_ = any(isinstance(node, Neuron | Member | Placeholder | Unknown) for node in walk(of))
        if not isinstance(by, Name):
            lacking = bool(names) or open_
        else:
            below = self._meaning.influenced(by.name)
            lacking = open_ or any(name in below for name in names)
        if not lacking:
            raise self._error("∂ stands in one part of this fraction only; write ∂a/∂b", place)

    def _derivative(self, of: Formula, by: Formula, parts: list[Any] | None) -> Formula:
        if isinstance(of, Sum) and parts is not None:
            start, end = parts[0].start_pos, self._end(parts[-1])
            inside = self._end(parts[2])
            closing = self._start(parts[4])
            top = self.reading.slice(inside, closing).strip()
            head, tail = self.reading.slice(start, inside), self.reading.slice(closing, end)
            message = (
                "∂ stands before a sum without brackets; it is read as the derivative of the whole"
                " sum"
            )
            scoped = f"{head} ({top}){tail}"
            self._note(Finding("partial-scope", message, Severity.WARNING, scoped, start, end))
        return self._slope(plain(of), plain(by))

    def _slope(self, of: Formula, by: Formula) -> Partial:
        """∂of/∂by; in a step t that by the copy of a weight in that step, ∂h^{(t)}/∂W^{(t)}.

        The letters that a Σ in `of` counts are no others than its own.
        """
        self._closed(of)
        if isinstance(by, Copy):
            member = of.of if isinstance(of, Array) else of
            if not isinstance(member, Member) or by.at not in member.indices:
                raise self._error("a copy of a weight is that of the step of what stands above ∂")
            of, by = Held(of, ()), by.of
        return Partial(of, self._by(by))

    def _by(self, by: Formula) -> Formula:
        if isinstance(by, Updated):
            raise self._error("a derivative by an updated weight")
        if isinstance(by, Unknown | Name | Neuron | Layer) or not by.parts():
            return by
        if isinstance(by, Power):
            raise self._error("second derivatives are not read; ∂ by a single quantity is")
        raise self._error("∂ by something that is not a single quantity")

    def _missing(
        self, start: int, message: str, suggestion: str | None = None, end: int | None = None
    ) -> None:
        self._note(Finding("missing-partial", message, Severity.WARNING, suggestion, start, end))
