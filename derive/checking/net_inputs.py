"""Names of net inputs that authors give otherwise: z_t is that of the output, and not of h_t."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derive.formula import Call, Formula, Member, Name, transform
from derive.model.families import Family, array_of, member
from derive.model.instances import Instances, Step
from derive.networks.equations.names import FreeNames
from derive.networks.equations.system import System
from derive.notations.free import joined_name, split_name

MOST = 4
"""So many names and quantities whose net input one of them may be are tried, with each other."""
MOST_LAYERS = 20


def named_otherwise(network: System) -> Iterator[tuple[str, str, str, System]]:
    """A net input's name, whose it is, whose it may be, and the network with one for that.

    It may be the argument of any function that has no name in the file; in the network that comes
    with it this has the name :func:`fresh`.
    """
    families = [family for family in network.instances.families if family.definition is not None]
    owners = {
        array_of(family.definition.argument): family
        for family in families
        if isinstance(family.definition, Call) and isinstance(family.definition.argument, Member)
    }
    nameless = _nameless(network)
    for (stem, count), owner in list(owners.items())[:MOST]:
        for family in nameless[:MOST]:
            alone = len(network.instances.of_array(family.array)) == 1
            if alone and count == len(family.ranges):
                yield stem, owner.key, family.key, _with_net_input(network, stem, family)


def with_all_named(network: System) -> System | None:
    """The network in which each nameless argument of a function has a name; nothing without any.

    So it has a δ of each layer, also where the file says x = f(Wx) at once.
    """
    nameless = _nameless(network)
    if not nameless or len(nameless) > MOST_LAYERS:
        return None
    for family in nameless:
        network = _with_net_input(network, family.key, family)
    return network


def _nameless(network: System) -> list[Family]:
    """The families that are a function of what has no name of its own."""
    return [
        family
        for family in network.instances.families
        if isinstance(family.definition, Call) and family.definition.argument.parts()
    ]


def fresh(stem: str) -> str:
    """A stem that no name of a file has: the file's own with a stroke."""
    return f"{stem}'"


def renamed(formula: Formula, stem: str) -> Formula:
    """A formula in which all of this stem have the stem that is :func:`fresh`."""

    def rule(node: Formula) -> Formula | None:
        if isinstance(node, Member) and node.stem == stem:
            return Member(fresh(stem), node.indices)
        if isinstance(node, Name):
            own, indices = split_name(node.name)
            return Name(joined_name(fresh(stem), indices)) if own == stem else None
        return None

    return transform(formula, rule)


def _with_net_input(network: System, stem: str, family: Family) -> System:
    """The network in which what the function of a family is applied to has a name of its own."""
    assert isinstance(family.definition, Call)
    inner = replace(family, key=fresh(stem), definition=family.definition.argument)
    named = replace(family.definition, argument=member(fresh(stem), *family.letters))
    outer = replace(family, definition=named)
    order: list[Step] = []
    for one, chosen in network.instances.steps:
        order += [(inner, chosen), (outer, chosen)] if one is family else [(one, chosen)]
    families = list(dict.fromkeys(one for one, _ in order))
    return replace(network, instances=Instances(families, FreeNames(), order), arrays=None)
