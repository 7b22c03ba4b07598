"""Directives: what an author's comments, front matter and pyproject.toml say to the checker.

``derive: off`` and ``derive: on`` leave out what stands between them, ``derive: ignore`` the
formula beside the comment or the next one; ``network=NAME`` and ``notation=NAME`` hold from there
on, as do the other options of a network that is named so, and the seed of its numbers. What the
program writes says so in its first line, which counts where nobody says anything else.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from derive.checking.documents.items import Comment
from derive.errors import InputError
from derive.files import about, exists, read_text
from derive.networks.sources import OPTIONS, SEED
from derive.suggest import did_you_mean, listed

SWITCHES = ("off", "on", "ignore")
SETTINGS = ("network", *OPTIONS, SEED)
_KNOWN = (*SWITCHES, *(f"{name}={'NUMBER' if name == SEED else 'NAME'}" for name in SETTINGS))
_DIRECTIVE = re.compile(r"\s*derive\s*:(?P<words>.*)", re.DOTALL)
_WORD = re.compile(r"(?P<name>[\w-]+)\s*=\s*(?:\"(?P<quoted>[^\"]*)\"|(?P<bare>[^\s,\"]+))|[^\s,]+")


@dataclass(frozen=True, slots=True)
class Directive:
    """One comment to the checker: switches, and settings with their values; it ends at `end`."""

    switches: tuple[str, ...]
    settings: Mapping[str, str]
    start: int
    end: int


def directives(comments: Iterable[Comment]) -> list[Directive]:
    """The directives among comments. Raises :class:`InputError` for one that is none."""
    found = []
    for comment in comments:
        match = _DIRECTIVE.fullmatch(comment.text)
        if match is None:
            continue
        switches: list[str] = []
        settings: dict[str, str] = {}
        for word in _WORD.finditer(match["words"]):
            if word["name"] in SETTINGS:
                settings[word["name"]] = _value(word)
            elif word[0] in SWITCHES:
                switches.append(word[0])
            else:
                raise _Misspelt(_unknown(word["name"] or word[0]), comment.start)
        if not switches and not settings:
            raise _Misspelt(_unknown(""), comment.start)
        found.append(Directive(tuple(switches), settings, comment.start, comment.end))
    return found


def _value(word: re.Match[str]) -> str:
    return word["quoted"] or word["bare"] or ""


def written_for(text: str) -> dict[str, str]:
    """The settings of a document that the program wrote, by its first line."""
    words = _WORD.finditer(about(text))
    return {word["name"]: _value(word) for word in words if word["name"] in SETTINGS}


class _Misspelt(InputError):
    """A directive that is none, and where it stands."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


Misspelt = _Misspelt


def _unknown(word: str) -> str:
    near = did_you_mean(word, (*SWITCHES, *SETTINGS)) if word else ""
    said = f"{word!r} is no directive of derive{near}" if word else "this directive says nothing"
    return f"{said}; there are {listed(_KNOWN)}"


_FRONT = re.compile(
    r"\ufeff?---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*\r?$", re.DOTALL | re.MULTILINE
)
_KEY = re.compile(
    r"^derive[ \t]*:[ \t]*(?:\{(?P<flow>[^{}]*)\}|(?P<block>\r?\n(?:[ \t]+[^\n]*(?:\n|\Z))+))",
    re.MULTILINE,
)
_ENTRY = re.compile(
    r"[\"']?(?P<key>[\w-]+)[\"']?[ \t]*:[ \t]*[\"']?(?P<value>[^\"'\n,]*?)[\"']?"
    r"[ \t]*(?:,|\r?\n|\Z)"
)


def front_matter(text: str) -> dict[str, str]:
    """The settings under ``derive`` in the metadata at the head of a document."""
    front = _FRONT.match(text)
    key = _KEY.search(front[1]) if front else None
    if key is None:
        return {}
    entries = _ENTRY.finditer(key["flow"] or key["block"] or "")
    return checked({entry["key"]: entry["value"] for entry in entries}, "derive")


def checked(table: Mapping[str, Any], where: str) -> dict[str, str]:
    """A table of settings. Raises :class:`InputError` for an unknown one, or for no text."""
    for name, value in table.items():
        if name not in SETTINGS:
            known = f"{did_you_mean(name, SETTINGS)}; there are {listed(SETTINGS)}"
            raise InputError(f"{where}: {name!r} is no setting of a document{known}")
        of_seed = name == SEED and isinstance(value, int)
        if not of_seed and (not isinstance(value, str) or not value):
            raise InputError(f"{where}: {name} is {value!r}; write the name of a {name}")
    return {name: str(value) for name, value in table.items()}


def project_settings(path: Path) -> tuple[dict[str, str], Path]:
    """The settings for a file in ``[tool.derive]`` of the nearest pyproject.toml, and its folder.

    ``network`` and ``notation`` are for all documents below it; a table ``[tool.derive.files]``
    gives those of the first pattern that a file's path fits: ``"lstm/*.md" = "lstm"``.
    """
    folder = path.resolve().parent
    for home in (folder, *folder.parents):
        project = home / "pyproject.toml"
        if exists(str(project)):
            break
    else:
        return {}, folder
    try:
        table = tomllib.loads(read_text(project)).get("tool", {}).get("derive", {})
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{project}: this is no TOML: {error}") from error
    where = f"{project}: [tool.derive]"
    table = dict(table)
    patterns = table.pop("files", {})
    settings = checked(table, where)
    name = path.resolve().relative_to(home).as_posix()
    for pattern, given in patterns.items():
        if fnmatch(name, pattern):
            own = {"network": given} if isinstance(given, str) else given
            return settings | checked(own, f"{where} files, {pattern!r}"), home
    return settings, home
