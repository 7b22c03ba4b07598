"""The proof of all gradients of a large model of families at once, by arrays of residues.

Backward through the families, δ and the gradients are made of the local derivatives that are
printed, each a template; all their entries are compared with adjoints that know nothing of these
(:mod:`derive.exact.array_points`), modulo each of several primes. An entry that is wrong agrees by
chance with a probability below 2^-100, whatever the other entries are
(:mod:`derive.exact.family_sizes`): so no wrong one is among them with that probability.

Where functions have kinks every unit step is an unknown of its own, and what is proved holds in
every region. A formula of a single δ or gradient is an instance of what was proved, but is put
together and shortened by itself; it is checked when it is made.
"""

from __future__ import annotations

from collections.abc import Callable

from derive.calculus.chain import Chain
from derive.calculus.family_slopes import slopes_of
from derive.exact.array_boxes import Sent
from derive.exact.array_rings import Array
from derive.exact.arrays import Templates
from derive.exact.checking import Checking
from derive.exact.family_sizes import FamilySizes
from derive.formula import Formula, Name, Partial
from derive.model import Model
from derive.model.families import Family, Slope, array_of


class Senders:
    """What each family gets in a sweep backward, by the local derivatives that are printed."""

    def __init__(self) -> None:
        self._slopes: dict[tuple[str, int], list[Slope]] = {}

    def slopes(self, family: Family) -> list[Slope]:
        """The local derivatives of a family, found once for all of its parts."""
        stated = family.key, id(family.definition)
        if stated not in self._slopes:
            self._slopes[stated] = slopes_of(family)
        return self._slopes[stated]

    def __call__(self, family: Family, adjoint: Array, templates: Templates) -> Sent:
        for slope in self.slopes(family):
            if array_of(slope.by) in templates.unasked:
                continue
            runs = {**family.runs, **slope.bound}
            wide = adjoint.reshape(*adjoint.shape, *(1,) * len(slope.bound))
            value = templates.value(slope.value, runs)
            yield array_of(slope.by), *templates.scattered(slope.by, runs, wide, value)


def prove_families(
    chain: Chain, checking: Checking, wrong: Callable[[Model, str], Exception]
) -> None:
    """Prove every adjoint, and have every formula of one checked when the chain makes it.

    Raises what `wrong` makes of the name of a quantity whose derivative is not what is printed.
    """
    model, instances, arrays = chain.model, chain.model.instances, checking.arrays
    sizes = checking.sizes
    assert arrays is not None
    assert isinstance(sizes, FamilySizes)
    sent = Senders()
    bound = sizes.swept(sent.slopes)
    for turn in checking.turns([bound, bound]):
        point = arrays.point(0, turn, steps_free=checking.jumps)
        for rows in point.groups:
            ours, right = point.backward(rows, sent), point.backward(rows)
            for key, adjoint in right.items():
                if not point.alike(rows, key, ours[key], adjoint):
                    found = (f for f in instances.families if f.array == key)
                    raise wrong(model, instances.of(found)[0])
    top = Name(model.total)

    def check(name: str, adjoint: Formula) -> None:
        if not checking.agree(Partial(top, Name(name)), adjoint):
            raise wrong(model, name)

    chain.watch = check
    for made in (chain.deltas, chain.gradients):
        for name, formula in list(made.made.items()):
            check(name, formula)
