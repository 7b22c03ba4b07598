r"""LaTeX commands in formulas: fractions with their ∂, Σ with its limits, environments."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from derive.formula import DIAGONAL, Call, Number, Partial
from derive.grammar.account import Use
from derive.grammar.choices import CLOSING, INDICATOR, Choices
from derive.grammar.limits import LimitError
from derive.grammar.limits import sum_sign as limited
from derive.grammar.scanner import COMMAND
from derive.grammar.signs import (
    ACCENTS,
    BOLD,
    COMMANDS,
    DELIMITING,
    FONTS,
    FRACTIONS,
    RELATIONS,
    SPACES,
    TRANSPARENT,
)
from derive.grammar.tokens import DEEPEST, Token
from derive.notations.greek import GREEK

_FROM_1 = re.compile(r"\s*([a-z])\s*=\s*1\s*")
"""A letter that counts from 1 on."""
_DIFFERENTIAL = re.compile(r"\\[A-Za-z]+\s*(?:\{\s*[dD]\s*\}|(?<=\s)d(?![A-Za-z_]))")
_SLOPE = re.compile(
    r"\s*\{\s*(?:d(?![a-z]{2})|∂|\\partial)(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"
    r"\s*\{\s*(?:d(?![a-z]{2})|∂|\\partial)"
)
"""A fraction with a d in front of its numerator and of its denominator."""
_NAME_BEHIND = r"(?:\s|\\[,;:! ])*(?=[A-Za-z]|\\(?!cdot|times|odot|left|frac|ln|log|exp|[,;:!{}]))"
_OF_D = re.compile(
    rf"\s*\{{\s*d(?:{_NAME_BEHIND}|\s*(?=\}}))(?:[^{{}}]|\{{(?:[^{{}}]|\{{[^{{}}]*\}})*\}})*\}}"
    rf"\s*\{{\s*d{_NAME_BEHIND}"
)
"""A derivative whose d may be a name besides: nobody writes (d E)/(d w) for a quotient."""
_LONE_D = re.compile(r"\s*d")
_PLAIN_LIMITS = re.compile(r"([a-z])\s*=\s*([0-9]+)\s*\.\.\s*([0-9]+)")
_MINUS = re.compile(r"\s*[-−–]")
_LIMITS = re.compile(r"\s*\\(?:no)?limits(?![A-Za-z])")


_OPENING = re.compile(r"\s*(?:\\(?:left|[bB]igg?l?)\s*)?[(\[]")
_IN_BRACES = re.compile(r"\s*\{")
_LONG_NUMBER = re.compile(r"\s*[0-9][0-9.]")
_NAMING = FONTS | BOLD | ACCENTS.keys()
"""Commands with which a name may begin."""


class Commands(Choices):
    """The part of a pass that reads commands."""

    def command(self) -> None:
        r"""A command: a sign, a fraction, a function or the beginning of a name."""
        start = self.at
        found = COMMAND.match(self.text, start)
        if found is None:
            self.at += 1
            raise self.fail("a backslash with nothing behind it", start)
        if self.ramp(start):
            return
        name = found[1]
        if self._is_differential(name):
            self.put("D", start)
        elif indicator := INDICATOR.match(self.text, start):
            self.indicator(indicator, start)
        elif name == "Delta":
            self.at = found.end()
            self.change(start)
        elif name not in _READ and (
            name in _NAMING or name in GREEK or self.symbols.function(name)
        ):
            self.word()
        else:
            self.at = found.end()
            _READ.get(name, type(self).unknown_command)(self, name, start)

    def command_sign(self, name: str, start: int) -> None:
        """A command that is an operator, a bracket or another sign."""
        self.sign(COMMANDS[name], start)
        if name == "sqrt":
            self._check_root(start)

    def number_of_equation(self, name: str, start: int) -> None:
        r"""\tag{3} or \label{…}: no part of the formula."""
        if self.next_is("*"):
            self.at += 1
        if self.depth or self.open:
            raise self.fail("an equation's number stands in the middle of it", start)
        if not _IN_BRACES.match(self.text, self.at):
            raise self.fail(f"\\{name} has its argument in braces", start)
        if "\\" in self.argument() and name == "label":
            raise self.fail("a label is a plain word, without a command in it", start)
        self.passed(start, Use.LABEL)

    def size_of_bracket(self, name: str, start: int) -> None:
        r"""Say that \left and the like stand before a bracket; spaces take those that do."""
        raise self.fail(f"\\{name} needs a bracket behind it", start)

    def slopes_on_a_diagonal(self, name: str, start: int) -> None:
        r"""\Sigma'(z), the matrix with σ'(z) on its diagonal, as \operatorname{diag}(σ'(z)).

        Without a prime Σ is a name.
        """
        behind = self.at
        count = self.primes()
        at, self.at = self.at, behind
        opening = _OPENING.match(self.text, at)
        if not count or opening is None:
            self.at = start
            self.word()
            return
        self.put("FUNCTION", start, Call(DIAGONAL, Number(Fraction(0))))
        end = self._closing(opening.end() - 1)
        first, last = self.base + behind, self.base + end
        self.found.append(Token("LPAR", "", first, first))
        function = Call("?σ", Number(Fraction(0)), count)
        self.found.append(Token("FUNCTION", "σ", first, self.base + at, function))
        self.found.append(Token("LPAR", "", first + 1, self.base + opening.end()))
        self.found += self._inner(self.text[opening.end() : end], opening.end())
        self.at = self.text.index(CLOSING[opening[0][-1]], end) + 1
        self.put("RPAR", end)
        self.found.append(Token("RPAR", "", last, last))

    def slope(self, start: int) -> bool:
        """Read the C'(w) of a quantity as its derivative, if a prime and what it is by are here."""
        of = self.found[-1] if self.found else None
        if of is None or of.formula is None or of.end != self.base + start:
            return False
        count = self.primes()
        opening = _OPENING.match(self.text, self.at) if count == 1 else None
        self.at = start
        if opening is None:
            return False
        end = self._closing(opening.end() - 1)
        inside = self._inner(self.text[opening.end() : end], opening.end())
        by = inside[0].formula if len(inside) == 1 else None
        made = self.symbols.made_of(of.formula, by) if by else None
        if by is None or made is None:
            return False
        self.at = self.text.index(CLOSING[opening[0][-1]], end) + 1
        self.found.pop()
        self.put("NAME", of.start - self.base, Partial(made, by), alias=True)
        return True

    def _check_root(self, start: int) -> None:
        r"""Say what is not read behind \sqrt: another root, or a number of several digits."""
        if self.next_is("["):
            raise self.fail("only square roots are read; write another as x^{1/3}", start)
        if _LONG_NUMBER.match(self.text, self.at):
            raise self.fail(r"the root of the first digit, or of all? write \sqrt{…}", start)

    def unknown_command(self, name: str, start: int) -> None:
        """Say that a command, or a relation, is none that is read."""
        if name in RELATIONS:
            raise self.fail(f"{RELATIONS[name]} is not judged; only '=' and '≈' are", start)
        raise self.fail(f"the command \\{name} is not known in a formula", start)

    def _is_differential(self, name: str) -> bool:
        r"""Whether an upright d stands here, \mathrm d or \text{d}; moves behind it if so."""
        d = _DIFFERENTIAL.match(self.text, self.at) if name in FONTS else None
        self.at = d.end() if d else self.at
        return d is not None

    def border(self, name: str, start: int) -> None:
        r"""\begin{…} or \end{…} of an environment that means nothing in a formula."""
        which = self.argument()
        if which == "cases" and name == "begin":
            self.cases(start)
            return
        if which.strip("*") not in TRANSPARENT:
            shown = " ".join(which.split())[:40]
            raise self.fail(f"\\{name}{{{shown}}} is not read in a formula", start)
        if which in ("alignedat", "alignat") and name == "begin":
            self.argument()
        self.passed(start, Use.GAP)

    def fraction(self, _: str, start: int) -> None:
        r"""\frac with its two arguments, braces or not; ∂ at the head of one is marked."""
        if len(self.open) + self.depth >= DEEPEST:
            raise self.fail(f"fractions are nested more than {DEEPEST} deep", start)
        self.put("FRAC", start)
        slope = _SLOPE.match(self.text, self.at) is not None
        named = _OF_D.match(self.text, self.at) is not None and self._has_d()
        for part in ("numerator", "denominator"):
            self.skip_blanks()
            begin = self.at
            if begin >= len(self.text):
                self.at = begin
                raise self.fail(f"the {part} of the fraction is missing", start)
            content = self.argument()
            inside = begin + 1 if self.text[begin] == "{" else begin
            self.found.append(Token("FRACTOP", "{", self.base + begin, self.base + inside))
            d = _LONE_D.match(content) if named else None
            cut = d.end() if d else 0
            tokens = self._inner(content[cut:], inside + cut, slope)
            if d:
                end = self.base + inside + cut
                tokens.insert(0, Token("D", "d", end - 1, end))
            if tokens and tokens[0].kind == "D":
                first = tokens[0]
                tokens[0] = Token("DTOP", first.text, first.start, first.end)
            self.found.extend(tokens)
            outside = self.at - (inside - begin)
            self.found.append(Token("FRACEND", "}", self.base + outside, self.base + self.at))

    def _has_d(self) -> bool:
        """Whether the network, or the author, calls a quantity d."""
        return "d" in self.letters or self.symbols.look_up("d") is not None

    def sum_sign(self, start: int, sign: str = "Σ") -> None:
        r"""Σ or Π with limits in any order: \sum_{k=1}^{2}, \sum_k, Σ_k=1..2, \prod_{i<t}."""
        below: str | None = None
        above: str | None = None
        places = dict.fromkeys("_^", start)
        self.at = placed.end() if (placed := _LIMITS.match(self.text, self.at)) else self.at
        for _ in range(2):
            at = space.end() if (space := SPACES.match(self.text, self.at)) else self.at
            side = self.text[at : at + 1]
            if side not in ("_", "^"):
                break
            self.at = at + 1
            places[side] = at
            plain = _PLAIN_LIMITS.match(self.text, self.at)
            if side == "_" and plain:
                self.at = plain.end()
                below, above = f"{plain[1]}={plain[2]}", plain[3]
                break
            content = self.argument()
            if (above if side == "^" else below) is not None:
                raise self.fail(f"{sign} has one lower and one upper limit", at)
            below, above = (below, content) if side == "^" else (content, above)
        if self.next_is("_^"):
            raise self.fail(f"{sign} has one lower and one upper limit", self.at)
        width = self.width_of(above)
        sized = self.is_of_any_layer(above) and _FROM_1.fullmatch(below or "")
        try:
            if sized:
                counted = limited(sign, sized[1], None)
            else:
                counted = limited(sign, below, above if width is None else str(width))
        except LimitError as error:
            raise self.fail(str(error), places["^" if error.above else "_"]) from None
        minus = _MINUS.match(self.text, self.at) if sign == "Σ" else None
        self.at = minus.end() if minus else self.at
        counted = replace(counted, negated=minus is not None)
        named = sized or width is not None
        self.put("SUM", start, replace(counted, width=str(above).strip()) if named else counted)


_READ: dict[str, Callable[[Commands, str, int], None]] = {
    **dict.fromkeys(DELIMITING, Commands.size_of_bracket),
    **dict.fromkeys(("begin", "end"), Commands.border),
    **dict.fromkeys(("tag", "label"), Commands.number_of_equation),
    **dict.fromkeys(COMMANDS, Commands.command_sign),
    **dict.fromkeys(FRACTIONS, Commands.fraction),
    "sum": lambda run, _, start: run.sum_sign(start),
    "Sigma": Commands.slopes_on_a_diagonal,
    "prod": lambda run, _, start: run.sum_sign(start, "Π"),
}
"""What reads a command that is no name, from its own name and its place."""
