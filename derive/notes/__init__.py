"""Documents: what they contain (:mod:`compose`), and how they are set (:mod:`render`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from derive.network import Network


def write_notes(
    network: Network | str,
    path: str | Path,
    *,
    weights: Sequence[str] = (),
    every: bool = False,
    templates: str | Path | None = None,
    seed: int = 0,
    watch: Callable[[Sequence[str]], Iterable[str]] = iter,
) -> Path:
    """Write the derivation document of a network to `path`; its ending chooses the format.

    `weights` are derived step by step (`every` for all; one per layer by default), `templates` is
    a folder whose templates take precedence, `seed` draws numbers for a network without, `watch`
    sees the parameters go by (:func:`~derive.notes.compose.compose`). The file is written whole or
    not at all. Raises :class:`~derive.errors.InputError` and
    :class:`~derive.errors.ProofError`.
    """
    from derive.files import write_whole
    from derive.notes.compose import compose
    from derive.notes.render import format_of, render

    path = Path(path)
    chosen = format_of(path)
    read = Network.read(network) if isinstance(network, str) else network
    notes = compose(read, weights=weights, every=every, seed=seed, watch=watch)
    write_whole(path, render(notes, chosen, templates))
    return path
