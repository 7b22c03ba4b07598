"""Corrections of documents: --diff prints them, --fix writes them, SARIF and rdjson hold them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema

from derive.checking import corrections
from derive.checking.check import check_document
from derive.checking.claims import Edit, Report, Verdict
from derive.checking.corrections import applied, corrected
from derive.cli import cli
from derive.networks.sources import read

NETWORK = "2-4-3-2"
RIGHT = r"\frac{\partial E_{total}}{\partial w_{31}} = (out_{d_1} - target_{d_1}) \cdot out_{d_1} \cdot (1 - out_{d_1}) \cdot out_{c_1}"
WRONG = RIGHT.replace(r"(1 - out_{d_1}) \cdot ", "")
AMBIGUOUS = r"\frac{\partial net_{d_1}}{\partial w_{31}} = out_{c_2}"
"""Either the right side is wrong or the left one: two findings would change the same place."""
NO_SINGLE = r"\frac{\partial net_{d_1}}{\partial w_{32}} = w_{34}^7 + 3"
SUM = r"net_{d_1} = w_{31} \cdot out_{c_1} + w_{32} \cdot out_{c_2} + w_{33} \cdot out_{c_3}"
DOCUMENT = (
    f"# Notes\n\nAs ∂ü says, $${WRONG}$$ (7)\n\nand ${AMBIGUOUS}$,\n${RIGHT}$ or ${NO_SINGLE}$."
)


def run(*arguments: str, input: str | None = None) -> Result:  # noqa: A002
    return CliRunner().invoke(cli, ["check", NETWORK, *arguments], input=input)


def judged(text: str, kind: str = "md") -> Report:
    return check_document(NETWORK, text, kind, "notes.md")


def put_right(text: str, kind: str = "md") -> str:
    """The text with the corrections that are found for it."""
    report, _ = corrected(judged(text, kind), lambda again: judged(again, kind))
    return applied(text, report.edits)


def test_what_has_one_correction_is_corrected_and_nothing_else() -> None:
    """Not where two findings overlap, nor where no single mistake is known."""
    assert put_right(DOCUMENT) == DOCUMENT.replace(WRONG, RIGHT)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (SUM.replace("out_{c_3}", "out_{c_1}"), SUM),
        (f"{RIGHT} = {WRONG.partition(' = ')[2]}", f"{RIGHT} = {RIGHT.partition(' = ')[2]}"),
        (f"{WRONG}.", f"{RIGHT}."),
        (
            f"\\begin{{aligned}}\n{WRONG.replace(' = ', ' &= ')} \\\\\n{SUM.replace(' = ', ' &= ')}\n\\end{{aligned}}",
            f"\\begin{{aligned}}\n{RIGHT.replace(' = ', ' &= ')} \\\\\n{SUM.replace(' = ', ' &= ')}\n\\end{{aligned}}",
        ),
    ],
)
def test_only_the_wrong_side_is_replaced(wrong: str, right: str) -> None:
    """What stands around it, a full stop or the other rows, stays as it is."""
    assert put_right(f"Text $${wrong}$$ more.") == f"Text $${right}$$ more."


@pytest.mark.parametrize(
    "text",
    [
        rf"\newcommand{{\mine}}{{$${WRONG}$$}} and more",
        rf"\newcommand*{{\mine}}[1][x]{{ {{}} $${WRONG}$$ }} and more",
        rf"\def\mine#1{{\[{WRONG}\]}} and more",
        f"\\newenvironment{{mine}}{{begin}}\n{{$${WRONG}$$}}",
        rf"\NewDocumentCommand{{\mine}}{{m}}{{$${WRONG}$$}}",
    ],
)
def test_the_definition_of_a_macro_is_never_changed(text: str) -> None:
    """A formula that stands in it means something else wherever the macro is used."""
    report = judged(text, "tex")
    assert report.count(Verdict.REFUTED)
    assert not proposed(report)
    # Beside it the same formula is corrected.
    assert put_right(f"{text}\n\n$${WRONG}$$", "tex") == f"{text}\n\n$${RIGHT}$$"


def proposed(report: Report) -> tuple[Edit, ...]:
    """The corrections that are proposed, whether they are right or not: by a judge who likes all."""
    claims = tuple(replace(claim, verdict=Verdict.PROVED) for claim in report.claims)
    return corrected(report, lambda _: replace(report, claims=claims))[0].edits


def made(text: str, source: str) -> Report:
    """The report on a document as if its formula were read from another `source`."""
    report = judged(text)
    (claim,) = report.claims
    at = source.index("$$") + 2
    return replace(report, claims=(replace(claim, column=at + 1),), text=source)


@pytest.mark.parametrize(
    "source",
    [
        f"$${WRONG.replace('out_{d_1}', chr(92) + 'o')}$$",
        f"$${WRONG[:40]} % comment\n{WRONG[40:]}$$",
    ],
)
def test_a_formula_that_is_not_what_stands_there_is_never_changed(source: str) -> None:
    """What was read is not what is written, as with a comment in it."""
    report = made(f"$${WRONG}$$", source)
    assert report.count(Verdict.REFUTED) == 1
    assert not proposed(report)


@pytest.mark.parametrize(
    "source",
    [
        rf"\renewcommand{{\cdot}}{{\times}} $${WRONG}$$",
        rf"\newcommand{{\o}}{{out_{{d_1}}}} $${WRONG.replace('out_{d_1}', chr(92) + 'o ')}$$",
        f"$${WRONG.replace('out_{d_1}', chr(92) + 'color{red}{out_{d_1}}')}$$",
    ],
)
def test_a_side_with_a_macro_or_a_decoration_in_it_is_never_changed(source: str) -> None:
    """What is to be written would say the same in other words."""
    report = judged(source, "tex")
    assert report.count(Verdict.REFUTED) == 1
    assert not proposed(report)


def test_a_side_without_a_macro_is_changed_beside_one_with_it() -> None:
    """The other side stays as it is written."""
    macro = r"\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}"
    left = WRONG.partition("=")[0]
    wrong, right = (formula.replace(left, r"\pd{E_{total}}{w_{31}} ") for formula in (WRONG, RIGHT))
    assert put_right(f"{macro} $${wrong}$$", "tex") == f"{macro} $${right}$$"


def test_only_the_document_itself_is_corrected(tmp_path: Path) -> None:
    """Not the files that it takes in; formulas about several networks in it are, all at once."""
    (tmp_path / "part.tex").write_text(f"$${WRONG}$$\n")
    path = tmp_path / "book.tex"
    text = f"$${WRONG}$$\n\\input{{part}}\n% derive: network=rnn\n$$h_3 = 2 \\tanh(net_3)$$\n"
    path.write_text(text)
    log = json.loads(run(str(path), "--format", "sarif").stdout)
    assert sum("fixes" in one for one in log["runs"][0]["results"]) == 2
    assert run(str(path), "--diff").stdout.count("@@") == 2
    result = run(str(path), "--fix")
    assert path.read_text() == text.replace(WRONG, RIGHT).replace(r"2 \tanh", r"\tanh")
    assert (tmp_path / "part.tex").read_text() == f"$${WRONG}$$\n"
    assert result.stderr == f"{path}: 2 of 3 refuted formulas are corrected\n"
    assert result.exit_code == 1
    log = json.loads(run(str(path), "--format", "sarif").stdout)
    assert not any("fixes" in one for one in log["runs"][0]["results"])


def test_where_two_findings_overlap_nothing_is_proposed() -> None:
    """Two that say the same in the same place are one."""
    report = judged(f"${AMBIGUOUS}$")
    (claim,) = report.claims
    first, second = claim.findings
    assert not proposed(report)
    twice = replace(claim, findings=(first, replace(first, code="wrong-index")))
    assert len(proposed(replace(report, claims=(twice,)))) == 1
    inside = replace(second, start=(second.start or 0) + 1)
    assert not proposed(replace(report, claims=(replace(claim, findings=(first, inside)),)))


def test_only_what_is_refuted_is_corrected() -> None:
    """What could not be read or decided is the author's to look at."""
    report = judged(f"$${WRONG}$$")
    (claim,) = report.claims
    assert len(proposed(report)) == 1
    for verdict in (Verdict.UNREADABLE, Verdict.UNDECIDED):
        assert not proposed(replace(report, claims=(replace(claim, verdict=verdict),)))


def test_what_is_not_proved_once_it_is_corrected_is_left_out() -> None:
    """The document is judged again; a correction that does not come right there is none."""
    text = f"$${WRONG}$$ and $${SUM.replace('c_3', 'c_1')}$$"
    report = judged(text)
    first, second = report.claims
    planted = replace(first.findings[0], repaired="out_{c_1}")
    report = replace(report, claims=(replace(first, findings=(planted,)), second))
    found, after = corrected(report, judged)
    assert [edit.claim.text for edit in found.edits] == [second.text]
    assert applied(text, found.edits) == f"$${WRONG}$$ and $${SUM}$$"
    assert [claim.verdict for claim in after.claims] == [Verdict.REFUTED, Verdict.PROVED]


def test_nothing_is_corrected_that_changes_another_verdict() -> None:
    """What a formula defines may count for those behind it."""
    text = f"$${WRONG}$$ and $${RIGHT}$$"
    report = judged(text)

    def harmed(again: str) -> Report:
        first, second = judged(again).claims
        return replace(report, claims=(first, replace(second, verdict=Verdict.UNDECIDED)))

    found, after = corrected(report, harmed)
    assert not found.edits
    assert after == report
    assert not corrected(report, lambda again: replace(report, claims=()))[0].edits


def test_a_correction_is_looked_for_a_few_times_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A document is not judged again for each of its formulas."""
    monkeypatch.setattr(corrections, "MOST_ROUNDS", 2)
    text = " ".join(f"$${WRONG}$$" for _ in range(4))
    report, calls = judged(text), 0

    def one_fails(again: str) -> Report:
        nonlocal calls
        calls += 1
        wrong = replace(report.claims[calls - 1], verdict=Verdict.REFUTED)
        claims = [*judged(again).claims]
        claims[calls - 1] = wrong
        return replace(report, claims=tuple(claims))

    assert not corrected(report, one_fails)[0].edits
    assert calls == 2


@pytest.mark.slow
def test_diff(tmp_path: Path) -> None:
    """A unified diff on standard output, nothing in the file, and the status of the report."""
    path = tmp_path / "notes.md"
    path.write_text(DOCUMENT, encoding="utf-8")
    result = run(str(path), "--diff")
    assert result.exit_code == 1
    lines = result.stdout.split("\n")
    assert lines[:2] == [f"--- {path}", f"+++ {path}"]
    assert [line for line in lines if line[:1] in "-+" and line[:3] not in ("---", "+++")][:2] == [
        f"-As ∂ü says, $${WRONG}$$ (7)",
        f"+As ∂ü says, $${RIGHT}$$ (7)",
    ]
    assert lines[-2:] == ["\\ No newline at end of file", ""]
    assert path.read_text(encoding="utf-8") == DOCUMENT
    piped = run("--file", "-", "--diff", input=DOCUMENT)
    assert piped.stdout == result.stdout.replace(str(path), "<stdin>")
    assert run(str(path), "--diff", input="").stderr == ""


def test_a_right_document_has_no_diff(tmp_path: Path) -> None:
    """And --fix says nothing about it and leaves it as it is."""
    path = tmp_path / "notes.md"
    path.write_text(f"$${RIGHT}$$")
    before = path.stat().st_ino
    assert (run(str(path), "--diff").exit_code, run(str(path), "--diff").output) == (0, "")
    result = run(str(path), "--fix")
    assert (result.exit_code, result.stderr) == (0, "")
    assert path.stat().st_ino == before


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_fix_keeps_the_line_ends_and_the_mark_of_a_file(
    tmp_path: Path, end: str, mark: str
) -> None:
    """Every byte outside of the corrected sides is what it was."""
    text = f"${SUM.replace('c_3', 'c_1')}$ first\n\n{DOCUMENT}"
    path = tmp_path / "notes.md"
    path.write_bytes((mark + text).replace("\n", end).encode())
    path.chmod(0o640)
    result = run(str(path), "--fix")
    right = (mark + text).replace(SUM.replace("c_3", "c_1"), SUM).replace(WRONG, RIGHT)
    assert path.read_bytes() == right.replace("\n", end).encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert result.stderr == f"{path}: 2 of 4 refuted formulas are corrected\n"
    # The report is that of the corrected document.
    assert result.exit_code == 1
    assert "5 formulas: 3 proved, 2 refuted" in result.stdout


def test_fix_ends_well_where_all_is_corrected(tmp_path: Path) -> None:
    """And then finds nothing more to do; several files are corrected each by itself, and once."""
    paths = [str(tmp_path / name) for name in ("a.md", "b.md")]
    for path in paths:
        Path(path).write_text(f"$${WRONG}$$\n")
    first, second = run(*paths, *paths, "--fix"), run(*paths, "--fix")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stderr.count("1 of 1 refuted formula is corrected") == 2
    assert second.stderr == ""


def test_a_notebook_is_left_as_it_is(tmp_path: Path) -> None:
    """It is said so; the report says what to write."""
    path = tmp_path / "notes.ipynb"
    path.write_text(json.dumps({"cells": [{"cell_type": "markdown", "source": f"$${WRONG}$$"}]}))
    before = path.read_bytes()
    result = run(str(path), "--fix")
    assert path.read_bytes() == before
    assert "0 of 1 refuted formula is corrected (notebooks are left as they are)" in result.stderr
    assert "write: " in result.stdout


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["w31 = w32", "--fix"], "give one with --file"),
        (["w31 = w32", "--diff"], "give one with --file"),
        (["--file", "-", "--fix"], "--diff prints"),
        (["notes.md", "--fix", "--diff"], "leave out"),
        (["notes.md", "--json", "--diff"], "leave out"),
        (["notes.md", "--format", "sarif", "--diff"], "leave out"),
    ],
)
def test_what_does_not_go_together_is_an_error(arguments: list[str], why: str) -> None:
    """Before anything is judged or written."""
    result = run(*arguments, input="")
    assert result.exit_code == 2
    assert why in result.output


def test_a_file_that_is_changed_meanwhile_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What somebody saves while the formulas are judged is not lost."""
    path = tmp_path / "notes.md"
    path.write_text(f"$${WRONG}$$")

    def meanwhile(report: Report, again: Any) -> tuple[Report, Report]:
        path.write_text("another text")
        return corrected(report, again)

    monkeypatch.setattr(corrections, "corrected", meanwhile)
    result = run(str(path), "--fix")
    assert result.exit_code == 2
    assert "was changed" in result.output
    assert path.read_text() == "another text"


def replaced(text: str, start: tuple[int, int], end: tuple[int, int], new: str) -> str:
    """The text with what stands from a line and column to another one replaced."""
    lines = text.split("\n")
    first, last = (
        sum(len(line) + 1 for line in lines[: row - 1]) + column - 1 for row, column in (start, end)
    )
    return text[:first] + new + text[last:]


@pytest.mark.slow
def test_sarif_and_rdjson_hold_the_corrections(tmp_path: Path) -> None:
    """A viewer that puts them in place makes the same document; rdjson counts bytes."""
    path = tmp_path / "notes.md"
    path.write_text(DOCUMENT, encoding="utf-8")
    log = json.loads(run(str(path), "--format", "sarif").stdout)
    StaticAnalysisResultsFormatSarifVersion210JsonSchema.model_validate(log)
    fixes = [fix for result in log["runs"][0]["results"] for fix in result.get("fixes", [])]
    ((change,),) = (fix["artifactChanges"] for fix in fixes)
    (replacement,) = change["replacements"]
    region = replacement["deletedRegion"]
    start, end = ((region[f"{s}Line"], region[f"{s}Column"]) for s in ("start", "end"))
    new = replacement["insertedContent"]["text"]
    assert replaced(DOCUMENT, start, end, new) == DOCUMENT.replace(WRONG, RIGHT)

    result = json.loads(run(str(path), "--format", "rdjson").stdout)
    (one,) = (one for each in result["diagnostics"] for one in each.get("suggestions", []))
    start, end = (tuple(one["range"][s].values()) for s in ("start", "end"))
    lines = DOCUMENT.encode().split(b"\n")
    line = lines[start[0] - 1]
    assert start[0] == end[0]
    right = line[: start[1] - 1] + one["text"].encode() + line[end[1] - 1 :]
    assert right.decode() == DOCUMENT.replace(WRONG, RIGHT).split("\n")[start[0] - 1]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["md", "tex"])
@pytest.mark.parametrize("seed", range(4))
def test_corrections_of_a_whole_document_hold(kind: str, seed: int) -> None:
    """Names of the shipped document are mixed up: what is corrected is proved, the rest as before."""
    network = read(NETWORK).with_random_numbers(0)
    path = Path(__file__).parents[3] / "output" / f"{NETWORK}.{kind}"
    printed, draw = path.read_text("utf-8"), Random(seed)
    word = r"(?:out|net|target|\\mathrm\{(?:out|net|target)\}|w)"
    names = list(re.finditer(word + r"_\{[a-z0-9_]+\}", printed))

    def mixed() -> str:
        text = printed
        for name in sorted(draw.sample(names, 8), key=lambda one: -one.start()):
            text = text[: name.start()] + draw.choice(names)[0] + text[name.end() :]
        return text

    def again(changed: str) -> Report:
        return check_document(network, changed, kind, "notes")

    # Most mistakes that chance makes have more than one correction.
    for text in (mixed() for _ in range(8)):
        before = again(text)
        report, _ = corrected(before, again)
        if report.edits:
            break
    after = again(applied(text, report.edits))
    touched = {id(edit.claim) for edit in report.edits}
    assert touched
    for old, new in zip(before.claims, after.claims, strict=True):
        assert new.verdict is (Verdict.PROVED if id(old) in touched else old.verdict)
