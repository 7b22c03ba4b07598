"""Untrusted input ends in a clear verdict, with 60 million calls and 500 megabytes at most."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.formulas.hostile import CASES
from tests.sample import sampled

MEGABYTES = 500
ROOT = Path(__file__).parents[2]

Ask = Callable[[str], dict[str, Any]]

LONG = frozenset({
    "doubling-again", "brackets-tex", "brackets-md", "partials-thousands", "index-letters-turned",
    "dollars-and-blanks", "short-lines", "decimals", "times-minus-thousands", "columns", "rows",
    "equals-chain", "spaces", "fractions-wide", "juxtaposed-thousands", "product-of-thousands",
    "texts", "rows-going-on", "sum-of-thousands", "exp-of-a-sum", "backticks-apart", "iffalse",
    "comma-statements", "group-by-group", "equals-chain-wrong", "comments", "lines-of-text",
    "dollars-and-x", "dots-of-dots", "tags-open", "begins", "gaps", "ampersands", "renewed", "dots",
    "lines-of-equals", "divided-thousands", "divided-minus-thousands", "raised-in-a-row",
    "operators-in-text", "entrywise-thousands", "rows-broken-off",
})  # fmt: skip
"""Cases that take long where calls are counted; each has a like that does not."""


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Judges one case in a process of its own; where it runs, no file may appear."""
    folder = tmp_path_factory.mktemp("hostile")
    with subprocess.Popen(
        [sys.executable, "-m", "tests.formulas.hostile"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:

        def ask_one(name: str) -> dict[str, Any]:
            assert server.stdin
            assert server.stdout
            server.stdin.write(name + "\n")
            server.stdin.flush()
            answer = json.loads(server.stdout.readline())
            assert not list(folder.iterdir())
            return answer

        yield ask_one
        assert server.stdin
        server.stdin.close()


@pytest.mark.parametrize("name", sampled(CASES, CASES.keys() - LONG))
@pytest.mark.slow
def test_hostile_input_ends_in_a_verdict(name: str, ask: Ask) -> None:
    """One of the verdicts of its row; too much work would be a traceback, which is none of them."""
    case = CASES[name]
    answer = ask(name)
    said = "\n".join(answer["says"])
    assert answer["verdict"] in case.verdicts, said
    assert case.says in said
    assert answer.get("inside", True)
    assert answer["megabytes"] < MEGABYTES
    if answer["verdict"] == "unreadable":
        assert said


def test_no_name_of_the_user_reaches_lambdify(monkeypatch: pytest.MonkeyPatch) -> None:
    import sympy

    from derive.checking.check import check

    made = sympy.lambdify

    def watched(names: Any, body: Any, *rest: Any, **more: Any) -> Any:
        """The calculus compiles the shapes of its own definitions, over x0, x1, …."""
        assert all(re.fullmatch(r"x[0-9]+", str(name)) for name in names)
        assert {str(symbol) for symbol in body.free_symbols} <= {str(name) for name in names}
        return made(names, body, *rest, **more)

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("a text is taken for code")

    monkeypatch.setattr(sympy, "lambdify", watched)
    for name in ("sympify", "parse_expr", "S"):
        monkeypatch.setattr(sympy, name, refused)
    names = ("__import__", "os", "lambda", "w31.__class__", r"\mathrm{eval}", "exec(w31)")
    for name in names:
        check("2-4-3-2", f"{name} = w31", f"w31 = {name}", f"{name} = {name} + 1")
    report = check("mazur", "w5 = 0.40", "∂E_total/∂w5 = 0.0822", "w5 = w5 + 1")
    assert [claim.verdict.value for claim in report.claims][-1] == "refuted"
