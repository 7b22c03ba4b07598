"""What a text says beside a formula of the indices that it holds for: "for i = j we have"."""

from __future__ import annotations

import pytest

from derive.checking.check import check_document
from tests.formulas.authors import equations
from tests.formulas.stating.test_judging import report

SHARES = r"S_i = \frac{e^{a_i}}{\sum_{k=1}^N e^{a_k}}"
SAME = r"$$\frac{\partial S_i}{\partial a_j} = S_i (1 - S_j)$$"
OTHER = r"$$\frac{\partial S_i}{\partial a_j} = -S_i S_j$$"
WRONG = r"$$\frac{\partial S_i}{\partial a_j} = S_i (1 + S_j)$$"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"For $i = j$ we have\n\n{SAME}", "proved"),
        (f"If $i = j$:\n\n{SAME}\n\nbut", "proved"),
        (f"{SAME}\n\nfor $i = j$.", "proved"),
        (f"Now if $j \\ne i$\n{OTHER}", "proved"),
        (f"**Case 1:** $i = j$.\n\n{SAME}", "proved"),
        (f"If i ≠ j, this is\n\n{OTHER}", "proved"),
        (f"For $i = j$ we have\n\n{WRONG}", "refuted"),
        (f"For $i = j$ we have\n\n{OTHER}", "refuted"),
        (f"Otherwise\n\n{OTHER}", "undecided"),
        (f"On the diagonal\n\n{SAME}", "undecided"),
        (f"When $j$ equals $i$,\n\n{SAME}", "undecided"),
        (f"Otherwise\n\n{WRONG}", "refuted"),
        (f"The slope is\n\n{SAME}", "refuted"),
        (f"If $j \\ne i$ this is negative, and in general\n\n{OTHER}", "undecided"),
        (
            f"If $j \\ne i$ the one has nothing to do with the other, so that\n\n{OTHER}",
            "undecided",
        ),
        (f"This was for $i = j$. In general\n\n{SAME}", "undecided"),
    ],
)
def test_a_case_in_words_is_that_of_the_formula_beside_them(text: str, said: str) -> None:
    """A condition that a text gives counts; one that it may give keeps from refuting, no more."""
    network = equations(
        "weights: a\nS[i] = exp(a[i])/sum(exp(a[k]), k=1..3), i=1..3\nE = sum((S[i] - t[i])^2, i=1..3)\n"
    )
    for given, before in ((network, ""), (None, f"$${SHARES}$$\n\n")):
        claims = check_document(given, f"{before}{text}\n", "md", "softmax.md").claims
        assert [claim.verdict.value for claim in claims] == [said]


def test_a_case_behind_one_formula_is_not_that_of_the_next() -> None:
    """In "A for i = j and B" the case is that of A; whether B has it, too, is open."""
    first, second = SAME.strip("$"), SAME.strip("$")
    claims = report(SHARES, f"{first}$$\nfor $i = j$, and\n$${second}").claims
    assert [claim.verdict.value for claim in claims] == ["proved", "undecided"]
