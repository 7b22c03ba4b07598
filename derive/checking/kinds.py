"""The kinds of documents that are read, and the endings of their names."""

from __future__ import annotations

ENDINGS = {
    ".md": "md",
    ".markdown": "md",
    ".myst": "md",
    ".qmd": "md",
    ".rmd": "md",
    ".tex": "tex",
    ".ltx": "tex",
    ".ipynb": "ipynb",
    ".rst": "rst",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".txt": "txt",
}
"""The kind of a document by the ending of its name, in small letters."""
KINDS = tuple(dict.fromkeys(ENDINGS.values()))
