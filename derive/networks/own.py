"""Functions and losses of a user's own: expressions, read by the grammar of formulas."""

from __future__ import annotations

from collections.abc import Sequence

from derive.errors import InputError
from derive.formula import Formula, Number, Power, names_in, walk
from derive.suggest import did_you_mean


def expression(text: str, letters: Sequence[str], where: str) -> Formula:
    """The formula that `text` is, over nothing but `letters`; `where` names it in messages.

    Raises :class:`InputError` for what cannot be read and for other names.
    """
    from derive.grammar.free import FreeReader, FreeUnreadable
    from derive.grammar.free_names import functions

    known = " and ".join(letters)
    if not text.strip():
        raise InputError(f"{where}: the expression is empty; write one in {known}")
    try:
        formula = FreeReader().formula(text)
    except FreeUnreadable as error:
        raise InputError(f"{where}: {error}: {text!r}") from None
    if any(_is_other_root(node) for node in walk(formula)):
        raise InputError(
            f"{where}: an exponent has to be a whole number or half of one, as in x^2 or x^(1/2):"
            f" {text!r}"
        )
    others = [name for name in names_in(formula) if name not in letters]
    if others:
        instead = did_you_mean(others[0], functions())
        raise InputError(
            f"{where}: {others[0]!r} is not known in {text!r}{instead}; it may use {known},"
            f" numbers, and the functions {', '.join(functions())}, sqrt"
        )
    if not names_in(formula):
        raise InputError(f"{where}: {text!r} does not depend on {known}")
    return formula


def _is_other_root(node: Formula) -> bool:
    """Exact arithmetic modulo a prime has square roots, and no others."""
    power = isinstance(node, Power) and isinstance(node.exponent, Number)
    return power and node.exponent.value.denominator > 2  # type: ignore[attr-defined]
