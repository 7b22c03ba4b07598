r"""A document from its first word to its last: its formulas as they are meant where they stand.

On the way the definitions of macros are taken in, files that the document takes in are gone through
at their place, and directives switch formulas off, or bind those that follow to another network.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from derive.checking.documents import FINDERS
from derive.checking.documents.counters import Counters
from derive.checking.documents.delimiters import OPENING
from derive.checking.documents.directives import (
    Directive,
    Misspelt,
    checked,
    directives,
    front_matter,
)
from derive.checking.documents.items import Found, Input, Item, Page
from derive.checking.documents.latex import find_latex
from derive.checking.documents.markdown import cells_of, find_markdown
from derive.checking.kinds import KINDS
from derive.errors import InputError
from derive.files import exists, read_text
from derive.grammar.expanding import Expanded, expanded
from derive.grammar.macros import Macros, read_definitions
from derive.grammar.signs import ROW

MOST_FILES = 1_000
"""Files that one document takes in."""
MOST_DEEP = 40
"""Files that are taken in by each other."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a document says of its network or notation, and the folder to which it is relative."""

    value: str
    folder: Path


@dataclass(frozen=True, slots=True)
class Met:
    """A formula where it stands in its document: as it is read, and what holds there."""

    found: Found
    read: Expanded
    source: str | None
    settings: Mapping[str, Setting]
    case: str = ""
    """For which indices it is said to hold, or ``?`` where the words beside it may say so."""

    @property
    def plain(self) -> Found:
        """The formula as it is read, with its macros put in."""
        return replace(self.found, text=self.read.text)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a document itself: the text there, its place, and what to say."""

    text: str
    line: int
    column: int
    message: str
    source: str | None
    settings: Mapping[str, Setting]


@dataclass
class Walk:
    """The state of one pass through a document; `settings` hold where it says nothing else."""

    settings: dict[str, Setting] = field(default_factory=dict)
    macros: Macros = field(default_factory=Macros)
    counters: Counters = field(default_factory=Counters)
    on: bool = True
    open: list[Path] = field(default_factory=list)
    files: int = 0

    def define(self, path: Path) -> None:
        """Take in the definitions of a file of macros. Raises :class:`InputError`."""
        self._define(find_latex(read_text(path)).text, path)

    def _define(self, text: str, path: Path) -> None:
        package = path.suffix in (".sty", ".cls")
        read_definitions(self.macros, text, 0, len(text), package=package)

    def document(self, text: str, kind: str, source: str | None) -> Iterator[Met | Trouble]:
        """All that stands in a document of a `kind`, whose file is `source` if it has one.

        Raises :class:`InputError` for a notebook that is none, an unknown kind, and a directive
        that is none.
        """
        if kind not in KINDS:
            raise InputError(f"{kind!r} is no kind of document; known are {', '.join(KINDS)}")
        self.macros.grouped = kind == "tex"
        path = Path(source) if source else Path("-")
        self.open.append(path.resolve())
        if kind == "ipynb":
            cells, metadata = cells_of(text)
            own = metadata.get("derive", {})
            self._set(checked(own if isinstance(own, dict) else {}, "metadata: derive"), path)
            for number, cell in cells:
                yield from self._page(find_markdown(cell), path, source, number)
        elif kind == "tex":
            yield from self._page(find_latex(text, self.counters), path, source)
        else:
            self._set(front_matter(text) if kind == "md" else {}, path)
            yield from self._page(FINDERS[kind](text), path, source)
        self.open.pop()

    def _set(self, settings: Mapping[str, str], path: Path) -> None:
        """Take what a document says in `path`; what was said of another network is over."""
        kept = self.settings
        if "network" in settings:
            kept = {name: one for name, one in kept.items() if name == "notation"}
        self.settings = kept | {
            name: Setting(value, path.parent) for name, value in settings.items()
        }

    def _page(
        self, page: Page, path: Path, source: str | None, cell: int | None = None
    ) -> Iterator[Met | Trouble]:
        """What stands in one text."""
        try:
            said = directives(page.comments)[::-1]
        except Misspelt as error:
            where = f"cell {cell}, line" if cell else "line"
            raise InputError(f"{where} {page.place(error.at)[0]}: {error}") from error
        at, ignored, whole = 0, False, False
        for item in page.items:
            start = item.start if isinstance(item, Input) else item.outer
            # What is to be left out before a display is all of its rows.
            goes_on = at > 0 and _ROW.fullmatch(page.text, at, start) is not None
            ignored = self._prose(page, at, start, path, said) or ignored or (whole and goes_on)
            whole = ignored
            if isinstance(item, Input):
                yield from self._input(item, page, path, source)
                at = item.end
                continue
            behind = _line_behind(page, item)
            ignored = self._prose(page, start, start, path, said, behind) or ignored
            at = item.after
            found = page.found(item)
            read = expanded(found.text, self.macros) if found else None
            if found is None or read is None or not read.text.strip():
                continue
            if self.on and not ignored:
                yield Met(replace(found, cell=cell), read, source, self.settings)
            ignored = False
        self._prose(page, at, len(page.text), path, said)

    def _prose(
        self, page: Page, start: int, end: int, path: Path, said: list[Directive], until: int = -1
    ) -> bool:
        """Take in a stretch without formulas; whether the next formula is to be left out.

        Directives are taken up to its end, or `until` where a formula stands behind it.
        """
        package = path.suffix in (".sty", ".cls")
        read_definitions(self.macros, page.text, start, end, package=package)
        ignored = False
        while said and said[-1].start < max(end, until):
            if until >= 0 and "ignore" not in said[-1].switches:
                break
            directive = said.pop()
            self._set(directive.settings, path)
            for switch in directive.switches:
                ignored = ignored or switch == "ignore"
                self.on = {"off": False, "on": True}.get(switch, self.on)
        return ignored

    def _input(
        self, item: Input, page: Page, path: Path, source: str | None
    ) -> Iterator[Met | Trouble]:
        """What stands in a file that a document takes in; trouble where it is none to be had."""
        if "#" in item.name or "\\" in item.name:
            return  # in the body of a macro, or the name is one
        try:
            place, content = self._taken_in(path.parent, item.name)
        except InputError as error:
            if not item.wanted:
                return
            line, column = page.place(item.start)
            text = page.text[item.start : item.end]
            yield Trouble(text, line, column, str(error), source, self.settings)
            return
        self.files += 1
        self.open.append(place.resolve())
        try:
            taken = find_latex(content, self.counters)
            if item.defines:
                self._define(taken.text, place)
                for inner in taken.items:
                    if isinstance(inner, Input):
                        own = replace(inner, defines=True)
                        yield from self._input(own, taken, place, str(place))
            else:
                yield from self._page(taken, place, str(place))
        except InputError as error:
            raise InputError(f"{place}: {error}") from error
        self.open.pop()

    def _taken_in(self, folder: Path, name: str) -> tuple[Path, str]:
        """The path and the text of a file by its name; :class:`InputError` if there is none."""
        # TeX looks beside the main file, authors mean the file that they write.
        folders = dict.fromkeys((folder, *(path.parent for path in self.open[:1])))
        paths = [home / file for home in folders for file in (name, f"{name}.tex")]
        place = next((path for path in paths if exists(str(path)) and path.is_file()), None)
        if place is None:
            raise InputError(
                f"there is no file {paths[0]} and no {paths[1]}; what it says is not checked"
            )
        if place.resolve() in self.open:
            raise InputError(f"{place} takes itself in, again and again")
        if self.files >= MOST_FILES or len(self.open) > MOST_DEEP:
            raise InputError(
                f"more than {MOST_FILES:,} files, or {MOST_DEEP} deep, are not taken in"
            )
        return place, read_text(place)


_ROW = re.compile(ROW)
_NEXT = re.compile(rf"\n|:math:|<math|{OPENING}")


def _line_behind(page: Page, item: Item) -> int:
    """Where the line ends on which a formula ends, or the next one begins on it.

    A comment before that is about this formula.
    """
    end = _NEXT.search(page.text, item.after)
    return end.start() if end else len(page.text) + 1


def walked(
    text: str,
    kind: str,
    source: str | None,
    macros: Sequence[str | Path] = (),
    settings: Mapping[str, Setting] | None = None,
) -> list[Met | Trouble]:
    """All formulas of a document and its files, with the macros of other files known before."""
    walk = Walk(dict(settings or {}))
    for path in macros:
        walk.define(Path(path))
    return list(walk.document(text, kind, source))
