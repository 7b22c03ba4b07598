"""The public face: what is loaded, what is promised, and that all of it is documented."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

import derive
from derive.cli import cli

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
HEAVY = ("sympy", "numpy", "jinja2", "lark", "mpmath", "scipy", "hypothesis")
ALLOWED = {"click", "jinja2", "lark", "numpy", "sympy"}
"""Nothing else is needed to run the program."""


def python(*arguments: str) -> str:
    """What a fresh interpreter prints."""
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    return done.stdout


def commands(
    group: click.Group = cli, above: tuple[str, ...] = ()
) -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name, those of subgroups too."""
    for name, command in group.commands.items():
        yield " ".join((*above, name)), command
        if isinstance(command, click.Group):
            yield from commands(command, (*above, name))


COMMANDS = dict(commands())


def loaded(*arguments: str) -> set[str]:
    """The heavy modules that the command line loads for `arguments`."""
    program = (
        "import sys\n"
        "from derive.cli import cli\n"
        f"try: cli({list(arguments)!r}, prog_name='derive')\n"
        "except SystemExit: pass\n"
        f"print('loaded', *(name for name in {HEAVY!r} if name in sys.modules))\n"
    )
    return set(python("-c", program).splitlines()[-1].split()[1:])


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["networks"], *([*name.split(), "--help"] for name in COMMANDS)],
    ids=" ".join,
)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    """Help and lists come at once: neither SymPy, NumPy nor Jinja is imported for them."""
    assert loaded(*arguments) == set()


def test_the_check_above_can_fail() -> None:
    """A command that computes does load them."""
    assert {"sympy", "numpy"} <= loaded("gradcheck", "1-1")


@pytest.mark.parametrize("arguments", [("show", "1-1", "w11"), ("check", "1-1", "w11 = w11")])
@pytest.mark.slow
def test_what_computes_no_numbers_does_without_numpy(arguments: tuple[str, ...]) -> None:
    """One derivation by itself, and formulas without numbers, load SymPy and no NumPy."""
    assert "numpy" not in loaded(*arguments)
    assert "sympy" in loaded(*arguments)


def test_importing_the_package_loads_nothing_heavy() -> None:
    """``import derive`` alone costs next to nothing; names are loaded when first used."""
    program = f"import sys, derive; print(*(n for n in {HEAVY!r} if n in sys.modules))"
    assert python("-c", program).strip() == ""


@pytest.mark.slow
def test_only_declared_libraries_are_imported() -> None:
    """Every import of the program is the standard library, itself, or a declared dependency."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = table["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["pdf"]]
    declared = {re.split(r"\W", line, maxsplit=1)[0] for line in lines}
    imported = set()
    for path in (ROOT / "derive").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.split(".")[0])
    outside = imported - sys.stdlib_module_names - {"derive"}
    assert outside == declared
    assert outside - {"typst"} <= ALLOWED  # Typst sets PDF files, where it is installed


def test_the_version_is_the_distributions() -> None:
    """``derive --version`` and ``derive.__version__`` say the same."""
    assert python("-m", "derive", "--version").strip() == f"derive, version {derive.__version__}"
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*", derive.__version__)


@pytest.mark.parametrize("name", derive.__all__)
def test_every_public_name_exists_and_is_documented(name: str) -> None:
    """What ``__all__`` promises can be imported, and says what it is."""
    found = getattr(derive, name)
    assert name == "__version__" or (found.__doc__ or "").strip()


def test_what_names_a_network_does_where_a_model_does() -> None:
    """``derive`` and ``Model.of`` take a name, a network, and any model, and keep what they get."""
    model = derive.Model.of("2-3-1")
    found = [derive.derive(given, "w11").formula for given in ("2-3-1", model.network, model)]
    assert found[0] == found[1] == found[2]
    again = derive.Model.of(model)
    assert again.definitions is model.definitions
    assert again.symbol("w11").name == "w11"
    assert again._repr_latex_().startswith("$E_{total} = ")


def test_a_name_that_is_not_public_is_refused() -> None:
    """A misspelt name is an AttributeError that names it, as for any module."""
    with pytest.raises(AttributeError, match="'derive' has no attribute 'gradchek'"):
        _ = derive.gradchek


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_has_help(name: str) -> None:
    """Each command says in a sentence what it does, and each of its options too."""
    command = COMMANDS[name]
    assert (command.help or "").split("\n\n")[0].endswith(".")
    silent = [
        parameter.name
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.help
    ]
    assert silent == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented(name: str) -> None:
    """The README shows each command as it is typed."""
    assert f"derive {name}" in README.read_text(encoding="utf-8")


def test_the_readme_shows_no_command_or_option_that_is_not_there() -> None:
    """What the README has people type exists: the commands, and the options among their words."""
    text = README.read_text(encoding="utf-8")
    typed = set(re.findall(r"(?:^|[`\s/])derive ([a-z]+)(?=[ `\n])", text))
    shown = typed & set(re.findall(r"`derive ([a-z]+)", text))
    assert shown
    assert shown <= set(cli.commands)
    options = {option for command in COMMANDS.values() for p in command.params for option in p.opts}
    known = options | {"--help", "--version"}
    lines = [line for line in text.splitlines() if "derive " in line and "pip " not in line]
    mentioned = {word for line in lines for word in re.findall(r"(?<![\w-])--[a-z][a-z-]+", line)}
    assert mentioned <= known


def test_the_package_is_marked_as_typed() -> None:
    """Type checkers of other programs use the annotations."""
    assert (ROOT / "derive" / "py.typed").is_file()


@pytest.mark.slow
def test_every_door_takes_whatever_names_a_network(tmp_path: Path) -> None:
    """Sizes as text or list, a shipped name, a file, a network, a model: it is the same model."""
    file = tmp_path / "net.toml"
    file.write_text("layers = [2, 3, 1]\n")
    network = derive.Network((2, 3, 1))
    model = derive.Model.of(network)
    for source in ("2-3-1", [2, 3, 1], (2, 3, 1), file, str(file), network, model):
        assert derive.Model.of(source).definitions == derive.Model.of(network).definitions
        assert derive.gradcheck(source).passed
        assert derive.check(source, "w11 = w11").status == 0
        assert derive.derive(source, "w_{11}").parameter.name == "w11"
        assert derive.write_code(source)
        assert derive.write_notes(source, tmp_path / "notes.md").is_file()
    model = derive.Model.of("lstm")
    assert derive.Model.of(model).definitions == model.definitions
    assert derive.check(model, "w_f = w_f").status == 0
    assert derive.gradcheck("mazur").passed
    assert derive.gradcheck("lstm").passed


def test_a_model_is_made_with_options() -> None:
    """They override what a network says, as on the command line; one or a list of activations."""
    given = {"activation": ["tanh", "identity"], "loss": "huber", "bias": "layer"}
    network = derive.Model.of([2, 3, 1], **given).network
    assert (network.activations, network.loss, network.bias) == (
        ("tanh", "identity"),
        "huber",
        "layer",
    )
    assert derive.Model.of([2, 3, 1], activation="tanh").network.activations == ("tanh", "tanh")
    assert derive.Model.of("mazur", notation="letters").parameters[0] == "w11"


@pytest.mark.parametrize(
    ("source", "options", "said"),
    [
        ([2, 3, 1], {"activaton": "tanh"}, "unknown option 'activaton' (did you mean 'activation'"),
        ([2, 3, 1], {"activation": "tan"}, "activation: there is no 'tan'"),
        ("lstm", {"activation": "tanh"}, "activation: lstm is stated as equations"),
        (derive.Network((2, 1)), {"bias": "layer"}, "bias: 2-1 is made; give it when"),
        ([2], {}, "a network needs inputs and outputs"),
        ([2, "3"], {}, "layer 2 has to be a whole number of neurons: '3'"),
        (3, {}, "layers: '3' has 1 layer"),
        (None, {}, "network 'None': no such file or shipped network"),
    ],
)
def test_what_names_no_network_is_refused(source: Any, options: dict[str, Any], said: str) -> None:
    """No option is silently dropped; the message says what would do."""
    with pytest.raises(derive.InputError) as error:
        derive.Model.of(source, **options)
    assert said in str(error.value)
