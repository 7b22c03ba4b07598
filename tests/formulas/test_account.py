"""All that an author writes is read, or the claim is not judged: character by character."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from derive import Model
from derive.checking import documents
from derive.checking.check import check_document
from derive.checking.claims import Verdict
from derive.checking.judge import Judge
from derive.checking.reader import Reader
from derive.files import read_text
from derive.grammar.account import Account, Use
from derive.grammar.lexer import _Run
from derive.grammar.tokens import Unreadable
from derive.networks.network import Network
from derive.networks.shipped import shipped
from derive.networks.sources import read
from tests.shelf import READ_AS, written

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
TABLE = tomllib.loads((DATA / "what_is_read.toml").read_text(encoding="utf-8"))
ROWS = [
    (
        row.get("network", "2-4-3-2"),
        re.sub(r"\bG\b", lambda _: TABLE["gradient"]["text"], text),
        row["verdict"],
    )
    for row in TABLE["row"]
    for text in row["formulas"]
]
DOCUMENTS = [
    ("2-4-3-2", ROOT / "output" / "2-4-3-2.md"),
    ("2-4-3-2", ROOT / "output" / "2-4-3-2.tex"),
    ("2-4-3-2", DATA / "hand-derived.md"),
    ("mazur", DATA / "mazur-published.md"),
]
MAY_BE = {
    Use.SPACE: r"(?:\s|~|\{\}|&|\\[ ,;:!>\n]|\\(?:displaystyle|textstyle|limits|nolimits|nonumber|notag|left|right|[bB]igg?[lrm]?|strut|mathstrut|quad|qquad)(?![A-Za-z])|\.(?=\Z))*",
    Use.GAP: r"(?:\\q?quad|&|\\\\(?:\*|\[[^\]]*\])?|\\(?:begin|end)\{[a-z]+\*?\}(?:\{[0-9]+\})?)*",
    Use.LAYOUT: r"(?:\\\\(?:\*|\[[^\]]*\])?|\\(?:begin|end)\s*\{[a-z]+\*?\}(?:\{[0-9]+\}|\[[tbc]\])?|[()\s]|\\displaystyle)*",
    Use.MARK: r"(?:[.,;:\s]|\\Rightarrow|\\implies|\\iff|\\therefore|⇒|⟹)*",
    Use.WORD: r"(?:\\(?:text|textrm|mbox|hbox)\s*\{[^{}]*\}|\\forall|∀|\\(?:neq?|leq?|geq?)(?![a-z])|[<>≠≤≥]|[a-z](?![a-z])|[, =0-9.()\s]|\\ldots|\\quad)*",
    Use.LABEL: r"(?:\\(?:tag\*?|label)\s*\{[^{}]*\}|\\q?quad\s*\([0-9]+[a-z]?\)|\([0-9]+[a-z]?\))*",
}
"""What a stretch of characters may be that is no token."""


@cache
def model(network: str) -> Model:
    """A model by its name, made once."""
    return Model.of(network)


def verdict(network: str, text: str) -> str:
    """The verdict on a formula; ``silent`` where it is no claim."""
    reader = Reader(model(network))
    statements = reader.statements(text)
    if len(statements) == 1 and statements[0].error is not None:
        return "unreadable"
    claim = Judge(model(network)).judge(text)
    return "silent" if claim is None else claim.verdict.value


@pytest.mark.parametrize(("network", "text", "expected"), ROWS)
def test_what_stands_beside_a_claim_is_read_or_the_claim_is_not_judged(
    network: str, text: str, expected: str
) -> None:
    """Each row of the table gets its verdict; what can be read in two ways gets none."""
    assert verdict(network, text) == expected


@pytest.mark.parametrize(
    ("network", "path"), DOCUMENTS, ids=lambda value: getattr(value, "name", value)
)
def test_every_character_of_a_document_is_accounted_for(network: str, path: Path) -> None:
    """Each formula of our documents and of the test data is read to its last character."""
    assert _accounted(network, read_text(path), documents.kind_of(path)) > 0


@pytest.mark.slow
@pytest.mark.parametrize("format_", READ_AS)
@pytest.mark.parametrize("name", shipped())
def test_every_character_of_every_shipped_document_is_accounted_for(
    name: str, format_: str
) -> None:
    """The same of what is written for every network that comes with the program."""
    assert _accounted(name, written(read(name), format_), READ_AS[format_]) > 0


@pytest.mark.slow
def test_every_row_of_the_table_of_edges_has_an_account() -> None:
    """What is judged was read to its last character; what was not says where it is."""
    for network, text, expected in ROWS:
        statements, account = Reader(model(network)).read(text)
        if expected in ("proved", "refuted"):
            _check(text, account)
        else:
            errors = [s.error for s in statements if s.error is not None]
            assert all(0 <= e.start < e.end <= len(text) + 1 for e in errors), text


def test_every_line_of_the_notes_equations_is_accounted_for() -> None:
    """Each of the 25 equations, as it was typed into the test data, is read to its last character."""
    text = (DATA / "notes-equations.tex").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("%")]
    equations = [part for part in "\n".join(lines).split("\n\n") if part.strip()]
    for line in equations:
        statements, account = Reader(model("2-4-3-2")).read(line)
        assert all(statement.error is None for statement in statements), line
        _check(line, account)
    assert len(equations) >= 25


def _accounted(network: str, text: str, kind: str) -> int:
    """How many formulas of a document are read; those that are not say why."""
    reader = Reader(model(network))
    count = 0
    for found in documents.find(text, kind):
        statements, account = reader.read(found.text)
        if any(statement.error is not None for statement in statements):
            continue
        _check(found.text, account)
        count += 1
    return count


def _check(text: str, account: Account) -> None:
    """Every character has a use, and what is no token looks like what it is taken for."""
    unread = account.unread()
    assert unread is None, (text, text[slice(*(unread or (0, 0)))])
    assert "".join(text[start:end] for start, end, _ in account.stretches()) == text
    for start, end, use in account.stretches():
        if use is not Use.TOKEN:
            assert re.fullmatch(MAY_BE[use], text[start:end]), (use, text[start:end], text)


# Planted faults: the account raises the alarm where the reader passes over something.


def test_a_lexer_that_drops_a_sign_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A character that becomes no token and is not declared makes the formula unreadable."""
    step = _Run.step

    def careless(self: _Run) -> None:
        if self.text[self.at] == "!":
            self.at += 1
        else:
            step(self)

    monkeypatch.setattr(_Run, "step", careless)
    (statement,) = Reader(model("2-4-3-2")).statements("w31*3! = w31*3")
    assert isinstance(statement.error, Unreadable)
    assert "'!' is not read" in statement.error.message
    assert (statement.error.start, statement.error.end) == (5, 6)


def test_a_lexer_that_drops_a_command_with_its_argument_is_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So it is with a command that is passed over together with what it holds."""
    command = _Run.command

    def careless(self: _Run) -> None:
        if self.text.startswith(r"\index", self.at):
            self.at += len(r"\index")
            self.argument()
        else:
            command(self)

    monkeypatch.setattr(_Run, "command", careless)
    claim = Judge(model("2-4-3-2")).judge(r"w_{31} \index{- w_{31}} = w_{31}")
    assert claim is not None
    assert claim.verdict is Verdict.UNREADABLE


def test_a_sum_over_layers_is_no_sum_of_equal_terms() -> None:
    """The l of Σ is not the l that stands for every layer."""
    network = Model.of(Network.read("2-3-2", notation="indexed", bias="neuron"))
    for text in (r"\sum_{l=2}^{3} z^l_1 = 2 z^l_1", r"\sum_{l=2}^3 b^l_1 = b^2_1 + b^3_1"):
        claim = Judge(network).judge(text)
        assert claim is not None
        assert claim.verdict is Verdict.UNREADABLE


def test_words_that_join_mean_what_they_mean(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were every word a joining one, a claim with "times 5" behind it would not be unreadable so."""
    from derive.checking import display

    text = ROWS[0][1]
    assert verdict("2-4-3-2", text) == "unreadable"
    monkeypatch.setattr(display, "joins", lambda words: True)
    (first, *_) = [s.error for s in Reader(model("2-4-3-2")).statements(text) if s.error]
    assert "no relation" in first.message


def account_of(text: str) -> list[tuple[str, str]]:
    """The stretches of a formula with their uses, for a person to look at."""
    account = Reader(model("2-4-3-2")).read(text)[1]
    return [(text[start:end], use.name) for start, end, use in account.stretches()]


def test_an_account_can_be_looked_at() -> None:
    r"""``w_{31} \quad`` is a token and a gap; the words, the mark and the label have their own."""
    found: Any = account_of(r"w_{31} = w_{31}, \text{ and } w_{32} = w_{32}. \tag{4}")
    assert ("w_{31}", "TOKEN") in found
    assert (r"\text{ and }", "WORD") in found
    assert (r"\tag{4}", "LABEL") in found
    assert [use for text, use in found if text in (",", ".")] == ["MARK", "MARK"]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("tex", r"$w_{31} \cdot w_{31} = w_{31}^2$", ["proved"]),
        ("tex", r"\renewcommand{\cdot}{+} $w_{31} \cdot w_{31} = w_{31}^2$", ["refuted"]),
        ("tex", r"\def\times{+} $w_{31} \times w_{31} = w_{31}^2$", ["refuted"]),
        ("tex", r"\let\times+ $w_{31} \times w_{31} = w_{31}^2$", ["refuted"]),
        (
            "tex",
            r"\RenewDocumentCommand\cdot{}{+} $w_{31} \cdot w_{31} = w_{31}^2$",
            ["refuted"],
        ),
        ("tex", r"\renewcommand{\cdot}{+} $w_{31} \cdot w_{31} = 2 w_{31}$", ["proved"]),
        ("tex", r"\edef\cdot{+} $w_{31} \cdot w_{31} = w_{31}^2$", ["unreadable"]),
        ("tex", r"\catcode`\+=13 \def+{-} $w_{31} + w_{31} = 2w_{31}$", ["unreadable"]),
        ("tex", r"$w_{31} = w_{31}$$+ 5$", ["unreadable"]),
        ("tex", r"$5\,\cdot$ $w_{31} = w_{31}$", ["unreadable"]),
        ("md", "$$w_{31} = w_{31}$$\n$$= 5$$", ["proved", "unreadable"]),
        ("md", "$$w_{31} = w_{31}$$\n$$+ 5$$", ["unreadable"]),
        ("md", "$$w_{31} = w_{31}$$\n\nThen comes\n\n$$+ 5$$", ["proved"]),
        ("md", "$$w_{31} = w_{31}$$ (5)", ["proved"]),
        ("tex", r"\begin{align} w_{31} &= w_{31} \\ & 5 \end{align}", ["unreadable"]),
        ("tex", r"\begin{align} 5 \\ w_{31} &= w_{31} \end{align}", ["unreadable"]),
        ("md", "Let $k = 1$. Then $$out_{d_k} = out_{d_1}$$", ["unreadable"]),
        ("txt", "5 +\nw31 = w31", ["refuted"]),
        ("txt", "not w31 = w31", []),
        ("txt", "w31 = w31 if it rains", []),
        ("txt", "w31 = w31 or w32 = w31", []),
        ("txt", "w31 = w31, not", ["unreadable"]),
        ("txt", "w31 = w31; 5", ["unreadable"]),
        ("txt", "w31 = w31\n+ 5", ["refuted"]),
        ("txt", "So w31 = w31 and w32 = w32.", ["proved", "proved"]),
    ],
)
def test_what_a_document_says_around_a_formula_is_not_passed_over(
    kind: str, text: str, expected: list[str]
) -> None:
    """Commands that a document redefines, displays that go on, and words in lines of plain text."""
    report = check_document(model("2-4-3-2"), text, kind)
    assert [claim.verdict.value for claim in report.claims] == expected
