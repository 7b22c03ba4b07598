"""The files of networks: those that come with the program, and how a name means one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from derive.errors import InputError
from derive.files import exists

SHIPPED = Path(__file__).parent
ENDINGS = (".toml", ".eq")
is_sizes = re.compile(r"\s*[0-9]+\s*(-\s*[0-9]+\s*)*").fullmatch
"""Whether a text is layer sizes: ``2-4-3-2``."""


def shipped() -> list[str]:
    """The names of the networks that come with the program."""
    return sorted(path.stem for path in SHIPPED.iterdir() if path.suffix in ENDINGS)


def file_of(text: str) -> Path | None:
    """The file that a network's name means, if it means one."""
    if text in shipped():
        files = (SHIPPED / f"{text}{ending}" for ending in ENDINGS)
        return next(path for path in files if path.is_file())
    path = Path(text)
    return path if not is_sizes(text) and (path.suffix in ENDINGS or exists(path)) else None


@contextmanager
def named(path: Path) -> Iterator[None]:
    """Errors inside name the file."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
