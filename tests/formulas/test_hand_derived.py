"""The 25 equations of a person's notes: what is wrong, what is only sloppy, and silence elsewhere."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from derive import check_file
from derive.checking.claims import Judged, Verdict

DATA = Path(__file__).parents[1] / "data"
EXPECTED = tomllib.loads((DATA / "hand-derived.toml").read_text(encoding="utf-8"))
NUMBERS = [str(n) for n in range(1, 26)]


@pytest.fixture(scope="module")
def claims() -> dict[str | None, Judged]:
    report = check_file("2-4-3-2", DATA / "hand-derived.md")
    return {claim.number: claim for claim in report.claims}


@pytest.mark.parametrize("number", NUMBERS)
def test_each_equation_is_judged_as_a_careful_reader_does(
    number: str, claims: dict[str | None, Judged]
) -> None:
    """(18) alone is refuted, none is unreadable or undecided, and every finding is where it is."""
    claim = claims[number]
    wrong = number in EXPECTED["refuted"]
    assert claim.verdict is (Verdict.REFUTED if wrong else Verdict.PROVED)
    assert [f.code for f in claim.findings] == EXPECTED["findings"].get(number, [])


def test_the_correction_of_18_is_one_index(claims: dict[str | None, Judged]) -> None:
    """The third summand must have out_{c_3}; the whole numerator is shown put right."""
    found = [f for f in claims["18"].findings if f.code == "wrong-index"]
    assert [f.suggestion for f in found] == [EXPECTED["refuted"]["18"]]
    assert found[0].message == "out_{c_1} should be out_{c_3}"
    assert found[0].repaired is not None
    assert found[0].repaired.count("out_{c_1}") == 1


def test_there_are_35_equals_signs(claims: dict[str | None, Judged]) -> None:
    """Each '=' is a relation of its own; the one in (3) defines `inner`, and (3) is read with it."""
    relations = [len(claims[number].relations) for number in NUMBERS]
    assert sum(relations) == 35
    assert claims["3"].relations[0].left == r"\frac{\partial E_{d_1}}{\partial w_{31}}"


@pytest.mark.parametrize(
    ("number", "suggestion"),
    [
        ("9", r"\frac{\partial E_{total}}{\partial w_{31}}"),
        ("9", r"\frac{\partial (E_{d_1} + E_{d_2})}{\partial w_{31}}"),
        ("16", r"\frac{\partial E_{d_2}}{\partial w_{2_1}}"),
        ("19", r"\frac{\partial w_{3x} * out_{c_2}}{\partial w_{21}}"),
    ],
)
def test_what_is_sloppy_is_shown_written_out(
    number: str, suggestion: str, claims: dict[str | None, Judged]
) -> None:
    """A ∂ that is missing, or stands before a bare sum, is put in, in the author's spelling."""
    assert suggestion in [f.suggestion for f in claims[number].findings]


def test_placeholders_say_what_they_stand_for(claims: dict[str | None, Judged]) -> None:
    """w_{xx} in (2) stands for two weights; in (14) the step holds whatever w_{3x} is."""
    said = {n: [f.message for f in claims[n].findings if f.code == "placeholder"] for n in NUMBERS}
    assert said["2"] == ["w_{xx} stands for w_{32} and w_{33}"]
    assert said["14"] == ["w_{3x} stands for any weight: the step holds whatever it is"]
