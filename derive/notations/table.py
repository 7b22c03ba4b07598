r"""Notations as tables: how each kind of quantity is written, ``a^{[l]}_j`` or ``out_{c_j}``.

A table is a TOML file of this folder, or a part of a network's file. What it says of a kind is a
*pattern*, the name of such a quantity with letters for its indices. The letters are the table's
own: that of a neuron, of one in the layer before and of a layer; besides there are the name of a
layer and running numbers of weights (:data:`MARKS`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from derive.errors import InputError
from derive.notations.symbols import ACCENTS, FONTS, KINDS, Symbol
from derive.suggest import did_you_mean, listed
from derive.tables import read_table

FOLDER = Path(__file__).parent
MARKS = {
    "c_j": "neuron",
    "cj": "neuron",
    "c": "name",
    "ln": "number",
    "n": "number",
    "N": "number",
}
"""What stands in patterns besides the table's letters.

``c_j`` is a neuron by its layer's name and its index, ``c`` that name; ``n`` the running number of
a weight in its layer, ``ln`` behind the layer's, ``N`` that through the whole network.
"""
WRITTEN = (*KINDS, "input", "shared", "matrix")
"""The kinds of `[written]`: an input, where it is no output; a bias that its layer shares; the
matrix of a layer's weights."""
LAYERS = ("numbers", "a, b, c", "i, h, o")
_KEYS: dict[str, type] = {
    "about": str,
    "source": str,
    "letters": list,
    "layer": str,
    "last": str,
    "first": int,
    "layers": str,
    "units": str,
    "weights": str,
    "vectors": str,
    "matrices": str,
    "gradient": str,
    "transpose": str,
    "everywhere": bool,
    "activation": list,
    "written": dict,
    "read": dict,
}
_EXPECTED = {
    str: "text in quotes",
    list: "a list of letters",
    int: "0 or 1",
    bool: "true or false",
    dict: "a table",
}
_CHOICES = {
    "layers": LAYERS,
    "units": ("layer", "network"),
    "weights": ("into", "out of"),
    "vectors": ("bold", "plain"),
    "matrices": ("columns", "rows"),
    "gradient": ("", "d", "bar"),
    "transpose": ("behind", "beside"),
}
_WORD = r"(?:\\[A-Za-z]+|[A-Za-z]{1,20})"
_COMMAND = rf"\\(?:{'|'.join((*ACCENTS, *FONTS))})"
_STEM = re.compile(rf"{_COMMAND}\s*\{{(?:{_WORD}|{_COMMAND}\s*\{{{_WORD}\}})\}}|{_WORD}")
_SCRIPT = re.compile(r"([_^])(?:\{([^{}]*)\}|(.))")


@dataclass(frozen=True, slots=True)
class Pattern:
    """How quantities of one kind are written: a symbol, with marks and signs below and above it."""

    symbol: Symbol | None
    below: tuple[str, ...] = ()
    above: tuple[str, ...] = ()

    @property
    def marks(self) -> tuple[str, ...]:
        """Everything above it, then below it: in this order it stands in a plain name."""
        return (*self.above, *self.below)

    def alone(self, letters: tuple[str, str, str]) -> Pattern:
        """The same without the index of a neuron: how all of a layer are written."""

        def without(marks: tuple[str, ...]) -> tuple[str, ...]:
            kept = ["c" if MARKS.get(mark) == "neuron" else mark for mark in marks]
            kept = [mark for mark in kept if mark not in letters[:2]]
            while kept and kept[-1] == ",":
                kept.pop()
            return tuple(kept)

        return Pattern(self.symbol, without(self.below), without(self.above))


@dataclass(frozen=True)
class Notation:
    """One table, checked."""

    name: str
    about: str
    source: str
    letters: tuple[str, str, str]
    """The letters of a neuron, of one in the layer before, and of one in the layer after."""
    layer: str
    """The letter that stands for any layer."""
    last: str
    """The letter of the last layer."""
    first: int
    """The number of the layer of the inputs."""
    layers: str
    """Whether layers have numbers or names."""
    units: str
    """Whether neurons are numbered in each layer or through the whole network."""
    weights: str
    """Whether weights and biases carry the number of the layer they lead into, or out of."""
    vectors: str
    matrices: str
    gradient: str
    """What makes of a name the derivative of the error by it: ``d`` before it, a bar over it."""
    transpose: str
    """Whether the sign of a transpose stands beside the index above: ``a^{[l]T}``."""
    everywhere: bool
    """Whether its names are understood where a network in another notation has none of the kind."""
    activation: tuple[str, ...]
    """Letters that mean the activation of a layer."""
    written: Mapping[str, Pattern] = field(hash=False)
    functions: tuple[tuple[str, str], ...] = ()
    """What functions are called, by their symbols."""
    read: tuple[tuple[str, Pattern], ...] = ()
    """Other names, by their kinds, that are read and not written."""

    @property
    def by_layer(self) -> bool:
        """Whether layers have numbers and no names, so that a rule is written for layer l."""
        return self.layers == "numbers"

    @property
    def running(self) -> bool:
        """Whether weights have running numbers, and no indices of neurons."""
        return any(MARKS.get(mark) == "number" for mark in self.written["weight"].marks)

    @property
    def source_first(self) -> bool:
        """Whether the first of a weight's indices is the neuron that it comes from."""
        marks = self.written["weight"].marks
        return not self.running and marks.index(self.letters[1]) < marks.index(self.letters[0])


def pattern(written: str, letters: set[str], where: str) -> Pattern:
    """A pattern as it stands in a table; `letters` are those that stand for indices.

    Raises :class:`InputError` that begins with `where`.
    """
    if written in ("c_j", "cj"):
        return Pattern(None, (written,))
    found = _STEM.match(written)
    scripts: dict[str, tuple[str, ...]] = {}
    at = found.end() if found else 0
    while found and (script := _SCRIPT.match(written, at)):
        at = script.end()
        content = script[2] if script[2] is not None else script[3]
        scripts[script[1]] = _marks(content, letters, where, written)
    if found is None or at < len(written) or not written:
        raise InputError(
            f"{where}: expected a name like 'a^{{[l]}}_j' or '\\\\hat{{y}}_j', of a letter or a"
            f" word with indices: {written!r}"
        )
    return Pattern(Symbol.of(found[0]), scripts.get("_", ()), scripts.get("^", ()))


def _marks(content: str, letters: set[str], where: str, written: str) -> tuple[str, ...]:
    known = sorted({*MARKS, *letters}, key=len, reverse=True)
    signs = re.compile("|".join(map(re.escape, (*known, *"[](),0"))))
    found = signs.findall(content)
    if "".join(found) != content.replace(" ", ""):
        raise InputError(
            f"{where}: {content!r} of {written!r} is no index; it is made of"
            f" {listed(sorted(letters))}, of brackets, commas and {listed(list(MARKS))}"
        )
    return tuple(found)


def notation_of(name: str, table: Mapping[str, Any], where: str) -> Notation:
    """The notation that a parsed TOML table states; :class:`InputError` names what is wrong.

    With ``like = "ng"`` it is that one with changed entries.
    """
    given = dict(table)
    like = given.pop("like", None)
    if like is not None and like not in names():
        raise InputError(f"{where}like: there is no notation {like!r}{_hint(like, names())}")
    if like is not None:
        base = _raw(like)
        written = {**base["written"], **_table(given, "written", where)}
        read = {**base.get("read", {}), **_table(given, "read", where)}
        given = {**base, "everywhere": False, **given, "written": written, "read": read}
    for key, value in given.items():
        _check_key(key, value, where)
    letters = given.get("letters", ["j", "i", "k"])
    if len(letters) != 3 or not all(isinstance(x, str) and _is_letter(x) for x in letters):
        raise InputError(
            f"{where}letters: expected three letters, of a neuron, of one in the layer before and"
            f" of one in the layer after, like ['j', 'i', 'k']: {letters!r}"
        )
    if letters[0] in letters[1:]:
        raise InputError(
            f"{where}letters: {letters[0]!r} stands for a neuron, and cannot stand for another one"
        )
    layer = given.get("layer", "l")
    written, functions = _patterns(given.get("written", {}), {layer, *letters[:2]}, where)
    extra = _table(given, "read", where)
    others: list[tuple[str, Pattern]] = []
    for kind, texts in extra.items():
        if kind not in (*WRITTEN, "output"):
            raise InputError(f"{where}read: there is no {kind!r}{_hint(kind, WRITTEN)}")
        place = f"{where}read.{kind}"
        for text in texts if isinstance(texts, list) else [texts]:
            found = pattern(_text(text, place), {layer, *letters[:2]}, place)
            others.append((kind, found))
    return Notation(
        name,
        given.get("about", name),
        given.get("source", ""),
        (letters[0], letters[1], letters[2]),
        layer,
        given.get("last", "L"),
        given.get("first", 0),
        given.get("layers", "numbers"),
        given.get("units", "layer"),
        given.get("weights", "into"),
        given.get("vectors", "bold"),
        given.get("matrices", "columns"),
        given.get("gradient", ""),
        given.get("transpose", "behind"),
        given.get("everywhere", False),
        tuple(given.get("activation", ())),
        written,
        functions,
        tuple(others),
    )


def _check_key(key: str, value: Any, where: str) -> None:
    if key not in _KEYS:
        known = ("like", *_KEYS)
        raise InputError(f"{where}{key}: there is no such entry{_hint(key, known)}")
    kind = _KEYS[key]
    fits = type(value) is kind
    if not fits or (kind is int and value not in (0, 1)):
        raise InputError(f"{where}{key}: expected {_EXPECTED[kind]}: {value!r}")
    if key in _CHOICES and value not in _CHOICES[key]:
        raise InputError(f"{where}{key}: there is no {value!r}{_hint(value, _CHOICES[key])}")
    if key in ("layer", "last") and not _is_letter(value):
        raise InputError(f"{where}{key}: expected one letter: {value!r}")


def _patterns(
    table: Mapping[str, Any], letters: set[str], where: str
) -> tuple[dict[str, Pattern], tuple[tuple[str, str], ...]]:
    """The patterns of the kinds, and what functions are called."""
    found: dict[str, Pattern] = {}
    functions = []
    for key, value in table.items():
        place = f"{where}written.{key}"
        text = _text(value, place)
        if key not in WRITTEN:
            functions.append((key, text))
        elif key == "E_total":
            found[key] = Pattern(Symbol.of(text))
        else:
            found[key] = pattern(text, letters, place)
    missing = [kind for kind in KINDS if kind not in found]
    if missing:
        raise InputError(f"{where}written: there is nothing for {listed(missing)}")
    return found, tuple(functions)


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise InputError(f"{where}: expected a name in quotes like 'a^{{[l]}}_j': {value!r}")
    return value


def _table(given: Mapping[str, Any], key: str, where: str) -> dict[str, Any]:
    value = given.get(key, {})
    if not isinstance(value, dict):
        raise InputError(f"{where}{key}: expected a table: {value!r}")
    return value


def _hint(value: str, known: tuple[str, ...]) -> str:
    return f"{did_you_mean(value, known)}; known are {', '.join(filter(None, known))}"


def _is_letter(text: str) -> bool:
    return re.fullmatch("[A-Za-z]", text) is not None


@cache
def names() -> tuple[str, ...]:
    """The notations that come with the program, the first of them being the default."""
    first = ("letters", "numbered", "indexed")
    found = sorted(path.stem for path in FOLDER.glob("*.toml"))
    return (*first, *(name for name in found if name not in first))


@cache
def shipped(name: str) -> Notation:
    """One that comes with the program."""
    return notation_of(name, _raw(name), f"{name}: ")


@cache
def _raw(name: str) -> dict[str, Any]:
    return read_table(FOLDER / f"{name}.toml")


@cache
def everywhere() -> tuple[Notation, ...]:
    """Those whose names are understood beside the network's own."""
    return tuple(found for found in map(shipped, names()) if found.everywhere)
