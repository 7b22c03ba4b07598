r"""Definitions of any layer: ``a^{(l)} = g(W^{(l)} a^{(l-1)} + b^{(l)})`` is a network of layers.

It becomes a file of a layered network, in which a claim may speak of layers l and L. How many
layers there are, the document leaves open: two depths are tried, with different sizes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from derive.checking.stating.layer_losses import OPEN_LOSSES, with_error
from derive.checking.stating.layered import Layers
from derive.checking.stating.lettering import Lettering, lettering_of
from derive.checking.stating.said import Definition, Said
from derive.checking.stating.spelling import latex
from derive.checking.stating.written import (
    Node,
    Quantity,
    Written,
)
from derive.checking.stating.written_out import shares_bias, sizes_written_out

WIDTHS = ((2, 3, 2), (3, 2, 4, 3))
"""Neurons of the layers, in the ways that are tried."""
_LAYER = re.compile(r"([A-Za-z])(?:([+-])([0-9]+))?")


@dataclass(frozen=True)
class _Rule:
    """One definition of any layer: of its net input, of its output, or of both at once."""

    left: str
    source: str
    weight: str = ""
    bias: str = ""
    function: str = ""
    labelled: bool = False
    width: bool = False
    letter: str = "l"
    out_of: bool = False
    source_first: bool = False


def layers(
    definitions: Sequence[Definition], errors: Collection[str], said: Said | None = None
) -> Layers | None:
    """The layered network that definitions state, the first of each kind counting.

    How layers are counted, and what else inputs and outputs are called, is taken from all that is
    `said`.
    """
    rules: dict[str, tuple[_Rule, Definition]] = {}
    for definition in definitions:
        rule = _rule(definition)
        if rule is not None:
            rules.setdefault(rule.left, (rule, definition))
    for rule, definition in rules.values():
        if not rule.function:
            continue
        net = rules.get(rule.source) if not rule.weight else None
        linear = net[0] if net else rule
        if not linear.weight or linear.source != rule.left or (net and net[0].function):
            continue
        alike = [
            (other, stated)
            for other, stated in rules.values()
            if not other.function and _same(other, linear) and other is not linear
        ]
        net = net or next(iter(alike), None)
        used = (definition, *([net[1]] if net and net[0] is linear else []))
        name = net[0].left if net else ""
        found = Layers(
            rule.left,
            linear.weight,
            linear.bias,
            name,
            rule.function,
            rule.labelled,
            linear.width,
            used,
            lettering=Lettering(
                "l" if linear.letter == "L" else linear.letter,
                "L",
                linear.out_of,
                linear.source_first,
                rows=linear.source_first and _is_of_vectors(rules[linear.left][1]),
            ),
        )
        if said is not None:
            stems = found.out, found.net, found.weight, found.bias
            lettering, outputs, depth = lettering_of(found.lettering, stems, said)
            deltas = list(dict.fromkeys(d.stem for d, by in said.adjoints if by.stem == found.net))
            others = tuple(("delta", latex(stem)) for stem in deltas[1:] if stem != "delta")
            lettering = replace(lettering, read=(*lettering.read, *others))
            delta = next((stem for stem in deltas[:1] if stem != "delta"), "")
            sums = found.net or found.out
            sizes = sizes_written_out(sums, found.out, lettering.first, said)
            shared = bool(sizes) and shares_bias(sums, found.bias, said)
            found = replace(
                found,
                lettering=lettering,
                outputs=outputs,
                depth=depth,
                delta=delta,
                sizes=sizes,
                shares_bias=shared,
            )
        whole = with_error(found, definitions, errors, said.definitions if said else ())
        return whole and _with_aliases(whole, definitions)
    return None


def _is_of_vectors(definition: Definition) -> bool:
    """Whether a weighted sum is written as a product of a vector and a matrix."""
    return not any(sign in side for side in definition.sides for sign in (r"\sum", "Σ", "∑"))


def _with_aliases(found: Layers, definitions: Sequence[Definition]) -> Layers:
    """The network with the definitions of other names, of which none is that of the targets."""
    lettering = found.lettering
    read = tuple(one for one in lettering.read if one[1] != latex(found.target))
    known = {text for kind, text in read if kind != "E_total"}
    others = [
        d
        for d in definitions
        if isinstance(d.right, Quantity)
        and found.out in (d.left.stem, d.right.stem)
        and known & {latex(d.left.stem), latex(d.right.stem)}
    ]
    return replace(
        found,
        lettering=replace(lettering, read=read),
        definitions=(*found.definitions, *others),
    )


def _same(one: _Rule, other: _Rule) -> bool:
    """Whether two definitions are of the same weights, biases and outputs."""
    return (one.weight, one.bias, one.source) == (other.weight, other.bias, other.source)


Place = tuple[str, int, tuple[str, ...]]
"""The letter of a name's layer, how far from it the name is, and its other scripts."""


def _layer(quantity: Quantity) -> Place | None:
    """Where a name is that is one of any layer l, or of L; nothing for another name."""
    found = _LAYER.fullmatch(quantity.scripts[0]) if quantity.scripts else None
    if found is None or found[1] not in ("l", "L", "k", "i", "m", "n", "r"):
        return None
    return found[1], int(f"{found[2]}{found[3]}") if found[2] else 0, quantity.scripts[1:]


def _rule(definition: Definition) -> _Rule | None:
    """What a definition says of any layer, if it does."""
    at = _layer(definition.left)
    if at is None:
        return None
    right, function, labelled = definition.right, "", False
    if isinstance(right, Node) and right.kind == "call" and len(right.parts) == 1:
        function, labelled, right = right.text, bool(right.label), right.parts[0]
    if isinstance(right, Quantity):
        same = function and _layer(right) == at
        return _Rule(definition.left.stem, right.stem, "", "", function, labelled) if same else None
    weighted, *others = right.parts if right.kind == "sum" else (right,)
    if len(others) == 1 and isinstance(weighted, Quantity):
        weighted, others = others[0], [weighted]
    found = _weighted(weighted, at)
    if found is None or len(others) > 1:
        return None
    letter, layer, target = at
    rule = replace(
        found, left=definition.left.stem, function=function, labelled=labelled, width=bool(target)
    )
    for other in others:
        place = (letter, layer - found.out_of, target)
        if not isinstance(other, Quantity) or _layer(other) != place:
            return None
        rule = replace(rule, bias=other.stem)
    return rule


def _weighted(written: Written, at: Place) -> _Rule | None:
    """The weights and what they weigh: Σ_k w^l_jk a^{l-1}_k, for the neuron `at`."""
    letter, layer, target = at
    source: tuple[str, ...] = ()
    if isinstance(written, Node) and written.kind == "total":
        source, written = (written.text,), written.parts[0]
    if not (isinstance(written, Node) and written.kind == "product" and len(written.parts) == 2):
        return None
    weight, out = written.parts
    if not (isinstance(weight, Quantity) and isinstance(out, Quantity)):
        return None
    if len(source) != len(target):
        return None
    below = (letter, layer - 1, source)
    for one, other in ((weight, out), (out, weight)):
        for out_of, turned in product((False, True), repeat=2):
            both = (*source, *target) if turned else (*target, *source)
            if _layer(one) == (letter, layer - out_of, both) and _layer(other) == below:
                return _Rule(
                    "",
                    other.stem,
                    one.stem,
                    letter=letter,
                    out_of=out_of,
                    source_first=turned and bool(source),
                )
    return None


def choices(
    found: Layers, functions: Sequence[str], known: Mapping[str, str]
) -> Iterator[tuple[tuple[int, ...], tuple[str, ...], str]]:
    """The widths, the functions of the layers and the loss, of every reading of a network.

    Where a document writes all units out, the readings of their sizes come first.
    """
    function = known.get(found.function, "")
    losses = found.losses or OPEN_LOSSES
    open_ = max(1 if function else len(functions), len(losses))
    own = [found.sizes] * open_ if found.sizes else []
    any_ = [_widths(found, place) for place in range(max(len(WIDTHS), open_))]
    for place, widths in (*enumerate(own), *enumerate(any_)):
        each = range(place, place + (len(widths) - 1 if found.labelled else 1))
        yield (
            widths,
            (function,) if function else tuple(functions[n % len(functions)] for n in each),
            losses[place % len(losses)],
        )


def _widths(found: Layers, place: int) -> tuple[int, ...]:
    """Some sizes of layers of which the document says at most how many there are."""
    widths: tuple[int, ...] = WIDTHS[place % len(WIDTHS)]
    if found.depth:
        widths = tuple(WIDTHS[-1 - place % 2][n % 3] for n in range(found.depth + 1))
    return widths if found.width else (1,) * len(widths)
