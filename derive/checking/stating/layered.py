"""A network of layers that a document states: the letters of its parts, as a network file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from derive.checking.stating.lettering import Lettering
from derive.checking.stating.penalty import RATE
from derive.checking.stating.said import Definition
from derive.checking.stating.written import Quantity
from derive.functions import BY_SYMBOL
from derive.notations.renaming import RESERVED


@dataclass(frozen=True)
class Layers:
    """What the definitions of any layer are made of: stems, and the function of a layer.

    `net` is empty where a layer is defined in one formula, and `bias` where there is none.
    `labelled` says whether each layer has a function of its own, f_l, and `width` whether a layer
    has several neurons.
    """

    out: str
    weight: str
    bias: str
    net: str
    function: str
    labelled: bool
    width: bool
    definitions: tuple[Definition, ...]
    error: str = ""
    target: str = ""
    losses: tuple[str, ...] = ()
    lettering: Lettering = field(default_factory=Lettering)
    outputs: tuple[Quantity, ...] = ()
    """Other names of the outputs of the last layer."""
    delta: str = ""
    """What the derivatives by net inputs are called, where the document says it."""
    depth: int = 0
    """The number of layers after the inputs, where the document says it."""
    sizes: tuple[int, ...] = ()
    """How many neurons the layers have, where the document writes all of them out."""
    shares_bias: bool = False
    """Whether all neurons of a layer have one bias, as those that are written out do."""
    unit_error: str = ""
    """What the errors of single outputs are called, where these are written out."""
    penalty: bool = False
    """Whether the squares of all weights are added to the error, times half of λ."""

    def file(self, name: str, sizes: Sequence[int], functions: Sequence[str], loss: str) -> str:
        """The network as a TOML file, with a choice for what is left open."""
        rows = ", ".join(f'"{BY_SYMBOL[function].name}"' for function in functions)
        symbols = {
            "out": self.out,
            "net": self.net,
            "weight": self.weight,
            "bias": self.bias,
            "target": self.target,
            "E_total": self.error,
            "error": self.unit_error,
            "delta": self.delta,
        }
        settings = {
            "layers": list(sizes),
            "activation": f"[{rows}]" if len(functions) > 1 else rows,
            "loss": f'"{loss}"',
            "bias": '"none"' if not self.bias else '"layer"' if self.shares_bias else '"neuron"',
        }
        settings |= {"l2": RATE} if self.penalty else {}
        # A letter that formulas need themselves is read as another name of what it stands for.
        taken = tuple((kind, s) for kind, s in symbols.items() if s in RESERVED)
        lettering = replace(self.lettering, read=(*self.lettering.read, *taken))
        free = {k: s for k, s in symbols.items() if s and s not in RESERVED}
        table = lettering.table({"delta": "delta", **free, "weight": self.weight})
        settings |= {} if table else {"notation": '"indexed"'}
        lines = [f"# what {name} defines", *(f"{k} = {v}" for k, v in settings.items()), "[names]"]
        lines += [
            f'{kind} = "{symbol}"'
            for kind, symbol in symbols.items()
            if symbol and symbol not in RESERVED
        ]
        return "\n".join([*lines, *table, ""])
