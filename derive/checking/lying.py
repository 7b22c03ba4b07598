"""Which matrices a document has lying one way in one formula and the other way in another.

S = Q Kᵀ says how S lies; that ∂E/∂K is ∂E/∂S Q, and not its transpose times Q, does not follow.
"""

from __future__ import annotations

from derive.calculus.array_places import ArrayPlaces
from derive.checking.relations import Relations
from derive.formula import Array, Formula, Member, Partial, walk


def lying_both_ways(relations: Relations) -> frozenset[str]:
    """The matrices of which a proved formula says how they lie, and that another one has turned."""
    turned = [pair for *pair, is_turned in relations.lying if is_turned]
    if not turned:
        return frozenset()
    places = relations.comparing.cases.indices.arrays
    found = {name for pair in turned for name in _matrices(pair, places)}
    said: set[str] = set()
    for left, right, is_turned in relations.lying:
        names = _matrices([left, right], places) & found
        if not is_turned and names - said and not relations.comparing.holds_turned(left, right):
            said |= names
    return frozenset(said)


def _matrices(sides: list[Formula], places: ArrayPlaces) -> set[str]:
    """The names of the matrices in formulas, of a family those of all its members."""
    nodes = [node for side in sides for node in walk(side)]
    nodes += [node.by for node in nodes if isinstance(node, Partial)]
    arrays = [node.of for node in nodes if isinstance(node, Array)]
    families = {of.stem for of in arrays if isinstance(of, Member)}
    alone = {of.name for of in arrays if not isinstance(of, Member)}
    return alone | {name for name, (family, _) in places.places.items() if family in families}
