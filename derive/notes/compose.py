"""What a derivation document contains, section by section."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from derive import functions
from derive.calculus.chain import Chain
from derive.calculus.derivation import Derivation, Step
from derive.calculus.general import LARGEST_LAYER
from derive.calculus.proof import Proof, prove, prove_equations
from derive.calculus.steps import prove_derivation, written_out
from derive.formula import (
    Delta,
    Equation,
    Formula,
    Letter,
    Name,
    Neuron,
    Partial,
    Updated,
    equation,
    total,
)
from derive.model import Model, Quantity, Role
from derive.network import Network
from derive.notation import naming_of
from derive.notes.blocks import Block, Display, Notes, Section, Table, Words
from derive.notes.functions import function_blocks
from derive.notes.picture import picture
from derive.notes.rule import ends

if TYPE_CHECKING:
    from derive.builders.equations import System

MOST_NEURONS = 8
"""Of a larger layer the forward pass shows the first two neurons and counts the others."""
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
    derivations = []
    for name in watch(chosen):
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
        derivations: Sequence[Derivation],
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
        self.reached: int | None = None
        self.last = len(network.layers) - 1
        self.names = naming_of(network)

    def notes(self) -> Notes:
        """The whole document."""
        from derive.notes.example import example_section
        from derive.notes.rule import rule_sections

        sections = [self._network(), self._forward(), self._error()]
        for derivation in self.derivations:
            sections += self.derivation_sections(derivation)
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

    def by_total(self, name: str) -> Partial:
        """∂E_total/∂name."""
        return Partial(Name(self.model.total), Name(name))

    # The network, the forward pass, the error.

    def _network(self) -> Section:
        network = self.network
        rows: list[list[Formula | str]] = [
            [
                self.layer_name(layer),
                str(size),
                "" if layer == 0 else network.activations[layer - 1],
                ""
                if layer == 0
                else f"{network.layers[layer - 1]} · {size} = {network.layers[layer - 1] * size}",
            ]
            for layer, size in enumerate(network.layers)
        ]
        weights = self._weight_examples()
        facts = {
            "spec": network.spec,
            "hidden": self.last - 1,
            "inputs": network.layers[0],
            "outputs": network.layers[-1],
            "bias": network.bias,
            "loss": network.loss,
            "weights": sum(network.weight_counts),
            "layers": len(network.layers),
            "biases": sum(network.bias_counts),
        }
        blocks: list[Block] = [
            Words("network_intro", facts),
            picture(self.network, self.model, [d.parameter for d in self.derivations]),
            Table("layers", rows),
            Words("weight_names", {"examples": weights, "notation": network.notation}),
        ]
        if network.bias != "none":
            biases = [Name(q.name) for q in self.model.having(Role.BIAS)]
            blocks.append(
                Words(
                    "bias_names",
                    {
                        "bias": network.bias,
                        "first": biases[0],
                        "count": len(biases),
                        "layer": self.layer_name(1),
                        "neuron": self.neuron(1, 1),
                    },
                )
            )
        return Section("network", facts, tuple(blocks))

    def _weight_examples(self) -> list[tuple[Name, Neuron, Neuron]]:
        """The weights into the first neuron of the last layer, and the first into the second."""
        into = [q for q in self.model.having(Role.WEIGHT) if q.layer == self.last]
        sources = self.network.layers[self.last - 1]
        picked = into[: min(sources, 3)]
        if len(into) > sources:
            picked = [*picked, into[sources]]
        return [
            (Name(q.name), self.neuron(q.layer - 1, q.source or 0), self.neuron(q.layer, q.index))
            for q in picked
        ]

    def _forward(self) -> Section:
        model = self.model
        blocks: list[Block] = [
            Words(
                "forward_intro",
                {
                    "biases": self.network.bias != "none",
                    "input": Name(next(model.having(Role.INPUT)).name),
                    "layer": self.layer_name(0),
                },
            )
        ]
        for layer in range(1, self.last + 1):
            nets = [q for q in model.having(Role.NET) if q.layer == layer]
            outs = [q for q in model.having(Role.OUTPUT) if q.layer == layer]
            shown = len(nets) if len(nets) <= MOST_NEURONS else 2
            facts = {
                "layer": self.layer_name(layer),
                "count": len(nets),
                "left": len(nets) - shown,
                "function": self._symbol(layer),
                "n": self.used["forward_layer"],
            }
            self.used["forward_layer"] += 1
            blocks += [
                Words("forward_layer", facts, runs_on=True),
                self.display(
                    f"net-{layer}",
                    *(equation(Name(q.name), model.definitions[q.name]) for q in nets[:shown]),
                ),
                Words("forward_out", facts, runs_on=True),
                self.display(
                    f"out-{layer}",
                    *(equation(Name(q.name), model.definitions[q.name]) for q in outs[:shown]),
                ),
            ]
        for name in dict.fromkeys(self.network.activations):
            blocks += self._function(name)
        return Section("forward", {}, tuple(blocks))

    def _symbol(self, layer: int) -> str:
        return functions.activation(self.network.activations[layer - 1]).symbol

    def _function(self, name: str) -> list[Block]:
        row = functions.activation(name)
        facts = {
            "of": self._layers_of(row),
            "out": self._an_output(row),
            "n": self.used["function_slope"],
            "graph": False,
        }
        blocks = function_blocks(row, self.display, facts)
        self.used["function_slope"] += row.own
        prove_equations(
            self.model,
            [e for block in blocks if isinstance(block, Display) for e in block.equations],
            {},
        )
        return blocks

    def _layers_of(self, row: functions.Function) -> list[Neuron]:
        """The layers with this activation; none named when it is that of all layers."""
        if len(set(self.network.activations)) == 1:
            return []
        return [
            self.layer_name(layer)
            for layer, name in enumerate(self.network.activations, 1)
            if name == row.name
        ]

    def _an_output(self, row: functions.Function) -> Name:
        layer = max(i for i, name in enumerate(self.network.activations, 1) if name == row.name)
        return Name(next(q.name for q in self.model.having(Role.OUTPUT) if q.layer == layer))

    def _error(self) -> Section:
        model = self.model
        errors = model.errors
        shown = errors if len(errors) <= MOST_NEURONS else errors[:2]
        blocks: list[Block] = [
            Words(
                "error_each",
                {
                    "errors": len(errors),
                    "loss": self.network.loss,
                    "left": len(errors) - len(shown),
                },
                runs_on=True,
            ),
            self.display("error", *(equation(Name(e), model.definitions[e]) for e in shown)),
            Words("error_total", {"errors": len(errors)}, runs_on=True),
            self.display("total", equation(Name(model.total), total(Name(e) for e in errors))),
        ]
        examples = len(self.network.numbers.inputs) if self.network.numbers else 1
        if examples > 1:
            blocks.append(
                Words("error_batch", {"examples": examples, "reduction": self.network.reduction})
            )
        return Section("error", {}, tuple(blocks))

    # Derivations.

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
            blocks.append(Words("all_deltas", facts, runs_on=True))
            blocks.append(
                self.display(
                    f"deltas-{layer}", *(equation(Delta(n), chain.deltas[n]) for n in shown)
                )
            )
            parameters = [n for n in model.parameters if model.quantities[n].layer == layer]
            most = MOST_GRADIENTS if len(parameters) <= MOST_GRADIENTS else 12
            facts = {
                **facts,
                "neurons": len(names),
                "left": len(parameters) - len(parameters[:most]),
                "count": len(parameters),
                "last": Name(parameters[-1]),
            }
            blocks.append(Words("all_gradients", facts, runs_on=True))
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
            d.parameter.name
            for d in self.derivations
            if self.network.update_biases or d.parameter.role is not Role.BIAS
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
            "modular": [Name(n) for n in proof.modular],
            "regions": [Name(n) for n in proof.regions],
            "points": proof.points,
            "kinked": any(functions.activation(name).kinked for name in self.network.activations),
            "large": max(self.network.layers) > LARGEST_LAYER,
            "derived": [Name(d.parameter.name) for d in self.derivations],
        }
        keys = ["proof_intro"]
        keys += [f"proof_{way}" for way in ("exact", "modular", "regions") if facts[way]]
        keys.append("proof_steps")
        return Section("proof", facts, tuple(Words(key, facts) for key in keys))
