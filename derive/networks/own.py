"""Functions and losses of a user's own: expressions, read by the grammar of formulas."""

from __future__ import annotations

from collections.abc import Sequence

from derive.errors import InputError
from derive.formula import Formula, Number, Power, names_in, walk
from derive.functions import LOSSES, Function, Loss, activation
from derive.model.facts import Facts
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


def activation_of(network: Facts, layer: int) -> Function:
    """The activation of a layer, of the table or the user's own; softmax is none of them."""
    name = network.activations[layer - 1]
    own = dict(network.functions).get(name)
    if own is None:
        return activation(name)
    formula = expression(own, ("x",), f"functions.{name}")
    return Function(name, "", lambda x, f: f.of(formula, {"x": x}))


def loss_of(network: Facts) -> Loss:
    """The loss, of the table or the user's own."""
    if network.loss in LOSSES:
        return LOSSES[network.loss]
    formula = expression(network.loss, ("t", "o"), "loss")
    words = "a function of the two that the network's file gives"
    return Loss(network.loss, lambda t, o, n, f: f.of(formula, {"t": t, "o": o}), words=words)


def _is_other_root(node: Formula) -> bool:
    """Exact arithmetic modulo a prime has square roots, and no others."""
    power = isinstance(node, Power) and isinstance(node.exponent, Number)
    return power and node.exponent.value.denominator > 2  # type: ignore[attr-defined]
