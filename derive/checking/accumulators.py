"""What grows step by step: Δ := 0, then Δ := Δ + δaᵀ or dW += δaᵀ, and J := J + L^{(i)}.

An algorithm adds up over examples what a network of one example has once. The row that adds claims
what is added: the derivative of one example's error, or that error. What a value is before the
first example is no claim, nor that a sum is divided by the number of its terms.
"""

from __future__ import annotations

from derive.checking.of_examples import has_examples, is_count, is_parameter
from derive.formula import (
    ETA,
    ONE,
    ZERO,
    Formula,
    Gradient,
    Name,
    Negative,
    Number,
    Partial,
    Product,
    Quotient,
    Sum,
    total,
    transform,
    walk,
)
from derive.grammar.unfinished import STEPS, Chain
from derive.grammar.written import Change, Examples, Gathered, Unknown
from derive.model import Model

Sides = tuple[Formula, ...]
GROWS = "what grows step by step is read of the error and of its gradients: Δw := Δw + …"
EQUATION = "with '=' this is an equation; what grows step by step is written with :="
_ONCE = "a term of the weights may be added once, and not for each example"
MAY_BEGIN = "it may say where a sum begins, or what is to be solved"


def gathered(chain: Chain, model: Model) -> tuple[Sides, bool]:
    """The sides of a chain for one example, and whether the second is what a row adds.

    Raises :class:`ValueError` for a row that adds to something else, or what no example has its own
    of: that may be a term of the weights, which is added once.
    """
    sides, grows = _gathered(chain, model)
    nodes = [node for side in sides[1:] for node in walk(side)]
    own = any(has_examples(node, model) or node == Name(model.total) for node in nodes)
    if grows and (model.network.l2 or not own):
        raise ValueError(_ONCE)
    return sides, grows


def _gathered(chain: Chain, model: Model) -> tuple[Sides, bool]:
    """The same before it is asked what is added."""
    first, *others = chain.sides
    if {*chain.signs} & STEPS:
        changed = Change(first) if is_parameter(first, model) else _of_error(first, model)
        if changed is None:
            raise ValueError(GROWS)
        left = changed if chain.signs == ("GROWS",) else Negative(changed)
        return (left, *others), not isinstance(changed, Change)
    if len(others) == 1 and not is_parameter(first, model):
        found = _grown(first, others[0], "BECOMES" in chain.signs, model)
        if found is not None:
            return found, found != _NOTHING
    if isinstance(first, Unknown) or any(isinstance(side, Number) for side in others):
        return tuple(transform(side, _as_nothing) for side in chain.sides), False
    return _with_slopes(chain.sides, model), False


def _grown(first: Formula, side: Formula, assigns: bool, model: Model) -> Sides | None:
    """What is added, and to what, in Δ := Δ + …; nothing of what claims nothing, Δ := 0."""
    zero = isinstance(side, Number) and not side.value
    if assigns and (zero or _is_divided(side, first)):
        return _NOTHING
    slope = _of_error(first, model)
    added = _added(side, first, twice=first == Name(model.total))
    if slope is None and assigns and added is not None and not isinstance(first, Unknown):
        raise ValueError(GROWS)
    if slope is None or added is None:
        return None
    if not assigns and not isinstance(first, Gathered | Change):
        raise ValueError(EQUATION)
    rated = isinstance(first, Change) and any(node == ETA for node in walk(added))
    return first if rated else slope, added


def _with_slopes(sides: Sides, model: Model) -> Sides:
    """The sides with the error's derivative for Δ, or the Σ of those where it is divided by m.

    With the rate Δw/m is the mean of derivatives, too, and without it that of changes.
    """
    nodes = [node for side in sides for node in walk(side)]
    divided = any(map(is_count, nodes))
    rated = divided and ETA in nodes

    def rule(node: Formula) -> Formula | None:
        if not isinstance(node, Gathered | Change):
            return None
        if isinstance(node, Change) and not (rated and is_parameter(node.of, model)):
            return None
        own = Partial(Name(model.total), node.of)
        return Examples(own) if divided else own

    first, *others = sides
    left = first if isinstance(first, Change) else transform(first, rule)
    return (left, *(transform(side, rule) for side in others))


def may_begin(chain: Chain, model: Model) -> str:
    """What to say of J = 0 or dW = 0 where that fails; nothing of any other chain."""
    last = chain.sides[-1]
    zero = len(chain.sides) == 2 and isinstance(last, Number) and not last.value
    return MAY_BEGIN if zero and _of_error(chain.sides[0], model) is not None else ""


def _of_error(formula: Formula, model: Model) -> Formula | None:
    """The error, or its derivative by a parameter, if a name is of what adds up over examples."""
    of = formula.of if isinstance(formula, Gathered | Change) else None
    if of is not None and (isinstance(formula, Gathered) or is_parameter(of, model)):
        return Partial(Name(model.total), of)
    if isinstance(formula, Partial | Gradient):
        adds = formula.of == Name(model.total) and is_parameter(formula.by, model)
        return formula if adds else None
    return formula if formula == Name(model.total) else None


def _added(side: Formula, first: Formula, *, twice: bool) -> Formula | None:
    """What is added to `first` in a side; nothing where it does not begin with that.

    The error of one example, which may be added to that of all, is the same name `twice`.
    """
    if not isinstance(side, Sum) or side.terms[0] != first:
        return None
    rest = side.terms[1:]
    nodes = [node for term in rest for node in walk(term)]
    again = not twice and first in nodes
    return None if again or any(isinstance(n, Change | Gathered) for n in nodes) else total(rest)


def _is_divided(side: Formula, first: Formula) -> bool:
    """Whether a side is `first` by the number of examples."""
    if isinstance(side, Quotient):
        return is_count(side.bottom) and side.top == first
    factors = side.factors if isinstance(side, Product) else ()
    by = [f for f in factors if isinstance(f, Quotient) and f.top == ONE and is_count(f.bottom)]
    return len(factors) == 2 and len(by) == 1 and first in factors


_UNKNOWN = Unknown("Δ", "Δ", 0)
_NOTHING = (ZERO, _UNKNOWN)
"""An equation that claims nothing."""


def _as_nothing(node: Formula) -> Formula | None:
    return _UNKNOWN if isinstance(node, Gathered) else None
