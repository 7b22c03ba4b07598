"""``python -O`` removes every `assert`: it changes no verdict, no report and no exit status.

An assert of the program tells mypy what is known, and does nothing else. What protects from a wrong
input or a wrong formula is a check that stays.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import Commands

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "derive").rglob("*.py"))

FORMULAS = {
    "2-4-3-2": [
        "dE_total/dw31 = (out_d1 - target_d1)*out_d1*(1 - out_d1)*out_c1",
        "dE_total/dw31 = (out_d1 - target_d1)*out_d1*(1 - out_d1)*out_c2",
        "dE_total/dw21 = (out_d1 - target_d1)*out_d1*(1 - out_d1)*w31*out_c1*(1 - out_c1)*out_b1",
        r"\frac{\partial E_{total}}{\partial w_{31}} = \delta_{d_1} \cdot out_{c_1}",
        "out_d1 = 1/(1 + exp(-net_d1))",
        "net_d1 = w31*out_c1 + \\dots + w33*out_c3",
        "sqrt(out_d1^2) = out_d1",
        "w31 = nosuch",
        "w31 = (",
        "w31 = 2",
        "w31 = 1/(w32 - w32)",
        "ln(out_d1 - 5) = 0",
        "w31^(1/0) = 1",
        "w31 = w31!",
        "a = w31",
        "= =",
        "w31 + w32",
        "",
    ],
    "mazur": ["dE/dw5 = 0.0822", "dE/dw5 = 0.5", "w5 = 0.40", "w5^+ = w5 - eta*dE/dw5"],
    "rnn": ["dE/du = Σ_t dE/dnet_t h_{t-1}", "dE/du = Σ_t dE/dnet_t h_t", "dE/dh_t = 5", "u = x"],
    "maxpool": ["E = 0", "dE/dk_1 = 1"],
    "softmax": ["dE/dnet_1 = p_1 - target_1", "dE/dnet_1 = p_1"],
}

JUDGED = """
import json, sys
from derive import check, InputError
for network, formulas in json.load(sys.stdin).items():
    for formula in formulas:
        try:
            report = check(network, formula)
            print(report.status, json.dumps(report.to_json()))
        except InputError as error:
            print(2, error)
print(__debug__, file=sys.stderr)
"""


def asserts(path: Path) -> Iterator[ast.Assert]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.Assert))


def is_for_mypy(test: ast.expr) -> bool:
    """Whether it is ``isinstance(a, B)`` or ``a is not None``, where `a` is only looked at."""
    if isinstance(test, ast.Call):
        known = isinstance(test.func, ast.Name) and test.func.id == "isinstance"
        return known and not test.keywords and _is_plain(test.args[0])
    return (
        isinstance(test, ast.Compare)
        and isinstance(test.ops[0], ast.IsNot)
        and isinstance(test.comparators[0], ast.Constant)
        and test.comparators[0].value is None
        and _is_plain(test.left)
    )


def _is_plain(node: ast.expr) -> bool:
    return not any(
        isinstance(each, ast.Call | ast.NamedExpr | ast.Await) for each in ast.walk(node)
    )


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_assert_is_for_mypy(path: Path) -> None:
    """None has an effect, and none guards."""
    for each in asserts(path):
        assert is_for_mypy(each.test), f"{path}:{each.lineno}: {ast.unparse(each)}"


@pytest.mark.parametrize(
    "guard", ["x > 0", "take(x)", "isinstance(take(x), int)", "(y := x) is not None"]
)
def test_an_assert_that_guards_would_be_found(guard: str) -> None:
    """The alarm of the test above."""
    assert not is_for_mypy(ast.parse(f"assert {guard}").body[0].test)  # type: ignore[attr-defined]


def test_nothing_asks_whether_it_is_optimized() -> None:
    """``__debug__`` would be another way to be different."""
    assert not [path for path in SOURCES if "__debug__" in path.read_text(encoding="utf-8")]


@pytest.mark.slow
def test_optimized_python_judges_as_any_other() -> None:
    """Right, wrong, undecided and unreadable formulas: the same statuses, verdicts and reports."""
    import json

    found = []
    for options in ([], ["-O"]):
        done = subprocess.run(
            [sys.executable, *options, "-c", JUDGED],
            cwd=ROOT,
            input=json.dumps(FORMULAS),
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        assert done.stderr == f"{not options}\n"
        found.append(done.stdout.splitlines())
    plain, optimized = found
    assert optimized == plain
    assert len(plain) == sum(map(len, FORMULAS.values()))
    assert {line[0] for line in plain} == {"0", "1", "2", "3"}


@pytest.fixture(scope="module")
def ready() -> Iterator[tuple[Commands, Commands]]:
    """Commands with assertions, and without."""
    both = Commands(), Commands("-O")
    yield both
    for commands in both:
        commands.close()


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "2-4-3-2", "w31 = w32"),
        ("check", "2-x", "w31 = w32"),
        ("check", "2-4-3-2", "w31 = ("),
        ("show", "2-2", "w11"),
        ("gradcheck", "mazur"),
        ("notes", "maxpool", "-o", "-"),
        ("code", "softmax"),
    ],
    ids=str,
)
@pytest.mark.slow
def test_optimized_commands_print_and_end_as_any_other(
    arguments: tuple[str, ...], ready: tuple[Commands, Commands]
) -> None:
    """The same bytes on both streams, and the same exit status."""
    plain, optimized = (commands.run(*arguments) for commands in ready)
    assert plain.returncode in (0, 1, 2, 3)
    assert (optimized.returncode, optimized.stdout, optimized.stderr) == (
        plain.returncode,
        plain.stdout,
        plain.stderr,
    )
