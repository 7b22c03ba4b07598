"""The jobs that time long recurrences, deep chains and a large convolution."""

from __future__ import annotations

import gc
import time
import tomllib
from collections.abc import Callable
from typing import Any

CONVOLUTION = """
family = "convolution"
input = [28, 28]
kernel = 3
activation = "sigmoid"
loss = "mean-squared-error"
"""


def _recurrent(steps: int) -> Any:
    """A recurrent network with two inputs, three units and an output after every step."""
    from derive.networks.families.table import system

    text = f'family = "recurrent"\nsteps = {steps}\ninputs = 2\nhidden = 3\noutputs = 1\nerrors = "every"'
    return system(tomllib.loads(text), "recurrent", {})


def _chain(depth: int) -> Any:
    """So many definitions, each of the one before it, with the same two weights."""
    from derive.networks.equations.system import System

    return System.from_text(
        f"inputs: h[0], y\nh[t] = sig(w*h[t-1] + b), t=1..{depth}\nE = 1/2*(y - h[{depth}])^2"
    )


def _layered(depth: int) -> Any:
    """The layered network 1-1-1-…-1."""
    from derive.networks.network import Network

    return Network.read("-".join(["1"] * (depth + 1)))


KINDS: dict[str, Callable[[int], Any]] = {
    "recurrent": _recurrent,
    "chain": _chain,
    "layered": _layered,
}


def _derived(network: Any) -> dict[str, Any]:
    """Model, deltas, all gradients, their proof, and every equation as a LaTeX string."""
    from derive import Model
    from derive.calculus.chain import Chain
    from derive.calculus.proof import prove
    from derive.emit.latex import Latex
    from derive.formula import Equation, Name, Partial

    model = Model.of(network)
    chain = Chain(model)
    latex = Latex(model)
    lines = [
        latex.chain(Equation((Partial(Name(model.total), Name(name)), value)))
        for name, value in (*chain.deltas.items(), *chain.gradients.items())
    ]
    prove(chain)
    return {"definitions": len(model.definitions), "characters": sum(map(len, lines))}


def steps(kind: str, *sizes: str) -> dict[str, Any]:
    """Processor seconds per step, or per layer, from the model to proof and typesetting.

    The small ones, which are over soon, are repeated more often.
    """
    _derived(KINDS[kind](int(sizes[0])))
    times: dict[str, float] = {}
    largest = max(map(int, sizes))
    for _ in range(4):
        for size in sizes:
            for _ in range(largest // int(size)):
                network = KINDS[kind](int(size))
                gc.collect()
                start = time.process_time()
                _derived(network)
                spent = (time.process_time() - start) / int(size)
                times[size] = min(spent, times.get(size, spent))
    return {"seconds_per_step": times}


def convolution() -> dict[str, Any]:
    """A 3 × 3 kernel over 28 × 28 pixels: derived, proved and typeset."""
    from derive.networks.families.table import system

    return _derived(system(tomllib.loads(CONVOLUTION), "convolution", {}))
