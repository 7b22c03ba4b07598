"""``derive show``: one derivation in the terminal."""

from __future__ import annotations

import click

from derive.cli.options import network_options, templates
from derive.cli.progress import Progress


@click.command()
@network_options
@click.argument("weight")
@templates
@click.option("--json", "as_json", is_flag=True, help="Print the steps as JSON.")
def show(
    network: str, weight: str, templates: str | None, as_json: bool, **options: str | None
) -> None:
    """Print the derivation of one WEIGHT (or bias) of NETWORK."""
    from shutil import get_terminal_size

    from derive.checking.spelled import parameter
    from derive.networks.sources import build, read
    from derive.notes.compose import single
    from derive.render.render import render

    model = build(read(network, **options))
    weight = parameter(model, weight)
    if as_json:
        import json

        from derive.calculus.narration import derive

        click.echo(json.dumps(derive(model, weight).to_json(), indent=2, ensure_ascii=False))
        return
    width = min(get_terminal_size((96, 24)).columns, 110)
    with Progress(f"show {model.network.name}"):
        text = render(single(model, weight), "text", templates, width=width - 8)
    click.echo(text, nl=False)
