"""What is said about a formula: a finding, and how much it matters."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any


class Severity(Enum):
    """How much a finding matters: an error makes a claim wrong, a note is only worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to tell the author.

    `code` is a row of the table of mistakes (``missing-factor``), `message` a sentence,
    `suggestion` what to write instead, in the author's own spelling. `start` and `end` are the
    place in the claim's text, where it has one; `relation` counts the '=' it is about, from 0.
    `repaired` is the whole side of the equation, put right. `within_macro` says that the place is
    one of a macro or a decoration, so that nothing can be put there as it stands.
    """

    code: str
    message: str
    severity: Severity = Severity.ERROR
    suggestion: str | None = None
    start: int | None = None
    end: int | None = None
    relation: int | None = None
    repaired: str | None = None
    within_macro: bool = False

    @property
    def written(self) -> str | None:
        """What to write instead: the whole side if that is known, else the suggestion."""
        return self.repaired or self.suggestion

    def to_json(self) -> dict[str, Any]:
        """The finding in the public JSON form."""
        return {
            "code": self.code,
            "message": self.message,
            "suggestion": self.suggestion,
            "repaired": self.repaired,
            "severity": self.severity.value,
        }
