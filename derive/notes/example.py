"""The worked example with numbers, and the table of the numeric check."""

from __future__ import annotations

from collections.abc import Iterable

from derive.errors import ProofError
from derive.formula import (
    Delta,
    Equation,
    Formula,
    Letter,
    Name,
    Number,
    Updated,
    transform,
    walk,
)
from derive.model import Role
from derive.notes.blocks import Block, Section, Table, Words
from derive.notes.numbers import bound, figure, number
from derive.notes.page import Page

RESIDUE = 1e-14
"""What rounding leaves of a sum that is 0, relative to its terms."""
MOST_VALUES = 48
MOST_ROWS = 40
MOST_ERRORS = 8


def settled(value: float, sum_: Formula) -> float:
    """`value`, or 0 where it is nothing but the rounding of a sum whose terms cancel."""
    size = max((abs(node.value) for node in walk(sum_) if isinstance(node, Number)), default=0)
    return 0.0 if abs(value) < RESIDUE * float(size) else value


def example_section(page: Page) -> Section:
    """Numbers for everything; stops with an error when the numeric check fails."""
    from derive.numeric.forward import evaluate_deltas
    from derive.numeric.gradcheck import gradcheck

    own_numbers = page.network.numbers is not None
    check = gradcheck(page.network, page.seed, page.chain)
    if not check.passed:
        raise ProofError(
            f"the numeric check of {page.network.name} fails for"
            f" {', '.join(check.suspects[:5])}; nothing was written"
        )
    model, values = page.model, check.values
    examples = len(values[model.total])
    used = check.network
    facts = {
        "given": own_numbers,
        "seed": page.seed,
        "examples": examples,
        "reduction": used.reduction,
        "eta": Letter("eta"),
        "rate": Equation((Letter("eta"), number(used.learning_rate))),
        "biases": used.bias != "none",
        "factors": [Name(q.name) for q in model.having(Role.CONSTANT)],
        "parameters": len(model.parameters),
        "left": max(0, len(model.parameters) - MOST_ROWS),
        "worst": bound(check.max_relative_error, 1e-8),
        "symbolic": bound(check.symbolic_error, 1e-12),
        "fall": "" if check.convergence is None else f"{check.convergence:.2f}",
        "before": figure(check.error, 9),
        "after": figure(check.error_after, 9),
        "total": Name(model.total),
        "numpy": page.network.is_plain,
        "skipped": len(check.skipped),
        "update_biases": used.update_biases,
    }

    def listed(names: Iterable[str]) -> tuple[Equation, ...]:
        return tuple(Equation((Name(n), number(values[n][0]))) for n in names)

    def named(*roles: Role) -> list[str]:
        return [q.name for q in model.having(*roles)]

    many = len(model.quantities) > 4 * MOST_VALUES
    shown = 12 if many else MOST_VALUES
    forward = named(Role.NET, Role.OUTPUT)
    facts |= {
        "many": many,
        "cut": shown if len(model.parameters) > shown else 0,
        "forward_cut": len(forward) > shown,
        "errors_cut": len(model.errors) > MOST_ERRORS,
        "deltas": len(page.chain.deltas),
        "deltas_cut": len(page.chain.deltas) > shown,
        "derived": len(page.derivations),
    }
    blocks: list[Block] = [Words("example_intro", facts, runs_on=True)]
    inputs = [*named(Role.INPUT)[:12], *named(Role.TARGET)[:12]]
    blocks.append(page.display("example-data", *listed(inputs)))
    blocks.append(Words("example_parameters", facts, runs_on=True))
    blocks.append(
        page.display(
            "example-parameters", *listed([*named(Role.CONSTANT), *model.parameters[:shown]])
        )
    )
    blocks.append(Words("example_forward", facts, runs_on=True))
    blocks.append(page.display("example-forward", *listed(forward[:shown])))
    blocks.append(Words("example_error", facts, runs_on=True))
    blocks.append(
        page.display("example-error", *listed([*model.errors[:MOST_ERRORS], model.total]))
    )
    if examples == 1:
        deltas = {n: found[0] for n, found in evaluate_deltas(page.chain, values).items()}

        def plugged(formula: Formula) -> Formula:
            def rule(node: Formula) -> Formula | None:
                if isinstance(node, Name):
                    return number(values[node.name][0])
                return number(deltas[node.of]) if isinstance(node, Delta) else None

            return transform(formula, rule)

        def gradient_of(w: str) -> float:
            return settled(check.gradients[w].symbolic, plugged(page.chain.gradients[w]))

        def worked(w: str) -> Equation:
            gradient = page.chain.gradients[w]
            numbers = plugged(gradient)
            value = number(gradient_of(w))
            same = isinstance(numbers, Number) and numbers.text == value.text
            middle = [gradient] if same else [gradient, numbers]
            return Equation((page.by_total(w), *middle, value))

        backward = sorted(deltas, key=lambda n: -model.quantities[n].layer)
        backward = backward[:shown]
        blocks.append(Words("example_deltas", facts, runs_on=True))
        blocks.append(
            page.display(
                "example-deltas", *(Equation((Delta(n), number(deltas[n]))) for n in backward)
            )
        )
        blocks.append(Words("example_gradients", facts, runs_on=True))
        blocks.append(
            page.display(
                "example-gradients",
                *(worked(q.name) for q in page.named_in_picture[:8]),
            )
        )
        step = [q.name for q in page.named_in_picture if q.name in check.updated]
        blocks.append(Words("example_update", facts, runs_on=True))
        blocks.append(
            page.display(
                "example-update",
                *(
                    Equation(
                        (
                            Updated(w),
                            Name(w) - Letter("eta") * page.by_total(w),
                            number(values[w][0])
                            - number(used.learning_rate) * number(gradient_of(w)),
                            number(check.updated[w]),
                        )
                    )
                    for w in step[:8]
                ),
            )
        )
    rows: list[list[Formula | str]] = [
        [
            Name(name),
            figure(row.symbolic),
            figure(row.backprop),
            "" if row.finite_difference is None else figure(row.finite_difference),
            figure(check.updated[name]) if name in check.updated else "",
        ]
        for name, row in list(check.gradients.items())[:MOST_ROWS]
    ]
    blocks += [
        Words("example_check", facts),
        Table("check", rows, facts),
        Words("example_result", facts),
    ]
    return Section("example", facts, tuple(blocks))
