r"""Names of several examples: A^{[1]}, of which every column is one, and x^{(i)} of example i.

A network has one example. What holds for each of several holds for it. What adds up over them is
read in :mod:`~derive.checking.summed_examples`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from derive.checking.keys import key_of, stem_of
from derive.checking.of_examples import (
    PARAMETERS,
    SAME_WEIGHT,
    WHOSE,
    bare,
    has_examples,
    is_parameter,
)
from derive.formula import (
    Array,
    Formula,
    Gradient,
    Layer,
    Name,
    Partial,
    Renewed,
    Transposed,
    Updated,
    walk,
)
from derive.grammar.tokens import SumSign, Token
from derive.grammar.written import Change
from derive.model import Model

_OF_ONE = re.compile(r"\^.*\(([a-z])\)")
_OF_ALL = re.compile(r"d?[A-Z](?![A-Za-z])")
_UPRIGHT = re.compile(r"\\(?:mathrm|mathit|operatorname)\s*\{([A-Za-z]+)\}")
FOR_EACH = "it does not hold where each column is an example; write it for one example"
_WHY = "of several examples this may be a sum or a mean; write it for one example"


def is_capital(token: Token, model: Model) -> bool:
    """Whether a name is that of the vectors of all examples."""
    text = bare(token.text)
    return _is_own(token, model) or bool(_OF_ALL.match(text) and _is_of_all(token, text, model))


def _is_own(token: Token, model: Model) -> bool:
    """Whether a name is the network's own for the vectors of all examples: Out_c."""
    of = token.formula.of if isinstance(token.formula, Transposed) else token.formula
    if not isinstance(of, Layer) or of.kind in PARAMETERS:
        return False
    stem = stem_of(key_of(_UPRIGHT.sub(r"\1", token.text).strip()))
    own = model.network.naming.batches(of.kind, of.layer)
    return stem in {stem_of(key_of(written)) for written in own}


def about_examples(
    tokens: Sequence[Token], marked: Mapping[Token, str], sides: Sequence[Formula], model: Model
) -> str:
    """What is to be said of a formula of all examples at once that fails; nothing of any other.

    `marked` are the names with the letter of an example. Raises :class:`Unreadable` for what is not
    the same for one example.
    """
    written = [(t, bare(t.text)) for t in tokens if t.kind == "NAME"]
    above = {t for t, text in written if not model.has_neurons or _OF_ONE.search(text)}
    letters = {t: letter for t, letter in marked.items() if t in above}
    if not model.has_neurons and all(t.formula == Name(model.total) for t in letters):
        # E_i is the error of the example that all else is of.
        return _of_several(tokens, model)
    capitals = {t for t, _ in written if model.has_neurons and is_capital(t, model)}
    if not letters and not capitals:
        return ""
    signs = [t.formula for t in tokens if isinstance(t.formula, SumSign)]
    summed = {letter for sign in signs for letter in sign.counted}
    turned = any(isinstance(t.formula, Transposed) for t in capitals)
    if turned or (capitals and signs) or summed & set(letters.values()):
        raise tokens[0].error(_WHY)
    others = {t for t, _ in written if has_examples(t.formula, model)} - {*letters, *capitals}
    if others or len(set(letters.values())) > 1 or (letters and capitals):
        raise tokens[0].error(WHOSE)
    if any(_is_by_parameter(node, model) for side in sides for node in walk(side)):
        totals = {t for t, _ in written if t.formula == Name(model.total)}
        shorthand = any(isinstance(t.formula, Partial) for t, _ in written)
        if capitals or shorthand or not totals or not totals <= letters.keys():
            raise tokens[0].error(_WHY)
    if any(is_parameter(t.formula, model) for t in letters):
        raise tokens[0].error(SAME_WEIGHT)
    return FOR_EACH if capitals else ""


def _of_several(tokens: Sequence[Token], model: Model) -> str:
    r"""What to say of a formula that fails with one vector, \mathbf x, where x is each x_i."""
    for token in tokens:
        of = token.formula.of if isinstance(token.formula, Array) else None
        if not (isinstance(of, Name) and re.match("bold:[a-z]", key_of(token.text))):
            continue
        twofold = any(f.key == of.name and len(f.ranges) > 1 for f in model.instances.families)
        if twofold and has_examples(of, model):
            return f"{token.text} may be any one of several vectors; write its index"
    return ""


def _is_of_all(token: Token, text: str, model: Model) -> bool:
    """Whether a capital letter means the vectors of a layer, which are called by a small one."""
    own = {symbol.stem for symbol in model.network.naming.symbols.values()}
    return has_examples(token.formula, model) and text.removeprefix("d")[:1] not in own


def _is_by_parameter(node: Formula, model: Model) -> bool:
    """Whether this is a derivative by a weight or a bias, or one after a step."""
    if isinstance(node, Updated | Renewed | Change):
        return True
    return isinstance(node, Partial | Gradient) and is_parameter(node.by, model)
