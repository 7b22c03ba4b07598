"""Every file that a user names is read here, and every file of the program's is written here.

What is read is a regular file of reasonable size, in UTF-8: a pipe or a device may never end, and a
file of any size would have to fit into memory. What is written is written whole or not at all.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import sys
import tempfile
from pathlib import Path

from derive.errors import InputError

MOST_BYTES = 10_000_000
"""The size of the largest file that is read."""


def read_text(path: Path, missing: str = "there is no such file") -> str:
    """The text of a file: UTF-8 with or without a byte-order mark, every line ended by a newline.

    The size is looked at before anything is read. `missing` is what is said of a file that is not
    there. Raises :class:`InputError` for what is no file, is too large, or is not text.
    """
    data, size = _read(path, missing)
    return decoded(data, str(path), size)


def read_both(path: Path) -> tuple[str, str]:
    """The text of a file as :func:`read_text` gives it, and as it stands there."""
    data, size = _read(path, "there is no such file")
    return decoded(data, str(path), size), data.decode()


def _read(path: Path, missing: str) -> tuple[bytes, int]:
    """What a file holds, nothing of one that is too large, and its size."""
    try:
        # A pipe that nobody writes to would keep the program waiting when it is opened.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        raise InputError(f"{path}: {missing}") from None
    except (OSError, ValueError) as error:
        if path.is_dir():  # where folders cannot be opened at all
            raise InputError(f"{path}: {_NO_FILE[stat.S_IFDIR]}") from error
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: {reason}; it cannot be read") from error
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise InputError(f"{path}: {what_it_is(found)}")
        with open(handle, "rb", closefd=False) as file:
            data = b"" if found.st_size > MOST_BYTES else file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}; it cannot be read") from error
    finally:
        os.close(handle)
    return data, max(found.st_size, len(data))


def read_input() -> str:
    """The text that comes in on standard input, under the same conditions as that of a file."""
    # A process may be started without it.
    if sys.stdin is None:
        raise InputError("standard input is closed; give a file or write what is meant")
    data = sys.stdin.buffer.read(MOST_BYTES + 1)
    return decoded(data, "standard input", len(data), "more than ")


def decoded(data: bytes, name: str, size: int, about: str = "") -> str:
    """The text that `data` is, if it is not too large; `size` counts what was not read, too."""
    if size > MOST_BYTES:
        shown = f"{about}{size - bool(about):,}"
        raise InputError(f"{name}: {shown} bytes; at most {MOST_BYTES:,} are read")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name}: byte {error.start + 1} is not UTF-8; save the file as UTF-8"
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


_STREAM = "name a file, or give '-' where standard input or output is meant"
_NO_FILE = {
    stat.S_IFDIR: "Is a directory; name a file in that folder",
    stat.S_IFIFO: f"is a pipe; {_STREAM}",
    stat.S_IFCHR: f"is a device; {_STREAM}",
}


def what_it_is(found: os.stat_result) -> str:
    """What is said of something that has a path and is no regular file."""
    return _NO_FILE.get(stat.S_IFMT(found.st_mode), "is no regular file; name one")


def exists(path: str | Path) -> bool:
    """Whether anything is at `path`; nothing can be where there is no such path."""
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return False


def is_folder(path: str | Path) -> bool:
    """Whether `path` is a folder; what cannot be a path is none."""
    try:
        return Path(path).is_dir()
    except (OSError, ValueError):
        return False


def cache_folder() -> Path | None:
    """The folder of what is worked out once and kept between runs; nothing where there is none.

    It is made in the user's own cache. What is found in it is trusted, so that nobody but the user
    may write there.
    """
    try:
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "derive"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
    except (OSError, RuntimeError, ValueError):
        return None
    own = os.name == "nt" or (found.st_uid == os.geteuid() and not found.st_mode & 0o022)
    return folder if own else None


MARK = "Written by derive; written again, it is replaced."
"""What every document and program says in a comment of its first line, a PDF as a keyword."""
_BEGUN, _, _ENDED = MARK.partition(";")
_MARKED = re.compile(rf"{_BEGUN}(?: for (?P<about>[^\r\n]*))?;{_ENDED}")


def marked(about: str) -> str:
    """The mark of a document that says what it is about, too: what is behind ``derive:``."""
    return f"{_BEGUN} for {about};{_ENDED}" if about else MARK


def about(text: str) -> str:
    """What the mark in the first line of a document says that it is about; nothing without one."""
    found = _MARKED.search(text.partition("\n")[0])
    return found["about"] or "" if found else ""


def protect(path: Path, force: bool = False) -> None:
    """Raise :class:`InputError` for a file that the program did not write, unless by `force`.

    What is no regular file, or cannot be looked at, is for :func:`write_whole` to refuse.
    """
    try:
        found = path.stat()
    except (OSError, ValueError):
        return
    if force or not stat.S_ISREG(found.st_mode) or not found.st_size:
        return
    with contextlib.suppress(OSError), path.open("rb") as file:
        first = file.readline(1_000)
        # A PDF file has the mark among its keywords.
        said = file.read() if first.startswith(b"%PDF") else first
        if _MARKED.search(said.decode("latin-1")):
            return
    raise InputError(
        f"{path}: is there already, and derive did not write it; choose another place with -o, or"
        " replace it with --force"
    )


def write_whole(
    path: Path, content: str | bytes, instead: str = "choose another place with -o"
) -> None:
    """Put `content` at `path` in one step, a text in UTF-8; what was there stays if anything fails.

    Folders on the way are made. Raises :class:`InputError` when the place cannot be written, and
    says what to do `instead`.
    """
    temporary = ""
    try:
        # A link is followed, so that it stays a link and its target gets the text.
        target = Path(os.path.realpath(path))
        with contextlib.suppress(FileNotFoundError):
            _refuse_other(path, target.stat())
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".derive-")
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        Path(temporary).chmod(_mode(target))
        Path(temporary).replace(target)
    except BaseException as error:  # an interrupt leaves no half of a file behind either
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
        if not isinstance(error, OSError | ValueError) or isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: cannot be written: {reason}; {instead}") from error


def _refuse_other(path: Path, found: os.stat_result) -> None:
    """A folder or a device must not be replaced by a file."""
    if stat.S_ISDIR(found.st_mode):
        raise InputError(f"{path}: is a folder; name a file in it")
    if not stat.S_ISREG(found.st_mode):
        raise InputError(f"{path}: {what_it_is(found)}")


def _mode(target: Path) -> int:
    """The permissions of the file that is replaced, or those of any new file."""
    try:
        return target.stat().st_mode & 0o7777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


MISSING_NETWORK = (
    "No such file; give a file that is there, layer sizes like 2-4-3-2,"
    " or a name from 'derive networks'"
)
"""What is said of a network's file that is not there."""
