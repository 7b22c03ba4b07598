r"""From what somebody typed to tokens: LaTeX and plain text alike.

The network's names decide here what is a name, what a function and what a product, so that the
grammar does not have to: ``out_{d_1}`` is one token, ``dE`` is ∂ and E, ``w^{2}_{13}`` is a weight
if the network has one of that name, and a power if not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from fractions import Fraction

from derive.formula import Formula, Number
from derive.grammar import signs
from derive.grammar.account import Account, Use
from derive.grammar.choices import INDICATOR
from derive.grammar.depth import check_depth
from derive.grammar.function_names import IN_BRACKETS
from derive.grammar.grids import Grids
from derive.grammar.protocols import SymbolTable
from derive.grammar.tokens import LONGEST, MOST_DIGITS, OPERAND_ENDS, Token, Unreadable

_NUMBER = re.compile(r"(?:[0-9]+(?:(?:\.|\{,\})[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_EXPONENT = re.compile(r"[eE][+-]?0*([0-9]+)")
_QUANTITY = re.compile(r"E([0-9]+)\Z")
_SUM_WITH = re.compile(r"([0-9]+)([eE])([+-])([0-9]+)")
"""A whole number with an exponent, which may be a sum with a quantity E: 2E-3."""
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}\{,\}[0-9]{3}")
_CLOSING = frozenset({"RPAR", "GRIDEND", "TRANSPOSE"})
"""What an index may stand behind that is no name's."""
_SUP = re.compile(f"[{signs.SUPERSCRIPTS}]+")


class Lexer:
    """Tokens of formulas over one network's names; `letters` are local definitions."""

    def __init__(self, symbols: SymbolTable) -> None:
        self.symbols = symbols

    def tokens(
        self,
        text: str,
        letters: Mapping[str, Formula],
        base: int = 0,
        account: Account | None = None,
    ) -> list[Token]:
        """The tokens of `text`, placed as if it began at `base`. Raises :class:`Unreadable`.

        What each character was taken for is put into the `account`.
        """
        if len(text) > LONGEST:
            raise Unreadable(
                f"a formula of {len(text):,} characters is too long; at most {LONGEST:,}", base
            )
        bad = signs.FORBIDDEN.search(text)
        if bad:
            place = base + bad.start()
            raise Unreadable(f"an invisible character, U+{ord(bad[0]):04X}; delete it", place)
        run = _Run(self.symbols, text, letters, base, account=account)
        try:
            tokens = run.all()
            for token in tokens:
                run.account.mark(token.start, token.end, Use.TOKEN)
            check_depth(tokens)
        except Unreadable as error:
            error.tokens = run.found
            raise
        return tokens


class _Run(Grids):
    """One pass over one text."""

    def all(self) -> list[Token]:
        while True:
            self.skip_spaces()
            if self.at >= len(self.text):
                break
            before = self.at
            self.step()
            if self.at <= before:
                raise AssertionError("the lexer stands still")
        if self.open:
            kind, place = self.open[-1]
            self.at = place + 1
            raise self.fail(f"the bracket {signs.SHOWN[kind]} is never closed", place)
        return self.found

    def step(self) -> None:
        """Read one token."""
        start, char = self.at, self.text[self.at]
        if char in "\\∇‖":
            self.command()
        elif char in "1𝟙" and (indicator := INDICATOR.match(self.text, start)):
            self.indicator(indicator, start)
        elif self.digit(start) or char in signs.HALVES or (char == "." and self.digit(start + 1)):
            self.number()
        elif self.sequence(start):
            pass
        elif char in signs.SUPERSCRIPTS:
            self.raised()
        elif char in "Σ∑∏Δ":
            self.at += 1
            self.capital(char, start)
        elif char in "(^'′’" and self.marks(start):
            pass
        elif (char.isascii() and char.isalpha()) or char in signs.GREEK_CHARACTERS:
            self.word()
        elif char in signs.CHARACTERS:
            self.at += 1
            self.sign(signs.CHARACTERS[char], start)
        else:
            self.at += 1
            self.stray(char, start)

    def sequence(self, start: int) -> bool:
        """Put a sign of several characters: :=, or the += of a step behind what changes."""
        step = signs.CHANGES.match(self.text, start) if self.follows_a_name() else None
        found = step or signs.SEQUENCE.match(self.text, start)
        if found is None:
            return False
        self.at = found.end()
        kind = "GROWS" if "+" in found[0] else "FALLS"
        self.put(kind if step else signs.SEQUENCES[found[0]], start)
        return True

    def marks(self, start: int) -> bool:
        """Put what is marked here: a transpose, a slope, a function in brackets, (g^{[l]})'."""
        if self.text[start] != "(":
            return self.marked(start) or self.slope(start)
        found = IN_BRACKETS.match(self.text, start)
        return found is not None and self.function_in_brackets(found, start)

    def capital(self, char: str, start: int) -> None:
        """Σ, Π or Δ, which do something with what stands behind them."""
        if char == "Δ":
            self.change(start)
        else:
            self.sum_sign(start, "Π" if char == "∏" else "Σ")

    def follows_a_name(self) -> bool:
        """Whether what stands before is a whole factor, and no number with digits to come."""
        last = self.found[-1].kind if self.found else ""
        return last in OPERAND_ENDS and last != "NUMBER"

    def stray(self, char: str, start: int) -> None:
        """Take a point between two names for a product; say of all else that it has no meaning."""
        if char == "." and signs.POINT.match(self.text, start) and self.follows_a_name():
            self.sign("TIMES", start)
            return
        if char in signs.RELATIONS:
            self.unknown_command(char, start)
        if char == "!":
            raise self.fail("'!' is not read; write a factorial as the number it is", start)
        if char == "_" and self.found and self.found[-1].kind in _CLOSING:
            self.subscript(start)
            return
        if char == "_":
            raise self.fail("'_' has no name before it; an index stands behind a name", start)
        shown = repr(char)
        if not char.isascii():
            name = unicodedata.name(char, "")
            visible = char.isprintable() and not unicodedata.combining(char)
            shown = (f"{shown}, " if visible else "") + f"U+{ord(char):04X} {name}".strip()
        raise self.fail(f"{shown} has no meaning here", start)

    def number(self) -> None:
        """A decimal number, kept as it is written."""
        start = self.at
        if self.text[start] in signs.HALVES:
            self.at += 1
            self.put("NUMBER", start, Number(signs.HALVES[self.text[start]]))
            return
        found = _NUMBER.match(self.text, start)
        assert found is not None
        self.at = found.end()
        if self.digit(self.at) or (self.next_is(".") and self.digit(self.at + 1)):
            raise self.fail("this is no number: it has two points or commas", start)
        power = _QUANTITY.search(found[0])
        if power is not None and self.symbols.look_up(f"E_{power[1]}") is not None:
            raise self.fail(f"{found[0]} may be a number, or a product with E{power[1]}", start)
        sum_with = _SUM_WITH.fullmatch(found[0])
        if sum_with is not None and self.symbols.look_up(sum_with[2]) is not None:
            raise self.fail(
                f"{found[0]} may be a number, or {sum_with[1]}{sum_with[2]} {sum_with[3]}"
                f" {sum_with[4]}; write a sign, or a power of 10",
                start,
            )
        if _THOUSANDS.fullmatch(found[0]):
            raise self.fail(
                f"{found[0]} may be a decimal or thousands; write a point, or no comma", start
            )
        written = found[0].replace("{,}", ".")
        exponent = _EXPONENT.search(written)
        digits = len(exponent[1]) if exponent else 0
        if (
            len(written) > MOST_DIGITS
            or digits > 3
            or int(exponent[1] if exponent else 0) > MOST_DIGITS
        ):
            raise self.fail(f"a number of more than {MOST_DIGITS} digits", start)
        text = written if not written.isdigit() else ""
        self.put("NUMBER", start, Number(Fraction(written), text))

    def raised(self) -> None:
        """Read superscript digits, which are an exponent."""
        start = self.at
        found = _SUP.match(self.text, start)
        assert found is not None
        digits = found[0].translate(signs.RAISED)
        self.at = found.end()
        if not digits.isdigit():
            raise self.fail("'⁺' stands behind a weight: w31⁺", start)
        if len(digits) > MOST_DIGITS:
            raise self.fail(f"a number of more than {MOST_DIGITS} digits", start)
        self.put("RAISED", start, Number(Fraction(digits)))
