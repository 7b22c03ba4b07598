"""Letters that stand for layers: the l of a^l_j and the L of δ^L, in upper or lower indices."""

from __future__ import annotations

import re
from functools import cached_property

from derive.formula import Array, Formula, Layer, Name
from derive.grammar.protocols import SymbolTable
from derive.notations.names import Naming
from derive.notations.table import LAYER

_OF_EXAMPLE = re.compile(r"(\[[^\]]+\])?\(([a-z])\)")
WHOSE = ("_x", "_d", "_0")
"""What says whose error it is, that of example x or d; where there is one output, _0 does, too."""
_OF_EXAMPLES = "ijdmnpqs"
"""Letters that number examples, and neither steps nor layers."""
_CAPITALS = ("A", "Z", "X", "Y")
_OF_PARAMETERS = ("W,b", "w,b", "θ", "Θ", "W", "w")
_LEVEL = re.compile(r"[(\[]?(?:([0-9]+)|([A-Za-z]|n_l)([+-][0-9]+)?)[)\]]?")
_COUNT = "n_l"
"""The number of layers, which is the last one's, in any notation that numbers them."""


RAISED = re.compile(
    r"([A-Za-z]+)\}*(?:_\s*(?:\{([^{}]*)\}|([A-Za-z0-9])))?\s*\^\s*\{\s*\(\s*([a-z])\s*\)\s*\}"
)
"""A name with the number of an example above it, and perhaps its own index below."""


def numbered(above: str) -> str:
    """The letter of an example that stands above a name, (i); nothing for a step or a layer."""
    found = _OF_EXAMPLE.fullmatch(above)
    return found[2] if found and not found[1] and found[2] in _OF_EXAMPLES else ""


class LayerLetters(SymbolTable):
    """What the letters for layers mean in the names of one network.

    `layer` is the number that the letter for any layer stands for, where there is one; `last`
    counts the layers after the inputs.
    """

    def __init__(self, names: Naming) -> None:
        self._naming = names
        self.by_layer = names.by_layer
        self.layers = (names.table.layer, names.table.last)
        self.layer: int | None = None
        self.last = names.last

    @property
    def weights(self) -> str:
        return self._naming.symbols["weight"].stem if self.by_layer else ""

    def level(self, upper: str) -> str:
        """The number of the layer that an upper index names: 3, (3), l, l+1 or L; or nothing."""
        found = _LEVEL.fullmatch(upper)
        if found is None:
            return ""
        if found[1]:
            return found[1]
        if found[2] not in (*self.layers, _COUNT):
            return ""
        last = self._naming.number("out", self.last)
        number = self.layer if found[2] == self.layers[0] else last
        if number is None or self.last < 1:
            return ""
        return str(number + int(found[3] or 0))

    @cached_property
    def layer_numbers(self) -> range:
        """The numbers that layers have in the names of their outputs."""
        return range(self._naming.number("out", 0), self._naming.number("out", self.last) + 1)

    def of_example(self, stem: str, sub: str, sup: str) -> Formula | None:
        """What has the number of an example above, y^{(i)} or a^{[1](i)}, of which there is one."""
        found = _OF_EXAMPLE.fullmatch(sup)
        if found is None or found[2] in self.layers:
            return None
        key = f"{stem}_{sub}" if sub else stem
        level = self.level(found[1] or "")
        return self.look_up(f"{key}^{level}" if level else key)

    def of_all_examples(self, key: str) -> Formula | None:
        """The vectors of a layer that a capital letter means, A^1, one of which is a^1."""
        plain = key.removeprefix("bold:")
        if not self.by_layer or plain[:1] not in _CAPITALS or plain[1:2] not in ("", "^"):
            return None
        found = self.look_up(plain[0].lower() + plain[1:])
        return found if isinstance(found, Layer) and found.kind not in ("weight", "bias") else None

    def by_parameters(self, key: str) -> Formula | None:
        """The outputs of the last layer by the parameters that they depend on: h_θ, h_{W,b}.

        In a network of equations it is whatever is called h.
        """
        stem, _, below = key.partition("_")
        found = self.look_up(stem) if below in _OF_PARAMETERS else None
        last = isinstance(found, Layer) and (found.kind, found.layer) == ("out", self.last)
        return found if last or isinstance(found, Name | Array) else None

    def speaks_of_layers(self, text: str) -> bool:
        """Whether a letter for any layer stands where the notation has a layer's number."""
        return self.last > 0 and self._layer_letter.search(text) is not None

    def says_layer(self, index: str) -> bool:
        """Whether an index has a letter that may be any layer, or a neuron of any layer."""
        return any(letter in index for letter in (self.layers[0], *self.units))

    @cached_property
    def units(self) -> tuple[str, ...]:
        """Letters for neurons that say the layer, where neurons have no layer in their names.

        They are those of a neuron of layer l, of one in the layer before and of one after.
        """
        table = self._naming.table
        return table.letters if table.units == "network" else ()

    @cached_property
    def _layer_letter(self) -> re.Pattern[str]:
        places = r"[_^]" if self._is_lower else r"\^"
        letters = "|".join((self.layers[0], r"\\ell", *self.units))
        units = f"[{''.join(self.units)}]?" if self.units else ""
        return re.compile(rf"{places}\s*\{{?\s*[(\[]?\s*(?:{letters}){units}(?![A-Za-z])")

    @cached_property
    def _is_lower(self) -> bool:
        """Whether the layer is the first of a name's lower indices."""
        table = self._naming.table
        patterns = table.written.values() if table.by_layer else ()
        return any(LAYER in pattern.below[:1] for pattern in patterns)

    def with_number(self, key: str) -> str:
        """A key with the layer's number in the place of its letter below: ``h_l-1`` → ``h_1``."""
        if not self._is_lower:
            return key
        found = re.search(r"_(?:({})|{})([+-][0-9]+)?(?![A-Za-z+-])".format(*self.layers), key)
        last = self._naming.number("out", self.last)
        number = None if found is None else self.layer if found[1] else last
        if found is None or number is None:
            return key
        return f"{key[: found.start()]}_{number + int(found[2] or 0)}{key[found.end() :]}"
