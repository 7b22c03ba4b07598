"""Files are written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from derive.errors import InputError


def write_whole(path: Path, text: str) -> None:
    """Put `text` at `path` in one step; what was there stays if anything goes wrong.

    Folders on the way are made. Raises :class:`InputError` when the place cannot be written.
    """
    if path.is_dir():
        raise InputError(f"{path}: is a folder; name a file in it")
    # A link is followed, so that it stays a link and its target gets the text.
    target = path.resolve()
    temporary = ""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(temporary).chmod(_mode(target))
        Path(temporary).replace(target)
    except OSError as error:
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
        raise InputError(
            f"{path}: cannot be written: {error.strerror or error}; choose another place with -o"
        ) from error


def _mode(target: Path) -> int:
    """The permissions of the file that is replaced, or those of any new file."""
    try:
        return target.stat().st_mode & 0o7777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def missing_file(path: Path) -> str:
    """What is said of a file that is not there."""
    return (
        f"{path}: No such file; give a file that is there, layer sizes like 2-4-3-2,"
        " or a name from 'derive networks'"
    )
