"""Which network a document is about, where it or its project says so."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from derive.checking.documents.directives import SETTINGS, project_settings, written_for
from derive.checking.documents.walk import Setting
from derive.errors import InputError
from derive.files import exists
from derive.model import Model
from derive.networks.sources import SEED, Source, build, model_of, read

Key = tuple[tuple[str, str], ...]
"""Which network formulas are about, and how it is to be, as :data:`SETTINGS` say it."""


def settings_of(text: str, source: str | None) -> dict[str, Setting]:
    """What a document's first line says of it, if the program wrote it, or else its project."""
    beside = Path(source).parent if source else Path()
    written = {name: Setting(value, beside) for name, value in written_for(text).items()}
    if written or source is None:
        return written
    said, home = project_settings(Path(source))
    return {name: Setting(value, home) for name, value in said.items()}


def key_of(settings: Mapping[str, Setting]) -> Key:
    """The network that is set, and how it is to be; a file beside its document by its path."""
    said = {name: settings[name].value for name in SETTINGS if name in settings}
    if network := settings.get("network"):
        path = str(network.folder / network.value)
        said["network"] = path if exists(path) else network.value
    return tuple(said.items())


def model_with(source: Source, chosen: Mapping[str, str]) -> Model:
    """The model of a network that is given or named, with what a document chooses beside it."""
    options = {name: value for name, value in chosen.items() if name != SEED}
    if SEED not in chosen:
        return model_of(source, **options)
    try:
        seed = int(chosen[SEED])
    except ValueError as error:
        raise InputError(f"seed={chosen[SEED]}: write a whole number") from error
    return build(read(source, **options).numbered(seed))
