"""Convolutions in one or two dimensions: one kernel, moved over the input.

    net_{i,j} = Σ w_{p,q}·x_{i+p−1,j+q−1} + b,   out_{i,j} = f(net_{i,j})

The taps of a dilated kernel lie some inputs apart: w_p is multiplied by x_{i+(p−1)·d}. Then, if
asked for, the mean or the largest of each window of outputs (pooling), and a fully connected layer
of outputs; without one, every output of the convolution has a target of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial
from itertools import product as combinations
from math import prod

from derive.errors import InputError
from derive.formula import Formula, Member, Number, product
from derive.model.families import Family as Quantities
from derive.model.families import Role, member, summed
from derive.networks.families.draft import Draft, larger, moved, own
from derive.networks.families.family import Family, Settings

POOLINGS = ("max", "mean")
Shape = tuple[int, ...]


def write(settings: Settings, draft: Draft, *, dilated: bool = False) -> str:
    """The definitions from the input up."""
    shape = settings.counts("input")
    if len(shape) > 2:
        raise InputError(f"input: one or two dimensions, like [6] or [4, 4]: {list(shape)}")
    kernel = _fitting("kernel", settings.counts("kernel"), shape)
    stride = _fitting("stride", settings.counts("stride", 1), shape)
    apart = settings.count("dilation") if dilated else 1
    reach = tuple((k - 1) * apart + 1 for k in kernel)
    if any(far > n for far, n in zip(reach, shape, strict=True)):
        raise InputError(
            f"dilation: {_size(kernel)} taps {apart} apart reach over {_size(reach)} inputs, but"
            f" there are {_size(shape)}; give a larger input or a smaller dilation"
        )
    moved_ = tuple((n - far) // s + 1 for n, far, s in zip(shape, reach, stride, strict=True))
    kernels = settings.count("kernels", 1)
    bias = settings.choice("bias", ("none", "kernel", "all"))
    activation = settings.activation("activation", "relu")

    draft.put([draft.given("x", _ranges("ij", shape))])
    window, places, maps = _ranges("pq", kernel), _ranges("ij", moved_), own("k", kernels)
    pixel = moved(
        "x",
        *(
            ((place,) * s + (tap,) * apart, 1 - s - apart)
            for place, tap, s in zip("ij", "pq", stride, strict=False)
        ),
    )
    shift = "" if bias == "none" else "b"
    terms = draft.weighted([("w", pixel, window)], shift, maps, kernels * prod(moved_))
    layer = draft.layer(terms, activation, ("net", "out"), maps, places)
    draft.put(layer)
    outs = pooled(settings, draft, layer[-1], moved_)
    read_out(settings, draft, outs, bias=bias == "all")
    taps = f"{_size(kernel)} taps" if dilated else _size(kernel)
    about = f"a {len(shape)}-D convolution, {taps} over {_size(shape)}"
    about += f" with dilation {apart}" if dilated else ""
    if not settings.has("pool"):
        return about
    return f"{about}, with {settings.choice('pooling', POOLINGS)} pooling"


def pooled(settings: Settings, draft: Draft, maps: Quantities, shape: Shape) -> Quantities:
    """The mean or the largest of every window of `pool`, or `maps` themselves without it."""
    largest = settings.choice("pooling", POOLINGS) == "max"
    if not settings.has("pool"):
        if settings.has("pooling"):
            raise InputError("pooling: of which windows? say for example pool = 2")
        return maps
    pool = _fitting("pool", settings.counts("pool"), shape)
    if any(n % p for n, p in zip(shape, pool, strict=True)):
        near = [
            max(d for d in range(1, p + 1) if n % d == 0) for n, p in zip(shape, pool, strict=True)
        ]
        raise InputError(
            f"pool: windows of {_size(pool)} do not divide the {_size(shape)} outputs of the"
            f" convolution; {_size(near)} would"
        )
    coarse = tuple(n // p for n, p in zip(shape, pool, strict=True))
    kernels = maps.letters[: -len(shape)]
    ranges = {**{x: maps.runs[x] for x in kernels}, **_ranges("ij", coarse)}

    def value(within: Sequence[tuple[tuple[str, ...], int]]) -> Member:
        """What stands at this place of the window."""
        places = zip("ij", pool, within, strict=False)
        corner = (((x,) * p + own, offset - p) for x, p, (own, offset) in places)
        return moved(maps.key, *kernels, *corner)

    if not largest:
        window = _ranges("pq", pool)
        mean = summed(value([((letter,), 0) for letter in window]), **window)
        mean = product([Number(Fraction(1, prod(pool))), mean])
        pools = [draft.defined(mean, "pool", ranges)]
    else:
        values = [
            value([((), p) for p in place]) for place in combinations(*_ranges("pq", pool).values())
        ]
        pools = _largest(draft, values, ranges)
    draft.put(pools, ranges if largest else {})
    return pools[-1]


def _largest(
    draft: Draft, values: Sequence[Formula], ranges: Mapping[str, range]
) -> list[Quantities]:
    """The largest of each window is found one by one: m_n is the largest of the first n."""
    draft.remark = "max(a, b) is written a + relu(b - a)"
    found: list[Quantities] = []
    top = values[0]
    for n, value in enumerate(values[1:-1], 2):
        at = {**ranges, "n": range(n, n + 1)}
        found.append(draft.defined(larger(top, value), "m", at))
        top = member("m", *ranges, n)
    last = larger(top, values[-1]) if values[1:] else top
    return [*found, draft.defined(last, "pool", ranges)]


def read_out(settings: Settings, draft: Draft, maps: Quantities, *, bias: bool) -> None:
    """The outputs y, each of all neurons in `maps`, or these neurons themselves; the error."""
    outs, neurons = maps, maps.runs
    if settings.has("outputs"):
        count = settings.count("outputs")
        last, neurons = settings.output_activation(count), own("o", count)
        products = [("v", member(maps.key, *maps.letters), maps.runs)]
        terms = draft.weighted(products, "b_y" if bias else "", neurons, count)
        layer = draft.layer(terms, last, ("net_y", "y"), {}, neurons)
        draft.put(layer)
        outs = layer[-1]
    elif settings.has("output_activation"):
        raise InputError("output_activation: of which layer? say for example outputs = 1")
    error, targets = draft.errors(settings.loss(), "target", outs, neurons)
    draft.put([targets, draft.defined(error, "E", {}, Role.TOTAL)])


def _fitting(key: str, sizes: Shape, shape: Shape) -> Shape:
    """`sizes` for every dimension of `shape`, none larger than it."""
    full = sizes * len(shape) if len(sizes) == 1 else sizes
    if len(full) != len(shape):
        raise InputError(
            f"{key}: {len(full)} numbers for {len(shape)} dimension{'s' * (len(shape) > 1)};"
            f" give {len(shape)}, or one for all: {list(full)}"
        )
    if any(size > n for size, n in zip(full, shape, strict=True)):
        raise InputError(
            f"{key}: {_size(full)} is larger than the {_size(shape)} it moves over;"
            f" give at most {_size(shape)}"
        )
    return full


def _ranges(letters: str, shape: Shape) -> dict[str, range]:
    """A letter for each dimension, from 1 on."""
    return {letter: range(1, n + 1) for letter, n in zip(letters, shape, strict=False)}


def _size(shape: Sequence[int]) -> str:
    return " × ".join(map(str, shape))


_END = ("outputs", "output_activation", "loss")
FAMILIES = (
    Family(
        "convolution",
        ("input", "kernel", "kernels", "stride", "activation", "bias", "pool", "pooling", *_END),
        write,
    ),
    Family(
        "dilated-convolution",
        ("input", "kernel", "dilation", "activation", "bias", *_END),
        partial(write, dilated=True),
    ),
)
