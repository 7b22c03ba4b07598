"""Networks stated as equations, as the oracle reads them: every family written out by its numbers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from graphlib import TopologicalSorter
from itertools import product
from pathlib import Path

from tests.formulas.edges.meaning import Node, below
from tests.formulas.edges.networks import Network, Spelled
from tests.formulas.edges.parser import Parser
from tests.formulas.edges.tokens import Scanner

_RANGE = r"\s*\w+\s*=\s*\d+\.\.\d+"
_DIRECTIVE = re.compile(r"(\w+):\s*(.*)")
_NAME = re.compile(r"[A-Za-z]\w*(?:\[[0-9,]+\])?")
_FUNCTIONS = ("sig", "tanh", "relu", "exp", "ln", "sqrt", "softplus")
_WEIGHTS = re.compile(r"(?:w|u|v|b|theta)")


def equations_file(path: Path) -> Network:
    """The network of an .eq file."""
    return equations(path.stem, path.read_text(encoding="utf-8"))


def equations(name: str, text: str) -> Network:
    """The network of the text of an .eq file."""
    texts: dict[str, str] = {}
    conditions: dict[str, str] = {}
    numbers: dict[str, Fraction] = {}
    rate = Fraction(1, 2)
    for line in text.splitlines():
        stated = line.partition("#")[0].strip()
        if not stated:
            continue
        if found := _DIRECTIVE.fullmatch(stated):
            if found[1] == "numbers":
                numbers |= _numbers(found[2])
            elif found[1] == "rate":
                rate = Fraction(found[2])
            elif found[1] == "condition":
                left, _, right = found[2].rpartition("=")
                last = re.findall(_NAME, _written_out(left))[-1]
                conditions[last] = f"{right} - ({_written_out(left)} - {last})"
            continue
        head = re.match(rf"(.*?)((?:,{_RANGE})*)$", stated)
        assert head is not None
        left, _, right = head[1].partition("=")
        for chosen in ranges(head[2]):
            texts[_indices(left.strip(), chosen)] = _written_out(_indices(right, chosen))
    quantities = dict.fromkeys(
        found
        for body in [*texts, *texts.values()]
        for found in _NAME.findall(body)
        if found not in _FUNCTIONS
    )
    spellings: dict[Spelled, str] = {}
    for quantity in quantities:
        spellings |= _spellings(quantity)
    blank = Network(name, [], {}, "", spellings)

    def read(body: str) -> Node:
        return Parser(blank, Scanner(body).run()).side()

    nodes = {quantity: read(body) for quantity, body in texts.items()}
    uses = {q: {n[1] for n in below(node) if n[0] == "name"} for q, node in nodes.items()}
    order = [q for q in TopologicalSorter(uses).static_order() if q in nodes]
    used = set().union(*uses.values())
    total = next(q for q in nodes if q not in used)
    given = [q for q in quantities if q not in nodes]
    return Network(
        name,
        given,
        {q: nodes[q] for q in order},
        total,
        spellings,
        weights=frozenset(q for q in given if _WEIGHTS.match(q)),
        conditions={_plain(q): read(body) for q, body in conditions.items()},
        numbers=numbers,
        rate=rate,
    )


def _plain(name: str) -> str:
    return "".join(name.split())


def _spellings(quantity: str) -> dict[Spelled, str]:
    """The ways in which a quantity may be spelled: h[3], h_3, h_{3}; w[1,2], w_1_2, w_{1,2}."""
    word, _, index = quantity.partition("[")
    index = index.rstrip("]")
    if index:
        own = {(word, f"[{index}]"), (word, index), (word, index.replace(",", "_"))}
        if len(index.replace(",", "")) == len(index.split(",")):
            own.add((word, index.replace(",", "")))
        if word.count("_") == 1:
            base, _, lower = word.partition("_")
            own |= {(base, f"{lower}[{index}]"), (base, f"{lower}_{index.replace(',', '_')}")}
            own |= {(base, f"{lower},{index}"), (base, f"{lower}_{index.replace(',', '')}")}
        return dict.fromkeys(own, quantity)
    base, _, lower = word.partition("_")
    own = {(base, lower)}
    if found := re.fullmatch(r"([A-Za-z]+)([0-9]+)", word):
        own.add((found[1], found[2]))
    return dict.fromkeys(own, quantity)


def _indices(body: str, chosen: Mapping[str, int]) -> str:
    """The letters in square brackets replaced by numbers, and the arithmetic there done."""

    def index(found: re.Match[str]) -> str:
        parts = []
        for part in found[1].split(","):
            numbered = re.sub(r"[a-z]+", lambda one: str(chosen.get(one[0], one[0])), part)
            parts.append(numbered if re.search("[a-z]", numbered) else str(_whole(numbered)))
        return f"[{','.join(parts)}]"

    return re.sub(r"\[([^\]]*)\]", index, body)


def _whole(text: str) -> int:
    """The value of 2*3-1."""
    total = 0
    for sign, term in re.findall(r"([+-]?)([^+-]+)", text):
        made = 1
        for factor in term.split("*"):
            made *= int(factor)
        total += -made if sign == "-" else made
    return total


def _written_out(body: str) -> str:
    """Every sum(…, i=1..3) as a sum in brackets, the innermost last."""
    while found := re.search(r"\bsum\(", body):
        depth, at = 1, found.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(body[at], 0)
            at += 1
        inside = body[found.end() : at - 1]
        parts = re.fullmatch(rf"(.*?)((?:,{_RANGE})+)", inside, re.DOTALL)
        assert parts is not None, inside
        terms = [f"({_indices(parts[1], chosen)})" for chosen in ranges(parts[2])]
        body = f"{body[: found.start()]}({' + '.join(terms)}){body[at:]}"
    return body


def _numbers(text: str) -> dict[str, Fraction]:
    """What "x = [0.5, 1], w = 0.1" gives."""
    found: dict[str, Fraction] = {}

    def put(name: str, value: object, index: tuple[int, ...]) -> None:
        if isinstance(value, list):
            for place, one in enumerate(value, 1):
                put(name, one, (*index, place))
        else:
            key = f"{name}[{','.join(map(str, index))}]" if index else name
            found[key] = Fraction(str(value))

    for name, value in re.findall(r"([\w\[\]]+)\s*=\s*([^=]*?)(?=,\s*[\w\[\]]+\s*=|$)", text):
        put(name, ast.literal_eval(value), ())
    return found


def ranges(text: str) -> Iterator[dict[str, int]]:
    """What the letters of "i=1..3, j=1..2" stand for, one choice after the other."""
    found = re.findall(r"(\w+)\s*=\s*(\d+)\.\.(\d+)", text)
    letters = [letter for letter, _, _ in found]
    for chosen in product(*(range(int(low), int(high) + 1) for _, low, high in found)):
        yield dict(zip(letters, chosen, strict=True))
