"""``derive templates``: the documents' words and mark-up."""

from __future__ import annotations

from pathlib import Path

import click


@click.group(invoke_without_command=True)
@click.pass_context
def templates(context: click.Context) -> None:
    """List the templates; 'derive templates export DIR' starts your own."""
    if context.invoked_subcommand is None:
        from derive.render.render import template_folder

        for path in sorted(template_folder().glob("*.jinja")):
            summary = path.read_text(encoding="utf-8").split("-#}")[0].split("\n-")[0]
            first = " ".join(summary.replace("{#-", "").split()).split(". ")[0].rstrip(".")
            click.echo(f"{click.style(path.name.ljust(16), bold=True)}  {first}")


@templates.command()
@click.argument("directory", type=click.Path(path_type=Path))
def export(directory: Path) -> None:
    """Copy the templates to DIRECTORY, to be changed and used with --templates DIRECTORY.

    Files that are already there are left alone.
    """
    from derive.files import write_whole
    from derive.render.render import template_folder

    for path in sorted(template_folder().glob("*.jinja")):
        target = directory / path.name
        if target.exists():
            click.echo(f"kept {target}")
            continue
        write_whole(target, path.read_text(encoding="utf-8"))
        click.echo(f"wrote {target}")
