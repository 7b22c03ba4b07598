"""``derive explain``: what the code of a finding means."""

from __future__ import annotations

import click


@click.command()
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """Say what a finding's CODE means, with a wrong and a right example; without CODE, list all."""
    from derive.checking.codes import codes
    from derive.errors import InputError
    from derive.suggest import did_you_mean

    known = codes()
    if code is None:
        width = max(map(len, known))
        for row in known.values():
            click.echo(f"{row.name:{width}}  {row.title}")
    elif code in known:
        click.echo(f"{code}\n\n{known[code].as_text()}")
    else:
        raise InputError(
            f"no finding has the code {code!r}{did_you_mean(code, known)}; 'derive explain' lists"
            " all"
        )
