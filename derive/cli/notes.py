"""``derive notes``: the derivation document."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from derive.cli.options import force, network_options, seed, templates
from derive.cli.progress import Progress
from derive.cli.streams import write_document
from derive.render.formats import BY_ENDING, endings, read_back


def _stem(name: str, options: Mapping[str, str | None]) -> str:
    """The name of a document by default: that of the network, and the options that override it."""
    given = [quote("".join(value.split()), safe="+,^()") for value in options.values() if value]
    return "-".join([name, *given])


@click.command(
    help="Write the derivation document of NETWORK.\n\nThe ending of the output chooses the format:"
    f" {endings()}. Every gradient in it is proved first."
)
@network_options
@click.option(
    "-o", "--output", metavar="PATH", help=f"Where to; {', '.join(BY_ENDING)}. '-' is the terminal."
)
@click.option(
    "-w",
    "--weight",
    "weights",
    multiple=True,
    metavar="W",
    help="A weight or bias to derive step by step; may be repeated.",
)
@click.option("--all", "every", is_flag=True, help="Derive every weight step by step.")
@click.option(
    "--depth",
    type=click.Choice(["short", "full"]),
    default="short",
    show_default=True,
    help="Whether a derivation like one before it is told in brief, or in full again.",
)
@click.option("--title", metavar="TEXT", help="Of the document; else one that names the network.")
@click.option("--author", metavar="TEXT", help="Stands below the title.")
@click.option("--institute", metavar="TEXT", help="Stands below the author.")
@click.option("--date", metavar="TEXT", help="Stands below that; any text.")
@click.option(
    "--general",
    is_flag=True,
    help="Letters for all sizes: the rules of every network that is like NETWORK. 'general' as"
    " NETWORK leaves its functions open, too.",
)
@templates
@seed
@click.option(
    "--check/--no-check",
    default=None,
    help="Read the document back and prove every equation in it; the default in output/, for"
    f" {read_back()}.",
)
@force
def notes(
    network: str,
    output: str | None,
    weights: tuple[str, ...],
    every: bool,
    depth: str,
    title: str | None,
    author: str | None,
    institute: str | None,
    date: str | None,
    general: bool,
    templates: str | None,
    seed: int,
    check: bool | None,
    force: bool,
    **options: str | None,
) -> None:
    """Write the document, to a file or to standard output; its help comes from the formats."""
    from derive.networks.general import asked
    from derive.networks.sources import SEED, saying
    from derive.render.writing import document, write_notes

    read = asked(network, as_general=general, **options)

    front = {"title": title, "author": author, "institute": institute, "date": date}
    how: dict[str, Any] = {
        "front": front,
        "weights": weights,
        "every": every,
        "full": depth == "full",
        "templates": templates,
        "seed": seed,
    }
    path = Path(output or f"output/{_stem(read.name, options)}.md")
    how["about"] = saying(network, {**options, SEED: seed}, path.parent)
    with Progress(f"notes {network}") as watch:
        if output != "-":
            write_notes(read, path, check=check, force=force, watch=watch, **how)
        else:
            text = document(read, "markdown", check=bool(check), watch=watch, **how)
    if output == "-":
        write_document(text)
        return
    click.secho(f"wrote {path}", err=True)
