"""What the tests of all families need: a network from a text, its values, its checks."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

import numpy as np

from derive import Model, gradcheck
from derive.calculus.chain import Chain
from derive.calculus.proof import prove
from derive.emit.text import Text
from derive.networks.equations.system import System
from derive.networks.families.table import system
from derive.notes.compose import compose
from derive.numeric.forward import quantities
from derive.render.readback import prove_document
from derive.render.render import render


def stated(text: str, **options: str) -> System:
    """The network that the text of a TOML file states."""
    return system(tomllib.loads(text), "test", options)


def definitions(network: System) -> dict[str, str]:
    """All definitions in plain text."""
    model = Model.of(network)
    return {name: Text(model).inline(formula) for name, formula in model.definitions.items()}


def values(network: System, seed: int = 0) -> tuple[dict[str, float], dict[str, float]]:
    """Drawn inputs and weights, and the value of every quantity by the definitions."""
    numbers = network.with_random_numbers(seed).numbers
    assert numbers is not None
    return dict(numbers), quantities(Model.of(network), numbers)


def array(numbers: Mapping[str, float], stem: str) -> Any:
    """The quantities x_1_1, x_1_2, … as an array; one without indices as a number."""
    if stem in numbers:
        return numbers[stem]
    found = {
        tuple(map(int, name.removeprefix(f"{stem}_").split("_"))): value
        for name, value in numbers.items()
        if re.fullmatch(rf"{stem}(_[0-9]+)+", name)
    }
    shape = [max(place) for place in zip(*found, strict=True)]
    filled = np.full(shape, np.nan)
    for place, value in found.items():
        filled[tuple(n - 1 for n in place)] = value
    assert not np.isnan(filled).any()
    return filled


def prove_all(network: System, format_: str = "markdown") -> None:
    """Gradients proved, three gradients alike in numbers, the document read back and proved."""
    chain = Chain(Model.of(network))
    proof = prove(chain)
    assert {*proof.exact, *proof.modular, *proof.regions} == set(network.weights)
    found = gradcheck(network)
    assert found.passed, found.suspects
    assert prove_document(network, render(compose(network), format_, None), format_) > 3
