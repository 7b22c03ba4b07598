"""The parser's tables are made once and kept between runs, where nobody else can put others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lark.parsers.lalr_analysis import LALR_Analyzer

from derive.files import cache_folder
from derive.grammar.account import Account
from derive.grammar.free_names import FreeSymbols
from derive.grammar.lexer import Lexer
from derive.grammar.parser import parsed, parser


@pytest.fixture
def tables_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Callable[[], list[str]]]:
    """Calling it reads a formula as a new process would; the grammars analysed so far come back."""
    made: list[str] = []
    analysed = LALR_Analyzer.compute_lalr

    def counted(self: LALR_Analyzer) -> None:
        made.append("a grammar")
        analysed(self)

    def read() -> list[str]:
        parser.cache_clear()
        tokens = Lexer(FreeSymbols()).tokens("a = b*c", {})
        assert str(parsed(tokens, Account(7), latex=False).data)
        return made

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(LALR_Analyzer, "compute_lalr", counted)
    yield read
    parser.cache_clear()


def test_tables_are_made_once(tables_made: Callable[[], list[str]]) -> None:
    """The second run analyses no grammar."""
    first = list(tables_made())
    assert first
    assert tables_made() == first


def test_a_damaged_file_is_made_anew(tables_made: Callable[[], list[str]], tmp_path: Path) -> None:
    """What a run that was cut short has left behind is no fault of the next one."""
    tables_made()
    (kept,) = (tmp_path / "derive").glob("*.tables")
    kept.write_bytes(kept.read_bytes()[:1000])
    before = len(tables_made())
    assert len(tables_made()) == before


@pytest.mark.parametrize("mode", [0o777, 0o720])
def test_a_folder_where_others_may_write_is_not_trusted(
    tables_made: Callable[[], list[str]], tmp_path: Path, mode: int
) -> None:
    """Neither read nor written: a file that another user put there could run as this one."""
    (tmp_path / "derive").mkdir()
    (tmp_path / "derive").chmod(mode)
    assert cache_folder() is None
    first = len(tables_made())
    assert len(tables_made()) > first
    assert not list((tmp_path / "derive").iterdir())


def test_there_may_be_no_folder(
    tables_made: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where a file is in the way, formulas are read as ever."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert cache_folder() is None
    assert tables_made()
