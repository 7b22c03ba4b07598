r"""Vectors and matrices in formulas: \begin{bmatrix} … \end{bmatrix}, ∇ with its index, norms."""

from __future__ import annotations

import re

from derive.grammar.account import Use
from derive.grammar.commands import Commands
from derive.grammar.signs import rows
from derive.grammar.tokens import DEEPEST

_GRID = re.compile(r"\\begin\s*\{([bpvBV]?matrix|smallmatrix)\*?\}")
_GRID_BORDER = re.compile(r"\\(begin|end)\s*\{(?:[bpvBV]?matrix|smallmatrix)\*?\}")
_CELLS = re.compile(r"\\begin\s*\{[^{}]*\}|\\end\s*\{[^{}]*\}|\\.|[{}&]", re.DOTALL)
_NABLA = re.compile(r"\\nabla(?![A-Za-z])|∇|(?:\\partial|∂)(?=\s*_)")
_BAR = re.compile(r"\\\||\\[lr]?Vert(?![A-Za-z])|‖")
_WHICH = re.compile(r"\s*_\s*(?:\{\s*)?([A-Za-z0-9])(?:\s*\})?")
_DETERMINANTS = ("vmatrix", "Vmatrix")


class Grids(Commands):
    """The part of a pass that reads what is written of vectors and matrices."""

    def command(self) -> None:
        """A matrix, ∇ or the bar of a norm; else another command."""
        start = self.at
        for sign, read in ((_GRID, self._grid), (_NABLA, self._nabla), (_BAR, self._bar)):
            found = sign.match(self.text, start)
            if found is not None:
                self.at = found.end()
                read(found)
                return
        super().command()

    def _grid(self, found: re.Match[str]) -> None:
        start = found.start()
        if found[1] in _DETERMINANTS:
            raise self.fail("determinants are not read", start)
        if len(self.open) + self.depth >= DEEPEST:
            raise self.fail(f"matrices are nested more than {DEEPEST} deep", start)
        end = self.end_of(_GRID_BORDER, "this matrix", start)
        begin, stop = self.at, end.start()
        self.put("GRID", start)
        self.account.mark(self.base + begin, self.base + stop, Use.LAYOUT)
        for first, last in rows(self.text, begin, stop):
            if not self.text[first:last].strip():
                continue
            for at, until in self._cells(first, last):
                self._cell(at, until)
            self.at = last
            self.put("ROWEND", last)
        self.at = end.end()
        self.put("GRIDEND", stop)

    def _cell(self, at: int, until: int) -> None:
        text = self.text[at:until]
        self.account.mark(self.base + at, self.base + until, Use.NOTHING)
        self.at = at
        self.put("CELL", at)
        self.found += self._inner(text, at)
        self.at = until
        self.put("CELLEND", until)

    def _cells(self, first: int, last: int) -> list[tuple[int, int]]:
        """Where the cells of a row stand, cut at the signs & outside of braces."""
        found: list[tuple[int, int]] = []
        depth, at = 0, first
        for part in _CELLS.finditer(self.text, first, last):
            if part[0] == "{" or part[0].startswith("\\begin"):
                depth += 1
            elif part[0] == "}" or part[0].startswith("\\end"):
                depth -= 1
            elif part[0] == "&" and not depth:
                found.append((at, part.start()))
                at = part.end()
        return [*found, (at, last)]

    def _nabla(self, found: re.Match[str]) -> None:
        self.skip_spaces()
        if not self.next_is("_"):
            raise self.fail(r"by what is ∇? write \nabla_{W} E, or ∂E/∂W", found.start())
        self.at += 1
        self.skip_blanks()
        begin = self.at
        content = self.argument()
        self.put("NABLA", found.start())
        inside = begin + 1 if self.text[begin] == "{" else begin
        self.found += self._inner(content, inside)
        end = self.at
        self.at = inside + len(content)
        self.put("NABLAEND", self.at)
        self.account.mark(self.base + self.at, self.base + end, Use.TOKEN)
        self.at = end

    def _bar(self, found: re.Match[str]) -> None:
        """‖, which opens a norm or closes one; which norm it is stands behind."""
        start = found.start()
        opened = bool(self.open) and self.open[-1][0] == "NORM"
        if "r" in found[0] and not opened:
            raise self.fail("this bar closes nothing", start)
        if not opened or "l" in found[0]:
            if len(self.open) + self.depth >= DEEPEST:
                raise self.fail(f"brackets are nested more than {DEEPEST} deep", start)
            self.open.append(("NORM", start))
            self.put("NORM", start)
            return
        self.open.pop()
        which = _WHICH.match(self.text, self.at)
        if which is not None:
            if which[1] not in "2F":
                raise self.fail("norms are read that are roots of a sum of squares", start)
            self.at = which.end()
        self.put("NORMEND", start)
