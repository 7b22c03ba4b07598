"""What a derivation document contains, section by section."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from derive.calculus.chain import Chain
from derive.calculus.derivation import Derivation, Step
from derive.calculus.general import LARGEST_LAYER
from derive.calculus.indices import Indices
from derive.calculus.points import is_active_region_only
from derive.calculus.proof import Proof, prove, prove_equations
from derive.calculus.steps import prove_derivation, written_out
from derive.formula import (
    Delta,
    Equation,
    Letter,
    Name,
    Neuron,
    Partial,
    Updated,
    equation,
)
from derive.model import Model, Quantity, Role
from derive.network import Network
from derive.notes.blocks import Block, Display, Notes, Section, Words
from derive.notes.layer_rules import LayerRules
from derive.notes.paths import path_sections
from derive.notes.rule import ends
from derive.notes.stating import MOST_NEURONS, error_section, forward_section, network_section

if TYPE_CHECKING:
    from derive.builders.equations import System

MOST_GRADIENTS = 72
"""Of a larger layer of weights the list of all gradients shows the first dozen."""
PER_DISPLAY = 24
_REFERENCES = ("unfolded", "chain", "minus", "overview", "other", "parts")


def compose(
    network: Network | System,
    *,
    weights: Sequence[str] = (),
    every: bool = False,
    seed: int = 0,
    watch: Callable[[Sequence[str]], Iterable[str]] = iter,
) -> Notes:
    """The document of a network, all of its gradients proved and checked with numbers.

    `watch` is handed the parameters to be derived and passes them on, so that it can show how far
    the work has come. Raises :class:`~derive.errors.InputError` for an unknown weight and
    :class:`~derive.errors.ProofError` for a gradient that does not check.
    """
    if not isinstance(network, Network):
        from derive.notes.graph import compose_system

        return compose_system(network, weights=weights, every=every, seed=seed, watch=watch)
    model = Model.of(network)
    chosen = list(weights) or list(model.parameters if every else representatives(model))
    # From the back to the front: each derivation builds on those of the layers after it.
    chosen = [model.parameter(name).name for name in dict.fromkeys(chosen)]
    chosen.sort(key=lambda name: -model.quantities[name].layer)
    chain = Chain(model)
    proof = prove(chain, first=chosen)
    derivations: list[Derivation | str] = []
    for name in watch(chosen):
        if not network.is_plain:
            derivations.append(name)
            continue
        derivation = written_out(chain, name)
        prove_derivation(derivation)
        derivations.append(derivation)
    return Composer(network, chain, derivations, proof, seed).notes()


def representatives(model: Model) -> list[str]:
    """The first weight of each layer of weights, last layer first; and a bias, if there are any.

    Of very many layers those of the ends, as in the general rule.
    """
    layers: dict[int, str] = {}
    for quantity in model.having(Role.WEIGHT):
        layers.setdefault(quantity.layer, quantity.name)
    chosen = [layers[layer] for layer in ends(sorted(layers, reverse=True))]
    biases = sorted(model.having(Role.BIAS), key=lambda q: (-q.layer, q.index))
    return chosen[:1] + [q.name for q in biases[:1]] + chosen[1:]


class Composer:
    """Builds the sections in order; numbers the displays as they come."""

    def __init__(
        self,
        network: Network,
        chain: Chain,
        derivations: Sequence[Derivation | str],
        proof: Proof | None,
        seed: int,
    ) -> None:
        self.network = network
        self.chain = chain
        self.model = chain.model
        self.derivations = derivations
        self.proof = proof
        self.seed = seed
        self.count = 0
        self.used: Counter[str] = Counter()
        self.known: dict[str, str] = {}
        """The net inputs whose δ have been shown along paths, with the labels of the displays."""
        self.reached: int | None = None
        self.last = len(network.layers) - 1
        self.rules = LayerRules(network, chain)
        self.names = self.rules.names
        self.indices = Indices(self.model)

    def notes(self) -> Notes:
        """The whole document."""
        from derive.notes.example import example_section
        from derive.notes.rule import rule_sections

        sections = [network_section(self), forward_section(self), error_section(self)]
        for place, derivation in enumerate(self.derivations):
            sections += self.sections_of(derivation, place)
        sections += rule_sections(self)
        sections += [self._all_gradients(), self._update()]
        sections += [example_section(self), self._proof_section()]
        facts = {
            "spec": self.network.spec,
            "name": self.network.name,
            "count": len(self.model.parameters),
        }
        return Notes(self.network, self.model, facts, tuple(sections))

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

    # Derivations.

    def sections_of(self, derived: Derivation | str, place: int) -> list[Section]:
        """One weight: step by step, or along its paths where the neurons are coupled."""
        if isinstance(derived, Derivation):
            return self.derivation_sections(derived)
        sections = path_sections(self.chain, derived, self.display, place, known=self.known)
        displays = [b for section in sections for b in section.blocks if isinstance(b, Display)]
        prove_equations(self.model, [e for d in displays for e in d.equations], {})
        return sections

    def derivation_sections(self, derivation: Derivation) -> list[Section]:
        """One weight: a section with a subsection for each part of its derivation."""
        quantity = derivation.parameter
        facts = self._facts_of(quantity)
        self.used["section"] += 1
        facts["n"] = self.used["section"] - 1
        facts["place"] = "last" if quantity.layer == self.last else "hidden"
        facts["deeper"] = self.last - quantity.layer
        facts["further"] = self.reached is not None and quantity.layer < self.reached
        facts["first_here"] = not self.used[f"layer {quantity.layer}"]
        self.used[f"layer {quantity.layer}"] += 1
        self.reached = quantity.layer
        sections = [Section("derivation", facts, (Words("derivation_intro", facts),))]
        for title, steps in derivation.parts:
            blocks: list[Block] = []
            for step in steps:
                blocks += self._step(derivation, step, facts)
            sections.append(Section(f"part_{title}", facts, tuple(blocks), level=2))
        return sections

    def _facts_of(self, quantity: Quantity) -> dict[str, Any]:
        sources = None
        if quantity.source is not None:
            sources = self.neuron(quantity.layer - 1, quantity.source)
        return {
            "w": Name(quantity.name),
            "bias": quantity.role is Role.BIAS,
            "source": sources,
            "target": self.neuron(quantity.layer, quantity.index or 1),
            "shared": quantity.role is Role.BIAS and quantity.index == 0,
            "layer": self.layer_name(quantity.layer),
            "loss": self.network.loss,
            "outputs": self.network.layers[-1],
        }

    def _step(
        self, derivation: Derivation, step: Step, shared: Mapping[str, Any]
    ) -> Iterable[Block]:
        prefix = derivation.parameter.name
        facts = {**shared, **step.facts, "n": self.used[step.reason]}
        self.used[step.reason] += 1
        for name in _REFERENCES:
            value = step.facts.get(name)
            if isinstance(value, str):
                facts[name] = f"{prefix}-{value}"
            elif isinstance(value, list) and value and isinstance(value[0], str):
                facts[name] = [f"{prefix}-{key}" for key in value]
        if not step.equations:
            yield Words(step.reason, facts)
            return
        yield Words(step.reason, facts, runs_on=True)
        yield self.display(f"{prefix}-{step.key}", *step.equations)

    # All gradients, the update, what was proved.

    def _all_gradients(self) -> Section:
        chain, model = self.chain, self.model
        blocks: list[Block] = [Words("all_intro", {"count": len(model.parameters)})]
        for layer in range(self.last, 0, -1):
            names = [n for n in chain.deltas if model.quantities[n].layer == layer]
            shown = names if len(names) <= MOST_NEURONS else names[:2]
            facts = {
                "layer": self.layer_name(layer),
                "left": len(names) - len(shown),
                "count": len(names),
                "n": self.last - layer,
                "by_layer": self.names.by_layer,
            }
            parameters = [n for n in model.parameters if model.quantities[n].layer == layer]
            if names:
                deltas = (equation(Delta(n), chain.deltas[n]) for n in shown)
                blocks.append(Words("all_deltas", facts, runs_on=True))
                blocks.append(self.display(f"deltas-{layer}", *deltas))
            if not parameters:
                continue
            most = MOST_GRADIENTS if len(parameters) <= MOST_GRADIENTS else 12
            facts = {
                **facts,
                "neurons": len(names),
                "left": len(parameters) - len(parameters[:most]),
                "count": len(parameters),
                "last": Name(parameters[-1]),
            }
            words = "all_gradients" if names else "all_unreached"
            blocks.append(Words(words, facts, runs_on=True))
            for start in range(0, len(parameters[:most]), PER_DISPLAY):
                part = parameters[:most][start : start + PER_DISPLAY]
                blocks.append(
                    self.display(
                        f"gradients-{layer}-{start}",
                        *(equation(self.by_total(n), chain.gradients[n]) for n in part),
                    )
                )
            if facts["left"]:
                blocks.append(Words("all_left", facts))
        return Section("all", {}, tuple(blocks))

    def _update(self) -> Section:
        eta = Letter("eta")
        biased = self.network.bias != "none"
        moved = [
            q.name
            for q in self.named_in_picture
            if self.network.update_biases or q.role is not Role.BIAS
        ]
        equations = [
            equation(
                Updated(w),
                Name(w) - eta * self.by_total(w),
                Name(w) - eta * self.chain.gradients[w],
            )
            for w in moved[:MOST_NEURONS]
        ]
        blocks: list[Block] = [
            Words(
                "update",
                {
                    "eta": eta,
                    "biases": self.network.bias != "none",
                    "update_biases": self.network.update_biases,
                },
                runs_on=True,
            ),
            self.display("update", *equations),
            Words(
                "update_all",
                {
                    "biases": biased and self.network.update_biases,
                    "kept": biased and not self.network.update_biases,
                },
            ),
        ]
        return Section("update", {}, tuple(blocks))

    def _proof_section(self) -> Section:
        proof = self.proof
        assert proof is not None
        facts = {
            "count": len(self.model.parameters),
            "exact": [Name(n) for n in proof.exact],
            "modular": proof.modular,
            "regions": proof.regions,
            "primes": proof.primes,
            "points": proof.points,
            "kinked": is_active_region_only(self.model),
            "large": max(self.network.layers) > LARGEST_LAYER,
            "derived": [Name(q.name) for q in self.named_in_picture],
        }
        keys = ["proof_intro"]
        keys += [f"proof_{way}" for way in ("exact", "modular", "regions") if facts[way]]
        keys.append("proof_steps")
        return Section("proof", facts, tuple(Words(key, facts) for key in keys))
