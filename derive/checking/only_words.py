"""What only words say, and no formula: which units are in a set, and what F' is of vectors."""

from __future__ import annotations

import re

from derive.grammar.limits import named_set

_OF_VECTORS = re.compile(
    r"(?<![A-Za-z\\_^{])((?:[FGHΦ]|\\Phi)(?:\s*_\s*\w)?\s*(?:'|\^\s*\{?\s*\\prime\}?))\s*(?:\\left)?\("
)


def with_words_only(text: str) -> str:
    """What to say of a formula that fails with something of which only words speak.

    That is a sum over a set, and the F' of a function with a capital, which may be a matrix.
    """
    name, function = named_set(text), _OF_VECTORS.search(text)
    if name:
        return f"which units are in {name}, no formula says"
    return f"{function[1]} may be a matrix of derivatives; write ⊙ or diag" if function else ""
