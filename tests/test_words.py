"""Every reason has its sentence, and every sentence its reason: keys of the program, macros of words.

What is said of a step is a macro in ``words.jinja`` with the name that the program gives as its key.
A key without a macro shows only where a document comes to need it, and a macro without a key never.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import product
from pathlib import Path

import pytest
from jinja2 import Environment, nodes, select_autoescape

from derive.networks.equations.system import System
from derive.networks.general import general, of_network
from derive.networks.general_family import of_family
from derive.networks.network import Network
from derive.networks.sources import read
from derive.notes.blocks import Listing, Notes, Picture, Table, Words
from derive.notes.compose import compose
from derive.notes.general import compose_general
from derive.notes.general_family import compose_family

ROOT = Path(__file__).parents[1]
TEMPLATES = ROOT / "templates"
ROOMS = ("notes", "calculus/narration")
"""Where sentences are chosen."""
KEYS = {
    **dict.fromkeys(("Words", "said", "of_any", "of_last"), (0, ("",))),
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
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            place, begun = KEYS.get(name, (len(node.args), ()))
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


@cache
def reasons() -> tuple[re.Pattern[str], re.Pattern[str], set[str]]:
    """What modules ask for, with keys from tables and without, and what templates call."""
    asked = {key for source in SOURCES for key in said(source)}
    joined = {key for source in SOURCES for key in keys(source) if not key.endswith(ANY)}
    others = {
        name for path in TEMPLATES.glob("*.jinja") for name in called(path.read_text("utf-8"))
    }
    return re.compile("|".join(asked)), re.compile("|".join(asked | joined)), others


def without_reason(names: set[str]) -> set[str]:
    """The macros that nothing asks for."""
    asked, joined, others = reasons()
    return {
        name
        for name in names - others
        if not asked.fullmatch(re.sub("^(title|head|caption)_", "", name))
        and not joined.fullmatch(name)
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


# One place for each sentence.

MOST_ALIKE = 8
"""Words of a sentence from which on it may stand in one macro only."""


def sentences(text: str) -> Iterator[tuple[str, str]]:
    """The longer sentences of a template of words with the macros that they stand in.

    What is put in is a blank to fill.
    """
    for macro in JINJA.parse(text).find_all(nodes.Macro):
        parts = ["".join(map(_said, output.nodes)) for output in macro.find_all(nodes.Output)]
        for sentence in re.split(r"(?<=[.:;])\s", " ".join(" ".join(parts).split())):
            if len(re.findall("[A-Za-z]{2,}", sentence)) >= MOST_ALIKE:
                yield sentence.rstrip(".:;"), macro.name


def _said(node: nodes.Node) -> str:
    return node.data if isinstance(node, nodes.TemplateData) else " … "


def said_twice(text: str) -> dict[str, set[str]]:
    """The sentences that stand in more than one macro."""
    found: dict[str, set[str]] = {}
    for sentence, name in sentences(text):
        found.setdefault(sentence, set()).add(name)
    return {sentence: names for sentence, names in found.items() if len(names) > 1}


def test_every_sentence_stands_in_one_place() -> None:
    """Who changes a sentence changes it everywhere."""
    assert said_twice(WORDS) == {}


def test_a_sentence_in_two_places_would_be_found() -> None:
    """The alarm of the test above."""
    sentence = "The quick brown fox jumps over the lazy dog of {{ p.owner }}."
    text = "".join(f"{{% macro {name}(p) %}}{sentence}{{% endmacro %}}" for name in "ab")
    assert list(said_twice(text).values()) == [{"a", "b"}]


# A document for each sentence.

OUTPUT = ROOT / "output"
SHIPPED = ("784-30-10", "attention", "gru", "conv1d", "embedding")
NETWORKS: dict[str, Callable[[], Network | System]] = {
    **{name: partial(read, name) for name in SHIPPED},
    "batch": partial(read, str(OUTPUT / "relu-softmax.toml")),
    "recurrent": partial(read, str(OUTPUT / "recurrent.toml")),
    "huber": lambda: Network((3, 2, 2), ("elu", "identity"), "huber", "neuron", "numbered"),
    "sparse": lambda: Network(
        (2, 2, 2, 2), bias="layer", missing=("w12",), skip=((1, 3),), l2=0.01
    ),
    "mish": lambda: Network((2, 2, 1), ("mish", "identity")),
    "a rate too high": lambda: Network((2, 2, 1), ("tanh", "identity"), learning_rate=200.0),
    "at rest": lambda: Network(
        (2, 1, 2), ("relu", "softmax"), "categorical-cross-entropy", bias="layer"
    ),
    "a weight that leads nowhere": lambda: Network((1, 2, 1), missing=("w22",)),
    "a word on one equation": lambda: System.from_text(
        "h = tanh(w*x)  # the state: what is kept\nE = 1/2*(t - h)^2", "own"
    ),
    "a weight in the error": lambda: System.from_text("y = w*x\nE = 1/2*(t - y)^2 + v^2", "own"),
}
"""Networks in whose documents every sentence stands, with those of `general_documents`."""


RECURRENT = {"family": "recurrent", "steps": 3, "inputs": 2, "hidden": 2, "outputs": 1}


def general_documents() -> Iterator[Notes]:
    for bias in ("neuron", "layer"):
        yield compose_general(general(notation="indexed", bias=bias))
    yield compose_general(general(activation="softmax"))
    yield compose_general(of_network(Network((2, 3, 2), notation="indexed", l2=0.01)))
    yield compose_family(of_family(RECURRENT, "recurrent"))


def asked_for(notes: Notes) -> Iterator[str]:
    """The macros of words that a document needs by itself."""
    for section in notes.sections:
        yield f"title_{section.key}"
        for block in section.blocks:
            if isinstance(block, Words):
                yield block.key
            elif isinstance(block, Table):
                yield from (f"head_{block.key}", f"caption_{block.key}")
            elif isinstance(block, Listing):
                yield from (item.key for item in block.items)
            elif isinstance(block, Picture) and block.caption is not None:
                yield block.caption.key


@pytest.mark.slow
def test_every_sentence_stands_in_a_document() -> None:
    """No macro of words is without a network in whose document it is used."""
    every = ("a weight that leads nowhere", "a weight in the error")
    documents = (compose(network(), every=name in every) for name, network in NETWORKS.items())
    chosen = compose(Network((1, 2, 2, 1)), weights=["w11"])
    whole = compose(Network((1, 2)), full=True)
    notes = (*documents, chosen, whole, *general_documents())
    seen = {key for each in notes for key in asked_for(each)}
    by_others = {n for path in TEMPLATES.glob("*.jinja") for n in called(path.read_text("utf-8"))}
    assert MACROS - seen - by_others == set()
