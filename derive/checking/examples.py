r"""Names of several examples: A^{[1]}, of which every column is one, and x^{(i)} of example i.

A network has one example. What holds for each of several holds for it; a gradient by weights is a
sum or a mean over them, and is read for one example only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from derive.formula import (
    Delta,
    Formula,
    Gradient,
    Layer,
    Name,
    Neuron,
    Partial,
    Renewed,
    Transposed,
    Updated,
    walk,
)
from derive.grammar.tokens import SumSign, Token
from derive.grammar.written import Change
from derive.model import Model

_DRESS = re.compile(r"\\[A-Za-z]+|[{}\s]")
_OF_ONE = re.compile(r"\^.*\(([a-z])\)")
_OF_ALL = re.compile(r"d?[A-Z](?![A-Za-z])")
_PARAMETERS = frozenset({"weight", "bias", "mask"})
_FAILS = "it does not hold where each column is an example; write it for one example"
_WHY = "of several examples this may be a sum or a mean; write it for one example"


def about_examples(tokens: Sequence[Token], sides: Sequence[Formula], model: Model) -> str:
    """What is to be said of a formula of all examples at once that fails; nothing of any other.

    Raises :class:`Unreadable` for what is not the same for one example.
    """
    if not model.has_neurons:
        return ""
    table = model.network.naming.table
    layers = (table.layer, table.last)
    written = [(t, _DRESS.sub("", t.text)) for t in tokens if t.kind == "NAME"]
    letters = {t: m[1] for t, text in written if (m := _OF_ONE.search(text)) and m[1] not in layers}
    capitals = {t for t, text in written if _OF_ALL.match(text) and _is_of_all(t, text, model)}
    if not letters and not capitals:
        return ""
    signs = [t.formula for t in tokens if isinstance(t.formula, SumSign)]
    summed = {letter for sign in signs for letter in sign.counted}
    turned = any(isinstance(t.formula, Transposed) for t in capitals)
    if turned or (capitals and signs) or summed & set(letters.values()):
        raise tokens[0].error(_WHY)
    others = {t for t, _ in written if _has_examples(t.formula, model)} - {*letters, *capitals}
    if others or len(set(letters.values())) > 1 or (letters and capitals):
        raise tokens[0].error("these names are not of one example, or not of all of them")
    if any(_is_by_parameter(node, model) for side in sides for node in walk(side)):
        totals = {t for t, _ in written if t.formula == Name(model.total)}
        shorthand = any(isinstance(t.formula, Partial) for t, _ in written)
        if capitals or shorthand or not totals or not totals <= letters.keys():
            raise tokens[0].error(_WHY)
    if any(_is_parameter(t.formula, model) for t in letters):
        raise tokens[0].error("a weight is the same for every example")
    return _FAILS if capitals else ""


def _is_of_all(token: Token, text: str, model: Model) -> bool:
    """Whether a capital letter means the vectors of a layer, which are called by a small one."""
    own = {symbol.stem for symbol in model.network.naming.symbols.values()}
    return _has_examples(token.formula, model) and text.removeprefix("d")[:1] not in own


def _has_examples(formula: Formula | None, model: Model) -> bool:
    """Whether a name is of what every example has its own of: inputs, outputs, δ."""
    of = formula.of if isinstance(formula, Transposed) else formula
    of = of.by if isinstance(of, Partial) else of
    if isinstance(of, Name):
        return of.name != model.total and of.name not in model.parameters
    return isinstance(of, Delta) or (isinstance(of, Layer | Neuron) and of.kind not in _PARAMETERS)


def _is_parameter(formula: Formula | None, model: Model) -> bool:
    if isinstance(formula, Name):
        return formula.name in model.parameters
    return isinstance(formula, Layer | Neuron) and formula.kind in _PARAMETERS


def _is_by_parameter(node: Formula, model: Model) -> bool:
    """Whether this is a derivative by a weight or a bias, or one after a step."""
    if isinstance(node, Updated | Renewed | Change):
        return True
    return isinstance(node, Partial | Gradient) and _is_parameter(node.by, model)
