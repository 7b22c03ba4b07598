"""Dilated convolutions in one dimension: a kernel whose taps lie some inputs apart.

    net_i = Σ w_p·x_{i+(p−1)·d} + b,   out_i = f(net_i)

Then, if asked for, a fully connected layer of outputs, as in any convolution.
"""

from __future__ import annotations

from derive.errors import InputError
from derive.networks.families.convolutional import read_out
from derive.networks.families.draft import Draft
from derive.networks.families.family import Family, Settings


def write(settings: Settings, draft: Draft) -> str:
    """The definitions from the input up."""
    size, kernel, apart = (settings.count(key) for key in ("input", "kernel", "dilation"))
    reach = (kernel - 1) * apart + 1
    if reach > size:
        raise InputError(
            f"dilation: {kernel} taps {apart} apart reach over {reach} inputs, but there are"
            f" {size}; give a larger input or a smaller dilation"
        )
    bias = settings.choice("bias", ("none", "kernel", "all"))
    pixels = [draft.given("x", i) for i in range(1, size + 1)]
    sums = []
    for i in range(size - reach + 1):
        window = [((p + 1,), pixels[i + p * apart]) for p in range(kernel)]
        terms = draft.products("w", (), window)
        sums.append(((i + 1,), terms if bias == "none" else [*terms, draft.weight("b")]))
    maps = dict(draft.layer(sums, settings.activation("activation", "relu"), "net", "out"))
    read_out(settings, draft, maps, bias=bias == "all")
    return f"a 1-D convolution, {kernel} taps over {size} with dilation {apart}"


FAMILY = Family(
    "dilated-convolution",
    ("input", "kernel", "dilation", "activation", "bias", "outputs", "output_activation", "loss"),
    write,
)
