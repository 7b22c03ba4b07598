"""What tests of whole documents share: each is composed, typeset and judged once in a run of tests.

    text = written(network, "latex")       # composed and rendered
    report = judged(network, "latex")      # and read back, with the numbers of its example

However many tests and however many workers ask, the work is done by the first; the others find it in
a folder that lasts as long as the run. Who plants a fault in the program makes his documents himself.
"""

from __future__ import annotations

import fcntl
import os
import pickle
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from derive import Model, Network, check_document
from derive.checking.claims import Report, Verdict
from derive.networks.equations.system import System
from derive.notations import table
from derive.notes.blocks import Notes
from derive.notes.compose import compose
from derive.render.formats import FORMATS
from derive.render.render import render

READ_AS = {name: row.read_as for name, row in FORMATS.items() if row.read_as}
"""The formats that can be read back, with the kind of document that each is."""
FIRST = tuple(notation.name for notation in table.everywhere())
"""The notations in which everything is tried; the others differ in names, and have their own tests."""
FOLDER = "DERIVE_TEST_SHELF"
"""The variable of the environment that names the folder; without it each process keeps its own."""


T = TypeVar("T")
_own: dict[str, Any] = {}


def kept(key: object, make: Callable[[], T]) -> T:
    """What `make` gives, made once for this key, which has to say all that it depends on."""
    name = sha256(pickle.dumps(key)).hexdigest()
    if name not in _own:
        _own[name] = _shared(name, make) if FOLDER in os.environ else make()
    found: T = _own[name]
    return found


def _shared(name: str, make: Callable[[], T]) -> T:
    """From the folder, or put there; who comes while it is being made waits."""
    place = Path(os.environ[FOLDER]) / name
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if place.exists():
            found: T = pickle.loads(place.read_bytes())  # noqa: S301  written by this run
            return found
        made = make()
        place.write_bytes(pickle.dumps(made))
        return made


@lru_cache(maxsize=8)
def _composed(pickled: bytes, every: bool) -> Notes:
    return compose(pickle.loads(pickled), every=every)  # noqa: S301


def composed(network: Network | System, *, every: bool = False) -> Notes:
    """The document before it is set in a format; not to be changed."""
    return _composed(pickle.dumps(network), every)


def written(network: Network | System, format_: str, *, every: bool = False) -> str:
    """The text of a network's document."""

    def make() -> dict[str, str]:
        notes = composed(network, every=every)
        return {each: render(notes, each, None) for each in READ_AS}

    return kept(("written", network, every), make)[format_]


def judged(network: Network | System, format_: str, *, every: bool = False) -> Report:
    """What the checker says of a network's document, read back."""
    return judged_text(network, written(network, format_, every=every), format_)


def judged_text(network: Network | System, text: str, format_: str) -> Report:
    """What the checker says of a text about a network; numbers that are missing are drawn."""
    given = isinstance(network, Network) and network.numbers is not None
    numbered = network if given else network.with_random_numbers(0)
    return kept(
        ("judged", numbered, text, format_),
        lambda: check_document(Model.of(numbered), text, READ_AS[format_]),
    )


def proved(network: Network | System, format_: str, *, every: bool = False) -> set[str]:
    """Every equation of the document is proved, and no number of an equation is passed over.

    Gives the codes of what is remarked on the equations.
    """
    report = judged(network, format_, every=every)
    bad = [(c.line, c.text, c.findings) for c in report.claims if c.verdict is not Verdict.PROVED]
    assert bad == []
    assert report.claims
    numbers = {int(c.number) for c in report.claims if c.number}
    assert numbers == set(range(1, max(numbers, default=0) + 1))
    return {finding.code for claim in report.claims for finding in claim.findings}
