r"""LaTeX commands in formulas: fractions with their ∂, Σ with its limits, environments."""

from __future__ import annotations

import re

from derive.formulas.names import Names
from derive.formulas.scanner import COMMAND
from derive.formulas.signs import (
    BOLD,
    COMMANDS,
    FONTS,
    FRACTIONS,
    GREEK,
    RELATIONS,
    SPACES,
    TRANSPARENT,
)
from derive.formulas.tokens import DEEPEST, SumSign, Token

_DIFFERENTIAL = re.compile(r"\\[A-Za-z]+\s*(?:\{\s*[dD]\s*\}|(?<=\s)d(?![A-Za-z_]))")
_PLAIN_LIMITS = re.compile(r"([a-z])\s*=\s*([0-9]+)\s*\.\.\s*([0-9]+)")
_LOWER_LIMIT = re.compile(r"([a-z])(?:=([0-9]+)|∈[A-Za-z]+)?")
_BLANKS = re.compile(r"[\s{}]")
_LIMIT_DIGITS = 9


class Commands(Names):
    """The part of a pass that reads commands."""

    def command(self) -> None:
        r"""A command: a sign, a fraction, a function or the beginning of a name."""
        start = self.at
        found = COMMAND.match(self.text, start)
        if found is None:
            self.at += 1
            raise self.fail("a backslash with nothing behind it", start)
        name = found[1]
        if name in FRACTIONS:
            self.at = found.end()
            self.fraction(start)
        elif name == "sum":
            self.at = found.end()
            self.sum_sign(start)
        elif name in COMMANDS:
            self.at = found.end()
            if name == "sqrt" and self.next_is("["):
                raise self.fail("only square roots are read; write another as x^{1/3}", start)
            self.sign(COMMANDS[name], start)
        elif name in ("tag", "label"):
            self.at = found.end()
            if self.next_is("*"):
                self.at += 1
            self.argument()
        elif name == "\\":
            self.at = found.end()
        elif self._is_differential(name):
            self.put("D", start)
        elif name in FONTS or name in BOLD or name in GREEK or self.symbols.function(name):
            self.word()
        elif name in ("begin", "end"):
            self.at = found.end()
            self._border(name, start)
        else:
            self.at = found.end()
            self.unknown_command(name, start)

    def unknown_command(self, name: str, start: int) -> None:
        """Say that a command, or a relation, is none that is read."""
        if name in RELATIONS:
            raise self.fail(f"{RELATIONS[name]} is not judged; only '=' and '≈' are", start)
        raise self.fail(f"the command \\{name} is not known in a formula", start)

    def _is_differential(self, name: str) -> bool:
        r"""\mathrm d, \mathrm{d}, \text{d}: moves behind it."""
        d = _DIFFERENTIAL.match(self.text, self.at) if name in FONTS else None
        if d:
            self.at = d.end()
        return d is not None

    def _border(self, name: str, start: int) -> None:
        r"""\begin{…} or \end{…} of an environment that means nothing in a formula."""
        which = self.argument()
        if which.strip("*") not in TRANSPARENT:
            shown = " ".join(which.split())[:40]
            raise self.fail(f"\\{name}{{{shown}}} is not read in a formula", start)
        if which in ("alignedat", "alignat") and name == "begin":
            self.argument()

    def fraction(self, start: int) -> None:
        r"""\frac with its two arguments, braces or not; ∂ at the head of one is marked."""
        if len(self.open) + self.depth >= DEEPEST:
            raise self.fail(f"fractions are nested more than {DEEPEST} deep", start)
        self.put("FRAC", start)
        for part in ("numerator", "denominator"):
            self.skip_blanks()
            begin = self.at
            if begin >= len(self.text):
                self.at = begin
                raise self.fail(f"the {part} of the fraction is missing", start)
            content = self.argument()
            inside = begin + 1 if self.text[begin] == "{" else begin
            self.found.append(Token("FRACTOP", "{", self.base + begin, self.base + inside))
            inner = type(self)(
                self.symbols,
                content,
                self.letters,
                self.base + inside,
                len(self.open) + self.depth + 1,
            )
            tokens = inner.all()
            if tokens and tokens[0].kind == "D":
                first = tokens[0]
                tokens[0] = Token("DTOP", first.text, first.start, first.end)
            self.found.extend(tokens)
            outside = self.at - (inside - begin)
            self.found.append(Token("FRACEND", "}", self.base + outside, self.base + self.at))

    def sum_sign(self, start: int) -> None:
        r"""Σ with limits in any order: \sum_{k=1}^{2}, \sum_k, Σ_k=1..2, \sum."""
        index, lower, upper = "", None, None
        for _ in range(2):
            space = SPACES.match(self.text, self.at)
            at = space.end() if space else self.at
            sign = self.text[at : at + 1]
            if sign not in ("_", "^") or not sign:
                break
            self.at = at + 1
            plain = _PLAIN_LIMITS.match(self.text, self.at)
            if sign == "_" and plain:
                self.at = plain.end()
                index, lower, upper = plain[1], _limit(plain[2]), _limit(plain[3])
                break
            content = _BLANKS.sub("", self.argument()).replace(r"\in", "∈")
            if sign == "^":
                if not content.isascii() or not content.isdigit():
                    raise self.fail("the upper limit of Σ has to be a number", at)
                upper = _limit(content)
            else:
                found = _LOWER_LIMIT.fullmatch(content)
                if not found:
                    raise self.fail("below Σ an index like k = 1 is expected", at)
                index = found[1]
                lower = _limit(found[2]) if found[2] else None
        self.put("SUM", start, SumSign(index, lower, upper))


def _limit(digits: str) -> int:
    """A limit of Σ; one that is far too large stays so."""
    short = digits.lstrip("0")
    return int(short or "0") if len(short) <= _LIMIT_DIGITS else 10**_LIMIT_DIGITS
