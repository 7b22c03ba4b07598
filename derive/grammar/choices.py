r"""Choices of cases in formulas: the rows of cases, conditions in words, and 1[z > 0]."""

from __future__ import annotations

import re
from fractions import Fraction

from derive.formula import ONE, ZERO, Number, Where
from derive.grammar.account import Use
from derive.grammar.connectives import IF, OTHERWISE, plain_words
from derive.grammar.limits import conditions, of_units, units_said
from derive.grammar.names import Names
from derive.grammar.signs import rows
from derive.grammar.tokens import DEEPEST, Token
from derive.grammar.written import Unknown

_COMMAND = re.compile(r"\\[A-Za-z]+")
CLOSING = {"(": ")", "[": "]", "{": "}"}
_COMPARED = re.compile(r"\\(?:geqslant|leqslant|geq|leq|ge|le|gt|lt)(?![A-Za-z])|[<>≤≥⩽⩾]=?|==?")
_KINDS = {
    **dict.fromkeys((">", r"\gt"), "GREATER"),
    **dict.fromkeys((">=", "≥", "⩾", r"\ge", r"\geq", r"\geqslant"), "ATLEAST"),
    **dict.fromkeys(("<", r"\lt"), "LESS"),
    **dict.fromkeys(("<=", "≤", "⩽", r"\le", r"\leq", r"\leqslant"), "ATMOST"),
    **dict.fromkeys(("=", "=="), "SAME"),
}
_SENTENCE_END = re.compile(r"(?:(?<![.\\])[.,;])?\s*\Z")
_SCRIPT = re.compile(r"_\s*(?:\{([^{}]*)\}|(\w))|\^\s*\{\s*[(\[]([^{}]*)[)\]]\s*\}")
_LABEL = re.compile(r"[A-Za-z]{4,}")
"""A word below a name, which is no index letters."""
_CASES_BORDER = re.compile(r"\\(begin|end)\s*\{cases\}")
_CONDITION_WORD = re.compile(
    r"\\(?:text|textrm|mathrm|mbox)\s*\{([^{}]*)\}|(if|for|falls|wenn|when|otherwise|else|sonst)"
    r"(?![A-Za-z_])"
)
_BRACKETED = r"[\[(][^\[\]()]*(?:[<>≤≥≠=]|\\(?:leq?|geq?|lt|gt|neq?)(?![A-Za-z]))[^\[\]()]*[\])]"
"""Brackets around a comparison, which no factor is."""
INDICATOR = re.compile(
    r"(?:\\(?:mathbb|mathbf|mathds|mathbbm|bm|boldsymbol)\s*(?:\{\s*[1I]\s*\}|1)"
    rf"|1(?=\s*(?:\\\{{|_|{_BRACKETED}))|𝟙)"
    r"\s*(?:(?P<braces>_\s*\{\s*\\\{)|_\s*\{|(?:\\(?:left|[bB]igg?l?)\s*)?(?:[(\[]|\\\{))"
)
_INDEX = r"\s*[A-Za-z](?:\s*_\s*\{?\s*[a-z0-9]\s*\}?|\s*\^\s*\{\s*\([a-z]\)\s*\})?\s*"
_OF_CLASS = re.compile(f"{_INDEX}[=,]{_INDEX}")


class Choices(Names):
    """The part of a pass that reads choices of cases."""

    def cases(self, start: int) -> None:
        r"""\begin{cases}…\end{cases}: a value and its condition a row."""
        if len(self.open) + self.depth >= DEEPEST:
            raise self.fail(f"cases are nested more than {DEEPEST} deep", start)
        end = self.end_of(_CASES_BORDER, r"\begin{cases}", start)
        begin, stop = self.at, end.start()
        self.put("CASES", start)
        self.account.mark(self.base + begin, self.base + stop, Use.LAYOUT)
        for first, last in rows(self.text, begin, stop):
            row = self.text[first:last]
            if not row.strip():
                continue
            self.account.mark(self.base + first, self.base + last, Use.NOTHING)
            value, cell, condition = row.partition("&")
            at = first + len(value)
            value = value[: mark.start()] if (mark := _SENTENCE_END.search(value)) else value
            self._part(value, first)
            self.account.mark(self.base + first + len(value), self.base + at, Use.MARK)
            self.at = at + len(cell)
            self.passed(at, Use.GAP)
            self._condition(condition, last)
        self.at = end.end()
        self.put("CASESEND", stop)

    def _counts(self, letter: str) -> bool:
        """Whether a letter is an index, and stands as one in this formula: not the x of f(x).

        That the condition of an indicator is written below it, 1_{z > 0}, makes no index of z.
        """
        found = _SCRIPT.finditer(_COMMAND.sub(" ", INDICATOR.sub(" ", self.text)))
        scripts = (match[1] or match[2] or match[3] for match in found)
        there = (letter in script and not _LABEL.fullmatch(script) for script in scripts)
        return letter in self.symbols.fixed or (self.is_index(letter) and any(there))

    def _condition(self, condition: str, last: int) -> None:
        """The condition of a row from here to `last`: if x > 0, or otherwise."""
        start = self.at
        letter, units = units_said(condition) or ("", "")
        first = self.symbols.first_output
        if first and letter and self._counts(letter):
            self.at = last
            self.put("CHOSEN", start, Where((of_units(letter, units, first),), ONE, ZERO))
            return
        words = self._condition_words(last)
        mark = _SENTENCE_END.search(self.text, self.at, last)
        stop = mark.start() if mark else last
        while stop > self.at and self.text[stop - 1].isspace():
            stop -= 1
        rest = self.text[self.at : stop]
        self.account.mark(self.base + stop, self.base + last, Use.MARK)
        chosen = conditions(rest, self._counts) if rest else None
        if chosen and all(word in IF for word in words):
            at, self.at = self.at, last
            self.put("CHOSEN", at, Where(chosen, ONE, ZERO))
            return
        compared = _COMPARED.search(rest)
        if not rest and words and all(word in OTHERWISE for word in words):
            self.at = last
            self.put("OTHERWISE", last)
            return
        if compared is None or any(word not in IF for word in words):
            self.at = last
            raise self.fail("'otherwise', or a condition like x > 0, is expected behind '&'", start)
        at = self.at
        self._part(rest[: compared.start()], at)
        del self.found[-1]
        self.at = at + compared.end()
        if compared[0] not in _KINDS:
            raise self.fail(f"{compared[0]} compares nothing; write > or ≥", at + compared.start())
        self.put(_KINDS[compared[0]], at + compared.start())
        self.found += self._inner(rest[compared.end() :], self.at)
        self.at = last
        self.found.append(Token("CASEEND", "", self.base + last, self.base + last))

    def is_index(self, letter: str) -> bool:
        """Whether a letter is an index: no name of the network, nor of the author's."""
        return self.symbols.look_up(letter) is None and letter not in self.letters

    def _condition_words(self, last: int) -> list[str]:
        """The words at the head of a condition; moves behind them."""
        found: list[str] = []
        while True:
            self.skip_spaces()
            word = _CONDITION_WORD.match(self.text, self.at, last)
            if word is None or self.at >= last:
                self.at = min(self.at, last)
                return found
            at, self.at = self.at, word.end()
            self.passed(at, Use.WORD)
            found += [plain_words(word[1] if word[2] is None else word[2])]

    def indicator(self, found: re.Match[str], start: int) -> None:
        """1[z > 0], 1{i = j} or 1_{z > 0}: 1 where the condition holds, else 0."""
        opening = found.end() - 1
        end = self._closing(opening)
        condition = self.text[found.end() : end]
        if _OF_CLASS.fullmatch(condition) and conditions(condition, self._counts) is None:
            self.at = self.text.index(CLOSING[self.text[opening]], end) + 1
            self.put("NAME", start, Unknown(f"1_{{{condition}}}", "1", self.base + start))
            return
        self.at = found.end()
        self.put("CASES", start)
        self._whole(1, start)
        self._condition(condition, end)
        self._whole(0, end)
        self.at = self.text.index(CLOSING[self.text[opening]], end) + 1
        if found["braces"]:
            self.skip_spaces()
            if not self.text.startswith("}", self.at):
                raise self.fail("the bracket of this condition is never closed", opening)
            self.at += 1
        self.put("OTHERWISE", end)
        self.put("CASESEND", end)

    def _whole(self, number: int, start: int) -> None:
        """A number as the value of a case."""
        begin, end = self.base + start, self.base + start + 1
        self.found.append(Token("CASETOP", "", begin, begin))
        self.found.append(Token("NUMBER", "", begin, end, Number(Fraction(number))))
        self.found.append(Token("CASEEND", "", end, end))

    def _closing(self, opening: int) -> int:
        """Where the bracket that opens at a place ends; a backslash before it belongs to it."""
        sign = self.text[opening]
        depth = 0
        for at in range(opening, len(self.text)):
            depth += (self.text[at] == sign) - (self.text[at] == CLOSING[sign])
            if not depth:
                escaped = self.text[:at].rstrip().endswith(("\\", "\\right"))
                return self.text.rindex("\\", 0, at) if escaped else at
        raise self.fail("the bracket of this condition is never closed", opening)

    def end_of(self, border: re.Pattern[str], what: str, start: int) -> re.Match[str]:
        """Where the environment ends that has begun; `border` finds such beginnings and ends."""
        depth = 1
        for found in border.finditer(self.text, self.at):
            depth += 1 if found[1] == "begin" else -1
            if not depth:
                return found
        raise self.fail(f"{what} is never closed", start)

    def _part(self, text: str, at: int) -> None:
        self.found.append(Token("CASETOP", "", self.base + at, self.base + at))
        self.found += self._inner(text, at)
        end = self.base + at + len(text)
        self.found.append(Token("CASEEND", "", end, end))

    def _inner(self, text: str, at: int, slope: bool = False) -> list[Token]:
        """The tokens of a part of this text, which may be one side of dL/dx."""
        depth = len(self.open) + self.depth + 1
        base = self.base + at
        part = type(self)(self.symbols, text, self.letters, base, depth, self.account)
        part.in_slope = slope
        return part.all()
