"""The formats of documents: a row each.

A format is a row here, an emitter of its mathematics and a file of macros among the templates.
Whatever says which formats there are, or differs from one to the other, asks the row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path

from derive.emit.emitter import Emitter, Measure
from derive.emit.latex import Latex, LatexDocument
from derive.emit.layout import LINE, Columns, Row, block, column
from derive.emit.measure import em_width, typst_width
from derive.emit.named import Named
from derive.emit.text import Text
from derive.emit.typst import Typst
from derive.errors import InputError
from derive.formula import Equation
from derive.notations.greek import GREEK


@dataclass(frozen=True)
class Format:
    """One format."""

    name: str
    """How it is asked for."""
    macros: str
    """The name of its file of macros, without ``.jinja``."""
    title: str
    """What it is called in messages."""
    endings: tuple[str, ...]
    """The endings of files in it, the first the usual one; none for what is no file."""
    emitter: Callable[..., Named]
    """Makes mathematics of a model's formulas."""
    measure: Measure
    """How wide emitted mathematics is."""
    inline: str = "${0}$"
    """Mathematics within a sentence: {0} in the format itself, {1} in plain text for the blind."""
    layout: Callable[[Sequence[Equation], Emitter, Measure, float, Columns], list[list[Row]]] = (
        block
    )
    """Sets the equations of a display in lines."""
    counted: bool = False
    """Whether the headings have to be numbered here, as the format does not do it by itself."""
    line: float = LINE
    """The width of a line of mathematics, in what `measure` measures; 0 for one that is chosen."""
    hyperlink: str = "{0} ({1})"
    """A word that leads to an address: {0} the word, {1} the address."""
    dash: str = "-"
    """What stands between the sizes of layers in a sentence."""
    escaped: str = ""
    """The signs before which a backslash stands where a text is to be shown as it is."""
    spelled: Mapping[str, str] = field(default_factory=dict)
    """The signs that are written otherwise there."""
    read_as: str = ""
    """The kind of document as which ``check`` reads it back; nothing where it cannot."""
    attached: str = ""
    """What begins a display where no empty line may stand before it, or the page turns there."""
    finished: Callable[[str], bytes] = str.encode
    """Makes a file of the text."""
    package: str = ""
    """What has to be installed for that, besides what the program always needs."""

    def require(self) -> None:
        """Raise :class:`InputError` where the package that makes the file is not installed."""
        if self.package and find_spec(self.package) is None:
            raise InputError(
                f"a {self.title} is made by the package {self.package}, which is not here; install"
                f" it with pip install 'derive-backprop[{self.name}]', or write {_TYPST.endings[0]}"
            )

    def within(self, text: str, plain: Callable[[], str]) -> str:
        """Emitted mathematics within a sentence; `plain` gives the same in plain text."""
        if "{1}" not in self.inline:
            return self.inline.format(text)
        return self.inline.format(text, plain().replace("\\", r"\\").replace('"', r"\""))

    def literal(self, text: str) -> str:
        """A text without meaning in the format."""
        return "".join(
            f"\\{sign}" if sign in self.escaped else self.spelled.get(sign, sign) for sign in text
        )


def _pdf(text: str) -> bytes:
    """A document in Typst as PDF, with tags and alternative texts for the blind.

    Fonts of the machine are not looked at and no date is put in: the same text gives the same file.
    """
    import typst

    made = typst.compile(text.encode(), ignore_system_fonts=True, pdf_standards="ua-1")
    assert isinstance(made, bytes)
    return made


_TYPST = Format(
    name="typst",
    macros="typst",
    title="Typst",
    endings=(".typ",),
    emitter=Typst,
    measure=typst_width,
    inline='#m("{1}", ${0}$);',
    line=40.0,
    hyperlink='#link("{1}")[{0}]',
    dash="--",
    escaped=r"\#$*_`@<>[]~/-=+",
)
_LATEX = Format(
    name="latex",
    macros="latex",
    title="LaTeX",
    endings=(".tex",),
    emitter=LatexDocument,
    measure=em_width,
    line=40.0,
    hyperlink=r"\href{{{1}}}{{{0}}}",
    dash="--",
    escaped="&%$#_{}",
    spelled={
        **{sign: rf"$\{name}$" for name, sign in GREEK.items()},
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "·": r"$\cdot$",
        "×": r"$\times$",
        "−": "$-$",
    },
    read_as="tex",
    attached=r"\begin{equation}",
)
_MARKDOWN = Format(
    name="markdown",
    macros="markdown",
    title="Markdown",
    endings=(".md", ".markdown"),
    emitter=Latex,
    measure=em_width,
    counted=True,
    hyperlink="[{0}]({1})",
    escaped="\\`*_<>[]|$#",
    read_as="md",
)
_TERMINAL = Format(
    name="text",
    macros="text",
    title="text",
    endings=(),
    emitter=Text,
    measure=len,
    inline="{0}",
    layout=column,
    line=0,
)
_PDF = replace(_TYPST, name="pdf", title="PDF", endings=(".pdf",), finished=_pdf, package="typst")
FORMATS = {row.name: row for row in (_MARKDOWN, _LATEX, _TYPST, _PDF, _TERMINAL)}
"""By name."""
BY_ENDING = {ending: row for row in FORMATS.values() for ending in row.endings}


def endings() -> str:
    """The usual endings with what they mean: ``.md for Markdown, .tex for LaTeX``."""
    return ", ".join(f"{row.endings[0]} for {row.title}" for row in FORMATS.values() if row.endings)


def read_back() -> str:
    """The usual endings of the formats that can be read back: ``.md or .tex``."""
    return " or ".join(row.endings[0] for row in FORMATS.values() if row.read_as)


def format_of(path: Path) -> Format:
    """The format that a file's ending asks for; :class:`InputError` for an unknown one."""
    row = BY_ENDING.get(path.suffix.lower())
    if row is None:
        raise InputError(
            f"{path}: the ending chooses the format; give one of {', '.join(BY_ENDING)}"
        )
    return row
