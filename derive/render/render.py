"""Finished notes → text, through Jinja templates: one body, a few macros per format."""

from __future__ import annotations

import html
import re
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2

from derive.emit.colours import COLOURS
from derive.emit.eliding import MOST_TERMS
from derive.emit.emitter import Emitter
from derive.emit.latex import Latex
from derive.emit.layout import Row
from derive.emit.runs import Run, runs
from derive.emit.text import Text
from derive.errors import InputError
from derive.files import MARK, exists, is_folder, marked
from derive.formula import ONES, Equation, Formula, Name
from derive.networks.layered import DECAY
from derive.notes.blocks import Box, Display, Notes
from derive.render.columns import halved, missing
from derive.render.formats import FORMATS, Format
from derive.render.pictures import Pictures
from derive.render.sandbox import OWN_LINES, Sandbox
from derive.suggest import listed as phrase

README = "https://pypi.org/project/derive-backprop/"
"""Where the README is shown, which says at length what a document says in brief."""
_LOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def template_folder() -> Path:
    """Where the templates are: in an installed package, or beside it in a source checkout."""
    package = Path(__file__).parent.parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


def render(
    notes: Notes,
    form: str,
    templates: str | Path | None = None,
    width: int = 0,
    pictures: Pictures | None = None,
    front: Mapping[str, str | None] | None = None,
    about: str = "",
) -> str:
    """The document in a format of :data:`~derive.render.formats.FORMATS`, by its name.

    `width` counts the columns of a format whose lines have no width of their own. `pictures` takes
    those that are files beside the document; without it they are part of the text. Templates in the
    folder `templates` take precedence, macro by macro. An error in one is an :class:`InputError`
    that names its file and line. The first line says what the document is `about`.
    """
    folders = folders_of(templates)
    row = FORMATS[form]
    environment = _environment(folders, notes, row, width)
    if front is not None:
        environment.globals["front"] = notes.network.front.but(**front)
    environment.globals["marked"] = marked(about)
    if pictures is not None:
        environment.globals["link"] = pictures.link
    return _tidy(filled(environment, folders, "notes.jinja", notes=notes, form=row.macros), row)


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
        text = environment.get_template(template).render(**facts)
    except jinja2.TemplateSyntaxError as error:
        raise InputError(f"{error.filename}:{error.lineno}: {error.message}") from error
    except jinja2.TemplateNotFound as error:
        missing = f"{error.name} is missing in {folders[0]}"
        raise InputError(_place(error, folders, template) + missing) from error
    except RecursionError as error:
        raise InputError(f"{_place(error, folders, template)}nested too deeply") from error
    except Exception as error:
        raise InputError(f"{_place(error, folders, template)}{error}") from error
    environment.refuse_unknown()
    return text


def _place(error: Exception, folders: Sequence[Path], template: str) -> str:
    """``file:line: `` of the innermost template in the traceback of `error`.

    Where none of its lines has been reached, the file of `template`.
    """
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path, line = Path(frame.filename), frame.lineno or 0
        if path.parent in folders:
            if line > OWN_LINES:
                path, line = folders[-1] / path.name, line - OWN_LINES
            return f"{path}:{line}: "
    return f"{next((f for f in folders if exists(f / template)), folders[0]) / template}: "


def _tidy(text: str, row: Format) -> str:
    """No trailing blanks, no runs of empty lines, one newline at the end."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    lines = re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"
    return re.sub(rf"\n+({re.escape(row.attached)})", r"\n\1", lines) if row.attached else lines


def _environment(folders: Sequence[Path], notes: Notes, form: Format, width: int) -> Sandbox:
    model = notes.model
    environment = Sandbox(folders, sum(len(section.blocks) for section in notes.sections))
    emitter, plain, small = form.emitter(model), Text(model), Latex(model)
    emitter.most_terms = MOST_TERMS
    table = emitter.naming.table

    def text_of(value: Formula | Equation | str) -> str:
        """Mathematics as plain text."""
        return value if isinstance(value, str) else _written(plain, value)

    def inline(value: Formula | Equation | str) -> str:
        """Mathematics within a sentence; a text is such as all formats write it."""
        if isinstance(value, jinja2.Undefined):
            str(value)  # raises, and says what is missing
        text = value if isinstance(value, str) else _written(emitter, value)
        return form.within(text, lambda: text_of(value))

    def cell(value: Formula | str) -> str:
        """What stands in a table: words and counts as they are, formulas as formulas."""
        return form.literal(value) if isinstance(value, str) else inline(value)

    def laid_out(display: Display) -> list[list[Row]]:
        """The lines of a display, some factors in the colours of the ways that they lie on."""
        emitter.tints = display.tints
        line = form.line or float(width)
        lines = form.layout(display.equations, emitter, form.measure, line, display.columns)
        emitter.tints = {}
        return lines

    def listed(values: Sequence[Any], last: str = "and") -> str:
        """a, b and c."""
        shown = [inline(value) for value in values]
        if len(shown) > 9:
            return ", ".join([*shown[:3], "…", shown[-1]])
        return phrase(shown, last)

    numbers = {
        block.label: block.number
        for section in notes.sections
        for block in section.blocks
        if isinstance(block, Display)
    }
    delta = inline(emitter.naming.symbols["delta"].typeset(emitter.pen))
    environment.globals.update(
        m=inline,
        delta=delta,
        signed={"delta": delta, "adjoint": inline(emitter.partial_sign.strip())},
        any_layer=table.layer,
        last_layer=table.last,
        first_layer=table.first,
        decay=Name(DECAY),
        hadamard=emitter.hadamard,
        ones=emitter.inline(ONES),
        about=emitter.about,
        power=emitter.power,
        command=emitter.pen.command,
        sign=emitter.function,
        dash=form.dash,
        laid_out=laid_out,
        colours=COLOURS,
        front=notes.network.front,
        link=Pictures().link,
        runs=lambda value, kind="": _runs(small, value, kind),
        cell=cell,
        missing=missing,
        halved=halved,
        literal=form.literal,
        listed=listed,
        form=form.macros,
        mark=MARK,
        marked=MARK,
        readme=form.hyperlink.format("README", README),
        counted=form.counted,
        numbers=numbers,
        bare=lambda text: re.sub(r"[$\\{}_^%#&~]", "", text),
        width=width,
        text_of=text_of,
        text_block=_text_block,
        plain=lambda value: _plain(small, value),
        refs=lambda labels, ref: _references(labels, numbers, ref),
    )
    environment.filters["number_word"] = _words_for
    environment.filters["sentence"] = lambda text: " ".join(text.split())
    return environment


def _references(
    labels: Iterable[str], numbers: Mapping[str, int], ref: Callable[[str], str]
) -> str:
    """References to displays in the order of their numbers; where they run on, (3) to (5)."""
    runs: list[list[str]] = []
    for label in sorted(set(labels), key=numbers.__getitem__):
        if runs and numbers[label] == numbers[runs[-1][-1]] + 1:
            runs[-1].append(label)
        else:
            runs.append([label])
    parts = [
        part
        for run in runs
        for part in ([f"{ref(run[0])} to {ref(run[-1])}"] if len(run) > 2 else map(ref, run))
    ]
    return phrase(parts)


def _written(emitter: Emitter, value: Formula | Equation) -> str:
    return emitter.chain(value) if isinstance(value, Equation) else emitter.inline(value)


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


_BLANK = Run(" ", 1.0, 0.0, italic=False)


def _runs(emitter: Latex, value: Formula | Equation | str, kind: str = "") -> list[Run]:
    """What stands in a picture as letters of some sizes at some heights; words as they are."""
    if isinstance(value, str) and kind != "slope":
        return [Run(html.escape(value), 1.0, 0.0, italic=False)]
    found = emitter.function(value, 1) if isinstance(value, str) else _written(emitter, value)
    signs = {"delta": emitter.naming.symbols["delta"].typeset(emitter.pen), "adjoint": "∂"}
    return [*runs(signs[kind]), _BLANK, *runs(found)] if kind in signs else runs(found)


def _plain(emitter: Latex, box: Box) -> str:
    """What stands in a node, without mathematics: c₁ (0.5, δ 0.1)."""
    if box.label is None:
        return "…"
    name, *rows = (
        "".join(run.text.translate(_LOW) if run.rise < 0 else run.text for run in parts)
        for parts in (
            _runs(emitter, box.label),
            *(_runs(emitter, row.says, row.kind) for row in box.rows if row.kind != "slope"),
        )
    )
    return re.sub(r'[][\\"`$*<>{}|#]', "", f"{name} ({', '.join(rows)})" if rows else name)


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
