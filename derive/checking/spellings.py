"""All names of one model as its notation and others spell them, in tables made once for all."""

from __future__ import annotations

from functools import cached_property

from derive.checking.keys import Table, lettered, stem_of
from derive.formula import Formula, Neuron
from derive.model import Model
from derive.notations import naming, table
from derive.notations.symbols import KINDS


class Spellings:
    """The tables of one model, each made when it is first asked for."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._naming = model.network.naming
        self._lettered: dict[int | None, dict[str, Formula]] = {}
        self.own = Table.of(model, self._naming)
        """The names in the network's own notation."""

    @cached_property
    def foreign(self) -> list[Table]:
        """The names of the network's notation before they were renamed, and of the others."""
        network, sizes = self._model.network, self._model.sizes
        if not sizes:
            return []
        own = naming(network.notation, sizes, network.bias)
        names = [own] if network.names else []
        if own.table.everywhere:
            # One that counts layers otherwise means something else by the same name.
            others = (found for found in table.everywhere() if found != own.table)
            names += [naming(found, sizes, network.bias) for found in others]
            # Nielsen's name for the error; C alone may be anything where his notation is not used.
            cost = {"error": "C"} | ({"E_total": "C"} if self._naming.by_layer else {})
            names.append(naming("indexed", sizes, network.bias, cost))
        return [Table.of(self._model, other, self._kinds) for other in names]

    @cached_property
    def _kinds(self) -> dict[str, frozenset[str]]:
        """What the network's own symbols stand for; in no notation do they mean anything else."""
        found: dict[str, frozenset[str]] = {}
        for kind in KINDS:
            symbol = self._naming.symbols[kind]
            found[symbol.stem] = found.get(symbol.stem, frozenset()) | {kind}
        return found

    def lettered(self, base: int | None) -> dict[str, Formula]:
        """The names with an index letter, of layer `base` where units are numbered through."""
        if base not in self._lettered:
            self._lettered[base] = lettered(self._model, self._naming, base)
        return self._lettered[base]

    @cached_property
    def of_books(self) -> dict[str, Formula]:
        """δ^l_j and its like in the notation of books, where this is not the network's own."""
        if self._naming.by_layer:
            return {}
        book = naming("indexed", self._model.sizes, self._model.network.bias)
        return {
            key: neuron
            for key, neuron in lettered(self._model, book).items()
            if isinstance(neuron, Neuron)
            and neuron.kind in self._kinds.get(stem_of(key), (neuron.kind,))
        }
