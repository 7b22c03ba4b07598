"""The jobs that are timed, each in a process of its own: ``python -m tests.benchmarks.jobs NAME``.

A job prints one line of JSON: what it did, and the most memory it held, in MB.
"""

from __future__ import annotations

import gc
import json
import os
import random
import resource
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from tests.benchmarks.checking import documents, judging, simplifying
from tests.benchmarks.scaling import convolution, steps


def typeset(spec: str) -> dict[str, Any]:
    """Model, all gradients in delta form, and every one of them as a LaTeX string."""
    from derive import Model
    from derive.calculus.chain import Chain
    from derive.emit.latex import Latex
    from derive.formula import Delta, Equation, Name, Partial

    model = Model.of(spec)
    chain = Chain(model)
    latex = Latex(model)
    lines = [latex.chain(Equation((Delta(net), value))) for net, value in chain.deltas.items()]
    for weight, value in chain.gradients.items():
        by = Partial(Name(model.total), Name(weight))
        lines.append(latex.chain(Equation((by, value))))
    return {"weights": len(chain.gradients), "characters": sum(map(len, lines))}


def expanded(spec: str, each: str = "0") -> dict[str, Any]:
    """The obvious way: SymPy differentiates the whole E_total by every weight and prints it.

    With `each` greater than 0 only so many weights of each layer are done, drawn at random, and
    `seconds` is what all of them would take; else `seconds` is what they took.
    """
    import sympy

    layers = [int(size) for size in spec.split("-")]
    outs: list[Any] = [sympy.Symbol(f"x{i}") for i in range(layers[0])]
    weights: list[list[Any]] = []
    for layer, (sources, size) in enumerate(pairwise(layers), 1):
        grid = [[sympy.Symbol(f"w{layer}_{j}_{i}") for i in range(sources)] for j in range(size)]
        weights.append([w for row in grid for w in row])
        nets = [sum(w * x for w, x in zip(row, outs, strict=True)) for row in grid]
        outs = [1 / (1 + sympy.exp(-net)) for net in nets]
    total = sum(
        sympy.Rational(1, 2) * (sympy.Symbol(f"t{k}") - out) ** 2 for k, out in enumerate(outs)
    )
    draw = random.Random(0)
    seconds, characters, done = 0.0, 0.0, 0
    for names in weights:
        chosen = draw.sample(names, min(int(each), len(names))) if int(each) else names
        start = time.process_time()
        length = sum(len(sympy.latex(total.diff(weight))) for weight in chosen)
        scale = len(names) / len(chosen)
        seconds += scale * (time.process_time() - start)
        characters += scale * length
        done += len(chosen)
    count = sum(map(len, weights))
    return {"weights": count, "done": done, "seconds": seconds, "characters": round(characters)}


def growth(*specs: str) -> dict[str, Any]:
    """Seconds per weight of :func:`typeset` for nets of growing size, without the imports."""
    typeset("2-4-3-2")
    times: dict[str, float] = {}
    for _ in range(3):
        for spec in specs:
            gc.collect()
            start = time.process_time()
            weights = typeset(spec)["weights"]
            spent = (time.process_time() - start) / weights
            times[spec] = min(spent, times.get(spec, spent))
    return {"seconds_per_weight": times}


def operations(spec: str) -> dict[str, Any]:
    """What one evaluation of all gradients costs."""
    from derive import Model
    from derive.calculus.chain import Chain
    from tests.delta_forms import operations as count

    return dict(count(Chain(Model.of(spec))))


JOBS: dict[str, Callable[..., dict[str, Any]]] = {
    job.__name__: job
    for job in (
        typeset,
        expanded,
        growth,
        operations,
        judging,
        simplifying,
        documents,
        steps,
        convolution,
    )
}

if __name__ == "__main__":
    # Our side runs as the command line does: no search for garbage, no taking apart of modules.
    ours = sys.argv[1] in ("typeset", "steps", "convolution")
    if ours:
        gc.disable()
    result = JOBS[sys.argv[1]](*sys.argv[2:])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**result, "megabytes": peak}), flush=True)
    if ours:
        os._exit(0)
