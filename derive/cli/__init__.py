"""The command line: one command a file, no mathematics, and nothing heavy before it is needed."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import traceback
from pathlib import Path
from typing import NoReturn

import click

from derive.cli import streams
from derive.cli.check import check
from derive.cli.code import code
from derive.cli.explain import explain
from derive.cli.gradcheck import gradcheck
from derive.cli.networks import networks
from derive.cli.notations import notations
from derive.cli.notes import notes
from derive.cli.show import show
from derive.cli.templates import templates
from derive.errors import InputError, ProofError
from derive.version import __version__


class Commands(click.Group):
    """A group that turns what the program raises on purpose into one line and an exit status."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options before the command; without any command, say what there is."""
        ctx.color = streams.colour()
        if not args:
            click.echo(ctx.get_help(), err=True)
            ctx.exit(2)
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            _misused(error, ctx)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command: 2 for unusable input, 1 for a gradient that does not check."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            _misused(error, ctx)
        except InputError as error:
            _fail(str(error), 2)
        except ProofError as error:
            _fail(str(error), 1)
        except RecursionError:
            _fail("the input is nested too deeply to be handled", 2)
        except MemoryError:
            _fail("the input is too large for the memory that there is", 2)
        except OSError as error:
            _fail(_refused(error), 2)
        except KeyboardInterrupt:
            _fail("interrupted", INTERRUPTED)


def _misused(error: click.UsageError, ctx: click.Context) -> NoReturn:
    """What is wrong with the options or arguments of a command."""
    path = (error.ctx or ctx).command_path
    _fail(f"{path}: {error.format_message()} '{path} --help' says what there is.", 2)


def _refused(error: OSError) -> str:
    """What the system would not do, and with which file."""
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{error.strerror or error}"


INTERRUPTED = 130
"""The exit status after Ctrl-C, as shells count it: 128 and the number of the signal."""
MOST_SHOWN = 2_000
"""Characters of a message; one that quotes more of the input is shortened in the middle."""


def _fail(message: str, status: int) -> NoReturn:
    with contextlib.suppress(OSError):  # where even this cannot be said the status remains
        click.secho("error: ", fg="red", bold=True, nl=False, err=True, color=streams.colour())
        click.echo(one_line(message), err=True)
    sys.exit(status)


def one_line(message: str) -> str:
    """A message without anything that would move the cursor, or that no encoding has."""
    if len(message) > MOST_SHOWN:
        message = f"{message[: MOST_SHOWN // 2]} … {message[-MOST_SHOWN // 2 :]}"
    line = " ".join(message.split("\n"))
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="derive")
def cli() -> None:
    """Write out backpropagation by hand, for any network, and prove it.

    NETWORK is layer sizes like 2-4-3-2, a file (.toml for layers and families, .eq for equations),
    or a name from 'derive networks'.
    """


_COMMANDS = (notes, show, check, explain, code, gradcheck, networks, notations, templates)
for _command in _COMMANDS:
    cli.add_command(_command)


def main() -> None:
    """The program, as a process of its own.

    Looking for garbage would cost a sixth of its time and find none, and taking SymPy's modules
    apart at the end costs as much again; what is written is flushed, and the process ends. Products
    of matrices are not divided among threads, which wait for each other longer than they compute.
    """
    gc.disable()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    streams.prepare()
    status: object = 1
    try:
        cli(prog_name="derive")
    except SystemExit as end:
        status = end.code
    except OSError as error:
        status = _refused(error)
    except Exception as error:
        if sys.flags.dev_mode:
            raise
        status = f"{_where(error)}: a fault of derive itself; 'python -X dev -m derive' shows more"
    finally:
        _flush()
    if isinstance(status, str):
        with contextlib.suppress(SystemExit):
            _fail(status, 2)
        status = 2
        _flush()
    os._exit(status if isinstance(status, int) else 0)


def _where(error: Exception) -> str:
    """The kind of an error that nobody expected, and the line of the program that raised it."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(frame.filename).name}:{frame.lineno}"


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):
            stream.flush()
