"""Every code of a finding is explained, with examples that the checker itself agrees with."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from derive import check
from derive.checking.claims import Report, Verdict
from derive.checking.codes import Code, codes
from derive.checking.reports.words import remarks
from derive.cli import cli
from derive.functions import LOSSES
from derive.networks.sources import read

ROOT = Path(__file__).parents[2] / "derive"
ROOMS = ("checking", "grammar")
"""The rooms in which findings are made."""
MAKERS = {"Finding": 0, "Repair": 0, "Cause": 0, "undecided": 0}
"""What makes a finding, and which of its arguments is the code."""
ERRORS = {"Unreadable", "error", "fail"}
"""What makes a reason for which a formula is not read; its code is an argument behind the message."""
INTERNAL = {
    "no-layer": "of a name that one layer lacks: another layer is taken, or it is an unknown-name",
}
"""Codes that nobody is told, and what becomes of them."""
NO_CODES = {"one-minus", "system-out", "not-judged", *LOSSES}
"""Words with a hyphen in these rooms that are no codes."""
WITHOUT_EXAMPLE = {"undecided", "reading", "missing-file"}
"""What no formula by itself gives: the code is for documents, and reports that are made otherwise."""
CODE = re.compile(r"[a-z]+(-[a-z]+)*")


def strings(node: ast.AST) -> Iterator[str]:
    """The texts in a tree that could be codes."""
    for one in ast.walk(node):
        if (
            isinstance(one, ast.Constant)
            and isinstance(one.value, str)
            and CODE.fullmatch(one.value)
        ):
            yield one.value


def made_in(text: str) -> set[str]:
    """The codes of the findings that a module makes: written where they are made, or assigned."""
    tree = ast.parse(text)
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            if name in MAKERS and node.args:
                found.update(strings(node.args[MAKERS[name]]))
            elif name in ERRORS:
                codes_of = [*node.args[1:], *(k.value for k in node.keywords if k.arg == "code")]
                for argument in codes_of:
                    found.update(strings(argument))
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if re.search(r"\bcode\b", ast.unparse(target)):
                    found.update(strings(node.value))
    # A code in a table, or one that is yielded beside something else, has a hyphen so far.
    return found | {word for word in strings(tree) if "-" in word} - NO_CODES


def emitted() -> dict[str, str]:
    """Every code that the program can give, with a module that does it."""
    found = {verdict.value: "the verdicts" for verdict in Verdict if verdict is not Verdict.PROVED}
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if path.parts[-2] not in ("documents", "reports"):
                found |= dict.fromkeys(made_in(path.read_text("utf-8")), str(path))
    return {code: where for code, where in found.items() if code not in INTERNAL}


def explain(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["explain", *arguments])


def said(report: Report) -> set[str]:
    """The codes of all that a report says."""
    return {finding.code for claim in report.claims for finding in remarks(claim)}


def judged(code: Code, formulas: tuple[str, ...], folder: Path) -> Report:
    """The report on an example."""
    network = code.network
    if code.file:
        network = str(folder / "net.toml")
        Path(network).write_text(code.file, encoding="utf-8")
    return check(read(network, **code.options), *formulas)


def test_every_code_that_can_be_given_has_a_row_and_no_row_is_idle() -> None:
    """Whoever adds a finding explains it."""
    assert emitted().keys() == codes().keys()


@pytest.mark.parametrize(
    "planted",
    [
        "Finding('new-code', message)",
        "finding = Finding('planted', message)",
        "code = 'planted' if x else 'sign'",
        "raise self.fail('no such thing', 3, 'planted')",
        "yield Repair('planted', formula)",
        "TABLE = {Error: (Verdict.UNDECIDED, 'new-code')}",
    ],
)
def test_a_code_without_a_row_is_found(planted: str) -> None:
    """In each of the ways in which the program gives codes."""
    assert made_in(planted) - codes().keys()


@pytest.mark.parametrize(
    "code", [code for code in codes().values() if code.name not in WITHOUT_EXAMPLE], ids=str
)
def test_the_wrong_example_gives_the_code_and_the_right_one_is_proved(
    code: Code, tmp_path: Path
) -> None:
    """Both are judged as somebody would who tries them."""
    assert code.name in said(judged(code, code.wrong, tmp_path))
    right = judged(code, code.right, tmp_path)
    assert right.claims
    assert {claim.verdict for claim in right.claims} == {Verdict.PROVED}
    assert code.name not in said(right)


def test_only_what_cannot_be_given_has_no_example() -> None:
    """A row without one says so in the table of this file."""
    assert {code.name for code in codes().values() if not code.wrong} == WITHOUT_EXAMPLE
    assert all(code.right for code in codes().values() if code.wrong)


@pytest.mark.slow
def test_what_is_called_wrong_is_never_proved(tmp_path: Path) -> None:
    """An example of a remark may be right; the others are not, or are read in a lenient way."""
    lenient = {"missing-partial", "partial-scope", "no-left-side"}
    for code in codes().values():
        if code.wrong and not code.remark and code.name not in lenient:
            claims = judged(code, code.wrong, tmp_path).claims
            assert {claim.verdict for claim in claims} != {Verdict.PROVED}, code.name


@pytest.mark.parametrize("code", codes().values(), ids=lambda code: code.name)
def test_a_code_is_explained(code: Code) -> None:
    """Its meaning in whole sentences, and its examples as they are typed."""
    result = explain(code.name)
    assert result.exit_code == 0
    assert result.output.startswith(f"{code.name}\n\n{code.about}\n")
    for formula in (*code.wrong, *code.right):
        assert f"\n    {formula}\n" in result.output
    assert all(sentence[0].isupper() or sentence[0] == "½" for sentence in code.about.split(". "))
    assert code.about.endswith(".")


def test_all_codes_are_listed() -> None:
    """A line each, with the first sentence of its meaning."""
    lines = explain().output.splitlines()
    assert [line.split()[0] for line in lines] == list(codes())
    assert all(
        line.endswith(code.title) for line, code in zip(lines, codes().values(), strict=True)
    )


def test_an_unknown_code_is_an_error_with_the_nearest() -> None:
    """As everywhere: exit status 2, and what would do."""
    result = explain("mising-factor")
    assert result.exit_code == 2
    assert "did you mean 'missing-factor'?" in result.output
