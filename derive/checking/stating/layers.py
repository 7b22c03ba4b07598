r"""Definitions of any layer: ``a^{(l)} = g(W^{(l)} a^{(l-1)} + b^{(l)})`` is a network of layers.

It becomes a file of a layered network, in which a claim may speak of layers l and L. How many
layers there are, the document leaves open: two depths are tried, with different sizes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import product

from derive.checking.stating.equations import Writer
from derive.checking.stating.lettering import Lettering, lettering_of
from derive.checking.stating.parser import read
from derive.checking.stating.penalty import RATE, without_penalty
from derive.checking.stating.said import Definition, Said
from derive.checking.stating.spelling import latex
from derive.checking.stating.written import (
    Node,
    Quantity,
    UnwrittenError,
    Written,
    changed,
    names,
)
from derive.functions import BY_SYMBOL
from derive.notations.renaming import RESERVED

WIDTHS = ((2, 3, 2), (3, 2, 4, 3))
"""Neurons of the layers, in the ways that are tried."""
_LAYER = re.compile(r"([A-Za-z])(?:([+-])([0-9]+))?")
_LOSSES = {
    "half-squared-error": (
        r"\frac12 \sum_j (o_j - t_j)^2", r"\frac12 \sum_j (t_j - o_j)^2",
        r"\frac12 \sum_j ((o_j - t_j)(o_j - t_j))", r"\frac12 \sum_j ((t_j - o_j)(t_j - o_j))",
        r"\sum_j \frac12 (o_j - t_j)^2", r"\sum_j \frac12 (t_j - o_j)^2",
        r"\frac12 (o - t)^2", r"\frac12 (t - o)^2",
    ),
    "squared-error": (
        r"\sum_j (o_j - t_j)^2", r"\sum_j (t_j - o_j)^2", r"(o - t)^2", r"(t - o)^2",
        r"\sum_j ((o_j - t_j)(o_j - t_j))", r"\sum_j ((t_j - o_j)(t_j - o_j))",
    ),
    "binary-cross-entropy": (
        r"-\sum_j (t_j \ln o_j + (1 - t_j) \ln(1 - o_j))", r"-(t \ln o + (1 - t) \ln(1 - o))",
        r"-t \ln o - (1 - t) \ln(1 - o)",
    ),
}  # fmt: skip
"""The losses of layered networks, as they are written with outputs o and targets t."""
OPEN_LOSSES = ("half-squared-error", "softplus(o) - t*o", "exp(o - t)")
"""What a loss of which nothing is said is taken for."""


@dataclass(frozen=True)
class Layers:
    """What the definitions of any layer are made of: stems, and the function of a layer.

    `net` is empty where a layer is defined in one formula, and `bias` where there is none.
    `labelled` says whether each layer has a function of its own, f_l, and `width` whether a layer
    has several neurons.
    """

    out: str
    weight: str
    bias: str
    net: str
    function: str
    labelled: bool
    width: bool
    definitions: tuple[Definition, ...]
    error: str = ""
    target: str = ""
    losses: tuple[str, ...] = ()
    lettering: Lettering = field(default_factory=Lettering)
    outputs: tuple[Quantity, ...] = ()
    """Other names of the outputs of the last layer."""
    delta: str = ""
    """What the derivatives by net inputs are called, where the document says it."""
    depth: int = 0
    """The number of layers after the inputs, where the document says it."""
    penalty: bool = False
    """Whether the squares of all weights are added to the error, times half of λ."""

    def file(self, name: str, sizes: Sequence[int], functions: Sequence[str], loss: str) -> str:
        """The network as a TOML file, with a choice for what is left open."""
        rows = ", ".join(f'"{BY_SYMBOL[function].name}"' for function in functions)
        symbols = {
            "out": self.out,
            "net": self.net,
            "weight": self.weight,
            "bias": self.bias,
            "target": self.target,
            "E_total": self.error,
            "delta": self.delta,
        }
        settings = {
            "layers": list(sizes),
            "activation": f"[{rows}]" if len(functions) > 1 else rows,
            "loss": f'"{loss}"',
            "bias": '"neuron"' if self.bias else '"none"',
        }
        settings |= {"l2": RATE} if self.penalty else {}
        # A letter that formulas need themselves is read as another name of what it stands for.
        taken = tuple((kind, s) for kind, s in symbols.items() if s in RESERVED)
        lettering = replace(self.lettering, read=(*self.lettering.read, *taken))
        free = {k: s for k, s in symbols.items() if s and s not in RESERVED}
        table = lettering.table({"delta": "delta", **free, "weight": self.weight})
        settings |= {} if table else {"notation": '"indexed"'}
        lines = [f"# what {name} defines", *(f"{k} = {v}" for k, v in settings.items()), "[names]"]
        lines += [
            f'{kind} = "{symbol}"'
            for kind, symbol in symbols.items()
            if symbol and symbol not in RESERVED
        ]
        return "\n".join([*lines, *table, ""])


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
            ),
        )
        if said is not None:
            stems = found.out, found.net, found.weight, found.bias
            lettering, outputs, depth = lettering_of(found.lettering, stems, said)
            deltas = list(dict.fromkeys(d.stem for d, by in said.adjoints if by.stem == found.net))
            others = tuple(("delta", latex(stem)) for stem in deltas[1:] if stem != "delta")
            lettering = replace(lettering, read=(*lettering.read, *others))
            delta = next((stem for stem in deltas[:1] if stem != "delta"), "")
            found = replace(found, lettering=lettering, outputs=outputs, depth=depth, delta=delta)
        whole = _with_error(found, definitions, errors)
        return whole and _with_aliases(whole, definitions)
    return None


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


def _with_error(
    found: Layers, definitions: Sequence[Definition], errors: Collection[str]
) -> Layers | None:
    """The network with its loss, the first that is known; without one where none is defined."""
    for stem in errors:
        of_stem = [d for d in definitions if d.left.stem == stem]
        split = [without_penalty(d.right, found.weight, found.lettering, _text) for d in of_stem]
        known = [
            (d, *_loss(_of_outputs(right, found), found), penalty)
            for d, (right, penalty) in zip(of_stem, split, strict=True)
        ]
        losses = tuple(dict.fromkeys(loss for _, _, loss, _ in known if loss))
        if losses:
            first, target, _, penalty = next(one for one in known if one[2])
            used = (*found.definitions, first)
            found = replace(found, error=stem, target=target, losses=losses, definitions=used)
            return replace(found, penalty=penalty)
        if of_stem:
            return None
    return replace(found, error=next(iter(errors), ""))


def _of_outputs(right: Written, found: Layers) -> Written:
    """An error with the outputs of the last layer by their own name."""
    last, names_ = found.lettering.last, {(q.stem, q.scripts) for q in found.outputs}
    numbered = str(found.depth + (found.lettering.first or 0)) if found.depth else ""

    def rule(written: Written) -> Written | None:
        if isinstance(written, Node):
            return _without_norm(written, rule)
        for stem, scripts in names_:
            if written.stem == stem and written.scripts[: len(scripts)] == scripts:
                return Quantity(found.out, (last, *written.scripts[len(scripts) :]))
        own = written.stem == found.out and written.scripts[:1] == (numbered,)
        return Quantity(found.out, (last, *written.scripts[1:])) if own else None

    return changed(right, rule)


def _without_norm(written: Node, rule: Callable[[Written], Written | None]) -> Written | None:
    """The square of a norm as a square."""
    base = written.parts[0] if written.kind == "power" else None
    if not isinstance(base, Node) or base.kind != "norm":
        return None
    return replace(written, parts=(changed(base.parts[0], rule), *written.parts[1:]))


def _loss(right: Written, found: Layers) -> tuple[str, str]:
    """The target of an error, and the loss that it is; nothing where it is none of the known."""
    out, layer = found.out, found.lettering.last
    targets = {q.stem for q in names(right) if q.stem != out}
    letters = {q.scripts[-1] for q in names(right) if q.stem in targets and q.scripts}
    if len(targets) != 1 or len(letters) > 1:
        return "", ""
    renamed = dict.fromkeys(targets, "t") | {out: "o"}

    def rule(written: Written) -> Written | None:
        if isinstance(written, Node):
            return (
                replace(
                    written,
                    text="j",
                    low="",
                    high="",
                    parts=tuple(changed(part, rule) for part in written.parts),
                )
                if written.kind == "total"
                else None
            )
        last = written.stem == out
        scripts = written.scripts[1:] if last else written.scripts
        if last and (not written.scripts or written.scripts[0] != layer):
            return Quantity("?")
        return Quantity(renamed[written.stem], ("j",) if scripts else ())

    text = _text(changed(right, rule))
    return next(((t, loss) for t in targets for loss in _LOSSES if text in _texts(loss)), ("", ""))


@cache
def _texts(loss: str) -> frozenset[str]:
    return frozenset(_text(read(text)) for text in _LOSSES[loss])


def _text(written: Written) -> str:
    try:
        return Writer({"j"}, {"j": (1, 2)}).formula(written)
    except UnwrittenError:
        return ""


def choices(
    found: Layers, functions: Sequence[str], known: Mapping[str, str]
) -> Iterator[tuple[tuple[int, ...], tuple[str, ...], str]]:
    """The widths, the functions of the layers and the loss, of every reading of a network."""
    function = known.get(found.function, "")
    losses = found.losses or OPEN_LOSSES
    count = max(len(WIDTHS), 1 if function else len(functions), len(losses))
    for place in range(count):
        widths: tuple[int, ...] = WIDTHS[place % len(WIDTHS)]
        if found.depth:
            widths = tuple(WIDTHS[-1 - place % 2][n % 3] for n in range(found.depth + 1))
        own = range(place, place + (len(widths) - 1 if found.labelled else 1))
        yield (
            widths if found.width else (1,) * len(widths),
            (function,) if function else tuple(functions[n % len(functions)] for n in own),
            losses[place % len(losses)],
        )
