"""``python -m tests.render.shown``: writes the documents in output/ anew, with their first pages.

Every equation of theirs is read back and proved. A document of a file there has its name; the first page is a picture of what Typst sets.
"""

from __future__ import annotations

from pathlib import Path

from derive.code import write_code
from derive.networks.equations.system import System
from derive.networks.network import Network
from derive.networks.sources import SEED, read, saying
from derive.render.formats import format_of
from derive.render.pictures import Pictures
from derive.render.readback import prove_document
from derive.render.render import render
from tests.render.typst import first_page, in_typst
from tests.shelf import composed

OUTPUT = Path(__file__).parents[2] / "output"
NAMES = ("2-4-3-2", "relu-softmax", "recurrent", "lstm", "attention", "mazur")
MOST_BYTES = 150_000
"""Of a picture of a page."""


def network_of(name: str) -> Network | System:
    """The network of a document: a file beside it, or one that comes with the program."""
    return read(_source(name))


def _source(name: str) -> str:
    own = OUTPUT / f"{name}.toml"
    return str(own) if own.exists() else name


def documents(name: str) -> dict[str, str]:
    """The document in Markdown with its pictures, and in LaTeX, by the names of their files."""
    notes = composed(network_of(name))
    pictures, about = Pictures(name), saying(_source(name), {SEED: 0}, OUTPUT)
    texts = {f"{name}.md": render(notes, "markdown", pictures=pictures, about=about)}
    return {**texts, f"{name}.tex": render(notes, "latex", about=about), **pictures.files}


def page(name: str) -> bytes:
    """The picture of the first page."""
    return first_page(in_typst(network_of(name)))


def main() -> None:
    """The command."""
    for name in NAMES:
        for old in OUTPUT.glob(f"{name}-*.svg"):
            old.unlink()
        for file, text in documents(name).items():
            if file.endswith((".md", ".tex")):
                prove_document(network_of(name), text, format_of(Path(file)).name, 0, iter)
            (OUTPUT / file).write_text(text, encoding="utf-8")
        (OUTPUT / f"{name}.png").write_bytes(page(name))
    (OUTPUT / "2-4-3-2.py").write_text(write_code("2-4-3-2"), encoding="utf-8")


if __name__ == "__main__":
    main()
