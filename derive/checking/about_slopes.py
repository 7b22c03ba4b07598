"""What may be a slope: a σ' with a factor behind it, and E_w, the derivative of E by w."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from derive.checking.of_examples import bare
from derive.formula import (
    Call,
    Delta,
    Formula,
    Gradient,
    Layer,
    Member,
    Name,
    Neuron,
    Partial,
    walk,
)
from derive.grammar.tokens import Token
from derive.model import KINDS, Model, Role

_OPENS = frozenset({"LPAR", "LBRACE"})
_PROPER = frozenset({"net", "weight", "bias"})


def about_slopes(tokens: Sequence[Token], sides: Sequence[Formula], model: Model) -> str:
    """What to say of a formula that fails, where a slope may stand there without its argument.

    In σ' x and f'(a − y) the slope may be that at the net input, and what stands behind it another
    factor of the chain rule: no function is applied to a difference of outputs, or a derivative.
    What is read as E may be its derivative in E_w, if there is a w.
    """
    for token in tokens:
        name, _, below = bare(token.text).partition("_")
        if below in model.quantities and token.formula in (Name(name), Name(model.total)):
            return f"{token.text.strip()} may be the derivative of {name} by {below}; write it so"
    for token, behind in pairwise(tokens):
        slope = isinstance(token.formula, Call) and token.formula.primes
        if slope and behind.kind not in _OPENS and not _is_net(behind.formula, model):
            return _MESSAGE.format(token.text.strip())
    for node in (node for side in sides for node in walk(side)):
        if isinstance(node, Call) and node.primes and _may_be_factor(node.argument, model):
            return _MESSAGE.format("the slope")
    return ""


_MESSAGE = (
    "{0} may be meant at a net input here, and what stands behind it as a factor;"
    " write in brackets what it is applied to, and a sign before the factor"
)


def _may_be_factor(argument: Formula, model: Model) -> bool:
    """Whether an argument is a derivative, or of quantities without weights and net inputs."""
    nodes = list(walk(argument))
    if any(
        isinstance(node, Delta | Gradient | Partial) or getattr(node, "kind", "") == "delta"
        for node in nodes
    ):
        return True
    return _is_of_others(nodes, model) and not any(
        _is_of_others(list(walk(other)), model) for other in _arguments(model)
    )


def _is_of_others(nodes: Sequence[Formula], model: Model) -> bool:
    """Whether a formula with these nodes is of several quantities without weights and net inputs.

    The larger of a and b is written so, a + relu(b − a).
    """
    named = [node for node in nodes if isinstance(node, Name | Neuron | Layer | Member)]
    return len(named) > 1 and not any(_is_proper(node, model) for node in named)


def _is_proper(formula: Formula, model: Model) -> bool:
    """Whether something is a parameter or a net input, which may stand in what σ is of."""
    if isinstance(formula, Name):
        known = formula.name in model.quantities
        kind = KINDS.get(model.quantities[formula.name].role, "") if known else ""
        return kind in _PROPER or _is_net(formula, model)
    if isinstance(formula, Neuron | Layer):
        return formula.kind in _PROPER
    return _is_net(formula, model) or (
        isinstance(formula, Member) and formula.stem in {_stem(name) for name in model.parameters}
    )


def _is_net(formula: Formula | None, model: Model) -> bool:
    """Whether the network applies a function to something as it is."""
    if isinstance(formula, Neuron | Layer):
        return formula.kind == "net"
    if not isinstance(formula, Name | Member):
        return False
    applied = {of.name for of in _arguments(model) if isinstance(of, Name)}
    if isinstance(formula, Member):
        return any(_stem(name) == formula.stem for name in applied)
    known = formula.name in model.quantities
    return known and (model.quantities[formula.name].role is Role.NET or formula.name in applied)


@lru_cache(maxsize=8)
def _arguments(model: Model) -> frozenset[Formula]:
    """All that the network applies functions to."""
    calls = (node for of in model.definitions.values() for node in walk(of))
    return frozenset(node.argument for node in calls if isinstance(node, Call))


def _stem(name: str) -> str:
    return name.partition("_")[0]
