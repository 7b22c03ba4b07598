"""``derive networks``: what comes with the program."""

from __future__ import annotations

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def networks(as_json: bool) -> None:
    """List the networks that come with the program."""
    from derive.networks.sources import descriptions, read

    found = descriptions()
    if as_json:
        import json

        rows = []
        for name, description in found.items():
            layers = read(name).layers or None
            rows.append({"name": name, "layers": layers, "description": description})
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    width = max(map(len, found))
    for name, description in found.items():
        click.echo(f"{click.style(name.ljust(width), bold=True)}  {description}".rstrip())
    click.echo(
        "\nAny other: layer sizes like 3-5-5-3, or a file of your own: .toml for layers and"
        " families, .eq for equations."
    )
