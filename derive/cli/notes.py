"""``derive notes``: the derivation document."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from derive.cli.options import network_options, read_network
from derive.cli.streams import write_document

MANY = 12


def _watched(names: Sequence[str]) -> Iterator[str]:
    """The names, with a progress bar when there are many and somebody is looking."""
    if len(names) < MANY or not sys.stderr.isatty():
        yield from names
        return
    with click.progressbar(names, label="deriving", file=sys.stderr) as bar:
        yield from bar


@click.command()
@network_options
@click.option("-o", "--output", metavar="PATH", help="Where to; .md or .tex. '-' is the terminal.")
@click.option(
    "-w",
    "--weight",
    "weights",
    multiple=True,
    metavar="W",
    help="A weight or bias to derive step by step; may be repeated.",
)
@click.option("--all", "every", is_flag=True, help="Derive every weight step by step.")
@click.option("--templates", metavar="DIR", help="Templates of your own, taken first.")
@click.option("--seed", default=0, show_default=True, help="Draws the numbers of the example.")
@click.option(
    "--check/--no-check",
    default=None,
    help="Read the document back and prove every equation in it; the default in output/.",
)
def notes(
    network: str,
    output: str | None,
    weights: tuple[str, ...],
    every: bool,
    templates: str | None,
    seed: int,
    check: bool | None,
    **options: str | None,
) -> None:
    """Write the derivation document of NETWORK.

    The ending of the output chooses the format: .md for Markdown, .tex for LaTeX. Every gradient
    in it is proved first.
    """
    read = read_network(network, **options)
    if output == "-":
        from derive.notes.compose import compose
        from derive.render.render import render

        composed = compose(read, weights=weights, every=every, seed=seed, watch=_watched)
        write_document(render(composed, "markdown", templates))
        return
    from derive.render.writing import write_notes

    path = Path(output) if output else Path("output") / f"{read.name}.md"
    write_notes(
        read,
        path,
        weights=weights,
        every=every,
        templates=templates,
        seed=seed,
        watch=_watched,
        check=check,
    )
    click.secho(f"wrote {path}", err=True)
