"""Recurrent networks, unrolled over time: the weights of every step are the same.

    net_t = w·x_t + u·h_{t−1} + b,   h_t = f(net_t),   t = 1 … T

(Elman 1990). Several hidden layers stand on one another, each with a state of its own. The error is
that of the output after the last step, or the sum of the errors after every step. A weight has a
path for each of its uses: this is backpropagation through time.
"""

from __future__ import annotations

from derive.model.families import Family as Quantities
from derive.model.families import Role, member, summed
from derive.networks.families.draft import Draft, own
from derive.networks.families.family import Family, Settings
from derive.networks.families.vectors import ROW, TIME, Vector, arrays, layer


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

    time = {TIME: range(1, steps + 1)}
    place = time if every else {}
    of = [own("l", len(hidden)) and {"l": range(n, n + 1)} for n in range(1, len(hidden) + 1)]
    for size, which in zip(hidden, of, strict=True):
        draft.put([draft.given("h", {**which, TIME: range(1), **own(ROW, size)})])
    below, given = Vector("x", time, inputs), draft.given("x", {**time, **own(ROW, inputs)})
    defined: list[Quantities] = []
    for size, which in zip(hidden, of, strict=True):
        states = {**which, **time}
        products = [("w", below), ("u", Vector("h", states, size, before=1))]
        below, made = layer(
            draft, products, "b" if bias else "", which, states, size, activation, ("net", "h")
        )
        defined += made
    if not every:
        draft.put([given], time)
        draft.put(defined, time)
        below = below.last
    last_bias = "b_out" if bias else ""
    _, made = layer(draft, [("v", below)], last_bias, {}, place, outputs, last, ("net_out", "out"))
    error, targets = draft.errors(loss, "target", made[-1], own(ROW, outputs))
    if every:
        draft.put([given, targets], time)
        draft.put([*defined, *made, draft.defined(error, "E", time)], time)
        error = summed(member("E", TIME), **time)
    else:
        draft.put([targets, *made])
    draft.put([draft.defined(error, "E", {}, Role.TOTAL)])
    draft.arrays = arrays
    sizes = "-".join(map(str, (inputs, *hidden, outputs)))
    return f"a recurrent network {sizes} over {steps} step{'s' if steps > 1 else ''}"


_KEYS = (
    *("steps", "inputs", "hidden", "outputs", "activation", "output_activation", "bias", "errors"),
    "loss",
)
FAMILIES = (Family("recurrent", _KEYS, write),)
