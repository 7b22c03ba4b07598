"""From rules with index letters to whole vectors and matrices: q_in = Σ_m w_nm·x_im is Q = X Wᵀ.

A family with one index is a column, one with two a matrix whose first index counts the rows; the
indices before the last ones stay, as the t of h_t does. What is made is a proposal, to be proved
entry by entry (:func:`derive.calculus.general.prove_matrices`).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from derive.calculus.array_places import ArrayPlaces
from derive.calculus.graph_rules import TIME, Rule
from derive.formula import (
    Array,
    Call,
    Equation,
    Formula,
    Hadamard,
    Layer,
    Member,
    Name,
    Negative,
    Neuron,
    Partial,
    Power,
    Product,
    Quotient,
    Sum,
    SumOver,
    Transposed,
    equation,
    is_matrix,
    product,
    total,
    transform,
    way,
)
from derive.formula.letters import reindexed
from derive.functions import SOFTMAX
from derive.model import Model


class NoArrayError(ValueError):
    """A formula is not made of whole vectors and matrices."""


@dataclass(frozen=True)
class _Frame:
    """The letters that count the rows and the columns of what is written; empty without them."""

    row: str = ""
    column: str = ""

    def holds(self, formula: Formula) -> set[str]:
        """Those of its letters that stand in a formula."""
        return {self.row, self.column} & _letters(formula)


class FamilyLifting:
    """Rules of one model in vectors and matrices."""

    def __init__(self, model: Model) -> None:
        self._places = ArrayPlaces(model)
        self._model = model
        self._time = "" if model.has_neurons else TIME
        """The letter over which nothing is multiplied; layers may have it for something else."""

    def whole(self, rule: Equation, of: Formula) -> Equation:
        """An equation about `of` for all numbers of its last letters at once.

        Raises :class:`NoArrayError` where it is not one of whole vectors and matrices.
        """
        frame = self._frame(of)
        if frame is None:
            return equation(rule.left, transform(rule.right, self._scalar_product))
        return equation(*(self._written(side, frame) for side in rule.sides))

    def lifted(self, rules: Sequence[Rule]) -> list[Rule]:
        """The rules for all numbers of their last letters at once, where they can be written so.

        The others stay what they are.
        """
        return [self._tried(rule) for rule in rules]

    def _tried(self, rule: Rule) -> Rule:
        try:
            return self._rule(rule)
        except NoArrayError:
            return rule

    def printed(self, rule: Rule) -> Rule:
        """A rule with capital letters for its matrices, where they mean nothing else."""
        sides = tuple(map(self.in_capitals, rule.equation.sides))
        return replace(rule, equation=replace(rule.equation, sides=sides))

    def in_capitals(self, formula: Formula) -> Formula:
        """A formula with capital letters for its matrices."""

        def capital(node: Formula) -> Formula | None:
            if not isinstance(node, Array):
                return None
            stem = node.of.name if isinstance(node.of, Name) else node.of.stem
            great = stem[0].upper() + stem[1:]
            if not self._is_matrix(node.of) or self._is_taken(great, node.of):
                return None
            return Array(Name(great) if isinstance(node.of, Name) else replace(node.of, stem=great))

        return transform(formula, capital)

    def _is_taken(self, great: str, of: Name | Member) -> bool:
        """Whether a capital letter means something else than a matrix."""
        if isinstance(of, Name):
            known = self._places.entries.get(great)
            other = known is not None and known != self._places.entries[of.name]
        else:
            own, others = (self._places.alike(x, len(of.indices)) for x in (of.stem, great))
            same = bool(others) and {*others.values()} <= {*own.values()}
            other = great in self._places.families and not same
        return other or great in self._model.quantities

    def _is_matrix(self, of: Name | Member) -> bool:
        if isinstance(of, Name):
            return len(self._places.entries[of.name][0]) > 1
        some = self._places.alike(of.stem, len(of.indices))
        return any(len(rows[0]) > 1 for rows in some.values())

    def _rule(self, rule: Rule) -> Rule:
        whole, frame = self.whole(rule.equation, rule.of), self._frame(rule.of)
        if frame is None:
            return replace(rule, equation=whole)
        letters = {frame.row, frame.column}
        ranges = {letter: run for letter, run in rule.ranges.items() if letter not in letters}
        return Rule(whole, ranges, self._written(rule.of, frame))

    def _frame(self, of: Formula) -> _Frame | None:
        """Of the indices of a member those that count rows and columns: the last two, or one.

        Nothing for a quantity that stands for itself; of a neuron they are all of its letters.
        """
        if isinstance(of, Neuron):
            return _Frame(*(x for x in (of.index, of.source) if isinstance(x, str)))
        if not isinstance(of, Member):
            return None
        for count in (2, 1):
            if count <= len(of.indices) and self._name(of, count):
                letters = [self._plain(index) for index in of.indices[-count:]]
                if all(letters) and len(set(letters)) == count:
                    return _Frame(*letters)
        return None

    @staticmethod
    def _plain(index: tuple[tuple[str, ...], int]) -> str:
        letters, number = index
        alone = len(letters) == 1 and not number and letters[0] != TIME
        return letters[0] if alone else ""

    def _name(self, of: Member, count: int) -> Array | None:
        """The vector or matrix in which a member stands, without its last indices."""
        written = of.indices[: len(of.indices) - count]
        if not written:
            return Array(Name(of.stem)) if of.stem in self._places.entries else None
        places = self._places.families.get(of.stem, ())
        alike = any(len(place) == len(written) for place in places)
        return Array(replace(of, indices=written)) if alike else None

    # What is written.

    def _written(self, formula: Formula, frame: _Frame) -> Formula:
        """A formula for all numbers of the letters of a frame; a number by itself stays one."""
        if not (frame.holds(formula) - {""} or isinstance(formula, Neuron)):
            return formula
        found = way(self, formula)
        if found is None:
            raise NoArrayError
        return found(formula, frame)  # type: ignore[no-any-return]

    def of_partial(self, formula: Partial, frame: _Frame) -> Formula:
        """∂E/∂X, transposed where X is."""
        by = self._written(formula.by, frame)
        turned = isinstance(by, Transposed)
        found = Partial(formula.of, by.of if isinstance(by, Transposed) else by)
        return Transposed(found) if turned else found

    def of_member(self, of: Member, frame: _Frame) -> Formula:
        count = len(_letters(of) & {frame.row, frame.column})
        array = self._name(of, count)
        own = [self._plain(index) for index in of.indices[len(of.indices) - count :]]
        if array is None:
            raise NoArrayError
        if own == [x for x in (frame.row, frame.column) if x]:
            return array
        if own == [frame.column, frame.row] and frame.column:
            return Transposed(array)
        raise NoArrayError

    def of_neuron(self, of: Neuron, frame: _Frame) -> Formula:
        layer = Layer(of.kind, of.layer)
        turned = frame.column and (of.index, of.source) == (frame.column, frame.row)
        return Transposed(layer) if turned else layer

    def of_negative(self, formula: Formula, frame: _Frame) -> Formula:
        return formula.rebuilt(tuple(self._written(part, frame) for part in formula.parts()))

    of_call = of_cases = of_negative

    def of_sum(self, formula: Sum, frame: _Frame) -> Formula:
        """A sum of whole arrays; numbers are added to each entry."""
        whole = frame.holds(formula)
        for term in formula.terms:
            if frame.holds(term) != whole and _letters(term):
                raise NoArrayError
        return total(self._written(term, frame) for term in formula.terms)

    def of_power(self, formula: Power, frame: _Frame) -> Formula:
        if frame.column:
            raise NoArrayError
        return Power(self._written(formula.base, frame), formula.exponent)

    def of_quotient(self, formula: Quotient, frame: _Frame) -> Formula:
        top, bottom = formula.top, formula.bottom
        last = frame.column or frame.row
        if (
            isinstance(top, Call)
            and top.function == "exp"
            and isinstance(bottom, SumOver)
            and bottom.body == reindexed(top, {last: ((bottom.index,), 0)})
        ):
            return Call(SOFTMAX, self._written(top.argument, frame))
        if _letters(top) and frame.holds(bottom) not in (set(), frame.holds(top)):
            raise NoArrayError
        return Quotient(self._written(top, frame), self._written(bottom, frame))

    def of_product(self, formula: Product, frame: _Frame) -> Formula:
        """Entry by entry, or a column times a row; numbers before it."""
        for bracket in formula.factors if not frame.column else ():
            numbers = _numbers_in(bracket, frame)
            if numbers and isinstance(bracket, Sum):
                # A number for the whole vector is multiplied with it, and not entry by entry.
                others = product(factor for factor in formula.factors if factor is not bracket)
                rest = total(term for term in bracket.terms if term not in numbers)
                scaled = (self._scaled(self._written(others, frame), term) for term in numbers)
                return total([self._written(product([others, rest]), frame), *scaled])
        groups: dict[frozenset[str], list[Formula]] = {}
        for factor in formula.factors:
            groups.setdefault(frozenset(frame.holds(factor)), []).append(factor)
        numbers = groups.pop(frozenset(), [])
        if len(groups) == 1:
            (factors,) = groups.values()
            arrays = [self._written(factor, frame) for factor in factors]
            return product([*numbers, Hadamard(tuple(arrays)) if arrays[1:] else arrays[0]])
        rows, columns = (groups.pop(frozenset({x}), []) for x in (frame.row, frame.column))
        if groups or not rows or not columns:
            raise NoArrayError
        down = self._written(product(rows), _Frame(frame.row))
        across = self._written(product(columns), _Frame(frame.column))
        return product([*numbers, Product((down, Transposed(across)))])

    def _scaled(self, vector: Formula, times: Formula) -> Formula:
        """x·Σ_m y_m·z_m as x yᵀ z, with numbers before it."""
        if isinstance(times, Negative):
            return Negative(self._scaled(vector, times.term))
        found = self._scalar_product(times)
        if found is None:
            raise NoArrayError
        numbers = [factor for factor in found.parts() if not is_matrix(factor)]
        others = [factor for factor in found.parts() if is_matrix(factor)]
        return product([*numbers, vector, *others])

    def _scalar_product(self, formula: Formula) -> Formula | None:
        """Σ_m y_m·z_m as yᵀ z, with numbers before it; nothing where it is none."""
        if not isinstance(formula, SumOver) or formula.index == self._time:
            return None
        factors = formula.body.parts() if isinstance(formula.body, Product) else ()
        numbers = [factor for factor in factors if formula.index not in _letters(factor)]
        counted = [factor for factor in factors if factor not in numbers]
        if len(counted) < 2:
            return None
        with suppress(NoArrayError):
            parts = counted[0], product(counted[1:])
            row, column = (self._written(part, _Frame(formula.index)) for part in parts)
            return product([*numbers, Transposed(row), column])
        return None

    def of_sum_over(self, formula: SumOver, frame: _Frame) -> Formula:
        """A product of matrices over the letter of the Σ, or a Σ of arrays."""
        try:
            return self._multiplied(formula, frame)
        except NoArrayError:
            return replace(formula, body=self._written(formula.body, frame))

    def _multiplied(self, formula: SumOver, frame: _Frame) -> Formula:
        letter, body = formula.index, formula.body
        factors = body.factors if isinstance(body, Product) else (body,)
        groups: dict[frozenset[str], list[Formula]] = {}
        for factor in factors:
            inside = _letters(factor) & {letter, frame.row, frame.column} - {""}
            groups.setdefault(frozenset(inside), []).append(factor)
        numbers = groups.pop(frozenset(), [])
        if any(_letters(factor) for factor in numbers):
            raise NoArrayError
        left = groups.pop(frozenset({frame.row, letter}), [])
        right = groups.pop(frozenset({letter, frame.column} - {""}), [])
        if groups or not left or not right or letter == self._time:
            raise NoArrayError
        return product(
            [
                *numbers,
                _times(
                    self._written(product(left), _Frame(frame.row, letter)),
                    self._written(product(right), _Frame(letter, frame.column)),
                ),
            ]
        )


def _numbers_in(bracket: Formula, frame: _Frame) -> list[Formula]:
    """The terms of a bracket that are numbers for all entries of a vector, with letters of its own.

    What has no letters at all is added to each entry as it is.
    """
    terms = bracket.terms if isinstance(bracket, Sum) and frame.holds(bracket) else ()
    return [term for term in terms if not frame.holds(term) and _is_scalar_product(term)]


def _is_scalar_product(term: Formula) -> bool:
    term = term.term if isinstance(term, Negative) else term
    return isinstance(term, SumOver) and isinstance(term.body, Product)


def _times(left: Formula, right: Formula) -> Formula:
    """The product of two matrices, over what one of them is divided by."""
    for one in (left, right):
        if isinstance(one, Quotient) and not is_matrix(one.bottom):
            tops = [x.top if x is one and isinstance(x, Quotient) else x for x in (left, right)]
            return Quotient(_times(*tops), one.bottom)
    return Product((left, right))


def _letters(formula: Formula) -> set[str]:
    """The free index letters of a formula."""
    if isinstance(formula, SumOver):
        return _letters(formula.body) - {formula.index}
    own: set[str] = set()
    if isinstance(formula, Member):
        own = {*formula.letters}
    elif isinstance(formula, Neuron):
        own = {x for x in (formula.index, formula.source) if isinstance(x, str)}
    return own.union(*map(_letters, formula.parts()))
