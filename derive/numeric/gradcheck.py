"""The numeric check of any model: three gradients that share no derivative, and one step down.

They are the formulas of the derivation, evaluated; backpropagation in NumPy, or another way for
what has no layers; and differences of the error. What they have in common are the definitions of
the functions, and all but the backpropagation in NumPy also share those of the quantities.
"""

from __future__ import annotations

import numpy as np

from derive.calculus.chain import Chain
from derive.errors import InputError
from derive.exact.large import array_points
from derive.model import PARAMETERS, Role
from derive.model.facts import Facts
from derive.model.made import Made
from derive.networks.sources import Source, build, read
from derive.numeric.found import Gradcheck, GradientRow, judged
from derive.numeric.single import Check, SingleCheck


def gradcheck(source: Source, seed: int = 0, chain: Chain | None = None) -> Gradcheck:
    """Check the derived gradients of a network at its numbers, or at some drawn from `seed`.

    `source` is the network or what names it; `chain` spares building its model again where there is
    one. Raises :class:`InputError` where a quantity has no finite value.
    """
    network = read(source).numbered(seed)
    chain = chain or Chain(build(network))
    with np.errstate(all="ignore"):
        check = _checked(network, chain)
        model, names = check.model, chain.model.parameters
        derived, (second, second_error) = check.derived(), check.second()
        tried, found = check.differences()
        verdict = judged(network, names, derived, (second, second_error), tried, found)
        downhill = np.where(np.isfinite(derived.gradient), derived.gradient, second)
        check.start = model.flat(model.given), derived.error, np.where(model.moving, downhill, 0)
        flat = check.start[0] - network.learning_rate * check.start[2]
        after = check.after(flat)
    if not (np.isfinite(after) and np.isfinite(flat).all()):
        raise InputError(
            f"training.learning_rate: one step at {network.learning_rate:g} overflows;"
            " a smaller learning rate keeps weights and error finite"
        )
    chain.model.kept[Check] = check
    place = model.instances.named(*PARAMETERS).position
    known = ~np.isnan(found.value)
    differences = dict(zip(tried[known].tolist(), found.value[known].tolist(), strict=True))
    stepping = names if network.update_biases else chain.model.names(Role.WEIGHT)

    def row(name: str) -> GradientRow:
        n = place(name)
        return GradientRow(float(derived.gradient[n]), float(second[n]), differences.get(n))

    return Gradcheck(
        network=network,
        values=check.values,
        gradients=Made(names, row),
        error=derived.error,
        learning_rate=network.learning_rate,
        updated=Made(stepping, lambda name: float(flat[place(name)])),
        error_after=after,
        second="NumPy" if network.has_vectors else check.name,
        tried=len(tried),
        adjoints=check.adjoints,
        **verdict,
    )


def _checked(network: Facts, chain: Chain) -> Check:
    if array_points(chain.model) is None:
        return SingleCheck(network, chain)
    from derive.numeric.large import LargeCheck

    return LargeCheck(network, chain)
