"""The numbers that a published 2-2-2 example prints, and numbers that are nearly right."""

from __future__ import annotations

from pathlib import Path

import pytest

from derive import check, check_file
from derive.checking.claims import Verdict

DOCUMENT = Path(__file__).parents[1] / "data" / "mazur-published.md"


def test_the_published_numbers_are_right_but_for_the_last() -> None:
    """All 27 numbered equations are proved; the error after the step is refuted, and explained."""
    report = check_file("mazur", DOCUMENT)
    verdicts = {claim.number: claim.verdict for claim in report.claims if claim.number}
    assert verdicts.pop("28") is Verdict.REFUTED
    assert set(verdicts.values()) == {Verdict.PROVED}
    assert len(verdicts) == 27
    last = next(claim for claim in report.claims if claim.number == "28")
    assert [(f.code, f.suggestion) for f in last.findings] == [("updated-weights", "0.291027774")]


@pytest.mark.parametrize(
    ("formula", "verdict", "code"),
    [
        (r"\frac{\partial E}{\partial w_5} = 0.082167041", "proved", None),
        (r"\frac{\partial E}{\partial w_5} = 0.0822", "proved", None),
        (r"\frac{\partial E}{\partial w_5} = 0.08", "proved", None),
        (r"\frac{\partial E}{\partial w_5} = 0.0821", "refuted", "premature-rounding"),
        (r"\frac{\partial E}{\partial w_5} = 0.82167041", "refuted", "wrong-number"),
        (r"\frac{\partial E}{\partial w_5} = -0.082167041", "refuted", "wrong-number"),
        (r"\frac{\partial E}{\partial w_5} = 0.741*0.187*0.593 = 0.0821", "refuted", "premature-rounding"),
        (r"\frac{\partial E}{\partial w_1} = 0.000438568", "proved", None),
        (r"\frac{\partial E}{\partial w_1} = 0.000425367", "refuted", None),
        (r"E_{total}^{+} = 0.291027774", "proved", None),
        (r"w_5^{+} = 0.36", "proved", None),
        (r"w_5^{+} = 0.4 - 0.5 * 0.082167041 = 0.3589", "proved", None),
        (r"w_5^{+} = 0.4 + 0.5 * 0.082167041", "refuted", None),
        (r"b_1^{+} = 0.35", "proved", None),
        (r"\frac{\partial net_{h1}}{\partial b_1} = 1", "proved", None),
        (r"\frac{\partial E_{o1}}{\partial w_7} = 0", "proved", None),
        (r"\frac{\partial E_{o1}}{\partial w_1} = 0", "refuted", "false-zero"),
    ],
)  # fmt: skip
def test_numbers_are_judged_to_the_digits_that_are_written(
    formula: str, verdict: str, code: str | None
) -> None:
    """Right is what rounds to the written digits; rounding is told from an error."""
    claim = check("mazur", formula).claims[0]
    assert claim.verdict.value == verdict
    if code:
        assert code in [finding.code for finding in claim.findings]


def test_numbers_that_a_document_gives_hold_for_what_follows() -> None:
    """A network without numbers takes those of the text; what is missing is undecided."""
    report = check("1-1", "out_a1 = 0.5", "w11 = 2", "net_b1 = 1.0", "E_b1 = 0.1")
    assert [claim.verdict.value for claim in report.claims] == ["proved", "undecided"]
    assert "target_b1" in report.claims[1].findings[0].message


def test_a_symbolic_claim_is_not_proved_by_numbers() -> None:
    """A formula that happens to agree at the network's numbers is still wrong."""
    report = check("mazur", r"net_{h1} = w_1 i_1 + w_2 i_2 + 0.35 w_5/w_5 + 0 w_6", "i_1 = i_2/2")
    assert [claim.verdict.value for claim in report.claims] == ["proved", "refuted"]
