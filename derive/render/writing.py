"""Writing the document of a network to a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from derive.errors import InputError
from derive.networks.equations.system import System
from derive.networks.network import Network
from derive.networks.sources import read

SHOWN = "output"
"""The folder in which no document is written that was not read back, if its format can be."""


def write_notes(
    network: Network | System | str,
    path: str | Path,
    *,
    weights: Sequence[str] = (),
    every: bool = False,
    templates: str | Path | None = None,
    seed: int = 0,
    watch: Callable[[Sequence[str]], Iterable[str]] = iter,
    check: bool | None = None,
) -> Path:
    """Write the derivation document of a network to `path`; its ending chooses the format.

    `weights` are derived step by step (`every` for all; one per layer by default), `templates` is
    a folder whose templates take precedence, `seed` draws numbers for a network without, `watch`
    sees the parameters go by (:func:`~derive.notes.compose.compose`). With `check` the finished
    text is read back and every equation in it proved (:mod:`~derive.render.readback`); by default
    this is done in a folder called ``output``, for documents that are to be shown, in formats that
    can be read back. The file is written whole or not at all. Raises
    :class:`~derive.errors.InputError` and :class:`~derive.errors.ProofError`.
    """
    from derive.files import write_whole
    from derive.notes.compose import compose
    from derive.render.formats import format_of, read_back
    from derive.render.render import render

    path = Path(path)
    chosen = format_of(path)
    chosen.require()
    if check and not chosen.read_as:
        raise InputError(
            f"{path}: {chosen.title} is not read back; its equations are proved before they are"
            f" set. Leave the check out, or write {read_back()}"
        )
    chosen_network = read(network) if isinstance(network, str) else network
    notes = compose(chosen_network, weights=weights, every=every, seed=seed, watch=watch)
    text = render(notes, chosen.name, templates)
    if chosen.read_as and (check or (check is None and path.parent.name == SHOWN)):
        from derive.render.readback import prove_document

        prove_document(chosen_network, text, chosen.name, seed)
    write_whole(path, chosen.finished(text))
    return path
