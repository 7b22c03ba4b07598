"""Networks by what names them, layer sizes, a file, or a shipped network; and their models.

What equations need is loaded for equations only.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from derive.errors import InputError
from derive.model import Model
from derive.model.facts import Facts
from derive.networks import layered
from derive.networks.network import Network
from derive.networks.shipped import SHIPPED, file_of, named, shipped
from derive.suggest import did_you_mean
from derive.tables import read_table

if TYPE_CHECKING:
    from derive.networks.equations.system import System


Source = Facts | Model | str | Path | list[int] | tuple[int, ...]
"""A network, its model, or what names it: ``2-4-3-2``, ``[2, 4, 3, 2]``, a file, a shipped name."""
OPTIONS = ("activation", "loss", "bias", "notation")
SEED = "seed"
"""What draws the numbers of a network that has none, as a document says it."""


def read(source: Source, **options: Any) -> Network | System:
    """The network that `source` is or names: sizes, a file (``.toml``, ``.eq``), a shipped one.

    `options` (:data:`OPTIONS`) override what a layered network says; equations have none. Raises
    :class:`InputError` for what names no network, and for options that cannot be.
    """
    given = {key: value for key, value in options.items() if value is not None}
    for key in given:
        if key not in OPTIONS:
            known = f"{did_you_mean(key, OPTIONS)}; known are {', '.join(OPTIONS)}"
            raise InputError(f"unknown option {key!r}{known}")
    if isinstance(source, list | tuple):
        return Network.from_table({"layers": list(source)}, "", given)
    source = source.network if isinstance(source, Model) else source
    if isinstance(source, Facts):
        for key in given:
            raise InputError(f"{key}: {source.name} is made; give it when the network is made")
        return cast("Network | System", source)
    text = str(source)
    path = file_of(text)
    if path is None:
        return Network.read(text, **given)
    if path.suffix == ".eq":
        from derive.networks.equations.system import System

        for key in given:
            raise InputError(f"{key}: {text} is stated as equations, which say it themselves")
        return System.from_file(path)
    table = read_table(path)
    with named(path):
        if "family" not in table:
            return Network.from_table(table, path.stem, given)
        from derive.networks.families.table import system

        return system(table, path.stem, given)


_PLAIN = re.compile(r"[\w./:^()+*-]+")


def saying(source: str, given: Mapping[str, object], folder: Path) -> str:
    """How a document in `folder` says what it is about: ``network=2-4-3-2 bias=none``.

    `source` and what is `given` beside it are what the user wrote; a file is named as the folder
    sees it. It is nothing where a value cannot stand in a comment.
    """
    path = None if source in shipped() else file_of(source)
    name = source if path is None else Path(os.path.relpath(path, folder)).as_posix()
    values = {"network": name, **given}
    said = {key: str(value) for key, value in values.items() if value is not None}
    if any(re.search(r"[\"\r\n]|--!?>", value) for value in said.values()):
        return ""
    words = (f"{k}={v}" if _PLAIN.fullmatch(v) else f'{k}="{v}"' for k, v in said.items())
    return " ".join(words)


def build(network: Facts) -> Model:
    """The model of a network, by the builder of its kind."""
    if isinstance(network, Network):
        return layered.build(network)
    from derive.networks.equations.system import System, build_system

    assert isinstance(network, System)
    return build_system(network)


def model_of(source: Source, **options: Any) -> Model:
    """The model of a network or of what names one; a model without `options` is its own.

    The options are those of :func:`~derive.networks.sources.read`.
    """
    return source if isinstance(source, Model) and not options else build(read(source, **options))


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
