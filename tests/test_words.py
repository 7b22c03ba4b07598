"""Every reason has its sentence, and every sentence its reason: keys of the program, macros of words.

What is said of a step is a macro in ``words.jinja`` with the name that the program gives as its key.
A key without a macro shows only where a document comes to need it, and a macro without a key never.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from jinja2 import Environment, nodes, select_autoescape

ROOT = Path(__file__).parents[1]
TEMPLATES = ROOT / "templates"
ROOMS = ("notes", "calculus/narration")
"""Where sentences are chosen."""
KEYS = {
    "Words": (0, ("",)),
    "Step": (1, ("",)),
    "Section": (0, ("title_",)),
    "Table": (0, ("head_", "caption_")),
}
"""What has sentences: the place of the key among its arguments, and what its macros begin with."""
ANY = r"\w+"


JINJA = Environment(autoescape=select_autoescape())


def macros(text: str) -> set[str]:
    """The macros of a template."""
    return {macro.name for macro in JINJA.parse(text).find_all(nodes.Macro)}


def called(text: str) -> set[str]:
    """The macros that templates call by name, in a template of words or from another."""
    names = set()
    for call in JINJA.parse(text).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name):
            names.add(call.node.name)
        elif isinstance(call.node, nodes.Getattr):
            names.add(call.node.attr)
    return names


def patterns(node: ast.expr, scope: ast.AST) -> set[str]:
    """What a key may be, as regular expressions: what cannot be told from the source is anything."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {re.escape(node.value)}
    if isinstance(node, ast.IfExp):
        return patterns(node.body, scope) | patterns(node.orelse, scope)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        pairs = product(patterns(node.left, scope), patterns(node.right, scope))
        return {left + right for left, right in pairs}
    if isinstance(node, ast.JoinedStr):
        return {"".join(re.escape(p.value) if isinstance(p, ast.Constant) else ANY for p in node.values)}  # type: ignore[arg-type]  # fmt: skip
    if isinstance(node, ast.Name):
        given = [
            each.value
            for each in ast.walk(scope)
            if isinstance(each, ast.Assign)
            and any(isinstance(t, ast.Name) and t.id == node.id for t in each.targets)
        ]
        return {p for value in given for p in patterns(value, scope)} or {ANY}
    return {ANY}


def keys(source: str) -> Iterator[str]:
    """The names of the macros that a module asks for, as regular expressions."""
    for scope in ast.walk(ast.parse(source)):
        if not isinstance(scope, ast.FunctionDef):
            continue
        for node in ast.walk(scope):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            place, begun = KEYS.get(node.func.id, (len(node.args), ()))
            for pattern in patterns(node.args[place], scope) if place < len(node.args) else ():
                yield from (before + pattern for before in begun)


def said(source: str) -> Iterator[str]:
    """The texts of a module, as regular expressions: a key may also come from a table."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant | ast.JoinedStr):
            yield from (key for key in patterns(node, node) if not key.startswith(ANY))


WORDS = (TEMPLATES / "words.jinja").read_text(encoding="utf-8")
MACROS = macros(WORDS)
SOURCES = [
    path.read_text(encoding="utf-8")
    for room in ROOMS
    for path in sorted((ROOT / "derive" / room).rglob("*.py"))
]


def without_sentence(source: str) -> set[str]:
    """The keys of a module to which no macro belongs."""
    return {key for key in keys(source) if not any(re.fullmatch(key, name) for name in MACROS)}


def without_reason(names: set[str]) -> set[str]:
    """The macros that nothing asks for."""
    asked = {key for source in SOURCES for key in said(source)}
    joined = {key for source in SOURCES for key in keys(source) if not key.endswith(ANY)}
    others = {
        name for path in TEMPLATES.glob("*.jinja") for name in called(path.read_text("utf-8"))
    }
    return {
        name
        for name in names - others
        if not any(re.fullmatch(key, re.sub("^(title|head|caption)_", "", name)) for key in asked)
        and not any(re.fullmatch(key, name) for key in asked | joined)
    }


def test_every_reason_has_its_sentence() -> None:
    """Steps, paragraphs, titles and the heads of tables."""
    assert {key for source in SOURCES for key in without_sentence(source)} == set()
    assert len({key for source in SOURCES for key in keys(source)}) > 100


def test_every_sentence_has_its_reason() -> None:
    """No macro of words is left over."""
    assert without_reason(MACROS) == set()


@pytest.mark.parametrize(
    "planted",
    [
        'Words("nosuch", facts)',
        'Step("nosuch", "nosuch", ())',
        'Step(key, "chain" if first else "nosuch", ())',
        'Words("path" + "_nosuch")',
        'Words(f"nosuch_{key}")',
        'Section("nosuch", {}, ())',
        'Table("nosuch", rows)',
    ],
)
def test_a_reason_without_a_sentence_would_be_found(planted: str) -> None:
    """The alarm of the first test."""
    assert without_sentence(f"def f(key, first):\n    return {planted}")


@pytest.mark.parametrize("planted", ["nosuch", "title_nosuch", "head_nosuch"])
def test_a_sentence_without_a_reason_would_be_found(planted: str) -> None:
    """The alarm of the second."""
    assert without_reason({*MACROS, planted}) == {planted}
