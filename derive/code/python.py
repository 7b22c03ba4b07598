"""A program in Python, with NumPy: finished lines, put into their frame by the template."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Hashable, Iterable
from pathlib import Path
from typing import Any

from derive.code.expressions import Expressions, inline, listed, statement
from derive.code.program import Assignment, Program, Values
from derive.files import MARK
from derive.formula import Call, Delta, Formula, Letter, Name, Partial
from derive.model import Role
from derive.render.render import filled, folders_of
from derive.render.sandbox import Sandbox

RESERVED = frozenset(keyword.kwlist) | frozenset(dir(builtins)) | {"l", "I", "O", "np", "math"}
"""No names for variables: Python's own, those that look like digits, and the modules."""
_MODULE = ("gradients", "example", "examples", "parameters", "found", "error", "slopes", "name")
"""Names of the module, which no function of a network may have."""


class Identifiers:
    """Gives every thing one identifier, and different things different ones."""

    def __init__(self, reserved: Iterable[str] = ()) -> None:
        self._taken = {*RESERVED, *reserved}
        self._of: dict[Hashable, str] = {}

    def of(self, thing: Hashable, wanted: str) -> str:
        """The identifier of `thing`: `wanted`, if that can be. Asked again, it stays the same."""
        if thing not in self._of:
            name = identifier(wanted)
            while name in self._taken:
                name += "_"
            self._taken.add(name)
            self._of[thing] = name
        return self._of[thing]

    def __getitem__(self, thing: Hashable) -> str:
        return self._of[thing]


def identifier(text: str) -> str:
    """`text` if Python takes it for a name, or something like it.

    A letter that Python would read as another one (``ﬁ`` as ``fi``) is replaced too.
    """
    if text.isidentifier() and unicodedata.normalize("NFKC", text) == text:
        return text
    plain = re.sub(r"[^A-Za-z0-9_]", "_", text)
    return plain if plain.isidentifier() else f"q_{plain}"


def quoted(text: str) -> str:
    """`text` as a string literal."""
    literal = repr(text)
    return literal if '"' in literal else f'"{literal[1:-1]}"'


def source(
    program: Program, values: Values, templates: str | Path | None = None, chosen: str = ""
) -> str:
    """The program as a Python module with the function ``gradients``.

    `chosen` are the options with which the document is written. Templates in the folder
    `templates` take precedence. Raises :class:`~derive.errors.InputError` for a template that
    cannot be used.
    """
    folders = folders_of(templates)
    facts = _facts(program, values, chosen)
    text = filled(Sandbox(folders, _parts(program)), folders, "python.jinja", mark=MARK, **facts)
    return text.strip() + "\n"


def _parts(program: Program) -> int:
    """How many lines there are, roughly: so much more may be written."""
    return len([*program.forward, *program.error, *program.backward, *program.gradients])


def _facts(program: Program, values: Values, chosen: str) -> dict[str, Any]:
    model, network = program.model, program.model.network
    names = _Names(program)
    code = Expressions(names)
    functions = [
        _function(definition, names)
        for definition in program.functions
        if not isinstance(call := definition.name, Call) or call.primes or not inline(call.function)
    ]
    everything = [*program.forward, *program.error, *program.backward, *program.gradients]
    given = [names(Name(name)) for name in (*program.data, *program.parameters)]

    def lines(assignments: Iterable[Assignment]) -> list[str]:
        return [
            line
            for each in assignments
            for line in statement(
                f"{names(each.name)} = ", code.pieces(each.formula), comment=each.number
            )
        ]

    def table(numbers: Iterable[tuple[str, float]], indent: str) -> list[str]:
        items = [f"{quoted(names(Name(name)))}: {value!r}" for name, value in numbers]
        return listed(items, indent)

    return {
        "title": harmless(network.spec),
        "system": not model.has_neurons,
        "total": names(Name(model.total)),
        "deltas": any(isinstance(each.name, Delta) for each in program.backward),
        "parts": any(isinstance(each.name, Letter) for each in everything),
        "numbered": any(each.number for each in everything),
        "similar": any(each.number.startswith("as") for each in everything),
        "chosen": harmless(chosen) and f" {harmless(chosen)}",
        "biases": any(True for _ in model.having(Role.BIAS)),
        "conditions": [
            f"`{names(Name(name))} = {code.inline(meaning)}`"
            for name, meaning in model.conditions.items()
        ],
        "functions": functions,
        "math": any("math." in line for function in functions for line in function["body"]),
        "signature": listed(given, " " * 4),
        "forward": lines(program.forward),
        "error": lines(program.error),
        "backward": lines(program.backward),
        "gradients": [line for each in program.gradients for line in _entry(each, code)],
        "examples": [
            table(each.items(), " " * (8 if len(values.examples) == 1 else 12))
            for each in values.examples
        ],
        "parameters": table(values.parameters.items(), " " * 8),
        "drawn": values.drawn,
        "reduction": network.reduction,
    }


def _entry(each: Assignment, code: Expressions) -> list[str]:
    """A gradient as an entry of the dict that the function returns."""
    assert isinstance(each.name, Partial)
    assert isinstance(each.name.by, Name)
    head = f"{quoted(each.name.by.name)}: "
    pieces = code.pieces(each.formula)
    return statement(head, pieces, tail=",", comment=each.number, indent=" " * 8)


def _function(definition: Assignment, names: _Names) -> dict[str, Any]:
    """A function of the table: its head and its body."""
    code = Expressions(lambda leaf: leaf.name if isinstance(leaf, Letter) else names(leaf))
    body = statement("return ", code.pieces(definition.formula), comment=definition.number)
    return {"name": names(definition.name), "body": body}


class _Names:
    """The identifier of everything that has a name in the program."""

    def __init__(self, program: Program) -> None:
        self._model = program.model
        self._naming = self._model.network.naming
        functions = Identifiers(_MODULE)
        self._functions = {
            each.name: functions.of(each.name, self._wanted(each.name))
            for each in program.functions
        }
        self._variables = Identifiers(self._functions.values())
        for name in self._model.quantities:
            self._variables.of(Name(name), name)

    def __call__(self, thing: Formula) -> str:
        if isinstance(thing, Call):
            return (not thing.primes and inline(thing.function)) or self._functions[thing]
        return self._variables.of(thing, self._wanted(thing))

    def _wanted(self, thing: Formula) -> str:
        if isinstance(thing, Call):
            return "d_" * thing.primes + thing.function
        if isinstance(thing, Delta):
            quantity = self._model.quantities[thing.of]
            return self._naming.plain("delta", quantity.layer, quantity.index)
        if isinstance(thing, Partial):
            return f"d{self._wanted(thing.of)}_d{self._wanted(thing.by)}"
        assert isinstance(thing, Name | Letter)
        return thing.name


def harmless(text: str) -> str:
    """A user's words for a docstring: in one line, without what could end it."""
    plain = "".join(c if c.isprintable() and c not in '\\"' else " " for c in text)
    return " ".join(plain.split())
