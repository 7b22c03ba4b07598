"""The worked example with numbers, and the table of the numeric check."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from derive.notes.compose import Composer

RESIDUE = 1e-14
"""What rounding leaves of a sum that is 0, relative to its terms."""
MOST_VALUES = 48
MOST_ROWS = 40
MOST_ERRORS = 8


def settled(value: float, sum_: Formula) -> float:
    """`value`, or 0 where it is nothing but the rounding of a sum whose terms cancel."""
    size = max((abs(node.value) for node in walk(sum_) if isinstance(node, Number)), default=0)
    return 0.0 if abs(value) < RESIDUE * float(size) else value


def example_section(composer: Composer) -> Section:
    """Numbers for everything; stops with an error when the numeric check fails."""
    from derive.numeric.forward import adjoints
    from derive.numeric.gradcheck import gradcheck

    own_numbers = composer.network.numbers is not None
    check = gradcheck(composer.network, composer.seed, composer.chain)
    if not check.passed:
        raise ProofError(
            f"the numeric check of {composer.network.name} fails for"
            f" {', '.join(check.suspects[:5])}; nothing was written"
        )
    model, values = composer.model, check.values
    examples = len(values[model.total])
    used = check.network
    facts = {
        "given": own_numbers,
        "seed": composer.seed,
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
        "numpy": check.by_numpy,
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
        "deltas": len(composer.chain.deltas),
        "deltas_cut": len(composer.chain.deltas) > shown,
        "derived": len(composer.derivations),
    }
    blocks: list[Block] = [Words("example_intro", facts, runs_on=True)]
    inputs = [*named(Role.INPUT)[:12], *named(Role.TARGET)[:12]]
    blocks.append(composer.display("example-data", *listed(inputs)))
    blocks.append(Words("example_parameters", facts, runs_on=True))
    blocks.append(
        composer.display(
            "example-parameters", *listed([*named(Role.CONSTANT), *model.parameters[:shown]])
        )
    )
    blocks.append(Words("example_forward", facts, runs_on=True))
    blocks.append(composer.display("example-forward", *listed(forward[:shown])))
    blocks.append(Words("example_error", facts, runs_on=True))
    blocks.append(
        composer.display("example-error", *listed([*model.errors[:MOST_ERRORS], model.total]))
    )
    if examples == 1:
        deltas = adjoints(composer.chain, {n: column[0] for n, column in values.items()})

        def plugged(formula: Formula) -> Formula:
            def rule(node: Formula) -> Formula | None:
                if isinstance(node, Name):
                    return number(values[node.name][0])
                return number(deltas[node.of]) if isinstance(node, Delta) else None

            return transform(formula, rule)

        def gradient_of(w: str) -> float:
            return settled(check.gradients[w].symbolic, plugged(composer.chain.gradients[w]))

        def worked(w: str) -> Equation:
            gradient = composer.chain.gradients[w]
            numbers = plugged(gradient)
            value = number(gradient_of(w))
            same = isinstance(numbers, Number) and numbers.text == value.text
            middle = [gradient] if same else [gradient, numbers]
            return Equation((composer.by_total(w), *middle, value))

        backward = sorted(deltas, key=lambda n: -model.quantities[n].layer)
        backward = backward[:shown]
        blocks.append(Words("example_deltas", facts, runs_on=True))
        blocks.append(
            composer.display(
                "example-deltas", *(Equation((Delta(n), number(deltas[n]))) for n in backward)
            )
        )
        blocks.append(Words("example_gradients", facts, runs_on=True))
        blocks.append(
            composer.display(
                "example-gradients",
                *(worked(q.name) for q in composer.named_in_picture[:8]),
            )
        )
        step = [q.name for q in composer.named_in_picture if q.name in check.updated]
        blocks.append(Words("example_update", facts, runs_on=True))
        blocks.append(
            composer.display(
                "example-update",
                *(
                    Equation(
                        (
                            Updated(w),
                            Name(w) - Letter("eta") * composer.by_total(w),
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
