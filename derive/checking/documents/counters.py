r"""The counters of a LaTeX document, as far as they number its equations."""

from __future__ import annotations

import re

_COMMAND = re.compile(
    r"\\the(?P<the>[A-Za-z]+)"
    r"|\\(?P<way>arabic|alph|Alph|roman|Roman)\s*\{\s*(?P<counter>[A-Za-z]+)\s*\}"
    r"|\\[A-Za-z]+|[{}\s]|\\."
)
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


class Counters:
    """Equations, sections and chapters counted, and what is printed for them."""

    def __init__(self) -> None:
        self._values: dict[str, int] = {}
        self._resets = {
            "chapter": ["section"],
            "section": ["subsection"],
            "subsection": ["subsubsection"],
        }
        self._chapters = False
        self._appendix = False
        self._parent: tuple[int, str] | None = None
        self.borders: dict[str, tuple[str, str]] = {}
        """Commands of the document's own that begin or end an environment, and which."""
        self.wholes: dict[str, tuple[int, str]] = {}
        """Those that make a display of their arguments: of how many, and in which environment."""
        self.format: str | None = None
        r"""What ``\theequation`` was set to."""

    def value(self, counter: str) -> int:
        """The value of a counter."""
        return self._values.get(counter, 0)

    def set(self, counter: str, value: int) -> None:
        """Give a counter a value."""
        self._values[counter] = value

    def step(self, counter: str) -> None:
        """Count one on, and begin anew with all that is counted within."""
        self.set(counter, self.value(counter) + 1)
        within = list(self._resets.get(counter, []))
        while within:
            reset = within.pop()
            self.set(reset, 0)
            within += self._resets.get(reset, [])

    def have_chapters(self) -> None:
        """Number as a book does: equations and sections within chapters."""
        if not self._chapters:
            self._chapters = True
            self._resets["chapter"].append("equation")

    def begin_appendix(self) -> None:
        """From here on chapters, or sections, are counted in capital letters."""
        self._appendix = True
        self.set("chapter" if self._chapters else "section", 0)

    def number_within(self, counter: str) -> None:
        """Number the equations within something, its number before theirs."""
        if counter != "equation":
            within = self._resets.setdefault(counter, [])
            if "equation" not in within:
                within.append("equation")
            self.format = rf"\the{counter}.\arabic{{equation}}"

    def step_equation(self) -> str:
        """The number of the next equation."""
        self.step("equation")
        if self._parent:
            return self._parent[1] + _letter(self.value("equation"))
        return self._shown("equation", 0)

    def part(self, border: str) -> None:
        """Equations are parts of one from a ``begin`` on, 3a, 3b, to its ``end``."""
        if border == "begin" and self._parent is None:
            number = self.step_equation()
            self._parent = (self.value("equation"), number)
            self.set("equation", 0)
        elif border == "end" and self._parent:
            self.set("equation", self._parent[0])
            self._parent = None

    def _shown(self, counter: str, depth: int) -> str:
        r"""What ``\the…`` prints for a counter, `depth` saying how many others it stands within."""
        value = self.value(counter)
        if counter == "equation":
            if self.format is None or depth:
                chapter = self.value("chapter") if self._chapters else 0
                return f"{self._shown('chapter', 1)}.{value}" if chapter > 0 else str(value)
            return _COMMAND.sub(self._command, self.format)
        if self._appendix and counter == ("chapter" if self._chapters else "section"):
            return _letter(value).upper()
        outer = {"section": "chapter" if self._chapters else "", "subsection": "section"}
        outer["subsubsection"] = "subsection"
        before = outer.get(counter)
        return f"{self._shown(before, depth + 1)}.{value}" if before else str(value)

    def _command(self, match: re.Match[str]) -> str:
        if match["the"]:
            return self._shown(match["the"], 1)
        if not match["way"]:
            return ""
        value = self.value(match["counter"])
        written = str(value)
        if match["way"].lower() == "alph":
            written = _letter(value)
        elif match["way"].lower() == "roman":
            written = _roman(value)
        return written.upper() if match["way"][0].isupper() else written


def _letter(value: int) -> str:
    return chr(ord("a") + value - 1) if 0 < value <= 26 else str(value)


def _roman(value: int) -> str:
    written = ""
    for size, letters in _ROMAN:
        count, value = divmod(value, size) if value > 0 else (0, value)
        written += letters * min(count, 20)
    return written
