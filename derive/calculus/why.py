"""Why the product of the factors is the derivative at all: equations (1) to (8) of the notes.

The error of one output is unfolded until the weight stands in it, then the outer functions are
peeled off one at a time. Each peel gives one factor; the −1 of the inner function target − out
belongs to the first, and is counted there and nowhere else.
"""

from __future__ import annotations

from derive.calculus.chain import Chain, Factor, function_slope, named
from derive.calculus.derivation import Step
from derive.formula import (
    MINUS_ONE,
    Call,
    Formula,
    Letter,
    Name,
    Negative,
    Number,
    Partial,
    Power,
    Product,
    Sum,
    equation,
    number,
    product,
)

INNER = "inner"


def why_steps(chain: Chain, w: str, spine: list[Factor]) -> tuple[list[Step], dict[str, Formula]]:
    """The steps for a parameter that feeds one output neuron, and the letters they define."""
    model = chain.model
    error, out, net = spine[0].of, spine[0].by, spine[-1].by
    weight = Name(w)

    def by_w(of: str) -> Partial:
        return Partial(Name(of), weight)

    last = chain.factor(net, w)
    tail = (*spine[1:], last)
    over_total = product([Partial(Name(model.total), Name(out)), named(tail)])
    keep = [x for x in model.inputs_of[net] if x in model.definitions]
    unfolded = model.unfolded(error, keep)
    steps = [
        Step(
            "overview",
            "overview",
            (equation(by_w(model.total), over_total),),
            {"weight": weight, "out": Name(out), "net": Name(net), "total": Name(model.total)},
        ),
        Step(
            "unfold",
            "unfold",
            (equation(Name(error), unfolded),),
            {"error": Name(error), "out": Name(out), "net": Name(net), "weight": weight},
        ),
    ]
    letters: dict[str, Formula] = {}
    base = squared(model.definitions[error])
    unfolded_base = squared(unfolded)
    activation = model.definitions[out]
    if base is not None and unfolded_base is not None:
        outer, inner = base
        letters[INNER] = unfolded_base[1]
        letter = Letter(INNER)
        steps += [
            Step(
                "peel-square",
                "peel_square",
                (
                    equation(by_w(error), outer(letter) * Partial(letter, weight)),
                    equation(letter, unfolded_base[1]),
                ),
                {"error": Name(error), "half": outer.cancels},
            ),
            Step(
                "minus",
                "minus",
                (
                    equation(
                        spine[0].name,
                        Partial(model.definitions[error], Name(out)),
                        outer(inner) * MINUS_ONE,
                    ),
                ),
                {"unfolded": "peel-square", "out": Name(out)},
            ),
            Step(
                "peel-activation",
                "peel_activation",
                (
                    equation(
                        Partial(letter, weight),
                        Negative(product([_slope(activation, net), by_w(net)])),
                    ),
                ),
                {"net": Name(net), "function": _function(activation)},
            ),
        ]
    if isinstance(activation, Call):
        called = activation
        steps.append(
            Step(
                "rename",
                "rename",
                (
                    equation(
                        by_w(out),
                        Partial(called, weight),
                        Partial(called, Name(net)) * by_w(net),
                        Partial(Name(out), Name(net)) * by_w(net),
                    ),
                ),
                {"out": Name(out), "called": called, "net": Name(net)},
            )
        )
    steps.append(
        Step(
            "peel-sum",
            "peel_sum",
            (equation(by_w(net), last.value),),
            {"net": Name(net), "weight": weight, "slope": last.value},
        )
    )
    if base is not None:
        outer, inner = base
        slopes = [
            product([outer(inner), MINUS_ONE]),
            *(f.value for f in tail),
        ]
        steps.append(
            Step(
                "together",
                "together",
                (equation(by_w(error), product(slopes), product([spine[0].name, named(tail)])),),
                {
                    "unfolded": "peel-square",
                    "minus": "minus",
                    "identity": not isinstance(activation, Call),
                },
            )
        )
    steps.append(
        Step(
            "proven",
            "proven",
            (equation(by_w(error), by_w(model.total), over_total),),
            {
                "overview": "overview",
                "weight": weight,
                "error": Name(error),
                "out": Name(out),
                "others": [Name(other) for other in model.errors if other != error],
            },
        )
    )
    return steps, letters


def _function(activation: Formula) -> str:
    return activation.function if isinstance(activation, Call) else ""


def _slope(activation: Formula, net: str) -> Formula:
    """f'(net) with f(net) still written out: sig(net)·(1 − sig(net))."""
    if not isinstance(activation, Call):
        return number(1)
    return function_slope(activation, activation)


class _Outer:
    """The derivative of c·u² at u: 2c·u, for the coefficient c of a squared error."""

    def __init__(self, coefficient: Formula) -> None:
        assert isinstance(coefficient, Number)
        self._factor = Number(2 * coefficient.value)

    @property
    def cancels(self) -> bool:
        """Whether the 2 cancels against the coefficient."""
        return self._factor.value == 1

    def __call__(self, inner: Formula) -> Formula:
        return product([self._factor, inner])


def squared(error: Formula) -> tuple[_Outer, Formula] | None:
    """The outer derivative and the inner function of c·(…)²; nothing for any other loss."""
    coefficient: Formula = number(1)
    if isinstance(error, Product) and len(error.factors) == 2:
        coefficient, error = error.factors
    if (
        isinstance(error, Power)
        and error.exponent == number(2)
        and isinstance(error.base, Sum)
        and isinstance(coefficient, Number)
    ):
        return _Outer(coefficient), error.base
    return None
