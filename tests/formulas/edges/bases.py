"""Right formulas to be damaged: those of the test data and of documents, and generated ones."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

from derive import Model
from derive.calculus.chain import Chain
from derive.checking import documents
from derive.emit.latex import Latex
from derive.emit.text import Text
from tests import shelf
from tests.formulas.edges.benches import DATA, bench
from tests.formulas.floating import Oracle as Floating
from tests.formulas.graphs import Gradient
from tests.formulas.rewritings import equivalent
from tests.formulas.spellings import Spelling
from tests.formulas.subjects import Subject

SIGMOIDS = ("2-4-3-2", "mazur", "xor", "2-3-2 indexed")
"""Networks of layers of sigmoids, for which there are rewritings; the others have fewer forms."""
LONGEST = 900


@dataclass(frozen=True, slots=True)
class Base:
    """A formula about a network, and where it comes from."""

    network: str
    text: str
    source: str


@cache
def kept(network: str) -> tuple[Base, ...]:
    """The formulas that are damaged: those that the documents had when they were typed in.

    So the same seeds make the same mutants, whatever becomes of the words and the order of today's
    documents.
    """
    texts = json.loads((DATA / "edges_formulas.json").read_text(encoding="utf-8"))[network]
    return tuple(Base(network, text, source) for text, source in texts)


@cache
def written(network: str) -> tuple[Base, ...]:
    """The formulas of the test data, of the shipped documents and of the network's own notes."""
    texts: dict[str, str] = {}
    if network == "2-4-3-2":
        texts |= _file(DATA / "hand-derived.md")
        texts |= _file(DATA.parents[1] / "output" / "2-4-3-2.md")
        texts |= _file(DATA.parents[1] / "output" / "2-4-3-2.tex")
        notes = re.sub(r"(?m)^%.*$", "", (DATA / "notes-equations.tex").read_text("utf-8"))
        found = [" ".join(text.split()) for text in re.split(r"\n\s*\n", notes)]
        texts |= {text: "notes-equations.tex" for text in found if "=" in text}
    if network == "mazur":
        texts |= _file(DATA / "mazur-published.md")
    notes = shelf.written(bench(network).model.network, "markdown")
    texts |= {one.text: "notes" for one in documents.find(notes, "md")}
    return tuple(
        Base(network, text, source)
        for text, source in texts.items()
        if "=" in text and len(text) <= LONGEST
    )


def _file(path: Path) -> dict[str, str]:
    found = documents.find(path.read_text(encoding="utf-8"), documents.kind_of(path))
    return {one.text: path.name for one in found}


def generated(network: str, seed: int) -> Iterator[Base]:
    """Right formulas without end: rewritten gradients, in all spellings."""
    make = _rewritten if network in SIGMOIDS else _forms
    seen: set[str] = set()
    number = 0
    while True:
        number += 1
        for text in make(bench(network).model, f"{seed} {number}"):
            if text not in seen and len(text) <= LONGEST:
                seen.add(text)
                yield Base(network, text, "generated")


def _rewritten(model: Model, seed: str) -> Iterator[str]:
    draw = random.Random(seed)
    tools = _tools(model)
    shared = model.network.bias == "layer"
    parameters = [name for name in model.parameters if not shared or name[0] in "wt"]
    subject = Subject(model, tools[0], draw.choice(parameters))
    subject.draw = draw
    for variant in islice(equivalent(subject, *tools[1:], count=24), 24):
        yield variant.text


@cache
def _tools(model: Model) -> tuple[Chain, Floating, Spelling]:
    return Chain(model), Floating(model), Spelling(model)


def _forms(model: Model, seed: str) -> Iterator[str]:
    draw = random.Random(seed)
    gradient = Gradient(model, _chain(model), draw.choice(model.parameters))
    gradient.draw = draw
    for sides in gradient.right():
        emitter = draw.choice((Latex, Text))(model)
        yield " = ".join(emitter.inline(side) for side in sides)


@cache
def _chain(model: Model) -> Chain:
    return Chain(model)
