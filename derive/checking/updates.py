"""Steps of gradient descent: w := w − η ∂E/∂w, with index letters, for vectors and matrices.

What a change of something else changes to first order, ΔC ≈ ∂C/∂w Δw, says what a derivative is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container
from dataclasses import replace

from derive.checking.display import Piece
from derive.checking.of_examples import is_parameter
from derive.formula import (
    ETA,
    ONE,
    Array,
    Delta,
    Formula,
    Layer,
    Member,
    Name,
    Negative,
    Neuron,
    Number,
    Partial,
    Product,
    Renewed,
    Sum,
    SumOver,
    Updated,
    is_number,
    product,
    transform,
    walk,
)
from derive.grammar.unfinished import Chain, Reading, index_letters
from derive.grammar.written import Change, Placeholder
from derive.model import Model

_PARAMETERS = frozenset({"weight", "bias"})
_COMPUTED = frozenset({"out", "net", "delta", "error"})


class Updates:
    """Tells the steps of one model's parameters from definitions and equations."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def stepped(
        self, sides: tuple[Formula, ...], chain: Chain, piece: Piece
    ) -> tuple[Formula, ...]:
        """The sides, the first of them after the step if a parameter is given a new value.

        That is so behind ':=' and '←', and where w = w − … would else say that a step is 0. What
        the network computes is stated with these signs, too: z := Wx. Raises :class:`Unreadable`
        for a parameter that becomes a number, which may be its first value.
        """
        if set(chain.signs) == {"APPROX"} and self._is_effect(sides[0]):
            return self._to_first_order(sides, piece)
        steps = any(_steps_from(sides[0], side) for side in sides[1:])
        sides = tuple(transform(side, self._change(piece)) for side in sides)
        left = sides[0]
        becomes = "BECOMES" in chain.signs
        if not is_parameter(left, self._model):
            several = isinstance(left, Neuron | Member | Layer | Array | Placeholder)
            if becomes and several and not self._is_stated(left, sides[1:]):
                raise piece.error("an update is read of a weight or a bias: w_{31} := …")
            return sides
        if becomes:
            given = sides[1].term if isinstance(sides[1], Negative) else sides[1]
            if isinstance(given, Number):
                start, end = (place - piece.start for place in chain.spans[0])
                name = piece.text[start:end].strip()
                raise piece.error(
                    "is this the value before the step, or after it? Write"
                    f" {name} = … or {name}⁺ = …"
                )
        elif not steps:
            return sides
        return (_renewed(left), *sides[1:])

    def _is_effect(self, side: Formula) -> bool:
        """Whether a side is ΔC, the change of what is no parameter."""
        return isinstance(side, Change) and not is_parameter(side.of, self._model)

    def _to_first_order(self, sides: tuple[Formula, ...], piece: Piece) -> tuple[Formula, ...]:
        """What ΔC ≈ a Δw ≈ b Δw says: that ∂C/∂w is a, and b.

        Raises :class:`Unreadable` where a side is no multiple of one change, or of each of a layer.
        """
        effect = sides[0]
        assert isinstance(effect, Change)
        free = frozenset(index_letters(effect.of))
        parts = [_multiple(side, free) for side in sides[1:]]
        causes = {cause for cause, _ in parts}
        cause = causes.pop()
        if causes or cause is None:
            raise piece.error(_FIRST_ORDER)
        return (Partial(effect.of, cause), *(factor for _, factor in parts))

    def _change(self, piece: Piece) -> Callable[[Formula], Formula | None]:
        """What writes Δw as w⁺ − w."""

        def rule(node: Formula) -> Formula | None:
            if not isinstance(node, Change):
                return None
            if not is_parameter(node.of, self._model):
                raise piece.error(f"Δ is read before a weight or a bias: Δw_{{31}}; {_FIRST_ORDER}")
            return Sum((_renewed(node.of), Negative(node.of)))

        return rule

    def _is_stated(self, left: Formula, others: tuple[Formula, ...]) -> bool:
        """Whether left is computed by the network, and no step from its value before."""
        if any(node in (left, ETA) for side in others for node in walk(side)):
            return False
        if isinstance(left, Neuron | Layer):
            return left.kind in _COMPUTED and left.layer > 0
        of = left.of if isinstance(left, Array) else left
        stem = of.stem if isinstance(of, Member) else of.name if isinstance(of, Name) else ""
        defined = (self._model.quantities[name] for name in self._model.definitions)
        return any(q.family == stem for q in defined)


_FIRST_ORDER = "a change to first order is one derivative times one change: ΔE ≈ ∂E/∂w Δw"


def _multiple(side: Formula, free: Collection[str]) -> tuple[Formula | None, Formula]:
    """What changes in a Δw, or in Σ_j a_j Δw_j for every j, and by what the change is multiplied.

    Nothing changes where a side is something else; the `free` letters are counted by no Σ.
    """
    if isinstance(side, Negative):
        cause, factor = _multiple(side.term, free)
        return cause, Negative(factor)
    whole, sums = side, list[SumOver]()
    while isinstance(side, SumOver) and side.bare and not side.multiplies:
        sums.append(side)
        side = side.body
    counted = [one.index for one in sums]
    factors = side.factors if isinstance(side, Product) else (side,)
    changes = [factor for factor in factors if isinstance(factor, Change)]
    others = [factor for factor in factors if not isinstance(factor, Change)]
    alone = len(changes) == 1 and not any(isinstance(n, Change) for f in others for n in walk(f))
    cause = changes[0].of if alone else None
    weight = isinstance(cause, Neuron) and cause.kind in _PARAMETERS
    if cause is not None and weight and not {*counted} & {*index_letters(cause)}:
        factor = product(others) if others else ONE
        for one in reversed(sums):
            factor = replace(one, body=factor)
        return cause, factor
    # Only the neurons of a layer, and its weights, are sure not to change one another.
    each = isinstance(cause, Neuron) and set(counted) <= set(index_letters(cause)) - set(free)
    if not isinstance(cause, Name | Neuron | Member) or (counted and not each):
        return None, whole
    return cause, product(others) if others else ONE


def _renewed(of: Formula) -> Formula:
    return Updated(of.name) if isinstance(of, Name) else Renewed(of)


def _steps_from(left: Formula, right: Formula) -> bool:
    """Whether `right` is `left` and a step: derivatives, the rate, or numbers alone.

    w = w + u − u is none, and says what it says.
    """
    if not isinstance(right, Sum) or left not in right.terms:
        return False
    rest = [term for term in right.terms if term != left]
    kinds = (Partial, Delta, Change)
    gradient = any(isinstance(node, kinds) or node == ETA for t in rest for node in walk(t))
    return gradient or all(map(is_number, rest))


def with_changes_turned(side: Formula) -> Formula:
    """A side in which Δw is what a step takes away, w − w⁺."""

    def rule(node: Formula) -> Formula | None:
        if not isinstance(node, Sum) or len(node.terms) != 2:
            return None
        after, before = node.terms
        changes = isinstance(before, Negative) and _renewed(before.term) == after
        return Negative(node) if changes else None

    return transform(side, rule)


def delta_on_the_left(chain: Chain, reading: Reading, given: Container[str]) -> str | None:
    """The name of the δ that stands alone on the left side, and only there.

    None of those that the author has `given` a meaning, which means nothing else.
    """
    start, end = chain.spans[0]
    deltas = [t for t in reading.tokens.values() if t.key.startswith("δ")]
    left = [t for t in reading.tokens.values() if start <= t.start < end]
    alone = len(left) == len(deltas) == 1 and left == deltas
    of = chain.sides[0]
    if not alone or not isinstance(of, Partial) or of != left[0].formula:
        return None
    key = left[0].key
    return None if key in given or key.rpartition("^")[2].isdecimal() else key
