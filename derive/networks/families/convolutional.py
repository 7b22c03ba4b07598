"""Convolutions in one or two dimensions: one kernel, moved over the input.

    net_{i,j} = Σ w_{p,q}·x_{i+p−1,j+q−1} + b,   out_{i,j} = f(net_{i,j})

Then, if asked for, the mean or the largest of each window of outputs (pooling), and a fully
connected layer of outputs; without one, every output of the convolution has a target of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product as combinations

from derive.errors import InputError
from derive.formula import Formula, Name, Number, product, total
from derive.networks.families.draft import Draft, Index, larger, own
from derive.networks.families.family import Family, Settings

POOLINGS = ("max", "mean")
Shape = tuple[int, ...]
Maps = dict[Index, Name]
"""The neurons of all feature maps by map and place."""


def write(settings: Settings, draft: Draft) -> str:
    """The definitions from the input up."""
    shape = settings.counts("input")
    if len(shape) > 2:
        raise InputError(f"input: one or two dimensions, like [6] or [4, 4]: {list(shape)}")
    kernel = _fitting("kernel", settings.counts("kernel"), shape)
    stride = _fitting("stride", settings.counts("stride", 1), shape)
    moved = tuple((n - k) // s + 1 for n, k, s in zip(shape, kernel, stride, strict=True))
    kernels = settings.count("kernels", 1)
    bias = settings.choice("bias", ("none", "kernel", "all"))
    activation = settings.activation("activation", "relu")

    pixels = {place: draft.given("x", *place) for place in _places(shape)}
    sums: list[tuple[Index, list[Formula]]] = []
    for k, place in combinations(own(kernels), _places(moved)):
        start = [(i - 1) * s for i, s in zip(place, stride, strict=True)]
        window = [
            (p, pixels[tuple(a + b for a, b in zip(start, p, strict=True))])
            for p in _places(kernel)
        ]
        terms = draft.products("w", (k,), window)
        sums.append(((k, *place), terms if bias == "none" else [*terms, draft.weight("b", k)]))
    maps = dict(draft.layer(sums, activation, "net", "out"))
    maps = pooled(settings, draft, maps, kernels, moved)
    read_out(settings, draft, maps, bias=bias == "all")
    about = f"a {len(shape)}-D convolution, {_size(kernel)} over {_size(shape)}"
    if not settings.has("pool"):
        return about
    return f"{about}, with {settings.choice('pooling', POOLINGS)} pooling"


def pooled(settings: Settings, draft: Draft, maps: Maps, kernels: int, shape: Shape) -> Maps:
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
    found: Maps = {}
    coarse = tuple(n // p for n, p in zip(shape, pool, strict=True))
    for k, place in combinations(own(kernels), _places(coarse)):
        window = [
            maps[k, *((i - 1) * s + p for i, s, p in zip(place, pool, within, strict=True))]
            for within in _places(pool)
        ]
        found[k, *place] = _pool(draft, window, (k, *place), largest=largest)
    return found


def _pool(draft: Draft, window: Sequence[Name], index: Index, *, largest: bool) -> Name:
    """One window. The largest is found one by one: m_n is the largest of the first n."""
    if not largest:
        mean = product([Number(Fraction(1, len(window))), total(window)])
        return draft.define(mean, "pool", *index)
    draft.remark = "max(a, b) is written a + relu(b - a)"
    top: Formula = window[0]
    for n, value in enumerate(window[1:-1], 2):
        top = draft.define(larger(top, value), "m", *index, n)
    return draft.define(larger(top, window[-1]) if window[1:] else top, "pool", *index)


def read_out(settings: Settings, draft: Draft, maps: Maps, *, bias: bool) -> None:
    """The outputs y, each of all neurons in `maps`, or these neurons themselves; the error."""
    outs: list[tuple[Index, Name]] = list(maps.items())
    if settings.has("outputs"):
        count = settings.count("outputs")
        last = settings.output_activation(count)
        sums = []
        for o in own(count):
            terms = draft.products("v", (o,), outs)
            sums.append(((o,), [*terms, draft.weight("b_y", o)] if bias else terms))
        outs = draft.layer(sums, last, "net_y", "y")
    elif settings.has("output_activation"):
        raise InputError("output_activation: of which layer? say for example outputs = 1")
    draft.define(draft.errors(settings.loss(), "target", outs), "E")


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


def _places(shape: Shape) -> Iterator[tuple[int, ...]]:
    return combinations(*(range(1, n + 1) for n in shape))


def _size(shape: Sequence[int]) -> str:
    return " × ".join(map(str, shape))


FAMILY = Family(
    "convolution",
    ("input", "kernel", "kernels", "stride", "activation", "bias", "pool", "pooling", "outputs",
     "output_activation", "loss"),
    write,
)  # fmt: skip
