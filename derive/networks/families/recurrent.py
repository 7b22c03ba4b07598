"""Recurrent networks, unrolled over time: the weights of every step are the same.

    net_t = w·x_t + u·h_{t−1} + b,   h_t = f(net_t),   t = 1 … T

(Elman 1990). Several hidden layers stand on one another, each with a state of its own. The error is
that of the output after the last step, or the sum of the errors after every step. A weight has a
path for each of its uses: this is backpropagation through time.
"""

from __future__ import annotations

from derive.formula import Formula, Name, total
from derive.networks.families.draft import Draft, Index, own
from derive.networks.families.family import Family, Settings
from derive.networks.families.vectors import Vector, Vectors


def write(settings: Settings, draft: Draft) -> str:
    """The definitions step by step, and in each step from the inputs up."""
    steps = settings.count("steps")
    if steps > 1:
        draft.remark = (
            "w and u are the same in every step, so that their gradients add up over time"
        )
    inputs, hidden = settings.count("inputs"), settings.counts("hidden")
    outputs = settings.count("outputs")
    activation = settings.activation("activation", "tanh")
    last = settings.output_activation(outputs)
    bias = settings.choice("bias", ("none", "neuron")) == "neuron"
    every = settings.choice("errors", ("last", "every")) == "every"
    loss = settings.loss()

    vectors = Vectors(draft)

    def read_out(state: Vector, place: Index) -> Formula:
        outs = vectors.layer(
            [("v", state)], "b_out" if bias else "", (), place, outputs, last, "net_out", "out"
        )
        return vectors.errors(loss, "target", outs, place)

    layers = list(zip(own(len(hidden)), hidden, strict=True))
    states = {layer: vectors.given("h", size, (layer, 0)) for layer, size in layers}
    errors: list[Name] = []
    for step in range(1, steps + 1):
        below = vectors.given("x", inputs, (step,))
        for layer, size in layers:
            products = [("w", below), ("u", states[layer])]
            below = states[layer] = vectors.layer(
                products, "b" if bias else "", (layer,), (layer, step), size, activation, "net", "h"
            )
        if every:
            errors.append(draft.define(read_out(below, (step,)), "E", step))
    error = draft.define(total(errors) if every else read_out(below, ()), "E")
    draft.arrays = vectors.arrays(error)
    sizes = "-".join(map(str, (inputs, *hidden, outputs)))
    return f"a recurrent network {sizes} over {steps} step{'s' if steps > 1 else ''}"


FAMILY = Family(
    "recurrent",
    ("steps", "inputs", "hidden", "outputs", "activation", "output_activation", "bias", "errors",
     "loss"),
    write,
)  # fmt: skip
