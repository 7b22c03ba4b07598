"""Commands in processes of their own that need not import the program first.

``python -m tests.commands`` has the program ready, and forks for each command that it reads: a line
of JSON with the arguments and the folder, answered by one with the status and what was printed. What
begins before the program does (closed streams, encodings, a shell) needs a process of its own from
its first line on, and is not asked here.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

ROOT = Path(__file__).parents[1]
HANGS = 60 * 60
"""Seconds after which a command that waits for something is ended, so that nobody waits for it."""
READY = ("derive.cli", "derive.checking.check", "derive.notes.compose", "derive.code")


class Commands:
    """A server of commands, with the options of Python that it is given."""

    def __init__(self, *options: str) -> None:
        self._server = subprocess.Popen(
            [sys.executable, *options, "-m", "tests.commands"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "300"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[bytes]:
        """``derive`` with these arguments in a folder; its status and what it printed."""
        asked, answered = self._server.stdin, self._server.stdout
        assert asked is not None
        assert answered is not None
        asked.write(json.dumps([str(folder), arguments]) + "\n")
        asked.flush()
        status, *printed = json.loads(answered.readline())
        return subprocess.CompletedProcess(
            arguments, status, *(text.encode("latin-1") for text in printed)
        )

    def close(self) -> None:
        """End the server."""
        self._server.communicate()


def _become(folder: str, arguments: Sequence[str], streams: Sequence[IO[bytes]]) -> None:
    """Be the program: its folder, its arguments, its streams. Does not return."""
    from derive.cli import main

    signal.alarm(HANGS)
    for number, stream in enumerate(streams):
        os.dup2(stream.fileno(), number)
    os.chdir(folder)
    sys.argv = ["derive", *arguments]
    main()


def _answer(folder: str, arguments: Sequence[str]) -> list[Any]:
    """What becomes of one command, in a child of its own."""
    with Path(os.devnull).open("rb") as empty, TemporaryFile() as out, TemporaryFile() as err:
        child = os.fork()
        if not child:
            try:
                _become(folder, arguments, (empty, out, err))
            finally:
                os._exit(70)
        _, status = os.waitpid(child, 0)
        printed = []
        for stream in (out, err):
            stream.seek(0)
            printed.append(stream.read().decode("latin-1"))
    return [os.waitstatus_to_exitcode(status), *printed]


def main() -> None:
    """Answer commands on the input until it ends."""
    for module in READY:
        importlib.import_module(module)
    for line in sys.stdin:
        print(json.dumps(_answer(*json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
