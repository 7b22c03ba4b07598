"""The options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from derive.functions import ACTIVATIONS, LOSSES, SOFTMAX

F = TypeVar("F", bound=Callable[..., Any])


def network_options(command: F) -> F:
    """NETWORK and what overrides it, named as :func:`derive.networks.sources.read` takes them."""
    return click.argument("network")(network_settings(command))


def network_settings(command: F) -> F:
    """What overrides NETWORK."""
    for decorate in reversed(
        (
            click.option(
                "--activation",
                metavar="NAME",
                help="Activation of all layers, or one per layer separated by commas:"
                f" {', '.join((*ACTIVATIONS, SOFTMAX))}, or one of the file's own.",
            ),
            click.option(
                "--loss",
                metavar="NAME",
                help=f"The loss: {', '.join(LOSSES)}, or an expression in t and o.",
            ),
            click.option("--bias", metavar="KIND", help="none, neuron or layer."),
            click.option(
                "--notation", metavar="NAME", help="Of the names: see 'derive notations'."
            ),
        )
    ):
        command = decorate(command)
    return command


force = click.option("--force", is_flag=True, help="Replace a file that derive did not write.")

templates = click.option("--templates", metavar="DIR", help="Templates of your own, taken first.")
seed = click.option(
    "--seed", default=0, show_default=True, help="Draws the numbers of the example."
)
