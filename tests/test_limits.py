"""What is too large, too deep or oddly encoded: a verdict or one line, with work that is counted."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from derive import Model, check
from derive.cli import cli
from derive.files import MOST_BYTES
from derive.formula import Call, Name
from derive.functions.written import choices
from derive.networks.equations.system import System
from derive.networks.network import Network
from tests.work import MOST_CALLS, limited

LONG = "9" * 5_000
PRIME = 2**127 - 1
FILES = {
    # what is in the file, and what is said of it
    "digits of a size": (f"layers = [2, {LONG}]", "a number or a date too large"),
    "digits of a number": (f"layers = [2, 1]\nl2 = {LONG}", "a number or a date too large"),
    "hexadecimal digits": (f"layers = [2, 0x{'f' * 5000}]", "a number of more than 1,000 digits"),
    "digits in a list": (f"layers = [2, 1]\nskip = [[0x{'f' * 5000}]]", "more than 1,000 digits"),
    "an exponent": (f"layers = [2, 1]\nl2 = 1e{LONG}", "l2: expected a finite number: inf"),
    "lists in lists": (f"layers = {'[' * 5000}{']' * 5000}", "nested more than 20 deep"),
    "lists in lists that are read": (f"layers = {'[' * 100}{']' * 100}", "nested more than 20 deep"),
    "tables in tables": ("a = " + "{a = " * 5000, "nested more than 20 deep"),
    "a key of many parts": ("layers" + ".a" * 100_000 + " = 1", "nested more than 20 deep"),
    "a quoted one": ("layers" + " . 'a b'" * 100_000 + " = 1", "nested more than 20 deep"),
    "a heading of many parts": (f"[a{'.a' * 100_000}]", "nested more than 20 deep"),
    "one long name": ("a" * 1_000_000, "not a TOML file"),
    "quotation marks": ('"' * 1_000_000, "not a TOML file"),
    "NUL": ("layers = [2, 1]\0", "not a TOML file"),
    "two marks at the beginning": ("\ufeff\ufefflayers = [2, 1]", "not a TOML file"),
    "brackets in a loss": (f"layers = [2, 1]\nloss = '{'(' * 5000}'", "nested more than 60 deep"),
    "digits in a loss": (f"layers = [2, 1]\nloss = '{LONG}*(t - o)^2'", "more than 100 digits"),
    "many layers": (f"layers = [{'1, ' * 100_000}1]", "100,001 layers; at most 5,000"),
    "many weights": ("layers = [2000, 1000, 1]", "2,001,000 weights; at most 1,000,000"),
    "steps of a family": (f"family = 'recurrent'\nsteps = 1{'0' * 500}\ninputs = 1\nhidden = 1\noutputs = 1", "more than"),
    "a large convolution": ("family = 'convolution'\ninput = [999999, 999999]\nkernel = [3, 3]\nkernels = 2", "more than 100,000"),
}  # fmt: skip
READ = {
    "a mark at the beginning": "\ufefflayers = [2, 1]",
    "carriage returns": "# of the old kind\rlayers = [2, 1]\r",
    "both": "layers = [2, 1]\r\nbias = 'none'\r\n",
    "a long comment": "layers = [2, 1]\n#" + "a." * 500_000,
    "many dots in a text": f"layers = [2, 1]\ndescription = '{'... ' * 10_000}'",
    "many numbers": f"layers = [2, 1]\n[numbers]\ninputs = [{'[0.1, 1.5],' * 5_000}]\ntargets = [{'[0.5],' * 5_000}]\nweights = [[0.1, 0.2]]",
}  # fmt: skip


def said(name: str, text: str, *arguments: str) -> tuple[int, str]:
    """The status and the whole output of a command about a file."""
    Path(name).write_bytes(text.encode())
    with limited(MOST_CALLS):
        result = CliRunner().invoke(cli, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a folder of its own."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(("text", "says"), FILES.values(), ids=FILES)
def test_a_network_that_is_too_large_or_too_deep_is_refused(text: str, says: str) -> None:
    """Before anything is built: one line, with the file and what the limit is."""
    status, output = said("net.toml", text, "check", "net.toml", "w11 = w12")
    assert status == 2
    assert output.startswith("error: net.toml: ")
    assert says in output
    assert output.count("\n") == 1
    assert len(output) < 2_100


@pytest.mark.parametrize("text", READ.values(), ids=READ)
def test_a_network_with_any_ending_of_lines_is_read(text: str) -> None:
    """A byte-order mark is no part of the text, and every kind of line ends."""
    formula = "net_b1 = w11*out_a1 + w12*out_a2"
    assert said("net.toml", text, "check", "net.toml", formula) == (0, "proved\n")


def test_equations_with_any_ending_of_lines_are_read() -> None:
    """The same for a file of equations."""
    for text in ("\ufeffy = w*x\nE = y\n", "y = w*x\r\nE = y\r\n", "y = w*x\rE = y\r"):
        assert said("net.eq", text, "check", "net.eq", "dE/dw = x") == (0, "proved\n")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("notes.md", "# Notes\n\n$w_{11} = w_{12}$\n"),
        ("notes.tex", "Notes\n\n$w_{11} = w_{12}$\n"),
        ("notes.txt", "Notes\n\n  w11 = w12\n"),
        (
            "notes.ipynb",
            '{"cells": [{"cell_type": "markdown", "source": "\\n\\n$w_{11} = w_{12}$"}]}',
        ),
    ],
)
def test_documents_with_any_ending_of_lines_are_read(name: str, text: str) -> None:
    """And for documents; the formula is found, in its line."""
    expected = said(name, text, "check", "2-2", name)
    assert expected[0] == 1
    for other in (f"\ufeff{text}", text.replace("\n", "\r\n"), text.replace("\n", "\r")):
        assert said(name, other, "check", "2-2", name) == expected


@pytest.mark.slow
def test_a_document_is_read_up_to_its_limit_and_no_further() -> None:
    """10,000,000 bytes are read, one more is not."""
    text = "$w_{11} = w_{12}$\n"
    large = text + " " * (MOST_BYTES - len(text))
    assert said("notes.md", large, "check", "2-2", "notes.md")[0] == 1
    status, output = said("notes.md", f"{large} ", "check", "2-2", "notes.md")
    assert (status, output.count("\n")) == (2, 1)
    assert "10,000,001 bytes; at most 10,000,000 are read" in output


def _cases(rows: int) -> str:
    inside = r"\\".join(f"net_{{b_1}} & net_{{b_1}} > {rows - row}" for row in range(rows))
    return rf"\begin{{cases}}{inside}\\0 & \text{{otherwise}}\end{{cases}}"


def _nested(depth: int) -> str:
    text = "net_{b_1}"
    for _ in range(depth):
        text = rf"\begin{{cases}}{text} & net_{{b_1}} > 0\\0 & \text{{otherwise}}\end{{cases}}"
    return text


@pytest.mark.parametrize("network", ["2-2", "2-3-2"])
@pytest.mark.parametrize("count", [90, 250, 300, 1_000])
@pytest.mark.parametrize("write", [_cases, _nested], ids=["rows", "nested"])
@pytest.mark.slow
def test_many_cases_end_in_a_verdict(network: str, count: int, write: object) -> None:
    """Rows below one another and cases within cases, with and without kinks in the network."""
    for activation in ("sigmoid", "relu"):
        model = Model.of(Network.read(network, activation=activation))
        with limited(MOST_CALLS):
            claim = check(model, f"out_{{b_1}} = {write(count)}").claims[0]  # type: ignore[operator]
        assert claim.verdict.value in ("unreadable", "undecided", "refuted")
        if count >= 250:
            assert claim.verdict.value == "unreadable"


@pytest.mark.parametrize(
    "count", [40, *(pytest.param(n, marks=pytest.mark.slow) for n in (100, 250, 300))]
)
def test_cases_side_by_side_are_judged(count: int) -> None:
    """As many as a formula has room for: a relu, written out, taken `count` times."""
    model = Model.of(Network.read("2-2", activation="relu"))
    relu = r"\begin{cases}net_{b_1} & net_{b_1} > 0\\0 & \text{otherwise}\end{cases}"
    with limited(MOST_CALLS):
        right = check(model, f"{count} out_{{b_1}} = {' + '.join([relu] * count)}")
        wrong = check(model, f"{count + 1} out_{{b_1}} = {' + '.join([relu] * count)}")
    assert right.claims[0].verdict.value == "proved"
    assert wrong.claims[0].verdict.value == "refuted"


def test_the_choices_of_nested_functions_are_few() -> None:
    """relu(relu(…)) has one choice for each relu; every function is opened once, not every time."""
    formula: Call | Name = Name("net_b1")
    for _ in range(60):
        formula = Call("relu", formula)
    with limited(2_000_000):
        assert len(choices([formula])) == 60


@pytest.mark.parametrize("sign", ["*", "+", "^2*"])
@pytest.mark.parametrize("formula", ["dE/dout = 1", "out = 0", "dE/dw = x", "dE/dx = w"])
def test_a_network_with_a_large_prime_in_it_is_judged(sign: str, formula: str) -> None:
    """A number that is 0 modulo a prime ends in a verdict, too, and not in a traceback."""
    text = f"out = w*x{sign}{PRIME}\nE = out"
    assert said("net.eq", text, "check", "net.eq", formula)[0] in (0, 1, 3)


@pytest.mark.parametrize("root", ["w^2", "-1"], ids=["nested", "of a negative number"])
@pytest.mark.slow
def test_a_network_whose_roots_have_no_point_ends_in_a_verdict(root: str) -> None:
    """Thirty roots in each other, or one of −1: no residues have them, and none is sought twice."""
    for _ in range(30 if root == "w^2" else 1):
        root = f"sqrt({root})"
    model = Model.of(System.from_text(f"weights: w\nE = w*{root}"))
    for formula in ("dE/dw = 5", "E = 5*w"):
        assert check(model, formula).claims[0].verdict.value != "proved"
