"""Families of networks in the letters of books: their own w, u, v are the program's alone.

A row of ``usual_letters.toml`` says what an author calls the arrays of a family of networks. The
network is the same; only its arrays have other names.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files

from derive.formula import Formula, Member, transform
from derive.model.families import Family
from derive.networks.equations.system import System
from derive.notations.free import joined_name, split_name

Letters = Mapping[str, str]


@cache
def _rows() -> Mapping[str, Letters]:
    """What each author calls the arrays."""
    path = files("derive.checking").joinpath("usual_letters.toml")
    found: dict[str, Letters] = tomllib.loads(path.read_text(encoding="utf-8"))
    return found


def in_usual_letters(network: object) -> Iterator[tuple[str, System]]:
    """A network of a family by the letters of each author; nothing for one whose names are given.

    An author's letters are those of a network if they name all of its arrays.
    """
    if not isinstance(network, System) or network.arrays is None or network.written:
        return
    stems = {family.key for family in network.instances.families}
    for author, letters in _rows().items():
        # Of outputs that are their own net inputs, they have the letter.
        own = letters if "net_out" in stems else {**letters, "out": letters["net_out"]}
        if stems <= own.keys():
            yield author, _renamed(network, own)


def _renamed(network: System, letters: Letters) -> System:
    """The same network, whose arrays are called by these letters."""

    def rule(node: Formula) -> Formula | None:
        return Member(letters[node.stem], node.indices) if isinstance(node, Member) else None

    def renamed(family: Family) -> Family:
        definition = family.definition and transform(family.definition, rule)
        return replace(family, key=letters[family.key], definition=definition)

    made = network.remade(renamed, lambda name: _name(name, letters))
    return replace(made, letters={f.array: f.letters for f in made.instances.families})


def _name(name: str, letters: Letters) -> str:
    stem, indices = split_name(name)
    return joined_name(letters[stem], indices)
