"""Finished notes → text, through Jinja templates: one body, a few macros per format."""

from __future__ import annotations

import re
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jinja2

from derive.emit.emitter import Measure
from derive.emit.latex import Latex
from derive.emit.layout import LINE, Row, block, rows
from derive.emit.measure import em_width
from derive.emit.text import Text
from derive.errors import InputError
from derive.files import exists, is_folder
from derive.formula import Equation, Formula, Name, Neuron
from derive.notes.blocks import Display, Node, Notes
from derive.render.sandbox import Sandbox

FORMATS = {".md": "markdown", ".markdown": "markdown", ".tex": "latex"}
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def format_of(path: Path) -> str:
    """The format that a file's ending asks for; :class:`InputError` for an unknown one."""
    try:
        return FORMATS[path.suffix.lower()]
    except KeyError:
        raise InputError(
            f"{path}: the ending chooses the format; give one of {', '.join(FORMATS)}"
        ) from None


def template_folder() -> Path:
    """Where the templates are: in an installed package, or beside it in a source checkout."""
    package = Path(__file__).parent.parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


def render(notes: Notes, form: str, templates: str | Path | None = None, width: int = 0) -> str:
    """The document in a format: ``markdown``, ``latex`` or ``text`` (`width` columns).

    Templates in the folder `templates` take precedence. An error in one is an
    :class:`InputError` that names its file and line.
    """
    folders = folders_of(templates)
    environment = _environment(folders, notes, form, width)
    return _tidy(filled(environment, folders, "notes.jinja", notes=notes, form=form))


def folders_of(templates: str | Path | None) -> list[Path]:
    """Where templates are looked for: in the user's folder, if there is one, then in the program's.

    Raises :class:`InputError` when `templates` is no folder.
    """
    if templates is None:
        return [template_folder()]
    overlay = Path(templates)
    if not is_folder(overlay):
        raise InputError(
            f"templates: {overlay} is not a folder; make one with 'derive templates export DIR'"
        )
    return [overlay, template_folder()]


def filled(environment: Sandbox, folders: Sequence[Path], template: str, **facts: Any) -> str:
    """The text that a template makes of `facts`.

    Whatever goes wrong in a template is an :class:`InputError` that names its file and line.
    """
    try:
        return environment.get_template(template).render(**facts)
    except jinja2.TemplateSyntaxError as error:
        raise InputError(f"{error.filename}:{error.lineno}: {error.message}") from error
    except jinja2.TemplateNotFound as error:
        missing = f"{error.name} is missing in {folders[0]}"
        raise InputError(_place(error, folders, template) + missing) from error
    except RecursionError as error:
        raise InputError(f"{_place(error, folders, template)}nested too deeply") from error
    except Exception as error:
        raise InputError(f"{_place(error, folders, template)}{error}") from error


def _place(error: Exception, folders: Sequence[Path], template: str) -> str:
    """``file:line: `` of the innermost template in the traceback of `error`.

    Where none of its lines has been reached, the file of `template`.
    """
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if Path(frame.filename).parent in folders:
            return f"{frame.filename}:{frame.lineno}: "
    return f"{next((f for f in folders if exists(f / template)), folders[0]) / template}: "


def _tidy(text: str) -> str:
    """No trailing blanks, no runs of empty lines, one newline at the end."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    lines = re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"
    # A display belongs to the paragraph before it, or TeX may turn the page between the two.
    return re.sub(r"\n+(\\begin\{equation\})", r"\n\1", lines)


def _environment(folders: Sequence[Path], notes: Notes, form: str, width: int) -> Sandbox:
    model = notes.model
    environment = Sandbox(folders, sum(len(section.blocks) for section in notes.sections))
    emitter: Latex | Text = Text(model) if form == "text" else Latex(model)
    measure: Measure = (lambda text: float(len(text))) if form == "text" else em_width
    limit = float(width) if form == "text" else LINE

    def inline(value: Formula | Equation | str) -> str:
        """Mathematics within a sentence."""
        if isinstance(value, jinja2.Undefined):
            str(value)  # raises, and says what is missing
        if isinstance(value, str):
            text = value
        elif isinstance(value, Equation):
            text = emitter.chain(value)
        else:
            text = emitter.inline(value)
        return text if form == "text" else f"${text}$"

    def laid_out(display: Display) -> list[list[Row]]:
        if form == "text":
            return [[row] for e in display.equations for row in rows(e, emitter, measure, limit)]
        return block(display.equations, emitter, measure, limit)

    def cell(value: Formula | str) -> str:
        if not isinstance(value, str):
            return inline(value)
        numeric = re.fullmatch(r"-?\d[\d.]*( \\cdot 10\^\{-?\d+\})?", value)
        return f"${value}$" if numeric and form != "text" else value

    def listed(values: Sequence[Any], last: str = "and") -> str:
        """a, b and c."""
        shown = [inline(value) for value in values]
        if len(shown) > 9:
            shown = [*shown[:3], "…", shown[-1]]
            return ", ".join(shown)
        return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {last} {shown[-1]}"

    environment.globals.update(
        m=inline,
        delta=_delta(emitter, form),
        laid_out=laid_out,
        cell=cell,
        listed=listed,
        form=form,
        numbers={
            block.label: block.number
            for section in notes.sections
            for block in section.blocks
            if isinstance(block, Display)
        },
        bare=lambda text: re.sub(r"[$\\{}_^]", "", text),
        width=width,
        text_of=Text(model).inline,
        text_block=_text_block,
        plain=lambda node: _plain(node, Text(model)),
        refs=lambda labels, ref: _joined([ref(label) for label in labels]),
    )
    environment.filters["number_word"] = _words_for
    environment.filters["sentence"] = lambda text: " ".join(text.split())
    return environment


def _delta(emitter: Latex | Text, form: str) -> str:
    """The sign of δ within a sentence."""
    symbol = emitter.naming.symbols["delta"]
    return symbol.character if form == "text" else f"${symbol.latex}$"


def _text_block(number: int, lines: Sequence[Sequence[Row]]) -> str:
    """A display in the terminal: its number before it, its equals signs below each other."""
    flat = [row for line in lines for row in line]
    head = f"({number})".ljust(6)
    widest = max(len(row.left) for row in flat)
    shown = []
    for place, row in enumerate(flat):
        start = head if place == 0 else " " * len(head)
        left = row.left.ljust(widest) + (" " if widest else "")
        shown.append(f"{start}{left}{'    ' * row.indent}{row.right.strip()}")
    return "\n".join(shown)


def _joined(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"


def _plain(node: Node, text: Text) -> str:
    """A neuron's label without mathematics: c₁."""
    if node.label is None:
        return "…"
    if isinstance(node.label, Neuron):
        return text.naming.label(node.label.layer, int(node.label.index))
    if isinstance(node.label, Name):
        stem, _, index = text.inline(node.label).partition("_")
        if index.replace("_", "").isdigit():
            return stem + index.replace("_", ",").translate(_SUBSCRIPTS)
        return f"{stem} {index}".strip() if index else stem
    return text.inline(node.label).replace("_", ".").translate(_SUBSCRIPTS)


def _words_for(number: int) -> str:
    """Small numbers in words: three."""
    small = [
        "no",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ]
    return small[number] if 0 <= number < len(small) else f"{number:,}"
