"""What a document says of the steps of gradient descent, as facts and as rows of a table."""

from __future__ import annotations

from typing import Any

from derive.formula import Equation, Formula, Letter, Name
from derive.notes.numbers import bound, number
from derive.notes.page import Page
from derive.numeric.descent import Descent, outputs_of
from derive.numeric.found import Gradcheck

ETA = Letter("eta")
MOST_OUTPUTS = 4


def descent_facts(page: Page, check: Gradcheck, taken: Descent) -> dict[str, Any]:
    """What there is to say about the step, and about the gradients that it takes."""
    outputs = outputs_of(page.model) if taken.found and taken.found[0].outputs else []
    after = taken.found[0].error if taken.found else check.error_after
    errors = [number(one.error) for one in taken.found]
    return {
        "rate": Equation((ETA, number(taken.rate))),
        "shorter": number(taken.rate),
        "given_rate": number(check.network.learning_rate),
        "halved": taken.halved,
        "before": number(check.error),
        "after": number(after),
        "falls": after < check.error,
        "worst": bound(check.max_relative_error, 1e-8),
        "symbolic": bound(check.symbolic_error, 1e-12),
        "numpy": check.second == "NumPy",
        "arrays": check.second == "arrays",
        "skipped": len(check.skipped),
        "tried": check.tried,
        "outputs": [Name(name) for name in outputs[:MOST_OUTPUTS]],
        "tabled": len(errors) > 1 and (after >= check.error or errors[-1] != errors[0]),
        "goes_on": len(errors) > 1 and taken.found[-1].error < after and errors[-1] != errors[0],
        "rises": len(errors) > 1 and after < check.error < taken.found[-1].error,
        "stays": len(errors) > 1 and errors[-1] == errors[0],
        "spent": taken.spent,
        "still": taken.still,
    }


def descended(taken: Descent, outputs: int) -> list[list[Formula | str]]:
    """A row for each number of steps: the error, and the first outputs."""
    return [
        [f"{after.steps:,}", number(after.error), *map(number, after.outputs[:outputs])]
        for after in taken.found
    ]
