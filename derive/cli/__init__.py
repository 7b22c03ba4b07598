"""The command line: one command a file, no mathematics, and nothing heavy before it is needed."""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn

import click

from derive import __version__
from derive.cli.check import check
from derive.cli.code import code
from derive.cli.gradcheck import gradcheck
from derive.cli.networks import networks
from derive.cli.notes import notes
from derive.cli.show import show
from derive.cli.templates import templates
from derive.errors import InputError, ProofError


class Commands(click.Group):
    """A group that turns what the program raises on purpose into one line and an exit status."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command: 2 for unusable input, 1 for a gradient that does not check."""
        try:
            return super().invoke(ctx)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            path = (error.ctx or ctx).command_path
            _fail(f"{path}: {error.format_message()} '{path} --help' says what there is.", 2)
        except InputError as error:
            _fail(str(error), 2)
        except ProofError as error:
            _fail(str(error), 1)
        except OSError as error:
            if isinstance(error, BrokenPipeError):
                raise
            place = f"{error.filename}: " if error.filename else ""
            _fail(f"{place}{error.strerror or error}", 2)


def _fail(message: str, status: int) -> NoReturn:
    click.secho("error: ", fg="red", bold=True, nl=False, err=True)
    click.echo(" ".join(message.split("\n")), err=True)
    sys.exit(status)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="derive")
def cli() -> None:
    """Write out backpropagation by hand, for any network, and prove it.

    NETWORK is layer sizes like 2-4-3-2, a file (.toml for layers and families, .eq for equations),
    or a name from 'derive networks'.
    """


for _command in (notes, show, check, code, gradcheck, networks, templates):
    cli.add_command(_command)


def main() -> None:
    """The program, as a process of its own.

    Looking for garbage would cost a sixth of its time and find none, and taking SymPy's modules
    apart at the end costs as much again; what is written is flushed, and the process ends.
    """
    gc.disable()
    status: object = 1
    try:
        cli(prog_name="derive")
    except SystemExit as end:
        status = end.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    if isinstance(status, str):
        _fail(status, 1)
    os._exit(status if isinstance(status, int) else 0)
