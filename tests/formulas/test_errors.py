"""What a person is told of a formula that cannot be read: the right sentence, at the right place.

The table of the messages is the table of the tests.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from derive.checking.reader import Reader
from derive.grammar.tokens import Unreadable
from tests.formulas.fuzz.inputs import model, right

TEXT = files("derive.grammar").joinpath("errors.toml").read_text(encoding="utf-8")
ROWS: list[dict[str, Any]] = tomllib.loads(TEXT)["error"]
SAMPLES = [(row["message"], sample) for row in ROWS for sample in row["samples"]]


def error_in(text: str, network: str = "2-4-3-2") -> Unreadable | None:
    """Why a formula cannot be read, if that is so."""
    errors = [s.error for s in Reader(model(network)).statements(text) if s.error]
    return errors[0] if errors else None


@pytest.mark.parametrize(("message", "sample"), SAMPLES)
def test_a_sample_gets_its_message(message: str, sample: str) -> None:
    error = error_in(sample)
    assert error is not None
    assert error.message == message


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["message"][:40])
def test_the_place_is_where_a_person_would_look(row: dict[str, Any]) -> None:
    sample = row["samples"][0]
    error = error_in(sample)
    assert error is not None
    if row["at"]:
        assert sample[error.start :].startswith(row["at"])
    else:
        assert error.start == len(sample.rstrip())
    assert error.start < error.end <= len(sample) + 1


def test_messages_are_plain_sentences_and_none_is_twice_in_the_table() -> None:
    messages = [row["message"] for row in ROWS]
    assert len(set(messages)) == len(messages) >= 25
    assert len({sample for _, sample in SAMPLES}) == len(SAMPLES)
    for message in messages:
        assert not message.endswith(".")
        assert not re.search(r"LPAR|FRACEND|\$END|Token|Traceback|lark", message)


def test_a_factor_that_is_missing_before_an_equals_sign() -> None:
    error = error_in("w31 * = 2")
    assert error is not None
    assert "a factor is missing" in error.message
    assert (error.start, error.end) == (6, 7)


@cache
def formulas() -> list[str]:
    """Right formulas of the notes, not too long."""
    return [text for text in right("2-4-3-2") if 8 < len(text) < 400 and "=" in text]


def _is_right(text: str) -> None:
    """A message of one line with a place inside the text, or nothing to complain of."""
    for statement in Reader(model("2-4-3-2")).statements(text):
        error = statement.error
        if error is not None:
            assert error.message
            assert error.message.splitlines() == [error.message]
            assert not re.search(r"LPAR|RPAR|BRACE|FRAC[TE]|\$END|DTOP|NAME|Error", error.message)
            assert 0 <= error.start <= len(text)
            assert error.start < error.end <= len(text) + 1


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
@pytest.mark.slow
def test_a_formula_cut_off_is_told_where(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(formulas()))
    _is_right(text[: data.draw(st.integers(0, len(text)))])
    _is_right(text[data.draw(st.integers(0, len(text))) :])


@pytest.mark.slow
@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_garbled_formula_is_told_where(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(formulas()))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(text)))
        put = data.draw(
            st.sampled_from([*"{}()[]^_=+-*/&\\', ~<∂Σ²⁺ᵀ1aE", r"\frac", r"\partial", ""])
        )
        text = text[:place] + put + text[place + data.draw(st.integers(0, 2)) :]
    _is_right(text)


@pytest.mark.parametrize("opening", ["(", "[", "{", r"\left(", r"\frac{", r"\bigl(", "sig("])
def test_a_bracket_left_open_is_pointed_at(opening: str) -> None:
    text = f"w31 = 2 {opening} w32 + 1"
    error = error_in(text)
    assert error is not None
    assert "never closed" in error.message or "missing" in error.message
    assert 8 <= error.start <= 8 + len(opening)
