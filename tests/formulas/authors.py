"""Networks and verdicts for the spellings of published derivations."""

from __future__ import annotations

from typing import Any

from derive import Model, check
from derive.networks.equations.system import System
from derive.networks.network import Network


def layered(layers: list[int], **keys: Any) -> Model:
    """A layered network in the notation of books, a^l_j."""
    table: dict[str, Any] = {"layers": layers, "notation": "indexed", **keys}
    return Model.of(Network.from_table(table, "network", {}))


def equations(text: str) -> Model:
    """A network that is stated as equations."""
    return Model.of(System.from_text(text, "network"))


def verdict(network: str | Model, claim: str) -> str:
    """What becomes of one formula; silent if it claims nothing."""
    claims = check(network, claim).claims
    return claims[0].verdict.value if claims else "silent"


TWO = layered([2, 3, 2], bias="neuron", names={"E_total": "C"}, activation="sigmoid")
UNITS = """
weights: w
net[j] = sum(w[i,j]*o[i], i=1..2), j=3..5
net[k] = sum(w[j,k]*o[j], j=3..5), k=6..7
o[j] = sig(net[j]), j=3..7
E = 1/2*sum((t[k] - o[k])^2, k=6..7)
"""
"""Two inputs, three hidden units and two outputs, numbered through."""
