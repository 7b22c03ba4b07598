"""``derive gradcheck``: the derived gradients against two that know nothing of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from derive.cli.options import network_options, read_network

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
def gradcheck(seed: int, as_json: bool, **options: Any) -> None:
    """Check all gradients of NETWORK with numbers.

    Evaluates the derived gradient of every weight and bias, and compares it with backpropagation in
    plain NumPy and with central finite differences. Then takes one step of gradient descent. Exits
    with 1 when they disagree.
    """
    network = read_network(**options)
    from derive.calculus.chain import Chain
    from derive.networks.build import build
    from derive.numeric import gradcheck as numeric

    model = build(network)
    found = numeric.gradcheck(network, seed, Chain(model))
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
    yield from _table(found)
    yield ""
    yield from _conclusion(found)


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
    names = [n for n in model.quantities if n not in model.parameters_set]
    for name in names[: 4 * MOST_ROWS]:
        yield f"  {name} = {found.values[name][0]:.9g}"
    if len(names) > 4 * MOST_ROWS:
        yield f"  … and {len(names) - 4 * MOST_ROWS:,} more quantities"


def _layer(found: Gradcheck, neurons: list[list[Quantity]], example: int) -> Iterator[str]:
    rows = [
        [f"{q.name} = {found.values[q.name][example]:.9g}" for q in neuron]
        for neuron in neurons[:MOST_ROWS]
    ]
    yield from (f"  {line}" for line in _aligned(rows))
    if len(neurons) > MOST_ROWS:
        yield f"  … and {len(neurons) - MOST_ROWS} more neurons"


def _table(found: Gradcheck) -> Iterator[str]:
    """The gradients, those that disagree first: their rows must not hide among the others."""
    wrong = set(found.suspects)
    names = sorted(found.gradients, key=lambda name: name not in wrong)
    shown = names[:MOST_ROWS] if len(names) > 3 * MOST_ROWS else names
    second = "NumPy" if found.network.is_plain else "50 digits"
    head = ["weight", "symbolic", second, "finite differences", "after the step"]
    rows = [head]
    for name in shown:
        gradient = found.gradients[name]
        difference = gradient.finite_difference
        after = found.updated.get(name)
        rows.append(
            [
                name,
                f"{gradient.symbolic: .9g}",
                f"{gradient.backprop: .9g}",
                " on a kink" if difference is None else f"{difference: .9g}",
                " not updated" if after is None else f"{after: .9g}",
            ]
        )
    lines = list(_aligned(rows))
    yield click.style(f"  {lines[0]}", bold=True)
    for name, line in zip(shown, lines[1:], strict=True):
        yield click.style(f"  {line}", fg="red") if name in wrong else f"  {line}"
    if len(names) > len(shown):
        yield f"  … and {len(names) - len(shown):,} more"


def _conclusion(found: Gradcheck) -> Iterator[str]:
    second = "NumPy" if found.network.is_plain else "50 digits"
    fall = (
        "their own error is too small to measure"
        if found.convergence is None
        else f"halving their step makes their error fall {found.convergence:.2f}-fold"
    )
    yield (
        f"Largest relative difference to the finite differences {found.max_relative_error:.1e},"
        f" between symbolic and {second} {found.symbolic_error:.1e}; {fall}."
    )
    yield (
        f"One step with learning rate {found.learning_rate:g} takes the error from"
        f" {found.error:.9g} to {found.error_after:.9g}."
    )
    if found.skipped:
        yield (f"Without finite differences, on the kink of an activation: {_some(found.skipped)}.")
    if found.passed:
        yield click.style("passed", fg="green", bold=True)
        return
    total = len(found.gradients)
    why = (
        f"{len(found.suspects):,} of {total:,} gradients disagree: {_some(found.suspects)}"
        if found.suspects
        else "the errors of the symbolic and the NumPy forward pass disagree"
        if found.symbolic_error > found.max_relative_error
        else "the error of the finite differences does not fall four-fold"
    )
    yield f"{click.style('failed', fg='red', bold=True)}: {why}"


def _some(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - MOST_ROWS:,} more" if len(names) > MOST_ROWS else ""
    return ", ".join(names[:MOST_ROWS]) + more


def _aligned(rows: list[list[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip()
