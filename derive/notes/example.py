"""The worked example with numbers, and the table of the numeric check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from derive.calculus.narration.backward import reading_order
from derive.emit.emitter import MOST_TERMS
from derive.errors import ProofError
from derive.formula import (
    Equation,
    Formula,
    Letter,
    Name,
    Number,
    Quotient,
    Sum,
    Updated,
    transform,
    walk,
)
from derive.model import Role
from derive.notes.blocks import Block, Section, Table, Words
from derive.notes.numbers import bound, number
from derive.notes.page import Page
from derive.numeric.forward import adjoints
from derive.numeric.found import Gradcheck
from derive.numeric.gradcheck import gradcheck

RESIDUE = 1e-14
"""What rounding leaves of a sum that is 0, relative to its terms."""
MOST_VALUES = 48
MOST_ROWS = 40
MOST_ERRORS = 8
MOST_WORKED = 8


def settled(value: float, sum_: Formula) -> float:
    """`value`, or 0 where it is nothing but the rounding of a sum whose terms cancel."""
    size = max((abs(node.value) for node in walk(sum_) if isinstance(node, Number)), default=0)
    return 0.0 if abs(value) < RESIDUE * float(size) else value


class _First(Mapping[str, float]):
    """Of the values of all examples those of the first."""

    def __init__(self, values: Mapping[str, list[float]]) -> None:
        self._values = values

    def __getitem__(self, name: str) -> float:
        return self._values[name][0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def example_section(page: Page) -> Section:
    """Numbers for everything, of the first example of a batch.

    Raises :class:`~derive.errors.ProofError` when the numeric check fails.
    """
    check = gradcheck(page.network, page.seed, page.chain)
    if not check.passed:
        raise ProofError(
            f"the numeric check of {page.network.name} fails for"
            f" {', '.join(check.suspects[:5])}; nothing was written"
        )
    facts = _facts(page, check)
    values = _First(check.values)
    blocks = [*_forward(page, facts, values)]
    if facts["examples"] == 1:
        blocks += _backward(page, facts, values, check)
    rows: list[list[Formula | str]] = [
        [
            Name(name),
            number(row.symbolic),
            number(row.backprop),
            "" if row.finite_difference is None else number(row.finite_difference),
            number(check.updated[name]) if name in check.updated else "",
        ]
        for name, row in islice(check.gradients.items(), MOST_ROWS)
    ]
    blocks += [
        Words("example_check", facts),
        Table("check", rows, facts),
        Words("example_result", facts),
    ]
    return Section("example", facts, tuple(blocks))


def _facts(page: Page, check: Gradcheck) -> dict[str, Any]:
    """What the sentences of the example may speak of."""
    model, used = page.model, check.network
    many = len(model.quantities) > 4 * MOST_VALUES
    shown = 12 if many else MOST_VALUES
    return {
        "given": page.network.numbers is not None,
        "seed": page.seed,
        "examples": len(check.values[model.total]),
        "reduction": used.reduction,
        "eta": Letter("eta"),
        "rate": Equation((Letter("eta"), number(used.learning_rate))),
        "biases": used.bias != "none",
        "targets": any(model.having(Role.TARGET)),
        "factors": [Name(q.name) for q in model.having(Role.CONSTANT)],
        "parameters": len(model.parameters),
        "left": max(0, len(model.parameters) - MOST_ROWS),
        "worst": bound(check.max_relative_error, 1e-8),
        "symbolic": bound(check.symbolic_error, 1e-12),
        "fall": "" if check.convergence is None else f"{check.convergence:.2f}",
        "before": number(check.error, 9),
        "after": number(check.error_after, 9),
        "total": page.total,
        "numpy": check.second == "NumPy",
        "skipped": len(check.skipped),
        "tried": len(model.parameters) if check.tried is None else check.tried,
        "update_biases": used.update_biases,
        "many": many,
        "shown": shown,
        "cut": shown if len(model.parameters) > shown else 0,
        "errors": len(_errors(page)),
        "errors_cut": len(_errors(page)) > MOST_ERRORS,
        "deltas": len(page.chain.deltas),
        "deltas_cut": len(page.chain.deltas) > shown,
        "nets": all(model.quantities[n].role is Role.NET for n in page.chain.deltas),
        "derived": len(page.derivations),
    }


def _errors(page: Page) -> list[str]:
    return [q.name for q in page.model.having(Role.ERROR, Role.TOTAL)]


def _listed(names: Iterable[str], values: Mapping[str, float]) -> tuple[Equation, ...]:
    return tuple(Equation((Name(n), number(values[n]))) for n in names)


def _forward(page: Page, facts: dict[str, Any], values: Mapping[str, float]) -> Iterable[Block]:
    """What is given, and what the forward pass makes of it."""
    model, shown = page.model, facts["shown"]

    def named(*roles: Role) -> list[str]:
        return [q.name for q in model.having(*roles)]

    errors = _errors(page)
    middle = [name for name in model.definitions if name not in errors]
    inputs = named(Role.INPUT)
    given = [*inputs[: 12 if facts["targets"] else shown], *named(Role.TARGET)[:12]]
    parameters = [*named(Role.CONSTANT), *model.parameters[:shown]]
    facts["forward_cut"] = len(middle) > shown
    for key, names in (
        ("intro", given),
        ("parameters", parameters),
        ("forward", middle[:shown]),
        ("error", [*errors[:-1][:MOST_ERRORS], errors[-1]]),
    ):
        if names:
            label = "data" if key == "intro" else key
            yield Words(f"example_{key}", facts, runs_on=True)
            yield page.display(f"example-{label}", *_listed(names, values))


def _backward(
    page: Page, facts: Mapping[str, Any], values: Mapping[str, float], check: Gradcheck
) -> Iterable[Block]:
    """The adjoints, and for the parameters that are derived their gradients and the step."""
    model, chain = page.model, page.chain
    found = adjoints(chain, values) if check.adjoints is None else check.adjoints
    plugged = _plugging(page, values, found)

    def gradient_of(w: str) -> float:
        return settled(check.gradients[w].symbolic, plugged(chain.gradients[w]))

    def worked(w: str) -> Equation:
        gradient, value = chain.gradients[w], number(gradient_of(w))
        numbers = plugged(gradient)
        same = isinstance(numbers, Number) and numbers.text == value.text
        middle = [gradient] if same or not _is_followed(gradient) else [gradient, numbers]
        return Equation((page.by_total(w), *middle, value))

    def stepped(w: str) -> Equation:
        rate = number(check.network.learning_rate)
        return Equation(
            (
                Updated(w),
                Name(w) - Letter("eta") * page.by_total(w),
                number(values[w]) - rate * number(gradient_of(w)),
                number(check.updated[w]),
            )
        )

    names = [q.name for q in page.derived]
    moved = [name for name in names if name in check.updated]
    shown = reading_order(model, found)[: facts["shown"]]
    parts: Sequence[tuple[str, Sequence[Equation]]] = (
        ("deltas", [Equation((chain.adjoint(n), number(found[n]))) for n in shown]),
        ("gradients", [worked(w) for w in names[:MOST_WORKED]]),
        ("update", [stepped(w) for w in moved[:MOST_WORKED]]),
    )
    for key, equations in parts:
        if equations:
            yield Words(f"example_{key}", facts, runs_on=True)
            yield page.display(f"example-{key}", *equations)


def _is_followed(formula: Formula) -> bool:
    """Whether six digits of each number in a formula give its value, and all of them are shown.

    A quotient may take the last digits off, and of a long sum some terms are dots.
    """
    return not any(
        isinstance(node, Quotient) or (isinstance(node, Sum) and len(node.terms) > MOST_TERMS)
        for node in walk(formula)
    )


def _plugging(
    page: Page, values: Mapping[str, float], found: Mapping[str, float]
) -> Callable[[Formula], Formula]:
    """Puts the numbers into a formula, those of the adjoints too."""

    def rule(node: Formula) -> Formula | None:
        adjoint = page.chain.adjoint_of(node)
        if adjoint:
            return number(found[adjoint])
        return number(values[node.name]) if isinstance(node, Name) else None

    return lambda formula: transform(formula, rule)
