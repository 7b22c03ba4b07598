"""A weight that feeds one output neuron: equations (9) to (15) of the notes."""

from __future__ import annotations

from derive.calculus.chain import Factor, named, plugged_in
from derive.calculus.derivation import Step
from derive.calculus.descent import Descent, by
from derive.calculus.why import squared
from derive.formula import ZERO, Call, Formula, Name, Partial, equation, total


def sum_rule(d: Descent) -> list[Step]:
    """The split into the errors of the outputs, (9) and (16), and the zeros dropped (10)."""
    by_total = by(d.total, d.w)
    summands = [by(error, d.w) for error in d.errors]
    vanishing = [error for error in d.errors if error not in d.survivors]
    if len(d.errors) == 1:
        return [
            Step(
                "sum",
                "single_error",
                (equation(by_total, summands[0]),),
                {"error": Name(d.errors[0])},
            )
        ]
    written = Partial(total(Name(e) for e in d.errors), Name(d.w))
    sides = [by_total, written, total(summands)] if vanishing else [by_total, total(summands)]
    steps = [
        Step(
            "sum",
            "sum_rule" if vanishing else "sum_rule_all",
            (equation(*sides),),
            {"errors": d.neurons(d.errors), "weight": Name(d.w)},
        )
    ]
    if vanishing:
        with_zeros = total([by(e, d.w) if e in d.survivors else ZERO for e in d.errors])
        left = total(summands)
        survivors = total(by(e, d.w) for e in d.survivors)
        steps.append(
            Step(
                "vanish",
                "vanishing",
                (equation(left, with_zeros, survivors),),
                {
                    "vanishing": d.neurons(vanishing),
                    "survivors": d.neurons(d.survivors),
                    "weight": Name(d.w),
                },
            )
        )
    return steps


def last_layer_steps(d: Descent, spine: list[Factor], net: str) -> list[Step]:
    """The chain, its three factors worked out, and their product: (11) to (15)."""
    error = d.survivors[0]
    steps = sum_rule(d)
    by_w = by(error, d.w)
    first, rest = spine[0], [*spine[1:], d.chain.factor(net, d.w)]
    full = named((first, *rest))
    steps.append(
        Step(
            "chain",
            "chain",
            (equation(by_w, first.name * by(first.by, d.w), full),),
            {"factors": len(rest) + 1, "error": Name(error)},
        )
    )
    steps.append(
        Step(
            "factor-error",
            "factor_error",
            (equation(first.name, first.value),),
            {
                "error": Name(error),
                "target": d.targets(error),
                "turned": squared(d.model.definitions[error]) is not None,
            },
        )
    )
    for factor in spine[1:]:
        steps.append(_factor_activation(d, factor))
    steps.append(_factor_net(d, net))
    value = plugged_in((first, *rest))
    sides = [by(d.total, d.w), by_w, value] if len(d.errors) > 1 else [by(d.total, d.w), value]
    steps.append(Step("product", "product", (equation(*sides),), {"chain": "chain"}))
    return steps


def _factor_activation(d: Descent, factor: Factor) -> Step:
    definition = d.model.definitions[factor.of]
    sides: list[Formula] = [factor.name]
    if isinstance(definition, Call):
        sides.append(Call(definition.function, definition.argument, 1))
    sides.append(factor.value)
    return Step(
        "factor-activation",
        "factor_activation",
        (equation(*sides),),
        {
            "out": Name(factor.of),
            "net": Name(factor.by),
            "function": definition.function if isinstance(definition, Call) else "",
        },
    )


def _factor_net(d: Descent, net: str) -> Step:
    definition = d.model.definitions[net]
    slope = d.chain.local(net)[d.w]
    return Step(
        "factor-net",
        "factor_net",
        (equation(by(net, d.w), Partial(definition, Name(d.w)), slope),),
        {
            "net": Name(net),
            "weight": Name(d.w),
            "terms": len(d.model.summands(net)),
            "slope": slope,
        },
    )
