"""Pictures of documents in formats that cannot draw."""

from __future__ import annotations

import re
from base64 import b64encode
from urllib.parse import quote


class Pictures:
    """The pictures of one document, each a file beside it or, without a `stem`, part of its text.

    `stem` is the name of the document without its ending; `files` are the texts of the pictures in
    SVG, by the names of their files.
    """

    def __init__(self, stem: str = "") -> None:
        self.stem = stem
        self.files: dict[str, str] = {}

    def link(self, key: str, svg: str) -> str:
        """What a document says where the picture is. `key` tells it from its others."""
        if not self.stem:
            return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
        own = re.sub(r"[^A-Za-z0-9_-]", "-", key)
        name = f"{self.stem}-{own}.svg"
        # Where capitals and small letters are the same to the machine, w and W are two files.
        if name.lower() in map(str.lower, self.files):
            name = f"{self.stem}-{own}-{len(self.files)}.svg"
        self.files[name] = svg
        return quote(name)
