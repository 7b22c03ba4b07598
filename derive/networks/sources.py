"""Networks by what names them: layer sizes, a file, or a shipped network."""

from __future__ import annotations

from pathlib import Path

from derive.errors import InputError
from derive.networks.equations.system import System
from derive.networks.families.table import system
from derive.networks.network import Network
from derive.networks.shipped import SHIPPED, file_of, named, shipped
from derive.tables import read_table


def read(source: str | Path, **options: str | None) -> Network | System:
    """What `source` names: layer sizes, a file (``.toml``, ``.eq``), or a shipped network.

    `options` override what a layered network says; equations have none.
    """
    text = str(source)
    path = file_of(text)
    if path is None:
        return Network.read(source, **options)
    given = {key: value for key, value in options.items() if value is not None}
    if path.suffix == ".eq":
        for key in given:
            raise InputError(f"{key}: {text} is stated as equations, which say it themselves")
        return System.from_file(path)
    table = read_table(path)
    with named(path):
        if "family" not in table:
            return Network.from_table(table, path.stem, given)
        return system(table, path.stem, given)


def descriptions() -> dict[str, str]:
    """The networks that come with the program, each with a line about it."""
    found = {}
    for name in shipped():
        path = SHIPPED / f"{name}.toml"
        if path.is_file():
            found[name] = read(name).description
        else:
            first = (SHIPPED / f"{name}.eq").read_text(encoding="utf-8").partition("\n")[0]
            found[name] = first.removeprefix("#").strip()
    return found
