"""The standard streams of the process: closed, cut off, or in an encoding that lacks our signs.

What is printed never decides how a command ends: a reader that has seen enough, like ``head``, or
nobody who reads at all, changes no exit status.
"""

from __future__ import annotations

import codecs
import io
import os
import sys
from pathlib import Path
from typing import TextIO

import click

ESCAPED = "derive-escaped"


def prepare() -> None:
    """Make standard output and standard error such that everything can be written to them."""
    codecs.register_error(ESCAPED, escaped)
    _occupy()
    sys.stdout = _writable(sys.stdout, 1)
    sys.stderr = _writable(sys.stderr, 2)


def colour() -> bool | None:
    """No colours where NO_COLOR asks for none (no-color.org); else what the stream can show."""
    return False if os.environ.get("NO_COLOR") else None


def write_document(text: str) -> None:
    """Put a document or a program on standard output as it would be in a file: in UTF-8."""
    click.echo(text.encode(), nl=False)


def escaped(error: UnicodeError) -> tuple[str, int]:
    r"""A sign that an encoding lacks is written as in JSON and Python: ∂ as ``\u2202``."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    pairs = (units[place : place + 2].hex() for place in range(0, len(units), 2))
    return "".join(rf"\u{pair}" for pair in pairs), error.end


class _Pipe(io.FileIO):
    """A stream whose reader may go away; what nobody reads is dropped."""

    def write(self, data: object) -> int:
        try:
            return super().write(data)  # type: ignore[arg-type]
        except BrokenPipeError:
            return memoryview(data).nbytes  # type: ignore[arg-type]


def _occupy() -> None:
    """Give the numbers of closed streams away, or the next file that is opened gets one of them."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _writable(stream: TextIO | None, number: int) -> TextIO:
    """The stream with everything that it may meet provided for."""
    if stream is None:
        return Path(os.devnull).open("w", encoding="utf-8")
    if stream.isatty() or not isinstance(stream, io.TextIOWrapper):
        return stream
    stream.flush()
    pipe = io.BufferedWriter(_Pipe(number, "w", closefd=False))
    return io.TextIOWrapper(pipe, encoding=stream.encoding, errors=ESCAPED, write_through=False)
