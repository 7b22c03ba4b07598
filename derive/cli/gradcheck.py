"""``derive gradcheck``: the derived gradients against two that know nothing of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from derive.cli.options import network_options
from derive.cli.progress import Progress

if TYPE_CHECKING:
    from derive.model import Model, Quantity
    from derive.numeric.found import Gradcheck

MOST_ROWS = 12
MOST_EXAMPLES = 3


@click.command()
@network_options
@click.option(
    "--seed",
    type=int,
    default=0,
    show_default=True,
    help="Draws the numbers of a network that has none of its own.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def gradcheck(network: str, seed: int, as_json: bool, **options: Any) -> None:
    """Check all gradients of NETWORK with numbers.

    Evaluates the derived gradient of every weight and bias, and compares it with backpropagation in
    plain NumPy (or, of a network without layers, with forward-mode derivatives of 50 digits) and
    with central finite differences. Then takes one step of gradient descent. Exits
    with 1 when they disagree.
    """
    from derive.calculus.chain import Chain
    from derive.networks.sources import build, read
    from derive.numeric import gradcheck as numeric

    used = read(network, **options)
    with Progress(f"gradcheck {used.name}"):
        model = build(used)
        found = numeric.gradcheck(used, seed, Chain(model))
    if as_json:
        import json

        click.echo(json.dumps(found.to_json(), indent=2, allow_nan=False, ensure_ascii=False))
    else:
        for line in _report(found, model):
            click.echo(line)
    if not found.passed:
        click.get_current_context().exit(1)


def _report(found: Gradcheck, model: Model) -> Iterator[str]:
    network = found.network
    yield f"{click.style(network.name, bold=True)}: {network.summary}"
    yield from _forward(found, model) if network.layers else _equations(found, model)
    yield ""
    yield from found.lines(click.style)


def _forward(found: Gradcheck, model: Model) -> Iterator[str]:
    """The forward pass, a line for each neuron."""
    from derive.model import Role

    total = model.total
    examples = len(found.values[total])
    neurons = [
        list(group)
        for _, group in groupby(
            sorted(
                model.having(Role.INPUT, Role.NET, Role.OUTPUT, Role.TARGET, Role.ERROR),
                key=lambda q: (q.layer, q.index),
            ),
            key=lambda q: (q.layer, q.index),
        )
    ]
    for example in range(min(examples, MOST_EXAMPLES)):
        yield ""
        which = f", example {example + 1} of {examples}" if examples > 1 else ""
        yield click.style(f"Forward pass{which}", bold=True)
        for _, layer in groupby(neurons, key=lambda neuron: neuron[0].layer):
            yield from _layer(found, list(layer), example)
        yield f"  {total} = {found.values[total][example]:.9g}"
    if examples > MOST_EXAMPLES:
        yield f"  … and {examples - MOST_EXAMPLES} more examples"
    if examples > 1:
        yield ""
        kind = "Mean" if found.network.reduction == "mean" else "Sum"
        yield f"{kind} of {total} over the {examples} examples: {found.error:.9g}"


def _equations(found: Gradcheck, model: Model) -> Iterator[str]:
    """The values of a network stated as equations."""
    yield ""
    yield click.style("Forward pass", bold=True)
    names = [n for n in model.quantities if n not in model.parameters]
    for name in names[: 4 * MOST_ROWS]:
        yield f"  {name} = {found.values[name][0]:.9g}"
    if len(names) > 4 * MOST_ROWS:
        yield f"  … and {len(names) - 4 * MOST_ROWS:,} more quantities"


def _layer(found: Gradcheck, neurons: list[list[Quantity]], example: int) -> Iterator[str]:
    from derive.numeric.found import aligned

    rows = [
        [f"{q.name} = {found.values[q.name][example]:.9g}" for q in neuron]
        for neuron in neurons[:MOST_ROWS]
    ]
    yield from (f"  {line}" for line in aligned(rows))
    if len(neurons) > MOST_ROWS:
        yield f"  … and {len(neurons) - MOST_ROWS} more neurons"
