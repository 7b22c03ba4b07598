"""The example with numbers: what is given, the forward pass, and one step of gradient descent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice
from typing import Any

from derive.errors import ProofError
from derive.formula import Equation, Formula, Name, Number, Updated, equation
from derive.functions import SOFTMAX
from derive.model import GIVEN, Role
from derive.model.made import Made
from derive.notes.blocks import Block, Picture, Row, Section, Table, Words
from derive.notes.descended import ETA, descended, descent_facts
from derive.notes.drawing import draw
from derive.notes.figures import Figures, settled
from derive.notes.graph import layer_graph
from derive.notes.grids import array_graph
from derive.notes.numbers import is_rounded, number
from derive.notes.page import Page
from derive.notes.quantities import equation_graph
from derive.notes.slow import zero_rows
from derive.numeric.descent import Descent, descend
from derive.numeric.forward import adjoints
from derive.numeric.gradcheck import gradcheck

MOST_PRINTED = 200
"""Quantities up to which all numbers are printed."""
LONGEST_LIST = 54
"""Values in one display, three to a line."""
MOST_ROWS = 40
MOST_ERRORS = 8
MOST_WORKED = 8
MOST_BESIDE = 16
"""Rows of a table up to which a picture stands beside it."""
BESIDE, SMALLEST = 8.6, 0.75
"""In cm, the room beside a table of neurons, and how much smaller a picture may be made for it."""
MOST_COLUMNS = 8


class Example:
    """The numbers of one document, checked: the gradients agree with two others.

    Raises :class:`~derive.errors.ProofError` when they do not.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.check = check = gradcheck(page.network, page.seed, page.chain)
        if not check.passed:
            raise ProofError(
                f"the numeric check of {page.network.name} fails for"
                f" {', '.join(check.suspects[:5])}; nothing was written"
            )
        self.count = len(check.values[page.model.total])
        self.all = [self._of_example(n) for n in range(self.count)]
        self.values = self.all[0]
        found = check.adjoints
        if found is None:
            found = adjoints(page.chain, self.values)
        self.figures = Figures(page.chain, self.values, found)
        if not self._facts["many"]:
            # A derivation is about one example: the first.
            page.figures = self.figures

    def _of_example(self, n: int) -> Mapping[str, float]:
        """Of the values of all examples those of one."""
        values = self.check.values
        return Made(self.page.model.instances.names, lambda name: values[name][n])

    # What is given, and the forward pass.

    def forward(self) -> list[Section]:
        """The numbers that are given, and what the forward pass makes of them.

        Nothing where they are too many to be printed, for no number is used that is not.
        """
        page, facts = self.page, self._facts
        if facts["many"]:
            return []
        model, errors = page.model, self._errors
        data = self._named(*GIVEN)
        blocks: list[Block] = [
            *(self._listed("intro", data, "data") if self.count == 1 else self._batch(data)),
            *self._listed("parameters", [*self._named(Role.CONSTANT), *model.parameters]),
        ]
        middle = [name for name in model.definitions if name not in errors]
        rows = self._neurons()
        if rows:
            beside = self._picture(rows)
            facts = {**facts, "pictured": beside is not None}
            table = Table("neurons", rows, facts, picture=beside)
            blocks += [Words("example_neurons", facts), table]
        elif middle:
            blocks += [*self._listed("forward", middle), *self._drawn()]
        written = self._written_out(middle)
        if written:
            blocks += page.said(
                "example_sums", {**facts, "count": len(written)}, "example-sums", *written
            )
        shown = [*errors[:-1][:MOST_ERRORS], errors[-1]]
        stated = [Equation((Name(name), model.definitions[name])) for name in shown]
        # The error of a batch is another one than that of this example.
        worked = map(self.figures.shown, stated) if self.count == 1 else self._of_one(stated)
        blocks += page.said("example_error", facts, "example-error", *worked)
        if self.count > 1:
            outputs = [q.name for q in model.having(Role.OUTPUT) if q.layer == page.last]
            blocks.append(Words("example_others", {**facts, "error": number(self.check.error)}))
            blocks += self._examples("outcomes", [*outputs[: MOST_COLUMNS - 1], model.total])
        return [Section("example", facts, tuple(blocks))]

    def _named(self, *roles: Role) -> list[str]:
        return [q.name for q in self.page.model.having(*roles)]

    def _listed(self, key: str, names: Iterable[str], label: str = "") -> list[Block]:
        """A sentence and the values of some quantities, where there are any."""
        shown = [[self._value(name)] for name in names]
        if not shown:
            return []
        displays = self.page.displays(f"example-{label or key}", shown, LONGEST_LIST)
        return [Words(f"example_{key}", self._facts, runs_on=True), *displays]

    def _batch(self, names: Sequence[str]) -> list[Block]:
        """What is given in each example of a batch."""
        return [Words("example_intro", self._facts), *self._examples("examples", names)]

    def _examples(self, key: str, names: Sequence[str]) -> Iterator[Table]:
        """Some quantities in every example of a batch, in tables of not too many columns."""
        for start in range(0, len(names), MOST_COLUMNS):
            own = names[start : start + MOST_COLUMNS]
            rows: list[list[Formula | str]] = [
                [str(which), *(number(values[name]) for name in own)]
                for which, values in enumerate(self.all, 1)
            ]
            yield Table(key, rows, {**self._facts, "columns": list(map(Name, own))})

    def _value(self, name: str, written: Formula | None = None) -> Equation:
        value = number(self.values[name])
        sides = (written or Name(name), value)
        return Equation(sides, frozenset({1} if is_rounded(value) else ()))

    def _of_one(self, stated: Sequence[Equation]) -> Iterator[Equation]:
        """The errors of one example of a batch, their sum in the place of the error of all."""
        for one in stated:
            name, summed = one.sides
            assert isinstance(name, Name)
            if name.name != self.page.model.total:
                yield self.figures.shown(one)
            elif not isinstance(summed, Name) or len(stated) == 1:
                yield self._value(name.name, summed)

    def _written_out(self, names: Iterable[str]) -> list[Equation]:
        """The first definition of each family with its numbers, where a reader can follow them."""
        model, seen = self.page.model, set[str]()
        found: list[Equation] = []
        for name in names:
            family = model.quantities[name].family or name
            if family in seen or len(seen) == MOST_WORKED:
                continue
            seen.add(family)
            stated = equation(Name(name), model.definitions[name])
            worked = self.figures.shown(stated)
            if len(worked.sides) == len(stated.sides) + 2:
                found.append(worked)
        return found

    def _neurons(self) -> list[list[Formula | str]]:
        """A row for each neuron: its net input, its output and the slope of its activation."""
        model, chain = self.page.model, self.page.chain
        if not model.has_neurons:
            return []
        rows: list[list[Formula | str]] = []
        for out in model.having(Role.OUTPUT):
            net = self.page.net_of(out)
            rows.append(
                [
                    self.page.neuron(out.layer, out.index),
                    number(self.values[net]),
                    number(self.values[out.name]),
                    number(self.figures.value(chain.local(out.name)[net])),
                ]
            )
        return rows

    def _picture(self, neurons: Sequence[object]) -> Picture | None:
        """The network with its outputs and, as the way back will find them, the δ below them.

        Nothing where it would not fit beside the table.
        """
        page = self.page
        graph = layer_graph(page.chain) if len(neurons) <= MOST_BESIDE else None
        if graph is None or page.figures is None:
            return None
        rows: dict[str, list[Row]] = {}
        for name, key in graph.at.items():
            delta = page.model.quantities[name].role is Role.NET
            value = self.figures.adjoint(name) if delta else self.values[name]
            rows.setdefault(key, []).append(Row("delta" if delta else "value", number(value)))
        ordered = {
            key: sorted(some, key=lambda row: row.kind == "delta") for key, some in rows.items()
        }
        picture = draw("numbers", graph.with_rows(ordered), page.model, BESIDE)
        return picture if picture.scale >= SMALLEST else None

    def _drawn(self) -> Iterator[Block]:
        """The quantities of equations with their values and, below these, their adjoints.

        Nothing where they are too many for one picture.
        """
        page = self.page
        graph = None if array_graph(page.chain) else equation_graph(page.chain)
        if graph is None or graph.ordered or graph.about.vectors or page.figures is None:
            return
        rows: dict[str, list[Row]] = {}
        for name in graph.vertices.keys() & graph.at.keys():
            rows[name] = [Row("value", number(self.values[name]))]
            if name in self.figures.adjoints and name != page.model.total:
                rows[name].append(Row("adjoint", number(self.figures.adjoint(name))))
        picture = draw("numbers", graph.with_rows(rows), page.model)
        if picture.scale >= SMALLEST and len(rows) == len(graph.vertices):
            yield Words("example_picture", {"total": page.total}, runs_on=True)
            yield replace(picture, caption=Words("caption_numbers"))

    # The step.

    def update(self, before: Iterable[Block]) -> Section:
        """The step of gradient descent, and what becomes of the error after some of them.

        What it still needs stands `before` it.
        """
        page = self.page
        moved = [q.name for q in page.derived if page.model.moves(q.name)][:1]
        blocks: list[Block] = [
            *before,
            *page.said(
                "update",
                {**self._facts, "worked": self._is_stepped},
                "update",
                *map(self._rule, moved),
            ),
        ]
        if self._facts["parameters"] > 1 or self.count > 1:
            blocks.append(Words("update_all", self._facts))
        return Section("update", self._facts, (*blocks, *self.taken()))

    def taken(self) -> list[Block]:
        """All parameters before the step and after it, and what further steps lead to."""
        page, check = self.page, self.check
        taken = self._descent
        facts = {**self._facts, **descent_facts(page, check, taken)}
        blocks: list[Block] = []
        still = False
        if not facts["many"]:
            rows = [*self._steps(taken.rate)]
            blocks += [Words("update_rate", facts)] if taken.halved else []
            at = 1 + self._facts["formulas"]
            slopes = {n: r[at] for n, r in zip(self.check.gradients, rows, strict=False)}
            blocks.append(Table("step", rows, facts))
            found = {n: float(v.value) for n, v in slopes.items() if isinstance(v, Number)}
            blocks += zero_rows(page, found)
            blocks += self._of_each_example(slopes)
            still = not any(found.values())
        blocks.append(Words("example_result", facts))
        if still:
            blocks.append(Words("descent_still", facts))
        elif taken.found:
            blocks.append(Words("descent", facts))
            rows = descended(taken, len(facts["outputs"]))
            blocks += [Table("descent", rows, facts)] if facts["tabled"] else []
        return blocks

    def _of_each_example(self, slopes: Mapping[str, Formula | str]) -> Iterator[Block]:
        """What the examples of a batch have to say of the first parameter that was derived."""
        page = self.page
        name = next((q.name for q in page.derived if q.name in slopes), "")
        if not name or not 1 < self.count <= MOST_COLUMNS:
            return
        gradient = page.chain.gradients[name]
        each = [
            Figures(page.chain, at, adjoints(page.chain, at)).value(gradient) for at in self.all
        ]
        facts = {"by": page.by_total(name), "each": list(map(number, each)), "all": slopes[name]}
        yield Words("batch_of_each", {**self._facts, **facts})

    @cached_property
    def _descent(self) -> Descent:
        """The steps that are taken: none where no numbers are printed."""
        many = self._facts["many"]
        return Descent(0, 0, ()) if many else descend(self.check.network, self.page.chain)

    @property
    def _is_stepped(self) -> bool:
        """Whether the rule of a step is shown with its numbers.

        Those of a batch are another example's, too, and a halved rate has to be explained first.
        """
        return self.count == 1 and not self._facts["many"] and not self._descent.halved

    def _rule(self, w: str) -> Equation:
        gradient = self.page.chain.gradients[w]
        rule = equation(
            Updated(w),
            Name(w) - ETA * self.page.by_total(w),
            Name(w) - ETA * gradient,
        )
        if not self._is_stepped:
            return rule
        taken = Equation((rule.left, Name(w) - number(self._descent.rate) * gradient))
        worked = self.figures.shown(taken)
        more = len(rule.sides) - len(taken.sides)
        about = frozenset(place + more for place in worked.about)
        return Equation((*rule.sides, *worked.sides[len(taken.sides) :]), about)

    def _steps(self, rate: float) -> Iterator[list[Formula | str]]:
        """Each parameter, its gradient, and what it is before the step and after it."""
        for name, row in islice(self.check.gradients.items(), MOST_ROWS):
            before, slope = self.values[name], row.symbolic
            if self.count == 1:
                slope = settled(slope, self.figures.plugged(self.page.chain.gradients[name]))
            after = before - rate * slope if self.page.model.moves(name) else before
            formula = [self.page.chain.gradients[name]] if self._facts["formulas"] else []
            yield [Name(name), *formula, number(slope), number(before), number(after)]

    # Facts.

    @cached_property
    def _errors(self) -> list[str]:
        return [q.name for q in self.page.model.having(Role.ERROR, Role.TOTAL)]

    @cached_property
    def _facts(self) -> dict[str, Any]:
        """What the sentences about the example may speak of."""
        page, check = self.page, self.check
        model, used = page.model, check.network
        given = len(self._named(*GIVEN))
        return {
            "given": page.network.numbers is not None,
            "examples": self.count,
            "reduction": page.network.reduction,
            "eta": ETA,
            "eta_given": Equation((ETA, number(used.learning_rate))),
            "biases": used.bias != "none",
            "update_biases": used.update_biases,
            "kept": used.bias != "none" and not used.update_biases,
            "inputs": len(self._named(Role.INPUT)),
            "targets": len(self._named(Role.TARGET)),
            "factors": [Name(q.name) for q in model.having(Role.CONSTANT)],
            "parameters": len(model.parameters),
            "left": max(0, len(model.parameters) - MOST_ROWS),
            "total": page.total,
            "formulas": model.has_neurons and self.count == 1,
            "many": max(len(model.quantities), self.count * given) > MOST_PRINTED,
            "errors_cut": len(self._errors) > MOST_ERRORS,
            "softmax": SOFTMAX in page.network.activations,
        }
