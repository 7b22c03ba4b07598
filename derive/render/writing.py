"""Writing the document of a network to a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from derive.errors import InputError
from derive.networks.equations.system import System
from derive.networks.network import Network
from derive.networks.sources import Source, read
from derive.render.pictures import Pictures
from derive.watch import Watch

SHOWN = "output"
"""The folder in which no document is written that was not read back, if its format can be."""


def write_notes(
    network: Source,
    path: str | Path,
    *,
    weights: Sequence[str] = (),
    every: bool = False,
    full: bool = False,
    templates: str | Path | None = None,
    seed: int = 0,
    watch: Watch = iter,
    check: bool | None = None,
    force: bool = False,
) -> Path:
    """Write the derivation document of a network to `path`; its ending chooses the format.

    `weights` are derived step by step (`every` for all; one per layer by default), in `full`
    even where one goes as another did; `templates` is a folder whose templates take precedence,
    `seed` draws numbers for a network without, `watch` sees the parameters go by
    (:func:`~derive.notes.compose.compose`). With `check` the finished
    text is read back and every equation in it proved (:mod:`~derive.render.readback`); by default
    this is done in a folder called ``output``, for documents that are to be shown, in formats that
    can be read back. The file is written whole or not at all; one that the program did not write is
    replaced only with `force`. Raises :class:`~derive.errors.InputError` and
    :class:`~derive.errors.ProofError`.
    """
    from derive.files import protect, write_whole
    from derive.render.formats import format_of, read_back

    path = Path(path)
    chosen = format_of(path)
    chosen.require()
    if check and not chosen.read_as:
        raise InputError(
            f"{path}: {chosen.title} is not read back; its equations are proved before they are"
            f" set. Leave the check out, or write {read_back()}"
        )
    protect(path, force)
    pictures = Pictures(path.stem)
    text = document(
        read(network),
        chosen.name,
        weights=weights,
        every=every,
        full=full,
        templates=templates,
        seed=seed,
        watch=watch,
        check=path.parent.name == SHOWN and bool(chosen.read_as) if check is None else check,
        pictures=pictures,
    )
    for name in pictures.files:
        protect(path.with_name(name), force)
    for name, svg in pictures.files.items():
        write_whole(path.with_name(name), svg)
    write_whole(path, chosen.finished(text))
    return path


def document(
    network: Network | System,
    form: str,
    *,
    weights: Sequence[str] = (),
    every: bool = False,
    full: bool = False,
    templates: str | Path | None = None,
    seed: int = 0,
    watch: Watch = iter,
    check: bool = False,
    pictures: Pictures | None = None,
) -> str:
    """The text of the document in a format, named as its row is; see :func:`write_notes`.

    `pictures` takes those that are files beside the document; without it the text has them itself.
    """
    from derive.notes.compose import compose
    from derive.render.render import render

    if weights:
        from derive.checking.spelled import parameters

        weights = parameters(network, weights)
    notes = compose(network, weights=weights, every=every, full=full, seed=seed, watch=watch)
    text = render(notes, form, templates, pictures=pictures)
    if check:
        from derive.render.readback import prove_document

        prove_document(network, text, form, seed, watch)
    return text
