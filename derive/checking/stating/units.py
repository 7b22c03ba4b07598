r"""Definitions of any unit, ``a_j = \sum_i w_{ji} z_i`` and ``z_j = h(a_j)``: a network of layers.

Which layer a unit is in, its letter says only beside others: i stands before j, and k behind it.
As definitions of any layer they say the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from derive.checking.stating.layered import Layers
from derive.checking.stating.layers import layers
from derive.checking.stating.said import Definition, Said
from derive.checking.stating.spelling import latex
from derive.checking.stating.written import Node, Quantity, Written, changed, names, nodes

LAYER = "l"
_BEFORE = "l-1"


def of_units(definitions: Sequence[Definition], errors: Sequence[str], said: Said) -> Layers | None:
    """The network of layers that definitions of any unit are; nothing where there are none.

    An error of outputs that nothing defines is some error of those of the last layer.
    """
    rules = next((pair for d in definitions if (pair := _rules(d, definitions))), None)
    made = rules and _of_any_layer(*rules, definitions)
    if not rules or not made:
        return None
    net, out = rules
    ends = [stem for stem in errors if stem not in (net.left.stem, out.left.stem)]
    found = layers(made, ends)
    if found is None:
        return None
    sums = [n.text for d in definitions for n in nodes(d.right) if n.kind == "total"]
    neuron, source = net.left.scripts[0], next(n.text for n in nodes(net.right) if n.text in sums)
    behind = next(letter for letter in (*sums, *"kjimn") if letter not in (neuron, source))
    others = [(a, b) for pair in said.aliases for a, b in (pair, pair[::-1])]
    read = [("output", latex(a.stem)) for a, b in others if b.stem == found.out]
    named = (d.left for d in definitions if d.left.stem == found.error and len(d.left.lower) == 1)
    error = next((f"{left.stem}_{left.lower[0]}" for left in named), found.error)
    lettering = replace(
        found.lettering, units=f"{neuron}{source}{behind}", read=tuple(dict.fromkeys(read))
    )
    used = {(d.formula, d.start) for d in found.definitions}
    kept = tuple(d for d in definitions if (d.formula, d.start) in used)
    return replace(found, error=error, lettering=lettering, definitions=kept)


def _of_any_layer(
    net: Definition, out: Definition, definitions: Sequence[Definition]
) -> list[Definition] | None:
    """The definitions of any unit as those of any layer; nothing where units have others, too."""
    found = net, out
    placed = {name.stem for d in found for name in (d.left, *names(d.right))}
    definitions = [d for d in definitions if not isinstance(d.right, Quantity)]
    if any(d.left.stem in placed and d not in found for d in definitions):
        return None
    source = out.left.stem

    def before(written: Written) -> Written | None:
        if isinstance(written, Node):
            return None
        return _at(written, _BEFORE if written.stem == source else LAYER)

    def last(written: Written) -> Written | None:
        own = isinstance(written, Quantity) and written.stem in placed
        return _at(written, "L") if own and isinstance(written, Quantity) else None

    made = [
        replace(net, left=_at(net.left, LAYER), right=changed(net.right, before)),
        replace(
            out, left=_at(out.left, LAYER), right=changed(out.right, lambda w: _placed(w, LAYER))
        ),
    ]
    others = [d for d in definitions if d not in found]
    return [*made, *(replace(d, right=changed(d.right, last)) for d in others)]


def _rules(
    net: Definition, definitions: Sequence[Definition]
) -> tuple[Definition, Definition] | None:
    """A weighted sum of what other units give, and the function that gives it."""
    terms = net.right.parts if isinstance(net.right, Node) and net.right.kind == "sum" else ()
    sums = [t for t in terms or (net.right,) if isinstance(t, Node) and t.kind == "total"]
    if len(sums) != 1 or len(net.left.scripts) != 1:
        return None
    inside = {name.stem for name in names(sums[0]) if name.scripts == (sums[0].text,)}
    for out in definitions:
        right = out.right
        applied = isinstance(right, Node) and right.kind == "call" and len(right.parts) == 1
        if not applied or not isinstance(right, Node) or out.left.stem not in inside:
            continue
        of = right.parts[0]
        if isinstance(of, Quantity) and (of.stem, of.scripts) == (net.left.stem, out.left.scripts):
            return net, out
    return None


def _placed(written: Written, layer: str) -> Written | None:
    return _at(written, layer) if isinstance(written, Quantity) else None


def _at(quantity: Quantity, layer: str) -> Quantity:
    """A name of a unit as one of a layer."""
    return replace(quantity, upper=(layer,), lower=quantity.scripts)
