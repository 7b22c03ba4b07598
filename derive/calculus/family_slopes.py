"""Local derivatives of a family's definition, by each family in it, as templates.

    net[j] = Σ_k w[j,k]·out[k]:  ∂net[j]/∂w[j,k] = out[k],  ∂net[j]/∂out[k] = w[j,k]

They are those of its instances: a definition is differentiated once, and not once for each neuron.
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.calculus.local import local_derivatives
from derive.formula import Formula, Member, Name, SumOver, product, substitute, transform
from derive.model.families import Family, Slope, member

_OWN = "own"


def slopes_of(family: Family) -> list[Slope]:
    """The local derivatives of a family; its own member may stand in them, as in out·(1 − out)."""
    if family.definition is None:
        return []
    return list(_slopes(family.definition, member(family.key, *family.letters)))


def _slopes(template: Formula, own: Member | None) -> Iterator[Slope]:
    """The derivatives by the members in a template, those inside of sums by the chain rule."""
    names: dict[Formula, Name] = {}

    def named(node: Formula) -> Formula | None:
        if isinstance(node, Member | SumOver):
            return names.setdefault(node, Name(f"part{len(names)}"))
        return None

    plain = transform(template, named)
    found = local_derivatives(plain, _OWN if own is not None else "")
    parts: dict[str, Formula] = {name.name: node for node, name in names.items()}
    if own is not None:
        parts[_OWN] = own
    for name, slope in found.items():
        part, value = parts[name], substitute(slope, parts)
        if isinstance(part, Member):
            yield Slope(part, value, {})
        elif isinstance(part, SumOver):
            here = {part.index: range(part.lower, part.upper + 1)}
            for inner in _slopes(part.body, None):
                yield Slope(inner.by, product([value, inner.value]), {**here, **inner.bound})
