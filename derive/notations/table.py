r"""Notations as tables: how each kind of quantity is written, ``a^{[l]}_j`` or ``out_{c_j}``.

A table is a TOML file of this folder, or a part of a network's file. What it says of a kind is a
*pattern*, the name of such a quantity with letters for its indices. The letters are the table's
own: that of a neuron, of one in the layer before and of a layer; besides there are the name of a
layer and running numbers of weights (:data:`MARKS`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from derive.errors import InputError
from derive.notations.symbols import ACCENTS, FONTS, KINDS, Symbol
from derive.suggest import did_you_mean, listed
from derive.tables import read_table

FOLDER = Path(__file__).parent
LAYER, INDEX, SOURCE = "layer", "index", "source"
"""The marks that a table's letters are: a layer's number, a neuron, one in the layer before."""
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
_READ = (*WRITTEN, "output")
_ROLES = (SOURCE, INDEX, LAYER)
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
CHOICES = {
    "layers": LAYERS,
    "units": ("layer", "network"),
    "weights": ("into", "out of"),
    "vectors": ("bold", "plain"),
    "matrices": ("columns", "rows"),
    "gradient": ("", "d", "delta", "bar"),
    "transpose": ("behind", "beside"),
}
"""What a table may say of those keys that have a few values."""
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

    def alone(self) -> Pattern:
        """The same without the index of a neuron: how all of a layer are written."""

        def without(marks: tuple[str, ...]) -> tuple[str, ...]:
            kept = ["c" if MARKS.get(mark) == "neuron" else mark for mark in marks]
            kept = [mark for mark in kept if mark not in (INDEX, SOURCE)]
            while kept and kept[-1] == ",":
                kept.pop()
            return tuple(kept)

        return Pattern(self.symbol, without(self.below), without(self.above))


@dataclass(frozen=True)
class Notation:
    """One table, checked."""

    name: str
    written: Mapping[str, Pattern] = field(hash=False)
    about: str = ""
    source: str = ""
    letters: tuple[str, str, str] = ("j", "i", "k")
    """The letters of a neuron, of one in the layer before, and of one in the layer after."""
    layer: str = "l"
    """The letter that stands for any layer."""
    last: str = "L"
    """The letter of the last layer."""
    first: int = 0
    """The number of the layer of the inputs."""
    layers: str = "numbers"
    """Whether layers have numbers or names."""
    units: str = "layer"
    """Whether neurons are numbered in each layer or through the whole network."""
    weights: str = "into"
    """Whether weights and biases carry the number of the layer they lead into, or out of."""
    vectors: str = "bold"
    matrices: str = "columns"
    gradient: str = ""
    """What makes of a name the derivative of the error by it: a d or δ before it, a bar over it."""
    transpose: str = "behind"
    """Whether the sign of a transpose stands beside the index above: ``a^{[l]T}``."""
    everywhere: bool = False
    """Whether its names are understood where a network in another notation has none of the kind."""
    activation: tuple[str, ...] = ()
    """Letters that mean the activation of a layer."""
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
        return not self.running and marks.index(SOURCE) < marks.index(INDEX)

    def entries(self, symbols: Mapping[str, Symbol]) -> list[Pattern]:
        """Weights by the letter of their matrix, W_{jk} for w_{jk}, and the other way round.

        Nothing where that letter is a word, or stands for another kind of quantity.
        """
        symbol = symbols["weight"]
        other = replace(symbol, letter=symbol.letter.swapcase())
        taken = {s.stem for kind, s in symbols.items() if kind != "matrix"}
        usable = self.by_layer and not self.running and len(symbol.letter) == 1
        found = replace(self.written["weight"], symbol=other)
        return [found] if usable and other.stem not in taken else []


def pattern(written: str, letters: Mapping[str, str], where: str) -> Pattern:
    """A pattern as it stands in a table; `letters` says which marks the table's letters are.

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
    if found is None or at < len(written):
        raise InputError(
            f"{where}: expected a name like 'a^{{[l]}}_j' or '\\\\hat{{y}}_j', of a letter or a"
            f" word with indices: {written!r}"
        )
    return Pattern(Symbol.of(found[0]), scripts.get("_", ()), scripts.get("^", ()))


def _marks(content: str, letters: Mapping[str, str], where: str, written: str) -> tuple[str, ...]:
    """The marks of a script; where no letter stands for an index, a word is a part of the name."""
    known = map(re.escape, sorted({*MARKS, *letters}, key=len, reverse=True))
    signs = [*(known if letters else ["[A-Za-z]+"]), r"[\[\](),0-9]"]
    found = re.findall("|".join(signs), content)
    if "".join(found) != content.replace(" ", ""):
        made = "letters, numbers, brackets and commas"
        if letters:
            made = f"{listed(sorted(letters))}, of brackets, commas and {listed(list(MARKS))}"
        raise InputError(f"{where}: {content!r} of {written!r} is no index; it is made of {made}")
    return tuple(letters.get(mark, mark) for mark in found)


def notation_of(name: str, table: Mapping[str, Any], where: str) -> Notation:
    """The notation that a parsed TOML table states; :class:`InputError` names what is wrong.

    With ``like = "ng"`` it is that one with changed entries.
    """
    given = dict(table)
    like = given.pop("like", None)
    if like is not None and like not in names():
        raise InputError(f"{where}like: there is no notation {like!r}{_hint(like, names())}")
    for key, value in given.items():
        _check_key(key, value, where)
    base = shipped(like) if like is not None else Notation(name, {})
    changed = {key: value for key, value in given.items() if key not in ("written", "read")}
    for key in ("letters", "activation"):
        if key in changed:
            changed[key] = tuple(changed[key])
    found = replace(base, **{"name": name, "everywhere": False, **changed})
    _check_letters(found, where)
    found = _with_patterns(found, given, where)
    _check_written(found, where)
    return found


def _with_patterns(notation: Notation, given: Mapping[str, Any], where: str) -> Notation:
    """The notation with the names that its table states, in the letters of the table."""
    letters = dict(zip((*notation.letters[1::-1], notation.layer), _ROLES, strict=True))
    written, functions = dict(notation.written), dict(notation.functions)
    for key, value in given.get("written", {}).items():
        place = f"{where}written.{key}"
        text = _text(value, place)
        if key not in WRITTEN:
            functions[key] = text
        elif key == "E_total":
            written[key] = Pattern(Symbol.of(text))
        else:
            written[key] = pattern(text, letters, place)
    read = [(kind, found) for kind, found in notation.read if kind not in given.get("read", {})]
    for kind, texts in given.get("read", {}).items():
        place = f"{where}read.{kind}"
        if kind not in _READ:
            raise InputError(f"{place}: there is no {kind!r}{_hint(kind, _READ)}")
        several = texts if isinstance(texts, list) else [texts]
        read += [(kind, pattern(_text(text, place), letters, place)) for text in several]
    return replace(notation, written=written, functions=tuple(functions.items()), read=tuple(read))


def _check_letters(notation: Notation, where: str) -> None:
    """There are three index letters, and that of a neuron means nothing else."""
    letters = notation.letters
    if len(letters) != 3 or not all(isinstance(x, str) and _is_letter(x) for x in letters):
        raise InputError(
            f"{where}letters: expected three letters, of a neuron, of one in the layer before and"
            f" of one in the layer after, like ['j', 'i', 'k']: {list(letters)!r}"
        )
    if letters[0] in letters[1:] or notation.layer in letters:
        twice = letters[0] if letters[0] in letters[1:] else notation.layer
        raise InputError(f"{where}letters: {twice!r} cannot stand for two things")


def _check_written(notation: Notation, where: str) -> None:
    """Every kind has names, and no two quantities of it have the same one."""
    missing = [kind for kind in (*KINDS, "matrix") if kind not in notation.written]
    if missing:
        raise InputError(f"{where}written: there is nothing for {listed(missing)}")
    if notation.layers != "numbers":
        return
    for kind in ("out", "net", "delta", "bias", "weight"):
        marks = notation.written[kind].marks
        needed = {} if "N" in marks else {INDEX: notation.letters[0]}
        if kind == "weight" and needed:
            needed[SOURCE] = notation.letters[1]
        if notation.units == "layer" and needed:
            needed[LAYER] = notation.layer
        absent = [letter for mark, letter in needed.items() if mark not in marks]
        if absent:
            raise InputError(
                f"{where}written.{kind}: without {listed(absent)} two quantities would have one"
                " name"
            )


def _check_key(key: str, value: Any, where: str) -> None:
    if key not in _KEYS:
        known = ("like", *_KEYS)
        raise InputError(f"{where}{key}: there is no such entry{_hint(key, known)}")
    kind = _KEYS[key]
    fits = type(value) is kind
    if not fits or (kind is int and value not in (0, 1)):
        raise InputError(f"{where}{key}: expected {_EXPECTED[kind]}: {value!r}")
    if key in CHOICES and value not in CHOICES[key]:
        raise InputError(f"{where}{key}: there is no {value!r}{_hint(value, CHOICES[key])}")
    if key in ("layer", "last") and not _is_letter(value):
        raise InputError(f"{where}{key}: expected one letter: {value!r}")


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise InputError(f"{where}: expected a name in quotes like 'a^{{[l]}}_j': {value!r}")
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
    return notation_of(name, read_table(FOLDER / f"{name}.toml"), f"{name}: ")


@cache
def everywhere() -> tuple[Notation, ...]:
    """Those whose names are understood beside the network's own."""
    return tuple(found for found in map(shipped, names()) if found.everywhere)
