"""Letters that mean functions, σ, φ and f, and those that are no quantities, as η is."""

from __future__ import annotations

from functools import cached_property

from derive.checking.keys import stem_of
from derive.checking.layer_letters import LayerLetters
from derive.formula import Array, Call, Formula, Layer, Letter, Name, walk
from derive.functions import ACTIVATIONS, BY_SYMBOL, SOFTMAX, spelled, written_with
from derive.grammar.written import Unknown
from derive.model import PARAMETERS, Model
from derive.notations.greek import GREEK
from derive.notations.symbols import Symbol

_ANY = ("σ", "φ", "f", "g", "h", "R", "ψ", "ϕ", "ς")
"""Function letters that mean the network's activation."""
_OUTPUTS = ("O", "A", "o", "a")
"""Letters for what an activation makes of a net input."""
_LETTERS = {"η": "eta", "eta": "eta", "α": "eta", "alpha": "eta"}


class FunctionLetters(LayerLetters):
    """What the letters for functions mean in the formulas of one network."""

    model: Model

    def function(self, name: str) -> str | None:
        """The function of the table that `name` means; σ, φ and f are the network's own."""
        if name in self._renamed:
            return self._renamed[name]
        known = SOFTMAX if name == SOFTMAX else spelled(name)
        if known is not None and name not in dict(self.model.network.functions):
            return known
        own = name in self._activation_letters and name not in self.stems
        return f"?{name}" if own else None

    def may_be_own(self, letter: str) -> bool:
        """Whether a letter that stands for the activation may be that of another function, too.

        σ and what the notation calls an activation may not.
        """
        return letter in _ANY and letter not in ("σ", *self._stated_letters, *self._renamed)

    def made_of(self, written: Formula, other: Formula) -> Name | None:
        """The quantity that depends on another in C'(w); an O or A that nobody has is an output."""
        if isinstance(written, Unknown):
            return self._outputs.get(other) if written.text in _OUTPUTS else None
        if not isinstance(written, Name):
            return None
        if isinstance(other, Name):
            depends = written.name in self.model.downstream(other.name) - {other.name}
            return written if depends else None
        whole = isinstance(other, Layer | Array) and written.name == self.model.total
        return written if whole else None

    @cached_property
    def _outputs(self) -> dict[Formula, Name]:
        """What an activation makes of a net input, by that; nothing where it makes several."""
        found: dict[Formula, Name] = {}
        several: set[Formula] = set()
        for name, made in self.model.definitions.items():
            if isinstance(made, Call) and isinstance(made.argument, Name):
                several |= {made.argument} & found.keys()
                found[made.argument] = Name(name)
        return {of: out for of, out in found.items() if of not in several}

    @cached_property
    def _activation_letters(self) -> frozenset[str]:
        """Function letters that mean the activation of the layer whose net input they are of."""
        return frozenset((*_ANY, *self._stated_letters))

    @cached_property
    def _stated_letters(self) -> tuple[str, ...]:
        """What the notation calls the activation."""
        return tuple(Symbol.of(written).character for written in self._naming.table.activation)

    @cached_property
    def _renamed(self) -> dict[str, str]:
        """The functions that the network's file calls otherwise, by what it calls them.

        Where the derivative of an activation is written with σ or φ, they mean nothing else; nor do
        they beside functions of one's own, which are made of them.
        """
        found: dict[str, str] = {}
        for symbol in self._functions_used():
            used = written_with(symbol)
            found |= {"σ": "sig"} if "sig" in used else {}
            own = self._naming.symbols.get("sig") if symbol == "sig" else None
            free = own and own.character not in self._stated_letters
            if own and (free or self.model.network.functions):
                found |= dict.fromkeys((own.character, own.plain), "sig")
            found |= dict.fromkeys("φϕ", "phi") if "phi" in (symbol, *used) else {}
        if self.model.network.functions:
            found["σ"] = "sig"
        for key, _ in self.model.network.names:
            if key in BY_SYMBOL:
                sign = self._naming.symbols[key]
                greek = [name for name, letter in GREEK.items() if letter == sign.character]
                found |= dict.fromkeys((sign.character, sign.plain, *greek), key)
        return found | dict(self.model.network.called)

    def _functions_used(self) -> list[str]:
        """The symbols of the activations, or of the functions in the equations."""
        names = self.model.network.activations
        if names:
            rows = [ACTIVATIONS[name] for name in names if name in ACTIVATIONS]
            return [row.symbol for row in rows if row.symbol]
        nodes = (node for formula in self.model.stated for node in walk(formula))
        return list(dict.fromkeys(node.function for node in nodes if isinstance(node, Call)))

    def letter(self, name: str, index: str = "") -> Letter | None:
        """The letter that `name` means where it is no quantity: η, the learning rate, or η_W."""
        rated = (stem_of(q.name) for q in self.model.having(*PARAMETERS)) if index else ("",)
        known = index in ("", *"wWbθ") or self.look_up(index)
        of_rate = known and stem_of(index).lower() in map(str.lower, rated)
        return Letter(_LETTERS[name]) if of_rate and name in _LETTERS else None
