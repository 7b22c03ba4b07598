"""``derive code``: the derivation as a function."""

from __future__ import annotations

import click

from derive.cli.options import force, network_options, seed, templates
from derive.cli.progress import Progress
from derive.cli.streams import write_document

LANGUAGES = ("python",)


@click.command()
@network_options
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default="python",
    show_default=True,
    help="What the function is written in; Python uses NumPy.",
)
@click.option(
    "-o", "--output", metavar="PATH", help="Where to; by default, or with '-', the terminal."
)
@click.option(
    "-w",
    "--weight",
    "weights",
    multiple=True,
    metavar="W",
    help="As for 'derive notes': the equations have the numbers that they have there.",
)
@click.option("--all", "every", is_flag=True, help="The same, for every weight.")
@templates
@seed
@force
def code(
    network: str,
    language: str,
    output: str | None,
    weights: tuple[str, ...],
    every: bool,
    templates: str | None,
    seed: int,
    force: bool,
    **options: str | None,
) -> None:
    """Write the derivation of NETWORK as a function that computes all gradients.

    One line an equation, with the number that it has in the document of 'derive notes' in a
    comment. Every gradient is proved first.
    """
    from derive.code import write_code
    from derive.networks.sources import read

    found = read(network, **options)
    path = None if output in (None, "-") else output
    with Progress(f"code {network}") as watch:
        text = write_code(
            found,
            path,
            language=language,
            weights=weights,
            every=every,
            templates=templates,
            seed=seed,
            force=force,
            watch=watch,
        )
    if path is None:
        write_document(text)
    else:
        click.secho(f"wrote {path}", err=True)
