"""What every example has its own of, and what is the same for all of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from derive.formula import Array, Delta, Formula, Layer, Member, Name, Neuron, Partial, Transposed
from derive.grammar.written import Unknown
from derive.model import PARAMETERS as ROLES
from derive.model import Model, Role
from derive.notations.free import split_name

_DRESS = re.compile(r"\\[A-Za-z]+|[{}\s]")
_SIZES = frozenset("mnNMB")
"""Letters for the number of the examples."""
PARAMETERS = frozenset({"weight", "bias", "mask"})
"""The kinds of layers and neurons of which all examples have the same."""
WHOSE = "these names are not of one example, or not of all of them"
SAME_WEIGHT = "a weight is the same for every example"


def bare(text: str) -> str:
    """A name as it is written, without commands, braces and blanks."""
    return _DRESS.sub("", text)


def has_examples(formula: Formula | None, model: Model) -> bool:
    """Whether a name is of what every example has its own of: inputs, outputs, δ."""
    of = formula.of if isinstance(formula, Transposed) else formula
    of = of.by if isinstance(of, Partial) else of
    if isinstance(of, Name):
        return of.name not in {model.total, *model.parameters, *model.names(Role.CONSTANT)}
    if isinstance(of, Member | Array):
        return not is_parameter(of, model)
    return isinstance(of, Delta) or (isinstance(of, Layer | Neuron) and of.kind not in PARAMETERS)


def is_parameter(formula: Formula | None, model: Model) -> bool:
    """Whether a formula is a weight or a bias, or several of them."""
    of = formula.of if isinstance(formula, Array) else formula
    if isinstance(of, Name) and of.name in model.parameters:
        return True
    if isinstance(formula, Array) and isinstance(of, Name):
        return _is_family(*split_name(of.name), model)
    if isinstance(of, Member):
        return _is_family(of.stem, (), model)
    return isinstance(of, Layer | Neuron) and of.kind in PARAMETERS


def _is_family(key: str, first: Sequence[int], model: Model) -> bool:
    """Whether a family of parameters is called so, with these for its first indices: W_2."""
    families = (f for f in model.instances.families if f.key == key and f.role in ROLES)
    return any(
        all(number in among for number, among in zip(first, family.ranges, strict=False))
        for family in families
    )


def is_count(formula: Formula) -> bool:
    """Whether a name that the network does not have is the number of the examples."""
    return isinstance(formula, Unknown) and formula.stem in _SIZES and not formula.familiar
