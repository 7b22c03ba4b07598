"""A command as a person uses it: in a terminal, of which the test is the other end."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]


def run(
    *arguments: str, program: str = "", act: Callable[[int, bytes], None] | None = None, **env: str
) -> tuple[int, str]:
    """The exit status of ``derive`` in a terminal, and all that stands there.

    `program` is run instead of the command line. `act` is called with the number of the process and
    what it has printed so far, whenever something is printed.
    """
    leader, follower = pty.openpty()
    # What runs in the background may be told to ignore Ctrl-C; nobody in front of a terminal is.
    start = ["env", "--default-signal=INT", sys.executable]
    command = [*start, *(["-c", program] if program else ["-m", "derive"]), *arguments]
    environment = {"PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100", **os.environ, **env}
    process = subprocess.Popen(
        command, stdin=follower, stdout=follower, stderr=follower, env=environment
    )
    os.close(follower)
    shown = b""
    while True:
        try:
            part = os.read(leader, 4096)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        shown += part
        if act is not None:
            act(process.pid, shown)
    os.close(leader)
    return process.wait(), shown.decode().replace("\r\n", "\n")
