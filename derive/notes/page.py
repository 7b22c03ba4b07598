"""What the sections of a document share: its network, its names, and how displays are numbered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from derive.calculus.chain import Chain
from derive.calculus.derivation import Derivation
from derive.calculus.indices import Indices
from derive.formula import Equation, Name, Neuron, Partial
from derive.model import Quantity
from derive.networks.network import Network
from derive.notes.blocks import Display
from derive.notes.layer_rules import LayerRules


class Page:
    """A document being written; the displays are numbered as they come."""

    def __init__(
        self, network: Network, chain: Chain, derivations: Sequence[Derivation | str], seed: int
    ) -> None:
        self.network = network
        self.chain = chain
        self.model = chain.model
        self.derivations = derivations
        self.seed = seed
        self.count = 0
        self.used: Counter[str] = Counter()
        """How often a sentence has been said, by what it is about."""
        self.last = len(network.layers) - 1
        self.rules = LayerRules(network, chain)
        self.names = self.rules.names
        self.indices = Indices(self.model)

    def display(self, label: str, *equations: Equation) -> Display:
        """The next numbered display."""
        self.count += 1
        return Display(label, self.count, tuple(equations))

    def neuron(self, layer: int, index: int | str) -> Neuron:
        """A neuron itself: c_1."""
        return Neuron("neuron", layer, index)

    def layer_name(self, layer: int) -> Neuron:
        """A layer itself: c."""
        return Neuron("layer", layer, 0)

    @property
    def named_in_picture(self) -> list[Quantity]:
        """The parameters that are derived."""
        return [self.model.parameter(self.parameter(d)) for d in self.derivations]

    @staticmethod
    def parameter(derived: Derivation | str) -> str:
        """The name of the parameter of a derivation."""
        return derived if isinstance(derived, str) else derived.parameter.name

    def by(self, of: str, x: str) -> Partial:
        """∂of/∂x."""
        return Partial(Name(of), Name(x))

    def by_total(self, name: str) -> Partial:
        """∂E_total/∂name."""
        return Partial(Name(self.model.total), Name(name))
