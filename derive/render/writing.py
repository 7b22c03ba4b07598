"""Writing the document of a network to a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from derive.networks.equations.system import System
from derive.networks.network import Network
from derive.networks.sources import read

SHOWN = "output"
"""The folder in which no document is written that was not read back."""


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
    this is done in a folder called ``output``, for documents that are to be shown. The file is
    written whole or not at all. Raises :class:`~derive.errors.InputError` and
    :class:`~derive.errors.ProofError`.
    """
    from derive.files import write_whole
    from derive.notes.compose import compose
    from derive.render.render import format_of, render

    path = Path(path)
    chosen = format_of(path)
    chosen_network = read(network) if isinstance(network, str) else network
    notes = compose(chosen_network, weights=weights, every=every, seed=seed, watch=watch)
    text = render(notes, chosen, templates)
    if check or (check is None and path.parent.name == SHOWN):
        from derive.render.readback import prove_document

        prove_document(chosen_network, text, chosen, seed)
    write_whole(path, text)
    return path
