"""Checks of a Markdown document: what KaTeX, GitHub's rules and a browser say against it."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.render.missing import HERE, node, program
from tests.shelf import kept

SECONDS = 3_600


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a document: on which line (from 1), in which piece of source, and what."""

    line: int
    source: str
    message: str

    def __str__(self) -> str:
        message, source = (" ".join(text.split()) for text in (self.message, self.source))
        shown = source if len(source) <= 90 else f"{source[:60]} … {source[-25:]}"
        return f"line {self.line}: {message}: {shown}"


def count_formulas(text: str) -> int:
    """How many formulas GitHub finds, so that a test can tell an empty document from a good one."""
    return int(_checked(text)["formulas"])


def katex_errors(text: str) -> list[Fault]:
    """The formulas of the Markdown `text` that KaTeX refuses in its strictest mode.

    Formulas are ``$…$``, ``$$…$$`` and fences of ``math``; code is left alone.
    """
    return _faults(_checked(text)["katex"])


def github_errors(text: str) -> list[Fault]:
    """Where GitHub would not show the Markdown `text` as it is meant, before any LaTeX is read.

    GitHub's Markdown comes first and knows no mathematics: it eats the backslash of ``\\,`` and
    ``\\{``, halves a ``\\\\`` within a line, takes ``_`` and ``*`` for emphasis and a line that
    begins with ``+`` for a list. Its reader of dollar signs is choosy about what stands next to
    them, and some macros and environments are refused. Links within the document
    must lead somewhere.
    """
    return _faults(_checked(text)["github"])


def page_errors(text: str, pictures: Path | None = None, folder: Path | None = None) -> list[Fault]:
    """What goes wrong when the Markdown `text` is shown in a browser, in a column of GitHub's width.

    MathJax refuses a formula, a displayed formula or an image is wider than the column, an image,
    in the text or in `folder`, cannot be shown. With a folder `pictures` the page is photographed
    there as ``page-01.png``, … .
    """
    request = {
        "text": text,
        "chromium": program("chromium", "chromium-browser", "google-chrome"),
        "pictures": str(pictures.resolve()) if pictures else None,
        "folder": str(folder.resolve()) if folder else None,
    }
    return _faults(_run("page.mjs", json.dumps(request))["faults"])


def markdown_errors(text: str) -> list[Fault]:
    """Everything that can be said against the Markdown `text`."""
    return katex_errors(text) + github_errors(text) + page_errors(text)


def _checked(text: str) -> dict[str, Any]:
    return kept(("checked", text), lambda: _run("check.mjs", text))


def _run(script: str, given: str) -> dict[str, Any]:
    done = subprocess.run(
        [node(), str(HERE / script)],
        input=given,
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    if done.returncode != 0:
        message = f"{script} ended with status {done.returncode}: {done.stderr}"
        raise RuntimeError(message)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _faults(rows: list[dict[str, Any]]) -> list[Fault]:
    return sorted((Fault(**row) for row in rows), key=lambda fault: fault.line)


def cells(table: str) -> list[list[str]]:
    """The rows of a table in Markdown, the dashes below its head too."""
    rows = table.replace("$", "").strip().splitlines()
    return [re.split(r" \| ?", row.removeprefix("| ").removesuffix(" |")) for row in rows]
