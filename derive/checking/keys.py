r"""Keys of names: what is the same however it is written, and tables from keys to quantities.

The *key* of a name is the written name without braces, spaces and fonts, its upper index last
(``out_{d_1}`` → ``out_d_1``, ``w^{2}_{13}`` → ``w_13^2``). Keys that differ in how an index is
joined only (``out_d1``, ``w_3_1``) are folded to one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain, product

from derive.formula import Array, Delta, Formula, Layer, Name, Neuron
from derive.model import KINDS, Model, Role
from derive.notations.free import array
from derive.notations.greek import GREEK
from derive.notations.names import Naming
from derive.notations.symbols import ACCENTS

INDEX_LETTERS = "ijklmnpqrst"
"""Letters that may stand for the number of a neuron."""
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_PARTED = re.compile(r"[A-Za-z]{2,}[_,][A-Za-z]|[A-Za-z][_,][A-Za-z]{2,}")
"""A word of an index with a sign inside: tota_l."""
_DROPPED = str.maketrans("", "", "{} ")
_GREEK_STEM = re.compile(r"(bold:|)([A-Za-z]+)")
_STEM = re.compile(r"[A-Za-z]+|[^\W\d_]")
_ACCENT = re.compile(rf"\\({'|'.join(ACCENTS)})\{{([^{{}}]*)\}}|\\mathcal\{{([^{{}}]*)\}}")
_BRACKETED = re.compile(r"\^[(\[](.*)[)\]]")
_RAISED = re.compile(r"([^_^]*)\^([^_^]*)_(.*)")
_BOLD = re.compile(r"\\(?:mathbf|boldsymbol)(.*)")


@lru_cache(2**14)
def key_of(written: str) -> str:
    r"""The key of a name as it is typeset or written: ``\delta^{2}_{1}`` → ``δ_1^2``."""
    text = _COMMAND.sub(lambda found: GREEK.get(found[1], found[0]), written)
    text = _ACCENT.sub(r"\2\1\3", text).translate(_DROPPED)
    bold = _BOLD.fullmatch(text)
    if bold:
        return "bold:" + key_of(bold[1])
    raised = _RAISED.fullmatch(text)
    text = f"{raised[1]}_{raised[3]}^{raised[2]}" if raised else text
    return _BRACKETED.sub(r"^\1", text)


def with_character(key: str) -> str:
    """A key that begins with the name of a Greek letter, with the letter itself: ``δ_c1``."""
    found = _GREEK_STEM.match(key)
    if found is None or found[2] not in GREEK:
        return key
    return found[1] + GREEK[found[2]] + key[found.end() :]


def stem_of(key: str) -> str:
    """What a key begins with: out, w, δ."""
    found = _STEM.match(key)
    return found[0] if found else ""


def joined(key: str) -> str:
    """A key without the signs between the parts of its index: ``out_d1``, ``w_3_1``."""
    return key.replace("_", "").replace(",", "")


def joined_by_layer(key: str) -> str:
    """The same where the layer is one of several numbers in a name, which must not run together.

    a^1_{11} and a^{11}_1 stay apart; only single digits or letters are joined: ``w2_1_3``,
    ``w2_13``; ``w_1,3^2``, ``w_13^2``.
    """
    key = key.replace(",", "_")
    if "^" in key:
        return re.sub(r"_([0-9A-Za-z])_([0-9A-Za-z])\^", r"_\1\2^", key)
    key = re.sub(r"^([^\W\d_]+)_(?=[0-9])", r"\1", key)
    return re.sub(r"(?<=_)([0-9])_([0-9])$", r"\1\2", key)


@dataclass
class Table:
    """What the keys of names mean in one notation."""

    exact: dict[str, Formula]
    by_layer: bool
    several: dict[str, list[Formula]] = field(default_factory=dict)
    """What a folded key may mean that means more than one thing."""

    def get(self, key: str) -> Formula | None:
        """What has this key, or one that differs in how its index is joined."""
        found = self.exact.get(key)
        if found is not None:
            return found
        found, stem = self._folded.get(self.fold(key), (None, ""))
        begins = key.removeprefix("bold:").partition("^")[0].partition("_")
        # The first underscore ends the stem, or stands between digits: out_d_1, w3_1; not o_ut_d1.
        parted = _PARTED.search(begins[2].partition("^")[0]) is not None
        whole = not begins[1] or begins[0].rstrip("0123456789") == stem
        return found if whole and not parted else None

    def fold(self, key: str) -> str:
        """The key that all spellings of it have in common."""
        return joined_by_layer(key) if self.by_layer else joined(key)

    @cached_property
    def _folded(self) -> dict[str, tuple[Formula, str]]:
        """The same table by folded keys, each with its stem; none that would mean two things."""
        folded: dict[str, tuple[Formula, str]] = {}
        for key, formula in self.exact.items():
            short = self.fold(key)
            stem = stem_of(key.removeprefix("bold:"))
            first = folded.setdefault(short, (formula, stem))[0]
            if first != formula and formula not in self.several.setdefault(short, [first]):
                self.several[short].append(formula)
        for short in self.several:
            del folded[short]
        return folded

    @classmethod
    def of(
        cls, model: Model, names: Naming, taken: Mapping[str, frozenset[str]] | None = None
    ) -> Table:
        """The names of a model as `names` spells them.

        `taken` says what symbols mean already: a name that begins with one of them and means
        something else is left out.
        """
        table: dict[str, Formula] = {}
        spelled = _spelled(model, names)
        if taken is None and names.by_layer:
            spelled = chain(spelled, _not_bold(model, names))
        for kind, key, formula in spelled:
            if taken is None or kind in taken.get(stem_of(key.removeprefix("bold:")), (kind,)):
                table.setdefault(key, formula)
        return cls(table, names.by_layer)


def _spelled(model: Model, names: Naming) -> Iterator[tuple[str, str, Formula]]:
    """Every name of a model as a notation spells it: its kind, its key and what it means."""
    for quantity in model.quantities.values():
        formula = Name(quantity.name)
        kind = KINDS.get(quantity.role) or "E_total"
        if not model.has_neurons or quantity.role is Role.CONSTANT:
            yield kind, with_character(quantity.name), formula
            yield kind, key_of(quantity.latex), formula
            continue
        place = (quantity.layer, quantity.index, quantity.source)
        yield kind, with_character(names.plain(kind, *place)), formula
        yield kind, key_of(names.typeset(kind, *place)), formula
        for written in names.others(kind, *place):
            yield kind, key_of(written), formula
        if quantity.role is Role.NET:
            delta = Delta(quantity.name)
            yield "delta", with_character(names.plain("delta", *place)), delta
            yield "delta", key_of(names.typeset("delta", *place)), delta
    if model.network.arrays is not None:
        for entry in model.network.arrays.entries:
            yield "array", key_of(array(Name(entry), stems=model.network.stems)), Array(Name(entry))
    for kind, layer in _vectors(model):
        yield kind, key_of(names.vector(kind, layer)), Layer(kind, layer)
        for written in names.batches(kind, layer) if kind in ("out", "net", "delta") else ():
            yield "batch", key_of(written), Layer(kind, layer)
        for written in names.other_vectors(kind, layer):
            yield kind, key_of(written), Layer(kind, layer)


def _not_bold(model: Model, names: Naming) -> Iterator[tuple[str, str, Formula]]:
    """Vectors that are not printed bold: a^l, y; and w^l for the matrix.

    Only where it is the network's own notation; elsewhere a^2 is a square.
    """
    for kind, layer in _vectors(model):
        if kind == "mask":
            continue
        stem = names.symbols[kind].stem
        number = names.number(kind, layer)
        yield kind, f"{stem}^{number}" if names.raises(kind) else stem, Layer(kind, layer)


def _vectors(model: Model) -> Iterator[tuple[str, int]]:
    network, sizes = model.network, model.sizes
    for layer in range(len(sizes)):
        yield "out", layer
        if layer:
            yield from (("net", layer), ("delta", layer), ("weight", layer))
            if network.bias == "neuron":
                yield "bias", layer
            if network.missing:
                yield "mask", layer
    if sizes:
        yield "target", len(sizes) - 1


def lettered(model: Model, names: Naming, base: int | None = None) -> dict[str, Formula]:
    """The keys of every quantity with an index letter in the place of its number.

    Where units are numbered through the network, a letter says the layer: j one of layer `base`,
    i of that before, k of that after.
    """
    table: dict[str, Formula] = {}
    fold = joined_by_layer if names.by_layer else joined
    places = () if base is None else (base, base - 1, base + 1)
    layers = dict(zip(names.letters, places, strict=False))
    sizes = model.sizes
    for layer in range(len(sizes)):
        kinds = ["out"] if not layer else ["out", "net", "delta"]
        kinds += ["bias"] if layer and model.network.bias == "neuron" else []
        kinds += ["target", "error"] if layer == len(sizes) - 1 else []
        for kind in kinds:
            for letter in INDEX_LETTERS:
                if layers.get(letter, layer) != layer or (layers and letter not in layers):
                    continue
                written = (names.typeset(kind, layer, letter), *names.others(kind, layer, letter))
                keys = [form(key_of(name)) for name in written for form in (str, fold)]
                keys.append(fold(with_character(names.plain(kind, layer, letter))))
                for key in keys:
                    table.setdefault(key, Neuron(kind, layer, letter))
        if layer:
            _letter_weights(table, names, layer, layers, sizes)
    return table


def _letter_weights(
    table: dict[str, Formula],
    names: Naming,
    layer: int,
    layers: Mapping[str, int],
    sizes: Sequence[int],
) -> None:
    """Put in the weights of a layer with a letter, or one and a number, for their indices.

    Where units are numbered through the network, only units of the two layers have a number there.
    """
    for target, source in product(*(_ends(sizes[at], layers) for at in (layer, layer - 1))):
        places = ((target, layer), (source, layer - 1))
        if layers and not _fits(places, layers):
            continue
        neuron = Neuron("weight", layer, _number(target), _number(source))
        place = (layer, target, source)
        for written in (names.typeset("weight", *place), *names.others("weight", *place)):
            table.setdefault(key_of(written).replace(r"\to", "→"), neuron)
        if not names.table.running:
            key = names.plain("weight", layer, target, source)
            table.setdefault(joined_by_layer(with_character(key)), neuron)


def _ends(size: int, layers: Mapping[str, int]) -> list[int | str]:
    """What may stand for the end of a weight: a letter or a number, which is written as it is.

    Where units are numbered through the network, it is a letter that says the layer, or a unit.
    """
    return [*layers, *range(1, size + 1)] if layers else [*INDEX_LETTERS, *map(str, range(1, 10))]


def _fits(places: Sequence[tuple[int | str, int]], layers: Mapping[str, int]) -> bool:
    """Whether each letter is one for its layer, and at least one of the ends is a letter."""
    letters = [layers[end] == at for end, at in places if isinstance(end, str)]
    return bool(letters) and all(letters)


def _number(end: int | str) -> int | str:
    return int(end) if isinstance(end, str) and end.isdigit() else end
