"""The document of a network stated as equations: any acyclic graph of definitions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import groupby
from typing import Any

from derive import functions
from derive.builders.equations import System
from derive.calculus.chain import Chain
from derive.calculus.proof import Proof, prove, prove_equations
from derive.errors import ProofError
from derive.formula import (
    Call,
    Equation,
    Formula,
    Letter,
    Name,
    Partial,
    Updated,
    equation,
    signs_out,
    walk,
)
from derive.model import Model, Role
from derive.notation.latex import Latex
from derive.notation.text import Text
from derive.notes.blocks import Block, Display, Notes, Section, Table, Words
from derive.notes.functions import function_blocks
from derive.notes.graph_matrix import matrix_sections
from derive.notes.graph_picture import graph_picture
from derive.notes.graph_rule import Rules, spoken_ranges
from derive.notes.numbers import bound, figure, number
from derive.notes.paths import MOST_SHOWN, in_pieces, path_sections, reading_order

FEW_PATHS = 4
MOST_DERIVED = 4
MOST_ROWS = 40


def compose_system(
    system: System,
    *,
    weights: Sequence[str] = (),
    every: bool = False,
    seed: int = 0,
    watch: Callable[[Sequence[str]], Iterable[str]] = iter,
) -> Notes:
    """The document of a system, all of its gradients proved and checked with numbers.

    Arguments and errors are those of :func:`derive.notes.compose.compose`.
    """
    model = Model.of(system)
    chain = Chain(model)
    chosen = list(weights) or list(model.parameters if every else representatives(chain))
    chosen = [model.parameter(name).name for name in dict.fromkeys(chosen)]
    proof = prove(chain)
    return GraphComposer(system, chain, list(watch(chosen)), proof, seed).notes()


def single_system(model: Model, parameter: str) -> Notes:
    """The notes that hold nothing but the proved derivation of one weight."""
    composer, sections = _single(model, parameter)
    facts = {"spec": composer.system.spec, "name": composer.system.name, "count": 1}
    return Notes(composer.system, model, facts, tuple(sections))


def system_as_json(model: Model, parameter: str) -> dict[str, Any]:
    """The steps with their reasons, as text and LaTeX; see :func:`derive.notes.single`."""
    composer, sections = _single(model, parameter)
    return sections_as_json(composer.chain, parameter, sections)


def sections_as_json(chain: Chain, parameter: str, sections: Sequence[Section]) -> dict[str, Any]:
    """The displays of a derivation with the keys of the sentences before them."""
    model = chain.model
    text, latex = Text(model), Latex(model)
    steps: list[dict[str, Any]] = []
    reason = ""
    for section in sections:
        for block in section.blocks:
            if isinstance(block, Words):
                reason = block.key
            elif isinstance(block, Display):
                equations = [
                    {"text": text.chain(e), "latex": latex.chain(e)} for e in block.equations
                ]
                steps.append({"reason": reason, "equations": equations})
    return {
        "network": model.network.name,
        "weight": parameter,
        "paths": chain.count_paths(model.total, parameter),
        "gradient": text.inline(chain.gradients[parameter]),
        "steps": steps,
    }


def _single(model: Model, parameter: str) -> tuple[GraphComposer, list[Section]]:
    name = model.parameter(parameter).name
    chain = Chain(model)
    proof = prove(chain)
    system = model.network
    assert isinstance(system, System)
    composer = GraphComposer(system, chain, [name], proof, 0)
    sections = composer.derivation(name, 0)
    prove_equations(model, composer.written, {})
    return composer, sections


def representatives(chain: Chain) -> list[str]:
    """The first weight of some families of definitions, those nearest to the error first."""
    model = chain.model
    firsts: dict[str, str] = {}
    nearest: dict[str, int] = {}
    for name in model.parameters:
        for user in model.used_in[name][:1]:
            family = model.quantities[user].family
            firsts.setdefault(family, name)
            nearest[family] = max(model.order[user], nearest.get(family, -1))
    families = sorted(firsts, key=lambda family: -nearest[family])
    chosen = [firsts[family] for family in families][:MOST_DERIVED]
    return chosen or list(model.parameters[:1])


class GraphComposer:
    """Builds the sections in order; numbers the displays as they come."""

    def __init__(
        self, system: System, chain: Chain, chosen: Sequence[str], proof: Proof | None, seed: int
    ) -> None:
        self.system = system
        self.chain = chain
        self.model = chain.model
        self.chosen = chosen
        self.proof = proof
        self.seed = seed
        self.count = 0
        self.followed_many = False
        self.known: dict[str, str] = {}
        """The quantities whose derivatives have been shown, with the labels of the displays."""
        self.total = Name(self.model.total)
        self.written: list[Equation] = []

    def notes(self) -> Notes:
        """The whole document."""
        sections = [self._equations()]
        for place, name in enumerate(self.chosen):
            sections += self.derivation(name, place)
        sections += [self._backward(), *matrix_sections(self)]
        sections += [self._update(), self._example(), self._proved()]
        prove_equations(self.model, self.written, {})
        facts = {
            "spec": self.system.spec,
            "name": self.system.name,
            "count": len(self.model.parameters),
            "about": _harmless(self.system.spec).rstrip("."),
        }
        return Notes(self.system, self.model, facts, tuple(sections))

    def display(self, label: str, *equations: Equation, check: bool = True) -> Display:
        """The next numbered display; its equations are checked at the end."""
        self.count += 1
        equations = tuple(equation(*map(signs_out, e.sides)) for e in equations)
        if check:
            self.written += equations
        return Display(label, self.count, tuple(equations))

    def by_total(self, name: str) -> Partial:
        """∂E/∂name."""
        return Partial(self.total, Name(name))

    # The equations.

    def _equations(self) -> Section:
        model = self.model
        facts: dict[str, Any] = {
            "about": _harmless(self.system.description).rstrip("."),
            "inputs": _families(model, Role.INPUT),
            "weights": _families(model, Role.WEIGHT),
            "weight_count": len(model.parameters),
            "total": self.total,
            "count": len(model.definitions),
            "cut": MOST_SHOWN if len(model.definitions) > MOST_SHOWN else 0,
        }
        blocks: list[Block] = [Words("graph_intro", facts, runs_on=True)]
        blocks += in_pieces(
            self.display,
            "definitions",
            [[equation(Name(n), model.definitions[n]) for n in names] for names in self._stages()],
        )
        blocks.append(Words("graph_names", facts))
        for number_, condition in enumerate(self.system.conditions):
            blocks += [
                Words("graph_condition", {"n": number_}, runs_on=True),
                self.display(
                    f"condition-{number_}", equation(condition.left, condition.right), check=False
                ),
            ]
        drawn = graph_picture(model)
        if drawn is not None:
            blocks += [Words("graph_picture", facts), drawn]
        rows = self._functions()
        for place, row in enumerate(rows):
            about = {"of": [], "n": place, "out": None, "graph": True}
            blocks += function_blocks(row, self.display, about, {row.symbol for row in rows})
        return Section("graph", facts, tuple(blocks))

    def _stages(self) -> list[list[str]]:
        """The defined quantities by the lines of the file that define them."""
        names = list(self.model.definitions)
        if len(names) > MOST_SHOWN:
            names = [*names[: MOST_SHOWN - 1], names[-1]]
        lines = {stated.name: stated.line for stated in self.system.equations}
        return [list(family) for _, family in groupby(names, key=lines.__getitem__)]

    def _functions(self) -> list[functions.Function]:
        used = {
            node.function
            for definition in self.model.definitions.values()
            for node in walk(definition)
            if isinstance(node, Call)
        }
        return [row for row in functions.FUNCTIONS if row.symbol in used]

    def derivation(self, name: str, place: int) -> list[Section]:
        """The derivation of one weight; many paths are written out only once in a document."""
        many = self.chain.count_paths(self.model.total, name) > FEW_PATHS
        sections = path_sections(
            self.chain,
            name,
            self.display,
            place,
            brief=many and self.followed_many,
            known=self.known,
        )
        self.followed_many = self.followed_many or many
        return sections

    # All of them.

    def _backward(self) -> Section:
        model = self.model
        rules = Rules(self.system, self.chain)
        adjoints, gradients = rules.adjoints(), rules.gradients()
        facts = {
            "total": self.total,
            "count": len(gradients),
            "weights": len(model.parameters),
            "adjoints": len(adjoints),
            "adjoints_cut": MOST_SHOWN if len(adjoints) > MOST_SHOWN else 0,
            "cut": MOST_SHOWN if len(gradients) > MOST_SHOWN else 0,
            "shared": any(len(model.used_in[n]) > 1 for n in model.parameters),
            "ranges": spoken_ranges([*adjoints[:MOST_SHOWN], *gradients[:MOST_SHOWN]]),
        }
        blocks: list[Block] = [Words("graph_backward", facts, runs_on=bool(adjoints))]
        proved = partial(self.display, check=False)
        if adjoints:
            shown = [[rule.equation] for rule in adjoints[:MOST_SHOWN]]
            blocks += in_pieces(proved, "adjoints", shown)
        blocks.append(Words("graph_gradients", facts, runs_on=True))
        # Gradients are short, and stand in two columns.
        lines = [[rule.equation] for rule in gradients[:MOST_SHOWN]]
        blocks += in_pieces(proved, "gradients", lines, longest=26)
        if facts["ranges"]:
            blocks.append(Words("graph_ranges", facts))
        return Section("graph_all", facts, tuple(blocks))

    def _update(self) -> Section:
        eta = Letter("eta")
        facts = {"eta": eta, "biases": False, "update_biases": True, "kept": False}
        equations = [
            equation(Updated(w), Name(w) - eta * self.by_total(w)) for w in self.chosen[:MOST_SHOWN]
        ]
        return Section(
            "update",
            facts,
            (
                Words("update", facts, runs_on=True),
                self.display("update", *equations),
                Words("update_all", facts),
            ),
        )

    # Numbers.

    def _example(self) -> Section:
        from derive.numeric.general import adjoints
        from derive.numeric.gradcheck import gradcheck

        check = gradcheck(self.system, self.seed, self.chain)
        if not check.passed:
            raise ProofError(
                f"the numeric check of {self.system.name} fails for"
                f" {', '.join(check.suspects[:5])}; nothing was written"
            )
        model = self.model
        values = {name: column[0] for name, column in check.values.items()}

        def numbers(names: Iterable[str]) -> tuple[Equation, ...]:
            return tuple(Equation((Name(n), number(values[n]))) for n in list(names)[:MOST_SHOWN])

        backward = adjoints(self.chain, values)
        facts: dict[str, Any] = {
            "given": self.system.numbers is not None,
            "seed": self.seed,
            "rate": Equation((Letter("eta"), number(check.learning_rate))),
            "total": self.total,
            "parameters": len(model.parameters),
            "left": max(0, len(model.parameters) - MOST_ROWS),
            "worst": bound(check.max_relative_error, 1e-8),
            "symbolic": bound(check.symbolic_error, 1e-12),
            "fall": "" if check.convergence is None else f"{check.convergence:.2f}",
            "before": figure(check.error, 9),
            "after": figure(check.error_after, 9),
            "skipped": len(check.skipped),
        }
        given = [q.name for q in model.having(Role.INPUT)]
        blocks: list[Block] = [Words("graph_example", facts, runs_on=True)]
        data = numbers([*given, *model.parameters])
        blocks.append(self.display("example-data", *data, check=False))
        blocks.append(Words("graph_example_forward", facts, runs_on=True))
        blocks.append(self.display("example-forward", *numbers(model.definitions), check=False))
        if backward:
            blocks.append(Words("graph_example_backward", facts, runs_on=True))
            blocks.append(
                self.display(
                    "example-backward",
                    *(
                        Equation((self.by_total(n), number(v)))
                        for n, v in [(n, backward[n]) for n in reading_order(self.chain, backward)][
                            :MOST_SHOWN
                        ]
                    ),
                    check=False,
                )
            )
        rows: list[list[Formula | str]] = [
            [
                Name(name),
                figure(row.symbolic),
                figure(row.backprop),
                "" if row.finite_difference is None else figure(row.finite_difference),
                figure(check.updated[name]),
            ]
            for name, row in list(check.gradients.items())[:MOST_ROWS]
        ]
        blocks += [
            Words("graph_check", facts),
            Table("graph_check", rows, facts),
            Words("graph_result", facts),
        ]
        return Section("example", facts, tuple(blocks))

    def _proved(self) -> Section:
        proof = self.proof
        assert proof is not None
        facts = {
            "count": len(self.model.parameters),
            "modular": [Name(n) for n in proof.modular],
            "regions": [Name(n) for n in proof.regions],
            "points": proof.points,
            "arrays": self.system.arrays is not None and not self.system.arrays.are_scalars,
        }
        keys = ["proof_intro"]
        keys += [f"graph_proof_{way}" for way in ("modular", "regions") if facts[way]]
        keys.append("graph_proof_steps")
        return Section("proof", facts, tuple(Words(key, facts) for key in keys))


def _harmless(text: str) -> str:
    """A user's words without what has a meaning in a format."""
    return " ".join(re.sub(r"[\\{}$&#%_^~<>|`*\[\]]", " ", text).split())


def _families(model: Model, role: Role) -> list[list[Name]]:
    """The quantities of a role by families; of w_1, w_2, w_3, … the first and the last."""
    families: dict[str, list[Name]] = {}
    for quantity in model.having(role):
        families.setdefault(quantity.family, []).append(Name(quantity.name))
    found: list[list[Name]] = []
    for names in families.values():
        found += [[n] for n in names] if len(names) <= 2 else [[names[0], names[-1]]]
    return found


__all__ = ["GraphComposer", "compose_system", "representatives"]
