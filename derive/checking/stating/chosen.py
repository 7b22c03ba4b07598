"""From all definitions of a document to those that its network is made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from derive.checking.stating.definitions import error_stems
from derive.checking.stating.letters import Sorted, letter_of, letters_in
from derive.checking.stating.ranges import covering, is_circular, pattern
from derive.checking.stating.said import ERROR_STEMS, Definition, Said
from derive.checking.stating.written import Node, Quantity, Written, changed, names, nodes, number

Family = tuple[str, ...]
MOST_FOLDED = 6
"""Names of parts of others that are put into each other."""
MOST_ERRORS = 3
"""Definitions of one error that are taken as readings of it."""


@dataclass(frozen=True)
class Chosen:
    """The definitions of one network, the error last; `indices` are its index letters.

    With `units`, each index letter has numbers of its own, so that z_j and z_k are two families;
    with `rows`, vectors are rows, and `matrices` stand as the definitions multiply them.
    """

    definitions: tuple[Definition, ...]
    indices: frozenset[str]
    units: bool = False
    rows: bool = False
    matrices: frozenset[str] = frozenset()

    @property
    def error(self) -> Definition:
        """The definition of the error."""
        return self.definitions[-1]

    def family(self, quantity: Quantity) -> Family:
        """The family of a name; with units, letters tell families apart."""
        return (quantity.stem, *quantity.scripts) if self.units else pattern(quantity, self.indices)

    @property
    def given(self) -> list[Quantity]:
        """The names without a definition, each family once, as it first stands."""
        found: dict[Family, Quantity] = {}
        for definition in self.definitions:
            for name in names(definition.right):
                found.setdefault(self.family(name), name)
        return [name for name in found.values() if not self.defines(name)]

    def defines(self, quantity: Quantity) -> bool:
        """Whether one of the definitions is of this name."""
        return any(one in self._lefts for one in covering(self.family(quantity)))

    @cached_property
    def _lefts(self) -> frozenset[Family]:
        return frozenset(self.family(definition.left) for definition in self.definitions)


def chosen(said: Said, split: Sorted) -> list[Chosen]:
    """The networks that end in the likeliest error, one for each of its definitions.

    Nothing where no error is defined.
    """
    for stem in error_stems(said):
        errors = [d for d in split.definitions if d.left.stem == stem]
        # The sum of all, E = E_1 + E_2 + …, stands behind its parts.
        errors = sorted(errors, key=lambda d: len(d.left.scripts))
        found = [_behind(d, split.definitions, split.indices) for d in errors[:MOST_ERRORS]]
        networks = [
            replace(network, rows=split.rows, matrices=split.matrices)
            for network in found
            if network is not None
        ]
        if networks:
            # An error of which another is made, L_1 of L = L_1 + L_2, is no reading of that.
            behind = [{id(d) for d in network.definitions[:-1]} for network in networks]
            parts = set[int]().union(*behind)
            # One that is written out says the same of fewer names.
            return [
                n
                for n, own in zip(networks, behind, strict=True)
                if id(n.error) not in parts and not any(own < others for others in behind)
            ] or networks
    return []


def undefined_error(said: Said) -> str:
    """The letter of an error of which derivatives are taken, and which nothing defines.

    One with a definition that is not read is no function that might be any.
    """
    defined = {q.stem for q in (*(d.left for d in said.definitions), *said.unread)}
    letters = [stem for stem in ERROR_STEMS if said.derived[stem] and not said.by[stem]]
    used = {name.stem for definition in said.definitions for name in names(definition.right)}
    free = [stem for stem, _ in said.derived.most_common() if not said.by[stem]]
    others = [stem for stem in free if stem not in defined | used]
    found = [*letters, *others[:1]]
    return found[0] if found and not defined & {*letters, *others} else ""


def with_error(split: Sorted, said: Said, stem: str, function: str) -> Sorted:
    """The definitions with one of an error that depends on all that no other uses.

    Where its derivatives by some of that are taken, it depends on these. It is a sum of functions
    of them, squares where `function` is empty.
    """
    by = {pattern(by, split.indices)[:1] for of, by in said.derivatives if of.stem == stem}
    families = {pattern(d.left, split.indices): d.left for d in split.definitions}
    used = {pattern(q, split.indices) for d in split.definitions for q in names(d.right)}
    ends: list[tuple[Family, Quantity]] = []
    for family, left in families.items():
        if left.stem.endswith("bar") or (family in used and not _is_step(left, split)):
            continue
        if not any(len(s) > 1 for s in left.scripts if letter_of(s) in split.indices):
            ends.append((family, left))
    derived = [(family, left) for family, left in ends if family[:1] in by]
    terms: list[Written] = []
    for _, left in derived or ends:
        letters = [s for s in left.scripts if letter_of(s) in split.indices]
        term: Written = (
            Node("call", (left,), function) if function else Node("power", (left, number("2")))
        )
        for letter in letters[::-1]:
            term = Node("total", (term,), letter)
        terms.append(term)
    if not terms:
        return split
    right = terms[0] if len(terms) == 1 else Node("sum", tuple(terms))
    error = Definition(Quantity(stem), right, -1, 0, 0, ())
    return replace(split, definitions=(*split.definitions, error))


def _is_step(left: Quantity, split: Sorted) -> bool:
    """Whether only the same family at another step uses a family: the S of S_k = f(S_{k-1})."""
    family = pattern(left, split.indices)
    users = [
        d
        for d in split.definitions
        if family in {pattern(q, split.indices) for q in names(d.right)}
    ]
    return all(pattern(d.left, split.indices) == family for d in users)


def folded(definitions: Sequence[Definition]) -> list[Definition]:
    """The definitions with names put where their right sides stand in others: a_j for g_j(z_j).

    So are sums and products that are only named besides, in which no error is written: the z = W x
    of y = V g(W x).
    """
    times = Counter(definition.left for definition in definitions)
    reached = _behind_errors(definitions)
    meanings: dict[Written, Quantity] = {}
    for definition in reversed(definitions):
        stem, right = definition.left.stem, definition.right
        named = isinstance(right, Node) and times[definition.left] == 1 and not stem.endswith("bar")
        if _is_call(right) or (named and stem not in reached):
            meanings[right] = definition.left

    def rule(written: Written) -> Written | None:
        if not isinstance(written, Node):
            return None
        inner = replace(written, parts=tuple(changed(part, rule) for part in written.parts))
        return meanings.get(inner) or meanings.get(written) or inner

    def within(definition: Definition) -> Definition:
        right = definition.right
        if not isinstance(right, Node):
            return definition
        return replace(
            definition, right=replace(right, parts=tuple(changed(p, rule) for p in right.parts))
        )

    found = list(definitions)
    for _ in range(MOST_FOLDED):
        # What is put in may itself stand in the right side of another name.
        renewed = [within(definition) for definition in found]
        if renewed == found:
            break
        found = renewed
        meanings |= {d.right: d.left for d in found if d.left in {*meanings.values()}}
    return found


def _behind_errors(definitions: Sequence[Definition]) -> set[str]:
    """The stems of all that errors are made of, and their own."""
    inside: dict[str, set[str]] = {}
    for definition in definitions:
        found = inside.setdefault(definition.left.stem, set())
        found |= {name.stem for name in names(definition.right)}
    todo = [stem for stem in inside if stem in ERROR_STEMS]
    reached = set(todo)
    while todo:
        new = inside.get(todo.pop(), set()) - reached
        reached |= new
        todo += new
    return reached


def _is_call(written: Written) -> bool:
    return isinstance(written, Node) and written.kind == "call"


def _behind(
    error: Definition, definitions: Sequence[Definition], indices: frozenset[str]
) -> Chosen | None:
    """The definitions that an error needs, in their order."""
    network = Chosen(_needed(error, definitions, Chosen((), indices)), indices)
    circular = is_circular(network.definitions, network.family)
    if circular or _are_units(network, definitions):
        units = Chosen((), indices, units=True)
        units = Chosen(_needed(error, definitions, units), indices, units=True)
        if not is_circular(units.definitions, units.family):
            return units
    return None if circular else network


def _are_units(network: Chosen, definitions: Sequence[Definition]) -> bool:
    """Whether letters tell units apart: net_j and net_k are defined, and made of other names.

    A vector and its entries are not, which a document may define one after the other.
    """
    made: dict[Family, list[Definition]] = {}
    for definition in definitions:
        if network.defines(definition.left) and not definition.left.bold:
            made.setdefault(network.family(definition.left), []).append(definition)
    return any(
        letters_in([one.left]) != letters_in([other.left]) and _stems(one) != _stems(other)
        for family in made.values()
        for one, other in pairwise(family)
    )


def _stems(definition: Definition) -> set[str]:
    """The names of a right side, those of matrices as those of their entries."""
    stems = {name.stem for name in names(definition.right)}
    return {stem.lower() if len(stem) == 1 else stem for stem in stems}


def _needed(
    error: Definition, definitions: Sequence[Definition], network: Chosen
) -> tuple[Definition, ...]:
    """The definitions of all that an error depends on, the error last."""
    defining: dict[Family, list[Definition]] = {}
    for definition in definitions:
        defining.setdefault(network.family(definition.left), []).append(definition)
    needed: dict[int, Definition] = {id(error): error}
    todo, seen = [error], {network.family(error.left)}
    while todo:
        for name in names(todo.pop().right):
            family = network.family(name)
            if family in seen or network.family(error.left) in covering(family):
                continue
            seen.add(family)
            candidates = [d for one in covering(family) for d in defining.get(one, ())]
            first = min(candidates, key=_vagueness, default=None)
            if first is not None and id(first) not in needed:
                needed[id(first)] = first
                todo.append(first)
    return (*(d for d in definitions if id(d) in needed and d is not error), error)


def _vagueness(definition: Definition) -> int:
    """How many functions of several arguments a definition leaves open: the fewer the better."""
    return sum(node.kind == "call" and len(node.parts) > 1 for node in nodes(definition.right))


def unit_order(network: Chosen) -> list[str]:
    """The index letters of units, those of the inputs first, each before what depends on it."""
    before: dict[str, set[str]] = {letter: set() for letter in network.indices}
    for definition in network.definitions:
        left = letters_in([definition.left]) & network.indices
        right = letters_in(names(definition.right)) & network.indices
        for letter in left:
            before[letter] |= right - left
    order: list[str] = []
    while before:
        ready = sorted(letter for letter, needs in before.items() if needs <= set(order))
        if not ready:
            return []
        order += ready
        for letter in ready:
            del before[letter]
    return order


def doubtful(network: Chosen) -> Quantity | None:
    """A name without a definition whose like is defined, beside a name that is.

    Whether it depends on what stands beside it, the document does not say: the out_h2 of a network
    in which out_h1 is defined.
    """
    if network.units:
        return None
    stems = {d.left.stem for d in network.definitions}
    doubted = {network.family(q) for q in network.given if q.stem in stems}
    for definition in network.definitions:
        inside = list(names(definition.right))
        if any(map(network.defines, inside)):
            for name in inside:
                if network.family(name) in doubted:
                    return name
    return None


def dependent(network: Chosen, said: Said) -> tuple[Quantity, Quantity] | None:
    """A name without a definition, of which a derivative is taken by a name of the network.

    It depends on that name, then, and the document does not say how; but a bias does on no weight,
    and its derivative is 0 in a sum that is differentiated term by term.
    """
    present = {network.family(q) for d in network.definitions for q in (d.left, *names(d.right))}
    given = {network.family(q) for q in network.given}
    for of, by in said.derivatives:
        families = network.family(of), network.family(by)
        parameters = all(said.by[q.stem] and q.stem.lower() in _PARAMETERS for q in (of, by))
        if families[0] == families[1] or parameters:
            continue
        if families[0] in given and families[1] in present:
            return of, by
    return None


_PARAMETERS = frozenset({"w", "b", "theta", "bias", "weight"})
"""Stems of weights and biases, of which none depends on another."""


def with_error_of_all(network: Chosen) -> Chosen:
    """The network whose errors, one of each example or step, are summed: E = Σ_t E_t."""
    error = network.error
    letters = [s for s in error.left.scripts if s in network.indices]
    if not letters or network.units:
        return network
    body: Quantity | Node = error.left
    for letter in letters:
        body = Node("total", (body,), letter)
    total = Quantity(f"{error.left.stem}_total")
    added = replace(error, left=total, right=body, formula=-1, sides=())
    return replace(network, definitions=(*network.definitions, added))


def weights_of(network: Chosen, said: Said, default: Collection[str]) -> list[str]:
    """The stems that are parameters: what derivatives are taken by, and what begins like one.

    Where derivatives are taken by defined quantities only, they are what these are made of.
    """
    given = dict.fromkeys(quantity.stem for quantity in network.given)
    by_rule = [stem for stem in given if any(stem.lower().startswith(d) for d in default)]
    by_derivatives = by_rule or [stem for stem in given if said.by[stem]]
    derived = [d for d in network.definitions if said.by[d.left.stem]]
    inside = {name.stem for d in derived for name in names(d.right)}
    return by_derivatives or [stem for stem in given if stem in inside]
