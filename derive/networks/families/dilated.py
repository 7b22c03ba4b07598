"""Dilated convolutions in one dimension: a kernel whose taps lie some inputs apart.

    net_i = Σ w_p·x_{i+(p−1)·d} + b,   out_i = f(net_i)

Then, if asked for, a fully connected layer of outputs, as in any convolution.
"""

from __future__ import annotations

from derive.errors import InputError
from derive.model.families import member
from derive.networks.families.convolutional import read_out
from derive.networks.families.draft import Draft, moved
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
    draft.put([draft.given("x", {"i": range(1, size + 1)})])
    taps, places = {"p": range(1, kernel + 1)}, {"i": range(1, size - reach + 2)}
    weights = [draft.weights("w", taps)]
    pixel = moved("x", (("i", *("p",) * apart), -apart))
    terms = [draft.products(member("w", "p"), pixel, taps, size - reach + 1)]
    if bias != "none":
        weights.append(draft.weights("b", {}))
        terms.append(member("b"))
    draft.put(weights)
    activation = settings.activation("activation", "relu")
    layer = draft.layer(terms, activation, ("net", "out"), {}, places)
    draft.put(layer)
    read_out(settings, draft, layer[-1], bias=bias == "all")
    return f"a 1-D convolution, {kernel} taps over {size} with dilation {apart}"


FAMILY = Family(
    "dilated-convolution",
    ("input", "kernel", "dilation", "activation", "bias", "outputs", "output_activation", "loss"),
    write,
)
