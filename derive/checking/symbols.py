"""The network's names as a symbol table: what out_{d_1}, w³_{12} or δ_{c_2} is in this model.

A name is looked up by its key (:mod:`derive.checking.keys`). The network's own notation comes
first; what it does not know is looked for in the other notations.
"""

from __future__ import annotations

import re
from functools import cached_property

from derive.checking.adjoints import SIGNS, differentiated
from derive.checking.delta_names import Deltas
from derive.checking.example_letters import ExampleLetters
from derive.checking.families import Families
from derive.checking.keys import (
    INDEX_LETTERS,
    Table,
    joined,
    joined_by_layer,
    key_of,
    stem_of,
    with_character,
)
from derive.checking.layer_letters import WHOSE, numbered
from derive.checking.lettered_units import LetteredUnits
from derive.checking.one_layer import numbered_key
from derive.checking.spellings import Spellings
from derive.checking.stated_names import StatedNames
from derive.checking.unit_letters import UnitLetters
from derive.formula import Array, Delta, Formula, Layer, Name, Negative, Neuron, Partial, is_matrix
from derive.grammar.limits import counts_to_d, sets_of_pairs
from derive.grammar.written import Placeholder
from derive.model import KINDS as KIND_OF_ROLE
from derive.model import Model, Role
from derive.notations.symbols import KINDS, Symbol
from derive.suggest import did_you_mean

MOST_SEEN = 10_000
"""Keys whose meaning is kept, to be looked up once."""

_TOTALS = ("", "_total", "_tot", "_gesamt", "_ges")
"""What may stand behind the letter of the total error."""
_PLACEHOLDER = re.compile(r"_?([0-9]*),?_?[xX?•·*]+")
_ERRORS = ("error", "E_total")
_RECKONED = re.compile(r"[-+−()\[\];:]|\\(?:to|gets|(?:left|right)arrow)(?![A-Za-z])")
_DECORATION = re.compile(r"\\[a-zA-Z]+|[{} \\]")


class Symbols(ExampleLetters):
    """The names of one model, in every notation's spelling."""

    def __init__(self, model: Model, limits: dict[str, int] | tuple[()] = ()) -> None:
        self.model = model
        super().__init__(model.network.naming)
        self.adjoint = SIGNS.get(self._naming.table.gradient, "")
        self.owner, self._sizes = model.network.name, limits
        self.total: Name = Name(model.total)
        self.fixed: dict[str, int] = {}
        self._seen: dict[tuple[str, int | None, frozenset[str], bool], Formula | None] = {}
        self._of_one_layer = self.by_layer and self.last == 1
        """Whether names may go without the number of their layer, the only one."""
        self._steps: frozenset[str] = frozenset()
        self._numbers: set[str] = set()
        self._spellings = model.known(Spellings)
        self._own = self._spellings.own
        self._stated = StatedNames(model)
        self._letters_of_units = UnitLetters(self._naming)
        self._lettered_units = LetteredUnits(model)
        self.deltas = Deltas(model)
        self._families = None if model.has_neurons else Families(model, self.deltas)

    @property
    def ends(self) -> dict[str, int]:
        """What letters for the last number have been read as so far: T as 3."""
        return {} if self._families is None else self._families.ends

    def count(self, text: str) -> None:
        """Take the letters that a text counts with: layers, steps, pairs, and examples."""
        self._letters_of_units.count(text)
        self.pairs = sets_of_pairs(text)
        self.limits = {*self._sizes, *("d" if counts_to_d(text) else "")}
        if self.by_layer and self.last == 1:
            last = re.search(rf"\^\W*{re.escape(self.layers[1])}(?![A-Za-z])", text)
            self._of_one_layer = last is None and not self.speaks_of_layers(text)
        if self._families is not None:
            self._steps = self._families.count(text)
            self._numbers = self.of_examples(text)

    # Names.

    def look_up(self, key: str) -> Formula | None:
        """The quantity, δ, vector or matrix with this key; its like with an index letter."""
        key = self.with_number(key)
        if (unit := self._letters_of_units.find(key)) is not None:
            return unit
        layer = self.layer if self.units else None
        place = (key, layer, self._steps, self._of_one_layer)
        if place in self._seen:
            return self._seen[place]
        found = self._looked_up(with_character(key))
        if len(self._seen) < MOST_SEEN:
            self._seen[place] = found
        return found

    def _looked_up(self, key: str, *, whole: bool = False) -> Formula | None:
        found = self._own.get(key)
        if found is None and key.removeprefix("bold:") in self._totals:
            return self.total
        if found is None and self._may_have_letter(key):
            table = self._spellings.lettered(self.layer if self.units else None)
            found = table.get(key) or table.get(self._own.fold(key))
            if found is None and "^" in key:
                table = self._spellings.of_books
                found = table.get(key) or table.get(joined_by_layer(key))
        if found is None and self._families is not None:
            family, stated = self._families, self._stated.as_in_the_file(key)
            exact = self._own.exact.get(with_character(stated)) if stated != key else None
            found = exact or family.member(stated) or family.delta(stated)
            found = found or (self._in_other_weight(key) if key[:5] == "bold:" else None)
            found = found or self._entry(key) or self.of_numbered(*key.partition("_")[::2], "")
            found = found or self.by_parameters(key) or self._lettered_units.weight(key)
            return found or self.of_its_example(key)
        if found is None and not self._looks_own(key):
            found = next((f for table in self._foreign if (f := table.get(key))), None)
        found = found or self._in_other_weight(key) or self.of_all_examples(key)
        found = found or self.by_parameters(key)
        if found is not None or whole or not self._of_one_layer:
            return found
        named = numbered_key(key, self._naming, self.model.sizes)
        return self._looked_up(named, whole=True) if named else None

    def _entry(self, key: str) -> Name | None:
        """The entry of a matrix X that is written x_{1,2}, where nothing is called x."""
        stem, _, index = key.partition("_")
        if len(stem) != 1 or not stem.islower() or stem in self.stems:
            return None
        found = self._own.get(f"{stem.upper()}_{index}")
        twofold = isinstance(found, Name) and len(self.model.quantities[found.name].indices) > 1
        return found if isinstance(found, Name) and twofold else None

    def _in_other_weight(self, key: str) -> Formula | None:
        """What a bold name means if only one that is not bold is known, and the other way round."""
        if key.startswith("bold:"):
            found = self.look_up(key.removeprefix("bold:"))
            # A bold δ is a vector, and that of no single unit.
            of = found.term if isinstance(found, Negative) else found
            scalar = isinstance(of, Partial) and not is_matrix(of.by)
            return None if scalar else found
        found = None if key in INDEX_LETTERS else self._own.exact.get(f"bold:{key}")
        return found if isinstance(found, Layer | Array) else None

    def meanings(self, key: str) -> list[Formula]:
        """All that a key may mean: what it is exactly, or every reading of its joined index.

        The other notations count where they have exactly this name and the network's own has not.
        """
        found, key = self.look_up(key), with_character(key)
        if found is None or key in self._own.exact:
            return [found] if found else self._own.several.get(self._own.fold(key), [])
        keys = (key, key.replace("_", "", 1))
        foreign = [table.exact[k] for table in self._foreign for k in keys if k in table.exact]
        return list(dict.fromkeys([found, *foreign]))

    def is_foreign(self, key: str) -> bool:
        """Whether a name is only known to another notation."""
        key = with_character(key)
        if key in self._totals or self._own.get(key):
            return False
        # Nothing has been looked up there yet, then it was not needed.
        return "_foreign" in vars(self) and any(table.get(key) for table in self._foreign)

    def raised(self, stem: str, sub: str, sup: str, bold: bool = False) -> Formula | None:
        """What has one of its indices above, a family's member; or the number of an example."""
        of = self._families
        if of is None:
            return self.of_example(stem, sub, sup)
        own = f"{'bold:' if bold else ''}{stem}"
        example = self.of_numbered(own, sub, sup)
        if example is not None and numbered(sup) in self._numbers:
            return example
        found = of.raised(stem, sub, sup, bold) or example
        by = differentiated(stem, self._naming.table.gradient) if found is None else None
        slope = of.raised(by, sub, sup, bold) if by else None
        return Partial(self.total, slope) if slope else found

    def copied(self, formula: Formula, sup: str) -> Formula | None:
        """The copy of a shared parameter in the step that stands above it, W^{(t)}; or nothing."""
        return None if self._families is None else self._families.copied(formula, sup)

    @cached_property
    def first_output(self) -> int:
        """The lowest number of the units that are outputs, where all are numbered through."""
        return 0 if self._families is None else self._families.first_output

    def has_index(self, key: str) -> bool:
        """Whether a bracket right behind this name holds its index: ``net[1]``."""
        return self._families is not None and self._families.is_family(key)

    def width(self, index: str) -> int | None:
        """How many neurons the layer has that an upper index names; nothing for another index."""
        level = self.level(index) if self.by_layer else ""
        layer = self._naming.layer_of("out", int(level)) if level else -1
        return self.model.sizes[layer] if 0 <= layer <= self.last else None

    def gradient(self, key: str) -> Formula | None:
        """The derivative of the total error that a name stands for: dW^2, where d does so.

        A bar over the error itself is 1; dE is a difference.
        """
        sign = self._naming.table.gradient
        of = differentiated(key, sign)
        by = None if of is None else self.look_up(of)
        is_difference = by == self.total and sign != "bar"
        return None if by is None or is_difference else Partial(self.total, by)

    def is_slope(self, stem: str) -> bool:
        """Whether a name is written as the error's derivative by something: dA, where dW is one."""
        of = differentiated(stem, self._naming.table.gradient)
        return of is not None and len(of) == 1

    @cached_property
    def _totals(self) -> frozenset[str]:
        """Other spellings of the total error: E, E_tot, L of L_CE; E_x if no weights are added."""
        stems = {symbol.stem for kind, symbol in self._symbols.items() if kind not in _ERRORS}
        own = self._symbols["E_total"].stem
        base, _, end = self.model.total.partition("_")
        others = map(stem_of, self.model.quantities.keys() - {self.model.total})
        same = f"_{end}" in _TOTALS or (end.isupper() and base not in others)
        own = base if self._families is not None and same else own
        sizes = self.model.sizes
        count = 0 if not sizes or self.model.network.l2 else 3 if sizes[-1] == 1 else 2
        taken = {key[: len(own) + 2].removeprefix(own) for key in self._own.exact}
        ends = (*_TOTALS, *(end for end in WHOSE[:count] if end not in taken))
        return frozenset(stem + end for stem in {"E", own} - stems for end in ends)

    @cached_property
    def _symbols(self) -> dict[str, Symbol]:
        return {kind: self._naming.symbols[kind] for kind in KINDS}

    @cached_property
    def _weight_stems(self) -> set[str]:
        own = self._symbols["weight"].stem
        others = {symbol.stem for symbol in self._symbols.values()} - {own}
        return {own, "w"} - others

    def _looks_own(self, key: str) -> bool:
        """Whether `key` is a name as this notation counts them, with a number it does not have.

        w_{19} of a 2-4-3-2 network is a slip, not the nineteenth weight of another notation; nor
        is w_{13} where weights are called w^2_{13}, or b_3 where there are b_1 and b_2.
        """
        stem = stem_of(key)
        digits = re.fullmatch(r"([0-9]+)", joined(key).removeprefix(stem))
        if digits is None:
            return False
        if stem in self._weight_stems:
            return self.by_layer or len(digits[1]) in self._digits
        return (stem, len(digits[1])) in self._numbered

    @cached_property
    def _numbered(self) -> frozenset[tuple[str, int]]:
        """What this notation's names begin with, and of how many digits the number behind is."""
        names = [joined(name) for name in self.model.quantities]
        stems = [(stem_of(name), name.removeprefix(stem_of(name))) for name in names]
        return frozenset((stem, len(rest)) for stem, rest in stems if rest.isdigit())

    @cached_property
    def _digits(self) -> frozenset[int]:
        stem = len(self._symbols["weight"].plain)
        weights = self.model.having(Role.WEIGHT)
        return frozenset(len(joined(weight.name)) - stem for weight in weights)

    def is_canonical(self, formula: Formula, key: str) -> bool:
        """Whether a name in LaTeX is spelled as the network's notation typesets it."""
        if isinstance(formula, Name):
            q = self.model.quantities[formula.name]
            if key == key_of(q.latex) or formula.name == self.model.total:
                return True
            kind = KIND_OF_ROLE.get(q.role)
            others = self._naming.others(kind, q.layer, q.index, q.source) if kind else []
            return key in map(key_of, others)
        if isinstance(formula, Delta):
            of = self.model.quantities[formula.of]
            return key == key_of(self._naming.typeset("delta", of.layer, of.index))
        return True

    def placeholder(
        self, stem: str, rest: str, text: str, place: int, upper: str = ""
    ) -> Formula | None:
        """w_{xx}, w_{3x}, w^3_{xx} or w^3_{1x}: a weight that is left open, or nothing."""
        found = _PLACEHOLDER.fullmatch(rest)
        # With a comma it may as well be the entry in row 3 and column x.
        if stem not in self._weight_stems or not found or ("," in rest and not upper):
            return None
        layer = int(found[1]) if found[1] else None
        target = None
        if upper:
            layer, target = self._naming.layer_of("weight", int(upper)), layer
        if layer is not None and not 1 <= layer <= self.last:
            return None
        if layer is not None and not (target or 1) <= self.model.sizes[layer]:
            return None
        # An exponent behind it is a power, and no part of its name.
        return Placeholder(text if upper else text.partition("^")[0], layer, place, target)

    def generic(self, stem: str) -> Formula | None:
        """`out` without an index: that of the output neuron, or of every one of several."""
        if self._families is not None:
            return None
        kinds = {"out": "out", "output": "out", "net": "net", "target": "target"}
        own = {self._symbols[kind].stem: kind for kind in ("out", "net", "target")}
        kind = {**kinds, **own}.get(stem)
        return Neuron(kind, self.last, 1 if self.model.sizes[-1] == 1 else "*") if kind else None

    def is_familiar(self, stem: str, index: str) -> bool:
        """Whether the network has names like this one, so that its index must be wrong."""
        return bool(index) and stem in self.stems

    @cached_property
    def stems(self) -> frozenset[str]:
        """What names begin with: out, net, target, E, w, δ and the like."""
        found = {stem_of(name) for name in self.model.quantities}
        found.update(stem_of(key) for key in self._own.exact if not key.startswith("bold:"))
        return frozenset(found - {""})

    def is_near_miss(self, text: str) -> bool:
        """Whether an unknown name is rather a slip than a name of the author's own.

        It has the index of a neuron, is a known stem but for capitals, or two differentials without
        their stroke: dEdw31.
        """
        plain = _DECORATION.sub("", text)
        stem, _, index = plain.partition("_")
        if stem.lower() in {s.lower() for s in self.stems if len(s) > 1} and stem not in self.stems:
            return True
        glued = re.fullmatch(r"[d∂][A-Za-z]\w*?[d∂][A-Za-z]\w*", plain) is not None
        return glued or (bool(index) and joined(index) in self._neurons)

    @cached_property
    def _neurons(self) -> frozenset[str]:
        """The indices of neurons without signs between their parts: d1."""
        nets = self.model.having(Role.NET)
        return frozenset(joined(self._naming.plain_neuron(q.layer, q.index)) for q in nets)

    def suggestion(self, text: str) -> str:
        """A hint at the name of the network of which this may be a misspelling, or nothing.

        The letters of one are other letters, the first of them the same: of other numbers, other
        quantities, and an index that is reckoned nobody knows what is meant.
        """
        plain = _DECORATION.sub("", text)
        if _RECKONED.search(text) or not plain[:1].isalpha() or text.startswith("\\"):
            return ""
        names = self.model.quantities
        near = (n for n in names if n[0].lower() == plain[0].lower())
        plain = re.sub(r"_([a-z])_([0-9])", r"_\1\2", plain)
        letters = _stem_letters(plain)
        return did_you_mean(plain, (n for n in near if _stem_letters(n) != letters))

    # Tables.

    @cached_property
    def _foreign(self) -> list[Table]:
        """The tables of other notations, once a name has been looked up there."""
        return self._spellings.foreign

    @staticmethod
    def _may_have_letter(key: str) -> bool:
        return "_" in key and any(c in INDEX_LETTERS for c in key[key.index("_") :])


def _stem_letters(name: str) -> str:
    return name.partition("_")[0].rstrip("0123456789")
