"""Net inputs that a document does not name: the W x + b of a = g(W x + b), of which it writes δ."""

from __future__ import annotations

from dataclasses import replace

from derive.checking.stating.definitions import ERROR_STEMS, Definition, Said
from derive.checking.stating.written import Node, Quantity, names, unsigned
from derive.functions import SOFTMAX

NET = "net"
_OTHERS = frozenset(("exp", "ln", SOFTMAX))
"""Functions whose argument nobody calls a net input."""


def with_net_inputs(said: Said) -> Said:
    """The same with a name for each net input, if δ stands somewhere and is not defined itself.

    δ^{(1)} is the derivative by what the activation with the same indices is taken of. A name that
    the author has for that is left as it is.
    """
    stems = {d.left.stem for d in said.definitions} | {q.stem for q, _ in said.adjoints}
    used = {q.stem for d in said.definitions for q in names(d.right)}
    if not said.deltas or stems & {"delta", NET} or NET in used:
        return said
    parted = [_parted(definition) for definition in said.definitions]
    nets = [nodes[0].left for nodes in parted if len(nodes) > 1]
    if len(set(nets)) < len(nets) or not all(net.scripts for net in nets):
        return said
    return replace(said, definitions=tuple(d for nodes in parted for d in nodes))


def _parted(definition: Definition) -> list[Definition]:
    """The definitions of a net input without a name and of what is made of it; or the one."""
    right, left = definition.right, definition.left
    is_call = isinstance(right, Node) and right.kind == "call" and right.text not in _OTHERS
    if not isinstance(right, Node) or not is_call or left.stem in ERROR_STEMS:
        return [definition]
    argument = right.parts[0]
    if not isinstance(unsigned(argument), Node) or not list(names(argument)):
        return [definition]
    net = Quantity(NET, left.lower, left.upper, left.bold)
    activation = replace(definition, right=replace(right, parts=(net,)))
    return [replace(definition, left=net, right=argument), activation]
