r"""The network's names as a symbol table: what out_{d_1}, w³_{12} or δ_{c_2} is in this model.

A name is looked up by its *key*: the written name without braces, spaces and fonts
(``out_{d_1}`` → ``out_d_1``, ``w^{2}_{13}`` → ``w_13^2``). The network's own notation comes first;
what it does not know is looked for in the other notations.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from derive.calculus.indices import KINDS
from derive.formula import Delta, Formula, Layer, Letter, Name, Neuron
from derive.formulas.written import Placeholder
from derive.functions import BY_SYMBOL
from derive.model import Model, Role
from derive.notation import naming
from derive.notation.indexed import Indexed
from derive.notation.names import Naming
from derive.suggest import did_you_mean

INDEX_LETTERS = "ijklmnpqrst"
"""Letters that may stand for the number of a neuron."""

_TOTALS = ("E", "E_total", "E_tot", "E_gesamt", "E_ges")
_ALIASES = {
    "log": "ln",
    "sigmoid": "sig",
    "sgm": "sig",
    "ReLU": "relu",
    "Relu": "relu",
    "LeakyReLU": "lrelu",
    "ELU": "elu",
    "SiLU": "silu",
    "GELU": "gelu",
    "Φ": "Phi",
}
_ANY = ("σ", "φ", "f", "g", "φ", "ϕ")
"""Function letters that mean the network's activation."""
_LETTERS = {"η": "eta", "eta": "eta", "α": "eta", "alpha": "eta"}
_PLACEHOLDER = re.compile(r"_?([0-9]*),?_?[xX?•·*]+")


def key_of(written: str) -> str:
    r"""The key of a name as it is typeset or written: ``\delta^{2}_{1}`` → ``δ_1^2``."""
    text = written.replace(r"\delta", "δ").translate(_DROPPED)
    bold = re.fullmatch(r"\\(?:mathbf|boldsymbol)(.*)", text)
    if bold:
        return "bold:" + key_of(bold[1])
    raised = re.fullmatch(r"([^_^]*)\^([^_^]*)_(.*)", text)
    return f"{raised[1]}_{raised[3]}^{raised[2]}" if raised else text


_DROPPED = str.maketrans("", "", "{} ")


class Symbols:
    """The names of one model, in every notation's spelling."""

    def __init__(self, model: Model) -> None:
        self.model = model
        network = model.network
        self._naming = naming(network.notation, network.layers, network.bias)
        self._own = self._table(None)
        self._foreign: dict[str, Formula] | None = None if network.layers else {}
        self.last = len(network.layers) - 1

    # Names.

    def look_up(self, key: str) -> Formula | None:
        """The quantity, δ, vector or matrix with this key; its like with an index letter."""
        if key.startswith("delta"):
            key = "δ" + key.removeprefix("delta")
        found = self._own.get(key) or self._own_loose.get(_loose(key))
        if found is None and (key in _TOTALS):
            return Name(self.model.total)
        if found is None and self._may_have_letter(key):
            found = self._with_letters.get(key) or self._with_letters.get(_loose(key))
        if found is None:
            if self._looks_own(key):
                return None
            if self._foreign is None:
                self._foreign = self._foreign_table()
            found = self._foreign.get(key) or self._foreign.get(_loose(key))
        return found

    def is_foreign(self, key: str) -> bool:
        """Whether a name is only known to another notation."""
        if key in _TOTALS or self._own.get(key) or self._own_loose.get(_loose(key)):
            return False
        return bool(self._foreign and (key in self._foreign or _loose(key) in self._foreign))

    def _looks_own(self, key: str) -> bool:
        """Whether `key` is a weight as this notation counts them, with a number it does not have.

        w_{19} of a 2-4-3-2 network is a slip, not the nineteenth weight of another notation.
        """
        found = re.fullmatch(r"w([0-9]+)", _loose(key))
        return found is not None and len(found[1]) in self._digits

    @cached_property
    def _digits(self) -> frozenset[int]:
        weights = self.model.having(Role.WEIGHT)
        return frozenset(len(_loose(weight.name)) - 1 for weight in weights)

    def is_canonical(self, formula: Formula, key: str) -> bool:
        """Whether a name in LaTeX is spelled as the network's notation typesets it."""
        if isinstance(formula, Name):
            quantity = self.model.quantities[formula.name]
            return key == key_of(quantity.latex) or formula.name == self.model.total
        if isinstance(formula, Delta):
            return key == key_of(self._delta_latex(formula.of))
        return True

    def placeholder(self, stem: str, rest: str, text: str, place: int) -> Formula | None:
        """w_{xx} or w_{3x}: a weight that is left open, or nothing."""
        found = _PLACEHOLDER.fullmatch(rest)
        if stem != "w" or not found:
            return None
        layer = int(found[1]) if found[1] else None
        if layer is not None and not 1 <= layer <= self.last:
            return None
        return Placeholder(text, layer, place)

    def generic(self, stem: str) -> Formula | None:
        """`out` without an index: that of every output neuron."""
        kind = {"out": "out", "output": "out", "net": "net", "target": "target"}.get(stem)
        return Neuron(kind, self.last, "*") if kind else None

    def is_familiar(self, stem: str, index: str) -> bool:
        """Whether the network has names like this one, so that its index must be wrong."""
        return bool(index) and stem in self.stems

    @cached_property
    def stems(self) -> frozenset[str]:
        """What names begin with: out, net, target, E, w, δ and the like."""
        found = {_stem(name) for name in self.model.quantities}
        found.update(_stem(key) for key in self._own if not key.startswith("bold:"))
        return frozenset(found - {""})

    def is_near_miss(self, text: str) -> bool:
        """Whether an unknown name is rather a slip than a name of the author's own.

        It has the index of a neuron, or is a known stem but for capitals.
        """
        plain = re.sub(r"\\[a-zA-Z]+|[{} \\]", "", text)
        stem, _, index = plain.partition("_")
        if stem.lower() in {s.lower() for s in self.stems if len(s) > 1} and stem not in self.stems:
            return True
        return bool(index) and _loose(index) in self._neurons

    @cached_property
    def _neurons(self) -> frozenset[str]:
        """The indices of neurons: d1."""
        names = (q.name.partition("_")[2] for q in self.model.having(Role.NET))
        return frozenset(_loose(name) for name in names if name)

    def suggestion(self, text: str) -> str:
        """A hint at the nearest name of the network, or nothing."""
        plain = re.sub(r"\\[a-zA-Z]+|[{} \\]", "", text)
        if re.match(r"out_d_", plain):
            plain = plain.replace("_d_", "_d")
        plain = re.sub(r"_([a-z])_([0-9])", r"_\1\2", plain)
        return did_you_mean(plain, self.model.quantities)

    # Functions and letters.

    def function(self, name: str) -> str | None:
        """The function of the table that `name` means; σ, φ and f are the network's own."""
        name = _ALIASES.get(name, name)
        if name in BY_SYMBOL:
            return name
        return f"?{name}" if name in _ANY and name not in self._own else None

    def letter(self, name: str) -> Letter | None:
        """η and its like."""
        return Letter(_LETTERS[name]) if name in _LETTERS else None

    # Tables.

    def _table(self, foreign: Naming | None) -> dict[str, Formula]:
        """Keys → formulas, in the network's own notation or in a foreign one."""
        table: dict[str, Formula] = {}
        names = foreign or self._naming
        for quantity in self.model.quantities.values():
            formula = Name(quantity.name)
            kind = KINDS.get(quantity.role)
            if foreign is None or kind is None:
                keys: Iterable[str] = (quantity.name, key_of(quantity.latex))
            else:
                place = (kind, quantity.layer, quantity.index, quantity.source)
                keys = (names.plain(*place), key_of(names.latex(*place)))
            for key in keys:
                table.setdefault(key, formula)
            if quantity.role is Role.NET:
                place = ("delta", quantity.layer, quantity.index, None)
                plain = names.plain("delta", quantity.layer, quantity.index)
                table.setdefault(plain.replace("delta", "δ"), Delta(quantity.name))
                table.setdefault(key_of(names.latex(*place)), Delta(quantity.name))
        for kind, layer in self._vectors():
            table.setdefault(key_of(names.vector(kind, layer)), Layer(kind, layer))
        return table

    def _vectors(self) -> Iterator[tuple[str, int]]:
        network = self.model.network
        for layer in range(len(network.layers)):
            yield "out", layer
            if layer:
                yield from (("net", layer), ("delta", layer), ("weight", layer))
                if network.bias == "neuron":
                    yield "bias", layer
        if network.layers:
            yield "target", len(network.layers) - 1

    @cached_property
    def _own_loose(self) -> dict[str, Formula]:
        return _loosened(self._own)

    def _foreign_table(self) -> dict[str, Formula]:
        network = self.model.network
        table: dict[str, Formula] = {}
        others = [naming(n, network.layers, network.bias) for n in ("letters", "numbered")]
        for foreign in (*others, Indexed(network.layers, network.bias)):
            if type(foreign) is not type(self._naming):
                for key, formula in self._table(foreign).items():
                    table.setdefault(key, formula)
        return {**_loosened(table), **table}

    def _delta_latex(self, net: str) -> str:
        quantity = self.model.quantities[net]
        return self._naming.latex("delta", quantity.layer, quantity.index)

    # Names with an index letter.

    @staticmethod
    def _may_have_letter(key: str) -> bool:
        return "_" in key and any(c in INDEX_LETTERS for c in key[key.index("_") :])

    @cached_property
    def _with_letters(self) -> dict[str, Formula]:
        network = self.model.network
        table: dict[str, Formula] = {}
        for layer in range(len(network.layers)):
            kinds = ["out"] if not layer else ["out", "net", "delta"]
            kinds += ["bias"] if layer and network.bias == "neuron" else []
            kinds += ["target", "error"] if layer == len(network.layers) - 1 else []
            for kind in kinds:
                for letter in INDEX_LETTERS:
                    key = key_of(self._naming.latex(kind, layer, letter))
                    table.setdefault(key, Neuron(kind, layer, letter))
                    table.setdefault(_loose(key), Neuron(kind, layer, letter))
            if layer:
                numbers = [str(n) for n in range(1, 10)]
                for target in [*INDEX_LETTERS, *numbers]:
                    for source in [*INDEX_LETTERS, *numbers]:
                        key = key_of(self._naming.latex("weight", layer, target, source))
                        neuron = Neuron("weight", layer, _index(target), _index(source))
                        table.setdefault(key.replace(r"\to", "→"), neuron)
        return table


def _index(text: str) -> int | str:
    return int(text) if text.isdigit() else text


def _stem(key: str) -> str:
    found = re.match(r"[A-Za-z]+|δ", key)
    return found[0] if found else ""


def _loose(key: str) -> str:
    return key.replace("_", "").replace(",", "")


def _loosened(table: dict[str, Formula]) -> dict[str, Formula]:
    """The same table by loose keys, without those that would mean two things."""
    loose: dict[str, Formula] = {}
    twice: set[str] = set()
    for key, formula in table.items():
        short = _loose(key)
        if loose.setdefault(short, formula) != formula:
            twice.add(short)
    for short in twice:
        del loose[short]
    return loose
