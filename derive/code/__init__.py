"""The derivation as a function: what it contains, and how a language writes it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from derive.networks.sources import Source, read
from derive.watch import Watch

LANGUAGES = ("python",)


def write_code(
    network: Source,
    path: str | Path | None = None,
    *,
    language: str = "python",
    weights: Sequence[str] = (),
    every: bool = False,
    templates: str | Path | None = None,
    seed: int = 0,
    force: bool = False,
    watch: Watch = iter,
) -> str:
    """The derivation of a network as the source of a function that computes all gradients.

    The document of the network is composed too, so that every gradient is proved before it is
    written, and every line can say the number of its equation in that document; `weights`,
    `every`, `seed` and `watch` are those of :func:`~derive.render.writing.write_notes`, on which
    the numbers of the equations and the example depend. Templates in `templates` come first.
    With a `path` the text is also written there, whole or not at all; a file that the program did
    not write is replaced only with `force`. Raises :class:`~derive.errors.InputError` and
    :class:`~derive.errors.ProofError`.
    """
    from derive.calculus.chain import Chain
    from derive.checking.spelled import parameters
    from derive.code import python
    from derive.code.expressions import in_numpy
    from derive.code.program import program, values
    from derive.errors import InputError
    from derive.files import protect, write_whole
    from derive.notes.compose import compose

    if language not in LANGUAGES:
        raise InputError(f"language: there is no {language!r}; known are {', '.join(LANGUAGES)}")
    if path is not None:
        protect(Path(path), force)
    used = read(network)
    weights = parameters(used, weights)
    notes = compose(used, weights=weights, every=every, seed=seed, watch=watch)
    found = program(Chain(notes.model), notes, in_numpy)
    options = ["--all"] if every else [f"--weight {name}" for name in weights]
    said = f"with {' '.join(options)}" if options else ""
    text = python.source(found, values(notes.model, seed), templates, said)
    if path is not None:
        write_whole(Path(path), text)
    return text
