"""What has to hold of every input: no traceback, no hang, messages at places, JSON without NaN."""

from __future__ import annotations

import json

from derive.checking import documents
from derive.checking.claims import Verdict
from derive.checking.judge import Judge
from derive.checking.reader import Reader
from derive.errors import InputError
from tests.formulas.fuzz.inputs import model

KINDS = ("md", "tex", "txt", "ipynb")


def read(text: str, network: str) -> None:
    """Statements, or errors at places in the text, each with one sentence."""
    for statement in Reader(model(network)).statements(text):
        assert 0 <= statement.start <= statement.end <= len(text)
        error = statement.error
        if error is not None:
            assert error.message
            assert error.message.splitlines() == [error.message]
            assert 0 <= error.start <= len(text), (error.message, error.start)
            assert error.start < error.end <= len(text) + 1, (error.message, error.start, error.end)
        for side in statement.sides:
            assert text[side.start : side.end] == side.text


def judge(text: str, network: str) -> None:
    """A verdict with findings that can be handed on."""
    claim = Judge(model(network)).judge(text)
    if claim is None:
        return
    json.dumps(claim.to_json(), allow_nan=False)
    if claim.verdict is not Verdict.PROVED:
        assert claim.relations or claim.findings
    for finding in claim.findings:
        assert finding.message
        if finding.start is not None and finding.end is not None:
            assert 0 <= finding.start <= finding.end <= len(text) + 1


def find(text: str, kind: str) -> None:
    """Formulas at their places in a document, or a message."""
    try:
        found = documents.find(text, kind)
    except InputError:
        return
    lines = text.split("\n")
    for formula in found:
        assert formula.text
        if kind != "ipynb":
            assert 1 <= formula.line <= len(lines)
            assert 1 <= formula.column <= len(lines[formula.line - 1]) + 1
            first = formula.text.split("\n")[0]
            assert len(first) <= len(lines[formula.line - 1])
