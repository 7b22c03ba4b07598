"""The options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from derive.functions import ACTIVATIONS, LOSSES, SOFTMAX

if TYPE_CHECKING:
    from derive.networks.equations.system import System
    from derive.networks.network import Network

F = TypeVar("F", bound=Callable[..., Any])


def network_options(command: F) -> F:
    """NETWORK and what overrides it, named as :func:`read_network` takes them."""
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


def read_network(
    network: str,
    activation: str | None,
    loss: str | None,
    bias: str | None,
    notation: str | None,
) -> Network | System:
    """The network that the shared options describe; :class:`InputError` if they do not."""
    from derive.networks.sources import read

    return read(network, activation=activation, loss=loss, bias=bias, notation=notation)
