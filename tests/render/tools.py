"""The checks of finished documents, in one place to import from.

    log = compile_latex(path)          # log.faults is empty, log.pages > 0
    assert not katex_errors(text)      # KaTeX, strict
    assert not github_errors(text)     # what GitHub's Markdown would spoil or refuse
    assert not page_errors(text)       # a browser: MathJax, images, the width of the column

Each raises :class:`ToolMissing` where its tool is not installed, which ``tests/conftest.py`` turns into a
skipped test, or a failed one where the tools are required. ``python -m tests.render.look FILE DIR``
makes pictures of a document to look at.
"""

from __future__ import annotations

from tests.render.latex import Log, compile_latex, read_log, typeset
from tests.render.markdown import (
    Fault,
    count_formulas,
    github_errors,
    katex_errors,
    markdown_errors,
    page_errors,
)
from tests.render.missing import ToolMissing

__all__ = [
    "Fault",
    "Log",
    "ToolMissing",
    "compile_latex",
    "count_formulas",
    "github_errors",
    "katex_errors",
    "markdown_errors",
    "page_errors",
    "read_log",
    "typeset",
]
