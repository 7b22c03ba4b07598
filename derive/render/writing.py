"""Writing the document of a network to a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from derive.errors import InputError
from derive.model.facts import Facts
from derive.networks.general import General, asked
from derive.networks.general_family import GeneralFamily
from derive.networks.sources import Source
from derive.render.pictures import Pictures
from derive.watch import Watch

SHOWN = "output"
"""The folder in which no document is written that was not read back, if its format can be."""


def write_notes(
    network: Source | General | GeneralFamily,
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
    general: bool = False,
    front: Mapping[str, str | None] | None = None,
    about: str = "",
) -> Path:
    """Write the derivation document of a network to `path`; its ending chooses the format.

    `weights` are derived step by step (`every` for all; one per layer by default), in `full`
    even where one goes as another did; `templates` is a folder whose templates take precedence,
    `seed` draws numbers for a network without, `watch` sees the parameters go by
    (:func:`~derive.notes.compose.compose`). With `check` the finished
    text is read back and every equation in it proved (:mod:`~derive.render.readback`); by default
    this is done in a folder called ``output``, for documents that are to be shown, in formats that
    can be read back. The document of all networks that are like this one (`general`), or of any
    network (``general`` in the place of `network`), is always read back. The file is written whole
    or not at all; one that the program did not write is replaced only with `force`. Its first line
    says what it is `about` (:func:`~derive.networks.sources.saying`), by which it is checked.
    Raises :class:`~derive.errors.InputError` and :class:`~derive.errors.ProofError`.
    """
    from derive.files import protect, write_whole
    from derive.render.formats import format_of, read_back

    path = Path(path)
    chosen = format_of(path)
    chosen.require()
    found = asked(network, as_general=general)
    if check and not chosen.read_as and not isinstance(found, General | GeneralFamily):
        raise InputError(
            f"{path}: {chosen.title} is not read back; its equations are proved before they are"
            f" set. Leave the check out, or write {read_back()}"
        )
    protect(path, force)
    pictures = Pictures(path.stem)
    text = document(
        found,
        chosen.name,
        weights=weights,
        every=every,
        full=full,
        templates=templates,
        seed=seed,
        watch=watch,
        check=path.parent.name == SHOWN and bool(chosen.read_as) if check is None else check,
        pictures=pictures,
        front=front,
        about=about,
    )
    for name in pictures.files:
        protect(path.with_name(name), force)
    for name, svg in pictures.files.items():
        write_whole(path.with_name(name), svg)
    write_whole(path, chosen.finished(text))
    return path


def document(
    network: Facts | General | GeneralFamily,
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
    front: Mapping[str, str | None] | None = None,
    about: str = "",
) -> str:
    """The text of the document in a format, named as its row is; see :func:`write_notes`.

    `pictures` takes those that are files beside the document; without it the text has them itself.
    """
    how: dict[str, Any] = {"pictures": pictures, "front": front}
    if isinstance(network, General | GeneralFamily):
        if weights or every:
            raise InputError(
                "weight: the document of all networks derives every weight at once; leave it out"
            )
        return _general(network, form, templates, watch, how, seed)
    from derive.notes.compose import compose
    from derive.render.render import render

    if weights:
        from derive.checking.spelled import parameters

        weights = parameters(network, weights)
    notes = compose(network, weights=weights, every=every, full=full, seed=seed, watch=watch)
    text = render(notes, form, templates, about=about, **how)
    if check:
        from derive.render.readback import prove_document

        prove_document(network, text, form, seed, watch)
    return text


def _general(
    general: General | GeneralFamily,
    form: str,
    templates: str | Path | None,
    watch: Watch,
    how: Mapping[str, Any],
    seed: int,
) -> str:
    """The document of networks of any size, read back and proved.

    What is set in a format that is not read back, or with templates of a user's own, which may
    leave out what they like, is proved in the program's own text of it.
    """
    from derive.notes.general import compose_general
    from derive.notes.general_family import compose_family
    from derive.render.formats import FORMATS
    from derive.render.readback import prove_general
    from derive.render.render import render

    if isinstance(general, GeneralFamily):
        notes = compose_family(general, seed)
    else:
        notes = compose_general(general, seed)
    text = render(notes, form, templates, **how)
    readable = next(name for name in (form, *FORMATS) if FORMATS[name].read_as)
    own = text if readable == form and templates is None else render(notes, readable)
    prove_general(general, notes, own, readable, watch, seed)
    return text
