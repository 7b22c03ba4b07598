"""What an array is as a whole: Q·Kᵀ/√d, softmax of its rows."""

from __future__ import annotations

from derive.formula import (
    ONE,
    Array,
    Call,
    Equation,
    Formula,
    Member,
    Name,
    Product,
    Quotient,
    SumOver,
    Transposed,
    product,
    walk,
)
from derive.functions import SOFTMAX
from derive.model.families import Family


def whole(family: Family) -> Equation | None:
    """The definition of a family as one equation of vectors and matrices, if it is a product.

    Or the softmax of each of its rows. Nothing for any other definition, and for single numbers.
    """
    letters = family.letters
    if family.definition is None or not 1 <= len(letters) <= 2:
        return None
    found = _whole(family.definition, letters)
    return None if found is None else Equation((_array(family.key, len(letters)), found))


def _whole(formula: Formula, letters: tuple[str, ...]) -> Formula | None:
    if isinstance(formula, Quotient):
        shares = _softmax(formula, letters)
        if shares is not None:
            return shares
        top = _whole(formula.top, letters)
        plain = not any(isinstance(node, Member) for node in walk(formula.bottom))
        return product([Quotient(ONE, formula.bottom), top]) if top and plain else None
    if isinstance(formula, SumOver) and isinstance(formula.body, Product):
        return _product(formula.body.factors, letters, formula.index)
    return None


def _product(factors: tuple[Formula, ...], letters: tuple[str, ...], over: str) -> Formula | None:
    """Σ_n a_in·b_nj as A·B, with a transpose where an index stands first."""
    if len(factors) != 2 or not all(isinstance(factor, Member) for factor in factors):
        return None
    found: list[Formula] = []
    for wanted in ((letters[0], over), (over, *letters[1:])):
        for factor in factors:
            assert isinstance(factor, Member)
            own = tuple(x for used, offset in factor.indices for x in used if not offset)
            if len(own) != len(factor.indices) or {*own} != {*wanted}:
                continue
            array = _array(factor.stem, len(own))
            found.append(array if own == wanted else Transposed(array))
    return Product(tuple(found)) if len(found) == 2 else None


def _softmax(formula: Quotient, letters: tuple[str, ...]) -> Formula | None:
    """e^z_ij/Σ_m e^z_im as softmax(Z)."""
    top, bottom = formula.top, formula.bottom
    if not (isinstance(top, Call) and top.function == "exp" and isinstance(bottom, SumOver)):
        return None
    of, own = top.argument, bottom.body
    if not (isinstance(of, Member) and isinstance(own, Call) and own.function == "exp"):
        return None
    plain = tuple((x,) for x in letters) == tuple(used for used, _ in of.indices)
    last = isinstance(own.argument, Member) and own.argument.indices == (
        *of.indices[:-1],
        ((bottom.index,), of.indices[-1][1]) if of.indices else (),
    )
    return Call(SOFTMAX, _array(of.stem, len(letters))) if plain and last else None


def _array(stem: str, indices: int) -> Array:
    """A vector or, with a capital letter, a matrix."""
    return Array(Name(stem[:1].upper() + stem[1:] if indices == 2 else stem))
