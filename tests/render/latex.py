"""Compiling a LaTeX document, and what its log says against it."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.render.missing import program
from tests.shelf import kept

MOST_RUNS = 4
SECONDS = 3_600
TOLERATED_PT = 1.0
"""A line may stick out by this much: a third of a millimetre, which nobody sees."""

_ERROR = re.compile(r"^(?:! |[^\s:()]+\.\w+:\d+: )(?P<text>.+)$")
_WARNING = re.compile(
    r"^(?:LaTeX|Package|Class)\b[^:]*Warning:|pdfTeX warning|^Missing character: There is no"
)
_OVERFULL = re.compile(r"^Overfull \\[hv]box \((?P<pt>[\d.]+)pt too \w+\).*$")
_PAGES = re.compile(r"^Output written on .*\((?P<pages>\d+) pages?", re.MULTILINE)
_RERUN = re.compile(
    r"Rerun to get|Rerun LaTeX|Label\(s\) may have changed|No file \S+\.(?:toc|out)"
)
_SUMMARY = re.compile(r"There were (undefined references|multiply-defined labels)")


@dataclass(frozen=True)
class Log:
    """What one compilation says. Every field but `pages` is empty for a document without a fault.

    `overfull` holds the lines and pages that stick out by more than :data:`TOLERATED_PT`.
    `warnings` holds whatever else LaTeX or a package warns of, missing characters among it.
    """

    pages: int
    errors: tuple[str, ...] = ()
    undefined: tuple[str, ...] = ()
    multiply_defined: tuple[str, ...] = ()
    overfull: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def faults(self) -> tuple[str, ...]:
        """All of them, the worst first."""
        named = self.errors + self.undefined + self.multiply_defined
        return named + self.overfull + self.warnings


def compile_latex(path: Path, output: Path | None = None) -> Log:
    """Compile the document at `path` until its references settle.

    The PDF goes to the folder `output`, if one is given; nothing is ever written beside `path`.
    Raises :class:`~tests.render.missing.ToolMissing` without pdflatex.
    """
    pdflatex = program("pdflatex")
    with TemporaryDirectory() as temporary:
        folder = output or Path(temporary)
        command = [
            pdflatex,
            "-interaction=nonstopmode",
            "-halt-on-error",
            "-file-line-error",
            "-no-shell-escape",
            f"-output-directory={folder.resolve()}",
            path.name,
        ]
        for _ in range(MOST_RUNS):
            run = subprocess.run(
                command,
                cwd=path.resolve().parent,
                # TeX breaks the lines of its log at 79 characters unless told otherwise.
                env=os.environ | {"max_print_line": "10000"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
            written = (folder / f"{path.stem}.log").read_text(errors="replace")
            if run.returncode != 0 or not _RERUN.search(written):
                break
    log = read_log(written)
    if run.returncode != 0 and not log.errors:
        return Log(log.pages, errors=(f"pdflatex ended with status {run.returncode}",))
    return log


def typeset(text: str) -> Log:
    """What compiling a document says, which is done once in a run of tests."""
    return _compiled(text)[0]


def pages_of(text: str) -> bytes:
    """The PDF that LaTeX makes of a document, which has to be without a fault."""
    log, pdf = _compiled(text)
    assert not log.faults
    return pdf


def _compiled(text: str) -> tuple[Log, bytes]:
    def make() -> tuple[Log, bytes]:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "notes.tex"
            path.write_text(text, encoding="utf-8")
            log, pdf = compile_latex(path, Path(folder)), path.with_suffix(".pdf")
            return log, pdf.read_bytes() if pdf.exists() else b""

    return kept(("typeset", text), make)


def read_log(text: str) -> Log:
    """What the log `text` of pdflatex says."""
    found: dict[str, list[str]] = {
        "errors": [],
        "undefined": [],
        "multiply_defined": [],
        "overfull": [],
        "warnings": [],
    }
    for line in _messages(text):
        if overfull := _OVERFULL.match(line):
            if float(overfull["pt"]) > TOLERATED_PT:
                found["overfull"].append(line)
        elif _WARNING.search(line):
            if _SUMMARY.search(line):
                continue
            if " undefined" in line and ("Reference" in line or "Citation" in line):
                found["undefined"].append(line)
            elif "multiply defined" in line:
                found["multiply_defined"].append(line)
            else:
                found["warnings"].append(line)
        elif error := _ERROR.match(line):
            found["errors"].append(error[0])
    pages = _PAGES.search(text)
    kinds = {kind: tuple(dict.fromkeys(lines)) for kind, lines in found.items()}
    return Log(int(pages["pages"]) if pages else 0, **kinds)


def _messages(text: str) -> Iterator[str]:
    """The log's lines, a warning joined with its further lines, which begin with ``(package)``."""
    message = ""
    for line in text.splitlines():
        if message and re.match(r"^\(\w+\) {2,}", line):
            message += " " + line.split(")", 1)[1].strip()
            continue
        if message:
            yield message
        message = line
    if message:
        yield message
