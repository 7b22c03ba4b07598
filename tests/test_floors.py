"""The house has floors: a room imports only rooms below it, and no files import each other.

Every import counts: one inside of a function, one for the type checker alone, one by
``import_module``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = {
    "base": 0,
    "formula": 1,
    "functions": 2,
    "notations": 3,
    "grammar": 4,
    "model": 5,
    "networks": 6,
    "emit": 7,
    "exact": 8,
    "calculus": 9,
    "numeric": 10,
    "checking": 11,
    "notes": 12,
    "render": 13,
    "code": 14,
    "doors": 15,
    "cli": 16,
}
"""The rooms, from the ground up: each may import those with a smaller number, and itself."""
LOOSE = {
    **dict.fromkeys(("errors", "files", "html", "suggest", "tables", "version", "watch"), "base"),
    **dict.fromkeys(("", "facade"), "doors"),
    "__main__": "cli",
}
"""The rooms of the files that stand in no folder; without a name, the package itself."""


class Import(NamedTuple):
    """One file imports another, in this line."""

    importer: str
    line: int
    imported: str


def sources() -> dict[str, str]:
    """The text of every module of the program, by its dotted name."""
    found = {}
    for path in sorted((ROOT / "derive").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path.read_text("utf-8")
    return found


def imports(modules: Mapping[str, str]) -> list[Import]:
    """Every import of one module by another."""
    return [
        Import(name, line, imported)
        for name, text in modules.items()
        for line, imported in _imported(text, frozenset(modules))
        if imported != name
    ]


@cache
def _imported(text: str, modules: frozenset[str]) -> list[tuple[int, str]]:
    """The lines in which a text imports modules, and which."""
    return list(_found(ast.walk(ast.parse(text)), modules))


def _found(nodes: Iterable[ast.AST], modules: frozenset[str]) -> Iterator[tuple[int, str]]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, x.name) for x in node.names if x.name in modules)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports name the whole path"
            for x in node.names:
                names = (f"{node.module}.{x.name}", str(node.module))
                yield from ((node.lineno, name) for name in names[:1] if name in modules)
                if names[0] not in modules and names[1] in modules:
                    yield node.lineno, names[1]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            named = (
                node.args[0].values[0] if isinstance(node.args[0], ast.JoinedStr) else node.args[0]
            )
            if isinstance(named, ast.Constant):
                start = str(named.value)
                yield from ((node.lineno, name) for name in modules if name.startswith(start))


def room(module: str) -> str:
    """The room in which a module stands: its folder, or what the table of loose files says."""
    first, *further = [*module.split(".")[1:], ""]
    if first in LOOSE and further in ([], [""]):
        return LOOSE[first]
    return first


def upward(found: list[Import]) -> list[str]:
    """Every import that leads to a higher floor, with its place."""
    return [
        f"{x.importer}:{x.line} ({room(x.importer)}) imports {x.imported} ({room(x.imported)})"
        for x in found
        if FLOORS[room(x.imported)] > FLOORS[room(x.importer)]
    ]


def circle(found: list[Import]) -> list[str]:
    """The imports by which files lead back to themselves, or from one such circle to another."""
    left = list(found)
    while True:
        importers, imported = {x.importer for x in left}, {x.imported for x in left}
        # What imports nothing that is left, or is imported by nothing that is left, is in no circle.
        inner = [x for x in left if x.imported in importers and x.importer in imported]
        if len(inner) == len(left):
            return [f"{x.importer}:{x.line} imports {x.imported}" for x in left]
        left = inner


def test_every_room_has_a_floor_and_no_two_share_one() -> None:
    """A new folder, or a file that stands in none, has to be put on a floor."""
    assert {room(module) for module in sources()} == FLOORS.keys()
    assert len(set(FLOORS.values())) == len(FLOORS)


def test_a_room_imports_only_rooms_below_it() -> None:
    """No import leads upward, wherever in a file it stands."""
    assert upward(imports(sources())) == []


def test_no_files_import_each_other_in_a_circle() -> None:
    """Neither between rooms nor inside of one."""
    assert circle(imports(sources())) == []


@pytest.mark.parametrize(
    "planted",
    [
        "from derive.calculus.chain import Chain",
        "import derive.calculus.chain",
        "from derive.calculus import chain",
        "def later():\n    from derive.calculus.chain import Chain",
        "if TYPE_CHECKING:\n    from derive.calculus.chain import Chain",
        "import_module('derive.calculus.chain')",
        "importlib.import_module(f'derive.calculus.cha{rest}')",
    ],
)
@pytest.mark.slow
def test_a_planted_upward_import_is_found(planted: str) -> None:
    """In each of the ways in which Python imports, with the file and the line."""
    modules = sources()
    modules["derive.model.facts"] += planted
    line = modules["derive.model.facts"].count("\n") + 1
    assert upward(imports(modules)) == [
        f"derive.model.facts:{line} (model) imports derive.calculus.chain (calculus)"
    ]


def test_a_planted_circle_is_found() -> None:
    """Inside of a room, with every import that is a part of it and none besides."""
    modules = sources()
    modules["derive.exact.ranges"] += "from derive.exact.roots import is_root\n"
    found = circle(imports(modules))
    assert {line.partition(":")[0] for line in found} == {
        "derive.exact.ranges",
        "derive.exact.roots",
    }
    assert len(found) == 2


def asked_for_layers(modules: Mapping[str, str]) -> list[str]:
    """Where the checker asks a network for its layers, with the line."""
    return [
        f"{name}:{node.lineno}"
        for name, text in modules.items()
        if room(name) == "checking"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Attribute)
        and node.attr == "layers"
        and ast.unparse(node.value).rpartition(".")[2] == "network"
    ]


def test_the_checker_never_asks_a_network_for_its_layers() -> None:
    """Of what a model consists, and how many there are, its families say."""
    assert asked_for_layers(sources()) == []


@pytest.mark.parametrize("asked", ["model.network.layers", "len(network.layers)"])
def test_a_planted_question_for_layers_is_found(asked: str) -> None:
    """Of the network itself or of a model's, with the file and the line."""
    modules = sources()
    modules["derive.checking.keys"] += f"LAST = {asked}\n"
    line = modules["derive.checking.keys"].count("\n")
    assert asked_for_layers(modules) == [f"derive.checking.keys:{line}"]
