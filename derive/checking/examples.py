r"""Names of several examples: A^{[1]}, of which every column is one, and x^{(i)} of example i.

A network has one example. What holds for each of several holds for it. A gradient by weights is a
sum or a mean over them: dW = 1/m dZ Aᵀ, whose product of matrices adds up the gradients of all
examples, holds if the gradient of one example does, and is read only with the factor that the mean
or the sum has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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
    ONE,
    ONES,
    Formula,
    Gradient,
    Hadamard,
    Layer,
    Name,
    Number,
    Partial,
    Product,
    Quotient,
    Renewed,
    Sum,
    Transposed,
    Updated,
    total,
    walk,
)
from derive.grammar.tokens import SumSign, Token
from derive.grammar.written import Change, Unknown
from derive.model import Model
from derive.notations.whole import COUNTS

_OF_ONE = re.compile(r"\^.*\(([a-z])\)")
_OF_ALL = re.compile(r"d?[A-Z](?![A-Za-z])")
_UPRIGHT = re.compile(r"\\(?:mathrm|mathit|operatorname)\s*\{([A-Za-z]+)\}")
FOR_EACH = "it does not hold where each column is an example; write it for one example"
_WHY = "of several examples this may be a sum or a mean; write it for one example"


def of_one(
    tokens: Sequence[Token], sides: Sequence[Formula], model: Model, way: str = ""
) -> tuple[Formula, ...] | None:
    """The gradient of one example for one of all at once; nothing for any other formula.

    `way` says whether the document states the error as a sum or as a mean.

    ∂E/∂W of the mean over m examples is 1/m Σ δaᵀ, and that is 1/m ΔAᵀ if the columns (where
    vectors are rows, the rows) of both matrices are the examples. It equals the gradient, whatever
    the examples are, if and only if δaᵀ is that of each one.
    """
    if not model.has_neurons or len(sides) < 2 or not _is_by_parameter(sides[0], model):
        return None
    names = [t for t in tokens if t.kind == "NAME" and has_examples(t.formula, model)]
    if not names or not all(_is_capital(token, model) for token in names):
        return None
    mean = way == "mean" if way else model.network.averages
    found = [_of_one(side, model, mean) for side in sides[1:]]
    return None if None in found else (sides[0], *(side for side in found if side is not None))


def _of_one(formula: Formula, model: Model, mean: bool) -> Formula | None:
    """What a sum or mean over the examples is for one of them."""
    if isinstance(formula, Sum):
        # What has no examples in it belongs to the error of each of them, and to their mean.
        terms = [
            (_of_one(t, model, mean) if _has_any(t, model) else t if mean else None)
            for t in formula.terms
        ]
        return None if None in terms else total(t for t in terms if t is not None)
    if isinstance(formula, Hadamard):
        masks = [f for f in formula.factors if not _has_any(f, model)]
        others = [_of_one(f, model, mean) for f in formula.factors if f not in masks]
        return Hadamard((*masks, others[0])) if len(others) == 1 and others[0] else None
    factors = [ONES if _is_ones(factor) else factor for factor in _factors(formula)]
    if mean:
        scales = [f for f in factors if _is_one_by_count(f, model)]
        if len(scales) != 1:
            return None
        factors.remove(scales[0])
    if len(factors) != 2:
        return None
    first, last = reversed(factors) if _in_rows(model) else factors
    adds_up = isinstance(last, Transposed) or last == ONES
    within = [n for n in walk(first) if isinstance(n, Transposed) and _has_any(n, model)]
    return Product(tuple(factors)) if adds_up and not within else None


def _is_ones(formula: Formula) -> bool:
    """Whether this is a bold 1."""
    return isinstance(formula, Unknown) and formula.stem == "1"


def _in_rows(model: Model) -> bool:
    return model.network.naming.table.matrices == "rows"


def _factors(formula: Formula) -> Iterator[Formula]:
    """The factors of a product, 1/m of a quotient by m among them."""
    if isinstance(formula, Product):
        for factor in formula.factors:
            yield from _factors(factor)
    elif isinstance(formula, Quotient) and formula.top != ONE:
        yield Quotient(ONE, formula.bottom)
        yield from _factors(formula.top)
    else:
        yield formula


def _is_one_by_count(formula: Formula, model: Model) -> bool:
    """Whether this is 1/m, by a letter that means nothing else or by the number of examples."""
    if not isinstance(formula, Quotient) or formula.top != ONE:
        return False
    bottom = formula.bottom
    if isinstance(bottom, Unknown):
        return bottom.stem in COUNTS
    count = model.network.examples
    return count > 1 and isinstance(bottom, Number) and bottom.value == count


def _has_any(formula: Formula, model: Model) -> bool:
    return any(has_examples(node, model) for node in walk(formula))


def _is_capital(token: Token, model: Model) -> bool:
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


def about_examples(tokens: Sequence[Token], sides: Sequence[Formula], model: Model) -> str:
    """What is to be said of a formula of all examples at once that fails; nothing of any other.

    Raises :class:`Unreadable` for what is not the same for one example.
    """
    if not model.has_neurons:
        return ""
    table = model.network.naming.table
    layers = (table.layer, table.last)
    written = [(t, bare(t.text)) for t in tokens if t.kind == "NAME"]
    letters = {t: m[1] for t, text in written if (m := _OF_ONE.search(text)) and m[1] not in layers}
    capitals = {t for t, text in written if _is_capital(t, model)}
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


def _is_of_all(token: Token, text: str, model: Model) -> bool:
    """Whether a capital letter means the vectors of a layer, which are called by a small one."""
    own = {symbol.stem for symbol in model.network.naming.symbols.values()}
    return has_examples(token.formula, model) and text.removeprefix("d")[:1] not in own


def _is_by_parameter(node: Formula, model: Model) -> bool:
    """Whether this is a derivative by a weight or a bias, or one after a step."""
    if isinstance(node, Updated | Renewed | Change):
        return True
    return isinstance(node, Partial | Gradient) and is_parameter(node.by, model)
