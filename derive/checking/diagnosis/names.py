"""Mistakes with names: another index, another weight, another numbering, a wrong input."""

from __future__ import annotations

from collections.abc import Iterator

from derive.checking.diagnosis.case import Case, Repair
from derive.checking.diagnosis.sites import Node, Site, Trail, occurrences, replaced
from derive.formula import (
    Call,
    Formula,
    Name,
    Partial,
    Power,
    names_in,
    substitute,
    transform,
    walk,
)
from derive.model import Role

MOST_TRIALS = 1_500
MOST_PARAMETERS = 200


def one_name(case: Case) -> Iterator[Repair]:
    """wrong-index, wrong-activation: one name at one place, also inside of ∂ or a function."""
    for site in case.sites:
        if isinstance(site.formula, Name):
            name = case.tables.names.get(site.needed)
            if name is not None and name != site.formula.name:
                repaired = replaced(case.wrong, site.trail, Name(name))
                yield _renamed(case, site.formula.name, name, repaired)
        elif isinstance(site.formula, Partial | Call | Power):
            for trail, old, new in _inside(case, site):
                repaired = replaced(case.wrong, (*site.trail, *trail), Name(new))
                yield _renamed(case, old, new, repaired)


def _inside(case: Case, site: Site) -> Iterator[tuple[Trail, str, str]]:
    """Where in a ∂ or a function which name is to be which, for the value that is needed."""
    if isinstance(site.formula, Partial) and site.needed == 0:
        # A derivative that has to be 0 is one too many, whatever else it may be of.
        return
    for trail, old in occurrences(site.formula):
        if isinstance(old, Name):
            for new in _alike(case, old.name):
                if _value(case, replaced(site.formula, trail, Name(new))) == site.needed:
                    yield trail, old.name, new


def _value(case: Case, formula: Formula) -> int | None:
    """The residue of a formula; that of ∂a/∂b of two quantities is looked up."""
    if isinstance(formula, Name):
        return int(case.point.values[formula.name])
    if (
        isinstance(formula, Partial)
        and isinstance(formula.of, Name)
        and isinstance(formula.by, Name)
    ):
        return case.tables.slope(formula.of.name, formula.by.name)
    return case.value(formula)


def _alike(case: Case, name: str) -> list[str]:
    """The quantities for which a name may stand by mistake, those of the same layer first."""
    model = case.model
    quantity = model.quantities[name]
    if quantity.role is Role.TOTAL:
        return list(model.errors)
    outs = (Role.OUTPUT, Role.INPUT)
    roles = outs if quantity.role in outs else (quantity.role,)
    alike = [
        q for q in model.having(*roles) if q.name != name and abs(q.layer - quantity.layer) <= 1
    ]
    alike.sort(key=lambda q: (q.layer != quantity.layer, q.family != quantity.family))
    found = [q.name for q in alike]
    return [*found, model.total] if quantity.role is Role.ERROR else found


def names_everywhere(case: Case) -> Iterator[Repair]:
    """wrong-index, wrong-activation: one name, replaced wherever it stands."""
    trials = 0
    places: dict[str, int] = {}
    for node in walk(case.wrong):
        if isinstance(node, Name):
            places[node.name] = places.get(node.name, 0) + 1
    for old in [name for name, count in places.items() if count > 1]:
        for new in _alike(case, old):
            trials += 1
            if trials > MOST_TRIALS:
                return

            def rule(node: Node, old: str = old, new: str = new) -> int | None:
                if old not in node.names:
                    return node.value
                put = None if node.parts else substitute(node.formula, {old: Name(new)})
                return None if put is None else _value(case, put)

            if case.tree.changed(rule) == case.right:
                yield _renamed(case, old, new, substitute(case.wrong, {old: Name(new)}))


def _renamed(case: Case, old: str, new: str, repaired: Formula) -> Repair:
    model = case.model
    was, now = model.quantities[old], model.quantities[new]
    code = "wrong-index"
    outs = (Role.OUTPUT, Role.INPUT)
    errors = (Role.ERROR, Role.TOTAL)
    if was.role in outs and now.role in outs:
        if case.is_input(new):
            code = "wrong-activation"
    elif Role.NET in (was.role, now.role) and case.place(old) == case.place(new):
        code = "sigmoid-derivative"
    elif _are_unlike(case, old, new):
        code = "wrong-name"
    # The weight of the left side is rarely what is wrong on the right.
    own = case.by is not None and old == case.by.name
    weak = code == "wrong-name" or was.role in errors or own
    facts = {"old": Name(old), "new": Name(new)}
    return Repair(code, repaired, facts, suggestion=Name(new), weak=weak)


def _are_unlike(case: Case, old: str, new: str) -> bool:
    """Whether two quantities differ by more than their index."""
    model = case.model
    if not model.has_neurons:
        return model.quantities[old].family != model.quantities[new].family
    roles = {model.quantities[old].role, model.quantities[new].role}
    return len(roles) > 1 and roles != {Role.ERROR, Role.TOTAL}


def other_weight(case: Case) -> Iterator[Repair]:
    """The gradient of another weight of the same network."""
    if case.gradient is None or case.by is None or case.got == 0:
        return
    of, by = case.gradient
    parameter = by in case.model.parameters
    others = [
        q.name
        for q in case.model.quantities.values()
        if q.name not in (by, of)
        and (q.name in case.model.parameters if parameter else q.role is case.by.role)
    ]
    if len(others) > MOST_PARAMETERS and of != case.model.total:
        others = [n for n in others if case.model.quantities[n].layer == case.by.layer]
        others = others[:MOST_PARAMETERS]
    for name in others:
        if case.tables.slope(of, name) == case.got:
            left = Partial(Name(of), Name(name))
            if left != case.wrong:
                yield Repair("other-weight", case.wrong, {"left": left}, left=left)
            return


def other_numbering(case: Case) -> Iterator[Repair]:
    """Weights that are numbered source by source, or whose first index is the source."""
    table = case.model.network.naming.table
    sizes = case.model.sizes
    places = {
        (q.layer, q.index, q.source): q.name
        for q in case.model.having(Role.WEIGHT)
        if q.source is not None
    }
    ours: dict[str, Formula] = {}
    for (layer, target, source), name in places.items():
        running = (target - 1) * sizes[layer - 1] + source - 1
        meant = (layer, running % sizes[layer] + 1, running // sizes[layer] + 1)
        there = places.get(meant if table.running else (layer, source, target))
        if there is not None and there != name:
            ours[name] = Name(there)
    if not ours.keys() & {*names_in(case.truth), *names_in(case.wrong)}:
        return
    # Both sides are read in the author's numbering; then they must agree.
    truth, wrong = (
        transform(side, lambda n: ours.get(n.name) if isinstance(n, Name) else None)
        for side in (case.truth, case.wrong)
    )
    if case.value(truth) == case.value(wrong):
        facts = {"indices": not table.running, "source_first": table.source_first}
        yield Repair("other-numbering", wrong, facts, left=truth)
