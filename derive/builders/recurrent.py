"""Recurrent networks, unrolled over time: the weights of every step are the same.

    net_t = w·x_t + u·h_{t−1} + b,   h_t = f(net_t),   t = 1 … T

(Elman 1990). Several hidden layers stand on one another, each with a state of its own. The error is
that of the output after the last step, or the sum of the errors after every step. A weight has a
path for each of its uses: this is backpropagation through time.
"""

from __future__ import annotations

from collections.abc import Sequence

from derive.builders.draft import Draft, Index, own
from derive.builders.families import Family, Settings
from derive.formula import Formula, Name, total


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

    def read_out(below: Sequence[tuple[Index, Name]], step: int | None) -> Formula:
        sums = []
        for k in own(outputs):
            terms = draft.products("v", (k,), below)
            sums.append(((step, k), [*terms, draft.weight("b_out", k)] if bias else terms))
        return draft.errors(loss, "target", draft.layer(sums, last, "net_out", "out"))

    layers = list(zip(own(len(hidden)), hidden, strict=True))
    states: dict[int | None, list[tuple[Index, Name]]] = {
        layer: [((j,), draft.given("h", layer, 0, j)) for j in own(size)] for layer, size in layers
    }
    errors: list[Name] = []
    for step in range(1, steps + 1):
        below: list[tuple[Index, Name]] = [((i,), draft.given("x", step, i)) for i in own(inputs)]
        for layer, size in layers:
            sums: list[tuple[Index, list[Formula]]] = []
            for j in own(size):
                terms = draft.products("w", (layer, j), below)
                terms += draft.products("u", (layer, j), states[layer])
                terms += [draft.weight("b", layer, j)] if bias else []
                sums.append(((layer, step, j), terms))
            above = draft.layer(sums, activation, "net", "h")
            below = [(index[2:], h) for index, h in above]
            states[layer] = below
        if every:
            errors.append(draft.define(read_out(below, step), "E", step))
    draft.define(total(errors) if every else read_out(below, None), "E")
    sizes = "-".join(map(str, (inputs, *hidden, outputs)))
    return f"a recurrent network {sizes} over {steps} step{'s' if steps > 1 else ''}"


FAMILY = Family(
    "recurrent",
    ("steps", "inputs", "hidden", "outputs", "activation", "output_activation", "bias", "errors",
     "loss"),
    write,
)  # fmt: skip
