"""``python -m tests.render.look FILE.md|FILE.tex DIR``: pictures of a document, to look at.

Prints the pictures' paths, then what the checks say against the document; exit status 1 if they
say anything.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.render.missing import ToolMissing, program
from tests.render.tools import compile_latex, github_errors, katex_errors, page_errors

DOTS_PER_INCH = 80


def look(document: Path, folder: Path) -> tuple[list[Path], list[str]]:
    """Photograph `document` into `folder`; the pictures in order, and the faults as lines."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("page-*.png"):
        old.unlink()
    if document.suffix == ".tex":
        faults = list(compile_latex(document, folder).faults)
        pdf = folder / f"{document.stem}.pdf"
        if pdf.exists():
            command = [program("pdftoppm"), "-r", str(DOTS_PER_INCH), "-png", str(pdf)]
            subprocess.run([*command, str(folder / "page")], check=True)
    else:
        text = document.read_text(encoding="utf-8")
        found = [
            *page_errors(text, folder, document.parent),
            *katex_errors(text),
            *github_errors(text),
        ]
        faults = [str(fault) for fault in found]
    return sorted(folder.glob("page-*.png")), faults


def main() -> None:
    """The command."""
    if len(sys.argv) != 3 or Path(sys.argv[1]).suffix not in {".md", ".tex"}:
        sys.exit(f"usage: {(__doc__ or '').splitlines()[0]}")
    try:
        pictures, faults = look(Path(sys.argv[1]), Path(sys.argv[2]))
    except ToolMissing as missing:
        sys.exit(str(missing))
    print(*pictures, sep="\n")
    for fault in faults:
        print(fault, file=sys.stderr)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
