"""``derive networks``: what comes with the program."""

from __future__ import annotations

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def networks(as_json: bool) -> None:
    """List the networks that come with the program."""
    from derive.network import SHIPPED, Network, shipped

    found = [Network.from_file(SHIPPED / f"{name}.toml") for name in shipped()]
    if as_json:
        import json

        rows = [{"name": n.name, "layers": n.layers, "description": n.description} for n in found]
        click.echo(json.dumps(rows, indent=2))
        return
    width = max(len(n.name) for n in found)
    for n in found:
        click.echo(f"{click.style(n.name.ljust(width), bold=True)}  {n.description}")
    click.echo("\nAny other: layer sizes like 3-5-5-3, or a TOML file of your own.")
