"""What to do where a tool is not installed: say which, so that the test is skipped with a reason.

With ``DERIVE_REQUIRE_TOOLS`` in the environment, as in the project's own check, the test fails
instead: there, a document that was not looked at does not count as good.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

HERE = Path(__file__).parent
REQUIRE = "DERIVE_REQUIRE_TOOLS"


class ToolMissing(RuntimeError):
    """A program that a check needs is not installed; the message says how to get it."""


def program(*names: str) -> str:
    """The path of the first of the programs `names` that is installed."""
    for name in names:
        if found := shutil.which(name):
            return found
    message = f"{names[0]} is not installed"
    raise ToolMissing(message)


def node() -> str:
    """The path of node, once the packages of ``package.json`` are there too."""
    found = program("node")
    if not (HERE / "node_modules" / "katex").is_dir():
        message = f"the node packages are not installed: run 'npm ci' in {HERE.name}"
        raise ToolMissing(message)
    return found


def tools_are_required() -> bool:
    """Whether a missing tool is a failure."""
    return bool(os.environ.get(REQUIRE))
