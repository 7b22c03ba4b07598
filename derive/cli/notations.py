"""``derive notations``: how quantities are called, in the notations that come with the program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from derive.model import Model, Quantity
    from derive.notations.names import Naming

BIASES = {"bias": "neuron"}
"""What the network has that stands for any other."""
MOST_NAMES = 3
_WORDS = {
    "E_total": "the error",
    "error": "the error of an output",
    "target": "the targets",
    "out": "the outputs",
    "net": "the net inputs",
    "delta": "the derivatives of the error by net inputs",
    "weight": "the weights",
    "bias": "the biases",
}


@click.command()
@click.argument("notation", required=False)
@click.argument("network", required=False)
def notations(notation: str | None, network: str | None) -> None:
    """List the notations, or say what NETWORK's quantities are called in NOTATION.

    Names stand as they are typeset in LaTeX, and as they are on the command line.
    """
    from derive.notations import NOTATIONS, table

    if notation is None:
        width = max(map(len, NOTATIONS))
        for name in NOTATIONS:
            click.echo(f"{click.style(name.ljust(width), bold=True)}  {table.shipped(name).about}")
            click.echo(" " * (width + 2) + _sample(name))
        click.echo("\nA network's file may have its own: a table [notation], or one with like = …")
        return
    from derive.networks.sources import model_of

    model = model_of(network or "2-3-2", notation=notation, **({} if network else BIASES))
    for line in _told(model):
        click.echo(line)


def _sample(name: str) -> str:
    """A layer's net inputs and the gradient of its weights, in LaTeX."""
    from derive.notations import naming

    names = naming(name, (2, 3, 2), "neuron")
    sides = [names.vector("weight", 2), names.vector("out", 1)]
    product = "".join(sides[::-1] if names.table.matrices == "rows" else sides)
    j, k, _ = names.letters
    error = names.typeset("E_total", 2, 0)
    weight = names.typeset("weight", 2, j, k)
    slope = f"{names.typeset('delta', 2, j)} {names.typeset('out', 1, k)}"
    net = f"{names.vector('net', 2)} = {product} + {names.vector('bias', 2)}"
    return rf"{net}, \quad \frac{{\partial {error}}}{{\partial {weight}}} = {slope}"


def _told(model: Model) -> Iterator[str]:
    """What every family of a network is called, a line each."""
    families = _families(model)
    if not model.network.layers:
        for (stem, _), members in families.items():
            yield f"{stem}: {_few([q.latex for q in members])}"
        return
    table = model.network.naming.table
    yield click.style(f"{table.name}: {table.about}", bold=True)
    if table.source:
        yield f"after {table.source}"
    for kind, words in _WORDS.items():
        for (of, layer), members in families.items():
            if of == kind:
                yield _named(model.network.naming, kind, layer, members, words)
    if table.by_layer:
        any_layer, last = table.layer, table.last
        yield f"the inputs are layer {table.first}; {any_layer} is any layer, {last} the last one"
    if table.activation:
        yield f"{' or '.join(table.activation)} is read as the activation of a layer"


def _families(model: Model) -> dict[tuple[str, int], list[Quantity]]:
    """The quantities by what they are and by their layer; the net inputs a second time as δ."""
    from derive.model import KINDS

    found: dict[tuple[str, int], list[Quantity]] = {}
    for q in model.quantities.values():
        kind = KINDS.get(q.role, "E_total") if model.network.layers else q.family
        for each in (kind, "delta") if kind == "net" and model.network.layers else (kind,):
            found.setdefault((each, q.layer), []).append(q)
    return found


def _named(names: Naming, kind: str, layer: int, members: list[Quantity], words: str) -> str:
    """What the quantities of a kind in one layer are called: each, together, in plain text."""
    places = [(q.layer, q.index, q.source) for q in members]
    if kind == "E_total":
        places = [(layer, 0, None)]
    typeset = _few([names.typeset(kind, *place) for place in places])
    plain = _few([names.plain(kind, *place) for place in places])
    if kind == "out" and layer == 0:
        words = "the inputs"
    elif kind not in ("E_total", "error", "target"):
        words = f"{words} {'into' if kind == 'weight' else 'of'} layer {names.layer(layer)}"
    whole = kind not in ("E_total", "error") and (kind != "bias" or len(members) > 1)
    together = f", together {names.vector(kind, layer)}" if whole else ""
    others = [name for place in places[:1] for name in names.others(kind, *place)]
    read = f"; read as well: {', '.join(others)}" if others else ""
    return f"{words}: {typeset}{together} ({plain}){read}"


def _few(names: list[str]) -> str:
    """The first names, and the last where there are more."""
    return ", ".join(names if len(names) <= MOST_NAMES else [*names[:2], "…", names[-1]])
