"""The error of a network of layers: which loss a document defines, for any unit or for each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import cache

from derive.checking.stating.equations import Writer
from derive.checking.stating.layered import Layers
from derive.checking.stating.parser import read
from derive.checking.stating.penalty import without_penalty
from derive.checking.stating.said import Definition
from derive.checking.stating.written import (
    Node,
    Quantity,
    UnwrittenError,
    Written,
    changed,
    names,
)

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


def with_error(
    found: Layers,
    definitions: Sequence[Definition],
    errors: Collection[str],
    written: Sequence[Definition] = (),
) -> Layers | None:
    """The network with its loss, the first that is known; without one where none is defined.

    `written` are all definitions as they stand, where the document writes all units out.
    """
    wholes = (_written_out(found, stem, written) for stem in errors if found.sizes)
    whole = next((one for one in wholes if one is not None), None)
    if whole is not None:
        return whole
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


def _written_out(found: Layers, stem: str, definitions: Sequence[Definition]) -> Layers | None:
    """The network with the error that is written out, E = E_1 + E_2 with E_1 = (t_1 - o_1)^2 / 2.

    All units have to have the same, for their own outputs and targets.
    """
    of_units: dict[Quantity, Definition] = {}
    for definition in definitions:
        if _unit(definition.left) and definition.left.stem != found.out:
            of_units.setdefault(definition.left, definition)
    for whole in definitions:
        if whole.left.stem != stem or _unit(whole.left):
            continue
        used = [of_units[q] for q in names(whole.right) if q in of_units]
        right = changed(whole.right, lambda w: of_units[w].right if w in of_units else None)
        terms = right.parts if isinstance(right, Node) and right.kind == "sum" else (right,)
        if len(terms) != found.sizes[-1]:
            terms = (right,)
        each = [_of_any_unit(term, str(n), found) for n, term in enumerate(terms, start=1)]
        if len(each) != found.sizes[-1] or len(set(each)) > 1:
            continue
        target, loss = _loss(_of_outputs(Node("total", (each[0],), "j"), found), found)
        if loss:
            name = "_".join((stem, *whole.left.scripts[:1]))
            unit = used[0].left.stem if used else ""
            made = (*found.definitions, whole, *dict.fromkeys(used))
            found = replace(found, target=target, losses=(loss,), definitions=made)
            return replace(found, error=name, unit_error=unit)
    return None


def _unit(name: Quantity) -> str:
    """The number of the unit that a name is of; nothing for one of any unit, or of all."""
    return name.scripts[0] if len(name.scripts) == 1 and name.scripts[0].isdigit() else ""


def _of_any_unit(written: Written, number: str, found: Layers) -> Written:
    """What is said of the output unit with this number as it would be said of any, j."""

    def rule(written: Written) -> Written | None:
        if isinstance(written, Node):
            return None
        last = len(written.scripts) == 2 and written.stem == found.out
        own = (last or _unit(written)) and written.scripts[-1] == number
        return Quantity(written.stem, (*written.scripts[:-1], "j")) if own else None

    return changed(written, rule)


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
