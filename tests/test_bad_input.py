"""Unusable input: one line that says which part, where, and what would do; exit status 2.

The tables below are the catalogue of what people get wrong. A row is what is typed, then words that
the message has to contain: what is wrong first, then what would do.
"""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from derive.cli import cli
from derive.errors import InputError
from derive.networks.network import Network

ROOT = Path(__file__).parents[1]
NUMBERS = """
layers = [2, 1]
{more}
[numbers]
inputs = {inputs}
targets = {targets}
weights = {weights}
{end}
"""


def numbers(
    inputs: str = "[1, 2]",
    targets: str = "[0]",
    weights: str = "[[1, 2]]",
    more: str = "",
    end: str = "",
) -> str:
    """The file of a 2-1 network in which everything is right but what is given."""
    return NUMBERS.format(inputs=inputs, targets=targets, weights=weights, more=more, end=end)


# fmt: off
COMMANDS = [
    # what is typed                               what the message says
    ("gradcheck 2-0-3",                           "layer 2 of 2-0-3 has 0 neurons", "every layer needs one"),
    ("gradcheck 2-x-2",                           "'x' is not a number of neurons", "like 2-4-3-2"),
    ("gradcheck 2²-1",                            "'2²' is not a number of neurons", "like 2-4-3-2"),
    ("gradcheck 5",                               "'5' has 1 layer", "at least two layers, like 2-1"),
    ("gradcheck 2-",                              "'2-'", "give layer sizes like 2-4-3-2"),
    ("gradcheck 2--3",                            "'2--3'", "give layer sizes like 2-4-3-2"),
    ("gradcheck 3000-3000",                       "9,000,000 weights", "at most 1,000,000"),
    (f"gradcheck {'9' * 5000}-1",                 "layers", "at most 1,000,000"),
    ("check 2000-1000-1 w11=w12",                 "2,001,000 weights", "at most 1,000,000"),
    ("check 1999-1000-1 w11=w12",                 "2,000,000 weights", "at most 1,000,000"),
    ("check " + "1-" * 100_000 + "1 w11=w11",     "100,001 layers", "at most 5,000"),
    ("--nosuch",                                  "No such option", "--nosuch", "--help"),
    ("gradcheck mazurr",                          "'mazurr': no such file or shipped network", "did you mean 'mazur'?"),
    ("gradcheck nosuch.toml",                     "nosuch.toml: No such file", "layer sizes like 2-4-3-2"),
    ("gradcheck nosuch.eq",                       "nosuch.eq: No such file", "layer sizes like 2-4-3-2"),
    ("gradcheck folder.toml",                     "folder.toml: Is a directory"),
    ("gradcheck 2-2 --activation sigmiod",        "no 'sigmiod'", "did you mean 'sigmoid'?", "known are sigmoid, tanh"),
    ("gradcheck 2-2-2 --activation tanh,relo",    "no 'relo'", "did you mean 'relu'?"),
    ("gradcheck 2-2 --activation tanh,tanh",      "activation: 2 given", "one for all, or one per layer"),
    ("gradcheck 2-2 --loss half",                 "loss: there is no 'half'", "known are half-squared-error"),
    ("gradcheck 2-3-1 --activation softmax",      "softmax over one neuron is always 1", "layer 2 of 2-3-1", "another activation"),
    ("gradcheck 2-2 --loss t*",                   "loss: the formula breaks off", "'t*'"),
    ("gradcheck 2-2 --loss (t-q)^2",              "loss: 'q' is not known in '(t-q)^2'", "it may use t and o"),
    ("notes 2-2 --activation relu --loss categorical-cross-entropy -o x.md", "2-2: the equations have no value at some points: the logarithm of 0", "other functions would do"),
    ("notes 2-2 --loss o*(t-o)^(1/3) -o x.md",    "loss: an exponent has to be a whole number or half of one", "x^(1/2)"),
    ("gradcheck 2-2 --bias layers",               "no 'layers'", "did you mean 'layer'?", "none, neuron, layer"),
    ("gradcheck 2-2 --notation letter",           "no 'letter'", "did you mean 'letters'?", "letters, numbered"),
    ("gradcheck 2-2 --wieght w11",                "gradcheck: No such option", "--wieght", "--help"),
    ("gradcheck 2-2 --seed abc",                  "'--seed'", "'abc'", "--help"),
    ("show 2-2",                                  "Missing argument 'WEIGHT'", "--help"),
    ("frobnicate 2-2",                            "No such command 'frobnicate'", "--help"),
    ("check 2-2 ",                                "formula '' is empty", "give an equation"),
    ("show 2-4-3-2 w99",                          "'w99': 2-4-3-2 has no such weight", "it has w11 to w18"),
    ("show mazur w31",                            "'w31': mazur has no such weight", "it has w1 to w4, w5 to w8, b1, b2"),
    ("show 2-2 w11 --templates nosuch",           "nosuch is not a folder", "derive templates export DIR"),
    ("notes 2-2 -w w99 -o x.md",                  "'w99': 2-2 has no such weight", "it has w11 to w14"),
    ("notes 2-2 -o x.odt",                        "x.odt: the ending chooses the format", ".md", ".tex, .typ, .pdf"),
    ("notes 2-2 -o file/x.md",                    "file/x-network.svg: cannot be written", "choose another place"),
]

FILES = [
    # what is in the file                                      what the message says
    ("",                                                       "'layers' is missing", "layers = [2, 4, 3, 2]"),
    ("layers = [2, 1",                                         "not a TOML file", "Unclosed array"),
    ("layers = 2-1",                                           "not a TOML file", "line 1"),
    ("layer = [2, 1]",                                         "unknown key 'layer'", "did you mean 'layers'?"),
    ("layers = 3",                                             "layers: expected a list", "like [2, 4, 3, 2]"),
    ('layers = "2-1"',                                         "layers: expected a list", "like [2, 4, 3, 2]"),
    ("layers = []",                                            "0 layer", "at least two layers"),
    ("layers = [2]",                                           "1 layer", "at least two layers"),
    ("layers = [2, 0, 1]",                                     "layer 2 of 2-0-1 has 0 neurons", "needs one"),
    ("layers = [2, -1]",                                       "layer 2", "-1 neurons", "needs one"),
    ("layers = [2, true]",                                     "layer 2", "whole number of neurons", "True"),
    ("layers = [2, 1.5]",                                      "layer 2", "whole number of neurons", "1.5"),
    ('layers = ["2", "1"]',                                    "layer 1", "whole number of neurons", "'2'"),
    ("layers = [2, 1]\nactivation = 3",                        "activation", "a name or a list of names", "3"),
    ("layers = [2, 1]\nactivation = []",                       "activation: 0 given", "one for all, or one per layer"),
    ('layers = [2, 1]\nactivation = ["tanh", "tanh"]',         "activation: 2 given", "one for all, or one per layer"),
    ('layers = [2, 1]\nactivation = "tahn"',                   "no 'tahn'", "did you mean 'tanh'?"),
    ('layers = [2, 1]\nloss = "mae"',                          "loss: there is no 'mae'", "known are"),
    ("layers = [2, 1]\nbias = true",                           "bias: expected a name in quotes", "True"),
    ('layers = [2, 1]\nbias = "neurons"',                      "no 'neurons'", "did you mean 'neuron'?"),
    ('layers = [2, 1]\nnotation = "roman"',                    "no 'roman'", "letters, numbered"),
    ('layers = [2, 1]\nreduction = "average"',                 "no 'average'", "sum, mean"),
    ("layers = [2, 1]\nl2 = -0.1",                             "l2: the factor of the squared weights is 0 or more", "-0.1"),
    ('layers = [2, 1]\nl2 = "small"',                          "l2: expected a finite number", "'small'"),
    ('layers = [2, 1]\nmissing = "w11"',                       "missing: expected a list of weights", '["w12"]', "'w11'"),
    ('layers = [2, 3, 1]\nmissing = ["w17"]',                  "missing: 2-3-1 has no weight 'w17'", "it has w11 to w16, w21 to w23"),
    ('layers = [2, 1]\nmissing = ["w11", "w12"]',              "missing: without w11, w12 nothing leads to net_b1", "a weight or a bias"),
    ("layers = [2, 2]\nskip = [0, 1]",                         "skip: expected pairs of layers like [[1, 3]]", "[0, 1]"),
    ("layers = [2, 3]\nskip = [[0, 1]]",                       "skip: layers 0 and 1 of 2-3 differ in size, 2 and 3", "two layers of the same size"),
    ("layers = [2, 2]\nskip = [[1, 0]]",                       "skip: [1, 0] does not lead forward", "from 0, the inputs, to 1"),
    ("layers = [2, 2]\nskip = [[0, 1], [0, 1]]",               "skip: [0, 1] is given twice", "once"),
    ("layers = [2, 1]\nactivation = 'swish'\n[functions]\nswich = 'x^2'", "there is no 'swish'", "did you mean 'swich'?"),
    ("layers = [2, 1]\n[functions]\nf = 3",                    "functions.f: expected an expression in quotes", "3"),
    ("layers = [2, 1]\n[functions]\nf = ''",                   "functions.f: the expression is empty", "in x"),
    ("layers = [2, 1]\n[functions]\nf = 'x*'",                 "functions.f: the formula breaks off", "'x*'"),
    ("layers = [2, 1]\n[functions]\nf = 'y*2'",                "functions.f: 'y' is not known in 'y*2'", "it may use x, numbers, and the functions sig"),
    ("layers = [2, 1]\n[functions]\nf = 'x*tahn(x)'",          "functions.f: 'tahn' is not known", "did you mean 'tanh'?"),
    ("layers = [2, 1]\n[functions]\nf = 'ln(-1)*x'",           "functions.f: ln has no value at -1", "'ln(-1)*x'"),
    ("layers = [2, 1]\n[functions]\nf = 'x*sqrt(-2)'",         "functions.f: a root or power of -2 that is no number"),
    ('layers = [2, 1]\n[functions]\nf = "__import__(\'os\')"', "functions.f", "__import__('os')"),
    ("layers = [2, 1]\n[functions]\nsig = 'x^2'",              "functions.sig: there is a function of this name already", "another name"),
    ("layers = [2, 1]\n[functions]\n'a b' = 'x^2'",            "functions: a name is made of letters", "like my-relu", "'a b'"),
    ("layers = [2, 1]\ntraining = 3",                          "training: expected a table [training]", "3"),
    ("layers = [2, 1]\n[training]\nrate = 1",                  "unknown key '[training] rate'", "learning_rate"),
    ('layers = [2, 1]\n[training]\nlearning_rate = "fast"',    "training.learning_rate", "finite number", "'fast'"),
    ("layers = [2, 1]\n[training]\nlearning_rate = nan",       "training.learning_rate", "finite number", "nan"),
    ('layers = [2, 1]\n[training]\nupdate_biases = "no"',      "training.update_biases", "true or false", "'no'"),
    ("layers = [2, 1]\nnumbers = []",                          "numbers: expected a table [numbers]"),
    ("layers = [2, 1]\n[numbers]",                             "numbers.inputs is missing"),
    ("layers = [2, 1]\n[numbers]\ninputs = [1, 2]",            "numbers.targets is missing"),
    (numbers(end="wieghts = [[1, 2]]"),                        "'[numbers] wieghts'", "did you mean 'weights'?"),
    (numbers(inputs="3"),                                      "numbers.inputs: expected a list", "3"),
    (numbers(inputs="[1]"),                                    "numbers.inputs: 2-1 has 2", "1 are given"),
    (numbers(inputs="[]"),                                     "numbers.inputs: 2-1 has 2", "0 are given"),
    (numbers(inputs="[[1, 2], [3]]", targets="[[0], [1]]"),    "numbers.inputs: 2-1 has 2", "1 are given"),
    (numbers(inputs="[[1, 2], [3, 4]]"),                       "2 examples of inputs but 1 of targets"),
    (numbers(inputs="[1, [2]]"),                               "numbers.inputs: expected", "[1, [2]]"),
    (numbers(inputs='[1, "2"]'),                               "numbers.inputs[1]", "finite number", "'2'"),
    (numbers(inputs="[1, nan]"),                               "numbers.inputs[1]", "finite number", "nan"),
    (numbers(inputs="[1, inf]"),                               "numbers.inputs[1]", "finite number", "inf"),
    (numbers(inputs="[1, true]"),                              "numbers.inputs[1]", "finite number", "True"),
    (numbers(targets="[0, 1]"),                                "numbers.targets: 2-1 has 1", "2 are given"),
    (numbers(weights="[1, 2]"),                                "numbers.weights: expected a list of lists"),
    (numbers(weights="[[1]]"),                                 "numbers.weights[0]: layer 2→1 has 2", "got 1"),
    (numbers(weights="[[1, 2, 3]]"),                           "numbers.weights[0]: layer 2→1 has 2", "got 3"),
    (numbers(weights="[[1, 2], [3]]"),                         "numbers.weights: expected 1 list", "got 2"),
    (numbers(weights="[[1, nan]]"),                            "numbers.weights[0][1]", "finite number", "nan"),
    (numbers(weights="[[1, -inf]]"),                           "numbers.weights[0][1]", "finite number", "-inf"),
    (numbers(weights="[[1e400, 2]]"),                          "numbers.weights[0][0]", "finite number"),
    (numbers(weights=f"[[1{'0' * 400}, 2]]"),                  "numbers.weights[0][0]", "finite number"),
    (numbers(weights='[["a", 1]]'),                            "numbers.weights[0][0]", "finite number", "'a'"),
    (numbers(end="biases = [[1]]"),                            "numbers.biases: the network has none", 'bias = "neuron"'),
    (numbers(more='bias = "layer"'),                           "numbers.biases: expected 1 list", "got 0"),
    (numbers(more='bias = "layer"', end="biases = [1]"),       "numbers.biases: expected a list of lists"),
    (numbers(more='bias = "neuron"', end="biases = [[1, 2]]"), "numbers.biases[0]: layer 2→1 has 1", "got 2"),
]
# fmt: on


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test runs in a folder with a file where a folder is meant, and the reverse."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    (tmp_path / "folder.toml").mkdir()


def refusal(*arguments: str) -> str:
    """What the command says when it refuses `arguments`, checked for its form."""
    before = set(Path().rglob("*"))
    result = CliRunner().invoke(cli, arguments)
    assert isinstance(result.exception, SystemExit), repr(result.exception)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1
    assert result.stderr.endswith("\n")
    assert set(Path().rglob("*")) == before, "a refused command leaves nothing behind"
    return result.stderr


def label(case: tuple[str, ...]) -> str:
    """A short name of a case, for pytest."""
    text = " ".join(case[0].split())
    return text if len(text) < 60 else f"{text[:28]}…{text[-28:]}"


@pytest.mark.parametrize("case", COMMANDS, ids=label)
def test_a_command_that_cannot_be_carried_out(case: tuple[str, ...]) -> None:
    """One line on standard error says what is wrong and what would do; exit status 2."""
    message = refusal(*case[0].split(" "))
    for words in case[1:]:
        assert words in message


@pytest.mark.parametrize("case", FILES, ids=label)
def test_a_network_file_that_cannot_be_used(case: tuple[str, ...]) -> None:
    """One line names the file, the key in it, what is wrong with it and what would do."""
    Path("net.toml").write_text(case[0], encoding="utf-8")
    message = refusal("gradcheck", "net.toml")
    assert message.startswith("error: net.toml: ")
    for words in case[1:]:
        assert words in message


def test_numbers_at_which_the_error_has_no_value() -> None:
    """The logarithm of an output below 0: the quantity, the example, and what would do."""
    functions = 'activation = "identity"\nloss = "binary-cross-entropy"'
    text = numbers(inputs="[4, 1]", targets="[1]", weights="[[-1, 2]]", more=functions)
    Path("net.toml").write_text(text, encoding="utf-8")
    message = refusal("gradcheck", "net.toml")
    assert "numbers: E_b1 has no value, as a logarithm" in message
    assert "other numbers or another function would do" in message


def test_a_file_that_is_not_text() -> None:
    """A file of another kind is no TOML file, and no Unicode traceback either."""
    Path("net.toml").write_bytes(b"layers = [2, 1] # \xff")
    assert "net.toml: byte 19 is not UTF-8" in refusal("gradcheck", "net.toml")


def test_a_file_that_may_not_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file without read permission is named with the system's reason."""
    Path("net.toml").touch()

    opened = os.open

    def refuse(path: object, *rest: int) -> int:
        if str(path) == "net.toml":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return opened(path, *rest)  # type: ignore[call-overload]

    # The superuser may read every file, so a mode of 0 would prove nothing where tests run as root.
    monkeypatch.setattr(os, "open", refuse)
    assert "net.toml: Permission denied" in refusal("gradcheck", "net.toml")


def test_a_template_that_does_not_parse_is_named_with_its_line() -> None:
    """One's own template with a mistake in it: its file and line, not Jinja's traceback."""
    Path("mine").mkdir()
    Path("mine/notes.jinja").write_text("fine\n{% if %}\n", encoding="utf-8")
    message = refusal("notes", "2-2", "--templates", "mine", "-o", "x.md")
    assert "mine/notes.jinja:2" in message


def test_the_same_message_reaches_a_caller_of_the_api() -> None:
    """What the command prints after ``error:`` is the InputError that the API raises."""
    with pytest.raises(InputError) as caught:
        Network.read("2-0-3")
    assert refusal("gradcheck", "2-0-3") == f"error: {caught.value}\n"


def test_a_real_process_ends_with_status_2_and_one_line() -> None:
    """The program itself, not only the test runner: no traceback and nothing on standard output."""
    command = [sys.executable, "-m", "derive", "gradcheck", "2-x-2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("error: network '2-x-2': 'x' is not a number of neurons")
    assert done.stderr.count("\n") == 1
