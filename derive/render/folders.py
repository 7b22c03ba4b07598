"""Where templates are looked for: in folders, each in place of the next."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import jinja2
from jinja2.exceptions import SecurityError

from derive.files import read_text

_NAME = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")


class Folders(jinja2.BaseLoader):
    """Templates by their bare names, from the first of some folders that has them.

    The last folder is the program's own. A name in another that leads out of its folder, by a link,
    is refused.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = tuple(folders)
        self.loaded: set[str] = set()

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        if _NAME.fullmatch(template):
            for folder in self.folders:
                path = folder / template
                if not path.is_symlink() and not path.exists():
                    continue
                if folder != self.folders[-1] and path.resolve().parent != folder.resolve():
                    raise SecurityError(f"{template} leads out of the folder {folder}")
                self.loaded.add(template)
                text, own = read_text(path), self.own(path)
                # The program's own macros are compiled with it, so a change in them is one here.
                mark = f"{{#- {zlib.crc32(own.encode()):08x} -#}}" if own else ""
                return text + mark, str(path), lambda: True
        raise jinja2.TemplateNotFound(template)

    def own(self, path: Path) -> str:
        """The program's template in whose place the one at `path` stands; empty if in none's."""
        own = self.folders[-1] / path.name
        return read_text(own) if path.parent != self.folders[-1] and own.exists() else ""
