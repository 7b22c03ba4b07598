r"""Definitions of any layer: ``a^{(l)} = g(W^{(l)} a^{(l-1)} + b^{(l)})`` is a network of layers.

It becomes a file of a layered network, in which a claim may speak of layers l and L. How many
layers there are, the document leaves open: two depths are tried, with different sizes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from derive.checking.stating.definitions import Definition
from derive.checking.stating.equations import Writer
from derive.checking.stating.parser import read
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
    also: tuple[tuple[str, str], ...] = ()
    """Other names: of the outputs of the network, and of its inputs, which are layer 0 then."""

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
        }
        settings = {
            "layers": list(sizes),
            "activation": f"[{rows}]" if len(functions) > 1 else rows,
            "loss": f'"{loss}"',
            "bias": '"neuron"' if self.bias else '"none"',
        }
        lines = [f"# what {name} defines", *(f"{k} = {v}" for k, v in settings.items())]
        if self.also:
            lines += ["[notation]", 'like = "indexed"']
            lines += ["first = 0"] if "input" in dict(self.also) else []
            lines += ["[notation.read]", *(f"{kind} = '{written}'" for kind, written in self.also)]
        else:
            lines.append('notation = "indexed"')
        lines.append("[names]")
        lines += [f'{kind} = "{symbol}"' for kind, symbol in symbols.items() if symbol]
        return "\n".join([*lines, ""])


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


def layers(definitions: Sequence[Definition], errors: Collection[str]) -> Layers | None:
    """The layered network that definitions state, the first of each kind counting."""
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
        )
        also = _also(found.out, definitions)
        output = also["output"][0] if "output" in also else ""
        whole = _with_error(found, definitions, errors, output)
        named = {k: one for k, one in also.items() if whole and one[0] != whole.target}
        return whole and replace(
            whole,
            also=tuple((kind, f"{latex(stem)}_j") for kind, (stem, _) in named.items()),
            definitions=(*whole.definitions, *(stated for _, stated in named.values())),
        )
    return None


def _also(out: str, definitions: Sequence[Definition]) -> dict[str, tuple[str, Definition]]:
    """What else the outputs and the inputs of the network are called, and where that is said.

    That is said by ŷ = a^{(L)} and a^{(0)} = x.
    """
    found: dict[str, tuple[str, Definition]] = {}
    for definition in definitions:
        for one, other in (
            (definition.left, definition.right),
            (definition.right, definition.left),
        ):
            if isinstance(one, Quantity) and isinstance(other, Quantity) and one.stem == out:
                kind = {"L": "output", "0": "input"}.get(next(iter(one.scripts), ""), "")
                if kind and other.stem != out and other.scripts == one.scripts[1:]:
                    found.setdefault(kind, (other.stem, definition))
    return found


def _same(one: _Rule, other: _Rule) -> bool:
    """Whether two definitions are of the same weights, biases and outputs."""
    return (one.weight, one.bias, one.source) == (other.weight, other.bias, other.source)


def _layer(quantity: Quantity) -> tuple[int, tuple[str, ...]] | None:
    """How far from layer l, or L, a name is, and its other scripts; nothing for another name."""
    found = _LAYER.fullmatch(quantity.scripts[0]) if quantity.scripts else None
    if found is None or found[1] not in ("l", "L", "k", "i", "n"):
        return None
    return int(f"{found[2]}{found[3]}") if found[2] else 0, quantity.scripts[1:]


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
    product = _weighted(weighted, at)
    if product is None or len(others) > 1:
        return None
    bias = ""
    for other in others:
        if not isinstance(other, Quantity) or _layer(other) != at:
            return None
        bias = other.stem
    width = bool(at[1])
    return _Rule(definition.left.stem, product[1], product[0], bias, function, labelled, width)


def _weighted(written: Written, at: tuple[int, tuple[str, ...]]) -> tuple[str, str] | None:
    """The stems of weights and of what they weigh: Σ_k w^l_jk a^{l-1}_k, for the neuron `at`."""
    layer, target = at
    source: tuple[str, ...] = ()
    if isinstance(written, Node) and written.kind == "total":
        source, written = (written.text,), written.parts[0]
    if not (isinstance(written, Node) and written.kind == "product" and len(written.parts) == 2):
        return None
    weight, out = written.parts
    if not (isinstance(weight, Quantity) and isinstance(out, Quantity)):
        return None
    if _layer(weight) == (layer - 1, source):
        weight, out = out, weight
    fits = _layer(weight) == (layer, (*target, *source)) and len(source) == len(target)
    return (weight.stem, out.stem) if fits and _layer(out) == (layer - 1, source) else None


def _with_error(
    found: Layers, definitions: Sequence[Definition], errors: Collection[str], output: str
) -> Layers | None:
    """The network with its loss, the first that is known; without one where none is defined.

    The outputs may be called `output` in it.
    """
    for stem in errors:
        of_stem = [d for d in definitions if d.left.stem == stem]
        known = [(d, *_loss(_of_last(d.right, output, found.out), found.out)) for d in of_stem]
        losses = tuple(dict.fromkeys(loss for _, _, loss in known if loss))
        if losses:
            first, target, _ = next(one for one in known if one[2])
            used = (*found.definitions, first)
            return replace(found, error=stem, target=target, losses=losses, definitions=used)
        if of_stem:
            return None
    return replace(found, error=next(iter(errors), ""))


def _of_last(right: Written, output: str, out: str) -> Written:
    """A loss with a^L for ŷ, and a square for that of a norm."""

    def rule(written: Written) -> Written | None:
        if isinstance(written, Quantity):
            named = output and written.stem == output
            return replace(written, stem=out, upper=("L", *written.upper)) if named else None
        base = written.parts[0] if written.kind == "power" else written
        if isinstance(base, Node) and base is not written and base.kind == "norm":
            return replace(written, parts=(changed(base.parts[0], rule), *written.parts[1:]))
        return None

    return changed(right, rule)


def _loss(right: Written, out: str) -> tuple[str, str]:
    """The target of an error, and the loss that it is; nothing where it is none of the known."""
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
        if last and (not written.scripts or written.scripts[0] != "L"):
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
        widths = WIDTHS[place % len(WIDTHS)]
        own = range(place, place + (len(widths) - 1 if found.labelled else 1))
        yield (
            widths if found.width else (1,) * len(widths),
            (function,) if function else tuple(functions[n % len(functions)] for n in own),
            losses[place % len(losses)],
        )
