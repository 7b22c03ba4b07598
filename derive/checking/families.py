"""Names with index letters in networks that are stated as equations: h_{t-1}, w_{k,i}."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from derive.calculus.indices import Indices
from derive.checking.array_names import ArrayNames
from derive.checking.delta_names import SYMBOLS, Deltas
from derive.checking.keys import with_character
from derive.checking.member_keys import LAST, index_of, member_of, split_index, with_end, with_names
from derive.formula import (
    Array,
    Call,
    Formula,
    Member,
    Name,
    Negative,
    Partial,
    Unit,
    is_matrix,
    walk,
)
from derive.formula.index import letters_of
from derive.grammar.limits import counted_between
from derive.grammar.written import Copy
from derive.model import GIVEN, PARAMETERS, Model
from derive.notations.free import joined_name

_SIZES = frozenset("TNKLMJICDPQSBHR")
"""Capital letters that say how many there are, or name the last."""
_LAST_LAYER = re.compile(r"_L([+-][0-9]+)?(?![A-Za-z])")
_SUB_OF_SUB = re.compile(r"_([a-z])_[a-z]\Z")
_ABOVE = re.compile(r"\(([^()]+)\)|\[([^][]+)\]|\\langle(.+)\\rangle|([a-z][^()]*)")


class Families:
    """The families of one model, and how their members may be spelled."""

    def __init__(self, model: Model, deltas: Deltas) -> None:
        self.model = model
        self._indices = Indices(model)
        self._families = self._indices.families
        self._arrays = ArrayNames(self._indices, index_of)
        self.ends: dict[str, int] = {}
        """What letters for the last number have been read as: T as 3."""
        self.deltas = deltas

    def count(self, text: str) -> frozenset[str]:
        """Take the letters that a Σ or Π in a text counts between letters: from k + 1 to t.

        They are no numbers of entries: h_j is a vector beside h_t then, whatever j is in the file.
        """
        self._arrays.steps = counted_between(text)
        return self._arrays.steps

    def member(self, key: str) -> Member | Array | Unit | Name | None:
        """What `key` means: ``h_t-1``, ``w_k,i`` or ``w_ki`` of a family, or an array; or nothing.

        A bold one is always a vector or a matrix.
        """
        key = with_names(key)
        found = self._by_name_of_letters(key) or self._member(key)
        if found is None and (last := self._at_the_end(key)) != key:
            scalar = Name(last) if last in self.model.quantities else None
            found = scalar or self._member(last)
        return found or self._in_other_case(key) or self._by_its_letters(key)

    def _by_its_letters(self, key: str) -> Member | None:
        """The w_2[k,j] that w_{kj} is without its label: the one that the file has with k and j."""
        stem, _, sub = key.partition("_")
        if key in self._families or not sub:
            return None
        for parts in split_index(sub.replace(",", "_")):
            written = tuple(parts)
            file = self.model.network.letters.items()
            fits = [s for (s, _), own in file if own == written and s.partition("_")[0] == stem]
            labelled = [s for s in fits if s != stem]
            if len(fits) == 1 == len(labelled):
                return member_of(f"{labelled[0]}_{'_'.join(parts)}", self._families)
        return None

    def _by_name_of_letters(self, key: str) -> Member | None:
        """The member of a family that has its letters in its name: the w_{iι} of w_i_iota[i]."""
        stem, _, sub = key.partition("_")
        for parts in split_index(sub.replace(",", "_")):
            name = "_".join((stem, *parts))
            for (own, _), letters in self.model.network.letters.items():
                if own == name and letters == tuple(p for p in parts if p in letters):
                    return Member(name, tuple(((letter,), 0) for letter in letters))
        return None

    def _in_other_case(self, key: str) -> Member | None:
        """A member of a family x that is written X_k, where there is no other X.

        An entry of a matrix X may be written x_{ij}.
        """
        stem, sign, index = key.partition("_")
        if not sign or len(stem) > 1 or stem in self._stems or stem == stem.swapcase():
            return None
        found = member_of(f"{stem.swapcase()}_{index}", self._families)
        single = found is not None and stem.islower() and len(found.indices) < 2
        return None if single else found

    @cached_property
    def _stems(self) -> set[str]:
        return {quantity.name.partition("_")[0] for quantity in self.model.quantities.values()}

    def _member(self, key: str) -> Member | Array | Unit | Name | None:
        if key.startswith("bold:"):
            return self._arrays.find(key)
        if (of_class := _SUB_OF_SUB.search(key)) and of_class[1] in self._given:
            # The c_n of q_{c_n} is the number of a class, and no two indices.
            return None
        found = member_of(key, self._families) or self._like(key) or self._arrays.find(key)
        others = (member_of(other, self._families) for other in self._other(key))
        return found or next(filter(None, others), None)

    @cached_property
    def _given(self) -> set[str]:
        """The families of what is given."""
        return {q.family for q in self.model.having(*GIVEN) if q.indices}

    def _other(self, key: str) -> Iterator[str]:
        """Keys of families whose name is a Greek letter, or has an index that letters follow."""
        for stem in self._families:
            sign = with_character(stem)
            if sign != stem and key.startswith(f"{sign}_"):
                yield stem + key[len(sign) :]
            rest = key.removeprefix(sign)
            if "_" in sign and rest != key and rest.isalnum() and sign[0] not in self._families:
                yield f"{stem}_{rest}"

    def _at_the_end(self, key: str) -> str:
        """The key with the last number that there is in the place of T, τ or L: ``h_3`` for h_T."""
        bold = "bold:" if key.startswith("bold:") else ""
        head, *parts = key.removeprefix(bold).replace(",", "_").split("_")
        for cut in range(len(parts) - 1, -1, -1):
            stem, behind = "_".join([head, *parts[:cut]]), parts[cut:]
            there = [at for at in self._families.get(stem, ()) if len(at) >= len(behind)]
            if there and any(map(LAST.fullmatch, behind)):
                read = [self._numbered(stem, place, part) for place, part in enumerate(behind)]
                return key if None in read else bold + "_".join([stem, *filter(None, read)])
        return self._in_last_layer(key)

    def _numbered(self, stem: str, place: int, part: str) -> str | None:
        """A part of an index with the last number there is for T; nothing if that is not clear."""
        last = LAST.fullmatch(part)
        if last is None:
            return part
        ends = self._ends(stem, place)
        if len(ends) != 1 or self.ends.setdefault(last[1], *ends) not in ends:
            return None
        return with_end(part, self.ends[last[1]])

    def _ends(self, stem: str, place: int) -> set[int]:
        """The last number of what is defined, or of that which has the same letter in the file.

        There are as many steps as states, where x[4] is given besides, as a target may be.
        """
        file = self.model.network.letters
        own = self._defined_at(stem, place)
        letters = {all_[place] for (of, _), all_ in file.items() if of == stem and all_[place:]}
        others = [
            numbers
            for (other, _), all_ in file.items()
            for at, letter in enumerate(all_)
            if letter in letters and (numbers := self._defined_at(other, at))
        ]
        given = {index[place] for index in self._families[stem] if place < len(index)}
        return {max(own)} if own else {max(n) for n in others} or {max(given)}

    def _defined_at(self, stem: str, place: int) -> set[int]:
        """The numbers at a place of those members of a family that have definitions."""
        there = (at for at in self._families.get(stem, ()) if place < len(at))
        return {at[place] for at in there if joined_name(stem, at) in self.model.definitions}

    def _in_last_layer(self, key: str) -> str:
        """A key with the number of the last layer in the place of L: ``x_L-1``, ``x_2``."""
        found = _LAST_LAYER.search(key)
        if found is None or not self._last:
            return key
        return f"{key[: found.start()]}_{self._last + int(found[1] or 0)}{key[found.end() :]}"

    @cached_property
    def _last(self) -> int:
        """The highest number of vectors and matrices that are numbered: x_0 to x_3, W_1 to W_3."""
        places = self._indices.arrays.families.values()
        counted = [place for there in places for place in there if len(there) > 1]
        return max((place[0] for place in counted if len(place) == 1), default=0)

    @cached_property
    def first_output(self) -> int:
        """The lowest number of the units from which the error is made; 0 where they are not last.

        They are those that stand in the error beside what is given.
        """
        definitions = self.model.definitions
        outputs: set[int] = set()
        for name, definition in definitions.items():
            names = {node.name for node in walk(definition) if isinstance(node, Name)}
            if self._targets & names and name not in self._units:
                outputs |= {self.model.quantities[n].indices[0] for n in names & self._units}
        others = {self.model.quantities[n].indices[0] for n in self._units} - outputs
        last = bool(outputs and others) and max(others) < min(outputs)
        return min(outputs) if last else 0

    @cached_property
    def _units(self) -> frozenset[str]:
        """What an activation makes of a net input, with the number of the unit."""
        of = self.model.definitions.items()
        called = [name for name, f in of if isinstance(f, Call) and f.function in SYMBOLS]
        return frozenset(n for n in called if len(self.model.quantities[n].indices) == 1)

    @cached_property
    def _targets(self) -> frozenset[str]:
        """What is given, and no unit's input: it stands in the error alone."""
        given = {q.name for q in self.model.having(*GIVEN)}
        users = {name: self.model.used_in.get(name, ()) for name in given}
        return frozenset(n for n, by in users.items() if by and not self._leads(by))

    def _leads(self, users: Sequence[str]) -> bool:
        """Whether a unit is made of one of these quantities."""
        return any(self.model.downstream(user) & self._units for user in users)

    def is_family(self, stem: str) -> bool:
        """Whether a bracket behind this stem holds an index, as in ``net[1]``."""
        return stem in self._families

    def raised(self, stem: str, sub: str, sup: str, bold: bool = False) -> Formula | None:
        """A member with an index above, x_j^{(i)}: x[i,j], unless the file's letters say x[j,i].

        A bold one is a vector or a matrix, and so is one that is no number. a^f_t is one of a_f.
        """
        above = _ABOVE.fullmatch(sup)
        if above is None:
            return None
        upper = next(filter(None, above.groups()))
        found: list[tuple[int, Formula, dict[str, int]]] = []
        arrays: list[tuple[Formula, dict[str, int]]] = []
        known = dict(self.ends)
        for below in dict.fromkeys((sub, ",".join(sub) if sub.isalpha() else sub)):
            for place, order in enumerate((f"{upper},{below}", f"{below},{upper}")):
                index = order.strip(",")
                key = f"{'bold:' if bold else ''}{stem}_{index}"
                self.ends = dict(known)
                formula = self.delta(key) if stem == "δ" else self.member(key)
                if formula is not None and is_matrix(formula):
                    arrays += [(formula, self.ends)] if self._fits(formula) else []
                elif formula is not None and not (above[4] and self._may_be_other(formula)):
                    strange = self._strange(formula) + self._misplaced(stem, index, -place, upper)
                    found.append((strange, formula, self.ends))
        best = min(found, key=lambda one: one[0], default=None)
        if best is not None:
            self.ends = best[2]
            return best[1]
        named = (a for a in arrays if not sub or _family_of(a[0]) == f"{stem}_{upper}")
        array, self.ends = next(named, (None, known))
        return array

    def copied(self, formula: Formula, sup: str) -> Copy | None:
        """The copy of a parameter without steps in step t, W^{(t)}; nothing for all else."""
        above = _ABOVE.fullmatch(sup)
        index = index_of(above[1]) if above and above[1] else None
        of = formula.of if isinstance(formula, Array) else formula
        if index is None or not index[0] or not isinstance(of, Name):
            return None
        rows = self._indices.arrays.entries
        first = rows[of.name][0][0] if isinstance(formula, Array) else of
        shared = isinstance(first, Name) and first.name in self.model.parameters
        return Copy(formula, index) if shared else None

    def _misplaced(self, stem: str, index: str, place: int, upper: str) -> bool:
        """Whether T, or a number above, stands at another place than the t of the file."""
        last = LAST.fullmatch(upper)
        stems = self.deltas.net_stems if stem == "δ" else [stem]
        letters = self.model.network.letters
        file = next((f for s in stems if (f := letters.get((s, index.count(",") + 1)))), ())
        own = last[1].lower() if last and last[1] != "τ" else "t"
        counts = last is not None or upper.isdecimal()
        return counts and own in file and file[place] != own

    def _strange(self, formula: Formula) -> int:
        """How many index letters stand at another place than in the network's file."""
        return sum((letter,) != own[:1] for letter, own in self._placed(formula))

    def _may_be_other(self, formula: Formula) -> bool:
        """Whether a δ counts with other letters than the file: the δ^r_{a,t} of a^r_t, of no a."""
        slope = isinstance(formula, Partial | Negative)
        return slope and any((letter,) != own for letter, own in self._placed(formula))

    def _placed(self, formula: Formula) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The letters of the file at the places of an index, with those that stand there."""
        of = formula.term if isinstance(formula, Negative) else formula
        of = of.by if isinstance(of, Partial) else of
        if isinstance(of, Member):
            file = self.model.network.letters.get((of.stem, len(of.indices)), ())
            yield from ((letter, at[0]) for letter, at in zip(file, of.indices, strict=False))

    def _fits(self, formula: Formula) -> bool:
        """Whether no letter of a vector counts something else in the file than its members."""
        of = formula.of if isinstance(formula, Array) else None
        if not isinstance(of, Member):
            return True
        file = self.model.network.letters
        own = {letter for (stem, _), all_ in file.items() if stem == of.stem for letter in all_}
        others = {letter for all_ in file.values() for letter in all_} - own
        rows = next(iter(self._indices.arrays.alike(of.stem, len(of.indices)).values()), ())
        first = rows[0][0] if rows else None
        shared = isinstance(first, Name) and first.name in self.model.parameters
        if shared and len(rows[0]) == 1:
            # W^{(t)} is no row of a matrix of weights, unless the file counts them so.
            others |= {letter for index in of.indices for letter in letters_of(index)} - own
        return not others & {letter for index in of.indices for letter in letters_of(index)}

    def delta(self, key: str) -> Partial | Negative | None:
        """δ_j, the error's derivative by the net input with this index, if the author has no other.

        With the letters of a family to which no activation is applied it is that by this one.
        """
        index = self._at_the_end(key).removeprefix("δ").replace(",", "_")
        return self.deltas.of(index, self.member)

    def _like(self, key: str) -> Name | None:
        """A weight that differs from `key` by capitals only: ``W_f``; or in its index: ``Z_O``."""
        found = self._folded.get(key.replace(",", "_").lower())
        if found is None or found.name in self._parameters:
            return found
        # The last time step T, or the last of N, is not any t or n.
        stem, _, index = key.partition("_")
        named = found.name.startswith(f"{stem}_") and not set(index) & _SIZES
        return found if named else None

    @cached_property
    def _folded(self) -> dict[str, Name]:
        found: dict[str, Name] = {}
        twice: set[str] = set()
        for quantity in self.model.quantities.values():
            low = quantity.name.lower()
            if low in found:
                twice.add(low)
            found[low] = Name(quantity.name)
        return {low: name for low, name in found.items() if low not in twice}

    @cached_property
    def _parameters(self) -> frozenset[str]:
        return frozenset(q.name for q in self.model.having(*PARAMETERS))


def _family_of(array: Formula) -> str:
    """What a family of vectors is called, of which this is one."""
    of = array.of if isinstance(array, Array) else None
    return of.stem if isinstance(of, Member) else ""
