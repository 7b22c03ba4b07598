"""Brackets that are left out, that do not belong, or that end on the wrong side of an exponent."""

from __future__ import annotations

import pytest

from derive import check, check_document

TWO = "2-4-3-2"


@pytest.mark.parametrize(
    ("claim", "said", "write"),
    [
        (
            "dE/dw31 = out_d1 - target_d1*out_d1*(1 - out_d1)*out_c1",
            "brackets are missing around out_d1 - target_d1",
            "(out_d1 - target_d1)*out_d1*(1 - out_d1)*out_c1",
        ),
        (
            "delta_d1 = (out_d1 - target_d1)*out_d1*1 - out_d1",
            "brackets are missing around 1 - out_d1",
            "(out_d1 - target_d1)*out_d1*(1 - out_d1)",
        ),
        (
            "delta_d1 = -target_d1 - out_d1*out_d1*(1 - out_d1)",
            "brackets are missing around target_d1 - out_d1",
            "-(target_d1 - out_d1)*out_d1*(1 - out_d1)",
        ),
        (
            "net_d1 = w31*(out_c1 + w32)*out_c2 + w33*out_c3",
            "the brackets around out_c1 + w32 do not belong there",
            "w31*out_c1 + w32*out_c2 + w33*out_c3",
        ),
        (
            "E_d1 = 1/2*(target_d1 - out_d1^2)",
            "the exponent belongs to all of target_d1 - out_d1",
            "1/2*(target_d1 - out_d1)^2",
        ),
    ],
)
def test_brackets_are_told_where_they_belong(claim: str, said: str, write: str) -> None:
    """The finding says around what, and the whole right side as it should be."""
    (judged,) = check(TWO, claim).claims
    assert judged.verdict.value == "refuted"
    (finding,) = [found for found in judged.findings if found.code == "brackets"]
    assert (finding.message, finding.suggestion) == (said, write)
    assert check(TWO, f"{claim.partition('=')[0]}= {write}").claims[0].verdict.value == "proved"


def test_an_exponent_may_be_for_a_part_only() -> None:
    """(1 − a)² for 1 − a², in a network where no table says what the slope of tanh is."""
    rows = ("a = w x", "z = 1 - a^2", "L = v z", r"\frac{\partial L}{\partial v} = (1 - a)^2")
    text = "\n\n".join(f"$${formula}$$" for formula in rows)
    (claim,) = check_document(None, text, "md").claims
    assert claim.verdict.value == "refuted"
    assert [f.message for f in claim.findings if f.code == "brackets"] == [
        "the exponent belongs to a alone"
    ]


@pytest.mark.parametrize(
    "claim",
    [
        "dE/dw31 = out_d1 - target_d1*out_d1*(1 - out_d1)*out_c2",
        "dE/dw31 = out_d1 - target_d1*out_d1*(2 - out_d1)*out_c1",
        "net_d1 = w31*(out_c1 + w32)*out_c1 + w33*out_c3",
    ],
)
def test_brackets_are_not_told_where_they_do_not_help(claim: str) -> None:
    """A formula that is wrong with any brackets has another mistake, too."""
    (judged,) = check(TWO, claim).claims
    assert judged.verdict.value == "refuted"
    assert "brackets" not in {finding.code for finding in judged.findings}
